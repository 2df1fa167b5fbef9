# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Without a figure the number at the settlement is assumed, and nothing counts twice."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.population.assumed import assumed_people, whole_number
from knopenkaart.tables import AREAS, FIGURES, POINTS

ESCHEN = {"place": "village", "name": "Eschen", "population": "4284"}
NENDELN = {"place": "village", "name": "Nendeln", "population": "1357"}


def told(town: Any, *settlements: dict[str, str], name: str = "Eschen", **given: Any) -> tuple[Any, pd.DataFrame]:
    areas = AREAS.check(town.areas(town.gm).assign(name=name))
    figures = given.get("figures", FIGURES.empty())
    points = given.get("points", town.settlements(*settlements))
    found, notices = assumed_people(areas, figures, points=points, source="osm")
    return found.get(town.gm), notices


def test_the_settlement_with_the_name_of_the_municipality_includes_the_others(town: Any) -> None:
    found, notices = told(town, NENDELN, ESCHEN)
    assert (found.people, found.settlements, found.source, found.year) == (4284, ("Eschen",), "osm", None)
    assert notices["code"].tolist() == ["residents.assumed"]
    assert notices["details"][0]["people"] == 4284
    assert "Eschen" in notices["message"][0]


def test_without_such_a_settlement_towns_and_villages_are_added_up(town: Any) -> None:
    hamlet = {"place": "hamlet", "name": "Steg", "population": "50"}
    suburb = {"place": "suburb", "name": "Noord", "population": "900"}
    found, _ = told(town, ESCHEN, NENDELN, hamlet, suburb, name="Unterland")
    assert (found.people, set(found.settlements)) == (5641, {"Eschen", "Nendeln"})


def test_a_village_without_a_number_is_named(town: Any) -> None:
    found, notices = told(town, ESCHEN, {"place": "village", "name": "Bendern"}, name="Unterland")
    assert (found.people, found.without) == (4284, ("Bendern",))
    assert "Bendern" in notices["message"][0]


def test_a_town_without_a_number_is_not_replaced_by_its_villages(town: Any) -> None:
    found, notices = told(town, {"place": "town", "name": "Eschen"}, NENDELN)
    assert found is None
    assert notices["code"].tolist() == ["residents.unknown"]


def test_a_name_counts_whatever_its_accents_and_case(town: Any) -> None:
    assert told(town, ESCHEN | {"name": "ESCHÉN"})[0].people == 4284


def test_one_town_drawn_twice_counts_once(town: Any) -> None:
    assert told(town, ESCHEN, ESCHEN | {"population": "4300"})[0].people == 4300


def test_a_settlement_elsewhere_says_nothing_here(town: Any) -> None:
    assert told(town, points=town.settlements(ESCHEN, at=(5000, 500)))[0] is None


def test_a_door_or_a_gate_is_no_settlement(town: Any) -> None:
    points = town.settlements(ESCHEN)
    assert told(town, points=POINTS.check(points.assign(role="entrance")))[0] is None


def test_a_published_figure_comes_first_at_any_level(town: Any) -> None:
    found, notices = assumed_people(
        AREAS.check(town.areas().assign(name="Eschen")),
        town.figures(population={town.south: 100.0}),
        points=town.settlements(ESCHEN),
        source="osm",
    )
    assert not found
    assert len(notices) == 0


def test_a_figure_that_is_not_joined_does_not(town: Any) -> None:
    figures = town.figures(population={town.gm: 100.0})
    assert told(town, ESCHEN, figures=FIGURES.check(figures.assign(joined=False)))[0].people == 4284


def test_the_year_is_that_of_the_number(town: Any) -> None:
    assert told(town, ESCHEN | {"population:date": "2015-12-31"})[0].year == 2015
    mixed = told(town, ESCHEN | {"population:date": "2015"}, NENDELN | {"population:date": "2016"}, name="Unterland")
    assert mixed[0].year is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4284", 4284),
        ("4.284", 4284),
        ("4 284", 4284),
        (" 1,234,567 ", 1234567),
        ("1'357", 1357),
        ("0", 0),
        ("about 4000", None),
        ("~4000", None),
        ("4000+", None),
        ("4.28", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_only_a_plain_number_is_one(text: str | None, number: int | None) -> None:
    assert whole_number(text) == number


def test_a_number_that_is_none_or_zero_leaves_the_municipality_unknown(town: Any) -> None:
    for written in ("many", "0", "~5000"):
        assert told(town, ESCHEN | {"population": written})[0] is None


@given(st.integers(0, 10**9))
def test_any_number_reads_the_same_with_and_without_points(number: int) -> None:
    assert whole_number(str(number)) == whole_number(f"{number:,}") == whole_number(f"{number:,}".replace(",", ".")) == number
