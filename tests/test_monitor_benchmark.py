# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The benchmark of the Wijkmonitor compares like with like. Nothing is timed here."""

from __future__ import annotations

import random
import sqlite3
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from knopenkaart.monitor.records import AreaValues, Value
from knopenkaart.monitor.similar import features, similar
from knopenkaart.vocabulary.catalogue import load_catalogue

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import monitor as benchmark  # noqa: E402


def wijk(number: int, draw: random.Random) -> AreaValues:
    """A wijk of one of ten municipalities, with shares drawn at random; some are absent."""
    alike = [item for item in load_catalogue().indicators.values() if item.alike and item.active]
    values = [Value("population", 2024, 1000.0 + number, "count", "x", "register")]
    values += [
        Value(item.id, 2024, None if draw.random() < 0.1 else float(draw.randrange(1000)), item.unit, "x", item.nature) for item in alike
    ]
    return AreaValues(f"WK{number % 10:04}{number:02}", 2024, "wijk", str(number), f"GM{number % 10:04}", "", tuple(values))


def test_numpy_finds_the_like_wijken_that_we_find() -> None:
    draw = random.Random(1)
    known = features([wijk(number, draw) for number in range(80)], load_catalogue())
    for code in known.scale:
        ours = [item.code for item in similar(known, code, count=benchmark.COUNT)]
        assert benchmark.nearest(known.scale, known.weights, known.homes, code) == ours
    assert benchmark.nearest(known.scale, known.weights, known.homes, "WK999999") == []


def test_the_same_seed_draws_the_same_wijken() -> None:
    codes = [f"WK{number:06}" for number in range(50)]
    assert benchmark.some_wijken(codes, 1, 9) == benchmark.some_wijken(codes[::-1], 1, 9) != benchmark.some_wijken(codes, 2, 9)
    assert len(set(benchmark.some_wijken(codes, 1, 99))) == 50


def test_the_plain_page_shows_the_wijk_and_what_is_around_it() -> None:
    with sqlite3.connect(":memory:") as connection:
        codes = ["NL00", "GM0001", "WK000101", "WK000102", "WK000201", "BU00010101"]
        pd.DataFrame({"code": codes, "indicator": "people", "value": np.arange(6.0)}).to_sql("figures", connection, index=False)
        html = benchmark.plain_page(connection, "WK000101")
    assert [code for code in codes if code in html] == ["NL00", "GM0001", "WK000101", "WK000102"]


def test_parts_that_did_other_work_stop_the_benchmark() -> None:
    benchmark.equal("import", {"ours": {"found": [3, 9]}, "theirs": {"found": [3, 9]}})
    with pytest.raises(SystemExit):
        benchmark.equal("import", {"ours": {"found": [3, 9]}, "theirs": {"found": [3, 8]}})
    with pytest.raises(SystemExit):
        benchmark.equal("similar", {"ours": {"found": [False, 9]}, "theirs": {"found": []}})


@pytest.mark.parametrize(("clock", "said"), [((0.1, 0.1), "met"), ((0.5, 0.1), "only by processor time"), ((0.5, 0.4), "MISSED")])
def test_the_verdict_says_what_was_missed(clock: tuple[float, float], said: str) -> None:
    assert said in benchmark.verdict("page", {"s": clock[0], "cpu": clock[1]})


@pytest.mark.skipif(not (benchmark.DATA / "cbs" / benchmark.FILES[0]).is_file(), reason="no key figures of 2024 in KNOPENKAART_TEST_DATA")
def test_the_plain_table_has_every_area_and_figure() -> None:
    frame = benchmark.read_plain()
    assert (len(frame), frame.shape[1], frame.index.nunique()) == (18310, 11, 18310)
