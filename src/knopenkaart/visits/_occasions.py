# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""From counting sheets to counted dayparts: doors of one daypart added up, weeks and strata numbered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from knopenkaart.errors import Fault, InputError
from knopenkaart.tables import COUNTS
from knopenkaart.visits._design import Design, Floats
from knopenkaart.vocabulary import EVERYBODY

UNKNOWN = "unknown"
# What a count is of, by how it was counted.
WHAT = {"entering": "visits", "present": "present"}


@dataclass(frozen=True)
class Occasions:
    """Counted dayparts of one place and one way of counting, in order of date and daypart.

    `visits` are people divided by exposure, over all doors; `known` those whose group is known, `told` whether anybody tried to tell groups
    apart, `by_group` the visits of each group.
    """

    place_id: str
    what: str
    slots: tuple[str, ...]
    design: Design
    days: tuple[date, ...]
    people: npt.NDArray[np.int64]
    visits: Floats
    known: Floats
    told: npt.NDArray[np.bool_]
    by_group: dict[str, Floats]
    people_by_group: dict[str, npt.NDArray[np.int64]]

    def of(self, chosen: npt.NDArray[np.bool_]) -> Design:
        """The design of some of the counts, with strata and weeks of its own numbering."""
        return Design(_numbered(self.design.slot[chosen]), _numbered(self.design.week[chosen]), self.design.exposure[chosen])


def occasions(counts: pd.DataFrame) -> Iterator[Occasions]:
    """The counted dayparts of each place and way of counting. Raises InputError where counts contradict themselves, naming every fault."""
    checked = _checked(COUNTS.check(counts))
    for (place, how), rows in checked.groupby(["place_id", "how"], sort=True):
        yield _occasions(str(place), WHAT[str(how)], rows)


def monday(day: date) -> date:
    """The first day of the week of a day."""
    return day - timedelta(days=day.weekday())


def _checked(counts: pd.DataFrame) -> pd.DataFrame:
    faults = [
        *_faults(counts, "people", counts["people"] < 0, "fewer than nobody"),
        *_faults(counts, "exposure", ~counts["exposure"].between(0, 1, inclusive="right"), "exposure must be above 0 and at most 1"),
        *_faults(counts, "how", ~counts["how"].isin(WHAT), "must be entering or present"),
    ]
    same = counts.groupby("session")[["place_id", "date", "slot", "how"]].transform("nunique").max(axis=1) > 1
    faults += _faults(counts, "session", same, "one session is of one place, day, daypart and way of counting")
    everybody = counts["group"] == EVERYBODY
    both = everybody.groupby(counts["session"]).transform("any") & ~everybody
    faults += _faults(counts, "group", both, "a session has either groups or `all`")
    if faults:
        raise InputError("These counts cannot be used.", code="visits.counts", faults=faults, remedy="Correct the rows that are named.")
    return counts


def _faults(counts: pd.DataFrame, column: str, wrong: Any, message: str) -> list[Fault]:
    rows = np.flatnonzero(wrong.fillna(True).to_numpy(bool))
    return [Fault("visits.counts", message, row=int(row), column=column, value=str(counts[column].iloc[row])) for row in rows]


def _occasions(place: str, what: str, rows: pd.DataFrame) -> Occasions:
    # One head count at one moment says nothing of the rest of the daypart: there is nothing to gross up.
    exposure = rows["exposure"].astype(float) if what == "visits" else pd.Series(1.0, index=rows.index)
    people = rows["people"].astype(int)
    at = pd.MultiIndex.from_frame(rows[["date", "slot"]])
    number, keys = pd.factorize(at, sort=True)
    size = len(keys)

    def add(values: Any, chosen: Any = None) -> Floats:
        weights = values if chosen is None else values * np.asarray(chosen, dtype=float)
        return np.asarray(np.bincount(number, weights=np.asarray(weights, dtype=float), minlength=size), dtype=float)

    visits, known = people / exposure, ~rows["group"].isin([EVERYBODY, UNKNOWN])
    groups = sorted(rows.loc[known, "group"].unique())
    days, dayparts = [key[0] for key in keys], [key[1] for key in keys]
    slots = tuple(sorted(set(dayparts)))
    weeks = sorted({monday(day) for day in days})
    design = Design(
        np.array([slots.index(slot) for slot in dayparts]),
        np.array([weeks.index(monday(day)) for day in days]),
        add(exposure) / np.bincount(number, minlength=size),
    )
    return Occasions(
        place,
        what,
        slots,
        design,
        tuple(days),
        add(people).astype(int),
        add(visits),
        add(visits, known),
        add(known.astype(int)) > 0,
        {group: add(visits, rows["group"] == group) for group in groups},
        {group: add(people, rows["group"] == group).astype(int) for group in groups},
    )


def _numbered(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def strata_of(chosen: Sequence[bool] | npt.NDArray[np.bool_], slot: npt.NDArray[np.int64]) -> list[int]:
    """The numbers of the strata among some counts, in order."""
    return [int(number) for number in np.unique(slot[np.asarray(chosen, dtype=bool)])]
