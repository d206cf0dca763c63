// Shows the note of a number or term where it stands. Without this script, or in an old browser, the link
// leads to the same note at the end of the text. Every word comes from the page.
"use strict";

(() => {
  if (!("popover" in HTMLElement.prototype)) return;

  const open = (link, note) => {
    const box = document.createElement("div");
    box.className = "pop";
    box.popover = "auto";
    box.tabIndex = -1;
    box.autofocus = true;
    box.lang = note.closest("[lang]")?.lang ?? "";
    box.append(...note.cloneNode(true).childNodes);
    box.querySelectorAll(".footnote-backref").forEach((back) => back.remove());
    box.addEventListener("toggle", (event) => {
      if (event.newState === "closed") box.remove();
    });
    link.after(box);
    box.showPopover();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.fact-value, a.term");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const note = document.getElementById(link.hash.slice(1));
    if (!note) return;
    event.preventDefault();
    open(link, note);
  });
})();
