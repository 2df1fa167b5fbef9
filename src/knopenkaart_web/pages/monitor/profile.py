# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The profile of an area as a page tells it: findings, the wheel, and the same figures as tables, against a comparison or another group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from knopenkaart.monitor.estimates import Estimate
from knopenkaart.monitor.estimates import estimate as estimate_of
from knopenkaart.monitor.findings import Finding, findings
from knopenkaart.monitor.profile import Ring, Segment, profile
from knopenkaart.monitor.records import ALL
from knopenkaart.vocabulary.catalogue import Catalogue, Theme
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.views_data import AreaRef, SourceView
from knopenkaart_web.pages.monitor.areas import Choice, Compared, Known, compared, comparison_choices, default_comparison, known
from knopenkaart_web.pages.monitor.difference import SIGNS, difference_text
from knopenkaart_web.pages.monitor.groups import GroupChoice, as_choices, group_choices, group_name, valid_group
from knopenkaart_web.pages.monitor.meeting import Seen
from knopenkaart_web.pages.monitor.pictures import numbered, wheel_of
from knopenkaart_web.pages.monitor.suppliers import Supplier, suppliers
from knopenkaart_web.pages.monitor.words import estimate_text, margin_text, nature_label, tone_label
from knopenkaart_web.pages.written import capital

# More are not read in ten seconds.
MOST_FINDINGS = 5
# What a sentence of its own is about: a difference that is sure.
SURE = ("better", "worse", "more", "less")
# How large an area is: these are not compared, so they stand in no ring of the wheel.
HOW_LARGE = ("population", "households", "dwellings")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: here, in the comparison, and how they differ, in words. `tone` gives the colour, `sign` the same without colour;
    `source` is a number in the list of sources, `key` the number of its part of the wheel."""

    indicator: str
    key: int | None
    name: str
    explanation: str
    mine: str
    margin: str
    theirs: str
    their_margin: str
    difference: str
    sign: str
    tone: str
    tone_text: str
    year: int | None
    their_year: int | None
    nature: str
    source: int | None
    n: float | None
    seen: Seen | None = None
    their_nature: str = ""
    their_source: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many people, households or homes there are; `source` is a number in the list of sources."""

    name: str
    value: str
    margin: str
    year: int | None
    source: int | None


