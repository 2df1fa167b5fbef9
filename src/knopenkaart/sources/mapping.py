# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which column of a list is which field: guessed from headers and cells, correctable, kept for the next time."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from rapidfuzz import process

from knopenkaart.errors import Fault, InputError
from knopenkaart.sources._rows import Sheet, read_sheet
from knopenkaart.sources.addresses import slug, split_address
from knopenkaart.vocabulary.reader import Kind, Vocabulary

FIELDS = (
    "id", "name", "kind", "street", "housenumber", "address", "postcode", "city", "phone", "email", "website", "opening_hours",
    "wheelchair", "operator", "description", "status", "functions", "last_verified", "lon", "lat", "x_rd", "y_rd",
)  # fmt: skip
# These decide what a place is and where it stands on the map: they cannot be secret while the place is shown.
NEVER_CONFIDENTIAL = frozenset({"id", "name", "kind", "street", "housenumber", "address", "postcode", "city", "lon", "lat", "x_rd", "y_rd"})
# A content rule names a column only when this share of its filled cells obeys it.
CONTENT_SHARE = 0.7
HEADER_SEARCH_ROWS = 15


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """One column: its header, its number (1 = A), the field it fills (None: left out), whether it is confidential, why it was guessed."""

    header: str
    number: int
    field: str | None
    confidential: bool = False
    why: str = "given"


