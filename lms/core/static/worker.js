// Keeps lessons and the open quiz of one person for days without signal; no other page, and nobody else's.
// Who is signed in stands in X-Person of every page, 0 for nobody; what may be kept says "private, no-cache".
const FILES = "aset", OWN = "orang-", MOST = 80;

const owners = async () => (await caches.keys()).filter((name) => name.startsWith(OWN));
const forget = async (but) => Promise.all((await owners()).filter((name) => name !== but).map((name) => caches.delete(name)));
const put = async (cache, url, reply) => {
  await cache.put(url, reply);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST)).map((key) => cache.delete(key)));
};

const learn = async (url, reply) => {
  // A quiz that was handed in leads on to its result.
  if (reply.type === "opaqueredirect" || reply.redirected) {
    for (const name of await owners()) await (await caches.open(name)).delete(url);
    return;
  }
  const person = reply.headers.get("X-Person");
  if (!person) return;
  await forget(OWN + person);
  if (person === "0") return;
  const cache = await caches.open(OWN + person);
  await cache.delete(url);
  if (reply.ok && reply.headers.get("Cache-Control") === "private, no-cache") await put(cache, url, reply);
};

const page = async (event) => {
  const {url} = event.request;
  try {
    const reply = await fetch(event.request);
    event.waitUntil(learn(url, reply.clone()));
    return reply;
  } catch (error) {
    for (const name of await owners()) {
      const kept = await (await caches.open(name)).match(url, {ignoreVary: true});
      if (kept) return kept;
    }
    throw error;
  }
};

// Their names change with their content.
const file = async (url) => {
  const cache = await caches.open(FILES);
  const kept = await cache.match(url, {ignoreVary: true});
  if (kept) return kept;
  const reply = await fetch(url);
  if (reply.ok) await put(cache, url, reply.clone());
  return reply;
};

// Photos of lessons and pictures of questions never change: they stay as long as the pages of their reader do.
const picture = async (url) => {
  const names = await owners();
  for (const name of names) {
    const kept = await (await caches.open(name)).match(url, {ignoreVary: true});
    if (kept) return kept;
  }
  const reply = await fetch(url);
  const isFixed = reply.ok && /immutable/.test(reply.headers.get("Cache-Control"));
  if (isFixed && names.length) await put(await caches.open(names[0]), url, reply.clone());
  return reply;
};

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const {url, method, mode, destination} = event.request, {origin, pathname} = new URL(url);
  if (origin !== location.origin) return;
  if (method === "GET" && pathname.startsWith("/aset/")) event.respondWith(file(url));
  else if (method === "GET" && mode === "navigate") event.respondWith(page(event));
  else if (method === "GET" && destination === "image") event.respondWith(picture(url));
  else if (method === "POST" && pathname === "/keluar") event.waitUntil(forget());
});
// The page that was open before there was a worker; and pictures further down than its reader has come.
addEventListener("message", (event) => {
  const {url, files = [], pictures = []} = event.data;
  const learnt = Promise.all([url && fetch(url).then((reply) => learn(url, reply)), ...files.map(file)]);
  event.waitUntil(learnt.then(() => Promise.all(pictures.map(picture))).catch(() => {}));
});
