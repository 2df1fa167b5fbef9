// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

/** A colour of the theme (custom property of the page), as the canvas needs it. */
export type Colour = (name: string) => string;

/** Reads the theme where the map stands, so that a municipality's own tokens colour the map too. */
export function themeOf(element: Element): Colour {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--kk-${name}`).trim() || "#444444";
}
