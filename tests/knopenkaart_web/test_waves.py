# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Waves of answers of residents: asked for by an editor, made once, never about the same days twice."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import translation

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.cards import queries, waves
from knopenkaart_web.cards.models import ResidentAnswer, ResidentWave, today
from knopenkaart_web.places import actions as place_actions
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs import actions as runs
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.rounds import wave_input
from knopenkaart_web.runs.work import work

from . import answered, factories, reached

pytestmark = pytest.mark.django_db
CAFE, CENTRE, LIBRARY, SLUG = factories.CAFE, factories.CENTRE, factories.LIBRARY, factories.SLUG
YESTERDAY = timedelta(days=1)


def make(study: Study, first: date, last: date) -> Run:
    """The run of a wave, done as the worker does it."""
    params = {"first": first.isoformat(), "last": last.isoformat()}
    run = Run.objects.create(study=study, kind="residents", key="", revision=study.revision, params=params, state="running")
    work(run.pk)
    run.refresh_from_db()
    return run


def test_a_wave_tells_where_residents_go_and_where_not(study: Study, bob: User) -> None:
    answered.residents(study, 60)
    run = make(study, *waves.ask_wave(bob, SLUG))
    assert (run.state, run.error) == ("done", "")
    (wave,) = queries.waves(SLUG)
    assert (wave.last, wave.figures["residents"]) == (today() - YESTERDAY, 60)
    told = {row["place"]: row for row in wave.figures["places"]}
    assert (told[LIBRARY]["goes"], told[CAFE]["avoids"]) == (40, 20)
    assert CENTRE not in json.dumps(wave.figures), "three residents go there"
    assert {row["reason"]: row["people"] for row in wave.figures["reasons"]}["too_far"] == 20


def test_answers_of_today_wait_for_the_next_wave(study: Study, bob: User) -> None:
    answered.residents(study, 30)
    answered.residents(study, 5, day=today())
    make(study, *waves.ask_wave(bob, SLUG))
    assert queries.waves(SLUG)[0].figures["residents"] == 30


def test_fewer_than_thirty_answers_are_no_wave(study: Study, bob: User) -> None:
    answered.residents(study, 29)
    with pytest.raises(InputError) as caught:
        waves.ask_wave(bob, SLUG)
    assert caught.value.code == "wave.few"
    assert not Event.objects.filter(action="ask_wave").exists()
    run = make(study, today() - 9 * YESTERDAY, today() - YESTERDAY)
    assert (run.state, run.error_code, ResidentWave.objects.count()) == ("failed", "wave.few", 0)


def test_only_editors_ask_for_a_wave(study: Study, charlie: User) -> None:
    answered.residents(study, 30)
    for nobody in (charlie, AnonymousUser()):
        with pytest.raises(PermissionDenied):
            waves.ask_wave(nobody, SLUG)
    with pytest.raises(PermissionDenied):
        runs.start(charlie, SLUG, "residents", {"first": "2026-01-01", "last": "2026-01-31"})


def test_the_history_tells_the_days_and_no_number_of_people(study: Study, bob: User) -> None:
    answered.residents(study, 47)
    make(study, *waves.ask_wave(bob, SLUG))
    events = list(Event.objects.filter(action__in=["ask_wave", "record_wave"]).order_by("pk"))
    assert [(row.actor, row.role) for row in events] == [("bob", "editor"), ("system", "system")]
    assert all(row.after.keys() == {"first", "last"} for row in events)


def test_the_next_wave_begins_after_the_last_one(study: Study, bob: User) -> None:
    answered.residents(study, 30, day=today() - 20 * YESTERDAY)
    assert make(study, today() - 30 * YESTERDAY, today() - 10 * YESTERDAY).state == "done"
    answered.residents(study, 35, day=today() - 2 * YESTERDAY)
    assert waves.ask_wave(bob, SLUG) == (today() - 9 * YESTERDAY, today() - YESTERDAY)
    make(study, *waves.ask_wave(bob, SLUG))
    assert [wave.figures["residents"] for wave in queries.waves(SLUG)] == [35, 30]


def test_the_first_wave_does_not_tell_on_which_day_the_first_answer_came(study: Study, bob: User) -> None:
    answered.residents(study, 30, day=today() - 40 * YESTERDAY)
    assert waves.ask_wave(bob, SLUG)[0] == (today() - 40 * YESTERDAY).replace(day=1)


