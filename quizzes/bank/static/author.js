// Makes the question form quicker: rows without a page load, keys, a phone that follows. All of it works without.
const form = document.querySelector("form[data-author]");
const SOON = 400;

// Other scripts of this page speak to this one by these two: "author:changed" is sent, author.* is called.
const author = (window.author = { form, send, swap, look, say, tell, fill, fields, isSame });

async function send(button, data = new FormData(form), options = {}) {
  data.set("aksi", button);
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html" }, ...options }).catch(() => null);
  if (!answer || (!answer.ok && answer.status !== 422)) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function swap(page, id) {
  const fresh = page.getElementById(id);
  const here = document.getElementById(id);
  if (fresh && here) here.replaceChildren(...fresh.childNodes);
}

function rows() {
  return [...form.querySelectorAll("[data-row]")];
}

// What a row begins with, as far as it can be seen.
function beginOf(row) {
  const parts = row ? [...row.querySelectorAll("textarea,input[type=text],summary")] : [];
  return parts.find((one) => one.matches("summary") || !one.closest("details:not([open])"));
}

function say(text) {
  form.querySelector("[data-said]").textContent = text;
}

// A sentence everybody sees, where it is written how things stand.
function tell(text) {
  form.querySelector("[data-kept]").textContent = text;
}

function fields() {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !["csrf_token", "slot", "aksi"].includes(name));
}

function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// Whatever a form is too long for is not sent along with every letter.
function isHuge() {
  return fields().reduce((sum, [, value]) => sum + value.length, 0) > Number(form.dataset.most);
}

function changed() {
  isUnsaved = true;
  form.dispatchEvent(new CustomEvent("author:changed"));
}

let waiting = 0;
let turn = 0;
let typed = 0;
let under = null;
let isMoving = false;
let isUnsaved = form.hasAttribute("data-unsaved");
const undone = [];

addEventListener("beforeunload", (event) => {
  if (isUnsaved) event.preventDefault();
});

form.addEventListener("author:kept", () => {
  isUnsaved = false;
});

form.addEventListener("author:leaving", () => {
  isUnsaved = false;
});

// A place to type in until the new row is there: nothing typed meanwhile is lost.
function waitingRow(after, text) {
  const one = document.createElement("textarea");
  one.className = "grows";
  one.rows = 1;
  one.value = text;
  one.dataset.waiting = "";
  one.setAttribute("aria-label", form.dataset.added);
  after.querySelector(".key-text").append(one);
  one.focus();
  return one;
}

async function changeRows(action, from = rows().at(-1), begun = "") {
  if (isMoving) return;
  isMoving = true;
  clearTimeout(waiting);
  turn += 1;
  const before = fields();
  const data = new FormData(form);
  const typing = action === "row-add" && from ? waitingRow(from, begun) : null;
  const page = await send(action, data);
  isMoving = false;
  const text = typing?.value || "";
  typing?.remove();
  if (!page?.getElementById("detail")) {
    // Signed out, or no line: what the button does without this script says so.
    form.requestSubmit(form.querySelector(`button[value="${action}"]`));
    return;
  }
  const meanwhile = typing ? fields().filter((pair) => !before.some((old) => isSame(old, pair))) : [];
  if (!typing) undone.push(before);
  draw(page, meanwhile);
  arrive(action, text);
}

function draw(page, pairs) {
  for (const id of ["detail", "pratinjau", "ringkasan"]) swap(page, id);
  fill(pairs);
  changed();
}

// The focus goes to the row it was about; lines typed or pasted beyond the first become rows of their own.
function arrive(action, text) {
  const [, name, number] = action.split("-");
  const target = { add: rows().length - 1, up: Number(number) - 1, down: Number(number) + 1, delete: Math.max(0, Number(number) - 1) }[name];
  const [first, ...more] = text.split("\n");
  const begin = beginOf(rows()[target]);
  begin?.focus();
  if (first && begin?.matches("textarea,input")) begin.setRangeText(first, 0, 0, "end");
  say({ add: form.dataset.added, delete: form.dataset.deleted }[name] || form.dataset.moved.replace("{n}", target + 1));
  if (more.length && form.querySelector("button[value=row-add]")) changeRows("row-add", rows()[target], more.join("\n"));
  else if (text) look();
}

// Puts values into the fields of these names, as far as they are there.
function fill(pairs) {
  for (const name of new Set(pairs.map(([name]) => name))) {
    const values = pairs.filter(([other]) => other === name).map(([, value]) => value);
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (field.type !== "file") field.value = values[0];
    }
  }
}

