# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two figures of a monitor side by side: from files to a correlation, with what it rests on."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from knopenkaart.cli import main
from knopenkaart.errors import InputError
from knopenkaart.monitoring import MonitorRequest, build_monitor, together
from knopenkaart.store import Stored

DATA = Path(os.environ.get("KNOPENKAART_TEST_DATA", "../shared/data"))
UTRECHT = DATA / "leefbaarheid" / "buurten_prov_utrecht_2020.csv"


def _built(folder: Path, lines: list[str]) -> Stored:
    path = folder / "cijfers_2024.csv"
    path.write_text("\n".join(["code,naam,inwoners,l65_plus,woz,percentage_koopwoningen", *lines]) + "\n", encoding="utf-8")
    return build_monitor(folder / "m", MonitorRequest(figures=[path]))


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """Twelve municipalities of six buurten; older people and value go together, ownership is known of half."""
    draw = np.random.default_rng(3)
    lines = []
    for town in range(12):
        for buurt in range(6):
            old = 100 + 10 * int(draw.integers(0, 40))
            value = 150 + old // 5 + int(draw.integers(0, 60))
            owned = str(40 + buurt) if town < 6 else "."
            lines.append(f"BU{town + 1:04}000{buurt},Buurt {town} {buurt},1000,{old},{value},{owned}")
    return _built(tmp_path_factory.mktemp("together"), lines)


def test_a_count_is_taken_as_a_share_of_its_whole(monitor: Stored) -> None:
    found = together(monitor, "pop_65plus", "dwelling_value")
    figures = monitor.table("monitor_figures").set_index(["area_code", "indicator"])["value"].unstack()
    wanted = stats.pearsonr((figures["pop_65plus"] / figures["population"]).astype(float), figures["dwelling_value"].astype(float))
    assert found.correlation.pearson.value == pytest.approx(wanted.statistic)
    assert (found.areas, found.correlation.areas, found.correlation.clusters) == (72, 72, 12)
    assert found.years == (2024, 2024)
    assert found.natures == ("register", "register")


def test_areas_without_one_of_both_are_left_out_and_counted(monitor: Stored) -> None:
    found = together(monitor, "dwelling_ownership", "dwelling_value")
    assert (found.correlation.areas, found.areas) == (36, 72)


def test_a_third_figure_and_larger_areas_are_told(monitor: Stored) -> None:
    found = together(monitor, "pop_65plus", "dwelling_value", beside="dwelling_ownership")
    assert found.correlation.beside_areas == 36
    assert found.correlation.coarse is not None
    assert len(found.natures) == 3


def test_one_municipality_has_too_few_areas(monitor: Stored) -> None:
    with pytest.raises(InputError) as caught:
        together(monitor, "pop_65plus", "dwelling_value", within="GM0001")
    assert caught.value.code == "monitor.too_few_areas"


@pytest.mark.parametrize(
    ("x", "level", "code"),
    [
        ("nonsense", "buurt", "monitor.no_indicator"),
        ("income_low", "buurt", "monitor.too_few_areas"),
        ("nodes", "buurt", "monitor.no_study"),
    ],
)
def test_what_cannot_be_told_is_refused(monitor: Stored, x: str, level: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        together(monitor, x, "dwelling_value", level=level)
    assert caught.value.code == code


def test_the_command_prints_interval_and_warnings(monitor: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["monitor", "correlate", str(monitor.folder), "pop_65plus", "dwelling_value"]) == 0
    out = capsys.readouterr().out
    assert "along a line" in out
    assert "72 of 72 areas (buurt) have both, in 12 municipalities" in out
    assert "warning: what goes together need not bring each other about." in out
    assert main(["monitor", "correlate", str(monitor.folder), "pop_65plus", "dwelling_value", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["correlation"]["method"] == "municipalities"


@pytest.mark.skipif(not UTRECHT.exists(), reason="the file of the province of Utrecht is not there")
def test_facilities_and_cohesion_in_the_province_of_utrecht(tmp_path: Path) -> None:
    """969 buurten, 714 with a score: they go together strongly, and as one model gave both it is said what that is worth."""
    stored = build_monitor(tmp_path / "m", MonitorRequest(figures=[UTRECHT]))
    found = together(stored, "livability_amenities", "livability_cohesion")
    told = found.correlation
    assert (found.areas, told.areas, told.clusters) == (969, 714, 26)
    assert told.pearson.value == pytest.approx(-0.69, abs=0.005)
    assert told.pearson.high < -0.5
    assert told.coarse is not None
    assert set(told.warnings) >= {"no_cause", "areas_not_people", "same_model"}
