# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""From what was counted to what everybody sees: released once, first seen by who runs the place, small numbers never told."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import Ownership, User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.places.models import Place, Study
from knopenkaart_web.runs import actions as runs
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.work import work
from knopenkaart_web.visits import released, releasing
from knopenkaart_web.visits.models import Release, Round, SeriesPoint, SessionCount

from . import counted, factories, reached

pytestmark = pytest.mark.django_db
LIBRARY, SLUG = factories.LIBRARY, factories.SLUG


def make(study: Study, of: Round) -> Run:
    """The release of a round, made as the worker makes it."""
    run = Run.objects.create(study=study, kind="visitors", key="", revision=study.revision, params={"round": str(of.pk)}, state="running")
    work(run.pk)
    run.refresh_from_db()
    return run


@pytest.fixture(autouse=True)
def _same_lots(settings: Any) -> None:
    """What is hidden beside a small figure is drawn by lot, with the key of the installation."""
    settings.SECRET_KEY = "the lots of these tests"


@pytest.fixture
def bob(study: Study) -> User:
    """Bob runs the library, and nothing else."""
    user = factories.user("bob")
    Ownership.objects.create(user=user, study_slug=SLUG, place_id=LIBRARY)
    return user


def shown(study: Study, *, first_look: bool = False) -> dict[str, Any]:
    rows = released.of_place(SLUG, LIBRARY, first_look=first_look)
    return dict(rows[0].figures) if rows else {}


def test_a_closed_round_becomes_visits_per_week(study: Study) -> None:
    run = make(study, counted.counted_round(LIBRARY))
    assert (run.state, run.error) == ("done", "")
    week = shown(study)["counting"]["week"]
    assert week["value"] == counted.VISITS_PER_WEEK
    assert week["low"] < counted.VISITS_PER_WEEK < week["high"]
    assert (week["counts"], week["weeks"]) == (16, 4)


def test_fewer_than_ten_and_what_would_give_them_away_is_not_in_the_document(study: Study) -> None:
    make(study, counted.counted_round(LIBRARY))
    document = shown(study)
    friday = {cell["group"]: cell["value"] for cell in document["counting"]["cells"] if cell["slot"] == "fr_evening"}
    assert "age_65_plus" not in friday
    assert len(friday) <= 3, "with four of five groups and the daypart itself the fifth could be reckoned"
    assert all(value >= 10 for value in numbers(document["counting"], "value"))


def numbers(document: Any, name: str) -> list[int]:
    if isinstance(document, list):
        return [found for item in document for found in numbers(item, name)]
    if not isinstance(document, dict):
        return []
    own = [document[name]] if document.get(name) is not None else []
    return own + [found for item in document.values() for found in numbers(item, name)]


def test_cards_of_the_period_are_told_question_by_question(study: Study) -> None:
    counted.filled_in_cards(LIBRARY)
    counted.filled_in_cards(LIBRARY, 30, day=counted.MONDAY + timedelta(days=200))
    make(study, counted.counted_round(LIBRARY))
    cards = shown(study)["cards"]
    assert cards["cards"] == 60
    frequency = {row["answer"]: row["cards"] for row in cards["questions"]["frequency"]}
    assert sum(number is None for number in frequency.values()) >= 1, "else one could subtract that everybody answered"
    recognise = {row["answer"]: row["cards"] for row in cards["questions"]["recognise"]}
    assert recognise["11_20"] is None, "that nobody said so is told no more than that few did"
    assert None in (recognise["0"], recognise["1_2"], recognise["3_5"], recognise["6_10"]), "else one could subtract that nobody did"


def test_visitors_are_held_against_who_lives_in_reach(study: Study) -> None:
    reached.reached(study)
    counted.filled_in_cards(LIBRARY)
    make(study, counted.counted_round(LIBRARY))
    found = shown(study)
    assert found["representation"]["enough"]
    groups = {row["group"]: row for row in found["representation"]["groups"]}
    assert groups["age_65_plus"]["low"] < groups["age_65_plus"]["quotient"] < groups["age_65_plus"]["high"]
    assert sum(row["share"] for row in groups.values()) == pytest.approx(1, abs=0.01)


