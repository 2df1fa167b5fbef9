# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A setting with what was observed in it, ready to be weighed at any vector of parameters: value, slope, information."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from knopenkaart.visits._likelihood import (
    Totals,
    answers_information,
    answers_value,
    chance_of_answer,
    counts_rows,
    counts_value,
    origins_rows,
    origins_value,
)
from knopenkaart.visits._model import Flow, backwards, flow, jacobian, lines_of, summed
from knopenkaart.visits._pairs import Bools, Floats, Longs
from knopenkaart.visits._vector import Layout, unpacked
from knopenkaart.visits.choice import Parameters, Setting
from knopenkaart.visits.observed import ALL_GROUPS, DAYS, Frequencies, Observed

Matrices = tuple[sp.csr_array, ...]
# A search may try habits with which nobody comes: so unlikely, and no less.
LEAST = 1e-100


@dataclass(frozen=True)
class Period:
    """What was observed while the same places were open.

    `visits` (rows): the counts, made together as `totals` says; `counted`: per group the matrix that adds the visits of places to them.
    `people` (asked, areas): the origins, a row per place and group; `asked`: per group the matrix that adds lines to them. `line`: per pair
    its line (a place and an area), below `lines`.
    """

    opened: Bools
    visits: Floats
    totals: Totals
    counted: Matrices
    people: Floats
    asked: Matrices
    line: Longs
    lines: int

    def counts(self, setting: Setting, flows: list[Flow]) -> Floats:
        """Per count the visits expected."""
        own = setting.pairs.place
        sums = [self.counted[group] @ summed(of.visits, own, setting.places) for group, of in enumerate(flows)]
        return np.asarray(sum(sums, start=np.zeros(len(self.visits))))

    def origins(self, flows: list[Flow]) -> Floats:
        """Per place and group asked, and area, the visits per week expected."""
        sums = [self.asked[group] @ summed(of.visits, self.line, self.lines) for group, of in enumerate(flows)]
        return np.asarray(sum(sums, start=np.zeros(self.people.size)).reshape(self.people.shape))


@dataclass(frozen=True)
class Answers:
    """Answers on frequency told together, in one nest: `people` (P) who gave each, and its `chance` (P, R) per class."""

    nest: int
    people: Floats
    chance: Floats


