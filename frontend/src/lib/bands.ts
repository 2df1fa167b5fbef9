// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

/** How much of the colour the ground of one band of minutes has on the map (0 to 1). */
export const BAND_OPACITY = 0.16;

/** How much of the colour one sees where the ground of so many bands lies on top of one another: the nearest lies in all of them. */
export function stacked(bands: number): number {
  return 1 - (1 - BAND_OPACITY) ** bands;
}
