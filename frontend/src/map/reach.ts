// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { GeoJSONSource, Map as GlMap } from "maplibre-gl";
import { BAND_OPACITY } from "../lib/bands.ts";
import { boundsOf, holds } from "../lib/bounds.ts";
import type { Place } from "../lib/places.ts";
import { fill } from "../lib/text.ts";
import type { Colour } from "./colours.ts";
import { h } from "./dom.ts";
import { fetchJson } from "./fetched.ts";
import { EMPTY, ringPlaces } from "./layers.ts";
import type { SidePanel } from "./side.ts";
import type { Texts } from "./wording.ts";

type Isochrones = GeoJSON.FeatureCollection<GeoJSON.Polygon | GeoJSON.MultiPolygon, { mode: string; minutes: number }>;
const NOTHING: Isochrones = { type: "FeatureCollection", features: [] };
const MODES = ["walk", "cycle"];
const MARGIN_PX = 40;

/** Where the server tells of reach. */
export interface ReachUrls {
  isochrones: (placeId: string) => string;
  place: (placeId: string) => string;
  near: (lon: number, lat: number) => string;
}

/** Layers of reach: the ground below the labels of the basemap, the home that was chosen above all. */
export function addReachLayers(map: GlMap, colour: Colour): void {
  const below = map.getLayer("label-street") ? "label-street" : undefined;
  map.addSource("reach", { type: "geojson", data: EMPTY });
  map.addSource("home", { type: "geojson", data: EMPTY });
  map.addLayer(
    {
      id: "reach-ground",
      type: "fill",
      source: "reach",
      paint: { "fill-color": colour("map-reach"), "fill-opacity": BAND_OPACITY },
    },
    below,
  );
  map.addLayer(
    {
      id: "reach-edge",
      type: "line",
      source: "reach",
      paint: { "line-color": colour("map-reach"), "line-width": 1.6, "line-opacity": 0.85 },
    },
    below,
  );
  map.addLayer({
    id: "home",
    type: "circle",
    source: "home",
    paint: {
      "circle-color": colour("map-reach"),
      "circle-radius": 9,
      "circle-stroke-color": colour("surface"),
      "circle-stroke-width": 3,
    },
  });
}

/** What is drawn and told of the reach of one place, or of what is near one home. */
export class Reach {
  readonly #map: GlMap;
  readonly #host: HTMLElement;
  readonly #urls: ReachUrls;
  readonly #texts: Texts;
  readonly panel: SidePanel | null;
  #ground: Isochrones = NOTHING;
  #home = false;
  #mode = "walk";
  #latest = 0;

  constructor(map: GlMap, host: HTMLElement, urls: ReachUrls, texts: Texts, panel: SidePanel | null) {
    this.#map = map;
    this.#host = host;
    this.#urls = urls;
    this.#texts = texts;
    this.panel = panel;
    if (panel) panel.onClose = () => this.clear();
  }

