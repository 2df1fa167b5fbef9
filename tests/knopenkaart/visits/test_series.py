# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Series of visits: months out of any grain, what stands out in them, seasons, and forecasts that say how often they hold."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from knopenkaart import rng
from knopenkaart.visits.forecast import coverage, forecast, hold_out
from knopenkaart.visits.series import findings, month_day, monthly, season

FIRST = 2015 * 12
BUSY = np.array([0.9, 1.0, 1.1, 1.0, 1.0, 0.9, 0.8, 0.8, 1.1, 1.2, 1.2, 1.0])


def series(values: list[float | None], *, grain: str = "month", place: str = "hall") -> pd.DataFrame:
    step = 3 if grain == "quarter" else 1
    starts = [month_day(FIRST + step * number) for number in range(len(values))]
    return pd.DataFrame({"place_id": place, "start": starts, "grain": grain, "visits": values})


def noisy(months: int, *, noise: float = 0.05, walk: float = 0.0, seed: int = 1, place: str = "hall") -> pd.DataFrame:
    stream = rng.stream(seed, f"test.series.{place}")
    level = np.cumsum(stream.normal(0, walk, months))
    values = 1000 * BUSY[np.arange(months) % 12] * np.exp(level + stream.normal(0, noise, months))
    return series([float(value) for value in values], place=place)


def found_of(table: pd.DataFrame, what: str) -> list[tuple[date, date]]:
    rows = findings(monthly(table))
    rows = rows[rows["what"] == what]
    return list(zip(rows["start"], rows["end"], strict=True))


# --- months ----------------------------------------------------------------------------------------------------------------


def test_days_are_added_up_and_a_month_that_lacks_some_is_grossed_up() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(59)]
    table = pd.DataFrame({"place_id": "hall", "start": days, "grain": "day", "visits": [10.0] * 59})
    table.loc[[3, 4], "visits"] = None
    months = monthly(table)
    assert months["visits"].tolist() == pytest.approx([310, 280])
    assert months["covered"].tolist() == pytest.approx([29 / 31, 1])
    assert set(months["basis"]) == {"sum"}


def test_a_month_of_which_too_few_days_are_known_is_not_estimated() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(24)]
    months = monthly(pd.DataFrame({"place_id": "hall", "start": days, "grain": "day", "visits": [10.0] * 24}))
    assert (months["enough"].item(), months["reason"].item()) == (False, "few_days")
    assert months["visits"].isna().all()


def test_a_week_across_two_months_is_divided_by_its_days() -> None:
    weeks = [date(2026, 1, 26) + timedelta(weeks=number) for number in range(-4, 5)]
    months = monthly(pd.DataFrame({"place_id": "hall", "start": weeks, "grain": "week", "visits": [70.0] * 9}))
    assert months.set_index("month")["visits"][date(2026, 1, 1)] == pytest.approx(310)


def test_a_quarter_is_a_third_per_month_and_says_so() -> None:
    months = monthly(series([900.0, 600.0], grain="quarter"))
    assert months["visits"].tolist() == [300, 300, 300, 200, 200, 200]
    assert set(months["basis"]) == {"quarter"}


def test_every_month_between_has_a_row_and_no_visits_at_all_are_no_estimate() -> None:
    table = series([900.0, None, 0.0, 800.0, 700.0]).drop(index=3)
    months = monthly(table)
    assert months["reason"].fillna("").tolist() == ["", "gap", "zero", "gap", ""]
    assert months["visits"].isna().tolist() == [False, True, True, True, False]


# --- what stands out -------------------------------------------------------------------------------------------------------


def test_gaps_zeros_and_an_early_end_are_told_with_their_months() -> None:
    table = pd.concat([series([900.0, None, None, 950.0, 0.0, 930.0]), series([float(n) for n in range(500, 512)], place="other")])
    assert found_of(table, "gap") == [(date(2015, 2, 1), date(2015, 3, 1))]
    assert found_of(table, "zero") == [(date(2015, 5, 1), date(2015, 5, 1))]
    assert found_of(table, "ended") == [(date(2015, 7, 1), date(2015, 12, 1))]


