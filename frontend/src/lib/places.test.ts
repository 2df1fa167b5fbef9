// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodePlaces, type PlacesFile } from "./places.ts";

const kinds = { library: { label: "Bibliotheek", symbol: "library", functions: ["learn", "meet"], family: "learn" } };

function file(fields: string[], ...places: unknown[][]): PlacesFile {
  return { kinds, fields, places };
}

test("positions come from the list of fields, in whatever order", () => {
  const [place] = decodePlaces(
    file(["lat", "kind", "lon", "name", "id", "new"], [52, "library", 4.3, "Bieb", "a", "?"]),
  );
  assert.equal(place?.id, "a");
  assert.equal(place?.name, "Bieb");
  assert.deepEqual([place?.lon, place?.lat], [4.3, 52]);
  assert.deepEqual(place?.functions, ["learn", "meet"]);
});

test("a digital place has no point on the map", () => {
  assert.equal(decodePlaces(file(["id", "kind", "lon", "lat"], ["a", "library", null, null])).length, 0);
});

test("functions of the place itself go before those of its kind", () => {
  const [place] = decodePlaces(file(["id", "kind", "lon", "lat", "functions"], ["a", "library", 4, 52, ["eat"]]));
  assert.deepEqual(place?.functions, ["eat"]);
});

test("an unknown kind still shows, with the general marker", () => {
  const [place] = decodePlaces(file(["id", "kind", "lon", "lat"], ["a", "moon_base", 4, 52]));
  assert.equal(place?.symbol, "marker");
  assert.deepEqual(place?.functions, []);
});

test("null texts become empty and unknown opening stays unknown", () => {
  const [place] = decodePlaces(
    file(["id", "name", "kind", "lon", "lat", "open_now"], ["a", null, "library", 4, 52, null]),
  );
  assert.equal(place?.name, "");
  assert.equal(place?.openNow, null);
});

test("a search looks through name, kind and address without accents", () => {
  const [place] = decodePlaces(
    file(["id", "name", "kind", "lon", "lat", "address"], ["a", "Één", "library", 4, 52, "Plein 1"]),
  );
  assert.equal(place?.haystack, "een bibliotheek plein 1");
});
