// What keeps the page in the phone? KEPT (version and files) stands in front of this script.
// A version is kept as a whole or not at all, and served from the phone first. Nothing here
// touches what was saved: that lies in IndexedDB, which no version of the page clears.
const CACHE = `gcvag-falt-${KEPT.version}`;
const HOME = KEPT.files[0];
const worker = /** @type {any} */ (self);

worker.addEventListener("install", (event) => { event.waitUntil(keep()); });
worker.addEventListener("activate", (event) => { event.waitUntil(takeOver()); });

// A version that lacks a file never takes over; what it holds so far is written anew next time.
async function keep() {
  const cache = await caches.open(CACHE);
  await Promise.all(KEPT.files.map(async (file) => {
    const answer = await fetch(file, { cache: "reload", credentials: "same-origin" });
    if (!answer.ok || answer.redirected) { throw new Error(`${file}: ${answer.status}`); }
    await cache.put(file, answer);
  }));
  await worker.skipWaiting();
}

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith("gcvag-falt-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

worker.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) { return; }
  const file = event.request.mode === "navigate" && address.pathname === HOME ? HOME : address.pathname;
  if (KEPT.files.includes(file)) { event.respondWith(kept(file, event.request)); }
});

async function kept(file, request) {
  const cache = await caches.open(CACHE);
  return await cache.match(file) || fetch(request);
}
