// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";
import { addresses, newest, told } from "./settings.ts";

test("a factor has two decimals in the language of the page, and a part is in per cents", () => {
  assert.equal(told(1.5, "times", "nl", "%(number)s keer"), "1,50 keer");
  assert.equal(told(0.75, "times", "en", "%(number)s times"), "0.75 times");
  assert.equal(told(0.2, "percent", "nl", "%(number)s keer"), "20 %");
});

test("the page keeps what was set, and the part asks for the same and says that it is a part", () => {
  const found = addresses("/kleindorp/ontmoeting/kromme", [
    ["frequentie", "1.5"],
    ["gebied", "WK 1"],
  ]);
  assert.equal(found.page, "/kleindorp/ontmoeting/kromme?frequentie=1.5&gebied=WK+1");
  assert.equal(found.part, `${found.page}&deel=1`);
});

test("only the last question is answered, in whatever order the answers come", async () => {
  const answers: string[] = [];
  const open: ((text: string) => void)[] = [];
  const ask = newest(
    () => new Promise<string>((resolve) => open.push(resolve)),
    (text) => answers.push(text),
    () => answers.push("failed"),
  );
  const [first, second] = [ask(), ask()];
  open[1]?.("new");
  open[0]?.("old");
  await Promise.all([first, second]);
  assert.deepEqual(answers, ["new"]);
});

test("a question that fails says so and gives no answer", async () => {
  const answers: string[] = [];
  await newest(
    () => Promise.reject(new Error("offline")),
    (text: string) => answers.push(text),
    () => answers.push("failed"),
  )();
  assert.deepEqual(answers, ["failed"]);
});

test("an answer without what was asked for is a failure too", async () => {
  const answers: string[] = [];
  await newest(
    () => Promise.resolve("another page"),
    () => {
      throw new Error("no lines");
    },
    () => answers.push("failed"),
  )();
  assert.deepEqual(answers, ["failed"]);
});

test("a question that is broken off by a newer one is no failure", async () => {
  const answers: string[] = [];
  let first = true;
  const ask = newest(
    (signal) => {
      if (!first) return Promise.resolve("new");
      first = false;
      return new Promise<string>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
    (text) => answers.push(text),
    () => answers.push("failed"),
  );
  await Promise.all([ask(), ask()]);
  assert.deepEqual(answers, ["new"]);
});
