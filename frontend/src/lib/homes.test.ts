// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";
import { homeSquares } from "./homes.ts";

const file = {
  fields: ["lon", "lat", "sure", "any", "eat"],
  minutes: [5, 10, 15],
  rows: [
    [4.1, 52.1, 15, 5, -1],
    [4.2, 52.2, 5, 6, 15],
  ],
};

test("a square falls in the first band that holds its minutes", () => {
  assert.deepEqual(homeSquares(file, "any"), [
    { lon: 4.1, lat: 52.1, band: 0, sure: true },
    { lon: 4.2, lat: 52.2, band: 1, sure: false },
  ]);
});

test("what is beyond the longest time has a band of its own", () => {
  assert.deepEqual(
    homeSquares(file, "eat").map(({ band }) => band),
    [3, 2],
  );
});

test("what was found within the ground that is known is sure, and that there is nothing only where all of it is known", () => {
  const rows = [
    [4.1, 52.1, 5, 5],
    [4.1, 52.1, 4, 5],
    [4.1, 52.1, 15, -1],
    [4.1, 52.1, 14, -1],
  ];
  const found = homeSquares({ ...file, fields: ["lon", "lat", "sure", "any"], rows }, "any");
  assert.deepEqual(
    found.map(({ sure }) => sure),
    [true, false, true, false],
  );
});

test("an older file, which does not tell, holds what is sure", () => {
  const older = { ...file, fields: ["lon", "lat", "any"], rows: [[4.1, 52.1, 5]] };
  assert.deepEqual(homeSquares(older, "any"), [{ lon: 4.1, lat: 52.1, band: 0, sure: true }]);
});

test("a thing that the file does not know has no squares, nor has what tells of the square itself", () => {
  for (const what of ["sport", "lon", "lat", "sure", ""]) assert.deepEqual(homeSquares(file, what), []);
});
