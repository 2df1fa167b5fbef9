# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the tags of an element say about a place, each value with its date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from knopenkaart.inventory._elements import Element

_KEYS = {
    "street": ("addr:street", "addr:place"),
    "housenumber": ("addr:housenumber",),
    "postcode": ("addr:postcode",),
    "city": ("addr:city",),
    "phone": ("phone", "contact:phone", "contact:mobile"),
    "email": ("email", "contact:email"),
    "website": ("website", "contact:website", "url"),
    "opening_hours": ("opening_hours",),
    "operator": ("operator",),
    "description": ("description:nl", "description"),
}
_CHECKED = ("check_date", "survey:date", "lastcheck", "last_checked")
_WHEELCHAIR = {"yes": "yes", "designated": "yes", "limited": "limited", "no": "no"}
COLUMNS = ("name", *_KEYS, "wheelchair")


def verified(element: Element) -> date | None:
    """The day on which somebody last looked: as written on the element, else the day of its last edit."""
    written = (_day(element.tags.get(key)) for key in _CHECKED)
    return next((day for day in written if day is not None), element.date)


def values(element: Element) -> dict[str, str]:
    """Column of PLACES -> the element's value, for what it has."""
    tags = element.tags
    found = {name: next((tags[key].strip() for key in keys if tags.get(key, "").strip()), None) for name, keys in _KEYS.items()}
    found["name"] = element.name
    found["wheelchair"] = _WHEELCHAIR.get(tags.get("wheelchair", ""))
    return {name: value for name, value in found.items() if value is not None}


def attribute_rows(element: Element, *, place_id: str, source: str) -> Iterator[dict[str, Any]]:
    """One row of ATTRIBUTES per value, its kind, status and location included; hours may have been checked on a day of their own."""
    location = f"{element.lon:.7f},{element.lat:.7f}"
    for name, value in {**values(element), "kind": element.kind.id, "status": element.match.status, "location": location}.items():
        checked = _day(element.tags.get(f"check_date:{name}"))
        yield {
            "place_id": place_id,
            "name": name,
            "value": value,
            "source": source,
            "source_id": element.source_id,
            "date": checked or verified(element),
            "origin": "harvest",
            "confidential": False,
        }


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10]) if text else None
    except ValueError:
        return None
