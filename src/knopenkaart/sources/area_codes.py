# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How an area is named: codes of Statistics Netherlands, names that mean the same, and the year of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from knopenkaart.checksum import checksum
from knopenkaart.errors import InputError
from knopenkaart.records import AreaLevel, Source
from knopenkaart.sources.figure_columns import plain, simplify

PREFIXES: dict[AreaLevel, str] = {"municipality": "GM", "wijk": "WK", "buurt": "BU"}
LEVELS: tuple[AreaLevel, ...] = ("municipality", "wijk", "buurt")
# Wijk and buurt numbers may hold letters where a municipality has more than a hundred of them.
_CODE = re.compile(r"^(?P<year>(?:19|20)\d\d)?(?P<code>GM\d{4}|WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4})$")
# GM1982 in the name of a file is a municipality, not a year.
_YEAR = re.compile(r"(?<!\d)(?<!gm)(19[89]\d|20\d\d)(?!\d)", re.IGNORECASE)
# StatLine cuts names at 40 characters; anything that long may be the beginning of a longer name.
STATLINE_NAME_LENGTH = 40
_PROVINCE_SUFFIX = re.compile(r"\s*\((?:o|gld|gr|l|nb|nh|u|z|zh|fr|dr)\.?\)$", re.IGNORECASE)
# File names and columns (letters and digits only) of the Wijk- en buurtkaart, the Kerncijfers, StatLine and the gebiedsindelingen.
_CBS_FILE = re.compile(
    r"(?<![a-z])(?:cbs|kwb|statline|wijkenbuurten|wijken[-_ ]?en[-_ ]?buurten|gebiedsindelingen)(?![a-z])", re.IGNORECASE
)
_CBS_COLUMNS = frozenset(
    {
        "wijkenenbuurten",
        "codering",
        "gwbcode",
        "gwbcode8",
        "gwbcode10",
        "indwbz",
        "recs",
        "statcode",
        "jaarstatcode",
        "jrstatcode",
        "indelingswijzigingwijkenenbuurten",
        "indelingswijziginggemeentewijkbuurt",
    }
)
_CBS_AREA_COLUMNS = frozenset({"gemeentecode", "wijkcode", "buurtcode", "gmcode", "wkcode", "bucode"})
_WIJK_NUMBER = re.compile(r"^wijk\s+[0-9a-z]{1,2}(?=\s|$)")


def split_code(value: object) -> tuple[str, int | None] | None:
    """A code as published ("2021BU02330000", "WK050328  ") -> (code, year or None); None for what is no CBS code."""
    match = _CODE.match(str(value).strip().upper())
    return (match["code"], int(match["year"]) if match["year"] else None) if match else None


def with_prefix(value: object, level: AreaLevel) -> str:
    """A code that a file wrote without GM, WK or BU ("503", "050328") with it; others as they are."""
    text = re.sub(r"\.0$", "", str(value).strip())
    width = {"municipality": 4, "wijk": 6, "buurt": 8}[level]
    return PREFIXES[level] + text.zfill(width) if text.isdecimal() and len(text) <= width else text


def level_of(code: str) -> AreaLevel | None:
    """The level that a CBS code stands for."""
    return next((level for level, prefix in PREFIXES.items() if code.startswith(prefix) and split_code(code)), None)


def parents(code: str) -> tuple[str | None, str | None]:
    """(municipality, wijk) in which a CBS area lies, from its code: BU05032801 -> GM0503, WK050328."""
    level = level_of(code)
    if level is None:
        return None, None
    return f"GM{code[2:6]}", None if level == "municipality" else f"WK{code[2:8]}"


def comparable(name: str) -> str:
    """A name as it is compared: no case, diacritics, punctuation, "Wijk 03" or province in brackets; "e.o." written out.

    Empty for a name that is nothing but its number ("Wijk 03"): that says nothing about the area.
    """
    text = _WIJK_NUMBER.sub("", plain(_PROVINCE_SUFFIX.sub("", name.strip())))
    return re.sub(r"\be ?o$", "en omgeving", re.sub(r"[^a-z0-9]+", " ", text).strip())


def same_name(first: str, second: str) -> bool:
    """Two names that certainly mean the same; a name cut at 40 characters equals the longer one that it begins."""
    one, other = comparable(first), comparable(second)
    if not one or not other:
        return False
    if one == other:
        return True
    shorter, longer = sorted((first.strip(), second.strip()), key=len)
    # A cut may fall on spaces or signs, which are stripped.
    cut = STATLINE_NAME_LENGTH - 2 <= len(shorter) <= STATLINE_NAME_LENGTH
    return cut and comparable(longer).startswith(comparable(shorter))


def years_in(text: str) -> set[int]:
    """The years that a file or layer name mentions."""
    return {int(year) for year in _YEAR.findall(text)}


def one_year(found: Iterable[int], *, given: int | None, subject: str, code: str) -> int:
    """The single year of a file. Raises InputError where there is none, or where two contradict one another."""
    years = sorted({*found, *([given] if given is not None else [])})
    if len(years) == 1:
        return years[0]
    if not years:
        raise InputError(
            f"{subject} does not say of which year its areas are.",
            code=f"{code}.no_year",
            remedy="Pass the year with --year, or put it in the name of the file (areas_2024.gpkg).",
        )
    raise InputError(
        f"{subject} speaks of several years: {', '.join(map(str, years))}{f' (--year says {given})' if given is not None else ''}.",
        code=f"{code}.years_contradict",
        remedy="Use one file per year, and a --year that agrees with the year in its columns and name.",
    )


def made_by_cbs(path: Path, columns: Iterable[object], *, of_figures: bool) -> bool:
    """Whether a file is Statistics Netherlands' own: by the name of the file, or by column names that only its publications have.

    A column `buurtcode` tells whose division a map follows; in a table of figures it does not tell whose figures they are.
    """
    if _CBS_FILE.search(path.name):
        return True
    names = {simplify(str(column)) for column in columns}
    return bool(names & (_CBS_COLUMNS if of_figures else _CBS_COLUMNS | _CBS_AREA_COLUMNS))


def file_source(path: Path, *, prefix: str, title: str, year: int, official: bool) -> Source:
    """The source record of a file of areas or figures; 1 January is the reference date of CBS's yearly division.

    `title` is the name under which CBS publishes (`official`) such files; any other file is called by its own name, in any language.
    """
    stem = re.sub(r"[^a-z0-9]+", "_", plain(path.name.split(".")[0])).strip("_") or "file"
    own_name = path.name if year in years_in(path.name) else f"{path.name} ({year})"
    return Source(
        id=f"{prefix}_{stem}",
        title=f"{title} {year} ({path.name})" if official else own_name,
        date=date(year, 1, 1),
        licence="CC BY 4.0" if official else "not stated",
        attribution="Centraal Bureau voor de Statistiek (CBS)" if official else path.name,
        url="https://www.cbs.nl/nl-nl/reeksen/publicatie/kerncijfers-wijken-en-buurten" if official else None,
        file=path.name,
        sha256=checksum(path),
    )
