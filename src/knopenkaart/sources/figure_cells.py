# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The figures of a whole file at once: what every cell of its known columns says, and why a cell says nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from knopenkaart.sources.figure_columns import SENTINEL_BELOW, FigureColumn, figure_columns, plain

# CBS: "the figure is unknown, not reliable enough or secret". An empty cell says that there cannot be a figure.
WITHHELD = (".", "x", "*")
MISSING, SUPPRESSED = "missing", "suppressed"


def figure_frame(frame: pd.DataFrame, codes: pd.Series[Any], *, year: int, of_columns: Collection[int] = ()) -> pd.DataFrame:
    """Columns area_code, indicator, year, unit, value (float) and gap (missing or suppressed where there is no value), a row per cell.

    `codes` names the area of each row of `frame`; `year` is that of the columns that do not say theirs, and of those that do only the
    years in `of_columns` are read. A percent gives way to a count of the same indicator: a figure has one unit per file.
    """
    chosen = figure_columns(frame, years=of_columns)
    counted = {spec.indicator for spec in chosen.values() if spec.unit == "count"}
    kept = {column: spec for column, spec in chosen.items() if spec.unit != "percent" or spec.indicator not in counted}
    cells = [cell_values(frame[column], spec) for column, spec in kept.items()]
    empty = np.empty(0, dtype=object)
    return pd.DataFrame(
        {
            "area_code": np.tile(codes.to_numpy(), len(kept)),
            "indicator": np.repeat(np.array([spec.indicator for spec in kept.values()], dtype=object), len(frame)),
            "year": np.repeat(np.array([spec.year or year for spec in kept.values()], dtype=int), len(frame)),
            "unit": np.repeat(np.array([spec.unit for spec in kept.values()], dtype=object), len(frame)),
            "value": pd.array(np.concatenate([values for values, _ in cells]) if cells else empty, dtype="Float64"),
            "gap": np.concatenate([gaps for _, gaps in cells]) if cells else empty,
        }
    )


def cell_values(column: pd.Series[Any], spec: FigureColumn) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The numbers of a column as published (times the unit's factor), NaN where there is none, and why there is none."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
        signs = np.zeros(len(column), dtype=bool)
    else:
        texts = column.astype("string").str.strip()
        numbers = pd.to_numeric(_worded(texts, spec).str.replace(",", "."), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        signs = texts.str.casefold().isin(WITHHELD).to_numpy(dtype=bool)
    said = numbers <= SENTINEL_BELOW
    values = np.where(said | ~np.isfinite(numbers) | np.isin(numbers, spec.absent), np.nan, numbers)
    if spec.factor != 1.0:
        values = np.round(values * spec.factor, 6)
    gaps = np.where(signs | said, SUPPRESSED, MISSING).astype(object)
    gaps[~np.isnan(values)] = None
    return values, gaps


def _worded(texts: pd.Series[Any], spec: FigureColumn) -> pd.Series[Any]:
    """Words that stand for a number (zeer sterk stedelijk) replaced by it."""
    if not spec.words:
        return texts
    meanings = dict(spec.words)
    known = {text: str(meanings[plain(text)]) for text in texts.dropna().unique() if plain(text) in meanings}
    return texts.replace(known) if known else texts
