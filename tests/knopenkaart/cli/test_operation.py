# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""`knopenkaart operation`: from files to occupancy, costs, reasons and tables; every fault of the files at once."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from knopenkaart.cli import main

FACTS = (
    "place_id,name,archetype,m2,visits,visits_low,visits_high,weeks_open,condition,seats,vacant,successors,subsidy_until\n"
    "a,Buurthuis,village_square,400,250,200,320,40,5,5,2,no,2026-03-01\n"
    "b,Inloop,living_room,150,,,,,,,,,\n"
)
ROOMS = (
    "place_id,room,slot,available,used,basis\n"
    "a,a1,mo_morning,4,1,grid\na,a1,tu_morning,4,0,grid\na,a1,we_morning,2,3,grid\nb,b1,mo_morning,4,,grid\n"
)
COSTS = {"rent": 12000, "energy": 8000, "maintenance": 3000, "staff": 15000, "cleaning": 2500, "insurance": 1500, "programme": 4000}
INCOME = {"room_hire": 9000, "bar": 5000, "contributions": 2000, "subsidy": 26000}
MONEY = "place_id,year,category,amount\n" + "".join(f"a,2025,{name},{amount}\n" for name, amount in (COSTS | INCOME).items())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("place_facts", FACTS), ("room_hours", ROOMS), ("money", MONEY)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["operation", *(str(argument) for argument in arguments), "--today", "2026-01-15"])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def document(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    code, out, _ = run(capsys, *arguments, "--json")
    return code, json.loads(out)


def test_it_tells_use_costs_and_reasons(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, folder, "--language", "en")
    assert code == 0
    # 1 + 0 + 2 of 4 + 4 + 2 hours; 46,000 euro over 250 x 40 visits, 200 x 40 to 320 x 40 of them.
    [line] = [line for line in out.splitlines() if line.startswith("Buurthuis  ")]
    assert line.split() == ["Buurthuis", "30%", "100%", "4.60", "(3.59-5.75)", "3.00", "(2.34-3.75)"]
    assert "What to talk about: Buurthuis (village_square)" in out
    assert "The subsidy is promised until 1 March 2026: 1 month left (limit: 12 months)." in out
    assert "is in use (limit: 30%)" in out
    assert "Buurthuis: room a1 is used 3 of 2 hours in we_morning." in out
    assert "Inloop: not enough is known for" in out


def test_the_reasons_are_in_dutch_unless_one_asks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "De subsidie is toegezegd tot 1 maart 2026: nog 1 maand te gaan (grens: 12 maanden)." in run(capsys, folder)[1]


def test_in_json_it_is_one_document_with_the_tables(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, folder)
    assert code == 0
    assert found["today"] == "2026-01-15"
    [whole] = [row for row in found["occupancy"] if (row["place_id"], row["room"], row["slot"]) == ("a", "all", "all")]
    assert (whole["available"], whole["used"], whole["beyond"], whole["share"]) == (10, 3, 1, pytest.approx(0.3))
    [cost] = [row for row in found["cost_figures"] if row["figure"] == "cost_per_visit"]
    assert (cost["value"], cost["high"], cost["missing"], cost["assumed"]) == (4.6, 5.75, [], [])
    outcomes = {(row["place_id"], row["signal"]): row["outcome"] for row in found["signals"]}
    assert outcomes["a", "building_condition"] == "raised"
    assert outcomes["b", "building_condition"] == "unknown"
    assert [row["reason"] for row in found["comparisons"]] == ["too_few"] * 3


def test_the_results_are_written_as_csv(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out"
    code, out, _ = run(capsys, folder, "--tables", target)
    assert code == 0
    assert "5 files written to out." in out
    assert sorted(path.stem for path in target.iterdir()) == ["comparisons", "cost_figures", "occupancy", "signals", "social_value"]
    with (target / "signals.csv").open(encoding="utf-8", newline="") as file:
        [row] = [row for row in csv.DictReader(file) if (row["place_id"], row["signal"]) == ("a", "board_vacancies")]
    assert row["reason_nl"] == "Van de plekken in het bestuur is 40% leeg (2 van 5; grens: 33%)."
    assert json.loads(row["figures"])[0] == {"name": "vacant", "value": 2, "source": "board"}


def test_one_of_the_files_is_enough_and_semicolons_will_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "room_hours.csv").write_text("\ufeff" + ROOMS.replace(",", ";"), encoding="utf-8")
    code, out, _ = run(capsys, tmp_path)
    assert code == 0
    assert "a: without an archetype in place_facts.csv no rule is tried." in out


def test_a_folder_without_the_files_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, tmp_path)
    assert (code, found["error"]["code"]) == (2, "use.no_files")


def faults(found: Any) -> list[tuple[str, str | None, int | None, str | None]]:
    return [(fault["code"], fault["file"], fault["row"], fault["column"]) for fault in found["error"]["faults"]]


def test_every_fault_of_every_file_is_told_with_its_cell(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "money.csv").write_text(
        "place_id,year,category,amount,note\na,25.5,rent,1\na,2025,rent,one\na,2025,rent,2\n", encoding="utf-8"
    )
    (folder / "room_hours.csv").write_text("place_id,room,slot,available\na,a1,mo_morning,4\na,,tu_morning,4\n", encoding="utf-8")
    code, found = document(capsys, folder)
    assert code == 2
    assert faults(found) == [
        ("use.column", "room_hours.csv", None, "basis"),
        ("use.value", "room_hours.csv", 3, "room"),
        ("use.column", "money.csv", None, "note"),
        ("use.value", "money.csv", 2, "year"),
        ("use.value", "money.csv", 3, "amount"),
        ("use.twice", "money.csv", 4, None),
    ]


def test_hours_and_amounts_that_cannot_be_are_told_of_all_places_together(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "money.csv").write_text("place_id,year,category,amount\na,2025,rents,1\nb,2025,rent,-1\n", encoding="utf-8")
    code, found = document(capsys, folder)
    assert code == 2
    assert [(fault["code"], fault["message"]) for fault in found["error"]["faults"]] == [
        ("money.category", "Buurthuis: 'rents' is no category"),
        ("money.amount", "Inloop: an amount is zero or more"),
    ]


def test_facts_that_cannot_be_are_told_together(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "place_facts.csv").write_text(
        "place_id,archetype,visits,visits_low,condition,seats,vacant,ages\na,castle,10,20,7,2,3,old\n", encoding="utf-8"
    )
    code, found = document(capsys, folder)
    assert code == 2
    assert faults(found) == [
        ("use.fact", "place_facts.csv", None, column) for column in ("archetype", "ages", "condition", "visits", "vacant")
    ]


def test_own_thresholds_are_followed(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[signals.building_condition]\nthreshold = 6\n", encoding="utf-8")
    assert "score 5 van 6" in run(capsys, folder)[1]
    assert "score 5 van 6" not in run(capsys, folder, "--kinds", own)[1]