def test_a_value_three_months_in_a_row_is_a_quarter_and_two_are_chance() -> None:
    table = series([1.0, 5.0, 5.0, 7.0, 7.0, 7.0, 8.0])
    assert found_of(table, "repeat") == [(date(2015, 4, 1), date(2015, 6, 1))]


def test_a_jump_is_found_in_the_month_in_which_it_came() -> None:
    table = noisy(48)
    table.loc[20:, "visits"] *= 1.8
    assert found_of(table, "jump") == [(month_day(FIRST + 20), month_day(FIRST + 47))]
    row = findings(monthly(table)).iloc[0]
    assert row["change"] == pytest.approx(0.8, abs=0.15)


@pytest.mark.parametrize("seed", range(8))
def test_a_season_or_a_slow_decline_is_no_jump(seed: int) -> None:
    table = noisy(60, seed=seed)
    assert found_of(table, "jump") == []
    table["visits"] *= np.exp(-0.01 * np.arange(60))
    assert found_of(table, "jump") == []


def test_one_odd_month_is_an_outlier_and_no_jump() -> None:
    table = noisy(48)
    table.loc[20, "visits"] *= 0.4
    assert found_of(table, "outlier") == [(month_day(FIRST + 20), month_day(FIRST + 20))]
    assert found_of(table, "jump") == []


# --- seasons ---------------------------------------------------------------------------------------------------------------


def test_the_season_is_found_with_intervals_that_hold_it() -> None:
    truth = BUSY / BUSY.mean()
    held = []
    for seed in range(60):
        rows = season(monthly(noisy(60, seed=seed)))
        assert rows["factor"].mean() == pytest.approx(1)
        held += [low <= value <= high for value, low, high in zip(truth, rows["low"], rows["high"], strict=True)]
    assert 0.92 <= np.mean(held) <= 0.985


@pytest.mark.parametrize(("table", "reason"), [(noisy(20), "two_years"), (series([100.0 + n // 3 for n in range(48)]), "repeated")])
def test_a_season_that_cannot_be_known_is_refused(table: pd.DataFrame, reason: str) -> None:
    rows = season(monthly(table))
    assert len(rows) == 12
    assert not rows["enough"].any()
    assert set(rows["reason"]) == {reason}


# --- a year ahead ----------------------------------------------------------------------------------------------------------


def test_prediction_intervals_hold_where_the_world_is_as_the_model() -> None:
    table = pd.concat([noisy(72, walk=0.03, place=f"p{number}") for number in range(25)])
    months = monthly(table)
    found = coverage(hold_out(months), months)
    everything = found[found["case"] == "all"].iloc[0]
    assert everything["places"] == 25
    assert 0.88 <= everything["held"] <= 0.98


def test_a_hold_out_uses_nothing_that_came_later() -> None:
    table = noisy(40)
    before = hold_out(monthly(table), horizon=3)
    table.loc[39, "visits"] *= 3
    after = hold_out(monthly(table), horizon=3)
    assert before["visits"].tolist() == after["visits"].tolist()
    assert before["actual"].tolist() != after["actual"].tolist()


def test_a_place_that_stopped_or_is_young_is_not_forecast() -> None:
    table = pd.concat(
        [
            noisy(48),
            noisy(40, place="stopped"),
            noisy(20, place="young").assign(start=lambda rows: [month_day(FIRST + 28 + n) for n in range(20)]),
        ]
    )
    found = forecast(monthly(table)).groupby("place_id").first()
    assert found["reason"].fillna("").to_dict() == {"hall": "", "stopped": "ended", "young": "two_years"}
    assert found["enough"].to_dict() == {"hall": True, "stopped": False, "young": False}
