// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { NEIGHBOUR, NOT_COUNTED, type Place, SMALL_SPOT } from "../lib/places.ts";
import { type AreaProperties, reading } from "../lib/shading.ts";
import { fill } from "../lib/text.ts";
import { h } from "./dom.ts";
import { shadingAbout, shadingTitle, type Texts, told, type Wording, whyUnknown } from "./wording.ts";

function badges(place: Place, texts: Texts): HTMLElement[] {
  const badge = (key: string, kind = ""): HTMLElement =>
    h("span", { class: `kk-badge ${kind}`.trim() }, fill(texts, key));
  const all: HTMLElement[] = [];
  if (place.openNow !== null) all.push(place.openNow === 1 ? badge("open_now", "kk-badge--good") : badge("closed_now"));
  if (place.status && place.status !== "open") all.push(badge(`status_${place.status}`, "kk-badge--warn"));
  if (["yes", "limited", "no"].includes(place.wheelchair)) all.push(badge(`wheelchair_${place.wheelchair}`));
  if (place.flags & NEIGHBOUR) all.push(badge("neighbour", "kk-badge--muted"));
  if (place.flags & SMALL_SPOT) all.push(badge("small_spot", "kk-badge--muted"));
  else if (place.flags & NOT_COUNTED) all.push(badge("not_counted", "kk-badge--muted"));
  return all;
}

/** What a popup says of a place. */
export function placePopup(place: Place, texts: Texts, url: string | null): HTMLElement {
  const popup = h("div", { class: "kk-popup" }, h("h2", {}, place.name || fill(texts, "unnamed")));
  popup.append(h("p", { class: "kk-small" }, [place.kindLabel, place.address].filter(Boolean).join(" · ")));
  const marks = badges(place, texts);
  if (marks.length > 0) popup.append(h("p", { class: "kk-popup-badges" }, ...marks));
  if (url) popup.append(h("a", { class: "kk-popup-more", href: url }, fill(texts, "more")));
  return popup;
}

/** What a popup says of a shaded area. */
export function areaPopup(area: AreaProperties, shading: string, wording: Wording): HTMLElement {
  const popup = h("div", { class: "kk-popup" }, h("h2", {}, area.name));
  const known = reading(area, shading, wording.measure);
  const title = shadingTitle(shading, wording);
  const figure = told(known, shading, wording);
  if (figure === null) popup.append(h("p", {}, title), h("p", {}, whyUnknown(known, shading, wording)));
  else popup.append(h("p", {}, `${title}: `, h("strong", {}, figure)));
  for (const line of shadingAbout(wording)) popup.append(h("p", { class: "kk-small" }, line));
  if (area.url) popup.append(h("a", { class: "kk-popup-more", href: area.url }, area.name));
  return popup;
}
