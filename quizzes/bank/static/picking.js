// Picks a number or an article of the law in a dialog and puts its mark where the cursor is.
const dialog = document.getElementById("pemilih");
const search = dialog.querySelector("input");
const list = dialog.querySelector("[data-picks]");
const editor = window.author.form;
let place = editor.elements.stem;
let asked = null;
let pause = 0;
let at = [0, 0];

editor.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea,input[type=text]:not([name=topic])")) place = event.target;
});

async function find() {
  asked?.abort();
  asked = new AbortController();
  const address = `${dialog.dataset.address}&q=${encodeURIComponent(search.value)}`;
  const answer = await fetch(address, { signal: asked.signal }).catch(() => null);
  if (answer === null && asked.signal.aborted) return;
  const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const found = page?.getElementById("pilihan");
  if (!found) {
    list.textContent = dialog.dataset.unreachable;
    return;
  }
  for (const row of found.querySelectorAll("[data-mark]")) row.append(button(row));
  list.replaceChildren(...found.childNodes);
}

function button(row) {
  const one = document.createElement("button");
  one.type = "button";
  one.className = "button secondary small";
  one.textContent = dialog.dataset.insert;
  one.setAttribute("aria-label", `${dialog.dataset.insert}: ${row.querySelector("strong").textContent}`);
  one.addEventListener("click", () => put(row.dataset.mark));
  return one;
}

// In the field of articles a reference stands bare, with a comma between two.
function put(mark) {
  dialog.close();
  const isRefs = place.name === "cite";
  const text = isRefs ? mark.replace(/^\{pasal:|\}$/g, "") : mark;
  place.focus();
  if (isRefs && place.value.trim()) place.setRangeText(`${place.value.trim()}, ${text}`, 0, place.value.length, "end");
  else place.setRangeText(text, ...at, "end");
  place.dispatchEvent(new Event("input", { bubbles: true }));
}

// Where the cursor was: a dialog may take it away.
function open() {
  at = [place.selectionStart, place.selectionEnd];
  dialog.showModal();
  search.select();
}

for (const one of document.querySelectorAll("[data-pick-law]")) {
  one.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
}

editor.addEventListener("keydown", (event) => {
  if (!event.ctrlKey || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
  event.preventDefault();
  open();
});

search.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(find, 300);
});

dialog.querySelector("form").addEventListener("submit", (event) => {
  if (event.submitter?.value === "close") return;
  event.preventDefault();
  clearTimeout(pause);
  find();
});

dialog.addEventListener("close", () => place.focus());