def test_a_card_belongs_to_one_round_only(study: Study) -> None:
    counted.filled_in_cards(LIBRARY)
    make(study, counted.counted_round(LIBRARY))
    second = counted.counted_round(LIBRARY, name="Nog een keer", starts=counted.MONDAY + timedelta(days=7))
    make(study, second)
    assert Release.objects.get(round=second).figures["cards"]["cards"] is None


def test_a_round_that_begins_earlier_and_is_made_later_gets_no_card_that_was_told(study: Study) -> None:
    counted.filled_in_cards(LIBRARY)
    make(study, counted.counted_round(LIBRARY))
    counted.filled_in_cards(LIBRARY, 1, day=counted.MONDAY - timedelta(days=1))
    around = counted.counted_round(LIBRARY, name="Eromheen", starts=counted.MONDAY - timedelta(days=1))
    make(study, around)
    assert Release.objects.get(round=around).figures["cards"]["cards"] is None, "one card is left, not sixty-one"


def test_cards_of_a_place_that_was_merged_are_not_told_twice(study: Study) -> None:
    counted.filled_in_cards(LIBRARY)
    make(study, counted.counted_round(LIBRARY))
    counted.filled_in_cards(factories.CENTRE, 3)
    Place.objects.filter(pk=LIBRARY).update(merged_into=factories.CENTRE)
    other = counted.counted_round(factories.CENTRE, name="Samen")
    make(study, other)
    assert Release.objects.get(round=other).figures["cards"]["cards"] is None


def test_a_month_never_changes_by_fewer_than_ten_visits_whatever_was_taken_back(study: Study) -> None:
    counted.months(LIBRARY, 26)
    series(study)
    SeriesPoint.objects.filter(start="2023-01-01").update(visits=1104)
    first = released.series_of_place(SLUG, LIBRARY, first_look=True)
    assert first is not None
    releasing.withdraw_release(factories.user("alice", "editor"), SLUG, LIBRARY, first.id, "Om te proberen")
    series(study)
    again = released.series_of_place(SLUG, LIBRARY, first_look=True)
    assert again is not None
    assert again.figures["months"][0] == first.figures["months"][0]
    SeriesPoint.objects.filter(start="2023-01-01").update(visits=None)
    series(study)
    last = released.series_of_place(SLUG, LIBRARY, first_look=True)
    assert last is not None
    assert last.figures["months"][0] == first.figures["months"][0]


def test_figures_that_everybody_saw_do_not_go_back_to_a_first_look(study: Study, bob: User) -> None:
    counted.months(LIBRARY, 26)
    series(study)
    Release.objects.update(visible_from=timezone.localdate())
    counted.months(LIBRARY, 30)
    series(study)
    assert released.series_of_place(SLUG, LIBRARY, first_look=False) is not None


def test_a_place_that_nobody_runs_shows_its_figures_at_once(study: Study) -> None:
    make(study, counted.counted_round(LIBRARY))
    assert shown(study)


def test_who_runs_the_place_sees_them_first_and_may_show_them(study: Study, bob: User) -> None:
    make(study, counted.counted_round(LIBRARY))
    assert not shown(study)
    assert shown(study, first_look=True)
    release = released.of_place(SLUG, LIBRARY, first_look=True)[0]
    assert release.visible_from == timezone.localdate() + timedelta(days=releasing.FIRST_LOOK_DAYS)
    releasing.show_release(bob, SLUG, LIBRARY, release.id)
    assert shown(study)


def test_after_the_days_of_the_first_look_everybody_sees_them(study: Study, bob: User) -> None:
    make(study, counted.counted_round(LIBRARY))
    Release.objects.update(visible_from=timezone.localdate())
    assert shown(study)
    assert LIBRARY in released.latest_per_place(SLUG)


