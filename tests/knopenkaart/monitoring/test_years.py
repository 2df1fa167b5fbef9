# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every code of two years has a verdict: the same area, made of others, doubtful, or broken; never joined on its code alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from shapely import box, union_all

from knopenkaart.errors import InputError
from knopenkaart.monitoring import MonitorRequest, build_monitor, links_between, make_monitor

from .monitored import COLUMNS, outlines, table

HEADER = "code,naam,inwoners,indelingswijziging\n"
NOORD, ZUID = {"BU00010000": "Noord,100,1"}, {"BU00010001": "Zuid,200,1"}


def verdicts(*files: Path, areas: tuple[Path, ...] = (), addresses: tuple[Path, ...] = ()) -> dict[tuple[str, int, int], tuple[str, str]]:
    links = make_monitor(MonitorRequest(figures=files, areas=areas, addresses=addresses)).links
    return {
        (row["code"], row["from_year"], row["to_year"]): (row["verdict"], "" if pd.isna(row["reason"]) else row["reason"])
        for row in links.to_dict("records")
    }


def two(folder: Path, before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[str, str]]:
    found = verdicts(table(folder, 2023, before, header=HEADER), table(folder, 2024, after, header=HEADER))
    return {code: verdict for (code, _, _), verdict in found.items()}


# --- the verdicts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("then", "now", "verdict"),
    [
        ("Noord,100,1", "Noord,105,1", ("same", "")),
        ("Noord,100,1", "Wijk 00 Noord,105,1", ("same", "")),
        ("Noord,100,1", "Elders,105,1", ("doubtful", "other_name")),
        ("Noord,100,1", "Noord,200,1", ("doubtful", "population_jump")),
        ("Noord,1000,1", "Elders,200,1", ("broken", "other_name_and_size")),
        ("Noord,100,1", "Noord,105,3", ("broken", "changed")),
        ("Noord,100,1", "Noord,105,2", ("broken", "changed")),
        ("Noord,100,1", "Elders,105,3", ("broken", "changed")),
        ("Wijk 03,100,1", "Wijk 03,105,1", ("doubtful", "name_says_nothing")),
        ("Noord,100,1", "Noord,105,", ("doubtful", "not_verifiable")),
        (",100,1", ",105,1", ("doubtful", "no_name")),
        ("Noord,100,1", ",105,1", ("doubtful", "no_name")),
    ],
)
def test_a_code_of_two_years(tmp_path: Path, then: str, now: str, verdict: tuple[str, str]) -> None:
    assert two(tmp_path, {"BU00010000": then}, {"BU00010000": now})["BU00010000"] == verdict


def test_a_code_of_one_year_only_is_broken_and_says_which(tmp_path: Path) -> None:
    found = two(tmp_path, NOORD | ZUID, NOORD | {"BU00010002": "West,50,3"})
    assert found["BU00010001"] == ("broken", "vanished")
    assert found["BU00010002"] == ("broken", "new_code")


def test_of_a_municipality_that_the_other_file_does_not_speak_of_nothing_is_said(tmp_path: Path) -> None:
    elsewhere = {f"BU000{number}0000": f"Plein {number}x,100,1" for number in range(2, 9)}
    found = two(tmp_path, NOORD, NOORD | elsewhere)
    assert found == {"BU00010000": ("same", "")}


def test_a_municipality_that_ended_is_told_where_both_files_cover_the_country(tmp_path: Path) -> None:
    many = {f"GM000{number}": f"Dorp {number}x,100,1" for number in range(1, 9)}
    found = two(tmp_path, many, {code: cells for code, cells in many.items() if code != "GM0003"})
    assert found.pop("GM0003") == ("broken", "vanished")
    assert set(found.values()) == {("same", "")}


def test_the_links_carry_both_names_and_both_numbers(tmp_path: Path) -> None:
    before, after = table(tmp_path, 2023, NOORD, header=HEADER), table(tmp_path, 2024, {"BU00010000": "Elders,165,3"}, header=HEADER)
    stored = build_monitor(tmp_path / "monitor", MonitorRequest(figures=[before, after]))
    (link,) = links_between(stored, 2023, 2024, level="buurt")
    assert (link["name_from"], link["name_to"], link["people_from"], link["people_to"]) == ("Noord", "Elders", 100, 165)
    assert links_between(stored, 2023, 2024, level="wijk") == []


