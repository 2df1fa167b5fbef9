# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A model of how many people of each group in each wijk something holds for, where only the totals of both are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knopenkaart.errors import InputError
from knopenkaart.privacy import THRESHOLD

ROUNDS = 200
# Of 100,000 people a tenth of one: pages tell whole percents of ten people or more.
CLOSE = 1e-6
# Totals from two publishers never agree to the person; beyond this they are about different things.
APART = 0.05


@dataclass(frozen=True, slots=True)
class Reckoned:
    """People of a group in an area for whom it holds, as the model has it.

    `low` and `high` are what the totals of the area allow at all. `people` is how many the group has there; `hidden`: fewer than ten, or
    all but fewer than ten, so it is not to be shown.
    """

    area: str
    group: str
    people: float
    value: float
    low: float
    high: float
    hidden: bool


@dataclass(frozen=True, slots=True)
class Raked:
    """The reckoned cells, how far the totals of groups were scaled to those of areas, and in how many rounds it came to rest."""

    cells: tuple[Reckoned, ...]
    scaled: float
    rounds: int


def rake(people: Mapping[tuple[str, str], float], areas: Mapping[str, float], groups: Mapping[str, float]) -> Raked:
    """Spread the people for whom something holds over areas and groups, so that both totals come out: iterative proportional fitting.

    `people` is how many of each group live in each area (area, group); `areas` for how many people of an area it holds, `groups` for how
    many of a group in all areas together. It starts from the rate of each group, the same everywhere, and changes as little as the totals
    demand (Deming and Stephan 1940): what really makes one wijk differ from another within a group is not in it. See
    docs/method/small-areas.md.

    Raises InputError: `raking.absent` where a total or a number of people is not there, `raking.apart` where the totals of areas and groups
    differ more than 5 %, `raking.too_many` where a total is more than there are people, `raking.unrest` where no table fits both totals.
    """
    _check(people, areas, groups)
    scaled = sum(areas.values()) / sum(groups.values()) if sum(groups.values()) else 1.0
    wanted = {group: total * scaled for group, total in groups.items()}
    living = {group: sum(people[area, group] for area in areas) for group in groups}
    cells = {
        (area, group): people[area, group] * (wanted[group] / living[group] if living[group] else 0.0) for area in areas for group in groups
    }
    rounds = _fit(cells, people, areas, wanted)
    in_area = {area: sum(people[area, group] for group in groups) for area in areas}
    return Raked(
        cells=tuple(
            _reckoned(area, group, value, people[area, group], in_area[area], areas[area]) for (area, group), value in cells.items()
        ),
        scaled=scaled,
        rounds=rounds,
    )


def _check(people: Mapping[tuple[str, str], float], areas: Mapping[str, float], groups: Mapping[str, float]) -> None:
    absent = [f"{area} {group}" for area in areas for group in groups if (area, group) not in people]
    if absent or not areas or not groups:
        raise InputError(
            f"The number of people is not known of: {', '.join(absent[:5]) or 'any area or group'}.",
            code="raking.absent",
            remedy="Leave out the areas and groups of which it is not known.",
        )
    of_areas, of_groups = sum(areas.values()), sum(groups.values())
    if abs(of_areas - of_groups) > APART * max(of_areas, of_groups):
        raise InputError(
            f"The areas add up to {of_areas:,.0f} and the groups to {of_groups:,.0f}: they are not about the same people.",
            code="raking.apart",
            remedy="Use totals of one year and one definition.",
        )
    for area, total in areas.items():
        living = sum(people[area, group] for group in groups)
        if total > living:
            raise InputError(f"{area} has {total:,.0f} for {living:,.0f} people.", code="raking.too_many", remedy="Compare both sources.")


def _fit(
    cells: dict[tuple[str, str], float], people: Mapping[tuple[str, str], float], areas: Mapping[str, float], groups: Mapping[str, float]
) -> int:
    """Scale rows and columns in turn until both totals come out; no cell ever holds for more people than it has."""
    for number in range(1, ROUNDS + 1):
        for area, total in areas.items():
            _scale(cells, people, [(area, group) for group in groups], total)
        for group, total in groups.items():
            _scale(cells, people, [(area, group) for area in areas], total)
        off = max(abs(sum(cells[area, group] for group in groups) - total) for area, total in areas.items())
        if off <= CLOSE * max(1.0, sum(areas.values())):
            return number
    raise InputError(
        "No table has these totals of areas and of groups.", code="raking.unrest", remedy="One of the totals is about other people."
    )


def _scale(cells: dict[tuple[str, str], float], people: Mapping[tuple[str, str], float], line: list[tuple[str, str]], total: float) -> None:
    """Bring a row or column to its total; cells that are full stay so, and the others take what is left."""
    free = set(line)
    left = total
    while free:
        there = sum(cells[key] for key in free)
        if there <= 0:
            return
        factor = left / there
        full = {key for key in free if cells[key] * factor > people[key]}
        if not full:
            for key in free:
                cells[key] *= factor
            return
        for key in full:
            cells[key] = people[key]
            left -= people[key]
        free -= full


def _reckoned(area: str, group: str, value: float, people: float, in_area: float, total: float) -> Reckoned:
    low, high = max(0.0, total - (in_area - people)), min(people, total)
    few = 0 < value < THRESHOLD or 0 < people - value < THRESHOLD or 0 < people < THRESHOLD
    return Reckoned(area, group, people, value, low, high, hidden=few)
