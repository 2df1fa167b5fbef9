# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of meeting as they may leave the house: whatever else is told of people follows from counts as they are shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from knopenkaart.privacy import BASE, THRESHOLD, shown, shown_share
from knopenkaart.tables.meeting import (
    CURVE_POINTS,
    MEETING,
    MEETING_AREAS,
    MEETING_CONTRIBUTION,
    MEETING_MATRIX,
    MEETING_ORIGINS,
    MEETING_PLACES,
    MEETING_PULL,
    MEETING_RIVALS,
)

ALL = "all"
Tables = Mapping[str, pd.DataFrame]
# So many digits of a number per resident or per visit are told: more would tell of how many people it is the mean.
DIGITS = 3
# These are told of nobody.
_OF_NOBODY = frozenset({"cost", "cost_low", "cost_high"})
# What a hidden count is taken for where it is one of those that make up a whole.
_HIDDEN = 5
PERCENT = 100.0
# Of distances in the town that is told of, the parts of visits that lie within them, and the steps in which they are told.
_HALF, _MOST, STEP_M, _NEAR = 0.5, 0.8, 50, 1e-9
# The share of a group among who may be met is known in so many decimals.
_SIZE_DIGITS = 9


def protected(tables: Tables, *, grouped: bool = True) -> dict[str, pd.DataFrame]:
    """Tables of meeting by name, with what tells of people made from what may be shown of them.

    People are in tens, and of fewer than ten nothing is told, nor of what is said of them. Bounds, shares and ratios follow from the counts
    as they are shown; so does what a place adds to recognition. How one-sided the visitors of a place are is told where all its groups are.
    Bounds of shares lie whole percents from what is shown, and no side of one is of fewer than ten. Means are told of ten or more, and
    every other number keeps three digits. Where groups are not told apart (`grouped`), nothing is told of meeting another group: nobody
    knows, and none is something else. Columns may be empty here that are required in the table itself.

    Method: docs/reference/meeting-file.md.
    """
    result = {name: _plain(name, frame) for name, frame in tables.items()}
    for name, told in _MORE.items():
        if name in result:
            result[name] = told(tables[name], result[name], result)
    return result if grouped else {name: _of_everybody(frame) for name, frame in result.items()}


def _of_everybody(frame: pd.DataFrame) -> pd.DataFrame:
    across = [column for column in map(str, frame) if "across" in column.split("_")]
    return frame.assign(**{column: frame[column].mask(frame[column].notna()) for column in across})


