// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

/** One outline per family of functions in a box of 32 by 32, so that meaning does not hang on colour alone. */
export const SHAPES: Record<string, string> = {
  meet: "M16 2a14 14 0 1 1 0 28a14 14 0 1 1 0-28z",
  learn: "M6 3h20a3 3 0 0 1 3 3v20a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z",
  sport: "M16 1.5L28.6 8.8V23.2L16 30.5L3.4 23.2V8.8z",
  worship: "M16 1C23 6 27 11 27 17V29a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V17C5 11 9 6 16 1z",
  eat: "M4 3H28V16C28 24 23 28.5 16 31C9 28.5 4 24 4 16z",
  play: "M16 0.5L31.5 16L16 31.5L0.5 16z",
  shop: "M10.2 2H21.8L30 10.2V21.8L21.8 30H10.2L2 21.8V10.2z",
  care: "M10 2H22V10H30V22H22V30H10V22H2V10H10z",
  culture: "M16 1.5L30.7 12.2L25.100 29.5H6.900L1.300 12.2z",
  work: "M8 3H24L31 29H1z",
};

export const FALLBACK_SHAPE = SHAPES.meet ?? "";

/** The outline of a family; an unknown family gets the round one. */
export function shapeOf(family: string): string {
  return SHAPES[family] ?? FALLBACK_SHAPE;
}

/** Name of a marker image: which symbol, on which outline, how drawn. */
export function imageName(symbol: string, family: string, variant: string): string {
  return `place/${symbol}/${family}/${variant}`;
}

/** The parts of a marker image's name; null for another image. */
export function readImageName(name: string): { symbol: string; family: string; variant: string } | null {
  const [start, symbol, family, variant] = name.split("/");
  return start === "place" && symbol && family && variant ? { symbol, family, variant } : null;
}
