# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reach reckoned anew for a built study: with other choices or corrected places, in memory, and kept in one step or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
import toytown
from pandas.testing import assert_frame_equal

from knopenkaart import reach, store
from knopenkaart.errors import StoreError
from knopenkaart.policy import Policy
from knopenkaart.study import Study, build, keep, policy_of, recount
from knopenkaart.tables import ALL

SLOW = Policy(walk_kmh=2.4)
REACH = {table.name for table in reach.TABLES}


@pytest.fixture
def study(hamlet_study: Study, tmp_path: Path) -> Study:
    """The hamlet in a folder of the test's own."""
    return Study.open(Path(shutil.copytree(hamlet_study.stored.folder, tmp_path / "gehucht")))


def content(study: Study) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in study.stored.folder.iterdir()}


def people(study: Study, name: str) -> list[float]:
    """In reach of a place on foot, by rising minutes."""
    places, table = study.table("places").set_index("name"), study.table("reach_places")
    rows = table[(table["place_id"] == places.loc[name, "id"]) & (table["mode"] == "walk") & (table["group"] == "all")]
    return [round(count, 6) for count in rows.sort_values("minutes")["people"].astype(float)]


def without(study: Study, what: str) -> list[float]:
    gaps = study.table("gaps")
    rows = gaps[(gaps["area_code"] == "GM9001") & (gaps["mode"] == "walk") & (gaps["group"] == "all") & (gaps["what"] == what)]
    return [round(count, 6) for count in rows.sort_values("minutes")["without"].astype(float)]


def moved(places: pd.DataFrame, name: str, spot: toytown.Spot) -> pd.DataFrame:
    lon, lat = toytown.lonlat([spot])
    return places.assign(lon=places["lon"].mask(places["name"] == name, lon[0]), lat=places["lat"].mask(places["name"] == name, lat[0]))


# --- in memory ----------------------------------------------------------------------------------------------------------


def test_a_build_has_reckoned_what_a_recount_finds(study: Study) -> None:
    again = recount(study)
    for name in sorted(REACH - {"isochrones"}):
        assert_frame_equal(again.table(name), study.table(name), check_exact=True, check_dtype=False)


def test_a_recount_writes_nothing_and_leaves_the_study_that_it_began_with(study: Study) -> None:
    before = content(study)
    slow = recount(study, policy=SLOW)
    assert people(slow, "Bieb") == [160, 160, 240]
    assert people(study, "Bieb") == [160, 280, 520]
    assert (slow.policy, study.policy) == (SLOW, Policy())
    assert content(study) == before


def test_a_place_that_was_moved_is_reached_where_it_stands_now(study: Study) -> None:
    again = recount(study, places=moved(study.table("places"), "De Hoek", toytown.crossing(0)))
    assert people(again, "De Hoek") == people(again, "Bieb") == [160, 280, 520]
    assert without(again, "eat") == [440, 320, 80]


def test_a_place_that_was_closed_is_near_nobody_and_a_planned_one_has_people_all_the_same(study: Study) -> None:
    places = study.table("places")
    cafe = places["name"] == "De Hoek"
    closed = recount(study, places=places.assign(status=places["status"].mask(cafe, "closed")))
    assert people(closed, "De Hoek") == []
    assert without(closed, "eat") == [600, 600, 600]
    planned = recount(study, places=places.assign(status=places["status"].mask(cafe, "planned")))
    assert people(planned, "De Hoek") == [80, 320, 440]
    assert without(planned, "eat") == [600, 600, 600]


def test_a_kind_that_no_longer_counts_is_near_nobody(study: Study) -> None:
    assert without(study, "eat") == [520, 280, 160]
    again = recount(study, counting=study.counting - {"cafe"})
    assert without(again, "eat") == [600, 600, 600]
    assert without(again, "learn") == without(study, "learn") == [440, 320, 80]


def test_isochrones_are_kept_while_their_place_stays_and_drawn_anew_where_it_moved(study: Study) -> None:
    # Drawn by hand, so that one sees whether the engine drew it again.
    by_hand = shapely.MultiPolygon([shapely.box(4.35, 51.98, 4.36, 51.99)])
    drawn: Any = study.table("isochrones")
    marked = replace(study, anew={"isochrones": drawn.assign(geometry=by_hand)})
    again = recount(marked, places=moved(study.table("places"), "De Hoek", toytown.crossing(2)))
    isochrones = again.table("isochrones")
    kept = isochrones[isochrones.geometry.geom_equals(by_hand)]
    assert set(kept["place_id"]) == {study.table("places").set_index("name").loc["Bieb", "id"]}
    assert (len(kept), len(isochrones)) == (6, 12)
    slow = recount(marked, policy=SLOW)
    assert not slow.table("isochrones").geometry.geom_equals(by_hand).any()


