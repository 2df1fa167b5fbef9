# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a study says of reach: who was placed and why others were not, and bounds only where something is not known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
import pytest
import shapely

from knopenkaart.policy import Policy
from knopenkaart.study import Study
from knopenkaart.summary import FEW, summarise_reach
from knopenkaart.tables import AREAS, GAPS, RESIDENTS

LEVELS = {"GM1": "municipality", "GM2": "municipality", "WK1": "wijk", "WK2": "wijk", "BU1": "buurt"}


class Told:
    """A study with just what is summarised."""

    policy = Policy()

    def __init__(self, *, residents: Sequence[dict[str, Any]] = (), gaps: Sequence[dict[str, Any]] = ()) -> None:
        self.manifest = {"policy": asdict(self.policy)}
        self._tables = {"residents": RESIDENTS.frame(residents), "gaps": GAPS.frame(gaps)}

    def table(self, name: str) -> pd.DataFrame:
        if name == "areas":
            return AREAS.frame(
                {"code": code, "year": 2024, "level": level, "name": f"Name {code}", "source": "a", "geometry": shapely.box(4, 52, 5, 53)}
                for code, level in LEVELS.items()
            )
        return self._tables[name]


def resident(code: str = "GM1", people: float = 1000, *, basis: str = "published", group: str = "all", **unplaced: float) -> dict[str, Any]:
    parts = {name: unplaced.get(name, 0.0) for name in ("not_covered", "no_home", "no_street")}
    row = {"area_code": code, "level": LEVELS[code], "group": group, "basis": basis, "people": people, "low": people, "high": people}
    return row | parts | {"placed": people - sum(parts.values()), "homes": 1, "dwellings": 1.0}


def gap(code: str = "GM1", without: float = 250, **more: Any) -> dict[str, Any]:
    row = {"area_code": code, "mode": "walk", "group": "all", "what": "meet", "minutes": 10, "people": 1000.0, "without": without}
    return row | {"share": without / 1000, "basis": "estimated", "complete": True} | more


def sentences(*residents: dict[str, Any], gaps: Sequence[dict[str, Any]] = ()) -> list[str]:
    return list(summarise_reach(Told(residents=residents, gaps=gaps)).sentences)  # type: ignore[arg-type]


def rows(*gaps: dict[str, Any]) -> list[tuple[Any, ...]]:
    residents = [resident(code) for code in LEVELS]
    return list(summarise_reach(Told(residents=residents, gaps=gaps)).rows)  # type: ignore[arg-type]


# --- who was placed -----------------------------------------------------------------------------------------------------


def test_where_everybody_got_a_home_nothing_is_said_of_others() -> None:
    assert sentences(resident(people=25_004)) == ["All 25,000 residents got a home."]


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("not_covered", "300 live where the extract does not reach"),
        ("no_home", "300 live where nothing tells which homes there are"),
        ("no_street", "300 live too far from any street that can be walked"),
    ],
)
def test_where_some_did_not_it_says_how_many_and_why(why: str, told: str) -> None:
    unplaced: dict[str, Any] = {why: 300}
    assert sentences(resident(**unplaced)) == ["Of 1,000 residents 700 got a home.", f"The others are not counted below: {told}."]


def test_several_reasons_stand_together_each_with_its_people() -> None:
    [_, why] = sentences(resident(not_covered=300, no_street=20))
    assert why.endswith("300 live where the extract does not reach; 20 live too far from any street that can be walked.")


def test_municipalities_are_added_up_and_their_parts_are_not_counted_twice() -> None:
    told = sentences(
        resident("GM1", 1000), resident("GM2", 500, no_home=100), resident("WK1", 1000), resident("GM1", 400, group="age_0_14")
    )
    assert told[0] == "Of 1,500 residents 1,400 got a home."


def test_assumed_residents_are_called_so() -> None:
    assert sentences(resident("GM1"), resident("GM2", 500, basis="assumed")) == ["All 1,500 residents (assumed) got a home."]


def test_fewer_than_ten_are_never_told_and_never_called_none() -> None:
    assert sentences(resident(not_covered=996)) == [
        "Of 1,000 residents fewer than 10 got a home.",
        "The others are not counted below: 1,000 live where the extract does not reach.",
    ]
    assert (
        sentences(resident(no_street=3))[1]
        == "The others are not counted below: fewer than 10 live too far from any street that can be walked."
    )


def test_half_a_person_that_rounding_leaves_is_nobody() -> None:
    assert sentences(resident(no_street=0.49)) == ["All 1,000 residents got a home."]


