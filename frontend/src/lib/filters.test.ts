// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";
import { countFilters, countShown, matcher, readFilters } from "./filters.ts";
import { decodePlaces, NEIGHBOUR, type Place, SMALL_SPOT } from "./places.ts";

const kinds = {
  library: { label: "Bibliotheek", symbol: "library", functions: ["learn", "meet"], family: "learn" },
  cafe: { label: "Café", symbol: "cafe", functions: ["eat", "meet"], family: "eat" },
  bench: { label: "Bank", symbol: "marker", functions: ["meet"], family: "meet" },
};
const fields = [
  "id",
  "name",
  "kind",
  "lon",
  "lat",
  "flags",
  "status",
  "wijk",
  "buurt",
  "municipality",
  "archetype",
  "address",
  "open_now",
  "wheelchair",
];
const places = decodePlaces({
  kinds,
  fields,
  places: [
    ["bieb", "De Bieb", "library", 4, 52, 0, "open", "WK1", "BU11", "GM1", "village_square", "Dorpsstraat 1", 1, "yes"],
    ["cafe", "Het Wapen", "cafe", 4, 52, 0, "open", "WK2", "BU21", "GM1", "living_room", "Plein 2", 0, "limited"],
    ["bank", "", "bench", 4, 52, SMALL_SPOT, "open", "WK1", "BU12", "GM1", "living_room", "", null, ""],
    ["weg", "De Dorst", "cafe", 4, 52, 0, "closed", "WK1", "BU11", "GM1", "living_room", "Plein 3", null, ""],
    ["buur", "Bieb Buren", "library", 4, 52, NEIGHBOUR, "open", "", "", "", "village_square", "", null, "yes"],
  ],
});

const found = (query: string): string[] =>
  places.filter(matcher(readFilters(new URLSearchParams(query)))).map((place: Place) => place.id);

test("without filters everything but closed is shown", () => {
  assert.deepEqual(found(""), ["bieb", "cafe", "bank", "buur"]);
});

test("closed places are shown when asked for", () => {
  assert.deepEqual(found("status=closed"), ["weg"]);
  assert.deepEqual(found("status=closed&status=open").length, 5);
});

test("values of one name widen, names narrow", () => {
  assert.deepEqual(found("functie=learn&functie=eat"), ["bieb", "cafe", "buur"]);
  assert.deepEqual(found("functie=learn&functie=eat&wijk=WK1"), ["bieb"]);
});

test("an area is a wijk, a buurt or a municipality", () => {
  assert.deepEqual(found("wijk=WK1"), ["bieb", "bank"]);
  assert.deepEqual(found("wijk=BU12"), ["bank"]);
  assert.deepEqual(found("wijk=GM1"), ["bieb", "cafe", "bank"]);
});

test("every word of a search must occur, in name, kind or address", () => {
  assert.deepEqual(found("q=BIBLIOTHEEK+dorps"), ["bieb"]);
  assert.deepEqual(found("q=café"), ["cafe"]);
  assert.deepEqual(found("q=bieb+plein"), []);
});

test("open now needs to be known, and half accessible is not accessible", () => {
  assert.deepEqual(found("open=nu"), ["bieb"]);
  assert.deepEqual(found("rolstoel=ja"), ["bieb", "buur"]);
});

test("neighbours are left out only by a no", () => {
  assert.ok(!found("buren=nee").includes("buur"));
  assert.ok(found("buren=nee&buren=ja").includes("buur"));
  assert.ok(found("buren=ja").includes("buur"));
});

test("values that mean nothing do nothing", () => {
  assert.deepEqual(found("open=misschien&rolstoel=&soort=").length, 4);
});

test("unknown names in the address bar are no filters", () => {
  assert.equal(readFilters(new URLSearchParams("utm=x&z=4")).size, 0);
});

test("small spots count only when asked for", () => {
  const filters = readFilters(new URLSearchParams("plekjes=ja"));
  assert.equal(countShown(places, filters) - countShown(places, new Map()), 1);
});

test("the number of filters leaves the search words out", () => {
  assert.equal(countFilters(readFilters(new URLSearchParams("q=a&functie=eat&functie=meet&open=nu"))), 3);
});

test("a filter never adds a place", () => {
  const all = new Set(found("status=open&status=closed"));
  for (const query of ["functie=meet", "soort=cafe", "archetype=living_room", "wijk=WK2", "q=e", "rolstoel=ja"]) {
    assert.ok(
      found(query).every((id) => all.has(id)),
      query,
    );
  }
});
