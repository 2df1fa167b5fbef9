# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The rows of a table of figures as some program saved it: encoding, delimiter, sheet and row of headers follow from the content."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pandas as pd

from knopenkaart.errors import InputError
from knopenkaart.sources._rows import decode, sniff_delimiter, unpack_gzip
from knopenkaart.sources.figure_columns import holds_figures

TABULAR = (".csv", ".csv.gz", ".txt", ".tsv", ".xlsx", ".xls")
# Above the headers may stand a title and a few lines about the table.
_HEADER_ROWS = 20
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_table(path: Path) -> pd.DataFrame:
    """A table as text (cells of a workbook as they are), from the row of headers: the first in which a figure is known, else the first.

    Of a workbook the first sheet with such a row is read. Raises InputError for what is no table, or the beginning of one.
    """
    try:
        data = path.read_bytes()
        if data.startswith(_OLD_EXCEL):
            raise _unreadable(path, "it is an old Excel workbook (.xls).", "Open it and save it as an Excel workbook (.xlsx) or CSV.")
        if data.startswith(b"PK\x03\x04"):
            return _workbook(path)
        return _delimited(decode(unpack_gzip(data, path.name) if data.startswith(b"\x1f\x8b") else data, path.name), path)
    except (OSError, ValueError, KeyError, BadZipFile, csv.Error) as error:
        raise _unreadable(path, str(error), "Give the file as StatLine or CBS publishes it: CSV (may be .gz) or XLSX.") from error


def _unreadable(path: Path, why: str, remedy: str) -> InputError:
    return InputError(f"{path.name} cannot be read as a table: {why}", code="figures.unreadable", remedy=remedy)


def _delimited(text: str, path: Path) -> pd.DataFrame:
    lines = text.splitlines(keepends=True)
    if not text.strip():
        raise _unreadable(path, "it is empty.", "Fetch or save it again.")
    delimiter = sniff_delimiter(text)
    first = _header_row(next(csv.reader([line], delimiter=delimiter), []) for line in lines[:_HEADER_ROWS])
    header, last = (next(csv.reader([line], delimiter=delimiter), []) for line in (lines[first], lines[-1]))
    if not lines[-1].endswith("\n") and 1 < len(last) < len(header):
        raise _unreadable(path, "it ends in the middle of a row, so a part of it is lost.", "Fetch or save it again.")
    frame = pd.read_csv(
        io.StringIO("".join(lines[first:])), sep=delimiter, dtype=str, keep_default_na=False, na_values=[""], skipinitialspace=True
    )
    if frame.empty:
        raise _unreadable(path, "it has no rows below its headers.", "Fetch or save it again.")
    return pd.DataFrame({column: frame[column].str.strip() for column in frame.columns})


def _workbook(path: Path) -> pd.DataFrame:
    with pd.ExcelFile(path, engine="openpyxl") as book:
        sheet, first = str(book.sheet_names[0]), 0
        for name in map(str, book.sheet_names):
            head = pd.read_excel(book, sheet_name=name, header=None, nrows=_HEADER_ROWS, dtype=object)
            found = _header_row(head.itertuples(index=False), none=-1)
            if found >= 0:
                sheet, first = name, found
                break
        frame: pd.DataFrame = pd.read_excel(book, sheet_name=sheet, header=first, dtype=object)
    return frame.map(lambda value: value.strip() if isinstance(value, str) else value)


def _header_row(rows: Iterable[Iterable[Any]], *, none: int = 0) -> int:
    """The number of the first row that names a known figure beside something else."""
    for number, row in enumerate(rows):
        cells = [str(cell) for cell in row if isinstance(cell, str) and cell.strip()]
        if len(cells) > 1 and holds_figures(pd.DataFrame(columns=cells)):
            return number
    return none
