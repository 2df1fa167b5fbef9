# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""With which places a place competes, what it draws from them, and where its visits come from: as most likely and in towns that may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from knopenkaart.meeting.areas import ENDS, visits_per_square
from knopenkaart.meeting.ground import Ground
from knopenkaart.meeting.towns import Believed, May
from knopenkaart.progress import Progress, silent
from knopenkaart.tables.meeting import MEETING_ORIGINS, MEETING_PULL, MEETING_RIVALS
from knopenkaart.visits.choice import choose
from knopenkaart.visits.rivals import within, without_each

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
# Of so many others at most it is told what they get.
RIVALS = 5
# Within what distance these parts of the visits are made.
HALF, MOST = 0.5, 0.8
METRES_PER_KM = 1000.0
# So much is left at most of the variance of what is called estimated.
LEARNT = 0.5
DEMANDS = ("elastic", "fixed")


@dataclass(frozen=True)
class Drawn:
    """One town. `visits` (V): per week; `moved` (2, V, V): what each place (last) gets more where one closes, elastic and fixed demand;
    `areas` (V, A): visits by area; `km` (2, V): within which half and four fifths of the visits are made."""

    visits: Floats
    moved: Floats
    areas: Floats
    km: Floats

    @property
    def home(self) -> Floats:
        """Visits that stay at home where a place closes (2, V)."""
        left: Floats = np.maximum(0.0, self.visits - self.moved.sum(axis=2))
        return left


def rivals(ground: Ground, of: Believed, towns: Sequence[May] = (), *, progress: Progress = silent) -> dict[str, pd.DataFrame]:
    """Tables of the places of the study by name: MEETING_PULL, MEETING_RIVALS and MEETING_ORIGINS, people not yet protected.

    Parameters: ground; what is believed; the towns that may be (for bounds and chances; without any there are none); progress. Origins are
    buurten, or where there are none wijken, or municipalities. Source: docs/method/choice.md.
    """
    level, codes = origins_of(ground)
    known, area = np.unique(codes, return_inverse=True)
    usual, told = drawn(ground, May(of.parameters, of.habits, ()), area, len(known)), []
    for number, town in enumerate(towns):
        progress("competition", number / len(towns))
        told.append(drawn(ground, town, area, len(known)))
    kept = np.flatnonzero(ground.study & (usual.visits > 0))
    return {
        MEETING_PULL.name: MEETING_PULL.frame(row | badges(of) for row in _pull(ground, usual, told, kept)),
        MEETING_RIVALS.name: MEETING_RIVALS.frame(row for at in kept for row in _rivals(ground, usual, told, int(at))),
        MEETING_ORIGINS.name: MEETING_ORIGINS.frame(row for at in kept for row in _origins(ground, usual, told, int(at), level, known)),
    }


def origins_of(ground: Ground) -> tuple[str, npt.NDArray[np.str_]]:
    """The smallest areas that there are, and the code of each square (H)."""
    levels = {"buurt": ground.cell_buurt, "wijk": ground.cell_wijk, "municipality": ground.cell_municipality}
    return next(((level, codes) for level, codes in levels.items() if (codes != "").any()), ("wijk", ground.cell_wijk))


def drawn(ground: Ground, town: May, area: Longs, areas: int) -> Drawn:
    """What a town gives; `area` (H) of each square, below `areas`."""
    setting = ground.setting
    choice, count = choose(setting, town.parameters), setting.places
    visits = np.sum([visits_per_square(ground, town, choice, group) for group in range(setting.groups)], axis=0)
    moved = np.zeros((len(DEMANDS), count, count))
    for of in without_each(setting, town.parameters):
        moved[:, of.places[:, None], of.places[None, :]] = of.elastic, of.fixed
    pairs = choice.pairs
    line = pairs.place * areas + area[pairs.cell]
    by_area = np.asarray(np.bincount(line, weights=visits, minlength=count * areas), dtype=np.float64).reshape(count, areas)
    km = np.array([within(pairs, visits, part, places=count) for part in (HALF, MOST)])
    return Drawn(by_area.sum(axis=1), moved, by_area, km)


def badges(of: Believed) -> dict[str, str]:
    """What origins and what moves rest on: estimated where data took half of the variance of how distance fades, and of theta too."""
    left = {name: float(np.mean(np.square(of.fitted.untold[name]))) for name in ("beta", "theta")}
    return {
        "badge_origins": "estimated" if left["beta"] <= LEARNT else "assumed",
        "badge_moved": "estimated" if max(left.values()) <= LEARNT else "assumed",
    }


def _between(value: float, told: Sequence[float], name: str) -> dict[str, float]:
    """A number with the middle 90 % of the towns around it, as wide as to hold it; no bounds without towns."""
    found = {name: value}
    known = [number for number in told if np.isfinite(number)]
    if known:
        low, high = np.quantile(known, ENDS)
        found |= {f"{name}_low": min(float(low), value), f"{name}_high": max(float(high), value)}
    return found


def _part(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else np.nan


def _pull(ground: Ground, usual: Drawn, told: Sequence[Drawn], kept: Longs) -> Iterator[dict[str, Any]]:
    for at in kept:
        row: dict[str, Any] = {"place_id": ground.ids[at], "visits": float(usual.visits[at]), "draws": len(told)}
        for n, name in enumerate(("half_m", "most_m")):
            row |= _between(METRES_PER_KM * usual.km[n, at], [METRES_PER_KM * town.km[n, at] for town in told], name)
        for n, demand in enumerate(DEMANDS):
            parts = [_part(town.home[n, at], town.visits[at]) for town in told]
            row |= _between(_part(usual.home[n, at], usual.visits[at]), parts, f"home_{demand}")
        yield row


def _rivals(ground: Ground, usual: Drawn, told: Sequence[Drawn], at: int) -> Iterator[dict[str, Any]]:
    """The others that get most where a place closes, with elastic demand; that with most first."""
    gains = usual.moved[0, at]
    order = [int(other) for other in np.argsort(-gains, kind="stable") if gains[other] > 0]
    for number, other in enumerate(order[:RIVALS]):
        row: dict[str, Any] = {"place_id": ground.ids[at], "rival_id": ground.ids[other], "position": number + 1}
        for n, demand in enumerate(DEMANDS):
            row[f"visits_{demand}"] = float(usual.moved[n, at, other])
            goes = [_part(town.moved[n, at, other], town.visits[at]) for town in told]
            row |= _between(_part(usual.moved[n, at, other], usual.visits[at]), goes, f"goes_{demand}")
            more = [_part(town.moved[n, at, other], town.visits[other]) for town in told]
            row |= _between(_part(usual.moved[n, at, other], usual.visits[other]), more, f"more_{demand}")
        if told and number + 1 < len(order):
            next_one = order[number + 1]
            # One gets more than the next under both demands, or it is not sure.
            row["ahead"] = min(float(np.mean([town.moved[n, at, other] > town.moved[n, at, next_one] for town in told])) for n in (0, 1))
        yield row


def _origins(
    ground: Ground, usual: Drawn, told: Sequence[Drawn], at: int, level: str, known: npt.NDArray[np.str_]
) -> Iterator[dict[str, Any]]:
    for n, code in enumerate(known.tolist()):
        if code and usual.areas[at, n] > 0:
            row: dict[str, Any] = {"place_id": ground.ids[at], "area_code": code, "level": level, "visits": float(usual.areas[at, n])}
            parts = [_part(town.areas[at, n], town.visits[at]) for town in told]
            yield row | _between(_part(usual.areas[at, n], usual.visits[at]), parts, "share")
