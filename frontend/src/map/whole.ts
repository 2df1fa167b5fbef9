// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import type { Map as GlMap, IControl } from "maplibre-gl";
import { h, svg } from "./dom.ts";

/** A button that shows the whole municipality again. */
export class WholeControl implements IControl {
  readonly #bounds: [number, number, number, number];
  readonly #label: string;
  #element: HTMLElement | null = null;

  constructor(bounds: [number, number, number, number], label: string) {
    this.#bounds = bounds;
    this.#label = label;
  }

  onAdd(map: GlMap): HTMLElement {
    const button = h("button", {
      type: "button",
      class: "kk-map-whole",
      title: this.#label,
      "aria-label": this.#label,
    });
    button.append(
      svg("0 0 24 24", "path", {
        d: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
        fill: "none",
        stroke: "currentColor",
        "stroke-width": "2.2",
      }),
    );
    button.addEventListener("click", () => map.fitBounds(this.#bounds, { padding: 24 }));
    this.#element = h("div", { class: "maplibregl-ctrl maplibregl-ctrl-group" }, button);
    return this.#element;
  }

  onRemove(): void {
    this.#element?.remove();
  }
}
