# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write of freshness: refused to others, one event for who may, nothing of people in the trail; and who looked at a place last."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts import permissions
from knopenkaart_web.accounts.models import Membership, Ownership, User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.freshness import actions, queries
from knopenkaart_web.freshness.models import Operator, Reaction, Reply
from knopenkaart_web.places import actions as places
from knopenkaart_web.places import queries as place_queries
from knopenkaart_web.places.keeping import months_before
from knopenkaart_web.places.models import Place, PlaceAttribute, ReviewItem, Study

from . import factories
from .bundles import bundle
from .factories import CAFE, CENTRE, LIBRARY, SLUG
from .operated import DORA, EVERT, invite, links, looked_at, runs, secret_in

Case = tuple[Callable[[], Any], Callable[[Any, Any], object]]


def _reaction() -> int:
    return actions.react(AnonymousUser(), SLUG, CENTRE, topic="hours", text="Ook open op zondag")


def _reply() -> None:
    actions.write_reply(runs(), SLUG, CENTRE, "Wij zijn er voor iedereen.")


# Writes of editors: what must be there first, and the write.
EDITORS: dict[str, Case] = {
    "invite_operator": (lambda: None, lambda a, x: actions.invite_operator(a, SLUG, CENTRE, email=DORA)),
    "invite_again": (lambda: invite().pk, lambda a, x: actions.invite_again(a, SLUG, x)),
    "end_operator": (lambda: invite().pk, lambda a, x: actions.end_operator(a, SLUG, x, "verhuisd")),
    "accept_reaction": (_reaction, lambda a, x: actions.accept_reaction(a, SLUG, x)),
    "reject_reaction": (_reaction, lambda a, x: actions.reject_reaction(a, SLUG, x, "dat klopt niet")),
    "hide_reply": (_reply, lambda a, x: actions.hide_reply(a, SLUG, CENTRE, "noemt een buurman")),
    "show_reply": (_reply, lambda a, x: actions.show_reply(a, SLUG, CENTRE, "naam is weg")),
}
# Writes of who runs the place.
OPERATORS: dict[str, Callable[[Any], object]] = {
    "correct_place": lambda a: places.correct_place(a, SLUG, CENTRE, {"phone": "015-1"}, "nieuw", version=1),
    "confirm_place": lambda a: places.confirm_place(a, SLUG, CENTRE),
    "report_gone": lambda a: places.report_gone(a, SLUG, CENTRE),
    "propose": lambda a: actions.propose(a, SLUG, CENTRE, {"name": "De Nieuwe Molen"}),
    "write_reply": lambda a: actions.write_reply(a, SLUG, CENTRE, "Welkom."),
    "give_up_place": lambda a: actions.give_up_place(a, SLUG, CENTRE),
    "change_reminders": lambda a: actions.change_reminders(a, SLUG, CENTRE, wanted=False),
}


@pytest.mark.parametrize("name", EDITORS)
def test_an_editors_write_leaves_one_event_and_is_refused_to_all_others(study: Study, bob: User, charlie: User, name: str) -> None:
    prepare, call = EDITORS[name]
    given = prepare()
    neighbour = runs(LIBRARY, EVERT)
    before = Event.objects.count()
    for other in (AnonymousUser(), charlie, neighbour):
        with pytest.raises(PermissionDenied):
            call(other, given)
    assert Event.objects.count() == before
    call(bob, given)
    event = Event.objects.latest("id")
    assert (Event.objects.count(), event.action, event.actor, event.role) == (before + 1, name, "bob", "editor")


@pytest.mark.parametrize("name", OPERATORS)
def test_an_operators_write_leaves_one_event_and_is_refused_to_all_others(study: Study, charlie: User, name: str) -> None:
    dora, neighbour = runs(), runs(LIBRARY, EVERT)
    before = Event.objects.count()
    for other in (AnonymousUser(), charlie, neighbour):
        with pytest.raises(PermissionDenied):
            OPERATORS[name](other)
    assert Event.objects.count() == before
    OPERATORS[name](dora)
    event = Event.objects.latest("id")
    assert (Event.objects.count(), event.action, event.actor, event.role) == (before + 1, name, dora.username, "operator")


def test_an_editor_does_not_speak_for_who_runs_the_place(study: Study, bob: User) -> None:
    runs()
    for write in ("write_reply", "give_up_place", "change_reminders"):
        with pytest.raises(PermissionDenied):
            OPERATORS[write](bob)


