# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures of the monitor in words: a value with its unit, its margin, what kind of figure it is, and why there is none."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knopenkaart.monitor.estimates import Estimate
from knopenkaart.vocabulary.catalogue import load_catalogue
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.views_data import SourceView
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.written import THOUSANDS_OF_EUROS, day, figure, number

_BEFORE_UNIT, _BEHIND_EURO = re.compile(r"(?<=\d) (?=(?:%|km²?|kWh|m³|procentpunt|points)(?:\W|$))"), re.compile(r"(?<=€) (?=\d)")
EVERYBODY = "all"
SCORE = "score"
RECKONED = frozenset({"meeting_within_reach", "meeting_functions_within_reach"})


def group_label(group: str) -> str:
    """A group of the catalogue, or everybody, in the language of the page."""
    found = load_catalogue().groups.get(group)
    if group == EVERYBODY:
        return _("everybody")
    return group if found is None else found.name(language())


def indicator_label(indicator: str) -> str:
    """The name of an indicator; its identifier where the catalogue does not know it."""
    found = catalogue().indicators.get(indicator)
    return found.name(language()) if found else indicator


def unit_label(unit: str) -> str:
    """What an axis is in; nothing for a number of people or things."""
    return {
        "percent": "%",
        THOUSANDS_OF_EUROS: _("thousands of euros"),
        "km": "km",
        "km2": "km²",
        "per_km2": _("per km²"),
        "per_1000": _("per 1,000 inhabitants"),
        "score": _("score"),
        "kwh": "kWh",
        "m3": "m³",
        "persons": _("people per household"),
        "per_household": _("per household"),
    }.get(unit, "")


def value_text(value: float | None, unit: str, *, decimals: int | None = None) -> str:
    """A value with its unit as people read it: 12,5 %, € 31.200, 1.240, 4,12 of a score; the word unknown where there is none."""
    if value is None or unit == THOUSANDS_OF_EUROS:
        return figure(value, unit)
    return f"{_number(value, unit, decimals)} {_SHORT.get(unit, '')}".rstrip()


_SHORT: Mapping[str, str | Promise] = {
    "percent": "%",
    "km": "km",
    "km2": "km²",
    "per_km2": "/ km²",
    "per_1000": gettext_lazy("per 1,000"),
    "kwh": "kWh",
    "m3": "m³",
}


def _number(value: float, unit: str, decimals: int | None = None) -> str:
    """Scores differ in their second decimal."""
    if decimals is not None or unit == SCORE:
        return number(value, 2 if decimals is None else decimals)
    return number(value, 0 if float(value).is_integer() else 1)


def unbroken_text(text: str) -> str:
    """A sentence of which no line ends between a number and its unit."""
    return _BEHIND_EURO.sub("\u00a0", _BEFORE_UNIT.sub("\u00a0", text))


def between_text(low: float, high: float, unit: str, *, decimals: tuple[int | None, int | None] = (None, None)) -> str:
    """From one value to another, with the unit once where it stands behind a number: 12,5 tot 14 %. `decimals`: of either."""
    least = value_text(low, unit) if unit == THOUSANDS_OF_EUROS else _number(low, unit, decimals[0])
    return _("%(low)s to %(high)s") % {"low": least, "high": value_text(high, unit, decimals=decimals[1])}


def margin_text(found: Estimate) -> str:
    """Between what the figure lies, or that nobody knows; nothing where there is no figure, or where it has no margin to speak of."""
    if found.value is None:
        return ""
    if found.low is None or found.high is None:
        return _("margin unknown")
    ends = (found.low, found.high)
    if found.unit == "count":
        # Half a person is none: the whole numbers within the margin.
        ends = (math.ceil(found.low), math.floor(found.high))
    if value_text(ends[0], found.unit) == value_text(ends[1], found.unit):
        return ""
    return between_text(*ends, found.unit)


def estimate_text(found: Estimate) -> str:
    """A figure as it stands, or why there is none."""
    return value_text(found.value, found.unit) if found.value is not None else why_text(found.reason)


def nature_label(nature: str, indicator: str = "") -> str:
    """How a figure came about; of what this installation reckons from places and streets it is never said that it was counted."""
    if nature == "own" and indicator in RECKONED:
        return _("reckoned with Knopenkaart")
    return {
        "register": _("from a register"),
        "survey": _("from a survey"),
        "model": _("reckoned by a model"),
        "own": _("counted with Knopenkaart or by the municipality itself"),
    }.get(nature, nature)


def why_text(reason: str) -> str:
    """Why there is no figure."""
    return {
        "suppressed": _("left out by the source: too few people"),
        "hidden": _("not shown, so that nobody learns anything about fewer than ten people"),
        "missing": _("not published"),
        "absent": _("not loaded"),
        "no_denominator": _("of how many is not known"),
        "not_covered": _("the sources of places do not cover this area"),
        "few_people": _("too few people live here for a rate"),
        "not_reckoned": _("not reckoned yet"),
        "not_counted": _("no visits were counted here"),
        "not_asked": _("nobody was asked here"),
    }.get(reason, _("not published"))


def short_text(found: Estimate) -> str:
    """A figure, or in two words why there is none: for a table of many columns, which explains them below it."""
    if found.value is None and found.reason == "hidden":
        return _("not shown")
    return _("left out") if found.value is None and found.reason == "suppressed" else estimate_text(found)


def level_label(level: str) -> str:
    """What kind of area it is."""
    return {"country": _("country"), "municipality": _("municipality"), "wijk": _("wijk"), "buurt": _("buurt")}.get(level, level)


def tone_label(tone: str) -> str:
    """What a colour and sign of the wheel mean."""
    return {
        "better": _("more favourable"),
        "worse": _("less favourable"),
        "more": _("more"),
        "less": _("less"),
        "same": _("cannot be told apart"),
        "unknown": _("cannot be compared"),
        "absent": _("no figure"),
    }[tone]


def licence_text(licence: str) -> str:
    """A licence by its name, or that nobody told it."""
    return _("licence not stated") if licence == "not stated" else licence


def source_line(sources: Iterable[SourceView]) -> str:
    """The sources as one line for under, or inside, a picture: each with its publisher, date and licence."""
    texts = [_source(item) for item in sources]
    return _("Source: %(sources)s") % {"sources": "; ".join(dict.fromkeys(texts))} if texts else ""


def _source(item: SourceView) -> str:
    named = f"{item.title} ({item.attribution})" if item.attribution not in ("", item.title) else item.title
    return ", ".join(part for part in (named, day(item.date) if item.date else "", licence_text(item.licence)) if part)
