// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { isReach, readShading } from "../lib/shading.ts";
import { fill, number } from "../lib/text.ts";

export type Texts = Record<string, string>;

/** How far was looked: minutes that count as near, and the most minutes. */
export interface Looked {
  near_min: number;
  longest: number;
}

/** The words of a page: its texts, its language, and how far was looked where that is known. */
export interface Wording {
  texts: Texts;
  lang: string;
  looked: Looked | null;
}

/** The title of a shading. */
export function shadingTitle(shading: string, { texts, looked }: Wording): string {
  const { kind, of } = readShading(shading);
  const what = fill(texts, `what_${of}`);
  if (kind === "aantal") return fill(texts, "legend_nodes");
  if (kind === "per1000") return fill(texts, "legend_per1000");
  if (kind === "minuten") return fill(texts, "legend_minutes", { what });
  if (kind === "zonder") return fill(texts, "legend_without", { what, minutes: looked?.near_min ?? "" });
  return fill(texts, "legend_function", { function: fill(texts, `function_${of}`) });
}

/** A figure in words: a number, minutes or percents. */
export function amount(value: number, shading: string, { texts, lang, looked }: Wording): string {
  const { kind } = readShading(shading);
  if (kind === "zonder") return fill(texts, "percent", { number: number(value, lang) });
  if (kind !== "minuten") return number(value, lang);
  const beyond = looked !== null && value > looked.longest;
  if (beyond) return fill(texts, "more_minutes", { number: number(looked.longest, lang) });
  return fill(texts, "minutes", { number: number(value, lang) });
}

/** What is known of a figure that is not known itself: at least, or at most, so much. */
export function bounded(value: number, shading: string, wording: Wording): string {
  const text = amount(value, shading, wording);
  if (isReach(readShading(shading).kind)) return fill(wording.texts, "at_most", { number: text });
  return fill(wording.texts, "at_least", { number: text });
}
