# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words for the codes that records carry: coverage, origin, wheelchair, topics; and plain sentences about coverage."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from knopenkaart_web.pages import errors
from knopenkaart_web.places.views_data import FigureRow

register = template.Library()

COVERAGE: dict[str, tuple[str | Promise, str | Promise]] = {
    "covered": (
        gettext_lazy("Fully covered"),
        gettext_lazy("The sources cover this area. The number is what the sources know."),
    ),
    "partial": (
        gettext_lazy("Partly covered"),
        gettext_lazy("The sources cover only a part of this area. There are probably more places than we found."),
    ),
    "marginal": (
        gettext_lazy("Hardly covered"),
        gettext_lazy("The sources cover only an edge of this area. The number says nothing about the whole area."),
    ),
    "unknown": (
        gettext_lazy("Unknown"),
        gettext_lazy("The sources do not cover this area. We do not know how many places there are. That is not the same as zero."),
    ),
    "unusable": (
        gettext_lazy("Not usable"),
        gettext_lazy("The sources contradict one another here, so we cannot tell how much of this area they cover."),
    ),
}
ORIGINS: dict[str, str | Promise] = {
    "harvest": gettext_lazy("taken from open data"),
    "list": gettext_lazy("from a list of the municipality"),
    "human": gettext_lazy("corrected by an editor"),
    "assumed": gettext_lazy("assumed from the kind of place"),
}
WHEELCHAIR: dict[str, str | Promise] = {
    "yes": gettext_lazy("yes"),
    "no": gettext_lazy("no"),
    "limited": gettext_lazy("partly"),
    "designated": gettext_lazy("yes, specially provided for"),
}
TOPICS: dict[str, str | Promise] = {
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "gone": gettext_lazy("Gone?"),
    "duplicate": gettext_lazy("Possible duplicate"),
}
# What the engine writes in English where a file does not say it.
UNSAID = (gettext_noop("not stated"),)
LEVELS: dict[str, str | Promise] = {
    "municipality": gettext_lazy("municipality"),
    "wijk": gettext_lazy("district (wijk)"),
    "buurt": gettext_lazy("neighbourhood (buurt)"),
}
LIMITS: dict[str, str | Promise] = {
    "area": gettext_lazy("The surface is the lowest."),
    "streets": gettext_lazy("The streets are the lowest."),
    "addresses": gettext_lazy("The addresses are the lowest."),
    "outside_extract": gettext_lazy("The area lies outside the data that we have."),
    "address_ratio_over_one": gettext_lazy(
        "There are more addresses than dwellings, so the addresses say nothing here: shops and offices have addresses too."
    ),
}
INDICATORS: dict[str, str | Promise] = {
    "population": gettext_lazy("Inhabitants"),
    "men": gettext_lazy("Men"),
    "women": gettext_lazy("Women"),
    "pop_0_14": gettext_lazy("Aged 0 to 14"),
    "pop_15_24": gettext_lazy("Aged 15 to 24"),
    "pop_25_44": gettext_lazy("Aged 25 to 44"),
    "pop_45_64": gettext_lazy("Aged 45 to 64"),
    "pop_65plus": gettext_lazy("Aged 65 and over"),
    "households": gettext_lazy("Households"),
    "households_single": gettext_lazy("One-person households"),
    "households_without_children": gettext_lazy("Households of several persons without children"),
    "households_with_children": gettext_lazy("Households with children"),
    "dwellings": gettext_lazy("Dwellings"),
    "dwelling_value": gettext_lazy("Mean value of a dwelling"),
    "dwelling_ownership": gettext_lazy("Owner-occupied dwellings"),
    "area_km2": gettext_lazy("Surface, water included"),
    "land_km2": gettext_lazy("Surface of the land"),
    "urbanity": gettext_lazy("Urbanity (1 = very urban, 5 = not urban)"),
    "address_density": gettext_lazy("Addresses in the surroundings"),
    "origin_netherlands": gettext_lazy("People with their origin in the Netherlands"),
    "origin_europe": gettext_lazy("People with their origin elsewhere in Europe"),
    "origin_outside_europe": gettext_lazy("People with their origin outside Europe"),
    "employment_rate": gettext_lazy("People of 15 to 74 with work"),
    "income_low": gettext_lazy("People in the 40 % with the lowest income"),
    "income_high": gettext_lazy("People in the 20 % with the highest income"),
    "education_high": gettext_lazy("People with higher education"),
}
NOT_JOINED: dict[str, str | Promise] = {
    "absent": gettext_lazy("The file has no figures for this area."),
    "other_name": gettext_lazy("In that year the code belonged to an area with another name."),
    "name_says_nothing": gettext_lazy("The name is only a number, so it does not show that the area is the same."),
    "no_name": gettext_lazy("The file has no names, and a code alone does not show that the area is the same."),
    "changed": gettext_lazy("Statistics Netherlands says that the area was changed in between."),
    "population_jump": gettext_lazy("The number of inhabitants jumped so much that it must be another area."),
    "not_verifiable": gettext_lazy("Nothing shows that the area is still the same."),
    "division_redrawn": gettext_lazy("The municipality was divided in another way in between."),
    "other_polygon": gettext_lazy("The boundaries in both years differ."),
}


def _word(words: dict[str, str | Promise], code: str | None) -> str:
    return str(words.get(code or "", code or ""))


@register.filter
def coverage_label(status: str | None) -> str:
    """The name of a state of coverage."""
    return str(COVERAGE.get(status or "unknown", COVERAGE["unknown"])[0])


@register.filter
def coverage_explained(status: str | None) -> str:
    """What a state of coverage means, in plain words."""
    return str(COVERAGE.get(status or "unknown", COVERAGE["unknown"])[1])


@register.filter
def coverage_reason(reason: str | None) -> str:
    """Which of the three ways of looking decided the state of coverage."""
    return _word(LIMITS, reason) if reason in LIMITS else ""


@register.filter
def origin_label(origin: str | None) -> str:
    """How a value came into the map."""
    return _word(ORIGINS, origin)


@register.filter
def wheelchair_label(value: str | None) -> str:
    """Whether a wheelchair can enter; "unknown" where no source says it."""
    return _word(WHEELCHAIR, value) or _("unknown")


@register.filter
def topic_label(topic: str | None) -> str:
    """The name of a topic of the review queue."""
    return _word(TOPICS, topic)


@register.filter
def level_label(level: str | None) -> str:
    """The name of a level of areas."""
    return _word(LEVELS, level)


@register.filter
def indicator_label(figure: FigureRow) -> str:
    """The name of a published figure."""
    known = INDICATORS.get(figure.indicator)
    return str(known) if known else _(figure.label)


@register.filter
def figure_reason(reason: str | None) -> str:
    """Why a figure of another year could not be given for an area."""
    return _word(NOT_JOINED, reason)


@register.filter
def label(text: str) -> str:
    """An English label of the inventory in the language of the page."""
    return _(text) if text else ""


@register.filter
def error_text(code: str) -> str:
    """What went wrong, for people."""
    return errors.error_text(code)
