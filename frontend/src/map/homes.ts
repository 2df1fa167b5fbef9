// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { ExpressionSpecification, GeoJSONSource, Map as GlMap } from "maplibre-gl";
import { type HomeSquare, type HomesFile, homeSquares } from "../lib/homes.ts";
import { step } from "../lib/shading.ts";
import type { Colour } from "./colours.ts";
import { EMPTY } from "./layers.ts";

/** Colours from near to far; the last is for what is beyond the longest time. */
export const HOME_COLOURS = 4;

/** A dot as wide as a square of homes on the ground, but never too small to see. */
const RADIUS: ExpressionSpecification = ["interpolate", ["exponential", 2], ["zoom"], 11, 1.6, 14, 7, 18, 112];

/** The layer of homes, below the labels of the basemap. */
export function addHomesLayer(map: GlMap, colour: Colour): void {
  const below = map.getLayer("label-street") ? "label-street" : undefined;
  const colours = Array.from({ length: HOME_COLOURS }, (_, index) => [index, colour(`map-home-${index + 1}`)]).flat();
  map.addSource("homes", { type: "geojson", data: EMPTY });
  map.addLayer(
    {
      id: "homes",
      type: "circle",
      source: "homes",
      paint: {
        "circle-color": ["match", ["get", "colour"], ...colours, "rgba(0,0,0,0)"] as unknown as ExpressionSpecification,
        "circle-opacity": 0.75,
        "circle-radius": RADIUS,
      },
    },
    below,
  );
}

/** Which colour a band of minutes has. */
export function bandColour(band: number, bands: number): number {
  return step(band, bands + 1, HOME_COLOURS);
}

/** Colours the homes by the minutes on foot to one thing; null takes them away. Returns which bands there are. */
export function showHomes(map: GlMap, file: HomesFile | null, what: string): number[] {
  const squares = file ? homeSquares(file, what) : [];
  const bands = file?.minutes.length ?? 0;
  map.getSource<GeoJSONSource>("homes")?.setData({
    type: "FeatureCollection",
    features: squares.map((square) => feature(square, bands)),
  });
  return [...new Set(squares.map(({ band }) => band))].sort((a, b) => a - b);
}

function feature({ lon, lat, band }: HomeSquare, bands: number): GeoJSON.Feature<GeoJSON.Point> {
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [lon, lat] },
    properties: { colour: bandColour(band, bands) },
  };
}
