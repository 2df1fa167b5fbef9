# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a table is: columns with units and a key, one check, and the way to and from records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal, TypeVar

import geopandas as gpd
import pandas as pd

from knopenkaart.errors import StoreError

# `people` are counts of modelled residents, or of the dwellings that stand for them, and `share` is a part of such a count: they leave the
# house through knopenkaart.privacy only.
Kind = Literal["text", "int", "float", "people", "share", "bool", "date", "json", "geometry"]
Record = TypeVar("Record")

_DTYPES: Mapping[str, Any] = {
    "text": "string",
    "int": "Int64",
    "float": "Float64",
    "people": "Float64",
    "share": "Float64",
    "bool": "boolean",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its kind, whether a value is required, what it means (with its unit)."""

    kind: Kind
    required: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A named set of columns with a key. Geometry is CRS84 (EPSG:4326, lon lat) in every table."""

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]

    @property
    def geometry(self) -> str | None:
        return next((name for name, column in self.columns.items() if column.kind == "geometry"), None)

    def empty(self) -> pd.DataFrame:
        """The table without rows, with the right types."""
        return self.frame([])

    def frame(self, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
        """Rows (mappings; absent columns become missing) as a checked frame; a GeoDataFrame where the table has geometry."""
        data = list(rows)
        columns = {name: [row.get(name) for row in data] for name in self.columns}
        return self.check(pd.DataFrame(columns, columns=list(self.columns), dtype=object))

    def check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with exactly these columns, in order and type. Raises StoreError naming the column and row that break the table."""
        absent = [name for name in self.columns if name not in frame.columns]
        if absent:
            raise StoreError(f"Table {self.name} lacks the column(s) {', '.join(absent)}.", code="table.columns")
        result = pd.DataFrame(index=range(len(frame)))
        for name, column in self.columns.items():
            result[name] = self._cast(name, column, frame[name].reset_index(drop=True))
        duplicated = result.duplicated(list(self.key)) if self.key else pd.Series(False, index=result.index)
        if duplicated.any():
            row = int(duplicated.to_numpy().argmax())
            raise StoreError(f"Table {self.name}: row {row} repeats the key {tuple(result.loc[row, list(self.key)])}.", code="table.key")
        return gpd.GeoDataFrame(result, geometry=self.geometry, crs="EPSG:4326") if self.geometry else result

    def _cast(self, name: str, column: Column, values: pd.Series[Any]) -> pd.Series[Any]:
        missing = values.isna()
        if column.required and missing.any():
            raise StoreError(f"Table {self.name}: column {name} is empty in row {int(missing.to_numpy().argmax())}.", code="table.missing")
        if column.kind == "geometry":
            located: pd.Series[Any] = gpd.GeoSeries(values, crs="EPSG:4326")
            return located
        if column.kind in ("date", "json"):
            return values.astype(object).where(~missing, None)
        if values.dtype == _DTYPES[column.kind]:
            # Already so: tables of millions of rows are not made anew at every door.
            return values
        try:
            return values.astype(object).where(~missing, pd.NA).astype(_DTYPES[column.kind])
        except (TypeError, ValueError) as error:
            raise StoreError(f"Table {self.name}: column {name} is not {column.kind}: {error}", code="table.type") from error


def table(name: str, key: tuple[str, ...], /, **columns: tuple[Kind, bool, str]) -> Table:
    """A table from its name, its key, and (kind, required, meaning) of each column."""
    return Table(name, key, {column: Column(*spec) for column, spec in columns.items()})


def to_records(frame: pd.DataFrame, record: type[Record]) -> list[Record]:
    """The rows of a frame as records of one dataclass: missing becomes None, lists become tuples; columns the record lacks are left out."""
    names = [item.name for item in fields(record) if item.name in frame.columns]  # type: ignore[arg-type]
    columns = [_plain(frame[name]) for name in names]
    return [record(**dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


def from_records(records: Iterable[Any], table: Table) -> pd.DataFrame:
    """Records as a checked frame of `table`; columns that the record lacks stay empty."""
    return table.frame({name: getattr(record, name, None) for name in table.columns} for record in records)


def _plain(values: pd.Series[Any]) -> list[Any]:
    return [_plain_value(value) for value in values.astype(object)]


def _plain_value(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return tuple(value)
    if isinstance(value, (dict, date)):
        return value
    return None if pd.isna(value) else value


def encode_json(value: Any) -> str:
    """A JSON cell as it is written to a file."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
