# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures as they are stored, and answers as they are kept: nothing is lost, nothing becomes zero, nothing outlives its stamp."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from knopenkaart_web.monitor.bundle import FigureRow
from knopenkaart_web.monitor.kept import Kept, remembered
from knopenkaart_web.monitor.packing import pack, places, unpack

NOORD = "WK900101"


def row(indicator: str = "population", value: float | None = 1600.0, reason: str = "", **more: object) -> FigureRow:
    return FigureRow(NOORD, 2024, indicator, "all", 2024, value, "count", None, None, None, "register", reason, "cbs")._replace(**more)


def test_what_is_the_same_for_every_area_stands_there_once() -> None:
    packed = pack([row(), row(area_code="WK900102", value=80.0), row("men", 790.0)])["cbs"]
    assert list(packed.heads) == [("population", "all", 2024, "count", "register"), ("men", "all", 2024, "count", "register")]
    assert packed.areas == {(NOORD, 2024): [[0, 1600.0], [1, 790.0]], ("WK900102", 2024): [[0, 80.0]]}


def test_a_figure_without_a_value_keeps_its_reason_and_stays_without() -> None:
    packed = pack([row(value=None, reason="suppressed"), row("men", value=None)])["cbs"]
    first, second = unpack(packed.areas[NOORD, 2024], [list(head) for head in packed.heads], source="cbs", area_year=2024)
    assert (first.value, first.reason) == (None, "suppressed")
    assert (second.value, second.reason) == (None, "")


def test_only_some_indicators_are_unpacked() -> None:
    packed = pack([row(), row("men", 790.0), row("men", 780.0, year=2023)])["cbs"]
    heads = [list(head) for head in packed.heads]
    only = places(heads, ["men"])
    found = unpack(packed.areas[NOORD, 2024], heads, source="cbs", area_year=2024, only=only)
    assert [(value.indicator, value.year, value.value) for value in found] == [("men", 2024, 790.0), ("men", 2023, 780.0)]


number = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))
rows = st.builds(
    FigureRow,
    area_code=st.just(NOORD),
    area_year=st.just(2024),
    indicator=st.sampled_from(["population", "men", "employment_rate"]),
    group=st.sampled_from(["all", "women"]),
    year=st.integers(2000, 2030),
    value=number,
    unit=st.sampled_from(["count", "percent"]),
    n=number,
    low=number,
    high=number,
    nature=st.sampled_from(["register", "survey"]),
    reason=st.sampled_from(["", "missing", "suppressed", "hidden"]),
    source=st.just("cbs"),
)


@given(st.lists(rows, min_size=1))
def test_what_is_unpacked_is_what_was_packed(figures: list[FigureRow]) -> None:
    packed = pack(figures)["cbs"]
    heads = json.loads(json.dumps([list(head) for head in packed.heads]))
    stored = json.loads(json.dumps(packed.areas[NOORD, 2024]))
    found = list(unpack(stored, heads, source="cbs", area_year=2024))
    for figure, value in zip(figures, found, strict=True):
        names = ("indicator", "group", "year", "value", "unit", "n", "low", "high", "nature", "reason", "source", "area_year")
        assert [getattr(value, name) for name in names] == [getattr(figure, name) for name in names]


def test_the_oldest_answer_goes_first_and_asking_makes_young() -> None:
    kept = Kept(2)
    for key in ("a", "b"):
        kept.put("1", key, key)
    assert kept.get("1", "a") == "a"
    kept.put("1", "c", "c")
    assert [kept.get("1", key) for key in "abc"] == ["a", None, "c"]


def test_answers_of_another_stamp_are_neither_given_nor_kept() -> None:
    kept = Kept(9)
    kept.put("1", "a", "old")
    assert kept.get("2", "a") is None
    kept.put("2", "b", "new")
    assert kept.get("1", "a") is None
    assert len(kept) == 1


def test_an_answer_is_made_once() -> None:
    kept, made = Kept(2), []
    for _ in range(3):
        assert remembered(kept, "1", "a", lambda: made.append(1) or "answer") == "answer"  # type: ignore[func-returns-value]
    assert made == [1]


def test_that_there_is_none_takes_no_place() -> None:
    kept = Kept(2)
    remembered(kept, "1", "a", lambda: "answer")
    for key in range(9):
        assert remembered(kept, "1", key, lambda: None) is None
    assert kept.get("1", "a") == "answer"