def test_at_another_speed_every_isochrone_is_drawn_anew(study: Study) -> None:
    old, new = (
        of.table("isochrones").query("mode == 'walk'").set_index(["place_id", "minutes"])["geometry"]
        for of in (study, recount(study, policy=SLOW))
    )
    assert all(new[key].area < old[key].area for key in old.index)


# --- where places are known -------------------------------------------------------------------------------------------


def complete(study: Study, mode: str, what: str = "eat") -> list[bool]:
    gaps = study.table("gaps")
    rows = gaps[(gaps["area_code"] == "GM9001") & (gaps["mode"] == mode) & (gaps["group"] == "all") & (gaps["what"] == what)]
    return [bool(value) for value in rows.sort_values("minutes")["complete"]]


def test_places_are_gathered_as_far_as_anybody_can_go(study: Study, hamlet: Any, tmp_path: Path) -> None:
    # 15 minutes at 15 km/h.
    assert study.around_m == study.manifest["around_m"] == 3750
    assert study.manifest["policy"]["neighbour_m"] == 2000
    far = build(tmp_path / "far", hamlet.request(policy=Policy(neighbour_m=5000.0)))
    assert far.around_m == 5000


def test_who_gets_farther_than_places_are_known_is_not_told_that_there_is_none(study: Study) -> None:
    assert complete(study, "walk") == complete(study, "cycle") == [True, True, True]
    long = recount(study, policy=Policy(minutes=(5, 10, 40), zone_weights=(1.0, 0.5, 0.2)))
    assert long.around_m == 3750
    # Within 40 minutes one walks 3,200 m and cycles 10,000 m; everybody finds the cafe all the same.
    assert complete(long, "walk") == complete(long, "cycle") == [True, True, True]
    assert without(long, "third_living_room") == [600, 600, 600]
    assert complete(long, "walk", "third_living_room") == [True, True, True]
    assert complete(long, "cycle", "third_living_room") == [True, True, False]
    # By bicycle in 40 minutes one is far across the border from everywhere: there may be more nodes there.
    supply = recount(study, policy=Policy(minutes=(5, 10, 60), zone_weights=(1.0, 0.5, 0.2))).table("supply")
    assert not supply["complete"].any()
    assert study.table("supply")["complete"].all()


# --- kept ---------------------------------------------------------------------------------------------------------------


def test_what_is_kept_stands_in_the_folder_with_the_policy_it_was_reckoned_with(study: Study) -> None:
    kept = keep(recount(study, policy=SLOW))
    opened = Study.open(study.stored.folder)
    for of in (kept, opened):
        assert of.policy == SLOW
        assert people(of, "Bieb") == [160, 160, 240]
    assert opened.stored.verify() == []
    assert opened.manifest == {**study.manifest, "policy": json.loads(json.dumps(asdict(SLOW)))}


def test_everything_else_in_the_folder_stays_as_it_was(study: Study) -> None:
    (study.stored.folder / "notes.txt").write_text("mine", encoding="utf-8")
    before = study.stored.files
    after = keep(recount(study, policy=SLOW)).stored.files
    assert before.keys() == after.keys()
    assert {name for name in before if before[name]["file"] != after[name]["file"]} <= REACH
    files = {path.name for path in study.stored.folder.iterdir()}
    # Those of before stay for who had opened them.
    assert files == {"study.json", "notes.txt", *(str(part["file"]) for part in [*before.values(), *after.values()])}
    assert people(study, "Bieb") == [160, 280, 520]


def test_what_was_reckoned_with_corrected_places_is_not_kept_beside_those_of_the_build(study: Study) -> None:
    before = content(study)
    for places in (moved(study.table("places"), "De Hoek", toytown.crossing(0)), study.table("places")):
        with pytest.raises(ValueError, match="corrected places"):
            keep(recount(study, places=places))
    assert content(study) == before
    # So an isochrone in the folder is always that of the place in the folder: none of a moved one is taken for that of the old spot.
    again = recount(recount(study, places=moved(study.table("places"), "De Hoek", toytown.crossing(0))))
    assert people(again, "De Hoek") == [160, 280, 520]
    with pytest.raises(ValueError, match="corrected places"):
        keep(again)
    back = recount(again, places=study.table("places"))
    old, new = (of.table("isochrones").set_index(["place_id", "mode", "minutes"])["geometry"] for of in (study, back))
    assert all(new[key].equals(old[key]) for key in old.index)


