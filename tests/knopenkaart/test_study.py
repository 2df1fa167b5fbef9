# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The road on real input: Delft, Liechtenstein, broken files."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import osmium
import pytest
from shapely import Point

from knopenkaart.errors import InputError
from knopenkaart.records import Place
from knopenkaart.study import Request, Study, build, link_places
from knopenkaart.summary import counted_places, summarise
from knopenkaart.tables import to_records
from knopenkaart.vocabulary import load_vocabulary

TOUCHED = {"WK050328": "partial", "WK050324": "partial", "WK050327": "unusable"}
MARGINAL = {"WK050311", "WK050313"}


def test_delft_has_at_least_a_hundred_nodes_besides_small_spots(delft_study: Study) -> None:
    counted = counted_places(delft_study.table("places"), load_vocabulary())
    assert len(counted) >= 100
    assert not counted["small_spot"].any()


def test_every_element_that_matches_the_kinds_is_accounted_for_per_tag(delft_study: Study, liechtenstein_study: Study) -> None:
    for study in (delft_study, liechtenstein_study):
        decisions = study.table("decisions")
        for tag, matched, *outcomes, _ in summarise(study).tags:
            assert matched == sum(outcomes), tag
        assert decisions.loc[decisions["outcome"] == "excluded", "reason"].str.len().gt(0).all()
        placed = decisions[decisions["outcome"] != "excluded"]
        assert set(placed["place_id"]) <= set(study.table("places")["id"])


def test_each_delft_place_is_in_the_wijk_that_holds_its_point(delft_study: Study) -> None:
    places, areas = delft_study.table("places"), delft_study.table("areas").set_index("code")
    inside = places[~places["neighbour"]]
    assert set(inside["municipality_code"]) == {"GM0503"}
    for place in inside.itertuples():
        # A hundred-thousandth of a degree is a metre: polygons of the same layer leave seams.
        assert areas.loc[place.wijk_code, "geometry"].distance(Point(place.lon, place.lat)) < 1e-5


def test_delft_wijken_say_what_the_extract_covers(delft_study: Study) -> None:
    coverage = delft_study.table("coverage")
    status = dict(zip(coverage["area_code"], coverage["status"], strict=True))
    assert {code: status[code] for code in TOUCHED} == TOUCHED
    assert {status[code] for code in MARGINAL} == {"marginal"}
    rest = {code for code in status if code.startswith("WK")} - set(TOUCHED) - MARGINAL
    assert len(rest) == 8
    assert {status[code] for code in rest} <= {"unknown", "marginal"}
    assert sum(status[code] == "unknown" for code in rest) >= 7


def test_delft_tells_the_date_of_the_extract_and_the_year_of_the_figures(delft_study: Study) -> None:
    figures = delft_study.table("figures")
    assert delft_study.manifest["osm_date"].startswith("202")
    assert set(figures["year"]) == {2022}
    assert int(delft_study.manifest["osm_date"][:4]) != 2022


def test_liechtenstein_without_areas_is_one_study_of_eleven_municipalities(liechtenstein_study: Study) -> None:
    areas = liechtenstein_study.table("areas")
    assert len(areas[areas["level"] == "municipality"]) == 11
    assert len(liechtenstein_study.manifest["municipalities"]) == 11


def test_every_named_amenity_of_liechtenstein_is_accounted_for(liechtenstein_study: Study, real_data: Callable[[str], Path]) -> None:
    named = _named_amenities(real_data("osm/liechtenstein_valhalla.osm.pbf"))
    decided = liechtenstein_study.table("decisions")
    known = set(decided["source_id"]) | set(liechtenstein_study.table("notices")["subject"])
    assert len(named) == 171
    assert named - known == set()


def test_every_place_has_a_source_and_every_attribute_a_provenance(delft_study: Study) -> None:
    sources = set(delft_study.table("sources")["id"])
    attributes = delft_study.table("attributes")
    assert set(delft_study.table("places")["source"]) <= sources
    assert set(attributes["source"]) <= sources
    assert set(attributes["place_id"]) == set(delft_study.table("places")["id"])


def test_a_second_build_of_the_same_extract_gives_the_same_places(delft_study: Study) -> None:
    places = to_records(delft_study.table("places"), Place)
    assert {link.old_id: link.new_id for link in link_places(places, places)} == {place.id: place.id for place in places}


def test_figures_of_another_year_are_joined_only_where_the_area_is_the_same(real_data: Callable[[str], Path], tmp_path: Path) -> None:
    request = Request(
        osm=real_data("osm/amsterdam_overamstel_valhalla.osm.pbf"),
        areas=(real_data("cbs/wijken_2022.gpkg"), real_data("cbs/gemeenten_2022.gpkg")),
        figures=(real_data("cbs/kwb2024_schoon.csv.gz"),),
        year=2022,
        municipalities=("Amsterdam",),
    )
    study = build(tmp_path / "amsterdam", request)
    figures, notices = study.table("figures"), study.table("notices")
    joined = set(figures.loc[(figures["year"] == 2024) & figures["joined"], "area_code"])
    listed = set(notices.loc[notices["code"] == "figures.not_joined", "subject"])
    assert joined
    assert joined | listed == set(study.table("areas")["code"])
    assert not joined & listed
    # Amsterdam was divided anew between the two years.
    assert len(listed) > len(joined)


