# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The figures of a picture as a file: of a wheel, a map, small maps and a trend, a figure a line, with what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from django.http import QueryDict

from knopenkaart.monitor.estimates import Estimate, estimate
from knopenkaart.monitor.profile import Segment
from knopenkaart.monitor.records import ALL
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.views_data import AreaRef
from knopenkaart_web.pages.asked import asked_text
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor import maps, profile, trend
from knopenkaart_web.pages.monitor.around import around
from knopenkaart_web.pages.monitor.indicators import needed
from knopenkaart_web.pages.monitor.tables import FIGURE, Line, Sources, csv_of, figure_line
from knopenkaart_web.pages.monitor.words import group_label, indicator_label

PROFILE = ("area_code", "area_name", "theme", "indicator", "label", "group", "group_label", "about", *FIGURE)
PROFILE_APART = ("difference", "difference_low", "difference_high", "verdict", "tone")
MAP = ("area_code", "area_name", "indicator", "label", "group", "group_label", "class", *FIGURE)
TREND = ("series", "indicator", "label", *FIGURE)


def picture_csv(ref: AreaRef, name: str, asked: QueryDict) -> str | None:
    """The figures of one of `TABLES`, as the address of its page asks for it; None where there is no such picture, or nothing in it."""
    made = TABLES.get(name)
    return made(ref, asked) if made else None


def _wheel(ref: AreaRef, asked: QueryDict) -> str:
    told = {"met": asked_text(asked, "met"), "group": asked_text(asked, "groep") or ALL, "other_group": asked_text(asked, "andere")}
    found = profile.compose(ref, lang=language(), **told)
    known = around(ref).sources
    lines = (line for ring in found.rings for item in ring.segments for line in _segment(found, ring.theme, item, known))
    return csv_of((*PROFILE, *PROFILE_APART), lines)


def _segment(found: profile.Profile, theme: str, item: Segment, known: Sources) -> Iterator[Line]:
    """The figure here with the difference, and that which it is compared with."""
    what = {"theme": theme, "indicator": item.indicator, "label": indicator_label(item.indicator)}
    apart = item.difference
    difference = {
        "difference": apart.value, "difference_low": apart.low, "difference_high": apart.high, "verdict": apart.verdict,
    } if apart else {}  # fmt: skip
    group = {"group": found.group, "group_label": group_label(found.group)}
    where = {"area_code": found.ref.code, "area_name": found.ref.name, "about": "area"}
    yield {**where, **what, **group, **figure_line(item.mine, item.indicator, known), **difference, "tone": item.tone}
    if item.theirs is not None:
        there = {"area_code": "", "area_name": found.other_name, "about": "comparison"}
        if found.other is not None and found.other.ref is not None:
            there["area_code"] = found.other.ref.code
        other = found.other_group or found.group
        yield {
            **there, **what, "group": other, "group_label": group_label(other), **figure_line(item.theirs, item.indicator, known),
        }  # fmt: skip


def _map(ref: AreaRef, asked: QueryDict) -> str | None:
    shown = maps.compose(
        ref, lang=language(), level=asked_text(asked, "niveau"), indicator=asked_text(asked, "wat"), group=asked_text(asked, "groep") or ALL
    )
    return _areas(shown, [shown.group], shown.year) if shown else None


def _groups(ref: AreaRef, asked: QueryDict) -> str | None:
    """Every group of every area of the small maps."""
    shown = maps.compose(ref, lang=language(), level=asked_text(asked, "niveau"), indicator=asked_text(asked, "wat"), by_group=True)
    return _areas(shown, [item.group for item in shown.small_maps], shown.small_year) if shown and shown.small_maps else None


def _areas(shown: maps.AreaMap, groups: Sequence[str], year: int | None) -> str:
    indicator, known = shown.indicator, queries.sources()
    values = queries.values([row.ref for row in shown.rows], indicators=needed(indicator))
    lines = (
        {
            "area_code": row.ref.code, "area_name": row.ref.name, "indicator": indicator.id, "label": indicator_label(indicator.id),
            "group": group, "group_label": group_label(group), "class": row.shade if groups == [shown.group] else None,
            **figure_line(estimate(values[row.ref.code], indicator, group=group, year=year), indicator.id, known),
        }
        for group in groups for row in shown.rows if row.ref.code in values
    )  # fmt: skip
    return csv_of(MAP, lines)


def _trend(ref: AreaRef, asked: QueryDict) -> str | None:
    about = around(ref)
    found = trend.compose(about, wanted=asked_text(asked, "wat"), groups=asked.getlist("groep"))
    if found.chosen is None:
        return None
    chosen = found.chosen
    shown = [item.id for item in found.groups if item.chosen]
    series = trend.series_of(about, chosen, shown)
    lines = (_point(label, year, point, chosen.id, about.sources) for label, points, _trend in series for year, point in points)
    return csv_of(TREND, lines)


def _point(label: str, year: int, point: Estimate, indicator: str, known: Sources) -> Line:
    what = {"series": label, "indicator": indicator, "label": indicator_label(indicator)}
    return {**what, **figure_line(point, indicator, known), "year": year}


TABLES: Mapping[str, Callable[[AreaRef, QueryDict], str | None]] = {"wiel": _wheel, "kaart": _map, "groepen": _groups, "trend": _trend}
