# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A study without streets, homes, places or figures has every table of reach, empty or unknown, and says what is the matter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from knopenkaart import lookup, reach
from knopenkaart.errors import InputError
from knopenkaart.export import export_table, write_reach
from knopenkaart.publish.exported import TABLES
from knopenkaart.study import Study, build, keep, recount
from knopenkaart.summary import summarise_reach
from knopenkaart.tables import ALL

from .hamlet import Hamlet

Without = Callable[[str], Study]
# What the extract has otherwise. Without addresses people are taken to live along streets, but not along footpaths.
LACKING: dict[str, dict[str, Any]] = {
    "streets": {"streets": None},
    "homes": {"homes": (), "streets": "footway"},
    "places": {"places": False},
    "streets and homes": {"streets": None, "homes": ()},
    "homes and places": {"homes": (), "streets": "footway", "places": False},
}


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Without:
    """The hamlet that lacks something, built when it is first asked for."""
    built: dict[str, Study] = {}

    def find(what: str) -> Study:
        if what not in built:
            folder = tmp_path_factory.mktemp("without")
            hamlet = Hamlet(folder / "files")
            request = hamlet.request(figures=()) if what == "figures" else hamlet.request(osm=hamlet.osm(**LACKING[what]))
            built[what] = build(folder / "study", request)
        return built[what]

    return find


def residents(study: Study) -> pd.DataFrame:
    table = study.table("residents")
    return table[table["group"] == "all"].set_index("area_code")


def unplaced(study: Study) -> dict[str, float]:
    """Where the 600 residents of the hamlet are."""
    row: Any = residents(study).loc["GM9001"]
    assert float(row["people"]) == 600
    return {name: round(float(row[name])) for name in ("placed", "not_covered", "no_home", "no_street")}


@pytest.mark.parametrize("what", [*LACKING, "figures"])
def test_every_table_is_there_and_keeps_its_rules(what: str, without: Without) -> None:
    study = without(what)
    assert study.stored.verify() == []
    for table in (*reach.TABLES, *(ALL[name] for name in reach.GROUND)):
        assert list(study.table(table.name).columns) == list(table.columns)


@pytest.mark.parametrize("what", [*LACKING, "figures"])
def test_it_can_be_reckoned_again_exported_and_looked_up(what: str, without: Without, tmp_path: Path) -> None:
    study = recount(without(what))
    for table in TABLES:
        assert export_table(study, table, "csv", tmp_path / f"{table}.csv") == len(study.table(table))
    assert len(write_reach(study, tmp_path / "reach")) == 10
    lookup.write_lookup(tmp_path / "reach.sqlite", study)
    assert (tmp_path / "reach.sqlite").stat().st_size > 0


def test_an_empty_table_is_an_empty_file_in_every_format(without: Without, tmp_path: Path) -> None:
    study = without("places")
    for table in ("reach_places", "overlaps", "isochrones", "place_slots", "competition"):
        assert len(study.table(table)) == 0
        for to in ("geojson", "csv", "gpkg"):
            assert export_table(study, table, to, tmp_path / f"{table}.{to}") == 0
        header = (tmp_path / f"{table}.csv").read_text(encoding="utf-8").splitlines()
        assert header == [",".join(name for name, column in ALL[table].columns.items() if column.kind != "geometry")]


# --- streets ------------------------------------------------------------------------------------------------------------


def test_without_streets_nobody_is_placed_and_it_says_why(without: Without) -> None:
    study = without("streets")
    assert len(study.table("edges")) == 0
    assert unplaced(study) == {"placed": 0, "not_covered": 0, "no_home": 0, "no_street": 600}
    assert summarise_reach(study).sentences == [
        "Of 600 residents 0 got a home.",
        "The others are not counted below: 600 live too far from any street that can be walked.",
    ]


def test_without_streets_the_homes_are_known_and_nothing_is_near_them(without: Without) -> None:
    study = without("streets")
    homes = study.table("homes")
    assert len(homes) == 15
    assert homes[["walk_edge", "cycle_edge"]].isna().all(axis=None)
    assert len(study.table("reach_homes")) == len(study.table("reach_counts")) == 0


def test_without_streets_a_place_has_nobody_in_reach_and_does_not_call_that_complete(without: Without) -> None:
    study = without("streets")
    table = study.table("reach_places")
    assert len(table) > 0
    assert (table["people"] == 0).all()
    assert not table["complete"].any()
    assert study.table("isochrones").geometry.is_empty.all()


def test_of_nobody_there_is_no_share_and_no_time(without: Without) -> None:
    study = without("streets")
    gaps, areas, opened = (study.table(name) for name in ("gaps", "reach_areas", "reach_open"))
    assert len(gaps) > 0
    assert (gaps["people"] == 0).all()
    assert gaps["share"].isna().all()
    assert areas[["p10", "p50", "p90"]].isna().all(axis=None)
    assert opened[["share", "share_most"]].isna().all(axis=None)


