# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Address tables are read whatever their columns are called, and an address is found, or said not to be."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely import Point

from knopenkaart.errors import InputError
from knopenkaart.sources.addresses import (
    SAME_SPOT_M,
    AddressIndex,
    Located,
    NotLocated,
    metres_between,
    normal_postcode,
    read_addresses,
    slug,
    split_address,
    split_housenumber,
    street_key,
    together,
)
from knopenkaart.sources.osm import read_extract
from knopenkaart.tables import ADDRESSES

TO_DEGREES = Transformer.from_crs(28992, 4326, always_xy=True)
# 0.0001 degree of latitude is 11.1 m.
ROWS = [
    ("Dorpsstraat", "12", "1234AB", "Boven", 5.0, 52.0),
    ("Dorpsstraat", "12A", "1234AB", "Boven", 5.0, 52.0001),
    ("Dorpsstraat", "14", "1234AB", "Boven", 5.0, 52.0004),
    ("Dorpsstraat", "12", "1299ZZ", "Onder", 5.2, 52.2),
    ("Burgemeester van der Heijdenlaan", "3", "1235CD", "Boven", 5.01, 52.01),
    ("Sint Jorisplein", "1", "1236EF", "Boven", 5.02, 52.02),
    ("Café de Ruijterkade", "7", "1237GH", "Boven", 5.03, 52.03),
    ("1e Dwarsstraat", "5", "1238JK", "Boven", 5.04, 52.04),
    ("2e Dwarsstraat", "5", "1238JL", "Boven", 5.05, 52.05),
    ("Lindelaan", "9", "1239MN", "Boven", 5.06, 52.06),
    ("Lindenlaan", "9", "1239MP", "Boven", 5.07, 52.07),
    ("Lange weg", "20A", "1240RS", "Boven", 5.08, 52.08),
    ("Lange weg", "20B", "1240RS", "Boven", 5.08, 52.09),
]


def table(rows: list[tuple[str, str, str, str, float, float]] = ROWS) -> pd.DataFrame:
    names = ("street", "housenumber", "postcode", "city", "lon", "lat")
    return ADDRESSES.frame({**dict(zip(names, row, strict=True)), "source": "test"} for row in rows)


@pytest.fixture(scope="module")
def index() -> AddressIndex:
    return AddressIndex(table())


def found(answer: Located | NotLocated) -> Located:
    assert isinstance(answer, Located), answer
    return answer


def missed(answer: Located | NotLocated) -> NotLocated:
    assert isinstance(answer, NotLocated), answer
    return answer


def test_street_number_and_city_are_found_exactly(index: AddressIndex) -> None:
    answer = found(index.locate(street="Dorpsstraat", housenumber="12", city="Onder"))
    assert (answer.lon, answer.lat, answer.how, answer.postcode) == (5.2, 52.2, "exact", "1299ZZ")


def test_postcode_and_number_are_enough(index: AddressIndex) -> None:
    answer = found(index.locate(postcode="1234 ab", housenumber="14"))
    assert (answer.street, answer.lat, answer.how) == ("Dorpsstraat", 52.0004, "exact")


def test_the_number_may_stand_behind_the_street(index: AddressIndex) -> None:
    assert found(index.locate(street="Dorpsstraat 12a", city="Boven")).housenumber == "12A"


@pytest.mark.parametrize("written", ["12a", "12 A", "12-a", "12/A", "12A"])
def test_a_letter_is_found_however_it_is_written(index: AddressIndex, written: str) -> None:
    assert found(index.locate(postcode="1234AB", housenumber=written)).lat == 52.0001


@pytest.mark.parametrize(
    ("street", "number", "lon"),
    [
        ("Burg. v.d. Heijdenlaan", "3", 5.01),
        ("burg van der heijdenln", "3", 5.01),
        ("BURGEMEESTER V/D HEIJDENLAAN", "3", 5.01),
        ("St. Jorisplein", "1", 5.02),
        ("Cafe de Ruijterkade", "7", 5.03),
        ("Eerste Dwarsstr.", "5", 5.04),
        ("2de Dwarsstraat", "5", 5.05),
        ("Dorps straat", "14", 5.0),
        ("dorpsstr.", "14", 5.0),
    ],
)
def test_abbreviations_case_and_diacritics_make_no_difference(index: AddressIndex, street: str, number: str, lon: float) -> None:
    answer = found(index.locate(street=street, housenumber=number, city="boven"))
    assert (answer.lon, answer.how) == (lon, "exact")


