# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A place as schema.org JSON-LD, for search engines and assistants that read the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from knopenkaart.opening_hours import DayHours, same_every_week, weekly
from knopenkaart.records import Place
from knopenkaart.vocabulary import Vocabulary, load_vocabulary

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# A JSON string inside <script> may not hold what closes the element or begins a comment; these two separators end a line in old scripts.
_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def place_document(
    place: Place, *, url: str | None = None, vocabulary: Vocabulary | None = None, week: date | None = None
) -> dict[str, Any]:
    """A place that may be published as a JSON-LD document; `url` is that of its page.

    Opening hours that hold only for this season are given for the week of `week` (default: today). Hours that cannot be read are left out:
    schema.org has no place for free text there.
    """
    kind = (vocabulary or load_vocabulary()).kinds.get(place.kind)
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": (kind.schema_org if kind else "") or "Place",
        "@id": url or f"urn:uuid:{place.id}",
        "identifier": place.id,
        "name": place.name or (kind.nl if kind else place.kind),
        "description": place.description,
        "url": web_address(place.website) or url,
    }
    if not place.digital:
        document |= _physical(place, week or date.today())  # noqa: DTZ011  the date of the reader's own calendar
    if url:
        document["mainEntityOfPage"] = url
    return {name: value for name, value in document.items() if value not in (None, [], {})}


def dumps_for_html(document: dict[str, Any]) -> str:
    """The document as JSON that can stand inside a <script type="application/ld+json"> whatever its texts hold."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False).translate(_HTML)


def web_address(text: str | None) -> str | None:
    """A website as a link that is safe to follow: http or https only; a bare domain gets https."""
    cleaned = (text or "").split(";")[0].strip()
    if not cleaned or any(letter.isspace() for letter in cleaned):
        return None
    address = cleaned if "://" in cleaned else f"https://{cleaned}"
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and "." in (parts.hostname or "") and parts.username is None else None


def _physical(place: Place, today: date) -> dict[str, Any]:
    return {
        "address": _address(place),
        "geo": _geo(place),
        "telephone": place.phone,
        "openingHoursSpecification": _opening_hours(place, today) if place.status == "open" else None,
        "amenityFeature": _wheelchair(place.wheelchair),
        "containedInPlace": {"@id": f"urn:uuid:{place.part_of}"} if place.part_of else None,
    }


def _geo(place: Place) -> dict[str, Any] | None:
    if place.lon is None or place.lat is None:
        return None
    return {"@type": "GeoCoordinates", "latitude": round(place.lat, 7), "longitude": round(place.lon, 7)}


def _address(place: Place) -> dict[str, Any] | None:
    street = " ".join(part for part in (place.street, place.housenumber) if part)
    known = {"streetAddress": street or None, "postalCode": place.postcode, "addressLocality": place.city}
    known = {name: value for name, value in known.items() if value}
    return {"@type": "PostalAddress", **known} if known else None


def _wheelchair(value: str | None) -> list[dict[str, Any]]:
    known = {"yes": True, "no": False, "limited": "limited"}
    if value not in known:
        return []
    return [{"@type": "LocationFeatureSpecification", "name": "wheelchair accessible", "value": known[value]}]


def _opening_hours(place: Place, today: date) -> list[dict[str, Any]]:
    week = weekly(place.opening_hours, week=today, lon=place.lon, lat=place.lat, holidays=False)
    grouped: dict[tuple[str, str], list[str]] = {}
    for day, opens, closes in _stretches(week):
        grouped.setdefault((opens, closes), []).append(f"https://schema.org/{day}")
    validity: dict[str, str] = {}
    if grouped and not same_every_week(place.opening_hours, year=today.year, lon=place.lon, lat=place.lat):
        validity = {"validFrom": week[0].day.isoformat(), "validThrough": (week[0].day + timedelta(days=6)).isoformat()}
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": days, "opens": opens, "closes": closes, **validity}
        for (opens, closes), days in grouped.items()
    ]


def _stretches(week: tuple[DayHours, ...]) -> Iterator[tuple[str, str, str]]:
    for day in week:
        for interval in day.intervals:
            if interval.state == "open":
                # schema.org knows no 24:00; a day that is open to the end closes at its last minute.
                yield DAYS[day.weekday - 1], interval.start, "23:59" if interval.end == "24:00" else interval.end
