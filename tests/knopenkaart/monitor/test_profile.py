# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The wheel says better or worse where there is a direction, more or less where there is none, and nothing where nothing is sure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knopenkaart.monitor.estimates import difference, estimate
from knopenkaart.monitor.profile import TONES, Segment, profile
from knopenkaart.monitor.records import AreaValues, Value
from knopenkaart.vocabulary.catalogue import Catalogue, load_catalogue

from .invented import bounds, catalogue, figure, indicator, municipality, survey, wijk

OLD = indicator("old", of="population")
WORK = indicator("work", unit="percent", aggregate="share", of="population", theme="income", direction="more_is_better")
DEBT = indicator("debt", unit="percent", aggregate="share", of="population", theme="income", direction="more_is_worse")
HOUSES = indicator("houses", theme="income")
UNSEEN = indicator("unseen", of="population", wheel=False)
CATALOGUE = catalogue(OLD, UNSEEN, WORK, DEBT, HOUSES)


def area(*, old: float | None = 200, work: float = 60, debt: float = 10) -> AreaValues:
    people = figure("population", 1000), figure("old", old), figure("houses", 400)
    return wijk(*people, figure("work", work, "percent"), figure("debt", debt, "percent"))


def whole() -> AreaValues:
    people = figure("population", 20000), figure("old", 4000), figure("houses", 9000)
    return municipality(*people, figure("work", 60, "percent"), figure("debt", 10, "percent"))


def tones(mine: AreaValues, other: AreaValues | None, book: Catalogue = CATALOGUE) -> dict[str, str]:
    return {segment.indicator: segment.tone for ring in profile(mine, other, book) for segment in ring.segments}


def segment(mine: AreaValues, other: AreaValues | None, name: str) -> Segment:
    return next(item for ring in profile(mine, other, CATALOGUE) for item in ring.segments if item.indicator == name)


def test_there_is_a_ring_per_theme_with_the_indicators_of_the_wheel() -> None:
    rings = profile(area(), whole(), CATALOGUE)
    assert [(ring.theme, [item.indicator for item in ring.segments]) for ring in rings] == [
        ("population", ["old"]),
        ("income", ["work", "debt", "houses"]),
    ]


def test_more_of_what_is_neutral_is_just_more() -> None:
    assert tones(area(old=300), whole())["old"] == "more"
    assert tones(area(old=100), whole())["old"] == "less"


def test_more_work_is_better_and_more_debt_is_worse() -> None:
    assert tones(area(work=75, debt=20), whole())["work"] == "better"
    assert tones(area(work=45), whole())["work"] == "worse"
    assert tones(area(debt=20), whole())["debt"] == "worse"
    assert tones(area(debt=4), whole())["debt"] == "better"


def test_a_difference_within_the_margin_has_no_tone() -> None:
    assert tones(area(work=61, debt=11, old=205), whole()) == {"old": "same", "work": "same", "debt": "same", "houses": "unknown"}


def test_numbers_of_areas_of_different_size_are_not_compared() -> None:
    found = segment(area(), whole(), "houses")
    assert found.theirs is not None
    assert (found.mine.value, found.theirs.value, found.difference, found.tone) == (400, 9000, None, "unknown")


def test_what_an_area_has_no_figure_of_is_absent_and_says_why() -> None:
    hidden = wijk(replace(figure("old", None), reason="suppressed"), figure("population", 1000))
    found = segment(hidden, whole(), "old")
    assert (found.tone, found.mine.reason) == ("absent", "suppressed")
    assert segment(hidden, whole(), "work").mine.reason == "absent"


def test_what_only_the_comparison_lacks_cannot_be_compared() -> None:
    found = segment(area(), municipality(figure("population", 20000)), "work")
    assert (found.mine.value, found.tone) == (60, "unknown")


def test_without_a_comparison_nothing_is_compared() -> None:
    assert set(tones(area(), None).values()) == {"unknown"}
    assert segment(area(), None, "old").theirs is None


def test_figures_of_different_years_are_not_compared() -> None:
    old = municipality(figure("work", 40, "percent", year=2021), figure("population", 20000, year=2021))
    found = segment(area(), old, "work")
    assert found.theirs is not None
    assert (found.mine.year, found.theirs.year, found.difference, found.tone) == (2024, 2021, None, "unknown")


def test_both_are_of_the_latest_year_that_both_have() -> None:
    mine = wijk(*area().values, *(replace(item, year=2023) for item in area(work=80).values))
    found = segment(mine, municipality(*(replace(item, year=2023) for item in whole().values)), "work")
    assert found.theirs is not None
    assert (found.mine.year, found.mine.value, found.theirs.year, found.tone) == (2023, 80, 2023, "better")


