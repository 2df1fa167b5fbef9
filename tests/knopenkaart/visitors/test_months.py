# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A series as it is shown: hidden months follow from nothing that is told beside them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from knopenkaart.tables import SERIES
from knopenkaart.visitors.months import series_document


def series(*visits: float | None) -> pd.DataFrame:
    return SERIES.frame(
        {"place_id": "p", "start": date(2022 + index // 12, index % 12 + 1, 1), "grain": "month", "visits": value}
        for index, value in enumerate(visits)
    )


def values(document: dict[str, Any]) -> list[int | None]:
    return [row["visits"] for row in document["months"]]


def test_months_of_fewer_than_ten_are_hidden_and_so_is_every_level_and_change_that_would_tell_them() -> None:
    document = series_document(series(*[100, 104, 97, 101, 99, 103, 98, 102, 100, 101, 97, 103], *[5, 4, 6, 5, 4, 6, 5, 5, 4, 6, 5, 5]))
    assert values(document)[12:] == [None] * 12
    assert all(row["change"] is None for row in document["findings"] if None in (row["value"], row["before"]))
    assert not [row for row in document["findings"] if row["what"] in ("gap", "zero", "ended")], "a silence of our own is no news"
    assert all((row["visits"] or 10) >= 10 for row in document["forecast"])


def test_what_stands_out_is_reckoned_from_shown_months() -> None:
    steady = [100, 104, 97, 101, 99, 103, 98, 102, 100, 101, 97, 103] * 2
    before = series_document(series(*steady))
    nudged = series_document(series(*[value + 3 for value in steady]), before=[before])
    assert values(nudged) == values(before)
    assert nudged["forecast"] == before["forecast"]


def test_a_month_that_changed_much_is_told_anew() -> None:
    first = series_document(series(100, 104, 97))
    again = series_document(series(100, 150, 97), before=[first])
    assert values(again) == [100, 150, 97]


def test_a_month_that_went_or_became_small_stays_as_it_was_told() -> None:
    first = series_document(series(100, 104, 97))
    assert values(series_document(series(100, None, 97), before=[first])) == [100, 104, 97]
    assert values(series_document(series(100, 3, 97), before=[first])) == [100, 104, 97]
