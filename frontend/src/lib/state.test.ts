// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";
import { readFilters } from "./filters.ts";
import { type Choice, readBounds, readLevel, readPoint, readView, writeState } from "./state.ts";

test("what is written is read back", () => {
  const filters = readFilters(new URLSearchParams("q=b%26b&functie=eat&functie=meet"));
  const choice: Choice = {
    filters,
    shading: "zonder:work",
    details: { groep: "age_65_plus", hoe: "cycle" },
    level: "buurt",
    homes: "eat",
  };
  const query = new URLSearchParams(
    writeState(new URLSearchParams("minuten=5"), choice, { lon: 4.123456, lat: 52, zoom: 13 }),
  );
  assert.deepEqual(readFilters(query), filters);
  assert.deepEqual(readView(query), { lon: 4.12346, lat: 52, zoom: 13 });
  assert.equal(query.get("vlak"), "zonder:work");
  assert.deepEqual(
    ["groep", "minuten", "hoe", "niveau"].map((name) => query.get(name)),
    ["age_65_plus", null, "cycle", "buurt"],
  );
  assert.equal(query.get("woningen"), "eat");
});

test("the usual level is not written, and another name asks for it", () => {
  assert.equal(writeState(new URLSearchParams("niveau=buurt"), { level: "wijk" }, null), "");
  assert.deepEqual(["buurt", "wijk", "straat", "", null].map(readLevel), ["buurt", "wijk", "wijk", "wijk", "wijk"]);
});

test("parameters of others stay", () => {
  assert.equal(writeState(new URLSearchParams("x=1&functie=eat&z=3&woningen=any"), {}, null), "x=1");
});

test("a position that is not one is not used", () => {
  for (const query of [
    "",
    "z=12",
    "z=a&lat=52&lon=4",
    "z=12&lat=152&lon=4",
    "z=-1&lat=52&lon=4",
    "z=99&lat=52&lon=4",
  ]) {
    assert.equal(readView(new URLSearchParams(query)), null, query);
  }
});

test("bounds are four numbers in order", () => {
  assert.deepEqual(readBounds("4.1,51.9,4.4,52.1"), [4.1, 51.9, 4.4, 52.1]);
  for (const text of [null, "", "1,2,3", "1,2,3,4,5", "4,52,3,53", "4,53,5,52", "a,b,c,d"])
    assert.equal(readBounds(text), null, String(text));
});

test("a point is two numbers on the globe", () => {
  assert.deepEqual(readPoint("4.35,52.01"), [4.35, 52.01]);
  for (const text of [null, "", "4", "4,52,1", "a,b", "4,91", "181,0"])
    assert.equal(readPoint(text), null, String(text));
});
