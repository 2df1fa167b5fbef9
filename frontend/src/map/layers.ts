// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { GeoJSONSource, Map as GlMap, SymbolLayerSpecification } from "maplibre-gl";
import type { Filters } from "../lib/filters.ts";
import { NEIGHBOUR, NOT_COUNTED, type Place, SMALL_SPOT } from "../lib/places.ts";
import { imageName } from "../lib/shapes.ts";
import type { Colour } from "./colours.ts";
import { BOLD, REGULAR } from "./style.ts";

export const PLACE_LAYERS = ["places", "neighbours", "spots"];
export const CLUSTERS = "clusters";
const SPOTS_FROM_ZOOM = 16;
const SPOTS_WHEN_ASKED = 11;

type Features = GeoJSON.FeatureCollection<GeoJSON.Point>;
export const EMPTY: Features = { type: "FeatureCollection", features: [] };

function variant(place: Place): string {
  if (place.flags & NEIGHBOUR) return "neighbour";
  if (place.flags & SMALL_SPOT) return "small";
  return place.flags & NOT_COUNTED || place.status === "planned" || place.status === "vacant" ? "outline" : "full";
}

function collection(places: readonly Place[]): Features {
  return {
    type: "FeatureCollection",
    features: places.map((place) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [place.lon, place.lat] },
      properties: { id: place.id, name: place.name, image: imageName(place.symbol, place.family, variant(place)) },
    })),
  };
}

function nameLayout(size: number): NonNullable<SymbolLayerSpecification["layout"]> {
  return {
    "text-field": ["step", ["zoom"], "", 15.5, ["get", "name"]],
    "text-font": REGULAR,
    "text-size": size,
    "text-variable-anchor": ["top", "bottom", "left", "right"],
    "text-radial-offset": 1.5,
    "text-max-width": 9,
    "text-optional": true,
  };
}

function addSymbols(map: GlMap, colour: Colour): void {
  const text = { "text-color": colour("ink"), "text-halo-color": colour("map-halo"), "text-halo-width": 1.5 };
  map.addLayer({
    id: "spots",
    type: "symbol",
    source: "spots",
    minzoom: SPOTS_FROM_ZOOM,
    layout: { "icon-image": ["get", "image"], "icon-padding": 0, ...nameLayout(11), "text-field": "" },
    paint: text,
  });
  map.addLayer({
    id: "neighbours",
    type: "symbol",
    source: "neighbours",
    minzoom: 11,
    layout: { "icon-image": ["get", "image"], "icon-padding": 0, ...nameLayout(12) },
    paint: text,
  });
  map.addLayer({
    id: "places",
    type: "symbol",
    source: "places",
    filter: ["!", ["has", "point_count"]],
    layout: { "icon-image": ["get", "image"], "icon-allow-overlap": true, ...nameLayout(13) },
    paint: text,
  });
}

function addClusters(map: GlMap, colour: Colour): void {
  map.addLayer({
    id: CLUSTERS,
    type: "circle",
    source: "places",
    filter: ["has", "point_count"],
    paint: {
      "circle-color": colour("accent-deep"),
      "circle-stroke-color": colour("surface"),
      "circle-stroke-width": 3,
      "circle-stroke-opacity": 0.9,
      "circle-radius": ["step", ["get", "point_count"], 15, 10, 18, 50, 22, 200, 27],
    },
  });
  map.addLayer({
    id: "cluster-count",
    type: "symbol",
    source: "places",
    filter: ["has", "point_count"],
    layout: {
      "text-field": ["to-string", ["get", "point_count"]],
      "text-font": BOLD,
      "text-size": 14,
      "text-allow-overlap": true,
      "icon-allow-overlap": true,
    },
    paint: { "text-color": colour("surface") },
  });
}

/** Rings lie above the clusters: a place that was chosen may be in one. */
function addRings(map: GlMap, colour: Colour): void {
  map.addSource("ringed", { type: "geojson", data: EMPTY });
  map.addLayer({
    id: "ringed-halo",
    type: "circle",
    source: "ringed",
    paint: {
      "circle-radius": 22,
      "circle-color": "rgba(0,0,0,0)",
      "circle-stroke-color": colour("surface"),
      "circle-stroke-width": 7,
    },
  });
  map.addLayer({
    id: "ringed",
    type: "circle",
    source: "ringed",
    paint: {
      "circle-radius": 23,
      "circle-color": "rgba(0,0,0,0)",
      "circle-stroke-color": colour("accent-deep"),
      "circle-stroke-width": 4,
    },
  });
}

/** The sources and layers of places: counted ones in clusters, neighbours and small spots apart, so that no cluster counts them. */
export function addPlaceLayers(map: GlMap, colour: Colour): void {
  map.addSource("places", { type: "geojson", data: EMPTY, cluster: true, clusterRadius: 36, clusterMaxZoom: 15 });
  map.addSource("neighbours", { type: "geojson", data: EMPTY });
  map.addSource("spots", { type: "geojson", data: EMPTY });
  addSymbols(map, colour);
  addClusters(map, colour);
  addRings(map, colour);
}

/** Draws a ring around these places. */
export function ringPlaces(map: GlMap, places: readonly Place[]): void {
  map.getSource<GeoJSONSource>("ringed")?.setData(collection(places));
}

/** Shows exactly these places. Small spots come from a high zoom, or earlier when asked. */
export function showPlaces(map: GlMap, places: readonly Place[], filters: Filters): void {
  const source = (id: string): GeoJSONSource | undefined => map.getSource<GeoJSONSource>(id);
  const isSpot = (place: Place): boolean => (place.flags & SMALL_SPOT) !== 0;
  const isNeighbour = (place: Place): boolean => (place.flags & NEIGHBOUR) !== 0;
  source("places")?.setData(collection(places.filter((place) => !isSpot(place) && !isNeighbour(place))));
  source("neighbours")?.setData(collection(places.filter((place) => !isSpot(place) && isNeighbour(place))));
  source("spots")?.setData(collection(places.filter(isSpot)));
  map.setLayerZoomRange("spots", filters.has("plekjes") ? SPOTS_WHEN_ASKED : SPOTS_FROM_ZOOM, 24);
}
