# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Dayparts and days: which fall on a day, how long they last, which are to be counted, and what part of one was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from knopenkaart.vocabulary import Slot
from knopenkaart_web.places import words

MINUTE = timedelta(minutes=1)


def slots() -> tuple[Slot, ...]:
    """The dayparts of this installation in the order of the week."""
    return words.vocabulary().week()


def slot_label(slot_id: str, lang: str) -> str:
    """The name of a daypart; one that the vocabulary no longer has stands for itself."""
    found = words.vocabulary().slots.get(slot_id)
    return slot_id if found is None else found.name(lang)


def days(starts: date, ends: date) -> list[date]:
    """Every day of a period."""
    return [starts + timedelta(days=number) for number in range((ends - starts).days + 1)]


def falls_on(slot_id: str, day: date) -> bool:
    """Whether a daypart falls on a day; False for one that does not exist."""
    found = words.vocabulary().slots.get(slot_id)
    return found is not None and found.weekday == day.isoweekday()


def occasions(starts: date, ends: date, chosen: Sequence[str], schedule: Iterable[tuple[date, str]]) -> list[tuple[date, str]]:
    """What is to be counted, in order: the schedule, or without one every chosen daypart of the period."""
    planned = list(schedule) or [(day, slot) for day in days(starts, ends) for slot in chosen if falls_on(slot, day)]
    order = {slot.id: number for number, slot in enumerate(slots())}
    return sorted(planned, key=lambda pair: (pair[0], order.get(pair[1], 0)))


def planned(starts: date, ends: date, chosen: Sequence[str], schedule: Iterable[tuple[date, str]]) -> dict[str, int]:
    """How often each of the chosen dayparts is to be counted."""
    often = Counter(slot for _, slot in occasions(starts, ends, chosen, schedule))
    return {slot: often[slot] for slot in chosen}


def minutes_of(slot_id: str) -> int:
    """How long a daypart lasts, in minutes."""
    slot = words.vocabulary().slots[slot_id]
    return _minutes(slot.end) - _minutes(slot.start)


def exposure(slot_id: str, started: datetime | None, ended: datetime | None, how: str) -> float:
    """The part of a daypart that was counted, above 0 to 1. Who counts how many are present counts a moment: all of it.

    Without a beginning and an end the whole daypart was; longer than the daypart is the whole of it too.
    """
    if how == "present" or started is None or ended is None:
        return 1.0
    length = max((ended - started) / MINUTE, 1.0)
    return min(1.0, length / minutes_of(slot_id))


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
