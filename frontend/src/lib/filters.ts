// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { NEIGHBOUR, type Place, SMALL_SPOT } from "./places.ts";
import { words } from "./text.ts";

/** Names of filters in the address bar, in the order in which they are written; the same on map, list and download. */
export const FILTER_NAMES = [
  "q",
  "functie",
  "soort",
  "archetype",
  "wijk",
  "status",
  "open",
  "rolstoel",
  "plekjes",
  "buren",
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];
export type Filters = ReadonlyMap<FilterName, readonly string[]>;

/** Filters from a query string or a form; empty values do not count. */
export function readFilters(parameters: URLSearchParams): Filters {
  const filters = new Map<FilterName, readonly string[]>();
  for (const name of FILTER_NAMES) {
    const values = parameters
      .getAll(name)
      .map((value) => value.trim())
      .filter(Boolean);
    const off = name === "buren" && values.at(-1) !== "nee";
    if (values.length > 0 && !off) filters.set(name, [...new Set(values)]);
  }
  return filters;
}

/** How many filters are on, not counting the search words. */
export function countFilters(filters: Filters): number {
  return [...filters].reduce((sum, [name, values]) => sum + (name === "q" ? 0 : values.length), 0);
}

/**
 * A test for places: a place matches any value of one name, and all names.
 * Small spots are left in: the map draws them apart, from a high zoom or when asked.
 */
export function matcher(filters: Filters): (place: Place) => boolean {
  const tests = [...filters].flatMap(([name, values]) => test(name, values));
  if (!filters.has("status")) tests.push((place) => place.status !== "closed");
  return (place) => tests.every((holds) => holds(place));
}

function test(name: FilterName, values: readonly string[]): ((place: Place) => boolean)[] {
  switch (name) {
    case "q": {
      const sought = words(values.join(" "));
      return [(place) => sought.every((word) => place.haystack.includes(word))];
    }
    case "functie":
      return [(place) => values.some((value) => place.functions.includes(value))];
    case "soort":
      return [(place) => values.includes(place.kind)];
    case "archetype":
      return [(place) => values.includes(place.archetype)];
    case "wijk":
      return [
        (place) => values.some((code) => code === place.wijk || code === place.buurt || code === place.municipality),
      ];
    case "status":
      return [(place) => values.includes(place.status)];
    case "open":
      return values.includes("nu") ? [(place) => place.openNow === 1] : [];
    case "rolstoel":
      return values.includes("ja") ? [(place) => place.wheelchair === "yes"] : [];
    case "buren":
      return values.includes("nee") ? [(place) => (place.flags & NEIGHBOUR) === 0] : [];
    case "plekjes":
      return [];
  }
}

/** What the count says: small spots count only when asked for. */
export function countShown(places: readonly Place[], filters: Filters): number {
  const asked = filters.has("plekjes");
  return places.filter((place) => asked || (place.flags & SMALL_SPOT) === 0).length;
}
