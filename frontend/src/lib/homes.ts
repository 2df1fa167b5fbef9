// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { Made } from "./measures.ts";

/** Squares of homes: `fields` names the columns of `rows`: lon, lat, sure, and then one per thing that one may look for. */
export interface HomesFile extends Made {
  fields: string[];
  /** The bands: within the first number of minutes, within the second, and so on. */
  minutes: number[];
  rows: number[][];
}

export interface HomeSquare {
  lon: number;
  lat: number;
  /** Which band of minutes; as many as there are bands where it is farther than the last. */
  band: number;
  /** Whether all ground that is nearer than what was found is known; otherwise the band is the farthest that it can be. */
  sure: boolean;
}

/** A square whose homes have nothing within the longest time. */
const BEYOND = -1;
const ABOUT_THE_SQUARE = new Set(["lon", "lat", "sure"]);

/**
 * The squares of homes with the band of minutes on foot to one thing; none for a thing that the file does not know. `sure` in the file: the
 * minutes within which all ground is known.
 */
export function homeSquares(file: HomesFile, what: string): HomeSquare[] {
  const column = ABOUT_THE_SQUARE.has(what) ? -1 : file.fields.indexOf(what);
  if (column < 0) return [];
  const sure = file.fields.indexOf("sure");
  const longest = file.minutes.at(-1) ?? 0;
  return file.rows.map((row) => {
    const minutes = row[column] ?? BEYOND;
    return {
      lon: row[0] ?? 0,
      lat: row[1] ?? 0,
      band: bandOf(minutes, file.minutes),
      sure: (row[sure] ?? longest) >= (minutes === BEYOND ? longest : minutes),
    };
  });
}

function bandOf(minutes: number, limits: readonly number[]): number {
  const band = minutes === BEYOND ? -1 : limits.findIndex((limit) => minutes <= limit);
  return band < 0 ? limits.length : band;
}
