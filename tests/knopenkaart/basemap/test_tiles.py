# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands in the tiles, read back by another program than the one that cut them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import LineString, Point, box

from knopenkaart.basemap.tiles import MAX_ZOOM, MIN_ZOOM, min_zoom, write_tiles
from knopenkaart.errors import StoreError
from knopenkaart.sources import osm_basemap
from knopenkaart.sources.osm import read_extract
from knopenkaart.tables import BASEMAP

BOUNDS = (5.0, 52.0, 5.1, 52.1)
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "reference" / "tiles.md"


def small() -> pd.DataFrame:
    rows = [
        ("water", "water", "Plas", 0, box(5.01, 52.01, 5.03, 52.03)),
        ("building", "building", None, 5, box(5.05, 52.05, 5.0505, 52.0505)),
        ("road", "residential", "Dorpsstraat", 4, LineString([(5.02, 52.05), (5.3, 52.05)])),
        ("road", "path", None, 6, LineString([(5.02, 52.06), (5.05, 52.06)])),
        ("label", "village", 'Dörp "aan" Zee', 2, Point(5.05, 52.05)),
        ("label", "village", "Ver weg", 2, Point(6.5, 52.05)),
    ]
    return BASEMAP.frame([dict(zip(BASEMAP.columns, row, strict=True)) for row in rows])


def layers(path: Path, zoom: int) -> dict[str, gpd.GeoDataFrame]:
    names = [name for name, _ in pyogrio.list_layers(path)]
    found = {name: pyogrio.read_dataframe(path, layer=name, ZOOM_LEVEL=zoom) for name in names}
    return {name: frame for name, frame in found.items() if len(frame)}


@pytest.fixture
def tiles(tmp_path: Path) -> Path:
    target = tmp_path / "basemap.pmtiles"
    write_tiles(small(), target, bounds=BOUNDS)
    return target


def test_each_layer_of_the_table_is_a_layer_of_the_tiles(tiles: Path) -> None:
    assert tiles.read_bytes()[:7] == b"PMTiles"
    assert set(layers(tiles, MAX_ZOOM)) == {"water", "building", "road", "label"}


def test_zooms_run_from_eight_to_sixteen(tiles: Path) -> None:
    header = tiles.read_bytes()[:127]
    assert (header[100], header[101]) == (MIN_ZOOM, MAX_ZOOM) == (8, 16)


def test_names_and_classes_survive(tiles: Path) -> None:
    label = layers(tiles, 14)["label"].iloc[0]
    assert (label["name"], label["cls"], label["rank"]) == ('Dörp "aan" Zee', "village", 2)


@pytest.mark.parametrize(("zoom", "classes"), [(8, {"water"}), (10, {"water", "village"}), (12, {"water", "village", "residential"})])
def test_rank_decides_the_zoom_from_which_something_is_drawn(tiles: Path, zoom: int, classes: set[str]) -> None:
    assert {cls for frame in layers(tiles, zoom).values() for cls in frame["cls"]} == classes


def test_every_rank_has_arrived_at_zoom_fourteen() -> None:
    assert [min_zoom(rank) for rank in (0, 1, 5, 6, 20)] == [8, 9, 13, 14, 14]


def test_nothing_is_drawn_outside_the_bounds(tiles: Path) -> None:
    found = layers(tiles, 14)
    assert "Ver weg" not in set(found["label"]["name"])
    east = found["road"].to_crs("EPSG:4326").total_bounds[2]
    # A tile has a small margin beyond its edge, so that lines join.
    assert east < 5.11


def test_nothing_inside_the_bounds_is_an_error_and_leaves_the_old_tiles(tiles: Path) -> None:
    before = tiles.read_bytes()
    with pytest.raises(StoreError, match="nothing inside") as caught:
        write_tiles(small(), tiles, bounds=(0.0, 0.0, 1.0, 1.0))
    assert caught.value.code == "tiles.empty"
    assert tiles.read_bytes() == before


def test_a_failing_cutter_is_reported_and_leaves_the_old_tiles(tiles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tiles.read_bytes()
    monkeypatch.setattr("knopenkaart.basemap.tiles._BINARY", "/bin/false")
    with pytest.raises(StoreError) as caught:
        write_tiles(small(), tiles, bounds=BOUNDS)
    assert caught.value.code == "tiles.failed"
    assert tiles.read_bytes() == before
    assert [path.name for path in tiles.parent.iterdir()] == [tiles.name]


def test_every_layer_and_class_is_documented() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = {
        (layer, cls)
        for layer, classes in re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]+) \|", text, re.MULTILINE)
        for cls in re.findall(r"`(\w+)`", classes)
    }
    made = {(style.layer, style.cls) for style in (*osm_basemap.AREA_LAYERS, *osm_basemap.LINE_LAYERS)}
    made |= {("label", cls) for cls in osm_basemap.PLACE_RANKS} | {("label", cls) for _, cls in osm_basemap.NAMED_AREAS}
    assert made <= rows
    assert rows - made == {("boundary", "level_2"), ("boundary", "level_4"), ("boundary", "level_8"), ("boundary", "level_10")}


def test_a_real_town_gives_tiles_with_all_layers(real_data: Callable[[str], Path], tmp_path: Path) -> None:
    extract = read_extract(real_data("osm/delft_tudelft.osm.pbf"), rules=(), parts={"basemap", "boundaries"})
    target = tmp_path / "delft.pmtiles"
    write_tiles(extract.basemap, target, bounds=(4.35, 51.98, 4.40, 52.02))
    assert set(layers(target, 14)) == {"water", "green", "building", "road", "rail", "boundary", "label"}
    assert target.stat().st_size < 2_000_000
