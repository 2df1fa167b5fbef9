# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many people the parts of an area have together, beside what is published of the whole: rounded numbers do not add up."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from knopenkaart.monitor.aggregate import Total, total, within
from knopenkaart.monitor.records import AreaValues, Value
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.views_data import AreaRef
from knopenkaart_web.pages.written import number

PEOPLE = "population"
# Not all buurten of a country: nobody adds those up.
LEVELS = {"country": ("municipality",), "municipality": ("wijk", "buurt"), "wijk": ("buurt",)}


def sentences(ref: AreaRef) -> list[str]:
    """What the parts of each level below add up to, what is published of the whole, and whether both agree; nothing where there are no two
    parts."""
    made = [(level, found) for level in LEVELS.get(ref.level, ()) if (found := _together(ref, level)) is not None]
    if not made:
        return []
    whole = _published(queries.values([ref], indicators=[PEOPLE])[ref.code])
    published = whole.value(PEOPLE, year=made[0][1].year)
    first = [_whole(ref, published)] if published is not None and published.value is not None else []
    return [*first, *(part for level, found in made for part in (_said(level, found), _agrees(found, published, ref.level)) if part)]


def _whole(ref: AreaRef, published: Value) -> str:
    told = {"name": ref.name, "total": number(published.value), "year": published.year}
    return _("Of %(name)s as a whole %(total)s inhabitants are published (%(year)s).") % told


def _together(ref: AreaRef, level: str) -> Total | None:
    inside = "" if ref.level == "country" else ref.code
    parts = [_published(area) for area in queries.parts(level, within=inside, year=ref.year, indicators=[PEOPLE]).values()]
    known = catalogue()
    made = total(parts, known.indicators[PEOPLE], known)
    return made if made.parts > 1 and made.known else None


def _published(area: AreaValues) -> AreaValues:
    """The area with what was published of its own division: what own tables hide must not follow from a sum."""
    own = (value for value in area.values if value.nature == "register" and value.area_year == area.year and not value.bridged)
    return replace(area, values=tuple(own))


def _said(level: str, made: Total) -> str:
    told = {"number": number(made.parts), "known": number(made.known)}
    if made.value is None:
        least = {
            "municipality": _("%(known)s of the %(number)s municipalities have at least %(total)s inhabitants together."),
            "wijk": _("%(known)s of the %(number)s wijken have at least %(total)s inhabitants together."),
            "buurt": _("%(known)s of the %(number)s buurten have at least %(total)s inhabitants together."),
        }
        return least[level] % {**told, "total": number(made.low or 0)}
    whole = {
        "municipality": _("The %(number)s municipalities have %(total)s inhabitants together."),
        "wijk": _("The %(number)s wijken have %(total)s inhabitants together."),
        "buurt": _("The %(number)s buurten have %(total)s inhabitants together."),
    }
    return whole[level] % {**told, "total": number(made.value)}


def _agrees(made: Total, published: Value | None, level: str) -> str:
    """Whether a sum is what was published of the whole; empty where that cannot be said."""
    agrees = None if published is None else within(made, published, catalogue().indicators[PEOPLE], level)
    if agrees is None or published is None:
        return ""
    if not agrees:
        return _("That differs more than rounding explains: people or areas may be missing from it.")
    return _("That is the same.") if made.value == published.value else _("That fits: numbers of wijken and buurten are rounded to five.")
