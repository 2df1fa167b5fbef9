# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""In which dayparts of an ordinary week a place is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from knopenkaart import opening_hours
from knopenkaart.access.setting import Places
from knopenkaart.policy import Policy
from knopenkaart.tables import PLACE_SLOTS
from knopenkaart.vocabulary import Slot

Masks = npt.NDArray[np.uint64]
_DAY_MIN = 24 * 60


@dataclass(frozen=True)
class Week:
    """The dayparts of a week, and per place the mask of those in which it is `open`, and in which it may be (`maybe`)."""

    slots: tuple[Slot, ...]
    open: Masks
    maybe: Masks


def week(of: Places, table: pd.DataFrame, *, slots: Sequence[Slot], day: date, policy: Policy) -> Week:
    """When the places are open in the week of `day`, taken as an ordinary week without holidays.

    Open in a daypart: at least `policy.open_min` minutes of it. A place without hours that can be read may be open at any time.
    """
    rows = table.set_index("id")[["opening_hours", "lon", "lat"]].reindex(of.ids)
    everything = (1 << len(slots)) - 1
    known, maybe = np.zeros(len(of.ids), dtype=np.uint64), np.zeros(len(of.ids), dtype=np.uint64)
    for number, (hours, lon, lat) in enumerate(rows.itertuples(index=False)):
        days = () if pd.isna(hours) else opening_hours.weekly(str(hours), week=day, lon=float(lon), lat=float(lat), holidays=False)
        surely, perhaps = (_mask(days, slots, states, policy.open_min) for states in (("open",), ("open", "unknown")))
        known[number], maybe[number] = (surely, perhaps) if days else (0, everything)
    return Week(tuple(slots), known, maybe)


def _mask(days: Sequence[opening_hours.DayHours], slots: Sequence[Slot], states: tuple[str, ...], open_min: int) -> int:
    stretches = [stretch for day in days for interval in day.intervals if interval.state in states for stretch in _stretches(day, interval)]
    bits = 0
    for number, slot in enumerate(slots):
        begin, stop = (_minute(slot.weekday, text) for text in (slot.start, slot.end))
        inside = sum(max(0, min(stop, until) - max(begin, since)) for since, until in stretches)
        bits |= (inside >= open_min) << number
    return bits


def _stretches(day: opening_hours.DayHours, interval: opening_hours.Interval) -> list[tuple[int, int]]:
    """One stretch as minutes of the week; what runs into the next week stands at its beginning as well."""
    since, until = _minute(day.weekday, interval.start), _minute(day.weekday, interval.end)
    until += _DAY_MIN if until <= since else 0
    return [(since, until), (since - 7 * _DAY_MIN, until - 7 * _DAY_MIN)]


def _minute(weekday: int, text: str) -> int:
    hour, minute = text.split(":")
    return (weekday - 1) * _DAY_MIN + int(hour) * 60 + int(minute)


def place_slots(of: Places, when: Week) -> pd.DataFrame:
    """PLACE_SLOTS of the nodes: open, not open, or (where no hours are known) neither."""
    rows: list[dict[str, Any]] = []
    for number in np.flatnonzero(of.node).tolist():
        for bit, slot in enumerate(when.slots):
            surely, perhaps = (int(mask[number]) >> bit & 1 for mask in (when.open, when.maybe))
            rows.append({"place_id": of.ids[number], "slot": slot.id, "open": True if surely else None if perhaps else False})
    return PLACE_SLOTS.frame(rows)
