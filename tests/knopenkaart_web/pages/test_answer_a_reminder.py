# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who runs a place follows the links of a mail: looking answers nothing, a button does, once, without a password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from knopenkaart_web.accounts.models import Ownership, User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.freshness import actions
from knopenkaart_web.freshness.models import MailLink, Operator, Reaction, Reminder
from knopenkaart_web.places.models import Place, ReviewItem, Study
from knopenkaart_web.runs import tasks

from .reading import factories, operated, read
from .test_correct_a_place import filled

CENTRE, SLUG = factories.CENTRE, factories.SLUG


@pytest.fixture
def mailed(study: Study) -> dict[str, str]:
    """The links of a reminder to who runs the community centre, by their last part."""
    operated.runs()
    actions.remind(timezone.now())
    return {path.rsplit("/", 1)[1]: path for path in operated.links()}


def rows() -> tuple[int, ...]:
    return (Event.objects.count(), ReviewItem.objects.count(), Reaction.objects.count(), Reminder.objects.exclude(right_at=None).count())


def test_a_program_that_looks_at_mails_answers_nothing(client: Client, mailed: dict[str, str]) -> None:
    before = rows()
    for _ in range(2):
        for path in mailed.values():
            for response in (client.get(path), client.head(path)):
                assert response.status_code == 200
    assert rows() == before
    assert Operator.objects.get().no_mail_at is None
    assert Place.objects.get(pk=CENTRE).last_verified.isoformat() == "2024-05-01"  # type: ignore[union-attr]


def test_each_link_shows_one_button_and_what_it_is_about(client: Client, mailed: dict[str, str]) -> None:
    for answer, button in (
        ("klopt", "Ja, alles klopt"),
        ("weg", "Ja, zij bestaat niet meer"),
        ("geen-mail", "Stuur mij geen herinneringen meer"),
    ):
        page = read(client.get(mailed[answer]))
        assert [element.text for element in page.all("button") if "main" in element.parents] == [button]
        assert "Buurthuis De Molen" in page.text


def test_these_pages_are_kept_by_nobody_and_no_search_engine(client: Client, mailed: dict[str, str]) -> None:
    assert "no-store" in client.get(mailed["klopt"])["Cache-Control"]
    robots = client.get("/robots.txt").content.decode()
    for part in ("/controle/", "/beheerder/"):
        assert f"Disallow: {part}" in robots
        assert f"Disallow: /en{part}" in robots


def test_everything_is_right(client: Client, mailed: dict[str, str]) -> None:
    page = read(client.post(mailed["klopt"]))
    assert "Vanaf vandaag ziet iedereen dat u ernaar hebt gekeken." in page.text
    shown = read(client.get(f"/{SLUG}/plek/{CENTRE}")).text
    assert "Voor het laatst nagekeken op" in shown
    assert ", door de beheerder." in shown


def test_used_twice_it_says_so(client: Client, mailed: dict[str, str]) -> None:
    client.post(mailed["klopt"])
    for response in (client.get(mailed["klopt"]), client.post(mailed["klopt"])):
        assert response.status_code == 410
        page = read(response)
        assert page.one("h1").text == "Deze link is al gebruikt"
        assert "/inloggen/post" in page.links()
    assert client.get(mailed["weg"]).status_code == 200


def test_too_late_it_says_so(client: Client, mailed: dict[str, str]) -> None:
    Reminder.objects.update(expires=timezone.now() - timedelta(seconds=1))
    for answer in ("klopt", "aanpassen", "weg"):
        response = client.post(mailed[answer])
        assert (response.status_code, read(response).one("h1").text) == (410, "Deze link is te oud")
    assert client.post(mailed["geen-mail"]).status_code == 200


@pytest.mark.parametrize("secret", ["niet-van-ons", "a.b", "x" * 500])
def test_a_guess_is_not_found(client: Client, study: Study, secret: str) -> None:
    for path in (f"/controle/{secret}/klopt", f"/beheerder/{secret}", f"/inloggen/post/{secret}"):
        for response in (client.get(path), client.post(path)):
            assert response.status_code == 404


def test_an_answer_that_nobody_can_give_is_not_found(client: Client, mailed: dict[str, str]) -> None:
    assert client.post(mailed["klopt"].replace("klopt", "misschien")).status_code == 404


def test_it_is_gone_comes_before_an_editor(client: Client, bob: User, mailed: dict[str, str]) -> None:
    assert "blijft de plek op de kaart staan" in read(client.post(mailed["weg"])).text
    editor = Client()
    editor.force_login(bob)
    assert "De beheerder zegt dat de plek er niet meer is" in read(editor.get(f"/{SLUG}/beheer/")).text


def test_something_is_changed_without_a_password(client: Client, mailed: dict[str, str]) -> None:
    data = filled(read(client.get(mailed["aanpassen"]))) | {"phone": "015-1234", "functions": ["meet"], "name": "De Nieuwe Molen"}
    page = read(client.post(mailed["aanpassen"], data))
    assert "Wat u hebt aangepast, is bewaard." in page.text
    place = Place.objects.get(pk=CENTRE)
    assert (place.phone, place.functions, place.name) == ("015-1234", ["meet"], "Buurthuis De Molen")
    assert Reaction.objects.get().proposed == {"name": "De Nieuwe Molen"}
    assert "de beheerder van deze plek" in read(client.get(f"/{SLUG}/plek/{CENTRE}")).text


