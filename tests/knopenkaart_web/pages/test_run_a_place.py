# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who runs a place looks after it: sees what needs attention, corrects, answers back, stops; an editor invites and ends."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from knopenkaart_web.accounts.models import User
from knopenkaart_web.freshness import actions
from knopenkaart_web.freshness.models import Operator, Reaction, Reply
from knopenkaart_web.places.models import Place, Study

from .reading import factories, operated, read
from .test_correct_a_place import filled

CENTRE, LIBRARY, SLUG = factories.CENTRE, factories.LIBRARY, factories.SLUG
AT = f"/{SLUG}/plek/{CENTRE}"
OWN = ("bewerk", "weerwoord", "stoppen")


@pytest.fixture
def dora(study: Study) -> User:
    """Dora runs the community centre."""
    return operated.runs()


@pytest.fixture
def operator(dora: User) -> Client:
    """A browser in which Dora is logged in."""
    browser = Client()
    browser.force_login(dora)
    return browser


# The operator


def test_the_own_places_stand_together_with_what_needs_attention(operator: Client, study: Study) -> None:
    page = read(operator.get("/mijn-plekken"))
    assert [element.text for element in page.all("h2")] == ["Buurthuis De Molen"]
    assert "Kijk na of het klopt" in page.text
    assert f"{AT}/bewerk" in page.links()
    assert "Mijn plekken" in read(operator.get(f"/{SLUG}/")).text


def test_the_menu_has_it_only_for_who_runs_places(client: Client, editor: Client, study: Study) -> None:
    assert "/mijn-plekken" not in read(editor.get(f"/{SLUG}/")).links()
    assert "/mijn-plekken" not in read(Client().get(f"/{SLUG}/")).links()
    assert "U beheert geen plek op de kaart." in read(editor.get("/mijn-plekken")).text


def test_an_account_without_a_password_is_not_asked_to_change_it(operator: Client, editor: Client, study: Study) -> None:
    assert "/wachtwoord" not in read(operator.get(f"/{SLUG}/")).links()
    assert "/wachtwoord" in read(editor.get(f"/{SLUG}/")).links()


def test_everything_is_right_with_one_button(operator: Client, study: Study) -> None:
    assert operator.post(f"{AT}/klopt")["Location"] == AT
    assert Place.objects.get(pk=CENTRE).last_verified == timezone.localdate()
    page = read(operator.get("/mijn-plekken"))
    assert "door de beheerder" in page.text
    assert "Kijk na of het klopt" not in page.text


def test_the_page_of_the_place_has_the_buttons_of_who_runs_it(operator: Client, client: Client, study: Study) -> None:
    links = read(operator.get(AT)).links()
    assert {f"{AT}/bewerk", f"{AT}/weerwoord"} <= set(links)
    assert f"{AT}/geschiedenis" not in links
    assert f"{AT}/bewerk" not in read(client.get(AT)).links()
    assert f"{AT}/bewerk" not in read(operator.get(f"/{SLUG}/plek/{LIBRARY}")).links()


def test_what_is_theirs_changes_at_once_and_the_rest_is_asked(operator: Client, study: Study) -> None:
    data = filled(read(operator.get(f"{AT}/bewerk")))
    assert "archetype" not in data
    assert "reason" not in data
    data |= {"opening_hours": "Mo-Fr 09:00-17:00", "status": "vacant", "remark": "Wij verbouwen tot mei"}
    page = read(operator.post(f"{AT}/bewerk", data, follow=True))
    assert "Een redacteur van deze kaart kijkt ernaar." in page.text
    place, row = Place.objects.get(pk=CENTRE), Reaction.objects.get()
    assert (place.opening_hours, place.status) == ("Mo-Fr 09:00-17:00", "open")
    assert (row.proposed, row.text) == ({"status": "vacant"}, "Wij verbouwen tot mei")
    assert "1 vraag van u wacht op een redacteur." in read(operator.get("/mijn-plekken")).text


def test_what_only_editors_may_is_not_smuggled_in(operator: Client, study: Study) -> None:
    data = filled(read(operator.get(f"{AT}/bewerk"))) | {"lat": "52.1", "lon": "5.1", "archetype": "hotspot", "phone": "015-1"}
    operator.post(f"{AT}/bewerk", data)
    place = Place.objects.get(pk=CENTRE)
    assert (place.lat, place.archetype, place.phone) == (52.005, "living_room", "015-1")


