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
    ["motorway", "trunk", "primary"],
    main,
    ["secondary", "tertiary"],
    secondary,
    ["footway", "path", "cycleway", "steps", "track", "pedestrian"],
    small / 3,
    small,
  ];
}

function roads(colour: Colour): LayerSpecification[] {
  const line = { "line-cap": "round", "line-join": "round" } as const;
  const width = (extra: number): ExpressionSpecification =>
    byZoom(
      [9, roadWidth(1 + extra, 0.5, 0)],
      [13, roadWidth(4 + extra, 2.5 + extra, 0.8)],
      [18, roadWidth(24 + extra, 18 + extra, 12 + extra)],
    );
  return [
    {
      id: "road-edge",
      type: "line",
      source: "base",
      "source-layer": "road",
      layout: line,
      minzoom: 11,
      paint: { "line-color": colour("map-road-edge"), "line-width": width(1.5) },
    },
    {
      id: "road",
      type: "line",
      source: "base",
      "source-layer": "road",
      layout: line,
      paint: { "line-color": colour("map-road"), "line-width": width(0) },
    },
  ];
}

function ground(colour: Colour): LayerSpecification[] {
  return [
    { id: "ground", type: "background", paint: { "background-color": colour("map-ground") } },
    {
      id: "green",
      type: "fill",
      source: "base",
      "source-layer": "green",
      paint: { "fill-color": colour("map-green") },
    },
    {
      id: "water",
      type: "fill",
      source: "base",
      "source-layer": "water",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colour("map-water") },
    },
    {
      id: "water-line",
      type: "line",
      source: "base",
      "source-layer": "water",
      filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": colour("map-water"), "line-width": byZoom([10, 0.8], [18, 8]) },
    },
    {
      id: "building",
      type: "fill",
      source: "base",
      "source-layer": "building",
      minzoom: 13,
      paint: {
        "fill-color": colour("map-building"),
        "fill-opacity": ["interpolate", ["linear"], ["zoom"], 13, 0.2, 15, 1],
      },
    },
  ];
}

function lines(colour: Colour): LayerSpecification[] {
  return [
    {
      id: "rail",
      type: "line",
      source: "base",
      "source-layer": "rail",
      paint: { "line-color": colour("map-rail"), "line-width": byZoom([10, 0.8], [18, 3]), "line-dasharray": [4, 2] },
    },
    {
      id: "boundary",
      type: "line",
      source: "base",
      "source-layer": "boundary",
      paint: {
        "line-color": colour("map-boundary"),
        "line-width": byZoom([8, 0.8], [16, 2]),
        "line-dasharray": [4, 3],
        "line-opacity": 0.7,
      },
    },
  ];
}

const STREETS = [
  "literal",
  [
    "road",
    "street",
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "residential",
    "pedestrian",
    "living_street",
    "unclassified",
    "service",
  ],
] as unknown as ExpressionSpecification;

function labels(colour: Colour): LayerSpecification[] {
  const halo = { "text-halo-color": colour("map-halo"), "text-halo-width": 1.4 };
  const isStreet: ExpressionSpecification = ["in", ["get", "cls"], STREETS];
  const isWater: ExpressionSpecification = ["==", ["get", "cls"], "water"];
  return [
    {
      id: "label-street",
      type: "symbol",
      source: "base",
      "source-layer": "label",
      minzoom: 14,
      filter: isStreet,
      layout: {
        "text-field": ["get", "name"],
        "text-font": REGULAR,
        "text-size": byZoom([14, 10.5], [18, 14]),
        "symbol-sort-key": ["coalesce", ["get", "rank"], 50],
        "text-padding": 6,
      },
      paint: { "text-color": colour("map-label"), ...halo },
    },
    {
      id: "label-place",
      type: "symbol",
      source: "base",
      "source-layer": "label",
      filter: ["!", isStreet],
      layout: {
        "text-field": ["get", "name"],
        "text-font": ["case", isWater, ["literal", REGULAR], ["literal", BOLD]],
        "symbol-sort-key": ["coalesce", ["get", "rank"], 50],
        "text-padding": 8,
        "text-max-width": 8,
        "text-size": ["match", ["get", "cls"], "city", 18, "town", 16, "village", 14.5, ["suburb", "quarter"], 13, 12],
      },
      paint: { "text-color": colour("map-label"), ...halo },
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
