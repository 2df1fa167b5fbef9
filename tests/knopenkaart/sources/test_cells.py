# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Squares of 100 m are read whatever their columns are called, and what is kept secret stays unknown."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import box

from knopenkaart.errors import InputError
from knopenkaart.sources.cells import read_cells

RealData = Callable[[str], Path]
TO_RD = Transformer.from_crs(4326, 28992, always_xy=True)


def written(folder: Path, text: str, name: str = "cbs_vk100_2021_v1.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def geopackage(folder: Path, **columns: list[object]) -> Path:
    path = folder / "cbs_vk100_2021_v1.gpkg"
    shapes = [box(95_500, 431_900, 95_600, 432_000)] * len(next(iter(columns.values())))
    gpd.GeoDataFrame(columns, geometry=shapes, crs=28992).to_file(path, layer="vierkanten", driver="GPKG", engine="pyogrio")
    return path


def test_a_square_is_a_point_in_its_middle(tmp_path: Path) -> None:
    cells, source = read_cells(written(tmp_path, "crs28992res100m,aantal_inwoners,aantal_woningen\nE0955N4319,45,20\n"))
    row = cells.iloc[0]
    assert (row["code"], row["people"], row["dwellings"], row["source"]) == ("E0955N4319", 45, 20, source.id)
    assert TO_RD.transform(row["lon"], row["lat"]) == pytest.approx((95_550, 431_950), abs=0.05)


def test_a_map_file_is_read_by_its_code_and_not_by_its_shapes(tmp_path: Path) -> None:
    path = geopackage(tmp_path, crs28992res100m=["E1000N4000"], aantalInwoners=[10], aantalWoningen=[5], aantalMannen=[4])
    cells, source = read_cells(path)
    assert TO_RD.transform(cells["lon"][0], cells["lat"][0]) == pytest.approx((100_050, 400_050), abs=0.05)
    assert (source.date, source.licence, source.attribution) == (date(2021, 1, 1), "CC BY 4.0", "Centraal Bureau voor de Statistiek (CBS)")
    assert (source.file, source.id) == ("cbs_vk100_2021_v1.gpkg", "cells_cbs_vk100_2021_v1")


@pytest.mark.parametrize(
    "header",
    [
        "c28992r100;inwoner;woning",
        "C28992R100;INW2014;WON2014",
        "vierkant100m;Aantal inwoners;Aantal woningen",
        "CRS28992RES100M;aantal_inwoners (aantal);aantal_woningen (aantal)",
        "code;population;dwellings",
    ],
)
def test_names_of_columns_of_every_year_are_known(tmp_path: Path, header: str) -> None:
    cells, _ = read_cells(written(tmp_path, f"{header}\nE0955N4319;45;20\n"))
    assert cells[["people", "dwellings"]].to_numpy().tolist() == [[45, 20]]


def test_of_several_years_the_latest_counts_and_dates_the_source(tmp_path: Path) -> None:
    cells, source = read_cells(written(tmp_path, "c28992r100,INW2010,INW2014,INW2012\nE0955N4319,10,14,12\n", "vierkant.csv"))
    assert cells["people"].tolist() == [14]
    assert source.date == date(2014, 1, 1)


def test_what_is_kept_secret_is_unknown_and_not_zero(tmp_path: Path) -> None:
    text = "crs28992res100m,aantal_inwoners,aantal_woningen\nE0955N4319,-99997,20\nE0956N4319,0,-99995\nE0957N4319,,.\n"
    cells, _ = read_cells(written(tmp_path, text))
    assert cells["people"].isna().tolist() == [True, False, True]
    assert cells["dwellings"].isna().tolist() == [False, True, True]
    assert cells["people"][1] == 0


def test_one_of_the_two_numbers_is_enough(tmp_path: Path) -> None:
    cells, _ = read_cells(written(tmp_path, "c28992r100,won2012\nE0955N4319,20\n"))
    assert cells["people"].isna().all()


def test_a_packed_file_a_square_that_is_repeated_alike_and_an_empty_row_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "cells.csv.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbfcode,inwoners\ne0955n4319 ,5\n\nE0955N4319,5.0\n,\n"))
    cells, source = read_cells(path)
    assert cells[["code", "people"]].to_numpy().tolist() == [["E0955N4319", 5]]
    assert (source.date, source.licence) == (None, "not stated"), "a table of somebody else is not called CBS's"


def faults_of(path: Path) -> list[tuple[str, int | None, str | None, str | None]]:
    with pytest.raises(InputError) as refusal:
        read_cells(path)
    assert refusal.value.code == "cells.invalid"
    assert refusal.value.remedy
    return [(fault.code, fault.row, fault.column, fault.value) for fault in refusal.value.faults]


@pytest.mark.parametrize("value", ["abc", "12,5", "1.200", "-1.200.000", "-5", "-89999", "1e3", "inf", "<5", "12 5", "?"])
def test_what_is_no_number_is_a_fault_with_its_place_and_never_a_secret(tmp_path: Path, value: str) -> None:
    text = f"crs28992res100m;aantal_inwoners;aantal_woningen\nE0955N4319;45;20\n\nE0956N4319;10;{value}\n"
    assert faults_of(written(tmp_path, text)) == [("cells.value", 4, "aantal_woningen", value)]


