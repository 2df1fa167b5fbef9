# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The document of one round: what it tells, what it keeps, and that whoever knows all of it finds no small number."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from knopenkaart.privacy import THRESHOLD, Figures, Release
from knopenkaart.tables import CARDS, COUNTS
from knopenkaart.visitors import Asked, Made, reckon
from knopenkaart.visitors.answered import Answered, answered

AGES = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")
FIRST = date(2026, 3, 2)
PEOPLE: Mapping[str, Sequence[int]] = {"mo_morning": (20, 12, 30, 40, 60), "fr_evening": (5, 40, 45, 20, 3)}
POPULATION = dict.fromkeys(AGES, (500.0, 480.0, 520.0))


def counts(people: Mapping[str, Sequence[int]] = PEOPLE, *, how: str = "entering", weeks: int = 4) -> pd.DataFrame:
    return COUNTS.frame(
        {"place_id": "hall", "session": f"{week}{slot}", "date": FIRST + timedelta(days=7 * week), "slot": slot, "group": group}
        | {"people": number + week, "exposure": 1.0, "how": how}
        for week in range(weeks)
        for slot, row in people.items()
        for group, number in zip(AGES, row, strict=True)
    )


def cards(frequencies: Sequence[int | None], **answers: str) -> pd.DataFrame:
    rows = enumerate(frequencies)
    return CARDS.frame({"place_id": "hall", "card": str(i), "date": FIRST, "frequency": often, **answers} for i, often in rows)


def asked(**changed: Any) -> Asked:
    usual = {
        "place_id": "hall",
        "counts": counts(),
        "cards": cards([]),
        "slots": tuple(PEOPLE),
        "ages": AGES,
        "population": POPULATION,
        "origins": {},
        "secret": "a",
    }
    return Asked(**(usual | changed))


def most(figures: Figures, release: Release, cell: tuple[str, ...]) -> float:
    """What somebody finds as the most that a cell can be, who knows everything that is shown of one question."""
    leaves = sorted(figures.counts)
    made = figures.made_of
    target = np.array([-(leaf in made[cell]) for leaf in leaves], dtype=float)
    rows = np.array([[leaf in made[shown] for leaf in leaves] for shown in release.shown], dtype=float).reshape(-1, len(leaves))
    found = linprog(target, A_eq=rows if len(rows) else None, b_eq=list(release.shown.values()) or None, bounds=(0, 10_000))
    return float(-found.fun)


def safe(found: Answered) -> bool:
    return all(
        most(figures, found.releases[name], cell) >= THRESHOLD - 1e-6
        for name, figures in found.figures.items()
        for cell in figures.made_of
        if figures.value(cell) < THRESHOLD
    )


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([None, 1, 2, 3, 5, 8, 20]), max_size=120),
    st.lists(st.sampled_from(["yes", "no", "varies", None]), min_size=120, max_size=120),
)
def test_no_number_below_ten_follows_from_all_questions_together(often: list[int | None], regular: list[str | None]) -> None:
    table = cards(often)
    table["regular"] = pd.array(regular[: len(table)], dtype="string")
    found = answered(CARDS.check(table), ages=AGES, secret="s")
    assert found is not None
    # Every question tells of the same cards, so their total is told by all or by none.
    assert len({release.shown.get(("all",)) for release in found.releases.values()}) == 1
    assert safe(found)


def test_the_attack_finds_what_is_hidden_badly() -> None:
    found = answered(cards([1] * 40 + [12] * 20 + [None] * 4), ages=AGES, secret="s")
    assert found is not None
    figures = found.figures["frequency"]
    naive = Release(figures.dimensions, {cell: figures.value(cell) for cell in figures.made_of if not figures.small(cell)})
    assert not safe(Answered(found.figures, found.releases | {"frequency": naive}))


