# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a phone sends: the whole of one count as it stands, read from JSON and held against the round; all faults together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from knopenkaart.errors import Fault, InputError
from knopenkaart_web.visits import groups, weeks
from knopenkaart_web.visits.models import MOST_PEOPLE
from knopenkaart_web.visits.views_data import RoundView

Value = TypeVar("Value")

MOST_SNAPSHOTS = 1_000_000
MOST_OBSERVED = 2_000
REMARK_LENGTH = 300
# A phone in another time zone, or a count past midnight, is no fault; another week is.
AROUND = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Seen:
    """How many people an observer saw in one posture, activity, company and age group."""

    posture: str
    activity: str
    group_size: str
    age_group: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One count as it stood on the phone when it was sent; `seq` is its number, later ones replace it."""

    id: UUID
    seq: int
    date: date
    slot: str
    door: str
    started: datetime
    ended: datetime | None
    seen: datetime
    state: str
    weather: str
    remark: str
    counts: Mapping[str, int]
    observations: tuple[Seen, ...]


def read(data: object, round_view: RoundView, *, observing: bool) -> Snapshot:
    """The snapshot in `data`. Raises InputError (`snapshot.invalid`) with every fault, each named by the field that it is in."""
    if not isinstance(data, dict):
        raise InputError("This is no count.", code="snapshot.invalid", faults=[Fault("snapshot.form", "no JSON object")])
    reader = _Reader(data, round_view)
    found = reader.snapshot(observing=observing)
    if reader.faults:
        raise InputError("This count cannot be used.", code="snapshot.invalid", faults=reader.faults)
    return found


@dataclass
class _Reader:
    data: Mapping[str, Any]
    round: RoundView
    faults: list[Fault] = field(default_factory=list)

    def snapshot(self, *, observing: bool) -> Snapshot:
        day = self._take("date", date.fromisoformat, date.min)
        slot = self._text("slot", 40)
        self._check("date", self.round.starts <= day <= self.round.ends, "snapshot.date", "not in the period of the round")
        self._check("slot", slot in self.round.slots, "snapshot.slot", "not a daypart of the round")
        self._check("slot", slot not in self.round.slots or weeks.falls_on(slot, day), "snapshot.slot", "not on this day")
        door = self._text("door", 60)
        self._check("door", door in (self.round.doors or ("",)), "snapshot.door", "not a door of the round")
        state = self._text("state", 6)
        self._check("state", state in {"open", "closed"}, "snapshot.state", "open or closed")
        weather = self._text("weather", 10)
        self._check("weather", weather in {"", *groups.WEATHER}, "snapshot.weather", "unknown weather")
        started, ended, seen = self._times(day, state)
        return Snapshot(
            id=self._take("id", UUID, UUID(int=0)),
            seq=self._number("seq", self.data.get("seq"), 1, MOST_SNAPSHOTS),
            date=day,
            slot=slot,
            door=door,
            started=started,
            ended=ended,
            seen=seen,
            state=state,
            weather=weather,
            remark=self._text("remark", REMARK_LENGTH),
            counts={} if observing else self._counts(),
            observations=self._observations() if observing else (),
        )

    def _times(self, day: date, state: str) -> tuple[datetime, datetime | None, datetime]:
        nothing = datetime.min.replace(tzinfo=UTC)
        started = self._take("started", _minute, nothing)
        ended = self._take("ended", _minute, nothing) if self.data.get("ended") is not None else None
        seen = self._take("seen", _minute, nothing) if self.data.get("seen") is not None else started
        self._check("ended", state != "closed" or ended is not None, "snapshot.time", "a count that is closed has an end")
        midnight = datetime.combine(day, datetime.min.time(), UTC) if day > date.min else nothing
        for name, moment in (("started", started), ("ended", ended), ("seen", seen)):
            near = moment is None or midnight == nothing or midnight - AROUND <= moment <= midnight + AROUND + AROUND
            self._check(name, near, "snapshot.time", "not around the day of the count")
        self._check("ended", ended is None or ended >= started, "snapshot.time", "before the beginning")
        return started, ended, seen

    def _counts(self) -> dict[str, int]:
        given = self.data.get("counts")
        if not isinstance(given, dict):
            self._fault("counts", "snapshot.counts", "no numbers per group")
            return {}
        for name in given:
            self._check("counts", name in self.round.groups, "snapshot.group", "not a group of the round")
        return {name: self._number("counts", given.get(name, 0), 0, MOST_PEOPLE) for name in self.round.groups}

    def _observations(self) -> tuple[Seen, ...]:
        given = self.data.get("observations")
        if not isinstance(given, list) or len(given) > MOST_OBSERVED:
            self._fault("observations", "snapshot.counts", "no list of what was seen, or too long a one")
            return ()
        found = [self._seen(item) for item in given]
        keys = {(item.posture, item.activity, item.group_size, item.age_group) for item in found}
        self._check("observations", len(keys) == len(found), "snapshot.counts", "the same thing twice")
        return tuple(found)

    def _seen(self, item: object) -> Seen:
        fields = item if isinstance(item, dict) else {}
        values = [str(fields.get(name, "")) for name in ("posture", "activity", "group_size", "age_group")]
        known = (groups.POSTURES, {"", *groups.ACTIVITIES}, {"", *groups.COMPANY}, {"", *self.round.groups})
        right = all(value in options for value, options in zip(values, known, strict=True))
        self._check("observations", right, "snapshot.group", "not something that is observed here")
        posture, activity, group_size, age_group = values
        return Seen(posture, activity, group_size, age_group, self._number("observations", fields.get("number"), 1, MOST_PEOPLE))

    def _take(self, name: str, convert: Callable[[str], Value], otherwise: Value) -> Value:
        try:
            return convert(str(self.data.get(name, "")))
        except (ValueError, OverflowError):
            self._fault(name, "snapshot.form", "absent, or not of the right form")
            return otherwise

    def _text(self, name: str, most: int) -> str:
        value = self.data.get(name, "")
        if not isinstance(value, str) or len(value) > most or "\x00" in value:
            self._fault(name, "snapshot.form", "no text, or too long a one")
            return ""
        return value.strip()

    def _number(self, name: str, value: object, low: int, high: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self._fault(name, "snapshot.number", f"a whole number from {low} to {high}, please")
            return low
        return value

    def _check(self, name: str, right: bool, code: str, message: str) -> None:
        if not right:
            self._fault(name, code, message)

    def _fault(self, name: str, code: str, message: str) -> None:
        self.faults.append(Fault(code, message, column=name))


def _minute(text: str) -> datetime:
    """A moment with its time zone, without its seconds: when somebody counted need not be known to the second."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no time zone")
    return found.astimezone(UTC).replace(second=0, microsecond=0)