def test_an_operator_does_not_see_what_is_confidential(operator: Client, study: Study) -> None:
    factories.confidential_phone(study, CENTRE, "06-99887766")
    for path in (AT, f"{AT}/bewerk", f"{AT}/weerwoord", "/mijn-plekken"):
        assert "06-99887766" not in operator.get(path).content.decode()


@pytest.mark.parametrize("page", [*OWN, "klopt"])
def test_the_place_of_somebody_else_stays_closed(operator: Client, client: Client, study: Study, page: str) -> None:
    other = f"/{SLUG}/plek/{LIBRARY}/{page}"
    assert operator.post(other, {"text": "x", "action": "stop"}).status_code == 403
    assert client.post(other)["Location"].startswith("/inloggen")
    if page != "klopt":
        assert operator.get(other).status_code == 403


@pytest.mark.parametrize("page", ["status", "samenvoegen", "splits", "geschiedenis", "beheerders"])
def test_what_is_for_editors_stays_closed(operator: Client, study: Study, page: str) -> None:
    assert operator.get(f"{AT}/{page}").status_code == 403
    assert operator.get(f"/{SLUG}/beheer/").status_code == 403


def test_a_text_of_ones_own_stands_beside_the_place_with_its_date(operator: Client, client: Client, study: Study) -> None:
    text = "Wij tellen anders.\nEn <b>iedereen</b> is welkom."
    operator.post(f"{AT}/weerwoord", {"text": text, "action": "write"})
    body = client.get(AT).content.decode()
    assert "Wat de beheerder zegt" in body
    assert "&lt;b&gt;iedereen&lt;/b&gt;" in body
    assert "De gemeente heeft dit niet geschreven." in body
    assert operator.post(f"{AT}/weerwoord", {"text": "", "action": "write"}).status_code == 422
    operator.post(f"{AT}/weerwoord", {"action": "withdraw"})
    assert "Wat de beheerder zegt" not in client.get(AT).content.decode()
    assert operator.post(f"{AT}/weerwoord", {"action": "withdraw"}).status_code == 302


def test_a_text_that_is_hidden_nobody_reads_and_who_wrote_it_learns_why(operator: Client, editor: Client, study: Study) -> None:
    operator.post(f"{AT}/weerwoord", {"text": "Mijn buurman liegt", "action": "write"})
    assert editor.post(f"{AT}/weerwoord", {"action": "hide", "reason": ""}).status_code == 422
    editor.post(f"{AT}/weerwoord", {"action": "hide", "reason": "gaat over een buurman"})
    assert "Mijn buurman" not in Client().get(AT).content.decode()
    assert "Een redacteur heeft uw tekst verborgen." in read(operator.get("/mijn-plekken")).text
    assert "gaat over een buurman" in read(operator.get(f"{AT}/weerwoord")).text
    editor.post(f"{AT}/weerwoord", {"action": "show", "reason": "toch goed"})
    assert "Mijn buurman" in Client().get(AT).content.decode()


def test_an_editor_writes_no_reply_and_needs_one_to_hide(editor: Client, study: Study) -> None:
    assert editor.get(f"{AT}/weerwoord").status_code == 200
    editor.post(f"{AT}/weerwoord", {"action": "write", "text": "Namens de beheerder", "reason": "x"})
    assert not Reply.objects.exists()


def test_reminders_can_be_stopped_and_wanted_again(operator: Client, study: Study) -> None:
    operator.post(f"{AT}/stoppen", {"action": "no_mail"})
    assert "U krijgt geen herinneringen over deze plek." in read(operator.get("/mijn-plekken")).text
    operator.post(f"{AT}/stoppen", {"action": "mail"})
    assert Operator.objects.get().no_mail_at is None


def test_who_stops_runs_nothing_any_more(operator: Client, study: Study) -> None:
    assert "Ik beheer deze plek niet meer" in read(operator.get(f"{AT}/stoppen")).text
    operator.post(f"{AT}/stoppen", {"action": "stop"})
    assert operator.get(f"{AT}/bewerk").status_code == 403
    assert Operator.objects.get().state == "ended"


def test_an_editor_who_runs_nothing_has_nothing_to_stop(editor: Client, study: Study) -> None:
    assert editor.get(f"{AT}/stoppen").status_code == 403
    assert editor.post(f"{AT}/stoppen", {"action": "stop"}).status_code == 403


