// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import "maplibre-gl/dist/maplibre-gl.css";
import {
  AttributionControl,
  addProtocol,
  type GeoJSONSource,
  Map as GlMap,
  type LngLatLike,
  type MapGeoJSONFeature,
  NavigationControl,
  Popup,
  ScaleControl,
  setWorkerUrl,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { Protocol } from "pmtiles";
import type { Filters } from "../lib/filters.ts";
import type { Place } from "../lib/places.ts";
import type { View } from "../lib/state.ts";
import { fill } from "../lib/text.ts";
import { type Areas, addAreaLayers, boundsOf, chooseAreas, type Shaded, shadeAreas, shadedLevel } from "./areas.ts";
import { themeOf } from "./colours.ts";
import { resolveImages } from "./images.ts";
import { KeyboardTargets } from "./keyboard.ts";
import { addPlaceLayers, CLUSTERS, PLACE_LAYERS, showPlaces } from "./layers.ts";
import type { Texts } from "./legend.ts";
import { areaPopup, placePopup } from "./popup.ts";
import { basemap } from "./style.ts";
import { WholeControl } from "./whole.ts";

type Box = [number, number, number, number];

export interface Options {
  host: HTMLElement;
  texts: Texts;
  lang: string;
  tilesUrl: string | null;
  symbolsUrl: string;
  placeUrl: (id: string) => string | null;
  attribution: string;
  bounds: Box | null;
  view: View | null;
  marked: string | null;
  onView: (view: View) => void;
}

setWorkerUrl(new URL(workerUrl, document.baseURI).href);
addProtocol("pmtiles", new Protocol().tile);

function createMap(options: Options): GlMap {
  const { host, texts, view, bounds } = options;
  const container = document.createElement("div");
  container.className = "kk-map-canvas";
  host.append(container);
  return new GlMap({
    container,
    style: basemap(options.tilesUrl, themeOf(host)),
    ...(view
      ? { center: [view.lon, view.lat] as LngLatLike, zoom: view.zoom }
      : bounds
        ? { bounds, fitBoundsOptions: { padding: 24, maxZoom: 16 } }
        : {}),
    minZoom: 6,
    maxZoom: 19,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    rollEnabled: false,
    cooperativeGestures: false,
    attributionControl: false,
    locale: {
      "Map.Title": fill(texts, "label"),
      "NavigationControl.ZoomIn": fill(texts, "zoom_in"),
      "NavigationControl.ZoomOut": fill(texts, "zoom_out"),
      "Popup.Close": fill(texts, "close"),
    },
  });
}

/** The drawn map: everything that needs MapLibre, loaded after the page itself. */
export class MapEngine {
  readonly #map: GlMap;
  readonly #options: Options;
  #places = new Map<string, Place>();
  #areas: Areas = { type: "FeatureCollection", features: [] };
  #shading = "";
  #popup: Popup | null = null;
  readonly ready: Promise<void>;

  constructor(options: Options) {
    this.#options = options;
    const map = createMap(options);
    this.#map = map;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    const { texts, host } = options;
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    if (options.bounds) map.addControl(new WholeControl(options.bounds, fill(texts, "whole")), "top-right");
    map.addControl(new ScaleControl({ maxWidth: 100 }), "bottom-right");
    map.addControl(new AttributionControl({ compact: false, customAttribution: options.attribution }), "bottom-right");
    resolveImages(map, options.symbolsUrl, themeOf(host));
    this.ready = new Promise((resolve) => {
      map.once("style.load", () => {
        addAreaLayers(map, themeOf(host));
        addPlaceLayers(map, themeOf(host), options.marked);
        this.#listen();
        resolve();
      });
    });
  }

  #listen(): void {
    const map = this.#map;
    const targets = new KeyboardTargets(
      map,
      this.#options.texts,
      (id) => this.#label(id),
      (feature, button) => this.#activate(feature, button),
    );
    map.getCanvasContainer().after(targets.element);
    for (const layer of [CLUSTERS, ...PLACE_LAYERS]) {
      map.on("mouseenter", layer, () => {
        map.getCanvas().style.cursor = "pointer";
      });
      map.on("mouseleave", layer, () => {
        map.getCanvas().style.cursor = "";
      });
    }
    map.on("click", (event) => {
      const [top] = map.queryRenderedFeatures(event.point, { layers: [CLUSTERS, ...PLACE_LAYERS] });
      if (top) this.#activate(top, null);
      else
        this.#openArea(
          map.queryRenderedFeatures(event.point, { layers: ["area-shade", "area-unknown"] })[0],
          event.lngLat,
        );
    });
    map.on("moveend", () => {
      const { lng, lat } = map.getCenter();
      this.#options.onView({ lon: lng, lat, zoom: map.getZoom() });
    });
    this.#options.host.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#popup) this.#popup.remove();
    });
  }

  #label(id: string): string {
    const place = this.#places.get(id);
    return place
      ? [place.name || fill(this.#options.texts, "unnamed"), place.kindLabel].filter(Boolean).join(", ")
      : id;
  }

  #activate(feature: MapGeoJSONFeature, origin: HTMLElement | null): void {
    if (feature.geometry.type !== "Point") return;
    const at = feature.geometry.coordinates as [number, number];
    const place = this.#places.get(String(feature.properties.id));
    if (place) this.#open(placePopup(place, this.#options.texts, this.#options.placeUrl(place.id)), at, origin);
    else void this.#expand(Number(feature.properties.cluster_id), at);
  }

  async #expand(cluster: number, center: [number, number]): Promise<void> {
    const zoom = await this.#map.getSource<GeoJSONSource>("places")?.getClusterExpansionZoom(cluster);
    if (zoom !== undefined) this.#map.easeTo({ center, zoom: zoom + 0.1 });
  }

  #openArea(feature: MapGeoJSONFeature | undefined, at: LngLatLike): void {
    const area = this.#areas.features.find(({ properties }) => properties.code === feature?.properties.code);
    if (area && this.#shading)
      this.#open(areaPopup(area.properties, this.#shading, this.#options.texts, this.#options.lang), at, null);
  }

  #open(content: HTMLElement, at: LngLatLike, origin: HTMLElement | null): void {
    this.#popup?.remove();
    const popup = new Popup({ maxWidth: "20rem", offset: 18, focusAfterOpen: true })
      .setLngLat(at)
      .setDOMContent(content)
      .addTo(this.#map);
    this.#popup = popup;
    popup.once("close", () => {
      if (this.#popup === popup) this.#popup = null;
      const back = origin?.isConnected ? origin : this.#map.getCanvas();
      if (popup.getElement()?.contains(document.activeElement) || document.activeElement === document.body)
        back.focus();
    });
  }

  setPlaces(shown: readonly Place[], filters: Filters): void {
    this.#popup?.remove();
    this.#places = new Map(shown.map((place) => [place.id, place]));
    showPlaces(this.#map, shown, filters);
  }

  setAreas(areas: Areas): void {
    this.#areas = shadedLevel(areas);
  }

  shade(shading: string): Shaded | null {
    this.#shading = shading;
    return shadeAreas(this.#map, this.#areas, shading);
  }

  choose(codes: readonly string[], fit: boolean): void {
    chooseAreas(this.#map, codes);
    const bounds = fit ? boundsOf(this.#areas, codes) : null;
    if (bounds) this.#map.fitBounds(bounds, { padding: 32, maxZoom: 16 });
  }

  show(place: Place): void {
    this.#map.jumpTo({ center: [place.lon, place.lat], zoom: 16.2 });
  }

  /** Resolves when everything in view is drawn. */
  drawn(): Promise<void> {
    return new Promise((resolve) => {
      this.#map.once("idle", () => resolve());
    });
  }

  remove(): void {
    this.#map.remove();
  }
}
