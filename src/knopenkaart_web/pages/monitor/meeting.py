# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The theme of meeting: what this installation itself knows of an area of a loaded study, as it is shown elsewhere already."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from knopenkaart.monitor.estimates import NO_MARGIN
from knopenkaart.monitor.records import Value
from knopenkaart_web.monitor.views_data import AreaRef, SourceView
from knopenkaart_web.pages.visits.figures import VisitFigures, visit_figures
from knopenkaart_web.places import queries as places
from knopenkaart_web.places.views_data import AreaView, PlaceFilter, StudyView
from knopenkaart_web.reach import areas as reach
from knopenkaart_web.reach.views_data import AreaReach
from knopenkaart_web.reach.words import ANY
from knopenkaart_web.visits import released
from knopenkaart_web.visits.released import ReleaseRow

NODES, REACHED, VISITS, FAMILIAR = "meeting_nodes_per_1000", "meeting_within_reach", "meeting_visits_per_1000", "meeting_familiar"
INVENTORY, WALKS, COUNTS, CARDS = "own_inventory", "own_reach", "own_visits", "own_cards"
# What the catalogue says that the share within reach is of.
MINUTES = 10
_PER = 1000


@dataclass(frozen=True, slots=True)
class Seen:
    """On how much a figure rests: so many of so many places; where it is not complete the true figure may be another."""

    places: int
    of: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """The figures of the theme, what each rests on, and where they come from."""

    values: tuple[Value, ...] = ()
    seen: Mapping[str, Seen] = field(default_factory=dict)
    sources: Mapping[str, SourceView] = field(default_factory=dict)


NOTHING = Meeting()


def meeting(slug: str | None, ref: AreaRef, *, lang: str) -> Meeting:
    """What is known of meeting in an area of a loaded study; nothing where the area is in none."""
    study = places.study(slug) if slug else None
    area = places.area(slug, ref.code, lang=lang) if slug and study else None
    if slug is None or study is None or area is None:
        return NOTHING
    counted = _Counted(
        latest=released.latest_per_place(slug),
        figures=visit_figures(slug, first_look=False),
        inside=[place.id for place in places.export_places(slug, PlaceFilter(area=(ref.code,)))],
    )
    found = [
        _nodes(area, study),
        _within_reach(reach.area(slug, ref.code, lang=lang), area),
        _visits(counted, area, study),
        _familiar(counted, area, study),
    ]
    return Meeting(
        values=tuple(_whole_only(value, seen) for value, seen in found),
        seen={value.indicator: seen for value, seen in found if seen is not None},
        sources=sources_of(study),
    )


def _whole_only(value: Value, seen: Seen | None) -> Value:
    """A figure of a part of the places, or of ground that is not covered, has no margin: nothing is concluded from it. Nor from visits of
    which a bound is hidden: people of the area are not what they vary with."""
    sure = seen is None or (seen.complete and (value.indicator != VISITS or value.low is not None))
    return value if value.value is None or sure else replace(value, low=None, high=None, reason=NO_MARGIN)


