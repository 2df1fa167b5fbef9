# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which column of a published file is which indicator, and what a cell of it says."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pandas as pd

from knopenkaart.errors import InputError
from knopenkaart.vocabulary.catalogue import Series, load_catalogue

# CBS writes -99999999, -99997 and the like where it publishes nothing; no figure of an area is that low.
SENTINEL_BELOW = -90000
# Whole percents of five groups: Delft Binnenstad sums to 102.
PERCENT_SUM = (95.0, 105.0)
# A table of RIVM has rows for the value and for the ends of its margin, and for ages: the value for all adults is the figure.
_WHOLE = {"marges": ("mw00000", "waarde"), "leeftijd": ("20300", "18jaarofouder")}
AGE_GROUPS = ("pop_0_14", "pop_15_24", "pop_25_44", "pop_45_64", "pop_65plus")


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A column of a file that holds an indicator: unit, factor to it, meaning of words, numbers that mean nothing, and its only year."""

    indicator: str
    unit: str
    factor: float = 1.0
    words: tuple[tuple[str, float], ...] = ()
    absent: tuple[float, ...] = ()
    year: int = 0


def simplify(column: str) -> str:
    """A column name as letters and digits only: without unit in brackets, path, or the number that OData appends."""
    tail = column.replace("\ufeff", "").strip().rstrip("/").rsplit("/", 1)[-1]
    tail = re.sub(r"\s*\([^()]*\)\s*$", "", tail)
    if re.search(r"[a-z][A-Z]|^[A-Z][a-z]+_\d+$|^k_\d", tail):
        tail = re.sub(r"_\d+$", "", tail)
    return re.sub(r"[^a-z0-9]", "", plain(tail))


def plain(text: str) -> str:
    """Text without diacritics and case, for comparison."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold().strip()


def holds_figures(frame: pd.DataFrame) -> bool:
    """Whether a frame has a column with a known indicator, of whatever year."""
    return any(_known(column) is not None for column in frame.columns)


def whole_rows(frame: pd.DataFrame, *, subject: str) -> pd.DataFrame:
    """The rows of a table that are about everybody and are a value, where it has others for the ends of margins or for ages.

    Raises InputError where it has several of a kind and none of them is known to be the whole.
    """
    for column in frame.columns:
        whole = _WHOLE.get(simplify(str(column)))
        if whole is None:
            continue
        kinds = frame[column].map(lambda text: simplify(str(text)))
        if kinds.isin(whole).any():
            frame = frame[kinds.isin(whole)]
        elif kinds.nunique() > 1:
            raise InputError(
                f"{subject} has {kinds.nunique()} kinds of rows per area in its column {column}, and which are the whole is not known.",
                code="figures.several_rows",
                remedy="Export it with one value of that column: the figure itself, for everybody.",
            )
    return frame.reset_index(drop=True)


def publication_of(frame: pd.DataFrame) -> Series:
    """The series in which most of the indicators of a frame are published, after its columns; the key figures where no series is."""
    catalogue = load_catalogue()
    specs = [spec for column in frame.columns if (spec := _known(column)) is not None]
    named = [{one.series for one in catalogue.indicators[spec.indicator].published} for spec in specs]
    counted = Counter({name: sum(name in names for names in named) for name in catalogue.series})
    return catalogue.series[counted.most_common(1)[0][0]]


def years_of_columns(frame: pd.DataFrame) -> list[int]:
    """The years of columns whose name says which year they are about (KL02 ... KL16), earliest first."""
    specs = (_known(column) for column in frame.columns)
    return sorted({spec.year for spec in specs if spec is not None and spec.year})


def series_of_columns(frame: pd.DataFrame) -> str:
    """The one publication whose own names of columns a table has, each with its year; empty where it has other figures too."""
    catalogue = load_catalogue()
    specs = [spec for column in frame.columns if (spec := _known(column)) is not None]
    named = {one.series for spec in specs for one in catalogue.indicators[spec.indicator].published if spec.year in one.years}
    sure = len(named) == 1 and all(spec.year for spec in specs)
    return catalogue.series[named.pop()].nl if sure else ""


