# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""An invented town for looking at the map alone: places, areas and tiles made from rules when asked, never stored."""

from __future__ import annotations

import json
import math
import random
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

WEST, SOUTH, EAST, NORTH = 4.70, 52.00, 4.80, 52.06
FIELDS = ["id", "name", "kind", "lon", "lat", "flags", "status", "wijk", "buurt", "archetype", "address", "open_now", "wheelchair"]
VOCABULARY = Path(__file__).resolve().parents[3] / "src" / "knopenkaart" / "vocabulary"
WIJKEN = 6
GROUPS = {"all": "iedereen", "age_65_plus": "65 jaar en ouder"}
SLOTS = {"mo_morning": "maandagochtend", "su_evening": "zondagavond"}
LAYERS = ("water", "green", "building", "road", "rail", "boundary", "label")
Ring = list[list[float]]


def write_town(folder: Path, *, places: int, seed: int = 1) -> None:
    """places.json, areas.json, buurten.json, woningen.json and tiles.pmtiles in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    (folder / "places.json").write_text(json.dumps(_places(places, chance)), encoding="utf-8")
    (folder / "areas.json").write_text(json.dumps(_areas(places)), encoding="utf-8")
    (folder / "buurten.json").write_text(json.dumps(_buurten()), encoding="utf-8")
    (folder / "woningen.json").write_text(json.dumps(_homes()), encoding="utf-8")
    _tiles(folder, chance)


def kinds() -> dict[str, Any]:
    """The real table of kinds, in Dutch, as the server gives it to the map."""
    table = tomllib.loads((VOCABULARY / "kinds.toml").read_text(encoding="utf-8"))["kinds"]
    return {
        name: {"label": kind["nl"].capitalize(), "symbol": kind["symbol"], "functions": kind["functions"], "family": kind["functions"][0]}
        for name, kind in table.items()
    }


def functions() -> dict[str, str]:
    table = tomllib.loads((VOCABULARY / "functions.toml").read_text(encoding="utf-8"))["functions"]
    return {name: function["nl"].capitalize() for name, function in table.items()}


def _places(count: int, chance: random.Random) -> dict[str, Any]:
    table = kinds()
    names = list(table)
    rows = []
    for number in range(count):
        kind = names[number % len(names)]
        neighbour = number % 25 == 0
        lon, lat = _spot(chance, neighbour)
        flags = 2 if neighbour else 1 if number % 12 == 1 else 4 if number % 40 == 3 else 0
        wijk = "" if neighbour else f"WK{int((lon - WEST) / (EAST - WEST) * 3) + 3 * int(lat > (SOUTH + NORTH) / 2):02}"
        status = "vacant" if number % 30 == 5 else "open"
        address = f"Voorbeeldstraat {number + 1}, Voorbeeldstad"
        name = "" if number % 17 == 0 else f"{table[kind]['label']} De Éénhoorn {number}"
        open_now = (None, 1, 0)[number % 3]
        wheelchair = ("yes", "limited", "no", "")[number % 4]
        rows.append(
            [str(UUID(int=number + 1)), name, kind, lon, lat, flags, status, wijk, "", "living_room", address, open_now, wheelchair]
        )
    return {"kinds": table, "fields": FIELDS, "places": rows}


def _spot(chance: random.Random, neighbour: bool) -> tuple[float, float]:
    if neighbour:
        return round(EAST + chance.uniform(0.001, 0.015), 6), round(chance.uniform(SOUTH, NORTH), 6)
    across = min(0.99, max(0.01, chance.gauss(0.5, 0.2)))
    up = min(0.99, max(0.01, chance.gauss(0.5, 0.2)))
    return round(WEST + across * (EAST - WEST), 6), round(SOUTH + up * (NORTH - SOUTH), 6)


def _areas(places: int) -> dict[str, Any]:
    features = []
    for index in range(WIJKEN):
        column, row = index % 3, index // 3
        width, height = (EAST - WEST) / 3, (NORTH - SOUTH) / 2
        ring = _box(WEST + column * width, SOUTH + row * height, width, height)
        nodes = places * (index + 1) // 40
        coverage = "unknown" if index == 5 else "covered"
        properties = {
            "code": f"WK{index:02}",
            "name": f"Wijk {index + 1}",
            "level": "wijk",
            "nodes": None if coverage == "unknown" else nodes,
            "per1000": None if coverage == "unknown" else nodes / 4,
            "byFunction": {"meet": nodes // 2, "eat": nodes // 3},
            "coverage": coverage,
            "url": f"/wijk/WK{index:02}",
        }
        features.append({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": properties})
    return {"type": "FeatureCollection", "features": features}


def measure(query: dict[str, str]) -> dict[str, Any]:
    """What the server tells of one measure of reach: wijk 1 to 6 are two known ones, a bound, almost nobody, almost everybody and too few
    people; of a wijk that is known the buurten are too. The number of minutes is the figure of wijk 1."""
    minutes = int(query.get("minuten", "10"))
    areas: dict[str, dict[str, Any]] = {
        "WK00": {"value": minutes, "complete": True},
        "WK01": {"value": minutes + 5, "complete": True},
        "WK02": {"value": 7, "complete": False},
        "WK03": {"value": None, "why": "some", "complete": True},
        "WK04": {"value": None, "why": "most", "complete": True},
        "WK05": {"value": None, "why": "few", "complete": True},
        "BU0000": {"value": 3, "complete": True},
        "BU0001": {"value": None, "why": "most", "complete": False},
    }
    return {
        "measure": query["meting"],
        "what": query.get("wat", "meet"),
        "group": query.get("groep", "all"),
        "minutes": minutes,
        "mode": query.get("hoe", "walk"),
        "slot": query.get("dagdeel"),
        "longest": 15,
        "made_at": "2026-11-26T10:02:03+00:00",
        "stale": False,
        "failed": False,
        "sources": "Verzonnen (2026)",
        "areas": areas,
    }


def _buurten() -> dict[str, Any]:
    """The first wijk in two."""
    width, height = (EAST - WEST) / 6, (NORTH - SOUTH) / 2
    rings = {f"BU000{index}": _box(WEST + index * width, SOUTH, width, height) for index in range(2)}
    areas = {"level": "buurt", "nodes": 4, "per1000": 1.5, "byFunction": {"eat": 1}, "coverage": "covered"}
    features = [_feature("Polygon", [ring], code=code, name=f"Buurt {code[-1]}", **areas) for code, ring in rings.items()]
    return {"type": "FeatureCollection", "features": features}


def _homes() -> dict[str, Any]:
    """Squares with a dot of every band, a ring, and one of which nothing is known."""
    told = [(15, 4), (15, 9), (15, 15), (15, -1), (3, 9), (3, -1)]
    rows = [[WEST + 0.02 + index * 0.01, SOUTH + 0.02, sure, minutes] for index, (sure, minutes) in enumerate(told)]
    made = {"made_at": "2026-11-25T10:00:00+00:00", "stale": True, "sources": "Adressen (2026)"}
    return {"fields": ["lon", "lat", "sure", "eat"], "minutes": [5, 10, 15], "rows": rows, **made}


def _tiles(folder: Path, chance: random.Random) -> None:
    arguments = []
    for layer in LAYERS:
        path = folder / f"{layer}.geojson"
        lines = (json.dumps(feature) for feature in _layer(layer, chance))
        path.write_text("\n".join(lines), encoding="utf-8")
        arguments += ["-L", f"{layer}:{path}"]
    target = folder / "tiles.pmtiles"
    command = ["tippecanoe", "-q", "-f", "-Z8", "-z14", "--no-tile-size-limit", "--no-feature-limit", "-r1", "-o", str(target), *arguments]
    subprocess.run(command, check=True, env=_environment())


def _environment() -> dict[str, str]:
    import os
    import sys

    return {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])}


def _layer(layer: str, chance: random.Random) -> Iterator[dict[str, Any]]:
    makers = {
        "water": _water,
        "green": _green,
        "building": _buildings,
        "road": _roads,
        "rail": _rail,
        "boundary": _boundary,
        "label": _labels,
    }
    yield from makers[layer](chance)


def _water(chance: random.Random) -> Iterator[dict[str, Any]]:
    bank = [[WEST - 0.02 + step * 0.005, 52.028 + 0.006 * math.sin(step / 4)] for step in range(33)]
    other = [[lon, lat + 0.0022] for lon, lat in reversed(bank)]
    yield _feature("Polygon", [[*bank, *other, bank[0]]], cls="river", name="Voorbeeldrivier")


def _green(chance: random.Random) -> Iterator[dict[str, Any]]:
    for _ in range(25):
        yield _feature("Polygon", [_box(chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH), 0.005, 0.003)], cls="park", rank=3)


def _buildings(chance: random.Random) -> Iterator[dict[str, Any]]:
    for _ in range(4000):
        yield _feature("Polygon", [_box(chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH), 0.0003, 0.00018)], cls="building")


def _roads(chance: random.Random) -> Iterator[dict[str, Any]]:
    for step in range(41):
        cls = "primary" if step % 20 == 0 else "tertiary" if step % 5 == 0 else "residential"
        lon, lat = WEST + step * (EAST - WEST) / 40, SOUTH + step * (NORTH - SOUTH) / 40
        yield _feature("LineString", [[lon, SOUTH], [lon + 0.002, (SOUTH + NORTH) / 2], [lon, NORTH]], cls=cls, name=f"Noordstraat {step}")
        yield _feature("LineString", [[WEST, lat], [(WEST + EAST) / 2, lat + 0.001], [EAST, lat]], cls=cls, name=f"Ooststraat {step}")


def _rail(chance: random.Random) -> Iterator[dict[str, Any]]:
    yield _feature("LineString", [[WEST - 0.02, SOUTH + 0.01], [EAST + 0.02, NORTH - 0.01]], cls="rail")


def _boundary(chance: random.Random) -> Iterator[dict[str, Any]]:
    yield _feature("LineString", _box(WEST, SOUTH, EAST - WEST, NORTH - SOUTH), cls="level_8")


def _labels(chance: random.Random) -> Iterator[dict[str, Any]]:
    yield _feature("Point", [(WEST + EAST) / 2, (SOUTH + NORTH) / 2], cls="town", name="Voorbeeldstad", rank=1)
    for index in range(WIJKEN):
        at = [WEST + (index % 3 + 0.5) * (EAST - WEST) / 3, SOUTH + (index // 3 + 0.5) * (NORTH - SOUTH) / 2 + 0.008]
        yield _feature("Point", at, cls="suburb", name=f"Wijk {index + 1}", rank=3)


def _box(west: float, south: float, width: float, height: float) -> Ring:
    return [[west, south], [west + width, south], [west + width, south + height], [west, south + height], [west, south]]


def _feature(kind: str, coordinates: Any, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}