@pytest.mark.parametrize(("value", "number"), [("1200", 1200), ("12.5", 12.5), ("0.125", 0.125), (" 45 ", 45), ("45.0", 45), ("0", 0)])
def test_what_is_a_number_is_read_as_it_stands(tmp_path: Path, value: str, number: float) -> None:
    cells, _ = read_cells(written(tmp_path, f"code;inwoners\nE0955N4319;{value}\n"))
    assert cells["people"].tolist() == [number]


@pytest.mark.parametrize("value", ["", ".", "NA", "NULL", "-99997", "-99997.0", "-99999999"])
def test_what_is_empty_or_far_below_zero_is_kept_secret(tmp_path: Path, value: str) -> None:
    cells, _ = read_cells(written(tmp_path, f"code;inwoners\nE0955N4319;{value}\n"))
    assert cells["people"].isna().tolist() == [True]


def test_a_row_with_an_unknown_code_and_a_square_with_two_numbers_are_faults_told_together(tmp_path: Path) -> None:
    text = "code,inwoners,woningen\nE0955N4319,5,2\nOnbekend,7,3\nE0955N4319,6,2\n,8,4\nE0956N4319,x,y\n"
    assert faults_of(written(tmp_path, text)) == [
        ("cells.code", 3, "code", "Onbekend"),
        ("cells.repeated", 4, "code", "E0955N4319"),
        ("cells.code", 5, "code", None),
        ("cells.value", 6, "inwoners", "x"),
        ("cells.value", 6, "woningen", "y"),
    ]


def test_a_square_that_is_secret_once_and_known_once_is_a_fault(tmp_path: Path) -> None:
    assert faults_of(written(tmp_path, "code,inw\nE0955N4319,\nE0955N4319,6\n")) == [("cells.repeated", 3, "code", "E0955N4319")]


def test_of_many_faults_the_first_are_named_and_all_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path, "code,inw\n" + "".join(f"E{number:04}N4319,x\n" for number in range(250)))
    with pytest.raises(InputError, match="250 cell"):
        read_cells(path)
    assert len(faults_of(path)) == 100


def test_numbers_of_a_map_file_are_numbers_and_its_rows_are_counted_from_one(tmp_path: Path) -> None:
    good = geopackage(tmp_path, c28992r100=["E1000N4000", "E1001N4000"], inwoner=[12.5, -99997.0], woning=[5.0, None])
    cells, _ = read_cells(good)
    assert cells["people"].tolist()[0] == 12.5
    assert cells[["people", "dwellings"]].isna().to_numpy().tolist() == [[False, False], [True, True]]
    good.unlink()
    wrong = geopackage(tmp_path, c28992r100=["E1000N4000", "E1001N4000"], inwoner=[12, -3])
    assert faults_of(wrong) == [("cells.value", 2, "inwoner", "-3")]


@given(st.integers(0, 2999), st.integers(3000, 6199))
@settings(max_examples=20, deadline=None)
def test_a_code_in_metres_is_the_same_square_as_one_in_hundreds(east: int, north: int) -> None:
    with TemporaryDirectory() as folder:
        cells, _ = read_cells(written(Path(folder), f"code,inw\nE{east:04}N{north:04},1\nE{east * 100:05}N{north * 100:06},1\n"))
    assert cells["code"].tolist() == [f"E{east:04}N{north:04}"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("crs28992res500m,aantal_inwoners\nE0955N4315,45\n", "cells.size"),
        ("naam,aantal_inwoners\nDelft,45\n", "cells.no_code"),
        ("crs28992res100m,aantal_mannen\nE0955N4319,45\n", "cells.no_figures"),
        ("code,inwoners\nBU05032800,45\n", "cells.no_squares"),
        ("", "file.damaged"),
    ],
)
def test_another_file_is_refused_with_what_to_do(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_cells(written(tmp_path, text))
    assert refusal.value.code == code
    assert refusal.value.remedy


def test_a_file_that_is_not_there_or_no_map_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        read_cells(tmp_path / "absent.gpkg")
    assert refusal.value.code == "file.absent"
    with pytest.raises(InputError) as refusal:
        read_cells(written(tmp_path, "not a map", "broken.gpkg"))
    assert refusal.value.code == "file.damaged"


def test_the_squares_of_rotterdam_are_found_where_they_are(real_data: RealData, tmp_path: Path) -> None:
    codes = pd.read_csv(real_data("coaccess/rotterdam_cel100m_naar_poi_5min.csv.gz"), usecols=["c28992r100"])[
        "c28992r100"
    ].drop_duplicates()
    path = tmp_path / "cells.csv"
    pd.DataFrame({"c28992r100": codes, "inwoner": 5}).to_csv(path, index=False)
    cells, _ = read_cells(path)
    assert len(cells) == len(codes)
    assert cells["lon"].between(3.9, 4.7).all()
    assert cells["lat"].between(51.8, 52.1).all()
