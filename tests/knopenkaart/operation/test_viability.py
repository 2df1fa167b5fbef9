# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The early warning: every rule tried just below and just above its threshold, per archetype, with its words; what is not known is said."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.operation import (
    Board,
    Building,
    EarlyWarning,
    Estimate,
    Money,
    PlaceFacts,
    RoomHours,
    VisitMonth,
    early_warning,
    exactly,
)
from knopenkaart.operation.measures import MEASURED
from knopenkaart.vocabulary import LEVELS, MEASURES, load_vocabulary

VOCABULARY = load_vocabulary()
TODAY = date(2026, 6, 15)
FULL = {name: 1_000.0 for name, item in VOCABULARY.money.items() if item.expected}
ARCHETYPES = ("living_room", "village_square", "hotspot")


def money(year: int = 2025, **lines: float) -> tuple[Money, ...]:
    """Complete lines of a year: seven costs and four incomes of 1,000 euro, save what is named."""
    return tuple(Money("p", year, category, amount) for category, amount in (FULL | lines).items())


def room(used: float | None, slot: str = "mo_morning") -> RoomHours:
    return RoomHours("p", "hall", slot, 4.0, used)


def place(archetype: str, **known: Any) -> PlaceFacts:
    return PlaceFacts("p", archetype, TODAY, **known)


def raised(facts: PlaceFacts) -> set[str]:
    return {item.signal.id for item in early_warning(facts, VOCABULARY).raised}


def reasons(facts: PlaceFacts, signal: str) -> tuple[str, str]:
    [found] = [item for item in early_warning(facts, VOCABULARY).raised if item.signal.id == signal]
    return found.reason_nl, found.reason_en


def months(before: float | None, now: float | None, count: int = 12) -> tuple[VisitMonth, ...]:
    return tuple(VisitMonth(year, month, visits) for year, visits in ((2024, before), (2025, now)) for month in range(13 - count, 13))


def groups(old: float, young: float) -> dict[str, float | None]:
    return {"age_65_plus": old, "age_0_14": young}


def investment(covered: float) -> Building:
    return Building(investment_eur=90_000, covered_eur=covered)


LOSS = {"money": (*money(2025, rent=9_000.0), *money(2024, rent=9_000.0))}
AGEING = Board(ages="age_65_plus", successors=False)
UNPAID = {"money": money(staff=0.0)}
# Signal, archetype, facts with which it holds, facts with which it does not.
CASES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("few_hours_used", "village_square", {"rooms": (room(1.2),)}, {"rooms": (room(1.21),)}),
    ("few_hours_used", "hotspot", {"rooms": (room(0.0),)}, {"rooms": (room(4.0),)}),
    ("few_hours_used_living_room", "living_room", {"rooms": (room(0.6),)}, {"rooms": (room(0.61),)}),
    ("few_dayparts_used", "village_square", {"rooms": (room(4.0), room(0.0, "mo_evening"))}, {"rooms": (room(4.0),)}),
    ("one_group", "village_square", {"group_visits": groups(70.0, 30.0)}, {"group_visits": groups(69.0, 31.0)}),
    ("few_regulars", "living_room", {"regular_share": 0.2}, {"regular_share": 0.21}),
    ("visits_fall", "living_room", {"months": months(1000.0, 850.0)}, {"months": months(1000.0, 860.0)}),
    ("loss", "hotspot", LOSS, {"money": (*money(2025, rent=9_000.0), *money(2024, subsidy=9_000.0))}),
    ("loss", "village_square", LOSS, {"money": money(2025, subsidy=9_000.0)}),
    ("shortfall_living_room", "living_room", LOSS, {"money": (*money(2025, subsidy=9_000.0), *money(2024, rent=9_000.0))}),
    ("low_recovery", "hotspot", {"money": money(bar=2_200.0)}, {"money": money(bar=2_300.0)}),
    ("one_income", "village_square", {"money": money(subsidy=9_000.0)}, {"money": money(subsidy=8_900.0)}),
    ("subsidy_ends", "living_room", {"subsidy_until": date(2027, 7, 14)}, {"subsidy_until": date(2027, 7, 15)}),
    ("board_vacancies", "hotspot", {"board": Board(seats=6, vacant=2)}, {"board": Board(seats=7, vacant=2)}),
    ("no_succession", "living_room", {"board": AGEING}, {"board": replace(AGEING, successors=True)}),
    ("few_volunteer_hours", "living_room", {"board": Board(volunteer_hours=12)} | UNPAID, {"board": Board(volunteer_hours=13)} | UNPAID),
    ("building_condition", "village_square", {"building": Building(condition=4)}, {"building": Building(condition=3)}),
    ("postponed_maintenance", "hotspot", {"building": Building(postponed_eur=10_000)}, {"building": Building(postponed_eur=9_999)}),
    ("uncovered_investment", "hotspot", {"building": investment(80_000.0)}, {"building": investment(80_001.0)}),
    ("old_figures", "living_room", {"checked": date(2024, 12, 15)}, {"checked": date(2024, 12, 16)}),
]


