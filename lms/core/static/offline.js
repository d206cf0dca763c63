// Starts what keeps pages for days without signal; whoever signs out takes along the answers that were sent.
(() => {
const {person} = document.currentScript.dataset, worker = navigator.serviceWorker;

const introduce = async () => {
  const isFirst = !worker.controller;
  await worker.register("/pekerja.js");
  const {active} = await worker.ready;
  if (!isFirst) return;
  const files = [...document.querySelectorAll("script[src],link[href*='/aset/']")].map((one) => one.src || one.href);
  active.postMessage({files, url: /\/materi\/\d+$|\/percobaan\/\d+$/.test(location.pathname) && location.pathname});
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
