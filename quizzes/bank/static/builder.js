// The quiz builder without waiting for whole pages: forms marked data-live are sent from here, and what the
// server draws takes the place of what stood there. Without this script the same forms load the page.
(() => {
  "use strict";
  const told = document.querySelector("[data-told]");
  const part = () => document.getElementById("pembangun");

  function addressOf(form) {
    const url = new URL(form.action);
    if (form.method === "get") url.search = new URLSearchParams(new FormData(form)).toString();
    return url;
  }

  function remembered() {
    const focus = document.activeElement;
    const open = [...part().querySelectorAll("details[id][open]")].map((one) => one.id);
    return { id: focus.id, name: focus.name, value: focus.value, open, y: window.scrollY };
  }

  function restore({ id, name, value, open, y }) {
    open.forEach((one) => document.getElementById(one)?.setAttribute("open", ""));
    const buttons = [...part().querySelectorAll("button")];
    const wanted = (id && document.getElementById(id)) || buttons.find((one) => one.name === name && one.value === value);
    const target = wanted && !wanted.disabled ? wanted : wanted?.closest("[data-place]")?.querySelector("button:enabled");
    window.scrollTo(0, y);
    target?.focus({ preventScroll: true });
  }

  async function send(form, button, isWanted) {
    const before = remembered();
    const url = addressOf(form);
    const data = new FormData(form, button);
    const reply = await fetch(url, form.method === "get" ? {} : { method: "POST", body: data });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (!isWanted()) return;
    const fresh = page.getElementById("pembangun");
    if (!fresh) {
      // Signed out, or somebody else has changed it: the page that says so.
      document.documentElement.replaceWith(page.documentElement);
      return;
    }
    const messages = page.querySelector(".messages");
    document.querySelectorAll(".messages").forEach((one) => one.remove());
    part().replaceWith(fresh);
    if (messages) fresh.prepend(messages);
    if (form.method === "get") history.replaceState(null, "", url);
    restore(before);
    told.textContent = messages?.textContent.trim() || fresh.dataset.say;
  }

  // A look at what there is gives way to whatever is asked after it; a change is waited for.
  // Who leaves meanwhile leaves after it: the next page is to know of it.
  let turn = 0;
  let changing = false;
  let next = "";
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-live]") || event.defaultPrevented) return;
    event.preventDefault();
    if (changing) return;
    const mine = ++turn;
    changing = form.method === "post";
    part().setAttribute("aria-busy", "true");
    try {
      await send(form, event.submitter, () => mine === turn);
    } catch {
      if (mine !== turn) return;
      told.textContent = part().dataset.lost;
      told.classList.remove("visually-hidden");
      told.className = "message warning";
    } finally {
      if (mine === turn) {
        changing = false;
        part()?.removeAttribute("aria-busy");
        if (next) location.assign(next);
        next = "";
      }
    }
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!changing || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    next = link.href;
  });

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-changing]")) form.requestSubmit();
  });

  document.addEventListener("keydown", (event) => {
    const place = event.target.closest("[data-place]");
    if (!place || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const button = place.querySelector(`button[value^="${event.key === "ArrowUp" ? "up" : "down"}-"]`);
    if (button && !button.disabled) {
      button.focus();
      button.form.requestSubmit(button);
    }
  });
})();
