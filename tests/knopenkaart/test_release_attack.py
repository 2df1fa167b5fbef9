# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever collects all answers, downloads and later releases, and solves for what is behind them, finds no count below ten."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knopenkaart.privacy import Cell, Figures, Release, joined, lifted, tree
from knopenkaart.suppress import Past, release

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import suppression_attack as attack

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
COUNT = st.one_of(st.integers(0, 14), st.integers(0, 14), st.integers(10, 80), st.just(0))


def everything(past: Past) -> attack.Attacker:
    """An attacker who downloads all."""
    found = attack.Attacker(past.figures.dimensions)
    found.sees(past.figures, None)
    for cell, value in past.release.shown.items():
        found.hears({dimension.name: [node] for dimension, node in zip(found.dimensions, cell, strict=True)}, value)
    return found


@SLOW
@given(st.integers(0, 2**32))
def test_nothing_small_follows_from_answers_downloads_and_later_releases(seed: int) -> None:
    rng = random.Random(seed)
    figures = attack.random_figures(rng)
    out = attack.releases_over_time(rng, figures, secret=f"secret {seed}", times=rng.choice((0, 1, 2)))
    assert attack.derivable(attack.questioned(rng, out), [past.figures for past in out]) == []


@SLOW
@given(st.lists(st.lists(COUNT, min_size=2, max_size=4), min_size=2, max_size=5), st.text(max_size=4))
def test_nothing_small_follows_from_a_crossing_of_small_and_large_counts(rows: list[list[int]], secret: str) -> None:
    """Hypothesis looks for the worst table: groups within dayparts, every margin offered."""
    slots = tree("slot", "week", [f"s{i}" for i in range(len(rows))])
    groups = tree("group", "all", ["a", "b", "c", "d"])
    counts: dict[Cell, int] = {(f"s{i}", "abcd"[j]): count for i, row in enumerate(rows) for j, count in enumerate(row)}
    figures = Figures((slots, groups), counts)
    past = Past(figures, release(figures, secret=secret))
    assert attack.derivable(everything(past), [figures]) == []


@SLOW
@given(st.lists(st.lists(COUNT, min_size=3, max_size=3), min_size=2, max_size=4))
def test_nothing_small_follows_from_places_and_their_area_together(rows: list[list[int]]) -> None:
    groups = tree("group", "all", ["a", "b", "c"])
    area = tree("place", "wijk", [f"p{i}" for i in range(len(rows))])
    places = {f"p{i}": Figures((groups,), {("abc"[j],): count for j, count in enumerate(row)}) for i, row in enumerate(rows)}
    together = joined(area, places)
    each = lifted(area, {place: release(figures, secret=place) for place, figures in places.items()})
    of_area = [cell for cell in together.made_of if cell[0] == "wijk"]
    found = release(together, secret="area", offered=of_area, before=[Past(together, each)])
    both = Release(together.dimensions, {**each.shown, **found.shown})
    assert attack.derivable(everything(Past(together, both)), [together]) == []


def test_a_copy_of_a_release_in_a_scenario_tells_nothing_more() -> None:
    """A scenario shows the counts of today as they were released: made anew it is the same release."""
    rng = random.Random(3)
    figures = attack.random_figures(rng)
    assert release(figures, secret="one") == release(Figures.from_dict(figures.to_dict()), secret="one")


# --- the attacker can win -----------------------------------------------------------------------------------------------


def test_the_attacker_finds_small_counts_where_only_these_are_hidden() -> None:
    won = 0
    for seed in range(25):
        rng = random.Random(seed)
        figures = attack.random_figures(rng)
        past = Past(figures, attack.naive(figures))
        won += bool(attack.derivable(attack.questioned(rng, [past]), [figures]))
    assert won >= 10


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ({("all",): 103, ("b",): 40, ("c",): 60}, {(0, ("a",))}),
        ({("all",): 103, ("b",): 40}, set()),
        ({("all",): 103, ("c",): 60}, set()),
        ({("b",): 40, ("c",): 60}, set()),
    ],
)
def test_the_attacker_subtracts(shown: dict[Cell, int], found: set[object]) -> None:
    figures = Figures((tree("group", "all", ["a", "b", "c"]),), {("a",): 3, ("b",): 40, ("c",): 60})
    assert set(attack.derivable(everything(Past(figures, Release(figures.dimensions, shown))), [figures])) == found


def test_the_attacker_subtracts_what_was_from_what_is() -> None:
    """Both releases are safe alone; together they tell that four came in."""
    groups = (tree("group", "all", ["a", "b", "c"]),)
    before = Figures(groups, {("a",): 30, ("b",): 40, ("c",): 60})
    after = Figures(groups, {("a",): 34, ("b",): 40, ("c",): 60})
    out = [Past(figures, attack.naive(figures)) for figures in (before, after)]
    rng = random.Random(1)
    found = attack.derivable(attack.questioned(rng, out), [before, after])
    assert (1, "change", ("a",)) in found
    # The change of a is that of all: one and the same for whoever solves for it.
    assert len(found) == 1


def test_the_attacker_knows_that_people_are_whole() -> None:
    """One estimate of 3 per person and another of 3 cannot make 10 or 11 people's worth out of 12 but by threes."""
    groups = (tree("group", "all", ["a", "b"]),)
    figures = Figures(groups, {("a",): 3, ("b",): 24}, {("a",): 3.0, ("b",): 3.0})
    shown = Release(groups, {("all",): 27})
    assert (0, "people", ("a",)) in attack.derivable(everything(Past(figures, shown)), [figures])
    assert release(figures, secret="x").shown == {}, "27 stand for nine people"
