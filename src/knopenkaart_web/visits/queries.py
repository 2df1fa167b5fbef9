# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading rounds, links, progress, what was counted, series and releases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from knopenkaart_web.places.models import Study
from knopenkaart_web.visits import groups, weeks
from knopenkaart_web.visits.models import Link, Round, SeriesPoint, Session, SessionCount, digest
from knopenkaart_web.visits.observing import Kind
from knopenkaart_web.visits.views_data import (
    CountRow,
    Entrance,
    LinkView,
    ObservationRow,
    RoundView,
    SeriesRow,
    SessionView,
    SlotProgress,
)

_OF_A_LINK = (
    "purpose", "expires", "round__name", "round__starts", "round__ends", "round__slots", "round__schedule", "round__dimension",
    "round__groups", "round__how", "round__doors", "round__margin", "round__expected", "round__state", "round__place__name",
    "round__place__study__slug", "round__place__study__name",
)  # fmt: skip


def rounds(slug: str, place_id: object) -> list[RoundView]:
    """The rounds of a place, newest first."""
    found = (
        Round.objects.filter(place__study__slug=slug, place_id=_uuid(place_id))
        .select_related("place__study")
        .order_by("-starts", "-created")
    )
    return [round_view(row) for row in found]


def round_of(slug: str, round_id: object) -> RoundView | None:
    """A round of a study, or None."""
    row = Round.objects.filter(place__study__slug=slug, pk=_uuid(round_id)).select_related("place__study").first()
    return None if row is None else round_view(row)


def round_view(row: Round, *, brief: bool = False) -> RoundView:
    """A round as others see it; in brief without what is planned and whether it was released."""
    schedule = tuple((date.fromisoformat(day), str(slot)) for day, slot in row.schedule)
    return RoundView(
        id=str(row.pk),
        slug=row.place.study.slug,
        place_id=str(row.place_id),
        name=row.name,
        starts=row.starts,
        ends=row.ends,
        slots=tuple(row.slots),
        schedule=schedule,
        planned={} if brief else weeks.planned(row.starts, row.ends, row.slots, schedule),
        dimension=row.dimension,
        groups=groups.counted(row.dimension, row.groups),
        how=row.how,
        doors=tuple(row.doors),
        margin=row.margin,
        expected=row.expected,
        state=row.state,
        released=not brief and row.state == "closed" and row.releases.exclude(state="withdrawn").exists(),
    )


def dimensions(slug: str) -> Mapping[str, Sequence[str]]:
    """By what visitors of a study may be told apart when counted."""
    study = Study.objects.filter(slug=slug).values_list("pk", flat=True).first()
    return {} if study is None else groups.allowed(study)


def entrance(secret: str) -> Entrance | None:
    """What the secret of a link opens; None where there is no such link, or it was revoked or has expired.

    Every snapshot of every phone asks this: it reads what it needs and no more.
    """
    found = Link.objects.filter(digest=digest(secret), revoked=None, round__place__removed=False, round__place__merged_into=None)
    row = found.select_related("round__place__study").only(*_OF_A_LINK).first()
    if row is None or row.expires < timezone.localdate():
        return None
    place = row.round.place
    return Entrance(str(row.pk), row.purpose, round_view(row.round, brief=True), place.name or "", place.study.name)


def links(slug: str, round_id: object) -> list[LinkView]:
    """The links of a round without their secrets, newest first."""
    found = Link.objects.filter(round_id=_uuid(round_id), round__place__study__slug=slug).annotate(number=Count("sessions"))
    today = timezone.localdate()
    return [
        LinkView(str(row.pk), row.purpose, row.name, row.expires, row.made, row.revoked is None and row.expires >= today, row.number)
        for row in found.order_by("-made")
    ]


def progress(slug: str, round_id: object) -> list[SlotProgress]:
    """How often each daypart was counted (at every door) of how often it should be; nothing of what was counted."""
    view = round_of(slug, round_id)
    if view is None:
        return []
    doors: dict[tuple[str, date], set[str]] = defaultdict(set)
    for slot, day, door in _counting(view.id).filter(state="closed").values_list("slot", "date", "door"):
        doors[slot, day].add(door)
    wanted = set(view.doors)
    done = [slot for (slot, _), found in doors.items() if wanted <= found]
    return [SlotProgress(slot, done.count(slot), number) for slot, number in view.planned.items()]


def sessions(slug: str, round_id: object) -> list[SessionView]:
    """The sessions of a round without what was counted, in the order of the days."""
    found = Session.objects.filter(round_id=_uuid(round_id), round__place__study__slug=slug).select_related("link")
    return [_session(row) for row in found.order_by("date", "started", "door", "pk")]


