# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Groups and places are joined by four plain questions, each with its evidence, and never by one score."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.monitor.estimates import Estimate, difference, exceeds
from knopenkaart.monitor.gap import FLAGS, STATES, Condition, GroupRow, Joint, joints

from .invented import plain, share

NOBODY_KNOWS = plain(None, None, None)


def people(count: float | None) -> Estimate:
    return Estimate(count, count, count, "count", "rounding", "register", 2024, "cbs", None)


def row(
    code: str = "WK1",
    *,
    group: str = "living_alone",
    count: float | None = 400,
    mine: Estimate | None = None,
    elsewhere: Estimate | None = None,
) -> GroupRow:
    return GroupRow(code, code, group, people(count), mine or share(20, 2000), elsewhere or share(20, 40000), inside=0.05)


def condition(mine: Estimate, theirs: Estimate, tone: str) -> Condition:
    return Condition("poor", mine, theirs, difference(mine, theirs), tone)


def states(found: Joint) -> dict[str, str]:
    return {item.flag: item.state for item in found.flags}


def one(made: GroupRow) -> Joint:
    found = joints([made])
    assert len(found) == 1
    return found[0]


def test_of_what_is_not_known_nothing_is_said() -> None:
    found = one(replace(row(), unreached_reason="no_reach", representation_reason="not_counted", conditions_reason="not_by_group"))
    assert states(found) == {"large": "no", "badly_off": "unknown", "cannot_reach": "unknown", "does_not_come": "unknown"}
    assert found.unknown == ("badly_off", "cannot_reach", "does_not_come")
    assert [found.flag(name).reason for name in FLAGS] == ["", "not_by_group", "no_reach", "not_counted"]


def test_a_group_is_large_by_number_and_by_share() -> None:
    assert states(one(row(mine=share(30, 2000))))["large"] == "sure"
    assert states(one(row(mine=share(30, 2000), count=95)))["large"] == "no"
    assert states(one(row(mine=share(24, 2000))))["large"] == "no", "less than a quarter more"


def test_large_is_sure_when_the_whole_margin_is_beyond_a_quarter_more() -> None:
    """26.5 % of 2,000 is surely above 20 %, and not surely above 25 %: 1.5 points more with a margin of 1.9."""
    near = one(row(mine=share(26.5, 2000))).flag("large")
    assert near.difference is not None
    assert near.difference.verdict == "higher"
    assert near.state == "maybe"
    assert states(one(row(mine=share(26.5, 20000))))["large"] == "sure"


def test_a_number_of_people_that_may_be_rounded_up_to_a_hundred_is_no_sure_sign() -> None:
    rounded = replace(row(mine=share(30, 2000)), people=replace(people(100), low=97.5, high=102.5))
    assert states(one(rounded))["large"] == "maybe"


def test_a_wijk_that_is_most_of_its_municipality_cannot_be_a_quarter_above_it() -> None:
    """Nine tenths of the people live here: whatever the others are, the share here is at most 1.11 times that of all."""
    assert not exceeds(share(50, 9000), share(45.1, 10000), times=1.25, inside=0.9)
    assert exceeds(share(50, 9000), share(45.1, 10000), times=1.05, inside=0.9)


def test_more_than_once_something_is_plainly_higher() -> None:
    for mine, theirs, inside in ((24, 20, None), (22, 20, None), (24, 20, 0.1), (21, 20, 0.3)):
        apart = difference(share(mine, 1000), share(theirs, 9000), inside=inside)
        assert exceeds(share(mine, 1000), share(theirs, 9000), times=1.0, inside=inside) == (apart.verdict == "higher")


def test_what_has_no_margin_or_is_of_another_kind_exceeds_nothing() -> None:
    assert not exceeds(plain(40, None, None), plain(10, 9, 11), times=1.25)
    assert not exceeds(replace(share(40, 900), nature="own"), share(10, 9000), times=1.25)