def test_a_wijk_is_set_against_the_rest_of_its_municipality() -> None:
    found = segment(area(old=300), whole(), "old").difference
    expected = difference(estimate(area(old=300), OLD), estimate(whole(), OLD), inside=1000 / 20000)
    assert found == expected
    assert segment(area(old=300), replace(whole(), code="GM0002"), "old").difference != expected


def test_one_group_is_set_against_another() -> None:
    values = (
        survey("work", 40, 300, group="origin_outside_europe"),
        survey("work", 70, 900, group="origin_netherlands"),
    )
    mine = wijk(*values)
    rings = profile(mine, mine, CATALOGUE, group="origin_outside_europe", other_group="origin_netherlands")
    found = rings[1].segments[0]
    assert found.difference is not None
    assert (found.mine.value, found.difference.value, found.tone) == (40, -30, "worse")
    assert rings[0].segments[0].tone == "absent", "no figure by group is made up from that of everybody"


def test_a_group_in_an_area_is_set_against_those_who_are_not_in_it() -> None:
    """65 and older are 200 of 1,000: a fifth of everybody in the same wijk."""
    book = load_catalogue()
    name = next(
        item for item in book.indicators.values() if item.wheel and item.active and item.unit == "percent" and item.theme == "income"
    )
    mine = wijk(
        figure("population", 1000),
        figure("pop_65plus", 200),
        survey(name.id, 60, 400, group="age_65_plus"),
        survey(name.id, 40, 2000),
    )
    found = next(
        item for ring in profile(mine, mine, book, group="age_65_plus") for item in ring.segments if item.indicator == name.id
    ).difference
    assert found == difference(estimate(mine, name, group="age_65_plus"), estimate(mine, name), inside=0.2)


def test_an_area_beside_itself_is_the_same_all_over() -> None:
    assert set(tones(whole(), whole()).values()) == {"same", "unknown"}


@pytest.mark.parametrize("other", [None, "whole"])
def test_every_tone_of_the_real_catalogue_is_one_of_the_list(other: str | None) -> None:
    found = profile(area(), whole() if other else None, load_catalogue())
    assert {item.tone for ring in found for item in ring.segments} <= set(TONES)
    assert [ring.theme for ring in found] == list(load_catalogue().themes)


def test_the_interval_of_a_segment_is_around_its_difference() -> None:
    found = segment(area(old=300), whole(), "old").difference
    assert found is not None
    low, high = bounds(found)
    assert low < (found.value or 0) < high


# --- another kind of figure ------------------------------------------------------------------------------------------------


def by_itself(value: Value, *, source: str = "own_table") -> Value:
    """The same figure by the municipality itself, of a thousand people."""
    return replace(value, source=source, nature="own", n=1000)


def test_a_register_beside_a_count_of_ones_own_is_neither_better_nor_worse() -> None:
    mine = wijk(figure("population", 1000), by_itself(figure("debt", 40, "percent")))
    found = segment(mine, whole(), "debt")
    assert found.theirs is not None
    assert found.difference is not None
    assert (found.mine.nature, found.theirs.nature, found.theirs.source) == ("own", "register", "cbs")
    assert (found.difference.verdict, found.difference.other_kind, found.tone) == ("higher", True, "unknown")


def test_a_group_beside_everybody_of_the_same_table_is_compared_as_before() -> None:
    """Everybody is told twice: by the register, and by the table that tells of the group."""
    group = by_itself(figure("debt", 40, "percent", group="age_65_plus"))
    mine = wijk(figure("population", 1000), figure("debt", 10, "percent"), by_itself(figure("debt", 12, "percent")), group)
    rings = profile(mine, mine, CATALOGUE, group="age_65_plus", inside=0.2)
    found = next(item for ring in rings for item in ring.segments if item.indicator == "debt")
    assert found.theirs is not None
    assert found.difference is not None
    assert (found.theirs.value, found.theirs.source) == (12, "own_table")
    assert (found.difference.other_kind, found.tone) == (False, "worse")
    assert segment(mine, whole(), "debt").mine.value == 10, "what was published goes first where nothing stands beside it"


def test_what_is_of_another_kind_is_no_part_of_it() -> None:
    """The same area, counted twice: 40 against 10 % is no nothing because all of its people are the same."""
    found = difference(estimate(wijk(by_itself(figure("debt", 40, "percent"))), DEBT), estimate(area(), DEBT), inside=1.0)
    assert (found.verdict, found.other_kind, found.value) == ("higher", True, 30)
