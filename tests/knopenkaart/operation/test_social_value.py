# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The social value sheet: every line with its figure and its source, none in euros; and the room is light."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

from knopenkaart.operation import Board, Estimate, PlaceFacts, RoomHours, Sourced, exactly, operation_of, social_value
from knopenkaart.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
FACTS = PlaceFacts(
    "p",
    "living_room",
    date(2026, 6, 15),
    rooms=(RoomHours("p", "hall", "mo_morning", 4.0, 3.0), RoomHours("p", "hall", "tu_morning", 4.0)),
    board=Board(volunteer_hours=30.0),
    visits=Estimate(120.0, 90.0, 150.0),
    group_visits={"age_65_plus": 80.0, "age_45_64": 40.0, "age_0_14": None, "unknown": 50.0},
    regular_share=0.5,
    sources={"visits": "/ronde/3", "rooms": "/zalen"},
)


def test_each_line_has_its_figure_and_its_source() -> None:
    more = {"greet": Sourced(exactly(0.8), "/kaarten")}
    found = {item.line.id: item.found for item in social_value(FACTS, VOCABULARY, more)}
    assert found == {
        "visits": Sourced(Estimate(120.0, 90.0, 150.0), "/ronde/3"),
        "regulars": Sourced(exactly(0.5), "cards"),
        "recognise": None,
        "greet": Sourced(exactly(0.8), "/kaarten"),
        "nowhere_else": None,
        "age_groups": Sourced(exactly(2.0), "groups"),
        "used_hours": Sourced(exactly(3.0), "/zalen"),
        "free_hours": Sourced(exactly(1.0), "/zalen"),
        "volunteer_hours": Sourced(exactly(30.0), "board"),
        "in_reach": None,
    }


def test_without_facts_every_line_is_there_and_unknown() -> None:
    found = social_value(PlaceFacts("p", "hotspot", date(2026, 6, 15)), VOCABULARY)
    assert [item.line.id for item in found] == list(VOCABULARY.social)
    assert {item.found for item in found} == {None}


def test_nothing_is_turned_into_euros() -> None:
    assert "euro" not in {line.unit for line in VOCABULARY.social.values()}


def test_one_call_gives_all_of_a_place() -> None:
    found = operation_of(FACTS, VOCABULARY)
    assert found.use.whole.used == 3.0
    assert found.costs.year is None
    assert {item.id for item in found.warning.quiet} == {"few_hours_used_living_room", "few_regulars"}
    assert found.sheet == social_value(FACTS, VOCABULARY)


def test_a_page_view_can_afford_it() -> None:
    code = "import sys, knopenkaart.operation; print({'numpy', 'pandas', 'scipy', 'knopenkaart.tables'} & set(sys.modules) or 'light')"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": "src"}, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "light"
