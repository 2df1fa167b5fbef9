# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of modelled people as they may leave the house: every count and every share of people passes knopenkaart.privacy."""

from __future__ import annotations

import pandas as pd

from knopenkaart.privacy import shown, shown_share
from knopenkaart.tables import Table

# A share column, and the counts that it is a share of.
_SHARES = {
    "share": (("without", "people"), ("reached", "people")),
    "share_most": (("reached_most", "people"),),
    "share_a": (("shared", "people_a"),),
    "share_b": (("shared", "people_b"),),
}
# What is said of people of whom too few are left to be shown is not said.
_OF_THEM = ("p10", "p25", "p50", "p75", "p90", "per_1000", "per_1000_weighted", "per_dwelling")


def protected(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """A checked frame of `table` with its people as they may be shown: rounded to tens, empty where there are fewer than ten.

    Shares follow from the exact counts and are whole percents, empty where the part or the rest is hidden. Columns of counts may be empty
    here that are required in the table itself. A table without people comes back as it is.
    """
    counts = [name for name, column in table.columns.items() if column.kind == "people"]
    if not counts:
        return frame
    result = frame.copy()
    for name, column in table.columns.items():
        if column.kind == "people":
            result[name] = pd.array([shown(value) for value in frame[name].astype(float)], dtype="Int64")
        elif column.kind == "share":
            part, whole = next(pair for pair in _SHARES[name] if pair[0] in table.columns)
            values = [shown_share(a, b) for a, b in zip(frame[part].astype(float), frame[whole].astype(float), strict=True)]
            result[name] = pd.array(values, dtype="Float64")
    return _silent_on_few(result)


def _silent_on_few(result: pd.DataFrame) -> pd.DataFrame:
    """Where the people that a row is about are hidden, so is the rest that tells how many they are."""
    few = result["people"].isna() if "people" in result else pd.Series(False, index=result.index)
    for name in [*_OF_THEM, "low", "high", "homes"]:
        if name in result and name != "people":
            result[name] = result[name].mask(few)
    return result
