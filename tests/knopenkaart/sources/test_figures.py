# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures are read as published, and put beside areas of another year only where the area is known to be the same."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from knopenkaart.errors import InputError
from knopenkaart.sources.area_identity import jumped
from knopenkaart.sources.areas import AreaLayers, read_areas
from knopenkaart.sources.figure_columns import plain
from knopenkaart.sources.figures import FigureFile, join_figures, read_figures
from knopenkaart.tables import AREAS, FIGURES

RealData = Callable[[str], Path]
STATLINE = (
    '\ufeff"Wijken en buurten";"Regioaanduiding/Gemeentenaam (naam)";"Regioaanduiding/Soort regio (omschrijving)";'
    '"Regioaanduiding/Codering (code)";"Regioaanduiding/Indelingswijziging gemeente, wijk, buurt (code)";'
    '"Bevolking/Aantal inwoners (aantal)";"Bevolking/Leeftijdsgroepen/0 tot 15 jaar (aantal)"\n'
    '"Nederland";"Nederland  ";"Land      ";"NL00      ";".";17942942;2714040\n'
    '"Delft";"Delft      ";"Gemeente  ";"GM0503    ";"1";109000;14000\n'
    '"Wijk 28 Wippolder";"Delft  ";"Wijk      ";"WK050328  ";"1";12000;.\n'
)


# --- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [False, True])
def test_a_statline_export_is_read_with_its_padding_and_byte_order_mark(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("kwb2024.csv.gz" if packed else "kwb2024.csv")
    path.write_bytes(gzip.compress(STATLINE.encode()) if packed else STATLINE.encode())
    found = read_figures(path, year=None)
    values = found.figures.set_index(["area_code", "indicator"])["value"]
    assert found.year == 2024
    assert values["GM0503", "population"] == 109_000
    assert values["GM0503", "pop_0_14"] == 14_000
    assert pd.isna(values["WK050328", "pop_0_14"]), "a point is not zero"
    assert found.changed == {"GM0503": "1", "WK050328": "1"}
    assert found.names["WK050328"] == "Wijk 28 Wippolder"
    assert "NL00" not in set(found.figures["area_code"])


def test_a_workbook_of_cbs_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        ["gwb_code_10", "gwb_code_8", "regio", "gm_naam", "recs", "ind_wbz", "a_inw", "a_00_14", "a_woning", "g_woz", "ste_mvs", "a_opp_ha"]
    )
    sheet.append(["GM0503", 503, "Delft", "Delft", "Gemeente", 1, 109000, 14000, 52130, 330, 1, 2406])
    sheet.append(["WK050328", 50328, "Wijk 28 Wippolder", "Delft", "Wijk", 3, "      .", ".", 7262, None, 2, 318])
    path = tmp_path / "kwb-2024.xlsx"
    book.save(path)
    found = read_figures(path, year=None)
    values = found.figures.set_index(["area_code", "indicator"])["value"]
    assert values["GM0503", "dwellings"] == 52_130
    assert values["GM0503", "area_km2"] == pytest.approx(24.06)
    assert values["WK050328", "urbanity"] == 2
    assert pd.isna(values["WK050328", "population"])
    assert pd.isna(values["WK050328", "dwelling_value"])
    assert found.changed["WK050328"] == "3"


@pytest.mark.parametrize("sentinel", [-99999999, -99997, -99995.0])
def test_what_cbs_suppresses_is_empty_and_never_a_number(tmp_path: Path, sentinel: float) -> None:
    path = tmp_path / "x_2024.csv"
    path.write_text(f"code,naam,inwoners,woningvoorraad\nWK050328,Wippolder,{sentinel},0\n", encoding="utf-8")
    values = read_figures(path, year=None).figures.set_index("indicator")["value"]
    assert pd.isna(values["population"])
    assert values["dwellings"] == 0, "a published zero stays a zero"


