// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { Map as GlMap, MapGeoJSONFeature } from "maplibre-gl";
import { fill } from "../lib/text.ts";
import { CLUSTERS, PLACE_LAYERS } from "./layers.ts";
import type { Texts } from "./wording.ts";

const AT_MOST = 60;

const isFocused = (element: Element): boolean => element === document.activeElement;

interface Target {
  key: string;
  lngLat: [number, number];
  label: string;
  feature: MapGeoJSONFeature;
}

const STEPS: ReadonlyMap<string, number> = new Map([
  ["ArrowRight", 1],
  ["ArrowDown", 1],
  ["ArrowLeft", -1],
  ["ArrowUp", -1],
]);

/**
 * Buttons over the markers in view, for keyboard and screen reader: a canvas has nothing to step through.
 * One stop for Tab, arrow keys step from top to bottom and left to right; the buttons let the mouse pass.
 */
export class KeyboardTargets {
  readonly element = document.createElement("div");
  #buttons = new Map<string, HTMLButtonElement>();
  #targets = new Map<string, Target>();
  readonly #map: GlMap;
  readonly #texts: Texts;
  readonly #labelOf: (id: string) => string;

  constructor(
    map: GlMap,
    texts: Texts,
    labelOf: (id: string) => string,
    activate: (feature: MapGeoJSONFeature, button: HTMLButtonElement) => void,
  ) {
    this.#map = map;
    this.#texts = texts;
    this.#labelOf = labelOf;
    this.element.className = "kk-map-places";
    this.element.addEventListener("click", (event) => {
      const button = (event.target as Element).closest("button");
      const target = this.#targets.get(button?.dataset.key ?? "");
      if (button && target) activate(target.feature, button);
    });
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.element.addEventListener("focusin", () => this.#rove());
    map.on("move", () => this.#place());
    map.on("idle", () => this.refresh());
  }

  refresh(): void {
    const targets = this.#inView();
    this.#targets = new Map(targets.map((target) => [target.key, target]));
    const focused =
      document.activeElement instanceof HTMLButtonElement ? document.activeElement.dataset.key : undefined;
    for (const [key, button] of this.#buttons) {
      if (this.#targets.has(key) || key === focused) continue;
      button.remove();
      this.#buttons.delete(key);
    }
    for (const target of targets) this.#button(target);
    this.#sort(targets);
    this.#rove();
    this.#place();
  }

  #onKey(event: KeyboardEvent): void {
    const step = STEPS.get(event.key);
    if (event.key === "+" || event.key === "=") this.#map.zoomIn();
    else if (event.key === "-") this.#map.zoomOut();
    else if (step !== undefined) this.#ordered()[this.#position() + step]?.focus();
    else return;
    event.preventDefault();
  }

  #ordered(): HTMLButtonElement[] {
    return [...this.element.querySelectorAll("button")];
  }

  #position(): number {
    return Math.max(0, this.#ordered().findIndex(isFocused));
  }

  /** Only one button is a stop for Tab: the focused one, or the first. */
  #rove(): void {
    const stop = this.#position();
    for (const [index, button] of this.#ordered().entries()) button.tabIndex = index === stop ? 0 : -1;
  }

  #button(target: Target): void {
    let button = this.#buttons.get(target.key);
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.dataset.key = target.key;
      this.#buttons.set(target.key, button);
    }
    button.setAttribute("aria-label", target.label);
    if (!button.isConnected) this.element.append(button);
  }

  /** Puts the buttons in order around the focused one, which would lose its focus if it moved. */
  #sort(targets: readonly Target[]): void {
    const buttons = targets.map((target) => this.#buttons.get(target.key)).filter((button) => button !== undefined);
    const middle = buttons.findIndex(isFocused);
    if (middle >= 0) this.element.prepend(...buttons.slice(0, middle));
    this.element.append(...buttons.slice(middle + 1));
  }

  #inView(): Target[] {
    const layers = [CLUSTERS, ...PLACE_LAYERS].filter((id) => this.#map.getLayer(id));
    const seen = new Map<string, Target>();
    for (const feature of this.#map.queryRenderedFeatures({ layers })) {
      if (feature.geometry.type !== "Point") continue;
      const count = feature.properties.point_count as number | undefined;
      const id = String(feature.properties.id ?? `cluster ${feature.properties.cluster_id}`);
      const label = count === undefined ? this.#labelOf(id) : fill(this.#texts, "cluster", { count });
      seen.set(id, { key: id, lngLat: feature.geometry.coordinates as [number, number], label, feature });
    }
    const row = (target: Target): number => Math.round(this.#map.project(target.lngLat).y / 48);
    return [...seen.values()].sort((a, b) => row(a) - row(b) || a.lngLat[0] - b.lngLat[0]).slice(0, AT_MOST);
  }

  #place(): void {
    for (const [key, button] of this.#buttons) {
      const target = this.#targets.get(key);
      if (!target) continue;
      const { x, y } = this.#map.project(target.lngLat);
      button.style.transform = `translate(${Math.round(x - 16)}px, ${Math.round(y - 16)}px)`;
    }
  }
}
