# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who meets whom at one place: between groups, when, what its closing takes away, and what another programme could add."""

from __future__ import annotations

from dataclasses import dataclass

from knopenkaart_web.meeting import queries
from knopenkaart_web.meeting.opening import ALL, Opened
from knopenkaart_web.meeting.views_data import SURE, About, AreaMeeting, PlaceMeeting, SlotMeeting
from knopenkaart_web.pages.meeting_overview import Matrix, matrix_told
from knopenkaart_web.pages.meeting_words import HOW, change, group_label, word
from knopenkaart_web.pages.templatetags.formats import capital
from knopenkaart_web.places import words


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A daypart: visits of everybody and of each group, and encounters; `width` is that of its bar, in hundredths of the busiest."""

    label: str
    visits: float
    encounters: float
    groups: tuple[float | None, ...]
    width: str


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """All that the page tells.

    `closing`: less, more or unsure; `closed_...`: what recognition changes by then; `one_sided`: more than chance gives, as chance, or
    unknown.
    """

    about: About
    place: PlaceMeeting
    everybody: AreaMeeting | None
    nest: str
    closing: str
    closed_elastic: str
    closed_fixed: str
    closed_across: str
    how: str
    one_sided: str
    matrix: Matrix | None
    slots: tuple[SlotLine, ...]
    groups: tuple[str, ...]


def compose(found: Opened, place_id: str, *, lang: str) -> PlaceShown | None:
    """The page of a place; None where it was not reckoned with."""
    place = queries.place(found, place_id)
    if place is None:
        return None
    pairs = queries.pairs(found, place_id=place_id)
    return PlaceShown(
        about=found.about(lang),
        place=place,
        everybody=queries.area(found),
        nest=words.function_label(place.nest, lang),
        closing=_closing(place),
        closed_elastic=change(-place.closed_elastic),
        closed_fixed=change(-place.closed_fixed),
        closed_across=change(-place.closed_across),
        how=word(HOW, place.potential_how),
        one_sided=_one_sided(place),
        matrix=matrix_told(pairs, found.groups, measure="familiar", lang=lang),
        slots=tuple(_slots(found, place_id, lang)),
        groups=tuple(capital(group_label(group, lang)) for group in found.groups),
    )


def _closing(place: PlaceMeeting) -> str:
    """Nothing is called a loss or a gain unless the model is sure enough of it."""
    if place.closed_sure >= SURE:
        return "less"
    return "more" if place.closed_sure <= 1 - SURE else "unsure"


def _one_sided(place: PlaceMeeting) -> str:
    if place.segregation is None or place.segregation_null is None:
        return "unknown"
    return "more" if place.segregation > place.segregation_null else "chance"


def _slots(found: Opened, place_id: str, lang: str) -> list[SlotLine]:
    rows: dict[tuple[str, str], SlotMeeting] = {(row.slot, row.group): row for row in queries.slots(found, place_id)}
    most = max((row.visits for (_, group), row in rows.items() if group == ALL), default=0.0)
    lines = []
    for slot in found.slots:
        whole = rows.get((slot["id"], ALL))
        if whole is None or whole.visits <= 0:
            continue
        parts = tuple(rows[slot["id"], group].visits if (slot["id"], group) in rows else None for group in found.groups)
        # As text: a template would write a decimal comma in Dutch, which is no number in SVG.
        width = f"{100 * whole.visits / most:.1f}"
        lines.append(SlotLine(capital(slot["en" if lang == "en" else "nl"]), whole.visits, whole.encounters, parts, width))
    return lines
