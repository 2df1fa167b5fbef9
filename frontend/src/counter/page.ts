// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import {
  type Count,
  dayOf,
  SEPARATOR,
  type Slot,
  slotAt,
  slotsOn,
  timeOf,
  total,
  waits,
  within,
} from "../lib/counts.ts";

/** What the server wrote into the page. */
export interface Config {
  round: string;
  mode: "count" | "observe";
  send: string;
  starts: string;
  ends: string;
  slots: Slot[];
  pages: string[];
  workers: { file: string; scope: string }[];
  texts: Record<string, string>;
  refusals: Record<string, string>;
}

export type Screen = "start" | "counting" | "ending";

function find<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`The page has no ${id}.`);
  return element;
}

export const config: Config = JSON.parse(find("counter", HTMLScriptElement).textContent ?? "{}");

const sections: Record<Screen, HTMLElement> = {
  start: find("start", HTMLElement),
  counting: find("counting", HTMLElement),
  ending: find("ending", HTMLElement),
};
export const form = {
  start: find("start-form", HTMLFormElement),
  date: find("date", HTMLInputElement),
  slot: find("slot", HTMLSelectElement),
  ending: find("ending-form", HTMLFormElement),
  from: find("from", HTMLInputElement),
  until: find("until", HTMLInputElement),
  weather: find("weather", HTMLSelectElement),
  remark: find("remark", HTMLTextAreaElement),
};
export const buttons = {
  undo: find("undo", HTMLButtonElement),
  end: find("end", HTMLButtonElement),
  back: find("back", HTMLButtonElement),
  send: find("send-now", HTMLButtonElement),
  stop: find("stop-there", HTMLButtonElement),
  groups: [...document.querySelectorAll<HTMLButtonElement>("button[data-group]")],
};
const sum = find("total", HTMLElement);
const about = find("about", HTMLElement);
const status = find("status", HTMLElement);
const problem = find("problem", HTMLElement);
const interrupted = find("interrupted", HTMLElement);
const kept = find("kept", HTMLElement);

/** A text with its {gaps} filled. */
export function say(name: string, gaps: Record<string, string> = {}): string {
  return (config.texts[name] ?? name).replace(/\{(\w+)\}/g, (whole, gap: string) => gaps[gap] ?? whole);
}

export function show(screen: Screen, focus: boolean): void {
  for (const [name, section] of Object.entries(sections)) section.hidden = name !== screen;
  if (focus) sections[screen].querySelector<HTMLElement>("h2")?.focus();
}

export function complain(text: string): void {
  problem.textContent = text;
  problem.hidden = text === "";
}

export function tellInterrupted(text: string): void {
  interrupted.querySelector("p")?.replaceChildren(text);
  interrupted.hidden = text === "";
}

function checked(name: string): string {
  return document.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? "";
}

export function door(): string {
  return checked("door");
}

/** What a button counts now: a group, or with what an observer chose above it. */
export function keyOf(group: string): string {
  if (config.mode === "count") return group;
  return [checked("posture"), checked("activity"), checked("company"), group].join(SEPARATOR);
}

export function slotLabel(id: string): string {
  return config.slots.find((slot) => slot.id === id)?.label ?? id;
}

function dateLabel(day: string): string {
  return new Date(`${day}T12:00`).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long" });
}

export function render(count: Count): void {
  sum.textContent = String(total(count));
  about.textContent = [slotLabel(count.slot), dateLabel(count.date), count.door].filter(Boolean).join(", ");
  buttons.undo.disabled = count.taps.length === 0;
  for (const button of buttons.groups) {
    const number = button.querySelector("[data-number]");
    if (number) number.textContent = String(count.counts[keyOf(button.dataset.group ?? "")] ?? 0);
  }
}

/** The dayparts of the chosen day; the one that is on now comes first to mind. */
export function offerSlots(now: Date): void {
  const day = form.date.value;
  const found = slotsOn(config.slots, day);
  const wanted = day === dayOf(now) ? slotAt(config.slots, day, timeOf(now)) : found[0];
  form.slot.replaceChildren(...found.map((slot) => new Option(slot.label, slot.id, false, slot.id === wanted?.id)));
  complain(found.length ? "" : say("no_slot"));
}

export function offerDay(now: Date): void {
  form.date.min = config.starts;
  form.date.max = config.ends;
  form.date.value = within(dayOf(now), config.starts, config.ends);
  offerSlots(now);
}

export function tellStatus(counts: readonly Count[], cutOff: boolean): void {
  const waiting = counts.filter(waits);
  const refused = waiting.find((count) => count.refused);
  const number = { number: String(waiting.length) };
  if (refused) status.textContent = config.refusals[refused.refused] ?? config.refusals["*"] ?? "";
  else if (waiting.length) status.textContent = say(cutOff ? "waits_offline" : "waits", number);
  else status.textContent = counts.length ? say("sent") : say("nothing");
  status.dataset.state = refused ? "refused" : waiting.length ? "waits" : "sent";
  buttons.send.hidden = waiting.length === 0;
  tellKept(counts.filter((count) => count.state === "closed"));
}

function tellKept(counts: readonly Count[]): void {
  const list = kept.querySelector("ul");
  if (!list) return;
  kept.hidden = counts.length === 0;
  const items = counts.map((count) => {
    const item = document.createElement("li");
    const what = [dateLabel(count.date), slotLabel(count.slot), count.door].filter(Boolean).join(", ");
    item.textContent = say(waits(count) ? "kept_waits" : "kept_sent", { what, number: String(total(count)) });
    return item;
  });
  list.replaceChildren(...items);
}