def test_among_many_conditions_one_that_may_be_chance_makes_no_group_surely_badly_off() -> None:
    """13.5 of 300 against 10 % is worse at 95 %; among forty such looks it may well be chance."""
    weak = condition(share(14, 300), share(10, 9000), "worse")
    assert weak.difference.verdict == "higher"
    alone = replace(row(), conditions=(weak,))
    assert one(alone).flag("badly_off").state == "sure"
    quiet = [
        replace(
            row(f"WK{place}", count=300),
            conditions=tuple(replace(condition(share(10, 300), share(10, 9000), "same"), indicator=f"i{n}") for n in range(4)),
        )
        for place in range(2, 12)
    ]
    found = next(item for item in joints([alone, *quiet]) if item.code == "WK1").flag("badly_off")
    assert (found.state, found.conditions) == ("maybe", (weak,))


def test_where_no_group_is_worse_off_hardly_any_is_called_so() -> None:
    """400 municipalities of forty groups with ten conditions that are truly the same: in one of twenty is any group surely badly off."""
    draw = np.random.default_rng(3)
    named = plainly = 0
    for _ in range(400):
        gaps = draw.normal(0, 1, (40, 10))
        made = [
            replace(
                row(f"WK{place}", count=300),
                conditions=tuple(_apart(float(gap), f"i{n}") for n, gap in enumerate(gaps[place])),
            )
            for place in range(40)
        ]
        named += any(item.flag("badly_off").state == "sure" for item in joints(made))
        plainly += bool((gaps > 1.96).any())
    assert named / 400 <= 0.07
    assert plainly == 400, "at 95 % each every municipality would have one"


def _apart(z: float, indicator: str) -> Condition:
    """A condition so many deviations above that of everybody."""
    mine, theirs = plain(30 + z, 28.04 + z, 31.96 + z), plain(30, 30, 30)
    apart = difference(mine, theirs)
    return Condition(indicator, mine, theirs, apart, {"higher": "worse", "lower": "better"}.get(apart.verdict, "same"))


def test_a_share_that_may_be_chance_is_no_sure_sign() -> None:
    found = one(row(mine=share(27, 80))).flag("large")
    assert found.state == "maybe"
    assert found.difference is not None
    assert found.difference.verdict == "same"


def test_a_share_that_is_not_known_is_no_small_share() -> None:
    hidden = replace(NOBODY_KNOWS, reason="suppressed")
    assert one(row(mine=hidden)).flag("large").state == "unknown"
    assert one(row(mine=hidden)).flag("large").reason == "suppressed"
    assert one(row(elsewhere=hidden)).flag("large").reason == "suppressed"


def test_one_condition_that_is_demonstrably_worse_is_enough_and_is_shown() -> None:
    worse = condition(share(40, 300), share(10, 9000), "worse")
    same = condition(share(12, 300), share(10, 9000), "same")
    found = one(replace(row(), conditions=(same, worse))).flag("badly_off")
    assert (found.state, found.conditions, found.evidence) == ("sure", (worse,), worse.mine)


def test_conditions_that_are_no_worse_are_an_answer_and_unknown_ones_are_none() -> None:
    same = condition(share(12, 300), share(10, 9000), "same")
    dark = condition(NOBODY_KNOWS, share(10, 9000), "absent")
    assert one(replace(row(), conditions=(same, dark))).flag("badly_off").state == "no"
    assert one(replace(row(), conditions=(dark,))).flag("badly_off").state == "unknown"


@pytest.mark.parametrize(
    ("value", "low", "high", "state"),
    [(35, 25, 45, "sure"), (20, 20, 20, "sure"), (25, 15, 35, "maybe"), (25, None, None, "maybe"), (10, 5, 30, "no"), (0, 0, 0, "no")],
)
def test_who_has_no_node_in_reach_is_told_by_one_in_five(value: float, low: float | None, high: float | None, state: str) -> None:
    assert one(replace(row(), unreached=plain(value, low, high))).flag("cannot_reach").state == state