def test_a_place_that_went_is_still_named(operator: Client, study: Study) -> None:
    Place.objects.filter(pk=CENTRE).update(removed=True)
    factories.touch(study)
    page = read(operator.get("/mijn-plekken"))
    assert "van de kaart gehaald" in page.text
    assert operator.get(f"{AT}/bewerk").status_code == 404
    assert operator.post(f"{AT}/klopt").status_code in {302, 404}


# The editor


def test_an_editor_invites_by_mail(editor: Client, study: Study) -> None:
    assert f"{AT}/beheerders" in read(editor.get(f"{AT}/bewerk")).links()
    page = read(
        editor.post(f"{AT}/beheerders", {"action": "invite", "email": operated.DORA, "name": "Dora", "language": "nl"}, follow=True)
    )
    assert "De uitnodiging is gemaild." in page.text
    assert "uitgenodigd" in page.text
    assert mail.outbox[0].to == [operated.DORA]


def test_a_wrong_or_known_address_is_said_beside_its_field(editor: Client, study: Study) -> None:
    operated.invite()
    for email, told in (("geen adres", "geldig"), (operated.DORA, "beheert de plek al")):
        response = editor.post(f"{AT}/beheerders", {"action": "invite", "email": email, "name": "Dora", "language": "nl"})
        page = read(response)
        assert response.status_code == 422
        assert page.one("input", name="email")["value"] == email
        assert told in page.one("div", role="alert").text


def test_a_mail_that_does_not_go_out_is_told_and_can_be_sent_again(editor: Client, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: EmailMessage, fail_silently: bool = False) -> int:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", fail)
        data = {"action": "invite", "email": operated.DORA, "name": "", "language": "nl"}
        page = read(editor.post(f"{AT}/beheerders", data, follow=True))
    assert "De mail is niet verstuurd." in page.text
    assert "De laatste mail kwam niet aan" in page.text
    editor.post(f"{AT}/beheerders", {"action": "again", "operator": str(Operator.objects.get().pk)})
    assert len(mail.outbox) == 1


def test_an_editor_ends_somebody_with_a_reason(editor: Client, dora: User, study: Study) -> None:
    number = str(Operator.objects.get().pk)
    assert editor.post(f"{AT}/beheerders", {"action": "end", "operator": number, "reason": " "}).status_code == 422
    page = read(editor.post(f"{AT}/beheerders", {"action": "end", "operator": number, "reason": "gestopt"}, follow=True))
    assert "Niemand beheert deze plek nog op de kaart." in page.text
    for nonsense in ("", "x", "9" * 40):
        assert editor.post(f"{AT}/beheerders", {"action": "end", "operator": nonsense, "reason": "x"}).status_code == 302


def test_the_list_marks_for_editors_what_was_looked_at_too_long_ago(editor: Client, dora: User, study: Study) -> None:
    actions.change_own_place(dora, SLUG, CENTRE, {"phone": "015-1"}, {}, "", version=1)
    rows = {" ".join(row.text.split()[:3]): row.text for row in read(editor.get(f"/{SLUG}/plekken")).all("tr")}
    assert "te lang geleden" in rows["Bibliotheek Noord Bibliotheek"]
    assert "te lang geleden" not in rows["Buurthuis De Molen"]
    assert "te lang geleden" not in read(Client().get(f"/{SLUG}/plekken")).text


def test_an_editor_says_with_one_button_that_all_is_right(editor: Client, study: Study) -> None:
    assert f"{AT}/klopt" in [form["action"] for form in read(editor.get(AT)).all("form")]
    editor.post(f"{AT}/klopt")
    assert "door een redacteur van deze kaart." in read(Client().get(AT)).text
    assert f"{AT}/klopt" not in [form["action"] for form in read(Client().get(AT)).all("form")]


def test_a_visitor_reads_when_and_by_what_a_place_was_looked_at(client: Client, study: Study) -> None:
    assert "Voor het laatst nagekeken op 1 mei 2024, door de makers van de open data." in read(client.get(AT)).text
    assert "Last checked on 1 May 2024, by the makers of the open data." in read(client.get(f"/en{AT}")).text
    Place.objects.filter(pk=CENTRE).update(last_verified=None)
    factories.touch(study)
    assert "Niemand heeft dit nog nagekeken." in read(client.get(AT)).text
