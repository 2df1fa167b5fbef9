# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What somebody says of a file beside it, in the words of CSV on the Web: `NAME-metadata.json`, or `csv-metadata.json` for a folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from knopenkaart.errors import InputError
from knopenkaart.records import Source

FOLDER_FILE = "csv-metadata.json"
MAX_BYTES = 1_000_000
LICENCE = "dc:license"
# Who must be named: the first that is there. `dc:rights` is how the product itself writes it.
NAMED = ("dc:publisher", "dc:rights")
# Where the text of a property stands that has a language or is about somebody.
_NAMES = ("@value", "schema:name", "foaf:name", "@id")
_LONGEST = 300


def described(path: Path, source: Source) -> Source:
    """The source record of a file with title, licence, publisher and address as a description beside it says; else as it was.

    A description of the file itself goes before one of its folder, and what the folder's says of one file before what it says of all.
    Raises InputError `source.description` where it cannot be read.
    """
    said = _of_folder(path) | _of_file(path)
    named = next((text for word in NAMED if (text := _text(said.get(word)))), "")
    url = _text(said.get("dc:source"))
    # The page of a publisher that the file was taken to be of is not that of another.
    recognised = None if named else source.url
    return replace(
        source,
        title=_text(said.get("dc:title")) or source.title,
        licence=_text(said.get(LICENCE)) or source.licence,
        attribution=named or source.attribution,
        url=url if url.startswith(("https://", "http://")) else recognised,
    )


def _of_file(path: Path) -> dict[str, Any]:
    return _read(path.with_name(f"{path.name}-metadata.json"))


def _of_folder(path: Path) -> dict[str, Any]:
    """What is said of all files of the folder, and of this one; a title and an address are of one file. Nothing where it is not listed."""
    said = _read(path.with_name(FOLDER_FILE))
    tables = said.get("tables", [said])
    mine = next((table for table in tables if isinstance(table, Mapping) and table.get("url") == path.name), None)
    shared = {word: said[word] for word in (LICENCE, *NAMED) if word in said}
    return {} if mine is None else {**shared, **mine}


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(MAX_BYTES).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(path, str(error)) from error
    if not isinstance(found, dict) or not isinstance(found.get("tables", []), list):
        raise _unreadable(path, "it is no description of tables")
    return found


def _unreadable(path: Path, why: str) -> InputError:
    return InputError(
        f"{path.name}, the description beside the file, cannot be read: {why}.",
        code="source.description",
        remedy="Save it as JSON in UTF-8, as docs/reference/file-descriptions.md says, or take it away.",
    )


def _text(value: Any) -> str:
    """One text of a property: as it is, in the first of several languages, or the name of an organisation."""
    for item in value if isinstance(value, list) else [value]:
        found = next((item[key] for key in _NAMES if key in item), "") if isinstance(item, Mapping) else item
        if isinstance(found, str) and found.strip():
            return " ".join(found.split())[:_LONGEST]
    return ""
