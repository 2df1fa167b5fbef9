# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What phones send by a link: each snapshot replaces an older one of the same count, and is taken once however often it is sent."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import IntegrityError, connection
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.places.noting import noting_by_link
from knopenkaart_web.visits import queries, snapshots, throttle, weeks
from knopenkaart_web.visits.models import Link, Observation, Round, Session, SessionCount
from knopenkaart_web.visits.snapshots import Snapshot
from knopenkaart_web.visits.views_data import Entrance

# More counts by one link on one day than any team makes.
MOST_SESSIONS_PER_DAY = 1000
_COPIED = ("date", "slot", "door", "started", "ended", "seen", "weather", "remark", "seq", "state")


class LinkError(InputError):
    """A link does not work (any more)."""


class TooOftenError(InputError):
    """More is sent than one link may; later it goes well."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is stored now of a count: the phone may forget every snapshot up to `seq`."""

    id: str
    seq: int


def take_snapshot(secret: str, data: object) -> Receipt:
    """Store what a phone sent, unless that or something newer is stored already; either way the answer says what is.

    Raises LinkError (`link.unknown`), TooOftenError (`link.busy`), InputError (`snapshot.invalid` with all faults, `snapshot.elsewhere`,
    `round.closed`, `link.full`).
    """
    entrance = queries.entrance(secret)
    if entrance is None:
        raise LinkError("There is no such link, or no more.", code="link.unknown")
    if not throttle.allows(entrance.link):
        raise TooOftenError("This link sends too much.", code="link.busy")
    snapshot = snapshots.read(data, entrance.round, observing=entrance.purpose == "observe")
    known = Session.objects.filter(pk=snapshot.id).only("seq", "round_id").first()
    if known is not None and _is_stored(known, entrance, snapshot):
        # What a phone sends again because it missed the answer writes nothing and waits for no lock.
        return Receipt(str(snapshot.id), known.seq)
    try:
        return _store(entrance, snapshot)
    except IntegrityError:
        # The same phone sent the first snapshot of this count twice at once, and the other was first.
        return _store(entrance, snapshot)


class _StoredError(Exception):
    """Somebody else stored this or something newer while we waited for the lock: nothing is written."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq)
        self.seq = seq


def _store(entrance: Entrance, snapshot: Snapshot) -> Receipt:
    try:
        with noting_by_link(f"link {entrance.link}", entrance.round.slug, entrance.round.place_id) as note:
            row = Session.objects.select_for_update().filter(pk=snapshot.id).first()
            if row is not None and _is_stored(row, entrance, snapshot):
                raise _StoredError(row.seq)
            _refuse(entrance, row)
            _write(entrance, snapshot, new=row is None)
            _begin_counting(entrance)
            if row is None or snapshot.state != row.state:
                note.log("take_count", object_type="session", object_id=snapshot.id, after={"state": snapshot.state})
            else:
                note.leave_no_event()
    except _StoredError as stored:
        return Receipt(str(snapshot.id), stored.seq)
    return Receipt(str(snapshot.id), snapshot.seq)


def _is_stored(row: Session, entrance: Entrance, snapshot: Snapshot) -> bool:
    return str(row.round_id) == entrance.round.id and row.seq >= snapshot.seq


def _refuse(entrance: Entrance, row: Session | None) -> None:
    """Refuse a count that belongs elsewhere, or one more by a link that has had enough of them."""
    if row is not None and (str(row.round_id) != entrance.round.id or row.mode != entrance.purpose or row.source != "phone"):
        raise InputError("This count belongs to another round.", code="snapshot.elsewhere")
    if row is None and Session.objects.filter(link_id=entrance.link).count() >= MOST_SESSIONS_PER_DAY * _days_since(entrance.link):
        raise InputError("This link made too many counts.", code="link.full")


def _days_since(link: str) -> int:
    """For how many days a link has been there, by our own clock: what a phone says of its days is its own affair."""
    made = Link.objects.values_list("made", flat=True).get(pk=link)
    return (timezone.now() - made).days + 1


def _write(entrance: Entrance, snapshot: Snapshot, *, new: bool) -> None:
    values = {
        "round_id": entrance.round.id,
        "link_id": entrance.link,
        "mode": entrance.purpose,
        "exposure": weeks.exposure(snapshot.slot, snapshot.started, snapshot.ended, entrance.round.how),
        **{name: getattr(snapshot, name) for name in _COPIED},
    }
    if new:
        Session.objects.create(pk=snapshot.id, **values)
    else:
        Session.objects.filter(pk=snapshot.id).update(**values)
    if entrance.purpose == "observe":
        Observation.objects.filter(session_id=snapshot.id).delete()
        Observation.objects.bulk_create(Observation(session_id=snapshot.id, **asdict(seen)) for seen in snapshot.observations)
        return
    rows = [SessionCount(session_id=snapshot.id, group=group, people=people) for group, people in snapshot.counts.items()]
    if new:
        SessionCount.objects.bulk_create(rows)
    else:
        SessionCount.objects.bulk_create(rows, update_conflicts=True, update_fields=["people"], unique_fields=["session", "group"])


def _begin_counting(entrance: Entrance) -> None:
    """The first count begins a round; a closed one takes nothing. After the write: who closes it waits for us, or we for them.

    SQLite has one writer at a time. PostgreSQL looks at the key of the round when it is told to, and holds the round from then on.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    state = Round.objects.values_list("state", flat=True).get(pk=entrance.round.id)
    if state == "closed":
        raise InputError("This round is closed.", code="round.closed", remedy="Ask the coordinator to open it again.")
    if state == "planned":
        Round.objects.filter(pk=entrance.round.id, state="planned").update(state="counting")
