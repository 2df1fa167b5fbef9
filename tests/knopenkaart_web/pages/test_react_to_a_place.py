# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Anybody says what is wrong with a place, without an account; an editor decides, corrects and answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from knopenkaart_web.accounts.models import User
from knopenkaart_web.freshness import actions
from knopenkaart_web.freshness.models import Knock, Reaction
from knopenkaart_web.places.models import Place, Study

from .reading import factories, operated, read
from .test_correct_a_place import filled

CENTRE, SLUG = factories.CENTRE, factories.SLUG
AT = f"/{SLUG}/plek/{CENTRE}"
QUEUE = f"/{SLUG}/beheer/reacties"
SAID = {"topic": "hours", "text": "Ook open op zondag", "email": "wim@thuis.example", "homepage": ""}


def decide(browser: Client, action: str, answer: str = "") -> Any:
    number = Reaction.objects.latest("id").pk
    return browser.post(f"{QUEUE}/{number}", {"action": action, f"r{number}-answer": answer})


def test_a_visitor_says_what_is_wrong_and_is_thanked(client: Client, study: Study) -> None:
    page = read(client.get(f"{AT}/reageer"))
    assert [element["value"] for element in page.all("input", type="radio")] == ["closed", "hours", "contact", "moved", "other"]
    response = client.post(f"{AT}/reageer", SAID, follow=True)
    assert response.redirect_chain == [(AT, 302)]
    assert "Dank u wel. Een redacteur van deze kaart kijkt ernaar." in read(response).text
    assert Reaction.objects.get().text == "Ook open op zondag"


def test_a_visitor_reads_nothing_of_what_others_said(client: Client, study: Study) -> None:
    client.post(f"{AT}/reageer", SAID | {"text": "geheim-verhaal"})
    for path in (AT, f"{AT}/reageer", f"/{SLUG}/plekken"):
        assert "geheim-verhaal" not in client.get(path).content.decode()
    assert client.get(QUEUE)["Location"].startswith("/inloggen")


def test_all_faults_come_at_once_and_nothing_typed_is_lost(client: Client, study: Study) -> None:
    response = client.post(f"{AT}/reageer", {"topic": "", "text": "Het is anders", "email": "geen adres"})
    page = read(response)
    assert response.status_code == 422
    assert page.one("textarea").text == "Het is anders"
    assert page.one("div", role="alert").text.count(":") >= 2
    assert client.post(f"{AT}/reageer", {"topic": "hours", "text": " "}).status_code == 422
    assert not Reaction.objects.exists()


def test_a_machine_that_fills_in_everything_is_thanked_and_forgotten(client: Client, study: Study) -> None:
    response = client.post(f"{AT}/reageer", SAID | {"homepage": "https://koop.example"}, follow=True)
    assert "Dank u wel." in read(response).text
    assert (Reaction.objects.count(), Knock.objects.count()) == (0, 0)


def test_the_field_for_machines_is_hidden_from_everybody_else(client: Client, study: Study) -> None:
    field = read(client.get(f"{AT}/reageer")).one("input", name="homepage")
    assert field["tabindex"] == "-1"


def test_who_says_a_lot_waits_and_loses_nothing(client: Client, study: Study) -> None:
    places = [factories.CENTRE, factories.LIBRARY]
    for number in range(10):
        assert client.post(f"/{SLUG}/plek/{places[number % 2]}/reageer", SAID).status_code == 302
    response = client.post(f"{AT}/reageer", SAID)
    assert response.status_code == 429
    assert read(response).one("textarea").text == "Ook open op zondag"
    assert Client(REMOTE_ADDR="10.0.0.9").post(f"{AT}/reageer", SAID).status_code == 302


def test_at_one_place_so_much_waits_and_no_more(client: Client, study: Study) -> None:
    for number in range(20):
        assert Client(REMOTE_ADDR=f"10.0.0.{number}").post(f"{AT}/reageer", SAID).status_code == 302
    assert Client(REMOTE_ADDR="10.0.1.1").post(f"{AT}/reageer", SAID).status_code == 429


@pytest.mark.parametrize("change", [{"removed": True}, {"confidential": True}, {"merged_into_id": factories.LIBRARY}])
def test_of_a_place_that_is_not_there_nothing_is_said(client: Client, study: Study, change: dict[str, object]) -> None:
    Place.objects.filter(pk=CENTRE).update(**change)
    factories.touch(study)
    assert client.get(f"{AT}/reageer").status_code == 404
    assert client.post(f"{AT}/reageer", SAID).status_code == 404


