// Makes the question form quicker: rows without a page load, keys, a preview that follows. All of it works without.
"use strict";
const form = document.querySelector("form[data-author]");

async function send(button) {
  const data = new FormData(form);
  data.set("aksi", button);
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer || (!answer.ok && answer.status !== 422)) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function swap(page, id) {
  const fresh = page.getElementById(id);
  if (fresh) document.getElementById(id).replaceChildren(...fresh.childNodes);
}

function rowOf(element) {
  return element.closest("[data-row]");
}

function rows() {
  return [...form.querySelectorAll("[data-row]")];
}

function say(text) {
  form.querySelector("[data-said]").textContent = text;
}

let waiting = 0;
let turn = 0;
let isUnsaved = form.hasAttribute("data-unsaved");

addEventListener("beforeunload", (event) => {
  if (isUnsaved) event.preventDefault();
});

form.addEventListener("submit", () => {
  isUnsaved = false;
});

async function changeRows(action) {
  clearTimeout(waiting);
  isUnsaved = true;
  const mine = ++turn;
  const page = await send(action);
  if (mine !== turn) return;
  if (!page?.getElementById("detail")) {
    // Signed out, or no line: what the button does without this script says so.
    form.requestSubmit(form.querySelector(`button[value="${action}"]`));
    return;
  }
  swap(page, "detail");
  swap(page, "pratinjau");
  const [, name, number] = action.split("-");
  const target = { add: rows().length - 1, up: Number(number) - 1, down: Number(number) + 1, delete: Math.max(0, Number(number) - 1) }[name];
  rows()[target]?.querySelector("textarea").focus();
  say({ add: form.dataset.added, delete: form.dataset.deleted }[name] || form.dataset.moved.replace("{n}", target + 1));
}

async function refresh() {
  const mine = ++turn;
  const page = await send("look");
  if (page && mine === turn) swap(page, "pratinjau");
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
  isUnsaved = true;
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 700);
});

form.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=save-new]"));
    return;
  }
  const row = rowOf(event.target);
  if (!row || event.target.tagName !== "TEXTAREA") return;
  const number = Number(row.dataset.row);
  const last = rows().length - 1;
  if (event.key === "Enter" && !event.shiftKey && !event.altKey && event.target.closest("details") === null) {
    event.preventDefault();
    if (number < last) rows()[number + 1].querySelector("textarea").focus();
    else if (form.querySelector("button[value=row-add]")) changeRows("row-add");
  } else if (event.altKey && event.key === "ArrowUp" && number > 0) {
    event.preventDefault();
    changeRows(`row-up-${number}`);
  } else if (event.altKey && event.key === "ArrowDown" && number < last) {
    event.preventDefault();
    changeRows(`row-down-${number}`);
  }
});
