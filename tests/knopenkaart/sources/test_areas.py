# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Areas are read from what CBS, PDOK and municipalities publish, or refused with what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import MultiPolygon, Polygon, box

from knopenkaart.errors import InputError
from knopenkaart.sources.area_codes import comparable, file_source, made_by_cbs, parents, same_name, split_code, with_prefix
from knopenkaart.sources.areas import areas_from_boundaries, read_areas
from knopenkaart.sources.osm import read_extract
from knopenkaart.tables import BOUNDARIES

RealData = Callable[[str], Path]
# Two municipalities of 2 x 1 km near Delft in RD New; the first has two wijken of 1 x 1 km.
WEST, EAST = box(84_000, 445_000, 85_000, 446_000), box(85_000, 445_000, 86_000, 446_000)
TOWN, OTHER = box(84_000, 445_000, 86_000, 446_000), box(86_000, 445_000, 88_000, 446_000)


def layer(path: Path, name: str, rows: Sequence[Mapping[str, Any]], shapes: Sequence[Any], *, crs: Any = 28992) -> Path:
    pyogrio.write_dataframe(gpd.GeoDataFrame(list(rows), geometry=list(shapes), crs=crs), path, layer=name, append=path.exists())
    return path


def cbs_file(folder: Path, name: str = "wijkenbuurten.gpkg") -> Path:
    path = folder / name
    common = {"water": "NEE", "jaar": 2024}
    layer(
        path,
        "gemeenten",
        [
            {"gemeentecode": "GM1001", "gemeentenaam": "Sint-Élzen", "aantal_inwoners": 3000, **common},
            {"gemeentecode": "GM1002", "gemeentenaam": "Overkant", "aantal_inwoners": 900, **common},
            {"gemeentecode": "GM1001", "gemeentenaam": "Sint-Élzen", "aantal_inwoners": -99999999, **common, "water": "JA"},
        ],
        [TOWN, OTHER, box(84_000, 446_000, 86_000, 447_000)],
    )
    wijken = [
        {
            "wijkcode": "WK100101",
            "wijknaam": "Wijk 01 Dorp",
            "gemeentecode": "GM1001",
            "gemeentenaam": "Sint-Élzen",
            "aantal_inwoners": 2950,
        },
        {
            "wijkcode": "WK100102",
            "wijknaam": "Wijk 02 Veld",
            "gemeentecode": "GM1001",
            "gemeentenaam": "Sint-Élzen",
            "aantal_inwoners": -99997,
        },
    ]
    layer(path, "wijken", [{**row, **common} for row in wijken], [WEST, EAST])
    layer(
        path,
        "buurten",
        [
            {
                "buurtcode": "BU10010101",
                "buurtnaam": "Kern",
                "wijkcode": "WK100101",
                "gemeentecode": "GM1001",
                "gemeentenaam": "Sint-Élzen",
                **common,
            }
        ],
        [WEST],
    )
    return path


def test_a_file_of_cbs_with_three_layers_gives_three_levels_with_their_parents(tmp_path: Path) -> None:
    found = read_areas([cbs_file(tmp_path)], year=None, municipalities=["GM1001"])
    rows = found.areas.set_index("code")
    assert list(rows.index) == ["GM1001", "WK100101", "WK100102", "BU10010101"]
    assert list(rows["level"]) == ["municipality", "wijk", "wijk", "buurt"]
    assert set(rows["municipality_code"]) == {"GM1001"}
    assert rows.loc["BU10010101", "wijk_code"] == "WK100101"
    assert set(rows["year"]) == {2024}
    assert found.areas.crs.to_epsg() == 4326


def test_water_does_not_count_as_area(tmp_path: Path) -> None:
    found = read_areas([cbs_file(tmp_path)], year=None, municipalities=["GM1001"])
    surface = found.areas.to_crs(28992).set_index("code").area
    assert surface["GM1001"] == pytest.approx(2_000_000, rel=1e-4)
    assert found.notices.empty


@pytest.mark.parametrize("name", ["GM1001", "1001", "gm1001", "sint-elzen", "SINT-ÉLZEN", "Sint Elzen"])
def test_a_municipality_is_found_by_code_and_by_name_whatever_the_case_and_accents(tmp_path: Path, name: str) -> None:
    found = read_areas([cbs_file(tmp_path)], year=None, municipalities=[name])
    assert set(found.areas["municipality_code"]) == {"GM1001"}


