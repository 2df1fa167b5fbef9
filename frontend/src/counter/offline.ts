// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { config } from "./page.ts";

const CACHE = "knopenkaart-counter";
const ROOM_BYTES = 1_000_000;

/** Keeps the page, in both languages, with its files on the phone; from then on it opens without a network. */
export async function keepPage(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const files = [
    ...document.querySelectorAll<HTMLLinkElement | HTMLScriptElement>("link[rel=stylesheet], script[src]"),
  ];
  const addresses = files.map((file) => (file instanceof HTMLLinkElement ? file.href : file.src));
  try {
    for (const { file, scope } of config.workers) await navigator.serviceWorker.register(file, { scope });
    const kept = await caches.open(CACHE);
    for (const address of addresses) if (!(await kept.match(address))) await kept.add(address);
    for (const address of config.pages) await kept.add(new Request(address, { cache: "no-cache" }));
    await navigator.storage?.persist?.();
    document.documentElement.dataset.kept = "yes";
  } catch {
    // Without a network, or without room: the page works as long as it stays open.
  }
}

/** Whether there is room for a count; a phone that is full says so before somebody counts for an hour. */
export async function hasRoom(): Promise<boolean> {
  const told = await navigator.storage?.estimate?.().catch(() => undefined);
  return !told?.quota || told.quota - (told.usage ?? 0) > ROOM_BYTES;
}

let lock: { release(): Promise<void> } | undefined;

/** The screen stays on while somebody counts, where the phone can do that. */
export async function stayAwake(wanted: boolean): Promise<void> {
  const held = lock;
  lock = undefined;
  await held?.release().catch(() => undefined);
  if (!wanted || !("wakeLock" in navigator)) return;
  lock = await navigator.wakeLock.request("screen").catch(() => undefined);
}