@dataclass(frozen=True, slots=True)
class ThemeTable:
    """The figures of one ring of the wheel; `absent` names the indicators of which there is none."""

    id: str
    name: str
    explanation: str
    rows: tuple[Row, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that the page of an area tells; `elsewhere`: whether there is any figure of it, be it none for a profile."""

    ref: AreaRef
    counts: tuple[Count, ...]
    mine_name: str
    other_name: str
    other: Compared | None
    group: str
    group_name: str
    other_group: str
    size: Estimate | None
    rings: tuple[Ring, ...]
    findings: tuple[Finding, ...]
    wheel: str
    tables: tuple[ThemeTable, ...]
    sources: tuple[SourceView, ...]
    comparisons: tuple[Choice, ...]
    groups: tuple[GroupChoice, ...]
    suppliers: tuple[Supplier, ...]
    hidden: tuple[str, ...]
    elsewhere: bool
    incomplete: bool

    @property
    def figures(self) -> int:
        """Of how many indicators there is a figure here."""
        return sum(len(table.rows) for table in self.tables)

    @property
    def group_choices(self) -> list[Choice]:
        """The groups of a list, those without figures too: the page tells who could supply them."""
        return as_choices(self.groups)

    @property
    def other_choices(self) -> list[Choice]:
        """The groups beside which another may stand: those with figures here."""
        everybody = Choice(ALL, _("everybody"), self.other_group == ALL)
        return [everybody, *as_choices(self.told_groups, other=True)]

    @property
    def headlines(self) -> list[Finding]:
        """The sentences about one figure each."""
        return [item for item in self.findings if item.theme and item.tone in SURE]

    @property
    def remarks(self) -> list[Finding]:
        """The sentences about several figures together, and about what is not there."""
        return [item for item in self.findings if item not in self.headlines and item.tone != "caution"]

    @property
    def compares_with(self) -> str:
        """The comparison that is chosen in the form, whether or not a group stands in its place now."""
        return next((item.label for item in self.comparisons if item.chosen), "")

    @property
    def filled(self) -> list[ThemeTable]:
        """The themes of which there is any figure here."""
        return [table for table in self.tables if table.rows]

    @property
    def empty(self) -> list[ThemeTable]:
        """The themes of which there is none."""
        return [table for table in self.tables if not table.rows]

    @property
    def told_groups(self) -> list[GroupChoice]:
        """The groups of which there is any figure here."""
        return [item for item in self.groups if item.figures]

    @property
    def between_groups(self) -> bool:
        """Whether two groups of this area are compared, instead of two areas."""
        return bool(self.other_group)


def compose(ref: AreaRef, *, lang: str, met: str = "", group: str = ALL, other_group: str = "") -> Profile:
    """The profile of an area against what `met` names, for a group; with `other_group` the difference between two groups here."""
    told = catalogue()
    mine = known([ref], lang=lang)[ref.code]
    group = valid_group(told, group or ALL, [mine.values])
    other_group = valid_group(told, other_group, [mine.values]) if other_group else ""
    other_group = "" if other_group == group else other_group
    chosen = met or default_comparison(ref)
    other = None if other_group else compared(mine, chosen, told, lang=lang)
    rings = _rings(mine, other, told, group, other_group)
    names = _names(ref, other, told, group, other_group, lang)
    sources = queries.sources() | dict(mine.meeting.sources)
    large = _how_large(mine, told)
    used = used_sources([*large.values(), *_estimates(rings)], sources)
    numbers = {source.id: number for number, source in enumerate(used, start=1)}
    tables = _tables(rings, _Told(told, numbers, numbered(rings), mine.meeting.seen, lang))
    return Profile(
        ref=ref,
        counts=tuple(_count(name, found, told, numbers, lang) for name, found in large.items()),
        mine_name=names[0],
        other_name=names[1],
        other=other,
        group=group,
        group_name=group_name(told, group, lang),
        other_group=other_group,
        size=_size(mine, told, group),
        rings=tuple(rings),
        findings=tuple(_found(rings, ref, other, told, (group, other_group), lang)),
        wheel=wheel_of(rings, title=_title(ref, names, group_name(told, group, lang), between=bool(other_group)), other_name=names[1]),
        tables=tuple(tables),
        sources=used,
        comparisons=tuple(comparison_choices(ref, chosen)),
        groups=tuple(group_choices([mine.values], told, lang=lang, chosen=group, other=other_group)),
        suppliers=tuple(suppliers(told, [table.id for table in tables if not table.rows])) if group != ALL else (),
        hidden=tuple(_hidden(rings, told, lang)),
        elsewhere=any(item.value is not None for item in mine.values.values),
        incomplete=any(not seen.complete for seen in mine.meeting.seen.values()),
    )


def _rings(mine: Known, other: Compared | None, told: Catalogue, group: str, other_group: str) -> list[Ring]:
    if other_group:
        return profile(mine.values, mine.values, told, group=group, other_group=other_group)
    return profile(mine.values, other.values if other else None, told, group=group, other_group=group)


def _found(rings: list[Ring], ref: AreaRef, other: Compared | None, told: Catalogue, groups: tuple[str, str], lang: str) -> list[Finding]:
    return findings(
        rings,
        language=lang,
        area_name=ref.name,
        other_name=ref.name if groups[1] else other.name if other else "",
        catalogue=told,
        group_name=group_name(told, groups[0], lang),
        other_group_name=group_name(told, groups[1] or groups[0], lang),
        most=MOST_FINDINGS,
    )


def _names(ref: AreaRef, other: Compared | None, told: Catalogue, group: str, other_group: str, lang: str) -> tuple[str, str]:
    """What is compared, as a reader names it: areas, or groups of people in one area."""
    if other_group:
        return capital(_people(told, group, lang)), _people(told, other_group, lang)
    return ref.name, other.name if other else ""


def _people(told: Catalogue, group: str, lang: str) -> str:
    return group_name(told, group, lang) or _("everybody")


def _title(ref: AreaRef, names: tuple[str, str], group: str, *, between: bool) -> str:
    """Of which area and which people the wheel is: it goes elsewhere, where nothing else says that."""
    if between:
        return _("Profile of %(area)s: %(mine)s beside %(other)s") % {"area": ref.name, "mine": names[0], "other": names[1]}
    told = {"name": f"{ref.name} ({group})" if group else ref.name, "other": names[1]}
    return (_("Profile of %(name)s beside %(other)s") if names[1] else _("Profile of %(name)s")) % told


def _how_large(mine: Known, told: Catalogue) -> dict[str, Estimate]:
    found = {name: estimate_of(mine.values, told.indicators[name]) for name in HOW_LARGE if name in told.indicators}
    return {name: item for name, item in found.items() if item.value is not None}


def _count(name: str, found: Estimate, told: Catalogue, numbers: Mapping[str, int], lang: str) -> Count:
    label = told.indicators[name].name(lang)
    return Count(label, estimate_text(found), margin_text(found), found.year, numbers.get(found.source))


def _size(mine: Known, told: Catalogue, group: str) -> Estimate | None:
    """How large the chosen group is here."""
    indicator = told.size_of(group) if group != ALL else None
    found = estimate_of(mine.values, indicator) if indicator else None
    return found if found is not None and found.value is not None else None


@dataclass(frozen=True, slots=True)
class _Told:
    """What the words of a row are taken from."""

    catalogue: Catalogue
    numbers: Mapping[str, int]
    keys: Mapping[str, int]
    seen: Mapping[str, Seen]
    lang: str


def _tables(rings: Iterable[Ring], told: _Told) -> list[ThemeTable]:
    return [_table(told.catalogue.themes[ring.theme], ring.segments, told) for ring in rings]


def _table(theme: Theme, segments: Sequence[Segment], told: _Told) -> ThemeTable:
    lang = told.lang
    there = [item for item in segments if item.mine.value is not None]
    return ThemeTable(
        id=theme.id,
        name=theme.name(lang),
        explanation=theme.explanation(lang),
        rows=tuple(_row(item, told) for item in there),
        absent=tuple(_absent(item, told) for item in segments if item.mine.value is None),
    )


def _hidden(rings: Iterable[Ring], told: Catalogue, lang: str) -> list[str]:
    """Of which indicators there is a figure that is not shown, because it would tell of fewer than ten people."""
    return [told.indicators[item.indicator].name(lang) for ring in rings for item in ring.segments if item.mine.reason == "hidden"]


def _absent(item: Segment, told: _Told) -> str:
    return f"{told.catalogue.indicators[item.indicator].name(told.lang)} ({estimate_text(item.mine)})"


def _row(item: Segment, told: _Told) -> Row:
    indicator = told.catalogue.indicators[item.indicator]
    theirs = item.theirs
    other = theirs if theirs is not None and theirs.value is not None else None
    # The kind and source of a figure to compare with are told where they are not those of the figure itself.
    elsewhere = other is not None and (other.nature, other.source) != (item.mine.nature, item.mine.source)
    return Row(
        indicator=indicator.id,
        key=told.keys.get(indicator.id),
        name=capital(indicator.name(told.lang)),
        explanation=indicator.explanation(told.lang),
        mine=estimate_text(item.mine),
        margin=margin_text(item.mine),
        theirs=estimate_text(theirs) if theirs is not None else "",
        their_margin=margin_text(other) if other else "",
        difference=difference_text(item.difference, item.mine.unit),
        sign=SIGNS.get(item.tone, "") if theirs is not None else "",
        tone=item.tone,
        tone_text=tone_label(item.tone),
        year=item.mine.year,
        their_year=other.year if other and (other.year != item.mine.year or elsewhere) else None,
        nature=nature_label(item.mine.nature, indicator.id),
        source=told.numbers.get(item.mine.source),
        n=item.mine.told_n,
        seen=told.seen.get(indicator.id),
        their_nature=nature_label(other.nature, indicator.id) if other and other.nature != item.mine.nature else "",
        their_source=told.numbers.get(other.source) if other and elsewhere else None,
    )


def _estimates(rings: Iterable[Ring]) -> list[Estimate]:
    return [found for ring in rings for item in ring.segments for found in (item.mine, item.theirs) if found is not None]


def used_sources(estimates: Iterable[Estimate], sources: Mapping[str, SourceView]) -> tuple[SourceView, ...]:
    """The sources of figures that are shown, each once."""
    used = {item.source for item in estimates if item.value is not None}
    return tuple(source for name, source in sources.items() if name in used)


def natures_of(estimates: Iterable[Estimate], indicator: str = "") -> tuple[str, ...]:
    """What kinds of figures of an indicator are shown, each once, in words."""
    return tuple(dict.fromkeys(nature_label(item.nature, indicator) for item in estimates if item.value is not None))
