# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A municipality's own table stands among the figures of a monitor, and only what may be shown of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from knopenkaart.errors import InputError
from knopenkaart.monitoring import Monitor, MonitorRequest, build_monitor, make_monitor

from .monitored import table

PARTS = ("monitor_areas", "monitor_figures", "monitor_links", "sources", "notices")
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
    # Of two hidden ones nobody may know that both are small.
    assert notice["details"] == {"hidden": 1, "file": "eigen.csv"}


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
    assert ("figures.absent_file" if break_ == "table" else "mapping.broken") in str(monitor.notices["details"][0])
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


THREE = "GM0001;2024;50;206\nBU00010000;2024;4;100\nBU00010001;2024;50;106\n"


def built(folder: Path, rows: str, name: str = "monitor") -> dict[str, tuple[float | None, str | None]]:
    request = MonitorRequest(figures=[table(folder, 2024)], own=[files(folder, rows)])
    return own(Monitor(*(build_monitor(folder / name, request).table(part) for part in PARTS)))


def test_a_table_that_changed_hides_what_was_hidden_before_in_the_same_folder(tmp_path: Path) -> None:
    """Another table draws another lot: by it the other figure might be hidden, and both folders together would tell of four people."""
    first = built(tmp_path, THREE)
    for more in range(8):
        again = built(tmp_path, f"{THREE}BU00010002;2024;{40 + more};{100 + more}\n")
        assert {code: again[code] for code in first} == first


def test_a_table_that_changed_by_a_few_people_is_left_out(tmp_path: Path) -> None:
    assert built(tmp_path, "BU00010000;2024;40;100\n")["BU00010000"] == (40, None)
    request = MonitorRequest(figures=[table(tmp_path, 2024)], own=[files(tmp_path, "BU00010000;2024;44;100\n")])
    stored = build_monitor(tmp_path / "monitor", request)
    (notice,) = stored.table("notices").to_dict("records")
    assert (notice["code"], notice["details"]["error"]) == ("monitor.file", "own.changed")
    assert built(tmp_path, "BU00010000;2024;44;100\n", "elsewhere")["BU00010000"] == (44, None), "another folder was never shown"


def test_what_one_own_table_shows_counts_for_the_next(tmp_path: Path) -> None:
    """The municipality in one file and its parts in another: together they would tell of four people."""
    own_table, mapping = files(tmp_path, "GM0001;2024;50;206\n")
    parts = tmp_path / "delen.csv"
    parts.write_text("Gebied;Jaar;Aandeel;Mensen\nBU00010000;2024;94,3;106\nBU00010001;2024;4;100\n", encoding="utf-8")
    monitor = make_monitor(MonitorRequest(figures=[table(tmp_path, 2024)], own=[(own_table, mapping), (parts, mapping)]))
    assert own(monitor) == {"GM0001": (50, None), "BU00010000": (None, "hidden"), "BU00010001": (None, "hidden")}


def test_what_was_shown_is_kept_beside_the_folder_and_for_its_owner_only(tmp_path: Path) -> None:
    built(tmp_path, THREE)
    kept = tmp_path / "monitor.own.json"
    assert kept.stat().st_mode & 0o077 == 0
    assert not [path for path in (tmp_path / "monitor").rglob("*") if path.name == kept.name], "the folder may be sent to others"
    assert not (tmp_path / "plain.own.json").exists()
    build_monitor(tmp_path / "plain", MonitorRequest(figures=[table(tmp_path, 2024)]))
    assert not (tmp_path / "plain.own.json").exists()


def test_without_what_was_shown_nothing_is_built(tmp_path: Path) -> None:
    built(tmp_path, THREE)
    (tmp_path / "monitor.own.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        built(tmp_path, THREE)
    assert caught.value.code == "monitor.memory"
