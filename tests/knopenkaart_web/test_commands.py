# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The commands of the web: a study folder goes through the door into the database, accounts are made, the site is served and stops."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from knopenkaart.cli.console import Console
from knopenkaart.errors import KnopenkaartError
from knopenkaart_web import cli, engine
from knopenkaart_web.places import actions, models, queries

from . import factories
from .factories import LIBRARY
from .folders import build

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers(dest="command", required=True))
    options = parser.parse_args(arguments)
    return int(options.run(options, Console(as_json=True)))


def test_a_study_folder_is_loaded_under_its_own_name(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = build(tmp_path / "Klein Dorp", factories.records())
    assert run("load", str(folder)) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["slug"], report["added"]) == ("klein-dorp", 11)
    view = queries.municipality("klein-dorp", None, lang="nl")
    assert view is not None
    assert (view.nodes, view.population) == (5, 2400)
    study = queries.study("klein-dorp")
    assert study is not None
    assert (study.has_tiles, study.invented, study.bounds) == (True, True, (5.0, 52.0, 5.06, 52.02))
    shapes = queries.map_areas("klein-dorp", lang="nl")
    assert shapes is not None
    assert [feature["geometry"]["type"] for feature in shapes["features"]] == ["MultiPolygon", "MultiPolygon"]


def test_a_node_that_became_a_way_is_known_again_through_the_door(db: None, tmp_path: Path) -> None:
    library, *rest = factories.records()
    run("load", str(build(tmp_path / "kleindorp", [library, *rest])))
    way = replace(library, id=factories.identifier("way/9"), source_id="way/9", lon=5.00503, lat=52.00502)
    run("load", str(build(tmp_path / "kleindorp", [way, *rest])))
    assert models.Place.objects.count() == 11
    assert models.Place.objects.get(pk=LIBRARY).source_id == "way/9"
    assert not models.ReviewItem.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["nergens"], "store.absent"), (["nergens", "--slug", "A b"], "load.slug"), (["nergens", "--slug", "en"], "load.slug")],
)
def test_what_cannot_be_loaded_is_said_with_a_code(db: None, arguments: list[str], code: str) -> None:
    with pytest.raises(KnopenkaartError) as caught:
        run("load", *arguments)
    assert caught.value.code == code


def test_an_account_is_made_and_its_password_shown_once(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    run("user", "add", "dora", "--role", "manager", "--study", "kleindorp")
    made = json.loads(capsys.readouterr().out)
    assert (made["name"], made["role"], len(made["password"])) == ("dora", "manager", 23)
    run("user", "role", "dora", "--role", "none", "--study", "kleindorp")
    run("user", "password", "dora")
    run("user", "close", "dora")
    assert made["password"] not in capsys.readouterr().out


def test_the_example_editor_is_made_once(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    run("user", "example-editor", "--study", "voorbeeld")
    assert json.loads(capsys.readouterr().out)["password"]
    run("user", "example-editor", "--study", "voorbeeld")
    assert json.loads(capsys.readouterr().out)["password"] is None


@pytest.mark.parametrize("arguments", [["serve", "--port", "0"], ["serve", "--port", "x"], ["serve", "--workers", "0"], ["user"]])
def test_arguments_that_cannot_be_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(*arguments)
    assert caught.value.code == 2


def test_the_site_is_served_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KNOPENKAART_")}
    environ: dict[str, Any] = kept | {"KNOPENKAART_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", "import sys; from knopenkaart.cli.main import main; sys.exit(main(sys.argv[1:]))"]
    old = subprocess.run([*command, "serve", "--port", str(port)], env=environ, capture_output=True, text=True, check=False)
    assert old.returncode == 2
    assert "knopenkaart migrate" in old.stderr
    subprocess.run([*command, "migrate"], env=environ, check=True, capture_output=True)
    server = subprocess.Popen([*command, "serve", "--port", str(port), "--workers", "1"], env=environ, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        assert f"http://127.0.0.1:{port}/" in server.stdout.readline()
        assert _status(port) == 200
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=20) == 0
    with pytest.raises(OSError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)


def _status(port: int) -> int:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                return int(answer.status)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def test_a_merged_place_stays_merged_when_its_node_becomes_a_way(db: None, tmp_path: Path) -> None:
    library, centre, *rest = factories.records()
    run("load", str(build(tmp_path / "kleindorp", [library, centre, *rest])))
    actions.merge_places(None, "kleindorp", LIBRARY, factories.CENTRE, "één gebouw")
    way = replace(centre, id=factories.identifier("way/9"), source_id="way/9", lon=5.00603, lat=52.00502)
    run("load", str(build(tmp_path / "kleindorp", [library, way, *rest])))
    assert models.Place.objects.count() == 11
    assert models.Place.objects.get(source_id="way/9").merged_into_id == models.Place.objects.get(source_id="node/1").pk
    assert not models.ReviewItem.objects.exists()


def test_what_is_loaded_stays_as_it_was_when_the_folder_is_built_anew_or_goes(db: None, tmp_path: Path) -> None:
    folder = build(tmp_path / "kleindorp", factories.records())
    run("load", str(folder))
    shutil.rmtree(folder)
    study = queries.study("kleindorp")
    assert study is not None
    assert study.has_tiles
    run("load", str(build(folder, factories.records()[:5])))
    kept = models.Study.objects.get().folder
    assert [path.name for path in Path(kept).parent.iterdir()] == [Path(kept).name], "the earlier copy is gone"


def test_a_damaged_study_is_refused_before_anything_is_loaded(db: None, tmp_path: Path) -> None:
    folder = build(tmp_path / "kleindorp", factories.records())
    next(folder.glob("places-*.parquet")).write_bytes(b"half")
    with pytest.raises(KnopenkaartError) as caught:
        run("load", str(folder))
    assert caught.value.code == "store.damaged"
    assert not models.Study.objects.exists()


def test_the_same_build_that_is_kept_twice_at_once_is_kept_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, shelf = build(tmp_path / "kleindorp", factories.records()), tmp_path / "shelf"
    first = engine.keep_study(folder, shelf)
    aside = tmp_path / "aside"
    first.rename(aside)
    replace_folder = Path.replace

    def come_second(self: Path, target: Path) -> Path:
        shutil.copytree(aside, target)
        return replace_folder(self, target)

    monkeypatch.setattr(Path, "replace", come_second)
    assert engine.keep_study(folder, shelf) == first
    assert [path.name for path in shelf.iterdir()] == [first.name]


def test_a_copy_that_cannot_be_put_in_its_place_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError("no")

    folder = build(tmp_path / "kleindorp", factories.records())
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        engine.keep_study(folder, tmp_path / "shelf")


def test_two_loads_of_one_study_follow_each_other(tmp_path: Path) -> None:
    shelf, order = tmp_path / "studies" / "kleindorp", list[str]()
    with ThreadPoolExecutor(1) as pool:
        with engine.one_at_a_time(shelf):
            second = pool.submit(lambda: _enter(shelf, order))
            time.sleep(0.2)
            order.append("first")
        second.result(timeout=10)
    assert order == ["first", "second"]


def _enter(shelf: Path, order: list[str]) -> None:
    with engine.one_at_a_time(shelf):
        order.append("second")