def test_no_municipality_named_means_all(tmp_path: Path) -> None:
    found = read_areas([cbs_file(tmp_path)], year=None, municipalities=[])
    assert set(found.areas.loc[found.areas["level"] == "municipality", "code"]) == {"GM1001", "GM1002"}


def test_an_unknown_municipality_is_refused_with_the_nearest_names_and_all_faults_together(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_areas([cbs_file(tmp_path)], year=None, municipalities=["Overkamt", "Sint Elsen"])
    assert caught.value.code == "areas.unknown_municipality"
    assert "Overkant (GM1002)" in caught.value.message
    assert "Sint-Élzen (GM1001)" in caught.value.message


def test_figures_in_the_same_file_become_raw_figures_and_suppressed_ones_stay_empty(tmp_path: Path) -> None:
    figures = read_areas([cbs_file(tmp_path)], year=None, municipalities=["GM1001"]).figures.set_index(["area_code", "indicator"])
    assert figures.loc[("GM1001", "population"), "value"] == 3000
    assert figures.loc[("WK100101", "population"), "value"] == 2950
    assert pd.isna(figures.loc[("WK100102", "population"), "value"])
    assert set(figures["area_year"]) == set(figures["year"]) == {2024}
    assert set(figures["joined"]) == {True}


@pytest.mark.parametrize(
    ("code", "name"), [("BU_CODE", "BU_NAAM"), ("statcode", "statnaam"), ("code", "naam"), ("code", "name"), ("buurtcode", "buurtnaam")]
)
def test_column_names_of_several_years_and_publishers_are_recognised(tmp_path: Path, code: str, name: str) -> None:
    path = layer(tmp_path / "buurten_2023.gpkg", "buurten", [{code: "BU10010101", name: "Kern"}], [WEST])
    found = read_areas([path], year=None, municipalities=[])
    assert found.areas.set_index("code").loc["BU10010101", "name"] == "Kern"
    assert set(found.areas["year"]) == {2023}


def test_a_year_inside_the_code_is_the_year_and_does_not_stay_in_the_code(tmp_path: Path) -> None:
    path = layer(tmp_path / "x.gpkg", "x", [{"jaarstatcode": "2021WK100101", "statnaam": "Dorp", "statcode": "WK100101"}], [WEST])
    found = read_areas([path], year=None, municipalities=[])
    assert set(found.areas["code"]) == {"GM1001", "WK100101"}
    assert set(found.areas["year"]) == {2021}


def test_codes_without_prefix_get_it_from_their_column(tmp_path: Path) -> None:
    path = layer(tmp_path / "x.gpkg", "x", [{"gemeentecode": "0503", "gemeentenaam": "Delft"}], [TOWN])
    assert list(read_areas([path], year=2024, municipalities=["Delft"]).areas["code"]) == ["GM0503"]


def test_a_municipality_that_no_layer_holds_is_the_union_of_its_wijken(tmp_path: Path) -> None:
    rows = [{"wijkcode": f"WK10010{n}", "wijknaam": f"W{n}", "gemeentenaam": "Sint-Élzen"} for n in (1, 2)]
    found = read_areas([layer(tmp_path / "x.gpkg", "x", rows, [WEST, EAST])], year=2024, municipalities=["sint-elzen"]).areas.to_crs(28992)
    whole = found.set_index("code").loc["GM1001"]
    assert whole["name"] == "Sint-Élzen"
    assert whole.geometry.area == pytest.approx(2_000_000, rel=1e-4)


def test_our_own_export_with_level_and_municipality_code_is_read_for_any_country(tmp_path: Path) -> None:
    rows = [
        {"code": "relation/1", "name": "Vaduz", "level": "municipality", "municipality_code": "relation/1", "year": 2024},
        {"code": "relation/2", "name": "Ebenholz", "level": "wijk", "municipality_code": "relation/1", "year": 2024},
    ]
    shapes = [box(9.50, 47.12, 9.54, 47.16), box(9.51, 47.13, 9.52, 47.14)]
    found = read_areas([layer(tmp_path / "x.geojson", "x", rows, shapes, crs=4326)], year=None, municipalities=["vaduz"]).areas
    assert list(found["level"]) == ["municipality", "wijk"]
    assert set(found["municipality_code"]) == {"relation/1"}


def test_geojson_with_polygons_and_multipolygons_side_by_side_is_read(tmp_path: Path) -> None:
    rows = [{"wijkcode": f"WK19820{n}", "wijknaam": f"W{n}", "gemeentenaam": "Land van Cuijk"} for n in (0, 1)]
    shapes = gpd.GeoSeries([WEST, MultiPolygon([EAST])], crs=28992).to_crs(4326)
    frame = gpd.GeoDataFrame(rows, geometry=shapes)
    path = tmp_path / "cbs_wijken_2024_GM1982.geojson"
    path.write_text(frame.to_json(), encoding="utf-8")
    found = read_areas([path], year=None, municipalities=["GM1982"]).areas
    assert list(found["code"]) == ["GM1982", "WK198200", "WK198201"]
    assert set(found["year"]) == {2024}, "the code of a municipality in the name of the file is not a year"


def test_lines_and_points_beside_the_areas_are_left_alone(tmp_path: Path) -> None:
    path = layer(tmp_path / "a_2024.gpkg", "areas", [{"code": "GM0503", "name": "Delft"}], [TOWN])
    layer(path, "centres", [{"code": "GM0503", "name": "Delft"}], [TOWN.centroid])
    assert len(read_areas([path], year=None, municipalities=[]).areas) == 1


def test_an_absent_year_is_asked_for(tmp_path: Path) -> None:
    path = layer(tmp_path / "areas.gpkg", "areas", [{"code": "GM0503", "name": "Delft"}], [TOWN])
    with pytest.raises(InputError, match="--year") as caught:
        read_areas([path], year=None, municipalities=[])
    assert caught.value.code == "areas.no_year"


@pytest.mark.parametrize("year", [2023, 2025])
def test_a_year_that_contradicts_the_file_is_refused(tmp_path: Path, year: int) -> None:
    with pytest.raises(InputError, match="2024") as caught:
        read_areas([cbs_file(tmp_path)], year=year, municipalities=[])
    assert caught.value.code == "areas.years_contradict"


def test_two_files_of_different_years_are_refused(tmp_path: Path) -> None:
    other = layer(tmp_path / "gemeenten_2022.gpkg", "g", [{"code": "GM1001", "name": "Sint-Élzen"}], [TOWN])
    with pytest.raises(InputError, match="2022, 2024"):
        read_areas([cbs_file(tmp_path), other], year=None, municipalities=[])


@pytest.mark.parametrize(
    ("crs", "shape", "code", "says"),
    [
        (None, TOWN, "areas.no_crs", "RD New"),
        (None, box(4.3, 51.9, 4.4, 52.0), "areas.no_crs", "degrees"),
        (4326, TOWN, "areas.wrong_crs", "RD New"),
        (28992, box(4.3, 51.9, 4.4, 52.0), "areas.wrong_crs", "degrees"),
        (28992, box(84_000, 5_445_000, 86_000, 5_446_000), "areas.wrong_crs", "neither"),
        (4326, box(51.9, 4.3, 52.0, 4.4), "areas.outside", "outside the Netherlands"),
    ],
)
def test_a_wrong_or_absent_coordinate_system_is_refused_with_what_the_numbers_look_like(
    tmp_path: Path, crs: int | None, shape: Any, code: str, says: str
) -> None:
    path = layer(tmp_path / "a_2024.gpkg", "a", [{"code": "GM0503", "name": "Delft"}], [shape], crs=crs)
    with pytest.raises(InputError, match=says) as caught:
        read_areas([path], year=None, municipalities=[])
    assert caught.value.code == code
    assert caught.value.remedy


def test_a_polygon_that_crosses_itself_is_repaired_and_noticed(tmp_path: Path) -> None:
    bow = Polygon([(84_000, 445_000), (86_000, 446_000), (86_000, 445_000), (84_000, 446_000)])
    found = read_areas([layer(tmp_path / "a_2024.gpkg", "a", [{"code": "GM0503", "name": "Delft"}], [bow])], year=None, municipalities=[])
    assert found.areas.geometry.is_valid.all()
    assert found.areas.to_crs(28992).area.sum() == pytest.approx(1_000_000, rel=1e-4)
    assert list(found.notices["code"]) == ["areas.repaired"]
    assert list(found.notices["subject"]) == ["GM0503"]


def test_parts_of_one_area_are_joined(tmp_path: Path) -> None:
    rows = [{"code": "GM0503", "name": "Delft"}] * 2
    found = read_areas([layer(tmp_path / "a_2024.gpkg", "a", rows, [WEST, EAST])], year=None, municipalities=[])
    assert len(found.areas) == 1
    assert found.areas.to_crs(28992).area.sum() == pytest.approx(2_000_000, rel=1e-4)
    assert list(found.notices["code"]) == ["areas.repeated"]


def test_a_file_without_areas_says_which_columns_it_has(tmp_path: Path) -> None:
    path = layer(tmp_path / "trees.gpkg", "trees", [{"species": "oak"}], [WEST])
    with pytest.raises(InputError, match="species") as caught:
        read_areas([path], year=2024, municipalities=[])
    assert caught.value.code == "areas.no_areas"


@pytest.mark.parametrize(
    "content", [b"", b"<html>gone</html>", b"SQLite format 3\x00" + b"\x00" * 50, b'{"type": "FeatureCollection", "fea']
)
@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
def test_a_file_that_is_something_else_is_one_clear_error(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"areas_2024{suffix}"
    path.write_bytes(content)
    with pytest.raises(InputError, match="areas_2024"):
        read_areas([path], year=None, municipalities=[])


def test_a_file_that_is_absent_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.gpkg does not exist"):
        read_areas([tmp_path / "nowhere.gpkg"], year=None, municipalities=[])


# --- names and codes --------------------------------------------------------------------------------------------------


def test_a_code_tells_its_parents_and_its_year() -> None:
    assert parents("BU05032801") == ("GM0503", "WK050328")
    assert parents("GM0503") == ("GM0503", None)
    assert parents("relation/1") == (None, None)
    assert split_code("2021BU02330000") == ("BU02330000", 2021)
    assert split_code("GM0503    ") == ("GM0503", None)
    assert split_code("NL00") is None
    assert with_prefix("50328", "wijk") == "WK050328"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Wijk 28 Wippolder", "Wippolder", True),
        ("Súdwest-Fryslân", "Sudwest-Fryslan", True),
        ("Middelburg", "Middelburg (Z.)", True),
        ("Aalsmeerderbrug/ Oude Meer/ Rozenburg/ Schiphol Rijk", "Aalsmeerderbrug/ Oude Meer/ Rozenburg/ S", True),
        ("Wijk 08 Industriegebied ten noorden van Rijksweg 20", "Wijk 08 Industrie", False),
        ("Druten", "Druten Buitengebied", False),
        ("Wijk 02", "Wijk 02", False),
        ("Wijk 01", "Wijk 02", False),
    ],
)
def test_names_are_the_same_only_when_they_say_the_same_thing(first: str, second: str, same: bool) -> None:
    assert same_name(first, second) is same
    assert same_name(second, first) is same


