# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is near the residents of an area, per group: the distribution, who goes without, and what is open when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from knopenkaart.access import _kernels
from knopenkaart.access.reach import functions_of
from knopenkaart.access.setting import THIRD, People, Places
from knopenkaart.access.slots import Week
from knopenkaart.access.tally import Tally, seconds_of
from knopenkaart.policy import Mode, Policy
from knopenkaart.tables import GAPS, REACH_AREAS, REACH_OPEN
from knopenkaart.vocabulary import EVERYBODY

Floats = npt.NDArray[np.float64]
QUANTILES: Mapping[str, float] = {"p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9}
_NODES, _FUNCTIONS = "nodes", "functions"


@dataclass(frozen=True)
class Histograms:
    """Dwellings per leaf by how long it takes (whole seconds rounded up; the last bin: longer than is looked at), per thing looked for.

    `counts` likewise by how many nodes and functions are near. `doubt`: per thing looked for the dwellings of each leaf that have none
    within each of the minutes and have ground that is not covered nearer than that; behind those, that have such ground nearer than what
    they found. `unsure` (leaves x minutes): those that have such ground within each of the minutes.
    """

    times: Mapping[str, Floats]
    counts: Mapping[str, Floats]
    doubt: Mapping[str, Floats]
    unsure: Floats


def histograms(found: Tally, who: People, where: Places, *, mode: Mode, policy: Policy) -> Histograms:
    """All homes of a leaf have the same composition, so the dwellings of each leaf by time say it for every group and area."""
    placed = who.leaf >= 0
    near = policy.minutes.index(policy.near_min)
    last = int(policy.limit_s) + 1
    seconds = {name: (found.near.best, number) for number, name in enumerate(where.what)} | {THIRD: (found.near.third, policy.third - 1)}
    counts = {_NODES: found.near.nodes[:, near], _FUNCTIONS: functions_of(found)[:, near]}
    sure, bands = who.sure_s(mode, policy), seconds_of(policy)
    doubt = np.concatenate([_doubt(sure, best, bands, who) for best in (found.near.best, found.near.third[:, -1:].copy())], axis=1)
    return Histograms(
        times={name: _by_time(values, column, last + 1, who) for name, (values, column) in seconds.items()},
        counts={name: _by_leaf(values, int(values.max(initial=0)) + 1, placed, who) for name, values in counts.items()},
        doubt=dict(zip(seconds, doubt.transpose(1, 0, 2), strict=True)),
        unsure=unsure(who, mode=mode, policy=policy),
    )


def unsure(who: People, *, mode: Mode, policy: Policy) -> Floats:
    """Dwellings per leaf (row) that have ground that is not covered within each of the minutes (column)."""
    sure = who.sure_s(mode, policy)
    # Who looks for what is nowhere finds nothing.
    return _doubt(sure, np.full((len(sure), 1), np.inf, dtype=np.float32), seconds_of(policy), who)[:, 0, :-1]


def _doubt(sure: Any, best: Any, bands: Any, who: People) -> Floats:
    """Dwellings in doubt, leaves x things x bands + 1."""
    out = np.zeros((len(who.size), best.shape[1], len(bands) + 1))
    _kernels.doubtful_dwellings(who.leaf, who.dwellings, sure, best, bands, out)
    return out


def _by_time(seconds: Any, column: int, width: int, who: People) -> Floats:
    """Dwellings per leaf (row) and whole seconds (column)."""
    table = np.zeros((len(who.size), width))
    _kernels.dwellings_by_time(who.leaf, who.dwellings, seconds, column, table)
    return table


def _by_leaf(values: Any, width: int, placed: npt.NDArray[np.bool_], who: People) -> Floats:
    """Dwellings per leaf (row) and value (column)."""
    whole = values[placed].astype(np.int64)
    flat = np.bincount(who.leaf[placed] * width + whole, weights=who.dwellings[placed], minlength=len(who.size) * width)
    table: Floats = np.asarray(flat, dtype=float).reshape(len(who.size), width)
    return table


def reach_areas(hist: Histograms, who: People, *, mode: Mode, policy: Policy) -> pd.DataFrame:
    """REACH_AREAS: quantiles over the residents of every area and group, of minutes and of how much is near."""
    near = who.sure_of(hist.unsure)[:, policy.minutes.index(policy.near_min)]
    complete = {what: who.sure_of(doubt)[:, -1] for what, doubt in hist.doubt.items()} | dict.fromkeys(hist.counts, near)
    rows = [
        {"area_code": code, "mode": mode, "group": group, "what": what, "people": people, "basis": basis, "complete": complete[what][area]}
        | _quantiles(cumulative, people, beyond=what in hist.times)
        for area, code, basis in who.inhabited()
        for what, by_leaf in {**hist.times, **hist.counts}.items()
        for group, people, cumulative in _groups(who, area, by_leaf)
    ]
    return REACH_AREAS.frame(rows)


def gaps(hist: Histograms, who: People, *, mode: Mode, policy: Policy) -> pd.DataFrame:
    """GAPS: residents of every area and group who have none in reach within each of the minutes."""
    complete = {what: who.sure_of(doubt) for what, doubt in hist.doubt.items()}
    rows = []
    for area, code, basis in who.inhabited():
        for what, by_leaf in hist.times.items():
            for group, people, cumulative in _groups(who, area, by_leaf):
                for band, minutes in enumerate(policy.minutes):
                    without = people - float(cumulative[minutes * 60])
                    rows.append(
                        {"area_code": code, "mode": mode, "group": group, "what": what, "minutes": minutes, "people": people}
                        | {"without": without, "share": without / people if people > 0 else None}
                        | {"basis": basis, "complete": complete[what][area, band]}
                    )
    return GAPS.frame(rows)


def _groups(who: People, area: int, by_leaf: Floats) -> Iterator[tuple[str, float, Floats]]:
    """Group, its placed residents, and how many of them have at most each value; without figures in a part of the area it is left out."""
    leaves = who.leaves_of(area)
    cumulative = np.cumsum(who.rate[leaves].T @ by_leaf[leaves], axis=1)
    for number in np.flatnonzero(who.told[area]).tolist():
        yield who.groups[number], float(cumulative[number, -1]), cumulative[number]


def _quantiles(cumulative: Floats, people: float, *, beyond: bool) -> dict[str, float | None]:
    """Times in minutes, where the last bin is longer than anybody looked; counts as they are."""
    if people <= 0:
        return dict.fromkeys(QUANTILES)
    at = np.searchsorted(cumulative, np.array(list(QUANTILES.values())) * people * (1 - 1e-12))
    last = len(cumulative) - 1
    values = [(None if value == last else value / 60) if beyond else float(value) for value in at.tolist()]
    return dict(zip(QUANTILES, values, strict=True))


def reach_open(found: Tally, who: People, where: Places, when: Week, *, policy: Policy) -> pd.DataFrame:
    """REACH_OPEN: residents with a node near that is open in each daypart; `reached_most` takes those without known hours for open."""
    complete = who.sure_of(unsure(who, mode="walk", policy=policy))[:, policy.minutes.index(policy.near_min)]
    rows = []
    group, placed = who.groups.index(EVERYBODY), who.placed
    for area, code, basis in who.inhabited():
        leaves = who.leaves_of(area)
        rate = who.rate[leaves, group]
        people = float(rate @ placed[leaves])
        reached, most = (np.tensordot(rate, dwellings[leaves], axes=1) for dwellings in (found.open, found.maybe))
        for thing, what in enumerate(where.what):
            for number, slot in enumerate(when.slots):
                least, greatest = float(reached[thing, number]), float(most[thing, number])
                rows.append(
                    {"area_code": code, "what": what, "slot": slot.id, "people": people, "reached": least, "reached_most": greatest}
                    | {"share": least / people if people > 0 else None, "share_most": greatest / people if people > 0 else None}
                    | {"basis": basis, "complete": complete[area]}
                )
    return REACH_OPEN.frame(rows)
