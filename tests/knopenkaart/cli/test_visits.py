# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""`knopenkaart visits`: a plan with its dates, estimates from a file of counts, what is in a series; refusals that say what is wrong."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from knopenkaart.cli import main


def document(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    code = main(["visits", *(str(argument) for argument in arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def counts(tmp_path: Path) -> Path:
    path = tmp_path / "counts.csv"
    lines = ["place_id,session,date,slot,group,people,exposure,how"]
    lines += [f"hall,s{week},2026-03-{2 + 7 * week:02d},mo_morning,all,{20 + week},1,entering" for week in range(4)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_plan_tells_its_margin_and_draws_dates_in_the_period(capsys: pytest.CaptureFixture[str]) -> None:
    period = ("--first", "2026-03-02", "--last", "2026-05-31")
    code, told = document(capsys, "plan", "mo_morning=20", "sa_morning", "--margin", "0.3", *period)
    assert code == 0
    assert told["margin"] <= 0.3
    assert {row["slot"]: row["mean"] for row in told["dayparts"]} == {"mo_morning": 20.0, "sa_morning": 15.0}
    assert len(told["schedule"]) == told["counts"]


def test_an_effort_gives_a_margin(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = document(capsys, "plan", "mo_morning", "sa_morning", "--counts", "8", "--weeks", "4")
    assert (code, told["counts"], told["weeks"], told["enough"]) == (0, 8, 4, True)


@pytest.mark.parametrize("wrong", [["no_daypart"], ["mo_morning=many"], ["mo_morning", "--margin", "0"]])
def test_what_cannot_be_planned_is_refused(capsys: pytest.CaptureFixture[str], wrong: list[str]) -> None:
    code, told = document(capsys, "plan", *wrong)
    assert (code, told["error"]["code"]) == (2, "visits.plan")


def test_a_file_of_counts_is_estimated_and_written(capsys: pytest.CaptureFixture[str], counts: Path, tmp_path: Path) -> None:
    opened = tmp_path / "open.csv"
    opened.write_text("place_id,slot\nhall,mo_morning\n", encoding="utf-8")
    code, told = document(capsys, "estimate", counts, "--open", opened, "--to", tmp_path / "out.csv")
    week = told["visit_estimates"][0]
    assert (code, week["value"], week["counted_share"], week["reason"]) == (0, 21.5, 1.0, None)
    with (tmp_path / "out.csv").open(encoding="utf-8") as stream:
        assert [row["slot"] for row in csv.DictReader(stream)] == ["all", "mo_morning"]


def test_a_series_is_looked_into(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "series.csv"
    months = [f"{year}-{month:02d}-01" for year in (2021, 2022, 2023, 2024) for month in range(1, 13)]
    lines = [f"hall,{day},month,{1000 + 37 * (number * 7 % 11)}" for number, day in enumerate(months)]
    path.write_text("\n".join(["place_id,start,grain,visits", *lines]), encoding="utf-8")
    code, told = document(capsys, "series", path, "--tables", tmp_path / "out")
    assert (code, len(told["months"]), len(told["season"])) == (0, 48, 12)
    assert told["coverage"][0]["forecasts"] == 13
    assert sorted(found.name for found in (tmp_path / "out").iterdir()) == [
        "forecasts.csv",
        "months.csv",
        "season.csv",
        "series_findings.csv",
    ]


@pytest.mark.parametrize(
    "text", ["place_id,session\nhall,s\n", "", "place_id,session,date,slot,group,people,exposure,how\nh,s,soon,m,all,1,1,entering\n"]
)
def test_a_file_that_is_no_table_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(text, encoding="utf-8")
    code, told = document(capsys, "estimate", path)
    assert (code, told["error"]["code"]) == (2, "visits.file")
