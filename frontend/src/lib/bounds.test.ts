// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOf, holds } from "./bounds.ts";

const square = (west: number, south: number, size: number): number[][][] => [
  [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
  ],
];

test("bounds hold polygons and all parts of a multipolygon", () => {
  assert.deepEqual(boundsOf([{ type: "Polygon", coordinates: square(4, 52, 1) }]), [4, 52, 5, 53]);
  const parts = [square(4, 52, 1), square(-2, 60, 2)];
  assert.deepEqual(boundsOf([{ type: "MultiPolygon", coordinates: parts }]), [-2, 52, 5, 62]);
});

test("nothing has no bounds", () => {
  assert.equal(boundsOf([]), null);
});

test("a box holds itself and what is smaller, not what sticks out on one side", () => {
  const box: [number, number, number, number] = [0, 0, 4, 4];
  assert.ok(holds(box, box));
  assert.ok(holds(box, [1, 1, 2, 2]));
  for (const side of [
    [-1, 1, 2, 2],
    [1, -1, 2, 2],
    [1, 1, 5, 2],
    [1, 1, 2, 5],
  ])
    assert.ok(!holds(box, side as [number, number, number, number]), String(side));
});