  /** Draws the ground from which one can be at a place in time. */
  async ground(place: Place): Promise<void> {
    this.#forget();
    ringPlaces(this.#map, [place]);
    const asked = this.#latest;
    const found = await this.#fetchGround(place.id);
    if (asked !== this.#latest) return;
    if (!found) return this.#warn();
    this.#ground = found;
    this.#draw();
    await this.#drawn();
    if (asked === this.#latest) this.#host.dataset.reach = place.id;
  }

  /** The ground of a place; null where it cannot be had. */
  async #fetchGround(placeId: string): Promise<Isochrones | null> {
    try {
      return await fetchJson<Isochrones>(this.#urls.isochrones(placeId));
    } catch {
      return null;
    }
  }

  /** Says that the ground could not be had: in the panel, or on a map without one. */
  #warn(): void {
    if (this.panel) this.panel.warn("failed_ground");
    else this.#host.append(h("p", { class: "kk-map-note", role: "alert" }, fill(this.#texts, "failed_ground")));
  }

  /** Opens the panel on a place and draws its ground. */
  async place(place: Place, known: HTMLElement, back: () => void): Promise<void> {
    // The ground is asked for first: the panel takes room from the map, and drawing that takes longer than an answer.
    const drawn = this.ground(place);
    const told = this.panel?.open([known, this.#modes()], this.#urls.place(place.id), back);
    await drawn;
    this.#bringIntoView();
    await told;
  }

  /** Opens the panel on what is near a spot, and marks the home that was found there. */
  async spot(
    [lon, lat]: [number, number],
    places: ReadonlyMap<string, Place>,
    known: readonly HTMLElement[],
    back: () => void,
  ): Promise<void> {
    if (!this.panel) return;
    this.clear();
    const asked = this.#latest;
    const told = await this.panel.open(known, this.#urls.near(lon, lat), back);
    if (asked !== this.#latest) return;
    const [x, y] = (told.querySelector<HTMLElement>("[data-kk-home]")?.dataset.kkHome ?? "").split(",").map(Number);
    if (x === undefined || y === undefined) return;
    this.home([x, y], places, told);
    this.#moveIntoView([x, y]);
  }

  /** Marks a home, and the places that are told of as near to it. */
  home(at: [number, number], places: ReadonlyMap<string, Place>, told: ParentNode): void {
    const links = [...told.querySelectorAll<HTMLElement>("[data-kk-place]")];
    const near = links.map((link) => places.get(link.dataset.kkPlace ?? "")).filter((place) => place !== undefined);
    this.#home = true;
    this.#source("home")?.setData({ type: "Point", coordinates: at });
    ringPlaces(this.#map, near);
  }

  clear(): void {
    this.#forget();
    ringPlaces(this.#map, []);
  }

  /** Takes away what is drawn, and only that: every change of a source is drawn anew. */
  #forget(): void {
    this.#latest += 1;
    if (this.#ground !== NOTHING) {
      this.#ground = NOTHING;
      this.#draw();
    }
    if (this.#home) this.#source("home")?.setData(EMPTY);
    this.#home = false;
    delete this.#host.dataset.reach;
  }

  #source(id: string): GeoJSONSource | undefined {
    return this.#map.getSource<GeoJSONSource>(id);
  }

  #shown(): Isochrones {
    return {
      ...this.#ground,
      features: this.#ground.features.filter(({ properties }) => properties.mode === this.#mode),
    };
  }

  #draw(): void {
    this.#source("reach")?.setData(this.#shown());
  }

  /** Resolves when the map has drawn the ground: until then it cuts the shapes into tiles elsewhere. */
  #drawn(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.#map.isSourceLoaded("reach")) return;
        this.#map.off("render", look);
        resolve();
      };
      this.#map.on("render", look);
    });
  }

  #moveIntoView(at: [number, number]): void {
    this.#map.resize();
    const { width, height } = this.#map.getCanvas().getBoundingClientRect();
    const { x, y } = this.#map.project(at);
    const covered = this.panel?.covers(this.#host) ?? 0;
    const seen = x > MARGIN_PX && x < width - MARGIN_PX && y > MARGIN_PX && y < height - covered - MARGIN_PX;
    if (!seen) this.#map.easeTo({ center: at, offset: [0, -covered / 2] });
  }

  #bringIntoView(): void {
    const bounds = boundsOf(this.#shown().features.map(({ geometry }) => geometry));
    if (!bounds) return;
    this.#map.resize();
    const [west, south, east, north] = this.#map.getBounds().toArray().flat() as [number, number, number, number];
    const covered = this.panel?.covers(this.#host) ?? 0;
    if (covered === 0 && holds([west, south, east, north], bounds)) return;
    const padding = { top: MARGIN_PX, left: MARGIN_PX, right: MARGIN_PX, bottom: MARGIN_PX + covered };
    this.#map.fitBounds(bounds, { padding, maxZoom: this.#map.getZoom() });
  }

  /** On foot or by bicycle: which ground is drawn. */
  #modes(): HTMLElement {
    const choices = MODES.map((mode) => {
      const radio = h("input", { type: "radio", name: "kk-mode", value: mode });
      radio.checked = mode === this.#mode;
      radio.addEventListener("change", () => {
        this.#mode = mode;
        this.#draw();
        this.#bringIntoView();
      });
      return h("label", { class: "kk-check" }, radio, ` ${fill(this.#texts, `mode_${mode}`)}`);
    });
    return h("fieldset", { class: "kk-fieldset kk-modes" }, h("legend", {}, fill(this.#texts, "mode")), ...choices);
  }
}
