# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Places as CSV with its description in CSV on the Web (W3C), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from knopenkaart.publish.columns import PLACE_COLUMNS, Column
from knopenkaart.records import Place, Source

SEPARATOR = ";"
# A spreadsheet takes a cell that begins with one of these for a formula (OWASP, "CSV Injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
ESCAPE = "'"
BYTE_ORDER_MARK = "\ufeff"
_DECIMAL = re.compile(r"-?\d+\.\d+(e[+-]?\d+)?")


def escape(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula; `unescape` gives it back."""
    return ESCAPE + text if text.lstrip(ESCAPE).startswith(FORMULA_STARTS) else text


def unescape(text: str) -> str:
    """The text that `escape` was given."""
    return text[1:] if text.startswith(ESCAPE) and text.lstrip(ESCAPE).startswith(FORMULA_STARTS) else text


def csv_text(records: Iterable[Any], *, columns: Sequence[Column] = PLACE_COLUMNS) -> str:
    """Records as CSV (RFC 4180) with a header; nothing known is an empty cell. Write it as UTF-8."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    for record in records:
        writer.writerow([cell(getattr(record, column.field)) for column in columns])
    return target.getvalue()


def for_spreadsheet(text: str, *, decimal_comma: bool) -> str:
    """The same file as a spreadsheet opens it at a double click: with a mark that it is UTF-8, and where people write a decimal comma
    with that, and semicolons between cells."""
    if not decimal_comma:
        return BYTE_ORDER_MARK + text
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=SEPARATOR, lineterminator="\r\n")
    for row in csv.reader(io.StringIO(text, newline="")):
        writer.writerow([one.replace(".", ",") if _DECIMAL.fullmatch(one) else one for one in row])
    return BYTE_ORDER_MARK + target.getvalue()


def cell(value: Any) -> str:
    """One value as a cell. Only text is escaped: a longitude of -0.12 is a number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(round(value, 7))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return escape(SEPARATOR.join(value) if isinstance(value, (list, tuple)) else str(value))


def metadata(
    url: str,
    *,
    sources: Sequence[Source],
    generated: date,
    title: str = "",
    language: str = "nl",
    columns: Sequence[Column] = PLACE_COLUMNS,
    provenance: str = "",
) -> dict[str, Any]:
    """The description of a CSV file (`url`, relative to the description): columns, types, units, licence, attribution, date, and with what
    choices it was made."""
    shown = [source for source in sources if not source.confidential]
    document: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"language": language}],
        "url": url,
        "dc:title": title or url,
        "dc:created": {"@value": generated.isoformat(), "@type": "xsd:date"},
        "dc:license": [text for text in dict.fromkeys(source.licence for source in shown) if text],
        "dc:rights": [text for text in dict.fromkeys(source.attribution for source in shown) if text],
        "dc:source": [source.url or source.title for source in shown],
        "rdfs:comment": "Text that begins with = + - @ or a control character has an apostrophe before it, for spreadsheets.",
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True, "doubleQuote": True, "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": [_column(column) for column in columns]},
    }
    if provenance:
        document["dc:provenance"] = provenance
    if any(column.name == "id" for column in columns):
        document["tableSchema"]["primaryKey"] = "id"
    return document


def metadata_text(document: dict[str, Any]) -> str:
    """The description as the text of a `*-metadata.json` file."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def places_csv(places: Iterable[Place]) -> bytes:
    """Places that may be published, as the bytes of a CSV file."""
    return csv_text(places).encode("utf-8")


def _column(column: Column) -> dict[str, Any]:
    result: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": [{"@value": column.nl, "@language": "nl"}, {"@value": column.en, "@language": "en"}],
        "datatype": column.datatype,
        "required": column.required,
    }
    if column.several:
        result["separator"] = SEPARATOR
    if column.unit:
        result["schema:unitCode"] = column.unit
    return result
