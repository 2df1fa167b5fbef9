// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { Place } from "../lib/places.ts";
import { NEIGHBOUR } from "../lib/places.ts";
import { isReach, readShading } from "../lib/shading.ts";
import { shapeOf } from "../lib/shapes.ts";
import { fill, number } from "../lib/text.ts";
import type { Shaded } from "./areas.ts";
import { h, svg } from "./dom.ts";
import { bandColour } from "./homes.ts";
import { amount, shadingTitle, type Texts, type Wording } from "./wording.ts";

function swatch(name: string, label: string): HTMLElement {
  const square = svg("0 0 16 16", "rect", { class: `kk-swatch ${name}`, width: "16", height: "16" });
  return h("li", {}, square, h("span", {}, label));
}

function classes(shaded: Shaded, shading: string, wording: Wording): HTMLElement[] {
  const { texts } = wording;
  const say = (value: number): string => amount(value, shading, wording);
  const rows = shaded.classes.map(({ step, from, to }) => {
    const label = say(from) === say(to) ? say(from) : fill(texts, "legend_range", { from: say(from), to: say(to) });
    return swatch(`kk-swatch-${step}`, label);
  });
  const hatching = isReach(readShading(shading).kind) ? "legend_most" : "legend_least";
  if (shaded.bounded) rows.push(hatchedRow("kk-swatch-bound", "M0 8L8 16M0 0L16 16M8 0L16 8", fill(texts, hatching)));
  if (shaded.unknown)
    rows.push(hatchedRow("kk-swatch-unknown", "M0 8L8 0M0 16L16 0M8 16L16 8", fill(texts, "legend_unknown")));
  const parts: HTMLElement[] = [h("p", {}, h("strong", {}, shadingTitle(shading, wording))), h("ul", {}, ...rows)];
  if (shaded.classes.length > 1) parts.push(small(texts, "legend_classes"));
  return parts;
}

function hatchedRow(name: string, d: string, label: string): HTMLElement {
  return h("li", {}, svg("0 0 16 16", "path", { class: name, d }), h("span", {}, label));
}

/** The bands of minutes by which homes are coloured. */
function bands({ what, minutes, shown }: Homes, { texts, lang }: Wording): HTMLElement[] {
  const rows = shown.map((band) => {
    const within = minutes[band];
    const text = within === undefined ? "more_minutes" : "within_minutes";
    const label = fill(texts, text, { number: number(within ?? minutes.at(-1) ?? 0, lang) });
    return swatch(`kk-swatch-home-${bandColour(band, minutes.length) + 1}`, label);
  });
  const title = fill(texts, "legend_homes", { what: fill(texts, `what_${what}`) });
  return [h("p", {}, h("strong", {}, title)), h("ul", {}, ...rows), small(texts, "legend_squares")];
}

function shapes(places: readonly Place[], texts: Texts, open: boolean): HTMLElement[] {
  const families = [...new Set(places.map((place) => place.family))].sort();
  if (families.length === 0) return [];
  const rows = families.map((family) => {
    const shape = svg("0 0 32 32", "path", { class: "kk-shape", d: shapeOf(family) });
    shape.setAttribute("class", `kk-family-${family}`);
    return h("li", {}, shape, h("span", {}, fill(texts, `function_${family}`)));
  });
  const part = h("details", { class: "kk-map-legend-shapes-part" }, h("summary", {}, fill(texts, "legend_shapes")));
  part.append(h("ul", { class: "kk-map-legend-shapes" }, ...rows));
  if (places.some((place) => place.flags & NEIGHBOUR)) part.append(small(texts, "legend_neighbour"));
  if (texts.legend_outline) part.append(small(texts, "legend_outline"));
  part.open = open;
  return [part];
}

function small(texts: Texts, key: string): HTMLElement {
  return h("p", { class: "kk-small" }, fill(texts, key));
}

/** Homes as they are coloured: by what, the bands, and which of these there are. */
export interface Homes {
  what: string;
  minutes: readonly number[];
  shown: readonly number[];
}

/** Areas as they are coloured. */
export interface Areas {
  shading: string;
  shaded: Shaded;
}

/** Fills the legend: what is coloured first, then what the outlines of markers mean. */
export function drawLegend(
  body: HTMLElement,
  places: readonly Place[],
  areas: Areas | null,
  homes: Homes | null,
  wording: Wording,
): void {
  body.replaceChildren(
    ...(areas ? classes(areas.shaded, areas.shading, wording) : []),
    ...(homes ? bands(homes, wording) : []),
    ...shapes(places, wording.texts, areas === null && homes === null),
  );
}