@pytest.mark.parametrize(("signal", "archetype", "holds", "not_yet"), CASES, ids=[f"{case[0]}: {case[1]}" for case in CASES])
def test_a_rule_holds_from_its_threshold_on_and_not_before(
    signal: str, archetype: str, holds: dict[str, Any], not_yet: dict[str, Any]
) -> None:
    assert raised(place(archetype, **holds)) >= {signal}
    found = early_warning(place(archetype, **not_yet), VOCABULARY)
    assert signal in {item.id for item in found.quiet}, "known, and not so"


def test_every_rule_of_the_vocabulary_is_tried_here_and_every_measure_is_used() -> None:
    assert {case[0] for case in CASES} == set(VOCABULARY.signals)
    assert set(MEASURED) == set(MEASURES) == {signal.measure for signal in VOCABULARY.signals.values()}


@pytest.mark.parametrize("archetype", ARCHETYPES)
def test_without_facts_every_rule_of_the_archetype_is_unknown_and_none_is_raised(archetype: str) -> None:
    found = early_warning(place(archetype), VOCABULARY)
    assert found.raised == ()
    assert found.quiet == ()
    assert {item.signal.id for item in found.unknown} == {item.id for item in VOCABULARY.signals.values() if archetype in item.archetypes}
    assert all(item.missing for item in found.unknown)


def test_a_living_room_that_costs_money_is_fine_as_long_as_somebody_pays() -> None:
    """Costs of 12,000, of which it earns back nothing; a subsidy covers them."""
    lines = {"rent": 6_000.0, "room_hire": 0.0, "bar": 0.0, "contributions": 0.0, "subsidy": 12_000.0}
    facts = place("living_room", money=(*money(2025, **lines), *money(2024, **lines)))
    assert raised(facts) == set()
    assert {"low_recovery", "one_income"} <= raised(replace(facts, archetype="hotspot"))
    assert "low_recovery" not in {item.id for item in VOCABULARY.signals.values() if "living_room" in item.archetypes}


def test_a_reason_has_its_figures_filled_in_in_both_languages() -> None:
    facts = place("hotspot", **LOSS)
    assert reasons(facts, "loss") == (
        "De kosten zijn 2 jaar achter elkaar hoger dan alle inkomsten samen, met subsidie "
        "(2025: € 15.000 / € 4.000; 2024: € 15.000 / € 4.000).",
        "For 2 years in a row the costs are above all income together, subsidy included (2025: €15,000 / €4,000; 2024: €15,000 / €4,000).",
    )
    assert reasons(place("living_room", subsidy_until=date(2026, 12, 31)), "subsidy_ends") == (
        "De subsidie is toegezegd tot 31 december 2026: nog 6 maanden te gaan (grens: 12 maanden).",
        "The subsidy is promised until 31 December 2026: 6 months left (limit: 12 months).",
    )
    assert reasons(place("living_room", building=Building(condition=5)), "building_condition")[0] == (
        "De staat van het gebouw is slecht (score 5 van 6, NEN 2767; grens: 4)."
    )


