# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Wijken over the country with a profile like this one, why they are alike, and what nodes they have where somebody mapped them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from knopenkaart.monitor.similar import Reason, Similar
from knopenkaart.vocabulary.catalogue import load_catalogue
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.views_data import AreaRef
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor_words import indicator_label, value_text
from knopenkaart_web.pages.templatetags.formats import capital
from knopenkaart_web.places import queries as places
from knopenkaart_web.places.views_data import AreaView

COUNT = 10
MOST_ALIKE, MOST_APART = 3, 2


@dataclass(frozen=True, slots=True)
class Said:
    """One figure of both wijken."""

    label: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Nodes:
    """What is on the map of a study in a wijk."""

    url: str
    found: int
    per_1000: float | None
    complete: bool
    main: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """A wijk like this one; `nodes` is None where no loaded study holds it."""

    ref: AreaRef
    municipality: str
    alike: list[Said]
    apart: list[Said]
    nodes: Nodes | None


@dataclass(frozen=True, slots=True)
class SimilarPage:
    """The wijken, nearest first, the nodes of this one, and by which figures was sought."""

    rows: list[SimilarRow]
    nodes: Nodes | None
    sought_by: list[str]
    mapped: int


def compose(ref: AreaRef, *, count: int = COUNT) -> SimilarPage:
    """The nearest wijken of the newest division; an empty list where too little is known of this one."""
    found = queries.similar(ref, count=count)
    rows = [row for item in found if (row := _row(item)) is not None]
    alike = [item for item in load_catalogue().indicators.values() if item.alike and item.active]
    return SimilarPage(
        rows=rows,
        nodes=nodes_of(ref),
        sought_by=[item.name(language()) for item in alike],
        mapped=sum(row.nodes is not None for row in rows),
    )


def _row(item: Similar) -> SimilarRow | None:
    ref = queries.area(item.code)
    if ref is None:
        return None
    municipality = queries.area(ref.municipality_code) if ref.municipality_code else None
    told = _said(item.nearest(MOST_ALIKE)), _said(item.farthest(MOST_APART))
    return SimilarRow(ref, municipality.name if municipality else "", *told, nodes_of(ref))


def _said(reasons: Sequence[Reason]) -> list[Said]:
    catalogue = load_catalogue()
    units = {
        reason.indicator: _unit(catalogue.indicators[reason.indicator].of) for reason in reasons if reason.indicator in catalogue.indicators
    }
    return [
        Said(
            capital(indicator_label(reason.indicator)),
            value_text(reason.mine, units.get(reason.indicator, "")),
            value_text(reason.theirs, units.get(reason.indicator, "")),
        )
        for reason in reasons
    ]


def _unit(of: str) -> str:
    """A count that is a part of another is compared as a share of it."""
    return "percent" if of else ""


def nodes_of(ref: AreaRef) -> Nodes | None:
    """What is on the map of the study that holds an area; None where there is none, or where it was drawn anew since."""
    slug = queries.study_of(ref)
    area: AreaView | None = places.area(slug, ref.code, lang=language()) if slug else None
    if slug is None or area is None:
        return None
    return Nodes(
        url=reverse("area", args=[slug, ref.code]),
        found=area.nodes_found,
        per_1000=area.per_1000,
        complete=area.coverage_status == "covered",
        main=[(row.label, row.count) for row in sorted(area.counts, key=lambda row: -(row.count or 0)) if row.count][:MOST_ALIKE],
    )
