// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

/** west, south, east, north in degrees. */
export type Box = [number, number, number, number];
type Shape = GeoJSON.Polygon | GeoJSON.MultiPolygon;

/** What holds all these shapes; null when there are none. */
export function boundsOf(shapes: readonly Shape[]): Box | null {
  const numbers = shapes.flatMap((shape) => shape.coordinates.flat(3) as number[]);
  if (numbers.length === 0) return null;
  const [west, east] = extent(numbers.filter((_, index) => index % 2 === 0));
  const [south, north] = extent(numbers.filter((_, index) => index % 2 === 1));
  return [west, south, east, north];
}

/** Whether the second box lies in the first. */
export function holds([west, south, east, north]: Box, inner: Box): boolean {
  return west <= inner[0] && south <= inner[1] && east >= inner[2] && north >= inner[3];
}

function extent(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}