def test_no_brace_is_left_in_any_reason() -> None:
    for signal, archetype, holds, _ in CASES:
        for text in reasons(place(archetype, **holds), signal):
            assert not re.search("[{}]", text), text
            assert "()" not in text, text


def test_the_figures_behind_a_reason_say_where_they_come_from() -> None:
    facts = place("village_square", rooms=(room(1.0), room(None, "mo_evening")), sources={"rooms": "/plek/p/zalen"})
    [found] = [item for item in early_warning(facts, VOCABULARY).raised if item.signal.id == "few_hours_used"]
    assert [(figure.name, figure.value, figure.source) for figure in found.figures] == [
        ("used_hours", 1.0, "/plek/p/zalen"),
        ("known_hours", 4.0, "/plek/p/zalen"),
    ]


def test_use_of_which_too_little_is_known_raises_nothing() -> None:
    few = (room(0.0), room(None, "mo_evening"), room(None, "tu_morning"))
    found = early_warning(place("village_square", rooms=few), VOCABULARY)
    assert {"few_hours_used", "few_dayparts_used"} <= {item.signal.id for item in found.unknown}


def unknown(found: EarlyWarning) -> dict[str, tuple[str, ...]]:
    return {item.signal.id: item.missing for item in found.unknown}


def test_money_that_is_not_complete_is_not_judged_and_what_is_missing_is_named() -> None:
    lines = tuple(line for line in money() if line.category not in ("energy", "bar"))
    found = unknown(early_warning(place("hotspot", money=lines), VOCABULARY))
    assert found["low_recovery"] == ("energy", "bar")
    assert found["one_income"] == ("bar",)
    assert found["loss"] == ("energy", "bar")


def test_costs_that_are_above_all_income_already_are_a_loss_whatever_is_missing_of_them() -> None:
    years = [line for year in (2025, 2024) for line in money(year, rent=9_000.0) if line.category != "energy"]
    assert "loss" in raised(place("hotspot", money=tuple(years)))


def test_one_year_of_loss_says_nothing_and_years_with_a_gap_are_not_in_a_row() -> None:
    assert unknown(early_warning(place("hotspot", money=money(2025, rent=9_000.0)), VOCABULARY))["loss"] == ("money",)
    gap = (*money(2025, rent=9_000.0), *money(2023, rent=9_000.0))
    assert unknown(early_warning(place("hotspot", money=gap), VOCABULARY))["loss"] == ("money",)


def test_a_year_that_is_not_over_is_not_judged() -> None:
    assert "money" in unknown(early_warning(place("hotspot", money=money(2026, rent=9_000.0)), VOCABULARY))["low_recovery"]


def not_applicable(facts: PlaceFacts) -> set[str]:
    return {item.id for item in early_warning(facts, VOCABULARY).not_applicable}


def test_a_question_that_does_not_arise_is_neither_raised_nor_unknown() -> None:
    assert "subsidy_ends" in not_applicable(place("hotspot", money=money(subsidy=0.0)))
    assert "few_volunteer_hours" in not_applicable(place("living_room", money=money(staff=1.0)))
    assert {"board_vacancies", "no_succession"} <= not_applicable(place("hotspot", board=Board(seats=0, vacant=0)))


def test_a_subsidy_that_has_ended_is_in_no_months() -> None:
    assert "nog 0 maanden" in reasons(place("hotspot", subsidy_until=TODAY - timedelta(days=400)), "subsidy_ends")[0]


def test_visits_are_compared_in_the_same_months_only() -> None:
    # Six months of 2025 at 800 against the same six of 2024 at 1,000; the other months of 2024 do not matter.
    found = (*months(1000.0, 800.0, count=6), *(VisitMonth(2024, month, 9000.0) for month in range(1, 7)))
    assert reasons(place("hotspot", months=found), "visits_fall")[0] == (
        "In het laatste jaar kwamen er 20% minder bezoeken dan in het jaar daarvoor (4.800 tegen 6.000 in 6 dezelfde maanden; grens: 15%)."
    )
    assert unknown(early_warning(place("hotspot", months=months(1000.0, 800.0, count=5)), VOCABULARY))["visits_fall"] == ("series",)
    assert unknown(early_warning(place("hotspot", months=months(None, 800.0)), VOCABULARY))["visits_fall"] == ("series",)


