# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Costs and income, conditions, rules of the early warning and lines of social value: whole in the package, checked in an own file."""

from __future__ import annotations

from pathlib import Path

import pytest

from knopenkaart.errors import InputError
from knopenkaart.vocabulary import LEVELS, MEASURES, load_vocabulary
from knopenkaart.vocabulary.operation import DIRECTIONS, UNITS

VOCABULARY = load_vocabulary()


def test_costs_and_income_are_told_apart_and_volunteers_are_no_euros() -> None:
    by = {direction: [item.id for item in VOCABULARY.money.values() if item.direction == direction] for direction in DIRECTIONS}
    assert by["cost"] == ["rent", "energy", "maintenance", "staff", "cleaning", "insurance", "programme", "other_costs"]
    assert by["income"] == ["room_hire", "bar", "contributions", "subsidy", "gifts", "other_income"]
    assert by["in_kind"] == ["free_rent"]
    assert {item.id for item in VOCABULARY.money.values() if item.own} <= set(by["income"]) - {"subsidy", "gifts"}
    assert not any("volunteer" in item.id for item in VOCABULARY.money.values())


def test_the_six_scores_of_a_building_are_all_there_in_order() -> None:
    assert [item.score for item in VOCABULARY.conditions.values()] == [1, 2, 3, 4, 5, 6]


def test_no_rule_judges_a_living_room_on_what_it_earns_back() -> None:
    assert {item.measure for item in VOCABULARY.signals.values() if "living_room" in item.archetypes}.isdisjoint(
        {"recovery_share", "largest_income_share"}
    )
    assert VOCABULARY.signals["low_recovery"].archetypes == ("hotspot",)


def test_every_archetype_has_rules_of_its_own() -> None:
    for archetype in VOCABULARY.archetypes:
        others = [other for other in VOCABULARY.archetypes if other != archetype]
        own = [item for item in VOCABULARY.signals.values() if archetype in item.archetypes]
        assert any(not set(others) <= set(item.archetypes) for item in own), archetype


def test_every_rule_says_where_its_threshold_comes_from_and_what_to_talk_about() -> None:
    for item in VOCABULARY.signals.values():
        assert item.level in LEVELS
        assert item.talk_nl.endswith(("?", "."))
        assert item.talk_en.endswith(("?", "."))
        assert ("Aanname" in item.source_nl or "aanname" in item.source_nl) == ("ssumption" in item.source_en), item.id
        braces_nl, braces_en = (
            {name for name in ("{value}", "{threshold}", "{subject}") if name in text} for text in (item.reason_nl, item.reason_en)
        )
        assert braces_nl == braces_en, item.id


def test_measures_have_a_unit_that_can_be_said() -> None:
    assert set(MEASURES.values()) <= set(UNITS)
    assert {line.unit for line in VOCABULARY.social.values()} <= set(UNITS)


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ('[money.rent]\ndirection = "expense"', "vocabulary.word_unknown", "money.rent.direction"),
        ("[money.rent]\nexpected = 1", "vocabulary.field", "money.rent.expected"),
        ("[conditions.good]\nscore = 7", "vocabulary.condition", "conditions.good.score"),
        ("[conditions.good]\nscore = 3", "vocabulary.condition", "conditions.fair.score"),
        ('[signals.loss]\narchetypes = ["square"]', "vocabulary.reference", "signals.loss.archetypes"),
        ('[signals.loss]\nmeasure = "mood"', "vocabulary.word_unknown", "signals.loss.measure"),
        ('[signals.loss]\ncompare = "above"', "vocabulary.word_unknown", "signals.loss.compare"),
        ('[signals.loss]\nlevel = "red"', "vocabulary.word_unknown", "signals.loss.level"),
        ("[signals.loss]\nthreshold = -1", "vocabulary.field", "signals.loss.threshold"),
        ('[signals.loss]\nreason_nl = "{amount} te weinig"', "vocabulary.placeholder", "signals.loss.reason_nl"),
        ('[signals.loss]\nreason_en = "too little {"', "vocabulary.placeholder", "signals.loss.reason_en"),
        ('[social.visits]\nunit = "smiles"', "vocabulary.word_unknown", "social.visits.unit"),
    ],
)
def test_one_fault_of_an_own_file_is_told_with_its_place(tmp_path: Path, text: str, code: str, column: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_vocabulary(own)
    assert [(fault.code, fault.column) for fault in caught.value.faults] == [(code, column)]


def test_an_own_file_adds_a_cost_and_a_rule(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    rule = "\n".join(
        f'{name} = "x"' for name in ("reason_nl", "reason_en", "talk_nl", "talk_en", "needs_nl", "needs_en", "source_nl", "source_en")
    )
    own.write_text(
        '[money.ict]\nnl = "ict"\nen = "ict"\ndirection = "cost"\nexplanation_nl = "x"\nexplanation_en = "x"\n'
        '[signals.cold]\nnl = "koud"\nen = "cold"\narchetypes = ["living_room"]\nmeasure = "condition_score"\ncompare = "at_least"\n'
        f'threshold = 6\nlevel = "soon"\n{rule}\n',
        encoding="utf-8",
    )
    changed = load_vocabulary(own)
    assert changed.money["ict"].direction == "cost"
    assert changed.signals["cold"].threshold == 6
