// A part of a page that changes is fetched anew while somebody looks at it. Without script its link does it.
(() => {
const box = document.querySelector("[data-live]"), note = document.querySelector("[data-live-note]");
const time = document.querySelector("[data-live-time]"), changed = document.querySelector("[data-changed]");
const EVERY = 5000, SLOWEST = 60000;
const mark = box.firstElementChild.dataset.mark;
let wait = EVERY, timer, shown = "";

const say = (text) => { note.hidden = !text; if (note.textContent !== text) note.textContent = text; };
const take = (html) => {
  const part = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  time.textContent = part.dataset.time;
  if (changed && part.dataset.mark !== mark) changed.hidden = false;
  if (part.innerHTML !== shown) box.replaceChildren(part);
  shown = part.innerHTML;
};
const look = async () => {
  clearTimeout(timer);
  if (document.hidden) return;
  const reply = await fetch(box.dataset.live, {redirect: "manual"}).catch(() => ({status: 599}));
  // Signed out or gone: asking again would change nothing.
  if (reply.status < 500 && !reply.ok) return say(note.dataset.gone);
  if (reply.ok) take(await reply.text());
  say(reply.ok ? "" : note.dataset.offline);
  wait = reply.ok ? EVERY : Math.min(wait * 2, SLOWEST);
  timer = setTimeout(look, wait);
};
document.addEventListener("visibilitychange", look);
addEventListener("online", look);
timer = setTimeout(look, wait);
})();
