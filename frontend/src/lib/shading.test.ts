// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";
import type { MeasureFile } from "./measures.ts";
import { type AreaProperties, bound, classOf, figure, limits, ranges, reading, step, UNKNOWN } from "./shading.ts";

const area = (values: Partial<AreaProperties>): AreaProperties => ({
  code: "WK1",
  name: "Noord",
  level: "wijk",
  nodes: 4,
  per1000: 2.5,
  byFunction: { eat: 3 },
  coverage: "covered",
  ...values,
});

test("a figure is what the shading asks", () => {
  assert.equal(figure(area({}), "aantal"), 4);
  assert.equal(figure(area({}), "per1000"), 2.5);
  assert.equal(figure(area({}), "functie:eat"), 3);
  assert.equal(figure(area({}), "functie:work"), 0);
});

test("what is not covered is unknown, never zero", () => {
  for (const coverage of ["unknown", "marginal", "unusable", "something new"]) {
    assert.equal(figure(area({ coverage, nodes: 0 }), "aantal"), null);
    assert.equal(figure(area({ coverage }), "functie:work"), null);
  }
});

test("under a hundred inhabitants there is a number and no rate", () => {
  assert.equal(figure(area({ few: true }), "per1000"), null);
  assert.equal(figure(area({ few: true }), "aantal"), 4);
});

test("where the sources are not complete there is a least number, and no rate", () => {
  const partial = area({ coverage: "partial", nodes: null, per1000: null, found: 12 });
  assert.equal(figure(partial, "aantal"), null);
  assert.equal(figure(partial, "functie:eat"), null);
  assert.equal(bound(partial, "aantal"), 12);
  assert.equal(bound(partial, "functie:eat"), 3);
  assert.equal(bound(partial, "per1000"), null);
  assert.equal(bound(partial, ""), null);
});

test("a known figure and nothing found have no least number", () => {
  assert.equal(bound(area({ found: 4 }), "aantal"), null);
  assert.equal(bound(area({ coverage: "unknown", nodes: null }), "aantal"), null);
  for (const found of [null, 0])
    assert.equal(bound(area({ coverage: "marginal", nodes: null, found }), "aantal"), null);
  const partial = area({ coverage: "marginal", nodes: null, found: 12, byFunction: { eat: 3, sport: 0 } });
  assert.equal(bound(partial, "functie:work"), null);
  assert.equal(bound(partial, "functie:sport"), null);
});

test("what is known of an area is its figure, else its bound, else nothing", () => {
  const partial = { coverage: "partial", nodes: null, per1000: null, found: 12 };
  assert.deepEqual(reading(area({}), "aantal", null), { sort: "known", value: 4 });
  assert.deepEqual(reading(area(partial), "aantal", null), { sort: "bound", value: 12 });
  assert.deepEqual(reading(area(partial), "per1000", null), { sort: "unknown", why: "" });
});

test("measures of reach come from their own file, whatever the places are known of", () => {
  const measure: MeasureFile = {
    measure: "minuten",
    what: "any",
    group: "all",
    minutes: null,
    mode: "walk",
    slot: null,
    longest: 15,
    areas: { WK1: { value: 5, complete: true } },
  };
  for (const coverage of ["covered", "unusable"])
    assert.deepEqual(reading(area({ coverage }), "minuten:any", measure), { sort: "known", value: 5 });
  assert.equal(reading(area({}), "minuten:any", null).sort, "unknown");
});

test("no shading has no figure", () => {
  assert.equal(figure(area({}), ""), null);
});

test("ten different figures make five classes of two", () => {
  const figures = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
  const lower = limits(figures);
  assert.deepEqual(lower, [1, 3, 5, 7, 9]);
  assert.deepEqual(ranges(figures, lower), [
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
    [9, 10],
  ]);
});

test("equal figures never fall in two classes", () => {
  const figures = [0, 0, 0, 0, 3, 3];
  const lower = limits(figures);
  assert.deepEqual(lower, [0, 3]);
  assert.equal(new Set(figures.filter((value) => value === 0).map((value) => classOf(value, lower))).size, 1);
});

test("every figure has a class, and an unknown one none", () => {
  const figures = [3, 1, 4, 1, 5, 9, 2, 6];
  const lower = limits(figures);
  assert.ok(figures.every((value) => classOf(value, lower) >= 0));
  assert.equal(classOf(null, lower), UNKNOWN);
  assert.deepEqual(limits([]), []);
});

test("few classes are spread over the whole scale", () => {
  assert.deepEqual(
    [0, 1].map((index) => step(index, 2)),
    [0, 4],
  );
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((index) => step(index, 5)),
    [0, 1, 2, 3, 4],
  );
  assert.equal(step(0, 1), 2);
});
