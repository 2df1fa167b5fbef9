// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

/** JSON from an address of the page's own host. Rejects where it cannot be had. */
export async function fetchJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return (await response.json()) as T;
}

/** What was asked for: null where it could not be had, which is then `failed`, and where nothing was asked. */
export interface Got<T> {
  data: T | null;
  failed: boolean;
}

/** What a page fetches when it is first asked for: each address once, and anew after it failed. */
export class Fetched {
  readonly #held = new Map<string, Promise<unknown>>();

  /** What stands at an address; null for nothing to ask. Never rejects. */
  async get<T>(url: string | null): Promise<Got<T>> {
    if (url === null) return { data: null, failed: false };
    const held = this.#held.get(url) ?? fetchJson<T>(url);
    this.#held.set(url, held);
    try {
      return { data: (await held) as T, failed: false };
    } catch {
      this.#held.delete(url);
      return { data: null, failed: true };
    }
  }
}
