# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How to read a municipality's own table of indicators: which column is what, which words mean what, which indicators are new."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from knopenkaart.errors import Fault, InputError
from knopenkaart.sources._columns import Columns, by_header, cells_below, header_of, open_table, to_columns, words_of
from knopenkaart.sources._dayparts import Words
from knopenkaart.sources._rows import Sheet
from knopenkaart.sources.mapping import HEADER_SEARCH_ROWS, plain
from knopenkaart.vocabulary.catalogue import DIRECTIONS, THEMES, Catalogue, Indicator, load_catalogue
from knopenkaart.vocabulary.reader import EVERYBODY, load_vocabulary

OWN_FIELDS = ("area", "level", "period", "group", "indicator", "value", "n", "low", "high")
# A column may also be one of these: what stands below its header is of that indicator, group or year; `n:` is what such a column rests on
# (n:poverty, n:group:age_65_plus, n:year:2024).
SEVERAL = ("indicator:", "group:", "year:", "n:")
# New indicators have a name of their own, so that they are never taken for one of the catalogue.
OWN = "own_"
# What a new indicator is. percent and per_1000: so many of `n` people; count: people; the others: a mean of `n` people. No other unit: a
# number of people under another word would be taken for a mean, and shown where they are few.
UNITS = ("percent", "count", "per_1000", "score", "eur_1000", "per_household", "km", "kwh", "m3")
NATURES = ("own", "survey")
# How the Dutch names of groups by origin begin.
ORIGIN = "herkomst "
_OWN_ID = re.compile(r"own_[a-z0-9_]{2,60}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAME_LENGTH, _EXPLANATION_LENGTH = 120, 500
_DECLARED = ("id", "nl", "en", "explanation_nl", "explanation_en", "theme", "unit", "aggregate", "nature", "direction")
_TEXTS = ("indicator", "group", "title", "licence", "attribution", "url")


@dataclass(frozen=True, slots=True)
class OwnMapping:
    """How to read one table.

    `columns` say what each column holds, and its `words` what the table's own words stand for (a code of an area, a group, an indicator; ""
    leaves the rows out). `indicators` are the new ones. `indicator`, `group` and `year` hold for rows that do not say. The rest names the
    table as a source.
    """

    columns: Columns
    indicators: tuple[Indicator, ...] = ()
    indicator: str = ""
    group: str = EVERYBODY
    year: int | None = None
    title: str = ""
    licence: str = ""
    attribution: str = ""
    url: str = ""
    date: date | None = None

    def guessed_again(self, content: bytes, *, catalogue: Catalogue, file_name: str) -> OwnMapping:
        """The same with its columns guessed anew, from its sheet and its row of headers (0: guessed too). Raises InputError."""
        guessed = guess_own(
            content, catalogue=catalogue, file_name=file_name, sheet=self.columns.sheet, header_row=self.columns.header_row or None
        )
        return replace(self, columns=replace(guessed.columns, words=self.columns.words), year=self.year or guessed.year)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and for the web."""
        texts = {name: getattr(self, name) for name in _TEXTS}
        when = {"year": self.year or 0, "date": self.date.isoformat() if self.date else ""}
        return {**self.columns.to_dict(), **texts, **when, "indicators": self.declared(self.indicators)}

    def declared(self, used: Iterable[Indicator]) -> list[dict[str, Any]]:
        """Those of the new indicators that are used, as plain values."""
        names = {item.id for item in used}
        return [{name: getattr(item, name) for name in _DECLARED} for item in self.indicators if item.id in names]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> OwnMapping:
        """From plain values. Raises InputError (`mapping.broken`, `own.indicator`)."""
        columns = Columns.from_dict(data)
        try:
            declared = tuple(_declared(item) for item in data.get("indicators", ()))
            texts = {name: str(data.get(name) or "") for name in _TEXTS}
            day = date.fromisoformat(str(data["date"])) if data.get("date") else None
            year = int(data.get("year") or 0) or None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(f"This is not a mapping: {error!r}.", code="mapping.broken", remedy="Start again with the guess.") from error
        texts["group"] = texts["group"] or EVERYBODY
        return _checked(cls(columns, declared, year=year, date=day, **texts))

    def to_toml(self) -> str:
        """The mapping as TOML that a person can correct."""
        data = self.to_dict()
        plain_values = {name: value for name, value in data.items() if not isinstance(value, (list, dict))}
        lines = [f"{name} = {_toml(value)}" for name, value in plain_values.items()]
        lines += ["", "[words]", *(f"{_toml(key)} = {_toml(value)}" for key, value in data["words"].items())]
        for section in ("columns", "indicators"):
            for entry in data[section]:
                lines += ["", f"[[{section}]]", *(f"{key} = {_toml(value)}" for key, value in entry.items())]
        return "\n".join(lines) + "\n"

    @classmethod
    def from_text(cls, text: str) -> OwnMapping:
        """The mapping from JSON or TOML text. Raises InputError (`mapping.broken`)."""
        try:
            data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
        except ValueError as error:
            raise InputError(
                f"The mapping cannot be read: {error}.", code="mapping.broken", remedy="Start again with the guess."
            ) from error
        return cls.from_dict(data)


def own_indicator(
    nl: str, *, unit: str = "percent", theme: str = "population", direction: str = "neutral", nature: str = "own",
    en: str = "", explanation_nl: str = "", explanation_en: str = "", id_: str = "",
) -> Indicator:  # fmt: skip
    """A new indicator, named after its Dutch name. Raises InputError (`own.indicator`) with all that is wrong with it."""
    made = Indicator(
        id=id_ or OWN + (re.sub(r"[^a-z0-9]+", "_", plain(nl)).strip("_")[:60] or "indicator"),
        nl=nl, en=en or nl, explanation_nl=explanation_nl, explanation_en=explanation_en or explanation_nl, theme=theme, unit=unit,
        aggregate="count" if unit == "count" else "none", nature=nature, direction=direction, wheel=True,
    )  # fmt: skip
    if faults := _faults_of(made):
        raise InputError(f"The new indicator {nl!r} cannot be made.", code="own.indicator", faults=faults)
    return made


def guess_own(
    content: Path | bytes,
    *,
    catalogue: Catalogue | None = None,
    file_name: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
) -> OwnMapping:
    """The most likely way to read an own table; of which sheet and with which row of headers may be known.

    A header that is a year, a group or an indicator makes its column one of values (the wide form); else columns are named by the usual
    words (the long form), and the first column of numbers holds the values. Raises InputError when the file cannot be read, or has no such
    row (`own.no_header`).
    """
    table, second = joined(open_table(content, file_name=file_name, sheet=sheet))
    naming = Naming(catalogue or load_catalogue())
    known = [word for names in words_of("own").values() for word in names]
    header_row = header_row or second or header_of(table, [*known, *naming.words()])
    if header_row > len(table.rows):
        raise InputError(f"{table.file} has no row {header_row}.", code="own.no_header", remedy="Say in which row the headers stand.")
    header = table.rows[header_row - 1]
    cells = [cells_below(table, header_row, i) for i in range(len(header))]
    wide = wide_columns(header, cells, naming)
    rest = by_header(["" if i in wide else text for i, text in enumerate(header)], "own")
    rest = _finest(rest, header, cells)
    numbers = [i for i in range(len(header)) if i not in wide and _numbers(cells[i])]
    rest = _shares_first(rest, {i: header[i] for i in numbers})
    if any(not name.startswith("n:") for name in wide.values()):
        rest = {i: item for i, item in rest.items() if item[0] != "value"}
    found: dict[int, tuple[str, str]] = rest | {i: (name, "header") for i, name in wide.items()}
    columns = Columns(to_columns(header, found), header_row, table.name, sheets=table.names)
    return OwnMapping(columns, year=_year_of(f"{table.file} {table.name or ''}"), title=Path(table.file).stem)


def joined(table: Sheet) -> tuple[Sheet, int | None]:
    """The same with one row of headers in the place of two, and its number: below "65+" stand "%" and "n". None where there is one row."""
    for at, below in enumerate(table.rows[1:HEADER_SEARCH_ROWS], start=1):
        told = [cell.strip("() ").casefold() for cell in below if cell.strip()]
        if len(told) > len(set(told)) and all(_KINDS.get(word) for word in told):
            above = table.rows[at - 1]
            rows = (*table.rows[:at], _joined_headers(above, below), *table.rows[at + 1 :])
            return replace(table, rows=rows), at + 1
    return table, None


def _joined_headers(above: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    header, said = [], ""
    for i in range(max(len(above), len(below))):
        over, under = (row[i].strip() if i < len(row) else "" for row in (above, below))
        # A cell that was merged with those beside it holds its text in the first of them.
        said = over or said
        header.append(f"{said} {under}".strip() if under else over)
    return tuple(header)


def _finest(found: dict[int, tuple[str, str]], header: Sequence[str], cells: Sequence[Sequence[str]]) -> dict[int, tuple[str, str]]:
    """Of several columns with areas (the municipality, its wijken, their codes and names) the one that tells most apart, a code first."""
    words = words_of("own")["area"]
    named = [i for i, text in enumerate(header) if plain(text) in words and (i not in found or found[i][0] == "area")]
    if len(named) < 2:
        return found
    best = max(named, key=lambda i: (len(set(cells[i])), "code" in plain(header[i]), -i))
    return {i: item for i, item in found.items() if item[0] != "area"} | {best: ("area", "header")}


@dataclass(frozen=True)
class Naming:
    """What a word of a table stands for: a group or an indicator, by identifier, by name in either language, or as the mapping says."""

    catalogue: Catalogue
    own: Mapping[str, str] = field(default_factory=dict)
    new: Sequence[Indicator] = ()

    def group(self, text: str, *, header: bool = False) -> str | None:
        """The identifier of a group, `all`; "" for what is left out; None for what is not known.

        Of a `header` only names count: below "hoogopgeleid" there may stand how many are, and not figures about those who are.
        """
        words = Words(replace(load_vocabulary(), groups=self.catalogue.groups), self.own)
        found = words.group(text)
        if found is None:
            # In a column of origins a country stands alone.
            found = words.group(f"{ORIGIN}{text}")
        if found is None and not header:
            found = _usual_groups().get(plain(text))
        return found if found in self.catalogue.groups or found in ("", EVERYBODY) else None

    def indicator(self, text: str) -> Indicator | None:
        """The indicator that is called so."""
        word = plain(text)
        wanted = next((value for key, value in self.own.items() if plain(key) == word), None)
        if wanted is not None:
            return self.by_id(wanted)
        named = (item for item in self.all() if word in (plain(item.id), plain(item.nl), plain(item.en)))
        return next(named, None)

    def by_id(self, id_: str) -> Indicator | None:
        """The indicator of the table or of the catalogue with this identifier."""
        return next((item for item in self.new if item.id == id_), None) or self.catalogue.indicators.get(id_)

    def all(self) -> tuple[Indicator, ...]:
        """The new indicators, and those of the catalogue."""
        return (*self.new, *self.catalogue.indicators.values())

    def words(self) -> list[str]:
        """Every name of a group or an indicator, as headers are compared."""
        indicators = [(item.nl, item.en, item.id) for item in self.all()]
        groups = [(item.nl, item.en, item.id) for item in self.catalogue.groups.values()]
        texts = [text for names in (*indicators, *groups) for text in names]
        return [plain(text) for text in (*texts, *(text.removeprefix(ORIGIN) for text in texts))]


@cache
def _usual_groups() -> Mapping[str, str]:
    """Groups by the words in which tables tell of them."""
    return {word: group for group, words in words_of("own_groups").items() for word in words}


# What a header holds when shares stand below it, and one that is the figure only where there is no share.
_SHARE, _HOW_MANY = re.compile(r"%|\b(percentage|percent|procent|pct|perc|aandeel)\b"), ("aantal", "count")


def _shares_first(found: dict[int, tuple[str, str]], numbers: Mapping[int, str]) -> dict[int, tuple[str, str]]:
    """A column of shares under a name of its own is the figure; "aantal" beside it tells of how many."""
    shares = [i for i, text in numbers.items() if i not in found and _SHARE.search(text.casefold())]
    value = next((i for i, item in found.items() if item[0] == "value"), None)
    if len(shares) != 1 or (value is not None and plain(numbers.get(value, "")) not in _HOW_MANY):
        return found
    named = found | {shares[0]: ("value", "header")}
    if value is not None and "n" not in {item[0] for item in found.values()}:
        return named | {value: ("n", "header")}
    return {i: item for i, item in named.items() if i != value}


def _numbers(cells: Sequence[str]) -> bool:
    """Whether a column holds numbers, all but a few."""
    return bool(cells) and sum(is_value(cell) for cell in cells) >= 0.7 * len(cells)


def wide_columns(header: Sequence[str], cells: Sequence[Sequence[str]], naming: Naming) -> dict[int, str]:
    """Column (from 0) -> field, of those whose header names a year, an indicator or a group with numbers below it, and of how many people
    these are about."""
    named = {i: told for i, text in enumerate(header) if text.strip() and _numbers(cells[i]) and (told := _told(text, naming))}
    shares = {field for field, kind in named.values() if kind == "share"}
    figures = {field for field, kind in named.values() if kind != "n"}
    found: dict[int, str] = {}
    for i, (field_, kind) in named.items():
        # "Aantal" beside a share is of how many people; alone it is the figure.
        rests = kind == "n" or (kind == "count" and field_ in shares)
        name = f"n:{field_.removeprefix('indicator:')}" if rests else field_
        if name not in found.values() and (not rests or field_ in figures):
            found[i] = name
    return found


# By the words below or behind what a column is of: what kind of number stands in it.
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("%", "percentage", "percent", "procent", "pct", "perc", "aandeel", "share"), "share"),
    **dict.fromkeys(("aantal", "count"), "count"),
    **dict.fromkeys(
        ("n", "aantal personen", "aantal respondenten", "respondenten", "aantal inwoners", "noemer", "people", "respondents"), "n"
    ),
}
_WORDS = "|".join(re.escape(word) for word in sorted(_KINDS, key=len, reverse=True))
_BEHIND = re.compile(rf"(.+?)[\s:,-]*(?:\(\s*({_WORDS})\s*\)|(?<![\w])({_WORDS}))$", re.IGNORECASE)
_BEFORE = re.compile(rf"({'|'.join(word for word, kind in _KINDS.items() if kind == 'n')})\s+(.+)", re.IGNORECASE)


def _told(text: str, naming: Naming) -> tuple[str, str] | None:
    """What a header names (year:, indicator:, group:), and what kind of number it says to hold ("" where it does not say)."""
    text = text.strip()
    if found := _field_of(text, naming):
        return found, "share" if "%" in text else ""
    # "Aandeel 65+" is how many are, not a figure about those who are: of words before a name only those for people count.
    if (match := _BEFORE.fullmatch(text)) and (found := _field_of(match[2], naming)):
        return found, "n"
    if (match := _BEHIND.fullmatch(text)) and (found := _field_of(match[1].strip(), naming)):
        return found, _KINDS[(match[2] or match[3]).casefold()]
    return None


def _field_of(text: str, naming: Naming) -> str | None:
    if _YEAR.fullmatch(text):
        return f"year:{text}"
    if found := naming.indicator(text):
        return f"indicator:{found.id}"
    group = naming.group(text, header=True)
    # "Aantal" above numbers is the number itself, not everybody beside groups.
    everybody = group == EVERYBODY and plain(text) not in ("totaal", "total", "alle", "all")
    return f"group:{group}" if group and not everybody else None


def is_value(text: str) -> bool:
    """Whether a cell holds a number, or the sign of one that was left out."""
    return to_value(text) is not None or why_none(text) is not None


# How tables say that a figure is not told, and that there is none.
_SUPPRESSED = frozenset({"x", "*", ".", "-", "\u2013", "\u2014", "geheim", "onderdrukt", "suppressed"})
_FEWER_THAN = re.compile(r"[<\u2264]\s*=?\s*\d{1,3}")
_MISSING = frozenset({"", "n.b.", "n.b", "nb", "n.v.t.", "n.v.t", "nvt", "onbekend", "niet bekend", "n/a", "unknown"})


def why_none(text: str) -> str | None:
    """Why a cell holds no figure: it was `suppressed`, or is `missing`. None where it should hold one."""
    word = text.strip().casefold()
    if word in _SUPPRESSED or _FEWER_THAN.fullmatch(word):
        return "suppressed"
    return "missing" if word in _MISSING else None


_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")


def to_value(text: str, *, points: bool = False) -> float | None:
    """A number as people in the Netherlands write it: 12,5 or 12.5, with or without a percent sign; 1.234 is over a thousand.

    With `points` it is 1 and a bit: in a workbook, and in a table that writes its decimals so (see `has_points`).
    """
    bare = _bare(text)
    bare = bare.replace(".", "") if _THOUSANDS.fullmatch(bare) and not (points and bare.count(".") == 1 and "," not in bare) else bare
    if not re.fullmatch(r"[-+]?\d{1,12}(?:[.,]\d{1,15})?", bare):
        return None
    return float(bare.replace(",", "."))


def has_points(texts: Iterable[str]) -> bool:
    """Whether a table writes decimals behind a point: there is one that parts no thousands, and no decimal behind a comma."""
    numbers = [bare for text in texts if "." in (bare := _bare(text)) or "," in bare]
    behind_comma = any(re.fullmatch(r"-?[\d.]+,\d+", bare) for bare in numbers)
    return not behind_comma and any(re.fullmatch(r"-?\d+\.\d+", bare) and not _THOUSANDS.fullmatch(bare) for bare in numbers)


def _bare(text: str) -> str:
    return text.strip().removesuffix("%").strip().replace(" ", "").replace("\u00a0", "")


def _year_of(title: str) -> int | None:
    found = {int(match[0]) for match in re.finditer(r"(?<!\d)(?:19[89]\d|20\d\d)(?!\d)", title.replace("_", " "))}
    return found.pop() if len(found) == 1 else None


def _declared(data: Mapping[str, Any]) -> Indicator:
    known = {item.name for item in fields(Indicator)}
    texts = {name: str(data.get(name) or "") for name in _DECLARED if name in known}
    unit = texts["unit"] or "percent"
    return Indicator(
        id=texts["id"], nl=texts["nl"], en=texts["en"] or texts["nl"], explanation_nl=texts["explanation_nl"],
        explanation_en=texts["explanation_en"] or texts["explanation_nl"], theme=texts["theme"] or "population", unit=unit,
        aggregate="count" if unit == "count" else "none", nature=texts["nature"] or "own", direction=texts["direction"] or "neutral",
        wheel=True,
    )  # fmt: skip


def _checked(mapping: OwnMapping) -> OwnMapping:
    faults = [fault for item in mapping.indicators for fault in _faults_of(item)]
    names = [item.id for item in mapping.indicators]
    faults += [Fault("own.indicator", "two new indicators have this name", value=name) for name in {n for n in names if names.count(n) > 1}]
    if faults:
        raise InputError("A new indicator cannot be made.", code="own.indicator", remedy="Correct it in the mapping.", faults=faults)
    return mapping


def _faults_of(item: Indicator) -> list[Fault]:
    """Everything that is wrong with a new indicator."""
    told = [
        (not _OWN_ID.fullmatch(item.id), "id", item.id, "the identifier is own_ and small letters, digits and _"),
        (not item.nl.strip() or len(item.nl) > _NAME_LENGTH, "nl", item.nl, f"a name has 1 to {_NAME_LENGTH} characters"),
        (len(item.en) > _NAME_LENGTH, "en", item.en, f"a name has at most {_NAME_LENGTH} characters"),
        (len(item.explanation_nl) > _EXPLANATION_LENGTH, "explanation_nl", "", f"at most {_EXPLANATION_LENGTH} characters"),
        (len(item.explanation_en) > _EXPLANATION_LENGTH, "explanation_en", "", f"at most {_EXPLANATION_LENGTH} characters"),
        (item.theme not in THEMES, "theme", item.theme, f"a theme is one of {', '.join(THEMES)}"),
        (item.direction not in DIRECTIONS, "direction", item.direction, f"a direction is one of {', '.join(DIRECTIONS)}"),
        (item.nature not in NATURES, "nature", item.nature, f"a nature is one of {', '.join(NATURES)}"),
        (item.unit not in UNITS, "unit", item.unit, f"a unit is one of {', '.join(UNITS)}"),
    ]
    return [Fault("own.indicator", message, column=name, value=value[:100]) for wrong, name, value, message in told if wrong]


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
