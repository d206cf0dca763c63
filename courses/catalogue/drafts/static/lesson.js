// Saves a text while it is written, shows how it looks, keeps it on the device while it cannot be sent, puts pieces
// in at the cursor. All words come from the page, and everything but the last two works without this script.
"use strict";
(() => {
  const form = document.querySelector("form[data-lesson]");
  if (!form) return;
  const text = form.elements.text, revision = form.elements.revision, state = form.querySelector("[data-state]");
  const words = form.dataset, most = Number(words.most), key = `naskah:${words.lesson}`;
  const kept = document.getElementById("sisa");
  let sent = form.hasAttribute("data-unsaved") ? null : text.value;
  let stopped = form.hasAttribute("data-conflict"), isSaving = false, leaving = false;
  let saveTimer = 0, lookTimer = 0, retry = 2000, looking = null;

  const say = (words_, kind = "") => { state.textContent = words_; state.dataset.kind = kind; };
  const isDirty = () => text.value !== sent;

  // The device keeps what the server has not confirmed.
  const keep = () => { try { localStorage.setItem(key, JSON.stringify({ text: text.value, at: Date.now() })); } catch { /* full or forbidden: the page still has it */ } };
  const forget = () => { try { localStorage.removeItem(key); } catch { /* as above */ } };
  const recall = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };

  const left = recall();
  if (left && left.text !== text.value) {
    kept.hidden = false;
    kept.querySelector("[data-kept-at]").textContent = new Date(left.at).toLocaleString(document.documentElement.lang);
  } else if (left) forget();
  kept.querySelector("[data-take]").addEventListener("click", () => { kept.hidden = true; replaceAll(left.text); text.focus(); });
  kept.querySelector("[data-drop]").addEventListener("click", () => { kept.hidden = true; forget(); text.focus(); });

  function replaceAll(value) {
    text.value = value;
    changed();
  }

  // Saving: one at a time, the newest text last.

  async function post(address, signal) {
    const data = new FormData(form);
    data.set("aksi", "save");
    return fetch(address, { method: "POST", body: data, headers: { Accept: "application/json" }, signal });
  }

  async function renewToken() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("form[data-lesson] [name=csrf_token]");
    if (token) form.elements.csrf_token.value = token.value;
    return Boolean(token);
  }

  async function save(again = false) {
    clearTimeout(saveTimer);
    if (isSaving || stopped || !isDirty()) return;
    if (text.value.length > most) { say(words.tooLong.replace("{n}", text.value.length).replace("{most}", most), "bad"); return; }
    isSaving = true;
    const value = text.value;
    let answer = null, told = null;
    try {
      answer = await post(words.autosave);
      told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    } catch { answer = null; }
    isSaving = false;
    if (answer && told && answer.ok) {
      retry = 2000;
      sent = value;
      revision.value = told.revision;
      if (isDirty()) schedule(); else { forget(); say(words.saved.replace("{time}", now()), "good"); }
    } else if (answer && told && answer.status === 409 && told.html) {
      stopped = true;
      revision.value = told.revision;
      document.getElementById("lain-lain").innerHTML = told.html;
      document.getElementById("lain-lain").scrollIntoView({ block: "nearest" });
      say(words.stopped, "bad");
    } else if (answer && told) {
      say(told.message, "bad");
    } else if (answer && answer.status < 500) {
      // Signed out, or signed in anew: then only the token is old.
      if (!again && (await renewToken().catch(() => false))) save(true);
      else say(words.signedOut, "bad");
    } else {
      say(words.offline, "bad");
      saveTimer = setTimeout(save, retry);
      retry = Math.min(retry * 2, 60000);
    }
  }

  const now = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const schedule = () => { clearTimeout(saveTimer); saveTimer = setTimeout(save, 1500); };

  // How it looks: the last question asked is the only one answered.

  async function look() {
    looking?.abort();
    if (text.value.length > most) return;
    looking = new AbortController();
    try {
      const answer = await post(words.preview, looking.signal);
      if (!answer.ok || answer.redirected) return;
      const place = document.getElementById("lihat"), at = place.querySelector(".lesson-phone")?.scrollTop ?? 0;
      place.innerHTML = (await answer.json()).html;
      const phone = place.querySelector(".lesson-phone");
      if (phone) phone.scrollTop = at;
    } catch { /* asked anew, or no line: the last look stays */ }
  }

  function changed() {
    if (isDirty()) { keep(); if (!stopped) { say(words.waiting); schedule(); } }
    clearTimeout(lookTimer);
    lookTimer = setTimeout(look, 400);
  }

  text.addEventListener("input", changed);
  addEventListener("online", () => save());
  addEventListener("beforeunload", (event) => { if (isDirty() && !leaving) event.preventDefault(); });
  form.addEventListener("submit", (event) => {
    const isLook = event.submitter?.value === "look";
    if (isLook) { event.preventDefault(); look(); document.getElementById("lihat").scrollIntoView({ block: "nearest" }); return; }
    // What is decided between two texts, and whatever a script cannot, goes the way of the form; all else is sent from here.
    if (stopped) { leaving = true; forget(); return; }
    event.preventDefault();
    if (isDirty()) save(); else say(words.saved.replace("{time}", now()), "good");
  });
  addEventListener("keydown", (event) => {
    if (event.key === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) { event.preventDefault(); form.requestSubmit(form.querySelector("button[value=save]")); }
  });

  // Pieces at the cursor.

  function put(piece, select = null) {
    text.focus();
    const start = text.selectionStart;
    // Keeps the browser's own undo, where it can.
    if (!document.execCommand("insertText", false, piece)) { text.setRangeText(piece, start, text.selectionEnd, "end"); changed(); }
    if (select) text.setSelectionRange(start + select[0], start + select[1]);
  }

  // A block begins on a line of its own.
  function fitted(before) {
    const ahead = text.value.slice(0, text.selectionStart);
    if (!before.startsWith("\n")) return before;
    const lead = ahead === "" || ahead.endsWith("\n\n") ? "" : ahead.endsWith("\n") ? "\n" : "\n\n";
    return lead + before.replace(/^\n+/, "");
  }

  document.querySelectorAll(".tools").forEach((tools) => { tools.hidden = false; });
  document.querySelectorAll(".no-script").forEach((links) => { links.hidden = true; });
  document.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-before]");
    if (tool) {
      const chosen = text.value.slice(text.selectionStart, text.selectionEnd), before = fitted(tool.dataset.before);
      const inner = chosen || tool.dataset.words;
      put(before + inner + tool.dataset.after, [before.length, before.length + inner.length]);
      return;
    }
    const jump = event.target.closest("[data-line]");
    if (jump) goTo(Number(jump.dataset.line));
  });

  function goTo(line) {
    const lines = text.value.split("\n"), at = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(at, at + (lines[line - 1] || "").length);
    const height = parseFloat(getComputedStyle(text).lineHeight) || 24;
    text.scrollTop = Math.max(0, (line - 4) * height);
  }

  // Numbers, articles, questions, terms and drawings from a list that can be searched.

  const dialog = document.getElementById("pemilih"), search = dialog?.querySelector("input"), list = dialog?.querySelector("[data-picks]");
  let asked = null, pause = 0, address = "", at = [0, 0];

  async function find() {
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked, url = new URL(address, location.href);
    url.searchParams.set("q", search.value);
    const answer = await fetch(url, { signal }).catch(() => null);
    if (signal.aborted) return;
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const found = page?.getElementById("pilihan");
    if (!found) { list.textContent = dialog.dataset.unreachable; return; }
    found.querySelectorAll("[data-mark]").forEach((row) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button secondary small";
      button.textContent = dialog.dataset.insert;
      button.setAttribute("aria-label", `${dialog.dataset.insert}: ${row.querySelector("strong").textContent}`);
      button.addEventListener("click", () => { dialog.close(); putMark(row.dataset.mark); });
      row.append(button);
    });
    list.replaceChildren(...found.childNodes);
  }

  function putMark(mark) {
    text.focus();
    text.setSelectionRange(...at);
    put(mark.startsWith("{") ? mark : `${fitted("\n")}${mark.trimEnd()}\n\n`);
  }

  document.querySelectorAll("[data-pick]").forEach((button) => button.addEventListener("click", () => {
    address = button.dataset.pick;
    at = [text.selectionStart, text.selectionEnd];
    search.value = text.value.slice(...at).slice(0, 60);
    list.replaceChildren();
    dialog.showModal();
    find();
  }));
  search?.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(find, 250); });
  search?.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); find(); } });

  // A drawing that is pasted or dropped goes to its module, and its mark into the text.
  async function take(file) {
    const data = new FormData();
    data.set("csrf_token", form.elements.csrf_token.value);
    data.set("drawing", file);
    const answer = await fetch(words.drawing, { method: "POST", body: data, headers: { Accept: "application/json" } }).catch(() => null);
    const told = answer?.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    if (!told) { say(words.offline, "bad"); return; }
    if (!answer.ok) { say(told.message, "bad"); return; }
    at = [text.selectionStart, text.selectionEnd];
    putMark(told.mark);
  }

  const isPicture = (file) => file.type.startsWith("image/");
  text.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
  text.addEventListener("drop", (event) => {
    const file = [...event.dataTransfer.files].find(isPicture);
    if (!file || !words.drawing) return;
    event.preventDefault();
    take(file);
  });

  text.addEventListener("paste", (event) => {
    const file = [...event.clipboardData.files].find(isPicture);
    if (file) { event.preventDefault(); take(file); return; }
    const html = event.clipboardData.getData("text/html");
    if (!html || !/<(h\d|p|li|table|b|strong|i|em|a)\b/i.test(html)) return;
    const clean = pasteAsMarkdown(html);
    if (!clean.trim()) return;
    event.preventDefault();
    put(clean);
    say(words.pasted);
  });

  const line = Number(new URLSearchParams(location.search).get("baris"));
  if (line) goTo(line);
})();
