# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of pages as files: a comparison, similar wijken, perception, and who lacks a place; a figure a line, with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from knopenkaart.monitor.estimates import Estimate
from knopenkaart.monitor.gap import Flag, Joint
from knopenkaart.publish.columns import Column
from knopenkaart.publish.csvw import csv_text
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.views_data import AreaRef, SourceView
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor import compare, gap, gap_words, perception, similar
from knopenkaart_web.pages.monitor.around import Around, around
from knopenkaart_web.pages.monitor.meeting import sources_of
from knopenkaart_web.pages.monitor.words import group_label, indicator_label, nature_label, why_text
from knopenkaart_web.places.views_data import StudyView

Sources = Mapping[str, SourceView]
Line = dict[str, Any]

FIGURE = (
    "year", "value", "unit", "low", "high", "margin", "n", "nature", "kind",
    "source", "source_title", "source_date", "attribution", "licence", "why",
)  # fmt: skip
COMPARISON = ("area_code", "area_name", "indicator", "label", "group", "rank", "rank_first", "rank_last", *FIGURE)
PERCEPTION = ("area_code", "area_name", "theme", "indicator", "label", "group", *FIGURE)
SIMILAR = ("place", "area_code", "area_name", "municipality", "indicator", "label", "distance", *FIGURE)
GAP = ("area_code", "area_name", "group", "group_label", "people", "signal", "state", "about", "indicator", "label", *FIGURE)


def comparison_csv(ref: AreaRef, asked: compare.Asked) -> str | None:
    """Every area, group and year of a comparison, also those that its page has no room for; None where nothing can be compared."""
    found = compare.compose(ref, asked, lang=language())
    if found is None:
        return None
    known, indicator = queries.sources(), found.indicator.id
    lines = (
        {
            "area_code": row.ref.code, "area_name": row.ref.name, "indicator": indicator, "label": found.name, "group": row.group,
            "rank": row.rank, "rank_first": row.first, "rank_last": row.last, **figure_line(row.estimate, indicator, known),
        }
        for row in found.rows
    )  # fmt: skip
    return csv_of(COMPARISON, lines)


def perception_csv(ref: AreaRef) -> str:
    """What people say of an area and what was counted, with the same of what it is compared with."""
    about = around(ref)
    found = perception.compose(about)
    return csv_of(PERCEPTION, (line for item in found.themes for row in item.rows for line in _said(about, found, row)))


def _said(about: Around, found: perception.PerceptionPage, row: perception.Row) -> Iterator[Line]:
    ref, known, indicator = about.ref, about.sources, row.indicator
    what = {"theme": indicator.theme, "indicator": indicator.id, "label": row.label, "group": row.group}
    yield {"area_code": ref.code, "area_name": ref.name, **what, **figure_line(row.mine, indicator.id, known)}
    if row.other is not None and row.other.value is not None:
        yield {"area_code": found.other_code, "area_name": found.other, **what, **figure_line(row.other, indicator.id, known)}


def similar_csv(ref: AreaRef) -> str:
    """Every figure in which wijken elsewhere are alike or not: of this one (place 0), and of each of them, the nearest first."""
    found = similar.nearest(ref)
    known, lines = queries.sources(), []
    for place, code in enumerate([ref.code, *(item.code for item in found.items)]):
        reasons = found.items[place - 1].reasons if place else found.items[0].reasons if found.items else ()
        area, home = found.refs[code], queries.area(found.refs[code].municipality_code)
        for reason in reasons:
            what = {
                "indicator": reason.indicator,
                "label": indicator_label(reason.indicator),
                "distance": reason.distance if place else None,
            }
            where = {"place": place, "area_code": code, "area_name": area.name, "municipality": home.name if home else ""}
            lines.append({**where, **what, **figure_line(found.estimate(code, reason.indicator), reason.indicator, known)})
    return csv_of(SIMILAR, lines)


def gap_csv(study: StudyView, *, group: str = "", flag: str = "") -> str:
    """Every signal of every group in every wijk, with each figure that it rests on: of the group, and of everybody in the municipality."""
    known = queries.sources(study.slug) | sources_of(study)
    found = gap.joints_of(study, group=group, flag=flag)
    return csv_of(GAP, (line for joint in found for signal in joint.flags for line in _signal(joint, signal, known)))


def _signal(joint: Joint, flag: Flag, known: Sources) -> Iterator[Line]:
    people = round(joint.people.value or 0)
    where = {"area_code": joint.code, "area_name": joint.name, "group": joint.group, "group_label": group_label(joint.group)}
    what = {**where, "people": people, "signal": flag.flag, "state": flag.state}
    if not flag.conditions:
        size = catalogue().size_of(joint.group)
        of = {"indicator": size.id, "label": indicator_label(size.id)} if flag.flag == "large" and size else {}
        yield {**what, **of, "about": "group", **figure_line(flag.evidence, of.get("indicator", ""), known, why=flag.reason)}
    for item in flag.conditions:
        of = {"indicator": item.indicator, "label": indicator_label(item.indicator)}
        yield {**what, **of, "about": "group", **figure_line(item.mine, item.indicator, known)}
        yield {**what, **of, "about": "municipality", **figure_line(item.theirs, item.indicator, known)}


def figure_line(found: Estimate | None, indicator: str, known: Sources, *, why: str = "") -> Line:
    """A figure with what it rests on; what there is none of has its reason."""
    if found is None or found.value is None:
        reason = why or (found.reason if found else "")
        return {"year": found.year if found else None, "why": gap_words.why(reason) if reason else why_text("")}
    source = known.get(found.source)
    return {
        "year": found.year, "value": found.value, "unit": found.unit, "low": found.low, "high": found.high, "margin": found.basis,
        "n": found.told_n, "nature": found.nature, "kind": nature_label(found.nature, indicator), "source": found.source,
        "source_title": source.title if source else "",
        "source_date": source.date.isoformat() if source and source.date else "",
        "attribution": source.attribution if source else "", "licence": source.licence if source else "",
    }  # fmt: skip


def csv_of(names: Sequence[str], lines: Iterable[Line]) -> str:
    """Lines under these columns; what a line does not tell is empty."""
    empty = dict.fromkeys(names)
    columns = [Column(name, name, "", "") for name in names]
    return csv_text((SimpleNamespace(**{**empty, **line}) for line in lines), columns=columns)
