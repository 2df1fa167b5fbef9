# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A municipality's own list (XLSX or CSV) as places: every fault at once with its row and column, the sound rows usable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from knopenkaart.errors import Fault, InputError
from knopenkaart.records import Source, place_id
from knopenkaart.sources._list_row import PLAIN_FIELDS, Bounds, Context, Row, add_fault, context_of, read_row
from knopenkaart.sources._rows import Sheet, read_sheet
from knopenkaart.sources.mapping import HEADER_SEARCH_ROWS, ColumnMapping, Mapping, guess_mapping, source_of
from knopenkaart.tables import ATTRIBUTES, DECISIONS, NOTICES, PLACES
from knopenkaart.vocabulary.reader import Vocabulary

__all__ = ["ListFile", "Mapping", "guess_mapping", "read_list"]


@dataclass(frozen=True)
class ListFile:
    """What a list gives: places and their attributes from the sound rows; every fault; what became of every row; things to know."""

    places: pd.DataFrame
    attributes: pd.DataFrame
    source: Source
    faults: tuple[Fault, ...]
    decisions: pd.DataFrame
    notices: pd.DataFrame


def read_list(
    content: Path | bytes,
    *,
    mapping: Mapping,
    vocabulary: Vocabulary,
    addresses: pd.DataFrame | None = None,
    source_id: str | None = None,
    file_name: str | None = None,
    bounds: Bounds | None = None,
    title: str = "",
    list_date: date | None = None,
    licence: str = "not stated",
    attribution: str = "",
    confidential: bool = False,
) -> ListFile:
    """The places of a list.

    `content` is a path or the bytes of an upload (`file_name` is then its name); `addresses` (ADDRESSES) locates rows without coordinates;
    `bounds` (west, south, east, north, degrees) is where the municipality is: coordinates outside it are a fault, and without it the
    Netherlands. `source_id` names the list as a source (default: that of the mapping) and must stay the same for its next version.
    Nothing is written. Returns a ListFile; rows with a fault are listed and left out. Raises InputError when the file as a whole cannot
    be read or lacks columns of the mapping.
    """
    sheet = read_sheet(content, file_name=file_name, sheet=mapping.sheet)
    mapping = _fitted(mapping, sheet)
    _check_columns(sheet, mapping, vocabulary)
    name = Path(sheet.file).stem
    source = Source(
        id=source_id or mapping.source or source_of(sheet.file),
        title=title or name,
        date=list_date or sheet.modified,
        licence=licence,
        attribution=attribution or title or name,
        file=sheet.file,
        sha256=sheet.sha256,
        confidential=confidential,
    )
    context = context_of(sheet.file, mapping, vocabulary, addresses, bounds, source)
    data = _data_rows(sheet, mapping)
    if not data:
        raise InputError(f"{sheet.file} has no rows below its headers.", code="file.empty", remedy="Check that the list was saved.")
    rows = [read_row(Row(number, cells), context) for number, cells in data]
    _refuse_doubles(rows, context)
    return _result(rows, context)


def _fitted(mapping: Mapping, sheet: Sheet) -> Mapping:
    """The mapping on a next version of its list: the row of headers and the columns are found again by the headers themselves."""
    wanted = {column.header for column in mapping.columns if column.field}
    numbers = [mapping.header_row, *range(1, HEADER_SEARCH_ROWS + 1)]
    rows = [number for number in numbers if 0 < number <= len(sheet.rows)]
    header_row = max(rows, key=lambda number: len(wanted & set(sheet.rows[number - 1])), default=mapping.header_row)
    header = sheet.rows[header_row - 1] if rows else ()
    columns = tuple(
        replace(column, number=header.index(column.header) + 1)
        if header.count(column.header) == 1 and header[column.number - 1 : column.number] != (column.header,)
        else column
        for column in mapping.columns
    )
    return replace(mapping, header_row=header_row, columns=columns)


def _check_columns(sheet: Sheet, mapping: Mapping, vocabulary: Vocabulary) -> None:
    """Refuse a mapping of another file: a column that is not there; and a kind that does not exist."""
    header = sheet.rows[mapping.header_row - 1] if 0 < mapping.header_row <= len(sheet.rows) else ()
    faults = [
        Fault("list.no_column", f"there is no column {column.header!r}", sheet.file, mapping.header_row, column.header)
        for column in mapping.columns
        if column.field and (header[column.number - 1] if column.number <= len(header) else "") not in (column.header, "")
    ]
    faults += [
        Fault("mapping.kind", f"the mapping names an unknown kind {kind!r}", sheet.file, value=kind)
        for kind in sorted({mapping.default_kind or "", *mapping.kinds.values()})
        if kind and kind not in vocabulary.kinds
    ]
    if not mapping.column_of("name"):
        faults.append(Fault("mapping.no_name", "no column is mapped to the name", sheet.file))
    if not mapping.column_of("kind") and not mapping.default_kind:
        faults.append(Fault("mapping.no_kind", "no column is mapped to the kind, and the mapping has no default kind", sheet.file))
    if faults:
        remedy = "Correct the mapping, or make a new one with `knopenkaart mapping FILE`."
        raise InputError(f"The mapping does not fit {sheet.file}.", code="mapping.misfit", remedy=remedy, faults=faults)


