# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The groups that figures of an area may be told of, and of how many figures each is told there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from knopenkaart.monitor.records import ALL, AreaValues
from knopenkaart.vocabulary.catalogue import Catalogue
from knopenkaart_web.pages.monitor.areas import Choice


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A group, the heading under which it stands, and of how many indicators there is a figure."""

    id: str
    label: str
    part: str
    figures: int
    chosen: bool = False
    other: bool = False


def group_name(catalogue: Catalogue, group: str, lang: str) -> str:
    """A group in the language of the page; empty for everybody."""
    found = catalogue.groups.get(group)
    if found is None:
        return "" if group == ALL else group
    return found.name(lang)


def group_choices(areas: Iterable[AreaValues], catalogue: Catalogue, *, lang: str, chosen: str = ALL, other: str = "") -> list[GroupChoice]:
    """All groups of the catalogue, those of the same heading together, in the order of the files; and groups that only an own table has."""
    told = {(item.group, item.indicator) for area in areas for item in area.values if item.value is not None}
    figures = Counter(group for group, _indicator in told)
    known = [(group.id, _part(catalogue, group.dimension, lang)) for group in catalogue.groups.values()]
    ordered = [pair for part in dict.fromkeys(part for _id, part in known) for pair in known if pair[1] == part]
    unknown = [(group, "") for group in figures if group != ALL and group not in catalogue.groups]
    return [
        GroupChoice(group, group_name(catalogue, group, lang), part, figures[group], group == chosen, group == other)
        for group, part in (*ordered, *unknown)
    ]


def _part(catalogue: Catalogue, dimension: str, lang: str) -> str:
    found = catalogue.dimensions.get(dimension)
    return dimension if found is None else found.name(lang)


def valid_group(catalogue: Catalogue, group: str, areas: Iterable[AreaValues] = ()) -> str:
    """The group of an address, or everybody where there is no such group."""
    if group in catalogue.groups or any(item.group == group for area in areas for item in area.values):
        return group
    return ALL


def as_choices(groups: Iterable[GroupChoice], *, other: bool = False) -> list[Choice]:
    """The same for a list of a form."""
    return [Choice(item.id, item.label, item.other if other else item.chosen, item.part) for item in groups]