def figure_columns(frame: pd.DataFrame, *, years: Collection[int] = ()) -> dict[Hashable, FigureColumn]:
    """The columns of a frame that hold a known indicator; of two with the same indicator, unit and year the first counts.

    A column whose name says its year counts only where that is one of the `years` that are asked.
    Ages given as `pop_0_14` and so on are percents where the five sum to about 100 in most areas, else counts.
    """
    found: dict[Hashable, FigureColumn] = {}
    for column in frame.columns:
        spec = _known(column)
        seen = {(item.indicator, item.unit, item.year) for item in found.values()}
        if spec is not None and spec.year in (0, *years) and (spec.indicator, spec.unit, spec.year) not in seen:
            found[column] = spec
    open_unit = [column for column, spec in found.items() if spec.unit == "share_or_count"]
    if not open_unit:
        return found
    unit = _age_unit(frame[open_unit])
    return {column: replace(spec, unit=unit) if column in open_unit else spec for column, spec in found.items()}


def figure_rows(frame: pd.DataFrame, codes: pd.Series[Any], *, year: int, source: str) -> list[dict[str, Any]]:
    """Rows of FIGURES for every indicator column of a frame; `codes` names the area of each row.

    A percent gives way to a count of the same indicator in the same file: a figure has one unit per source.
    """
    rows: list[dict[str, Any]] = []
    chosen = figure_columns(frame, years=(year,))
    counted = {spec.indicator for spec in chosen.values() if spec.unit == "count"}
    for column, spec in chosen.items():
        if spec.unit == "percent" and spec.indicator in counted:
            continue
        for code, value in zip(codes, frame[column], strict=True):
            rows.append(
                {
                    "area_code": code,
                    "area_year": year,
                    "indicator": spec.indicator,
                    "value": cell_value(value, spec),
                    "unit": spec.unit,
                    "year": year,
                    "source": source,
                    "joined": True,
                    "reason": None,
                }
            )
    return rows


def cell_value(value: Any, spec: FigureColumn) -> float | None:
    """The number in a cell as published (times the unit's factor); None where the source gives or admits nothing."""
    number = _word(value, spec) if isinstance(value, str) else _number(value)
    if number is None or math.isnan(number) or number <= SENTINEL_BELOW or number in spec.absent:
        return None
    return round(number * spec.factor, 6) if spec.factor != 1.0 else number


def _word(text: str, spec: FigureColumn) -> float | None:
    meaning = dict(spec.words).get(plain(text))
    return meaning if meaning is not None else _number(text.strip().replace(",", "."))


def _number(value: Any) -> float | None:
    try:
        return None if value is None or value is pd.NA else float(value)
    except (TypeError, ValueError):
        return None


def _with_parent(column: str) -> str:
    # StatLine repeats the tail (".../Herkomstland/Nederland"); only with its parent is it a name.
    parts = [re.sub(r"\s*\([^()]*\)", "", part).strip() for part in column.split("/")]
    return " ".join(parts[-2:]) if len(parts) > 1 else column


def _age_unit(ages: pd.DataFrame) -> str:
    sums = ages.apply(pd.to_numeric, errors="coerce").sum(axis=1, min_count=len(AGE_GROUPS)).dropna()
    sums = sums[sums > 0]
    return "percent" if len(sums) and float(sums.between(*PERCENT_SUM).mean()) > 0.5 else "count"


def _known(column: Hashable) -> FigureColumn | None:
    known = _by_name()
    return known.get(simplify(_with_parent(str(column)))) or known.get(simplify(str(column)))


@cache
def _by_name() -> Mapping[str, FigureColumn]:
    known: dict[str, FigureColumn] = {}
    for item in load_catalogue().indicators.values():
        words = tuple((plain(word), number) for word, number in item.words.items())
        for column in item.columns:
            for name in column.names:
                known[simplify(name)] = FigureColumn(item.id, column.unit, column.factor, words, column.absent, column.year)
    return known
