# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rows of text out of a CSV or XLSX file, within bounds, whatever program wrote it."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string

from knopenkaart.errors import InputError

MAX_FILE_BYTES = 25_000_000
MAX_UNPACKED_BYTES = 250_000_000
MAX_MEMBERS = 2_000
MAX_ROWS = 20_000
MAX_COLUMNS = 200
DELIMITERS = ";,\t|"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
# A cell with a formula and no result. Text without a single letter is a result too (t="str").
_FORMULA = re.compile(rb"<c\s([^<>]*)>\s*<f\b[^<>]*?(?:/>|>[^<>]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_CELL_NAME = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
# What a number format adds as plain text: a sign that multiplies nothing.
_AS_TYPED = re.compile(r'"[^"]*"|\\.')
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet as text; row 1 of the file is `rows[0]`. `unreckoned` are the cells (row and column, from 1) with a formula of
    which the file holds no result: as text they are empty."""

    file: str
    name: str | None
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    modified: date | None
    sha256: str
    unreckoned: frozenset[tuple[int, int]] = frozenset()


def read_sheet(content: Path | bytes, *, file_name: str | None = None, sheet: str | None = None, max_rows: int = MAX_ROWS) -> Sheet:
    """The rows of a CSV (also packed with gzip) or XLSX file.

    `content` is a path or the bytes of an upload (then `file_name` is what messages call it); `sheet` names the sheet of a workbook
    (None: the one with the most filled cells). What kind of file it is follows from its first bytes, not from its name. More rows than
    `max_rows` are refused. A cell that a workbook shows as a percent is read so: 0.359 as 35.9%.
    Raises InputError: absent, empty, too large, too long, an old or foreign format, a bomb.
    """
    data, file = _bytes_of(content, file_name)
    sha256 = hashlib.sha256(data).hexdigest()
    if data.startswith(b"\x1f\x8b"):
        data = unpack_gzip(data, file)
    if data.startswith(b"PK\x03\x04"):
        return _read_workbook(data, file, sheet, sha256, max_rows)
    if data.startswith(_OLD_EXCEL):
        raise InputError(
            f"{file} is an old Excel file (.xls).", code="list.old_excel", remedy="Open it and save it as an Excel workbook (.xlsx) or CSV."
        )
    rows = _checked_rows(read_delimited(data, file), file, max_rows)
    return Sheet(file, None, (), rows, None, sha256)


def read_delimited(data: bytes, file: str) -> list[list[str]]:
    """Every row of delimited text; encoding and delimiter follow from the content. Raises InputError when it is no text."""
    text = decode(data, file)
    first_line, _, rest = text.partition("\n")
    announced = first_line.strip().removeprefix("sep=")
    if first_line.startswith("sep=") and len(announced) == 1:
        return [[], *_parse(rest, announced)]
    return _parse(text, sniff_delimiter(text))


def decode(data: bytes, file: str) -> str:
    """Text from bytes: by byte order mark, else UTF-8, else the code page of Windows. Raises InputError when it is no text."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\x00" in data[:100_000]:
        raise InputError(
            f"{file} is not a text file.", code="list.not_text", remedy="Save the list as CSV or as an Excel workbook (.xlsx)."
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def sniff_delimiter(text: str) -> str:
    """The delimiter that cuts most of the first rows in the same number of columns, the larger number first."""
    head = "\n".join(text.splitlines()[:30])

    def regularity(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in _parse(head, delimiter) if len(row) > 1)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return count, width

    return max(DELIMITERS, key=regularity)


def unpack_gzip(data: bytes, file: str) -> bytes:
    """The content of a gzip file, refused when it unpacks to more than MAX_UNPACKED_BYTES. Raises InputError."""
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            content = packed.read(MAX_UNPACKED_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{file} is damaged: {error}.", code="file.damaged", remedy="Fetch or make the file again.") from error
    if len(content) > MAX_UNPACKED_BYTES:
        raise InputError(f"{file} unpacks to more than {MAX_UNPACKED_BYTES:,} bytes.", code="file.too_large")
    return content


def as_text(value: Any) -> str:
    """A cell as people see it: 12.0 is 12, a date is ISO, true is yes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(str(value).split()) if not isinstance(value, time) else value.strftime("%H:%M")


def _bytes_of(content: Path | bytes, file_name: str | None) -> tuple[bytes, str]:
    file = file_name or (content.name if isinstance(content, Path) else "upload")
    if isinstance(content, Path):
        if not content.is_file():
            raise InputError(f"There is no file {content}.", code="file.absent", remedy="Check the name and the folder.")
        if content.stat().st_size > MAX_FILE_BYTES:
            raise InputError(f"{file} is larger than {MAX_FILE_BYTES:,} bytes.", code="file.too_large", remedy="Split the list.")
        content = content.read_bytes()
    if not content.strip():
        raise InputError(f"{file} is empty.", code="file.empty", remedy="Check that the list was saved.")
    if len(content) > MAX_FILE_BYTES:
        raise InputError(f"{file} is larger than {MAX_FILE_BYTES:,} bytes.", code="file.too_large", remedy="Split the list.")
    return content, file


def _parse(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise InputError(
            f"The text cannot be cut in columns: {error}.", code="list.not_text", remedy="Save the list again as CSV."
        ) from error


def _checked_rows(rows: Iterable[Sequence[Any]], file: str, max_rows: int) -> tuple[tuple[str, ...], ...]:
    result = [tuple(as_text(cell) for cell in row) for row in rows]
    while result and not any(result[-1]):
        result.pop()
    if not result:
        raise InputError(f"{file} has no rows.", code="file.empty", remedy="Check that the list was saved.")
    if len(result) > max_rows:
        raise InputError(f"{file} has more than {max_rows:,} rows.", code="list.too_long", remedy="Split the list.")
    if max(map(len, result)) > MAX_COLUMNS:
        raise InputError(
            f"{file} has more than {MAX_COLUMNS} columns.", code="list.too_wide", remedy="Leave out columns that are not needed."
        )
    return tuple(result)


def _read_workbook(data: bytes, file: str, sheet: str | None, sha256: str, max_rows: int) -> Sheet:
    _guard(data, file)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        names = tuple(item.title for item in book.worksheets)
        if sheet is not None and sheet not in names:
            raise InputError(f"{file} has no sheet {sheet!r}.", code="list.no_sheet", remedy=f"The sheets are: {', '.join(names)}.")
        found = [(name, _cells(book[name], max_rows)) for name in names if sheet in (None, name)]
        modified = book.properties.modified
        members = {item.title: item._worksheet_path for item in book.worksheets}
    except InputError:
        raise
    # openpyxl lets through whatever its XML parser, zipfile and number conversions raise on a damaged workbook.
    except Exception as error:
        raise InputError(
            f"{file} cannot be read as a workbook: {error}.", code="file.damaged", remedy="Open it in Excel and save it again."
        ) from error
    if not found:
        raise InputError(f"{file} has no sheet with cells.", code="file.empty")
    name, rows = max(found, key=lambda item: sum(1 for row in item[1] for cell in row if cell is not None))
    checked = _checked_rows(rows, file, max_rows)
    return Sheet(file, name, names, checked, modified.date() if modified else None, sha256, _unreckoned(data, members[name]))


def _cells(worksheet: Any, max_rows: int) -> list[tuple[Any, ...]]:
    # The dimension that a workbook states may be false in both directions; the bounds below hold whatever it states.
    worksheet.reset_dimensions()
    return [tuple(map(_as_seen, row)) for row in worksheet.iter_rows(max_row=max_rows + 1, max_col=MAX_COLUMNS)]


def _as_seen(cell: Any) -> Any:
    """What a cell holds; a share that the workbook shows as a percent is a percent."""
    value = cell.value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and "%" in _AS_TYPED.sub("", cell.number_format or ""):
        return f"{as_text(round(float(value) * 100, 10))}%"
    return value


def _unreckoned(data: bytes, member: str) -> frozenset[tuple[int, int]]:
    """Row and column of each formula without a result in the XML of a sheet: nobody must take it for a cell that is empty."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read(member)
    found = (_CELL_NAME.search(match[1]) for match in _FORMULA.finditer(xml) if b't="str"' not in match[1]) if b"<f" in xml else ()
    return frozenset((int(named[2]), column_index_from_string(named[1].decode())) for named in found if named)


def _guard(data: bytes, file: str) -> None:
    """Refuse a zip that is no workbook, or that would unpack to more than a list can be."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES or len(members) > MAX_MEMBERS:
                raise InputError(
                    f"{file} unpacks to far more than a list can be.", code="file.too_large", remedy="Save the list without pictures."
                )
            if "[Content_Types].xml" not in archive.namelist():
                raise InputError(f"{file} is not an Excel workbook.", code="list.foreign", remedy="Save the list as .xlsx or CSV.")
            for member in members:
                if member.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.open(member).read(4096):
                    raise InputError(f"{file} holds a document type, which no workbook needs.", code="list.foreign")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise InputError(f"{file} is damaged: {error}.", code="file.damaged", remedy="Open it in Excel and save it again.") from error
