# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Wijken over the country with a profile like this one, why they are alike, and what nodes they have where somebody mapped them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from knopenkaart.monitor.estimates import Estimate, estimate
from knopenkaart.monitor.records import AreaValues
from knopenkaart.monitor.similar import Reason, Similar
from knopenkaart.vocabulary.catalogue import load_catalogue
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.views_data import AreaRef, SourceView
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor.indicators import needed
from knopenkaart_web.pages.monitor.profile import used_sources
from knopenkaart_web.pages.monitor.words import indicator_label, nature_label, value_text
from knopenkaart_web.pages.written import capital
from knopenkaart_web.places import queries as places
from knopenkaart_web.places.views_data import AreaView

COUNT = 10
MOST_ALIKE, MOST_APART = 3, 2


@dataclass(frozen=True, slots=True)
class Said:
    """One figure of both wijken; `estimates` are theirs and mine with what they rest on."""

    label: str
    mine: str
    theirs: str
    estimates: tuple[Estimate, ...] = ()

    @property
    def rests_on(self) -> str:
        """The years of both figures, and what kind they are."""
        years = dict.fromkeys(str(item.year) for item in self.estimates if item.year)
        natures = dict.fromkeys(nature_label(item.nature) for item in self.estimates if item.value is not None)
        return ", ".join([*years, *natures])


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
    """The wijken, nearest first, the nodes of this one, and by which figures was sought. `alone`: no wijk elsewhere is loaded."""

    rows: list[SimilarRow]
    nodes: Nodes | None
    sought_by: list[str]
    mapped: int
    sources: tuple[SourceView, ...] = ()
    alone: bool = False

    @property
    def rests_on(self) -> str:
        """The years and kind of all figures, where these are the same."""
        found = {said.rests_on for row in self.rows for said in (*row.alike, *row.apart)}
        return next(iter(found)) if len(found) == 1 else ""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest wijken, and the figures of these and of this one."""

    items: list[Similar]
    refs: Mapping[str, AreaRef]
    values: Mapping[str, AreaValues]

    def estimate(self, code: str, indicator: str) -> Estimate | None:
        """A figure of one of the wijken, with what it rests on."""
        known, area = load_catalogue().indicators.get(indicator), self.values.get(code)
        return estimate(area, known) if known is not None and area is not None else None


def nearest(ref: AreaRef, *, count: int = COUNT) -> Nearest:
    """The nearest wijken of the newest division; none where too little is known of this one."""
    items = queries.similar(ref, count=count)
    refs = {ref.code: ref} | {item.code: found for item in items if (found := queries.area(item.code)) is not None}
    known = load_catalogue().indicators
    wanted = {name for item in items for reason in item.reasons if reason.indicator in known for name in needed(known[reason.indicator])}
    return Nearest([item for item in items if item.code in refs], refs, queries.values(refs.values(), indicators=wanted))


def compose(ref: AreaRef, *, count: int = COUNT) -> SimilarPage:
    """The nearest wijken, and what they are alike in; an empty list where too little is known of this one."""
    found = nearest(ref, count=count)
    rows = [_row(item, ref, found) for item in found.items]
    used = [one for row in rows for said in (*row.alike, *row.apart) for one in said.estimates]
    # What is not loaded, or is the same everywhere, was not sought by.
    sought = {reason.indicator for item in found.items for reason in item.reasons}
    return SimilarPage(
        rows=rows,
        nodes=nodes_of(ref),
        sought_by=[item.name(language()) for name, item in load_catalogue().indicators.items() if name in sought],
        mapped=sum(row.nodes is not None for row in rows),
        sources=used_sources(used, queries.sources()),
        alone=not rows and _is_alone(),
    )


def _is_alone() -> bool:
    """Whether the figures are of one municipality: then there is nothing elsewhere to be like."""
    edition = queries.edition()
    return edition is not None and edition.areas.get("municipality", 0) < 2


def _row(item: Similar, mine: AreaRef, found: Nearest) -> SimilarRow:
    ref = found.refs[item.code]
    municipality = queries.area(ref.municipality_code) if ref.municipality_code else None
    told = _said(item.nearest(MOST_ALIKE), mine, ref, found), _said(item.farthest(MOST_APART), mine, ref, found)
    return SimilarRow(ref, municipality.name if municipality else "", *told, nodes_of(ref))


def _said(reasons: Sequence[Reason], mine: AreaRef, ref: AreaRef, found: Nearest) -> list[Said]:
    catalogue = load_catalogue()
    units = {
        reason.indicator: _unit(catalogue.indicators[reason.indicator].of) for reason in reasons if reason.indicator in catalogue.indicators
    }
    return [
        Said(
            capital(indicator_label(reason.indicator)),
            value_text(reason.mine, units.get(reason.indicator, "")),
            value_text(reason.theirs, units.get(reason.indicator, "")),
            tuple(one for code in (ref.code, mine.code) if (one := found.estimate(code, reason.indicator)) is not None),
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
