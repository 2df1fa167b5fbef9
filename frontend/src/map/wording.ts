// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { isAtMost, isMeasure, type Made, type MeasureFile, type Reading } from "../lib/measures.ts";
import { readShading } from "../lib/shading.ts";
import { fill, number } from "../lib/text.ts";

export type Texts = Record<string, string>;

/** The words of a page: its texts and its language, the level of the areas that are shaded, and the measure of reach where that is shown. */
export interface Wording {
  texts: Texts;
  lang: string;
  level: string;
  measure: MeasureFile | null;
}

/** The title of a shading. */
export function shadingTitle(shading: string, { texts, level, measure }: Wording): string {
  const { kind, of } = readShading(shading);
  const area = fill(texts, `level_${level}`);
  if (kind === "aantal") return fill(texts, "legend_nodes", { area });
  if (kind === "per1000") return fill(texts, "legend_per1000", { area });
  if (kind === "functie") return fill(texts, "legend_function", { area, function: fill(texts, `function_${of}`) });
  if (kind === "open") return fill(texts, "measure_open", { slot: fill(texts, `slot_${measure?.slot ?? of}`) });
  return fill(texts, `measure_${kind}`, { what: fill(texts, `what_${measure?.what ?? of}`) });
}

/** What a measure of reach is about: what its number says, of whom, and how they go. Nothing for other shadings. */
export function shadingAbout({ texts, level, measure }: Wording): string[] {
  if (!measure) return [];
  const { measure: kind, minutes, longest, group, mode } = measure;
  const facts = [
    group ? fill(texts, "measure_who", { group: fill(texts, `group_${group}`) }) : "",
    mode ? fill(texts, "measure_how", { mode: fill(texts, `mode_${mode}`) }) : "",
    fill(texts, "measure_areas", { area: fill(texts, `level_${level}`) }),
  ];
  return [fill(texts, `about_${kind}`, { minutes: minutes ?? "", longest }), facts.filter(Boolean).join(" ")];
}

/** A figure in words: a number, minutes or percents. */
export function amount(value: number, shading: string, { texts, lang }: Wording): string {
  const { kind } = readShading(shading);
  const text = number(value, lang);
  if (kind === "zonder" || kind === "open") return fill(texts, "percent", { number: text });
  return kind === "minuten" ? fill(texts, "minutes", { number: text }) : text;
}

/** What it is called to lie below or beyond every number. */
export function beyond(sort: "low" | "high", shading: string, { texts, lang, measure }: Wording): string {
  const { kind } = readShading(shading);
  if (kind === "minuten") return fill(texts, "more_minutes", { number: number(measure?.longest ?? 0, lang) });
  if (kind === "perplek") return fill(texts, "no_place");
  return fill(texts, sort === "low" ? "almost_nobody" : "almost_everybody");
}

/** Which text of the legend says what hatching over a colour means. */
export function hatching(shading: string): string {
  const { kind } = readShading(shading);
  if (!isMeasure(kind)) return "legend_least";
  return isAtMost(kind) ? "legend_most" : "legend_more";
}

/** What is known of an area in words; null where it is unknown. */
export function told(known: Reading, shading: string, wording: Wording): string | null {
  if (known.sort === "unknown") return null;
  if (!("value" in known)) return beyond(known.sort, shading, wording);
  const text = amount(known.value, shading, wording);
  if (known.sort === "known") return text;
  return fill(wording.texts, isAtMost(readShading(shading).kind) ? "at_most" : "at_least", { number: text });
}

/** Why a figure is unknown, as far as that is known. */
export function whyUnknown(known: Reading, shading: string, { texts }: Wording): string {
  const why = known.sort === "unknown" && isMeasure(readShading(shading).kind) ? `why_${known.why}` : "";
  return fill(texts, why in texts ? why : "legend_unknown");
}

/** When and from what something was reckoned, and whether that is still right. */
export function provenance({ made_at: made, stale, failed, sources }: Made, { texts, lang }: Wording): string[] {
  const date = made ? new Date(made) : null;
  const isDate = date !== null && !Number.isNaN(date.getTime());
  const written = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "long" });
  return [
    isDate ? fill(texts, "legend_made", { date: written.format(date) }) : "",
    failed ? fill(texts, "legend_failed") : stale ? fill(texts, "legend_stale") : "",
    sources ? fill(texts, "legend_sources", { sources }) : "",
  ].filter(Boolean);
}
