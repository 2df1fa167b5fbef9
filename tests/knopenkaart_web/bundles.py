# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Kleindorp as a build of the engine would bring it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from knopenkaart.records import Area, Attribute, Place, Source
from knopenkaart_web.places.bundle import AreaCoverage, AreaFigure, AreaShape, LoadBundle

from . import factories
from .factories import MUNICIPALITY, NOORD, SLUG, ZUID

OSM = Source("osm", "OpenStreetMap", date(2024, 5, 1), "ODbL-1.0", "© OpenStreetMap contributors")
SECRET = Source("secret_list", "Interne lijst", None, "", "", confidential=True)
TOLD = ("name", "kind", "status", "street", "housenumber", "phone", "website", "opening_hours")


def said(record: Place, **other: Any) -> list[Attribute]:
    """What the source of a record says of it: one attribute for each filled column."""
    values = {name: getattr(record, name) for name in TOLD if getattr(record, name)} | other
    return [
        Attribute(record.id, name, str(value), record.source, record.source_id, date(2024, 5, 1), "harvest")
        for name, value in values.items()
    ]


def bundle(places: Sequence[Place] | None = None, **changes: Any) -> LoadBundle:
    """A build of Kleindorp with these places (default: those of factories.records)."""
    records = list(factories.records() if places is None else places)
    areas = [
        AreaShape(Area(MUNICIPALITY, 2024, "municipality", "Kleindorp"), factories.square(5.0, 52.0, 0.06), (5.0, 52.0, 5.06, 52.06)),
        AreaShape(Area(NOORD, 2024, "wijk", "Noord", MUNICIPALITY), factories.square(5.0, 52.0), (5.0, 52.0, 5.02, 52.02)),
        AreaShape(Area(ZUID, 2024, "wijk", "Zuid", MUNICIPALITY), factories.square(5.02, 52.0), (5.02, 52.0, 5.04, 52.02)),
    ]
    values: dict[str, Any] = {
        "slug": SLUG,
        "name": "Kleindorp",
        "area_year": 2024,
        "osm_date": date(2024, 5, 1),
        "built_at": None,
        "engine_version": "1",
        "bounds": (5.0, 52.0, 5.06, 52.06),
        "places": records,
        "attributes": [item for record in records for item in said(record)],
        "areas": areas,
        "figures": [AreaFigure(MUNICIPALITY, "population", 2400.0, "count", 2024, "figures")],
        "coverage": [AreaCoverage(MUNICIPALITY, "covered", "ok", area_share=1.0, believed_share=1.0)],
        "sources": [OSM, Source("figures", "Kerncijfers", None, "CC-BY-4.0", "CBS")],
    }
    return LoadBundle(**(values | changes))
