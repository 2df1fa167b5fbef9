# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bringing in counts from a sheet as a round of its own, and series of counters; and taking back what one file brought."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath

from knopenkaart.errors import InputError
from knopenkaart.vocabulary import EVERYBODY
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.places import words
from knopenkaart_web.places.actions import figures
from knopenkaart_web.places.models import FigureFile, Place
from knopenkaart_web.places.noting import noting
from knopenkaart_web.visits import groups
from knopenkaart_web.visits.actions.rounds import refuse_released
from knopenkaart_web.visits.models import Round, SeriesPoint, Session, SessionCount

# (day, daypart, door) -> [(group, people, part of the daypart)]
Counted = Mapping[tuple[str, str, str], Sequence[tuple[str, int, float]]]


def bring_in_counts(actor: Actor, slug: str, place_id: object, file_id: object) -> dict[str, int]:
    """Make a round of the counts of a file; gives how many sessions were added, and how many were there from another file.

    A count of the same day, daypart and door that an earlier file brought stays as it is. Raises InputError (`figures.nothing`,
    `figures.groups`), UnknownError.
    """
    with noting(actor, slug, place_id) as note:
        row = figures.read_file_of(note, file_id, "counts")
        assert note.place is not None  # noqa: S101 -- counts are of one place
        counted = _sessions(row)
        known = Session.objects.filter(round__place=note.place, source="import").values_list("date", "slot", "door")
        there = {(day.isoformat(), slot, door) for day, slot, door in known}
        new = {key: lines for key, lines in counted.items() if key not in there}
        if not new:
            raise InputError("There is nothing new in this file.", code="figures.nothing")
        made = _round(row, note.place, new, actor, allowed=groups.allowed(note.study.pk))
        for (day, slot, door), lines in sorted(new.items()):
            _session(made, day, slot, door, lines)
        figures.settle(row, "in", {"round": str(made.pk), "sessions": len(new)})
        told = {"added": len(new), "there": len(counted) - len(new)}
        note.log("bring_in_counts", object_type="figure_file", object_id=row.pk, after={"round": str(made.pk), **told})
    return told


def take_back_counts(actor: Actor, slug: str, place_id: object, file_id: object) -> None:
    """Take back the round that a file brought. Raises InputError (`round.released`) where its figures were released, UnknownError."""
    with noting(actor, slug, place_id) as note:
        row = figures.brought_file(note, file_id, "counts")
        made = Round.objects.select_for_update().filter(pk=row.brought["round"], place=note.place).first()
        if made is not None:
            refuse_released(made)
            made.sessions.filter(source="import").delete()
            if not (made.sessions.exists() or made.links.exists() or made.releases.exists()):
                made.delete()
        figures.settle(row, "undone", {})
        note.log("take_back_counts", object_type="figure_file", object_id=row.pk)


def bring_in_series(actor: Actor, slug: str, place_id: object | None, file_id: object) -> dict[str, int]:
    """Add the periods of a series that are not there yet; gives how many, and how many were. What is there stays as it is.

    Raises InputError (`figures.nothing`), UnknownError.
    """
    with noting(actor, slug, place_id, figures.wanted(place_id)) as note:
        row = figures.read_file_of(note, file_id, "series")
        present = Place.objects.filter(study=note.study, merged_into=None, removed=False)
        mine = {str(pk) for pk in present.filter(**({"pk": note.place.pk} if note.place else {})).values_list("pk", flat=True)}
        lines = [line for line in row.found["rows"] if line[0] in mine]
        known = SeriesPoint.objects.filter(place_id__in={line[0] for line in lines}).values_list("place_id", "start")
        there = {(str(key), start.isoformat()) for key, start in known}
        new = [line for line in lines if (line[0], line[1]) not in there]
        if not new:
            raise InputError("There is nothing new in this file.", code="figures.nothing")
        SeriesPoint.objects.bulk_create(
            SeriesPoint(
                place_id=key, start=date.fromisoformat(start), grain=grain, visits=visits, source=row.filename, import_ref=str(row.pk)
            )
            for key, start, grain, visits in new
        )
        told = {"added": len(new), "there": len(lines) - len(new)}
        figures.settle(row, "in", {"points": len(new)})
        note.log("bring_in_series", object_type="figure_file", object_id=row.pk, after=told)
    return told


def take_back_series(actor: Actor, slug: str, place_id: object | None, file_id: object) -> None:
    """Take back the periods that a file brought."""
    with noting(actor, slug, place_id, figures.wanted(place_id)) as note:
        row = figures.brought_file(note, file_id, "series")
        SeriesPoint.objects.filter(import_ref=str(row.pk), place__study=note.study).delete()
        figures.settle(row, "undone", {})
        note.log("take_back_series", object_type="figure_file", object_id=row.pk)


def _sessions(row: FigureFile) -> Counted:
    found: dict[tuple[str, str, str], list[tuple[str, int, float]]] = defaultdict(list)
    for day, slot, door, group, people, exposure in row.found["rows"]:
        found[day, slot, door[:60]].append((group, people, exposure))
    return found


def _round(row: FigureFile, place: Place, counted: Counted, actor: Actor, *, allowed: Mapping[str, Sequence[str]]) -> Round:
    """A round for what one file brought, to be looked at and closed like any other."""
    told = {group for lines in counted.values() for group, _, _ in lines} - {groups.UNKNOWN, EVERYBODY}
    dimensions = {words.vocabulary().groups[group].dimension for group in told}
    dimension = next(iter(dimensions), "")
    if len(dimensions) > 1 or not told <= set(allowed.get(dimension, ())):
        raise InputError("These groups may not be counted here.", code="figures.groups")
    order = [slot.id for slot in words.vocabulary().week()]
    days = sorted(day for day, _, _ in counted)
    return Round.objects.create(
        place=place,
        name=PurePath(row.filename).stem.replace("_", " ")[:100],
        starts=days[0],
        ends=days[-1],
        slots=sorted({slot for _, slot, _ in counted}, key=order.index),
        schedule=[list(pair) for pair in sorted({(day, slot) for day, slot, _ in counted})],
        dimension=dimension,
        groups=[group for group in allowed.get(dimension, ()) if dimension],
        how=row.how,
        doors=sorted({door for _, _, door in counted if door}),
        created_by=actor if getattr(actor, "is_authenticated", False) else None,
    )


def _session(made: Round, day: str, slot: str, door: str, lines: Sequence[tuple[str, int, float]]) -> None:
    session = Session.objects.create(
        # The same count of the same round has the same number, whoever brings it in again.
        id=uuid.uuid5(made.pk, "/".join((day, slot, door))),
        round=made,
        date=date.fromisoformat(day),
        slot=slot,
        door=door,
        exposure=lines[0][2],
        source="import",
        state="closed",
    )
    SessionCount.objects.bulk_create(SessionCount(session=session, group=group, people=people) for group, people, _ in lines)
