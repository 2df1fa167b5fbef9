# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Areas are alike in what they share, every side of them as heavy, and the answer says in what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knopenkaart.monitor.records import AreaValues
from knopenkaart.monitor.similar import features, similar, wanted
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator
from knopenkaart.vocabulary.reader import Dimension, Group

from .invented import catalogue, figure, indicator, wijk

YOUNG = replace(indicator("young", of="population", alike=True), group="age_young")
OLD = replace(indicator("old", of="population", alike=True), group="age_old")
ABROAD = replace(indicator("abroad", of="population", alike=True), group="origin_abroad")
OWNED = indicator("owned", unit="percent", aggregate="share", of="dwellings", theme="housing", alike=True)
OTHER = indicator("other", of="population", alike=False)


def book(*indicators: Indicator) -> Catalogue:
    groups = {name: Group(name, name, name, name.partition("_")[0]) for name in ("age_young", "age_old", "origin_abroad")}
    dimensions = {name: Dimension(name, name, name) for name in ("age", "origin")}
    return replace(catalogue(*indicators), groups=groups, dimensions=dimensions)


BOOK = book(YOUNG, OLD, ABROAD, OWNED, OTHER)


def area(
    code: str, *, people: float = 1000, young: float = 20, old: float = 20, abroad: float = 10, owned: float | None = 50, home: str = ""
) -> AreaValues:
    """A wijk by its shares in percent."""
    counts = [figure(name, part * people / 100) for name, part in (("young", young), ("old", old), ("abroad", abroad))]
    return wijk(figure("population", people), *counts, figure("owned", owned, "percent"), code=code, home=home or f"GM{code}")


def country(count: int = 400, *, seed: int = 3) -> list[AreaValues]:
    rng = np.random.default_rng(seed)
    return [
        area(
            f"{place:04}",
            people=float(rng.integers(300, 9000)),
            young=rng.normal(20, 4),
            old=rng.normal(20, 6),
            abroad=rng.gamma(2, 6),
            owned=rng.normal(50, 15),
        )
        for place in range(count)
    ]


def test_an_area_with_the_same_figures_is_at_no_distance() -> None:
    found = similar(features([*country(), area("mine", old=33), area("twin", old=33)], BOOK), "mine")
    assert (found[0].code, found[0].distance) == ("twin", 0)
    assert found[1].distance > 0


def test_every_side_of_an_area_weighs_the_same() -> None:
    """Two of age share one quarter; origin, dwellings and size have a quarter each."""
    made = features(country(), BOOK)
    assert dict(zip(made.names, made.weights, strict=True)) == {
        "young": 0.125,
        "old": 0.125,
        "abroad": 0.25,
        "owned": 0.25,
        "population": 0.25,
    }


def test_another_way_of_reckoning_finds_the_same_areas_at_the_same_distance() -> None:
    areas = country()
    made = features(areas, BOOK)
    table = np.array([made.raw[item.code] for item in areas], dtype=float)
    table[:, 4] = np.log(table[:, 4])
    low, middle, high = (np.percentile(table, part, axis=0, method="weibull") for part in (25, 50, 75))
    scaled = (table - middle) / ((high - low) / 1.349)
    distance = np.sqrt(((scaled - scaled[7]) ** 2) @ np.array([0.125, 0.125, 0.25, 0.25, 0.25]))
    order = [place for place in np.argsort(distance) if place != 7][:10]
    found = similar(made, "0007")
    assert [item.code for item in found] == [f"{place:04}" for place in order]
    assert [item.distance for item in found] == pytest.approx(distance[order])


def test_twice_as_many_people_is_as_far_for_small_as_for_large() -> None:
    made = features([*country(), area("a", people=500), area("b", people=1000), area("c", people=4000), area("d", people=8000)], BOOK)
    size = made.names.index("population")
    steps = [(made.scale[one][size] or 0) - (made.scale[other][size] or 0) for one, other in (("b", "a"), ("d", "c"))]
    assert steps[0] == pytest.approx(steps[1])
    assert made.raw["a"][size] == 500, "people are told as a number"


