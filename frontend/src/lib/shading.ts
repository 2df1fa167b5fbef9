// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

export interface AreaReach {
  /** Minutes on foot within which half of the residents have one, per thing looked for; more than the longest time: one more. */
  minutes: Record<string, number>;
  /** Share of the residents without one near, per thing looked for. */
  without: Record<string, number>;
  complete: boolean;
}

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
  reach?: AreaReach | null;
  url?: string;
}

export const UNKNOWN = -1;
const BELIEVED = new Set(["covered", "partial"]);
export const CLASSES = 5;

/** What a shading asks (`aantal`, `per1000`, `functie:<id>`, `minuten:<what>`, `zonder:<what>`): its kind and of what. */
export function readShading(shading: string): { kind: string; of: string } {
  const [kind = "", ...rest] = shading.split(":");
  return { kind, of: rest.join(":") };
}

/** The figure of an area under a shading; null where it is unknown, which is never zero. Shares in percents, minutes rounded up. */
export function figure(area: AreaProperties, shading: string): number | null {
  const { kind } = readShading(shading);
  if (isReach(kind)) return area.reach?.complete ? reached(area, shading) : null;
  if (!BELIEVED.has(area.coverage)) return null;
  if (kind === "aantal") return area.nodes;
  if (kind === "per1000") return area.few ? null : area.per1000;
  if (kind === "functie" && area.nodes !== null) return area.byFunction?.[readShading(shading).of] ?? 0;
  return null;
}

/**
 * What is known where the figure is not, because the sources are not complete: at least so many places, at most so many minutes or percents.
 * Null where the figure is known, where nothing was found, and for a rate, which half a count would make too low.
 */
export function bound(area: AreaProperties, shading: string): number | null {
  const { kind, of } = readShading(shading);
  if (figure(area, shading) !== null) return null;
  if (isReach(kind)) return reached(area, shading);
  if (!area.found) return null;
  if (kind === "aantal") return area.found;
  return (kind === "functie" && area.byFunction?.[of]) || null;
}

/** Whether a shading tells how far people have to walk; what a source lacks then makes a figure too high, and otherwise too low. */
export function isReach(kind: string): boolean {
  return kind === "minuten" || kind === "zonder";
}

function reached(area: AreaProperties, shading: string): number | null {
  const { kind, of } = readShading(shading);
  const minutes = area.reach?.minutes[of];
  if (kind === "minuten") return minutes === undefined ? null : Math.ceil(minutes);
  const share = area.reach?.without[of];
  return share === undefined ? null : Math.round(share * 100);
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