def _data_rows(sheet: Sheet, mapping: Mapping) -> list[tuple[int, dict[str, str]]]:
    columns = [(column.field, column.number - 1) for column in mapping.columns if column.field]
    rows = []
    for number, row in enumerate(sheet.rows[mapping.header_row :], start=mapping.header_row + 1):
        cells = {name: row[i] for name, i in columns if i < len(row) and row[i].strip()}
        if cells:
            rows.append((number, cells))
    return rows


def _refuse_doubles(rows: Sequence[Row], context: Context) -> None:
    first: dict[str, int] = {}
    for row in rows:
        if row.skipped or not row.cells.get("name"):
            continue
        if row.source_id in first:
            name = "id" if "id" in row.cells else "name"
            same = "this identifier stands" if name == "id" else "this place, at the same address, stands"
            add_fault(row, context, name, "list.double_row", f"{same} in row {first[row.source_id]} too")
        first.setdefault(row.source_id, row.number)


def _result(rows: Sequence[Row], context: Context) -> ListFile:
    sound = [row for row in rows if row.kind and not row.faults and not row.skipped]
    notices = [notice for row in rows for notice in row.notices]
    return ListFile(
        places=PLACES.frame(_place(row, context) for row in sound),
        attributes=ATTRIBUTES.frame(attribute for row in sound for attribute in _attributes(row, context)),
        source=context.source,
        faults=tuple(fault for row in rows for fault in row.faults),
        decisions=DECISIONS.frame(_decision(row, context) for row in rows),
        notices=NOTICES.frame(notices),
    )


def _confidential(name: str, context: Context) -> bool:
    column: ColumnMapping | None = context.mapping.column_of(name)
    return context.source.confidential or bool(column and column.confidential)


def _place(row: Row, context: Context) -> dict[str, Any]:
    """The open part of a row. A confidential column is not in it: it lives in the attributes only."""
    kind = row.kind
    assert kind is not None  # noqa: S101 -- only sound rows come here
    column_secret = {column.field for column in context.mapping.columns if column.confidential}
    place = {name: value for name, value in row.values.items() if name not in column_secret}
    place.setdefault("status", "open")
    place.setdefault("functions", list(kind.functions))
    return place | {
        "id": place_id(context.source.id, row.source_id),
        "kind": kind.id,
        "archetype": kind.archetype,
        "archetype_assumed": True,
        "small_spot": kind.small_spot,
        "digital": kind.digital,
        "neighbour": False,
        "source": context.source.id,
        "source_id": row.source_id,
    }


def _attributes(row: Row, context: Context) -> list[dict[str, Any]]:
    assert row.kind is not None  # noqa: S101 -- only sound rows come here
    given = {name for name in ("name", *PLAIN_FIELDS, "lon", "lat", "last_verified") if row.values.get(name) is not None}
    given |= {name for name in ("status", "functions") if name in row.cells}
    base = {
        "place_id": place_id(context.source.id, row.source_id),
        "source": context.source.id,
        "source_id": row.source_id,
        "date": row.values.get("last_verified"),
    }
    values = {name: row.values[name] for name in (*PLACES.columns,) if name in given} | {"kind": row.kind.id}
    result = [
        base
        | {
            "name": name,
            "value": ";".join(value) if isinstance(value, list) else str(value),
            "origin": "list",
            "confidential": _confidential(name, context),
        }
        for name, value in values.items()
    ]
    result.append(
        base | {"name": "archetype", "value": row.kind.archetype, "origin": "assumed", "confidential": context.source.confidential}
    )
    return result


def _decision(row: Row, context: Context) -> dict[str, Any]:
    reason = row.faults[0].code if row.faults else "list.left_out" if row.skipped else "list.row"
    present = reason == "list.row"
    kind = row.kind.id if row.kind else None
    return {
        "source": context.source.id,
        "source_id": row.source_id if present else f"row/{row.number}",
        "tag": f"kind={row.cells.get('kind') or kind or ''}",
        "name": row.cells.get("name"),
        "kind": kind,
        "outcome": "present" if present else "excluded",
        "reason": reason,
        "place_id": place_id(context.source.id, row.source_id) if present else None,
    }