def test_regulars_are_told_only_where_every_class_is_shown() -> None:
    every = reckon(asked(cards=cards([1, 2, 4, 12, None] * 15)))
    assert every is not None
    told = every.document["regulars"]
    assert told["enough"]
    assert "n" not in told, "sixty of seventy-five: the others did not answer"
    assert told["of_visits"][0] == 0.5
    # Fifteen of each class: 1/4 + 1/12 of 1 + 1/2 + 1/4 + 1/12.
    assert told["of_visitors"][0] == 0.18
    hidden = reckon(asked(cards=cards([1] * 40 + [12] * 30)))
    assert hidden is not None
    assert (hidden.document["regulars"]["enough"], hidden.document["regulars"]["reason"]) == (False, "hidden")


def test_answers_that_nobody_gave_are_named_like_those_of_a_few_and_open_ones_only_where_shown() -> None:
    made = reckon(asked(cards=cards([1, 12] * 20, origin="2611", recognise="3_5")))
    assert made is not None
    questions = made.document["cards"]["questions"]
    assert {row["answer"] for row in questions["recognise"]} == {"0", "1_2", "3_5", "6_10", "11_20", "over_20"}
    few = reckon(asked(cards=CARDS.frame([*cards([1] * 30, origin="2611").to_dict("records"), *_one("2699")])))
    assert few is not None
    assert "2699" not in json.dumps(few.document)


def _one(origin: str) -> list[dict[str, Any]]:
    return [{"place_id": "hall", "card": "x", "date": FIRST, "frequency": 1, "origin": origin}]


def test_head_counts_of_people_present_are_no_visits() -> None:
    made = reckon(asked(counts=counts(how="present")))
    assert made is not None
    assert made.document["counting"]["how"] == "present"


def test_without_counts_and_cards_there_is_a_document_that_says_so() -> None:
    made = reckon(asked(counts=COUNTS.empty()))
    assert made is not None
    assert made.document["counting"]["week"] is None
    assert made.document["cards"]["cards"] is None
    assert not made.document["representation"]["enough"]
    assert made.counted is None


def test_a_look_inside_is_no_count_of_a_daypart() -> None:
    looked = counts()
    looked.loc[looked["session"] == "0mo_morning", "exposure"] = 0.01
    made, whole = reckon(asked(counts=COUNTS.check(looked))), reckon(asked())
    assert made is not None
    assert whole is not None
    assert made.document["counting"]["too_short"] == 1
    assert made.document["counting"]["week"]["value"] < 1.1 * whole.document["counting"]["week"]["value"]


def test_one_week_is_not_enough() -> None:
    made = reckon(asked(counts=counts(weeks=1)))
    assert made is not None
    week = made.document["counting"]["week"]
    assert (week["state"], week["value"], week["reason"]) == ("not_enough", None, "one_week")


def test_representation_follows_from_shown_groups_only() -> None:
    made = reckon(asked())
    assert made is not None
    shown = {row["group"]: row["value"] for row in made.document["counting"]["groups"] if row["state"] == "shown"}
    told = {row["group"]: row["share"] for row in made.document["representation"]["groups"]}
    assert told.keys() == shown.keys()
    total = sum(shown.values())
    assert told == pytest.approx({group: value / total for group, value in shown.items()}, abs=0.002)


def test_the_exact_figures_survive_being_stored_and_the_same_again_changes_nothing() -> None:
    made = reckon(asked())
    assert made is not None
    stored = Made.from_dict(json.loads(json.dumps(made.to_dict())))
    assert stored.counted == made.counted
    assert stored.answered == made.answered
    assert reckon(asked(), past=[stored]) is None


def test_a_correction_of_a_few_people_is_not_released_and_one_of_many_is() -> None:
    first = reckon(asked())
    assert first is not None
    few = PEOPLE | {"mo_morning": (20, 12, 30, 40, 63)}
    many = PEOPLE | {"mo_morning": (20, 12, 30, 40, 160)}
    assert reckon(asked(counts=counts(few)), past=[first]) is None
    later = reckon(asked(counts=counts(many)), past=[first])
    assert later is None or later.document["counting"]["week"]["value"] >= first.document["counting"]["week"]["value"] + THRESHOLD


def test_cards_that_came_in_late_are_not_released() -> None:
    first = reckon(asked(cards=cards([1, 12] * 20)))
    assert first is not None
    assert reckon(asked(cards=cards([1, 12] * 40)), past=[first]) is None