def test_another_spelling_is_found_and_says_so(index: AddressIndex) -> None:
    answer = found(index.locate(street="Dorpstraat", housenumber="14", city="Boven"))
    # 10 letters in common of 10 + 11: 2 * 10 / 21 = 95.2 %.
    assert (answer.how, answer.score, answer.street) == ("fuzzy", 95.2, "Dorpsstraat")


def test_below_the_threshold_it_is_a_fault_with_the_near_ones(index: AddressIndex) -> None:
    answer = missed(index.locate(street="Dorpsplein", housenumber="14", city="Boven"))
    assert answer.code == "address.not_found"
    assert "Dorpsstraat" in answer.near


def test_a_first_street_is_never_a_second_street() -> None:
    only_first = AddressIndex(table([row for row in ROWS if row[0] != "2e Dwarsstraat"]))
    assert missed(only_first.locate(street="2e Dwarsstraat", housenumber="5")).code == "address.not_found"


def test_between_two_like_streets_nobody_guesses(index: AddressIndex) -> None:
    answer = missed(index.locate(street="Lindeelaan", housenumber="9"))
    assert answer.code == "address.ambiguous"
    assert {"Lindelaan 9, 1239MN Boven", "Lindenlaan 9, 1239MP Boven"} == set(answer.near)


def test_the_same_street_in_two_towns_needs_the_town(index: AddressIndex) -> None:
    answer = missed(index.locate(street="Dorpsstraat", housenumber="12"))
    assert answer.code == "address.ambiguous"
    assert "Dorpsstraat 12, 1299ZZ Onder" in answer.near


def test_another_town_is_not_the_address(index: AddressIndex) -> None:
    assert missed(index.locate(street="Lindelaan", housenumber="9", city="Onder")).code == "address.not_found"


def test_a_number_that_does_not_exist_names_its_neighbours(index: AddressIndex) -> None:
    answer = missed(index.locate(street="Dorpsstraat", housenumber="13", city="Boven"))
    assert answer.code == "address.not_found"
    assert any("Dorpsstraat 12" in near for near in answer.near)


def test_an_unknown_addition_falls_back_on_the_number_and_says_so(index: AddressIndex) -> None:
    answer = found(index.locate(postcode="1234AB", housenumber="14 zaal"))
    assert (answer.how, answer.lat) == ("number_only", 52.0004)


def test_a_number_of_which_only_letters_exist_is_ambiguous_when_they_lie_apart(index: AddressIndex) -> None:
    # 20A and 20B lie 1.1 km from each other.
    assert missed(index.locate(postcode="1240RS", housenumber="20")).code == "address.ambiguous"


def test_a_number_of_which_only_letters_exist_in_one_building_is_found() -> None:
    near = AddressIndex(table([("Plein", "2A", "1111AA", "Boven", 5.0, 52.0), ("Plein", "2B", "1111AA", "Boven", 5.0, 52.0002)]))
    assert found(near.locate(postcode="1111AA", housenumber="2")).how == "number_only"


def test_several_numbers_of_one_door_are_each_found() -> None:
    doors = AddressIndex(table([("Plein", "2;4, 6", "1111AA", "Boven", 5.0, 52.0)]))
    assert [found(doors.locate(street="Plein", housenumber=number)).housenumber for number in ("2", "4", "6")] == ["2", "4", "6"]


def test_a_street_that_contradicts_the_postcode_is_a_fault(index: AddressIndex) -> None:
    answer = missed(index.locate(street="Lindelaan", housenumber="12", postcode="1234AB"))
    assert answer.code == "address.conflict"
    assert answer.near[0].startswith("Dorpsstraat 12")


def test_a_postcode_that_is_wrong_does_not_hide_a_right_street(index: AddressIndex) -> None:
    assert found(index.locate(street="Lindelaan", housenumber="9", postcode="9999XX", city="Boven")).lon == 5.06