def doubles(sessions_of_round: Sequence[SessionView]) -> list[tuple[SessionView, SessionView]]:
    """Pairs of sessions that may have counted the same people: same day, daypart and door, at overlapping times."""
    same: dict[tuple[date, str, str], list[SessionView]] = defaultdict(list)
    for item in sessions_of_round:
        if not item.left_out and item.mode == "count":
            same[item.date, item.slot, item.door].append(item)
    return [pair for items in same.values() for pair in combinations(items, 2) if _overlap(*pair)]


def _overlap(one: SessionView, other: SessionView) -> bool:
    """Whether two sessions were busy at the same time; one without times was busy all the time."""
    if one.started is None or other.started is None:
        return True
    return one.started < _until(other) and other.started < _until(one)


def _until(item: SessionView) -> datetime:
    """When a session ended, as far as anybody knows; a minute at least."""
    end = item.ended or item.seen or item.started
    return max(end, item.started + timedelta(minutes=1)) if end and item.started else timezone.now()


def _session(row: Session) -> SessionView:
    return SessionView(
        id=str(row.pk),
        date=row.date,
        slot=row.slot,
        door=row.door,
        started=row.started,
        ended=row.ended,
        seen=row.seen,
        weather=row.weather,
        remark=row.remark,
        source=row.source,
        mode=row.mode,
        state=row.state,
        left_out=row.left_out,
        link=row.link.name if row.link else "",
    )


def counts_of(slug: str, round_id: object) -> list[CountRow]:
    """What was counted in a round, as the engine's table of counts: sessions that ended and were not left out."""
    rows = SessionCount.objects.filter(session__in=_counting(round_id).filter(state="closed", round__place__study__slug=slug))
    return [
        CountRow(
            str(row.session.round.place_id),
            str(row.session_id),
            row.session.date,
            row.session.slot,
            row.group,
            row.people,
            row.session.exposure,
            row.session.round.how,
        )
        for row in rows.select_related("session__round").order_by("session__date", "session__slot", "session_id", "pk")
    ]


def sheet(slug: str, round_id: object, door: str, day_from: date, day_to: date) -> dict[tuple[date, str], dict[str, int]]:
    """What was entered from paper for one door between two days: (day, daypart) -> {group: people}. For the entry screen only."""
    rows = SessionCount.objects.filter(
        session__in=_counting(round_id).filter(source="paper", door=door, date__range=(day_from, day_to), round__place__study__slug=slug)
    )
    result: dict[tuple[date, str], dict[str, int]] = defaultdict(dict)
    for row in rows.select_related("session"):
        result[row.session.date, row.session.slot][row.group] = row.people
    return dict(result)


def observations_of(slug: str, round_id: object) -> list[ObservationRow]:
    """What observers saw in a round, in sessions that ended and were not left out; not to be shown as it is."""
    found = Session.objects.filter(round_id=_uuid(round_id), round__place__study__slug=slug, mode="observe", state="closed", left_out=False)
    return [
        ObservationRow(
            str(row.pk),
            row.date,
            row.slot,
            row.door,
            seen.posture,
            seen.activity,
            seen.group_size,
            seen.age_group,
            seen.number,
            row.started,
            row.ended,
            row.weather,
        )
        for row in found.prefetch_related("observations").order_by("date", "slot", "pk")
        for seen in row.observations.all()
    ]


def observed(slug: str, round_id: object) -> dict[Kind, int] | None:
    """What observers saw in a round as it may be told; None where it was never closed."""
    row = Round.objects.filter(place__study__slug=slug, pk=_uuid(round_id)).values_list("observed", flat=True).first()
    return None if row is None else {(str(line[0]), str(line[1]), str(line[2]), str(line[3])): int(line[4]) for line in row}


def series_of(slug: str, place_id: object | None = None) -> list[SeriesRow]:
    """The imported series of a place, or of all places of a study, as the engine's table of series."""
    found = SeriesPoint.objects.filter(place__study__slug=slug)
    if place_id is not None:
        found = found.filter(place_id=_uuid(place_id))
    return [SeriesRow(str(row.place_id), row.start, row.grain, row.visits) for row in found.order_by("place_id", "start")]


def _counting(round_id: object) -> QuerySet[Session]:
    return Session.objects.filter(round_id=_uuid(round_id), mode="count", left_out=False)


def _uuid(text: object) -> UUID:
    """The identifier; for what is none one that nothing has."""
    try:
        return text if isinstance(text, UUID) else UUID(str(text))
    except ValueError:
        return UUID(int=0)
