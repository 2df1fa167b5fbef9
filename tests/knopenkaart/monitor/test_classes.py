# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Classes of a map promise no more than the figures: equal areas look equal, and what cannot be told apart is one colour."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knopenkaart.monitor.classes import LEAST_IN_CLASS, classes, readable
from knopenkaart.monitor.estimates import Estimate, estimate

from .invented import figure, indicator, plain, share, wijk


def exact(values: list[float]) -> dict[str, Estimate]:
    return {f"{place:04}": plain(value, value, value) for place, value in enumerate(values)}


def test_a_hundred_areas_make_five_classes_of_about_twenty() -> None:
    found = classes(exact([float(value) for value in range(100)]))
    assert (found.edges, found.method, found.count) == ((20, 40, 60, 80), "quantiles", 5)
    assert Counter(found.of.values()) == {0: 20, 1: 20, 2: 20, 3: 20, 4: 20}
    assert found.apart == found.bounded == 100


def test_a_value_at_an_edge_belongs_to_the_class_above() -> None:
    found = classes(exact([float(value) for value in range(100)]))
    assert (found.of["0019"], found.of["0020"]) == (0, 1)


def test_edges_are_numbers_that_people_read() -> None:
    found = classes(exact([3.137 * value for value in range(200)]))
    assert found.edges == (100, 250, 400, 500)


def test_a_readable_edge_leaves_no_class_of_two() -> None:
    """Low incomes of the fifteen wijken of Rotterdam: 39 to 40 % was a shade for two of them."""
    values = [20.1, 36.3, 36.8, 37.6, 38.0, 38.3, 39.0, 39.9, 40.7, 40.7, 45.5, 47.7, 48.3, 49.1, 49.9]
    found = classes(exact(values))
    assert found.method == "quantiles"
    assert min(Counter(found.of.values()).values()) >= LEAST_IN_CLASS


def test_no_edge_runs_between_margins_that_just_touch() -> None:
    """In floats 0.4 - 0.05 is a little more than 0.3 + 0.05; 0.35000000000000003 was an edge."""
    cafe = indicator("cafe", unit="km", aggregate="mean", rounding={"km": {"wijk": 0.1}})
    found = classes({str(tenth): estimate(wijk(figure("cafe", tenth / 10, "km")), cafe) for tenth in range(1, 6)})
    assert (found.edges, found.method) == ((), "one")


def test_equal_areas_are_never_divided() -> None:
    found = classes(exact([0.0] * 70 + [float(value) for value in range(1, 31)]))
    assert len({found.of[f"{place:04}"] for place in range(70)}) == 1
    assert found.count > 1


def test_areas_that_are_all_equal_are_one_class() -> None:
    found = classes(exact([7.0] * 50))
    assert (found.edges, found.count, found.method, set(found.of.values())) == ((), 1, "one", {0})


def test_few_areas_make_few_classes() -> None:
    assert classes(exact([float(value) for value in range(6)])).count == 2
    assert classes(exact([float(value) for value in range(100)]), count=3).count == 3


def test_too_few_areas_for_quantiles_are_divided_only_where_no_margin_reaches() -> None:
    """Of five wijken one is far higher than the others, whose margins overlap: that one has a class of its own."""
    spans = [(2.2, 1.6, 3.0), (3.3, 2.7, 4.0), (3.4, 2.8, 4.1), (4.5, 3.8, 5.3), (9.7, 8.7, 10.7)]
    found = classes({f"{value}": plain(value, low, high) for value, low, high in spans})
    assert (found.edges, found.method, found.apart) == ((8.0,), "gaps", 5)
    assert found.of == {"2.2": 0, "3.3": 0, "3.4": 0, "4.5": 0, "9.7": 1}
    assert classes(exact([1.0, 2.0, 3.0, 4.0, 5.0]), count=3).count == 3


def test_a_few_areas_far_above_the_others_do_not_share_their_shade() -> None:
    """Forty shares in two bunches make two classes; three areas where it is 90 % have one of their own, one area has not."""
    low = {f"low{place}": share(5 + place / 5, 400) for place in range(20)}
    middle = {f"middle{place}": share(30 + place / 5, 400) for place in range(20)}
    assert (classes(low | middle).count, classes(low | middle).method) == (2, "quantiles")
    far = {f"far{place}": share(90 + place, 400) for place in range(3)}
    assert (classes(low | middle | {"far": share(90, 400)}).count, classes(low | middle | far).count) == (2, 3)
    found = classes(low | middle | far)
    assert (found.count, found.method) == (3, "both")
    assert [{found.of[code] for code in found.of if code.startswith(name)} for name in ("low", "middle", "far")] == [{0}, {1}, {2}]
    assert found.apart == 43


