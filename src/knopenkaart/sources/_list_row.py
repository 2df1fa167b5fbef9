# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""One row of a list: what it is, its cells, where it stands, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from pyproj import Transformer

from knopenkaart.errors import Fault
from knopenkaart.geo import CRS84, RD_BOUNDS, RD_NEW
from knopenkaart.opening_hours import is_valid
from knopenkaart.records import Source
from knopenkaart.sources import _cells
from knopenkaart.sources._cells import Wrong
from knopenkaart.sources.addresses import AddressIndex, NotLocated, normal_postcode, slug, split_address, street_key
from knopenkaart.sources.mapping import Mapping, kind_words, near_kinds, to_number
from knopenkaart.vocabulary.reader import Kind, Vocabulary

Bounds = tuple[float, float, float, float]
# Fields that go to the place as they are once their check has passed; the rest decides what and where the place is.
# As long as a register keeps it.
MAX_SOURCE_ID = 200
PLAIN_FIELDS = (
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


@dataclass(frozen=True, slots=True)
class Context:
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
class Row:
    """One row while it is read: its cells by field, and what was found."""

    number: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    kind: Kind | None = None
    skipped: bool = False
    source_id: str = ""


def context_of(
    file: str, mapping: Mapping, vocabulary: Vocabulary, addresses: pd.DataFrame | None, bounds: Bounds | None, source: Source
) -> Context:
    dutch = bounds is None or _inside((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2, RD_BOUNDS)
    checks: dict[str, Callable[[str], str | Wrong]] = {
        "postcode": _cells.dutch_postcode if dutch else _cells.foreign_postcode,
        "email": _cells.email,
        "website": _cells.website,
        "phone": _cells.phone,
        "wheelchair": _cells.wheelchair,
        "status": _cells.status_of(vocabulary),
    }
    return Context(
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


def read_row(row: Row, context: Context) -> Row:
    """Everything of one row: what it is, its cells, where it stands; a row that the mapping leaves out is not checked further."""
    _cut_too_long(row, context)
    row.values["name"] = row.cells.get("name")
    if not row.values["name"]:
        add_fault(row, context, "name", "list.missing_name", "the name is missing")
    _find_kind(row, context)
    if row.skipped:
        return row
    for name in PLAIN_FIELDS:
        if text := row.cells.get(name):
            _take(row, context, name, text)
    row.values["status"] = "open"
    if text := row.cells.get("status"):
        _take(row, context, "status", text)
    _split_combined(row)
    _take_functions(row, context)
    _take_date(row, context)
    # Before the address table has its say: a newer table must not give the place another identifier.
    row.source_id = _source_id(row)
    _find_location(row, context)
    return row


def add_fault(row: Row, context: Context, name: str, code: str, message: str, near: Sequence[str] = ()) -> None:
    column = context.mapping.column_of(name)
    said = f"{message}; near: {', '.join(near)}" if near else message
    row.faults.append(Fault(code, said, context.file, row.number, column.header if column else None, row.cells.get(name), tuple(near)))


def _notice(row: Row, context: Context, name: str, code: str, message: str) -> None:
    column = context.mapping.column_of(name)
    header = column.header if column else name
    details = {"file": context.file, "row": row.number, "column": header, "value": row.cells.get(name), "name": row.cells.get("name")}
    subject = f"{context.file}, row {row.number}"
    row.notices.append({"code": code, "subject": subject, "message": f"{subject}, column {header}: {message}", "details": details})


def _find_kind(row: Row, context: Context) -> None:
    text = row.cells.get("kind")
    if text and slug(text) in context.kinds:
        kind = context.kinds[slug(text)]
        row.skipped = not kind
        row.kind = context.vocabulary.kinds[kind] if kind else None
    elif text:
        row.kind = context.words.get(slug(text))
        if row.kind is None:
            add_fault(row, context, "kind", "list.unknown_kind", f"the kind {text!r} is unknown", near_kinds(text, context.words))
    elif context.mapping.default_kind:
        row.kind = context.vocabulary.kinds[context.mapping.default_kind]
    else:
        add_fault(row, context, "kind", "list.missing_kind", "the kind is missing")


def _cut_too_long(row: Row, context: Context) -> None:
    """A cell that no register can hold is a fault; what follows looks at its beginning only."""
    for name, text in row.cells.items():
        most = _cells.MAX_LENGTHS.get(name, _cells.MAX_TEXT)
        if len(text) > most:
            row.cells[name] = text[:most]
            add_fault(row, context, name, "list.too_much_text", f"this text is longer than {most} characters")


def _take(row: Row, context: Context, name: str, text: str) -> None:
    if name == "opening_hours" and not is_valid(text):
        _notice(row, context, name, "list.opening_hours", "these opening hours cannot be read by a computer; they are shown as text")
    value = context.checks[name](text) if name in context.checks else text
    if isinstance(value, Wrong):
        add_fault(row, context, name, value.code, value.message)
    else:
        row.values[name] = value


def _split_combined(row: Row) -> None:
    """ "Dorpsstraat 12a" in the column of addresses, or in that of streets when no number stands beside it."""
    text = row.cells.get("address") or ("" if row.cells.get("housenumber") else row.cells.get("street", ""))
    if not text:
        return
    street, number = split_address(text)
    row.values["street"] = street
    if number:
        row.values["housenumber"] = number


def _take_functions(row: Row, context: Context) -> None:
    row.values["functions"] = list(row.kind.functions) if row.kind else []
    if text := row.cells.get("functions"):
        known, unknown = _cells.functions_of(text, context.vocabulary)
        row.values["functions"] = known or row.values["functions"]
        if unknown:
            _notice(row, context, "functions", "list.unknown_function", f"these functions are unknown and left out: {', '.join(unknown)}")


def _take_date(row: Row, context: Context) -> None:
    row.values["last_verified"] = context.source.date
    if text := row.cells.get("last_verified"):
        value = _cells.day(text)
        if isinstance(value, Wrong):
            add_fault(row, context, "last_verified", value.code, value.message)
        else:
            row.values["last_verified"] = value


def _find_location(row: Row, context: Context) -> None:
    """Coordinates where the row has them, else the address; a digital place needs neither."""
    if row.kind and row.kind.digital:
        return
    for pair in (("lon", "lat"), ("x_rd", "y_rd")):
        if any(name in row.cells for name in pair):
            _take_coordinates(row, context, pair)
            return
    if not any(name in row.cells for name in ("street", "address", "postcode", "housenumber")):
        add_fault(row, context, "address", "list.no_location", "there are no coordinates and no address")
    elif context.index is None:
        add_fault(row, context, _address_field(row), "list.no_address_table", "there is no address table to find this address in")
    elif "postcode" in row.values or "postcode" not in row.cells:
        _take_address(row, context, context.index)


def _take_coordinates(row: Row, context: Context, pair: tuple[str, str]) -> None:
    numbers = [to_number(row.cells.get(name, "")) for name in pair]
    for name, number in zip(pair, numbers, strict=True):
        if number is None:
            add_fault(row, context, name, "list.coordinate", "this is not a coordinate")
    first, second = numbers
    if first is None or second is None:
        return
    lon, lat = _degrees(first, second, pair, context)
    fault = _outside(lon, lat, context)
    if fault:
        swapped = _outside(*_degrees(second, first, pair, context), context) is None
        add_fault(row, context, pair[0], fault[0], fault[1] + (f"; {pair[0]} and {pair[1]} seem to be swapped" if swapped else ""))
    else:
        row.values["lon"], row.values["lat"] = round(float(lon), 7), round(float(lat), 7)


def _degrees(first: float, second: float, pair: tuple[str, str], context: Context) -> tuple[float, float]:
    return context.to_degrees.transform(first, second) if pair[0] == "x_rd" else (first, second)


def _outside(lon: float, lat: float, context: Context) -> tuple[str, str] | None:
    if context.dutch and not _inside(lon, lat, RD_BOUNDS):
        return "list.outside_country", f"this point ({lon:.5f}, {lat:.5f}) is not in the Netherlands"
    if context.bounds and not _inside(lon, lat, context.bounds):
        return "list.outside_municipality", f"this point ({lon:.5f}, {lat:.5f}) is not in the municipality"
    return None


def _inside(lon: float, lat: float, bounds: Bounds) -> bool:
    west, south, east, north = bounds
    return west <= lon <= east and south <= lat <= north


def _take_address(row: Row, context: Context, index: AddressIndex) -> None:
    found = index.locate(**{name: row.values.get(name) for name in ("street", "housenumber", "postcode", "city")})
    if isinstance(found, NotLocated):
        add_fault(
            row, context, _address_field(row), found.code.replace("address.", "list.address_"), _ADDRESS_MESSAGES[found.code], found.near
        )
        return
    if fault := _outside(found.lon, found.lat, context):
        add_fault(row, context, _address_field(row), fault[0], fault[1])
        return
    if found.how != "exact":
        message = f"found as {found.street} {found.housenumber}, {found.city or found.postcode or ''} ({found.how}, {found.score})"
        _notice(row, context, _address_field(row), f"list.address_{found.how}", message)
    row.values["lon"], row.values["lat"] = found.lon, found.lat
    for name in ("street", "postcode", "city"):
        row.values[name] = getattr(found, name) or row.values.get(name)


def _address_field(row: Row) -> str:
    return next((name for name in ("address", "street", "postcode", "housenumber") if name in row.cells), "address")


def _source_id(row: Row) -> str:
    """What identifies a row in the next version of its list: its own identifier, else name and address as given; never the row's number."""
    if text := row.cells.get("id"):
        return f"id/{slug(text) or text}"
    values = row.values
    if values.get("postcode") and values.get("housenumber"):
        where = f"{normal_postcode(values['postcode'])}-{values['housenumber']}"
    elif values.get("street"):
        where = f"{street_key(values['street'])} {values.get('housenumber') or ''} {values.get('city') or ''}"
    else:
        numbers = [to_number(row.cells[name]) for name in ("lon", "lat", "x_rd", "y_rd") if name in row.cells]
        where = " ".join(f"{number:.4f}" for number in numbers if number is not None) or values.get("city") or ""
    return f"{slug(row.cells.get('name', ''))}/{slug(where)}"[:MAX_SOURCE_ID]