def test_ages_that_sum_to_a_hundred_are_percents_and_others_are_counts(tmp_path: Path) -> None:
    header = "code,name,population,pop_0_14,pop_15_24,pop_25_44,pop_45_64,pop_65plus\n"
    shares, counts = tmp_path / "shares_2024.csv", tmp_path / "counts_2024.csv"
    shares.write_text(header + "WK050328,Wippolder,12000,7,41,33,13,8\n", encoding="utf-8")
    counts.write_text(header + "WK050328,Wippolder,12000,840,4920,3960,1560,720\n", encoding="utf-8")
    for path, unit in ((shares, "percent"), (counts, "count")):
        figures = read_figures(path, year=None).figures
        assert set(figures.loc[figures["indicator"].str.startswith("pop_"), "unit"]) == {unit}
    assert read_figures(shares, year=None).figures.query("indicator.str.startswith('pop_')")["value"].sum() == 102


def test_a_figure_file_without_a_year_asks_for_it_and_a_contradiction_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cijfers.csv"
    path.write_text("code,inwoners\nGM0503,109000\n", encoding="utf-8")
    with pytest.raises(InputError, match="--year"):
        read_figures(path, year=None)
    assert read_figures(path, year=2023).year == 2023
    dated = path.rename(tmp_path / "cijfers_2024.csv")
    with pytest.raises(InputError, match="2023, 2024"):
        read_figures(dated, year=2023)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a_2024.csv", b"", "figures.unreadable"),
        ("a_2024.csv", b"species;height\noak;3\n", "figures.no_columns"),
        ("a_2024.csv.gz", b"not gzip", "figures.unreadable"),
        ("a_2024.xlsx", b"PK\x03\x04 cut off", "figures.unreadable"),
        ("a_2024.csv", b"\xff\xfe\x00\x01\x02", "figures.unreadable"),
        ("a_2024.gpkg", b"nothing", "figures.unreadable"),
    ],
)
def test_a_file_that_is_no_table_of_figures_is_one_clear_error(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match="a_2024") as caught:
        read_figures(path, year=None)
    assert caught.value.code == code


# --- joining, on a toy municipality ------------------------------------------------------------------------------------


def toy_areas(names: Mapping[str, str], *, year: int = 2022) -> pd.DataFrame:
    rows = [
        {
            "code": "GM1001",
            "year": year,
            "level": "municipality",
            "name": "Elzen",
            "municipality_code": "GM1001",
            "source": "a",
            "geometry": box(4.0, 52.0, 4.4, 52.1),
        }
    ]
    for number, (code, name) in enumerate(names.items()):
        shape = box(4.0 + number / 10, 52.0, 4.1 + number / 10, 52.1)
        rows.append(
            {"code": code, "year": year, "level": "wijk", "name": name, "municipality_code": "GM1001", "source": "a", "geometry": shape}
        )
    return AREAS.frame(rows)


def population(values: Mapping[str, float | None], *, year: int = 2022) -> pd.DataFrame:
    return FIGURES.frame(
        {
            "area_code": code,
            "area_year": year,
            "indicator": "population",
            "value": value,
            "unit": "count",
            "year": year,
            "source": "a",
            "joined": True,
        }
        for code, value in values.items()
    )


