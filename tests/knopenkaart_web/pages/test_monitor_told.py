# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a report tells of an area itself: what changed in sentences that are sure, and the areas within it."""

from __future__ import annotations

import re

from knopenkaart.monitor.estimates import Estimate, difference
from knopenkaart_web.pages.monitor.difference import difference_text
from knopenkaart_web.pages.monitor.told import MOST_CHANGED, change_findings
from knopenkaart_web.pages.monitor.trend import Change, sure_of_many


def told(value: float, n: float, *, unit: str = "percent", year: int = 2024) -> Estimate:
    """A share with half a point of margin per thousand people, or a number that was rounded to fives."""
    half = 98 / n**0.5 if unit == "percent" else 2.5
    basis, rounding = ("chance", 0.0) if unit == "percent" else ("rounding", 2.5)
    return Estimate(
        value, value - half, value + half, unit, basis, "register", year, "cbs", n if unit == "percent" else None, rounding=rounding
    )


def change(indicator: str, was: Estimate, now: Estimate) -> Change:
    apart = difference(now, was)
    words = (indicator, str(was.value), str(now.value))
    return Change(indicator, words[0], words[1], words[2], 2022, 2024, apart.verdict, difference_text(apart, now.unit), was, now, apart)


def test_the_largest_sure_change_comes_first_and_money_is_no_news() -> None:
    found = change_findings(
        [
            change("pop_65_plus", told(18, 10_000), told(20.5, 10_000)),
            change("one_person_households", told(30, 10_000), told(36, 10_000)),
            change("mean_dwelling_value", told(300, 0, unit="eur_1000"), told(350, 0, unit="eur_1000")),
            change("pop_15_24", told(12, 10_000), told(12.1, 10_000)),
        ]
    )
    assert [item.indicator for item in found] == ["one_person_households", "pop_65_plus"]
    assert found[0].text.startswith("one_person_households: van 30 in 2022 naar 36 in 2024. Dat is ")


def test_a_handful_more_people_is_no_news() -> None:
    """21 to 31 of 5,425 is under one in a hundred; 1,000 more is not."""
    few = change("population", told(5425, 0, unit="count"), told(5451, 0, unit="count"))
    assert [item.indicator for item in change_findings([few])] == [""]
    assert "niets zeker veel veranderd" in change_findings([few])[0].text
    many = change("population", told(5425, 0, unit="count"), told(6425, 0, unit="count"))
    assert [item.indicator for item in change_findings([many])] == ["population"]


def test_without_two_years_nothing_is_said() -> None:
    assert change_findings([]) == []


def test_the_largest_of_many_is_told_with_a_wider_margin_than_alone() -> None:
    """Alone 5 points are told as the table tells them; as the one of twenty that differs its margin is wider."""
    large = change("one_person_households", told(30, 10_000), told(35, 10_000))
    many = [change(f"x{number}", told(20, 10_000), told(20.1, 10_000)) for number in range(19)]
    (alone,), (among,) = change_findings([large]), change_findings([large, *many])
    ends = [[float(end.replace(",", ".")) for end in re.findall(r"[\d,]+", item.text.rpartition("Dat is ")[2])] for item in (alone, among)]
    assert ends[1][0] < ends[0][0] < ends[0][1] < ends[1][1]


def test_of_many_changes_only_those_are_sure_that_stay_so_together() -> None:
    """1.6 points with a margin of 1.4 is a change by itself; among forty that stayed the same it is one that chance gives."""
    small, large = change("small", told(20, 10_000), told(21.6, 10_000)), change("large", told(30, 10_000), told(36, 10_000))
    assert [item.verdict for item in sure_of_many([small, large])] == ["higher", "higher"]
    among = sure_of_many([small, large, *(change(f"x{number}", told(20, 10_000), told(20.1, 10_000)) for number in range(38))])
    assert [item.verdict for item in among[:2]] == ["same", "higher"]
    assert among[0].text == "een verandering is niet zeker"
    assert (large.text, among[1].text) == ("4 tot 8 procentpunt hoger", "3 tot 9 procentpunt hoger")


def test_no_more_are_told_than_are_read() -> None:
    many = [change(f"x{number}", told(20, 10_000), told(30 + number, 10_000)) for number in range(9)]
    assert len(change_findings(many)) == MOST_CHANGED
