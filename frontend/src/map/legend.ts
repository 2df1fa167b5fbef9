// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { HomesFile } from "../lib/homes.ts";
import type { Made } from "../lib/measures.ts";
import type { Place } from "../lib/places.ts";
import { NEIGHBOUR } from "../lib/places.ts";
import { shapeOf } from "../lib/shapes.ts";
import { fill, number } from "../lib/text.ts";
import type { Shaded } from "./areas.ts";
import { h, svg } from "./dom.ts";
import { bandColour, type ShownHomes } from "./homes.ts";
import {
  amount,
  beyond,
  hatching,
  provenance,
  shadingAbout,
  shadingTitle,
  type Texts,
  type Wording,
} from "./wording.ts";

const SLANTING = "M0 8L8 0M0 16L16 0M8 16L16 8";
const MIRRORED = "M0 8L8 16M0 0L16 16M8 0L16 8";
const DOTTED = "M4 4h.01M12 4h.01M8 8h.01M4 12h.01M12 12h.01";

function swatch(name: string, label: string): HTMLElement {
  const square = svg("0 0 16 16", "rect", { class: `kk-swatch ${name}`, width: "16", height: "16" });
  return h("li", {}, square, h("span", {}, label));
}

function classes(shaded: Shaded, shading: string, wording: Wording): HTMLElement[] {
  const { texts } = wording;
  const pattern = (name: string, d: string, label: string): HTMLElement =>
    h("li", {}, svg("0 0 16 16", "path", { class: `kk-swatch-${name}`, d }), h("span", {}, label));
  const say = (value: number): string => amount(value, shading, wording);
  const rows = shaded.classes.map(({ step, from, to }) => {
    const label = say(from) === say(to) ? say(from) : fill(texts, "legend_range", { from: say(from), to: say(to) });
    return swatch(`kk-swatch-${step}`, label);
  });
  if (shaded.low) rows.unshift(pattern("low", DOTTED, beyond("low", shading, wording)));
  if (shaded.high) rows.push(pattern("high", DOTTED, beyond("high", shading, wording)));
  if (shaded.bounded) rows.push(pattern("bound", MIRRORED, fill(texts, hatching(shading))));
  if (shaded.unknown) rows.push(pattern("unknown", SLANTING, fill(texts, "legend_unknown")));
  const parts: HTMLElement[] = [
    h("p", {}, h("strong", {}, shadingTitle(shading, wording))),
    ...shadingAbout(wording).map(smallText),
    h("ul", {}, ...rows),
  ];
  if (shaded.classes.length > 1) parts.push(small(texts, "legend_classes"));
  return parts;
}

/** The bands of minutes by which homes are coloured. */
function bands({ what, file: { minutes }, drawn }: Homes, { texts, lang }: Wording): HTMLElement[] {
  const ring = (name: string, label: string): HTMLElement =>
    h("li", {}, svg("0 0 16 16", "circle", { class: name, cx: "8", cy: "8", r: "5.5" }), h("span", {}, label));
  const rows = drawn.bands.map((band) => {
    const within = minutes[band];
    const text = within === undefined ? "more_minutes" : "within_minutes";
    const label = fill(texts, text, { number: number(within ?? minutes.at(-1) ?? 0, lang) });
    return swatch(`kk-swatch-home-${bandColour(band, minutes.length) + 1}`, label);
  });
  if (drawn.unsure) rows.push(ring("kk-swatch-ring", fill(texts, "legend_ring")));
  if (drawn.unknown) rows.push(ring("kk-swatch-ring kk-swatch-ring-unknown", fill(texts, "legend_ring_unknown")));
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
  return smallText(fill(texts, key));
}

function smallText(text: string): HTMLElement {
  return h("p", { class: "kk-small" }, text);
}

/** When and from what all that is coloured was reckoned; once where it is the same. */
function made(all: readonly (Made | null | undefined)[], wording: Wording): HTMLElement[] {
  const lines = all.flatMap((one) => (one ? provenance(one, wording) : []));
  return [...new Set(lines)].map(smallText);
}

/** Homes as they are coloured: by what, the bands, and which of these there are. */
export interface Homes {
  what: string;
  file: HomesFile;
  drawn: ShownHomes;
}

/** Areas as they are coloured. */
export interface Areas {
  shading: string;
  shaded: Shaded;
}

/** What the legend is about; `failed` are the keys of the texts that say what could not be fetched. */
export interface Shown {
  places: readonly Place[];
  areas: Areas | null;
  homes: Homes | null;
  failed: readonly string[];
}

/** Fills the legend: what is coloured first, then what the outlines of markers mean. */
export function drawLegend(body: HTMLElement, { places, areas, homes, failed }: Shown, wording: Wording): void {
  body.replaceChildren(
    ...failed.map((key) => h("p", { role: "alert" }, fill(wording.texts, key))),
    ...(areas ? classes(areas.shaded, areas.shading, wording) : []),
    ...(homes ? bands(homes, wording) : []),
    ...made([wording.measure, homes?.file], wording),
    ...shapes(places, wording.texts, areas === null && homes === null),
  );
}
