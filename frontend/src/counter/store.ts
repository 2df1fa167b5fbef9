// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { Count } from "../lib/counts.ts";

const NAME = "knopenkaart-counter";
const COUNTS = "counts";

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(COUNTS, { keyPath: "id" });
    request.onsuccess = () => {
      // The browser may close it (storage cleared): the next look opens it anew.
      request.result.onclose = () => {
        opened = undefined;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

/**
 * Changes a count on the phone and gives it back once it is on the disk: the transaction is durable before this resolves, so that what is
 * on the screen is never more than what a dead battery leaves. Reading and writing are one transaction: two tabs lose nothing.
 */
export async function change(id: string, how: (count: Count) => Count): Promise<Count | undefined> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const work = database.transaction(COUNTS, "readwrite", { durability: "strict" });
    const store = work.objectStore(COUNTS);
    let result: Count | undefined;
    const reading: IDBRequest<Count | undefined> = store.get(id);
    reading.onsuccess = () => {
      if (reading.result === undefined) return;
      result = how(reading.result);
      if (result !== reading.result) store.put(result);
    };
    work.oncomplete = () => resolve(result);
    work.onabort = () => reject(work.error);
  });
}

export async function add(count: Count): Promise<Count> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const work = database.transaction(COUNTS, "readwrite", { durability: "strict" });
    work.objectStore(COUNTS).add(count);
    work.oncomplete = () => resolve(count);
    work.onabort = () => reject(work.error);
  });
}

export async function all(): Promise<Count[]> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const reading: IDBRequest<Count[]> = database.transaction(COUNTS).objectStore(COUNTS).getAll();
    reading.onsuccess = () => resolve(reading.result);
    reading.onerror = () => reject(reading.error);
  });
}

export async function remove(id: string): Promise<void> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const work = database.transaction(COUNTS, "readwrite");
    work.objectStore(COUNTS).delete(id);
    work.oncomplete = () => resolve();
    work.onabort = () => reject(work.error);
  });
}
