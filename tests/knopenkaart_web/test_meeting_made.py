# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The file that the engine makes is the file that pages read: Kleindorp reckoned, looked up and shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from knopenkaart.errors import InputError
from knopenkaart_web.meeting import curve, queries
from knopenkaart_web.meeting.opening import opened
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs import work
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.results import result_folder
from knopenkaart_web.runs.same import key

from . import factories
from .factories import LIBRARY, SLUG
from .test_commands import run as command

# Some of a second each, where the product takes a hundred.
DRAWS = 2


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of Kleindorp, made by the engine."""
    from knopenkaart.meeting.results import results, write_file
    from knopenkaart.publish.meeting_file import NAME
    from knopenkaart.study import Study as Built

    from .folders import build

    folder = tmp_path_factory.mktemp("made")
    study = Built.open(build(folder / "study", factories.records(), reachable=True))
    counting = {record.kind for record in factories.records()} - {"hairdresser", "bench"}
    write_file(folder / NAME, results(study, counting=counting, draws=DRAWS), study)
    return folder / NAME


@pytest.fixture
def reckoned(study: Study, made: Path) -> Study:
    """Kleindorp with that file as the result of a run."""
    told: dict[str, Any] = {"key": key("meeting", {}, study), "revision": study.revision, "state": "done"}
    run = Run.objects.create(study=study, kind="meeting", ended=datetime(2024, 5, 3, tzinfo=UTC), **told)
    result_folder(run).mkdir(parents=True)
    (result_folder(run) / made.name).write_bytes(made.read_bytes())
    run.result_path = f"{study.slug}/{run.pk}/{made.name}"
    run.save()
    return study


def test_what_the_engine_writes_is_what_pages_read(reckoned: Study) -> None:
    found = opened(SLUG)
    assert found is not None
    about = found.about("nl")
    assert about.badge == "assumed"
    assert about.draws == DRAWS
    whole = queries.area(found)
    assert whole is not None
    assert whole.familiar.value is not None
    assert whole.familiar.value >= whole.across.value >= 0  # type: ignore[operator]
    assert queries.place(found, LIBRARY) is not None
    assert queries.verdict(found) is not None
    assert queries.drivers(found)
    assert {line.measure for line in curve.lines(found, "all", programme="own")} == set(curve.MEASURES)


def test_what_is_taken_is_a_point_of_the_grid(reckoned: Study) -> None:
    found = opened(SLUG)
    assert found is not None
    grid = curve.grid(found, "all", demand="elastic")
    taken = grid.settings({})
    assert (taken.times, taken.weeks, taken.notices, taken.frequency) == (3, 26, 1.0, 1.0)
    assert grid.taken.foyer in grid.axes["foyer"].values
    assert grid.line(taken, "familiar")


@pytest.mark.parametrize("name", ["meeting", "curve", "sceptic", "measured"])
def test_every_page_shows_it(client: Client, reckoned: Study, name: str) -> None:
    for language in ("nl", "en"):
        assert client.get(reverse(name, args=[SLUG]), headers={"accept-language": language}).status_code == 200
    assert client.get(reverse("place_meeting", args=[SLUG, LIBRARY])).status_code == 200


def test_the_command_reckons_it_now_and_once(
    study: Study, made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(work.KINDS, "meeting", lambda run, target, progress: made_copy(made, target))
    assert command("reckon-meeting", SLUG) == 0
    assert json.loads(capsys.readouterr().out) == {"study": SLUG, "meeting": "done"}
    assert opened(SLUG) is not None
    assert command("reckon-meeting", SLUG) == 0
    assert Run.objects.filter(kind="meeting", state="done").count() == 1


def made_copy(made: Path, target: Path) -> Path:
    (target / made.name).write_bytes(made.read_bytes())
    return target / made.name


def test_the_command_leaves_it_to_the_worker(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("reckon-meeting", SLUG, "--background") == 0
    assert json.loads(capsys.readouterr().out) == {"study": SLUG, "meeting": "asked"}
    assert Run.objects.get(kind="meeting").state == "waiting"


def test_the_command_tells_that_it_failed(study: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(*_: Any) -> None:
        raise InputError("Nobody lives along a street of this study.", code="meeting.no_people")

    monkeypatch.setitem(work.KINDS, "meeting", refuse)
    assert command("reckon-meeting", SLUG) == 1
    assert json.loads(capsys.readouterr().out) == {"study": SLUG, "meeting": "failed"}
    assert Run.objects.get(kind="meeting").error_code == "meeting.no_people"


def test_what_breaks_is_not_said_to_go_on(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(work.KINDS, "meeting", interrupt)
    with pytest.raises(KeyboardInterrupt):
        command("reckon-meeting", SLUG)
    run = Run.objects.get(kind="meeting")
    assert (run.state, run.error_code) == ("failed", "run.broken")


@pytest.mark.parametrize("how", [[], ["--background"]])
def test_the_command_knows_no_other_study(study: Study, how: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        command("reckon-meeting", "nergens", *how)
    assert refused.value.code == "study.unknown"
