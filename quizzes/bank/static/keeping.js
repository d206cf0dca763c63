// Keeps what is typed: on the server every few seconds, on this device while there is none or nobody is signed in.
const { form: written, fields: now, isSame: alike } = window.author;
const OFTEN = 3000;
const mark = `soal:${written.dataset.person}:${written.dataset.question || "baru"}:`;
const state = written.querySelector("[data-kept]");

let revision = Number(written.dataset.revision);
let later = 0;
let under = null;
let isOut = false;
let isBusy = false;
let isChanged = false;
let isPlain = false;

function tell(text, kind, link) {
  state.textContent = text;
  state.dataset.state = kind;
  if (!link) return;
  const way = document.createElement("a");
  Object.assign(way, { href: written.dataset.signIn, target: "_blank", rel: "noopener", textContent: written.dataset.signInWords });
  state.append(" ", way);
}

function keepHere() {
  const one = { at: Date.now(), kind: written.dataset.kind, fields: now() };
  try {
    localStorage.setItem(mark + written.elements.slot.value, JSON.stringify(one));
    return true;
  } catch {
    return false;
  }
}

function forgetHere() {
  localStorage.removeItem(mark + written.elements.slot.value);
}

function isSignIn(answer) {
  return answer.status === 401 || answer.status === 403 || (answer.redirected && !answer.url.startsWith(new URL(written.action, location).href));
}

function stayHere(text, link) {
  isOut = true;
  tell(keepHere() ? text : written.dataset.huge, "phone", link);
}

function body() {
  const data = new FormData(written);
  for (const file of written.querySelectorAll("input[type=file]")) data.delete(file.name);
  data.set("jenis", written.dataset.kind);
  data.set("soal", written.dataset.question);
  data.set("revisi", revision);
  return data;
}

// After signing in again in another window the page's token is an old one.
async function freshToken() {
  const answer = await fetch(written.action).catch(() => null);
  if (!answer?.ok || isSignIn(answer)) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("#editor [name=csrf_token]")?.value;
  if (token) written.elements.csrf_token.value = token;
  return Boolean(token);
}

async function post(address, data, accept) {
  const ask = () => {
    data.set("csrf_token", written.elements.csrf_token.value);
    return fetch(address, { method: "POST", body: data, headers: { Accept: accept } }).catch(() => null);
  };
  const answer = await ask();
  return answer?.status === 400 && (await freshToken()) ? ask() : answer;
}

async function keep() {
  clearTimeout(later);
  if (isBusy || !isChanged) return;
  [isBusy, isChanged] = [true, false];
  under = post(written.dataset.keep, body(), "application/json");
  const answer = await under;
  isBusy = false;
  await after(answer);
  if (isChanged) soon();
}

async function after(answer) {
  if (!answer) return stayHere(written.dataset.offline);
  if (isSignIn(answer) || answer.status === 400) return stayHere(written.dataset.signedOut, true);
  const reply = await answer.json().catch(() => ({}));
  if (answer.status === 409) return another();
  if (!answer.ok) return stayHere(written.dataset.refused.replace("{reason}", reply.error || answer.status));
  revision = reply.revision;
  isOut = false;
  forgetHere();
  if (isChanged) return;
  tell(reply.said, "server");
  written.dispatchEvent(new CustomEvent("author:kept"));
}

// Another window of this person goes on with the same draft: this one goes on with one of its own.
function another() {
  written.elements.slot.value = crypto.randomUUID().replaceAll("-", "").slice(0, 24);
  revision = 0;
  isChanged = true;
}

function soon() {
  clearTimeout(later);
  later = setTimeout(keep, OFTEN);
}

written.addEventListener("author:changed", () => {
  isChanged = true;
  if (isOut) keepHere();
  else tell(written.dataset.unsavedWords, "waiting");
  soon();
});

addEventListener("pagehide", () => {
  if (isChanged) keepHere();
});

for (const [target, name] of [[window, "online"], [document, "visibilitychange"]]) {
  target.addEventListener(name, () => {
    if (!isOut || document.hidden) return;
    isChanged = true;
    keep();
  });
}

// Saves without leaving the page, so that a line or a sign-in that is gone loses nothing.
written.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (isPlain || !["save", "save-new"].includes(button?.value)) {
    written.dispatchEvent(new CustomEvent("author:leaving"));
    return;
  }
  event.preventDefault();
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  clearTimeout(later);
  // A draft that is on its way arrives before what ends it.
  await under;
  clearTimeout(later);
  const data = new FormData(written);
  data.set("aksi", button.value);
  const answer = await post(written.action, data, "application/json");
  button.ariaDisabled = null;
  if (!answer) return stayHere(written.dataset.offline);
  if (answer.status === 204) {
    forgetHere();
    isChanged = false;
    written.dispatchEvent(new CustomEvent("author:leaving"));
    location.assign(answer.headers.get("Location"));
  } else if (isSignIn(answer) || answer.status === 400) {
    stayHere(written.dataset.signedOut, true);
  } else {
    // What is wrong is said by the page itself.
    keepHere();
    isPlain = true;
    written.requestSubmit(button);
  }
});

// What this device kept and the server never saw.
function found() {
  const kept = Object.keys(localStorage).filter((key) => key.startsWith(mark)).map((key) => ({ key, ...JSON.parse(localStorage.getItem(key)) }));
  const same = kept.filter((one) => alike(one.fields, now()));
  for (const one of same) localStorage.removeItem(one.key);
  return kept.filter((one) => !same.includes(one) && one.kind === written.dataset.kind).sort((a, b) => b.at - a.at)[0];
}

function offer(one) {
  const box = written.querySelector("[data-brought]");
  const text = box.querySelector("p");
  text.innerHTML = text.innerHTML.replace("{time}", new Date(one.at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" }));
  box.hidden = false;
  box.querySelector("[data-use]").addEventListener("click", async () => {
    if (!(await window.author.show(one.fields))) return;
    localStorage.removeItem(one.key);
    box.hidden = true;
    window.author.say(written.dataset.restored);
    written.elements.stem.focus();
  });
  box.querySelector("[data-drop]").addEventListener("click", () => {
    localStorage.removeItem(one.key);
    box.hidden = true;
    written.elements.stem.focus();
  });
}

if (written.hasAttribute("data-unsaved")) {
  // The page shows what was sent, and why it was not taken.
  forgetHere();
  isChanged = true;
  soon();
}
const brought = found();
if (brought) offer(brought);
