// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { countFilters, readFilters } from "../lib/filters.ts";
import type { Choice } from "../lib/state.ts";

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
  } else if (field instanceof HTMLSelectElement || !["checkbox", "radio"].includes(field.type))
    field.value = values[0] ?? "";
  else field.checked = values.includes(field.value);
}

/** The filter form of the page, or the query string where the page has none. */
export class FilterForm {
  readonly form = document.querySelector<HTMLFormElement>("form#filters");
  readonly #start = new URLSearchParams(location.search);
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
      this.#showCount();
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
    this.#showCount();
  }

  read(): Choice {
    const values = this.form ? parameters(this.form) : this.#start;
    for (const [name, several] of this.#several) {
      values.delete(name);
      for (const value of several) values.append(name, value);
    }
    return { filters: readFilters(values), shading: values.get("vlak") ?? "", homes: values.get("woningen") ?? "" };
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
