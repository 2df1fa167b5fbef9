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
# 670.610 and 1,234,567: a sign between every three digits.
_THOUSANDS = r"-?[1-9]\d{0,2}(?:[.,\s]\d{3})+"
# Units of which a figure can be below zero: wealth in thousands of euros, and scores.
_SIGNED = ("eur_1000", "score")


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
        numbers = pd.to_numeric(_with_point(_worded(texts, spec), spec.unit), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        signs = texts.str.casefold().isin(WITHHELD).to_numpy(dtype=bool)
    said = numbers <= SENTINEL_BELOW
    values = np.where(said | ~np.isfinite(numbers) | np.isin(numbers, spec.absent), np.nan, numbers)
    if spec.factor != 1.0:
        values = np.round(values * spec.factor, 6)
    gaps = np.where(signs | said, SUPPRESSED, MISSING).astype(object)
    gaps[~np.isnan(values)] = None
    return values, gaps


def impossible(figures: pd.DataFrame) -> pd.Series[bool]:
    """Which figures of a `figure_frame` cannot be: below zero, a percent above 100, or a count with decimals."""
    values, units = figures["value"].astype(float), figures["unit"]
    below = (values < 0) & ~units.isin(_SIGNED)
    found: pd.Series[bool] = below | (units.eq("percent") & (values > 100)) | (units.eq("count") & values.notna() & (values % 1 != 0))
    return found


def _with_point(texts: pd.Series[Any], unit: str) -> pd.Series[Any]:
    """Numbers as a program writes them: a point for decimals, and nothing between thousands.

    Three digits behind a sign may be decimals; not of a count, where every number with a sign has them so.
    """
    if unit == "percent":
        texts = texts.str.removesuffix("%").str.rstrip()
    marked = texts.str.contains(r"\d[.,\s]\d", na=False).astype(bool)
    if not marked.any():
        return texts
    if unit == "count" and bool(texts[marked].str.fullmatch(_THOUSANDS).all()):
        return texts.mask(marked, texts.str.replace(r"[.,\s]", "", regex=True))
    for thousands, decimal in ((".", ","), (",", "."), (" ", ",")):
        grouped = texts.str.fullmatch(rf"-?\d{{1,3}}(?:[{thousands}]\d{{3}})+[{decimal}]\d+", na=False).astype(bool)
        texts = texts.mask(grouped, texts.str.replace(thousands, ""))
    return texts.str.replace(",", ".")


def _worded(texts: pd.Series[Any], spec: FigureColumn) -> pd.Series[Any]:
    """Words that stand for a number (zeer sterk stedelijk) replaced by it."""
    if not spec.words:
        return texts
    meanings = dict(spec.words)
    known = {text: str(meanings[plain(text)]) for text in texts.dropna().unique() if plain(text) in meanings}
    return texts.replace(known) if known else texts
