// The quiz page: one question at a time, answers sent as they change, kept on the phone until they arrived.
// Without this script the same page is one form with everything in it.
(() => {
"use strict";
const root = document.documentElement;
const now = () => Date.now();

// What waits to be sent, one entry per question, kept by person and sitting.
const queue = (key) => {
  let all = {};
  try { all = JSON.parse(localStorage.getItem(key)) || {}; } catch { /* nothing kept */ }
  const write = () => {
    try {
      if (Object.keys(all).length) localStorage.setItem(key, JSON.stringify(all));
      else localStorage.removeItem(key);
    } catch { /* private window: it stays in memory */ }
  };
  return {
    entries: () => Object.values(all).sort((a, b) => a.sequence - b.sequence),
    get: (position) => all[position],
    put: (entry) => { all[entry.position] = entry; write(); },
    // Only what was sent goes: a newer answer to the same question stays.
    drop: (entry) => { if ((all[entry.position] || {}).event === entry.event) { delete all[entry.position]; write(); } },
  };
};

const post = (url, token, entry) => fetch(url, {
  method: "POST", credentials: "same-origin", body: JSON.stringify(entry),
  headers: {"Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token},
});

// After the end: send what is left, so that nothing is dropped, and say that it is late.
const sendLeftover = async (box) => {
  const waiting = queue(box.dataset.key);
  for (const entry of waiting.entries()) {
    const reply = await post(box.dataset.leftover, box.dataset.token, entry).catch(() => null);
    if (!reply || (reply.status !== 409 && !reply.ok)) return;
    waiting.drop(entry);
    box.textContent = box.dataset.late;
    box.hidden = false;
  }
};

const quiz = (form) => {
  const words = form.dataset;
  const $ = (selector, within = document) => within.querySelector(selector);
  const fields = [...form.querySelectorAll(".question")];
  const waiting = queue(words.key);
  const state = $(".save-state"), review = $("#periksa"), send = $("#send"), clock = $("[data-clock] span");
  const place = $("[data-place]"), back = $("[data-back]"), next = $("[data-next]"), bar = $("progress");
  const placeText = place.textContent;
  let sequence = Number(words.sequence), token = form.csrf_token.value;
  let pause = 2000, retry = 0, busy = null, isOver = false, ends = 0, spoken = "";

  const say = (kind, text) => { if (state.textContent !== text) state.textContent = text; state.dataset.state = kind; };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const read = (field) => {
    const prefix = field.id + "-", raw = {};
    for (const [name, value] of new FormData(form)) {
      const part = name.startsWith(prefix) && name.slice(prefix.length);
      if (part && !["event", "seq", "flag"].includes(part) && value.trim()) (raw[part] = raw[part] || []).push(value);
    }
    return Object.keys(raw).length ? raw : null;
  };
  const flag = (field) => form.elements[field.id + "-flag"];
  const show = (field, raw, flagged) => {
    for (const input of field.querySelectorAll("input:not([type=hidden]),textarea,select")) {
      if (input === flag(field)) { input.checked = flagged; continue; }
      const values = (raw || {})[input.name.slice(field.id.length + 1)] || [];
      if (/radio|checkbox/.test(input.type)) input.checked = values.includes(input.value);
      else input.value = values[0] || "";
    }
  };
  const complain = (field, text) => {
    const box = $("[data-error]", field);
    field.querySelectorAll(".field-error:not([data-error])").forEach((old) => old.remove());
    box.textContent = text || "";
    box.hidden = !text;
  };

  // --- saving
  const save = (field) => {
    if (isOver) return;
    sequence += 1;
    const event = now().toString(36) + Math.random().toString(36).slice(2, 10);
    waiting.put({position: Number(field.dataset.position), event, sequence, raw: read(field), flagged: flag(field).checked});
    count();
    flush();
  };
  const later = () => {
    clearTimeout(retry);
    retry = setTimeout(flush, pause);
    pause = Math.min(pause * 2, 60000);
  };
  const renew = async () => {
    const reply = await fetch(words.tokenUrl, {credentials: "same-origin", headers: {Accept: "application/json"}});
    if (reply.ok && !reply.redirected) { token = (await reply.json()).token; return true; }
    return false;
  };
  const take = (entry, data) => {
    const field = $("#q" + entry.position);
    const isNewest = (waiting.get(entry.position) || entry).event === entry.event;
    sequence = Math.max(sequence, data.sequence);
    waiting.drop(entry);
    if (data.left !== null && ends) ends = now() + data.left * 1000;
    if (isNewest) {
      complain(field, data.error);
      if (data.outcome === "superseded") { show(field, data.raw, data.flagged); complain(field, words.other); }
      count();
    }
  };
  // Send all that waits, one after another; true when nothing is left.
  const run = async () => {
    let at = "", isRenewed = false;
    for (let entry; (entry = waiting.entries()[0]);) {
      if (!retry) say("saving", words.saving);
      let reply;
      try {
        reply = await post(form.action, token, entry);
        if ((reply.status === 400 || reply.status === 401) && !isRenewed) {
          isRenewed = true;
          if (await renew()) continue;
        }
      } catch { reply = {status: 0}; }
      if (reply.ok) { const data = await reply.json(); at = data.time; take(entry, data); pause = 2000; continue; }
      if (reply.status === 409) { waiting.drop(entry); isOver = true; say("failed", words.late); continue; }
      if (reply.status === 422) { waiting.drop(entry); complain($("#q" + entry.position), (await reply.json()).error || words.failed); continue; }
      if (reply.status === 400 || reply.status === 401) say("signed-out", words.out);
      else say("phone", words.phone);
      later();
      return false;
    }
    clearTimeout(retry);
    retry = 0;
    if (at && !isOver) say("server", fill(words.saved, {time: at}));
    return true;
  };
  const flush = () => busy || (busy = run().finally(() => { busy = null; }));
  const again = async () => { if (waiting.entries().length) { await busy; pause = 2000; flush(); } };

  // --- one question at a time
  const isAnswered = (field) => read(field) !== null;
  const list = (box, found) => {
    box.hidden = !found.length;
    $("ul", box).replaceChildren(...found.map((field) => {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = "#" + field.id;
      link.textContent = field.dataset.position;
      item.append(link);
      return item;
    }));
  };
  const count = () => {
    const links = document.querySelectorAll(".list .numbers a");
    fields.forEach((field, i) => {
      links[i].classList.toggle("answered", isAnswered(field));
      links[i].classList.toggle("flagged", flag(field).checked);
    });
    $("[data-count]").textContent = fill(words.answered, {n: fields.filter(isAnswered).length, all: fields.length});
  };
  const go = (focus) => {
    const isReview = location.hash === "#periksa";
    const found = fields.findIndex((field) => "#" + field.id === location.hash);
    const index = Math.max(0, found);
    fields.forEach((field, i) => { field.hidden = isReview || i !== index; });
    review.hidden = !isReview;
    next.hidden = isReview;
    back.disabled = !isReview && index === 0;
    place.textContent = isReview ? $("h2", review).textContent : fill(placeText, {n: index + 1, all: fields.length});
    bar.value = isReview ? fields.length : index + 1;
    const isLast = index === fields.length - 1;
    $("[data-on]").hidden = isLast;
    $("[data-end]").hidden = !isLast;
    document.querySelectorAll(".list .numbers a").forEach((link, i) => {
      if (!isReview && i === index) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    back.onclick = () => { location.hash = (isReview ? fields[fields.length - 1] : fields[index - 1]).id; };
    next.onclick = () => { location.hash = isLast ? "periksa" : fields[index + 1].id; };
    if (isReview) {
      const empty = fields.filter((field) => !isAnswered(field));
      list($("[data-empty]"), empty);
      list($("[data-flagged]"), fields.filter((field) => flag(field).checked));
      $("[data-full]").hidden = empty.length > 0;
    }
    if (focus) {
      (isReview ? review : $("legend", fields[index])).focus({preventScroll: true});
      scrollTo(0, 0);
    }
  };

  // --- time: the server decides, this only shows it
  const tick = () => {
    const left = Math.max(0, (ends - now()) / 1000), minutes = Math.ceil(left / 60);
    const text = left < 60 ? words.lastMinute : fill(words.minutes, {n: minutes});
    if (clock.textContent !== text) clock.textContent = text;
    clock.parentNode.classList.toggle("urgent", left < 300);
    const speech = left < 60 ? words.one : left < 300 ? words.five : "";
    if (speech !== spoken) { spoken = speech; $("[data-spoken]").textContent = speech; }
    if (left > 0) setTimeout(tick, 1000);
    else flush().then((isSent) => { if (isSent) send.submit(); });
  };

  let timers = {};
  const changed = (target, delay) => {
    const field = target.closest(".question");
    if (!field) return;
    clearTimeout(timers[field.id]);
    const due = () => { delete timers[field.id]; save(field); };
    timers[field.id] = setTimeout(due, delay);
    timers[field.id + "!"] = due;
  };
  // Whatever still waits for its pause goes into the queue at once.
  const hurry = () => {
    fields.forEach((field) => {
      if (timers[field.id]) { clearTimeout(timers[field.id]); timers[field.id + "!"](); }
    });
  };
  form.addEventListener("change", (e) => changed(e.target, 400));
  form.addEventListener("input", (e) => { if (/text|number/.test(e.target.type)) changed(e.target, 400); });
  form.addEventListener("submit", (e) => { e.preventDefault(); if (!next.hidden) next.click(); });
  send.addEventListener("submit", async (e) => {
    e.preventDefault();
    const warning = $("[data-unsent]", review);
    hurry();
    const isSent = await flush();
    if (isSent && !waiting.entries().length) { send.csrf_token.value = token; send.submit(); return; }
    warning.textContent = words.unsent;
    warning.hidden = false;
  });
  addEventListener("hashchange", () => go(true));
  addEventListener("online", again);
  addEventListener("pageshow", again);
  document.addEventListener("visibilitychange", () => { if (document.hidden) hurry(); else again(); });
  addEventListener("pagehide", hurry);

  // Answers that never arrived are newer than what the page brought.
  for (const entry of waiting.entries()) {
    const field = $("#q" + entry.position);
    if (field) show(field, entry.raw, entry.flagged);
    sequence = Math.max(sequence, entry.sequence);
  }
  document.querySelectorAll("[data-plain]").forEach((button) => button.remove());
  back.hidden = place.hidden = bar.hidden = false;
  $("h1").classList.add("visually-hidden");
  document.body.classList.add("one-by-one");
  if (words.left) { ends = now() + Number(words.left) * 1000; tick(); }
  count();
  go(false);
  flush();
};

const begin = () => {
  const form = document.getElementById("quiz"), leftover = document.querySelector("[data-leftover]");
  try { if (form) quiz(form); } finally { root.classList.remove("stepping"); }
  if (leftover) sendLeftover(leftover);
};
// Set before the page is drawn, so that not all questions flash up first.
root.classList.add("stepping");
if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin); else begin();
})();
