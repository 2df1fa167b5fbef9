# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people say of an area, and what a model makes of it, beside what registers count; never put together in one figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from knopenkaart.monitor.estimates import Difference, Estimate, difference, estimate
from knopenkaart.monitor.findings import of_many
from knopenkaart.monitor.profile import common_year, part_of
from knopenkaart.monitor.records import ALL, AreaValues
from knopenkaart.monitor.spread import Spread
from knopenkaart.vocabulary.catalogue import Indicator, Theme
from knopenkaart_web.monitor.views_data import SourceView
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor import by_group, told
from knopenkaart_web.pages.monitor.around import Around
from knopenkaart_web.pages.monitor.difference import difference_text
from knopenkaart_web.pages.monitor.profile import used_sources
from knopenkaart_web.pages.monitor.words import estimate_text, group_label, margin_text, nature_label
from knopenkaart_web.pages.written import capital

# What was asked or reckoned stands on one side, what was counted on the other.
SAID, COUNTED = ("survey", "model"), ("register", "own")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside that of what the area lies in."""

    indicator: Indicator
    label: str
    group: str
    mine: Estimate
    text: str
    margin: str
    theirs: str
    difference: str
    nature: str
    other: Estimate | None
    apart: Difference | None

    @property
    def year(self) -> int | None:
        return self.mine.year

    @property
    def n(self) -> float | None:
        """How many it rests on, where that is known."""
        return self.mine.told_n


@dataclass(frozen=True, slots=True)
class ThemeRows:
    """A theme: what was said or reckoned, the same by group, and what was counted."""

    theme: Theme
    label: str
    said: list[Row]
    groups: list[Row]
    counted: list[Row]

    @property
    def rows(self) -> list[Row]:
        """All of them."""
        return [*self.said, *self.groups, *self.counted]

    @property
    def beside(self) -> bool:
        """Whether there is anything to compare with."""
        return any(row.theirs for row in self.rows)


@dataclass(frozen=True, slots=True)
class PerceptionPage:
    """The themes of which something is known on either side; `missing` names what could be there and is not.

    `sure`: what was said here and differs from elsewhere, also with so many looked at; `compared`: of how many figures that could be told;
    `within`: sentences on how groups here, and the wijken of a municipality, differ in what they say.
    """

    themes: list[ThemeRows]
    sure: list[Row]
    compared: int
    within: list[str]
    sources: tuple[SourceView, ...]
    other: str
    other_code: str
    asked: bool
    modelled: bool
    missing: list[str]


def compose(about: Around) -> PerceptionPage:
    """The page of an area, compared with its municipality, or its country where it is one."""
    other = about.parent("municipality") or about.parent("country")
    theirs = about.values.get(other.code) if other else None
    rows = [row for item in about.indicators() for row in _rows(about, item, theirs)]
    catalogue, lang = about.catalogue, language()
    themes = [
        ThemeRows(
            theme,
            theme.name(lang),
            [row for row in rows if row.indicator.theme == theme.id and row.mine.nature in SAID and not row.group],
            [row for row in rows if row.indicator.theme == theme.id and row.mine.nature in SAID and row.group],
            [row for row in rows if row.indicator.theme == theme.id and row.mine.nature in COUNTED and _tells(row)],
        )
        for theme in catalogue.themes.values()
    ]
    known = {row.indicator.id for row in rows}
    absent = [item for item in catalogue.indicators.values() if item.nature in SAID and item.active and item.id not in known]
    shown = [item for item in themes if item.said or item.groups]
    said = [row for item in shown for row in item.said]
    figures = [one for item in shown for row in item.rows for one in (row.mine, row.other) if one is not None]
    return PerceptionPage(
        themes=shown,
        sure=_sure(said),
        compared=sum(row.mine.bounded and row.other is not None and row.other.bounded for row in said),
        within=_within(about),
        sources=used_sources(figures, about.sources),
        other=other.name if other else "",
        other_code=other.code if other else "",
        asked=any(row.mine.nature == "survey" for row in rows),
        modelled=any(row.mine.nature == "model" for row in rows),
        missing=[item.name(lang) for item in absent],
    )


def _sure(rows: Sequence[Row]) -> list[Row]:
    """The rows that stay different among so many, with the margin that goes with that."""
    apart = of_many({row.indicator.id: (row.mine, row.other, row.apart) for row in rows if row.other is not None and row.apart is not None})
    sure = {name: found for name, found in apart.items() if found.verdict in ("higher", "lower") and not found.other_kind}
    return [replace(row, difference=difference_text(sure[row.indicator.id], row.mine.unit)) for row in rows if row.indicator.id in sure]


def _within(about: Around) -> list[str]:
    """How groups differ in what they say, and the wijken of a municipality: an average hides both."""
    groups = [item for item in by_group.figures_of(about) if item.mine.nature in SAID and item.mine.value is not None]
    found = by_group.group_findings(groups, _said(by_group.apart(about))) if groups else []
    parts = told.parts_of(about.ref) if about.ref.level == "municipality" else []
    return [item.text for item in (*found, *told.between_findings(_said(told.between(parts)), parts))]


def _said(found: Iterable[Spread]) -> list[Spread]:
    return [item for item in found if item.high.nature in SAID]


def _tells(row: Row) -> bool:
    """How many people there are says nothing beside how people feel; a share of them may."""
    return row.mine.unit != "count" and row.mine.value is not None


def _rows(about: Around, item: Indicator, theirs: AreaValues | None) -> list[Row]:
    groups = about.own.groups(item.id) if item.nature in SAID else (ALL,)
    return [_row(about, item, group, theirs) for group in groups]


def _row(about: Around, item: Indicator, group: str, theirs: AreaValues | None) -> Row:
    year = common_year(about.own, theirs, item, (group, group)) if theirs is not None else None
    mine = estimate(about.own, item, group=group, year=year)
    other = estimate(theirs, item, group=group, year=year, beside=mine) if theirs is not None and year is not None else None
    part = part_of(about.own, theirs, about.catalogue, groups=(group, group)) if theirs is not None else None
    apart = difference(mine, other, inside=part) if other is not None else None
    return Row(
        indicator=item,
        label=capital(item.name(language())),
        group="" if group == ALL else group_label(group),
        mine=mine,
        text=estimate_text(mine),
        margin=margin_text(mine),
        theirs=estimate_text(other) if other is not None and other.value is not None else "",
        difference=difference_text(apart, mine.unit),
        nature=nature_label(mine.nature, item.id),
        other=other,
        apart=apart,
    )
