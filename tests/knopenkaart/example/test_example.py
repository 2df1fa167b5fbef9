# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The invented municipality: what it promises is what a build finds."""

from __future__ import annotations

import hashlib
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from knopenkaart.example import ExampleFiles, write_example
from knopenkaart.study import Study
from knopenkaart.summary import summarise

ORIGINS = ["herkomst_nl", "herkomst_europa", "herkomst_buiten_europa"]
# Of the inner city, from before the file told of origin and households: inhabitants, youngest, oldest, dwellings.
OLDER = [2089, 255, 463, 954]


def test_it_has_25000_inhabitants_five_wijken_fourteen_buurten_and_112_places(example_study: Study) -> None:
    summary = summarise(example_study)
    assert summary.sentence == "In this municipality of 25,000 inhabitants we count 112 places with a social function."
    assert example_study.table("areas")["level"].value_counts().to_dict() == {"buurt": 14, "wijk": 5, "municipality": 1}


def test_it_is_marked_as_invented(example_study: Study) -> None:
    assert example_study.manifest["invented"] is True


def test_everything_in_it_is_covered(example_study: Study) -> None:
    coverage = example_study.table("coverage")
    assert set(coverage["status"]) == {"covered"}, coverage[["area_code", "status", "reason"]].to_string()


def test_the_same_seed_gives_the_same_files_and_another_seed_others(tmp_path: Path, example_files: ExampleFiles) -> None:
    again = write_example(tmp_path / "again", seed=2012)
    other = write_example(tmp_path / "other", seed=2013)
    assert _digest(again.osm) == _digest(example_files.osm)
    assert _digest(again.figures[0]) == _digest(example_files.figures[0])
    assert _digest(other.osm) != _digest(example_files.osm)


@pytest.mark.parametrize("seed", [1, 7])
def test_another_seed_is_a_municipality_of_the_same_size(seed: int, tmp_path: Path) -> None:
    files = write_example(tmp_path, seed=seed)
    figures = pd.read_csv(files.figures[0])
    assert figures.loc[figures["soort"] == "Gemeente", "inwoners"].item() == 25000


def test_figures_of_buurten_add_up_to_wijken_and_to_the_municipality(example_files: ExampleFiles) -> None:
    figures = pd.read_csv(example_files.figures[0])
    numbers = figures.drop(columns=["naam", "gemeente", "indelingswijziging"])
    buurten = numbers[numbers["soort"] == "Buurt"].assign(wijk=lambda rows: "WK" + rows["code"].str[2:8])
    added = ["inwoners", "l00_15", "woningvoorraad", *ORIGINS, "eenpersoonshuishoudens"]
    wijken = buurten.groupby("wijk")[added].sum()
    published = numbers[numbers["soort"] == "Wijk"].set_index("code")[added]
    assert wijken.to_dict() == published.to_dict()
    assert buurten[added].sum().to_dict() == numbers.loc[numbers["soort"] == "Gemeente", added].sum().to_dict()
    ages = ["l00_15", "l15_25", "l25_45", "l45_65", "l65_plus"]
    assert (figures[ages].sum(axis=1) == figures["inwoners"]).all()
    assert (figures[ORIGINS].sum(axis=1) == figures["inwoners"]).all()


def test_more_people_live_alone_and_come_from_elsewhere_in_the_inner_city(example_files: ExampleFiles) -> None:
    figures = pd.read_csv(example_files.figures[0])
    buurten = figures[figures["soort"] == "Buurt"].set_index("naam")
    for part, whole, least in (("herkomst_buiten_europa", "inwoners", 0.30), ("eenpersoonshuishoudens", "woningvoorraad", 0.45)):
        shares = buurten[part] / buurten[whole]
        assert shares.idxmax() == "Oude Stad"
        assert shares["Oude Stad"] > least > 1.2 * shares.drop("Oude Stad").max()
        assert shares.drop("Oude Stad").max() > 1.2 * shares.min(), "the other buurten differ too"


def test_its_groups_reach_the_residents(example_study: Study) -> None:
    residents = example_study.table("residents").set_index(["area_code", "group"])["people"]
    assert residents["GM9999", "all"] == pytest.approx(25000)
    for groups in (("origin_netherlands", "origin_europe", "origin_outside_europe"), ("living_alone", "living_together")):
        assert sum(residents["GM9999", group] for group in groups) == pytest.approx(25000)


def test_the_older_numbers_are_those_that_they_always_were(example_files: ExampleFiles) -> None:
    figures = pd.read_csv(example_files.figures[0]).set_index("code")
    assert figures.loc["BU99990101", ["inwoners", "l00_15", "l65_plus", "woningvoorraad"]].tolist() == OLDER


def test_its_wijken_fill_the_municipality_without_overlap(example_files: ExampleFiles) -> None:
    layers = {name: gpd.read_file(example_files.areas[0], layer=name) for name in ("gemeenten", "wijken", "buurten")}
    total = layers["gemeenten"].area.sum()
    assert layers["wijken"].area.sum() == pytest.approx(total, rel=1e-6)
    assert layers["buurten"].area.sum() == pytest.approx(total, rel=1e-6)


def test_its_list_has_faults_of_every_usual_sort(example_files: ExampleFiles, example_study: Study) -> None:
    rows = openpyxl.load_workbook(example_files.list).active.max_row - 1
    notices = example_study.table("notices")
    faults = set(notices.loc[notices["code"].str.startswith("list."), "code"])
    assert {"list.unknown_kind", "list.address_not_found", "list.missing_name", "list.postcode"} <= faults
    decisions = example_study.table("decisions")
    assert int(decisions["source"].str.startswith("list_").sum()) == rows


def test_the_list_confirms_places_of_the_extract_and_adds_its_own(example_study: Study) -> None:
    decisions = example_study.table("decisions")
    listed = decisions[decisions["source"].str.startswith("list_")]["outcome"].value_counts()
    assert listed["merged"] >= 10
    # Four places and two digital ones that stand only here, and three of which nobody knows yet whether they are new.
    assert listed["present"] == 9


def test_three_pairs_wait_for_a_human_and_change_no_count(example_study: Study) -> None:
    duplicates, places = example_study.table("duplicates"), example_study.table("places").set_index("id")
    waiting = duplicates[~duplicates["merged"]]
    assert len(waiting) == 3
    statuses = [{places.loc[pair.place_a, "status"], places.loc[pair.place_b, "status"]} for pair in waiting.itertuples()]
    assert all("open" in pair and len(pair) == 2 for pair in statuses)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
