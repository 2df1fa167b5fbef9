// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, fold, number, words } from "./text.ts";

test("folding takes away accents and capitals", () => {
  assert.equal(fold("CAFÉ Ünïque Übung"), "cafe unique ubung");
});

test("folding twice is folding once", () => {
  const text = "Sint-Jánskerk Ærø";
  assert.equal(fold(fold(text)), fold(text));
});

test("words are split at any white space, without empty ones", () => {
  assert.deepEqual(words("  Dorps\tHuis "), ["dorps", "huis"]);
  assert.deepEqual(words("   "), []);
});

test("a text gets its values, and keeps a name that has none", () => {
  assert.equal(fill({ many: "{count} van {all}" }, "many", { count: 3 }), "3 van {all}");
});

test("a missing translation shows its key", () => {
  assert.equal(fill({}, "zoom_in"), "zoom_in");
});

test("numbers are written as in the language", () => {
  assert.equal(number(1234.56, "nl"), "1.234,6");
  assert.equal(number(1234.56, "en"), "1,234.6");
});
