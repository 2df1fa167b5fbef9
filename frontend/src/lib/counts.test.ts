// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  acknowledged,
  at,
  type Count,
  dayOf,
  minute,
  pause,
  slotAt,
  snapshot,
  tapped,
  total,
  undone,
  waits,
  within,
} from "./counts.ts";

const START: Count = {
  id: "a",
  round: "r",
  send: "/tel/x/stuur",
  mode: "count",
  date: "2026-03-02",
  slot: "mo_morning",
  door: "",
  started: "2026-03-02T08:00Z",
  ended: null,
  seen: "2026-03-02T08:00Z",
  state: "open",
  weather: "",
  remark: "",
  counts: {},
  taps: [],
  seq: 1,
  acked: 0,
  refused: "",
};
const SLOTS = [
  { id: "mo_morning", label: "", weekday: 1, start: "08:00", end: "12:00" },
  { id: "mo_evening", label: "", weekday: 1, start: "18:00", end: "23:00" },
  { id: "su_morning", label: "", weekday: 7, start: "08:00", end: "12:00" },
];

test("every tap counts one and is a newer snapshot", () => {
  const counted = ["old", "old", "young"].reduce((count, key) => tapped(count, key, "now"), START);
  assert.equal(total(counted), 3);
  assert.equal(counted.seq, 4);
  assert.deepEqual(snapshot(counted).counts, { old: 2, young: 1 });
});

test("undo takes back the last tap, again and again, and nothing where there is none", () => {
  const counted = tapped(tapped(START, "old", "now"), "young", "now");
  assert.deepEqual(undone(counted, "now").counts, { old: 1, young: 0 });
  assert.equal(total(undone(undone(counted, "now"), "now")), 0);
  assert.equal(undone(START, "now"), START);
});

test("a count that has ended takes no more taps", () => {
  const closed: Count = { ...START, state: "closed" };
  assert.equal(tapped(closed, "old", "now"), closed);
});

test("what was changed while it was sent still waits", () => {
  const sent = tapped(START, "old", "now");
  const later = tapped(sent, "old", "now");
  assert.ok(waits(acknowledged(later, sent.seq)));
  assert.ok(!waits(acknowledged(later, later.seq)));
  assert.equal(acknowledged(acknowledged(later, 3), 2).acked, 3);
});

test("what an observer saw is sent per posture, activity, company and age", () => {
  const seen = tapped({ ...START, mode: "observe" }, "standing|conversing|group_2|age_65_plus", "now");
  assert.deepEqual(snapshot(seen).observations, [
    { posture: "standing", activity: "conversing", group_size: "group_2", age_group: "age_65_plus", number: 1 },
  ]);
});

test("one waits longer after each failure, some half a minute at most", () => {
  assert.equal(pause(1, 0.5), 2_000);
  assert.equal(pause(3, 0.5), 8_000);
  assert.equal(pause(30, 1), 37_500);
});

test("the daypart is the one that is on, the next, or the last of the day", () => {
  assert.equal(slotAt(SLOTS, "2026-03-02", "09:00")?.id, "mo_morning");
  assert.equal(slotAt(SLOTS, "2026-03-02", "13:00")?.id, "mo_evening");
  assert.equal(slotAt(SLOTS, "2026-03-02", "23:30")?.id, "mo_evening");
  assert.equal(slotAt(SLOTS, "2026-03-08", "09:00")?.id, "su_morning");
  assert.equal(slotAt(SLOTS, "2026-03-03", "09:00"), undefined);
});

test("days and times are those of here", () => {
  assert.equal(dayOf(at("2026-03-02", "23:59")), "2026-03-02");
  assert.equal(dayOf(at("2026-03-02", "24:00")), "2026-03-03");
  assert.match(minute(at("2026-03-02", "10:30")), /^2026-03-0\dT\d\d:30Z$/);
  assert.equal(within("2026-01-01", "2026-03-02", "2026-03-08"), "2026-03-02");
  assert.equal(within("2026-03-05", "2026-03-02", "2026-03-08"), "2026-03-05");
});
