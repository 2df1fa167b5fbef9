// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { ExpressionSpecification, GeoJSONSource, Map as GlMap } from "maplibre-gl";
import { type HomeSquare, type HomesFile, homeSquares } from "../lib/homes.ts";
import { step } from "../lib/shading.ts";
import type { Colour } from "./colours.ts";
import { EMPTY } from "./layers.ts";

/** Colours from near to far; the last is for what is beyond the longest time. */
export const HOME_COLOURS = 4;
const UNKNOWN = -1;
const IS_SURE: ExpressionSpecification = ["get", "sure"];

/** What there is to say about the homes that are drawn. */
export interface ShownHomes {
  /** Which bands there are among those whose band, or farthest possible band, is known. */
  bands: number[];
  /** Whether there are squares of which only the farthest possible band is known. */
  unsure: boolean;
  unknown: boolean;
}

/** A dot as wide as a square of homes on the ground, but never too small to see; a ring is as wide, with its edge. */
function radius(): ExpressionSpecification {
  const size = (dot: number, hole: number): ExpressionSpecification => ["case", IS_SURE, dot, hole];
  return ["interpolate", ["exponential", 2], ["zoom"], 11, size(1.6, 1.3), 14, size(7, 4.5), 18, size(112, 102)];
}

function edge(): ExpressionSpecification {
  const width = (ring: number): ExpressionSpecification => ["case", IS_SURE, 0, ring];
  return ["interpolate", ["exponential", 2], ["zoom"], 11, width(1), 14, width(2.5), 18, width(10)];
}

/** The layer of homes, below the labels of the basemap: dots, and rings where the band is only the farthest possible one. */
export function addHomesLayer(map: GlMap, colour: Colour): void {
  const below = map.getLayer("label-street") ? "label-street" : undefined;
  const colours = Array.from({ length: HOME_COLOURS }, (_, index) => [index, colour(`map-home-${index + 1}`)]).flat();
  const paint = ["match", ["get", "colour"], ...colours, colour("map-unknown")] as unknown as ExpressionSpecification;
  map.addSource("homes", { type: "geojson", data: EMPTY });
  map.addLayer(
    {
      id: "homes",
      type: "circle",
      source: "homes",
      paint: {
        "circle-color": paint,
        "circle-opacity": ["case", IS_SURE, 0.75, 0],
        "circle-stroke-color": paint,
        "circle-stroke-width": edge(),
        "circle-radius": radius(),
      },
    },
    below,
  );
}

/** Which colour a band of minutes has. */
export function bandColour(band: number, bands: number): number {
  return step(band, bands + 1, HOME_COLOURS);
}

/** Colours the homes by the minutes on foot to one thing; null takes them away. Returns what the legend must say. */
export function showHomes(map: GlMap, file: HomesFile | null, what: string): ShownHomes {
  const squares = file ? homeSquares(file, what) : [];
  const bands = file?.minutes.length ?? 0;
  const isUnknown = ({ band, sure }: HomeSquare): boolean => !sure && band === bands;
  map.getSource<GeoJSONSource>("homes")?.setData({
    type: "FeatureCollection",
    features: squares.map((square) => feature(square, isUnknown(square) ? UNKNOWN : bandColour(square.band, bands))),
  });
  const told = squares.filter((square) => !isUnknown(square));
  return {
    bands: [...new Set(told.map(({ band }) => band))].sort((a, b) => a - b),
    unsure: told.some(({ sure }) => !sure),
    unknown: told.length < squares.length,
  };
}

function feature({ lon, lat, sure }: HomeSquare, colour: number): GeoJSON.Feature<GeoJSON.Point> {
  return { type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: { colour, sure } };
}
