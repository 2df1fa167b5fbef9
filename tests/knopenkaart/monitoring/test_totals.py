# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What parts add up to stands beside what is published of the whole, and rounding is told from a real difference."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from knopenkaart.errors import InputError
from knopenkaart.monitoring import Beside, MonitorRequest, build_monitor, totals
from knopenkaart.store import Stored

from .monitored import ROWS, table

RealData = Callable[[str], Path]


def monitor(folder: Path, rows: dict[str, str] = ROWS) -> Stored:
    return build_monitor(folder / "monitor", MonitorRequest(figures=[table(folder, 2024, rows)]))


def beside(stored: Stored, code: str, indicator: str) -> dict[str, Beside]:
    _, found = totals(stored, code, indicators=[indicator])
    return {item.level: item for item in found}


def test_buurten_wijken_and_municipalities_are_added_each_by_themselves(tmp_path: Path) -> None:
    stored = monitor(tmp_path)
    found = beside(stored, "NL00", "population")
    assert [(level, item.total.value, item.total.parts) for level, item in found.items()] == [
        ("municipality", 207, 1),
        ("wijk", 205, 1),
        ("buurt", 205, 2),
    ]
    assert {item.published.value for item in found.values() if item.published} == {1000}


@pytest.mark.parametrize(("published", "verdict"), [(205, "equal"), (207, "rounding"), (210, "rounding"), (211, "differs")])
def test_a_difference_within_rounding_is_no_difference(tmp_path: Path, published: int, verdict: str) -> None:
    rows = ROWS | {"GM0001": f"Dorp,Dorp,{published},100,90,60,1"}
    assert beside(monitor(tmp_path, rows), "GM0001", "population")["buurt"].verdict == verdict


@pytest.mark.parametrize(("published", "verdict"), [(61, "rounding"), (60, "differs")])
def test_a_share_is_weighted_by_dwellings_which_are_not_rounded(tmp_path: Path, published: int, verdict: str) -> None:
    wijk = ROWS["WK000100"].replace(",60,", f",{published},")
    found = beside(monitor(tmp_path, ROWS | {"WK000100": wijk}), "WK000100", "dwelling_ownership")["buurt"]
    assert found.total.value == pytest.approx((50 * 40 + 70 * 50) / 90)
    assert found.verdict == verdict


def test_a_part_that_is_left_out_leaves_the_total_out(tmp_path: Path) -> None:
    rows = ROWS | {"BU00010000": "Noord,Dorp,.,50,40,50,1"}
    found = beside(monitor(tmp_path, rows), "WK000100", "population")["buurt"]
    assert (found.total.value, found.total.reason, found.total.low, found.verdict) == (None, "suppressed", 102.5, "")


def test_the_whole_itself_is_told(tmp_path: Path) -> None:
    whole, found = totals(monitor(tmp_path), "WK000100")
    assert (whole.code, whole.name, whole.level, whole.year) == ("WK000100", "Wijk 00 Kern", "wijk", 2024)
    assert {item.level for item in found} == {"buurt"}


def test_a_buurt_has_no_parts(tmp_path: Path) -> None:
    assert totals(monitor(tmp_path), "BU00010000")[1] == []


@pytest.mark.parametrize(
    ("code", "year", "indicators", "error"),
    [
        ("GM9999", None, [], "monitor.no_area"),
        ("GM0001", 2020, [], "monitor.no_area"),
        ("GM0001", None, ["happiness_of_cats"], "monitor.no_indicator"),
    ],
)
def test_what_is_not_there_is_refused(tmp_path: Path, code: str, year: int | None, indicators: list[str], error: str) -> None:
    with pytest.raises(InputError) as caught:
        totals(monitor(tmp_path), code, year=year, indicators=indicators)
    assert caught.value.code == error


# --- Rotterdam --------------------------------------------------------------------------------------------------------


def test_the_buurten_of_rotterdam_are_as_in_the_file_and_add_up_to_the_municipality_but_for_rounding(
    tmp_path: Path, real_data: RealData
) -> None:
    buurten, country = real_data("rotterdam/rotterdam_buurten_kwb2024.gpkg"), real_data("cbs/kwb2024_statline_leeftijd_geslacht.csv.gz")
    loose = real_data("cbs/kwb2024_statline_herkomst.csv.gz")
    stored = build_monitor(tmp_path / "monitor", MonitorRequest(figures=[buurten, country, loose]))
    joined = pd.read_csv(real_data("cbs/kwb2024_schoon.csv.gz"), index_col="code")
    mine = joined[joined.index.str.startswith("BU0599")]
    found = {item.total.indicator: item for item in totals(stored, "GM0599")[1] if item.level == "buurt"}
    assert len(mine) == 91
    population = found["population"]
    assert population.total.value == 670_585
    assert population.published is not None
    assert population.published.value == 670_610
    assert (population.total.high or 0) - 670_585 == 91 * 2.5
    columns = {"men": "mannen", "pop_65plus": "l65_plus", "origin_outside_europe": "herkomst_buiten_europa", "pop_0_14": "l00_15"}
    for indicator, column in columns.items():
        assert found[indicator].total.value == mine[column].sum()
    assert {item.verdict for item in found.values()} <= {"equal", "rounding"}
    figures = stored.table("monitor_figures")
    old = figures[figures["area_code"].isin(mine.index) & (figures["indicator"] == "pop_65plus")].set_index("area_code")
    shares = (old["value"] / old["n"]).astype(float)
    expected = (mine["l65_plus"] / mine["inwoners"].where(mine["inwoners"] > 0)).astype(float)
    pd.testing.assert_series_equal(shares.sort_index(), expected.sort_index(), check_names=False, check_index_type=False)
