# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The doors of places on the street: their known entrances, else the street nearest to their point."""

from __future__ import annotations

import numpy as np
import pandas as pd

from knopenkaart.network.snap import snap
from knopenkaart.policy import Mode, Policy

# A place that stands within a hundred-thousandth of a degree (a metre) of where the source has it, has not been moved by anybody.
_SAME_DEGREES = 1e-5


def doors(places: pd.DataFrame, entrances: pd.DataFrame, edges: pd.DataFrame, *, mode: Mode, policy: Policy) -> pd.DataFrame:
    """The doors of PLACES (with a location) as snapped rows: `place` (row, from 0), `edge`, `at_m`, `snap_m`.

    ENTRANCES count as long as the place stands where its source has it; a place that was moved, and one without entrances near a street,
    is entered from its own point. A place has no door where there is no street within `policy.snap_m` metres.
    """
    spots = _spots(places, entrances)
    found = snap(edges, spots["lon"].to_numpy(float), spots["lat"].to_numpy(float), mode=mode, max_m=policy.snap_m)
    found = found.assign(place=spots["place"].to_numpy(), own=spots["own"].to_numpy())
    served = set(found.loc[found["edge"].notna() & ~found["own"], "place"])
    kept = found["edge"].notna() & (~found["own"] | ~found["place"].isin(served))
    return found[kept].drop(columns="own").reset_index(drop=True)


def _spots(places: pd.DataFrame, entrances: pd.DataFrame) -> pd.DataFrame:
    """The point of every place (`own`), and the entrances that it still has."""
    own = pd.DataFrame(
        {
            "place": np.arange(len(places)),
            "source": places["source"].to_numpy(dtype=object),
            "source_id": places["source_id"].to_numpy(dtype=object),
            "lon": places["lon"].to_numpy(float),
            "lat": places["lat"].to_numpy(float),
        }
    )
    known = own.rename(columns={"lon": "own_lon", "lat": "own_lat"}).merge(entrances, on=["source", "source_id"])
    moved = (known["own_lon"] - known["place_lon"].astype(float)).abs() + (known["own_lat"] - known["place_lat"].astype(float)).abs()
    kept = known[moved <= _SAME_DEGREES]
    columns = ["place", "lon", "lat"]
    return pd.concat([own[columns].assign(own=True), kept[columns].assign(own=False)], ignore_index=True)