@pytest.mark.parametrize(
    "parts", [{}, {"street": "Dorpsstraat"}, {"housenumber": "12"}, {"postcode": "1234AB"}, {"street": "zonder nummer"}]
)
def test_an_incomplete_address_is_said_to_be_so(index: AddressIndex, parts: dict[str, str]) -> None:
    assert missed(index.locate(**parts)).code == "address.incomplete"


@given(st.sampled_from(ROWS))
def test_every_address_finds_itself(row: tuple[str, str, str, str, float, float]) -> None:
    index = AddressIndex(table())
    street, housenumber, postcode, city, lon, lat = row
    answer = found(index.locate(street=street.upper(), housenumber=housenumber, postcode=postcode, city=city))
    assert (answer.lon, answer.lat, answer.how) == (lon, lat, "exact")


@given(st.text(max_size=40), st.text(max_size=12), st.text(max_size=10))
def test_no_text_breaks_the_search(street: str, number: str, postcode: str) -> None:
    assert isinstance(AddressIndex(table()).locate(street=street, housenumber=number, postcode=postcode), (Located, NotLocated))


@given(st.text(max_size=60))
def test_a_street_key_is_its_own_key(text: str) -> None:
    assert street_key(street_key(text)).isascii()
    assert " " not in street_key(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Dorpsstraat 12a", ("Dorpsstraat", "12a")),
        ("Plein 1945 7", ("Plein 1945", "7")),
        ("Dorpsstraat 12-1, Boven", ("Dorpsstraat", "12-1")),
        ("1e Dwarsstraat 5", ("1e Dwarsstraat", "5")),
        ("Vijverlaan 1R-AA60", ("Vijverlaan", "1R-AA60")),
        ("Dorpsstraat", ("Dorpsstraat", None)),
    ],
)
def test_a_combined_address_is_cut_at_the_number(text: str, parts: tuple[str, str | None]) -> None:
    assert split_address(text) == parts


@pytest.mark.parametrize(
    ("text", "parts"), [("12 a-1", (12, "A1")), ("7", (7, "")), ("", (None, "")), (None, (None, "")), ("x", (None, ""))]
)
def test_a_house_number_is_cut_in_number_and_suffix(text: str | None, parts: tuple[int | None, str]) -> None:
    assert split_housenumber(text) == parts


def test_small_things() -> None:
    assert normal_postcode(" 1234 ab ") == "1234AB"
    assert normal_postcode("") is None
    assert slug("Buurthuis 't Café (Zuid)") == "buurthuis-t-cafe-zuid"
    # One ten-thousandth of a degree of latitude is 11.1 m.
    assert metres_between((5.0, 52.0), (5.0, 52.0001)) == pytest.approx(11.12, abs=0.01)
    assert metres_between((5.0, 52.0), (5.0, 52.0004)) > SAME_SPOT_M


def test_a_geopackage_with_bag_columns_is_read(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"straatnaam": ["Kerkweg", "Kerkweg"], "huisnummer": [1, 2], "huisletter": ["A", None], "toevoeging": ["2", None],
         "postcode": ["1234 AB", None], "woonplaats": ["Boven", "Boven"]},
        geometry=[Point(155000, 463000), Point(155100, 463000)], crs="EPSG:28992",
    )  # fmt: skip
    frame.to_file(tmp_path / "adressen.gpkg")
    addresses = read_addresses(tmp_path / "adressen.gpkg")[0]
    assert list(addresses["housenumber"]) == ["1A-2", "2"]
    assert addresses["postcode"].iloc[0] == "1234AB"
    assert addresses["residential"].isna().all()
    # The origin of RD New is the tower in Amersfoort: 5.3876 E, 52.1552 N in WGS 84.
    assert addresses["lon"].iloc[0] == pytest.approx(5.38721, abs=1e-4)
    assert addresses["lat"].iloc[0] == pytest.approx(52.15517, abs=1e-4)
    assert set(addresses["source"]) == {"addresses_adressen"}


def test_a_csv_with_degrees_and_a_use_is_read(tmp_path: Path) -> None:
    text = "straat;huisnummer;gebruiksdoel;lon;lat\nKerkweg;1;woonfunctie;5.1;52.1\nKerkweg;2;winkelfunctie;5.1;52.1\nKerkweg;3;;5.1;52.1\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    addresses = read_addresses(tmp_path / "a.csv")[0]
    assert addresses["residential"].tolist() == [True, False, pd.NA]


