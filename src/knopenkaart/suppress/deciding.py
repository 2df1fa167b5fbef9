# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which figures of a round may be shown, so that whoever adds and subtracts all of them cannot tell that any count is below ten.

A count below ten is hidden, zero too; then other cells are hidden until for every hidden small count there is a *witness*: another table of
whole numbers in which that count is ten or more, and which looks exactly the same to whoever sees what is shown. Witnesses are found by
linear and integer programming and checked in whole numbers. Method and proof: docs/method/suppression.md.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knopenkaart.privacy import THRESHOLD, Cell, Figures, Release
from knopenkaart.suppress.witness import Row, System

# One shown cell in so many is hidden without need: a hidden cell then proves nothing about any other.
EXTRA_ONE_IN = 500
_TOP = 2**64


@dataclass(frozen=True)
class Past:
    """A release that is out already, with the exact figures that it was made of."""

    figures: Figures
    release: Release


def release(figures: Figures, *, secret: str, offered: Iterable[Cell] | None = None, before: Sequence[Past] = ()) -> Release:
    """What may be shown of the figures of one round.

    `secret` decides which of several cells is hidden beside a small one (small ones first, by lot); the same secret and figures give the
    same release. It must be known to nobody who sees the release, and differ per place and round. `offered` are the cells that would be
    shown at all (None: all). `before` are releases that are out already about the same people, oldest first, in the same dimensions: places
    of an area (`joined`, `lifted`), earlier releases of the same round. Together with them the new one is safe; where that cannot be had it
    shows nothing.
    """
    whole = set(figures.made_of)
    shown = {cell for cell in (whole if offered is None else whole & set(offered)) if not figures.small(cell)}
    lot = _Lot(secret, figures)
    knowledge = _Knowledge([*before, Past(figures, Release(figures.dimensions, {}))])
    open_targets = knowledge.targets()
    while open_targets:
        system = knowledge.system(shown)
        blamed = system.without_witness(open_targets)
        if not blamed:
            break
        hidden = _hidden_for(blamed.values(), shown, lot, have_before=bool(before))
        if hidden is None:
            return Release(figures.dimensions, {})
        shown -= hidden
        open_targets = [target for target in open_targets if target.name in blamed]
    return Release(figures.dimensions, {cell: figures.value(cell) for cell in sorted(shown) if not lot.without_need(cell)})


def replacement(past: Sequence[Past], figures: Figures, *, secret: str) -> Release | None:
    """The release that may take the place of the last one of `past` (oldest first), or None where the last one must stay.

    It may be replaced only when every figure that was shown changed by nothing or by ten or more, when something changed at all, and when
    all that was ever shown of the round, the differences too, is safe together.
    """
    last = past[-1]
    same = figures.counts == last.figures.counts and figures.weights == last.figures.weights
    if same or figures.dimensions != last.figures.dimensions or not all(_far_enough(one, figures) for one in past):
        return None
    found = release(figures, secret=secret, before=past)
    return found if found.shown and found.shown != last.release.shown else None


def _far_enough(past: Past, figures: Figures) -> bool:
    changes = (abs(figures.value(cell) - count) for cell, count in past.release.shown.items() if cell in figures.made_of)
    return all(change == 0 or change >= THRESHOLD for change in changes)


class _Lot:
    """Lots drawn from a secret: which cell goes first, small ones rather than large ones, and which goes without need."""

    def __init__(self, secret: str, figures: Figures) -> None:
        self.secret = secret.encode()
        self.figures = figures

    def _uniform(self, purpose: str, cell: Cell) -> float:
        drawn = hmac.new(self.secret, "\0".join([purpose, *cell]).encode(), hashlib.sha256).digest()[:8]
        return (int.from_bytes(drawn, "big") + 1) / (_TOP + 1)

    def turn(self, cell: Cell) -> float:
        """The lower, the sooner it is hidden: any order may come out, those in which small cells go first are most likely."""
        return -math.log(self._uniform("turn", cell)) * self.figures.value(cell) ** 2

    def without_need(self, cell: Cell) -> bool:
        return self._uniform("extra", cell) < 1 / EXTRA_ONE_IN


def _hidden_for(blamed: Iterable[frozenset[Cell] | None], shown: set[Cell], lot: _Lot, *, have_before: bool) -> set[Cell] | None:
    """Cells to hide next: one of those that keep a small count from being ten, for each such count. None: there are none left."""
    hidden: set[Cell] = set()
    for cells in blamed:
        options = shown if cells is None else shown & cells
        if not options and not have_before:
            options = shown
        if not options:
            return None
        if not options & hidden:
            hidden.add(min(options, key=lambda cell: (lot.turn(cell), cell)))
    return hidden


@dataclass(frozen=True)
class Target:
    """What a reader must not be able to exclude: that a sum of unknowns is `need` or more."""

    name: tuple[Any, ...]
    parts: Mapping[int, float]
    need: float


