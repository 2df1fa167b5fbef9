# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cards of visitors and residents: stored once, without who, where from or when exactly, and forgotten in time."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone, translation

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import Ownership, User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.cards import actions, queries, throttle, tokens
from knopenkaart_web.cards.models import (
    Card,
    CardLink,
    CardSettings,
    FreeText,
    ResidentAnswer,
    ResidentLink,
    ResidentPlace,
    SelfTally,
    Sending,
    today,
)
from knopenkaart_web.cards.retention import RETENTION
from knopenkaart_web.cards.views_data import CardAnswers, CardRow, NamedPlace, OwnWords, ResidentAnswers
from knopenkaart_web.places import actions as place_actions
from knopenkaart_web.places.keeping import months_before
from knopenkaart_web.places.models import Place, Study

from . import factories

CAFE, CENTRE, LIBRARY, MOLENKWARTIER, NOORD, SLUG = (
    factories.CAFE, factories.CENTRE, factories.LIBRARY, factories.MOLENKWARTIER, factories.NOORD, factories.SLUG,
)  # fmt: skip
FULL = CardAnswers(
    frequency=8,
    regular="yes",
    origin="9001",
    age="age_25_44",
    recognise="3_5",
    greet="1_2",
    different="0",
    elsewhere=CAFE,
    texts={"avoid": "Na tien uur is het druk"},
)
ADDRESS = "203.0.113.9"


def link(actor: User, place_id: str = LIBRARY, **values: Any) -> str:
    period = {"first_day": today(), "last_day": today() + timedelta(days=30)} | values
    return actions.make_card_link(actor, SLUG, place_id, name="balie", **period)


def fill_in(secret: str, answers: CardAnswers = FULL, **values: Any) -> None:
    actions.fill_in_card(secret, values.pop("nonce", uuid4()), answers, address=values.pop("address", ADDRESS), **values)


def code_of(error: pytest.ExceptionInfo[InputError]) -> set[str]:
    return {fault.column or "" for fault in error.value.faults} or {error.value.code}


def test_a_card_comes_out_as_it_went_in(study: Study, bob: User) -> None:
    fill_in(link(bob))
    (row,) = queries.cards_of(SLUG, LIBRARY, today(), today())
    given = {item.name: getattr(FULL, item.name) for item in fields(CardAnswers) if item.name not in {"said", "texts"}}
    assert {name: getattr(row, name) for name in given} == given
    assert (row.place_id, row.date) == (LIBRARY, today())
    assert queries.cards_of(SLUG, LIBRARY, today() - timedelta(days=9), today() - timedelta(days=1)) == []


def test_a_card_has_the_columns_of_the_table_of_cards() -> None:
    from knopenkaart.tables.visits import CARDS

    assert {item.name for item in fields(CardRow)} == set(CARDS.columns if not isinstance(CARDS.columns, dict) else CARDS.columns.keys())


