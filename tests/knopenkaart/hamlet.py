# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hamlet on the streets of Toytown (see toytown.py) as the files that a municipality brings, small enough to walk through by heart.

Letters are homes: four at b (40, 80, 120 and 160 metres from the library), three at each e (450, 550 and 650 metres north of the street
below), three at H (50, 150 and 250) and two at h (450 and 550). West of x=600 each of the ten holds 40 people, east of it each of the five.

    y=800  6---7---8 café
           e   e   h
    y=400  3---4---5
           |   |   H
    y=0    0-b-1---2
     library  400 800
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
import toytown

from knopenkaart.example.osm_file import OsmFile
from knopenkaart.study import Request

TOWN, WEST, EAST = "GM9001", "WK900101", "WK900102"
NAMES: Mapping[str, str] = {TOWN: "Gehucht", WEST: "West", EAST: "Oost"}
SHAPES = {WEST: shapely.box(-100, -100, 600, 900), EAST: shapely.box(600, -100, 900, 900), TOWN: shapely.box(-100, -100, 900, 900)}
PEOPLE: Mapping[str, int] = {TOWN: 600, WEST: 400, EAST: 200}
ALONE: Mapping[str, int] = {TOWN: 150, WEST: 100, EAST: 50}
DWELLINGS: Mapping[str, int] = {TOWN: 15, WEST: 10, EAST: 5}
BESIDE_LIBRARY: Sequence[toytown.Spot] = [(40, 0), (80, 0), (120, 0), (160, 0)]
HOMES: Sequence[toytown.Spot] = [
    *BESIDE_LIBRARY,
    *((x, y) for x in (0, 400) for y in (450, 550, 650)),
    *((800, y) for y in (50, 150, 250, 450, 550)),
]
LIBRARY: Mapping[str, str] = {"amenity": "library", "name": "Bieb", "opening_hours": "Mo-Fr 09:00-17:00"}
CAFE: Mapping[str, str] = {"amenity": "cafe", "name": "De Hoek"}


class Hamlet:
    """Writes the files into a folder; what a test is about it leaves out, or has otherwise."""

    town, west, east = TOWN, WEST, EAST

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def request(self, **more: Any) -> Request:
        """What to build a study from: extract, areas and figures."""
        usual: dict[str, Callable[[], Any]] = {"osm": self.osm, "areas": lambda: (self.areas(),), "figures": lambda: (self.figures(),)}
        # What a test gives is not written anew.
        return Request(**({name: make() for name, make in usual.items() if name not in more} | more))

    def arguments(self) -> list[str]:
        """The same for the command line."""
        return ["--osm", str(self.osm()), "--areas", str(self.areas()), "--figures", str(self.figures())]

    def osm(self, *, streets: str | None = "residential", homes: Iterable[toytown.Spot] = HOMES, places: bool = True) -> Path:
        """The extract; `streets` is the kind of them, none without."""
        path = self.folder / "gehucht.osm"
        path.unlink(missing_ok=True)
        file = OsmFile((toytown.X, toytown.Y), "2025-01-06")
        for a, b in toytown.BLOCKS if streets else ():
            file.line(shapely.LineString([toytown.crossing(a), toytown.crossing(b)]), {"highway": streets or ""})
        file.area(SHAPES[TOWN], {"landuse": "meadow"})
        for number, spot in enumerate(homes, start=1):
            address = {"addr:street": "Dorpsstraat", "addr:housenumber": str(number), "addr:postcode": "9001AA", "addr:city": "Gehucht"}
            file.point(shapely.Point(spot), address)
        for tags, crossing in ((LIBRARY, 0), (CAFE, 8)) if places else ():
            file.point(shapely.Point(toytown.crossing(crossing)), tags)
        file.write(path)
        return path

    def areas(self) -> Path:
        """The municipality and its two wijken, as CBS publishes them."""
        path = self.folder / "gebieden_2025.gpkg"
        path.unlink(missing_ok=True)
        common = {"gemeentecode": TOWN, "gemeentenaam": NAMES[TOWN], "jaar": 2025}
        layers = {"gemeenten": [TOWN], "wijken": [WEST, EAST]}
        for layer, codes in layers.items():
            rows = [common | ({} if code == TOWN else {"wijkcode": code, "wijknaam": NAMES[code]}) for code in codes]
            shapes = toytown.degrees([SHAPES[code] for code in codes])
            gpd.GeoDataFrame(rows, geometry=shapes, crs=4326).to_crs(28992).to_file(path, layer=layer, driver="GPKG", engine="pyogrio")
        return path

    def figures(self, *, people: Mapping[str, int] = PEOPLE, alone: Mapping[str, int] = ALONE) -> Path:
        """Inhabitants, dwellings and one-person households."""
        path = self.folder / "kerncijfers_2025.csv"
        levels = {TOWN: "Gemeente", WEST: "Wijk", EAST: "Wijk"}
        columns = ["code", "naam", "gemeente", "soort", "inwoners", "woningvoorraad", "eenpersoonshuishoudens", "indelingswijziging"]
        self.table(
            path,
            columns,
            [[code, NAMES[code], NAMES[TOWN], levels[code], count, DWELLINGS[code], alone[code], 1] for code, count in people.items()],
        )
        return path

    def lines(self, *lines: Sequence[toytown.Spot], name: str = "wegvakken.gpkg") -> Path:
        """A plain layer of streets."""
        return self.layer([shapely.LineString(line) for line in lines], name=name)

    def layer(self, shapes: Sequence[Any], *, name: str) -> Path:
        """A map file with nothing but shapes."""
        path = self.folder / name
        gpd.GeoSeries(toytown.degrees(shapes), crs=4326).to_crs(28992).to_frame("geometry").to_file(path, engine="pyogrio")
        return path

    def table(self, path: Path | str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
        """A CSV."""
        target = self.folder / path
        with target.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns)
            writer.writerows(rows)
        return target