class _Knowledge:
    """What everybody may know about the tables of a round: which counts stayed the same, what was only added, how estimates are rounded."""

    def __init__(self, past: Sequence[Past]) -> None:
        self.past = past
        self.truth: list[int] = []
        self.rows: list[Row] = []
        self.unknowns: list[dict[Cell, int]] = []
        self.people: list[dict[Cell, tuple[int, float]]] = []
        for number, one in enumerate(past):
            self._add(one.figures, number)

    def _add(self, figures: Figures, number: int) -> None:
        before = self.past[number - 1].figures if number else None
        unknowns, people = {}, {}
        for cell, count in sorted(figures.counts.items()):
            weight = figures.weights.get(cell, 1.0)
            if before and before.counts.get(cell) == count and before.weights.get(cell, 1.0) == weight:
                unknowns[cell], people[cell] = self.unknowns[-1][cell], self.people[-1][cell]
                continue
            unknowns[cell] = self._unknown(count)
            people[cell] = (unknowns[cell], 1 / weight) if weight <= 1 else self._counted(unknowns[cell], count, weight)
        self.unknowns.append(unknowns)
        self.people.append(people)
        if before:
            self._one_way(number)

    def _unknown(self, value: int) -> int:
        self.truth.append(value)
        return len(self.truth) - 1

    def _counted(self, unknown: int, value: int, weight: float) -> tuple[int, float]:
        """An estimate of more than one per person counted is only what whole people can make it: a whole number rounded."""
        counted = self._unknown(round(value / weight))
        self.rows.append(Row({counted: weight, unknown: -1.0}, -0.5 - 1e-9, 0.5 + 1e-9))
        return counted, 1.0

    def _one_way(self, number: int) -> None:
        """Where nothing but a late sheet came in (or nothing but a double one went) everybody knows that counts only rose (or fell)."""
        old, new = self.past[number - 1].figures.counts, self.past[number].figures.counts
        changes = {cell: new.get(cell, 0) - old.get(cell, 0) for cell in {*old, *new}}
        for sign in (1.0, -1.0):
            if all(sign * change >= 0 for change in changes.values()):
                for cell in sorted(set(old) & set(new)):
                    if changes[cell]:
                        parts = {self.unknowns[number][cell]: sign, self.unknowns[number - 1][cell]: -sign}
                        self.rows.append(Row(parts, 0.0, math.inf))

    def system(self, shown: Iterable[Cell]) -> System:
        """What a reader knows who sees everything that is out, and `shown` of the newest figures."""
        rows = list(self.rows)
        for number, one in enumerate(self.past[:-1]):
            rows += [self._row(number, cell, one.release.shown[cell], None) for cell in sorted(one.release.shown)]
        newest = self.past[-1].figures
        rows += [self._row(len(self.past) - 1, cell, newest.value(cell), cell) for cell in sorted(shown)]
        return System(self.truth, rows)

    def _row(self, number: int, cell: Cell, value: int, tag: Cell | None) -> Row:
        return Row(self._sum(number, cell), value, value, tag)

    def _sum(self, number: int, cell: Cell) -> dict[int, float]:
        return {self.unknowns[number][base]: 1.0 for base in self.past[number].figures.made_of[cell]}

    def _people(self, number: int, cell: Cell) -> dict[int, float]:
        return {self.people[number][base][0]: self.people[number][base][1] for base in self.past[number].figures.made_of[cell]}

    def targets(self) -> list[Target]:
        """Every small count of every table, and every small change from one table to a later one."""
        found = [target for number in range(len(self.past)) for target in self._small(number)]
        found += [target for new in range(len(self.past)) for old in range(new) for target in self._small_changes(old, new)]
        # What did not change is the same target in every table.
        return list({frozenset(target.parts.items()): target for target in found}.values())

    def _small(self, number: int) -> Iterable[Target]:
        figures = self.past[number].figures
        for cell in figures.made_of:
            if figures.value(cell) < THRESHOLD:
                yield Target((number, "value", *cell), self._sum(number, cell), THRESHOLD)
            if figures.weights and figures.people(cell) < THRESHOLD - 1e-9:
                yield Target((number, "people", *cell), self._people(number, cell), THRESHOLD)

    def _small_changes(self, old: int, new: int) -> Iterable[Target]:
        before, after = self.past[old].figures, self.past[new].figures
        for cell in sorted(set(before.made_of) & set(after.made_of)):
            change = after.value(cell) - before.value(cell)
            if 0 < abs(change) < THRESHOLD:
                sign = 1.0 if change > 0 else -1.0
                parts = dict.fromkeys(self._sum(new, cell), sign)
                for unknown in self._sum(old, cell):
                    parts[unknown] = parts.get(unknown, 0.0) - sign
                yield Target((old, new, *cell), {unknown: part for unknown, part in parts.items() if part}, THRESHOLD)
