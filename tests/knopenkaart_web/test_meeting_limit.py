# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who meets whom in the time that the worker has: what was not reckoned is said, and can be had without a limit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from knopenkaart_web import engine
from knopenkaart_web.meeting.opening import opened
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.same import seconds
from knopenkaart_web.runs.work import work

from . import met
from .factories import SLUG
from .test_commands import run as command

SOME, ALL = {"wijken": ["WK1", "WK2"], "closings": True}, {"wijken": [], "closings": False}


@pytest.fixture
def limits(study: Study, monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """The limits that the engine is given; within one it does not get ready."""
    given: list[float | None] = []

    def write(target: Path, folder: Path, places: Any, *, seconds: float | None, **_: Any) -> Path:
        given.append(seconds)
        met.write(target / met.NAME, met.ABOUT | {"left_out": ALL if seconds is None else SOME}, met.tables())
        return target / met.NAME

    monkeypatch.setattr(engine, "write_meeting", write)
    Study.objects.filter(pk=study.pk).update(folder="somewhere")
    return given


def by_worker(study: Study) -> Run:
    """A run as the child process of the worker does it."""
    study.refresh_from_db()
    run = Run.objects.create(study=study, kind="meeting", key=met.key("meeting", {}, study), revision=study.revision, state="running")
    work(run.pk, limited=True)
    run.refresh_from_db()
    return run


def read(client: Client, name: str, language: str) -> str:
    """A page of Kleindorp."""
    with override(language):
        return client.get(reverse(name, args=[SLUG])).content.decode()


def test_the_worker_leaves_time_to_write_down_what_there_is(study: Study, limits: list[float | None]) -> None:
    run = by_worker(study)
    assert (run.state, run.params["left_out"]) == ("done", True)
    [limit] = limits
    assert limit is not None
    assert 0.5 * seconds("meeting") < limit < seconds("meeting")


def test_the_command_has_no_limit_and_reckons_what_was_left_out(
    study: Study, limits: list[float | None], capsys: pytest.CaptureFixture[str]
) -> None:
    by_worker(study)
    found = opened(SLUG)
    assert found is not None
    assert (found.about("nl").left_out.wijken, found.about("nl").left_out.closings) == (2, True)
    assert command("reckon-meeting", SLUG) == 0
    assert json.loads(capsys.readouterr().out) == {"study": SLUG, "meeting": "done"}
    assert limits[1:] == [None]
    found = opened(SLUG)
    assert found is not None
    assert not found.about("nl").left_out
    # Now it is whole, and nothing is left to do.
    assert command("reckon-meeting", SLUG) == 0
    assert len(limits) == 2


@pytest.mark.parametrize(("language", "said"), [("en", "2 wijken are missing"), ("nl", "ontbreken 2 wijken")])
def test_pages_say_what_is_missing_and_how_to_get_it(client: Client, study: Study, language: str, said: str) -> None:
    met.attach(study, about=met.ABOUT | {"left_out": SOME})
    for name in ("meeting", "curve"):
        page = read(client, name, language)
        assert said in page
        assert f"<code>knopenkaart reckon-meeting {SLUG}</code>" in page


def test_pages_of_a_whole_reckoning_say_nothing_of_it(client: Client, study: Study) -> None:
    met.attach(study)
    assert "reckon-meeting" not in read(client, "curve", "nl")


def test_one_wijk_is_told_in_the_singular_and_closings_only_where_they_are_missing(client: Client, study: Study) -> None:
    met.attach(study, about=met.ABOUT | {"left_out": {"wijken": ["WK1"], "closings": False}})
    page = read(client, "curve", "en")
    assert "one wijk is missing" in page
    assert "closing a place does was not reckoned" not in page
