// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

/** Squares of homes: `fields` names the columns of `rows`, lon and lat first and then one per thing that one may look for. */
export interface HomesFile {
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
}

/** A square whose homes have nothing within the longest time. */
const BEYOND = -1;

/** The squares of homes with the band of minutes on foot to one thing; none for a thing that the file does not know. */
export function homeSquares(file: HomesFile, what: string): HomeSquare[] {
  const column = file.fields.indexOf(what);
  if (column < 2) return [];
  return file.rows.map((row) => ({
    lon: row[0] ?? 0,
    lat: row[1] ?? 0,
    band: bandOf(row[column] ?? BEYOND, file.minutes),
  }));
}

function bandOf(minutes: number, limits: readonly number[]): number {
  const band = minutes === BEYOND ? -1 : limits.findIndex((limit) => minutes <= limit);
  return band < 0 ? limits.length : band;
}
