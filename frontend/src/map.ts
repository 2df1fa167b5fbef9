// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { countShown, type Filters, matcher } from "./lib/filters.ts";
import { decodePlaces, type Place, type PlacesFile } from "./lib/places.ts";
import { readBounds, readView, type View, writeState } from "./lib/state.ts";
import { fill } from "./lib/text.ts";
import type { Areas } from "./map/areas.ts";
import { h } from "./map/dom.ts";
import type { MapEngine } from "./map/engine.ts";
import { type Choice, FilterForm, followFilters } from "./map/form.ts";
import { drawLegend, type Texts } from "./map/legend.ts";

const ANY_PLACE = "00000000-0000-0000-0000-000000000000";

async function json<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return (await response.json()) as T;
}

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
  readonly #count = h("p", { class: "kk-map-count", role: "status" });
  readonly #legend = h("div", { class: "kk-map-legend-body" });

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
    const places = json<PlacesFile>(this.getAttribute("places-url") ?? "");
    const areas = this.hasAttribute("areas-url") ? json<Areas>(this.getAttribute("areas-url") ?? "") : null;
    const parameters = new URLSearchParams(location.search);
    this.#view = this.#small ? null : readView(parameters);
    this.#form = this.#small ? null : new FilterForm((choice, changed) => this.#apply(choice, changed));
    try {
      this.#engine = this.#create(await engine);
      await this.#engine.ready;
    } catch {
      return this.#fail("failed");
    }
    try {
      this.#places = decodePlaces(await places);
      if (areas) this.#engine.setAreas(await areas);
    } catch {
      return this.#fail("failed_data");
    }
    this.querySelector(".kk-map-wait")?.remove();
    this.#showExtras();
    this.#apply(this.#choice(), "");
    await this.#engine.drawn();
    this.dataset.ready = "true";
  }

  #create({ MapEngine }: typeof import("./map/engine.ts")): MapEngine {
    const placeUrl = this.getAttribute("place-url");
    return new MapEngine({
      host: this,
      texts: this.#texts,
      lang: this.getAttribute("lang") ?? document.documentElement.lang,
      tilesUrl: this.getAttribute("tiles-url"),
      symbolsUrl: this.getAttribute("symbols-url") ?? "",
      placeUrl: (id) => placeUrl?.replace(ANY_PLACE, encodeURIComponent(id)) ?? null,
      attribution: this.getAttribute("attribution") ?? "",
      bounds: readBounds(this.getAttribute("bounds")),
      view: this.#view,
      marked: this.getAttribute("place"),
      onView: (view) => this.#moved(view),
    });
  }

  #choice(): Choice {
    if (this.#form) return this.#form.read();
    const wijk = this.getAttribute("wijk");
    return { filters: new Map(wijk ? [["wijk", [wijk]]] : []), shading: "" };
  }

  #showExtras(): void {
    const own = this.#places.find((place) => place.id === this.getAttribute("place"));
    if (own) this.#engine?.show(own);
    if (this.#small) return;
    const legend = h(
      "details",
      { class: "kk-map-legend" },
      h("summary", {}, fill(this.#texts, "legend")),
      this.#legend,
    );
    legend.open = window.matchMedia("(width >= 60rem)").matches;
    this.append(this.#count, legend);
  }

  #apply(choice: Choice, changed: string): void {
    const engine = this.#engine;
    if (!engine) return;
    const shown = this.#places.filter(matcher(choice.filters));
    engine.setPlaces(shown, choice.filters);
    engine.choose(choice.filters.get("wijk") ?? [], changed === "wijk" || (this.#small && !this.hasAttribute("place")));
    const shaded = engine.shade(choice.shading);
    const lang = this.getAttribute("lang") ?? document.documentElement.lang;
    if (!this.#small) drawLegend(this.#legend, this.#places, choice.shading, shaded, this.#texts, lang);
    this.#tell(countShown(shown, choice.filters));
    this.#write(choice);
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

  #write({ filters, shading }: { filters: Filters; shading: string }): void {
    if (!this.#form?.form) return;
    const everything = writeState(new URLSearchParams(location.search), filters, shading, this.#view);
    history.replaceState(history.state, "", everything ? `?${everything}` : location.pathname);
    followFilters(writeState(new URLSearchParams(), filters, "", null), everything);
  }

  #fail(key: string): void {
    this.querySelector(".kk-map-wait")?.remove();
    this.append(h("p", { class: "kk-map-failed", role: "alert" }, fill(this.#texts, key)));
  }
}

customElements.define("knoop-map", KnoopMap);