@pytest.mark.parametrize(("first", "last"), [(2024, 2023), (2023, 2023), (2020, 2024)])
def test_only_two_years_of_the_monitor_can_be_compared(tmp_path: Path, first: int, last: int) -> None:
    files = [table(tmp_path, year, NOORD, header=HEADER) for year in (2023, 2024)]
    stored = build_monitor(tmp_path / "monitor", MonitorRequest(figures=files))
    with pytest.raises(InputError) as caught:
        links_between(stored, first, last)
    assert caught.value.code == "monitor.no_years"


# --- years between ----------------------------------------------------------------------------------------------------


def years(folder: Path, **cells: str) -> dict[tuple[int, int], tuple[str, str]]:
    files = [table(folder, int(name[1:]), {"BU00010000": text}, header=HEADER) for name, text in cells.items()]
    return {(first, last): verdict for (_, first, last), verdict in verdicts(*files).items()}


def test_growth_in_steps_is_no_jump(tmp_path: Path) -> None:
    found = years(tmp_path, y2022="Noord,1000,1", y2023="Noord,1150,1", y2024="Noord,1300,1")
    assert found == {(2022, 2023): ("same", ""), (2023, 2024): ("same", ""), (2022, 2024): ("same", "")}
    assert years(tmp_path, y2022="Noord,1000,1", y2024="Noord,1300,1")[2022, 2024][0] == "doubtful"


def test_a_code_that_was_another_area_in_between_is_doubtful(tmp_path: Path) -> None:
    found = years(tmp_path, y2022="Noord,1000,", y2023="Elders,200,", y2024="Noord,1000,1")
    assert found[2022, 2023] == ("broken", "other_name_and_size")
    assert found[2022, 2024] == ("doubtful", "other_name_and_size")


def test_a_change_in_between_breaks_the_years_around_it(tmp_path: Path) -> None:
    found = years(tmp_path, y2022="Noord,1000,1", y2023="Noord,1000,3", y2024="Noord,1000,1")
    assert found[2022, 2024] == ("broken", "changed")
    assert found[2023, 2024] == ("same", "")


def test_a_list_of_codes_without_names_says_nothing_of_the_years_around_it(tmp_path: Path) -> None:
    """It may lack an area of which there was nothing to tell."""
    classes = tmp_path / "klassen_2023.csv"
    classes.write_text("code,livability_class\nBU00010000,6\n", encoding="utf-8")
    files = [table(tmp_path, year, NOORD | ZUID, header=HEADER) for year in (2022, 2024)]
    found = verdicts(*files, classes)
    assert found["BU00010001", 2022, 2024] == verdicts(*files)["BU00010001", 2022, 2024] == ("same", "")
    assert found["BU00010000", 2022, 2023] == ("doubtful", "no_name")
    assert found["BU00010001", 2022, 2023] == ("broken", "vanished")


# --- outlines of both years -------------------------------------------------------------------------------------------


def drawn(folder: Path, before: dict[str, Any], after: dict[str, Any]) -> tuple[Path, Path]:
    return outlines(folder, 2023, before), outlines(folder, 2024, after)


def test_outlines_decide_whatever_the_names_say(tmp_path: Path) -> None:
    areas = drawn(tmp_path, {"BU00010000": COLUMNS[0], "BU00010001": COLUMNS[1]}, {"BU00010000": COLUMNS[0], "BU00010001": COLUMNS[2]})
    files = table(tmp_path, 2023, NOORD | ZUID, header=HEADER), table(tmp_path, 2024, NOORD | {"BU00010001": "Zuid,200,1"}, header=HEADER)
    found = verdicts(*files, areas=areas)
    assert found["BU00010000", 2023, 2024] == ("same", "")
    assert found["BU00010001", 2023, 2024] == ("broken", "other_polygon")


WATER = box(4.34, 52.0, 4.36, 52.02)
WITH_WATER = union_all([COLUMNS[1], WATER])


