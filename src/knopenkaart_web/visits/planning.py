# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a coordinator says of a new round, held against what a study allows; all faults together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from knopenkaart.errors import Fault, InputError
from knopenkaart_web.visits import weeks

LONGEST = timedelta(days=366)
MOST_DOORS = 10
DOOR_LENGTH = 60
NAME_LENGTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundValues:
    """A round as somebody wants it; see the model for what each means."""

    name: str
    starts: date
    ends: date
    slots: tuple[str, ...]
    schedule: tuple[tuple[date, str], ...] = ()
    dimension: str = ""
    groups: tuple[str, ...] = ()
    how: str = "entering"
    doors: tuple[str, ...] = ()
    margin: float | None = None
    expected: int | None = None


def check(values: RoundValues, allowed: Mapping[str, Sequence[str]]) -> None:
    """Raises InputError (`round.invalid`) with every fault, each with the field that it is about."""
    faults = [*_period(values), *_what(values), *_whom(values, allowed), *_doors(values)]
    if faults:
        raise InputError("This round cannot be made.", code="round.invalid", faults=faults)


def _period(values: RoundValues) -> Iterator[Fault]:
    if not values.name.strip() or len(values.name) > NAME_LENGTH:
        yield Fault("round.name", "give the round a name", column="name")
    if values.ends < values.starts:
        yield Fault("round.period", "the last day comes before the first", column="ends")
    elif values.ends - values.starts > LONGEST:
        yield Fault("round.long", "a round takes a year at most", column="ends")


def _what(values: RoundValues) -> Iterator[Fault]:
    known = {slot.id for slot in weeks.slots()}
    if not values.slots:
        yield Fault("round.slots", "choose the dayparts that are counted", column="slots")
    elif not set(values.slots) <= known:
        yield Fault("round.slots", "there is no such daypart", column="slots")
    if values.ends < values.starts or values.ends - values.starts > LONGEST:
        return
    fits = all(slot in values.slots and values.starts <= day <= values.ends and weeks.falls_on(slot, day) for day, slot in values.schedule)
    if not fits or len(set(values.schedule)) != len(values.schedule):
        yield Fault("round.schedule", "what is to be counted does not fit the period and the dayparts", column="schedule")
    elif set(values.slots) <= known and not weeks.occasions(values.starts, values.ends, values.slots, values.schedule) and values.slots:
        yield Fault("round.nothing", "none of the dayparts falls in the period", column="slots")


def _whom(values: RoundValues, allowed: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    if values.dimension and values.dimension not in allowed:
        yield Fault("round.dimension", "visitors may not be told apart by this", column="dimension")
    elif not set(values.groups) <= set(allowed.get(values.dimension, ())):
        yield Fault("round.groups", "these groups may not be counted", column="groups")
    if values.margin is not None and not 0 < values.margin <= 1:
        yield Fault("round.margin", "a margin is above 0 and at most 1", column="margin")
    if values.how not in {"entering", "present"}:
        yield Fault("round.how", "count who comes in, or who is there", column="how")


def _doors(values: RoundValues) -> Iterator[Fault]:
    if len(values.doors) > MOST_DOORS or len(set(values.doors)) != len(values.doors):
        yield Fault("round.doors", f"at most {MOST_DOORS} doors, each with its own name", column="doors")
    if any(not door.strip() or len(door) > DOOR_LENGTH for door in values.doors):
        yield Fault("round.door_name", f"the name of a door has 1 to {DOOR_LENGTH} letters", column="doors")