# The editor


def test_the_menu_tells_how_many_wait(client: Client, editor: Client, study: Study) -> None:
    assert "Reacties (0)" in read(editor.get(f"/{SLUG}/beheer/")).text
    actions.react(None, SLUG, CENTRE, topic="hours", text="Anders")
    page = read(editor.get(QUEUE))
    assert "Reacties (1)" in page.text
    assert "1 reactie wacht op u." in page.text


def test_what_is_right_leads_to_the_form_in_which_to_correct_it(editor: Client, study: Study) -> None:
    actions.react(None, SLUG, CENTRE, topic="hours", text="Ook open op zondag")
    response = decide(editor, "accept")
    assert response["Location"] == f"{AT}/bewerk?reactie={Reaction.objects.get().pk}"
    assert Reaction.objects.get().state == "accepted"


def test_what_is_closed_leads_to_the_form_in_which_to_close_it(editor: Client, study: Study) -> None:
    actions.react(None, SLUG, CENTRE, topic="closed", text="")
    target = decide(editor, "accept")["Location"]
    assert target == f"{AT}/status?status=closed"
    chosen = [option["value"] for option in read(editor.get(target)).all("option") if "selected" in option.attributes]
    assert chosen == ["closed"]


def test_what_an_operator_asked_is_filled_in_already_and_counts_as_a_change(editor: Client, study: Study) -> None:
    actions.propose(operated.runs(), SLUG, CENTRE, {"name": "De Nieuwe Molen", "street": "Dorpsstraat"})
    page = read(editor.get(QUEUE))
    assert "Vraag van de beheerder" in page.text
    assert "De Nieuwe Molen" in page.text
    target = decide(editor, "accept")["Location"]
    data = filled(read(editor.get(target)))
    assert (data["name"], data["street"]) == ("De Nieuwe Molen", "Dorpsstraat")
    editor.post(target, data | {"reason": "vraag van de beheerder"})
    place = Place.objects.get(pk=CENTRE)
    assert (place.name, place.street) == ("De Nieuwe Molen", "Dorpsstraat")


def test_only_another_status_leads_to_the_form_of_the_status(editor: Client, study: Study) -> None:
    actions.propose(operated.runs(), SLUG, CENTRE, {"status": "vacant"})
    assert decide(editor, "accept")["Location"] == f"{AT}/status?status=vacant"


def test_a_number_that_is_none_fills_in_nothing(editor: Client, study: Study) -> None:
    for number in ("", "0", "x", "9" * 30, "-1"):
        assert filled(read(editor.get(f"{AT}/bewerk?reactie={number}")))["name"] == "Buurthuis De Molen"


def test_what_is_not_right_needs_an_answer_and_what_was_typed_stays(editor: Client, study: Study) -> None:
    actions.react(None, SLUG, CENTRE, topic="hours", text="Anders", email="wim@thuis.example")
    response = decide(editor, "reject")
    assert response.status_code == 422
    assert "Vul in waarom u dit doet." in read(response).text
    assert decide(editor, "reject", "Nee, op zondag niet.")["Location"] == QUEUE
    assert "Nee, op zondag niet." in mail.outbox[0].body
    assert "Hier wacht niets." in read(editor.get(QUEUE)).text


def test_what_somebody_else_decided_is_said(editor: Client, alice: User, study: Study) -> None:
    actions.react(None, SLUG, CENTRE, topic="hours", text="Anders")
    actions.accept_reaction(alice, SLUG, Reaction.objects.get().pk)
    page = read(editor.get(decide(editor, "reject", "nee")["Location"]))
    assert "Iemand anders heeft dit al beslist." in page.text


@pytest.mark.parametrize(("number", "action"), [("999", "accept"), ("1", "anders")])
def test_what_is_not_there_is_not_decided_on(editor: Client, study: Study, number: str, action: str) -> None:
    assert editor.post(f"{QUEUE}/{number}", {"action": action}).status_code == 404


def test_a_hostile_text_stays_text(editor: Client, study: Study) -> None:
    actions.react(None, SLUG, CENTRE, topic="other", text="</blockquote><script>alert(1)</script>")
    assert "<script>alert(1)" not in editor.get(QUEUE).content.decode()
