// Keeps the page that checks without signal, as a stranger sees it, with all it needs; no other page.
const KEPT = "luring", PAGES = ["/periksa/luring", "/periksa/luring/en"], DATA = ["/periksa/kunci.json", "/periksa/dicabut.json"];
const PATIENCE = 5000;

const isGood = (reply) => reply.ok && reply.type === "basic" && !reply.redirected;
const fresh = async (url) => {
  const reply = await fetch(url, {credentials: "omit", cache: "no-cache", signal: AbortSignal.timeout(PATIENCE)});
  if (!isGood(reply)) throw new Error(url);
  return reply;
};
const keep = async () => {
  const cache = await caches.open(KEPT), pages = await Promise.all(PAGES.map(fresh));
  const texts = await Promise.all(pages.map((page) => page.clone().text()));
  const files = new Set([...texts.join().matchAll(/"(\/aset\/[^"]+)"/g)].map((found) => found[1]));
  const kept = (await cache.keys()).map(({url}) => new URL(url).pathname);
  // The pages last: whoever loses the signal in between has the whole pages of yesterday.
  await cache.addAll([...files].filter((file) => !kept.includes(file)));
  await Promise.all(pages.map((page, at) => cache.put(PAGES[at], page)));
  const old = kept.filter((path) => /^\/aset\/.*\.(js|css|webmanifest)$/.test(path) && !files.has(path));
  await Promise.all(old.map((path) => cache.delete(path, {ignoreVary: true})));
};
const data = async (path) => {
  const reply = await fresh(path);
  await (await caches.open(KEPT)).put(path, reply.clone());
  return reply;
};
const kept = async (path) => (await caches.open(KEPT)).match(path, {ignoreVary: true});
const orKept = async (path, ask) => {
  try {
    return await ask();
  } catch (error) {
    const copy = await kept(path);
    if (copy) return copy;
    throw error;
  }
};
const file = async (path) => {
  const copy = await kept(path);
  if (copy) return copy;
  const reply = await fetch(path);
  if (reply.ok) await (await caches.open(KEPT)).put(path, reply.clone());
  return reply;
};
const page = async (event) => {
  const reply = await fetch(event.request, {signal: AbortSignal.timeout(PATIENCE)});
  if (!isGood(reply)) throw new Error(event.request.url);
  event.waitUntil(keep().catch(() => {}));
  return reply;
};

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(Promise.all([keep(), ...DATA.map(data)]));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const {url, method, mode} = event.request, {origin, pathname} = new URL(url);
  if (origin !== location.origin || method !== "GET") return;
  if (mode === "navigate" && PAGES.includes(pathname)) event.respondWith(orKept(pathname, () => page(event)));
  else if (DATA.includes(pathname)) event.respondWith(orKept(pathname, () => data(pathname)));
  else if (pathname.startsWith("/aset/")) event.respondWith(file(pathname));
});