@pytest.mark.parametrize("name", [item.name for item in fields(CardAnswers) if item.name not in {"said", "texts"}])
def test_every_question_may_be_skipped(study: Study, bob: User, name: str) -> None:
    skipped = None if name == "frequency" else ""
    fill_in(link(bob), replace(FULL, **{name: skipped}))
    (row,) = queries.cards_of(SLUG, LIBRARY, today(), today())
    assert getattr(row, name) is None


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("frequency", 29), ("frequency", -1), ("regular", "soms"), ("origin", "900"), ("origin", "0123"), ("origin", NOORD),
        ("age", "age_18"), ("recognise", "7"), ("greet", "veel"), ("different", "-1"),
        ("elsewhere", "94e635b3-c92b-4fd3-9976-e83d559cbd6e"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_is_refused_with_its_question(study: Study, bob: User, name: str, wrong: Any) -> None:
    with pytest.raises(InputError) as caught:
        fill_in(link(bob), replace(FULL, **{name: wrong}))
    assert code_of(caught) == {name}
    assert Card.objects.count() == FreeText.objects.count() == 0


def test_all_that_is_wrong_is_told_together(study: Study, bob: User) -> None:
    with pytest.raises(InputError) as caught:
        fill_in(link(bob), replace(FULL, frequency=40, age="oud", texts={"avoid": "x" * 1001}))
    assert code_of(caught) == {"frequency", "age", "avoid"}


def test_a_buurt_of_the_study_may_stand_for_the_postcode(study: Study, bob: User) -> None:
    fill_in(link(bob), CardAnswers(origin=MOLENKWARTIER))
    assert Card.objects.get().origin == MOLENKWARTIER


def test_nothing_filled_in_is_no_card(study: Study, bob: User) -> None:
    with pytest.raises(InputError) as caught:
        fill_in(link(bob), CardAnswers())
    assert caught.value.code == "card.empty"


def test_the_same_form_twice_is_one_card_and_one_text(study: Study, bob: User, alice: User) -> None:
    actions.choose_switches(alice, SLUG, dimensions=["household"], open_survey=False)
    secret, nonce = link(bob), uuid4()
    for _time in range(2):
        fill_in(secret, replace(FULL, said={"household": "living_alone"}), nonce=nonce)
    assert (Card.objects.count(), FreeText.objects.count(), SelfTally.objects.get().people) == (1, 1, 1)


def test_a_secret_stands_nowhere_in_the_database_nor_in_the_history(study: Study, bob: User) -> None:
    secret = link(bob)
    fill_in(secret)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert secret not in repr(cursor.fetchall()), table


def test_a_link_works_in_its_period_until_it_is_closed(study: Study, bob: User) -> None:
    later = link(bob, first_day=today() + timedelta(days=1))
    assert queries.card_door(later) is None
    now = link(bob)
    door = queries.card_door(now)
    assert door is not None
    assert (door.place_id, door.place_label) == (LIBRARY, "Bibliotheek Noord")
    CardLink.objects.update(first_day=today() - timedelta(days=5), last_day=today() - timedelta(days=1))
    assert queries.card_door(now) is None
    CardLink.objects.update(last_day=today())
    assert queries.card_door(now) is not None
    for row in queries.card_links(SLUG, LIBRARY):
        actions.revoke_card_link(bob, SLUG, LIBRARY, row.id)
    assert queries.card_door(now) is None
    assert {row.state for row in queries.card_links(SLUG, LIBRARY)} == {"revoked"}
    with pytest.raises(InputError) as caught:
        fill_in(now)
    assert caught.value.code == "link.unknown"


@pytest.mark.parametrize(("first", "last"), [(0, -1), (-9, -1), (5, 4), (0, 800)])
def test_a_link_has_a_period_that_can_be(study: Study, bob: User, first: int, last: int) -> None:
    with pytest.raises(InputError) as caught:
        link(bob, first_day=today() + timedelta(days=first), last_day=today() + timedelta(days=last))
    assert caught.value.code == "link.period"


def test_a_link_goes_along_when_its_place_turns_out_to_be_another(study: Study, bob: User) -> None:
    secret = link(bob, CENTRE)
    fill_in(secret)
    place_actions.merge_places(bob, SLUG, LIBRARY, CENTRE, "dezelfde")
    fill_in(secret)
    assert {row.place_id for row in queries.cards_of(SLUG, LIBRARY, today(), today())} == {LIBRARY}
    assert len(queries.cards_of(SLUG, LIBRARY, today(), today())) == 2
    assert len(queries.texts_of(SLUG, LIBRARY)) == 2


def test_a_link_to_what_is_no_place_any_more_opens_nothing(study: Study, bob: User) -> None:
    secret = link(bob)
    Place.objects.filter(pk=LIBRARY).update(removed=True)
    assert queries.card_door(secret) is None


def test_special_categories_are_off_until_a_manager_switches_them_on(study: Study, bob: User, alice: User) -> None:
    secret = link(bob)
    assert queries.switches(SLUG).dimensions == ()
    with pytest.raises(InputError) as caught:
        fill_in(secret, replace(FULL, said={"origin": "origin_europe"}))
    assert code_of(caught) == {"origin"}
    with pytest.raises(PermissionDenied):
        actions.choose_switches(bob, SLUG, dimensions=["origin"], open_survey=False)
    actions.choose_switches(alice, SLUG, dimensions=["origin", "education"], open_survey=False)
    door = queries.card_door(secret)
    assert door is not None
    assert door.dimensions == ("origin", "education")
    fill_in(secret, replace(FULL, said={"origin": "origin_europe", "education": "education_higher"}))
    assert Card.objects.count() == 1


def test_what_one_says_of_oneself_is_kept_as_a_sum_only(study: Study, bob: User, alice: User) -> None:
    actions.choose_switches(alice, SLUG, dimensions=["origin"], open_survey=False)
    secret = link(bob)
    for _card in range(3):
        fill_in(secret, CardAnswers(frequency=1, said={"origin": "origin_europe"}))
    (row,) = queries.tallies_of(SLUG, LIBRARY)
    assert (row.dimension, row.group, row.people) == ("origin", "origin_europe", 3)
    assert (row.quarter.day, (row.quarter.month - 1) % 3) == (1, 0)
    assert not [item for item in SelfTally._meta.get_fields() if item.is_relation and item.related_model is Card]
    assert "origin_europe" not in repr(list(Card.objects.values()))


def test_a_text_cannot_be_laid_beside_a_card(study: Study, bob: User) -> None:
    fill_in(link(bob))
    text = FreeText.objects.get()
    assert text.month == today().replace(day=1)
    assert not [item for item in FreeText._meta.get_fields() if item.is_relation and item.related_model in {Card, ResidentAnswer}]
    card = Card.objects.get()
    assert not {str(text.pk), text.text} & {str(value) for value in Card.objects.values_list().get()}
    assert card.pk != text.pk


def test_nothing_kept_of_a_card_has_a_time_or_an_address(study: Study, bob: User) -> None:
    secret, before = link(bob), Event.objects.count()
    fill_in(secret)
    kept = [model for model in apps.get_app_config("cards").get_models() if model is not Sending]
    assert not [item for model in kept for item in model._meta.concrete_fields if item.get_internal_type() == "DateTimeField"]
    rows = json.dumps([list(model._default_manager.values()) for model in apps.get_app_config("cards").get_models()], default=str)
    assert ADDRESS not in rows
    assert Event.objects.count() == before, "an event has a clock time"


def test_who_runs_a_place_makes_and_closes_its_links_and_no_others(study: Study, charlie: User) -> None:
    with pytest.raises(PermissionDenied):
        link(charlie)
    Ownership.objects.create(user=charlie, study_slug=SLUG, place_id=LIBRARY)
    link(charlie)
    with pytest.raises(PermissionDenied):
        link(charlie, CENTRE)
    events = Event.objects.filter(action="make_card_link")
    assert [(row.actor, row.role, row.object_type) for row in events] == [("charlie", "operator", "card_link")]


def test_a_card_from_paper_has_the_day_that_stands_on_it(study: Study, bob: User) -> None:
    day = today() - timedelta(days=3)
    actions.enter_paper_card(bob, SLUG, LIBRARY, uuid4(), FULL, day=day)
    row = Card.objects.get()
    assert (row.date, row.how) == (day, "paper")
    event = Event.objects.get(action="enter_paper_card")
    assert (event.object_id, event.before, event.after) == (LIBRARY, {}, {}), "the trail is for ever, and holds no answer"
    for wrong in (today() + timedelta(days=1), today() - timedelta(days=400)):
        with pytest.raises(InputError) as caught:
            actions.enter_paper_card(bob, SLUG, LIBRARY, uuid4(), FULL, day=wrong)
        assert caught.value.code == "card.day"


def test_too_much_from_one_address_waits_for_the_next_hour(study: Study, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST_PER_HOUR", 3)
    secret, now = link(bob), timezone.now()
    for _card in range(3):
        fill_in(secret, now=now)
    with pytest.raises(InputError) as caught:
        fill_in(secret, now=now)
    assert caught.value.code == "card.many"
    fill_in(secret, now=now, address="203.0.113.10")
    fill_in(secret, now=now + timedelta(hours=1))
    assert Sending.objects.count() == 1, "nothing is kept longer than its hour"
    assert ADDRESS not in repr(list(Sending.objects.values()))


def test_all_addresses_of_one_home_count_together(study: Study, bob: User) -> None:
    secret, now = link(bob), timezone.now()
    fill_in(secret, now=now, address="2001:db8::1")
    fill_in(secret, now=now, address="2001:db8::2")
    assert Sending.objects.get().number == 2


RESIDENT = ResidentAnswers(
    places=(
        NamedPlace(place_id=LIBRARY, goes=True, frequency=4),
        NamedPlace(place_id=CENTRE, goes=True),
        NamedPlace(place_id=CAFE, goes=False, reason="too_expensive"),
    ),
    origin="9001",
    age="age_65_plus",
    neighbours="6_10",
    texts=(OwnWords(question="missing", text="Een bankje"), OwnWords(question="goes_not", text="Te luid", place_id=CAFE)),
)


def resident_link(actor: User, wijk_code: str = "") -> str:
    return actions.make_resident_link(
        actor, SLUG, wijk_code=wijk_code, name="brief", first_day=today(), last_day=today() + timedelta(days=30)
    )


def test_a_resident_says_where_one_goes_and_where_not(study: Study, bob: User) -> None:
    secret, nonce = resident_link(bob, NOORD), uuid4()
    for _time in range(2):
        actions.answer_as_resident(SLUG, secret, nonce, RESIDENT, address=ADDRESS)
    (row,) = queries.resident_answers(SLUG)
    assert (row.wijk_code, row.origin, row.age, row.neighbours) == (NOORD, "9001", "age_65_plus", "6_10")
    assert set(row.places) == set(RESIDENT.places)
    assert [item.text for item in queries.texts_of(SLUG, None)] == ["Een bankje"]
    assert [item.text for item in queries.texts_of(SLUG, CAFE)] == ["Te luid"]
    assert queries.resident_answers(SLUG, start=today() + timedelta(days=1)) == []


def test_the_open_page_for_residents_is_closed_until_a_manager_opens_it(study: Study, alice: User) -> None:
    assert queries.open_door(SLUG) is None
    with pytest.raises(InputError) as caught:
        actions.answer_as_resident(SLUG, "", uuid4(), RESIDENT, address=ADDRESS)
    assert caught.value.code == "link.unknown"
    actions.choose_switches(alice, SLUG, dimensions=[], open_survey=True)
    assert queries.open_door(SLUG) is not None
    actions.answer_as_resident(SLUG, "", uuid4(), RESIDENT, address=ADDRESS)
    assert ResidentAnswer.objects.get().wijk_code == ""


@pytest.mark.parametrize(
    "places",
    [
        tuple(NamedPlace(place_id=LIBRARY, goes=True) for _time in range(2)),
        (NamedPlace(place_id=str(uuid4()), goes=True),),
        (NamedPlace(place_id=LIBRARY, goes=False, reason="saai"),),
        (NamedPlace(place_id=LIBRARY, goes=True, frequency=29),),
    ],
)
def test_places_that_cannot_be_named_are_refused(study: Study, bob: User, places: tuple[NamedPlace, ...]) -> None:
    with pytest.raises(InputError) as caught:
        actions.answer_as_resident(SLUG, resident_link(bob), uuid4(), replace(RESIDENT, places=places), address=ADDRESS)
    assert caught.value.code == "card.invalid"
    assert ResidentAnswer.objects.count() == ResidentPlace.objects.count() == 0


def test_a_text_that_names_somebody_is_removed_and_its_content_is_told_to_nobody(study: Study, bob: User, charlie: User) -> None:
    fill_in(link(bob), replace(FULL, texts={"avoid": "Jan van nummer acht"}))
    (text,) = queries.texts_of(SLUG, LIBRARY)
    with pytest.raises(PermissionDenied):
        actions.remove_text(charlie, SLUG, text.id, place_id=LIBRARY)
    with pytest.raises(InputError):
        actions.remove_text(bob, SLUG, text.id, place_id=CENTRE)
    actions.remove_text(bob, SLUG, text.id, place_id=LIBRARY)
    assert queries.texts_of(SLUG, LIBRARY) == []
    event = Event.objects.get(action="remove_text")
    assert "Jan" not in repr((event.before, event.after, event.reason))


def test_who_runs_a_place_does_not_reach_texts_about_no_place(study: Study, bob: User, charlie: User) -> None:
    Ownership.objects.create(user=charlie, study_slug=SLUG, place_id=LIBRARY)
    actions.answer_as_resident(SLUG, resident_link(bob), uuid4(), RESIDENT, address=ADDRESS)
    (text,) = queries.texts_of(SLUG, None)
    with pytest.raises(InputError):
        actions.remove_text(charlie, SLUG, text.id, place_id=LIBRARY)
    with pytest.raises(PermissionDenied):
        actions.remove_text(charlie, SLUG, text.id, place_id=None)


@pytest.mark.parametrize(("number", "words"), [(0, "minder dan 10"), (9, "minder dan 10"), (10, "minstens 10"), (47, "minstens 40")])
def test_progress_tells_of_no_fewer_than_ten(number: int, words: str) -> None:
    with translation.override("nl"):
        assert queries.count_words(number) == words


def test_progress_counts_the_past_year(study: Study, bob: User) -> None:
    for age in (0, 100, 400):
        for _card in range(8):
            actions_day = today() - timedelta(days=age)
            Card.objects.create(place_id=LIBRARY, nonce=uuid4(), date=actions_day)
    with translation.override("en"):
        assert queries.card_count_words(SLUG, LIBRARY) == "at least 10"
        assert queries.card_count_words(SLUG, CENTRE) == "fewer than 10"


def aged(months: int) -> date:
    return months_before(today(), months) - timedelta(days=1)


def test_what_was_kept_long_enough_goes(study: Study, bob: User) -> None:
    fill_in(link(bob))
    actions.answer_as_resident(SLUG, resident_link(bob), uuid4(), RESIDENT, address=ADDRESS)
    actions.forget_old()
    assert (Card.objects.get().origin, FreeText.objects.count(), ResidentPlace.objects.count()) == ("9001", 3, 3), "nothing is old yet"
    Card.objects.update(date=aged(24))
    ResidentAnswer.objects.update(date=aged(36))
    FreeText.objects.update(month=aged(12))
    CardLink.objects.update(first_day=aged(20), last_day=aged(12))
    actions.forget_old(timezone.now() + timedelta(hours=1))
    card = Card.objects.get()
    assert (card.origin, card.age, card.frequency, card.link) == ("", "", 8, None)
    assert FreeText.objects.count() == ResidentAnswer.objects.count() == ResidentPlace.objects.count() == Sending.objects.count() == 0
    assert (CardLink.objects.count(), ResidentLink.objects.count()) == (0, 1)
    event = Event.objects.filter(action="forget_cards").last()
    assert event is not None
    assert event.after["rows"]["cards_freetext"] == 3
    Card.objects.update(date=aged(60))
    actions.forget_old()
    assert Card.objects.count() == 0


def test_every_table_that_people_fill_has_an_end() -> None:
    ends = {item.field.partition(".")[0] for item in RETENTION}
    assert ends == {model._meta.db_table for model in apps.get_app_config("cards").get_models() if model is not CardSettings}
    assert all(item.why and item.months <= (120 if item.field == "cards_residentwave" else 60) for item in RETENTION)


@pytest.mark.parametrize(("day", "months", "expected"), [("2026-03-31", 1, "2026-02-28"), ("2026-01-15", 24, "2024-01-15")])
def test_months_go_back_over_short_months_and_years(day: str, months: int, expected: str) -> None:
    assert months_before(date.fromisoformat(day), months) == date.fromisoformat(expected)


def test_the_number_of_a_form_holds_for_half_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    nonce = tokens.new_nonce()
    assert tokens.read_nonce(nonce) is not None
    assert tokens.read_nonce(nonce + "x") is tokens.read_nonce("") is None
    moment = datetime.now(tz=timezone.get_current_timezone()).timestamp()
    monkeypatch.setattr("time.time", lambda: moment + tokens.FORM_LASTS.total_seconds() + 60)
    assert tokens.read_nonce(nonce) is None


def test_a_place_is_found_by_the_name_that_somebody_types(study: Study, bob: User) -> None:
    door = queries.card_door(link(bob))
    assert door is not None
    assert queries.place_named(door, "café een") == CAFE
    assert queries.place_named(door, "Bibliotheek Noord") is None, "this place itself is not another one"
    assert queries.place_named(door, "De kroeg van mijn neef") is None