@dataclass(frozen=True)
class Data:
    """What was observed, in a setting. `frequency` (R): of each class per week."""

    setting: Setting
    layout: Layout
    periods: tuple[Period, ...]
    answers: tuple[Answers, ...]
    frequency: Floats

    def flows(self, habits: Parameters, period: Period) -> list[Flow]:
        return [flow(self.setting, habits, group, period.opened) for group in range(self.layout.groups)]

    def value(self, x: Floats) -> tuple[float, Floats]:
        """The logarithm of the likelihood, and its slope."""
        habits, at, slope, total = unpacked(self.layout, x, self.frequency), self.layout.slices, np.zeros(self.layout.size), 0.0
        dispersion = float(np.exp(x[at["dispersion"]][0]))
        for period in self.periods:
            flows = self.flows(habits, period)
            value, on_mean, on_dispersion = counts_value(
                period.visits, np.maximum(period.counts(self.setting, flows), LEAST), period.totals, dispersion
            )
            of_origins, on_origins = origins_value(period.people, period.origins(flows)) if period.people.size else (0.0, period.people)
            total += value + of_origins
            slope[at["dispersion"]] += on_dispersion
            for group, of in enumerate(flows):
                pull = (period.counted[group].T @ on_mean)[self.setting.pairs.place]
                inside = period.line >= 0
                pull[inside] += (period.asked[group].T @ on_origins.ravel())[period.line[inside]]
                slope += backwards(self.setting, self.layout, habits, group, of, pull)
        slope = np.asarray(self.layout.turning(x).T @ slope)
        for answers in self.answers:
            of_answers, on_logits = answers_value(answers.people, habits.onsite[answers.nest], answers.chance)
            total += of_answers
            slope[self._onsite(answers.nest)] += on_logits
        return total, slope

    def _onsite(self, nest: int) -> Longs:
        """Where the logits of the activity classes of a nest stand in the vector."""
        first = self.layout.slices["onsite"].start + nest * (self.layout.classes - 1)
        return np.arange(first, first + self.layout.classes - 1)

    def information(self, x: Floats, at: Longs) -> Floats:
        """The expected information on the parameters at these places of the vector; none on the dispersion."""
        habits, told = unpacked(self.layout, x, self.frequency), np.zeros((len(at), len(at)))
        turning, where = self.layout.turning(x), np.full(self.layout.size, -1)
        where[at] = np.arange(len(at))
        dispersion = float(np.exp(x[self.layout.slices["dispersion"]][0]))
        for period in self.periods:
            flows = self.flows(habits, period)
            for rows in self._rows(habits, period, flows, dispersion):
                dense = sp.csr_array(rows @ turning)[:, at].toarray()
                told += dense.T @ dense
        for answers in self.answers:
            own = where[self._onsite(answers.nest)]
            if (own >= 0).all():
                told[np.ix_(own, own)] += answers_information(float(answers.people.sum()), habits.onsite[answers.nest], answers.chance)
        return told

    def _rows(self, habits: Parameters, period: Period, flows: list[Flow], dispersion: float) -> Iterator[sp.csr_array]:
        """Rows of slopes whose squares add up to the information."""
        if len(period.visits):
            slopes = self.slopes(habits, flows, self.setting.pairs.place, self.layout.places, period.counted)
            yield from counts_rows(slopes, period.counts(self.setting, flows), period.totals, dispersion)
        if period.people.size:
            slopes = self.slopes(habits, flows, period.line, period.lines, period.asked)
            yield origins_rows(slopes, period.people.sum(axis=1), period.origins(flows))

    def slopes(self, habits: Parameters, flows: list[Flow], line: Longs, lines: int, adding: Matrices) -> sp.csr_array:
        """Per row that `adding` makes of lines its slopes, before turning."""
        parts = [
            sp.csr_array(adding[group] @ jacobian(self.setting, self.layout, habits, group, of, line=line, lines=lines))
            for group, of in enumerate(flows)
        ]
        return sp.csr_array(sum(parts[1:], start=parts[0]))


def data_of(setting: Setting, layout: Layout, observed: Observed, habits: Parameters) -> tuple[Data, int]:
    """What was observed, ready to be weighed, and how many rows no visit explains: nobody can reach the place, or from that area."""
    opened = setting.now[None, :] if observed.periods is None else observed.periods
    _checked(setting, observed, len(opened))
    area = observed.area if len(observed.area) else np.full(setting.cells, -1)
    made = [_period(setting, observed, area, number, mask, habits) for number, mask in enumerate(opened)]
    answers = tuple(_answers(observed.frequencies, chance_of_answer(habits.frequency)))
    return Data(setting, layout, tuple(period for period, _ in made), answers, habits.frequency), sum(lost for _, lost in made)


def _answers(told: Frequencies, chance: Floats) -> Iterator[Answers]:
    """What was answered, per nest and as it was told; `chance` (28, R) of each answer."""
    for nest in np.unique(told.nest):
        yield Answers(int(nest), np.bincount(told.times[told.nest == nest] - 1, minlength=DAYS).astype(float), chance)
    for bands in told.bands:
        if bands.people.sum() > 0:
            rows = [chance[least - 1 : most].sum(axis=0) for least, most in zip(bands.least, bands.most, strict=True)]
            yield Answers(bands.nest, bands.people, np.array(rows))


def _checked(setting: Setting, observed: Observed, periods: int) -> None:
    for name, rows in {"counts": observed.counts, "origins": observed.origins}.items():
        below = {"place": setting.places, "group": setting.groups, "period": periods}
        for column, limit in below.items():
            values = getattr(rows, column)
            if len(values) and (values.max() >= limit or values.min() < (ALL_GROUPS if column == "group" else 0)):
                raise ValueError(f"{column} of the {name} is below {limit}")
    nests = np.array([*observed.frequencies.nest, *(bands.nest for bands in observed.frequencies.bands)])
    if len(nests) and not 0 <= nests.min() <= nests.max() < setting.nests:
        raise ValueError(f"nest of the frequencies is below {setting.nests}")
    if len(observed.origins.area) and len(observed.area) != setting.cells:
        raise ValueError("where origins were asked every cell has an area")
    if observed.periods is not None and observed.periods.shape[1] != setting.places:
        raise ValueError("periods have a column per place")


