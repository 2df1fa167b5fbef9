# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Recognition per area and group in the towns that may be: between what it lies, and how surely an area has more than the whole."""

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
ALL = "all"
# Towns that are reckoned for areas: a chance of 0.8 is then known to 0.05.
DRAWS = 60


@dataclass(frozen=True)
class Spread:
    """Faces per resident of an area and group in the towns that may be: the middle 90 %, and the part of the towns in which it is above
    that of the whole study (None for the whole itself); of so many towns."""

    low: float
    high: float
    above: float | None
    draws: int


def areas_of(ground: Ground) -> Iterator[tuple[str, str, npt.NDArray[np.bool_]]]:
    """Level, code and squares (H) of the whole and of every area."""
    for level, codes in ({ALL: np.full(ground.setting.cells, ALL)} | ground.levels).items():
        for code in sorted(set(codes.tolist()) - {""}):
            yield level, code, codes == code


def visits_per_square(ground: Ground, town: May, choice: Choice, group: int) -> Floats:
    """Per pair of a square and a place within reach the visits a week by residents of a group (pairs)."""
    pairs, setting = choice.pairs, ground.setting
    nest = setting.nest[pairs.place]
    part = choice.part[pairs.cell * setting.groups + group, nest]
    found: Floats = setting.people[pairs.cell, group] * town.parameters.rate[nest, group] * part * choice.chance[group]
    return found


def faces_per_square(ground: Ground, town: May, shape: Floats) -> Floats:
    """Faces of the residents of each square and group, by cohorts (H, G).

    What the visitors of a place recognise of one another is shared out over squares as their visits to it are: people of a group go out
    alike wherever they live.
    """
    choice = choose(ground.setting, town.parameters)
    due = by_cohorts(ground.setting, town.parameters, choice, where_of(ground, town.habits, profile=shape), town.habits).due_by_group
    own, found = due.sum(axis=2), np.zeros(ground.setting.people.shape)
    each = np.divide(own, choice.visits, out=np.zeros_like(own), where=choice.visits > 0)
    for group in range(ground.setting.groups):
        faces = visits_per_square(ground, town, choice, group) * each[choice.pairs.place, group]
        found[:, group] = np.bincount(choice.pairs.cell, weights=faces, minlength=len(found))
    return found


def per_area(ground: Ground, faces: Floats) -> dict[tuple[str, str, int], float]:
    """Faces per resident by level, area and group (-1: everybody), of those where somebody lives."""
    people, found = ground.setting.people, {}
    for level, code, cells in areas_of(ground):
        many, own = people[cells].sum(axis=0), faces[cells].sum(axis=0)
        for group in range(-1, ground.setting.groups if ground.groups != (ALL,) else 0):
            lived = float(many.sum() if group < 0 else many[group])
            if lived > 0:
                found[level, code, group] = float(own.sum() if group < 0 else own[group]) / lived
    return found


def spreads(
    ground: Ground, towns: Sequence[May], likely: May, exactly: Mapping[int, float], *, progress: Progress = silent
) -> dict[tuple[str, str, int], Spread]:
    """Of every level, area and group (-1: everybody) what the towns say.

    Parameters: ground (coarse squares will do); the towns; the most likely one; `exactly`: per group the faces per resident of the whole,
    resident by resident, to the level of which the cohorts are brought by one ratio per group; progress. Empty without towns.
    Source: docs/method/curve.md.
    """
    if not towns:
        return {}
    shape, told = profiles(ground), []
    for number, town in enumerate(towns):
        progress("areas", number / len(towns))
        told.append(per_area(ground, faces_per_square(ground, town, shape)))
    usual = per_area(ground, faces_per_square(ground, likely, shape))
    found = {}
    for key in usual:
        group, values = key[2], np.array([town[key] for town in told])
        whole = np.array([town[ALL, ALL, group] for town in told])
        middle = usual[ALL, ALL, group]
        level = exactly[group] / middle if middle > 0 and group in exactly else 1.0
        low, high = np.quantile(values * level, [0.05, 0.95])
        found[key] = Spread(float(low), float(high), None if key[0] == ALL else float((values > whole).mean()), len(values))
    return found
