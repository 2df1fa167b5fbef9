# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading one place with all that is known of it and where that comes from."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from knopenkaart import opening_hours
from knopenkaart.publish.schema_org import place_document
from knopenkaart.records import Place
from knopenkaart_web.places import models, words
from knopenkaart_web.places.geometry import distance_m
from knopenkaart_web.places.labels import property_label
from knopenkaart_web.places.queries.index import Index, index, record_columns, to_record
from knopenkaart_web.places.queries.rows import place_row, place_values
from knopenkaart_web.places.views_data import AttributeRow, DayRow, NearbyRow, PlaceRow, PlaceView

NEARBY_COUNT = 8
NEARBY_M = 1500.0
OPERATOR_SOURCE = "operator"
_ORIGIN_RANK = {"human": 0, "list": 1, "harvest": 2, "assumed": 3}


def place(slug: str, place_id: str, *, lang: str, now: datetime, url: str | None = None) -> PlaceView | None:
    """A place as anybody may see it; None where there is none, or only confidential sources know it.

    A merged place is given with `merged_into`, so that its old address leads on. `url` is its page, for schema.org.
    """
    return _view(slug, place_id, lang, now, url, confidential=False)


def place_for_editor(slug: str, place_id: str, *, lang: str, now: datetime) -> PlaceView | None:
    """A place with its confidential attributes too. Only for pages that have asked for the role of editor."""
    return _view(slug, place_id, lang, now, None, confidential=True)


def place_sources(slug: str, place_id: str) -> list[tuple[str, str]]:
    """The records (source, identifier there) that a place and those merged into it stand for: what it can be split into."""
    key = _uuid(place_id)
    rows = models.PlaceSource.objects.filter(Q(place_id=key) | Q(place__merged_into_id=key), study__slug=slug)
    return list(rows.order_by("pk").values_list("source", "source_id"))


def _view(slug: str, place_id: str, lang: str, now: datetime, url: str | None, *, confidential: bool) -> PlaceView | None:
    held, key = index(slug), _uuid(place_id)
    if held is None or key is None:
        return None
    row = models.Place.objects.filter(study=held.study, pk=key).values(*record_columns(), *_STATE).first()
    if row is None or (row["confidential"] and not confidential):
        return None
    record = to_record(row)
    parent = held.places.get(record.part_of or "")
    parts = [other for other in held.places.values() if other.part_of == record.id]
    return PlaceView(
        **place_values(held, record, lang, now),
        **_details(record),
        version=row["version"],
        part_of=place_row(held, parent, lang, now) if parent else None,
        parts=[place_row(held, part, lang, now) for part in sorted(parts, key=lambda part: (part.name or "", part.id))],
        attributes=_attributes(held, key, confidential=confidential),
        nearby=_nearby(held, record, lang, now),
        merged_into=str(row["merged_into_id"]) if row["merged_into_id"] else None,
        removed=row["removed"],
        schema_org=place_document(record, url=url, vocabulary=words.vocabulary()),
    )


_STATE = ("version", "merged_into_id", "removed", "confidential")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _details(record: Place) -> dict[str, Any]:
    names = ("phone", "email", "opening_hours", "operator", "description", "street", "housenumber", "postcode", "city")
    week = opening_hours.weekly(record.opening_hours, lon=record.lon, lat=record.lat, holidays=False)
    days = [DayRow(weekday=day.weekday, intervals=tuple((item.start, item.end) for item in day.intervals)) for day in week]
    return {name: getattr(record, name) for name in names} | {"hours_valid": opening_hours.is_valid(record.opening_hours), "weekly": days}


def _attributes(held: Index, key: UUID, *, confidential: bool) -> list[AttributeRow]:
    """All values of a place and of those merged into it: the current one of each property first, then human, list, harvest."""
    rows = models.PlaceAttribute.objects.filter(Q(place_id=key) | Q(place__merged_into_id=key)).select_related("by")
    rows = rows if confidential else rows.filter(confidential=False)
    known = {source.source_id: source for source in models.Source.objects.filter(study=held.study)}
    result = []
    for row in rows:
        source = known.get(row.source)
        if source is not None and source.confidential and not confidential:
            continue
        result.append(_attribute(row, source, key))
    order = {item.name: place for place, item in enumerate(fields(Place))}
    return sorted(result, key=lambda item: (order.get(item.name, 99), item.name, not item.current, _ORIGIN_RANK.get(item.origin, 9)))


def _attribute(row: models.PlaceAttribute, source: models.Source | None, key: UUID) -> AttributeRow:
    return AttributeRow(
        name=row.name,
        label=property_label(row.name),
        value=row.value,
        source_title=source.title if source else row.source,
        source_id=row.source_id,
        source_url=_source_url(row.source, row.source_id, source),
        date=row.date,
        origin=row.origin,
        by=row.by.get_username() if row.by else None,
        reason=row.reason,
        current=row.current and row.place_id == key,
        by_operator=row.source == OPERATOR_SOURCE,
    )


def _source_url(source_id: str, record_id: str, source: models.Source | None) -> str | None:
    """The element at OpenStreetMap or the source's own page; an invented source has neither."""
    if source is None or not source.url:
        return None
    kind, _, number = record_id.partition("/")
    is_element = source_id == "osm" and kind in {"node", "way", "relation"} and number.isdigit()
    return f"https://www.openstreetmap.org/{record_id}" if is_element else source.url


def _nearby(held: Index, record: Place, lang: str, now: datetime) -> list[NearbyRow]:
    if record.lon is None or record.lat is None:
        return []
    found: list[tuple[float, Place]] = []
    for other in held.places.values():
        if other.lon is None or other.lat is None or other.id == record.id or other.small_spot or other.status != "open":
            continue
        metres = distance_m(record.lon, record.lat, other.lon, other.lat)
        if metres <= NEARBY_M:
            found.append((metres, other))
    found.sort(key=lambda pair: (pair[0], pair[1].id))
    return [NearbyRow(place=_row(held, other, lang, now), distance_m=round(metres)) for metres, other in found[:NEARBY_COUNT]]


def _row(held: Index, other: Place, lang: str, now: datetime) -> PlaceRow:
    return place_row(held, other, lang, now)
