// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import regular from "@fontsource/source-sans-3/files/source-sans-3-latin-400-normal.woff2?url";
import bold from "@fontsource/source-sans-3/files/source-sans-3-latin-600-normal.woff2?url";
import regularExt from "@fontsource/source-sans-3/files/source-sans-3-latin-ext-400-normal.woff2?url";
import boldExt from "@fontsource/source-sans-3/files/source-sans-3-latin-ext-600-normal.woff2?url";
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Colour } from "./colours.ts";

export const REGULAR = ["Knoop Regular"];
export const BOLD = ["Knoop Bold"];
/** What lies outside the first font file: letters with uncommon accents. */
const EXTENDED = ["U+0100-02BA", "U+1E00-1E9F", "U+20A0-20C0"];

function faces(latin: string, extended: string): { url: string; "unicode-range"?: string[] }[] {
  const absolute = (url: string): string => new URL(url, document.baseURI).href;
  return [{ url: absolute(extended), "unicode-range": EXTENDED }, { url: absolute(latin) }];
}

function byZoom(...stops: [number, number | ExpressionSpecification][]): ExpressionSpecification {
  return ["interpolate", ["exponential", 1.5], ["zoom"], ...stops.flat()] as ExpressionSpecification;
}

/** Widths of roads by class; a class that is not named is a small road. */
function roadWidth(main: number, secondary: number, small: number): ExpressionSpecification {
  return [
    "match",
    ["get", "cls"],
    ["motorway", "primary"],
    main,
    ["secondary", "tertiary"],
    secondary,
    ["pedestrian", "cycleway", "track", "path"],
    small / 3,
    small,
  ];
}

const IS_AREA: ExpressionSpecification = ["==", ["geometry-type"], "Polygon"];
const IS_LINE: ExpressionSpecification = ["==", ["geometry-type"], "LineString"];
const FOOTWAYS = ["cycleway", "track", "path"];

function vector(layer: string) {
  return { source: "base", "source-layer": layer } as const;
}

function roads(colour: Colour): LayerSpecification[] {
  const layout = { "line-cap": "round", "line-join": "round" } as const;
  const width = (extra: number): ExpressionSpecification =>
    byZoom(
      [9, roadWidth(1.2 + extra, 0.5, 0)],
      [13, roadWidth(4 + extra, 2.5 + extra, 0.8)],
      [18, roadWidth(24 + extra, 18 + extra, 12 + extra)],
    );
  const edge = { "line-color": colour("map-road-edge"), "line-width": width(1.6) };
  const fill = { "line-color": colour("map-road"), "line-width": width(0) };
  const isRoad: ExpressionSpecification = ["all", IS_LINE, ["!", ["in", ["get", "cls"], ["literal", FOOTWAYS]]]];
  const isPath: ExpressionSpecification = ["all", IS_LINE, ["in", ["get", "cls"], ["literal", FOOTWAYS]]];
  const path = {
    "line-color": colour("map-path"),
    "line-width": byZoom([13, 0.6], [18, 3]),
    "line-dasharray": [3, 1.5],
  };
  return [
    { id: "square", type: "fill", ...vector("road"), filter: IS_AREA, paint: { "fill-color": colour("map-road") } },
    { id: "path", type: "line", ...vector("road"), minzoom: 13, filter: isPath, paint: path },
    { id: "road-edge", type: "line", ...vector("road"), minzoom: 11, filter: isRoad, layout, paint: edge },
    { id: "road", type: "line", ...vector("road"), filter: isRoad, layout, paint: fill },
  ];
}

function ground(colour: Colour): LayerSpecification[] {
  const green: ExpressionSpecification = [
    "match",
    ["get", "cls"],
    ["forest", "scrub"],
    colour("map-forest"),
    ["farmland", "meadow", "grass"],
    colour("map-field"),
    "sand",
    colour("map-sand"),
    colour("map-green"),
  ];
  const shown: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], 13, 0.3, 15, 1];
  const stream = { "line-color": colour("map-water"), "line-width": byZoom([10, 0.6], [14, 1.5], [18, 6]) };
  return [
    { id: "ground", type: "background", paint: { "background-color": colour("map-ground") } },
    { id: "green", type: "fill", ...vector("green"), paint: { "fill-color": green } },
    { id: "water", type: "fill", ...vector("water"), filter: IS_AREA, paint: { "fill-color": colour("map-water") } },
    { id: "water-line", type: "line", ...vector("water"), filter: IS_LINE, paint: stream },
    {
      id: "building",
      type: "fill",
      ...vector("building"),
      minzoom: 13,
      paint: { "fill-color": colour("map-building"), "fill-opacity": shown },
    },
  ];
}

function lines(colour: Colour): LayerSpecification[] {
  const rail = { "line-color": colour("map-rail"), "line-width": byZoom([10, 0.8], [18, 3]), "line-dasharray": [4, 2] };
  const boundary = {
    "line-color": colour("map-boundary"),
    "line-width": byZoom([8, 0.8], [16, 2]),
    "line-dasharray": [4, 3],
    "line-opacity": 0.6,
  };
  return [
    { id: "rail", type: "line", ...vector("rail"), paint: rail },
    { id: "boundary", type: "line", ...vector("boundary"), paint: boundary },
  ];
}

const SETTLEMENTS = ["city", "town", "village", "suburb", "quarter", "hamlet", "neighbourhood"];

function labels(colour: Colour): LayerSpecification[] {
  const halo = { "text-halo-color": colour("map-halo"), "text-halo-width": 1.4 };
  const isSettlement: ExpressionSpecification = ["in", ["get", "cls"], ["literal", SETTLEMENTS]];
  const order: ExpressionSpecification = ["coalesce", ["get", "rank"], 9];
  return [
    {
      id: "label-street",
      type: "symbol",
      ...vector("road"),
      minzoom: 14.5,
      filter: ["all", IS_LINE, ["has", "name"]],
      layout: {
        "symbol-placement": "line",
        "text-field": ["get", "name"],
        "text-font": REGULAR,
        "text-size": byZoom([14, 10.5], [18, 14]),
        "symbol-sort-key": order,
        "symbol-spacing": 350,
      },
      paint: { "text-color": colour("map-label"), ...halo },
    },
    {
      id: "label-place",
      type: "symbol",
      ...vector("label"),
      layout: {
        "text-field": ["get", "name"],
        "text-font": ["case", isSettlement, ["literal", BOLD], ["literal", REGULAR]],
        "symbol-sort-key": order,
        "text-padding": 8,
        "text-max-width": 8,
        "text-size": ["match", ["get", "cls"], "city", 19, "town", 17, "village", 15, ["suburb", "quarter"], 13.5, 12],
      },
      paint: {
        "text-color": ["match", ["get", "cls"], "water", colour("map-label-water"), colour("map-label")],
        ...halo,
      },
    },
  ];
}

/** The basemap: tiles cut from the same extract as the places, labels from font files of our own; no other host is asked. */
export function basemap(tilesUrl: string | null, colour: Colour): StyleSpecification {
  const tiles = tilesUrl ? `pmtiles://${new URL(tilesUrl, document.baseURI).href}` : null;
  const layers = [...ground(colour), ...roads(colour), ...lines(colour), ...labels(colour)];
  return {
    version: 8,
    "font-faces": { [String(REGULAR[0])]: faces(regular, regularExt), [String(BOLD[0])]: faces(bold, boldExt) },
    sources: tiles ? { base: { type: "vector", url: tiles } } : {},
    layers: tiles ? layers : layers.filter((layer) => layer.type === "background"),
  };
}
