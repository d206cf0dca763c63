// Starts what keeps pages for days without signal; whoever signs out takes along the answers that were sent.
(() => {
const {person} = document.currentScript.dataset, worker = navigator.serviceWorker;

const introduce = async () => {
  const isFirst = !worker.controller, isKept = /\/materi\/\d+$|\/percobaan\/\d+$/.test(location.pathname);
  const all = (selector) => [...document.querySelectorAll(selector)].map((one) => one.src || one.href);
  await worker.register("/pekerja.js");
  const {active} = await worker.ready, pictures = isKept ? all("img[loading=lazy]") : [];
  if (isFirst) active.postMessage({pictures, files: all("script[src],link[href*='/aset/']"), url: isKept && location.pathname});
  else if (pictures.length) active.postMessage({pictures});
};
if (worker) introduce().catch(() => {});

document.addEventListener("submit", ({target}) => {
  if (new URL(target.action).pathname !== "/keluar") return;
  try {
    Object.keys(localStorage).filter((key) => key.startsWith(`quiz:${person}:`)).forEach((key) => {
      const waiting = JSON.parse(localStorage[key]).filter((entry) => !entry.sent);
      if (waiting.length) localStorage[key] = JSON.stringify(waiting); else delete localStorage[key];
    });
  } catch { }
});
})();