// Shows the rows as they were: the server draws them from what was in the fields.
author.show = async (pairs) => {
  const data = new FormData();
  for (const one of ["csrf_token", "slot"]) data.set(one, form.elements[one].value);
  for (const [name, value] of pairs) data.append(name, value);
  const page = await send("look", data);
  if (!page?.getElementById("detail")) return false;
  draw(page, pairs);
  return true;
};

async function undo() {
  const before = undone.pop();
  if (!before) return;
  const own = before.filter(([name]) => name.startsWith("detail-"));
  const rest = fields().filter(([name]) => !name.startsWith("detail-"));
  if (await author.show([...rest, ...own])) {
    say(form.dataset.restored);
    beginOf(rows()[0])?.focus();
  }
}

async function refresh() {
  if (isMoving) return look();
  if (isHuge()) return;
  under?.abort();
  under = new AbortController();
  const mine = ++turn, before = typed, file = form.querySelector("input[type=file]"), isSent = file?.files.length > 0;
  const page = await send("look", new FormData(form), { signal: under.signal });
  if (!page || mine !== turn) return;
  swap(page, "pratinjau");
  swap(page, "ringkasan");
  // A file is kept once, shown at its field and not sent again; what is typed meanwhile stays.
  if (!isSent || before !== typed) return;
  const isHere = document.activeElement === file;
  swap(page, "detail");
  if (isHere) document.getElementById(file.id)?.focus();
}

function look() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, SOON);
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=aksi]");
  if (button?.value.startsWith("row-")) {
    event.preventDefault();
    changeRows(button.value);
  } else if (button?.value === "look" && matchMedia("(min-width:64rem)").matches) {
    event.preventDefault();
    refresh();
  }
});

form.addEventListener("input", () => {
  typed += 1;
  changed();
  look();
});

function press(value) {
  const button = form.querySelector(`button[value="${value}"]`);
  if (button && !button.disabled) form.requestSubmit(button);
}

// Shortcuts of the whole form: none is a single letter.
function shortcut(event) {
  if (!event.ctrlKey || event.metaKey) return false;
  if (event.key === "Enter") press("save-new");
  else if (event.key.toLowerCase() === "s" && !event.altKey && !event.shiftKey) press("save");
  else if (event.code === "KeyZ" && event.altKey && undone.length) undo();
  else if (event.key === "/") openKeys();
  else return false;
  return true;
}

function openKeys() {
  const list = document.getElementById("pintasan");
  list.open = true;
  list.querySelector("summary").focus();
}

// What keys do in a row; a field of several lines keeps its Enter.
function inRow(event, row) {
  const number = Number(row.dataset.row);
  const last = rows().length - 1;
  const field = event.target;
  // What is typed before the new row is there gets its rows when it comes.
  if (field.matches("[data-waiting]")) return false;
  const isLine = field.matches("textarea,input[type=text]") && field.dataset.lines === undefined && !field.closest("details");
  if (event.altKey && event.key === "ArrowUp" && number > 0) changeRows(`row-up-${number}`);
  else if (event.altKey && event.key === "ArrowDown" && number < last) changeRows(`row-down-${number}`);
  else if (event.altKey && event.key === "Delete" && !form.querySelector(`button[value="row-delete-${number}"]`)?.disabled) changeRows(`row-delete-${number}`);
  else if (event.altKey && event.key === "Enter") row.querySelector("input[name$=right]")?.click();
  else if (event.key === "Enter" && !event.shiftKey && !event.altKey && isLine) next(row, number, last, field);
  else return false;
  return true;
}

// To the next field of this row that is one line too, else to the next row, else a new one.
function next(row, number, last, field) {
  const own = [...row.querySelectorAll("textarea,input[type=text]")].filter((one) => one.dataset.lines === undefined && !one.closest("details"));
  const beside = own[own.indexOf(field) + 1];
  if (beside) beside.focus();
  else if (number < last) beginOf(rows()[number + 1])?.focus();
  else if (form.querySelector("button[value=row-add]")) changeRows("row-add", row);
}

// Several lines pasted into the last row become as many rows.
form.addEventListener("paste", (event) => {
  const row = event.target.closest("[data-row]");
  const lines = (event.clipboardData?.getData("text/plain") || "").split(/\r?\n/).filter((line) => line.trim());
  const isLast = row && Number(row.dataset.row) === rows().length - 1 && event.target === beginOf(row);
  if (event.defaultPrevented || !isLast || lines.length < 2 || event.target.dataset.lines !== undefined || !form.querySelector("button[value=row-add]")) return;
  event.preventDefault();
  event.target.setRangeText(lines[0], event.target.selectionStart, event.target.selectionEnd, "end");
  changeRows("row-add", row, lines.slice(1).join("\n"));
});

form.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  const row = event.target.closest("[data-row]");
  if (shortcut(event) || (row && !event.ctrlKey && inRow(event, row))) event.preventDefault();
});
