# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A small invented municipality, straight in the tables, in which every number can be counted by hand.

Kleindorp (GM9001, 2,400 inhabitants): wijk Noord (WK900101, covered, 1,600), with buurt Molenkwartier (BU90010101);
wijk Zuid (WK900102, covered, 80 inhabitants: no rate); wijk Polder (WK900103, not covered).

Nodes that count: Noord 3 (library, community centre, café), Zuid 1 (church), Polder 1 found but unknown. Besides: a bench (small spot), a
closed pub, a planned sports hall, a digital platform, a hairdresser (kind that does not count), a neighbour just across the border.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from knopenkaart.records import Place as PlaceRecord
from knopenkaart.records import place_id
from knopenkaart_web.accounts.models import Membership, User
from knopenkaart_web.places.models import Area, Figure, Notice, Place, PlaceAttribute, PlaceSource, ReviewItem, Source, Study

SLUG = "kleindorp"
MUNICIPALITY, NOORD, ZUID, POLDER, MOLENKWARTIER = "GM9001", "WK900101", "WK900102", "WK900103", "BU90010101"
PASSWORD = "een lang wachtwoord"
WEST, SOUTH = 5.0, 52.0


def identifier(key: str) -> str:
    """The identifier of a place of Kleindorp: `key` is its number at the source, as in node/1."""
    return place_id("osm", key)


LIBRARY, CENTRE, CAFE, CHURCH, BARN = (identifier(f"node/{number}") for number in range(1, 6))
BENCH, PUB, HALL, PLATFORM, HAIRDRESSER, NEIGHBOUR = (identifier(f"node/{number}") for number in range(6, 12))


def square(west: float, south: float, size: float = 0.02) -> str:
    """The outline of a square of `size` degrees as GeoJSON text."""
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    return json.dumps({"type": "MultiPolygon", "coordinates": [[ring]]})


def record(number: int, kind: str, name: str | None, lon: float | None, lat: float | None, **values: Any) -> PlaceRecord:
    """A record of the engine with the defaults of Kleindorp."""
    defaults: dict[str, Any] = {
        "status": "open",
        "source": "osm",
        "source_id": f"node/{number}",
        "archetype": "living_room",
        "functions": ("meet",),
        "municipality_code": MUNICIPALITY,
        "area_year": 2024,
        "last_verified": date(2024, 5, 1),
    }
    return PlaceRecord(id=identifier(f"node/{number}"), kind=kind, name=name, lon=lon, lat=lat, **(defaults | values))


def records() -> list[PlaceRecord]:
    """The eleven places of Kleindorp as records."""
    noord = {"wijk_code": NOORD, "buurt_code": MOLENKWARTIER}
    library = {
        "functions": ("learn", "meet"),
        "archetype": "village_square",
        "street": "Dorpsstraat",
        "housenumber": "1",
        "postcode": "9001 AA",
        "city": "Kleindorp",
        "opening_hours": "Mo-Fr 10:00-17:00",
        "wheelchair": "yes",
        "website": "https://bieb.example",
        "phone": "0900-1234",
    }
    return [
        record(1, "library", "Bibliotheek Noord", 5.005, 52.005, **library, **noord),
        record(2, "community_centre", "Buurthuis De Molen", 5.006, 52.005, functions=("meet", "eat"), city="Kleindorp", **noord),
        record(3, "cafe", "Café Één", 5.015, 52.015, functions=("eat", "meet"), opening_hours="op afspraak", wijk_code=NOORD),
        record(4, "church", "Sint-Jan", 5.025, 52.005, functions=("worship",), wijk_code=ZUID),
        record(5, "community_centre", None, 5.045, 52.005, wijk_code=POLDER),
        record(6, "bench", None, 5.0051, 52.005, small_spot=True, **noord),
        record(7, "pub", "De Dorst", 5.007, 52.006, status="closed", functions=("eat",), **noord),
        record(8, "sports_hall", "Sporthal Zuid", 5.026, 52.006, status="planned", functions=("sport",), wijk_code=ZUID),
        record(9, "digital_platform", "Kleindorp Samen", None, None, digital=True, municipality_code=None),
        record(10, "hairdresser", "Knip", 5.0052, 52.0052, functions=("shop",), **noord),
        record(11, "library", "Bibliotheek Buren", 5.062, 52.005, functions=("learn",), neighbour=True, municipality_code=None),
    ]


def kleindorp(slug: str = SLUG, *, invented: bool = True) -> Study:
    """The municipality in the database, with sources, areas, figures, attributes and one notice."""
    study = Study.objects.create(
        slug=slug,
        name="Kleindorp",
        area_year=2024,
        osm_date=date(2024, 5, 1),
        built_at=datetime(2024, 5, 2, 12, tzinfo=UTC),
        loaded_at=datetime(2024, 5, 3, 12, tzinfo=UTC),
        engine_version="0",
        west=WEST,
        south=SOUTH,
        east=WEST + 0.06,
        north=SOUTH + 0.02,
        invented=invented,
    )
    _sources(study)
    _areas(study)
    add_places(study, records())
    Notice.objects.create(study=study, code="figures.not_joined", subject=POLDER, message="Polder was not joined.", details={"year": 2022})
    return study


