# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the counts say of each place and of each home, as tables."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from knopenkaart.access.setting import THIRD, People, Places
from knopenkaart.access.tally import NOWHERE, Tally
from knopenkaart.policy import Mode, Policy
from knopenkaart.tables import REACH_COUNTS, REACH_HOMES, REACH_PLACES

# 95 % of a normal distribution lies within so many standard deviations.
MARGIN = 1.96


def reach_places(found: Tally, who: People, where: Places, *, mode: Mode, policy: Policy, within: pd.DataFrame) -> pd.DataFrame:
    """REACH_PLACES: residents per place, band and group, with a 95 % margin; `within` has `complete` and `border` per place and minutes.

    A figure is not complete either where homes are in reach of which nobody knows how many people of the group live there.
    """
    places, bands, groups = found.people.shape
    row, band, group = (part.ravel() for part in np.indices((places, bands, groups)))
    people, sd = found.people.ravel(), np.sqrt(found.variance.ravel())
    table = pd.DataFrame(
        {
            "place_id": where.ids[row],
            "mode": mode,
            "minutes": np.array(policy.minutes)[band],
            "group": np.array(who.groups, dtype=object)[group],
            "people": people,
            "low": np.maximum(0.0, people - MARGIN * sd),
            "high": people + MARGIN * sd,
            "homes": found.dwellings[row, band],
            "basis": "assumed" if who.assumed.any() else "estimated",
        }
    )
    told = table.merge(within[within["mode"] == mode].drop(columns="mode"), on=["place_id", "minutes"], how="left")
    return REACH_PLACES.check(told.assign(complete=told["complete"] & ~found.unknown.ravel()))


def reach_homes(found: Tally, who: People, where: Places, *, mode: Mode, policy: Policy) -> tuple[pd.DataFrame, pd.DataFrame]:
    """REACH_HOMES and REACH_COUNTS of homes with a street: what is nearest, and how much is near. What is not in reach has no row.

    A home has these also where nobody knows how many people live in it.
    """
    placed = np.flatnonzero(who.street)
    best = np.column_stack([found.near.best[placed], found.near.third[placed, -1]])
    place = np.column_stack([found.near.place[placed], found.near.third_place[placed, -1]])
    home, what = np.nonzero(place != NOWHERE)
    nearest = pd.DataFrame(
        {
            "home": placed[home],
            "mode": mode,
            "what": np.array([*where.what, THIRD], dtype=object)[what],
            "place_id": where.ids[place[home, what]],
            "minutes": best[home, what].astype(float) / 60,
            "complete": best[home, what] <= who.sure_s(mode, policy)[placed[home]],
        }
    )
    row, band = (part.ravel() for part in np.indices((len(placed), len(policy.minutes))))
    counts = pd.DataFrame(
        {
            "home": placed[row],
            "mode": mode,
            "minutes": np.array(policy.minutes)[band],
            "nodes": found.near.nodes[placed].ravel(),
            "functions": functions_of(found)[placed].ravel(),
        }
    )
    return REACH_HOMES.check(nearest), REACH_COUNTS.check(counts)


def functions_of(found: Tally) -> npt.NDArray[np.uint8]:
    """How many different functions are in reach of each home, per band."""
    count: npt.NDArray[np.uint8] = np.bitwise_count(found.near.functions)
    return count