# --- homes --------------------------------------------------------------------------------------------------------------


def test_without_homes_nobody_is_placed_and_it_says_why(without: Without) -> None:
    study = without("homes")
    assert len(study.table("homes")) == 0
    told = unplaced(study)
    assert (told["placed"], told["no_street"]) == (0, 0)
    assert told["not_covered"] + told["no_home"] == 600
    placed, others = summarise_reach(study).sentences
    assert placed == "Of 600 residents 0 got a home."
    assert "live where the extract does not reach" in others
    assert "live where nothing tells which homes there are" in others


def test_without_homes_the_tables_of_homes_and_of_areas_are_empty_and_places_have_nobody(without: Without) -> None:
    study = without("homes")
    for name in ("reach_homes", "reach_counts", "reach_areas", "gaps", "supply", "reach_open", "overlaps"):
        assert len(study.table(name)) == 0, name
    assert (study.table("reach_places")["people"] == 0).all()
    assert (study.table("competition")[["people", "people_weighted", "people_divided"]] == 0).all(axis=None)
    isochrones = study.table("isochrones")
    assert (isochrones.geometry.is_empty == (isochrones["mode"] == "cycle")).all(), "one can walk there all the same, on a footpath"


def test_an_extract_that_has_places_only_covers_nothing(without: Without) -> None:
    study = without("streets and homes")
    assert unplaced(study) == {"placed": 0, "not_covered": 600, "no_home": 0, "no_street": 0}
    assert set(study.table("coverage")["status"]) == {"unknown"}


# --- places -------------------------------------------------------------------------------------------------------------


def test_without_places_everybody_is_placed_and_lacks_everything(without: Without) -> None:
    study = without("places")
    assert unplaced(study)["placed"] == 600
    gaps = study.table("gaps")
    assert len(gaps) > 0
    assert (gaps["without"] == gaps["people"]).all()
    assert (gaps["share"] == 1).all()
    assert (study.table("reach_counts")[["nodes", "functions"]] == 0).all(axis=None)
    assert len(study.table("reach_homes")) == 0
    town = summarise_reach(study).rows[0]
    assert set(town[2:]) == {"600 (100%)"}


def test_without_places_nothing_is_open_and_nobody_is_supplied(without: Without) -> None:
    study = without("places")
    opened, supply = study.table("reach_open"), study.table("supply")
    assert (opened[["reached", "reached_most", "share", "share_most"]] == 0).all(axis=None)
    assert (supply[["per_1000", "per_1000_weighted"]] == 0).all(axis=None)


# --- figures ------------------------------------------------------------------------------------------------------------


def test_without_figures_it_is_told_that_nobody_knows_how_many_people_live_there(without: Without) -> None:
    study = without("figures")
    assert len(study.table("residents")) == 0
    notices = study.table("notices")
    assert notices["code"].tolist() == ["residents.unknown"]
    assert "how many people live in Gehucht (GM9001)" in notices["message"][0]
    assert summarise_reach(study).sentences == [
        "Nothing tells how many people live here: what is near is reckoned for homes, not for people."
    ]
    for name in ("reach_areas", "gaps", "supply", "reach_open"):
        assert len(study.table(name)) == 0, name


def test_without_figures_every_home_still_has_what_is_near_it(without: Without, hamlet_study: Study) -> None:
    study = without("figures")
    assert len(study.table("homes")) == 15
    key = ["mode", "what", "place_id", "minutes"]
    near, known = (
        of.table("reach_homes").merge(of.table("homes")[["home", "lon", "lat"]], on="home").round(4)[["lon", "lat", *key]]
        for of in (study, hamlet_study)
    )
    assert len(near) > 100
    assert sorted(map(tuple, near.to_numpy())) == sorted(map(tuple, known.to_numpy()))
    assert len(study.table("reach_counts")) == len(hamlet_study.table("reach_counts")) == 15 * 2 * 3


# --- nothing ------------------------------------------------------------------------------------------------------------


def test_an_extract_with_nothing_of_the_town_is_refused(hamlet: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        build(tmp_path / "study", hamlet.request(osm=hamlet.osm(streets=None, homes=(), places=False)))
    assert caught.value.code == "build.elsewhere"
    assert caught.value.message == "gehucht.osm holds nothing of Gehucht."
    assert not (tmp_path / "study").exists()


def test_a_study_that_lacks_places_gets_them_by_a_correction(without: Without, hamlet_study: Study, tmp_path: Path) -> None:
    """What people added on the web, in a town of which nobody had mapped anything."""
    study = recount(without("places"), places=hamlet_study.table("places"))
    own, expected = (of.table("reach_places").sort_values(["place_id", "mode", "minutes", "group"]) for of in (study, hamlet_study))
    assert own["people"].astype(float).tolist() == pytest.approx(expected["people"].astype(float).tolist(), abs=1e-6)
    with pytest.raises(ValueError, match="corrected places"):
        keep(study)
