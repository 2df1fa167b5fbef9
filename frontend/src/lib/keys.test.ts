// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";
import { isTyping, MOVES, nextIndex } from "./keys.ts";

const element = (tagName: string, type: string | null = null): Element =>
  ({ tagName, getAttribute: () => type, closest: () => null }) as unknown as Element;

test("j and the arrow go down, k and the arrow go up", () => {
  assert.equal(MOVES.get("j"), MOVES.get("ArrowDown"));
  assert.equal(MOVES.get("k"), MOVES.get("ArrowUp"));
});

test("moving stays within the queue", () => {
  assert.equal(nextIndex(0, -1, 3), 0);
  assert.equal(nextIndex(1, 1, 3), 2);
  assert.equal(nextIndex(2, 1, 3), 2);
  assert.equal(nextIndex(-1, 1, 0), -1);
});

test("keys belong to fields, lists and radio buttons, not to buttons and boxes", () => {
  assert.ok(isTyping(element("INPUT")));
  assert.ok(isTyping(element("INPUT", "search")));
  assert.ok(isTyping(element("INPUT", "radio")));
  assert.ok(isTyping(element("TEXTAREA")));
  assert.ok(isTyping(element("SELECT")));
  assert.ok(!isTyping(element("INPUT", "checkbox")));
  assert.ok(!isTyping(element("BUTTON")));
  assert.ok(!isTyping(null));
});
