# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Group and node: which group in which wijk is large or badly off, and has no node that it can reach or comes to. Signals, no score."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from knopenkaart.monitor import gap
from knopenkaart.monitor.estimates import Estimate, difference, estimate, share_inside
from knopenkaart.monitor.gap import Condition, Flag, GroupRow, Joint
from knopenkaart.monitor.profile import common_year, part_of, tone
from knopenkaart.monitor.records import ALL, AreaValues
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.views_data import AreaRef, SourceView
from knopenkaart_web.pages.monitor import gap_words
from knopenkaart_web.pages.monitor.areas import Choice
from knopenkaart_web.pages.monitor.by_group import ordered
from knopenkaart_web.pages.monitor.joint import InShort, in_short
from knopenkaart_web.pages.monitor.meeting import sources_of
from knopenkaart_web.pages.monitor.similar import Nodes, nodes_of
from knopenkaart_web.pages.monitor.words import group_label
from knopenkaart_web.pages.written import capital, number
from knopenkaart_web.places import queries as places
from knopenkaart_web.places.views_data import PlaceFilter, StudyView
from knopenkaart_web.reach.lacking import Lacking, Without, lacking
from knopenkaart_web.reach.views_data import About
from knopenkaart_web.visits import released

MOST_ROWS = 12
# What is within reach where nothing was reckoned yet.
NEAR_MIN = 10
# Reach tells numbers of people in tens.
ROUNDED = 10


@dataclass(frozen=True, slots=True)
class FlagCell:
    """One flag as a page tells it: `state` sure, maybe, no or unknown; `word` the same for who does not see colours; what it rests on."""

    state: str
    word: str
    text: str
    rests_on: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A group (`group_id` in addresses) in a wijk, and what is on the map there; None where nobody mapped it."""

    code: str
    name: str
    group_id: str
    group: str
    people: str
    cells: tuple[FlagCell, ...]
    nodes: Nodes | None


@dataclass(frozen=True, slots=True)
class Way:
    """Where to look for how what is not known may come to be known."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A signal of which nothing is known in any wijk: why, and the way to know it, where there is one."""

    label: str
    why: str
    way: Way | None


@dataclass(frozen=True, slots=True)
class GapPage:
    """The answer in short, the joints as asked for, the thresholds in words, and what is not known at all.

    `total` is how many joints were asked for, `every` how many there are; `everything` whether those without a signal are shown too.
    """

    short: InShort
    rows: list[Row]
    total: int
    every: int
    everything: bool
    heads: list[str]
    known: tuple[int, ...]
    groups: list[Choice]
    flags: list[Choice]
    thresholds: list[str]
    unknown: list[Unknown]
    reach: About | None
    sources: list[SourceView]
    loaded: bool

    @property
    def shown_heads(self) -> list[str]:
        """The signals of which anything is known anywhere."""
        return [self.heads[place] for place in self.known]

    @property
    def lines(self) -> list[tuple[Row, list[tuple[str, FlagCell]]]]:
        """The rows with these signals only: a column of nothing but unknown is one sentence."""
        return [(row, [(self.heads[place], row.cells[place]) for place in self.known]) for row in self.rows]


def compose(study: StudyView, *, group: str = "", flag: str = "", everything: bool = False) -> GapPage:
    """The joints of all wijken of a study and all groups of which the number is known; `flag` keeps those where that one may be so.

    Without `everything` those with any signal, the first of them.
    """
    told, reach = catalogue(), lacking(study.slug)
    rows, sources = _rows(study, told, reach)
    found = gap.joints(rows)
    groups = ordered(told, {item.group for item in found})
    asked = [item for item in found if _kept(item, group, flag)]
    kept = asked if everything or group else [item for item in asked if _signals(item)]
    shown = kept if everything else kept[:MOST_ROWS]
    used = {one.source for item in shown for flag in item.flags for one in figures_of(flag)}
    sources = [item for item in sources if item.id in used]
    known = tuple(place for place, name in enumerate(gap.FLAGS) if any(name not in item.unknown for item in found))
    return GapPage(
        short=in_short(found, told),
        rows=_lines(shown, told, [source.id for source in sources]),
        total=len(kept),
        every=len(asked),
        everything=everything,
        known=known,
        heads=[gap_words.flag_label(name) for name in gap.FLAGS],
        groups=[Choice("", _("all groups"), not group), *(Choice(item, capital(group_label(item)), item == group) for item in groups)],
        flags=[Choice("", _("everything"), not flag), *(Choice(name, gap_words.flag_label(name), name == flag) for name in gap.FLAGS)],
        thresholds=gap_words.thresholds(reach.about.near_min if reach else NEAR_MIN),
        unknown=_unknown(study, found),
        reach=reach.about if reach else None,
        sources=sources,
        loaded=bool(rows),
    )


