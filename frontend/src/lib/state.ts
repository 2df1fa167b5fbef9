// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { Box } from "./bounds.ts";
import { FILTER_NAMES, type Filters } from "./filters.ts";
import { DETAILS, type Details } from "./measures.ts";

export interface View {
  lon: number;
  lat: number;
  zoom: number;
}

/** The map's position from the query string; null when absent or impossible. */
export function readView(parameters: URLSearchParams): View | null {
  const [lon, lat, zoom] = ["lon", "lat", "z"].map((name) => Number.parseFloat(parameters.get(name) ?? ""));
  if (lon === undefined || lat === undefined || zoom === undefined) return null;
  const possible = Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 24;
  return possible ? { lon, lat, zoom } : null;
}

/** What is chosen to be seen: which places, by what the areas and the homes are coloured ("" for nothing), and which areas. */
export interface Choice {
  filters: Filters;
  shading: string;
  /** What a measure of reach is about, as far as it is not the usual. */
  details: Details;
  level: Level;
  homes: string;
}

export type Level = "wijk" | "buurt";

/** The level that a name asks for; wijken where it asks for nothing that exists. */
export function readLevel(name: string | null): Level {
  return name === "buurt" ? "buurt" : "wijk";
}

/** The query string of a choice and a position. Other parameters of the page stay as they are. */
export function writeState(current: URLSearchParams, choice: Partial<Choice>, view: View | null): string {
  const own = new Set<string>([...FILTER_NAMES, "vlak", ...DETAILS, "niveau", "woningen", "z", "lat", "lon"]);
  const result = new URLSearchParams();
  for (const name of FILTER_NAMES) for (const value of choice.filters?.get(name) ?? []) result.append(name, value);
  for (const [name, value] of current) if (!own.has(name)) result.append(name, value);
  for (const [name, value] of coloured(choice)) if (value) result.set(name, value);
  if (view) {
    result.set("z", view.zoom.toFixed(2));
    result.set("lat", view.lat.toFixed(5));
    result.set("lon", view.lon.toFixed(5));
  }
  return result.toString();
}

/** What is coloured, under the names of the address. */
function coloured({ shading, details, level, homes }: Partial<Choice>): [string, string | undefined][] {
  return [
    ["vlak", shading],
    ...DETAILS.map((name): [string, string | undefined] => [name, details?.[name]]),
    ["niveau", level === "buurt" ? level : ""],
    ["woningen", homes],
  ];
}

/** lon,lat in degrees; null when it is not that. */
export function readPoint(text: string | null): [number, number] | null {
  const [lon, lat, ...more] = (text ?? "").split(",").map(Number.parseFloat);
  if (lon === undefined || lat === undefined || more.length > 0) return null;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null;
}

/** west,south,east,north in degrees; null when it is not that. */
export function readBounds(text: string | null): Box | null {
  const [west, south, east, north, ...more] = (text ?? "").split(",").map(Number.parseFloat);
  if (west === undefined || south === undefined || east === undefined || north === undefined || more.length > 0)
    return null;
  return west < east && south < north ? [west, south, east, north] : null;
}
