// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import "./styles/counter.css";
import { hasRoom, keepPage, stayAwake } from "./counter/offline.ts";
import * as page from "./counter/page.ts";
import { Sender } from "./counter/sender.ts";
import { add, all, change, remove } from "./counter/store.ts";
import { at, type Count, changed, dayOf, minute, tapped, timeOf, undone, waits } from "./lib/counts.ts";

const { config } = page;
const INTERRUPTED_MS = 30 * 60_000;
const KEPT_DAYS = 7;

let current: string | undefined;
const sender = new Sender(
  (count) => (count.round === config.round ? config.send : count.send),
  () => void tell(),
);

/** Only what is on the disk is on the screen. */
async function put(how: (count: Count) => Count, now = false): Promise<Count | undefined> {
  if (current === undefined) return undefined;
  try {
    const count = await change(current, how);
    if (count) page.render(count);
    if (now) sender.now();
    else sender.soon();
    void tell();
    return count;
  } catch {
    page.complain(page.say("not_kept"));
    return undefined;
  }
}

async function tell(): Promise<void> {
  page.tellStatus(await all().catch(() => []), sender.cutOff);
}

/** The moment of a count: now, or where somebody fills in another day, within the daypart. */
function moment(date: string, slotId: string, end: boolean): Date {
  const now = new Date();
  const slot = config.slots.find((item) => item.id === slotId);
  return date === dayOf(now) || !slot ? now : at(date, end ? slot.end : slot.start);
}

/** When a button was pressed, as far as it belongs to the day that is counted. */
function pressed(count: Count): string {
  return count.date === dayOf(new Date()) ? minute(new Date()) : count.started;
}

async function start(): Promise<void> {
  const [date, slot] = [page.form.date.value, page.form.slot.value];
  if (!date || !slot) return page.complain(page.say("no_slot"));
  const started = minute(moment(date, slot, false));
  const count: Count = {
    id: crypto.randomUUID(),
    round: config.round,
    send: config.send,
    mode: config.mode,
    date,
    slot,
    door: page.door(),
    started,
    ended: null,
    seen: started,
    state: "open",
    weather: "",
    remark: "",
    counts: {},
    taps: [],
    seq: 1,
    acked: 0,
    refused: "",
  };
  try {
    await add(count);
  } catch {
    return page.complain(page.say("not_kept"));
  }
  page.complain("");
  enter(count, true);
  sender.soon();
  void tell();
}

function enter(count: Count, focus: boolean): void {
  current = count.id;
  page.form.weather.value = count.weather;
  page.form.remark.value = count.remark;
  page.render(count);
  page.show("counting", focus);
  void stayAwake(true);
}

function leave(): void {
  current = undefined;
  page.tellInterrupted("");
  page.offerDay(new Date());
  page.show("start", true);
  void stayAwake(false);
}

async function close(ended: string, more: Partial<Count> = {}): Promise<void> {
  const closed = await put((count) => changed(count, { ...more, ended, state: "closed", taps: [] }), true);
  if (closed) leave();
}

async function askEnd(): Promise<void> {
  const count = (await all()).find((item) => item.id === current);
  if (!count) return;
  page.form.from.value = timeOf(new Date(count.started));
  page.form.until.value = timeOf(moment(count.date, count.slot, true));
  page.show("ending", true);
}

async function end(): Promise<void> {
  const count = (await all()).find((item) => item.id === current);
  if (!count) return;
  const day = dayOf(new Date(count.started));
  const [from, until] = [at(day, page.form.from.value), at(day, page.form.until.value)];
  if (!(from.getTime() <= until.getTime())) return page.complain(page.say("wrong_times"));
  page.complain("");
  const details = { weather: page.form.weather.value, remark: page.form.remark.value.trim() };
  await close(minute(until), { ...details, started: minute(from) });
}

/** A phone that was off: whoever counted meanwhile goes on, whoever did not ends the count where it was. */
function tellInterruption(count: Count): void {
  const seen = new Date(count.seen);
  if (Date.now() - seen.getTime() < INTERRUPTED_MS || count.date !== dayOf(new Date())) return;
  page.tellInterrupted(page.say("interrupted", { time: timeOf(seen) }));
  page.buttons.stop.onclick = () => void close(count.seen);
}

function listen(): void {
  page.form.date.addEventListener("change", () => page.offerSlots(new Date()));
  page.form.start.addEventListener("submit", (event) => {
    event.preventDefault();
    void start();
  });
  page.form.ending.addEventListener("submit", (event) => {
    event.preventDefault();
    void end();
  });
  for (const button of page.buttons.groups) {
    button.addEventListener("click", () => {
      page.tellInterrupted("");
      void put((count) => tapped(count, page.keyOf(button.dataset.group ?? ""), pressed(count)));
    });
  }
  for (const choice of document.querySelectorAll("[data-choices]")) {
    choice.addEventListener("change", () => void put((count) => count));
  }
  page.buttons.undo.addEventListener("click", () => void put((count) => undone(count, pressed(count))));
  page.buttons.end.addEventListener("click", () => void askEnd());
  page.buttons.back.addEventListener("click", () => page.show("counting", true));
  page.buttons.send.addEventListener("click", () => sender.now());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && current !== undefined) void stayAwake(true);
  });
  addEventListener("offline", () => void tell());
}

/** What the server has is kept on the phone for a week, for who wants to look; then it goes. */
async function tidy(counts: readonly Count[]): Promise<void> {
  const before = dayOf(new Date(Date.now() - KEPT_DAYS * 86_400_000));
  for (const count of counts) {
    if (count.state === "closed" && !waits(count) && count.date < before) await remove(count.id);
  }
}

async function begin(): Promise<void> {
  let counts: Count[];
  try {
    counts = await all();
  } catch {
    return page.complain(page.say("no_storage"));
  }
  listen();
  await tidy(counts);
  const open = counts.find(
    (count) => count.round === config.round && count.mode === config.mode && count.state === "open",
  );
  page.offerDay(new Date());
  if (open) {
    enter(open, false);
    tellInterruption(open);
  } else page.show("start", false);
  if (!(await hasRoom())) page.complain(page.say("no_room"));
  sender.now();
  await tell();
  await keepPage();
}

void begin();
