// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

import { isTyping, MOVES, nextIndex } from "./lib/keys.ts";

const MEMORY = "knopenkaart.review.keys";
const queue = document.querySelector<HTMLElement>("[data-review]");
const toggle = document.querySelector<HTMLInputElement>("[data-review-switch]");

const items = (): HTMLElement[] => [...(queue?.querySelectorAll<HTMLElement>("[data-review-item]") ?? [])];

function current(): HTMLElement | undefined {
  const all = items();
  return all.find((item) => item.hasAttribute("data-current")) ?? all[0];
}

function select(item: HTMLElement | undefined, focus: boolean): void {
  if (!item) return;
  for (const other of items()) other.toggleAttribute("data-current", other === item);
  if (!focus) return;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

function move(step: number): void {
  const all = items();
  const here = current();
  select(all[nextIndex(here ? all.indexOf(here) : -1, step, all.length)], true);
}

function press(key: string): boolean {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const inItem = current()?.querySelector<HTMLButtonElement>(selector);
  const outside = [...document.querySelectorAll<HTMLButtonElement>(selector)].find(
    (button) => !button.closest("[data-review-item]"),
  );
  const button = inItem ?? outside;
  if (!button || button.disabled) return false;
  button.click();
  return true;
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (isTyping(event.target as Element | null)) return;
  const action = MOVES.get(event.key);
  if (action !== undefined) move(action);
  else if (!/^[a-z0-9]$/.test(event.key) || !press(event.key)) return;
  event.preventDefault();
}

/** Shows the letters on the buttons, or takes them away: what is shown always works. */
function apply(on: boolean): void {
  document.removeEventListener("keydown", onKey);
  if (on) document.addEventListener("keydown", onKey);
  for (const button of document.querySelectorAll<HTMLElement>("[data-key]")) {
    button.querySelector(".kk-key")?.remove();
    button.removeAttribute("aria-keyshortcuts");
    if (!on) continue;
    const key = document.createElement("kbd");
    key.className = "kk-kbd kk-key";
    key.setAttribute("aria-hidden", "true");
    key.textContent = button.dataset.key ?? "";
    button.append(key);
    button.setAttribute("aria-keyshortcuts", button.dataset.key ?? "");
  }
}

function remembered(): boolean {
  try {
    return localStorage.getItem(MEMORY) !== "off";
  } catch {
    return true;
  }
}

function remember(on: boolean): void {
  try {
    localStorage.setItem(MEMORY, on ? "on" : "off");
  } catch {
    // A browser that refuses storage still has the switch, for this page.
  }
}

if (queue) {
  const on = remembered();
  if (toggle) {
    toggle.checked = on;
    toggle.addEventListener("change", () => {
      remember(toggle.checked);
      apply(toggle.checked);
    });
  }
  queue.addEventListener("focusin", (event) => {
    select((event.target as Element).closest<HTMLElement>("[data-review-item]") ?? undefined, false);
  });
  apply(on);
  select(current(), on && document.activeElement === document.body);
}
