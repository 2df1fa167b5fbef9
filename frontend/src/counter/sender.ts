// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { acknowledged, type Count, pause, snapshot, waits } from "../lib/counts.ts";
import { all, change } from "./store.ts";

/** Taps that follow each other are sent together. */
const GATHER_MS = 15_000;
/** What the server refused may be taken later: a closed round is opened again. */
const REFUSED_MS = 5 * 60_000;
const TIMEOUT_MS = 20_000;
const REFUSALS = new Set([403, 404, 409, 413, 422]);

type Outcome = "taken" | "refused" | "failed";

/** Sends what waits, again and again until the server has confirmed it. What a phone keeps is never thrown away before that. */
export class Sender {
  private timer = 0;
  private due = Number.POSITIVE_INFINITY;
  private failures = 0;
  private busy = false;
  private again = false;
  private readonly address: (count: Count) => string;
  private readonly told: () => void;

  constructor(address: (count: Count) => string, told: () => void) {
    this.address = address;
    this.told = told;
    addEventListener("online", () => this.now());
    addEventListener("pageshow", () => this.now());
    document.addEventListener("visibilitychange", () => this.now());
  }

  /** Whether the last attempt did not get through. */
  get cutOff(): boolean {
    return this.failures > 0 || !navigator.onLine;
  }

  /** Soon: there may be more to come. */
  soon(): void {
    this.plan(GATHER_MS);
  }

  /** At once, however often it failed before. */
  now(): void {
    void this.run();
  }

  private plan(wait: number): void {
    const due = Date.now() + wait;
    if (due >= this.due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = window.setTimeout(() => void this.run(), wait);
  }

  private async run(): Promise<void> {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    clearTimeout(this.timer);
    this.due = Number.POSITIVE_INFINITY;
    try {
      await this.sendAll();
    } finally {
      this.busy = false;
      this.told();
    }
    if (this.again) {
      this.again = false;
      await this.run();
    }
  }

  private async sendAll(): Promise<void> {
    const waiting = (await all()).filter(waits);
    const outcomes: Outcome[] = [];
    for (const count of waiting) outcomes.push(await this.send(count));
    if (outcomes.includes("failed")) {
      this.failures += 1;
      this.plan(pause(this.failures, Math.random()));
      return;
    }
    this.failures = 0;
    if (outcomes.includes("refused")) this.plan(REFUSED_MS);
  }

  private async send(count: Count): Promise<Outcome> {
    try {
      const answer = await fetch(this.address(count), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(snapshot(count)),
        keepalive: true,
        credentials: "omit",
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const said: { id?: string; seq?: number; code?: string } = await answer.json();
      if (answer.ok && said.id === count.id && typeof said.seq === "number") {
        const seq = said.seq;
        await change(count.id, (now) => acknowledged(now, seq));
        return "taken";
      }
      if (!REFUSALS.has(answer.status)) return "failed";
      await change(count.id, (now) => ({ ...now, refused: said.code ?? "unknown" }));
      return "refused";
    } catch {
      return "failed";
    }
  }
}
