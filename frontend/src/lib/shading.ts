// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { isMeasure, type MeasureFile, measured, type Reading } from "./measures.ts";

export interface AreaProperties {
  code: string;
  name: string;
  level: string;
  nodes: number | null;
  found?: number | null;
  per1000: number | null;
  byFunction: Record<string, number> | null;
  coverage: string;
  few?: boolean;
  url?: string;
}

export const UNKNOWN = -1;
const BELIEVED = new Set(["covered", "partial"]);
export const CLASSES = 5;

/** What a shading asks: its kind (`aantal`, `per1000`, `functie`, or a measure of reach) and of what. */
export function readShading(shading: string): { kind: string; of: string } {
  const [kind = "", ...rest] = shading.split(":");
  return { kind, of: rest.join(":") };
}

/** What is known of an area under a shading; a measure of reach comes from its own file. */
export function reading(area: AreaProperties, shading: string, measure: MeasureFile | null): Reading {
  if (isMeasure(readShading(shading).kind))
    return measure ? measured(measure, area.code) : { sort: "unknown", why: "absent" };
  const value = figure(area, shading);
  if (value !== null) return { sort: "known", value };
  const least = bound(area, shading);
  return least === null ? { sort: "unknown", why: "" } : { sort: "bound", value: least };
}

/** The number or rate of places in an area; null where it is unknown, which is never zero. */
export function figure(area: AreaProperties, shading: string): number | null {
  const { kind, of } = readShading(shading);
  if (!BELIEVED.has(area.coverage)) return null;
  if (kind === "aantal") return area.nodes;
  if (kind === "per1000") return area.few ? null : area.per1000;
  if (kind === "functie" && area.nodes !== null) return area.byFunction?.[of] ?? 0;
  return null;
}

/**
 * What is known where the figure is not, because the sources are not complete: at least so many places.
 * Null where the figure is known, where nothing was found, and for a rate, which half a count would make too low.
 */
export function bound(area: AreaProperties, shading: string): number | null {
  const { kind, of } = readShading(shading);
  if (figure(area, shading) !== null || !area.found) return null;
  if (kind === "aantal") return area.found;
  return (kind === "functie" && area.byFunction?.[of]) || null;
}

/**
 * Class limits by quantiles: ascending lower limits, the first is the lowest figure. Equal figures never fall in two classes,
 * so there may be fewer classes than asked.
 */
export function limits(figures: readonly number[], classes: number = CLASSES): number[] {
  const sorted = [...figures].sort((a, b) => a - b);
  const starts = Array.from({ length: classes }, (_, index) => sorted[Math.floor((index * sorted.length) / classes)]);
  return [...new Set(starts.filter((value) => value !== undefined))];
}

/** The class of a figure: index in `limits`, or UNKNOWN. */
export function classOf(value: number | null, lower: readonly number[]): number {
  if (value === null || Number.isNaN(value)) return UNKNOWN;
  return lower.findLastIndex((limit) => value >= limit);
}

/** What each class holds, for the legend: its lowest and highest figure. */
export function ranges(figures: readonly number[], lower: readonly number[]): [number, number][] {
  return lower.map((from, index) => {
    const next = lower[index + 1] ?? Number.POSITIVE_INFINITY;
    return [from, Math.max(from, ...figures.filter((value) => value >= from && value < next))];
  });
}

/** Spreads n classes over the steps of a colour scale, so that few classes still differ clearly. */
export function step(index: number, classes: number, steps: number = CLASSES): number {
  return classes <= 1 ? Math.floor(steps / 2) : Math.round((index * (steps - 1)) / (classes - 1));
}
