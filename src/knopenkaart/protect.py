# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of modelled people as they may leave the house: whatever tells how many people there are follows from counts as they are shown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from knopenkaart.privacy import BASE, QUANTILES, shown, shown_rate, shown_share
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
_OF_THEM = (*_RATES, "low", "high", "homes")
# From these the people of any few homes could be reckoned.
PER_HOME = {"homes": "dwellings", "residents": "per_dwelling"}


def protected(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """A checked frame of `table` with its people as they may be shown: rounded to tens, empty where there are fewer than ten.

    Margins, shares and rates follow from the rounded counts, so that they tell nothing more; quantiles are those of enough people. What
    tells how many live in one home is empty. Columns of counts may be empty here that are required in the table itself. A table without
    any of this comes back as it is.
    """
    counts = [name for name, column in table.columns.items() if column.kind == "people"]
    per_home = PER_HOME.get(table.name)
    if not counts and per_home is None:
        return frame
    result = frame.copy()
    if per_home is not None:
        result[per_home] = pd.array([None] * len(frame), dtype="Float64")
    for name in counts:
        result[name] = pd.array([shown(value) for value in frame[name].astype(float)], dtype="Int64")
    for name in (name for name, column in table.columns.items() if column.kind == "share"):
        result[name] = _share(frame, name)
    for name in set(_RATES) & set(result):
        result[name] = _rate(frame, name)
    if {"low", "high"} <= set(result):
        result["low"], result["high"] = _margin(frame, result["people"])
    return _silent_on_few(result, table)


def _silent_on_few(result: pd.DataFrame, table: Table) -> pd.DataFrame:
    if "people" not in result:
        return result
    people = result["people"]
    quantiles = {name: result[name].mask((people < fewest).fillna(True)) for name, fewest in QUANTILES.items() if name in result}
    # Homes of an area (a whole number) are no count of people; dwellings in reach of a place are.
    of_them = [name for name in _OF_THEM if name in result and table.columns[name].kind != "int"]
    return result.assign(**quantiles, **{name: result[name].mask(people.isna()) for name in of_them})


def _share(frame: pd.DataFrame, name: str) -> Any:
    part, whole = next(pair for pair in _SHARES[name] if pair[0] in frame)
    pairs = zip(frame[part].astype(float), frame[whole].astype(float), strict=True)
    return pd.array([shown_share(a, b) for a, b in pairs], dtype="Float64")


def _rate(frame: pd.DataFrame, name: str) -> Any:
    """Places per 1,000 persons; none where those who have one in reach, or those who have none, are too few to be told of."""
    rows = zip(*(frame[column].astype(float) for column in (name, "reached", "people")), strict=True)
    return pd.array(
        [shown_rate(rate) if None not in (shown(some), shown(max(0.0, everybody - some))) else None for rate, some, everybody in rows],
        dtype="Float64",
    )


def _margin(frame: pd.DataFrame, people: pd.Series[Any]) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """The margin around the shown count, widened to tens: a bound that was rounded on its own would tell where between two tens it lies."""
    exact = frame["people"].astype(float)
    below, above = (
        (np.ceil((wide.clip(lower=0) - 1e-9) / BASE) * BASE).astype("Int64")
        for wide in (exact - frame["low"].astype(float), frame["high"].astype(float) - exact)
    )
    return (people - below).clip(lower=0), people + above