def test_the_history_never_learns_an_address_a_name_or_what_was_said(study: Study, bob: User) -> None:
    invite(name="Dora de Vries")
    dora = actions.accept_invitation(secret_in(links()[0]))
    said = "Vraag het aan mevrouw Jansen"
    number = actions.react(AnonymousUser(), SLUG, CENTRE, topic="other", text=said, email="wim@thuis.example")
    actions.accept_reaction(bob, SLUG, number, said)
    actions.write_reply(dora, SLUG, CENTRE, said)
    actions.mail_log_in(DORA, "nl")
    actions.log_in_by_link(secret_in(links()[0]))
    trail = json.dumps([[event.actor, event.reason, event.before, event.after, event.object_id] for event in Event.objects.all()])
    for secret in ("dora", "vries", "wim@", "jansen"):
        assert secret not in trail.lower()


# What an operator may change


def test_what_an_operator_corrects_has_the_operator_as_its_source(study: Study) -> None:
    dora = runs()
    values = {"phone": "015-1", "opening_hours": "Mo-Fr 09:00-17:00", "wheelchair": "yes", "functions": ["meet"], "description": "Warm"}
    places.correct_place(dora, SLUG, CENTRE, values, "nieuw", version=1)
    row = PlaceAttribute.objects.get(place_id=CENTRE, name="phone", origin="human")
    assert (row.source, row.by_id, row.current) == ("operator", dora.pk, True)
    view = place_queries.place(SLUG, CENTRE, lang="nl", now=timezone.now())
    assert view is not None
    assert [item.by_operator for item in view.attributes if item.name == "phone"] == [True]


@pytest.mark.parametrize("name", ["name", "kind", "lon", "street", "archetype", "part_of"])
def test_an_operator_does_not_change_what_is_counted_or_where(study: Study, name: str) -> None:
    values: dict[str, Any] = {"lon": {"lon": 5.1, "lat": 52.0}, "kind": {"kind": "library"}, "archetype": {"archetype": "hotspot"}}
    values = values.get(name, {name: None if name == "part_of" else "Anders"})
    with pytest.raises(InputError) as caught:
        places.correct_place(runs(), SLUG, CENTRE, {**values, "phone": "015-1"}, "nieuw", version=1)
    assert caught.value.code == "values.editors_only"
    assert {fault.column for fault in caught.value.faults} == set(values)
    assert Place.objects.get(pk=CENTRE).phone is None, "nothing is half written"


def test_an_operator_does_not_close_or_merge_a_place(study: Study) -> None:
    dora = runs()
    for write in (
        lambda: places.change_status(dora, SLUG, CENTRE, "closed", "weg"),
        lambda: places.merge_places(dora, SLUG, CENTRE, CAFE, "een"),
        lambda: places.undo(dora, SLUG, 1, "terug"),
        lambda: places.add_place(dora, SLUG, {"kind": "park", "lon": 5.01, "lat": 52.01}, "nieuw"),
    ):
        with pytest.raises(PermissionDenied):
            write()


def test_what_an_operator_may_not_change_an_editor_is_asked(study: Study) -> None:
    number = actions.propose(runs(), SLUG, CENTRE, {"name": "De Nieuwe Molen", "status": "vacant"}, "Wij verbouwen")
    row = queries.reaction(SLUG, number, lang="nl")
    assert row is not None
    assert (row.topic, row.proposed, row.by_operator) == ("proposal", {"name": "De Nieuwe Molen", "status": "vacant"}, True)
    assert Place.objects.get(pk=CENTRE).name == "Buurthuis De Molen"
    assert queries.proposed(SLUG, CENTRE, str(number)) == {"name": "De Nieuwe Molen"}
    assert queries.proposed(SLUG, LIBRARY, str(number)) == {}, "not at another place"


