# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The file that the engine makes is the file that pages read: Kleindorp reckoned, looked up and shown."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from knopenkaart_web.meeting import curve, queries
from knopenkaart_web.meeting.opening import opened
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.results import result_folder
from knopenkaart_web.runs.same import key

from . import factories
from .factories import LIBRARY, SLUG

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