def test_a_name_that_is_only_a_number_says_nothing() -> None:
    assert comparable("Wijk 02") == ""
    assert comparable("Wijk 02 Binnenstad") == "binnenstad"
    assert comparable("Neude e.o.") == comparable("Neude en omgeving") != comparable("Neude")
    assert comparable("Europa") == "europa"


# --- boundaries inside an extract -------------------------------------------------------------------------------------


def boundary(
    number: int, level: int, name: str | None, shape: Any, *, complete: bool = True, kind: str = "relation", code: str | None = None
) -> dict[str, Any]:
    return {"source_id": f"{kind}/{number}", "admin_level": level, "name": name, "code": code, "complete": complete, "geometry": shape}


A, B = box(9.50, 47.10, 9.54, 47.14), box(9.54, 47.10, 9.58, 47.14)


def test_only_complete_named_relations_become_municipalities() -> None:
    rows = [
        boundary(1, 8, "Aa", A),
        boundary(2, 8, "Be", B),
        boundary(3, 8, "Foreign", B, complete=False),
        boundary(4, 8, None, B),
        boundary(5, 8, "Closed way", B, kind="way"),
        boundary(6, 6, "Oberland", A.union(B)),
    ]
    found = areas_from_boundaries(BOUNDARIES.frame(rows), municipalities=[], year=2025, source="osm")
    assert list(found["code"]) == ["relation/1", "relation/2"]
    assert set(found["level"]) == {"municipality"}
    assert set(found["year"]) == {2025}


