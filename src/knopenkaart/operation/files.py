# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of use and money as CSV files in a folder: read with every fault at once, and written."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from knopenkaart.errors import Fault, InputError
from knopenkaart.tables import MONEY, PLACE_FACTS, ROOM_HOURS, Column, Table

READ = {table.name: table for table in (PLACE_FACTS, ROOM_HOURS, MONEY)}
_WORDS = {"yes": True, "true": True, "no": False, "false": False}


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables `place_facts`, `room_hours` and `money` of a folder, from files with these names and the columns of the tables.

    UTF-8 with commas or semicolons; a column that is not required may be absent, and an empty cell is not known. Raises InputError where
    none of the files is there, or with every fault of all of them.
    """
    faults: list[Fault] = []
    paths = {name: folder / f"{name}.csv" for name in READ}
    found = {name: list(_records(path, READ[name], faults)) for name, path in paths.items() if path.is_file()}
    if not found:
        names = ", ".join(path.name for path in paths.values())
        raise InputError(f"{folder.name} holds none of {names}.", code="use.no_files", remedy="See docs/reference/commands.md.")
    if faults:
        raise InputError("These files cannot be used.", code="use.files", remedy="Correct what is named.", faults=faults)
    return {name: READ[name].frame(rows) for name, rows in found.items()}


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> list[str]:
    """Write tables as CSV files with their names into a folder; lists stand in them as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        cells = frame.astype(object).map(lambda value: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value)
        cells.to_csv(folder / f"{name}.csv", index=False)
    return [f"{name}.csv" for name in tables]


def _records(path: Path, table: Table, faults: list[Fault]) -> Iterator[dict[str, Any]]:
    rows = _rows(path, faults)
    header = rows[0] if rows else []
    absent = [name for name, column in table.columns.items() if column.required and name not in header]
    faults += [Fault("use.column", "is absent", path.name, column=name) for name in absent]
    faults += [Fault("use.column", f"is no column of {table.name}", path.name, column=name) for name in header if name not in table.columns]
    seen: set[tuple[Any, ...]] = set()
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: text.strip() for name, text in zip(header, row, strict=False) if name in table.columns}
        if not any(cells.values()):
            continue
        record = {
            name: _value(cells.get(name, ""), column, Fault("use.value", "", path.name, number, name), faults)
            for name, column in table.columns.items()
            if name not in absent
        }
        key = tuple(record.get(name) for name in table.key)
        if key in seen:
            faults.append(Fault("use.twice", f"{', '.join(map(str, key))} stands here twice", path.name, number))
        seen.add(key)
        yield record


def _rows(path: Path, faults: list[Fault]) -> list[list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        faults.append(Fault("use.value", "is not UTF-8", path.name))
        return []
    first = text.partition("\n")[0]
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ","))


def _value(text: str, column: Column, where: Fault, faults: list[Fault]) -> Any:
    """One cell as its column wants it; what cannot be is a fault at that cell."""
    if not text:
        if column.required:
            faults.append(_at(where, "is empty", text))
        return None
    try:
        return _READERS[column.kind](text)
    except (ValueError, KeyError):
        faults.append(_at(where, f"is not {_KINDS[column.kind]}", text))
        return None


def _at(where: Fault, message: str, text: str) -> Fault:
    return Fault(where.code, message, where.file, where.row, where.column, text or None)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


_READERS: Mapping[str, Callable[[str], Any]] = {
    "text": str,
    "int": int,
    "float": _finite,
    "bool": lambda text: _WORDS[text.casefold()],
    "date": date.fromisoformat,
}
_KINDS = {"int": "a whole number", "float": "a number (12.5)", "bool": "yes or no", "date": "a day (2025-12-31)"}
