# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nineteen public libraries of Newcastle, month by month 2008-2013: what is in the series, and what a forecast of them is worth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from knopenkaart.sources.counters import guess_series, read_series
from knopenkaart.visits.forecast import coverage, forecast, hold_out
from knopenkaart.visits.series import findings, monthly, season


@pytest.fixture(scope="module")
def visits(real_data: Callable[[str], Path]) -> pd.DataFrame:
    path = real_data("bezoek/newcastle_bibliotheekbezoek_maand_2008_2013.csv")
    names = {name: name for name in pd.read_csv(path)["Library"].unique()}
    return read_series(path, columns=guess_series(path), places=names).series


@pytest.fixture(scope="module")
def months(visits: pd.DataFrame) -> pd.DataFrame:
    return monthly(visits)


def test_nineteen_libraries_are_read_with_every_month_that_has_a_value(visits: pd.DataFrame) -> None:
    assert visits["place_id"].nunique() == 19
    assert visits["visits"].notna().sum() == 1257
    assert set(visits["grain"]) == {"month"}


def test_months_are_told_by_how_they_are_known(months: pd.DataFrame) -> None:
    assert months.groupby("basis").size().to_dict() == {"month": 808, "none": 7, "repeated": 449}
    assert months["reason"].value_counts().to_dict() == {"zero": 9, "gap": 7}
    assert months["enough"].sum() == 1248


def test_gaps_repeated_quarters_and_jumps_are_found(months: pd.DataFrame) -> None:
    found = findings(months)
    number = found.groupby("what").size().to_dict()
    assert number == {"ended": 6, "gap": 3, "jump": 14, "outlier": 5, "repeat": 148, "zero": 3}
    repeats = found[found["what"] == "repeat"]
    assert (repeats["place_id"].nunique(), repeats["months"].sum()) == (16, 449)
    jumps = set(zip(*(found.loc[found["what"] == "jump", name] for name in ("place_id", "start")), strict=True))
    # The new City Library opened in June 2009; that of the West End counts five times as many from November 2008.
    assert {("City", date(2009, 6, 1)), ("West End", date(2008, 11, 1)), ("Denton Burn", date(2013, 7, 1))} <= jumps
    gaps = found[found["what"] == "gap"]
    assert dict(zip(gaps["place_id"], gaps["months"], strict=True)) == {"Jesmond": 3, "Kenton": 3, "Walker": 1}


def test_libraries_that_count_per_quarter_have_no_season_and_december_is_quiet_in_the_others(months: pd.DataFrame) -> None:
    found = season(months)
    assert found[found["enough"]]["place_id"].nunique() == 11
    assert set(found.loc[~found["enough"], "reason"]) == {"repeated"}
    told = found[found["enough"]].groupby("month")["factor"].mean()
    assert told.idxmin() == 12
    assert told[12] == pytest.approx(0.84, abs=0.01)


def test_prediction_intervals_of_a_year_ahead_hold_less_often_than_they_promise(months: pd.DataFrame) -> None:
    found = coverage(hold_out(months), months).set_index("case")
    assert found.loc["all", "forecasts"] == 587
    # As it is: 95 % was promised.
    assert found.loc["all", "held"] == pytest.approx(0.871, abs=0.002)
    assert found.loc["jump", "held"] == pytest.approx(0.653, abs=0.02)
    assert found.loc["other", "held"] == pytest.approx(0.940, abs=0.01)
    assert found.loc["all", "half_width"] == pytest.approx(0.60, abs=0.01)


def test_six_libraries_that_stopped_are_not_forecast(months: pd.DataFrame) -> None:
    found = forecast(months)
    assert found[found["reason"] == "ended"]["place_id"].nunique() == 6
    assert found[found["enough"]]["place_id"].nunique() == 13
