# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""`knopenkaart access`: other speeds and minutes, told, kept and written; a choice that cannot be leaves everything as it was."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from pandas.testing import assert_frame_equal

from knopenkaart.cli import main, parser
from knopenkaart.policy import Policy
from knopenkaart.study import Study

WRITTEN = [
    "residents.csv",
    "reach_places.csv",
    "reach_areas.csv",
    "gaps.csv",
    "overlaps.csv",
    "competition.csv",
    "supply.csv",
    "place_slots.csv",
    "reach_open.csv",
    "isochrones.geojson",
]


@pytest.fixture
def folder(hamlet_study: Study, tmp_path: Path) -> Path:
    """The study of the hamlet, to be changed."""
    return Path(shutil.copytree(hamlet_study.stored.folder, tmp_path / "gehucht"))


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["access", *(str(argument) for argument in arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def document(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    code, out, _ = run(capsys, *arguments, "--json")
    return code, json.loads(out)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def in_reach(folder: Path, name: str, mode: str = "walk") -> list[float]:
    """People in reach of a place, by rising minutes."""
    study = Study.open(folder)
    places = study.table("places").set_index("name")
    table = study.table("reach_places")
    rows = table[(table["place_id"] == places.loc[name, "id"]) & (table["mode"] == mode) & (table["group"] == "all")]
    return [round(people, 6) for people in rows.sort_values("minutes")["people"].astype(float)]


def test_it_tells_who_has_nothing_near_and_writes_no_file_beside_the_study(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, folder)
    assert code == 0
    assert out.startswith("All 600 residents got a home.\nResidents without one within 10 minutes on foot\n")
    # Within 800 metres of the café live 320 people, of the library 280.
    [line] = [line for line in out.splitlines() if line.startswith("GM9001")]
    assert line.split("  ")[0] == "GM9001"
    assert "280 (47%)" in line
    assert "320 (53%)" in line
    assert [path.name for path in folder.parent.iterdir()] == ["gehucht"]


def test_in_json_it_is_one_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, folder)
    assert code == 0
    assert found["sentences"] == ["All 600 residents got a home."]
    assert found["files"] == []
    assert found["policy"]["walk_kmh"] == 4.8
    town, west, east = found["without"]
    assert (town["area"], town["name"], town["eat"], town["learn"], town["sport"]) == (
        "GM9001", "Gehucht", "280 (47%)", "320 (53%)", "600 (100%)"
    )  # fmt: skip
    assert (west["name"], west["eat"], west["learn"]) == ("West", "280 (70%)", "120 (30%)")
    assert (east["name"], east["eat"], east["learn"]) == ("Oost", "0 (0%)", "200 (100%)")


def test_without_a_choice_everything_stays_as_the_build_made_it(
    folder: Path, hamlet_study: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, folder)[0] == 0
    again = Study.open(folder)
    assert again.policy == hamlet_study.policy == Policy()
    for name in ("reach_places", "reach_homes", "reach_areas", "gaps", "supply", "competition", "residents", "homes", "places"):
        assert_frame_equal(again.table(name), hamlet_study.table(name), check_exact=True, check_dtype=False)


def test_another_speed_is_reckoned_with_and_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert in_reach(folder, "Bieb") == [160, 280, 520]
    assert run(capsys, folder, "--walk-kmh", 2.4)[0] == 0
    # 200, 400 and 600 metres: the four beside it, and two of those at 450, 550 and 650.
    assert in_reach(folder, "Bieb") == [160, 160, 240]
    # De Hoek: 250 metres and 350; 550 metres twice.
    assert in_reach(folder, "De Hoek") == [0, 80, 160]
    study = Study.open(folder)
    assert (study.policy.walk_kmh, study.policy.cycle_kmh) == (2.4, 15.0)
    assert study.stored.verify() == []
    assert run(capsys, folder)[0] == 0
    assert in_reach(folder, "Bieb") == [160, 160, 240], "the next time nobody has to say it again"


def test_slower_bicycles_change_what_is_in_reach_by_bicycle_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert in_reach(folder, "Bieb", "cycle") == [560, 600, 600]
    assert run(capsys, folder, "--cycle-kmh", 4.8)[0] == 0
    assert in_reach(folder, "Bieb", "cycle") == in_reach(folder, "Bieb") == [160, 280, 520]


def test_other_minutes_are_counted_within(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, folder, "--minutes", 5, 10, 20)
    assert code == 0
    assert found["policy"]["minutes"] == [5, 10, 20]
    assert in_reach(folder, "Bieb") == [160, 280, 600], "1600 metres reach every home"
    study = Study.open(folder)
    for name in ("reach_places", "reach_counts", "gaps", "isochrones"):
        assert set(study.table(name)["minutes"]) == {5, 10, 20}, name


@pytest.mark.parametrize(
    ("choice", "near"),
    [
        (["--minutes", "5", "10", "20"], 10),
        (["--minutes", "4", "8", "16"], 8),
        (["--near", "15"], 15),
        (["--minutes", "4", "8", "16", "--near", "16"], 16),
    ],
)
def test_near_stays_what_it_was_or_is_the_middle_or_what_one_says(
    choice: list[str], near: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, folder, *choice)
    assert code == 0
    assert f"Residents without one within {near} minutes on foot" in out
    assert Study.open(folder).policy.near_min == near


def test_the_tables_are_written_with_their_descriptions(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "deeper" / "tables"
    code, out, _ = run(capsys, folder, "--tables", target)
    assert code == 0
    assert "10 files written to tables." in out
    described = [f"{Path(name).stem}-metadata.json" for name in WRITTEN if name.endswith(".csv")]
    assert sorted(path.name for path in target.iterdir()) == sorted([*WRITTEN, *described])
    with (target / "gaps.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    [row] = [
        row
        for row in rows
        if (row["area_code"], row["mode"], row["group"], row["what"], row["minutes"]) == ("WK900101", "walk", "all", "learn", "10")
    ]
    assert (row["people"], row["without"], row["share"]) == ("400", "120", "0.3")
    shapes = json.loads((target / "isochrones.geojson").read_text(encoding="utf-8"))["features"]
    assert len(shapes) == 2 * 2 * 3


def test_in_json_the_files_are_named(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, folder, "--tables", tmp_path / "tables")
    assert (code, found["files"]) == (0, WRITTEN)


def test_the_tables_hold_what_was_reckoned_with_the_choice(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, folder, "--walk-kmh", 2.4, "--tables", tmp_path / "tables")[0] == 0
    with (tmp_path / "tables" / "reach_places.csv").open(encoding="utf-8", newline="") as stream:
        people = [row["people"] for row in csv.DictReader(stream) if row["mode"] == "walk" and row["group"] == "all"]
    assert sorted(people, key=int) == ["0", "80", "160", "160", "160", "240"]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (["--walk-kmh", "0"], "walk_kmh must be a number above zero, not 0.0"),
        (["--walk-kmh", "-4.8"], "walk_kmh must be a number above zero, not -4.8"),
        (["--walk-kmh", "nan"], "walk_kmh must be a number above zero, not nan"),
        (["--walk-kmh", "inf"], "walk_kmh must be a number above zero, not inf"),
        (["--cycle-kmh", "0"], "cycle_kmh must be a number above zero, not 0.0"),
        (["--minutes", "10", "5", "15"], "minutes must rise from above zero, not (10, 5, 15)"),
        (["--minutes", "5", "5", "15"], "minutes must rise from above zero, not (5, 5, 15)"),
        (["--minutes", "0", "5", "10"], "minutes must rise from above zero, not (0, 5, 10)"),
        (["--near", "7"], "near_min must be one of the minutes (5, 10, 15), not 7"),
        (["--near", "0"], "near_min must be one of the minutes (5, 10, 15), not 0"),
        (["--minutes", "4", "8", "16", "--near", "10"], "near_min must be one of the minutes (4, 8, 16), not 10"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_and_changes_nothing(
    choice: list[str], message: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(folder)
    code, found = document(capsys, folder, *choice, "--tables", tmp_path / "tables")
    assert code == 2
    assert found["error"]["code"] == "cli.policy"
    assert found["error"]["message"] == f"These choices cannot be: {message}."
    assert found["error"]["remedy"] == "See knopenkaart access --help."
    assert content(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["gehucht"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["access"],
        ["access", "x", "--minutes", "5", "10"],
        ["access", "x", "--minutes", "5", "10", "a"],
        ["access", "x", "--near", "soon"],
        ["access", "x", "--walk-kmh", "fast"],
        ["access", "x", "--speed", "5"],
        ["access", "x", "--tables"],
    ],
)
def test_a_line_that_makes_no_sense_ends_with_2_and_how_to_write_it(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(arguments)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_a_folder_without_a_study_is_said_to_have_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        code, found = document(capsys, folder, "--tables", tmp_path / "tables")
        assert (code, found["error"]["code"]) == (4, "store.absent")
        assert found["error"]["remedy"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("table", ["homes", "edges", "residents", "isochrones"])
def test_a_study_with_a_damaged_table_is_said_to_be_damaged(table: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Study.open(folder).stored.path(table).write_bytes(b"PAR1")
    before = content(folder)
    code, found = document(capsys, folder)
    assert (code, found["error"]["code"]) == (4, "store.damaged")
    assert table in found["error"]["message"]
    assert content(folder) == before


def test_a_study_from_before_there_was_reach_must_be_built_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    del manifest["files"]["homes"]
    (folder / "study.json").write_text(json.dumps(manifest), encoding="utf-8")
    code, found = document(capsys, folder)
    assert (code, found["error"]["code"]) == (4, "store.no_table")
    assert "no homes" in found["error"]["message"]
    assert found["error"]["remedy"] == "Build it again."
