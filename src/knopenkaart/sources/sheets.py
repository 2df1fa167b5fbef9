# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A municipality's own list (XLSX or CSV) as places: every fault at once with its row and column, the sound rows usable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from pyproj import Transformer

from knopenkaart.errors import Fault, InputError
from knopenkaart.geo import CRS84, RD_BOUNDS, RD_NEW
from knopenkaart.opening_hours import is_valid
from knopenkaart.records import Source, place_id
from knopenkaart.sources import _cells
from knopenkaart.sources._cells import Wrong
from knopenkaart.sources._rows import Sheet, read_sheet
from knopenkaart.sources.addresses import AddressIndex, NotLocated, normal_postcode, slug, split_address
from knopenkaart.sources.mapping import ColumnMapping, Mapping, guess_mapping, kind_words, near_kinds, to_number
from knopenkaart.tables import ATTRIBUTES, DECISIONS, NOTICES, PLACES
from knopenkaart.vocabulary.reader import Kind, Vocabulary

__all__ = ["ListFile", "Mapping", "guess_mapping", "read_list"]

Bounds = tuple[float, float, float, float]
# Fields that go to the place as they are once their check has passed; the rest decides what and where the place is.
_PLAIN = (
    "street",
    "housenumber",
    "postcode",
    "city",
    "phone",
    "email",
    "website",
    "wheelchair",
    "operator",
    "description",
    "opening_hours",
)
_ADDRESS_MESSAGES = {
    "address.incomplete": "the address is not complete: a house number with a street or a postcode is needed",
    "address.not_found": "the address is not in the address table",
    "address.ambiguous": "the address occurs more than once: add the postcode or the town",
    "address.conflict": "the street does not belong to the postcode and house number",
}


@dataclass(frozen=True)
class ListFile:
    """What a list gives: places and their attributes from the sound rows; every fault; what became of every row; things to know."""

    places: pd.DataFrame
    attributes: pd.DataFrame
    source: Source
    faults: tuple[Fault, ...]
    decisions: pd.DataFrame
    notices: pd.DataFrame


@dataclass(frozen=True, slots=True)
class _Context:
    """What every row is read against."""

    file: str
    mapping: Mapping
    vocabulary: Vocabulary
    words: dict[str, Kind]
    kinds: dict[str, str]
    index: AddressIndex | None
    bounds: Bounds | None
    dutch: bool
    source: Source
    checks: dict[str, Callable[[str], str | Wrong]]
    to_degrees: Transformer


