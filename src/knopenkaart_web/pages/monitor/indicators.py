# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The indicators by which areas may be compared on a page: those with figures there, and never numbers that only tell how large it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knopenkaart.monitor import estimates
from knopenkaart.monitor.profile import comparable
from knopenkaart.monitor.records import ALL, AreaValues
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.views_data import AreaRef
from knopenkaart_web.pages.monitor.areas import Choice
from knopenkaart_web.pages.written import capital

# Of so many areas it is looked at which figures there are: an own table may be about a few only.
LOOKED_AT = 6


def indicator_choices(ref: AreaRef, others: Sequence[AreaRef], told: Catalogue, *, chosen: str, lang: str) -> list[Choice]:
    """The indicators of which an area, or one of the first others, has a figure, by theme; one of them is chosen, if there are any: where
    nobody chose, one that the others have, for it is they that are shown."""
    near = others[:LOOKED_AT]
    areas = queries.values({item.code: item for item in (ref, *near)}.values())
    there = _told(areas.values())
    known = [item for theme in told.themes for item in told.of_theme(theme) if item.id in there and comparable(item)]
    shared = _told(areas[item.code] for item in near)
    first = chosen if any(item.id == chosen for item in known) else _preferred([item for item in known if item.id in shared] or known)
    return [Choice(item.id, capital(item.name(lang)), item.id == first, _theme(told, item, lang)) for item in known]


def grouped_choices(others: Sequence[AreaRef], told: Catalogue, *, lang: str) -> list[Choice]:
    """The indicators of which the first areas have a figure of any group, by theme."""
    areas = queries.values(others[:LOOKED_AT])
    there = {value.indicator for area in areas.values() for value in area.values if value.group != ALL and value.value is not None}
    known = [item for theme in told.themes for item in told.of_theme(theme) if item.id in there and comparable(item)]
    return [Choice(item.id, item.name(lang), part=_theme(told, item, lang)) for item in known]


def _told(areas: Iterable[AreaValues]) -> set[str]:
    return {value.indicator for area in areas for value in area.values if value.value is not None}


def _preferred(known: Sequence[Indicator]) -> str:
    """What is shown when nobody chose: something about how people live, that can be more or less favourable."""
    valued = [item for item in known if item.wheel and item.direction != "neutral"]
    counted = [item for item in valued if item.nature == "register" and item.unit == "percent"]
    return next((item.id for item in (*counted, *valued, *(item for item in known if item.wheel), *known)), "")


def _theme(told: Catalogue, item: Indicator, lang: str) -> str:
    return told.themes[item.theme].name(lang)


def wanted_indicator(choices: Sequence[Choice], told: Catalogue) -> Indicator | None:
    """The indicator that is chosen."""
    return next((told.indicators[item.id] for item in choices if item.chosen), None)


def needed(indicator: Indicator) -> tuple[str, ...]:
    """What must be read to tell an indicator with its margin: what it is a part of as well."""
    return estimates.needed(indicator)
