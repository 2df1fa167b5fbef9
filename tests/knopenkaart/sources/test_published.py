# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a published file says of areas: gaps with their reason, the country too, and rows without code only where they are sure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely import box

from knopenkaart.errors import InputError
from knopenkaart.sources.published import Published, identified, read_published

RealData = Callable[[str], Path]
CODED = (
    '\ufeff"Wijken en buurten";"Regioaanduiding/Gemeentenaam (naam)";"Regioaanduiding/Codering (code)";'
    '"Regioaanduiding/Indelingswijziging gemeente, wijk, buurt (code)";'
    '"Bevolking/Aantal inwoners (aantal)";"Bevolking/Geslacht/Mannen (aantal)"\n'
    '"Nederland";"Nederland   ";"NL00      ";".";150;75\n'
    '"Dorp";"Dorp        ";"GM0001    ";"1";150;75\n'
    '"Wijk 00 Dorp";"Dorp        ";"WK000100  ";"1";150;75\n'
    '"Noord";"Dorp        ";"BU00010000";"1";100;50\n'
    '"Zuid";"Dorp        ";"BU00010001";"3";50;.\n'
)
LOOSE = (
    '"Wijken en buurten";"Regioaanduiding/Gemeentenaam (naam)";"Bevolking/Aantal inwoners (aantal)";'
    '"Bevolking/Bevolking naar herkomst/Herkomstland/Nederland (aantal)"\n'
    '"Nederland";"Nederland   ";150;120\n"Dorp";"Dorp   ";150;120\n"Wijk 00 Dorp";"Dorp";150;120\n'
    '"Noord";"Dorp";100;90\n"Zuid";"Dorp";50;30\n'
)


def read(folder: Path, text: str, name: str = "kwb2024.csv") -> Published:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_published(path, year=None)


def values(file: Published, indicator: str) -> dict[str, float | None]:
    rows = file.figures[file.figures["indicator"] == indicator]
    return {str(code): None if pd.isna(value) else float(value) for code, value in zip(rows["area_code"], rows["value"], strict=True)}


# --- rows with a code -------------------------------------------------------------------------------------------------


def test_every_level_is_read_and_the_country_too(tmp_path: Path) -> None:
    file = read(tmp_path, CODED)
    assert list(file.areas["level"]) == ["country", "municipality", "wijk", "buurt", "buurt"]
    assert values(file, "population") == {"NL00": 150, "GM0001": 150, "WK000100": 150, "BU00010000": 100, "BU00010001": 50}
    assert list(file.areas["changed"].fillna("")) == ["", "1", "1", "1", "3"]


def test_an_empty_cell_is_missing_and_a_point_is_left_out_by_the_source(tmp_path: Path) -> None:
    file = read(tmp_path, "code,naam,inwoners,mannen,vrouwen\nBU00010000,A,100,,50\nBU00010001,B,100,x,50\nBU00010002,C,100,-99997,50\n")
    rows = file.figures[file.figures["indicator"] == "men"]
    assert list(rows["gap"]) == ["missing", "suppressed", "suppressed"]
    assert rows["value"].isna().all()
    assert file.figures.loc[file.figures["value"].notna(), "gap"].isna().all()


def test_a_code_that_stands_twice_is_told_and_its_first_row_counts(tmp_path: Path) -> None:
    file = read(tmp_path, "code,naam,inwoners\nBU00010000,A,100\nBU00010000,B,50\n")
    assert values(file, "population") == {"BU00010000": 100}
    assert [item["code"] for item in file.notices] == ["monitor.code_twice"]


def test_a_map_with_a_layer_per_level_is_read_with_the_codes_and_names_of_each_layer(tmp_path: Path) -> None:
    path = tmp_path / "wijkenbuurten_2024_v1.gpkg"
    home = {"gemeentecode": ["GM0001"], "gemeentenaam": ["Dorp"], "aantal_inwoners": [150]}
    layers = {
        "gemeenten": home,
        "wijken": {"wijkcode": ["WK000100"], "wijknaam": ["Kern"], **home},
        "buurten": {"buurtcode": ["BU00010000"], "buurtnaam": ["Noord"], "wijkcode": ["WK000100"], **home},
    }
    for name, columns in layers.items():
        frame = gpd.GeoDataFrame(columns, geometry=[box(84_000, 446_000, 85_000, 447_000)], crs="EPSG:28992")
        frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio")
    file = read_published(path, year=None)
    areas = file.areas.set_index("code")
    assert dict(areas["name"]) == {"GM0001": "Dorp", "WK000100": "Kern", "BU00010000": "Noord"}
    assert areas.geometry.notna().all()
    assert values(file, "population") == dict.fromkeys(areas.index, 150)
    assert not file.notices


def test_a_file_of_another_table_with_the_code_in_a_column_of_its_own_name_is_read(tmp_path: Path) -> None:
    header = '"Perioden";"Wijken en buurten";"Regiocode (gemeente, wijk, buurt) (code)";"Aantal inwoners (Aantal)"\n'
    text = header + '"2019";"Dorp";"GM0001    ";"   150"\n'
    file = read(tmp_path, text, "ses.csv")
    assert (file.year, values(file, "population")) == (2019, {"GM0001": 150})


def test_a_workbook_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["gwb_code_10", "regio", "gm_naam", "recs", "ind_wbz", "a_inw", "p_koopw"])
    sheet.append(["NL00", "Nederland", "Nederland", "Land", None, 150, 57])
    sheet.append(["GM0001", "Dorp", "Dorp", "Gemeente", 1, 150, "."])
    book.save(tmp_path / "kwb-2023.xlsx")
    file = read_published(tmp_path / "kwb-2023.xlsx", year=None)
    assert values(file, "dwelling_ownership") == {"NL00": 57, "GM0001": None}
    assert list(file.areas["changed"].fillna("")) == ["", "1"]


