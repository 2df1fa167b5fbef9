# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an extract does not cover is said to be unknown, never zero."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, box

from knopenkaart.inventory.coverage import coverage, judge
from knopenkaart.inventory.footprint import junctions
from knopenkaart.tables import ADDRESSES, AREAS, COVERAGE, FIGURES, STREETS

RealData = Callable[[str], Path]
# Toytown in RD New: 2 x 1 km, a western and an eastern wijk of 1 km2 each; local streets every 100 m.
X, Y = 84_000, 445_000
WEST, EAST = box(X, Y, X + 1000, Y + 1000), box(X + 1000, Y, X + 2000, Y + 1000)
SHAPES = {"GM1001": ("municipality", WEST.union(EAST)), "WK100101": ("wijk", WEST), "WK100102": ("wijk", EAST)}


def degrees(shapes: list[Any]) -> list[Any]:
    return gpd.GeoSeries(shapes, crs=28992).to_crs(4326).to_list()


def areas() -> pd.DataFrame:
    shapes = degrees([shape for _, shape in SHAPES.values()])
    return AREAS.frame(
        {"code": code, "year": 2024, "level": level, "name": code, "municipality_code": "GM1001", "source": "a", "geometry": shape}
        for (code, (level, _)), shape in zip(SHAPES.items(), shapes, strict=True)
    )


def grid(west: int, east: int, *, south: int = 0, north: int = 1000) -> list[LineString]:
    """Streets every 100 m, cut at every crossing, from x = west to east (metres from the corner of Toytown)."""
    lines = []
    for y in range(south, north + 1, 100):
        lines += [LineString([(X + x, Y + y), (X + x + 100, Y + y)]) for x in range(west, east, 100)]
    for x in range(west, east + 1, 100):
        lines += [LineString([(X + x, Y + y), (X + x, Y + y + 100)]) for y in range(south, north, 100)]
    return lines


def streets(lines: list[LineString], highway: str = "residential") -> pd.DataFrame:
    return STREETS.frame(
        {"source_id": f"way/{number}", "highway": highway, "walk": True, "cycle": "both", "tags": {}, "geometry": line}
        for number, line in enumerate(degrees(lines))
    )


