# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an attacker may try on tables of meeting: no count of fewer than ten is told, nor follows from what is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knopenkaart.meeting.protect import digits, protected
from knopenkaart.privacy import shown
from knopenkaart.tables import MEETING
from knopenkaart.tables.core import Table

ALL, YOUNG, OLD = "all", "age_15_24", "age_65_plus"


def _filled(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in which what is not said is 1, or text."""
    usual = {"text": "x", "bool": True}
    return {name: usual.get(column.kind, 1) for name, column in table.columns.items() if column.required} | dict(row)


def tables(**rows: Sequence[Mapping[str, Any]]) -> dict[str, pd.DataFrame]:
    return {name: MEETING[name].frame(_filled(MEETING[name], row) for row in found) for name, found in rows.items()}


def place(place_id: str, group: str, visits: float, faces: float = 100.0) -> dict[str, Any]:
    return {"place_id": place_id, "group": group, "visits": visits, "visits_low": visits / 2, "visits_high": visits * 2, "faces": faces}


def matrix(faces: Sequence[Sequence[float]], shares: Sequence[float]) -> dict[str, pd.DataFrame]:
    """A matrix of faces with its ratios to what the sizes of groups would give; encounters are many."""
    rows = []
    for g, row in enumerate(faces):
        for h, value in enumerate(row):
            even = sum(row) * shares[h]
            rows.append({"place_id": ALL, "group": f"g{g}", "other": f"g{h}", "encounters": 500, "faces": value})
            rows[-1]["ratio"] = value / even if even else None
    return tables(meeting_matrix=rows)


def ratios(found: Mapping[str, pd.DataFrame]) -> list[float | None]:
    told = protected(found)["meeting_matrix"]["ratio"]
    return [None if pd.isna(value) else float(value) for value in told]


def test_people_are_in_tens_and_of_few_nothing_is_told() -> None:
    area = {"level": "buurt", "group": ALL, "visits": 0.5, "faces": 4.0, "above": 0.9, "reached": 0.5, "reached_across": 0.5}
    found = protected(
        tables(meeting_areas=[area | {"area_code": "A", "people": 123.4}, area | {"area_code": "B", "people": 9.4}]),
    )["meeting_areas"].set_index("area_code")
    assert found.loc["A", "people"] == 120
    assert found.loc["B"].drop(["level", "group"]).isna().all()


def test_a_share_is_a_whole_percent_and_tells_of_no_few() -> None:
    """1 of 12 would be told by 0.083333, and twelve with it; of 200, 6 are too few, and so is all but 6."""
    rows = [(12, 1 / 12), (200, 0.03), (200, 0.97), (200, 0.25), (200, 0.0), (207, 51 / 207)]
    areas = [{"area_code": str(at), "group": ALL, "people": people, "reached": share} for at, (people, share) in enumerate(rows)]
    found = protected(tables(meeting_areas=areas))["meeting_areas"]["reached"]
    assert [None if pd.isna(value) else float(value) for value in found] == [None, None, None, 0.25, 0.0, 0.24]


def test_bounds_of_a_share_lie_whole_percents_from_it_and_no_side_is_of_few() -> None:
    """Of 200 a bound of 4 % would be of eight people: it is nobody then, and one of 97 % is everybody."""
    rows = [(1000, 0.504, 0.3001, 0.8), (200, 0.5, 0.042, 0.968), (200, 0.5, 0.55, 0.45), (200, 0.03, 0.01, 0.2), (9, 0.5, 0.1, 0.9)]
    areas = [
        {"area_code": str(at), "group": ALL, "people": people, "reached": share, "reached_low": low, "reached_high": high}
        for at, (people, share, low, high) in enumerate(rows)
    ]
    found = protected(tables(meeting_areas=areas))["meeting_areas"][["reached", "reached_low", "reached_high"]]
    told = [[None if pd.isna(value) else float(value) for value in row] for row in found.to_numpy(object)]
    # A share lies within its bounds; where it is hidden so are they.
    assert told == [[0.5, 0.29, 0.8], [0.5, 0.0, 1.0], [0.5, 0.5, 0.5], [None] * 3, [None] * 3]


@settings(deadline=None, max_examples=60)
@given(st.integers(10, 3000), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
@example(25, 0.5, 0.0, 0.0)
def test_no_bound_of_a_share_tells_of_fewer_than_ten(people: int, share: float, low: float, high: float) -> None:
    row = {"area_code": "A", "group": ALL, "people": people, "reached": share, "reached_low": low, "reached_high": high}
    found = protected(tables(meeting_areas=[row]))["meeting_areas"].iloc[0]
    if pd.isna(found["reached"]):
        assert pd.isna(found["reached_low"])
        assert pd.isna(found["reached_high"])
        return
    assert 0 <= found["reached_low"] <= found["reached"] <= found["reached_high"] <= 1
    for bound in (found["reached_low"], found["reached_high"]):
        for part in (bound, 1 - bound):
            # Ten of thirty are told as .33: half a percent is rounding.
            assert part < 1e-9 or (part + 0.005) * found["people"] >= 10 - 1e-6
        assert bound * 100 == pytest.approx(round(bound * 100))


def test_bounds_of_the_part_of_a_place_are_whole_percents_around_it() -> None:
    """250 of the 2,500 faces shown: 10 %; of these 40 of 250 between groups."""
    found = _town(old=40.0)
    found["meeting_places"] = found["meeting_places"].assign(faces_across=41.0)
    found["meeting_areas"] = found["meeting_areas"].assign(faces=1.0)
    bounds = {"part_low": 0.0712, "part_high": 0.3001, "part_across_low": 0.5, "part_across_high": 0.9}
    found["meeting_contribution"] = found["meeting_contribution"].assign(**bounds)
    row = protected(found)["meeting_contribution"].loc[0]
    assert row[list(bounds)].tolist() == [0.07, 0.31, 0.16, 0.9]
    found["meeting_areas"] = found["meeting_areas"].assign(people=8.0)
    assert protected(found)["meeting_contribution"].loc[0, ["part_low", "part_high"]].isna().all()


def test_of_the_curve_the_same_holds_for_who_lives_near_and_for_visits() -> None:
    row = {"area_code": "W", "demand": "elastic", "programme": "own", "people": 200.0, "within_800": 0.5}
    points = [
        row | {"places": 1, "visits": 8.0, "within_500": 0.03},
        row | {"places": 2, "visits": 8.0, "within_500": 0.5},
        row | {"places": 3, "visits": 81.234, "within_500": 0.98},
    ]
    found = protected(tables(curve_points=points))["curve_points"]
    assert list(found["visits"].isna()) == [True, False, False]
    assert list(found["within_500"].isna()) == [True, False, True]
    assert found.loc[2, "visits"] == 81.2
    assert set(found["people"]) == {200}


def test_a_hidden_pair_of_groups_does_not_follow_from_the_ratios_beside_it() -> None:
    """Of 200 faces 6 are of the third group: with exact ratios 1 - (.5 x 1.0 + .25 x 1.88) would be 3 %, so six."""
    one, other = ([[100.0, 94.0, 6.0]], [[100.0, 94.0, 9.0]])
    sizes = (0.5, 0.25, 0.25)
    assert ratios(matrix(one, sizes)) == ratios(matrix(other, sizes))
    assert ratios(matrix(one, sizes))[2] is None
    # 100 / (195 x .5), with five for what is hidden.
    assert ratios(matrix(one, sizes))[0] == pytest.approx(1.03, abs=0.005)


@given(st.lists(st.integers(0, 300), min_size=3, max_size=3), st.lists(st.integers(-4, 4), min_size=3, max_size=3))
@example([295, 195, 295], [0, 0, 3])
def test_tables_that_are_shown_alike_have_like_ratios(faces: list[int], moved: list[int]) -> None:
    other = [max(0, value + by) for value, by in zip(faces, moved, strict=True)]
    if [shown(value) for value in faces] != [shown(value) for value in other]:
        return
    sizes = (0.2, 0.3, 0.5)
    assert ratios(matrix([faces], sizes)) == ratios(matrix([other], sizes))


def test_where_everybody_is_shown_in_proportion_the_ratio_is_one() -> None:
    assert ratios(matrix([[200.0, 300.0, 500.0]], (0.2, 0.3, 0.5))) == [1.0, 1.0, 1.0]


def _town(*, old: float, groups: bool = True, few: float = 5.0) -> dict[str, pd.DataFrame]:
    rows = [place("a", ALL, 100.0, 251.0), place("b", ALL, few, 3.0), place("c", ALL, 40.0, 3.0)]
    rows += [place("a", YOUNG, 100.0 - old), place("a", OLD, old)] if groups else []
    adds = [{"place_id": name, "attributed": 0.1004, "segregation": 0.3456, "null_low": 0.01, "null_high": 0.2} for name in "abc"]
    return tables(
        meeting_places=rows,
        meeting_contribution=adds,
        meeting_areas=[{"area_code": ALL, "group": ALL, "people": 2503.0}],
    )


def test_of_a_place_with_too_few_visits_or_faces_nothing_is_told_elsewhere() -> None:
    found = protected(_town(old=40.0))["meeting_contribution"]
    assert list(found["place_id"]) == ["a"]
    # 250 faces of 2500 residents, both as they are shown.
    assert found.loc[0, "attributed"] == 0.1


def test_how_one_sided_a_place_is_is_told_where_all_its_groups_are() -> None:
    """Of two groups it is the share of the one: with 100 visits .04 would tell of four."""
    assert protected(_town(old=40.0))["meeting_contribution"].loc[0, "segregation"] == 0.346
    for hidden in (_town(old=4.0), _town(old=0.0, groups=False)):
        row = protected(hidden)["meeting_contribution"].loc[0]
        assert row[["segregation", "null_low", "null_high"]].isna().all()
        assert row["closed_elastic"] == 1.0


def test_bounds_lie_whole_tens_from_what_is_shown() -> None:
    found = protected(tables(meeting_places=[place("a", ALL, 44.0), place("b", ALL, 12.0)]))["meeting_places"]
    assert found[["visits", "visits_low", "visits_high"]].to_numpy().tolist() == [[40, 10, 90], [10, 0, 30]]


@given(st.floats(1e-9, 1e6))
def test_three_digits_are_near_and_no_more(value: float) -> None:
    assert digits(value) == pytest.approx(value, rel=0.00501)
    assert len(f"{digits(value):.9e}".split("e")[0].replace(".", "").rstrip("0")) <= 3


def test_what_tells_of_no_people_is_left_as_it_is() -> None:
    found = tables(curve_findings=[{"area_code": ALL, "nl": "zin", "en": "sentence", "candidates": 112}])
    pd.testing.assert_frame_equal(protected(found)["curve_findings"], found["curve_findings"])
    assert np.isfinite(protected(tables(thesis=[{"area_code": ALL, "probability": 0.5}]))["thesis"]["probability"]).all()


def test_a_mean_of_a_sum_that_is_hidden_is_not_told() -> None:
    """600 residents with .012 visits each make 7.2: those of the only place there is."""
    row = {"group": ALL, "people": 600.0, "visits": 0.012, "encounters": 0.02, "faces": 0.0, "faces_across": 0.0}
    found = protected(tables(meeting_areas=[row | {"area_code": "A"}]))["meeting_areas"].loc[0]
    assert pd.isna(found["visits"])
    assert (found["encounters"], found["faces"]) == (0.02, 0.0)
    few = row | {"area_code": "B", "faces": 0.01, "faces_low": 0.005, "faces_high": 0.02, "above": 0.9}
    hidden = protected(tables(meeting_areas=[few]))["meeting_areas"].loc[0]
    assert hidden[["faces", "faces_low", "faces_high", "above"]].isna().all()
    point = row | {"area_code": "A", "demand": "elastic", "programme": "own", "places": 2, "visits": 4.9, "faces": 0.01, "faces_low": 0.005}
    told = protected(tables(curve_points=[point]))["curve_points"].loc[0]
    assert told[["visits", "faces", "faces_low"]].isna().all()
    assert told["encounters"] == 0.02
