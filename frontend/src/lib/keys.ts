// SPDX-FileCopyrightText: Knopenkaart contributors
// SPDX-License-Identifier: EUPL-1.2

/** Keys that move through the queue, and by how many items. */
export const MOVES: ReadonlyMap<string, number> = new Map([
  ["j", 1],
  ["ArrowDown", 1],
  ["k", -1],
  ["ArrowUp", -1],
]);

/** The item after a step; stays within the queue. -1 for an empty queue. */
export function nextIndex(index: number, step: number, length: number): number {
  return Math.max(length === 0 ? -1 : 0, Math.min(length - 1, index + step));
}

const TYPED_INPUTS = /^(?!checkbox|button|submit|reset|file|image)/;

/** Whether keys belong to the element: a field, a list of choices, an editable text. */
export function isTyping(element: Element | null): boolean {
  if (!element) return false;
  const name = element.tagName.toLowerCase();
  if (name === "input") return TYPED_INPUTS.test((element.getAttribute("type") ?? "text").toLowerCase());
  return name === "textarea" || name === "select" || element.closest("[contenteditable='true']") !== null;
}