def test_a_form_with_faults_is_shown_again_and_can_still_be_sent(client: Client, mailed: dict[str, str]) -> None:
    data = filled(read(client.get(mailed["aanpassen"]))) | {"email": "geen adres", "opening_hours": "soms", "phone": "015-1234"}
    response = client.post(mailed["aanpassen"], data)
    page = read(response)
    assert response.status_code == 422
    assert filled(page)["phone"] == "015-1234"
    assert {link["href"] for link in page.all("a") if link["href"].startswith("#id_")} == {"#id_email", "#id_opening_hours"}
    assert client.post(mailed["aanpassen"], data | {"email": "", "opening_hours": ""}).status_code == 200


def test_who_was_overtaken_is_told(client: Client, mailed: dict[str, str]) -> None:
    data = filled(read(client.get(mailed["aanpassen"]))) | {"phone": "015-1234"}
    Place.objects.filter(pk=CENTRE).update(version=9)
    assert "Iemand anders heeft deze plek veranderd" in read(client.post(mailed["aanpassen"], data)).text


def test_what_was_not_touched_is_no_change(client: Client, mailed: dict[str, str]) -> None:
    Place.objects.filter(pk=CENTRE).update(wheelchair="designated")
    factories.touch(Study.objects.get())
    data = filled(read(client.get(mailed["aanpassen"])))
    page = read(client.post(mailed["aanpassen"], data))
    assert "U hebt niets veranderd." in page.text
    assert Place.objects.get(pk=CENTRE).wheelchair == "designated"


def test_no_more_mails(client: Client, mailed: dict[str, str]) -> None:
    assert "U krijgt geen herinneringen meer over deze plek." in read(client.post(mailed["geen-mail"])).text
    assert actions.remind(timezone.now() + timedelta(days=400)) == []


def test_the_mail_of_an_english_reader_leads_to_english_pages(client: Client, study: Study) -> None:
    operated.runs()
    Operator.objects.update(language="en")
    actions.remind(timezone.now())
    path = operated.links()[0]
    assert path.startswith("/en/controle/")
    assert read(client.get(path)).one("h1").text == "Is everything right?"


# Accepting an invitation


def test_an_invitation_says_what_it_means_before_anything_happens(client: Client, study: Study) -> None:
    operated.invite()
    (path,) = operated.links()
    page = read(client.get(path))
    assert page.one("h1").text == "Beheert u Buurthuis De Molen?"
    assert operated.DORA in page.text
    assert "een jaar daarna" in page.text
    assert (User.objects.count(), Ownership.objects.count()) == (0, 0)


def test_who_accepts_is_logged_in_and_sees_the_place(client: Client, study: Study) -> None:
    operated.invite()
    page = read(client.post(operated.links()[0], follow=True))
    assert page.one("h1").text == "Mijn plekken"
    assert "Buurthuis De Molen" in page.text
    assert client.post(operated.links()[0]).status_code == 410


def test_an_editor_who_tries_the_link_stays_an_editor(editor: Client, bob: User, study: Study) -> None:
    operated.invite()
    editor.post(operated.links()[0])
    assert editor.session["_auth_user_id"] == str(bob.pk)
    assert not Ownership.objects.filter(user=bob).exists()


def test_a_withdrawn_or_old_invitation_says_so(client: Client, study: Study) -> None:
    row = operated.invite()
    MailLink.objects.update(expires=timezone.now())
    assert read(client.get(operated.links()[0])).one("h1").text == "Deze link is te oud"
    row.delete()
    assert client.post(operated.links()[0]).status_code == 404


# Logging in by mail


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the worker does is done at once."""
    monkeypatch.setattr(tasks, "mail_log_in", tasks.mail_log_in.call_local)


def test_nobody_learns_who_is_known_here(client: Client, study: Study, at_once: None) -> None:
    operated.runs()
    answers = [client.post("/inloggen/post", {"email": email}) for email in (operated.DORA, "wie@dan.example")]
    assert [answer.status_code for answer in answers] == [200, 200]
    texts = [read(answer).text for answer in answers]
    assert texts[0] == texts[1]
    assert "is er een mail onderweg" in texts[0]
    assert [message.to for message in mail.outbox] == [[operated.DORA]]


def test_the_link_asks_for_a_button_and_opens_the_account_once(client: Client, study: Study, at_once: None) -> None:
    user = operated.runs()
    client.post("/inloggen/post", {"email": operated.DORA})
    (path,) = operated.links()
    assert "Druk op de knop" in read(client.get(path)).text
    assert "_auth_user_id" not in client.session
    assert client.post(path)["Location"] == "/mijn-plekken"
    assert client.session["_auth_user_id"] == str(user.pk)
    other = Client()
    assert other.post(path).status_code == 410
    assert "_auth_user_id" not in other.session


def test_a_link_of_half_an_hour_ago_is_too_old(client: Client, study: Study, at_once: None) -> None:
    operated.runs()
    client.post("/inloggen/post", {"email": operated.DORA})
    MailLink.objects.update(expires=timezone.now())
    assert read(client.post(operated.links()[0])).one("h1").text == "Deze link is te oud"


def test_what_is_no_address_is_said_and_who_asks_too_often_waits(client: Client, study: Study, at_once: None) -> None:
    assert client.post("/inloggen/post", {"email": "geen adres"}).status_code == 422
    answers = [client.post("/inloggen/post", {"email": f"{number}@dan.example"}).status_code for number in range(11)]
    assert answers == [200] * 10 + [429]


def test_the_page_to_log_in_leads_there(client: Client, study: Study) -> None:
    assert "/inloggen/post" in read(client.get("/inloggen")).links()
