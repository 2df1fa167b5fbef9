// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

/** What a phone keeps of one count. `seq` grows with every change, `acked` is the last that the server has confirmed. */
export interface Count {
  id: string;
  round: string;
  send: string;
  mode: "count" | "observe";
  date: string;
  slot: string;
  door: string;
  started: string;
  ended: string | null;
  seen: string;
  state: "open" | "closed";
  weather: string;
  remark: string;
  counts: Record<string, number>;
  /** The buttons that were pressed last, for undo. */
  taps: string[];
  seq: number;
  acked: number;
  /** Why the server refused it, until it takes it. */
  refused: string;
}

export interface Slot {
  id: string;
  label: string;
  weekday: number;
  start: string;
  end: string;
}

export const MOST_TAPS = 200;
export const SEPARATOR = "|";

export function total(count: Count): number {
  return Object.values(count.counts).reduce((sum, people) => sum + people, 0);
}

/** One more; the count as it then is, or the same where there is nothing to do. */
export function tapped(count: Count, key: string, now: string): Count {
  if (count.state !== "open") return count;
  const counts = { ...count.counts, [key]: (count.counts[key] ?? 0) + 1 };
  return changed(count, { counts, taps: [...count.taps, key].slice(-MOST_TAPS), seen: now });
}

/** One less of what was pressed last. */
export function undone(count: Count, now: string): Count {
  const key = count.taps.at(-1);
  if (count.state !== "open" || key === undefined) return count;
  const counts = { ...count.counts, [key]: Math.max(0, (count.counts[key] ?? 0) - 1) };
  return changed(count, { counts, taps: count.taps.slice(0, -1), seen: now });
}

export function changed(count: Count, values: Partial<Count>): Count {
  return { ...count, ...values, seq: count.seq + 1 };
}

/** What the server confirmed; what was changed meanwhile still waits. */
export function acknowledged(count: Count, seq: number): Count {
  return { ...count, acked: Math.max(count.acked, seq), refused: "" };
}

export function waits(count: Count): boolean {
  return count.acked < count.seq;
}

/** The body of a request: the whole count as it stands. */
export function snapshot(count: Count): Record<string, unknown> {
  const { id, seq, date, slot, door, started, ended, seen, state, weather, remark } = count;
  const common = { id, seq, date, slot, door, started, ended, seen, state, weather, remark };
  if (count.mode === "count") return { ...common, counts: count.counts };
  const observations = Object.entries(count.counts)
    .filter(([, number]) => number > 0)
    .map(([key, number]) => {
      const [posture = "", activity = "", group_size = "", age_group = ""] = key.split(SEPARATOR);
      return { posture, activity, group_size, age_group, number };
    });
  return { ...common, observations };
}

/** How long to wait before the next attempt, in milliseconds: twice as long after each failure, up to half a minute; not all phones together. */
export function pause(failures: number, chance: number): number {
  return Math.min(30_000, 2_000 * 2 ** Math.max(0, failures - 1)) * (0.75 + chance / 2);
}

const pad = (value: number): string => String(value).padStart(2, "0");

/** The day of a moment as people here have it: 2026-03-02. */
export function dayOf(moment: Date): string {
  return `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())}`;
}

/** The time of a moment as people here have it: 09:05. */
export function timeOf(moment: Date): string {
  return `${pad(moment.getHours())}:${pad(moment.getMinutes())}`;
}

/** A moment to the minute, with its time zone. */
export function minute(moment: Date): string {
  return `${moment.toISOString().slice(0, 16)}Z`;
}

/** The moment of a time on a day here; 24:00 is the next midnight. */
export function at(day: string, time: string): Date {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const moment = new Date(`${day}T00:00`);
  moment.setHours(hours, minutes);
  return moment;
}

/** The day nearest to a wanted one within a period. */
export function within(day: string, first: string, last: string): string {
  return day < first ? first : day > last ? last : day;
}

export function slotsOn(slots: readonly Slot[], day: string): Slot[] {
  const weekday = new Date(`${day}T12:00`).getDay() || 7;
  return slots.filter((slot) => slot.weekday === weekday);
}

/** The daypart of that day which is on now, or else the first that is still to come, or else the last. */
export function slotAt(slots: readonly Slot[], day: string, time: string): Slot | undefined {
  const today = slotsOn(slots, day);
  return today.find((slot) => time < slot.end) ?? today.at(-1);
}