@pytest.mark.parametrize(("first", "last"), [(30, 10), (10, 5), (35, 30), (20, 15), (40, 1)])
def test_no_two_waves_share_a_day(study: Study, first: int, last: int) -> None:
    answered.residents(study, 40, day=today() - 18 * YESTERDAY)
    make(study, today() - 30 * YESTERDAY, today() - 10 * YESTERDAY)
    kept = ResidentWave.objects.values().get()
    with pytest.raises(InputError) as caught:
        waves.record_wave(SLUG, today() - first * YESTERDAY, today() - last * YESTERDAY, {"residents": 1})
    assert caught.value.code == "wave.overlap"
    assert ResidentWave.objects.values().get() == kept


def test_asking_twice_is_one_wave(study: Study, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "execute", lambda run_id: None)
    answered.residents(study, 30)
    first, last = waves.ask_wave(bob, SLUG)
    params = {"first": first.isoformat(), "last": last.isoformat()}
    assert runs.start(None, SLUG, "residents", params) == runs.start(None, SLUG, "residents", params)
    work(Run.objects.get(kind="residents").pk)
    with pytest.raises(InputError) as caught:
        waves.ask_wave(bob, SLUG)
    assert caught.value.code == "wave.few"
    assert ResidentWave.objects.count() == 1


@pytest.mark.parametrize("params", [{}, {"first": "2026-01-01"}, {"first": "gisteren", "last": "2026-01-31"}])
def test_a_wave_without_its_days_is_no_work(study: Study, params: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        runs.start(None, SLUG, "residents", params)
    assert caught.value.code == "run.params"


def test_a_place_that_was_merged_is_told_as_the_one_that_stayed(study: Study, bob: User) -> None:
    answered.residents(study, 30)
    answered.residents(study, 30, goes=CENTRE)
    place_actions.merge_places(bob, SLUG, LIBRARY, CENTRE, "dezelfde")
    make(study, *waves.ask_wave(bob, SLUG))
    (wave,) = queries.waves(SLUG)
    assert {row["place"]: row["goes"] for row in wave.figures["places"]}[LIBRARY] == 42


def test_who_answered_is_held_against_who_lives_there(study: Study, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    reached.reached(study)
    groups = ("all", *answered.AGES)
    one = [{"group": group, "people": 500, "low": 490, "high": 510} for group in groups]
    other = [{"group": group, "people": 300, "low": 290, "high": 310} for group in groups[:3]]
    answered.residents(study, 60)
    monkeypatch.setattr("knopenkaart.publish.reach_file.ReachFile.rows", lambda _file, _table, **_where: one)
    make(study, *waves.ask_wave(bob, SLUG))
    held = queries.waves(SLUG)[0].figures["representation"]
    assert held["enough"]
    assert len(held["groups"]) >= 2
    assert {row["quotient"] for row in held["groups"]} == {1.0}
    monkeypatch.setattr("knopenkaart.publish.reach_file.ReachFile.rows", lambda _file, _table, **_where: [*one, *other])
    population = wave_input(study, today(), today())["population"]
    assert population == dict.fromkeys(groups[:3], (800.0, 780.0, 820.0)), "of the others one municipality is not known"


def test_without_reach_nothing_is_held_against_anything(study: Study, bob: User) -> None:
    answered.residents(study, 60)
    make(study, *waves.ask_wave(bob, SLUG))
    assert not queries.waves(SLUG)[0].figures["representation"]["enough"]


def test_progress_begins_anew_after_a_wave(study: Study, bob: User) -> None:
    answered.residents(study, 38)
    with translation.override("en"):
        assert queries.resident_count_words(SLUG) == "at least 30"
        make(study, *waves.ask_wave(bob, SLUG))
        assert queries.resident_count_words(SLUG) == "fewer than 10", "with 38 in the wave at least 30 would tell that none came since"


def test_a_wave_stays_when_its_answers_are_forgotten(study: Study, bob: User) -> None:
    answered.residents(study, 30)
    make(study, *waves.ask_wave(bob, SLUG))
    ResidentAnswer.objects.all().delete()
    assert queries.waves(SLUG)[0].figures["residents"] == 30
