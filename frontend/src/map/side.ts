// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { fill } from "../lib/text.ts";
import { h } from "./dom.ts";
import type { Texts } from "./wording.ts";

/** The panel beside the map, with what the server tells of a place or a home: the same markup as on the page of that place. */
export class SidePanel {
  readonly #element: HTMLElement;
  readonly #body: HTMLElement;
  /** Says in one line that the figures are there: the focus is on the panel by then, and nothing else of it is read out by itself. */
  readonly #status = h("p", { class: "kk-visually-hidden", role: "status" });
  readonly #texts: Texts;
  #asked = new AbortController();
  #back: () => void = () => {};
  onClose: () => void = () => {};

  /** The panel of this page; null where it has none. */
  static find(texts: Texts): SidePanel | null {
    const element = document.querySelector<HTMLElement>("#map-side");
    const body = element?.querySelector<HTMLElement>("[data-kk-side-body]");
    return element && body ? new SidePanel(element, body, texts) : null;
  }

  constructor(element: HTMLElement, body: HTMLElement, texts: Texts) {
    this.#element = element;
    this.#body = body;
    this.#texts = texts;
    body.after(this.#status);
    element.querySelector("[data-kk-close]")?.addEventListener("click", () => this.close());
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  get isOpen(): boolean {
    return !this.#element.hidden;
  }

  /** Shows what is known already, and below it what the server tells; `back` takes the focus when the panel closes. */
  async open(known: readonly HTMLElement[], url: string, back: () => void): Promise<HTMLElement> {
    this.#asked.abort();
    this.#asked = new AbortController();
    const told = h("div", { "aria-busy": "true" }, h("p", {}, fill(this.#texts, "loading_part")));
    this.#back = back;
    this.#body.replaceChildren(...known, told);
    this.#status.textContent = "";
    this.#element.hidden = false;
    this.#element.scrollTop = 0;
    this.#element.focus({ preventScroll: true });
    await this.#fetch(url, told, this.#asked.signal);
    return told;
  }

  /** Says above what the server tells that something else could not be had. */
  warn(key: string): void {
    this.#body.lastElementChild?.before(h("p", { role: "alert" }, fill(this.#texts, key)));
  }

  close(): void {
    if (!this.isOpen) return;
    this.#asked.abort();
    const held = this.#element.contains(document.activeElement);
    this.#element.hidden = true;
    this.#body.replaceChildren();
    this.#status.textContent = "";
    this.onClose();
    if (held) this.#back();
  }

  async #fetch(url: string, told: HTMLElement, signal: AbortSignal): Promise<void> {
    try {
      const response = await fetch(url, { signal });
      if (!response.ok) throw new Error(`${response.status} ${url}`);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      told.replaceChildren(...page.body.childNodes);
      const name = this.#body.querySelector("h2")?.textContent ?? "";
      this.#status.textContent = fill(this.#texts, "told_part", { name });
    } catch {
      if (signal.aborted) return;
      told.replaceChildren(h("p", { role: "alert" }, fill(this.#texts, "failed_part")));
    } finally {
      told.removeAttribute("aria-busy");
    }
  }

  /** How much of the map the panel covers from below (pixels): on a phone it lies over it. */
  covers(map: Element): number {
    const [own, under] = [this.#element.getBoundingClientRect(), map.getBoundingClientRect()];
    const beside = own.left >= under.right || own.right <= under.left;
    return this.#element.hidden || beside ? 0 : Math.max(0, under.bottom - own.top);
  }
}
