// Answers to match are dragged to their line, or picked with a button and put there with another one.
// The lists to choose from stay: they hold the answer, and keys and readers need nothing else.
(() => {
const setUp = (box) => {
  const rows = [...box.querySelectorAll("[data-line]")], chips = [...box.querySelectorAll("[data-choice]")];
  const said = box.querySelector("[data-said]"), choice = (row) => row.querySelector("select");
  const words = box.dataset;
  let held;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const pick = (chip, isQuiet) => {
    held = chip === held ? undefined : chip;
    chips.forEach((one) => one.querySelector("[data-pick]").setAttribute("aria-pressed", one === held));
    rows.forEach((row) => { row.querySelector("[data-put]").hidden = !held; });
    box.classList.toggle("holding", !!held);
    if (!isQuiet) said.textContent = held ? fill(words.picked, {letter: held.dataset.letter}) : "";
  };
  const put = (chip, row) => {
    choice(row).value = chip.dataset.choice;
    choice(row).dispatchEvent(new Event("change", {bubbles: true}));
    if (held) pick(held, true);
    said.textContent = fill(words.placed, {letter: chip.dataset.letter, line: row.querySelector("label").textContent.trim()});
  };
  const rowAt = ({clientX, clientY}) => rows.find((row) => {
    const {left, right, top, bottom} = row.getBoundingClientRect();
    return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
  });
  const drag = (chip) => {
    const grip = chip.querySelector("[data-grip]");
    let from;
    const end = () => {
      from = undefined;
      chip.style.translate = "";
      chip.classList.remove("lifted");
      rows.forEach((row) => row.classList.remove("under"));
    };
    grip.hidden = false;
    grip.addEventListener("pointerdown", (e) => {
      if (e.button) return;
      e.preventDefault();
      grip.setPointerCapture(e.pointerId);
      from = {x: e.pageX, y: e.pageY};
      chip.classList.add("lifted");
    });
    grip.addEventListener("pointermove", (e) => {
      if (!from) return;
      chip.style.translate = `${e.pageX - from.x}px ${e.pageY - from.y}px`;
      const under = rowAt(e);
      rows.forEach((row) => row.classList.toggle("under", row === under));
      // Long lists: the page follows the finger.
      if (e.clientY > innerHeight - 90) scrollBy(0, 12); else if (e.clientY < 90) scrollBy(0, -12);
    });
    grip.addEventListener("pointerup", (e) => {
      const row = from && rowAt(e);
      end();
      if (row) put(chip, row);
    });
    grip.addEventListener("pointercancel", end);
  };
  box.addEventListener("click", ({target}) => {
    const chip = target.closest("[data-pick]"), button = target.closest("[data-put]");
    if (chip) pick(chip.closest("[data-choice]"));
    if (button && held) {
      const row = button.closest("[data-line]");
      put(held, row);
      choice(row).focus();
    }
  });
  box.addEventListener("keydown", (e) => { if (e.key === "Escape" && held) pick(held); });
  chips.forEach((chip) => {
    chip.querySelector("[data-pick]").hidden = false;
    drag(chip);
  });
  box.querySelector("[data-with]").hidden = false;
  box.removeAttribute("data-match");
};
const scan = () => document.querySelectorAll("[data-match]").forEach(setUp);
scan();
// An editor's preview is drawn anew with every change.
const preview = document.getElementById("pratinjau");
if (preview) new MutationObserver(scan).observe(preview, {childList: true});
})();
