# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a coordinator does to counts: end one that nobody ended, leave one out, and enter what was counted on paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from knopenkaart.errors import Fault, InputError
from knopenkaart_web.accounts.permissions import Actor, allowed
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.noting import Note, noting
from knopenkaart_web.visits import groups, weeks
from knopenkaart_web.visits.actions.rounds import locked_round, refuse_released
from knopenkaart_web.visits.models import MOST_PEOPLE, Round, Session, SessionCount

# What was on a sheet: (day, daypart) -> {group: people}; nothing for a line that is empty.
Sheet = Mapping[tuple[date, str], Mapping[str, int]]
MINUTE = timedelta(minutes=1)


def end_session(actor: Actor, slug: str, place_id: object, session_id: object) -> None:
    """End a count that nobody ended, at the last moment at which somebody pressed a button. Its phone may still send more."""
    with noting(actor, slug, place_id) as note:
        row = _session(actor, note, session_id)
        if row.state != "open":
            raise InputError("This count has ended already.", code="session.ended")
        row.ended = max(filter(None, (row.seen, row.started)), default=None)
        row.state, row.exposure = "closed", weeks.exposure(row.slot, row.started, row.ended, row.round.how)
        row.save(update_fields=["ended", "state", "exposure"])
        note.log("end_count", object_type="session", object_id=row.pk, before={"state": "open"}, after={"state": "closed"})


def leave_out(actor: Actor, slug: str, place_id: object, session_id: object, reason: str) -> None:
    """Let a count not count, because somebody else counted the same people, or because it was a trial."""
    if not reason.strip():
        raise InputError("Say why.", code="reason.absent", faults=[Fault("reason.absent", "say why", column="reason")])
    _mark(actor, slug, place_id, session_id, left_out=True, reason=reason)


def take_back(actor: Actor, slug: str, place_id: object, session_id: object) -> None:
    """Let a count that was left out count again."""
    _mark(actor, slug, place_id, session_id, left_out=False, reason="")


def enter_sheet(actor: Actor, slug: str, place_id: object, round_id: object, door: str, sheet: Sheet) -> int:
    """Store what a sheet of paper of one door says, a count per line that is filled in; gives how many.

    A line that was entered before is replaced, and removed where it is empty now. Raises InputError (`sheet.invalid`) with all faults.
    """
    with noting(actor, slug, place_id) as note:
        row = locked_round(note, round_id)
        _refuse_closed(actor, note, row)
        _check(row, door, sheet)
        for (day, slot), people in sheet.items():
            _enter_line(row, door, day, slot, people)
        filled = sum(1 for people in sheet.values() if people)
        Round.objects.filter(pk=row.pk, state="planned").update(state="counting")
        note.log("enter_sheet", object_type="round", object_id=row.pk, after={"door": door, "counts": filled})
    return filled


def _enter_line(row: Round, door: str, day: date, slot: str, people: Mapping[str, int]) -> None:
    old = row.sessions.filter(source="paper", date=day, slot=slot, door=door)
    if not people:
        old.delete()
        return
    session = old.first() or Session.objects.create(round=row, date=day, slot=slot, door=door, source="paper", state="closed")
    names = groups.counted(row.dimension, row.groups)
    counts = [SessionCount(session=session, group=name, people=people.get(name, 0)) for name in names]
    SessionCount.objects.bulk_create(counts, update_conflicts=True, update_fields=["people"], unique_fields=["session", "group"])


def _check(row: Round, door: str, sheet: Sheet) -> None:
    names = groups.counted(row.dimension, row.groups)
    faults = [] if door in (row.doors or [""]) else [Fault("snapshot.door", "not a door of the round", column="door")]
    for (day, slot), people in sheet.items():
        where = f"{day.isoformat()} {slot}"
        if slot not in row.slots or not row.starts <= day <= row.ends or not weeks.falls_on(slot, day):
            faults.append(Fault("snapshot.slot", "not a daypart of the round", column=where))
        faults += [Fault("snapshot.group", "not a group of the round", column=where, value=name) for name in people if name not in names]
        wrong = [name for name, number in people.items() if not 0 <= number <= MOST_PEOPLE]
        faults += [Fault("snapshot.number", f"a number from 0 to {MOST_PEOPLE}", column=where, value=name) for name in wrong]
    if faults:
        raise InputError("This sheet cannot be stored.", code="sheet.invalid", faults=faults)


def _mark(actor: Actor, slug: str, place_id: object, session_id: object, *, left_out: bool, reason: str) -> None:
    with noting(actor, slug, place_id) as note:
        row = _session(actor, note, session_id)
        if row.left_out == left_out:
            raise InputError("This was done already.", code="session.same")
        row.left_out = left_out
        row.save(update_fields=["left_out"])
        action = "leave_out_count" if left_out else "take_back_count"
        note.log(
            action, object_type="session", object_id=row.pk, reason=reason, before={"left_out": not left_out}, after={"left_out": left_out}
        )


def _session(actor: Actor, note: Note, session_id: object) -> Session:
    row = (
        Session.objects.select_for_update(of=("self",)).select_related("round").filter(pk=str(session_id), round__place=note.place).first()
    )
    if row is None:
        raise unknown("session")
    _refuse_closed(actor, note, row.round)
    return row


def _refuse_closed(actor: Actor, note: Note, row: Round) -> None:
    """A closed round is corrected by editors only, and by nobody once its figures were released."""
    if row.state == "closed" and not allowed(actor, note.study.slug, "editor"):
        raise InputError("This round is closed.", code="round.closed", remedy="An editor can still correct it.")
    refuse_released(row)
