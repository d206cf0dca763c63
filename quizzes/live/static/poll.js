// A phone asks every ten seconds or so whether the hall has gone on, more seldom where it gets no answer.
(() => {
const box = document.querySelector("[data-poll]"), note = document.querySelector("[data-poll-note]");
const every = box.dataset.every * 1000, SLOWEST = 60000;
let wait = every, timer;

// What somebody is choosing is not taken away as long as the same question is open.
const isChoosing = () => [...box.querySelectorAll("[name=choice]")].some((one) => one.checked !== one.defaultChecked);
const isNew = (mark) => mark !== box.dataset.mark && !(isChoosing() && mark.startsWith(`${parseInt(mark)}-`) && parseInt(mark) === parseInt(box.dataset.mark));
const say = (text) => { note.hidden = !text; if (note.textContent !== text) note.textContent = text; };
const ask = async () => {
  clearTimeout(timer);
  if (document.hidden) return;
  const reply = await fetch(box.dataset.poll, {redirect: "manual"}).catch(() => ({status: 599}));
  // Signed out: the page says so when it is loaded.
  if (reply.status < 500 && !reply.ok) return location.reload();
  if (reply.ok && isNew((await reply.json()).mark)) return location.reload();
  say(reply.ok ? "" : note.dataset.offline);
  wait = reply.ok ? every : Math.min(wait * 2, SLOWEST);
  timer = setTimeout(ask, wait);
};
document.addEventListener("visibilitychange", ask);
addEventListener("online", ask);
// Pressed twice it is sent once; the same twice would change nothing either.
addEventListener("submit", (event) => {
  if (box.dataset.sent) event.preventDefault();
  box.dataset.sent = 1;
});
addEventListener("pageshow", () => delete box.dataset.sent);
timer = setTimeout(ask, wait);
})();
