# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who could supply a figure about a group that nobody published: per theme, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from knopenkaart.vocabulary.catalogue import Catalogue
from knopenkaart_web.pages.language import language

_WHO: dict[str, tuple[str | Promise, ...]] = {
    "population": (
        _("the municipality, from its register of residents (BRP)"),
        _("Statistics Netherlands (CBS), as tailored statistics (maatwerk)"),
    ),
    "housing": (
        _("housing associations, about their tenants"),
        _("the municipality, from its registers of dwellings and residents together"),
    ),
    "education": (
        _("the municipality, from its records of compulsory education"),
        _("Statistics Netherlands (CBS), as tailored statistics or by research on its microdata"),
    ),
    "income": (
        _("the municipality, from its administration of benefits"),
        _("Statistics Netherlands (CBS), as tailored statistics or by research on its microdata"),
    ),
    "safety": (
        _("the municipality, from its own safety survey"),
        _("the police publish no figures by group"),
    ),
    "care": (
        _("the regional health service (GGD), from its health survey"),
        _("the municipality, from its administration of social support (Wmo) and youth care"),
    ),
    "meeting": (_("counts and visitor cards by group, with Knopenkaart itself"),),
}


@dataclass(frozen=True, slots=True)
class Supplier:
    """A theme without figures about the group, and who could supply them."""

    theme: str
    who: tuple[str, ...]


def suppliers(catalogue: Catalogue, themes: Iterable[str]) -> list[Supplier]:
    """Who could supply figures about a group, for each of these themes."""
    lang = language()
    named = [(theme, catalogue.themes[theme]) for theme in themes if theme in _WHO]
    return [Supplier(theme.name(lang), tuple(str(who) for who in _WHO[key])) for key, theme in named]