@pytest.mark.parametrize(
    ("value", "low", "high", "state"),
    [(0.5, 0.3, 0.7, "sure"), (0.6, 0.3, 0.9, "maybe"), (0.6, None, None, "maybe"), (0.9, 0.5, 1.3, "no"), (2.0, 1.5, 2.5, "no")],
)
def test_who_is_not_seen_is_told_by_four_in_five(value: float, low: float | None, high: float | None, state: str) -> None:
    found = one(replace(row(), representation=plain(value, low, high, unit="ratio"))).flag("does_not_come")
    assert found.state == state
    assert found.evidence is not None
    assert found.evidence.value == value


def test_a_reach_that_is_empty_says_why() -> None:
    found = one(replace(row(), unreached=replace(NOBODY_KNOWS, reason="hidden"))).flag("cannot_reach")
    assert (found.state, found.reason) == ("unknown", "hidden")


def test_fewer_than_ten_people_are_never_shown() -> None:
    made = [row("A", count=9), row("B", count=10), row("C", count=0), row("D", count=None)]
    assert [item.code for item in joints(made)] == ["B"]


def test_everybody_is_no_group() -> None:
    assert joints([row(group="all")]) == []


def test_those_with_most_sure_signs_come_first_then_those_of_most_people() -> None:
    unreached = plain(40, 30, 50)
    made = [
        row("few", count=50),
        row("many", count=900),
        replace(row("unreached", count=60), unreached=unreached),
        replace(row("both", count=200, mine=share(30, 2000)), unreached=unreached),
        replace(row("perhaps", count=5000), unreached=plain(25, 15, 35)),
    ]
    assert [(item.code, item.sure) for item in joints(made)] == [("both", 2), ("unreached", 1), ("perhaps", 0), ("many", 0), ("few", 0)]


def test_there_is_no_score() -> None:
    assert {item.name for item in fields(Joint)} == {"code", "name", "group", "people", "flags"}


def test_a_flag_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        one(row()).flag("happy")


Unsure = st.one_of(
    st.none(),
    st.floats(0, 100).map(lambda value: plain(value, None, None)),
    st.floats(0, 95).map(lambda value: plain(value, value - 5, value + 5)),
)


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 3000)), Unsure, Unsure), max_size=12))
def test_every_group_of_ten_or_more_has_all_four_answers_once(made: list[tuple[int | None, Estimate | None, Estimate | None]]) -> None:
    rows = [replace(row(f"{place}", count=count), unreached=reach, representation=seen) for place, (count, reach, seen) in enumerate(made)]
    found = joints(rows)
    assert {item.code for item in found} == {item.code for item in rows if item.people.value is not None and item.people.value >= 10}
    for item in found:
        assert tuple(flag.flag for flag in item.flags) == FLAGS
        assert all(flag.state in STATES for flag in item.flags)
        assert all(flag.evidence is not None for flag in item.flags if flag.state in ("sure", "maybe"))
    assert [(-item.sure, -(item.people.value or 0)) for item in found] == sorted((-item.sure, -(item.people.value or 0)) for item in found)


def test_by_figures_of_another_kind_a_group_is_badly_off_perhaps() -> None:
    registered, counted = share(10, 40000), replace(share(30, 500), nature="own")
    unlike = condition(counted, registered, "worse")
    found = one(replace(row(), conditions=(unlike,))).flag("badly_off")
    assert (found.state, found.conditions) == ("maybe", (unlike,))
    alike = condition(share(30, 500), registered, "worse")
    found = one(replace(row(), conditions=(unlike, alike))).flag("badly_off")
    assert (found.state, found.conditions) == ("sure", (alike,)), "only what makes it sure is shown beside it"


def test_by_figures_of_another_kind_a_group_is_large_perhaps() -> None:
    assert states(one(row(mine=replace(share(30, 2000), nature="own"))))["large"] == "maybe"
