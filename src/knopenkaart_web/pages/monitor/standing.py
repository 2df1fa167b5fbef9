# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where an area stands among others, in a few sentences: what is surely higher or lower, and what cannot be told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from knopenkaart.monitor.estimates import Difference, Estimate
from knopenkaart.monitor.ranks import Ranked
from knopenkaart_web.pages.monitor.difference import difference_text
from knopenkaart_web.pages.monitor.words import estimate_text, group_label
from knopenkaart_web.pages.written import capital, number

# Of so many areas that may be the highest the names are told, of more the number.
MOST_NAMES = 3


def against(name: str, mine: Estimate, other: str, theirs: Estimate, apart: Difference) -> str:
    """The figure of an area beside that of what it lies in, and how far they lie apart."""
    return _("%(name)s: %(figure)s, against %(theirs)s in %(other)s (%(difference)s).") % {
        "name": name,
        "figure": estimate_text(mine),
        "theirs": estimate_text(theirs),
        "other": other,
        "difference": difference_text(apart, mine.unit),
    }


def of_group(group: str, area: str, mine: Estimate, everybody: Estimate, apart: Difference) -> str:
    """The figure of a group in an area beside that of everybody there, and how far they lie apart."""
    return _("%(group)s in %(area)s: %(figure)s, against %(everybody)s of everybody (%(difference)s).") % {
        "group": capital(group_label(group)),
        "area": area,
        "figure": estimate_text(mine),
        "everybody": estimate_text(everybody),
        "difference": difference_text(apart, mine.unit),
    }


def among(item: Ranked, ranked: int) -> str:
    """How many of the others are surely higher or lower than an area; nothing where it has no rank, or no others."""
    if item.first is None or item.last is None or ranked < 2:
        return ""
    return _("Of %(others)s other areas surely higher: %(higher)s, surely lower: %(lower)s, cannot be told apart: %(open)s.") % {
        "others": number(ranked - 1),
        "higher": number(item.first - 1),
        "lower": number(ranked - item.last),
        "open": number(item.last - item.first),
    }


def ends(found: Sequence[Ranked], names: Mapping[str, str]) -> str:
    """Which areas may be the highest and the lowest; nothing where fewer than two have a rank."""
    known = [item for item in found if item.rank is not None]
    highest, lowest = [item for item in known if item.first == 1], [item for item in known if item.last == len(known)]
    if len(known) < 2:
        return ""
    if len(highest) == len(lowest) == len(known):
        return _("No two of these areas can be told apart.")
    return _("Highest: %(highest)s. Lowest: %(lowest)s.") % {"highest": _one_of(highest, names), "lowest": _one_of(lowest, names)}


def _one_of(found: Sequence[Ranked], names: Mapping[str, str]) -> str:
    """The one that it is, or those of which it is one: no area among them is surely higher than another."""
    told = [names[item.code] for item in found]
    if len(told) == 1:
        return told[0]
    if len(told) > MOST_NAMES:
        return _("one of %(number)s areas that cannot be told apart") % {"number": number(len(told))}
    listed = _("%(first)s or %(last)s") % {"first": ", ".join(told[:-1]), "last": told[-1]}
    return _("%(names)s (these cannot be told apart)") % {"names": listed}