def figure_file(folder: Path, year: int, rows: Sequence[Sequence[Any]]) -> FigureFile:
    path = folder / f"kwb_{year}.csv"
    lines = ["code,naam,gemeente,inwoners,indelingswijziging", *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_figures(path, year=None)


def verdicts(joined: pd.DataFrame) -> dict[str, str | None]:
    return {
        code: None if ok else str(reason) for code, ok, reason in zip(joined["area_code"], joined["joined"], joined["reason"], strict=True)
    }


def one_wijk(
    folder: Path,
    *,
    name: str = "Dorp",
    there: str = "Dorp",
    before: float | None = 1000,
    after: float = 1010,
    change: Any = 1,
    year: int = 2023,
) -> str | None:
    own = population({"WK100101": before})
    joined, _ = join_figures(
        toy_areas({"WK100101": name}), [figure_file(folder, year, [["WK100101", there, "Elzen", after, change]])], own=own
    )
    return verdicts(joined)["WK100101"]


def test_the_same_year_joins_by_code_whatever_the_name(tmp_path: Path) -> None:
    assert one_wijk(tmp_path, there="Something else", year=2022) is None


def test_an_unchanged_wijk_with_the_same_name_joins_a_year_later(tmp_path: Path) -> None:
    assert one_wijk(tmp_path) is None
    assert one_wijk(tmp_path, name="Wijk 01 Dorp") is None


def test_another_name_under_the_same_code_does_not_join(tmp_path: Path) -> None:
    assert one_wijk(tmp_path, there="Dorp Buitengebied") == "other_name"


@pytest.mark.parametrize("change", [2, 3])
def test_what_cbs_calls_changed_or_recoded_does_not_join(tmp_path: Path, change: int) -> None:
    assert one_wijk(tmp_path, change=change) == "changed"


def test_a_jump_in_inhabitants_does_not_join_although_name_and_code_agree(tmp_path: Path) -> None:
    assert one_wijk(tmp_path, after=1201) == "population_jump"
    assert one_wijk(tmp_path, after=1200) is None
    assert one_wijk(tmp_path, before=10, after=30) is None, "in a hamlet twenty people are rounding and one farm"


def test_a_name_that_is_only_a_number_proves_nothing(tmp_path: Path) -> None:
    assert one_wijk(tmp_path, name="Wijk 01", there="Wijk 01") == "name_says_nothing"


def test_without_a_change_code_for_a_year_between_inhabitants_must_be_comparable(tmp_path: Path) -> None:
    assert one_wijk(tmp_path, year=2024) is None
    assert one_wijk(tmp_path, year=2024, before=None) == "not_verifiable"
    assert one_wijk(tmp_path, year=2023, before=None) is None, "CBS itself says that it did not change"
    assert one_wijk(tmp_path, year=2023, change=".") == "not_verifiable"


def test_the_change_code_of_a_year_between_counts_too(tmp_path: Path) -> None:
    areas, own = toy_areas({"WK100101": "Dorp"}), population({"WK100101": 1000})
    later = figure_file(tmp_path, 2024, [["WK100101", "Dorp", "Elzen", 1000, 1]])
    between = figure_file(tmp_path, 2023, [["WK100101", "Dorp", "Elzen", 1000, 3]])
    joined, _ = join_figures(areas, [later, between], own=own)
    assert list(joined["reason"]) == ["changed", "changed"]


def test_a_division_that_got_other_codes_in_an_unknown_year_joins_nowhere(tmp_path: Path) -> None:
    areas = toy_areas({"WK100101": "Dorp", "WK100102": "Veld"})
    own = population({"WK100101": 1000, "WK100102": 500})
    rows = [["WK100101", "Dorp", "Elzen", 1000, 1], ["WK100102", "Veld", "Elzen", 500, 1], ["WK100103", "Nieuw", "Elzen", 300, 1]]
    joined, _ = join_figures(areas, [figure_file(tmp_path, 2024, rows)], own=own)
    assert verdicts(joined) == {"WK100101": "division_redrawn", "WK100102": "division_redrawn"}


def test_an_area_that_is_not_joined_keeps_its_figures_apart_and_is_noticed_with_the_reason(tmp_path: Path) -> None:
    areas = toy_areas({"WK100101": "Dorp", "WK100102": "Veld"})
    joined, notices = join_figures(areas, [figure_file(tmp_path, 2023, [["WK100101", "Stad", "Elzen", 1000, 1]])], own=None)
    row = joined.set_index("area_code").loc["WK100101"]
    assert (row["joined"], row["year"], row["area_year"], row["value"]) == (False, 2023, 2022, 1000)
    told = dict(zip(notices["subject"], notices["details"], strict=True))
    assert set(notices["code"]) == {"figures.not_joined"}
    assert told["WK100101"]["reason"] == "other_name"
    assert told["WK100101"]["name_in_file"] == "Stad"
    assert told["WK100102"]["reason"] == "absent"
    assert "GM1001" not in told, "a file of wijken is not silent about the municipality"


def test_polygons_of_both_years_decide_whatever_the_names(tmp_path: Path) -> None:
    areas = toy_areas({"WK100101": "Wijk 01", "WK100102": "Veld"})
    path = tmp_path / "wijken_2030.gpkg"
    # Half of Veld became another wijk.
    shapes = [box(4.0, 52.0, 4.1, 52.1), box(4.1, 52.0, 4.15, 52.1), box(4.15, 52.0, 4.2, 52.1)]
    named = {"WK100101": "Renamed", "WK100102": "Veld", "WK100103": "Nieuw"}
    rows = [{"code": code, "name": name, "inwoners": 1} for code, name in named.items()]
    pyogrio.write_dataframe(gpd.GeoDataFrame(rows, geometry=shapes, crs=4326), path)
    joined, _ = join_figures(areas, [read_figures(path, year=None)], own=None)
    assert verdicts(joined) == {"WK100101": None, "WK100102": "other_polygon"}


def test_rows_with_names_only_are_identified_within_the_year_and_refused_where_two_share_a_name(tmp_path: Path) -> None:
    areas = toy_areas({"WK100101": "Dorp", "WK100102": "Veld"}, year=2024)
    path = tmp_path / "herkomst_2024.csv"
    path.write_text(
        '"Wijken en buurten";"Gemeentenaam";"Aantal inwoners"\n'
        '"Dorp";"Elzen";900\n"Veld";"Elzen";500\n"Veld";"Elzen";300\n"Dorp";"Elders";70\n',
        encoding="utf-8",
    )
    joined, notices = join_figures(areas, [read_figures(path, year=None)])
    assert joined.set_index("area_code")["value"].to_dict() == {"WK100101": 900}
    refusal = notices[notices["code"] == "figures.unidentified"]
    assert list(refusal["details"].iloc[0]["names"].split("; ")) == ["Veld"]


def test_rows_with_names_only_never_cross_a_year(tmp_path: Path) -> None:
    path = tmp_path / "herkomst_2024.csv"
    path.write_text('"Wijken en buurten";"Gemeentenaam";"Aantal inwoners"\n"Dorp";"Elzen";900\n', encoding="utf-8")
    joined, notices = join_figures(toy_areas({"WK100101": "Dorp"}, year=2022), [read_figures(path, year=None)])
    assert joined.empty
    assert "another year" in notices["message"].iloc[0]


@given(first=st.integers(0, 100_000), second=st.integers(0, 100_000))
def test_the_guard_is_symmetric_and_never_fires_on_equal_numbers(first: int, second: int) -> None:
    assert jumped(first, second) == jumped(second, first)
    assert not jumped(first, first)


# --- joining, on what CBS published -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def country(real_data: RealData) -> tuple[AreaLayers, FigureFile, pd.DataFrame, pd.DataFrame]:
    layers = read_areas([real_data("cbs/wijken_2022.gpkg"), real_data("cbs/gemeenten_2022.gpkg")], year=2022, municipalities=[])
    file = read_figures(real_data("cbs/kwb2024_schoon.csv.gz"), year=None)
    return layers, file, *join_figures(layers.areas, [file], own=layers.figures)


def pairs(country: tuple[AreaLayers, FigureFile, pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    """Wijk codes of both years with name and inhabitants in each, and whether the join was made."""
    layers, file, joined, _ = country
    old = layers.figures[layers.figures["indicator"] == "population"].set_index("area_code")["value"]
    new = joined[joined["indicator"] == "population"].set_index("area_code")
    names = layers.areas.set_index("code")["name"]
    frame = pd.DataFrame({"p22": old, "p24": new["value"], "joined": new["joined"], "reason": new["reason"]}).dropna(subset=["p24"])
    frame = frame[frame.index.str.startswith("WK")]
    return frame.assign(name22=names.reindex(frame.index), name24=[file.names[code] for code in frame.index])


def test_3208_wijk_codes_are_in_both_years_and_dozens_of_them_are_other_areas(country: Any) -> None:
    frame = pairs(country)
    assert len(frame) == 3208
    renamed = frame["name22"].map(plain) != frame["name24"].map(plain)
    larger, smaller = frame[["p22", "p24"]].max(axis=1), frame[["p22", "p24"]].min(axis=1)
    jump = (frame["p22"] >= 100) & (larger >= 1.25 * smaller)
    assert renamed.sum() == 124
    assert ((renamed & jump).sum(), (~renamed & jump).sum()) == (36, 46)
    assert not frame.loc[jump, "joined"].any(), "not one wijk that jumped is joined, renamed or not"
    hamlets = frame.loc[frame["joined"].astype(bool) & (larger > 1.2 * smaller)]
    assert ((hamlets["p24"] - hamlets["p22"]).abs() <= 25).all()


def test_most_wijken_join_and_each_of_the_others_is_noticed(country: Any) -> None:
    frame = pairs(country)
    assert frame["joined"].sum() == 2851
    notices = country[3]
    noticed = set(notices.loc[notices["code"] == "figures.not_joined", "subject"])
    assert set(frame.index[~frame["joined"].astype(bool)]) <= noticed
    assert frame["reason"].value_counts().to_dict() == {
        "changed": 137, "population_jump": 79, "other_name": 69, "name_says_nothing": 41, "division_redrawn": 31,
    }  # fmt: skip


def test_druten_keeps_its_inhabitants_when_its_code_became_the_outskirts(country: Any) -> None:
    row = pairs(country).loc["WK022500"]
    assert (row["p22"], row["p24"], bool(row["joined"])) == (12_740, 165, False)


def test_a_wijk_of_delft_that_stayed_the_same_is_joined(country: Any) -> None:
    row = pairs(country).loc["WK050328"]
    assert bool(row["joined"])
    assert pairs(country).loc["WK050329", "reason"] == "population_jump"


def test_the_same_municipality_joins_by_name_with_and_without_its_province(country: Any) -> None:
    joined = country[2]
    municipal = joined[(joined["indicator"] == "population") & joined["area_code"].str.startswith("GM")]
    assert (len(municipal), municipal["joined"].sum()) == (341, 341)


def test_none_of_the_five_buurt_codes_of_ermelo_is_joined(real_data: RealData) -> None:
    layers = read_areas([real_data("ermelo/ermelo_buurten2021.gpkg")], year=None, municipalities=["Ermelo"])
    joined, notices = join_figures(layers.areas, [read_figures(real_data("cbs/kwb2024_schoon.csv.gz"), year=None)], own=layers.figures)
    buurten = joined[joined["area_code"].str.startswith("BU") & (joined["indicator"] == "population")]
    assert set(buurten["area_code"]) == {f"BU0233000{number}" for number in range(1, 6)}
    assert not buurten["joined"].any()
    assert {code for code in notices["subject"] if code.startswith("BU")} == set(layers.areas.query("level == 'buurt'")["code"])


def test_the_origin_export_without_codes_is_read_by_name_within_its_year_only(real_data: RealData) -> None:
    file = read_figures(real_data("cbs/kwb2024_statline_herkomst.csv.gz"), year=None)
    assert file.figures.empty
    layers = read_areas([real_data("rotterdam/rotterdam_buurten_kwb2024.gpkg")], year=None, municipalities=[])
    areas = layers.areas.copy()
    areas.loc[areas["level"] == "municipality", "name"] = "Rotterdam"
    joined, notices = join_figures(areas, [file])
    assert (notices["code"] == "figures.unidentified").sum() == 1
    both = joined.merge(layers.figures, on=["area_code", "indicator"], suffixes=("", "_own"))
    buurten = both[both["area_code"].str.startswith("BU") & (both["indicator"] == "origin_netherlands")]
    assert len(buurten) > 60
    assert (buurten["value"] == buurten["value_own"]).all(), "every identified buurt has its own figure"


def test_the_statline_export_and_the_cleaned_file_say_the_same(real_data: RealData) -> None:
    one = read_figures(real_data("cbs/kwb2024_statline_leeftijd_geslacht.csv.gz"), year=None)
    other = read_figures(real_data("cbs/kwb2024_schoon.csv.gz"), year=None)
    keys = ["area_code", "indicator"]
    both = one.figures.merge(other.figures, on=keys, suffixes=("", "_other"))
    assert len(both) == len(one.figures) == 18_309 * 8
    assert (both["value"].fillna(-1) == both["value_other"].fillna(-1)).all()
    assert one.changed == other.changed
