# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a model makes of a group in a wijk, where only the whole wijk and the group in the whole municipality are known; off until asked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from knopenkaart.errors import InputError
from knopenkaart.monitor.raking import Reckoned, rake
from knopenkaart.monitor.records import AreaValues
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator
from knopenkaart_web.monitor import queries, stamping
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.kept import Kept, remembered
from knopenkaart_web.monitor.views_data import AreaRef
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.written import capital

# What a survey or a model says is no total: it has an error of its own, which fitting would take for the truth.
COUNTED = frozenset({"register", "own"})
EVERYBODY_LIVING, HOUSING = "population", "housing"
# Of what an indicator may be a part; one that is a part of nothing in the catalogue tells itself of how many persons it is.
OF_PERSONS = frozenset({EVERYBODY_LIVING, "workers", "income_recipients", ""})
_kept = Kept(100)


@dataclass(frozen=True, slots=True)
class ReckonedRow:
    """One indicator of the group here, in whole percents: as the model has it, and between what it must lie whatever the model says.

    `part`: the figure is about a part of the people, which is taken to be as large in each wijk as in the municipality; then the ends are
    no surer than that. `refused` says instead why it was not reckoned.
    """

    name: str
    year: int
    value: int | None = None
    low: int | None = None
    high: int | None = None
    part: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What can be reckoned of a group in a wijk; without `rows` until it is asked for. `possible`: of how many indicators."""

    possible: int
    rows: tuple[ReckonedRow, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """The municipality, its wijken, and the groups of one heading, with what is published of each."""

    whole: AreaValues
    wijken: tuple[AreaValues, ...]
    groups: tuple[str, ...]
    catalogue: Catalogue

    def people(self, area: AreaValues, group: str) -> float | None:
        """How many people a group has in an area, as published."""
        size = self.catalogue.size_of(group)
        found = area.value(size.id) if size else None
        return found.value if found is not None and found.unit == "count" else None


def compose(ref: AreaRef, group: str, *, asked: bool, lang: str) -> Reckoning | None:
    """What can be reckoned of a group in a wijk; None where nothing can. Method: docs/method/small-areas.md."""
    key = (ref.code, group, asked, lang)
    return remembered(_kept, stamping.stamp(), key, lambda: (_compose(ref, group, asked=asked, lang=lang),))[0]


def _compose(ref: AreaRef, group: str, *, asked: bool, lang: str) -> Reckoning | None:
    known = _known(ref, group)
    if known is None:
        return None
    mine = next(area for area in known.wijken if area.code == ref.code)
    wanted = [item for item in known.catalogue.indicators.values() if _missing(item, mine, known, group)]
    if not wanted:
        return None
    rows = tuple(_row(item, mine, group, known, lang) for item in wanted) if asked else ()
    return Reckoning(len(wanted), rows)


def _known(ref: AreaRef, group: str) -> _Known | None:
    told = catalogue()
    whole = next((item for item in queries.parents(ref) if item.level == "municipality"), None)
    if ref.level != "wijk" or whole is None or group not in told.groups:
        return None
    wijken = queries.children(whole, level="wijk")
    values = queries.values([whole, *wijken])
    groups = tuple(item.id for item in told.groups_of(told.groups[group].dimension))
    return _Known(values[whole.code], tuple(values[item.code] for item in wijken), groups, told)


def _missing(indicator: Indicator, mine: AreaValues, known: _Known, group: str) -> bool:
    """Whether it is a share that is told of every group in the municipality, and of this group not in this wijk.

    What an own table hides stays hidden: then there is a figure, and it is not shown.
    """
    if not _of_persons(indicator) or mine.value(indicator.id, group=group) is not None:
        return False
    year = _year(indicator, known)
    there = None if year is None else mine.value(indicator.id, year=year)
    return year is not None and there is not None and there.nature in COUNTED and _persons_known(indicator, year, known)


def _of_persons(indicator: Indicator) -> bool:
    """Whether it is a share of persons: a group of persons has no share of households, and none of dwellings."""
    return indicator.unit == "percent" and indicator.of in OF_PERSONS and indicator.theme != HOUSING


def _persons_known(indicator: Indicator, year: int, known: _Known) -> bool:
    """Whether somebody counted it of each group, and of how many persons is known: all of them, or as many as the figure says itself."""
    figures = [known.whole.value(indicator.id, group=group, year=year) for group in known.groups]
    everybody = indicator.of == EVERYBODY_LIVING
    return all(item is not None and item.nature in COUNTED and (everybody or bool(item.n)) for item in figures)


def _year(indicator: Indicator, known: _Known) -> int | None:
    """The last year in which the municipality knows it of every group."""
    years = [set(known.whole.years(indicator.id, group=group)) for group in known.groups if known.people(known.whole, group) is not None]
    return max(set.intersection(*years), default=None) if len(years) == len(known.groups) else None


def _row(indicator: Indicator, mine: AreaValues, group: str, known: _Known, lang: str) -> ReckonedRow:
    year = _year(indicator, known)
    assert year is not None  # noqa: S101 -- only what can be reckoned is
    name = capital(indicator.name(lang))
    try:
        cell = _reckon(indicator, year, mine.code, group, known)
    except InputError as error:
        return ReckonedRow(name, year, refused=error_text(error.code))
    if cell is None or cell.hidden or not cell.people:
        return ReckonedRow(name, year, refused=_("Too few people to tell: fewer than ten, or all but so few."))
    slack = _slack(indicator, mine, year, known)
    low, high = max(0.0, cell.low - slack), min(cell.people, cell.high + slack)
    part = any(part < 1 for part in _parts(indicator, year, known))
    return ReckonedRow(name, year, round(100 * cell.value / cell.people), *ends_of(low, high, cell.people), part=part)


def ends_of(low: float, high: float, people: float) -> tuple[int, int]:
    """Whole percents between which a share lies. Outward, for between the nearest it might not lie; whole but for the last bit of a float
    they stay what they are: nobody is 101 % of a group."""
    return math.floor(100 * low / people + 1e-9), math.ceil(100 * high / people - 1e-9)


def _slack(indicator: Indicator, mine: AreaValues, year: int, known: _Known) -> float:
    """By how many people the ends may be off because the figure of the wijk, and the numbers of people, were rounded."""
    found = mine.value(indicator.id, year=year)
    half = 0.0 if found is None or found.nature == "own" else indicator.step("percent", mine.level) / 2
    numbers = [(known.people(mine, group) or 0.0, known.catalogue.size_of(group)) for group in known.groups]
    rounded = sum(size.step("count", mine.level) / 2 for _number, size in numbers if size is not None)
    return half / 100 * sum(number for number, _size in numbers) + rounded


def _reckon(indicator: Indicator, year: int, code: str, group: str, known: _Known) -> Reckoned | None:
    people = _people(indicator, year, known)
    living = {area.code: sum(people.get((area.code, item), 0.0) for item in known.groups) for area in known.wijken}
    areas = {area.code: _total(area, indicator, year, living[area.code]) for area in known.wijken}
    full = {area: total for area, total in areas.items() if total is not None and all((area, item) in people for item in known.groups)}
    if code not in full or len(full) < len(areas):
        raise InputError("A wijk has no figure.", code="raking.absent")
    groups = {item: _percent(known.whole, indicator, item, year) * sum(people[area, item] for area in full) for item in known.groups}
    found = rake(people, full, groups)
    return next((cell for cell in found.cells if (cell.area, cell.group) == (code, group)), None)


def _people(indicator: Indicator, year: int, known: _Known) -> Mapping[tuple[str, str], float]:
    """People of each group in each wijk that the figure is about: where it tells of how many in the municipality, as many of each wijk."""
    result: dict[tuple[str, str], float] = {}
    for group, part in zip(known.groups, _parts(indicator, year, known), strict=True):
        for area in known.wijken:
            number = known.people(area, group)
            if number is not None:
                result[area.code, group] = number * part
    return result


def _parts(indicator: Indicator, year: int, known: _Known) -> list[float]:
    """Which part of each group in the municipality the figure is about."""
    found = []
    for group in known.groups:
        there, figure = known.people(known.whole, group), known.whole.value(indicator.id, group=group, year=year)
        found.append(min(1.0, figure.n / there) if figure is not None and figure.n and there else 1.0)
    return found


def _total(area: AreaValues, indicator: Indicator, year: int, people: float) -> float | None:
    found = area.value(indicator.id, year=year)
    return None if found is None or found.value is None or found.nature not in COUNTED else found.value / 100 * people


def _percent(area: AreaValues, indicator: Indicator, group: str, year: int) -> float:
    found = area.value(indicator.id, group=group, year=year)
    if found is None or found.value is None:
        raise InputError("A group has no figure.", code="raking.absent")
    return found.value / 100
