# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a report tells of the groups within an area: in which figures they surely differ, and each figure of each group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from knopenkaart.monitor.estimates import Estimate, estimate
from knopenkaart.monitor.findings import Finding
from knopenkaart.monitor.records import ALL
from knopenkaart.monitor.spread import Spread, group_spreads
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor.around import Around
from knopenkaart_web.pages.monitor.difference import size_text
from knopenkaart_web.pages.monitor.words import estimate_text, group_label
from knopenkaart_web.pages.written import capital

GROUPS = "groups"
MOST_SENTENCES = 5


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """A figure of a group, and the same of everybody in that year."""

    indicator: Indicator
    group: str
    mine: Estimate
    everybody: Estimate


def figures_of(about: Around) -> list[GroupFigure]:
    """The latest figure of each group, or why there is none; by figure, and groups in the order of the catalogue."""
    told = {(item.indicator, item.group) for item in about.own.values if item.group != ALL}
    found = []
    for indicator in about.indicators():
        for group in (item for item in ordered(about.catalogue, {group for _indicator, group in told}) if (indicator.id, item) in told):
            mine = estimate(about.own, indicator, group=group)
            found.append(GroupFigure(indicator, group, mine, estimate(about.own, indicator, year=mine.year)))
    return found


def ordered(catalogue: Catalogue, groups: set[str]) -> list[str]:
    """Everybody, then the groups of the catalogue in its order, then those that only an own table has."""
    known = [item for item in (ALL, *catalogue.groups) if item in groups]
    return [*known, *sorted(groups - set(known))]


def apart(about: Around) -> list[Spread]:
    """In which figures of the wheel groups surely differ, most first."""
    groups = {item.group for item in about.own.values if item.group != ALL}
    catalogue = about.catalogue
    divisions = [[group.id for group in catalogue.groups_of(name) if group.id in groups] for name in catalogue.dimensions]
    divisions.append(sorted(groups - set(catalogue.groups)))
    return group_spreads(about.own, [item for item in about.indicators() if item.wheel], [item for item in divisions if len(item) > 1])


def group_findings(figures: Sequence[GroupFigure], found: Sequence[Spread]) -> list[Finding]:
    """A sentence for each figure in which groups surely differ; that nothing is known of groups is said too."""
    if not any(item.mine.value is not None for item in figures):
        text = _("Of groups of residents no figure is known here. An average can hide large differences between them.")
        return [Finding(text, GROUPS, "", "")]
    if not found:
        return [Finding(_("Between the groups of which something is known no difference is sure."), GROUPS, "", "same")]
    names = {item.indicator.id: capital(item.indicator.name(language())) for item in figures}
    return [_sentence(item, names[item.indicator]) for item in found[:MOST_SENTENCES]]


def _sentence(item: Spread, name: str) -> Finding:
    text = _(
        "%(figure)s (%(year)s): %(low)s in the group \u201c%(lowest)s\u201d "
        "and %(high)s in the group \u201c%(highest)s\u201d (difference %(size)s)."
    ) % {
        "figure": name,
        "year": item.year,
        "low": estimate_text(item.low),
        "lowest": group_label(item.lowest),
        "high": estimate_text(item.high),
        "highest": group_label(item.highest),
        "size": size_text(item.difference, item.high.unit),
    }
    return Finding(text, GROUPS, item.indicator, "more")
