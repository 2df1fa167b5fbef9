# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A list that was read, as an editor looks at it before it comes in: its rows, its faults, the words that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.places import words
from knopenkaart_web.places.views_data import DraftRow

SHOWN = 100


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as the place it would become."""

    name: str
    kind: str
    address: str
    lon: float | None
    lat: float | None
    duplicates: int


@dataclass(frozen=True, slots=True)
class PreviewFault:
    """A fault with its place in the list; `near` are suggestions."""

    row: int | None
    column: str
    value: str
    text: str
    near: str


def rows(draft: DraftRow, language: str) -> list[PreviewRow]:
    """The first rows of a list as places."""
    return [_row(row["place"], len(row.get("duplicates", [])), language) for row in draft.rows[:SHOWN]]


def faults(draft: DraftRow) -> list[PreviewFault]:
    """Everything that is wrong, in the order of the list."""
    found = [_fault(fault) for fault in draft.faults]
    return sorted(found, key=lambda fault: (fault.row or 0, fault.column))


def unknown_words(faulty: Sequence[Mapping[str, Any]]) -> list[str]:
    """The list's own words for kinds that the vocabulary does not have, each once."""
    return list(dict.fromkeys(str(fault["value"]) for fault in faulty if fault.get("code") == "list.unknown_kind" and fault.get("value")))


def _row(place: Mapping[str, Any], duplicates: int, language: str) -> PreviewRow:
    street = " ".join(str(place[name]) for name in ("street", "housenumber") if place.get(name))
    address = ", ".join(str(part) for part in (street, place.get("postcode"), place.get("city")) if part)
    kind = words.kind_label(str(place["kind"]), language)
    return PreviewRow(str(place.get("name") or ""), kind, address, place.get("lon"), place.get("lat"), duplicates)


def _fault(fault: Mapping[str, Any]) -> PreviewFault:
    near = ", ".join(map(str, fault.get("near") or ()))
    return PreviewFault(
        fault.get("row"), str(fault.get("column") or ""), str(fault.get("value") or ""), error_text(str(fault["code"])), near
    )