def addresses(per_wijk: Mapping[str, int], *, residential: bool | None = None) -> pd.DataFrame:
    rows = []
    for code, number in per_wijk.items():
        west, south, _, _ = SHAPES[code][1].bounds
        points = [shapely.Point(west + 30 + (n % 40) * 20, south + 30 + (n // 40) * 20) for n in range(number)]
        rows += [{"lon": point.x, "lat": point.y, "source": "osm", "residential": residential} for point in degrees(points)]
    return ADDRESSES.frame(rows)


def dwellings(values: Mapping[str, float], *, joined: bool = True, year: int = 2024) -> pd.DataFrame:
    return FIGURES.frame(
        {
            "area_code": code,
            "area_year": 2024,
            "indicator": "dwellings",
            "value": value,
            "unit": "count",
            "year": year,
            "source": "a",
            "joined": joined,
        }
        for code, value in values.items()
    )


def measured(figures: pd.DataFrame, ways: pd.DataFrame, houses: pd.DataFrame) -> pd.DataFrame:
    return coverage(areas(), figures, streets=ways, addresses=houses).set_index("area_code")


def test_a_whole_municipality_with_all_its_addresses_is_covered() -> None:
    homes = {"WK100101": 1100.0, "WK100102": 1100.0, "GM1001": 2200.0}
    found = measured(dwellings(homes), streets(grid(-300, 2300, south=-300, north=1300)), addresses({"WK100101": 1100, "WK100102": 1089}))
    assert set(found["status"]) == {"covered"}
    assert found.loc["WK100101", "area_share"] == pytest.approx(1.0)
    assert found.loc["WK100101", "street_share"] == pytest.approx(1.0)
    assert found.loc["WK100102", "address_share"] == pytest.approx(0.99)
    assert found.loc["WK100102", "believed_share"] == pytest.approx(0.99)
    assert found.loc["GM1001", "addresses"] == 2189


def test_the_half_that_the_extract_lacks_is_unknown_and_not_zero() -> None:
    homes = {"WK100101": 1000.0, "WK100102": 1000.0, "GM1001": 2000.0}
    found = measured(dwellings(homes), streets(grid(-300, 900, south=-300, north=1300)), addresses({"WK100101": 1000}))
    assert found.loc["WK100101", "status"] == "covered"
    assert found.loc["WK100102", "status"] == "unknown"
    assert pd.isna(found.loc["WK100102", "believed_share"])
    assert found.loc["GM1001", "status"] == "partial"
    assert found.loc["GM1001", "address_share"] == pytest.approx(0.5)


def test_empty_land_of_a_wijk_whose_dwellings_are_all_there_does_not_count_against_it() -> None:
    hamlet = streets(grid(0, 300, north=300))
    homes = {"WK100101": 200.0, "WK100102": 200.0, "GM1001": 400.0}
    known = measured(dwellings(homes), hamlet, addresses({"WK100101": 195}))
    assert (known.loc["WK100101", "status"], known.loc["WK100101", "area_share"]) == ("covered", pytest.approx(1.0))
    assert known.loc["WK100102", "status"] == "unknown"
    assert known.loc["GM1001", "area_share"] == pytest.approx(0.5, abs=0.01)
    assert measured(FIGURES.empty(), hamlet, addresses({"WK100101": 195})).loc["WK100101", "status"] == "partial"


def test_a_long_street_that_sticks_out_covers_nothing() -> None:
    stub = [LineString([(X + 900, Y + 550), (X + 1950, Y + 550), (X + 9000, Y + 700)])]
    found = measured(FIGURES.empty(), streets(grid(-300, 900) + stub), addresses({"WK100101": 300}))
    assert found.loc["WK100102", "area_share"] < 0.05
    assert found.loc["WK100101", "area_share"] > 0.85


def test_main_roads_that_meet_far_away_are_no_ground() -> None:
    ways = pd.concat(
        [streets(grid(-300, 900)), streets(grid(1000, 2000), "primary").assign(source_id=lambda rows: rows["source_id"] + "p")]
    )
    found = measured(FIGURES.empty(), STREETS.check(ways), addresses({"WK100101": 300}))
    assert found.loc["WK100102", "area_share"] < 0.05


def test_more_addresses_than_dwellings_is_called_unusable_where_the_surface_says_part() -> None:
    found = measured(dwellings({"WK100102": 100}), streets(grid(0, 1300, north=400)), addresses({"WK100102": 130}))
    row = found.loc["WK100102"]
    assert row["status"] == "unusable"
    assert row["reason"] == "address_ratio_over_one"
    assert row["address_share"] == pytest.approx(1.3)
    assert row["believed_share"] == row["area_share"] < 0.9


def test_more_addresses_than_dwellings_does_not_hide_that_the_whole_area_is_covered() -> None:
    found = measured(dwellings({"WK100101": 900.0}), streets(grid(-300, 2300, south=-300, north=1300)), addresses({"WK100101": 1000}))
    assert found.loc["WK100101", "status"] == "covered"
    assert found.loc["WK100101", "reason"] == "address_ratio_over_one"


def test_without_figures_only_the_surface_is_known() -> None:
    found = measured(FIGURES.empty(), streets(grid(-300, 2300, south=-300, north=1300)), ADDRESSES.empty())
    assert set(found["status"]) == {"covered"}
    assert found[["street_share", "address_share", "dwellings"]].isna().all().all()
    assert set(found["reason"]) == {"area"}


def test_an_extract_without_any_address_says_nothing_about_addresses() -> None:
    found = measured(dwellings({"WK100101": 500}), streets(grid(-300, 2300, south=-300, north=1300)), ADDRESSES.empty())
    assert pd.isna(found.loc["WK100101", "address_share"])
    assert found.loc["WK100101", "status"] == "covered"


def test_addresses_that_are_known_not_to_be_dwellings_do_not_count() -> None:
    found = measured(dwellings({"WK100101": 100}), streets(grid(-300, 2300)), addresses({"WK100101": 80}, residential=False))
    assert found.loc["WK100101", "addresses"] == 0
    assert found.loc["WK100101", "address_share"] == 0


def test_a_figure_that_is_not_joined_does_not_count() -> None:
    found = measured(dwellings({"WK100101": 1}, joined=False), streets(grid(-300, 2300)), addresses({"WK100101": 100}))
    assert pd.isna(found.loc["WK100101", "dwellings"])


def test_of_two_years_the_latest_dwellings_count() -> None:
    both = pd.concat([dwellings({"WK100101": 100}, year=2022), dwellings({"WK100101": 200}, year=2024)], ignore_index=True)
    assert measured(FIGURES.check(both), streets(grid(-300, 2300)), addresses({"WK100101": 100})).loc["WK100101", "dwellings"] == 200


def test_a_rural_area_has_no_street_share_because_nobody_knows_how_many_streets_it_should_have() -> None:
    found = measured(dwellings({"WK100101": 990, "WK100102": 1010}), streets(grid(-300, 2300)), addresses({"WK100101": 10}))
    assert pd.isna(found.loc["WK100101", "street_share"])
    assert not pd.isna(found.loc["WK100102", "street_share"])


def test_an_empty_extract_covers_nothing_and_no_areas_give_an_empty_table() -> None:
    found = measured(dwellings({"WK100101": 500}), STREETS.empty(), ADDRESSES.empty())
    assert set(found["status"]) == {"unknown"}
    assert len(coverage(AREAS.empty(), FIGURES.empty(), streets=STREETS.empty(), addresses=ADDRESSES.empty())) == 0


def test_three_street_ends_make_a_junction_and_two_do_not() -> None:
    through = LineString([(0, 0), (1, 0), (2, 0)])
    side = LineString([(1, 0), (1, 1)])
    onward = LineString([(2, 0), (3, 0)])
    assert junctions([through, side, onward]).tolist() == [[1.0, 0.0]]
    assert junctions([through, onward]).tolist() == []


# --- the rule itself ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "streets_", "found", "homes", "status", "reason", "believed"),
    [
        (0.80, 0.93, 5001, 7262, "partial", "addresses", 0.6887),
        (0.20, None, 972, 765, "unusable", "address_ratio_over_one", 0.20),
        (0.05, 0.13, 195, 6792, "marginal", "addresses", 0.0287),
        (1.0, 1.0, 950, 1000, "covered", "addresses", 0.95),
        (0.0, None, 0, None, "unknown", "outside_extract", None),
        (0.014, None, 0, 125, "unknown", "outside_extract", None),
        (0.95, None, 0, 0, "covered", "area", 0.95),
        (0.5, None, 3, None, "partial", "area", 0.5),
    ],
)
def test_the_lowest_usable_share_is_believed(
    area: float, streets_: float | None, found: int, homes: int | None, status: str, reason: str, believed: float | None
) -> None:
    verdict = judge(area_share=area, street_share=streets_, addresses=found, dwellings=homes)
    assert (verdict["status"], verdict["reason"], verdict["believed_share"]) == (status, reason, believed)


shares = st.floats(0, 1)


@given(area=shares, street=st.none() | shares, found=st.integers(0, 500), homes=st.none() | st.integers(0, 500))
def test_what_is_believed_never_exceeds_a_usable_share_and_an_unusable_ratio_is_never_believed(
    area: float, street: float | None, found: int, homes: int | None
) -> None:
    verdict = judge(area_share=area, street_share=street, addresses=found, dwellings=homes)
    ratio = verdict["address_share"]
    usable = [verdict["area_share"], verdict["street_share"], None if ratio is None or found > (homes or 0) else ratio]
    assert verdict["believed_share"] is None or verdict["believed_share"] == min(share for share in usable if share is not None)
    assert (verdict["status"] == "unknown") == (verdict["believed_share"] is None)
    if verdict["status"] == "covered":
        assert verdict["believed_share"] >= 0.9 - 1e-4


# --- real extracts ------------------------------------------------------------------------------------------------------


def extract(path: Path) -> Any:
    from knopenkaart.sources.osm import read_extract

    return read_extract(path, rules=[])


def test_south_east_delft_touches_five_wijken_two_of_them_marginally_and_leaves_eight_unknown(real_data: RealData) -> None:
    from knopenkaart.sources.areas import read_areas

    osm = extract(real_data("osm/delft_tudelft.osm.pbf"))
    layers = read_areas([real_data("cbs/wijken_2022.gpkg"), real_data("cbs/gemeenten_2022.gpkg")], year=2022, municipalities=["GM0503"])
    found = coverage(layers.areas, layers.figures, streets=osm.streets, addresses=osm.addresses).set_index("area_code")
    wijken = found[found["level"] == "wijk"]
    assert wijken.loc[wijken["status"] != "unknown", "status"].to_dict() == {
        "WK050311": "marginal",
        "WK050313": "marginal",
        "WK050324": "partial",
        "WK050327": "unusable",
        "WK050328": "partial",
    }
    assert (wijken["status"] == "unknown").sum() == 8
    assert found.loc["WK050328", "addresses"] == pytest.approx(5001, abs=40)
    assert found.loc["WK050328", "dwellings"] == 7262
    assert found.loc["WK050324", "addresses"] == pytest.approx(2730, abs=20)
    assert found.loc["WK050327", "address_share"] == pytest.approx(972 / 765, abs=0.02)
    assert found.loc["WK050327", "area_share"] == pytest.approx(0.20, abs=0.10)
    assert found.loc["GM0503", "status"] == "partial"


def test_liechtenstein_is_covered_as_far_as_can_be_known(real_data: RealData) -> None:
    from knopenkaart.sources.areas import areas_from_boundaries

    osm = extract(real_data("osm/liechtenstein_valhalla.osm.pbf"))
    rows = areas_from_boundaries(osm.boundaries, municipalities=[], year=2024, source="osm")
    found = coverage(rows, FIGURES.empty(), streets=osm.streets, addresses=osm.addresses)
    assert list(found["status"]) == ["covered"] * 11
    assert found["address_share"].isna().all()


def test_the_table_has_exactly_the_agreed_columns() -> None:
    found = coverage(areas(), FIGURES.empty(), streets=streets(grid(0, 500)), addresses=ADDRESSES.empty())
    assert list(found.columns) == list(COVERAGE.columns)
