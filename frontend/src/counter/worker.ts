// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

// The service worker of the counter: its page and files from the phone where there is no network. It sees no other page of the site.

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Asking extends Waiting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Worker {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(name: "install" | "activate", listener: (event: Waiting) => void): void;
  addEventListener(name: "fetch", listener: (event: Asking) => void): void;
}

const CACHE = "knopenkaart-counter";
/** Whoever has a bar of signal and no network gets the kept page after this. */
const PATIENCE_MS = 4_000;
const worker = self as unknown as Worker;

async function page(request: Request): Promise<Response> {
  const kept = await caches.open(CACHE);
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (fresh.ok) await kept.put(request.url, fresh.clone());
    // A link that is not there any more says so: what this phone still keeps is sent by another link of the same round.
    if (fresh.status < 500) return fresh;
    return (await kept.match(request.url, { ignoreVary: true })) ?? fresh;
  } catch {
    return (await kept.match(request.url, { ignoreVary: true })) ?? Response.error();
  }
}

async function file(request: Request): Promise<Response> {
  const kept = await caches.open(CACHE);
  return (await kept.match(request, { ignoreVary: true })) ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(event.request.mode === "navigate" ? page(event.request) : file(event.request));
});
