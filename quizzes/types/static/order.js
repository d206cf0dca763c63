// Lines to put in order: by dragging, by buttons and by arrow keys. The lists to choose from stay underneath.
(() => {
const setUp = (list) => {
  const box = list.parentNode, $ = (selector) => box.querySelector(selector);
  const rows = () => [...list.children], choice = (row) => row.querySelector("select");
  const keep = $("[data-keep]");
  const isGiven = () => rows().some((row) => choice(row).value);
  const number = () => {
    const given = isGiven();
    keep.hidden = given;
    rows().forEach((row, i, all) => {
      row.querySelector("[data-no]").textContent = given ? i + 1 : "–";
      row.querySelectorAll("[data-step]").forEach((button) => {
        button.setAttribute("aria-disabled", button.dataset.step < 0 ? !i : i === all.length - 1);
      });
    });
  };
  // The order the choices say; without one, that of the paper.
  const take = () => {
    const place = (row) => +choice(row).value || 99;
    rows().sort((a, b) => place(a) - place(b) || a.dataset.at - b.dataset.at).forEach((row) => list.append(row));
    number();
  };
  const write = (row) => {
    rows().forEach((other, i) => { choice(other).value = i + 1; });
    number();
    choice(list.firstElementChild).dispatchEvent(new Event("change", {bubbles: true}));
    if (!row) return;
    const all = rows(), values = {text: row.querySelector("label").textContent.trim(), n: all.indexOf(row) + 1, all: all.length};
    $("[data-said]").textContent = list.dataset.moved.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };
  const move = (row, to) => {
    const all = rows(), from = all.indexOf(row), target = Math.max(0, Math.min(all.length - 1, to));
    if (from === target) return;
    const held = document.activeElement;
    list.insertBefore(row, target < from ? all[target] : all[target].nextSibling);
    if (row.contains(held)) held.focus();
    write(row);
  };
  const drag = (grip) => {
    const row = grip.closest("li");
    let before;
    grip.addEventListener("pointerdown", (e) => {
      if (e.button) return;
      e.preventDefault();
      grip.setPointerCapture(e.pointerId);
      before = rows().indexOf(row);
      row.classList.add("lifted");
    });
    // The others step aside: what holds the pointer must not leave the page.
    grip.addEventListener("pointermove", ({clientY}) => {
      if (before === undefined) return;
      const middle = (other) => { const {top, height} = other.getBoundingClientRect(); return top + height / 2; };
      const up = row.previousElementSibling, down = row.nextElementSibling;
      if (up && clientY < middle(up)) row.after(up);
      else if (down && clientY > middle(down)) row.before(down);
    });
    grip.addEventListener("lostpointercapture", () => {
      row.classList.remove("lifted");
      if (before !== undefined && rows().indexOf(row) !== before) write(row);
      before = undefined;
    });
  };

  list.addEventListener("click", ({target}) => {
    const button = target.closest("[data-step]"), row = target.closest("li");
    if (button) move(row, rows().indexOf(row) + +button.dataset.step);
  });
  list.addEventListener("keydown", (e) => {
    const row = e.target.closest("li"), at = rows().indexOf(row);
    const to = {ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: 99}[e.key];
    if (to === undefined) return;
    e.preventDefault();
    move(row, to);
  });
  keep.querySelector("button").addEventListener("click", () => {
    write();
    list.querySelector("button").focus();
  });
  rows().forEach((row) => {
    choice(row).hidden = true;
    row.querySelectorAll("[data-grip],[data-tools]").forEach((part) => { part.hidden = false; });
    drag(row.querySelector("[data-grip]"));
  });
  $("[data-without]").hidden = true;
  $("[data-with]").hidden = false;
  list.removeAttribute("data-order");
  // Another page's answer was put into the choices.
  const question = list.closest(".question");
  if (question) question.addEventListener("shown", take);
  addEventListener("pageshow", take);
  take();
};
const scan = () => document.querySelectorAll("[data-order]").forEach(setUp);
scan();
// An editor's preview is drawn anew with every change.
const preview = document.getElementById("pratinjau");
if (preview) new MutationObserver(scan).observe(preview, {childList: true});
})();