@dataclass(frozen=True, slots=True)
class Mapping:
    """How to read one list.

    `header_row` counts from 1; `sheet` names the sheet of a workbook; `default_kind` is the kind of every row that has none; `kinds`
    translates the list's own words into kinds (an empty kind leaves those rows out on purpose); `source` names the list as a source, the
    same for every version of it: the identifiers of its places depend on it.
    """

    columns: tuple[ColumnMapping, ...]
    header_row: int = 1
    sheet: str | None = None
    default_kind: str | None = None
    kinds: MappingOf[str, str] = field(default_factory=dict)
    source: str | None = None

    def column_of(self, name: str) -> ColumnMapping | None:
        """The column that fills a field, or None."""
        return next((column for column in self.columns if column.field == name), None)

    def with_field(self, header: str, name: str | None, *, confidential: bool = False) -> Mapping:
        """The mapping with one column corrected; a field that another column filled is taken from it."""
        if header not in {column.header for column in self.columns}:
            raise _refusal(
                f"There is no column {header!r}.", "mapping.no_column", f"The columns are: {', '.join(c.header for c in self.columns)}."
            )
        columns = tuple(
            replace(column, field=name, confidential=confidential, why="given")
            if column.header == header
            else replace(column, field=None, why="given")
            if name is not None and column.field == name
            else column
            for column in self.columns
        )
        return checked(replace(self, columns=columns))

    def to_dict(self) -> dict[str, Any]:
        """The mapping as plain values, for JSON and for the web."""
        columns = [
            {"header": c.header, "number": c.number, "field": c.field or "", "confidential": c.confidential, "why": c.why}
            for c in self.columns
        ]
        return {
            "source": self.source or "",
            "header_row": self.header_row,
            "sheet": self.sheet or "",
            "default_kind": self.default_kind or "",
            "kinds": dict(self.kinds),
            "columns": columns,
        }

    @classmethod
    def from_dict(cls, data: MappingOf[str, Any]) -> Mapping:
        """The mapping from plain values. Raises InputError naming everything in it that is wrong."""
        try:
            columns = tuple(
                ColumnMapping(
                    str(c["header"]), int(c["number"]), c.get("field") or None, bool(c.get("confidential")), str(c.get("why", "given"))
                )
                for c in data["columns"]
            )
            kinds = {str(key): str(value) for key, value in dict(data.get("kinds", {})).items()}
            row = int(data.get("header_row", 1))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _refusal(
                f"This is not a mapping: {error!r}.", "mapping.broken", "Make a new one with `knopenkaart mapping FILE`."
            ) from error
        return checked(cls(columns, row, data.get("sheet") or None, data.get("default_kind") or None, kinds, data.get("source") or None))

    def to_json(self) -> str:
        """The mapping as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_toml(self) -> str:
        """The mapping as TOML that a person can correct."""
        data = self.to_dict()
        lines = [f"{name} = {_toml(data[name])}" for name in ("source", "header_row", "sheet", "default_kind")]
        lines += ["", "[kinds]", *(f"{_toml(key)} = {_toml(value)}" for key, value in data["kinds"].items())]
        for column in data["columns"]:
            lines += ["", "[[columns]]", *(f"{key} = {_toml(value)}" for key, value in column.items())]
        return "\n".join(lines) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Mapping:
        """The mapping from JSON or TOML text. Raises InputError."""
        try:
            data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
        except ValueError as error:
            raise _refusal(
                f"The mapping cannot be read: {error}.", "mapping.broken", "Make a new one with `knopenkaart mapping FILE`."
            ) from error
        return cls.from_dict(data)


def checked(mapping: Mapping) -> Mapping:
    """The mapping itself. Raises InputError listing: unknown fields, a field twice, a confidential column that cannot be."""
    faults = [
        Fault("mapping.number", "rows and columns are counted from 1", column=column.header)
        for column in mapping.columns
        if column.number < 1 or mapping.header_row < 1
    ]
    seen: dict[str, str] = {}
    for column in mapping.columns:
        if column.field is None:
            continue
        if column.field not in FIELDS:
            near = tuple(name for name, _, _ in process.extract(column.field, FIELDS, limit=3, score_cutoff=50))
            faults.append(
                Fault("mapping.field", f"no field is called {column.field!r}", column=column.header, value=column.field, near=near)
            )
        elif column.field in seen:
            faults.append(Fault("mapping.twice", f"{column.field} is filled by {seen[column.field]!r} already", column=column.header))
        elif column.confidential and column.field in NEVER_CONFIDENTIAL:
            message = f"{column.field} cannot be confidential while the place is shown; make the whole list confidential instead"
            faults.append(Fault("mapping.confidential", message, column=column.header))
        seen.setdefault(column.field, column.header)
    if faults:
        raise InputError(
            "The mapping cannot be used.", code="mapping.faults", remedy=f"The fields are: {', '.join(FIELDS)}.", faults=faults
        )
    return mapping


def guess_mapping(
    content: Path | bytes | Sequence[Sequence[str]], *, vocabulary: Vocabulary, file_name: str | None = None, sheet: str | None = None
) -> Mapping:
    """The most likely mapping of a list.

    `content` is a path, the bytes of an upload, or rows of text. The header row is the row, of the first HEADER_SEARCH_ROWS, with most
    known words; a column is named by its header, else by what its cells look like. The kind of a list without a column of kinds
    follows from the name of the file or the sheet. Raises InputError when the file cannot be read.
    """
    if isinstance(content, (Path, bytes)):
        table = read_sheet(content, file_name=file_name, sheet=sheet)
    else:
        table = Sheet(file_name or "list", sheet, (), tuple(tuple(row) for row in content), None, "")
    header_row = _header_row(table.rows)
    header = table.rows[header_row - 1]
    rows = table.rows[header_row : header_row + 500]
    cells = [[row[i] for row in rows if i < len(row) and row[i]] for i in range(len(header))]
    found = _by_header(header, cells, vocabulary)
    columns = tuple(
        _column(text or f"column {i + 1}", i + 1, *found.get(i, (None, "unknown"))) for i, text in enumerate(header) if text or cells[i]
    )
    mapping = Mapping(columns, header_row, table.name, source=source_of(table.file))
    if mapping.column_of("kind"):
        return mapping
    return replace(mapping, default_kind=_kind_of_title(f"{Path(table.file).stem} {table.name or ''}", vocabulary))


def source_of(file: str) -> str:
    """The name of a list as a source, from its file: without years and dates, so that the next version is the same source."""
    words = slug(Path(file).stem).split("-")
    return "_".join(["list", *([word for word in words if not word.isdigit()] or words)])


def kind_words(vocabulary: Vocabulary) -> dict[str, Kind]:
    """Every word by which a list may name a kind: identifier, name in either language (one or several), and the words of the vocabulary."""
    result: dict[str, Kind] = {}
    for names in (lambda k: (k.id, k.nl, k.en, k.nl_plural, k.en_plural), lambda k: k.words):
        for kind in vocabulary.kinds.values():
            for word in names(kind):
                result.setdefault(slug(word), kind)
    result.pop("", None)
    return result


def near_kinds(text: str, words: MappingOf[str, Kind]) -> tuple[str, ...]:
    """The Dutch names of the kinds that are most like an unknown word."""
    found = process.extract(slug(text), list(words), limit=8, score_cutoff=60)
    return tuple(dict.fromkeys(words[word].nl for word, _, _ in found))[:3]


def plain(text: str) -> str:
    """A header as it is compared: lower case, words separated by one space."""
    return slug(text).replace("-", " ")


@cache
def words_of_lists() -> dict[str, dict[str, list[str]]]:
    """The data file with the words by which lists are recognised."""
    return tomllib.loads(resources.files("knopenkaart.sources").joinpath("list_columns.toml").read_text(encoding="utf-8"))


def _header_row(rows: Sequence[Sequence[str]]) -> int:
    known = {plain(word) for words in words_of_lists()["fields"].values() for word in words}

    def score(row: Sequence[str]) -> tuple[int, int]:
        return sum(plain(cell) in known for cell in row), len({cell for cell in row if cell and not re.search(r"\d{3}", cell)})

    best = max(range(min(len(rows), HEADER_SEARCH_ROWS)), key=lambda i: (score(rows[i]), -i))
    return best + 1


def _by_header(header: Sequence[str], cells: Sequence[Sequence[str]], vocabulary: Vocabulary) -> dict[int, tuple[str, str]]:
    """Column index -> (field, why): whole headers first, then headers that hold a word, then what the cells look like."""
    found: dict[int, tuple[str, str]] = {}
    headers = [plain(text) for text in header]
    fields = words_of_lists()["fields"]
    for why, test in (("header", _equals), ("part of the header", _holds)):
        for name, words in fields.items():
            options = [i for i, text in enumerate(headers) if i not in found and _plausible(name, cells[i]) and test(text, words)]
            if options and name not in {used for used, _ in found.values()}:
                found[options[0]] = (name, why)
    for i, column in enumerate(cells):
        taken = {used for used, _ in found.values()}
        shape = _by_cells(column, taken, vocabulary) if i not in found and len(column) >= 2 else None
        if shape:
            found[i] = (shape, "cells")
    if "name" not in {used for used, _ in found.values()}:
        free = [i for i in range(len(header)) if i not in found and _look_like_names(cells[i])]
        found |= dict.fromkeys(free[:1], ("name", "cells"))
    return found


def _look_like_names(cells: Sequence[str]) -> bool:
    """Words, nearly all of them different."""
    return len(cells) >= 2 and all(re.search(r"[^\W\d]{2}", cell) for cell in cells) and len(set(cells)) >= 0.8 * len(cells)


def _equals(header: str, words: Sequence[str]) -> bool:
    return header in {plain(word) for word in words}


def _holds(header: str, words: Sequence[str]) -> bool:
    return any(len(word) > 3 and f" {plain(word)} " in f" {header} " for word in words)


def _plausible(name: str, cells: Sequence[str]) -> bool:
    """A header may lie: a column called X that holds words is no coordinate, and an address column without numbers is a street."""
    rule = _RANGES.get(name)
    return rule is None or not cells or sum(map(rule, cells)) >= 0.5 * len(cells)


def _by_cells(cells: Sequence[str], taken: set[str], vocabulary: Vocabulary) -> str | None:
    for name, rule in _SHAPES.items():
        if name not in taken and sum(map(rule, cells)) >= CONTENT_SHARE * len(cells):
            return name
    if "kind" not in taken:
        words = kind_words(vocabulary)
        if sum(slug(cell) in words for cell in cells) >= CONTENT_SHARE * len(cells):
            return "kind"
    return None


def _between(low: float, high: float) -> Callable[[str], bool]:
    def test(text: str) -> bool:
        number = to_number(text)
        return number is not None and low <= number <= high

    return test


def to_number(text: str) -> float | None:
    """A number with a decimal point or comma, or None."""
    try:
        value = float(text.replace(" ", "").replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None


# What the cells of a field look like, the most telling first. Bare numbers tell nothing: coordinates need a header.
_SHAPES: MappingOf[str, Callable[[str], bool]] = {
    "email": lambda text: "@" in text and " " not in text,
    "website": lambda text: bool(re.match(r"(?i)(https?://|www\.)", text)),
    "postcode": lambda text: bool(re.fullmatch(r"(?i)[1-9]\d{3}\s?[a-z]{2}", text)),
    "opening_hours": lambda text: bool(re.match(r"(?i)(24/7|(mo|tu|we|th|fr|sa|su|ph)\b.*\d{1,2}:\d{2})", text)),
    "phone": lambda text: bool(re.fullmatch(r"[+0(][\d ()\-/.]{8,18}", text)) and sum(c.isdigit() for c in text) >= 9,
    "address": lambda text: split_address(text)[1] is not None,
}

_RANGES: MappingOf[str, Callable[[str], bool]] = {
    "lon": _between(-180, 180),
    "lat": _between(-90, 90),
    "x_rd": _between(-10_000, 300_000),
    "y_rd": _between(289_000, 640_000),
    "email": _SHAPES["email"],
}


def _column(header: str, number: int, name: str | None, why: str) -> ColumnMapping:
    marked = any(f" {plain(word)} " in f" {plain(header)} " for word in words_of_lists()["confidential"]["words"])
    return ColumnMapping(header, number, name, marked and name not in NEVER_CONFIDENTIAL, why)


def _kind_of_title(title: str, vocabulary: Vocabulary) -> str | None:
    words = kind_words(vocabulary)
    parts = slug(title).split("-")
    runs = ["-".join(parts[i:j]) for i in range(len(parts)) for j in range(len(parts), i, -1)]
    hit = next((words[run] for run in sorted(runs, key=len, reverse=True) if run in words), None)
    return hit.id if hit else None


def _toml(value: str | int | bool) -> str:
    # A JSON string, number or boolean is a TOML one too, but for the character DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _refusal(message: str, code: str, remedy: str) -> InputError:
    return InputError(message, code=code, remedy=remedy)