def test_a_map_file_gives_outlines_and_needs_no_figures_where_none_are_asked(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"buurtcode": ["BU00010000"], "buurtnaam": ["A"]}, geometry=[box(0, 0, 1000, 1000)], crs="EPSG:28992")
    frame.to_file(tmp_path / "buurten_2021.gpkg", engine="pyogrio")
    file = read_published(tmp_path / "buurten_2021.gpkg", year=None, figures=False)
    assert file.figures.empty
    assert (file.year, list(file.areas["name"]), file.areas.geometry.notna().all()) == (2021, ["A"], True)
    with pytest.raises(InputError, match="no figures"):
        read_published(tmp_path / "buurten_2021.gpkg", year=None)


def test_of_two_years_in_a_name_the_one_that_is_asked_for_counts(tmp_path: Path) -> None:
    path = tmp_path / "cijfers_2002_2016.csv"
    path.write_text("code,naam,inwoners\nGM0001,Dorp,150\n", encoding="utf-8")
    assert read_published(path, year=2016).year == 2016
    with pytest.raises(InputError) as caught:
        read_published(path, year=None)
    assert caught.value.code == "figures.years_contradict"


def test_a_table_without_codes_and_without_municipalities_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "naam,inwoners\nDorp,150\n")
    assert caught.value.code == "figures.no_codes"


# --- rows without a code ----------------------------------------------------------------------------------------------


def test_an_export_without_codes_has_those_of_the_export_of_the_same_table(tmp_path: Path) -> None:
    coded, loose = read(tmp_path, CODED, "kwb2024_a.csv"), read(tmp_path, LOOSE, "kwb2024_b.csv")
    assert loose.figures.empty
    found = identified(loose, [coded, loose])
    assert values(found, "origin_netherlands") == {"NL00": 120, "GM0001": 120, "WK000100": 120, "BU00010000": 90, "BU00010001": 30}
    assert found.notices == ()


def test_in_another_order_only_what_is_single_in_both_files_is_identified(tmp_path: Path) -> None:
    turned = "\n".join([LOOSE.splitlines()[0], *reversed(LOOSE.splitlines()[1:])]) + "\n"
    found = identified(read(tmp_path, turned, "kwb2024_b.csv"), [read(tmp_path, CODED, "kwb2024_a.csv")])
    assert values(found, "origin_netherlands")["BU00010001"] == 30
    assert found.notices == ()


def test_one_row_that_differs_takes_away_the_proof_by_order(tmp_path: Path) -> None:
    other = LOOSE.replace('"Zuid";"Dorp";50;30', '"Zuid";"Dorp";55;30')
    found = identified(read(tmp_path, other, "kwb2024_b.csv"), [read(tmp_path, CODED, "kwb2024_a.csv")])
    assert "BU00010001" not in values(found, "origin_netherlands"), "55 inhabitants is not the Zuid of 50"
    assert values(found, "origin_netherlands")["BU00010000"] == 90
    (notice,) = found.notices
    assert (notice["code"], notice["details"]["count"], notice["details"]["names"]) == ("monitor.unidentified", 1, "Zuid")


def test_two_rows_that_look_alike_are_never_guessed(tmp_path: Path) -> None:
    twins = CODED.replace('"Noord";"Dorp        ";"BU00010000";"1";100', '"Zuid";"Dorp        ";"BU00010000";"1";50')
    loose = LOOSE.replace('"Noord";"Dorp";100;90\n', "")
    found = identified(read(tmp_path, loose, "kwb2024_b.csv"), [read(tmp_path, twins, "kwb2024_a.csv")])
    assert not {"BU00010000", "BU00010001"} & set(values(found, "origin_netherlands"))


@pytest.mark.parametrize("other", ["kwb2023_a.csv", None])
def test_without_codes_of_the_same_year_nothing_is_identified(tmp_path: Path, other: str | None) -> None:
    others = [read(tmp_path, CODED, other)] if other else []
    found = identified(read(tmp_path, LOOSE, "kwb2024_b.csv"), others)
    assert found.figures.empty
    assert found.notices[0]["details"]["count"] == 5


def test_names_without_inhabitants_identify_nothing(tmp_path: Path) -> None:
    loose = "Wijken en buurten;Gemeentenaam;Mannen\nNoord;Dorp;50\n"
    found = identified(read(tmp_path, loose, "kwb2024_b.csv"), [read(tmp_path, CODED, "kwb2024_a.csv")])
    assert found.figures.empty


# --- the real exports -------------------------------------------------------------------------------------------------


def test_every_row_of_the_real_export_without_codes_gets_the_code_that_the_joined_file_gives_it(real_data: RealData) -> None:
    coded = read_published(real_data("cbs/kwb2024_statline_leeftijd_geslacht.csv.gz"), year=None)
    loose = identified(read_published(real_data("cbs/kwb2024_statline_herkomst.csv.gz"), year=None), [coded])
    joined = pd.read_csv(real_data("cbs/kwb2024_schoon.csv.gz"), index_col="code")
    assert loose.notices == ()
    for indicator, column in (
        ("origin_netherlands", "herkomst_nl"),
        ("origin_europe", "herkomst_europa"),
        ("origin_outside_europe", "herkomst_buiten_europa"),
    ):
        rows = loose.figures[loose.figures["indicator"] == indicator].set_index("area_code")["value"].astype(int)
        assert len(rows) == 18_310
        assert (rows.sort_index() == joined[column].sort_index()).all()
