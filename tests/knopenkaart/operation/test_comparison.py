# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A place among comparable ones: quantiles by hand, nothing of too few, and no single place's money follows from what is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from knopenkaart.operation import Compared, Conventions, SizeClass, compare
from knopenkaart.operation.comparison import size_class, windows

OWN = Compared("own", "living_room", 10.0, m2=200.0)


def others(values: list[float], **same: object) -> list[Compared]:
    return [Compared(f"p{number}", "living_room", value, **({"m2": 250.0} | same)) for number, value in enumerate(values)]  # type: ignore[arg-type]


def test_quantiles_are_rounded_means_of_three_neighbours() -> None:
    found = compare(OWN, others([4.11, 5.0, 6.0, 8.0, 9.0, 14.0, 20.0]))
    # Of seven: the first three around the first quarter, the middle three, the last three.
    assert (found.p25, found.p50, found.p75) == (5.0, 7.7, 14.0)
    assert (found.n, found.reason, found.own) == (7, "", 10.0)
    assert found.size == SizeClass("living_room", "m2", 150.0, 400.0)


@pytest.mark.parametrize(("value", "position"), [(4.9, "lower"), (5.0, "middle"), (14.0, "middle"), (14.1, "higher")])
def test_the_own_position_is_told_in_words(value: float, position: str) -> None:
    assert compare(replace(OWN, value=value), others([4.11, 5.0, 6.0, 8.0, 9.0, 14.0, 20.0])).position == position


def test_of_fewer_than_five_others_nothing_is_told() -> None:
    found = compare(OWN, others([4.0, 5.0, 6.0, 8.0]))
    assert (found.n, found.reason, found.p25, found.p50, found.p75, found.position) == (4, "too_few", None, None, None, None)
    assert compare(OWN, others([4.0, 5.0, 6.0, 8.0, 9.0])).reason == ""


def test_places_that_the_same_operator_runs_are_no_others() -> None:
    own = replace(OWN, operator="foundation")
    rest = others([4.0, 5.0, 6.0, 8.0, 9.0])
    mine = [replace(place, operator="foundation") for place in rest[:2]]
    assert compare(own, [*mine, *rest[2:]]).reason == "too_few"
    # Two operators, each with both of its places, get the same of the others.
    second = replace(own, place_id="own2", value=3.0)
    first_seen, second_seen = compare(own, [second, *rest]), compare(second, [own, *rest])
    assert (first_seen.p25, first_seen.p50, first_seen.p75) == (second_seen.p25, second_seen.p50, second_seen.p75)


def test_others_of_another_archetype_or_size_are_not_compared_with() -> None:
    strangers = [
        *others([1.0] * 6, m2=90.0),
        *(replace(place, archetype="hotspot") for place in others([1.0] * 6)),
        *others([1.0] * 6, m2=None),
    ]
    assert compare(OWN, strangers).n == 0


def test_without_floor_area_the_visits_make_the_class_and_no_place_is_in_two() -> None:
    assert size_class(Compared("a", "hotspot", 1.0, visits=300.0)) == SizeClass("hotspot", "visits", 300.0, 1000.0)
    assert size_class(Compared("a", "hotspot", 1.0, m2=2000.0, visits=300.0)) == SizeClass("hotspot", "m2", 1000.0, None)
    assert size_class(Compared("a", "hotspot", 1.0, m2=149.9)) == SizeClass("hotspot", "m2", 0.0, 150.0)
    assert compare(Compared("a", "hotspot", 1.0), others([1.0] * 6)).reason == "no_size"


def test_places_that_are_all_alike_would_tell_each_other() -> None:
    assert compare(OWN, others([7.0] * 6)).reason == "too_alike"


def test_released_places_are_compared_with_even_where_few_others_are_not() -> None:
    places = [replace(place, released=number < 5) for number, place in enumerate(others([2.0, 4.0, 6.0, 8.0, 10.0, 400.0]))]
    found = compare(OWN, places)
    assert (found.n, found.p75) == (5, 8.0), "the one that is not released is left out"


def test_the_conventions_are_followed() -> None:
    found = compare(OWN, others([4.0, 5.0, 6.0, 8.0]), conventions=Conventions(fewest_others=4, together=2, digits=1))
    assert (found.p25, found.p50, found.p75) == (4.0, 6.0, 7.0)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.booleans()), min_size=5, max_size=40))
def test_whoever_knows_every_released_figure_cannot_reckon_another(drawn: list[tuple[float, bool]]) -> None:
    """The exact means, which are more than is told, and the released figures: no hidden one is a combination of these."""
    places = [Compared(f"p{n}", "hotspot", value, m2=1.0, released=released) for n, (value, released) in enumerate(drawn)]
    hidden = [place for place in places if not place.released]
    assume(len(hidden) >= 5)
    ordered = sorted(places, key=lambda place: (place.value, place.place_id))
    told = np.array([[float(place in window) for place in hidden] for window in windows(ordered)])
    for number in range(len(hidden)):
        alone = np.eye(len(hidden))[number]
        assert np.linalg.matrix_rank(np.vstack([told, alone])) > np.linalg.matrix_rank(told), hidden[number]
    assert (told.sum(axis=1) >= 3).all()


@given(st.lists(st.floats(0.01, 1e6), min_size=5, max_size=40))
def test_the_quantiles_rise_and_lie_among_the_others(values: list[float]) -> None:
    found = compare(OWN, others(values))
    assume(not found.reason)
    assert found.p25 is not None
    assert found.p50 is not None
    assert found.p75 is not None
    assert found.p25 <= found.p50 <= found.p75
    assert 0.94 * min(values) <= found.p25
    assert found.p75 <= 1.06 * max(values)
