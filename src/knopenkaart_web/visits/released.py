# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading what was released: the only way in which a page gets at figures of who comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from knopenkaart_web.visits.models import Release, Round, SeriesPoint


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """Released figures of a place: the document as it was made, and who sees it since when."""

    id: str
    place_id: str
    round_id: str | None
    round_name: str
    starts: date | None
    ends: date | None
    made: datetime
    visible_from: date | None
    public: bool
    reply: str
    replied_at: datetime | None
    figures: Mapping[str, Any]

    @property
    def how(self) -> str:
        return str(self.figures.get("how", ""))


def of_place(slug: str, place_id: str, *, first_look: bool) -> list[ReleaseRow]:
    """The releases of the rounds of a place, the newest round first; with `first_look` also those that visitors do not see yet."""
    rows = _current(slug, first_look=first_look).filter(place_id=_key(place_id), round__isnull=False)
    return [_row(row) for row in rows.order_by("-round__ends", "-made")]


def rounds_per_place(slug: str) -> dict[str, list[ReleaseRow]]:
    """Per place the releases of all its rounds that everybody sees, the newest round first."""
    found: dict[str, list[ReleaseRow]] = {}
    for row in _current(slug, first_look=False).filter(round__isnull=False).order_by("-round__ends", "-made"):
        found.setdefault(str(row.place_id), []).append(_row(row))
    return found


def series_of_place(slug: str, place_id: str, *, first_look: bool) -> ReleaseRow | None:
    """The released series of a place, or None."""
    row = _current(slug, first_look=first_look).filter(place_id=_key(place_id), round__isnull=True).order_by("-made").first()
    return _row(row) if row else None


def latest_per_place(slug: str, *, first_look: bool = False) -> dict[str, ReleaseRow]:
    """Per place the release of its last round, as everybody sees it, or with `first_look` as editors do."""
    rows = _current(slug, first_look=first_look).filter(round__isnull=False).order_by("round__ends", "made")
    return {str(row.place_id): _row(row) for row in rows}


def current(slug: str) -> dict[str, str]:
    """Per place the number of the release that `latest_per_place` gives, without its figures."""
    rows = _current(slug, first_look=False).filter(round__isnull=False).order_by("round__ends", "made").values_list("place_id", "pk")
    return {str(place): str(release) for place, release in rows}


def numbers(slug: str) -> list[str]:
    """The numbers of all releases that everybody sees, of rounds and of series: others as soon as one comes or is taken back."""
    return [str(key) for key in _current(slug, first_look=False).order_by("pk").values_list("pk", flat=True)]


def of_ids(slug: str, ids: Iterable[str]) -> list[ReleaseRow]:
    """Some releases of rounds, of which only those that everybody sees still."""
    wanted = [_key(item) for item in ids]
    return [_row(row) for row in _current(slug, first_look=False).filter(pk__in=wanted)] if wanted else []


def taken_back(slug: str, used: Mapping[str, str]) -> frozenset[str]:
    """Of places with the release that was used of each, those of which nobody may see that one any more."""
    seen = _current(slug, first_look=False).filter(pk__in=[_key(release) for release in used.values()]).values_list("pk", flat=True)
    visible = {str(release) for release in seen} if used else set()
    return frozenset(place for place, release in used.items() if release not in visible)


def exact_of_round(round_id: str) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """What all releases of a round were made of and showed, oldest first: for deciding on the next one only, never to be shown."""
    rows = Release.objects.filter(round_id=_key(round_id)).order_by("made")
    return [(row.counts, row.figures) for row in rows]


def periods_released(place_ids: Iterable[str], *, but: str) -> list[tuple[date, date]]:
    """The periods of all rounds of some places of which figures were ever shown, taken back or not, but for one round."""
    rounds = Round.objects.filter(place_id__in=[_key(place) for place in place_ids], releases__isnull=False).exclude(pk=_key(but))
    return [(row.starts, row.ends) for row in rounds.distinct()]


def series_shown(place_id: str) -> list[Mapping[str, Any]]:
    """Every document of the series of a place that was ever shown, taken back or not, oldest first."""
    return [row.figures for row in Release.objects.filter(place_id=_key(place_id), round=None).order_by("made")]


def closed_without_figures() -> list[tuple[str, str, datetime]]:
    """Rounds of all studies that were closed, and of which no figures were released since: study, round, and when it was closed."""
    since = Release.objects.filter(round=OuterRef("pk"), made__gte=OuterRef("closed")).exclude(state="withdrawn")
    rows = Round.objects.filter(state="closed", closed__isnull=False).exclude(Exists(since)).select_related("place__study")
    return [(row.place.study.slug, str(row.pk), row.closed) for row in rows if row.closed is not None]


def series_state(place_id: str) -> dict[str, Any]:
    """By what a series is known to be another than it was: how many periods, the last one that was stored, and how many visits in all."""
    found = SeriesPoint.objects.filter(place_id=_key(place_id)).aggregate(number=Count("pk"), last=Max("pk"), visits=Sum("visits"))
    return {name: value or 0 for name, value in found.items()}


def series_without_figures() -> list[tuple[str, str, dict[str, Any]]]:
    """Places of all studies with a series that is another than the one that was released: study, place, state."""
    rows = SeriesPoint.objects.filter(place__merged_into=None, place__removed=False).values("place__study__slug", "place_id")
    found = rows.annotate(number=Count("pk"), last=Max("pk"), visits=Sum("visits")).order_by("place_id")
    out = {row.place_id: row.counts for row in Release.objects.filter(round=None).exclude(state="withdrawn")}
    states = [(row, {"number": row["number"], "last": row["last"], "visits": row["visits"] or 0}) for row in found]
    return [(row["place__study__slug"], str(row["place_id"]), state) for row, state in states if out.get(row["place_id"]) != state]


def _current(slug: str, *, first_look: bool) -> QuerySet[Release]:
    seen = Q(state="public") | Q(state="preview", visible_from__lte=timezone.localdate())
    rows = Release.objects.filter(place__study__slug=slug, place__merged_into=None, place__removed=False).select_related("round")
    return rows.exclude(state="withdrawn") if first_look else rows.filter(seen, place__confidential=False)


def _row(row: Release) -> ReleaseRow:
    today = timezone.localdate()
    return ReleaseRow(
        id=str(row.pk),
        place_id=str(row.place_id),
        round_id=str(row.round_id) if row.round_id else None,
        round_name=row.round.name if row.round else "",
        starts=row.round.starts if row.round else None,
        ends=row.round.ends if row.round else None,
        made=row.made,
        visible_from=row.visible_from,
        public=row.state == "public" or (row.state == "preview" and row.visible_from is not None and row.visible_from <= today),
        reply=row.reply,
        replied_at=row.replied_at,
        figures=row.figures,
    )


def _key(identifier: str) -> UUID:
    """The identifier, or one that nothing has for what is none."""
    try:
        return UUID(str(identifier))
    except ValueError:
        return UUID(int=0)
