// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

/** Text for comparing: no capitals, no accents. */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();
}

/** The words of a search, folded. */
export function words(query: string): string[] {
  return fold(query).split(/\s+/).filter(Boolean);
}

/** A translated text with its {names} filled in. An unknown key shows itself, so that a missing translation is seen. */
export function fill(texts: Record<string, string>, key: string, values: Record<string, string | number> = {}): string {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A number as people write it in the language: 1.234,5 or 1,234.5. */
export function number(value: number, lang: string, digits = 1): string {
  return new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(value);
}
