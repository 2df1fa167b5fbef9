# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people say is wrong with a place: bounded, checked, decided on once, answered by mail where an address was left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.freshness import actions, knocks, queries
from knopenkaart_web.freshness.models import Knock, Operator, Reaction
from knopenkaart_web.places.models import Place, Study

from .factories import CENTRE, LIBRARY, PUB, SLUG
from .operated import DORA, runs

WIM = "wim@thuis.example"


def say(place: str = CENTRE, **values: str) -> int:
    given: dict[str, Any] = {"topic": "hours", "text": "Ook open op zondag"}
    return actions.react(AnonymousUser(), SLUG, place, **(given | values))


def test_a_reaction_waits_for_an_editor_and_changes_nothing(study: Study) -> None:
    revision = study.revision
    number = say(email=WIM)
    (row,) = queries.reactions(SLUG, lang="nl")
    assert (row.id, row.topic, row.text, row.wants_answer, row.label) == (
        number, "hours", "Ook open op zondag", True, "Buurthuis De Molen",
    )  # fmt: skip
    assert queries.waiting(SLUG) == 1
    assert Study.objects.get().revision == revision
    event = Event.objects.get()
    assert (event.actor, event.role, event.after) == ("visitor", "visitor", {"place": CENTRE, "topic": "hours"})


def test_that_a_place_is_gone_needs_no_words(study: Study) -> None:
    assert say(PUB, topic="closed", text="")


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"topic": "zomaar"}, "topic"),
        ({"topic": "proposal"}, "topic"),
        ({"text": " \x00 "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"email": "geen adres"}, "email"),
        ({"email": f"{'a' * 250}@b.nl"}, "email"),
    ],
)
def test_a_reaction_with_faults_is_not_kept(study: Study, values: dict[str, str], column: str) -> None:
    with pytest.raises(InputError) as caught:
        say(**values)
    assert caught.value.code == "reaction.invalid"
    assert column in {fault.column for fault in caught.value.faults}
    assert not Reaction.objects.exists()
    assert not Event.objects.exists()


def test_all_faults_are_told_together(study: Study) -> None:
    with pytest.raises(InputError) as caught:
        say(topic="x", text="", email="y")
    assert [fault.column for fault in caught.value.faults] == ["topic", "text", "email"]


@pytest.mark.parametrize("change", [{"confidential": True}, {"removed": True}, {"merged_into_id": LIBRARY}])
def test_nothing_is_said_of_a_place_that_visitors_do_not_see(study: Study, change: dict[str, Any]) -> None:
    Place.objects.filter(pk=CENTRE).update(**change)
    with pytest.raises(InputError) as caught:
        say()
    assert caught.value.code == "place.unknown"


def test_so_much_waits_at_one_place_and_no_more(study: Study, bob: User) -> None:
    numbers = [say() for _ in range(20)]
    with pytest.raises(InputError) as caught:
        say()
    assert caught.value.code == "reaction.too_many"
    assert say(LIBRARY)
    actions.reject_reaction(bob, SLUG, numbers[0], "nee")
    assert say()


def test_an_answer_is_mailed_and_the_address_thrown_away(study: Study, bob: User) -> None:
    number = say(email=WIM)
    actions.reject_reaction(bob, SLUG, number, "Op zondag is er alleen de kerk.")
    message = mail.outbox[-1]
    assert message.to == [WIM]
    assert "passen niets aan" in message.body
    assert "Op zondag is er alleen de kerk." in message.body
    assert Reaction.objects.get().email == ""
    assert queries.waiting(SLUG) == 0


def test_what_was_right_is_answered_without_words_and_in_the_language_of_who_said_it(study: Study, bob: User) -> None:
    actions.accept_reaction(bob, SLUG, say(email=WIM, language="en"))
    assert "You were right." in mail.outbox[-1].body
    assert f"/en/{SLUG}/plek/{CENTRE}" in mail.outbox[-1].body


def test_an_operator_who_asks_is_answered_and_keeps_the_address(study: Study, bob: User) -> None:
    dora = runs()
    number = actions.propose(dora, SLUG, CENTRE, {"name": "De Nieuwe Molen"})
    actions.reject_reaction(bob, SLUG, number, "Zo heet een ander gebouw.")
    assert mail.outbox[-1].to == [DORA]
    assert "Zo heet een ander gebouw." in mail.outbox[-1].body
    assert "weggegooid" not in mail.outbox[-1].body
    assert Operator.objects.get().email == DORA
    assert Reaction.objects.get().email == ""


def test_without_an_address_nothing_is_mailed(study: Study, bob: User) -> None:
    actions.reject_reaction(bob, SLUG, say(), "nee")
    assert mail.outbox == []


def test_the_address_stays_where_the_answer_did_not_go_out(study: Study, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: EmailMessage, fail_silently: bool = False) -> int:
        raise OSError

    monkeypatch.setattr(EmailMessage, "send", fail)
    number = say(email=WIM)
    with pytest.raises(InputError) as caught:
        actions.accept_reaction(bob, SLUG, number)
    assert caught.value.code == "mail.failed"
    row = Reaction.objects.get()
    assert (row.state, row.email) == ("accepted", WIM)


def test_a_refusal_needs_words_and_a_decision_is_made_once(study: Study, bob: User) -> None:
    number = say()
    with pytest.raises(InputError) as caught:
        actions.reject_reaction(bob, SLUG, number, " ")
    assert (caught.value.code, Reaction.objects.get().state) == ("reason.absent", "open")
    actions.accept_reaction(bob, SLUG, number)
    with pytest.raises(InputError) as caught:
        actions.reject_reaction(bob, SLUG, number, "toch niet")
    assert caught.value.code == "item.decided"


def test_a_reaction_is_decided_on_in_its_own_municipality(study: Study, alice: User) -> None:
    number = say()
    Study.objects.create(slug="leegdorp", name="Leegdorp")
    with pytest.raises(InputError) as caught:
        actions.accept_reaction(None, "leegdorp", number)
    assert caught.value.code == "reaction.unknown"
    assert queries.reaction("leegdorp", number, lang="nl") is None


# Who knocks too often


def test_who_knocks_too_often_waits_an_hour(db: None) -> None:
    assert [knocks.is_too_often("react", "10.0.0.1", most=3) for _ in range(4)] == [False, False, False, True]
    assert not knocks.is_too_often("react", "10.0.0.2", most=3)
    assert not knocks.is_too_often("log in", "10.0.0.1", most=3)
    Knock.objects.update(at=timezone.now() - timedelta(minutes=61))
    assert not knocks.is_too_often("react", "10.0.0.1", most=3)
    assert Knock.objects.count() == 1, "what is older than an hour is forgotten"


def test_no_address_is_kept_not_even_as_a_digest_that_is_the_same_tomorrow(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    knocks.is_too_often("react", "10.0.0.1", most=3)
    today = Knock.objects.get().digest
    assert "10.0.0.1" not in str(Knock.objects.values())
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_: tomorrow)
    knocks.is_too_often("react", "10.0.0.1", most=3)
    assert Knock.objects.exclude(digest=today).count() == 1
