# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of who meets whom: what the model gives for everybody, per area and place, and between groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from knopenkaart_web.meeting import queries
from knopenkaart_web.meeting.opening import ALL, Opened
from knopenkaart_web.meeting.views_data import About, AreaMeeting, Pair, PlaceMeeting
from knopenkaart_web.pages.meeting.maps import places_map
from knopenkaart_web.pages.meeting.pictures import map_of, matrix_of, matrix_text, side_of, side_text
from knopenkaart_web.pages.meeting.words import group_label
from knopenkaart_web.pages.written import capital
from knopenkaart_web.places import queries as places
from knopenkaart_web.places import words

LEVELS = ("wijk", "buurt", "municipality")
MATRICES = ("familiar", "encounters", "ratio")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose, and whether it is chosen."""

    id: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area in the table: its name, what the model gives, and on which side of the average it surely lies, with the chance."""

    name: str
    area: AreaMeeting
    side: str
    side_label: str


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place in the table."""

    label: str
    function: str
    place: PlaceMeeting


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """A group in the table of groups, with what is told of each other group."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Groups against groups as a picture (wide and narrow) and as a table."""

    title: str
    wide: str
    narrow: str
    heads: tuple[str, ...]
    rows: tuple[MatrixLine, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page tells. `apart`: some area surely lies above or below the average, or that was not reckoned; `edges`: how many areas
    are in the study for a small part only."""

    about: About
    everybody: AreaMeeting
    chosen: AreaMeeting
    group_name: str
    levels: tuple[Choice, ...]
    groups: tuple[Choice, ...]
    matrices: tuple[Choice, ...]
    areas: tuple[AreaLine, ...]
    apart: bool
    edges: int
    svg: str
    narrow: str
    places: tuple[PlaceLine, ...]
    places_map: str
    places_narrow: str
    matrix: Matrix | None


def compose(found: Opened, slug: str, *, level: str, group: str, matrix: str, lang: str) -> Overview | None:
    """The page for a group, a level of areas and a kind of matrix; None where nothing was reckoned of everybody."""
    every = queries.areas(found)
    whole = {area.group: area for area in every if area.code == ALL}
    if ALL not in whole:
        return None
    group = group if group in whole else ALL
    known = [item for item in LEVELS if any(area.level == item for area in every)]
    level = level if level in known else known[0] if known else ""
    matrix = matrix if matrix in MATRICES else MATRICES[0]
    shown = [area for area in every if area.level == level and area.group == group]
    listed = _places(found, lang)
    drawn = [(line.label, line.place) for line in listed]
    return Overview(
        about=found.about(lang),
        everybody=whole[ALL],
        chosen=whole[group],
        group_name="" if group == ALL else group_label(group, lang),
        levels=tuple(Choice(item, _level(item), item == level) for item in known),
        groups=tuple(Choice(item, capital(group_label(item, lang)), item == group) for item in whole),
        matrices=tuple(Choice(item, _matrix(item), item == matrix) for item in MATRICES),
        areas=tuple(_lines(found, shown)),
        apart=any(side_of(area) not in ("same", "edge") for area in shown),
        edges=sum(side_of(area) == "edge" for area in shown),
        svg=_map(found, slug, level, shown),
        narrow=_map(found, slug, level, shown, width=320),
        places=tuple(listed),
        places_map=places_map(found, slug, drawn, width=640),
        places_narrow=places_map(found, slug, drawn, width=320),
        matrix=matrix_told(found, measure=matrix, lang=lang),
    )


def _level(level: str) -> str:
    return {"municipality": _("by municipality"), "wijk": _("by wijk"), "buurt": _("by buurt")}[level]


def _matrix(measure: str) -> str:
    return {
        "familiar": _("recognition"),
        "encounters": _("encounters per week"),
        "ratio": _("recognition beside the size of groups"),
    }[measure]


def _lines(found: Opened, areas: Sequence[AreaMeeting]) -> list[AreaLine]:
    """By name: an order by number would tell apart what the model cannot."""
    lines = [AreaLine(_name(found, area.code), area, side_of(area), side_text(area)) for area in areas]
    return sorted(lines, key=lambda line: (line.name, line.area.code))


def _name(found: Opened, code: str) -> str:
    item = found.held.areas.get(code)
    return item.name if item else code


def _map(found: Opened, slug: str, level: str, areas: Sequence[AreaMeeting], *, width: float = 640) -> str:
    outlines = places.outlines(slug, level) if level else {}
    # A map of one shade tells nothing.
    if not any(area.code in outlines and side_of(area) in ("below", "above") for area in areas):
        return ""
    names = {area.code: _name(found, area.code) for area in areas}
    return map_of(areas, outlines, names, title=_("Recognition (model) beside the average"), width=width)


def _places(found: Opened, lang: str) -> list[PlaceLine]:
    lines = [
        PlaceLine(place_label(found, place.place_id, lang), words.function_label(place.function, lang), place)
        for place in queries.places(found)
    ]
    return sorted(lines, key=lambda line: (line.label, line.place.place_id))


def place_label(found: Opened, place_id: str, lang: str) -> str:
    """The name of a place, or its kind where it has none."""
    held = found.held.places[place_id]
    return held.name or capital(words.kind_label(held.kind, lang))


def matrix_told(found: Opened, *, measure: str, lang: str, place_id: str = ALL) -> Matrix | None:
    """Groups against groups, of a place or of all together; None for fewer than two groups."""
    pairs, groups = queries.pairs(found, place_id=place_id), found.groups
    if len(groups) < 2 or not pairs:
        return None
    title = {
        "familiar": _("How many a resident of each group recognises of each group (model)"),
        "encounters": _("Noticed encounters per week of a resident of each group with each group (model)"),
        "ratio": _("Recognition of each group beside what its size would give: 1 is in proportion (model)"),
        "pairs": _("How many pairs recognise one another from this place (model)"),
    }[measure]
    across = _("meets this group") if measure == "encounters" else _("recognises this group")
    at = {(pair.group, pair.other): _per_resident(found, pair, measure) for pair in pairs}
    heads = [capital(group_label(group, lang)) for group in groups]
    rows = [[at.get((group, other)) for other in groups] for group in groups]
    return Matrix(
        title=title,
        wide=matrix_of(heads, rows, title=title, across=across, prefix="matrix"),
        narrow=matrix_of(heads, rows, title=title, across=across, prefix="matrix-narrow", width=320),
        heads=tuple(heads),
        rows=tuple(MatrixLine(head, tuple(map(matrix_text, row))) for head, row in zip(heads, rows, strict=True)),
    )


def _per_resident(found: Opened, pair: Pair, measure: str) -> float | None:
    if measure in ("ratio", "pairs"):
        return pair.ratio if measure == "ratio" else pair.familiar
    whole = queries.area(found, group=pair.group)
    told = pair.familiar if measure == "familiar" else pair.encounters
    return told / whole.people if whole and whole.people and told is not None else None
