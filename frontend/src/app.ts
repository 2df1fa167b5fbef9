// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import "./styles/app.css";
import "./styles/colours.css";

const NARROW = "(width < 60rem)";

/** Without scripts the panel stands open; on a narrow screen it would push the content off the page. */
for (const panel of document.querySelectorAll<HTMLDetailsElement>("details[data-kk-narrow-closed]")) {
  panel.open = !window.matchMedia(NARROW).matches;
}

/** Paper has nothing to fold open: for browsers whose style sheets cannot reach what is folded (see print.css). */
const folded: HTMLDetailsElement[] = [];
addEventListener("beforeprint", () => {
  folded.push(...document.querySelectorAll<HTMLDetailsElement>("main .kk-details:not([open])"));
  for (const details of folded) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of folded.splice(0)) details.open = false;
});

/** An area of a map leads where its row in the table leads, for who points at it; by keyboard the table does. */
for (const map of document.querySelectorAll<HTMLElement>(".kk-monitor-map")) {
  const link = (target: EventTarget | null): HTMLAnchorElement | null => {
    const code = target instanceof Element ? target.getAttribute("data-code") : null;
    return code ? document.querySelector<HTMLAnchorElement>(`a[data-code="${CSS.escape(code)}"]`) : null;
  };
  map.classList.add("kk-pointed");
  map.addEventListener("click", (event) => link(event.target)?.click());
}

/** A part of the wheel leads to its row in the tables. */
for (const wheel of document.querySelectorAll<HTMLElement>(".kk-wheel")) {
  wheel.classList.add("kk-pointed");
  wheel.addEventListener("click", (event) => {
    const key = event.target instanceof Element ? event.target.closest("[data-key]")?.getAttribute("data-key") : null;
    const row = key ? document.getElementById(`cijfer-${key}`) : null;
    if (!row) return;
    const fold = row.closest("details");
    if (fold) fold.open = true;
    location.hash = row.id;
  });
}

/** Faults of a form are read out and seen first. */
document.querySelector<HTMLElement>(".utrecht-alert--error[tabindex]")?.focus();