@pytest.mark.parametrize(
    ("zuid_then", "zuid_now", "west_now", "people", "verdict"),
    [
        # The harbour was drawn in one year only: names and inhabitants decide.
        (COLUMNS[1], WITH_WATER, COLUMNS[3], 200, ("same", "")),
        (WITH_WATER, COLUMNS[1], COLUMNS[3], 200, ("same", "")),
        (COLUMNS[1], WITH_WATER, COLUMNS[3], 300, ("doubtful", "population_jump")),
        # Ground that became another area's is no water.
        (WITH_WATER, COLUMNS[1], union_all(COLUMNS[2:]), 200, ("broken", "other_polygon")),
        # Also what both maps draw differs.
        (box(4.32, 52.01, 4.34, 52.03), union_all([box(4.32, 52.0, 4.34, 52.02), WATER]), COLUMNS[3], 200, ("broken", "other_polygon")),
    ],
)
def test_ground_that_one_map_gives_to_nobody_decides_nothing(
    tmp_path: Path, zuid_then: Any, zuid_now: Any, west_now: Any, people: int, verdict: tuple[str, str]
) -> None:
    before = {"BU00010000": COLUMNS[0], "BU00010001": zuid_then, "BU00010003": COLUMNS[3]}
    areas = drawn(tmp_path, before, before | {"BU00010001": zuid_now, "BU00010003": west_now})
    rows = {year: NOORD | {"BU00010001": f"Zuid,{number},1", "BU00010003": "West,50,1"} for year, number in ((2023, 200), (2024, people))}
    files = [table(tmp_path, year, cells, header=HEADER) for year, cells in rows.items()]
    assert verdicts(*files, areas=areas)["BU00010001", 2023, 2024] == verdict


# Some 300 metres square: 8 metres aside on every boundary is a tenth of it.
SMALL, ASIDE, ELSEWHERE = (box(4.32 + by, 52.0 + by, 4.3243 + to, 52.0027 + to) for by, to in ((0, 0), (0.0001, -0.0001), (0.0006, 0.0006)))


@pytest.mark.parametrize(("now", "verdict"), [(ASIDE, ("same", "")), (ELSEWHERE, ("broken", "other_polygon"))])
def test_a_boundary_that_is_drawn_some_metres_aside_is_the_same_boundary(tmp_path: Path, now: Any, verdict: tuple[str, str]) -> None:
    areas = drawn(tmp_path, {"BU00010001": SMALL}, {"BU00010001": now})
    files = [table(tmp_path, year, {"BU00010001": f"{name},200,1"}, header=HEADER) for year, name in ((2023, "Zuid"), (2024, "Zuiderdam"))]
    assert verdicts(*files, areas=areas)["BU00010001", 2023, 2024] == verdict


def test_a_map_of_one_area_does_not_say_what_lies_around_it(tmp_path: Path) -> None:
    areas = drawn(tmp_path, {"BU00010000": union_all(COLUMNS[:2]), "BU00010001": COLUMNS[2]}, {"BU00010000": COLUMNS[0]})
    files = [table(tmp_path, year, NOORD | ZUID, header=HEADER) for year in (2023, 2024)]
    assert verdicts(*files, areas=areas)["BU00010000", 2023, 2024] == ("broken", "other_polygon")


def test_a_split_buurt_is_bridged_by_the_dwellings_of_both_halves(tmp_path: Path) -> None:
    whole = union_all(COLUMNS[:2])
    areas = drawn(tmp_path, {"BU00010000": whole}, {"BU00010001": COLUMNS[0], "BU00010002": COLUMNS[1]})
    header = "code,naam,inwoners,woningen\n"
    before = table(tmp_path, 2023, {"BU00010000": "Noord,200,100"}, header=header)
    after = table(tmp_path, 2024, {"BU00010001": "Oost,150,75", "BU00010002": "West,50,25"}, header=header)
    links = make_monitor(MonitorRequest(figures=[before, after], areas=areas)).links.set_index("code")
    assert list(links["verdict"][["BU00010001", "BU00010002"]]) == ["bridged", "bridged"]
    assert links.loc["BU00010001", "parts"] == pytest.approx({"BU00010000": 0.75})
    assert links.loc["BU00010002", "parts"] == pytest.approx({"BU00010000": 0.25})
    assert links.loc["BU00010000", "verdict"] == "broken"


