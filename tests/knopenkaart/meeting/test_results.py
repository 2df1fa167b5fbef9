# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""From a study to the file in which pages look up who meets whom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from knopenkaart.errors import InputError
from knopenkaart.meeting.ground import ground_of
from knopenkaart.meeting.observed import NOTHING, Told
from knopenkaart.meeting.protect import protected
from knopenkaart.meeting.results import results, write_file, write_tables
from knopenkaart.publish.meeting_file import INDEXES, NAME, MeetingFile
from knopenkaart.study import Study
from knopenkaart.tables import MEETING


@pytest.fixture(scope="module")
def file(hamlet_study: Study, tmp_path_factory: pytest.TempPathFactory) -> MeetingFile:
    target = tmp_path_factory.mktemp("meeting") / NAME
    write_file(target, results(hamlet_study, draws=2), hamlet_study)
    return MeetingFile(target)


def test_the_file_has_every_table_with_the_columns_of_the_reference(file: MeetingFile) -> None:
    assert set(INDEXES) == set(MEETING)
    for name in ("curve_points", "curve_findings", "curve_order", "curve_open", "curve_grid", "thesis", "meeting_areas", "meeting_drivers"):
        rows = file.rows(name)
        assert rows, name
        assert list(rows[0]) == list(MEETING[name].columns)
    with pytest.raises(KeyError):
        file.rows("homes")


def test_without_counts_all_is_assumed_and_the_thesis_undecided(file: MeetingFile) -> None:
    about = file.about()
    assert about["badge"] == "assumed"
    assert about["counted"] == []
    assert (about["times"], about["weeks"]) == (3, 26)
    assert {"loyalty", "notices", "foyer"} <= {item["name"] for item in about["assumptions"]}
    assert {row["badge"] for row in file.rows("meeting_places")} == {"assumed"}
    assert {row["verdict"] for row in file.rows("thesis")} == {"undecided"}


def test_without_any_time_the_whole_is_there_and_every_wijk_is_said_to_be_missing(
    hamlet_study: Study, file: MeetingFile, tmp_path: Path
) -> None:
    shares: list[float] = []
    write_file(
        tmp_path / NAME, results(hamlet_study, draws=2, seconds=0.0, progress=lambda step, share: shares.append(share)), hamlet_study
    )
    short = MeetingFile(tmp_path / NAME)
    for name in ("curve_points", "curve_findings"):
        wanted = [row for row in file.rows(name) if row["area_code"] == "all"]
        assert short.rows(name) == wanted
    wijken = {row["area_code"] for row in file.rows("curve_findings")} - {"all"}
    assert short.about()["left_out"] == {"wijken": sorted(wijken), "closings": False}
    assert file.about()["left_out"] == {"wijken": [], "closings": False}
    for name in ("thesis", "curve_grid", "meeting_drivers", "meeting_areas", "meeting_contribution"):
        assert short.rows(name) == file.rows(name)
    # Of all of it together, so it never falls.
    assert shares == sorted(shares)
    assert 0.3 < shares[-1] <= 1.0


def test_people_leave_in_tens(file: MeetingFile) -> None:
    shown = [row["people"] for row in file.rows("meeting_areas") if row["people"] is not None]
    assert all(people % 10 == 0 for people in shown)
    assert min(shown) >= 10


def test_with_every_number_of_places_it_is_told_which_are_open(file: MeetingFile) -> None:
    least: dict[str, int] = {}
    for row in file.rows("curve_points", area_code="all", demand="elastic", programme="own"):
        opened = [item["place_id"] for item in file.rows("curve_open", area_code="all", places=row["places"])]
        assert len(opened) == len(set(opened)) == row["places"]
        for place in opened:
            least.setdefault(place, row["places"])
    assert least == {row["place_id"]: row["least"] for row in file.rows("curve_order", area_code="all")}


def test_what_drives_the_answer_is_beside_what_is_taken(file: MeetingFile) -> None:
    rows = file.rows("meeting_drivers")
    assert len({(row["faces"], row["kept"], row["places"]) for row in rows}) == 1
    assert {row["name"] for row in rows if row["kind"] == "convention"} == {"times", "weeks"}


def test_tables_are_written_as_they_may_be_shown(hamlet_study: Study, tmp_path: Path) -> None:
    found = protected(results(hamlet_study, draws=1, wijken=False).tables)
    assert write_tables(tmp_path / "out", found, ["curve_points"]) == ["curve_points.csv"]
    assert (tmp_path / "out" / "curve_points.csv").read_text(encoding="utf-8").startswith("area_code,demand,programme,places")


def test_squares_hold_all_residents_and_reach_what_is_near(hamlet_study: Study) -> None:
    ground = ground_of(hamlet_study)
    placed = hamlet_study.table("residents").query("group == 'all' and level == 'municipality'")["placed"].sum()
    assert ground.setting.people.sum() == pytest.approx(placed, rel=0.01)
    assert ground.setting.metres.nnz > 0
    assert (ground.setting.metres.data <= 6000.0).all()
    coarse = ground_of(hamlet_study, cells=1)
    assert coarse.setting.cells <= ground.setting.cells
    assert coarse.setting.people.sum() == pytest.approx(ground.setting.people.sum())


def test_a_study_in_which_nothing_counts_is_refused(hamlet_study: Study) -> None:
    with pytest.raises(InputError) as refused:
        ground_of(hamlet_study, counting=[])
    assert refused.value.code == "meeting.no_places"


@pytest.mark.parametrize("name", ["delft_study", "liechtenstein_study"])
def test_real_towns_can_be_reckoned_from_their_own_data(name: str, request: pytest.FixtureRequest) -> None:
    ground = ground_of(request.getfixturevalue(name), cells=400)
    assert ground.setting.people.sum() > 10_000
    assert len(ground.ids) >= 100
    assert ground.groups == (("all",) if name.startswith("li") else ground.groups)
    assert ground.assumed == name.startswith("li")
    assert np.isfinite(ground.setting.metres.data).all()


def test_answers_of_visitors_alone_make_it_estimated_and_answers_of_elsewhere_do_not(hamlet_study: Study, tmp_path: Path) -> None:
    ids = ground_of(hamlet_study).ids
    for place, badge in ((ids[0], "estimated"), ("elsewhere", "assumed")):
        answers = pd.DataFrame({"place_id": place, "question": "frequency", "answer": ["1", "4"], "cards": [30, 20]})
        found = results(hamlet_study, known=Told(NOTHING.estimates, answers), draws=1, wijken=False)
        write_file(tmp_path / NAME, found, hamlet_study)
        about = MeetingFile(tmp_path / NAME).about()
        assert (about["badge"], about["counted"]) == (badge, [])
