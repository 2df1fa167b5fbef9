# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the example knows of living conditions: it adds up, an older division is bridged, and the mean hides what a group lives with."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from knopenkaart.example import ExampleFiles, write_example
from knopenkaart.monitoring import Monitor, MonitorRequest, make_monitor
from knopenkaart.vocabulary.catalogue import load_catalogue

GROUP, WIJK, TOWN = "origin_outside_europe", "WK999902", "GM9999"


@pytest.fixture(scope="session")
def monitor(example_files: ExampleFiles) -> Monitor:
    """The monitor of the example, with its own tables."""
    files = example_files.monitor
    request = MonitorRequest(
        figures=(*example_files.figures, *files.figures),
        areas=(*example_files.areas, *files.areas),
        addresses=(files.dwellings,),
        own=files.own,
        invented=True,
    )
    return make_monitor(request)


def value(monitor: Monitor, area: str, indicator: str, group: str = "all", year: int = 2025) -> float:
    rows = monitor.figures
    found = rows[(rows["area_code"] == area) & (rows["indicator"] == indicator) & (rows["group"] == group) & (rows["year"] == year)]
    return float(found["value"].item())


def test_the_same_seed_gives_the_same_files(tmp_path: Path, example_files: ExampleFiles) -> None:
    again = write_example(tmp_path, seed=2012).monitor
    for old, new in zip((*example_files.monitor.figures, example_files.monitor.dwellings), (*again.figures, again.dwellings), strict=True):
        assert old.read_bytes() == new.read_bytes()
    assert pd.read_excel(example_files.monitor.own[0][0]).equals(pd.read_excel(again.own[0][0]))


def test_every_source_says_that_it_is_invented_and_under_which_licence(monitor: Monitor) -> None:
    assert monitor.sources["title"].str.endswith("(verzonnen)").all()
    assert monitor.sources["licence"].eq("CC0-1.0").all()
    assert monitor.sources["url"].isna().all(), "nobody outside has a page of it"


def test_every_earlier_year_adds_up(example_files: ExampleFiles) -> None:
    for path in example_files.monitor.figures[:4]:
        figures = pd.read_csv(path)
        numbers = figures.select_dtypes("number").drop(columns="indelingswijziging")
        whole, wijken, buurten = (numbers[figures["soort"] == level].sum() for level in ("Gemeente", "Wijk", "Buurt"))
        assert whole.equals(wijken)
        assert whole.equals(buurten)
        ages = ["l00_15", "l15_25", "l25_45", "l45_65", "l65_plus"]
        origins = ["herkomst_nl", "herkomst_europa", "herkomst_buiten_europa"]
        assert (figures[ages].sum(axis=1) == figures["inwoners"]).all()
        assert (figures[origins].sum(axis=1) == figures["inwoners"]).all()


def test_the_older_division_fills_the_same_ground(example_files: ExampleFiles) -> None:
    old, new = (gpd.read_file(example_files.monitor.areas[number], layer="buurten") for number in (0, 3))
    assert old.area.sum() == pytest.approx(new.area.sum(), rel=1e-6)
    assert old.union_all().symmetric_difference(new.union_all()).area < 50, "lines are kept to a centimetre"
    moved = new.set_index("buurtnaam").area - old.set_index("buurtnaam").area
    assert set(moved[moved.abs() > 1].index) == {"Hoge Akkers", "Lage Akkers"}


def test_redrawn_and_recoded_buurten_are_bridged(monitor: Monitor) -> None:
    links = monitor.links[(monitor.links["from_year"] == 2022) & (monitor.links["to_year"] == 2025)].set_index("code")
    assert links.loc["BU99990501", "parts"] == {"BU99990601": 1.0}
    assert set(links.loc[["BU99990301", "BU99990302"], "verdict"]) == {"bridged"}
    shares = links.loc["BU99990302", "parts"]
    assert shares["BU99990302"] == 1.0
    assert 0.05 < shares["BU99990301"] < 0.4, "a strip of Lage Akkers became part of Hoge Akkers"
    assert links.loc["BU99990101", "verdict"] == "same"


def test_every_column_is_known_and_every_theme_but_meeting_has_figures(monitor: Monitor, example_files: ExampleFiles) -> None:
    columns = set(pd.read_csv(example_files.monitor.figures[-1]).columns) - {"code", "naam", "gemeente", "soort"}
    rows = monitor.figures[monitor.figures["source"] == "figures_waterlinde_leefsituatie_2025"]
    assert rows["indicator"].nunique() == len(columns)
    known = load_catalogue().indicators
    themes = {known[name].theme for name in monitor.figures["indicator"].unique() if name in known}
    assert themes == {"population", "housing", "education", "income", "safety", "care"}


def test_the_mean_of_the_municipality_hides_what_a_group_in_a_wijk_lives_with(monitor: Monitor) -> None:
    assert value(monitor, TOWN, "own_unemployment") == pytest.approx(5, abs=0.5)
    assert 30 <= value(monitor, WIJK, "own_unemployment", GROUP) <= 40


def test_its_own_tables_have_no_faults_and_small_numbers_to_hide(monitor: Monitor) -> None:
    assert not monitor.notices["code"].eq("monitor.own_faults").any()
    hidden = monitor.figures[monitor.figures["reason"] == "hidden"]
    assert len(hidden) > 20
    assert hidden[["value", "n", "low", "high"]].isna().all(axis=None)
    assert {item["nature"] for item in monitor.indicators} == {"own", "survey"}
