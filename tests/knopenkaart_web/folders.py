# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Kleindorp as a study folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import shapely

from knopenkaart import store
from knopenkaart.policy import Policy
from knopenkaart.records import Coverage, Place, Source
from knopenkaart.tables import ALL, from_records

from .bundles import OSM, said
from .factories import MUNICIPALITY, NOORD
from .reached import ground


def build(folder: Path, places: Sequence[Place], *, reachable: bool = False) -> Path:
    """A study folder of Kleindorp, as a build leaves it; `reachable`: with streets and homes (reached.py)."""
    tables = {name: table.empty() for name, table in ALL.items() if name not in {"features", "streets", "boundaries"}}
    outline = shapely.MultiPolygon([shapely.box(5.0, 52.0, 5.06, 52.02)])
    area = {"code": MUNICIPALITY, "year": 2024, "level": "municipality", "name": "Kleindorp", "source": "areas", "geometry": outline}
    wijk = area | {"code": NOORD, "level": "wijk", "name": "Noord", "municipality_code": MUNICIPALITY}
    wijk["geometry"] = shapely.MultiPolygon([shapely.box(5.0, 52.0, 5.02, 52.02)])
    tables["places"] = from_records(places, ALL["places"])
    tables["attributes"] = from_records([item for place in places for item in said(place)], ALL["attributes"])
    tables["areas"] = ALL["areas"].frame([area, wijk])
    rows = [Coverage(code, 1.0, None, None, 1.0, "covered", "ok") for code in (MUNICIPALITY, NOORD)]
    levels = {MUNICIPALITY: "municipality", NOORD: "wijk"}
    tables["coverage"] = ALL["coverage"].frame(
        {name: getattr(row, name, None) for name in ALL["coverage"].columns} | {"level": levels[row.area_code], "addresses": 10}
        for row in rows
    )
    figure = {"area_code": MUNICIPALITY, "area_year": 2024, "indicator": "population", "value": 2400.0, "unit": "count", "year": 2024}
    tables["figures"] = ALL["figures"].frame([figure | {"source": "f", "joined": True}])
    tables["sources"] = from_records([OSM, Source("f", "Kerncijfers", None, "CC-BY-4.0", "CBS")], ALL["sources"])
    if reachable:
        tables |= ground(tables["places"])
    tiles = folder.parent / "tiles.pmtiles"
    tiles.write_bytes(b"PMTiles")
    manifest = {
        "name": "Kleindorp",
        "municipalities": [MUNICIPALITY],
        "area_year": 2024,
        "osm_date": "2024-05-01",
        "built_at": "2024-05-02T12:00:00+00:00",
        "engine_version": "0",
        "bounds": [5.0, 52.0, 5.06, 52.02],
        "invented": True,
        "policy": asdict(Policy()),
    }
    store.write(folder, tables, {"tiles": tiles}, manifest)
    return folder
