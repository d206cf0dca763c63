// A tap on the picture chooses the nearest pin or, where places are hidden, marks a point; the list under it stays.
(() => {
const changed = (input) => input.dispatchEvent(new Event("change", {bubbles: true}));
const pinned = (box) => {
  const pins = [...box.querySelectorAll("[data-pin]")];
  const choiceOf = (pin) => box.querySelector(`input[value="${pin.dataset.pin}"]`);
  const show = () => pins.forEach((pin) => pin.classList.toggle("on", choiceOf(pin).checked));
  box.querySelector(".pins").addEventListener("click", ({clientX, clientY}) => {
    const distance = (pin) => {
      const {left, top, width, height} = pin.firstElementChild.getBoundingClientRect();
      return Math.hypot(clientX - left - width / 2, clientY - top - height / 2);
    };
    const choice = choiceOf(pins.reduce((best, pin) => (distance(pin) < distance(best) ? pin : best)));
    choice.checked = true;
    choice.focus({preventScroll: true});
    changed(choice);
  });
  box.addEventListener("change", show);
  return show;
};
const free = (box) => {
  const $ = (selector) => box.querySelector(selector), picture = $(".pins"), at = $("input[hidden]");
  const [, , width, height] = picture.getAttribute("viewBox").split(" ").map(Number);
  const choices = [...box.querySelectorAll("input[type=radio]")];
  const show = () => {
    const cross = $("[data-cross]"), [x, y] = at.value.split(" ");
    cross.setAttribute("visibility", at.value ? "visible" : "hidden");
    if (at.value) cross.setAttribute("transform", `translate(${x} ${y})`);
    if (choices.some((one) => one.checked)) $("[data-list]").open = true;
  };
  const mark = (x, y) => {
    const within = (value, most) => Math.round(Math.max(0, Math.min(most, value)));
    at.value = `${within(x, width)} ${within(y, height)}`;
    choices.forEach((one) => { one.checked = false; });
    const [shownX, shownY] = at.value.split(" ");
    $("[data-said]").textContent = box.dataset.at.replace("{x}", Math.round(shownX / width * 100)).replace("{y}", Math.round(shownY / height * 100));
    show();
    changed(at);
  };
  picture.addEventListener("click", ({clientX, clientY}) => {
    const place = picture.getBoundingClientRect();
    mark((clientX - place.left) / place.width * width, (clientY - place.top) / place.height * height);
  });
  $("[data-move]").addEventListener("keydown", (e) => {
    const [dx, dy] = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[e.key] || [];
    if (dx === undefined) return;
    e.preventDefault();
    const step = e.shiftKey ? width / 160 : width / 32;
    const [x, y] = at.value ? at.value.split(" ").map(Number) : [width / 2, height / 2];
    mark(at.value ? x + dx * step : x, at.value ? y + dy * step : y);
  });
  choices.forEach((one) => one.addEventListener("change", () => { at.value = ""; show(); }));
  box.querySelectorAll("[data-with]").forEach((part) => { part.hidden = false; });
  $("[data-without]").hidden = true;
  $("[data-list]").open = choices.some((one) => one.checked);
  return show;
};
const setUp = (box) => {
  const show = box.dataset.hotspot ? free(box) : pinned(box), question = box.closest(".question");
  box.removeAttribute("data-hotspot");
  // Another page's answer was put into the fields.
  if (question) question.addEventListener("shown", show);
  addEventListener("pageshow", show);
  show();
};
const scan = () => document.querySelectorAll("[data-hotspot]").forEach(setUp);
scan();
// An editor's preview is drawn anew with every change.
const preview = document.getElementById("pratinjau");
if (preview) new MutationObserver(scan).observe(preview, {childList: true});
})();
