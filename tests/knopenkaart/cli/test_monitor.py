# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""`knopenkaart monitor`: from files to a folder, what is in it, which areas are which, and what parts add up to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from knopenkaart.cli import main

THEN = "code,naam,inwoners,indelingswijziging\nGM0001,Dorp,300,1\nWK000100,Kern,100,1\nBU00010000,Noord,100,1\nBU00010001,Zuid,200,1\n"
NOW = "code,naam,inwoners,indelingswijziging\nGM0001,Dorp,307,1\nWK000100,Kern,105,1\nBU00010000,Noord,105,1\nBU00010001,Elders,200,1\n"


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    for year, text in ((2022, THEN), (2024, NOW)):
        (tmp_path / f"cijfers_{year}.csv").write_text(text, encoding="utf-8")
    code, _, _ = run(capsys, "build", tmp_path / "m", "--figures", tmp_path / "cijfers_2022.csv", tmp_path / "cijfers_2024.csv")
    assert code == 0
    return tmp_path / "m"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["monitor", *(str(argument) for argument in arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def document(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    code, out, _ = run(capsys, *arguments, "--json")
    return code, json.loads(out)


def lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_check_tells_what_is_in_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", folder)
    assert code == 0
    told = lines(out)
    assert ["2024", "buurt", "2"] in told
    assert ["population", "all", "2024", "4", "0", "0", "0"] in told
    assert ["2022-2024", "buurt", "1", "0", "1", "0"] in told
    assert "figures_cijfers_2024: cijfers_2024.csv (not stated)" in out


def test_check_says_that_a_file_is_damaged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    next(folder.glob("monitor_figures-*.parquet")).write_bytes(b"x")
    code, found = document(capsys, "check", folder)
    assert (code, found) == (4, {"damaged": ["monitor_figures"]})


def test_check_of_what_is_no_monitor_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, "check", tmp_path)
    assert (code, found["error"]["code"]) == (4, "store.absent")


def test_a_monitor_is_no_study_for_the_other_commands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder), "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "store.other"


def test_years_counts_per_verdict_and_reason_and_names_the_doubtful(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "years", folder, "2022", "2024")
    assert code == 0
    told = lines(out)
    assert ["buurt", "same", "1"] in told
    assert ["buurt", "doubtful", "other_name", "1"] in told
    assert ["BU00010001", "other_name", "Zuid", "Elders", "200", "200"] in told


def test_years_of_one_level(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, found = document(capsys, "years", folder, "2022", "2024", "--level", "wijk")
    assert found["counts"] == [{"level": "wijk", "verdict": "same", "reason": "", "areas": 1}]
    assert [link["code"] for link in found["links"]] == ["WK000100"]


def test_without_years_the_last_two_are_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert document(capsys, "years", folder) == document(capsys, "years", folder, "2022", "2024")


def test_a_single_year_cannot_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cijfers_2024.csv").write_text(NOW, encoding="utf-8")
    run(capsys, "build", tmp_path / "m", "--figures", tmp_path / "cijfers_2024.csv")
    code, found = document(capsys, "years", tmp_path / "m")
    assert (code, found["error"]["code"]) == (2, "monitor.no_years")


def test_files_may_be_given_together_or_one_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for year, text in ((2022, THEN), (2024, NOW)):
        (tmp_path / f"cijfers_{year}.csv").write_text(text, encoding="utf-8")
    one_by_one = ("--figures", tmp_path / "cijfers_2022.csv", "--figures", tmp_path / "cijfers_2024.csv")
    _, found = document(capsys, "build", tmp_path / "m", *one_by_one)
    assert found["years"] == [2022, 2024]


def test_a_year_that_is_not_in_it_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, "years", folder, "2020", "2024")
    assert (code, found["error"]["code"]) == (2, "monitor.no_years")


def test_total_puts_the_sum_beside_the_published_figure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "total", folder, "GM0001", "--indicator", "population")
    assert code == 0
    assert ["2", "x", "buurt", "population", "2024", "305", "300", "310", "307", "within", "rounding"] in lines(out)
    _, found = document(capsys, "total", folder, "GM0001")
    (buurten,) = [item for item in found["totals"] if item["level"] == "buurt"]
    assert (buurten["total"]["value"], buurten["published"]["value"], buurten["verdict"]) == (305, 307, "rounding")


def test_the_total_of_another_year(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, found = document(capsys, "total", folder, "GM0001", "--year", "2022")
    assert found["year"] == 2022
    assert {item["total"]["value"] for item in found["totals"]} == {100, 300}


def test_an_area_without_parts_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "total", folder, "BU00010000")
    assert code == 0
    assert "has no parts" in out


def test_a_gap_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cijfers_2024.csv").write_text(NOW.replace("Noord,105", "Noord,."), encoding="utf-8")
    run(capsys, "build", tmp_path / "m", "--figures", tmp_path / "cijfers_2024.csv")
    _, out, _ = run(capsys, "total", tmp_path / "m", "GM0001")
    assert "1 of 2 x buurt" in out
    assert "left out by the source for a part" in out


def test_a_file_that_cannot_be_read_is_a_notice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cijfers_2024.csv").write_text(NOW, encoding="utf-8")
    code, out, _ = run(
        capsys, "build", tmp_path / "m", "--figures", tmp_path / "cijfers_2024.csv", tmp_path / "weg_2024.csv", "--name", "Dorp"
    )
    assert code == 0
    assert "notice: weg_2024.csv was left out: weg_2024.csv does not exist." in out


def test_more_mappings_than_own_tables_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, "build", tmp_path / "m", "--figures", tmp_path / "a.csv", "--mapping", tmp_path / "b.toml")
    assert (code, found["error"]["code"]) == (2, "monitor.mappings")
