// A press on a key puts it into the clipboard. Without it a double click selects the whole key.
"use strict";
const said = document.querySelector("[data-copied]");

document.addEventListener("click", async (event) => {
  const key = event.target.closest("code.copyable");
  if (!key || !navigator.clipboard) return;
  await navigator.clipboard.writeText(key.textContent);
  said.textContent = said.dataset.copied.replace("{key}", key.textContent);
  said.classList.remove("visually-hidden");
  said.classList.add("copied");
  key.after(said);
});
