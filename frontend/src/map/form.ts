// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { countFilters, readFilters } from "../lib/filters.ts";
import { ALL_DETAILS, DETAILS, matters } from "../lib/measures.ts";
import { readShading } from "../lib/shading.ts";
import { type Choice, readLevel } from "../lib/state.ts";

const TYPING_PAUSE_MS = 200;

/** The query string of a form's fields. */
function parameters(form: HTMLFormElement): URLSearchParams {
  const result = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value) result.append(name, value);
  return result;
}

function restore(form: HTMLFormElement, from: URLSearchParams): void {
  for (const field of form.elements) {
    const isField = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
    if (isField && field.name && field.type !== "hidden") restoreField(field, from.getAll(field.name));
  }
}

function restoreField(field: HTMLInputElement | HTMLSelectElement, values: string[]): void {
  if (field instanceof HTMLSelectElement && field.multiple) {
    for (const option of field.options) option.selected = values.includes(option.value);
  } else if (field instanceof HTMLSelectElement) chooseOption(field, values[0]);
  else if (!["checkbox", "radio"].includes(field.type)) field.value = values[0] ?? "";
  else field.checked = values.includes(field.value);
}

/** Chooses a value; where it is not offered, the usual one: the option that the server selected, or the first. */
function chooseOption(select: HTMLSelectElement, value = ""): void {
  const options = [...select.options];
  const at = options.findIndex((option) => option.value === value);
  select.selectedIndex = at < 0 ? Math.max(0, options.findIndex(isUsual)) : at;
}

const isUsual = (option: HTMLOptionElement): boolean => option.defaultSelected;

/** A part of the day stands in the address as what is shaded, and in the form as a choice of its own. */
function spread(address: URLSearchParams): URLSearchParams {
  const { kind, of } = readShading(address.get("vlak") ?? "");
  const result = new URLSearchParams(address);
  if (kind !== "open") return result;
  result.set("vlak", kind);
  result.set("dagdeel", of);
  return result;
}

/** The filter form of the page, or the query string where the page has none. */
export class FilterForm {
  readonly form = document.querySelector<HTMLFormElement>("form#filters");
  readonly #start = spread(new URLSearchParams(location.search));
  /** Selects of one choice with several values in the address: such a select shows one, and holds all until somebody changes it. */
  readonly #several = new Map<string, string[]>();

  constructor(onChange: (choice: Choice, changed: string) => void) {
    const form = this.form;
    if (!form) return;
    restore(form, this.#start);
    for (const { name } of form.querySelectorAll<HTMLSelectElement>("select:not([multiple])")) {
      const values = this.#start.getAll(name).filter(Boolean);
      if (values.length > 1) this.#several.set(name, values);
    }
    let pause: ReturnType<typeof setTimeout> | undefined;
    const tell = (name: string): void => {
      clearTimeout(pause);
      this.#follow();
      onChange(this.read(), name);
    };
    form.addEventListener("input", (event) => {
      const field = event.target as HTMLInputElement;
      this.#several.delete(field.name);
      clearTimeout(pause);
      pause = setTimeout(() => tell(field.name), field.type === "search" ? TYPING_PAUSE_MS : 0);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      tell("q");
    });
    form.querySelector("[data-kk-reset]")?.addEventListener("click", (event) => {
      event.preventDefault();
      restore(form, new URLSearchParams());
      this.#several.clear();
      tell("");
    });
    document.documentElement.classList.add("kk-map-ready");
    for (const button of form.querySelectorAll<HTMLButtonElement>("button:not([type='button'])")) button.hidden = true;
    this.#follow();
  }

  read(): Choice {
    const values = this.form ? parameters(this.form) : this.#start;
    for (const [name, several] of this.#several) {
      values.delete(name);
      for (const value of several) values.append(name, value);
    }
    const kind = values.get("vlak") ?? "";
    return {
      filters: readFilters(values),
      shading: kind === "open" ? `open:${values.get("dagdeel") ?? ""}` : kind,
      details: this.#details(kind, values),
      level: readLevel(kind ? values.get("niveau") : null),
      homes: values.get("woningen") ?? "",
    };
  }

  /** The choices that play a part in what is shaded, as far as they are not the usual ones. */
  #details(shading: string, values: URLSearchParams): Record<string, string> {
    const playing = matters(readShading(shading).kind);
    const names = DETAILS.filter((name) => playing.includes(name) && !this.#isUsual(name));
    return Object.fromEntries(names.map((name) => [name, values.get(name) ?? ""]));
  }

  #isUsual(name: string): boolean {
    const [option] = this.form?.querySelector<HTMLSelectElement>(`select[name="${name}"]`)?.selectedOptions ?? [];
    return option?.defaultSelected ?? false;
  }

  /** What depends on the choices: the number of filters, and which further choices there are. */
  #follow(): void {
    const { shading } = this.read();
    const playing = matters(readShading(shading).kind);
    for (const name of [...ALL_DETAILS, "niveau"]) {
      const field = this.form?.querySelector<HTMLElement>(`[data-kk-detail="${name}"]`);
      if (field) field.hidden = name === "niveau" ? shading === "" : !playing.includes(name);
    }
    this.#showCount();
  }

  #showCount(): void {
    const badge = this.form?.querySelector("[data-kk-filter-count]");
    const count = countFilters(this.read().filters);
    if (badge) badge.textContent = count > 0 ? `(${count})` : "";
  }
}

/** Keeps the links to list, downloads and the other language on the same filters. */
export function followFilters(filters: string, everything: string): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-kk-same-filters]")) {
    link.search = link.dataset.kkSameFilters === "all" ? everything : filters;
  }
}
