# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Areas and places in the towns that may be: between what their numbers lie, and how surely an area has more than the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knopenkaart.meeting.cohorts import by_cohorts
from knopenkaart.meeting.ground import Ground, profiles
from knopenkaart.meeting.residents import where_of
from knopenkaart.meeting.towns import May
from knopenkaart.progress import Progress, silent
from knopenkaart.visits.choice import Choice, choose

Floats = npt.NDArray[np.float64]
# Level, code and group (-1: everybody) of some residents.
Key = tuple[str, str, int]
ALL = "all"
# Towns that are reckoned for areas: a chance of 0.8 is then known to 0.05.
DRAWS = 60
# What is told per resident of an area.
MEASURES = ("faces", "faces_across", "visits", "encounters")
# The middle 90 % of the towns.
ENDS = (0.05, 0.95)


@dataclass(frozen=True)
class Spread:
    """An area and group in the towns that may be: of each of MEASURES the middle 90 %, and the part of the towns in which its faces are
    above those of the whole study (None for the whole itself); of so many towns."""

    ends: Mapping[str, tuple[float, float]]
    above: float | None
    draws: int


@dataclass(frozen=True)
class Reckoned:
    """One town by cohorts: `squares` (4, H, G), each of MEASURES added over the residents of a square and group; `parts` (V, 2), of all
    faces the part that goes by way of a place, and of these the part between groups."""

    squares: Floats
    parts: Floats


def areas_of(ground: Ground) -> Iterator[tuple[str, str, npt.NDArray[np.bool_]]]:
    """Level, code and squares (H) of the whole and of every area."""
    for level, codes in ({ALL: np.full(ground.setting.cells, ALL)} | ground.levels).items():
        for code in sorted(set(codes.tolist()) - {""}):
            yield level, code, codes == code


def groups_of(ground: Ground) -> range:
    """The numbers of groups, everybody (-1) first."""
    return range(-1, ground.setting.groups if ground.groups != (ALL,) else 0)


def visits_per_square(ground: Ground, town: May, choice: Choice, group: int) -> Floats:
    """Per pair of a square and a place within reach the visits a week by residents of a group (pairs)."""
    pairs, setting = choice.pairs, ground.setting
    nest = setting.nest[pairs.place]
    part = choice.part[pairs.cell * setting.groups + group, nest]
    found: Floats = setting.people[pairs.cell, group] * town.parameters.rate[nest, group] * part * choice.chance[group]
    return found


def reckoned(ground: Ground, town: May, shape: Floats) -> Reckoned:
    """A town by cohorts; `shape`: the profiles of its places.

    What the visitors of a place recognise of one another is shared out over squares as their visits to it are: people of a group go out
    alike wherever they live. So are its encounters.
    """
    choice = choose(ground.setting, town.parameters)
    whole = by_cohorts(ground.setting, town.parameters, choice, where_of(ground, town.habits, profile=shape), town.habits)
    due, came = whole.due_by_group, choice.visits
    own = np.stack([due.sum(axis=2), due.sum(axis=2) - np.einsum("vgg->vg", due)])
    each = np.divide(own, came, out=np.zeros_like(own), where=came > 0)
    met = np.divide(whole.encounters, came.sum(axis=1), out=np.zeros(len(came)), where=came.sum(axis=1) > 0)
    squares = np.zeros((len(MEASURES), *ground.setting.people.shape))
    place, cell = choice.pairs.place, choice.pairs.cell
    for group in range(ground.setting.groups):
        visits = visits_per_square(ground, town, choice, group)
        for n, times in enumerate((each[0, place, group], each[1, place, group], 1.0, met[place])):
            squares[n, :, group] = np.bincount(cell, weights=visits * times, minlength=squares.shape[1])
    return Reckoned(squares, _parts(own.sum(axis=2)))


def _parts(due: Floats) -> Floats:
    """From faces by way of each place, of all and of another group (2, V), to parts (V, 2)."""
    whole = due[0].sum()
    across = np.divide(due[1], due[0], out=np.zeros(due.shape[1]), where=due[0] > 0)
    return np.column_stack([due[0] / whole if whole > 0 else np.zeros(due.shape[1]), across])


def per_area(ground: Ground, squares: Floats) -> dict[Key, Floats]:
    """Each of some numbers (first axis) per resident by level, area and group (-1: everybody), of those where somebody lives."""
    people, found = ground.setting.people, {}
    for level, code, cells in areas_of(ground):
        many, own = people[cells].sum(axis=0), squares[:, cells].sum(axis=1)
        for group in groups_of(ground):
            lived = float(many.sum() if group < 0 else many[group])
            if lived > 0:
                found[level, code, group] = (own.sum(axis=1) if group < 0 else own[:, group]) / lived
    return found


def in_towns(ground: Ground, towns: Sequence[May], likely: May, *, progress: Progress = silent) -> tuple[Reckoned, list[Reckoned]]:
    """The most likely town and those that may be, by cohorts."""
    shape, told = profiles(ground), []
    for number, town in enumerate(towns):
        progress("areas", number / len(towns))
        told.append(reckoned(ground, town, shape))
    return reckoned(ground, likely, shape), told


def spreads(ground: Ground, usual: Reckoned, told: Sequence[Reckoned], exactly: Mapping[int, Sequence[float]]) -> dict[Key, Spread]:
    """Of every level, area and group (-1: everybody) what the towns say.

    Parameters: ground (coarse squares will do); the most likely town and those that may be (`in_towns`); `exactly`: per group each of
    MEASURES of the whole, resident by resident, to the level of which the cohorts are brought by one ratio per group. Empty without towns.
    Source: docs/method/curve.md.
    """
    if not told:
        return {}
    likely, towns = per_area(ground, usual.squares), [per_area(ground, town.squares) for town in told]
    found = {}
    for key in likely:
        group, values = key[2], np.array([town[key] for town in towns])
        whole, middle = np.array([town[ALL, ALL, group][0] for town in towns]), likely[ALL, ALL, group]
        exact = np.array(exactly[group]) if group in exactly else middle
        level = np.divide(exact, middle, out=np.ones(len(MEASURES)), where=middle > 0)
        low, high = np.quantile(values * level, ENDS, axis=0)
        ends = {name: (float(low[n]), float(high[n])) for n, name in enumerate(MEASURES)}
        found[key] = Spread(ends, None if key[0] == ALL else float((values[:, 0] > whole).mean()), len(values))
    return found


def parts_between(usual: Reckoned, told: Sequence[Reckoned], exactly: Floats) -> Floats | None:
    """Between what the parts of each place lie (V, 2 parts, low and high); None without towns.

    `exactly` (V, 2): the parts resident by resident, to the level of which the cohorts are brought by a ratio of each place. Source:
    docs/method/curve.md.
    """
    if not told:
        return None
    level = np.divide(exactly, usual.parts, out=np.ones_like(exactly), where=usual.parts > 0)
    found = np.quantile(np.array([town.parts for town in told]) * level, ENDS, axis=0)
    ends: Floats = np.minimum(1.0, found.transpose(1, 2, 0))
    return ends