def test_where_nobody_got_a_home_it_says_zero() -> None:
    assert sentences(resident(no_home=1000))[0] == "Of 1,000 residents 0 got a home."


def test_where_nothing_tells_how_many_people_live_it_says_so_and_no_number() -> None:
    [told] = sentences()
    assert told == "Nothing tells how many people live here: what is near is reckoned for homes, not for people."


# --- bounds -------------------------------------------------------------------------------------------------------------


def test_where_every_area_is_complete_nothing_is_called_a_bound() -> None:
    assert sentences(resident(), gaps=[gap(), gap("WK1")]) == ["All 1,000 residents got a home."]


def test_where_an_area_is_incomplete_its_numbers_are_at_most_so_many() -> None:
    told = sentences(resident(), resident("WK1"), resident("WK2"), gaps=[gap(), gap("WK1", complete=False), gap("WK2")])
    assert told[1:] == [
        "At most so many in Name WK1: the extract does not hold all the ground near, and there may be places that it lacks."
    ]


def test_an_incomplete_area_is_named_once_however_much_is_looked_for() -> None:
    told = sentences(resident(), gaps=[gap(complete=False), gap(complete=False, what="eat")])
    assert told[1].startswith("At most so many in Name GM1: ")


def test_of_many_incomplete_areas_a_few_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [f"WK1{number}" for number in range(FEW + 2)]
    monkeypatch.setattr(f"{__name__}.LEVELS", LEVELS | dict.fromkeys(codes, "wijk"))
    told = sentences(resident(), gaps=[gap(code, complete=False) for code in codes])[1]
    assert told.startswith(f"At most so many in {', '.join(f'Name {code}' for code in codes[:FEW])} and 2 more: ")


def test_what_is_not_in_the_table_makes_no_bound() -> None:
    others = [gap("BU1"), gap(mode="cycle"), gap(minutes=5), gap(minutes=15), gap(group="age_0_14")]
    told = sentences(resident(), resident("BU1"), gaps=[gap(), *(row | {"complete": False} for row in others)])
    assert told == ["All 1,000 residents got a home."]


# --- the table ----------------------------------------------------------------------------------------------------------


def test_a_row_per_municipality_and_wijk_with_what_is_looked_for_in_order() -> None:
    what = ["any", "meet", "third_living_room", "eat"]
    found = summarise_reach(
        Told(residents=[resident(code) for code in LEVELS], gaps=[gap(code, what=name) for code in ("GM1", "WK1", "BU1") for name in what])  # type: ignore[arg-type]
    )
    assert list(found.columns) == ["area", "name", "any", "meet", "eat"]
    assert [row[:2] for row in found.rows] == [("GM1", "Name GM1"), ("WK1", "Name WK1")]
    assert found.title == "Residents without one within 10 minutes on foot"


@pytest.mark.parametrize(
    ("without", "cell"),
    [(0, "0 (0%)"), (4, "< 10"), (250, "250 (25%)"), (254, "250 (25%)"), (996, "1,000"), (1000, "1,000 (100%)")],
)
def test_a_cell_tells_people_in_tens_and_their_share_unless_few_are_left(without: float, cell: str) -> None:
    assert rows(gap(without=without)) == [("GM1", "Name GM1", cell)]


def test_without_people_there_are_no_rows(hamlet_study: Study) -> None:
    assert rows() == []
    assert len(summarise_reach(hamlet_study).rows) == 3


def test_it_is_one_json_document(hamlet_study: Study) -> None:
    found = json.loads(json.dumps(summarise_reach(hamlet_study).as_json(), allow_nan=False))
    assert list(found) == ["sentences", "policy", "without"]
    assert found["sentences"] == ["All 600 residents got a home."]
    assert found["policy"]["near_min"] == 10
    assert [row["area"] for row in found["without"]] == ["GM9001", "WK900101", "WK900102"]


# --- real ---------------------------------------------------------------------------------------------------------------


def test_delft_of_which_a_part_is_in_the_extract_has_bounds_and_tells_where_the_others_live(delft_study: Study) -> None:
    placed, others, bound = summarise_reach(delft_study).sentences
    assert placed == "Of 104,570 residents 14,980 got a home."
    assert others == "The others are not counted below: 89,590 live where the extract does not reach."
    assert bound.startswith("At most so many in Delft, Wijk 11 Binnenstad, ")


def test_the_example_and_liechtenstein_which_are_whole_have_neither(example_study: Study, liechtenstein_study: Study) -> None:
    assert summarise_reach(example_study).sentences == ["All 25,000 residents got a home."]
    assert summarise_reach(liechtenstein_study).sentences == ["All 36,840 residents (assumed) got a home."]
