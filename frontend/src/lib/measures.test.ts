// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isAtMost,
  isMeasure,
  type MeasuredArea,
  type MeasureFile,
  matters,
  measured,
  measureQuery,
} from "./measures.ts";

const file = (measure: string, area: MeasuredArea): MeasureFile => ({
  measure,
  what: "eat",
  group: "all",
  minutes: 10,
  mode: "walk",
  slot: null,
  longest: 15,
  areas: { WK1: area },
});
const reading = (measure: string, area: MeasuredArea) => measured(file(measure, area), "WK1");
const ALL = ["minuten", "zonder", "keuze", "perplek", "open"];

test("a complete figure is known, a zero too", () => {
  for (const measure of ALL)
    for (const value of [0, 7])
      assert.deepEqual(reading(measure, { value, complete: true }), { sort: "known", value }, measure);
});

test("where the sources are not complete a figure is a bound, and a sum over all places is unknown", () => {
  for (const measure of ["minuten", "zonder", "keuze", "open"])
    assert.deepEqual(reading(measure, { value: 7, complete: false }), { sort: "bound", value: 7 }, measure);
  assert.equal(reading("perplek", { value: 7, complete: false }).sort, "unknown");
});

test("at least nothing tells nothing; at most nothing does", () => {
  for (const measure of ["keuze", "open"])
    assert.deepEqual(reading(measure, { value: 0, complete: false }), { sort: "unknown", why: "partial" }, measure);
  assert.deepEqual(reading("zonder", { value: 0, complete: false }), { sort: "bound", value: 0 });
  assert.deepEqual(ALL.filter(isAtMost), ["minuten", "zonder"]);
});

test("what lies beyond every number is no grey area", () => {
  assert.deepEqual(reading("minuten", { value: null, why: "far", complete: true }), { sort: "high" });
  assert.deepEqual(reading("perplek", { value: null, why: "far", complete: true }), { sort: "high" });
  assert.deepEqual(reading("zonder", { value: null, why: "some", complete: true }), { sort: "low" });
  assert.deepEqual(reading("zonder", { value: null, why: "most", complete: true }), { sort: "high" });
  assert.deepEqual(reading("open", { value: null, why: "some", complete: true }), { sort: "low" });
  assert.deepEqual(reading("open", { value: null, why: "most", complete: true }), { sort: "high" });
});

test("where a place that nobody knows of may be nearer, only the better side is known", () => {
  for (const [measure, why] of [
    ["minuten", "far"],
    ["perplek", "far"],
    ["zonder", "most"],
    ["open", "some"],
  ] as const)
    assert.deepEqual(reading(measure, { value: null, why, complete: false }), { sort: "unknown", why: "partial" });
  assert.deepEqual(reading("zonder", { value: null, why: "some", complete: false }), { sort: "low" });
  assert.deepEqual(reading("open", { value: null, why: "most", complete: false }), { sort: "high" });
});

test("too few people, nobody, a new reason and an absent area are unknown, each with its reason", () => {
  for (const why of ["few", "nobody", "something new"])
    for (const complete of [true, false])
      assert.deepEqual(reading("zonder", { value: null, why, complete }), { sort: "unknown", why });
  assert.deepEqual(measured(file("zonder", { value: 1, complete: true }), "WK2"), { sort: "unknown", why: "absent" });
});

test("only the choices that play a part are asked for, and only where they are not the usual", () => {
  const details = { groep: "age_65_plus", minuten: "5", hoe: "cycle" };
  assert.equal(measureQuery("zonder", "work", details), "meting=zonder&wat=work&groep=age_65_plus&minuten=5&hoe=cycle");
  assert.equal(measureQuery("minuten", "eat", details), "meting=minuten&wat=eat&groep=age_65_plus&hoe=cycle");
  assert.equal(measureQuery("open", "mo_morning", details), "meting=open&dagdeel=mo_morning");
  assert.equal(measureQuery("keuze", "", {}), "meting=keuze");
});

test("numbers of places are no measure of reach", () => {
  for (const kind of ["aantal", "per1000", "functie", ""]) {
    assert.equal(isMeasure(kind), false);
    assert.deepEqual(matters(kind), []);
  }
  assert.ok(ALL.every(isMeasure));
});
