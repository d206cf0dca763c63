// Moves days, modules and steps by dragging and with Alt and the arrows, without a page load; the buttons do the same.
"use strict";
(() => {
  const said = document.querySelector("[data-said]");
  let form = document.querySelector("form[data-structure]"), lifted = null;
  if (!form) return;

  async function press(action, id) {
    const data = new FormData(form);
    data.set("aksi", action);
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html" } }).catch(() => null);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const fresh = page?.querySelector("form[data-structure]");
    if (!fresh) { said.textContent = form.dataset.refused; return; }
    form.replaceWith(fresh);
    form = fresh;
    document.querySelectorAll("form [name=revision]").forEach((one) => { one.value = form.elements.revision.value; });
    make();
    const field = document.getElementById(`t-${id}`);
    field?.focus();
    if (field) said.textContent = form.dataset.moved.replace("{title}", field.value).replace("{n}", Number(id.split("-").pop()) + 1);
  }

  const siblings = (item) => [...item.parentElement.children].filter((one) => one.dataset.place);
  const placed = (item, to) => [...item.dataset.place.split("-").slice(0, -1), to].join("-");
  const moveTo = (item, to) => press(`to:${item.dataset.place}:${to}`, placed(item, to));

  addEventListener("keydown", (event) => {
    const item = event.target.closest?.("form[data-structure] [data-place]");
    if (event.key === "Escape" && lifted) drop();
    if (!item || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const to = siblings(item).indexOf(item) + (event.key === "ArrowUp" ? -1 : 1);
    if (to >= 0 && to < siblings(item).length) moveTo(item, to);
  });

  function drop() {
    lifted?.classList.remove("lifted");
    lifted = null;
  }

  function make() {
    form.querySelectorAll("[data-place]").forEach((item) => {
      const handle = item.querySelector(".outline-row > svg");
      const row = item.querySelector(".outline-row");
      handle?.classList.add("handle");
      row.addEventListener("pointerdown", (event) => { item.draggable = event.target === handle || handle?.contains(event.target); });
      item.addEventListener("dragstart", (event) => { event.stopPropagation(); lifted = item; item.classList.add("lifted"); event.dataTransfer.effectAllowed = "move"; });
      item.addEventListener("dragover", (event) => { if (lifted && lifted.parentElement === item.parentElement) { event.preventDefault(); event.stopPropagation(); } });
      item.addEventListener("drop", (event) => {
        if (!lifted || lifted.parentElement !== item.parentElement) return;
        event.preventDefault();
        event.stopPropagation();
        const [from, to] = [lifted, siblings(item).indexOf(item)];
        if (from !== item) moveTo(from, to);
      });
      item.addEventListener("dragend", () => { item.draggable = false; drop(); });
    });
  }
  make();
})();
