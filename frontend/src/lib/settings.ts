// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

/** How a setting reads beside its slider: 1,25 times what is assumed, or a part in per cents. */
export function told(value: number, kind: string, language: string, times: string): string {
  if (kind === "percent")
    return `${new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(value * 100)} %`;
  const number = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);
  return times.replace("%(number)s", number);
}

/** The address of the page with these settings, and that of the part that is shown anew. */
export function addresses(page: string, fields: Iterable<[string, string]>): { page: string; part: string } {
  const query = new URLSearchParams([...fields]);
  const own = `${page}?${query}`;
  query.set("deel", "1");
  return { page: own, part: `${page}?${query}` };
}

/** Of many questions only the last one is answered: an answer that comes after a newer question is dropped, and so is its failure. */
export function newest<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  tell: (answer: T) => void,
  fail: () => void,
): () => Promise<void> {
  let running: AbortController | undefined;
  return async () => {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    try {
      const answer = await ask(mine.signal);
      if (running === mine) tell(answer);
    } catch {
      if (running === mine) fail();
    }
  };
}