def test_points_of_dwellings_go_before_counts(tmp_path: Path) -> None:
    areas = drawn(tmp_path, {"BU00010000": union_all(COLUMNS[:2])}, {"BU00010001": COLUMNS[0], "BU00010002": COLUMNS[1]})
    homes = tmp_path / "woningen.csv"
    homes.write_text("lon,lat\n4.305,52.01\n4.325,52.01\n", encoding="utf-8")
    header = "code,naam,woningen\n"
    before = table(tmp_path, 2023, {"BU00010000": "Noord,100"}, header=header)
    after = table(tmp_path, 2024, {"BU00010001": "Oost,75", "BU00010002": "West,25"}, header=header)
    links = make_monitor(MonitorRequest(figures=[before, after], areas=areas, addresses=[homes])).links.set_index("code")
    assert links.loc["BU00010001", "parts"] == pytest.approx({"BU00010000": 0.5})
    assert links.loc["BU00010001", "reason"] == "points"


def test_with_outlines_of_one_year_only_nothing_is_bridged(tmp_path: Path) -> None:
    after = outlines(tmp_path, 2024, {"BU00010001": COLUMNS[0], "BU00010002": COLUMNS[1]})
    header = "code,naam,woningen\n"
    figures = (
        table(tmp_path, 2023, {"BU00010000": "Noord,100"}, header=header),
        table(tmp_path, 2024, {"BU00010001": "Oost,75", "BU00010002": "West,25"}, header=header),
    )
    assert {verdict for verdict, _ in verdicts(*figures, areas=(after,)).values()} == {"broken"}


@pytest.mark.parametrize("plain_year", [2022, 2025])
def test_a_bridge_holds_over_a_year_without_outlines_in_which_the_areas_stayed_the_same(tmp_path: Path, plain_year: int) -> None:
    areas = drawn(tmp_path, {"BU00010000": union_all(COLUMNS[:2])}, {"BU00010001": COLUMNS[0], "BU00010002": COLUMNS[1]})
    header = "code,naam,inwoners,woningen,indelingswijziging\n"
    before = {"BU00010000": "Noord,200,100,1"}
    after = {"BU00010001": "Oost,150,75,3", "BU00010002": "West,50,25,3"}
    files = [table(tmp_path, 2023, before, header=header), table(tmp_path, 2024, after, header=header)]
    stayed = before if plain_year == 2022 else {code: cells.removesuffix("3") + "1" for code, cells in after.items()}
    files.append(table(tmp_path, plain_year, stayed, header=header))
    links = make_monitor(MonitorRequest(figures=files, areas=areas)).links
    first, last = min(2023, plain_year), max(2024, plain_year)
    over = links[(links["from_year"] == first) & (links["to_year"] == last)].set_index("code")
    assert over.loc["BU00010001", "verdict"] == "bridged"
    assert over.loc["BU00010001", "parts"] == pytest.approx({"BU00010000": 0.75})


def test_a_bridge_does_not_hold_over_a_year_in_which_the_area_changed(tmp_path: Path) -> None:
    areas = drawn(tmp_path, {"BU00010000": union_all(COLUMNS[:2])}, {"BU00010001": COLUMNS[0], "BU00010002": COLUMNS[1]})
    header = "code,naam,inwoners,woningen,indelingswijziging\n"
    files = [
        table(tmp_path, 2023, {"BU00010000": "Noord,200,100,1"}, header=header),
        table(tmp_path, 2024, {"BU00010001": "Oost,150,75,3", "BU00010002": "West,50,25,3"}, header=header),
        table(tmp_path, 2025, {"BU00010001": "Oost,150,75,3", "BU00010002": "West,50,25,1"}, header=header),
    ]
    found = verdicts(*files, areas=areas)
    assert found["BU00010001", 2023, 2025] == ("broken", "new_code")
    assert found["BU00010002", 2023, 2025] == ("bridged", "zones")
