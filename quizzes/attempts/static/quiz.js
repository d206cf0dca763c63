// One question at a time; answers wait on the phone until they arrived.
(() => {
const $ = (selector, within = document) => within.querySelector(selector);

// What waits, and what arrived since the page was made: a page kept for reading offline does not know it.
// Of one question at most two wait: one that may have arrived, and a newer one.
const queueOf = (key) => {
  let all = [];
  // Other tabs write, too; without storage it stays in memory.
  let read = () => { try { all = JSON.parse(localStorage[key] || "[]"); } catch { } return all; };
  const write = (entries) => {
    all = entries;
    try { if (all.length) localStorage[key] = JSON.stringify(all); else delete localStorage[key]; } catch { read = () => all; }
  };
  return {
    read,
    keep: (test) => write(read().filter(test)),
    waits: (position) => read().some((entry) => !entry.sent && (!position || entry.position === position)),
    put: (entry, known) => {
      const of = read().filter((one) => one.position === entry.position), onWay = of.find((one) => one.tried && !one.sent);
      // What another tab sent is known here, too, though it arrived while the person chose.
      entry.sequence = Math.max(known, ...of.filter((one) => one.tried || one.sent).map((one) => one.sequence)) + 1;
      write([...all.filter((one) => one === onWay || !of.includes(one)), entry]);
    },
    // One of each question, the oldest first, as many as one request takes.
    batch: () => {
      const seen = {};
      let room = 8000;
      const some = read().filter((one) => !one.sent && !seen[one.position] && (seen[one.position] = true))
        .slice(0, 15).filter((one, i) => (room -= JSON.stringify(one).length) > 0 || !i);
      const events = some.map(({tried, ...one}) => ({...one, from: tried ? "queue" : "page"}));
      some.forEach((one) => { one.tried = true; });
      write(all);
      return events;
    },
    // True when nothing newer waits for that question.
    settle: (entry, told, time) => {
      write(read().flatMap((one) => {
        if (one.event !== entry.event) return [one];
        if (/late|refused/.test(told.outcome)) return [];
        const {raw, flagged} = "raw" in told ? told : one;
        return [{position: one.position, event: one.event, sequence: told.sequence, raw, flagged, sent: time}];
      }));
      const newer = all.find((one) => !one.sent && one.position === entry.position);
      // It was made without knowing what stands.
      if (newer && told.outcome === "superseded") { newer.sequence = entry.sequence; write(all); }
      return !newer;
    },
  };
};

// Data is false where something between us and the server answered.
const post = (url, token, events) => fetch(url, {
  method: "POST", body: JSON.stringify({events}),
  headers: {"Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token},
}).then(async (reply) => ({status: reply.status, data: await reply.json().catch(() => false)}), () => ({}));

// After the end the rest is still sent.
const sendLeftover = async (box) => {
  const queue = queueOf(box.dataset.key);
  for (let events; (events = queue.batch()).length;) {
    const {data} = await post(box.dataset.leftover, box.dataset.token, events.map((one) => ({...one, from: "leftover"})));
    if (!data || !data.events?.[0].position) return;
    data.events.forEach((told) => {
      queue.settle(events.find((one) => one.position === told.position), told, data.time);
      if (told.outcome === "late") box.hidden = false;
    });
  }
  queue.keep((one) => !one.sent);
};

const quiz = (form) => {
  const words = form.dataset, fields = [...form.querySelectorAll(".question")], queue = queueOf(words.key);
  const links = [...form.querySelectorAll(".list .numbers a")], cases = [...form.querySelectorAll(".case")];
  const state = $(".save-state"), signIn = $("[data-sign-in]"), review = $("#periksa"), send = $("#send");
  const place = $("[data-place]"), back = $("[data-back]"), next = $("[data-next]"), bar = $("progress");
  const alarm = $("[role=alert]", review), summary = $(".error-summary"), placeText = place.textContent, pending = {};
  const channel = window.BroadcastChannel ? new BroadcastChannel(words.key) : {postMessage: () => {}};
  let token = form.csrf_token.value, pause = 2000, retry, busy, isOver;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const say = (kind, text = words[kind]) => {
    if (state.textContent !== text) state.textContent = text;
    state.dataset.state = kind;
    signIn.hidden = kind !== "out";
  };
  // The word at a question.
  const mark = (field, kind, text = words[kind]) => {
    const box = $("[data-kept]", field);
    box.textContent = text;
    box.dataset.state = kind;
  };
  const fieldOf = (position) => $("#q" + position);
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
      else if (input.value !== (values[0] || "")) input.value = values[0] || "";
    });
    field.dispatchEvent(new Event("shown"));
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
    const at = Date.now(), event = at.toString(36) + Math.random().toString(36).slice(2, 10);
    queue.put({position: +field.dataset.position, event, raw: read(field), flagged: flagOf(field).checked, at}, field.known);
    mark(field, retry ? "phone" : "saving");
    channel.postMessage(1);
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
  const take = (entry, told, time) => {
    const field = fieldOf(entry.position), isLast = queue.settle(entry, told, time);
    field.known = Math.max(field.known, told.sequence || 0);
    if (told.outcome === "late") { isOver = true; return mark(field, "failed", words.late); }
    if (!isLast) return;
    const isOther = told.outcome === "superseded", isRefused = told.outcome === "refused";
    if (isOther) show(field, told.raw, told.flagged);
    mark(field, isRefused ? "failed" : "server", isRefused ? "" : fill(words.saved, {time}));
    complain(field, isOther ? words.other : told.error || "", told.error);
  };
  // True when nothing waits.
  const run = async () => {
    let at, isRenewed, bad;
    for (let events; (events = queue.batch()).length;) {
      if (!retry) say("saving");
      const {status, data} = await post(form.action, token, events);
      if (data && data.events?.[0].position) {
        pause = 2000;
        at = data.time || at;
        document.dispatchEvent(new CustomEvent("time-told", {detail: data}));
        data.events.forEach((told) => {
          const entry = events.find((one) => one.position === told.position);
          if (told.error) bad = told.position;
          if (entry) take(entry, told, told.time || data.time);
        });
        if (data.receipt) {
          const box = $("[data-receipt]");
          box.hidden = false;
          $("span", box).textContent = fill(words.receipt, {time: at, code: data.receipt});
        }
        channel.postMessage(1);
      } else {
        const isOut = status === 400 || status === 401;
        if (isOut && !isRenewed && (isRenewed = await renew())) continue;
        const kind = isOut ? "out" : "phone";
        say(kind);
        queue.read().forEach((entry) => { if (!entry.sent) mark(fieldOf(entry.position), kind); });
        clearTimeout(retry);
        // Fifty phones come back at one moment: not all at once.
        retry = setTimeout(flush, pause * (0.5 + Math.random()));
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
  const again = () => { if (queue.waits()) { pause = 2000; flush(); } };

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
  // The story of a case stands above each of its questions: open with the first one.
  const tell = (field) => cases.forEach((box) => {
    const first = fields.find((one) => one.dataset.case === box.id);
    box.hidden = !field || field.dataset.case !== box.id;
    box.open = field === first;
  });
  const go = () => {
    const isReview = location.hash === "#periksa", all = fields.length;
    const index = Math.max(0, fields.findIndex((field) => "#" + field.id === location.hash));
    const isLast = index === all - 1;
    fields.forEach((field, i) => { field.hidden = isReview || i !== index; });
    links.forEach((link, i) => link.setAttribute("aria-current", !isReview && i === index));
    tell(isReview ? null : fields[index]);
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
  form.addEventListener("change", changed);
  form.addEventListener("input", ({target}) => { if (!isChoice(target)) changed({target}); });
  form.addEventListener("submit", (e) => { e.preventDefault(); if (!next.hidden) next.click(); });
  send.addEventListener("submit", async (e) => {
    e.preventDefault();
    alarm.hidden = await hand();
  });
  document.addEventListener("time-over", hand);
  document.addEventListener("time-unknown", flush);
  addEventListener("hashchange", () => { go().focus({preventScroll: true}); scrollTo(0, 0); });
  addEventListener("online", again);
  addEventListener("pageshow", again);
  addEventListener("pagehide", hurry);
  document.addEventListener("visibilitychange", () => (document.hidden ? hurry : again)());

  // What waits, or arrived after the page was made, is newer than the page.
  const restore = () => queue.read().forEach((entry) => {
    const field = fieldOf(entry.position);
    if (pending[field.id] || entry.sent && entry.sequence <= field.known) return;
    show(field, entry.raw, entry.flagged);
    if (!entry.sent) return mark(field, "phone");
    field.known = entry.sequence;
    const text = fill(words.saved, {time: entry.sent});
    mark(field, "server", text);
    if (!retry) say("server", text);
  });
  fields.forEach((field) => {
    field.known = +field.dataset.sequence;
    field.isBad = oldError(field);
  });
  queue.keep((entry) => !entry.sent || entry.sequence > fieldOf(entry.position).known);
  restore();
  const refresh = () => { restore(); count(); };
  channel.onmessage = ({data}) => {
    $("[data-tab]").hidden = false;
    if (data === "open") channel.postMessage(1);
    refresh();
  };
  // The word that something is new may be here before it can be read.
  addEventListener("storage", ({key}) => { if (key === words.key) refresh(); });
  channel.postMessage("open");
  // Errors are shown at their question, and only there.
  if (summary) { summary.remove(); document.title = $("h1").textContent; }
  if (!state.dataset.state) say("auto");
  document.querySelectorAll("[data-plain]").forEach((button) => button.remove());
  back.hidden = place.hidden = bar.hidden = false;
  $("h1").classList.add("visually-hidden");
  document.body.classList.add("one-by-one");
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
