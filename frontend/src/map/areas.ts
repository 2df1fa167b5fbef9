// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { ExpressionSpecification, FilterSpecification, GeoJSONSource, Map as GlMap } from "maplibre-gl";
import { type Box, boundsOf } from "../lib/bounds.ts";
import type { Reading } from "../lib/measures.ts";
import { type AreaProperties, CLASSES, classOf, limits, ranges, step } from "../lib/shading.ts";
import type { Colour } from "./colours.ts";
import { DOTS_HIGH, DOTS_LOW, HATCH, HATCH_BOUND } from "./images.ts";

export type Areas = GeoJSON.FeatureCollection<GeoJSON.Polygon | GeoJSON.MultiPolygon, AreaProperties>;
export const NO_AREAS: Areas = { type: "FeatureCollection", features: [] };

/** How an area without a class of its own looks. */
const LOOKS = { none: -2, unknown: -1, low: CLASSES, high: CLASSES + 1 };
/** Layers where a click finds the area. */
export const SHADED_LAYERS = ["area-shade", "area-unknown"];

export interface Shaded {
  classes: { step: number; from: number; to: number }[];
  /** Whether some areas have only a bound: at least, or at most, so much. */
  bounded: boolean;
  unknown: boolean;
  /** Whether some lie below, or beyond, every number that is told. */
  low: boolean;
  high: boolean;
}

/** The areas that are shaded where no other level is asked for: wijken, or municipalities where a study has no wijken. */
export function shadedLevel(areas: Areas): Areas {
  const level = areas.features.some((area) => area.properties.level === "wijk") ? "wijk" : "municipality";
  return { ...areas, features: areas.features.filter((area) => area.properties.level === level) };
}

/** Layers of areas, below the labels of the basemap. */
export function addAreaLayers(map: GlMap, colour: Colour): void {
  const below = map.getLayer("label-street") ? "label-street" : undefined;
  map.addSource("areas", { type: "geojson", data: NO_AREAS });
  map.addSource("outlines", { type: "geojson", data: NO_AREAS });
  const shades = Array.from({ length: CLASSES }, (_, index) => [index, colour(`map-shade-${index + 1}`)]).flat();
  const beyond = [LOOKS.low, colour("map-shade-low"), LOOKS.high, colour("map-shade-high")];
  const fill = ["match", ["get", "step"], ...shades, ...beyond, "rgba(0,0,0,0)"] as unknown as ExpressionSpecification;
  map.addLayer(
    {
      id: "area-shade",
      type: "fill",
      source: "areas",
      filter: [">=", ["get", "step"], 0],
      paint: { "fill-color": fill, "fill-opacity": 0.72 },
    },
    below,
  );
  addPattern(map, "area-unknown", HATCH, ["==", ["get", "step"], LOOKS.unknown], below);
  addPattern(map, "area-low", DOTS_LOW, ["==", ["get", "step"], LOOKS.low], below);
  addPattern(map, "area-high", DOTS_HIGH, ["==", ["get", "step"], LOOKS.high], below);
  addPattern(map, "area-bound", HATCH_BOUND, ["==", ["get", "bounded"], true], below);
  addLines(map, colour, below);
}

function addPattern(map: GlMap, id: string, image: string, filter: FilterSpecification, below?: string): void {
  map.addLayer({ id, type: "fill", source: "areas", filter, paint: { "fill-pattern": image } }, below);
}

/** Outlines of the shaded areas, and of wijken or municipalities whatever is shaded: among buurten they are the thicker ones. */
function addLines(map: GlMap, colour: Colour, below?: string): void {
  const line = { "line-color": colour("map-boundary") };
  const width = (factor: number): ExpressionSpecification => [
    "interpolate",
    ["linear"],
    ["zoom"],
    9,
    0.8 * factor,
    15,
    2.2 * factor,
  ];
  map.addLayer({ id: "area-edge", type: "line", source: "areas", paint: { ...line, "line-width": width(0.5) } }, below);
  map.addLayer(
    { id: "area-outline", type: "line", source: "outlines", paint: { ...line, "line-width": width(1) } },
    below,
  );
  map.addLayer(
    {
      id: "area-chosen",
      type: "line",
      source: "outlines",
      filter: ["==", ["get", "code"], ""],
      paint: { "line-color": colour("accent-deep"), "line-width": 4 },
    },
    below,
  );
}

/** Draws the outlines of areas that may be chosen. */
export function outlineAreas(map: GlMap, areas: Areas): void {
  const features = areas.features.map((area) => ({ ...area, properties: { code: area.properties.code } }));
  map.getSource<GeoJSONSource>("outlines")?.setData({ type: "FeatureCollection", features });
}

/** Colours the areas by what is known of each, in the same order; null for no colour. Returns what the legend must say. */
export function shadeAreas(map: GlMap, areas: Areas, known: readonly Reading[] | null): Shaded | null {
  const figures = (known ?? []).flatMap((one) => ("value" in one ? [one.value] : []));
  const lower = limits(figures);
  const look = (one: Reading | undefined): number => {
    if (!one) return LOOKS.none;
    return "value" in one ? step(classOf(one.value, lower), lower.length) : LOOKS[one.sort];
  };
  map.getSource<GeoJSONSource>("areas")?.setData({
    type: "FeatureCollection",
    features: areas.features.map((area, index) => ({
      ...area,
      properties: {
        code: area.properties.code,
        step: look(known?.[index]),
        bounded: known?.[index]?.sort === "bound",
      },
    })),
  });
  if (!known) return null;
  const holds = (sort: Reading["sort"]): boolean => known.some((one) => one.sort === sort);
  return {
    classes: ranges(figures, lower).map(([from, to], index) => ({ step: step(index, lower.length), from, to })),
    bounded: holds("bound"),
    unknown: holds("unknown"),
    low: holds("low"),
    high: holds("high"),
  };
}

/** Outlines the chosen areas. */
export function chooseAreas(map: GlMap, codes: readonly string[]): void {
  map.setFilter("area-chosen", ["in", ["get", "code"], ["literal", [...codes]]]);
}

/** What holds the areas with these codes; null when none is known. */
export function areaBounds(areas: Areas, codes: readonly string[]): Box | null {
  return boundsOf(areas.features.filter((area) => codes.includes(area.properties.code)).map((area) => area.geometry));
}