def _period(setting: Setting, observed: Observed, area: Longs, number: int, opened: Bools, habits: Parameters) -> tuple[Period, int]:
    flows = [flow(setting, habits, group, opened) for group in range(setting.groups)]
    counts, origins = observed.counts, observed.origins
    of_count, of_origin = np.flatnonzero(counts.period == number), np.flatnonzero((origins.period == number) & (origins.people > 0))
    areas = int(max(area.max(initial=-1), origins.area.max(initial=-1))) + 1
    asked = np.unique(np.column_stack([origins.place[of_origin], origins.group[of_origin]]), axis=0)
    wanted = np.unique(asked[:, 0])
    line, lines = lines_of(setting.pairs, wanted, area, areas, setting.places), len(wanted) * areas
    people = np.zeros((len(asked), areas))
    row = [np.flatnonzero((asked == key).all(axis=1))[0] for key in np.column_stack([origins.place[of_origin], origins.group[of_origin]])]
    np.add.at(people, (np.array(row, dtype=np.int64), origins.area[of_origin]), origins.people[of_origin])
    whole = Period(
        opened,
        counts.visits[of_count],
        _totals(counts.sheet[of_count] if len(counts.sheet) else of_count, counts.weeks[of_count]),
        _adding(counts.place[of_count], counts.group[of_count], counts.weeks[of_count], setting),
        people,
        _lines_adding(asked, wanted, areas, setting.groups, told=np.full(people.shape, True) if origins.complete else people > 0),
        line,
        lines,
    )
    return _explained(setting, whole, flows)


def _totals(sheet: Longs, weeks: Floats) -> Totals:
    numbers, own = np.unique(sheet, return_inverse=True)
    most = np.zeros(len(numbers))
    np.maximum.at(most, own, weeks)
    return Totals(own.astype(np.int64), most)


def _adding(place: Longs, group: Longs, weeks: Floats, setting: Setting) -> Matrices:
    """Per group the matrix that adds places, in weeks, to rows."""
    made = []
    for number in range(setting.groups):
        rows = np.flatnonzero((group == number) | (group == ALL_GROUPS))
        made.append(sp.csr_array((weeks[rows], (rows, place[rows])), shape=(len(place), setting.places)))
    return tuple(made)


def _lines_adding(asked: Longs, wanted: Longs, areas: int, groups: int, *, told: Bools) -> Matrices:
    """Per group the matrix that adds lines (place, area) to the areas of what was asked (place and group), those that were `told` only."""
    made = []
    for number in range(groups):
        rows = np.flatnonzero((asked[:, 1] == number) | (asked[:, 1] == ALL_GROUPS))
        within = np.arange(areas)
        at = (rows[:, None] * areas + within).ravel()
        lines = (np.searchsorted(wanted, asked[rows, 0])[:, None] * areas + within).ravel()
        weight = told[rows].ravel().astype(float)
        made.append(sp.csr_array((weight, (at, lines)), shape=(len(asked) * areas, len(wanted) * areas)))
    return tuple(made)


def _explained(setting: Setting, period: Period, flows: list[Flow]) -> tuple[Period, int]:
    """Without the rows that nothing can explain, whatever the parameters are, and how many those are."""
    possible = period.counts(setting, flows) > 0
    expected = period.origins(flows)
    people = np.where(expected > 0, period.people, 0.0)
    asked = np.flatnonzero(people.sum(axis=1) > 0)
    areas = people.shape[1]
    rows = (asked[:, None] * areas + np.arange(areas)).ravel()
    lost = int((~possible & (period.visits > 0)).sum() + ((expected == 0) & (period.people > 0)).sum())
    counted = tuple(sp.csr_array(matrix[possible]) for matrix in period.counted)
    lines = tuple(sp.csr_array(matrix[rows]) for matrix in period.asked)
    own = period.totals.sheet[possible]
    totals = _totals(own, period.totals.weeks[own])
    kept = replace(period, visits=period.visits[possible], totals=totals, counted=counted, people=people[asked], asked=lines)
    return kept, lost
