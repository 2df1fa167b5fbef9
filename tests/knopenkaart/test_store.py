# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The study folder: complete or absent, whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box

from knopenkaart import store
from knopenkaart.errors import InputError, StoreError
from knopenkaart.tables import AREAS, NOTICES, PLACES

TABLES = {
    "areas": AREAS.frame(
        [{"code": "GM1", "year": 2024, "level": "municipality", "name": "Dorp", "source": "x", "geometry": box(4, 52, 5, 53)}]
    ),
    "notices": NOTICES.frame([{"code": "a.b", "subject": "Dorp", "message": "Hm.", "details": {"n": 1}}]),
    "places": PLACES.empty(),
}


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    stored = store.write(tmp_path / "study", TABLES, {}, {"name": "Dorp"})
    assert stored.manifest == {"name": "Dorp"}
    assert stored.table("notices").loc[0, "details"] == {"n": 1}
    assert stored.table("areas").geometry.iloc[0].equals(box(4, 52, 5, 53))
    assert stored.verify() == []


def test_a_folder_without_a_study_is_absent(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no study") as caught:
        store.read(tmp_path)
    assert caught.value.exit_code == 4


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    stored = store.write(tmp_path / "study", TABLES, {}, {})
    stored.path("notices").write_bytes(b"other")
    assert stored.verify() == ["notices"]
    with pytest.raises(StoreError, match="absent or damaged"):
        stored.table("notices")


def notices(code: str) -> pd.DataFrame:
    return NOTICES.frame([{"code": code, "subject": "d", "message": "e", "details": {}}])


def parts(*studies: store.Stored) -> set[str]:
    return {str(part["file"]) for stored in studies for part in stored.files.values()}


def test_a_new_build_replaces_the_old_one_and_only_that_one_can_still_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    old = store.write(folder, TABLES, {}, {"name": "old"})
    (folder / "notes.txt").write_text("mine")
    new = store.write(folder, TABLES | {"notices": notices("c")}, {}, {"name": "new"})
    assert {path.name for path in folder.iterdir()} == {"study.json", "notes.txt", *parts(old, new)}
    assert old.table("notices").loc[0, "code"] == "a.b"
    assert old.verify() == new.verify() == []
    newer = store.write(folder, TABLES | {"notices": notices("d")}, {}, {"name": "newer"})
    assert {path.name for path in folder.iterdir()} == {"study.json", "notes.txt", *parts(new, newer)}
    with pytest.raises(StoreError, match="absent or damaged"):
        old.table("notices")


def test_who_opened_a_study_reads_on_while_it_is_rewritten(tmp_path: Path) -> None:
    old = store.write(tmp_path / "study", TABLES, {}, {"name": "old"})
    store.rewrite(old, {"notices": notices("c")}, {"name": "new"})
    assert old.table("notices").loc[0, "code"] == "a.b"
    assert store.read(tmp_path / "study").table("notices").loc[0, "code"] == "c"


def test_rewriting_leaves_the_other_parts_as_they_lie_there(tmp_path: Path) -> None:
    tiles = tmp_path / "tiles.pmtiles"
    tiles.write_bytes(b"tiles")
    old = store.write(tmp_path / "study", TABLES, {"tiles": tiles}, {"name": "old"})
    before = {name: old.path(name).stat() for name in ("areas", "places", "tiles")}
    new = store.rewrite(old, {"notices": notices("c")}, {"name": "new"})
    after = {name: new.path(name).stat() for name in before}
    assert {name: (of.st_ino, of.st_mtime_ns) for name, of in after.items()} == {
        name: (of.st_ino, of.st_mtime_ns) for name, of in before.items()
    }
    assert new.verify() == []


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    old = store.write(tmp_path / "study", TABLES, {}, {"name": "old"})
    store.write(tmp_path / "study", TABLES | {"notices": notices("c")}, {}, {"name": "new"})
    with pytest.raises(StoreError) as caught:
        store.rewrite(old, {"notices": notices("d")}, {"name": "mine"})
    assert caught.value.code == "store.changed"
    assert store.read(tmp_path / "study").manifest == {"name": "new"}


def test_nothing_is_read_of_a_folder_that_another_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = store.write(tmp_path / "study", TABLES, {}, {"name": "old"})
    read: list[str] = []
    for name in ("_read_table", "checksum"):
        monkeypatch.setattr(store, name, lambda *_, name=name: read.append(name))
    with store._alone(old.folder), pytest.raises(StoreError, match="Another build"):
        store.rewrite(old, {"notices": notices("c")}, {"name": "new"})
    assert read == []


def test_a_failing_write_leaves_the_previous_study_whole(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    store.write(folder, TABLES, {}, {"name": "old"})
    with pytest.raises(StoreError):
        store.write(folder, TABLES | {"areas": TABLES["areas"].drop(columns="name")}, {}, {"name": "new"})
    assert store.read(folder).manifest == {"name": "old"}
    assert store.read(folder).verify() == []


def test_two_builds_at_once_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    with store._alone(folder), pytest.raises(StoreError, match="Another build"):
        store.write(folder, TABLES, {}, {})


def test_a_manifest_of_another_format_is_refused(tmp_path: Path) -> None:
    store.write(tmp_path / "study", TABLES, {}, {})
    path = tmp_path / "study" / store.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    with pytest.raises(StoreError, match="format 99"):
        store.read(tmp_path / "study")


def test_a_killed_build_leaves_the_previous_study_and_the_next_clears_up(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    store.write(folder, TABLES, {}, {"name": "old"})
    script = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from knopenkaart import store
        from knopenkaart.tables import NOTICES
        place = store._place
        def slow(path, folder):
            result = place(path, folder)
            print("placed", flush=True)
            time.sleep(60)
            return result
        store._place = slow
        store.write(Path(sys.argv[1]), {"notices": NOTICES.empty()}, {}, {"name": "new"})
        """
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    build = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, env=environment, text=True)
    assert build.stdout is not None
    assert build.stdout.readline() == "placed\n"
    build.send_signal(signal.SIGKILL)
    build.wait()
    assert store.read(folder).manifest == {"name": "old"}
    assert store.read(folder).verify() == []
    assert list(folder.glob(".unfinished-*"))
    old = store.read(folder)
    newer = store.write(folder, TABLES | {"notices": notices("c")}, {}, {"name": "newer"})
    assert {path.name for path in folder.iterdir()} == {"study.json", *parts(old, newer)}


def test_a_geopackage_in_the_netherlands_is_in_rd_and_opens_elsewhere(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": ["Bieb"], "functions": [["learn", "meet"]]}, geometry=[Point(4.36, 52.01)], crs="EPSG:4326")
    store.write_geopackage(tmp_path / "out.gpkg", {"places": frame})
    back = gpd.read_file(tmp_path / "out.gpkg", layer="places")
    assert back.crs.to_epsg() == 28992
    assert json.loads(back.loc[0, "functions"]) == ["learn", "meet"]


def test_a_failed_export_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    with pytest.raises(RuntimeError), store.replacing(target) as draft:
        draft.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


def test_a_place_where_nothing_can_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    for attempt in (
        lambda: store.write(tmp_path / "file", {}, {}, {}),
        lambda: store.write_text(tmp_path / "folder", "text"),
        lambda: store.write_text(tmp_path / "file" / "deeper.csv", "text"),
    ):
        with pytest.raises(StoreError) as caught:
            attempt()
        assert caught.value.code == "store.unwritable"
    assert (tmp_path / "file").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_geopackage_by_another_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"places\.csv is no name for a GeoPackage"):
        store.write_geopackage(tmp_path / "places.csv", {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("made", "asked"), [("study", "monitor"), ("monitor", "study")])
def test_what_a_folder_holds_is_not_taken_for_something_else(tmp_path: Path, made: str, asked: str) -> None:
    store.write(tmp_path / "x", TABLES, {}, {"what": made})
    assert store.read(tmp_path / "x", what=made).manifest["what"] == made
    with pytest.raises(StoreError, match=f"holds a {made}, no {asked}") as caught:
        store.read(tmp_path / "x", what=asked)
    assert caught.value.code == "store.other"
    with pytest.raises(StoreError, match=f"holds a {made}"):
        store.write(tmp_path / "x", {}, {}, {"what": asked})
    store.write(tmp_path / "x", {}, {}, {"what": made})
    assert not store.read(tmp_path / "x", what=made).files


def test_a_study_of_before_there_were_monitors_is_a_study(tmp_path: Path) -> None:
    store.write(tmp_path / "x", TABLES, {}, {"name": "Dorp"})
    assert store.read(tmp_path / "x").manifest == {"name": "Dorp"}