@pytest.mark.parametrize("asked", [{"lon": 5.0}, {"confidential": True}, {"status": "verdwenen"}, {"kind": "kasteel"}, {}])
def test_nonsense_is_not_asked(study: Study, asked: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        actions.propose(runs(), SLUG, CENTRE, asked)
    assert not Reaction.objects.exists()


def test_what_changes_at_once_and_what_is_asked_stand_or_fall_together(study: Study) -> None:
    dora = runs()
    with pytest.raises(InputError):
        actions.change_own_place(dora, SLUG, CENTRE, {"phone": "015-1"}, {"kind": "kasteel"}, "", version=1)
    assert Place.objects.get(pk=CENTRE).phone is None
    with pytest.raises(InputError) as caught:
        actions.change_own_place(dora, SLUG, CENTRE, {}, {}, " ", version=1)
    assert caught.value.code == "values.unchanged"
    actions.change_own_place(dora, SLUG, CENTRE, {"phone": "015-1"}, {}, "De deur is verplaatst", version=1)
    assert (Place.objects.get(pk=CENTRE).phone, Reaction.objects.get().text) == ("015-1", "De deur is verplaatst")


# Who looked last


def checked(place: str = CENTRE) -> tuple[date | None, str | None, bool]:
    view = place_queries.place_for_editor(SLUG, place, lang="nl", now=timezone.now())
    assert view is not None
    row = queries.checked(SLUG, view)
    return row.on, row.by, row.stale


def test_what_nobody_looked_at_since_the_open_data_says_so(study: Study) -> None:
    assert checked() == (date(2024, 5, 1), "open_data", True)


def test_a_list_of_the_municipality_is_told_apart(study: Study) -> None:
    PlaceAttribute.objects.filter(place_id=CENTRE, name="name").update(origin="list")
    assert checked()[1] == "list"


def test_a_place_of_which_no_day_is_known_wants_looking_at(study: Study) -> None:
    looked_at(CENTRE, None)
    factories.touch(study)
    assert checked() == (None, None, True)


def test_the_operator_and_the_editor_are_told_apart(study: Study, bob: User) -> None:
    places.confirm_place(runs(), SLUG, CENTRE)
    assert checked() == (timezone.localdate(), "operator", False)
    places.correct_place(bob, SLUG, CENTRE, {"phone": "015-2"}, "gebeld", version=2)
    assert checked()[1] == "editor"
    places.correct_place(bob, SLUG, LIBRARY, {"phone": "015-2"}, "gebeld", version=1)
    assert checked(LIBRARY)[1] == "editor"


def test_an_editor_who_follows_a_visitor_says_so(study: Study, bob: User) -> None:
    actions.accept_reaction(bob, SLUG, _reaction())
    assert checked()[1] == "open_data"
    places.correct_place(bob, SLUG, CENTRE, {"opening_hours": "Su 10:00-12:00"}, "melding", version=1)
    assert checked()[1] == "visitor"


def test_a_newer_load_does_not_make_a_look_undone(study: Study) -> None:
    places.confirm_place(runs(), SLUG, CENTRE)
    places.load(None, bundle())
    assert checked() == (timezone.localdate(), "operator", False)


def test_what_an_operator_says_is_gone_no_load_takes_back(study: Study, bob: User) -> None:
    places.load(None, bundle())
    dora = runs()
    places.report_gone(dora, SLUG, CENTRE)
    places.report_gone(dora, SLUG, CENTRE)
    places.load(None, bundle())
    item = ReviewItem.objects.get(topic="gone", state="open")
    assert item.details["reasons"] == ["operator_says_gone"]
    assert Place.objects.get(pk=CENTRE).status == "open", "an editor decides"
    places.accept(bob, SLUG, item.pk)
    assert Place.objects.get(pk=CENTRE).status == "closed"


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 12, date(2025, 1, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
    ],
)
def test_months_are_counted_back(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


def test_a_place_wants_looking_at_after_the_months_of_the_setting(settings: Any) -> None:
    today = timezone.localdate()
    assert not queries.is_stale(months_before(today, 12))
    assert queries.is_stale(months_before(today, 12) - timedelta(days=1))
    settings.FRESH_MONTHS = 24
    assert not queries.is_stale(months_before(today, 13))


# Replies


def test_a_reply_is_one_and_can_be_hidden_shown_and_withdrawn(study: Study, bob: User) -> None:
    dora = runs()
    actions.write_reply(dora, SLUG, CENTRE, "Eerst")
    actions.write_reply(dora, SLUG, CENTRE, "Daarna")
    assert [row.text for row in Reply.objects.all()] == ["Daarna"]
    actions.hide_reply(bob, SLUG, CENTRE, "noemt een buurman")
    row = queries.reply(CENTRE)
    assert row is not None
    assert (row.visible, row.hidden_reason) == (False, "noemt een buurman")
    assert Event.objects.latest("id").reason == "noemt een buurman"
    actions.show_reply(bob, SLUG, CENTRE, "toch goed")
    assert Reply.objects.get().visible
    actions.withdraw_reply(dora, SLUG, CENTRE)
    assert queries.reply(CENTRE) is None


@pytest.mark.parametrize("text", ["", "  \x00 ", "x" * 2001])
def test_a_reply_has_a_text_of_some_length(study: Study, text: str) -> None:
    with pytest.raises(InputError) as caught:
        actions.write_reply(runs(), SLUG, CENTRE, text)
    assert caught.value.code == "reply.invalid"


def test_hiding_needs_a_reason(study: Study, bob: User) -> None:
    _reply()
    with pytest.raises(InputError):
        actions.hide_reply(bob, SLUG, CENTRE, " ")
    assert Reply.objects.get().visible


# Ending


def test_who_was_ended_runs_nothing_any_more(study: Study, bob: User) -> None:
    dora, row = runs(), Operator.objects.get()
    assert permissions.role_at(dora, SLUG, CENTRE) == "operator"
    actions.end_operator(bob, SLUG, row.pk, "verhuisd")
    assert permissions.role_at(dora, SLUG, CENTRE) == "visitor"
    assert not Ownership.objects.exists()
    with pytest.raises(InputError) as caught:
        actions.end_operator(bob, SLUG, row.pk, "nog eens")
    assert caught.value.code == "operator.decided"


def test_an_operator_of_another_municipality_is_not_ended_here(study: Study, charlie: User) -> None:
    row = invite()
    with pytest.raises(PermissionDenied):
        actions.end_operator(charlie, SLUG, row.pk, "weg")
    Membership.objects.create(user=charlie, study_slug="leegdorp", role="editor")
    Study.objects.create(slug="leegdorp", name="Leegdorp")
    with pytest.raises(InputError) as caught:
        actions.end_operator(charlie, "leegdorp", row.pk, "weg")
    assert caught.value.code == "operator.unknown"


def test_several_people_run_a_place_and_one_person_several(study: Study) -> None:
    dora, evert = runs(), runs(CENTRE, EVERT)
    assert runs(LIBRARY, DORA) == dora, "one account for one address"
    assert {row.user_id for row in Ownership.objects.filter(place_id=CENTRE)} == {dora.pk, evert.pk}
    assert {row.place_id for row in queries.own_places(dora, lang="nl")} == {CENTRE, LIBRARY}
    actions.give_up_place(dora, SLUG, CENTRE)
    assert [row.place_id for row in queries.own_places(dora, lang="nl")] == [LIBRARY]
    assert queries.has_places(dora)
    assert not queries.has_places(AnonymousUser())


# Retention


def test_what_need_not_be_kept_is_forgotten_and_told_in_numbers_only(study: Study, bob: User) -> None:
    now = datetime(2030, 1, 15, 12, tzinfo=UTC)
    dora, stays = runs(), runs(LIBRARY, EVERT)
    invite(CAFE, "nooit@aan.example")
    actions.give_up_place(dora, SLUG, CENTRE)
    _reaction()
    Reaction.objects.update(email="wim@thuis.example")
    actions.write_reply(stays, SLUG, LIBRARY, "Hier")
    actions.hide_reply(bob, SLUG, LIBRARY, "noemt een buurman")
    decided = _reaction()
    actions.reject_reaction(bob, SLUG, decided, "nee")
    told = actions.forget_old(now)
    expected = {"invitations": 1, "operators": 1, "addresses": 1, "reactions": 1, "replies": 1, "reminders": 0}
    assert {name: told[name] for name in expected} == expected
    assert told["links"] >= 1
    event = Event.objects.latest("id")
    assert (event.action, event.after) == ("forget_old", told)
    dora.refresh_from_db()
    assert (dora.email, dora.is_active) == ("", False)
    stays.refresh_from_db()
    assert (stays.email, stays.is_active) == (EVERT, True)
    assert not Reaction.objects.exclude(email="").exists()


def test_what_may_still_be_kept_is_kept_and_no_event_is_made_for_nothing(study: Study) -> None:
    dora = runs()
    actions.give_up_place(dora, SLUG, CENTRE)
    _reaction()
    before = Event.objects.count()
    assert not any(actions.forget_old(timezone.now()).values())
    assert Event.objects.count() == before
    assert Operator.objects.get().email == DORA


def test_who_became_an_editor_keeps_the_account(study: Study) -> None:
    dora = runs()
    actions.give_up_place(dora, SLUG, CENTRE)
    Membership.objects.create(user=dora, study_slug=SLUG, role="editor")
    actions.forget_old(datetime(2030, 1, 15, tzinfo=UTC))
    dora.refresh_from_db()
    assert (dora.is_active, dora.email) == (True, DORA)
