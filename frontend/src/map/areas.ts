// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { ExpressionSpecification, GeoJSONSource, Map as GlMap } from "maplibre-gl";
import { type Box, boundsOf } from "../lib/bounds.ts";
import { type AreaProperties, bound, CLASSES, classOf, figure, limits, ranges, step, UNKNOWN } from "../lib/shading.ts";
import type { Colour } from "./colours.ts";
import { HATCH, HATCH_BOUND } from "./images.ts";
import type { Looked } from "./wording.ts";

export type Areas = GeoJSON.FeatureCollection<GeoJSON.Polygon | GeoJSON.MultiPolygon, AreaProperties> & {
  reach?: Looked | null;
};

export interface Shaded {
  classes: { step: number; from: number; to: number }[];
  /** Whether some areas have only a bound: at least, or at most, so much. */
  bounded: boolean;
  unknown: boolean;
}

/** The areas that are shaded: wijken, or municipalities where a study has no wijken. */
export function shadedLevel(areas: Areas): Areas {
  const level = areas.features.some((area) => area.properties.level === "wijk") ? "wijk" : "municipality";
  return { ...areas, features: areas.features.filter((area) => area.properties.level === level) };
}

/** Layers of areas, below the labels of the basemap. */
export function addAreaLayers(map: GlMap, colour: Colour): void {
  const below = map.getLayer("label-street") ? "label-street" : undefined;
  const shades: ExpressionSpecification = [
    "match",
    ["get", "step"],
    ...Array.from({ length: CLASSES }, (_, index) => [index, colour(`map-shade-${index + 1}`)]).flat(),
    "rgba(0,0,0,0)",
  ] as unknown as ExpressionSpecification;
  map.addSource("areas", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer(
    {
      id: "area-shade",
      type: "fill",
      source: "areas",
      filter: [">=", ["get", "step"], 0],
      paint: { "fill-color": shades, "fill-opacity": 0.72 },
    },
    below,
  );
  map.addLayer(
    {
      id: "area-unknown",
      type: "fill",
      source: "areas",
      filter: ["==", ["get", "step"], UNKNOWN],
      paint: { "fill-pattern": HATCH },
    },
    below,
  );
  map.addLayer(
    {
      id: "area-bound",
      type: "fill",
      source: "areas",
      filter: ["==", ["get", "bounded"], true],
      paint: { "fill-pattern": HATCH_BOUND },
    },
    below,
  );
  map.addLayer(
    {
      id: "area-edge",
      type: "line",
      source: "areas",
      paint: {
        "line-color": colour("map-boundary"),
        "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.8, 15, 2.2],
      },
    },
    below,
  );
  map.addLayer(
    {
      id: "area-chosen",
      type: "line",
      source: "areas",
      filter: ["==", ["get", "code"], ""],
      paint: { "line-color": colour("accent-deep"), "line-width": 4 },
    },
    below,
  );
}

/** Colours the areas by a figure; returns what the legend must say, or null without shading. */
export function shadeAreas(map: GlMap, areas: Areas, shading: string): Shaded | null {
  const found = areas.features.map((area) => bound(area.properties, shading));
  const figures = areas.features.map((area, index) => figure(area.properties, shading) ?? found[index] ?? null);
  const known = figures.filter((value) => value !== null);
  const lower = limits(known);
  const steps = figures.map((value) => {
    if (!shading) return -2;
    const index = classOf(value, lower);
    return index === UNKNOWN ? UNKNOWN : step(index, lower.length);
  });
  map.getSource<GeoJSONSource>("areas")?.setData({
    type: "FeatureCollection",
    features: areas.features.map((area, index) => ({
      ...area,
      properties: { code: area.properties.code, step: steps[index], bounded: found[index] !== null },
    })),
  });
  if (!shading) return null;
  return {
    classes: ranges(known, lower).map(([from, to], index) => ({ step: step(index, lower.length), from, to })),
    bounded: found.some((value) => value !== null),
    unknown: figures.includes(null),
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