def values(slug: str | None, ref: AreaRef, *, lang: str) -> list[Value]:
    """The figures of the theme alone."""
    return list(meeting(slug, ref, lang=lang).values)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was released of the places of a study, and which of them lie in the area."""

    latest: Mapping[str, ReleaseRow]
    figures: Mapping[str, VisitFigures]
    inside: Iterable[str]


def _value(indicator: str, unit: str, source: str, year: int, **known: Any) -> Value:
    return Value(indicator=indicator, year=year, value=known.pop("value", None), unit=unit, source=source, nature="own", **known)


def _nodes(area: AreaView, study: StudyView) -> tuple[Value, Seen | None]:
    """Nodes per 1,000 inhabitants; none where the sources do not cover the area: too few would seem few."""
    year = (study.osm_date or study.built_at or timezone.localdate()).year
    if area.per_1000 is None:
        reason = "not_covered" if area.nodes is None else "few_people"
        return _value(NODES, "per_1000", INVENTORY, year, reason=reason), None
    seen = Seen(area.nodes_found, area.nodes_found, area.coverage_status == "covered")
    return _value(NODES, "per_1000", INVENTORY, year, value=area.per_1000, n=area.population), seen


def _within_reach(found: AreaReach | None, area: AreaView) -> tuple[Value, Seen | None]:
    """The share of the residents with a node within ten minutes on foot; what only words tell of is hidden."""
    if found is None:
        return _value(REACHED, "percent", WALKS, area.year, reason="not_reckoned"), None
    year = found.about.day.year
    row = next((row for row in found.what if row.what == ANY), None)
    at = found.about.minutes.index(MINUTES) if MINUTES in found.about.minutes else None
    share = row.shares[at] if row is not None and at is not None else None
    if row is None or not isinstance(share, float):
        return _value(REACHED, "percent", WALKS, year, reason="hidden" if isinstance(share, str) else "not_reckoned"), None
    people = found.placed.placed if found.placed else None
    seen = Seen(area.nodes_found, area.nodes_found, row.complete)
    return _value(REACHED, "percent", WALKS, year, value=round(100 * share, 1), n=people), seen


def _visits(counted: _Counted, area: AreaView, study: StudyView) -> tuple[Value, Seen | None]:
    """Counted visits a week per 1,000 inhabitants. While some places were not counted it is a least, and carries no margin."""
    rows = [(place, counted.figures[place].visits) for place in counted.inside if place in counted.figures]
    found = [(place, visits) for place, visits in rows if visits is not None]
    year = _year(counted, [place for place, _visits in found], study)
    if not found or not area.population or area.per_1000 is None:
        return _value(VISITS, "per_1000", COUNTS, year, reason="few_people" if found else "not_counted"), None
    seen = Seen(len(found), max(area.nodes_found, len(found)), len(found) >= area.nodes_found and area.nodes is not None)
    total = sum(visits.value for _place, visits in found)
    low = high = None
    if all(visits.high is not None and visits.low is not None for _place, visits in found):
        low = _per_1000(max(0.0, total - _root([visits.value - (visits.low or 0.0) for _place, visits in found])), area)
        high = _per_1000(total + _root([(visits.high or 0.0) - visits.value for _place, visits in found]), area)
    value = _per_1000(total, area)
    return _value(VISITS, "per_1000", COUNTS, year, value=value, low=low, high=high, n=area.population), seen


def _familiar(counted: _Counted, area: AreaView, study: StudyView) -> tuple[Value, Seen | None]:
    """The share of the visitors who filled in a card and recognise somebody, each place by its cards."""
    found: list[tuple[str, float, int]] = []
    asked = False
    for place in counted.inside:
        answer = counted.figures[place].answers.get("recognise") if place in counted.figures else None
        told = (counted.latest[place].figures.get("cards") or {}) if place in counted.latest else {}
        cards = told.get("cards")
        asked = asked or bool((told.get("questions") or {}).get("recognise"))
        if answer is not None and cards:
            found.append((place, answer.estimate.value, cards))
    year = _year(counted, [place for place, _share, _cards in found], study)
    if not found:
        # Of what was asked and answered by few nothing may follow.
        return _value(FAMILIAR, "percent", CARDS, year, reason="hidden" if asked else "not_asked"), None
    cards = sum(item[2] for item in found)
    share = sum(item[1] * item[2] for item in found) / cards
    seen = Seen(len(found), max(area.nodes_found, len(found)), len(found) >= area.nodes_found and area.nodes is not None)
    return _value(FAMILIAR, "percent", CARDS, year, value=round(100 * share, 1), n=float(cards)), seen


def _year(counted: _Counted, found: Iterable[str], study: StudyView) -> int:
    ends = [row.ends or row.made.date() for place in found if (row := counted.latest.get(place)) is not None]
    return max(ends).year if ends else (study.built_at or study.osm_date or timezone.localdate()).year


def _root(parts: Iterable[float]) -> float:
    """Margins of counts that are independent, together."""
    return math.sqrt(sum(part * part for part in parts))


def _per_1000(visits: float, area: AreaView) -> float:
    return round(_PER * visits / (area.population or 1), 1)


def sources_of(study: StudyView) -> dict[str, SourceView]:
    """What this installation itself knows of a study, as sources of figures."""
    made = study.built_at.date() if study.built_at else study.osm_date
    titles = {
        INVENTORY: (_("Social node map: the places"), "about"),
        WALKS: (_("Social node map: who can walk where"), "reach"),
        COUNTS: (_("Social node map: counted visits"), "visits"),
        CARDS: (_("Social node map: cards of visitors"), "visits"),
    }
    return {
        name: SourceView(id=name, title=title, date=made, licence="", attribution="", url=reverse(url, args=[study.slug]), own=study.slug)
        for name, (title, url) in titles.items()
    }
