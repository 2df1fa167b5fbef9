// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

/** What is known of one area: a number, a number that is only a bound, that it lies beyond every number that is told, or nothing. */
export type Reading =
  | { sort: "known" | "bound"; value: number }
  | { sort: "low" | "high" }
  | { sort: "unknown"; why: string };

export interface MeasuredArea {
  value: number | null;
  why?: string;
  complete: boolean;
}

/** When and from what something was reckoned. */
export interface Made {
  made_at?: string;
  stale?: boolean;
  failed?: boolean;
  sources?: string;
}

/** One measure of reach of all areas (docs/reference/map-data.md), with the choices that it was made for; null for a choice that plays no part. */
export interface MeasureFile extends Made {
  measure: string;
  what: string | null;
  group: string | null;
  minutes: number | null;
  mode: string | null;
  slot: string | null;
  longest: number;
  areas: Record<string, MeasuredArea>;
}

/** The choices beside the measure itself, by their name in the address; absent: the usual one. */
export type Details = Readonly<Record<string, string>>;

export const DETAILS = ["groep", "minuten", "hoe"] as const;

/** Which choices play a part in a measure. `dagdeel` is chosen apart and stands in the shading itself. */
const MATTERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["minuten", ["groep", "hoe"]],
  ["zonder", ["groep", "minuten", "hoe"]],
  ["keuze", ["groep", "hoe"]],
  ["perplek", ["groep"]],
  ["open", ["dagdeel"]],
]);

export const ALL_DETAILS: readonly string[] = [...new Set([...MATTERS.values()].flat())];

/** Whether a kind of shading is a measure of reach, which is fetched apart. */
export function isMeasure(kind: string): boolean {
  return MATTERS.has(kind);
}

/** The names of the choices that play a part in a kind of shading. */
export function matters(kind: string): readonly string[] {
  return MATTERS.get(kind) ?? [];
}

/** The query string that asks the server for a measure. */
export function measureQuery(kind: string, of: string, details: Details): string {
  const query = new URLSearchParams({ meting: kind });
  if (of) query.set(kind === "open" ? "dagdeel" : "wat", of);
  for (const name of DETAILS) if (matters(kind).includes(name) && details[name]) query.set(name, details[name]);
  return query.toString();
}

/** Whether what the sources lack makes a figure too high; otherwise it makes it too low. */
export function isAtMost(kind: string): boolean {
  return kind === "minuten" || kind === "zonder";
}

/** Whether a number that the sources may change tells something: "at least 0" does not, nor does half of a sum over all places. */
function isBound(kind: string, value: number): boolean {
  return isAtMost(kind) || (kind !== "perplek" && value > 0);
}

/**
 * On which side of all numbers an area lies that has none: farther than is looked, or no place at all; the figure counts almost nobody
 * (fewer than ten people), or almost everybody (all but fewer than ten).
 */
const BEYOND: ReadonlyMap<string, "low" | "high"> = new Map([
  ["far", "high"],
  ["some", "low"],
  ["most", "high"],
]);

/** What is known of an area under a measure; an area that is not in the file is one where nobody could be placed. */
export function measured(file: MeasureFile, code: string): Reading {
  const area = file.areas[code];
  if (!area) return { sort: "unknown", why: "absent" };
  if (area.value !== null) {
    if (area.complete) return { sort: "known", value: area.value };
    return isBound(file.measure, area.value)
      ? { sort: "bound", value: area.value }
      : { sort: "unknown", why: "partial" };
  }
  const why = area.why ?? "";
  const beyond = BEYOND.get(why);
  if (!beyond) return { sort: "unknown", why };
  const holds = area.complete || isBoundBeyond(file.measure, beyond);
  return holds ? { sort: beyond } : { sort: "unknown", why: "partial" };
}

/** Whether it holds of an area that the sources hold partly: "at most almost nobody" and "at least almost everybody" do. */
function isBoundBeyond(kind: string, beyond: "low" | "high"): boolean {
  return isAtMost(kind) ? beyond === "low" : kind === "open" && beyond === "high";
}
