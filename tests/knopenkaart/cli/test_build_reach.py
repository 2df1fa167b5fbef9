# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""`knopenkaart build` with streets of another file, squares of homes and addresses: what they change, and how a wrong file is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shapely import Point

from knopenkaart.checksum import checksum
from knopenkaart.cli import main
from knopenkaart.study import Study

# From the library to the east and then north to the café: the western homes stand far from it.
ROUND = [[(0, 0), (800, 0)], [(800, 0), (800, 800)]]
COLUMNS = ["crs28992res100m", "aantal_inwoners", "aantal_woningen"]
# Squares of Toytown, whose corner is RD 84000, 445000: beside the library, in the north-west, and in the east.
SQUARES = [("E0841N4450", 50, 10), ("E0840N4456", 150, 30), ("E0848N4451", 25, 5)]


def build(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: object) -> tuple[int, Any]:
    code = main(["build", str(folder), *(str(argument) for argument in arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def built(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: object) -> Study:
    code, found = build(capsys, folder, *arguments)
    assert code == 0, found
    return Study.open(folder)


def in_reach_of_the_library(study: Study) -> list[float]:
    places, table = study.table("places").set_index("name"), study.table("reach_places")
    rows = table[(table["place_id"] == places.loc["Bieb", "id"]) & (table["mode"] == "walk") & (table["group"] == "all")]
    return [round(people, 6) for people in rows.sort_values("minutes")["people"].astype(float)]


def of(study: Study, code: str) -> dict[str, float]:
    residents = study.table("residents")
    row = residents[(residents["group"] == "all") & (residents["area_code"] == code)].iloc[0]
    return {name: float(row[name]) for name in ("people", "placed", "not_covered", "no_home", "no_street")}


def source(study: Study, file: str) -> dict[str, Any]:
    sources = study.table("sources").set_index("file")
    return dict(sources.loc[file])


def test_streets_of_a_plain_layer_take_the_place_of_those_of_the_extract(
    hamlet: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = built(capsys, tmp_path / "study", *hamlet.arguments(), "--streets", hamlet.lines(*ROUND))
    assert set(study.table("edges")["highway"]) == {"plain"}
    assert study.table("edges")["length_m"].astype(float).sum() == pytest.approx(1600, abs=0.5)
    # Six of the ten homes in the west have none of them near enough.
    assert of(study, hamlet.west) == pytest.approx({"people": 400, "placed": 160, "not_covered": 0, "no_home": 0, "no_street": 240})
    assert of(study, hamlet.east) == pytest.approx({"people": 200, "placed": 200, "not_covered": 0, "no_home": 0, "no_street": 0})
    assert in_reach_of_the_library(study) == [160, 160, 280]


def test_streets_that_cross_in_the_middle_are_told_of(hamlet: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = hamlet.lines([(0, 0), (800, 800)], [(0, 800), (800, 0)])
    code, found = build(capsys, tmp_path / "study", *hamlet.arguments(), "--streets", lines)
    assert code == 0
    [told] = [notice for notice in found["notices"] if notice["code"] == "streets.crossings"]
    assert told["message"].startswith("1 times two streets of wegvakken.gpkg cross without an end there")


def test_squares_tell_where_people_live_where_there_are_no_addresses(
    hamlet: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = hamlet.arguments()
    hamlet.osm(homes=())
    cells = hamlet.table("vierkanten_2024.csv", COLUMNS, SQUARES)
    study = built(capsys, tmp_path / "study", *arguments, "--cells", cells)
    homes = study.table("homes")
    assert set(homes["basis"]) == {"cell"}
    assert sorted(homes["dwellings"].astype(float)) == [5, 10, 30]
    assert of(study, hamlet.west)["placed"] == 400
    # A quarter of the west lives 200 metres away, the rest 700; the east 1000, each with 50 metres to the street.
    assert in_reach_of_the_library(study) == [100, 400, 600]


def test_several_files_of_squares_are_taken_together(hamlet: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = hamlet.arguments()
    hamlet.osm(homes=())
    files = [hamlet.table(f"deel_{number}_2024.csv", COLUMNS, [row]) for number, row in enumerate(SQUARES)]
    study = built(capsys, tmp_path / "study", *arguments, *(part for file in files for part in ("--cells", file)))
    assert in_reach_of_the_library(study) == [100, 400, 600]
    assert {f"deel_{number}_2024.csv" for number in range(3)} < set(study.table("sources")["file"])


def test_addresses_come_before_squares_and_are_told_apart_from_those_of_the_extract(
    hamlet: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = hamlet.arguments()
    hamlet.osm(homes=())
    # Ten dwellings beside the library and five at the café, in metres.
    spots = [(84_000 + 10 * number, 445_000) for number in range(10)] + [(84_800, 445_700 + 10 * number) for number in range(5)]
    addresses = hamlet.table("bag.csv", ["x", "y"], spots)
    cells = hamlet.table("vierkanten_2024.csv", COLUMNS, SQUARES)
    study = built(capsys, tmp_path / "study", *arguments, "--addresses", addresses, "--cells", cells)
    assert set(study.table("homes")["basis"]) == {"address"}
    assert in_reach_of_the_library(study) == [400, 400, 400]
    assert set(study.table("addresses")["source"]) == {"addresses_bag"}


def test_each_of_these_files_is_a_source_with_its_licence_date_and_checksum(
    hamlet: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    addresses = hamlet.table("bag.csv", ["x", "y"], [(84_100, 445_000)])
    cells = hamlet.table("vierkanten_2024.csv", COLUMNS, SQUARES)
    lines = hamlet.lines(*ROUND)
    study = built(
        capsys, tmp_path / "study", *hamlet.arguments(), "--addresses", addresses, "--cells", cells, "--streets", lines
    )  # fmt: skip
    row = source(study, "vierkanten_2024.csv")
    assert (row["id"], row["title"]) == ("cells_vierkanten_2024", "CBS Vierkantstatistieken 100 m 2024 (vierkanten_2024.csv)")
    assert (row["licence"], row["attribution"]) == ("CC BY 4.0", "Centraal Bureau voor de Statistiek (CBS)")
    assert (str(row["date"]), row["sha256"]) == ("2024-01-01", checksum(cells))
    assert row["url"].startswith("https://www.cbs.nl/")
    for path, identifier in ((addresses, "addresses_bag"), (lines, "streets")):
        row = source(study, path.name)
        assert (row["id"], row["title"], row["licence"], row["attribution"]) == (identifier, path.name, "not stated", path.name)
        assert row["date"] is None, "a file of one's own does not say when it was made"
        assert row["sha256"] == checksum(path)
        assert not row["confidential"]


def test_without_these_files_there_is_no_source_of_them(hamlet_study: Study) -> None:
    files = {"gehucht.osm", "gebieden_2025.gpkg", "kerncijfers_2025.csv"}
    assert set(hamlet_study.table("sources")["file"]) == files


# --- files that cannot be used ------------------------------------------------------------------------------------------


def refused(capsys: pytest.CaptureFixture[str], hamlet: Any, option: str, path: Path) -> dict[str, Any]:
    """The error of a build that must leave no study."""
    folder = hamlet.folder / "study"
    code, found = build(capsys, folder, *hamlet.arguments(), option, path)
    assert code == 2
    assert not folder.exists()
    assert path.name in found["error"]["message"]
    assert found["error"]["remedy"]
    error: dict[str, Any] = found["error"]
    return error


def test_a_layer_without_lines_is_no_layer_of_streets(hamlet: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = hamlet.layer([Point(0, 0), Point(400, 0)], name="lantaarns.gpkg")
    error = refused(capsys, hamlet, "--streets", path)
    assert (error["code"], error["remedy"]) == ("streets.no_lines", "Give the layer with the axes of streets.")


def test_streets_that_are_absent_or_no_map_are_refused(hamlet: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, hamlet, "--streets", hamlet.folder / "none.gpkg")["code"] == "streets.absent"
    assert refused(capsys, hamlet, "--streets", hamlet.figures())["code"] == "streets.no_lines"


@pytest.mark.parametrize(
    ("columns", "rows", "code"),
    [
        (["naam", "aantal_inwoners"], [("Oost", 45)], "cells.no_code"),
        (["crs28992res100m", "aantal_mannen"], [("E0841N4450", 20)], "cells.no_figures"),
        (["crs28992res500m", "aantal_inwoners"], [("E0840N4450", 450)], "cells.size"),
        (["code", "inwoners"], [("BU90010100", 45)], "cells.no_squares"),
    ],
)
def test_a_table_that_holds_no_squares_of_100_metres_is_refused(
    columns: list[str], rows: list[tuple[object, ...]], code: str, hamlet: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(capsys, hamlet, "--cells", hamlet.table("vierkanten.csv", columns, rows))["code"] == code


def test_squares_that_are_absent_or_damaged_are_refused(hamlet: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, hamlet, "--cells", hamlet.folder / "none.csv")["code"] == "file.absent"
    broken = hamlet.folder / "broken.gpkg"
    broken.write_text("no map", encoding="utf-8")
    assert refused(capsys, hamlet, "--cells", broken)["code"] == "file.damaged"


def test_addresses_without_a_spot_are_refused(hamlet: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = hamlet.table("adressen.csv", ["straat", "huisnummer"], [("Dorpsstraat", 1)])
    assert refused(capsys, hamlet, "--addresses", path)["code"] == "addresses.no_coordinates"
    assert refused(capsys, hamlet, "--addresses", hamlet.folder / "none.csv")["code"] == "file.absent"
