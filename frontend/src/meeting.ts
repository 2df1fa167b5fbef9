// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { addresses, newest, told } from "./lib/settings.ts";

const form = document.querySelector<HTMLFormElement>("form[data-kk-settings]");
const PAUSE_MS = 120;

if (form) live(form);

/** While one slides the lines are drawn anew by the server; without this script the button of the form does the same. */
function live(form: HTMLFormElement): void {
  const page = form.action.split("#", 1).join("");
  const where = () =>
    addresses(
      page,
      [...new FormData(form)].map(([name, value]) => [name, String(value)]),
    );
  const redraw = newest(
    async (signal) => {
      const response = await fetch(where().part, { signal });
      if (!response.ok) throw new Error(response.statusText);
      return response.text();
    },
    (html) => {
      const found = new DOMParser().parseFromString(html, "text/html").querySelector("[data-kk-settings-result]");
      const shown = result();
      if (!found || !shown) throw new Error("no lines");
      failed(false);
      const open = shown.querySelector("details")?.open ?? false;
      const details = found.querySelector("details");
      if (details) details.open = open;
      shown.replaceWith(found);
      history.replaceState(null, "", where().page);
    },
    () => failed(true),
  );
  let waiting: number | undefined;
  form.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === "range") write(event.target);
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void redraw(), PAUSE_MS);
  });
}

function result(): HTMLElement | null {
  return document.querySelector("[data-kk-settings-result]");
}

/** Lines of other settings than those that are shown would be read as theirs: without an answer there are none. */
function failed(now: boolean): void {
  const shown = result();
  const message = document.querySelector<HTMLElement>("[data-kk-settings-failed]");
  if (shown) shown.hidden = now;
  if (message) message.hidden = !now;
}

/** The value beside its slider, and as it is read out. */
function write(slider: HTMLInputElement): void {
  const output = slider.parentElement?.querySelector("output");
  const times = slider.form?.dataset.kkTimes ?? "%(number)s";
  const value = told(Number(slider.value), slider.dataset.kkFactor ?? "", document.documentElement.lang, times);
  if (output) output.value = value;
  slider.setAttribute("aria-valuetext", value);
}
