// Counts the words of a text while it is written; the server says the same after a save. Said once the writer rests.
let resting;
document.addEventListener("input", ({target}) => {
  const words = target.dataset, box = words.words && document.getElementById(words.words);
  if (!box) return;
  const n = target.value.split(/\s+/).filter(Boolean).length;
  const kind = n && n < +words.fewest ? "short" : +words.most && n > +words.most ? "long" : "counted";
  box.textContent = words[kind].replace("{n}", n);
  clearTimeout(resting);
  resting = setTimeout(() => { document.getElementById(`${box.id}-said`).textContent = box.textContent; }, 1500);
});

// To the page of the file once what was written has arrived; where nothing is sent by itself, the button does both.
document.querySelectorAll("[data-leave]").forEach((link) => {
  const kept = link.closest(".question").querySelector("[data-kept]");
  if (!kept) return;
  const leave = () => {
    if (/saving|phone|out/.test(kept.dataset.state)) setTimeout(leave, 300);
    else location.assign(link.href);
  };
  link.hidden = false;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    // The quiz waits 400 ms before it sends.
    setTimeout(leave, 600);
  });
});