def test_without_level_8_the_next_less_detailed_level_is_taken() -> None:
    rows = [boundary(1, 8, "Aa", A, complete=False), boundary(2, 7, "Bezirk", A), boundary(3, 6, "Kanton", A.union(B))]
    found = areas_from_boundaries(BOUNDARIES.frame(rows), municipalities=[], year=2025, source="osm")
    assert list(found["name"]) == ["Bezirk"]


def test_levels_9_and_10_become_wijk_and_buurt_where_they_tile_the_municipality() -> None:
    left, right = box(9.50, 47.10, 9.52, 47.14), box(9.52, 47.10, 9.54, 47.14)
    rows = [
        boundary(1, 8, "Aa", A),
        boundary(2, 8, "Be", B),
        boundary(11, 9, "Left", left),
        boundary(12, 9, "Right", right),
        boundary(21, 10, "Whole left", left),
        boundary(22, 10, "Whole right", right),
        boundary(13, 9, "A corner of Be", box(9.54, 47.10, 9.55, 47.11)),
    ]
    found = areas_from_boundaries(BOUNDARIES.frame(rows), municipalities=[], year=2025, source="osm").set_index("name")
    assert set(found.index) == {"Aa", "Be", "Left", "Right", "Whole left", "Whole right"}
    assert found.loc["Left", "level"] == "wijk"
    assert found.loc["Left", "municipality_code"] == "relation/1"
    assert found.loc["Whole right", "level"] == "buurt"
    assert found.loc["Whole right", "wijk_code"] == "relation/12"


