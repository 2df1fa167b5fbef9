// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { BAND_OPACITY, stacked } from "./bands.ts";

test("one band has its own opacity, and every band on top of it covers part of what is left", () => {
  assert.equal(stacked(0), 0);
  assert.ok(Math.abs(stacked(1) - BAND_OPACITY) < 1e-12);
  assert.ok(Math.abs(stacked(3) - (1 - 0.84 ** 3)) < 1e-12);
});

test("the swatches beside the table are as dark as the ground on the map, for one to six bands", () => {
  const css = readFileSync(new URL("../styles/reach.css", import.meta.url), "utf8");
  for (const bands of [1, 2, 3, 4, 5, 6]) {
    const selector = bands === 1 ? "\\n\\.kk-band" : `tr:nth-last-child\\(${bands}\\) \\.kk-band`;
    const rule = new RegExp(`${selector} \\{\\s*--kk-band: ([\\d.]+)%`).exec(css);
    assert.ok(rule, `a swatch for ${bands} bands on top of one another`);
    assert.ok(Math.abs(Number(rule[1]) - 100 * stacked(bands)) < 0.06, `${rule[1]} is not ${100 * stacked(bands)}`);
  }
});