def test_of_groups_one_far_from_all_others_has_a_shade_of_its_own() -> None:
    """36 % of one group in one wijk beside 4 to 8 % elsewhere is what small maps of groups are looked at for."""
    low = {f"low{place}": share(5 + place / 5, 400) for place in range(20)}
    middle = {f"middle{place}": share(30 + place / 5, 400) for place in range(20)}
    found = classes(low | middle | {"far": share(90, 400)}, alone=True)
    assert (found.count, found.of["far"], found.method) == (3, 2, "both")


def test_a_gap_is_no_edge_while_a_margin_is_not_known() -> None:
    assert classes({"a": plain(1.0, 0.9, 1.1), "b": plain(9.0, None, None)}).method == "one"


def test_areas_that_cannot_be_told_apart_are_not_given_different_colours() -> None:
    """Of twenty shares between 20 and 24 % of a hundred people each none is surely in any class."""
    found = classes({f"{place}": share(20 + place / 5, 100) for place in range(20)})
    assert (found.count, found.method) == (1, "one")
    sure = classes({f"{place}": share(20 + place / 5, 1_000_000) for place in range(20)})
    assert sure.count == 5


def test_two_bunches_of_areas_become_two_classes() -> None:
    areas = {f"low{place}": share(20 + place / 5, 400) for place in range(10)} | {
        f"high{place}": share(60 + place / 5, 400) for place in range(10)
    }
    found = classes(areas)
    assert found.count == 2
    assert {found.of[code] for code in areas if code.startswith("low")} == {0}
    assert found.apart == 20


def test_classes_stay_apart_when_most_pairs_of_neighbours_do() -> None:
    """Sixty shares from 10 to 69 % of 400 people, margins of up to 5 points: classes of twelve points stand, of six do not."""
    areas = {f"{place}": share(10 + place, 400) for place in range(60)}
    assert classes(areas, count=5).count == 5
    assert classes(areas, count=10).count < 10


def test_it_is_told_how_many_areas_are_surely_in_their_class() -> None:
    areas = exact([float(value) for value in range(60)]) | {"wide": plain(19.0, 2.0, 58.0)}
    found = classes(areas)
    assert (found.bounded, found.apart) == (61, 60)


def test_without_margins_classes_are_shown_and_none_is_sure() -> None:
    found = classes({f"{place:02}": plain(float(place), None, None) for place in range(50)})
    assert (found.count, found.bounded, found.apart) == (5, 0, 0)


def test_what_is_missing_is_in_no_class() -> None:
    found = classes(exact([float(value) for value in range(20)]) | {"gone": plain(None, None, None)})
    assert "gone" not in found.of
    assert found.missing == ("gone",)
    nothing = classes({"gone": plain(None, None, None)})
    assert (nothing.count, nothing.method, nothing.of) == (0, "none", {})


@pytest.mark.parametrize(
    ("low", "high", "aim", "expected"),
    [
        (19.2, 21.4, 20.1, 20),
        (0.731, 0.744, 0.74, 0.74),
        (312, 388, 350, 350),
        (-4, 3, -1, 0),
        (0.1, 0.3, 0.2, 0.2),
        (1234, 1234.5, 1234.2, 1234.5),
    ],
)
def test_the_readable_number_in_a_span_has_the_fewest_digits(low: float, high: float, aim: float, expected: float) -> None:
    assert readable(low, high, aim) == expected


def test_there_is_no_number_between_a_number_and_itself() -> None:
    with pytest.raises(ValueError, match="between"):
        readable(3, 3, 3)


@settings(deadline=None)
@given(st.lists(st.one_of(st.floats(-1e6, 1e6), st.sampled_from([0.0, 1.0, 12.5])), max_size=80), st.integers(1, 7))
def test_classes_keep_the_order_of_the_values_and_none_is_empty(values: list[float], count: int) -> None:
    areas = exact(values)
    found = classes(areas, count=count)
    assert set(found.of) == set(areas)
    assert set(found.of.values()) == set(range(found.count))
    assert found.count <= max(1, count)
    assert found.method != "quantiles" or min(Counter(found.of.values()).values()) >= LEAST_IN_CLASS
    assert found.method != "gaps" or found.apart == len(values)
    assert list(found.edges) == sorted(set(found.edges))
    for one, mine in enumerate(values):
        for other, theirs in enumerate(values):
            if mine <= theirs:
                assert found.of[f"{one:04}"] <= found.of[f"{other:04}"]


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.floats(0, 1))
def test_the_readable_number_is_above_the_one_and_up_to_the_other(low: float, width: float, part: float) -> None:
    high = low + width
    if low < high:
        assert low < readable(low, high, low + part * width) <= high