def test_a_packed_csv_of_bare_points_is_taken_as_dwellings(tmp_path: Path) -> None:
    (tmp_path / "w.csv.gz").write_bytes(gzip.compress(b"x,y\n155000,463000\n155010,463000\n"))
    addresses = read_addresses(tmp_path / "w.csv.gz")[0]
    assert addresses["residential"].all()
    metres = metres_between((addresses["lon"][0], addresses["lat"][0]), (addresses["lon"][1], addresses["lat"][1]))
    assert metres == pytest.approx(10, abs=0.1)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"straat,huisnummer\nKerkweg,1\n", "addresses.no_coordinates"),
        ("a.csv", b"x,y\n155000,\n", "addresses.bad_coordinates"),
        ("a.csv", b"x,y\n1550000,463000\n", "addresses.bad_coordinates"),
        ("a.csv", b"lon,lat\n155000,463000\n", "addresses.bad_coordinates"),
        ("a.csv", b"lon,lat\n", "file.empty"),
        ("a.csv", b"\x00\x01\x02", "list.not_text"),
        ("a.csv.gz", b"\x1f\x8b\x08damaged", "file.damaged"),
        ("a.gpkg", b"SQLite format 3\x00 cut off", "file.damaged"),
    ],
)
def test_a_table_that_cannot_serve_is_one_clear_error(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_addresses(tmp_path / name)
    assert caught.value.code == code
    assert name in str(caught.value)


def test_an_absent_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.gpkg"):
        read_addresses(tmp_path / "nowhere.gpkg")


def test_the_real_addresses_of_otterlo_find_themselves(real_data: Callable[[str], Path]) -> None:
    addresses = read_addresses(real_data("bag/otterlo_adressen_28992.gpkg"))[0]
    assert len(addresses) == 2481
    index = AddressIndex(addresses)
    by_name = by_postcode = 0
    for street, number, postcode, city, lon, lat in addresses[["street", "housenumber", "postcode", "city", "lon", "lat"]].itertuples(
        index=False
    ):
        one = index.locate(street=street.lower(), housenumber=number, city=city)
        other = index.locate(postcode=postcode, housenumber=number)
        by_name += isinstance(one, Located) and metres_between((one.lon, one.lat), (lon, lat)) <= SAME_SPOT_M
        by_postcode += isinstance(other, Located) and metres_between((other.lon, other.lat), (lon, lat)) <= SAME_SPOT_M
    # One address stands twice in the table, far apart: that is ambiguous, and rightly so.
    assert (by_name, by_postcode) == (2479, 2479)


def test_the_addresses_of_a_real_extract_find_themselves(real_data: Callable[[str], Path]) -> None:
    addresses = read_extract(real_data("osm/delft_tudelft.osm.pbf"), rules=[]).addresses
    index = AddressIndex(addresses)
    columns = addresses[["street", "housenumber", "postcode", "city"]].dropna()
    answers = [index.locate(street=s, housenumber=h, postcode=p, city=c) for s, h, p, c in columns.itertuples(index=False)]
    assert len(answers) > 5_000
    assert sum(isinstance(answer, Located) for answer in answers) / len(answers) > 0.99


def test_the_real_dwellings_of_amersfoort_lie_around_amersfoort(real_data: Callable[[str], Path]) -> None:
    addresses = read_addresses(real_data("bag/amersfoort_woonlocaties_rd.csv.gz"))[0]
    assert len(addresses) == 90_603
    assert addresses["residential"].all()
    assert addresses["lon"].between(5.30, 5.49).all()
    assert addresses["lat"].between(52.10, 52.22).all()


def test_points_of_something_else_are_no_dwellings(tmp_path: Path) -> None:
    (tmp_path / "winkels.csv").write_text("naam,lon,lat\nBakker,5.1,52.1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_addresses(tmp_path / "winkels.csv")
    assert caught.value.code == "addresses.no_addresses"
    assert "naam" in caught.value.message


def test_dwelling_points_may_bear_an_identifier(tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text("id,lon,lat\n7,5.1,52.1\n", encoding="utf-8")
    assert read_addresses(tmp_path / "w.csv")[0]["residential"].tolist() == [True]


def test_a_map_of_areas_is_no_table_of_addresses(real_data: Callable[[str], Path]) -> None:
    with pytest.raises(InputError) as caught:
        read_addresses(real_data("cbs/gemeenten_2022.gpkg"))
    assert caught.value.code == "addresses.no_addresses"


# --- tables beside an extract ---------------------------------------------------------------------------------------------


def at(*metres: tuple[float, float], source: str) -> pd.DataFrame:
    """Addresses at RD 85,000 + x, 447,000 + y."""
    lon, lat = TO_DEGREES.transform([85_000 + x for x, _ in metres], [447_000 + y for _, y in metres])
    return ADDRESSES.frame({"lon": x, "lat": y, "source": source} for x, y in zip(lon, lat, strict=True))


def test_where_a_table_has_addresses_those_of_the_extract_do_not_count_as_well() -> None:
    # The table's address lies in the square from 0 to 100 m; its neighbours reach from -100 to 200.
    extract = at((10, 10), (150, 150), (-50, 50), (210, 50), (50, -110), source="osm")
    found = together(extract, [at((50, 50), source="bag")])
    assert found["source"].tolist() == ["osm", "osm", "bag"]
    assert found["lon"].tolist()[:2] == extract["lon"].tolist()[3:]


def test_what_no_table_covers_keeps_the_addresses_of_the_extract() -> None:
    extract = at((10, 10), (5000, 5000), source="osm")
    assert together(extract, [at((50, 50), source="bag")])["source"].tolist() == ["osm", "bag"]
    assert together(extract, []).equals(extract)
    assert together(extract, [ADDRESSES.empty()]).equals(extract)
    assert together(ADDRESSES.empty(), [extract]).equals(extract)


def test_a_shop_in_a_table_does_not_erase_the_homes_around_it() -> None:
    extract = at(*((10 * step, 10) for step in range(30)), source="osm")
    shop = at((150, 50), source="bag").assign(residential=False)
    found = together(extract, [ADDRESSES.check(shop)])
    assert found["source"].tolist() == ["osm"] * 30 + ["bag"]
    # A home beside it does: the table knows the dwellings there.
    known = pd.concat([shop, at((50, 50), source="bag").assign(residential=True)], ignore_index=True)
    assert (together(extract, [ADDRESSES.check(known)])["source"] == "osm").sum() == 10


def test_an_address_of_which_the_use_is_unknown_may_be_a_home() -> None:
    assert together(at((10, 10), source="osm"), [at((50, 50), source="own")])["source"].tolist() == ["own"]


def test_metres_in_a_file_that_must_be_in_degrees_are_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "adressen.geojson"
    row = {"type": "Feature", "properties": {"postcode": "1234AB"}, "geometry": {"type": "Point", "coordinates": [84_000, 445_000]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [row]}), encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        read_addresses(path)
    assert refusal.value.code == "addresses.bad_coordinates"
    assert "GeoPackage with EPSG:28992" in refusal.value.remedy


def test_several_tables_are_all_kept() -> None:
    found = together(at((10, 10), source="osm"), [at((50, 50), source="bag"), at((60, 50), source="own")])
    assert found["source"].tolist() == ["bag", "own"]


SPOTS = st.tuples(st.integers(0, 999), st.integers(0, 999))


@given(st.lists(SPOTS, max_size=20), st.lists(SPOTS, min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_an_address_goes_exactly_where_a_table_is_at_most_one_square_away(
    spots: list[tuple[int, int]], given_: list[tuple[int, int]]
) -> None:
    # Kept half a metre off the lines, where the way to degrees and back may round either way.
    extract, table = (at(*((x + 0.5, y + 0.5) for x, y in some), source=source) for some, source in ((spots, "osm"), (given_, "bag")))
    found = together(extract, [table])
    near = [any(max(abs(x // 100 - u // 100), abs(y // 100 - v // 100)) <= 1 for u, v in given_) for x, y in spots]
    assert (found["source"] == "osm").sum() == near.count(False)
    assert (found["source"] == "bag").sum() == len(given_)
