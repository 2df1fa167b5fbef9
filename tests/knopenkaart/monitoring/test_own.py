# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A municipality's own table stands among the figures of a monitor, and only what may be shown of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from knopenkaart.monitoring import Monitor, MonitorRequest, build_monitor, make_monitor

from .monitored import table

MAPPING = """
header_row = 1
title = "Eigen tabel"
[[columns]]
header = "Gebied"
number = 1
field = "area"
[[columns]]
header = "Jaar"
number = 2
field = "period"
[[columns]]
header = "Aandeel"
number = 3
field = "indicator:own_lonely"
[[columns]]
header = "Mensen"
number = 4
field = "n"
[[indicators]]
id = "own_lonely"
nl = "vaak eenzaam"
unit = "percent"
theme = "care"
"""


def files(folder: Path, rows: str) -> tuple[Path, Path]:
    (folder / "eigen.csv").write_text(f"Gebied;Jaar;Aandeel;Mensen\n{rows}", encoding="utf-8")
    (folder / "eigen.toml").write_text(MAPPING, encoding="utf-8")
    return folder / "eigen.csv", folder / "eigen.toml"


def made(folder: Path, rows: str) -> Monitor:
    return make_monitor(MonitorRequest(figures=[table(folder, 2024)], own=[files(folder, rows)]))


def own(monitor: Monitor) -> dict[str, tuple[float | None, str | None]]:
    rows = monitor.figures[monitor.figures["indicator"] == "own_lonely"].astype(object)
    rows = rows.where(rows.notna(), None)
    return {row["area_code"]: (row["value"], row["reason"]) for row in rows.to_dict("records")}


def test_own_figures_stand_beside_the_published_ones_and_name_their_source(tmp_path: Path) -> None:
    monitor = made(tmp_path, "BU00010000;2024;40;100\nBU00010001;2024;30;100\n")
    assert own(monitor) == {"BU00010000": (40, None), "BU00010001": (30, None)}
    assert "own_eigen_tabel" in set(monitor.sources["id"])
    assert [item["id"] for item in monitor.indicators] == ["own_lonely"]
    assert (monitor.figures["indicator"] == "population").sum() == 5


def test_fewer_than_ten_people_are_hidden_and_that_is_told(tmp_path: Path) -> None:
    monitor = made(tmp_path, "BU00010000;2024;4;100\nBU00010001;2024;30;100\n")
    assert own(monitor)["BU00010000"] == (None, "hidden")
    (notice,) = [row for row in monitor.notices.to_dict("records") if row["code"] == "monitor.own_hidden"]
    assert notice["details"]["small"] == 1


def test_the_same_table_hides_the_same_figures_again(tmp_path: Path) -> None:
    rows = "GM0001;2024;30;207\nBU00010000;2024;4;100\nBU00010001;2024;54;107\n"
    first, again = made(tmp_path, rows), made(tmp_path, rows)
    assert own(first) == own(again)
    assert own(first)["BU00010000"][0] is None


def test_rows_with_a_fault_are_left_out_and_named(tmp_path: Path) -> None:
    monitor = made(tmp_path, "BU00010000;2024;40;100\nBU09999999;2024;30;100\n")
    assert set(own(monitor)) == {"BU00010000"}
    (notice,) = [row for row in monitor.notices.to_dict("records") if row["code"] == "monitor.own_faults"]
    assert notice["details"]["count"] == 1


@pytest.mark.parametrize("break_", ["table", "mapping"])
def test_an_own_table_that_cannot_be_read_is_told_and_the_others_count(tmp_path: Path, break_: str) -> None:
    own_table, mapping = files(tmp_path, "BU00010000;2024;40;100\n")
    if break_ == "table":
        own_table.unlink()
    else:
        mapping.write_text("= geen toml", encoding="utf-8")
    monitor = make_monitor(MonitorRequest(figures=[table(tmp_path, 2024)], own=[(own_table, mapping)]))
    assert [str(code) for code in monitor.notices["code"]] == ["monitor.file"]
    assert len(monitor.areas) == 5


def test_a_mapping_that_is_not_there_is_told(tmp_path: Path) -> None:
    own_table, _ = files(tmp_path, "BU00010000;2024;40;100\n")
    monitor = make_monitor(MonitorRequest(figures=[table(tmp_path, 2024)], own=[(own_table, tmp_path / "weg.toml")]))
    assert [str(code) for code in monitor.notices["code"]] == ["monitor.file"]


def test_the_folder_tells_which_indicators_are_the_municipalitys_own(tmp_path: Path) -> None:
    request = MonitorRequest(figures=[table(tmp_path, 2024)], own=[files(tmp_path, "BU00010000;2024;40;100\n")])
    stored = build_monitor(tmp_path / "monitor", request)
    (indicator,) = stored.manifest["indicators"]
    assert (indicator["nl"], indicator["theme"], indicator["unit"]) == ("vaak eenzaam", "care", "percent")
