// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import "maplibre-gl/dist/maplibre-gl.css";
import {
  AttributionControl,
  addProtocol,
  type GeoJSONSource,
  Map as GlMap,
  type LngLat,
  type LngLatLike,
  type MapGeoJSONFeature,
  NavigationControl,
  Popup,
  ScaleControl,
  setWorkerUrl,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { Protocol } from "pmtiles";
import type { Box } from "../lib/bounds.ts";
import type { Filters } from "../lib/filters.ts";
import type { HomesFile } from "../lib/homes.ts";
import type { MeasureFile } from "../lib/measures.ts";
import type { Place } from "../lib/places.ts";
import { reading } from "../lib/shading.ts";
import type { View } from "../lib/state.ts";
import { fill } from "../lib/text.ts";
import {
  type Areas,
  addAreaLayers,
  areaBounds,
  chooseAreas,
  NO_AREAS,
  outlineAreas,
  SHADED_LAYERS,
  type Shaded,
  shadeAreas,
  shadedLevel,
} from "./areas.ts";
import { themeOf } from "./colours.ts";
import { addHomesLayer, type ShownHomes, showHomes } from "./homes.ts";
import { resolveImages } from "./images.ts";
import { KeyboardTargets } from "./keyboard.ts";
import { addPlaceLayers, CLUSTERS, PLACE_LAYERS, ringPlaces, showPlaces } from "./layers.ts";
import { areaPopup, placePopup } from "./popup.ts";
import { addReachLayers, Reach, type ReachUrls } from "./reach.ts";
import { SidePanel } from "./side.ts";
import { basemap } from "./style.ts";
import { WholeControl } from "./whole.ts";
import type { Texts, Wording } from "./wording.ts";

/** How near a single place or home is looked at. */
const CLOSE_UP = { place: 16.2, home: 15.2 };

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
  reach: ReachUrls | null;
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
  readonly #reach: Reach | null;
  #places = new Map<string, Place>();
  /** The areas that may be chosen, and those that are shaded: the same, or buurten. */
  #areas: Areas = NO_AREAS;
  #shadedAreas: Areas = NO_AREAS;
  #shading = "";
  #measure: MeasureFile | null = null;
  #popup: Popup | null = null;
  readonly ready: Promise<void>;

  constructor(options: Options) {
    this.#options = options;
    const map = createMap(options);
    this.#map = map;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    const { texts, host, reach } = options;
    this.#reach = reach ? new Reach(map, host, reach, texts, SidePanel.find(texts)) : null;
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    if (options.bounds) map.addControl(new WholeControl(options.bounds, fill(texts, "whole")), "top-right");
    map.addControl(new ScaleControl({ maxWidth: 100 }), "bottom-right");
    map.addControl(new AttributionControl({ compact: false, customAttribution: options.attribution }), "bottom-right");
    resolveImages(map, options.symbolsUrl, themeOf(host));
    this.ready = new Promise((resolve) => {
      map.once("style.load", () => {
        this.#addLayers();
        this.#listen();
        resolve();
      });
    });
  }

  #addLayers(): void {
    const colour = themeOf(this.#options.host);
    addAreaLayers(this.#map, colour);
    addHomesLayer(this.#map, colour);
    addReachLayers(this.#map, colour);
    addPlaceLayers(this.#map, colour);
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
      else this.#openGround(event.lngLat);
    });
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#openGround(map.getCenter());
    });
    map.on("moveend", () => {
      const { lng, lat } = map.getCenter();
      this.#options.onView({ lon: lng, lat, zoom: map.getZoom() });
    });
    this.#options.host.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#close();
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
    if (place) this.#openPlace(place, at, origin);
    else void this.#expand(Number(feature.properties.cluster_id), at);
  }

  async #expand(cluster: number, center: [number, number]): Promise<void> {
    const zoom = await this.#map.getSource<GeoJSONSource>("places")?.getClusterExpansionZoom(cluster);
    if (zoom !== undefined) this.#map.easeTo({ center, zoom: zoom + 0.1 });
  }

  #openPlace(place: Place, at: LngLatLike, origin: HTMLElement | null): void {
    const known = placePopup(place, this.#options.texts, this.#options.placeUrl(place.id));
    if (!this.#reach?.panel) this.#open(known, at, origin);
    else void this.#reach.place(place, known, () => this.#focus(origin));
  }

  /** What is known of a spot without a marker: the figure of its area where areas are coloured, and what is near the home there. */
  #openGround(at: LngLat): void {
    const [feature] = this.#map.queryRenderedFeatures(this.#map.project(at), {
      layers: SHADED_LAYERS,
    });
    const area = this.#shadedAreas.features.find(({ properties }) => properties.code === feature?.properties.code);
    const known = area && this.#shading ? [areaPopup(area.properties, this.#shading, this.wording)] : [];
    if (this.#reach?.panel) void this.#reach.spot([at.lng, at.lat], this.#places, known, () => this.#focus(null));
    else if (known[0]) this.#open(known[0], at, null);
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
      if (popup.getElement()?.contains(document.activeElement) || document.activeElement === document.body)
        this.#focus(origin);
    });
  }

  /** Gives the focus back to what opened something, or to the map. */
  #focus(origin: HTMLElement | null): void {
    (origin?.isConnected ? origin : this.#map.getCanvas()).focus();
  }

  #close(): void {
    this.#popup?.remove();
    this.#reach?.panel?.close();
  }

  setPlaces(shown: readonly Place[], filters: Filters): void {
    this.#popup?.remove();
    this.#places = new Map(shown.map((place) => [place.id, place]));
    showPlaces(this.#map, shown, filters);
  }

  setAreas(areas: Areas): void {
    this.#areas = shadedLevel(areas);
    outlineAreas(this.#map, this.#areas);
  }

  /** The words of the page, with what is shaded. */
  get wording(): Wording {
    const { texts, lang } = this.#options;
    const level = this.#shadedAreas.features[0]?.properties.level ?? "wijk";
    return { texts, lang, level, measure: this.#measure };
  }

  /** Shades the buurten, or where these are null the wijken or municipalities; "" takes the colours away. */
  shade(shading: string, measure: MeasureFile | null, buurten: Areas | null): Shaded | null {
    this.#shading = shading;
    this.#measure = measure;
    this.#shadedAreas = buurten?.features.length ? buurten : this.#areas;
    const known = this.#shadedAreas.features.map(({ properties }) => reading(properties, shading, measure));
    return shadeAreas(this.#map, this.#shadedAreas, shading ? known : null);
  }

  /** Colours the homes by the minutes on foot to one thing, null to take them away; returns what the legend must say. */
  colourHomes(file: HomesFile | null, what: string): ShownHomes {
    return showHomes(this.#map, file, what);
  }

  choose(codes: readonly string[], fit: boolean): void {
    chooseAreas(this.#map, codes);
    const bounds = fit ? areaBounds(this.#areas, codes) : null;
    if (bounds) this.#map.fitBounds(bounds, { padding: 32, maxZoom: 16 });
  }

  /** Looks at one place, with the ground from which one can be there in time. */
  show(place: Place): void {
    this.#map.jumpTo({ center: [place.lon, place.lat], zoom: CLOSE_UP.place });
    if (this.#reach) void this.#reach.ground(place);
    else ringPlaces(this.#map, [place]);
  }

  /** Looks at one home, and rings the places that the page tells of. */
  showHome(at: [number, number]): void {
    this.#map.jumpTo({ center: at, zoom: CLOSE_UP.home });
    this.#reach?.home(at, this.#places, document);
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