def _unknown(study: StudyView, found: Sequence[Joint]) -> list[Unknown]:
    """The signals of which nothing is known of anybody: who could supply the figures, or what to reckon or count."""
    if not found:
        return []
    area = reverse("monitor_area", args=[study.municipalities[0].code])
    ways = {
        "badly_off": Way(_("who could supply figures by group"), f"{area}?groep={found[0].group}#group-known"),
        "cannot_reach": Way(_("who can walk to a place"), reverse("reach", args=[study.slug])),
        "does_not_come": Way(_("counting who comes"), reverse("visits", args=[study.slug])),
    }
    flags = {name: [item.flag(name) for item in found] for name in gap.FLAGS}
    return [
        Unknown(gap_words.flag_label(name), gap_words.why_unknown(items), ways.get(name))
        for name, items in flags.items()
        if all(item.state == "unknown" for item in items)
    ]


def joints_of(study: StudyView, *, group: str = "", flag: str = "") -> list[Joint]:
    """The joints themselves, as the page would show them all."""
    rows, _sources = _rows(study, catalogue(), lacking(study.slug))
    return [item for item in gap.joints(rows) if _kept(item, group, flag)]


def _signals(item: Joint) -> bool:
    return any(flag.state in ("sure", "maybe") for flag in item.flags)


def _kept(item: Joint, group: str, flag: str) -> bool:
    return group in ("", item.group) and (flag not in gap.FLAGS or item.flag(flag).state in ("sure", "maybe"))


def _rows(study: StudyView, told: Catalogue, reach: Lacking | None) -> tuple[list[GroupRow], list[SourceView]]:
    coming = _coming(study.slug)
    rows: list[GroupRow] = []
    used: set[str] = set()
    for municipality in study.municipalities:
        ref = queries.area(municipality.code)
        refs = queries.children(ref, level="wijk") if ref else []
        values = queries.values([ref, *refs]) if ref else {}
        for item in refs:
            rows += _of_wijk(item, values[item.code], values[municipality.code], told, _Around(reach, coming))
            used |= {value.source for value in values[item.code].values}
    known = queries.sources(study.slug)
    return rows, [*(source for name, source in known.items() if name in used), *sources_of(study).values()]


@dataclass(frozen=True, slots=True)
class _Around:
    """What this installation knows of reach and visits."""

    reach: Lacking | None
    coming: Mapping[tuple[str, str], Estimate]


def _of_wijk(ref: AreaRef, mine: AreaValues, whole: AreaValues, told: Catalogue, around: _Around) -> Iterable[GroupRow]:
    for group in told.groups:
        size = told.size_of(group)
        if size is None:
            continue
        conditions = tuple(_conditions(mine, whole, told, group))
        year = common_year(mine, whole, size, (ALL, ALL))
        share = estimate(mine, size, year=year)
        unreached, why = _unreached(ref.code, group, around.reach)
        represented = around.coming.get((ref.code, group))
        yield GroupRow(
            code=ref.code,
            name=ref.name,
            group=group,
            people=_people(mine, size),
            share=share,
            elsewhere=estimate(whole, size, year=share.year),
            inside=share_inside(mine, whole),
            unreached=unreached,
            unreached_reason=why,
            conditions=conditions,
            conditions_reason="" if conditions else "not_by_group",
            representation=represented,
            representation_reason="" if represented else "not_counted",
        )


def _people(area: AreaValues, size: Indicator) -> Estimate:
    """How many there are: as published, else their share of what it is a part of."""
    value = area.value(size.id)
    if value is not None and value.unit == "count":
        half = size.step("count", area.level) / 2
        found, low, high = value.value, None, None
        if found is not None:
            low, high = max(0.0, found - half), found + half
        return Estimate(found, low, high, "count", "rounding", value.nature, value.year, value.source, None, value.reason)
    share, of = estimate(area, size), area.value(size.of) if size.of else None
    if share.value is None or of is None or of.value is None:
        return Estimate(None, None, None, "count", "none", size.nature, share.year, share.source, None, share.reason or "missing")
    ends = [None if end is None else end / 100 * of.value for end in (share.value, share.low, share.high)]
    return Estimate(ends[0], ends[1], ends[2], "count", share.basis, share.nature, share.year, share.source, None)


def _conditions(mine: AreaValues, whole: AreaValues, told: Catalogue, group: str) -> Iterable[Condition]:
    """Living conditions of which there is a figure of the group here and one of everybody in the municipality."""
    for item in told.indicators.values():
        if item.direction == "neutral" or group not in mine.groups(item.id):
            continue
        year = common_year(mine, whole, item, (group, ALL))
        if year is not None:
            here = estimate(mine, item, group=group, year=year)
            there = estimate(whole, item, year=year, beside=here)
            apart = difference(here, there, inside=part_of(mine, whole, told, groups=(group, ALL)))
            yield Condition(item.id, here, there, apart, tone(item, here, replace(apart, other_kind=False)))


