# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files of a municipality of a few buurten, as a monitor is made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
from shapely import box
from shapely.geometry.base import BaseGeometry

HEADER = "code,naam,gemeentenaam,inwoners,mannen,woningen,koopwoningen,indelingswijziging\n"
ROWS = {
    "NL00": "Nederland,Nederland,1000,500,400,50,",
    "GM0001": "Dorp,Dorp,207,100,90,60,1",
    "WK000100": "Wijk 00 Kern,Dorp,205,100,90,60,1",
    "BU00010000": "Noord,Dorp,100,50,40,50,1",
    "BU00010001": "Zuid,Dorp,105,55,50,70,1",
}
# Columns of a kilometre or so near Delft.
COLUMNS = [box(4.30 + 0.02 * number, 52.0, 4.32 + 0.02 * number, 52.03) for number in range(4)]


def table(folder: Path, year: int, rows: Mapping[str, str] = ROWS, *, name: str = "kerncijfers", header: str = HEADER) -> Path:
    """A file of figures of one year: {code: the other cells}."""
    path = folder / f"{name}_{year}.csv"
    path.write_text(header + "".join(f"{code},{cells}\n" for code, cells in rows.items()), encoding="utf-8")
    return path


def outlines(folder: Path, year: int, shapes: Mapping[str, BaseGeometry], names: Sequence[str] = ()) -> Path:
    """A map file of one year: {code: outline in degrees}."""
    path = folder / f"gebieden_{year}.gpkg"
    named = list(names) or [f"Buurt {code[-2:]} {code}" for code in shapes]
    frame = gpd.GeoDataFrame({"code": list(shapes), "name": named}, geometry=list(shapes.values()), crs="EPSG:4326")
    frame.to_crs("EPSG:28992").to_file(path, engine="pyogrio")
    return path
