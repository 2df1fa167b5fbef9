# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of modelled people as they may leave the house: whatever tells how many people there are follows from counts as they are shown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from knopenkaart.privacy import BASE, shown, shown_rate, shown_share
from knopenkaart.tables import Table

# A share column, and the counts that it is a share of.
_SHARES = {
    "share": (("without", "people"), ("reached", "people")),
    "share_most": (("reached_most", "people"),),
    "share_a": (("shared", "people_a"),),
    "share_b": (("shared", "people_b"),),
}
_RATES = ("per_1000", "per_1000_weighted")
# What is said of people of whom too few are left to be shown is not said.
_OF_THEM = ("p10", "p25", "p50", "p75", "p90", *_RATES, "per_dwelling", "low", "high", "homes")


def protected(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """A checked frame of `table` with its people as they may be shown: rounded to tens, empty where there are fewer than ten.

    Margins, shares, rates and means follow from the rounded counts, so that they tell nothing more. Columns of counts may be empty here
    that are required in the table itself. A table without people comes back as it is.
    """
    counts = [name for name, column in table.columns.items() if column.kind == "people"]
    if not counts:
        return frame
    result = frame.copy()
    for name in counts:
        result[name] = pd.array([shown(value) for value in frame[name].astype(float)], dtype="Int64")
    for name, column in table.columns.items():
        if column.kind == "share":
            part, whole = next(pair for pair in _SHARES[name] if pair[0] in table.columns)
            pairs = zip(frame[part].astype(float), frame[whole].astype(float), strict=True)
            result[name] = pd.array([shown_share(a, b) for a, b in pairs], dtype="Float64")
    for name in _RATES:
        if name in result:
            result[name] = pd.array([shown_rate(value) for value in frame[name].astype(float)], dtype="Float64")
    if {"low", "high"} <= set(result):
        result["low"], result["high"] = _margin(frame, result["people"])
    if "per_dwelling" in result:
        result["per_dwelling"] = _per_dwelling(frame, result)
    few = result["people"].isna() if "people" in result else pd.Series(False, index=result.index)
    return result.assign(**{name: result[name].mask(few) for name in _OF_THEM if name in result})


def _margin(frame: pd.DataFrame, people: pd.Series[Any]) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """The margin around the shown count, widened to tens: a bound that was rounded on its own would tell where between two tens it lies."""
    exact = frame["people"].astype(float)
    below, above = (
        (np.ceil((wide.clip(lower=0) - 1e-9) / BASE) * BASE).astype("Int64")
        for wide in (exact - frame["low"].astype(float), frame["high"].astype(float) - exact)
    )
    return (people - below).clip(lower=0), people + above


def _per_dwelling(frame: pd.DataFrame, result: pd.DataFrame) -> pd.Series[Any]:
    """People per dwelling of a smallest area, to hundredths, from its shown counts."""
    covered = (result["people"] - result["not_covered"]).clip(lower=0).astype("Float64")
    dwellings = frame["dwellings"].astype("Float64")
    mean: pd.Series[Any] = (covered / dwellings.where(dwellings > 0)).round(2).where(frame["per_dwelling"].notna())
    return mean
