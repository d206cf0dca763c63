// The time that is left, told at five minutes and at one; the organiser may stop it or give more.
(() => {
const $ = (selector) => document.querySelector(selector);
const box = $("[data-clock]"), text = $("[data-clock] span"), words = box.dataset;
let ends, isHalted, rest, asked = Date.now(), spoken = "";

const fill = (told, values) => told.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const take = ({left, halted}) => {
  if (left == null) return null;
  asked = Date.now();
  isHalted = halted;
  rest = left;
  ends = asked + left * 1000;
  // A page that was kept comes up again with the seconds it had when it was made.
  try { localStorage["quiz-end"] = `${words.page} ${ends}`; } catch { }
  $("[data-stopped]").hidden = !halted;
  return left;
};
const ask = async () => {
  asked = Date.now();
  const reply = await fetch(words.clock).catch(() => ({}));
  return reply.ok ? take(await reply.json()) : null;
};
const tell = (name) => document.dispatchEvent(new Event(name));
const show = (left) => {
  const minutes = left < 60 ? words.lastMinute : fill(words.minutes, {n: Math.ceil(left / 60)});
  const shown = isHalted ? fill(words.halted, {left: minutes}) : minutes;
  if (text.textContent !== shown) text.textContent = shown;
  box.classList.toggle("urgent", left < 300);
  const speech = isHalted ? words.sayStopped : left < 60 ? words.one : left < 300 ? words.five : "";
  if (speech !== spoken) $("[data-spoken]").textContent = spoken = speech;
};
const tick = async () => {
  if (isHalted) ends = Date.now() + rest * 1000;
  const left = (ends - Date.now()) / 1000;
  show(left);
  // Never handed in by a clock that does not know better: only the server says that the time is over.
  if (left <= 0) tell(await ask() === 0 ? "time-over" : "time-unknown");
  else if (!document.hidden && Date.now() - asked > 60000) ask();
  setTimeout(tick, ends > Date.now() ? 1000 : 5000);
};

// A question that comes alone is sent with what stands in it; the page of all questions does it by itself.
const alone = $("form[data-alone]"), question = $("form.quiz");
const hand = async () => {
  const body = question && new FormData(question);
  const reply = body ? await fetch(question.action, {method: "POST", body, redirect: "manual"}).catch(() => ({status: 503})) : {status: 0};
  if (reply.status < 500) alone.submit();
};
if (alone) document.addEventListener("time-over", hand);
document.addEventListener("time-told", ({detail}) => take(detail));
try { const [page, end] = localStorage["quiz-end"].split(" "); if (page === words.page) ends = +end; } catch { }
if (words.isHalted || !ends) take({left: +words.left, halted: !!words.isHalted});
tick();
})();