def test_a_municipality_of_an_extract_is_chosen_by_name_and_unknown_ones_are_refused() -> None:
    table = BOUNDARIES.frame([boundary(1, 8, "Triesen", A), boundary(2, 8, "Triesenberg", B)])
    assert list(areas_from_boundaries(table, municipalities=["triesen"], year=2025, source="osm")["name"]) == ["Triesen"]
    with pytest.raises(InputError, match="Triesen"):
        areas_from_boundaries(table, municipalities=["Trieson"], year=2025, source="osm")


def test_a_dutch_boundary_takes_its_official_code() -> None:
    table = BOUNDARIES.frame([boundary(1, 8, "Delft", box(4.3, 51.9, 4.4, 52.0), code="503"), boundary(2, 8, "Aa", A, code="7001")])
    found = areas_from_boundaries(table, municipalities=["Delft"], year=2025, source="osm")
    assert list(found["code"]) == ["GM0503"]


def test_an_extract_without_a_complete_boundary_asks_for_areas() -> None:
    with pytest.raises(InputError, match="--areas"):
        areas_from_boundaries(BOUNDARIES.frame([boundary(1, 8, "Aa", A, complete=False)]), municipalities=[], year=2025, source="osm")


# --- real files -------------------------------------------------------------------------------------------------------


def test_delft_of_2022_has_thirteen_wijken_and_its_published_figures(real_data: RealData) -> None:
    files = [real_data("cbs/wijken_2022.gpkg"), real_data("cbs/gemeenten_2022.gpkg")]
    found = read_areas(files, year=2022, municipalities=["delft"])
    assert found.areas["code"].iloc[0] == "GM0503"
    assert (found.areas["level"] == "wijk").sum() == 13
    values = found.figures.set_index(["area_code", "indicator"])["value"]
    assert values["WK050328", "dwellings"] == 7262
    assert values["GM0503", "urbanity"] == 1
    ages = [values["WK050311", age] for age in ("pop_0_14", "pop_15_24", "pop_25_44", "pop_45_64", "pop_65plus")]
    assert sum(ages) == 102, "whole percents stay as published"
    assert set(found.figures.loc[found.figures["indicator"] == "pop_0_14", "unit"]) == {"percent"}