def test_the_vocabulary_of_a_municipality_survives(hamlet: Any, tmp_path: Path) -> None:
    own = hamlet.folder / "own.toml"
    own.write_text("[kinds.cafe]\ncounts = false\n", encoding="utf-8")
    study = build(tmp_path / "study", hamlet.request(vocabulary=own))
    kept = keep(recount(study, policy=SLOW))
    assert "cafe" not in kept.counting
    assert without(kept, "eat") == [600, 600, 600]
    assert kept.tiles.read_bytes().startswith(b"PMTiles")


class DiskFullError(OSError):
    """What a full disk says."""


@pytest.mark.parametrize("after", [0, 1, 7, 10])
def test_a_disk_that_fills_up_halfway_leaves_the_study_as_it_was(after: int, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    before, files = content(study), study.stored.files
    place, placed = store._place, iter(range(after))

    def full(path: Path, folder: Path) -> dict[str, Any]:
        if next(placed, None) is None:
            raise DiskFullError(28, "No space left on device")
        return place(path, folder)

    monkeypatch.setattr(store, "_place", full)
    with pytest.raises(StoreError) as caught:
        keep(recount(study, policy=SLOW))
    assert (caught.value.code, caught.value.exit_code) == ("store.unwritable", 4)
    assert "No space left on device" in caught.value.message
    opened = Study.open(study.stored.folder)
    assert opened.stored.files == files
    assert opened.stored.verify() == []
    assert opened.policy == Policy()
    assert people(opened, "Bieb") == [160, 280, 520]
    assert {name: content(study)[name] for name in before} == before
    assert not list(study.stored.folder.glob(".unfinished-*"))
    # What was placed already is swept away by the next who comes through.
    monkeypatch.undo()
    kept = keep(recount(study, policy=SLOW))
    assert {path.name for path in study.stored.folder.iterdir()} == {
        "study.json",
        *(str(part["file"]) for of in (study, kept) for part in of.stored.files.values()),
    }


def test_a_table_that_breaks_its_rules_is_not_kept(study: Study) -> None:
    before = content(study)
    broken = study.table("gaps").drop(columns="without")
    with pytest.raises(StoreError, match="lacks the column"):
        store.rewrite(study.stored, {"gaps": broken}, study.manifest)
    assert Study.open(study.stored.folder).stored.verify() == []
    assert {name: content(study)[name] for name in before} == before


def test_a_damaged_table_that_would_be_carried_along_stops_everything(study: Study) -> None:
    slow = recount(study, policy=SLOW)
    study.stored.path("decisions").write_bytes(b"PAR1")
    before = content(study)
    with pytest.raises(StoreError) as caught:
        keep(slow)
    assert caught.value.code == "store.damaged"
    assert content(study) == before


def test_nobody_keeps_while_another_writes(study: Study) -> None:
    before = content(study)
    slow = recount(study, policy=SLOW)
    with store._alone(study.stored.folder), pytest.raises(StoreError) as caught:
        keep(slow)
    assert caught.value.code == "store.busy"
    assert content(study) == before


def test_rewriting_replaces_what_it_is_given_and_nothing_else(study: Study) -> None:
    fewer = study.table("gaps").iloc[:10]
    stored = store.rewrite(study.stored, {"gaps": fewer}, {**study.manifest, "name": "Anders"})
    assert stored.manifest == {**study.manifest, "name": "Anders"}
    assert len(stored.table("gaps")) == stored.files["gaps"]["rows"] == 10
    others = [name for name in ALL if name in stored.files and name != "gaps"]
    assert all(stored.files[name] == study.stored.files[name] for name in others)


# --- the policy in a manifest -------------------------------------------------------------------------------------------


def test_a_policy_comes_back_from_its_manifest_as_it_was() -> None:
    policy = Policy(walk_kmh=3.6, minutes=(4, 8, 16), near_min=8, zone_weights=(1.0, 0.5, 0.25))
    assert policy_of(json.loads(json.dumps(asdict(policy)))) == policy


def test_of_a_policy_of_another_version_what_is_known_counts() -> None:
    assert policy_of({"walk_kmh": 3.6, "jump_kmh": 1.0}) == Policy(walk_kmh=3.6)


@pytest.mark.parametrize(
    "values",
    [
        {"walk_kmh": 0.0},
        {"steps_kmh": -1.0},
        {"ferry_kmh": float("nan")},
        {"cycle_kmh": float("inf")},
        {"minutes": ()},
        {"minutes": (5, 15, 10)},
        {"minutes": (0, 10, 15)},
        {"near_min": 7},
        {"minutes": (5, 10)},
        {"zone_weights": (1.0, 0.5)},
        {"zone_weights": (1.0, 0.5, 0.0)},
    ],
    ids=str,
)
def test_choices_that_contradict_themselves_are_no_policy(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(values)).split("_")[0]):
        Policy(**values)
