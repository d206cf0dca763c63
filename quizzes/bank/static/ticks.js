// Ticks many boxes at once: all on this page, or with Shift all between two. Without script they are ticked one by one.
"use strict";
(() => {
const form = document.querySelector("form[data-ticks]"), tools = form.querySelector("[data-all]");
const said = form.querySelector("[data-ticked]");
let last = null;

const boxes = () => [...form.querySelectorAll("input[name=soal]")];
const tell = () => {
  const count = boxes().filter((box) => box.checked).length;
  said.textContent = count ? form.dataset.ticks.replace("{n}", count) : "";
};

form.querySelector("[data-tick-all]").addEventListener("click", () => {
  const all = boxes(), tick = !all.every((box) => box.checked);
  for (const box of all) box.checked = tick;
  tell();
});
form.addEventListener("click", (event) => {
  const box = event.target.closest("input[name=soal]");
  if (!box) return;
  const all = boxes(), from = all.indexOf(last), to = all.indexOf(box);
  if (event.shiftKey && from >= 0) for (const one of all.slice(Math.min(from, to), Math.max(from, to))) one.checked = box.checked;
  last = box;
  tell();
});
form.querySelector("[data-list]").addEventListener("listed", () => { last = null; tell(); });
addEventListener("pageshow", tell);
tools.hidden = false;
})();
