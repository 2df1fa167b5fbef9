# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""From the folder of a monitor into the database: what was built is what is shown."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from knopenkaart import store
from knopenkaart.checksum import checksum
from knopenkaart.cli.console import Console
from knopenkaart.errors import InputError, KnopenkaartError
from knopenkaart.records import Notice
from knopenkaart.tables import MONITOR_AREAS, MONITOR_FIGURES, MONITOR_LINKS, NOTICES, SOURCES, from_records
from knopenkaart_web import cli, engine
from knopenkaart_web.monitor import queries
from knopenkaart_web.places.models import Study

from . import factories as f
from . import monitored as m


def folder(target: Path) -> Path:
    """The monitor of monitored.py as a build leaves it."""
    made = m.bundle()
    outlines = {key: shapely.from_geojson(text) for key, text in made.outlines.items()}
    areas = [area._asdict() | {"source": m.CBS, "geometry": outlines.get((area.code, area.year))} for area in made.areas]
    tables = {
        "monitor_areas": MONITOR_AREAS.frame([{name: value or None for name, value in area.items()} for area in areas]),
        "monitor_figures": MONITOR_FIGURES.frame([row._asdict() | {"reason": row.reason or None} for row in made.figures]),
        "monitor_links": MONITOR_LINKS.frame([link._asdict() | {"level": "wijk", "parts": link.parts or None} for link in made.links]),
        "sources": from_records(made.sources, SOURCES),
        "notices": from_records([Notice("monitor.file", "x.csv", "x.csv was left out.", {})], NOTICES),
    }
    manifest = {"what": "monitor", "years": [2022, 2024], "built_at": "2024-11-01T12:00:00+00:00", "engine_version": "0", "invented": True}
    store.write(target, tables, {}, manifest)
    return target


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers(dest="command", required=True))
    options = parser.parse_args(arguments)
    return int(options.run(options, Console(as_json=True)))


def test_a_folder_is_read_as_what_was_built(tmp_path: Path) -> None:
    read, made = engine.read_monitor(folder(tmp_path / "monitor")), m.bundle()
    assert read.areas == made.areas
    assert read.figures == made.figures
    assert [link._replace(parts=dict(link.parts)) for link in read.links] == made.links
    assert [source.id for source in read.sources] == [m.CBS, m.CBS_BEFORE]
    assert (read.built_at, read.engine_version, read.invented) == (made.built_at, "0", True)
    assert read.folder_sha256 == checksum(tmp_path / "monitor" / store.MANIFEST)


def test_outlines_are_those_of_the_year_simplified_for_a_screen(tmp_path: Path) -> None:
    read = engine.read_monitor(folder(tmp_path / "monitor"))
    assert set(read.outlines) == set(m.bundle().outlines)
    drawn, given = shapely.from_geojson(read.outlines[f.NOORD, m.NOW]), shapely.from_geojson(f.square(5.0, 52.0))
    assert drawn.symmetric_difference(given).area < 0.001 * given.area


def test_a_folder_is_loaded_with_the_command(study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("monitor-load", str(folder(tmp_path / "monitor"))) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["areas"], told["figures"], told["years"]) == (19, 167, [2022, 2024])
    noord = queries.area(f.NOORD)
    assert noord is not None
    assert queries.values([noord])[f.NOORD].years("population") == (2022, 2024)
    m.own_table(study)
    run("monitor-load", str(tmp_path / "monitor"))
    assert json.loads(capsys.readouterr().out)["own_figures"] == 5


def test_what_is_no_monitor_is_refused_with_a_code(db: Any, tmp_path: Path) -> None:
    with pytest.raises(KnopenkaartError) as caught:
        run("monitor-load", str(tmp_path / "nothing"))
    assert caught.value.code == "store.absent"


def test_a_damaged_monitor_is_refused(tmp_path: Path) -> None:
    target = folder(tmp_path / "monitor")
    next(target.glob("monitor_figures-*")).write_bytes(b"x")
    with pytest.raises(KnopenkaartError) as caught:
        engine.read_monitor(target)
    assert caught.value.code == "store.damaged"


def test_a_database_that_is_behind_is_told_before_anything_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def behind() -> None:
        raise InputError("The database is not up to date.", code="database.old")

    monkeypatch.setattr(cli, "_check_database", behind)
    with pytest.raises(InputError) as caught:
        run("monitor-load", str(tmp_path))
    assert caught.value.code == "database.old"
