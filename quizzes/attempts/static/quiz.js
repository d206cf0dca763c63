// One question at a time; answers wait on the phone until they arrived.
(() => {
const $ = (selector, within = document) => within.querySelector(selector);

// What waits, by question.
const queueOf = (key) => {
  let all = {};
  // Other tabs write, too; without storage it stays in memory.
  let read = () => { try { all = JSON.parse(localStorage[key] || "{}"); } catch { } return all; };
  const write = () => {
    try { if (Object.keys(all).length) localStorage[key] = JSON.stringify(all); else delete localStorage[key]; } catch { read = () => all; }
  };
  return {
    first: () => Object.values(read()).sort((a, b) => a.sequence - b.sequence)[0],
    each: (act) => Object.values(read()).forEach(act),
    put: (entry) => { read()[entry.position] = entry; write(); },
    // A newer answer to the same question stays.
    drop: (entry) => {
      if ((read()[entry.position] || entry).event !== entry.event) return false;
      delete all[entry.position];
      write();
      return true;
    },
  };
};

// Data is false where something between us and the server answered.
const post = (url, token, entry) => fetch(url, {
  method: "POST", body: JSON.stringify(entry),
  headers: {"Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token},
}).then(async (reply) => ({status: reply.status, data: await reply.json().catch(() => false)}), () => ({}));

// After the end the rest is still sent.
const sendLeftover = async (box) => {
  const queue = queueOf(box.dataset.key);
  for (let entry; (entry = queue.first());) {
    const {status, data} = await post(box.dataset.leftover, box.dataset.token, entry);
    if (!data || status !== 409 && status !== 200) return;
    queue.drop(entry);
    box.hidden = false;
  }
};

const quiz = (form) => {
  const words = form.dataset, fields = [...form.querySelectorAll(".question")], queue = queueOf(words.key);
  const links = [...form.querySelectorAll(".list .numbers a")];
  const state = $(".save-state"), signIn = $("[data-sign-in]"), review = $("#periksa"), send = $("#send");
  const place = $("[data-place]"), back = $("[data-back]"), next = $("[data-next]"), bar = $("progress");
  const alarm = $("[role=alert]", review), summary = $(".error-summary"), placeText = place.textContent, pending = {};
  let sequence = +words.sequence, token = form.csrf_token.value;
  let pause = 2000, retry, busy, isOver, ends, spoken = "";

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const say = (kind, text = words[kind]) => {
    if (state.textContent !== text) state.textContent = text;
    state.dataset.state = kind;
    signIn.hidden = kind !== "out";
  };
  const flagOf = (field) => form.elements[field.id + "-flag"];
  const inputs = (field) => [...field.querySelectorAll("input:not([type=hidden]),textarea,select")].filter((input) => input !== flagOf(field));
  const oldError = (field) => $(".field-error:not([data-error])", field);
  const partOf = (field, input) => input.name.slice(field.id.length + 1);
  const isChoice = (input) => /radio|checkbox/.test(input.type);
  const read = (field) => {
    const raw = {};
    inputs(field).forEach((input) => {
      if (isChoice(input) ? input.checked : input.value.trim()) (raw[partOf(field, input)] ||= []).push(input.value);
    });
    return Object.keys(raw).length ? raw : null;
  };
  const show = (field, raw, isFlagged) => {
    flagOf(field).checked = isFlagged;
    inputs(field).forEach((input) => {
      const values = (raw || {})[partOf(field, input)] || [];
      if (isChoice(input)) input.checked = values.includes(input.value);
      else input.value = values[0] || "";
    });
  };
  const complain = (field, text, isBad = text) => {
    const box = $("[data-error]", field), old = oldError(field);
    if (old) old.remove();
    field.isBad = isBad;
    inputs(field).forEach((input) => input.setAttribute("aria-invalid", !!isBad));
    box.textContent = text;
    box.hidden = !text;
    count();
  };

  const save = (field) => {
    clearTimeout(pending[field.id]);
    delete pending[field.id];
    sequence += 1;
    const event = Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
    queue.put({position: +field.dataset.position, event, sequence, raw: read(field), flagged: flagOf(field).checked});
    count();
    flush();
  };
  const changed = ({target}) => {
    const field = target.closest(".question");
    if (!field || isOver) return;
    clearTimeout(pending[field.id]);
    pending[field.id] = setTimeout(save, 400, field);
  };
  const hurry = () => fields.forEach((field) => { if (pending[field.id]) save(field); });

  const renew = async () => {
    const reply = await fetch(words.tokenUrl).catch(() => ({}));
    if (reply.ok) token = (await reply.json()).token;
    return reply.ok;
  };
  const take = (entry, data) => {
    const field = $("#q" + entry.position);
    sequence = Math.max(sequence, data.sequence || 0);
    if (ends && data.time) ends = Date.now() + data.left * 1000;
    if (!queue.drop(entry)) return;
    const isOther = data.outcome === "superseded";
    if (isOther) show(field, data.raw, data.flagged);
    complain(field, isOther ? words.other : data.error, data.error);
  };
  // True when nothing waits.
  const run = async () => {
    let at, isRenewed, bad;
    for (let entry; (entry = queue.first());) {
      if (!retry) say("saving");
      const {status, data} = await post(form.action, token, entry);
      if (data && (status === 200 || status === 422)) {
        at = data.time;
        pause = 2000;
        if (data.error) bad = entry.position;
        take(entry, data);
      } else if (data && status === 409) {
        queue.drop(entry);
        isOver = true;
      } else {
        const isOut = status === 400 || status === 401;
        if (isOut && !isRenewed && (isRenewed = await renew())) continue;
        say(isOut ? "out" : "phone");
        clearTimeout(retry);
        retry = setTimeout(flush, pause);
        pause = Math.min(pause * 2, 60000);
        return false;
      }
    }
    retry = clearTimeout(retry);
    alarm.hidden = true;
    if (isOver) say("failed", words.late);
    else if (bad) say("failed", fill(words.unread, {n: bad}));
    else if (at) say("server", fill(words.saved, {time: at}));
    return true;
  };
  const flush = () => busy || (busy = run().finally(() => { busy = null; }));
  const again = () => { if (queue.first()) { pause = 2000; flush(); } };

  const list = (name, test) => {
    const box = $(`[data-${name}]`), found = links.filter((link, i) => test(fields[i]));
    box.hidden = !found.length;
    $("ul", box).replaceChildren(...found.map((link) => link.parentNode.cloneNode(true)));
  };
  const count = () => {
    const all = fields.length, n = fields.filter((field, i) => {
      links[i].classList.toggle("flagged", flagOf(field).checked);
      return links[i].classList.toggle("answered", !field.isBad && read(field));
    }).length;
    $("[data-count]").textContent = fill(words.answered, {n, all});
    list("bad", (field) => field.isBad);
    list("empty", (field) => !field.isBad && !read(field));
    list("flagged", (field) => flagOf(field).checked);
    $("[data-full]").hidden = n < all;
  };
  // Waits a moment for the server's word on what was typed; told once, the person may go on.
  const canLeave = async (field) => {
    const typed = inputs(field).find((input) => !isChoice(input));
    hurry();
    if (!typed) return true;
    await Promise.race([flush(), new Promise((done) => { setTimeout(done, 3000); })]);
    if (!field.isBad || field.told === typed.value) return true;
    field.told = typed.value;
    typed.focus();
  };
  const go = () => {
    const isReview = location.hash === "#periksa", all = fields.length;
    const index = Math.max(0, fields.findIndex((field) => "#" + field.id === location.hash));
    const isLast = index === all - 1;
    fields.forEach((field, i) => { field.hidden = isReview || i !== index; });
    links.forEach((link, i) => link.setAttribute("aria-current", !isReview && i === index));
    review.hidden = !isReview;
    next.hidden = isReview;
    back.disabled = !isReview && !index;
    place.textContent = isReview ? $("h2", review).textContent : fill(placeText, {n: index + 1, all});
    bar.value = isReview ? all : index + 1;
    $("[data-on]").hidden = isLast;
    $("[data-end]").hidden = !isLast;
    back.onclick = () => { location.hash = fields[isReview ? all - 1 : index - 1].id; };
    next.onclick = async () => { if (await canLeave(fields[index])) location.hash = isLast ? "periksa" : fields[index + 1].id; };
    count();
    return isReview ? review : $("legend", fields[index]);
  };

  const hand = async () => {
    hurry();
    const isSent = await flush();
    if (isSent && navigator.onLine) { send.csrf_token.value = token; send.submit(); }
    return isSent;
  };
  const tick = async () => {
    const left = (ends - Date.now()) / 1000, box = $("[data-clock]"), text = $("span", box);
    const shown = left < 60 ? words.lastMinute : fill(words.minutes, {n: Math.ceil(left / 60)});
    if (text.textContent !== shown) text.textContent = shown;
    box.classList.toggle("urgent", left < 300);
    const speech = left < 60 ? words.one : left < 300 ? words.five : "";
    if (speech !== spoken) $("[data-spoken]").textContent = spoken = speech;
    if (left <= 0) await hand();
    setTimeout(tick, left > 0 ? 1000 : 5000);
  };

  form.addEventListener("change", changed);
  form.addEventListener("input", ({target}) => { if (!isChoice(target)) changed({target}); });
  form.addEventListener("submit", (e) => { e.preventDefault(); if (!next.hidden) next.click(); });
  send.addEventListener("submit", async (e) => {
    e.preventDefault();
    alarm.hidden = await hand();
  });
  addEventListener("hashchange", () => { go().focus({preventScroll: true}); scrollTo(0, 0); });
  addEventListener("online", again);
  addEventListener("pageshow", again);
  addEventListener("pagehide", hurry);
  document.addEventListener("visibilitychange", () => (document.hidden ? hurry : again)());

  // What waits is newer than the page.
  queue.each((entry) => {
    show($("#q" + entry.position), entry.raw, entry.flagged);
    sequence = Math.max(sequence, entry.sequence);
  });
  fields.forEach((field) => { field.isBad = oldError(field); });
  // Errors are shown at their question, and only there.
  if (summary) { summary.remove(); document.title = $("h1").textContent; }
  if (!state.dataset.state) say("auto");
  document.querySelectorAll("[data-plain]").forEach((button) => button.remove());
  back.hidden = place.hidden = bar.hidden = false;
  $("h1").classList.add("visually-hidden");
  document.body.classList.add("one-by-one");
  if (words.left) { ends = Date.now() + words.left * 1000; tick(); }
  go();
  flush();
};

const begin = () => {
  const form = $("#quiz"), leftover = $("[data-leftover]");
  try { if (form) quiz(form); } finally { document.documentElement.classList.remove("stepping"); }
  if (leftover) sendLeftover(leftover);
};
// Before all questions flash up.
document.documentElement.classList.add("stepping");
if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin); else begin();
})();