def _plain(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """People in tens, other numbers in three digits, and nothing of fewer than ten."""
    spec, result = MEETING[name], frame.copy()
    counts = [column for column, of in spec.columns.items() if of.kind == "people"]
    numbers = [column for column, of in spec.columns.items() if of.kind in ("float", "share") and column not in {*spec.key, *_OF_NOBODY}]
    for column in counts:
        result[column] = _tens(frame[column])
    for column in numbers:
        result[column] = pd.array([None if pd.isna(value) else digits(float(value)) for value in frame[column]], dtype="Float64")
    few = next((result[column].isna() for column in ("people", "visits", "encounters") if column in counts), None)
    if few is not None and few.any():
        silent = [column for column in (*counts, *numbers) if column not in spec.key]
        result[silent] = result[silent].mask(few)
    return result


def digits(value: float) -> float:
    """A number with three digits.

    >>> digits(5.29471), digits(0.000123456), digits(1234.5), digits(0.0)
    (5.29, 0.000123, 1230.0, 0.0)
    """
    return float(f"{value:.{DIGITS - 1}e}") if value and math.isfinite(value) else value


def _tens(values: pd.Series[Any]) -> Any:
    return pd.array([None if pd.isna(value) else shown(float(value)) for value in values], dtype="Int64")


def _bounds(exact: pd.DataFrame, result: pd.DataFrame, name: str) -> pd.DataFrame:
    """Bounds that lie whole tens from what is shown: rounded by themselves they would tell where between two tens it lies."""
    value = exact[name].astype(float)
    below, above = value - exact[f"{name}_low"].astype(float), exact[f"{name}_high"].astype(float) - value
    far = {side: pd.array([_up(item) for item in wide], dtype="Int64") for side, wide in (("low", below), ("high", above))}
    bounds = {f"{name}_low": (result[name] - far["low"]).clip(lower=0), f"{name}_high": result[name] + far["high"]}
    return result.assign(**bounds)


def _up(wide: float) -> int | None:
    return None if math.isnan(wide) else BASE * math.ceil((max(0.0, wide) - 1e-9) / BASE)


def _places(exact: pd.DataFrame, result: pd.DataFrame, every: Tables) -> pd.DataFrame:
    return _bounds(exact, result, "visits")


def _areas(exact: pd.DataFrame, result: pd.DataFrame, every: Tables) -> pd.DataFrame:
    for name in ("reached", "reached_across"):
        result[name] = _shares(exact[name], exact["people"])
        result = _share_bounds(exact, result, name)
    return _means(exact, result)


def _share_bounds(exact: pd.DataFrame, result: pd.DataFrame, name: str) -> pd.DataFrame:
    """Bounds that lie whole percents from the share shown; one of which either side is of fewer than ten is nobody or everybody."""
    share, people, value = (column.astype("Float64").astype(float) for column in (result[name], result["people"], exact[name]))
    below, above = value - exact[f"{name}_low"].astype(float), exact[f"{name}_high"].astype(float) - value
    low, high = (share - _percents(below)).clip(lower=0.0), (share + _percents(above)).clip(upper=1.0)
    low = low.mask(low * people < THRESHOLD, low.where(low.isna(), 0.0))
    high = high.mask((1.0 - high) * people < THRESHOLD, high.where(high.isna(), 1.0))
    return result.assign(**{f"{name}_low": _rounded(low), f"{name}_high": _rounded(high)})


def _percents(wide: pd.Series[Any]) -> pd.Series[Any]:
    """Distances rounded up to whole percents."""
    found: pd.Series[Any] = np.ceil(wide.clip(lower=0.0) * PERCENT - 1e-9) / PERCENT
    return found


def _rounded(share: pd.Series[Any]) -> Any:
    return pd.array([None if math.isnan(value) else round(value, 2) for value in share], dtype="Float64")


def _means(exact: pd.DataFrame, result: pd.DataFrame) -> pd.DataFrame:
    """Without the means of so few visits, encounters or faces that their sum would be hidden: of one place it is the sum of that place."""
    for name in ("visits", "encounters", "faces", "faces_across"):
        sums = (exact[name].astype(float) * exact["people"].astype(float)).tolist()
        few = pd.Series([math.isfinite(value) and shown(value) is None for value in sums], index=result.index, dtype=bool)
        beside = ("above", "above_now", "beside_now") if name == "faces" else ()
        of_it = [column for column in (name, f"{name}_low", f"{name}_high", *beside) if column in result]
        result[of_it] = result[of_it].mask(few)
    return result


def _shares(part: pd.Series[Any], people: pd.Series[Any]) -> Any:
    """Shares of people in whole percents; none where either part is of fewer than ten."""
    pairs = zip(part.astype(float), people.astype(float), strict=True)
    return pd.array([None if math.isnan(share + whole) else shown_share(share * whole, whole) for share, whole in pairs], dtype="Float64")


def _contribution(exact: pd.DataFrame, result: pd.DataFrame, every: Tables) -> pd.DataFrame:
    """Nothing of places of which visits or faces are hidden."""
    if MEETING_PLACES.name not in every or MEETING_AREAS.name not in every:
        return result.iloc[:0]
    places, areas = every[MEETING_PLACES.name], every[MEETING_AREAS.name]
    whole = places[places["group"] == ALL].set_index("place_id")
    groups = places[places["group"] != ALL].groupby("place_id")["visits"].agg(lambda own: bool(own.notna().all()))
    people = areas.loc[(areas["area_code"] == ALL) & (areas["group"] == ALL), "people"]
    faces = result["place_id"].map(whole["faces"]).astype("Float64")
    told = result.assign(attributed=_per(faces, people.iloc[0] if len(people) else pd.NA))
    unknown = ~result["place_id"].map(groups).fillna(False).astype(bool)
    sides = ["segregation", "null_low", "null_high"]
    told[sides] = told[sides].mask(unknown)
    told = told.assign(**_parts(exact, told["attributed"], faces, result["place_id"].map(whole["faces_across"]), areas))
    return told[faces.notna() & result["place_id"].map(whole["visits"]).notna()].reset_index(drop=True)


def _parts(
    exact: pd.DataFrame, attributed: pd.Series[Any], faces: pd.Series[Any], across: pd.Series[Any], areas: pd.DataFrame
) -> dict[str, Any]:
    """Bounds of the parts of places, outward to whole percents, with the part as it is shown between them."""
    whole = areas.loc[(areas["area_code"] == ALL) & (areas["group"] == ALL), "faces"].astype("Float64").astype(float)
    own, of_all, between = (column.astype("Float64").astype(float) for column in (faces, attributed, across))
    parts = {"part": of_all / (float(whole.iloc[0]) if len(whole) else math.nan), "part_across": between / own}
    bounds = {}
    for name, part in parts.items():
        low = np.minimum(exact[f"{name}_low"].astype(float), part.clip(upper=1.0))
        high = np.maximum(exact[f"{name}_high"].astype(float), part.clip(upper=1.0))
        bounds[f"{name}_low"] = _rounded(pd.Series(np.floor(low * PERCENT + 1e-9) / PERCENT))
        bounds[f"{name}_high"] = _rounded(pd.Series(np.ceil(high * PERCENT - 1e-9) / PERCENT))
    return bounds


def _per(faces: pd.Series[Any], people: Any) -> Any:
    if pd.isna(people) or not people:
        return pd.array([None] * len(faces), dtype="Float64")
    return pd.array([None if pd.isna(value) else digits(float(value) / float(people)) for value in faces], dtype="Float64")


def _pull(exact: pd.DataFrame, result: pd.DataFrame, every: Tables) -> pd.DataFrame:
    """Nothing of places of which visits are hidden, and no distance of which a side is of few; distances in steps."""
    told = result.copy()
    for name, part in (("half_m", _HALF), ("most_m", _MOST)):
        few = ~(told["visits"] * min(part, 1 - part) >= THRESHOLD - _NEAR).fillna(False).astype(bool)
        for column, rounding in ((name, np.round), (f"{name}_low", np.floor), (f"{name}_high", np.ceil)):
            steps = rounding(exact[column].astype("Float64").astype(float) / STEP_M) * STEP_M
            told[column] = pd.array([None if math.isnan(value) else value for value in steps], dtype="Float64")
            told[column] = told[column].mask(few)
    for name in ("home_elastic", "home_fixed"):
        told = _share_of(exact, told, name, exact["visits"])
    return told[told["visits"].notna() & _visible(told["place_id"], every)].reset_index(drop=True)


def _rivals(exact: pd.DataFrame, result: pd.DataFrame, every: Tables) -> pd.DataFrame:
    """Nothing of places of which visits are hidden, nor that these are rivals; of the others those that get ten or more."""
    told, theirs = result.copy(), result["rival_id"].map(_visits_of(every)).astype("Float64")
    for demand in ("elastic", "fixed"):
        moved = exact[f"visits_{demand}"].astype(float)
        told = _share_of(exact, told, f"goes_{demand}", moved / exact[f"goes_{demand}"].astype(float))
        told = _more(exact, told, demand, theirs)
    some = (told["goes_elastic"].fillna(0) > 0) | (told["goes_fixed"].fillna(0) > 0)
    return told[some.astype(bool) & theirs.notna() & _visible(told["place_id"], every)].reset_index(drop=True)


def _more(exact: pd.DataFrame, result: pd.DataFrame, demand: str, theirs: pd.Series[Any]) -> pd.DataFrame:
    """What a rival gets as a part of what it has, both as they are shown; bounds that lie whole percents from it."""
    name, whole = f"more_{demand}", theirs.astype(float)
    more, value = result[f"visits_{demand}"].astype("Float64").astype(float) / whole, exact[name].astype(float)
    below, above = value - exact[f"{name}_low"].astype(float), exact[f"{name}_high"].astype(float) - value
    low = (more - _percents(below)).clip(lower=0.0)
    low = low.mask(low * whole < THRESHOLD, low.where(low.isna(), 0.0))
    return result.assign(**{name: _rounded(more), f"{name}_low": _rounded(low), f"{name}_high": _rounded(more + _percents(above))})


def _origins(exact: pd.DataFrame, result: pd.DataFrame, every: Tables) -> pd.DataFrame:
    """Areas from which ten or more visits come, and that are not all but a few."""
    told = _share_of(exact, result, "share", exact["visits"].astype(float) / exact["share"].astype(float))
    return told[told["share"].notna() & _visible(told["place_id"], every)].reset_index(drop=True)


def _share_of(exact: pd.DataFrame, result: pd.DataFrame, name: str, whole: pd.Series[Any]) -> pd.DataFrame:
    """With a part of the visits of each row in whole percents, and its bounds."""
    told = result.assign(**{name: _shares(exact[name], whole), "people": _tens(whole)})
    return _share_bounds(exact, told, name).drop(columns="people")


def _visits_of(every: Tables) -> pd.Series[Any]:
    """Visits of places of which these are told."""
    if MEETING_PLACES.name not in every:
        return pd.Series(dtype="Int64")
    places = every[MEETING_PLACES.name]
    return places[places["group"] == ALL].set_index("place_id")["visits"].dropna()


def _visible(places: pd.Series[Any], every: Tables) -> pd.Series[bool]:
    return places.isin(_visits_of(every).index)


def _matrix(exact: pd.DataFrame, result: pd.DataFrame, every: Tables) -> pd.DataFrame:
    """Ratios of what is shown: a row of exact ones adds up, so that one that is hidden would follow from the others."""
    faces, ratio = exact["faces"].astype(float), exact["ratio"].astype(float)
    keys = [exact["place_id"], exact["group"]]
    # Without the last digits of a division: where a ratio ends in a five, they would tell of the faces that were divided.
    size = ((faces / ratio).where(ratio > 0) / faces.groupby(keys).transform("sum")).round(_SIZE_DIGITS)
    told = result["faces"].astype("Float64").astype(float)
    whole = told.fillna(_HIDDEN).groupby(keys).transform("sum")
    found = (told / (whole * size)).where(told > 0, told)
    result["ratio"] = pd.array([None if math.isnan(value) else digits(value) for value in found.where(ratio.notna())], dtype="Float64")
    return result


def _points(exact: pd.DataFrame, result: pd.DataFrame, every: Tables) -> pd.DataFrame:
    for name in ("within_500", "within_800"):
        result[name] = _shares(exact[name], exact["people"])
    # Visits are per place there, everything else per resident.
    each = (exact["visits"].astype(float) * exact["places"].astype(float) / exact["people"].astype(float)).astype("Float64")
    return _means(exact.assign(visits=each), result)


_MORE: Mapping[str, Callable[[pd.DataFrame, pd.DataFrame, Tables], pd.DataFrame]] = {
    MEETING_PLACES.name: _places,
    MEETING_AREAS.name: _areas,
    MEETING_CONTRIBUTION.name: _contribution,
    MEETING_PULL.name: _pull,
    MEETING_RIVALS.name: _rivals,
    MEETING_ORIGINS.name: _origins,
    MEETING_MATRIX.name: _matrix,
    CURVE_POINTS.name: _points,
}
