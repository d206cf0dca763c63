// Finds questions while somebody types. Without script the button does it; every word comes from the page.
"use strict";
(() => {
const form = document.querySelector("form[data-find]"), list = document.querySelector("[data-list]");
const said = form.querySelector("[data-found]");
const PAUSE = 250;
let timer = 0, asking = null, shown = "";

// What the form says, without what it leaves open.
const wanted = () => {
  const query = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...query]) if (!value.trim()) query.delete(name);
  return query.toString();
};
const at = (address, query) => (query ? `${address}?${query}` : address);

const look = async () => {
  clearTimeout(timer);
  asking?.abort();
  const query = wanted();
  if (query === shown) return;
  const mine = (asking = new AbortController());
  list.setAttribute("aria-busy", "true");
  const reply = await fetch(at(form.dataset.find, query), { redirect: "manual", signal: mine.signal }).catch(() => null);
  if (mine.signal.aborted) return;
  list.removeAttribute("aria-busy");
  // Signed out: the page itself says so.
  if (reply && !reply.ok && reply.status < 500) return location.assign(at(form.action, query));
  if (!reply?.ok) return void (said.textContent = form.dataset.offline);
  const html = await reply.text().catch(() => null);
  if (mine.signal.aborted || html === null) return;
  const part = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  list.replaceChildren(part);
  said.textContent = part.dataset.said;
  history.replaceState(null, "", at(form.action, query));
  shown = query;
  list.dispatchEvent(new Event("listed"));
};

shown = wanted();
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  look();
});
// Back from a question: the browser may have filled in what was typed before.
addEventListener("pageshow", look);
})();
