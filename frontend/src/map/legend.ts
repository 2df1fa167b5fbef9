// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { Place } from "../lib/places.ts";
import { NEIGHBOUR } from "../lib/places.ts";
import { shapeOf } from "../lib/shapes.ts";
import { fill, number } from "../lib/text.ts";
import type { Shaded } from "./areas.ts";
import { h, svg } from "./dom.ts";

export type Texts = Record<string, string>;

/** The title of a shading. */
export function shadingTitle(shading: string, texts: Texts): string {
  if (shading === "aantal") return fill(texts, "legend_nodes");
  if (shading === "per1000") return fill(texts, "legend_per1000");
  return fill(texts, "legend_function", { function: fill(texts, `function_${shading.slice(8)}`) });
}

function hatched(name: string, d: string): SVGSVGElement {
  return svg("0 0 16 16", "path", { class: name, d });
}

function classes(shaded: Shaded, shading: string, texts: Texts, lang: string): HTMLElement[] {
  const rows = shaded.classes.map(({ step, from, to }) => {
    const label =
      from === to
        ? number(from, lang)
        : fill(texts, "legend_range", { from: number(from, lang), to: number(to, lang) });
    return h(
      "li",
      {},
      svg("0 0 16 16", "rect", { class: `kk-swatch kk-swatch-${step}`, width: "16", height: "16" }),
      label,
    );
  });
  if (shaded.least)
    rows.push(
      h(
        "li",
        {},
        hatched("kk-swatch-least", "M0 8L8 16M0 0L16 16M8 0L16 8"),
        h("span", {}, fill(texts, "legend_least")),
      ),
    );
  if (shaded.unknown)
    rows.push(
      h(
        "li",
        {},
        hatched("kk-swatch-unknown", "M0 8L8 0M0 16L16 0M8 16L16 8"),
        h("span", {}, fill(texts, "legend_unknown")),
      ),
    );
  const parts: HTMLElement[] = [h("p", {}, h("strong", {}, shadingTitle(shading, texts))), h("ul", {}, ...rows)];
  if (shaded.classes.length > 1) parts.push(h("p", { class: "kk-small" }, fill(texts, "legend_classes")));
  return parts;
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

/** Fills the legend: shading first, then what the outlines of markers mean. */
export function drawLegend(
  body: HTMLElement,
  places: readonly Place[],
  shading: string,
  shaded: Shaded | null,
  texts: Texts,
  lang: string,
): void {
  body.replaceChildren(
    ...(shaded ? classes(shaded, shading, texts, lang) : []),
    ...shapes(places, texts, shaded === null),
  );
}
