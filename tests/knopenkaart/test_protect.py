# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of people as they leave the house: whatever a row tells follows from its counts in tens."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knopenkaart.privacy import shown
from knopenkaart.protect import protected
from knopenkaart.tables import COMPETITION, GAPS, HOMES, ISOCHRONES, OVERLAPS, REACH_AREAS, REACH_PLACES, RESIDENTS, SUPPLY, Table

COUNT = st.floats(0, 400).map(lambda value: round(value, 3))


def one(table: Table, **values: Any) -> dict[str, Any]:
    """The only row of a protected table, with plain values; what is not said gets something that fits."""
    usual = {"text": "x", "int": 1, "float": 1.0, "bool": True, "json": [], "people": 100.0, "share": 0.5}
    row = {name: usual[column.kind] for name, column in table.columns.items()} | values
    found = protected(table.frame([row]), table).iloc[0]
    return {name: None if pd.api.types.is_scalar(value) and pd.isna(value) else value for name, value in found.items()}


def test_counts_are_in_tens_and_small_ones_are_gone() -> None:
    row = one(COMPETITION, people=1234.0, people_weighted=9.0, people_divided=0.0)
    assert (row["people"], row["people_weighted"], row["people_divided"]) == (1230, None, 0)


def test_a_share_is_that_of_the_shown_counts() -> None:
    assert one(GAPS, people=96.0, without=34.9)["share"] == 0.3
    assert one(GAPS, people=96.0, without=3.0)["share"] is None
    assert one(OVERLAPS, people_a=100.0, people_b=204.0, shared=96.0)["share_b"] == 0.5
    assert one(OVERLAPS, people_a=100.0, people_b=204.0, shared=96.0)["share_a"] is None, "four are left"


def test_a_margin_is_widened_to_tens_around_the_shown_count() -> None:
    row = one(REACH_PLACES, people=123.0, low=121.0, high=137.0)
    assert (row["low"], row["people"], row["high"]) == (110, 120, 140)
    exact = one(REACH_PLACES, people=123.0, low=123.0, high=123.0)
    assert (exact["low"], exact["high"]) == (120, 120), "what is exact stays without a margin"
    assert one(REACH_PLACES, people=12.0, low=0.0, high=40.0)["low"] == 0


def test_places_per_person_do_not_tell_the_persons() -> None:
    one_place = one(SUPPLY, per_1000=1000 / 1623.4, per_1000_weighted=1000 / 7.0)
    assert one_place["per_1000"] == round(1000 / 1600, 4)
    assert one_place["per_1000_weighted"] is None
    assert one(SUPPLY, per_1000=0.0)["per_1000"] == 0.0
    assert one(SUPPLY, per_1000=None)["per_1000"] is None


@pytest.mark.parametrize(("reached", "told"), [(0.0, True), (4.0, False), (10.0, True), (96.0, False), (100.0, True)])
def test_places_per_person_of_a_hidden_few_are_hidden(reached: float, told: bool) -> None:
    assert (one(SUPPLY, people=100.0, reached=reached, per_1000=0.02)["per_1000"] is not None) == told


def test_nothing_tells_how_many_live_in_a_home() -> None:
    assert one(RESIDENTS, people=1234.0, per_dwelling=2.002)["per_dwelling"] is None
    assert one(HOMES, dwellings=3.0)["dwellings"] is None


ALL_QUANTILES = ["p10", "p25", "p50", "p75", "p90"]


@pytest.mark.parametrize(
    ("people", "told"),
    [(24.0, []), (26.0, ["p50"]), (46.0, ["p25", "p50", "p75"]), (104.0, ["p25", "p50", "p75"]), (106.0, ALL_QUANTILES)],
)
def test_quantiles_are_those_of_enough_people(people: float, told: list[str]) -> None:
    row = one(REACH_AREAS, people=people)
    assert [name for name in ALL_QUANTILES if row[name] is not None] == told


@settings(deadline=None)
@given(people=st.floats(1, 300))
def test_quantiles_bound_no_hidden_count(people: float) -> None:
    """On either side of a quantile that is told lie ten people or more: of fewer it says nothing."""
    row = one(REACH_AREAS, people=people)
    for name, share in zip(ALL_QUANTILES, (0.1, 0.25, 0.5, 0.75, 0.9), strict=True):
        if row[name] is not None:
            assert min(share, 1 - share) * people >= 10


def test_of_too_few_people_nothing_is_said() -> None:
    row = one(REACH_AREAS, people=8.0)
    assert [row[name] for name in ("people", "p10", "p50", "p90")] == [None] * 4
    assert one(REACH_PLACES, people=8.0)["homes"] is None
    assert one(RESIDENTS, people=8.0)["per_dwelling"] is None


def test_the_homes_of_an_area_are_told_of_whoever_lives_in_them() -> None:
    """They are no count of people, and stand in every row: an empty one would break the description of the table."""
    row = one(RESIDENTS, people=8.0, homes=12, dwellings=14.0)
    assert (row["people"], row["homes"], row["dwellings"]) == (None, 12, 14.0)


def test_a_table_without_people_stays_as_it_is() -> None:
    empty = ISOCHRONES.empty()
    assert protected(empty, ISOCHRONES) is empty


@pytest.mark.parametrize(
    ("table", "parts", "ratios"),
    [
        (GAPS, ("without",), {}),
        (OVERLAPS, ("shared",), {}),
        (RESIDENTS, ("not_covered",), {}),
    ],
)
@settings(deadline=None)
@given(whole=COUNT, share=st.floats(0, 1), moved=st.floats(-4.9, 4.9))
def test_rows_whose_counts_look_alike_are_alike_in_all(
    table: Table, parts: tuple[str, ...], ratios: dict[str, tuple[str, float]], whole: float, share: float, moved: float
) -> None:
    """Whoever sees a protected row cannot tell it from another with other people behind the same tens."""

    def row(people: float) -> dict[str, Any]:
        counts = {name: people for name, column in table.columns.items() if column.kind == "people"} | dict.fromkeys(parts, part)
        rest = {name: counts[of] / by for name, (of, by) in ratios.items()}
        return one(table, **counts, **rest, **({"dwellings": 50.0} if ratios else {}))

    part = whole * share
    other = max(part, whole + moved)
    same = shown(other) == shown(whole) and shown(other - part) == shown(whole - part)
    if same:
        assert row(other) == row(whole)