def test_groups_that_are_hidden_do_not_make_one_group_of_all_visits() -> None:
    shown = place("village_square", group_visits={"age_65_plus": 60.0, "age_0_14": None}, visits=Estimate(100.0, 80.0, 120.0))
    assert "one_group" not in raised(shown)
    assert "one_group" in raised(replace(shown, visits=exactly(80.0)))


def test_what_is_most_urgent_comes_first() -> None:
    facts = place("hotspot", checked=date(2020, 1, 1), subsidy_until=date(2026, 8, 1), building=Building(condition=6))
    assert [item.signal.id for item in early_warning(facts, VOCABULARY).raised] == ["subsidy_ends", "building_condition", "old_figures"]
    assert LEVELS == ("watch", "talk", "soon")


def test_a_municipality_sets_its_own_threshold_without_code(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[signals.few_hours_used]\nthreshold = 0.6\n", encoding="utf-8")
    facts = place("village_square", rooms=(room(2.0),))
    assert "few_hours_used" not in raised(facts)
    [found] = early_warning(facts, load_vocabulary(own)).raised
    assert found.reason_en == "Of the hours in which the rooms can be used, 50% is in use (limit: 60%)."


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


amounts = st.dictionaries(st.tuples(st.integers(2022, 2026), st.sampled_from(sorted(VOCABULARY.money))), st.floats(0, 1e6))
boards = st.builds(
    Board,
    seats=maybe(st.integers(0, 12)),
    vacant=maybe(st.integers(0, 12)),
    ages=maybe(st.sampled_from(sorted(VOCABULARY.groups))),
    successors=maybe(st.booleans()),
    volunteer_hours=maybe(st.floats(0, 500)),
)
buildings = st.builds(
    Building,
    m2=maybe(st.floats(1, 5000)),
    condition=maybe(st.integers(1, 6)),
    postponed_eur=maybe(st.floats(0, 1e6)),
    investment_eur=maybe(st.floats(0, 1e6)),
    covered_eur=maybe(st.floats(0, 1e6)),
)
days = maybe(st.dates(date(2020, 1, 1), date(2030, 1, 1)))


@given(
    st.sampled_from(ARCHETYPES),
    amounts,
    boards,
    buildings,
    st.lists(maybe(st.floats(0, 1e5)), max_size=40),
    st.dictionaries(st.sampled_from(["age_0_14", "age_65_plus", "unknown"]), maybe(st.floats(0, 1e4))),
    days,
    days,
)
def test_every_rule_of_the_archetype_ends_in_exactly_one_way(
    archetype: str,
    lines: dict[tuple[int, str], float],
    board: Board,
    building: Building,
    series: list[float | None],
    by_group: dict[str, float | None],
    until: date | None,
    checked: date | None,
) -> None:
    facts = place(
        archetype,
        money=tuple(Money("p", year, category, amount) for (year, category), amount in lines.items()),
        board=board,
        building=building,
        months=tuple(VisitMonth(2022 + number // 12, number % 12 + 1, visits) for number, visits in enumerate(series)),
        group_visits=by_group,
        subsidy_until=until,
        checked=checked,
    )
    found = early_warning(facts, VOCABULARY)
    told = [item.signal.id for item in found.raised]
    told += [item.id for item in (*found.quiet, *found.not_applicable)]
    told += [item.signal.id for item in found.unknown]
    assert sorted(told) == sorted(item.id for item in VOCABULARY.signals.values() if archetype in item.archetypes)
    levels = [LEVELS.index(item.signal.level) for item in found.raised]
    assert levels == sorted(levels, reverse=True)
    assert all(item.figures for item in found.raised)