@pytest.mark.parametrize("make", ["truncated", "zipped", "empty", "html", "png", "geopackage"])
def test_a_foreign_file_is_one_clear_error_and_leaves_nothing(make: str, real_data: Callable[[str], Path], tmp_path: Path) -> None:
    whole = real_data("osm/amsterdam_overamstel_valhalla.osm.pbf")
    file = tmp_path / "extract.osm.pbf"
    if make == "truncated":
        file.write_bytes(whole.read_bytes()[:9000])
    elif make == "zipped":
        with zipfile.ZipFile(file, "w") as archive:
            archive.write(whole, "extract.osm.pbf")
    elif make == "geopackage":
        shutil.copyfile(real_data("bag/otterlo_adressen_28992.gpkg"), file)
    else:
        file.write_bytes({"empty": b"", "html": b"<!doctype html><p>Not found</p>", "png": b"\x89PNG\r\n\x1a\n" + b"0" * 99}[make])
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(InputError) as caught:
        build(tmp_path / "study", Request(osm=file))
    assert caught.value.code.startswith("osm.")
    assert "extract.osm.pbf" in str(caught.value)
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_tenth_of_an_extract_is_reported_and_not_fatal(real_data: Callable[[str], Path], tmp_path: Path) -> None:
    request = Request(
        osm=real_data("osm/nieuwegein_steekproef_1op10.osm.gz"),
        areas=(real_data("cbs/wijken_2022.gpkg"), real_data("cbs/gemeenten_2022.gpkg")),
        year=2022,
        municipalities=("Nieuwegein",),
    )
    study = build(tmp_path / "nieuwegein", request)
    codes = set(study.table("notices")["code"])
    assert any(code.startswith("osm.incomplete") or code == "osm.no_geometry" for code in codes)
    assert study.stored.verify() == []


def test_an_unknown_municipality_is_an_error_with_near_names(real_data: Callable[[str], Path], tmp_path: Path) -> None:
    request = Request(
        osm=real_data("osm/delft_tudelft.osm.pbf"), areas=(real_data("cbs/gemeenten_2022.gpkg"),), year=2022, municipalities=("Delf",)
    )
    with pytest.raises(InputError, match="Delft"):
        build(tmp_path / "study", request)
    assert not (tmp_path / "study").exists()


def test_an_unpacked_gzip_gives_the_same_study(real_data: Callable[[str], Path], tmp_path: Path) -> None:
    packed = real_data("osm/nieuwegein_steekproef_1op10.osm.gz")
    plain = tmp_path / "plain.osm"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    areas = (real_data("cbs/wijken_2022.gpkg"), real_data("cbs/gemeenten_2022.gpkg"))
    studies = [
        build(tmp_path / name, Request(osm=osm, areas=areas, year=2022, municipalities=("Nieuwegein",)))
        for name, osm in (("one", packed), ("two", plain))
    ]
    assert studies[0].table("places").equals(studies[1].table("places"))


def _named_amenities(path: Path) -> set[str]:
    """By pyosmium alone: every element with an amenity and a name."""
    letters = {"n": "node", "w": "way", "r": "relation"}
    return {
        f"{letters[item.type_str()]}/{item.id}"
        for item in osmium.FileProcessor(str(path))
        if "amenity" in item.tags and "name" in item.tags
    }


def test_an_extract_of_another_town_is_an_error_and_not_a_town_without_places(real_data: Callable[[str], Path], tmp_path: Path) -> None:
    request = Request(
        osm=real_data("osm/delft_tudelft.osm.pbf"), areas=(real_data("cbs/gemeenten_2022.gpkg"),), year=2022, municipalities=("Groningen",)
    )
    with pytest.raises(InputError, match="Groningen") as caught:
        build(tmp_path / "study", request)
    assert caught.value.code == "build.elsewhere"
    assert not (tmp_path / "study").exists()


def test_an_element_without_a_shape_is_in_the_accounting(delft_study: Study) -> None:
    decisions = delft_study.table("decisions").set_index("source_id")
    assert tuple(decisions.loc["relation/2695263", ["tag", "outcome", "reason"]]) == ("amenity=university", "excluded", "osm.no_geometry")


def test_hours_that_nobody_can_read_are_reported_once_for_map_and_list_together(real_data: Callable[[str], Path], tmp_path: Path) -> None:
    rows = (
        "naam;soort;lon;lat;openingstijden",
        "Zaal Een;buurthuis;4.374;51.998;meestal open",
        "Zaal Twee;buurthuis;4.376;51.999;Mo 9:00-12:00",
    )
    (tmp_path / "zalen.csv").write_text("\n".join(rows), encoding="utf-8")
    request = Request(
        osm=real_data("osm/delft_tudelft.osm.pbf"),
        areas=(real_data("cbs/gemeenten_2022.gpkg"),),
        year=2022,
        municipalities=("Delft",),
        lists=((tmp_path / "zalen.csv", None),),
    )
    study = build(tmp_path / "study", request)
    notices = study.table("notices")
    told = notices[notices["code"].isin(["opening_hours.broken", "list.opening_hours"])]
    assert [(code, details["name"]) for code, details in zip(told["code"], told["details"], strict=True)] == [
        ("opening_hours.broken", "Zaal Een")
    ]
    places = study.table("places").set_index("name")
    assert places.loc["Zaal Een", "opening_hours"] == "meestal open"
