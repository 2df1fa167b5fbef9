# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a report tells of an area itself: in what its parts differ, what changed, which places it has, and what nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from knopenkaart.monitor.estimates import Difference, Estimate
from knopenkaart.monitor.findings import Finding, of_many, size_of
from knopenkaart.monitor.spread import Spread, spreads
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.views_data import AreaRef
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor.difference import difference_text, size_text
from knopenkaart_web.pages.monitor.profile import Profile
from knopenkaart_web.pages.monitor.similar import nodes_of
from knopenkaart_web.pages.monitor.trend import SURE, Change
from knopenkaart_web.pages.monitor.words import estimate_text
from knopenkaart_web.pages.written import THOUSANDS_OF_EUROS, capital, number

BETWEEN, CHANGED, MEETING = "between", "changed", "meeting"
MOST_BETWEEN, MOST_CHANGED = 4, 4
# Fewer than one in a hundred more or fewer people, households or dwellings is no news.
LEAST_GROWTH = 0.01
_PARTS = {"country": "municipality", "municipality": "wijk", "wijk": "buurt"}


def parts_of(ref: AreaRef) -> list[AreaRef]:
    """The areas of the level below in an area; of a municipality without wijken its buurten."""
    level = _PARTS.get(ref.level)
    found = queries.children(ref, level=level) if level else []
    return found if len(found) > 1 or ref.level != "municipality" else queries.children(ref, level="buurt")


def between(parts: Sequence[AreaRef]) -> list[Spread]:
    """In which figures of the wheel the parts of an area surely differ, most first."""
    shown = [item for item in catalogue().indicators.values() if item.wheel]
    return spreads(list(queries.values(parts).values()), shown) if len(parts) > 1 else []


def between_heading(parts: Sequence[AreaRef]) -> str:
    """What stands above these sentences."""
    return {
        "municipality": _("Differences between municipalities"),
        "wijk": _("Differences between wijken"),
        "buurt": _("Differences between buurten"),
    }[parts[0].level if parts else "wijk"]


def between_findings(found: Iterable[Spread], parts: Sequence[AreaRef]) -> list[Finding]:
    """A sentence for each."""
    names = {item.code: item.name for item in parts}
    return [_between(item, names) for item in list(found)[:MOST_BETWEEN]]


def _between(item: Spread, names: dict[str, str]) -> Finding:
    text = _("%(figure)s (%(year)s): from %(low)s in %(lowest)s to %(high)s in %(highest)s (difference %(size)s).") % {
        "figure": _named(item.indicator),
        "year": item.year,
        "low": estimate_text(item.low),
        "lowest": names.get(item.lowest, item.lowest),
        "high": estimate_text(item.high),
        "highest": names.get(item.highest, item.highest),
        "size": size_text(item.difference, item.high.unit),
    }
    return Finding(text, BETWEEN, item.indicator, "more")


def _named(indicator: str) -> str:
    return capital(catalogue().indicators[indicator].name(language()))


def change_findings(found: Iterable[Change]) -> list[Finding]:
    """What surely changed, most first. Not money: prices rise everywhere, and that says nothing of the area."""
    told = [item for item in found if item.now.unit != THOUSANDS_OF_EUROS]
    apart = of_many({item.indicator: (item.now, item.was, item.apart) for item in told})
    sure = [item for item in told if apart[item.indicator].verdict in SURE and _news(item)]
    kept = sorted(sure, key=lambda item: (-size_of(item.apart, item.was), item.indicator))
    if not kept and told:
        return [Finding(_("Between the years that can be compared, nothing surely changed much."), CHANGED, "", "same")]
    return [_changed(item, apart[item.indicator]) for item in kept[:MOST_CHANGED]]


def _news(item: Change) -> bool:
    return item.now.unit != "count" or size_of(item.apart, item.was) >= LEAST_GROWTH


def _changed(item: Change, apart: Difference) -> Finding:
    """A change with its margin as one of many."""
    by = difference_text(apart, item.now.unit)
    told = {"figure": item.label, "before": item.before, "first": item.first, "after": item.after, "last": item.last}
    text = _("%(figure)s: from %(before)s in %(first)s to %(after)s in %(last)s. That is %(difference)s.")
    return Finding(text % {**told, "difference": by}, CHANGED, item.indicator, "more")


def missing_finding(profile: Profile) -> list[Finding]:
    """Of how many figures nothing is known, in one sentence: the table at the end names them."""
    absent = sum(len(table.absent) for table in profile.tables)
    if not absent:
        return []
    told = {"absent": number(absent), "total": number(absent + profile.figures)}
    if not profile.figures:
        return [Finding(_("Of none of the %(total)s figures anything is known here. The last table says why.") % told, "", "", "absent")]
    return [Finding(_("Of %(absent)s of the %(total)s figures nothing is known here. The last table says which.") % told, "", "", "absent")]


def place_finding(ref: AreaRef) -> list[Finding]:
    """What is known of places to meet; nothing where nobody mapped them."""
    nodes = nodes_of(ref)
    if nodes is None:
        return []
    said = [_("Places with a social function found here: %(number)s.") % {"number": number(nodes.found)}]
    if nodes.per_1000 is not None:
        said.append(_("That is %(rate)s per 1,000 inhabitants.") % {"rate": number(nodes.per_1000, 1)})
    if nodes.main:
        names = ", ".join(f"{label} ({number(count)})" for label, count in nodes.main)
        said.append(_("Most of them are for: %(names)s.") % {"names": names})
    if not nodes.complete:
        said.append(_("The sources hold a part of the area only: there are probably more."))
    return [Finding(" ".join(said), MEETING, "", "")]


def used(found: Iterable[Spread]) -> list[Estimate]:
    """The figures that the sentences about parts rest on."""
    return [one for item in list(found)[:MOST_BETWEEN] for one in (item.low, item.high)]
