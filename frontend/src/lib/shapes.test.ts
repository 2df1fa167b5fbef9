// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";
import { imageName, readImageName, SHAPES, shapeOf } from "./shapes.ts";

test("no two families share an outline: meaning does not hang on colour", () => {
  assert.equal(new Set(Object.values(SHAPES)).size, Object.keys(SHAPES).length);
});

test("an unknown family gets the round outline", () => {
  assert.equal(shapeOf("moon"), SHAPES.meet);
});

test("the name of an image says what to draw", () => {
  assert.deepEqual(readImageName(imageName("library", "learn", "full")), {
    symbol: "library",
    family: "learn",
    variant: "full",
  });
  assert.equal(readImageName("hatch"), null);
});