def test_who_runs_the_place_replies_and_takes_the_reply_back(study: Study, bob: User) -> None:
    make(study, counted.counted_round(LIBRARY))
    release = released.of_place(SLUG, LIBRARY, first_look=True)[0]
    releasing.reply_to_release(bob, SLUG, LIBRARY, release.id, "In maart was de lift stuk.")
    assert released.of_place(SLUG, LIBRARY, first_look=True)[0].reply == "In maart was de lift stuk."
    releasing.reply_to_release(bob, SLUG, LIBRARY, release.id, " ")
    again = released.of_place(SLUG, LIBRARY, first_look=True)[0]
    assert (again.reply, again.replied_at) == ("", None)
    with pytest.raises(InputError, match="2000"):
        releasing.reply_to_release(bob, SLUG, LIBRARY, release.id, "x" * 2001)


def test_an_operator_of_another_place_and_a_visitor_do_nothing(study: Study, bob: User) -> None:
    make(study, counted.counted_round(LIBRARY))
    release = released.of_place(SLUG, LIBRARY, first_look=True)[0]
    other = factories.user("mallory")
    Ownership.objects.create(user=other, study_slug=SLUG, place_id=factories.CENTRE)
    for actor in (other, factories.user("carol")):
        with pytest.raises(PermissionDenied):
            releasing.show_release(actor, SLUG, LIBRARY, release.id)
        with pytest.raises(PermissionDenied):
            releasing.reply_to_release(actor, SLUG, LIBRARY, release.id, "Ha")


def test_an_editor_takes_figures_back_with_a_reason(study: Study, bob: User) -> None:
    make(study, counted.counted_round(LIBRARY))
    release = released.of_place(SLUG, LIBRARY, first_look=True)[0]
    editor = factories.user("alice", "editor")
    with pytest.raises(PermissionDenied):
        releasing.withdraw_release(bob, SLUG, LIBRARY, release.id, "Ik vind het niets")
    with pytest.raises(InputError):
        releasing.withdraw_release(editor, SLUG, LIBRARY, release.id, " ")
    releasing.withdraw_release(editor, SLUG, LIBRARY, release.id, "De teller telde dubbel.")
    assert not shown(study, first_look=True)


def test_a_small_correction_releases_nothing_new(study: Study) -> None:
    of = counted.counted_round(LIBRARY)
    make(study, of)
    before = Release.objects.get()
    row = SessionCount.objects.filter(group="age_25_44").order_by("pk").first()
    assert row is not None
    row.people += 4
    row.save()
    run = make(study, of)
    assert (run.state, run.error_code) == ("failed", "release.unchanged")
    assert Release.objects.get().pk == before.pk


def test_the_history_holds_no_count(study: Study) -> None:
    make(study, counted.counted_round(LIBRARY))
    text = json.dumps(list(Event.objects.values_list("before", "after")))
    assert str(counted.VISITS_PER_WEEK) not in text
    assert Event.objects.filter(action="release_figures").count() == 1


def test_only_the_system_has_figures_released(study: Study) -> None:
    of = counted.counted_round(LIBRARY)
    with pytest.raises(PermissionDenied):
        runs.start(factories.user("alice", "manager"), SLUG, "visitors", {"round": str(of.pk)})
    with pytest.raises(InputError):
        runs.start(None, SLUG, "visitors", {"round": "x"})


def test_a_series_is_released_when_it_comes_in_and_again_when_it_grows(study: Study) -> None:
    counted.months(LIBRARY, 26)
    assert released.series_without_figures()[0][:2] == (SLUG, LIBRARY)
    series(study)
    found = released.series_of_place(SLUG, LIBRARY, first_look=False)
    assert found is not None
    assert len(found.figures["months"]) == 26
    assert found.figures["months"][3] == {"month": "2023-04-01", "state": "hidden", "visits": None, "basis": "month"}
    assert released.series_without_figures() == []
    counted.months(LIBRARY, 30)
    assert released.series_without_figures()
    series(study)
    again = released.series_of_place(SLUG, LIBRARY, first_look=False)
    assert again is not None
    assert len(again.figures["months"]) == 30


def series(study: Study) -> None:
    run = Run.objects.create(study=study, kind="series", key="", revision=study.revision, params={"place": LIBRARY}, state="running")
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error) == ("done", "")
