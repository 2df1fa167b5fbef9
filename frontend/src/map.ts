// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { countShown, matcher } from "./lib/filters.ts";
import type { HomesFile } from "./lib/homes.ts";
import { isMeasure, type MeasureFile, measureQuery } from "./lib/measures.ts";
import { decodePlaces, type Place, type PlacesFile } from "./lib/places.ts";
import { readShading } from "./lib/shading.ts";
import { type Choice, readBounds, readPoint, readView, type View, writeState } from "./lib/state.ts";
import { fill } from "./lib/text.ts";
import type { Areas } from "./map/areas.ts";
import { h } from "./map/dom.ts";
import type { MapEngine } from "./map/engine.ts";
import { Fetched, fetchJson } from "./map/fetched.ts";
import { FilterForm, followFilters } from "./map/form.ts";
import { drawLegend } from "./map/legend.ts";
import type { ReachUrls } from "./map/reach.ts";
import type { Texts } from "./map/wording.ts";

const ANY_PLACE = "00000000-0000-0000-0000-000000000000";

function readTexts(): Texts {
  return JSON.parse(document.getElementById("map-texts")?.textContent ?? "{}") as Texts;
}

/** The map of places. Works from the filter form of the page; its address bar carries the state. */
class KnoopMap extends HTMLElement {
  #texts: Texts = {};
  #places: Place[] = [];
  #engine: MapEngine | null = null;
  #form: FilterForm | null = null;
  #view: View | null = null;
  #choices = 0;
  #areasFailed = false;
  readonly #fetched = new Fetched();
  readonly #count = h("p", { class: "kk-map-count", role: "status" });
  readonly #legendBody = h("div", { class: "kk-map-legend-body" });
  readonly #legend = h("details", { class: "kk-map-legend" });

  connectedCallback(): void {
    this.#texts = readTexts();
    void this.#start();
  }

  disconnectedCallback(): void {
    this.#engine?.remove();
  }