def test_the_year_that_codes_carry_is_read_from_ermelo(real_data: RealData) -> None:
    found = read_areas([real_data("ermelo/ermelo_buurten2021.gpkg")], year=None, municipalities=["ermelo"])
    assert set(found.areas["year"]) == {2021}
    assert (found.areas["level"] == "buurt").sum() == 17


def test_rotterdam_keeps_published_counts_even_where_they_do_not_add_up(real_data: RealData) -> None:
    found = read_areas([real_data("rotterdam/rotterdam_buurten_kwb2024.gpkg")], year=None, municipalities=[])
    population = found.figures[found.figures["indicator"] == "population"]
    assert (len(population), population["value"].sum()) == (91, 670_585)
    assert set(found.figures.loc[found.figures["indicator"] == "pop_0_14", "unit"]) == {"count"}


def test_liechtenstein_has_eleven_municipalities_inside_its_extract(real_data: RealData) -> None:
    extract = read_extract(real_data("osm/liechtenstein_valhalla.osm.pbf"), rules=[])
    found = areas_from_boundaries(extract.boundaries, municipalities=[], year=2024, source="osm")
    assert set(found["name"]) == {
        "Balzers", "Eschen", "Gamprin", "Mauren", "Planken", "Ruggell", "Schaan", "Schellenberg", "Triesen", "Triesenberg", "Vaduz",
    }  # fmt: skip
    assert found.to_crs(32632).area.sum() / 1e6 == pytest.approx(160.5, abs=1)


# --- who made it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "columns", "of_figures", "theirs"),
    [
        ("wijkenbuurten_2024_v1.gpkg", ["code", "name"], False, True),
        ("kwb-2024.xlsx", ["code"], True, True),
        ("kaart.gpkg", ["gemeentecode", "buurtcode", "buurtnaam"], False, True),
        ("export.csv", ["Wijken en buurten", "Regioaanduiding/Codering (code)"], True, True),
        ("wijken_2022.gpkg", ["code", "name", "population"], False, False),
        ("leefbaarheid.csv", ["buurt_code", "aantal_inwoners"], True, False),
        ("macbsx.gpkg", ["code", "name"], False, False),
    ],
)
def test_only_a_file_that_cbs_made_is_called_theirs(name: str, columns: list[str], of_figures: bool, theirs: bool) -> None:
    assert made_by_cbs(Path(name), columns, of_figures=of_figures) is theirs


def test_a_file_of_unknown_origin_is_called_by_its_own_name_and_claims_no_licence(tmp_path: Path) -> None:
    path = tmp_path / "wijken_2022.gpkg"
    path.write_bytes(b"x")
    source = file_source(path, prefix="areas", title="CBS Wijken en Buurten", year=2022, official=False)
    assert (source.title, source.attribution, source.licence, source.url) == ("wijken_2022.gpkg", "wijken_2022.gpkg", "not stated", None)
    other = file_source(path, prefix="areas", title="CBS Wijken en Buurten", year=2023, official=False)
    assert other.title == "wijken_2022.gpkg (2023)"


def test_a_file_of_cbs_bears_the_name_under_which_it_is_published(tmp_path: Path) -> None:
    path = tmp_path / "kaart.gpkg"
    path.write_bytes(b"x")
    source = file_source(path, prefix="areas", title="CBS Wijken en Buurten", year=2024, official=True)
    assert source.title == "CBS Wijken en Buurten 2024 (kaart.gpkg)"
    assert "Statistiek" in source.attribution


@pytest.mark.parametrize(("name", "code"), [("Den Haag", "GM0518"), ("den bosch", "GM0796"), ("503", "GM0503"), ("Ede", "GM0228")])
def test_a_municipality_answers_to_its_name_of_daily_speech_and_its_bare_number(
    real_data: Callable[[str], Path], name: str, code: str
) -> None:
    found = read_areas([real_data("cbs/gemeenten_2022.gpkg")], year=None, municipalities=[name])
    assert list(found.areas["code"]) == [code]


def test_a_file_of_one_municipality_without_its_name_says_which_it_holds(real_data: Callable[[str], Path]) -> None:
    with pytest.raises(InputError, match="GM0599"):
        read_areas([real_data("rotterdam/rotterdam_buurten_kwb2024.gpkg")], year=None, municipalities=["Rotterdam"])