def _sources(study: Study) -> None:
    Source.objects.create(
        study=study,
        source_id="osm",
        title="OpenStreetMap",
        date=date(2024, 5, 1),
        licence="ODbL-1.0",
        attribution="© OpenStreetMap contributors",
        url="https://www.openstreetmap.org/copyright",
    )
    Source.objects.create(
        study=study, source_id="figures", title="Kerncijfers", date=date(2024, 1, 1), licence="CC-BY-4.0", attribution="CBS"
    )
    Source.objects.create(study=study, source_id="secret_list", title="Interne lijst", licence="", attribution="", confidential=True)


def _areas(study: Study) -> None:
    rows = [
        (MUNICIPALITY, "municipality", "Kleindorp", None, None, WEST, 0.06, "covered", 2400),
        (NOORD, "wijk", "Noord", MUNICIPALITY, None, 5.0, 0.02, "covered", 1600),
        (ZUID, "wijk", "Zuid", MUNICIPALITY, None, 5.02, 0.02, "covered", 80),
        (POLDER, "wijk", "Polder", MUNICIPALITY, None, 5.04, 0.02, "marginal", 720),
        (MOLENKWARTIER, "buurt", "Molenkwartier", MUNICIPALITY, NOORD, 5.0, 0.01, "covered", 900),
    ]
    areas = [
        Area(
            study=study,
            code=code,
            year=2024,
            level=level,
            name=name,
            municipality_code=municipality,
            wijk_code=wijk,
            geojson=square(west, SOUTH, size),
            west=west,
            south=SOUTH,
            east=west + size,
            north=SOUTH + size,
            coverage_status=status,
            coverage_reason="area_share",
            area_share=1.0 if status == "covered" else 0.1,
            believed_share=1.0 if status == "covered" else 0.1,
            addresses=population // 2,
            dwellings=population // 2,
        )
        for code, level, name, municipality, wijk, west, size, status, population in rows
    ]
    figures = [figure for area, row in zip(Area.objects.bulk_create(areas), rows, strict=True) for figure in _figures(area, row[-1])]
    Figure.objects.bulk_create(figures)


def _figures(area: Area, population: int) -> list[Figure]:
    known = Figure(area=area, indicator="population", value=population, unit="count", year=2024, source="figures")
    other = {"value": None, "unit": "count", "year": 2022, "source": "figures", "joined": False, "reason": "other_area"}
    return [known, Figure(area=area, indicator="dwellings", **other)]


def add_places(study: Study, items: list[PlaceRecord]) -> None:
    """Records as rows, each with its source and one harvested attribute per filled text column."""
    places = Place.objects.bulk_create(Place(study=study, **asdict(item) | {"functions": list(item.functions)}) for item in items)
    PlaceSource.objects.bulk_create(
        PlaceSource(study=study, place=place, source=item.source, source_id=item.source_id)
        for place, item in zip(places, items, strict=True)
    )
    PlaceAttribute.objects.bulk_create(
        attribute for place, item in zip(places, items, strict=True) for attribute in _attributes(place, item)
    )
    touch(study)


def _attributes(place: Place, item: PlaceRecord) -> list[PlaceAttribute]:
    names = ("name", "street", "housenumber", "postcode", "city", "phone", "website", "opening_hours", "wheelchair")
    return [
        PlaceAttribute(
            place=place,
            name=name,
            value=value,
            source=item.source,
            source_id=item.source_id,
            date=item.last_verified,
            origin="harvest",
            current=True,
        )
        for name in names
        if (value := getattr(item, name))
    ]


def confidential_phone(study: Study, place: str = CENTRE, value: str = "06-99887766") -> None:
    """A telephone number that only a confidential list has."""
    PlaceAttribute.objects.create(
        place_id=place, name="phone", value=value, source="secret_list", source_id="row/2", origin="list", confidential=True, current=False
    )
    touch(study)


def review_items(study: Study) -> dict[str, int]:
    """One open item of each topic; gives their numbers by topic."""
    items = {
        "new": ReviewItem(study=study, topic="new", place_id=CAFE, details={"reasons": ["new_in_source"]}),
        "changed": ReviewItem(
            study=study,
            topic="changed",
            place_id=CENTRE,
            details={"reasons": ["name_changed"], "changes": {"name": ["Buurthuis Molen", "Buurthuis De Molen"]}},
        ),
        "gone": ReviewItem(study=study, topic="gone", place_id=CHURCH, details={"reasons": ["not_in_source"]}),
        "duplicate": ReviewItem(
            study=study, topic="duplicate", place_id=LIBRARY, other_id=CENTRE, details={"reasons": ["distance"], "score": 0.71}
        ),
    }
    for item in items.values():
        item.save()
    return {topic: item.pk for topic, item in items.items()}


def touch(study: Study) -> None:
    """What every write does: after changing rows by hand in a test, call this so that the reads see it."""
    study.revision += 1
    study.stamp = uuid.uuid4()
    study.save(update_fields=["revision", "stamp"])


def user(name: str, role: str | None = None, slug: str = SLUG) -> User:
    """An account with the password PASSWORD, and a role in a study."""
    account = User.objects.create_user(username=name, password=PASSWORD)
    if role:
        Membership.objects.create(user=account, study_slug=slug, role=role)
    return account
