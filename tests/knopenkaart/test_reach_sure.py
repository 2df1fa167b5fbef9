# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A covered wijk beside one that is not: what its residents have near is told only as far as the ground is known."""

from __future__ import annotations

import pandas as pd
import pytest

from knopenkaart.study import Study, build

from .hamlet import EAST, HOMES, TOWN, WEST, Hamlet


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The hamlet without the addresses of the east, which lies beyond x=600."""
    folder = tmp_path_factory.mktemp("half")
    hamlet = Hamlet(folder / "files")
    return build(folder / "gehucht", hamlet.request(osm=hamlet.osm(homes=[spot for spot in HOMES if spot[0] < 600])))


def rows(study: Study, name: str, **where: str) -> pd.DataFrame:
    table = study.table(name)
    for column, value in where.items():
        table = table[table[column] == value]
    return table


def test_homes_know_the_ground_as_far_as_the_wijk_that_is_not_covered(half: Study) -> None:
    status = half.table("coverage").set_index("area_code")["status"]
    assert status[WEST] == "covered"
    assert status[EAST] != "covered"
    # Four homes at x=40 to 160, three at x=0, three at x=400.
    found = sorted(rows(half, "homes", area_code=WEST)["sure_m"].astype(float))
    assert found == pytest.approx(3 * [200] + [440, 480, 520, 560] + 3 * [600], abs=1)


def test_where_all_is_covered_there_is_nothing_to_doubt(hamlet_study: Study) -> None:
    assert hamlet_study.table("homes")["sure_m"].isna().all()
    for name in ("gaps", "reach_areas", "reach_open", "reach_homes", "supply", "overlaps", "competition"):
        assert hamlet_study.table(name)["complete"].all(), name


def test_a_covered_wijk_does_not_say_that_its_residents_have_nothing_near(half: Study) -> None:
    # 200 m is 150 s on foot: within 5 minutes already a cafe in the east, that nobody mapped, may be near three of the ten homes.
    gaps = rows(half, "gaps", area_code=WEST, mode="walk", group="all", what="eat").sort_values("minutes")
    assert gaps["complete"].tolist() == [False, False, False]
    # To the library the three homes at x=400 walk 850 to 1,050 m, more than 10 minutes and less than 15: then nobody is without.
    library = rows(half, "gaps", area_code=WEST, mode="walk", group="all", what="learn").sort_values("minutes")
    assert library["complete"].tolist() == [False, False, True]
    assert not rows(half, "gaps", area_code=TOWN)["complete"].any()
    for name in ("reach_areas", "reach_open", "supply"):
        assert not half.table(name)["complete"].any(), name


def test_the_library_next_door_is_the_nearest_whatever_lies_beyond(half: Study) -> None:
    homes = rows(half, "homes", area_code=WEST)
    nearest = rows(half, "reach_homes", mode="walk", what="learn").set_index("home")
    told = {
        (round(minutes, 2), complete)
        for home, minutes, complete in zip(nearest.index, nearest["minutes"], nearest["complete"], strict=True)
        if home in set(homes["home"])
    }
    # 40, 80, 120 and 160 m to the library, and 440 to 560 m of known ground around.
    assert {(0.5, True), (1.0, True), (1.5, True), (2.0, True)} <= told
    for row in homes.itertuples():
        found = nearest.loc[row.home]
        assert found["complete"] == (found["minutes"] * 80 <= row.sure_m)