  get #small(): boolean {
    return this.classList.contains("kk-map--small");
  }

  async #start(): Promise<void> {
    const engine = import("./map/engine.ts");
    const places = fetchJson<PlacesFile>(this.getAttribute("places-url") ?? "");
    const areas = this.#fetched.get<Areas>(this.getAttribute("areas-url"));
    const parameters = new URLSearchParams(location.search);
    this.#view = this.#small ? null : readView(parameters);
    this.#form = this.#small ? null : new FilterForm((choice, changed) => void this.#apply(choice, changed));
    try {
      this.#engine = this.#create(await engine);
      await this.#engine.ready;
    } catch {
      return this.#fail("failed");
    }
    try {
      this.#places = decodePlaces(await places);
    } catch {
      return this.#fail("failed_data");
    }
    const { data: known, failed } = await areas;
    if (known) this.#engine.setAreas(known);
    this.#areasFailed = failed;
    this.querySelector(".kk-map-wait")?.remove();
    await this.#apply(this.#choice(), "");
    this.#showExtras();
    await this.#engine.drawn();
    this.dataset.ready = "true";
  }

  #create({ MapEngine }: typeof import("./map/engine.ts")): MapEngine {
    return new MapEngine({
      host: this,
      texts: this.#texts,
      lang: this.getAttribute("lang") ?? document.documentElement.lang,
      tilesUrl: this.getAttribute("tiles-url"),
      symbolsUrl: this.getAttribute("symbols-url") ?? "",
      placeUrl: (id) => this.#urlOf("place-url", id),
      attribution: this.getAttribute("attribution") ?? "",
      bounds: readBounds(this.getAttribute("bounds")),
      view: this.#view,
      reach: this.#reachUrls(),
      onView: (view) => this.#moved(view),
    });
  }

  #urlOf(attribute: string, id: string): string | null {
    return this.getAttribute(attribute)?.replace(ANY_PLACE, encodeURIComponent(id)) ?? null;
  }

  /** Where reach is told of; null where nothing was reckoned. */
  #reachUrls(): ReachUrls | null {
    const near = this.getAttribute("near-url");
    return near === null
      ? null
      : {
          isochrones: (id) => this.#urlOf("reach-url", id) ?? "",
          place: (id) => `${this.#urlOf("place-reach-url", id)}?deel`,
          near: (lon, lat) => `${near}?lon=${lon.toFixed(6)}&lat=${lat.toFixed(6)}&deel`,
        };
  }

  #choice(): Choice {
    if (this.#form) return this.#form.read();
    const wijk = this.getAttribute("wijk");
    const filters: Choice["filters"] = new Map(wijk ? [["wijk", [wijk]]] : []);
    return { filters, shading: "", details: {}, level: "wijk", homes: "" };
  }

  #showExtras(): void {
    const own = this.#places.find((place) => place.id === this.getAttribute("place"));
    if (own) this.#engine?.show(own);
    const spot = readPoint(this.getAttribute("spot"));
    if (spot) this.#engine?.showHome(spot);
    if (this.#small) return;
    this.#legend.append(h("summary", {}, fill(this.#texts, "legend")), this.#legendBody);
    this.#legend.open ||= window.matchMedia("(width >= 60rem)").matches;
    this.append(this.#count, this.#legend);
  }

  async #apply(choice: Choice, changed: string): Promise<void> {
    const engine = this.#engine;
    if (!engine) return;
    const shown = this.#places.filter(matcher(choice.filters));
    const lonely = this.#small && !this.hasAttribute("place") && !this.hasAttribute("spot");
    engine.setPlaces(shown, choice.filters);
    engine.choose(choice.filters.get("wijk") ?? [], changed === "wijk" || lonely);
    this.#tell(countShown(shown, choice.filters));
    this.#write(choice);
    if (!this.#small) await this.#colour(engine, choice);
  }

  /** Colours areas and homes as chosen, once what that takes is there, and says so in the legend. */
  async #colour(engine: MapEngine, choice: Choice): Promise<void> {
    this.#choices += 1;
    const latest = this.#choices;
    const urls = this.#urlsOf(choice);
    const [homes, measure, buurten] = await Promise.all([
      this.#fetched.get<HomesFile>(urls.homes),
      this.#fetched.get<MeasureFile>(urls.measure),
      this.#fetched.get<Areas>(urls.buurten),
    ]);
    if (latest !== this.#choices) return;
    const broken = { failed_homes: homes, failed_measure: measure, failed_areas: buurten };
    const failed = Object.entries(broken).flatMap(([key, got]) => (got.failed ? [key] : []));
    if (this.#areasFailed && !buurten.failed) failed.push("failed_areas");
    const missing = measure.failed || buurten.failed;
    const shaded = engine.shade(missing ? "" : choice.shading, measure.data, buurten.data);
    const drawn = engine.colourHomes(homes.data, choice.homes);
    const shown = {
      places: this.#places,
      areas: shaded && { shading: choice.shading, shaded },
      homes: homes.data && { what: choice.homes, file: homes.data, drawn },
      failed,
    };
    drawLegend(this.#legendBody, shown, engine.wording);
    if (failed.length > 0) this.#legend.open = true;
  }

  /** Where that what is chosen to be coloured is told; null for what is not chosen, or not known here. */
  #urlsOf({ homes, shading, details, level }: Choice): Record<"homes" | "measure" | "buurten", string | null> {
    const { kind, of } = readShading(shading);
    const measures = isMeasure(kind) ? this.getAttribute("measures-url") : null;
    const areas = shading && level === "buurt" ? this.getAttribute("areas-url") : null;
    return {
      homes: homes ? this.getAttribute("homes-url") : null,
      measure: measures && `${measures}?${measureQuery(kind, of, details)}`,
      buurten: areas && `${areas}?niveau=buurt`,
    };
  }

  #tell(count: number): void {
    const key = count === 0 ? "count_none" : count === 1 ? "count_one" : "count_many";
    const text = fill(this.#texts, key, { count });
    if (this.#count.textContent !== text) this.#count.textContent = text;
  }

  #moved(view: View): void {
    this.#view = view;
    if (this.#form?.form) this.#write(this.#form.read());
  }

  #write(choice: Choice): void {
    if (!this.#form?.form) return;
    const everything = writeState(new URLSearchParams(location.search), choice, this.#view);
    history.replaceState(history.state, "", everything ? `?${everything}` : location.pathname);
    followFilters(writeState(new URLSearchParams(), { filters: choice.filters }, null), everything);
  }

  #fail(key: string): void {
    this.querySelector(".kk-map-wait")?.remove();
    this.append(h("p", { class: "kk-map-failed", role: "alert" }, fill(this.#texts, key)));
  }
}

customElements.define("knoop-map", KnoopMap);