def _unreached(code: str, group: str, reach: Lacking | None) -> tuple[Estimate | None, str]:
    """The share of the group without a node within reach, with what rounding to tens allows; of everybody it is never sure of a group."""
    if reach is None:
        return None, "not_reckoned"
    found = reach.rows.get((code, group))
    if found is None:
        return None, "reach_not_by_group" if (code, ALL) in reach.rows else "off_the_map"
    if not found.complete:
        return None, "not_covered"
    if found.people is None or found.share is None:
        return None, "hidden"
    low, high = _bounds(found) if found.own else (None, None)
    year = reach.about.day.year
    basis = "rounding" if found.own else "none"
    return Estimate(100 * found.share, low, high, "percent", basis, "own", year, "own_reach", found.people), ""


def _bounds(found: Without) -> tuple[float, float]:
    half, people, without = ROUNDED / 2, float(found.people or 0), float(found.without or 0)
    low = max(0.0, without - half) / (people + half)
    high = min(1.0, (without + half) / max(people - half, 1.0))
    return 100 * low, 100 * high


@dataclass(frozen=True, slots=True)
class _Seen:
    """A group at one place: how it is represented there, and the visits of a week by which places weigh (0: not told)."""

    visits: float
    figures: Mapping[str, float]
    year: int


def _coming(slug: str) -> dict[tuple[str, str], Estimate]:
    """By wijk and group: visitors that were counted at its places, as times what lives within reach of these places, released only."""
    wijken = {place.id: place.wijk_code for place in places.export_places(slug, PlaceFilter())}
    found: dict[tuple[str, str], list[_Seen]] = {}
    for place_id, row in released.latest_per_place(slug).items():
        told, wijk = row.figures.get("representation") or {}, wijken.get(place_id)
        week = (row.figures.get("counting") or {}).get("week") or {}
        for item in told.get("groups", []) if told.get("enough") and wijk else []:
            seen = _Seen(float(week.get("value") or 0.0), item, (row.ends or row.made.date()).year)
            found.setdefault((str(wijk), str(item["group"])), []).append(seen)
    return {key: together(items) for key, items in found.items()}


def together(items: Sequence[_Seen]) -> Estimate:
    """Places together, each by the visits that one would expect of the group; margins of different places add up in squares.

    Where of one place no visits are told, all places weigh the same.
    """
    told = all(item.visits for item in items)
    weights = [(item.visits if told else 1.0) * item.figures["residents"] for item in items]
    total = sum(weights) or 1.0
    pairs = [(weight / total, item.figures) for weight, item in zip(weights, items, strict=True)]
    value = sum(weight * row["quotient"] for weight, row in pairs)
    below = math.hypot(*(weight * (row["quotient"] - row["low"]) for weight, row in pairs))
    above = math.hypot(*(weight * (row["high"] - row["quotient"]) for weight, row in pairs))
    year = max(item.year for item in items)
    return Estimate(value, max(0.0, value - below), value + above, "times", "published", "own", year, "own_visits", None)


def _lines(shown: Sequence[Joint], told: Catalogue, sources: Sequence[str]) -> list[Row]:
    nodes = {code: nodes_of(ref) for code in {item.code for item in shown} if (ref := queries.area(code)) is not None}
    return [
        Row(
            code=item.code,
            name=item.name,
            group_id=item.group,
            group=capital(group_label(item.group)),
            people=number(round(item.people.value or 0)),
            cells=tuple(_cell(flag, told, sources) for flag in item.flags),
            nodes=nodes.get(item.code),
        )
        for item in shown
    ]


def figures_of(flag: Flag) -> list[Estimate]:
    """The figures that a signal rests on."""
    found: list[Estimate | None] = [one for item in flag.conditions for one in (item.mine, item.theirs)]
    found = found or [flag.evidence]
    return [one for one in found if one is not None and one.value is not None]


def _rests_on(flag: Flag, sources: Sequence[str]) -> str:
    """The years of the figures of a signal, how many people are behind each where that is known, and their sources by number."""
    found = figures_of(flag)
    years = sorted({one.year for one in found if one.year})
    people = dict.fromkeys(f"n\u00a0=\u00a0{number(one.told_n)}" for one in found if one.told_n)
    places = sorted({sources.index(one.source) + 1 for one in found if one.source in sources})
    return ", ".join([*map(str, years), *people, *(_("source %(number)s") % {"number": place} for place in places)])


def _cell(flag: Flag, told: Catalogue, sources: Sequence[str]) -> FlagCell:
    text = gap_words.evidence(flag, told)
    rests_on = _rests_on(flag, sources) if text and flag.state != "unknown" else ""
    return FlagCell(flag.state, gap_words.state_label(flag.state), text, rests_on)