def test_reasons_say_in_what_they_are_alike_and_in_what_not() -> None:
    made = features([*country(), area("mine", old=30, owned=20), area("like", old=30, owned=70)], BOOK)
    found = next(item for item in similar(made, "mine", count=500) if item.code == "like")
    assert [item.indicator for item in found.farthest(1)] == ["owned"]
    assert (found.farthest(1)[0].mine, found.farthest(1)[0].theirs) == (20, 70)
    assert {item.indicator for item in found.nearest(4)} == {"young", "old", "abroad", "population"}
    assert list(found.reasons) == sorted(found.reasons, key=lambda item: item.distance)


def test_areas_of_the_same_municipality_are_no_answer_unless_asked_for() -> None:
    made = features([*country(), area("mine", old=33, home="GM1"), area("twin", old=33, home="GM1")], BOOK)
    assert "twin" not in [item.code for item in similar(made, "mine", count=500)]
    assert similar(made, "mine", elsewhere=False)[0].code == "twin"


def test_an_area_is_never_its_own_like() -> None:
    assert "0001" not in [item.code for item in similar(features(country(), BOOK), "0001", count=500, elsewhere=False)]


def test_areas_of_few_people_are_left_out_and_say_so() -> None:
    made = features([*country(), area("small", people=195), area("least", people=200), wijk(code="empty")], BOOK)
    assert (made.left_out["small"], made.left_out["empty"]) == ("few", "missing")
    assert "least" in made.raw
    assert similar(made, "small") == []
    assert similar(made, "unheard of") == []


def test_a_figure_that_one_lacks_is_left_out_of_the_comparison_and_not_counted_as_nought() -> None:
    made = features([*country(), area("mine", old=33), area("twin", old=33, owned=None)], BOOK)
    found = similar(made, "mine")[0]
    assert (found.code, found.distance) == ("twin", 0)
    assert "owned" not in [item.indicator for item in found.reasons]


def test_an_area_with_too_few_figures_is_not_compared() -> None:
    bare = wijk(figure("population", 1000), figure("old", 200), code="bare")
    assert features([*country(), bare], BOOK).left_out["bare"] == "missing"


def test_two_that_share_too_few_figures_are_not_compared() -> None:
    """Each has four of six, but only three the same."""
    names = [indicator(name, of="population", alike=True) for name in ("a", "b", "c", "d", "e")]
    rng = np.random.default_rng(1)
    full = [
        wijk(
            figure("population", 1000),
            *(figure(item.id, float(rng.integers(100, 300))) for item in names),
            code=f"{place}",
            home=f"GM{place}",
        )
        for place in range(30)
    ]
    full = [replace(item, values=(replace(item.values[0], value=900.0 + place), *item.values[1:])) for place, item in enumerate(full)]
    one = wijk(figure("population", 1000), *(figure(name, 200) for name in "abc"), code="one", home="GM1")
    two = wijk(figure("population", 1000), *(figure(name, 200) for name in "cde"), code="two", home="GM2")
    made = features([*full, one, two], catalogue(*names))
    assert made.left_out == {}
    assert "two" not in [item.code for item in similar(made, "one", count=100)]


def test_what_nobody_has_or_all_have_alike_tells_nothing_and_leaves_nobody_out() -> None:
    same = [replace(item, values=tuple(value for value in item.values if value.indicator not in ("abroad", "owned"))) for item in country()]
    same = [replace(item, values=(*item.values, figure("owned", 50, "percent"))) for item in same]
    made = features(same, BOOK)
    assert made.names == ("young", "old", "population")
    assert made.left_out == {}


def test_of_no_areas_there_are_no_likes() -> None:
    made = features([], BOOK)
    assert (made.names, similar(made, "mine")) == ((), [])


def test_outliers_do_not_set_the_scale() -> None:
    """One area of students hardly moves the distance between two others."""
    plain = similar(features(country(), BOOK), "0001", count=1)[0]
    odd = similar(features([*country(), area("campus", young=99, old=0, abroad=95, owned=0)], BOOK), "0001", count=1)[0]
    assert odd.code == plain.code
    assert odd.distance == pytest.approx(plain.distance, rel=0.03)


def test_it_asks_for_no_more_figures_than_it_looks_at() -> None:
    assert wanted(BOOK) == ("young", "old", "abroad", "owned", "population", "dwellings")


def test_all_wijken_of_the_country_are_searched() -> None:
    made = features(country(3393), BOOK)
    assert len(made.raw) == 3393
    assert len(similar(made, "0007")) == 10