@dataclass(slots=True)
class _Row:
    """One row while it is read: its cells by field, and what was found."""

    number: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    kind: Kind | None = None
    skipped: bool = False
    source_id: str = ""


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
    Netherlands. `source_id` names the list as a source (default: list_ and the file's name) and must stay the same for its next version.
    Nothing is written. Returns a ListFile; rows with a fault are listed and left out. Raises InputError when the file as a whole cannot
    be read or lacks columns of the mapping.
    """
    sheet = read_sheet(content, file_name=file_name, sheet=mapping.sheet)
    _check_columns(sheet, mapping, vocabulary)
    name = Path(sheet.file).stem
    source = Source(
        id=source_id or f"list_{slug(name).replace('-', '_')}",
        title=title or name,
        date=list_date or sheet.modified,
        licence=licence,
        attribution=attribution or title or name,
        file=sheet.file,
        sha256=sheet.sha256,
        confidential=confidential,
    )
    context = _context(sheet.file, mapping, vocabulary, addresses, bounds, source)
    rows = [_read_row(_Row(number, cells), context) for number, cells in _data_rows(sheet, mapping)]
    _refuse_doubles(rows, context)
    return _result(rows, context)


def _context(
    file: str, mapping: Mapping, vocabulary: Vocabulary, addresses: pd.DataFrame | None, bounds: Bounds | None, source: Source
) -> _Context:
    dutch = bounds is None or _inside((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2, RD_BOUNDS)
    checks: dict[str, Callable[[str], str | Wrong]] = {
        "postcode": _cells.dutch_postcode if dutch else _cells.foreign_postcode,
        "email": _cells.email,
        "website": _cells.website,
        "phone": _cells.phone,
        "wheelchair": _cells.wheelchair,
        "status": _cells.status_of(vocabulary),
    }
    return _Context(
        file,
        mapping,
        vocabulary,
        kind_words(vocabulary),
        {slug(word): kind for word, kind in mapping.kinds.items()},
        None if addresses is None else AddressIndex(addresses),
        bounds,
        dutch,
        source,
        checks,
        Transformer.from_crs(RD_NEW, CRS84, always_xy=True),
    )


def _check_columns(sheet: Sheet, mapping: Mapping, vocabulary: Vocabulary) -> None:
    """Refuse a mapping of another file: a column whose header is not where the mapping says; and a kind that does not exist."""
    header = sheet.rows[mapping.header_row - 1] if 0 < mapping.header_row <= len(sheet.rows) else ()
    faults = [
        Fault(
            "list.no_column",
            f"column {column.number} has another header than {column.header!r}",
            sheet.file,
            mapping.header_row,
            column.header,
        )
        for column in mapping.columns
        if column.field and (header[column.number - 1] if column.number <= len(header) else "") not in (column.header, "")
    ]
    faults += [
        Fault("mapping.kind", f"the mapping names an unknown kind {kind!r}", sheet.file, value=kind)
        for kind in {mapping.default_kind, *mapping.kinds.values()}
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


def _read_row(row: _Row, context: _Context) -> _Row:
    """Everything of one row: what it is, its cells, where it stands; a row that the mapping leaves out is not checked further."""
    row.values["name"] = row.cells.get("name")
    if not row.values["name"]:
        _fault(row, context, "name", "list.missing_name", "the name is missing")
    _find_kind(row, context)
    if row.skipped:
        return row
    for name in _PLAIN:
        if text := row.cells.get(name):
            _take(row, context, name, text)
    row.values["status"] = "open"
    if text := row.cells.get("status"):
        _take(row, context, "status", text)
    _split_combined(row)
    _take_functions(row, context)
    _take_date(row, context)
    _find_location(row, context)
    row.source_id = _source_id(row)
    return row


def _fault(row: _Row, context: _Context, name: str, code: str, message: str, near: Sequence[str] = ()) -> None:
    column = context.mapping.column_of(name)
    said = f"{message}; near: {', '.join(near)}" if near else message
    row.faults.append(Fault(code, said, context.file, row.number, column.header if column else None, row.cells.get(name), tuple(near)))


def _notice(row: _Row, context: _Context, name: str, code: str, message: str) -> None:
    column = context.mapping.column_of(name)
    header = column.header if column else name
    details = {"file": context.file, "row": row.number, "column": header, "value": row.cells.get(name), "name": row.cells.get("name")}
    subject = f"{context.file}, row {row.number}"
    row.notices.append({"code": code, "subject": subject, "message": f"{subject}, column {header}: {message}", "details": details})


def _find_kind(row: _Row, context: _Context) -> None:
    text = row.cells.get("kind")
    if text and slug(text) in context.kinds:
        kind = context.kinds[slug(text)]
        row.skipped = not kind
        row.kind = context.vocabulary.kinds[kind] if kind else None
    elif text:
        row.kind = context.words.get(slug(text))
        if row.kind is None:
            _fault(row, context, "kind", "list.unknown_kind", f"the kind {text!r} is unknown", near_kinds(text, context.words))
    elif context.mapping.default_kind:
        row.kind = context.vocabulary.kinds[context.mapping.default_kind]
    else:
        _fault(row, context, "kind", "list.missing_kind", "the kind is missing")


def _take(row: _Row, context: _Context, name: str, text: str) -> None:
    if len(text) > _cells.MAX_TEXT:
        _fault(row, context, name, "list.too_much_text", f"this text is longer than {_cells.MAX_TEXT} characters")
        return
    if name == "opening_hours" and not is_valid(text):
        _notice(row, context, name, "list.opening_hours", "these opening hours cannot be read by a computer; they are shown as text")
    value = context.checks[name](text) if name in context.checks else text
    if isinstance(value, Wrong):
        _fault(row, context, name, value.code, value.message)
    else:
        row.values[name] = value


def _split_combined(row: _Row) -> None:
    """ "Dorpsstraat 12a" in the column of addresses, or in that of streets when no number stands beside it."""
    text = row.cells.get("address") or ("" if row.cells.get("housenumber") else row.cells.get("street", ""))
    if not text:
        return
    street, number = split_address(text)
    row.values["street"] = street
    if number and not row.cells.get("housenumber"):
        row.values["housenumber"] = number


def _take_functions(row: _Row, context: _Context) -> None:
    row.values["functions"] = list(row.kind.functions) if row.kind else []
    if text := row.cells.get("functions"):
        known, unknown = _cells.functions_of(text, context.vocabulary)
        row.values["functions"] = known or row.values["functions"]
        if unknown:
            _notice(row, context, "functions", "list.unknown_function", f"these functions are unknown and left out: {', '.join(unknown)}")


def _take_date(row: _Row, context: _Context) -> None:
    row.values["last_verified"] = context.source.date
    if text := row.cells.get("last_verified"):
        value = _cells.day(text)
        if isinstance(value, Wrong):
            _fault(row, context, "last_verified", value.code, value.message)
        else:
            row.values["last_verified"] = value


def _find_location(row: _Row, context: _Context) -> None:
    """Coordinates where the row has them, else the address; a digital place needs neither."""
    if row.kind and row.kind.digital:
        return
    for pair in (("lon", "lat"), ("x_rd", "y_rd")):
        if any(name in row.cells for name in pair):
            _take_coordinates(row, context, pair)
            return
    if not any(name in row.cells for name in ("street", "address", "postcode", "housenumber")):
        _fault(row, context, "address", "list.no_location", "there are no coordinates and no address")
    elif context.index is None:
        _fault(row, context, _address_field(row), "list.no_address_table", "there is no address table to find this address in")
    elif "postcode" in row.values or "postcode" not in row.cells:
        _take_address(row, context, context.index)


def _take_coordinates(row: _Row, context: _Context, pair: tuple[str, str]) -> None:
    numbers = [to_number(row.cells.get(name, "")) for name in pair]
    for name, number in zip(pair, numbers, strict=True):
        if number is None:
            _fault(row, context, name, "list.coordinate", "this is not a coordinate")
    first, second = numbers
    if first is None or second is None:
        return
    lon, lat = context.to_degrees.transform(first, second) if pair[0] == "x_rd" else (first, second)
    fault = _outside(lon, lat, context)
    if fault:
        swapped = pair[0] == "lon" and _outside(lat, lon, context) is None
        _fault(row, context, pair[0], fault[0], fault[1] + (": longitude and latitude seem to be swapped" if swapped else ""))
    else:
        row.values["lon"], row.values["lat"] = round(float(lon), 7), round(float(lat), 7)


def _outside(lon: float, lat: float, context: _Context) -> tuple[str, str] | None:
    if context.dutch and not _inside(lon, lat, RD_BOUNDS):
        return "list.outside_country", f"this point ({lon:.5f}, {lat:.5f}) is not in the Netherlands"
    if context.bounds and not _inside(lon, lat, context.bounds):
        return "list.outside_municipality", f"this point ({lon:.5f}, {lat:.5f}) is not in the municipality"
    return None


def _inside(lon: float, lat: float, bounds: Bounds) -> bool:
    west, south, east, north = bounds
    return west <= lon <= east and south <= lat <= north


def _take_address(row: _Row, context: _Context, index: AddressIndex) -> None:
    found = index.locate(**{name: row.values.get(name) for name in ("street", "housenumber", "postcode", "city")})
    if isinstance(found, NotLocated):
        _fault(
            row, context, _address_field(row), found.code.replace("address.", "list.address_"), _ADDRESS_MESSAGES[found.code], found.near
        )
        return
    if fault := _outside(found.lon, found.lat, context):
        _fault(row, context, _address_field(row), fault[0], fault[1])
        return
    if found.how != "exact":
        message = f"found as {found.street} {found.housenumber}, {found.city or found.postcode or ''} ({found.how}, {found.score})"
        _notice(row, context, _address_field(row), f"list.address_{found.how}", message)
    row.values["lon"], row.values["lat"] = found.lon, found.lat
    for name in ("street", "postcode", "city"):
        row.values[name] = getattr(found, name) or row.values.get(name)


def _address_field(row: _Row) -> str:
    return next((name for name in ("address", "street", "postcode", "housenumber") if name in row.cells), "address")


def _source_id(row: _Row) -> str:
    """What identifies a row in the next version of its list: its own identifier, else name and address; never the number of the row."""
    if text := row.cells.get("id"):
        return f"id/{slug(text) or text}"
    values = row.values
    if values.get("postcode") and values.get("housenumber"):
        where = f"{normal_postcode(values['postcode'])}-{values['housenumber']}"
    elif values.get("street"):
        where = f"{values['street']} {values.get('housenumber') or ''} {values.get('city') or ''}"
    elif values.get("lon") is not None:
        where = f"{values['lon']:.4f} {values['lat']:.4f}"
    else:
        where = values.get("city") or ""
    return f"{slug(row.cells.get('name', ''))}/{slug(where)}"


def _refuse_doubles(rows: Sequence[_Row], context: _Context) -> None:
    first: dict[str, int] = {}
    for row in rows:
        if row.skipped or not row.cells.get("name"):
            continue
        if row.source_id in first:
            name = "id" if "id" in row.cells else "name"
            _fault(row, context, name, "list.double_row", f"this is the same place as row {first[row.source_id]}")
        first.setdefault(row.source_id, row.number)


def _result(rows: Sequence[_Row], context: _Context) -> ListFile:
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


def _confidential(name: str, context: _Context) -> bool:
    column: ColumnMapping | None = context.mapping.column_of(name)
    return context.source.confidential or bool(column and column.confidential)


def _place(row: _Row, context: _Context) -> dict[str, Any]:
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


def _attributes(row: _Row, context: _Context) -> list[dict[str, Any]]:
    assert row.kind is not None  # noqa: S101 -- only sound rows come here
    given = {name for name in ("name", *_PLAIN, "lon", "lat", "last_verified") if row.values.get(name) is not None}
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
    result.append(base | {"name": "archetype", "value": row.kind.archetype, "origin": "assumed", "confidential": False})
    return result


def _decision(row: _Row, context: _Context) -> dict[str, Any]:
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
