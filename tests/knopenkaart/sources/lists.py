# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lists of places as files, and what was read of them: for the tests of own lists."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from knopenkaart.errors import Fault
from knopenkaart.sources.sheets import ListFile, Mapping, guess_mapping, read_list
from knopenkaart.vocabulary.reader import Vocabulary

HEADER = ("Naam", "Soort", "Adres", "Postcode", "Plaats")
BOUNDS = (4.9, 51.9, 5.1, 52.1)


def csv_of(*rows: Sequence[str], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def xlsx_of(*rows: Sequence[Any], sheet: str = "Blad1", more: dict[str, Sequence[Sequence[Any]]] | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    for name, others in (more or {}).items():
        page = book.create_sheet(name)
        for row in others:
            page.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(content: bytes, vocabulary: Vocabulary, *, mapping: Mapping | None = None, **more: Any) -> ListFile:
    name = more.pop("file_name", "lijst.csv")
    mapping = mapping or guess_mapping(content, vocabulary=vocabulary, file_name=name)
    return read_list(content, mapping=mapping, vocabulary=vocabulary, file_name=name, **more)


def fields(mapping: Mapping) -> dict[str, str | None]:
    return {column.header: column.field for column in mapping.columns}


def the_fault(result: ListFile, code: str) -> Fault:
    found = [fault for fault in result.faults if fault.code == code]
    assert len(found) == 1, result.faults
    return found[0]
