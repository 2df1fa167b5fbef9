# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A visitor fills in a card by a link, a resident answers at home, and who runs the place makes the links and reads what was written."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from knopenkaart.vocabulary.questionnaire import LANGUAGES, load_questionnaire
from knopenkaart_web.accounts.models import Ownership, User
from knopenkaart_web.cards import actions, tokens
from knopenkaart_web.cards.models import Card, FreeText, ResidentAnswer, ResidentPlace, SelfTally, today
from knopenkaart_web.conf.logs import Lines
from knopenkaart_web.places.models import Study

from .reading import factories, read

CAFE, LIBRARY, NOORD, SLUG = factories.CAFE, factories.LIBRARY, factories.NOORD, factories.SLUG
MANAGE = f"/{SLUG}/plek/{LIBRARY}/kaartjes"
languages = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def secret(study: Study, bob: User) -> str:
    """The secret of a link to the card of the library."""
    return actions.make_card_link(bob, SLUG, LIBRARY, name="", first_day=today(), last_day=today())


@pytest.fixture
def home(study: Study, bob: User) -> str:
    """The secret of a link to the questions for residents of Noord."""
    return actions.make_resident_link(bob, SLUG, wijk_code=NOORD, name="", first_day=today(), last_day=today())


def fresh(**values: str) -> dict[str, str]:
    return {"nonce": tokens.new_nonce(), **values}


def test_a_card_is_filled_in_without_account_cookie_or_script(secret: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = read(browser.get(f"/kaartje/{secret}"))
    values = {element["name"]: element["value"] for element in page.all("input", type="hidden")}
    answer = browser.post(
        f"/kaartje/{secret}?taal=nl", {**values, "frequency": "6", "age": "age_25_44", "greet": "3_5", "recognise": "skip"}
    )
    assert (answer.status_code, answer["Location"]) == (302, f"/kaartje/{secret}/bedankt?taal=nl")
    assert "Dank u wel" in read(browser.get(answer["Location"])).text
    card = Card.objects.get()
    assert (card.frequency, card.age, card.greet, card.recognise, card.how) == (6, "age_25_44", "3_5", "", "screen")
    assert browser.cookies == {}


@languages
def test_the_card_asks_every_question_in_every_language(client: Client, secret: str, language: str) -> None:
    q = load_questionnaire(language)
    answer = client.get(f"/kaartje/{secret}?taal={language}")
    page = read(answer)
    asked = [
        name for name in q.questions if name not in {"household", "self_origin", "education", "goes", "goes_not", "missing", "neighbours"}
    ]
    assert [re.sub(r"^\d+\. ", "", element.text) for element in page.all("legend")] == [q.questions[name] for name in asked]
    (html,) = page.all("html")
    assert (html["lang"], html["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    assert answer["Content-Language"] == language
    assert "Bibliotheek Noord" in page.text


@languages
def test_a_translation_that_nobody_checked_says_so_in_its_language_and_in_dutch(client: Client, secret: str, language: str) -> None:
    text = read(client.get(f"/kaartje/{secret}?taal={language}")).text
    told = [load_questionnaire(name).unchecked in text for name in {language, "nl"}]
    assert all(told) is (language in {"tr", "ar", "pl", "uk"})


@pytest.mark.parametrize(
    ("accepts", "language"), [("ar,en;q=0.5", "ar"), ("tr-TR", "tr"), ("de-DE, uk;q=0.7", "uk"), ("fr", "nl"), ("", "nl")]
)
def test_the_first_language_that_the_browser_asks_for_is_taken(client: Client, secret: str, accepts: str, language: str) -> None:
    assert client.get(f"/kaartje/{secret}", headers={"accept-language": accepts})["Content-Language"] == language


def test_all_languages_can_be_chosen_on_the_card(client: Client, secret: str) -> None:
    page = read(client.get(f"/kaartje/{secret}?taal=ar"))
    assert [element["lang"] for element in page.all("a") if element["href"].startswith("?taal=")] == list(LANGUAGES)


@languages
def test_every_question_may_be_skipped_but_not_all_of_them(client: Client, secret: str, language: str) -> None:
    answer = client.post(f"/kaartje/{secret}?taal={language}", fresh(regular="skip"))
    assert answer.status_code == 422
    assert load_questionnaire(language).errors["empty"] in read(answer).text
    assert not Card.objects.exists()
    assert client.post(f"/kaartje/{secret}?taal={language}", fresh(regular="no")).status_code == 302


@languages
def test_faults_are_told_in_the_language_and_what_was_typed_stays(client: Client, secret: str, language: str) -> None:
    sent = fresh(frequency="veertig", postcode="12", avoid="Na tienen", age="age_65_plus", which_place="Bij mij")
    answer = client.post(f"/kaartje/{secret}?taal={language}", sent)
    page, errors = read(answer), load_questionnaire(language).errors
    assert answer.status_code == 422
    assert errors["frequency"] in page.text
    assert errors["postcode"] in page.text
    kept = {element["name"]: element["value"] for element in page.all("input") if element["type"] in {"text", "hidden"}}
    assert (kept["frequency"], kept["postcode"]) == ("veertig", "12")
    assert kept["which_place"] == "Bij mij"
    assert kept["nonce"] == sent["nonce"]
    assert [element["value"] for element in page.all("input", type="radio") if "checked" in element.attributes] == ["age_65_plus"]
    assert page.all("textarea")[0].text == "Na tienen"
    assert not Card.objects.exists()


def test_the_same_form_sent_twice_is_stored_once_and_thanked_twice(client: Client, secret: str) -> None:
    sent = fresh(frequency="6", avoid="Na tienen")
    assert [client.post(f"/kaartje/{secret}", sent).status_code for _time in range(2)] == [302, 302]
    assert (Card.objects.count(), FreeText.objects.count()) == (1, 1)


@pytest.mark.parametrize("nonce", ["", "verzonnen", "8f14e45fceea167a5a36dedd4bea2543:1abc:handtekening"])
def test_a_form_that_we_did_not_make_is_shown_again_with_what_was_typed(client: Client, secret: str, nonce: str) -> None:
    page = read(client.post(f"/kaartje/{secret}", {"nonce": nonce, "frequency": "6"}))
    assert "stond lang open" in page.text
    assert not Card.objects.exists()
    values = {element["name"]: element["value"] for element in page.all("input") if element["type"] in {"text", "hidden"}}
    assert values["frequency"] == "6"
    client.post(f"/kaartje/{secret}", {"nonce": values["nonce"], "frequency": values["frequency"]})
    assert Card.objects.count() == 1


def test_what_a_machine_sends_is_thanked_for_and_left(client: Client, secret: str) -> None:
    assert client.post(f"/kaartje/{secret}", fresh(frequency="6", website="https://spam.example")).status_code == 302
    assert not Card.objects.exists()


@pytest.mark.parametrize(
    ("sent", "column", "value"),
    [
        ({"frequency": "٧"}, "frequency", 7),
        ({"postcode": "9001 AB"}, "origin", "9001"),
        ({"postcode": "٩٠٠١"}, "origin", "9001"),
        ({"buurt": factories.MOLENKWARTIER, "postcode": "9001"}, "origin", factories.MOLENKWARTIER),
        ({"elsewhere": "nowhere"}, "elsewhere", "nowhere"),
        ({"elsewhere": "other"}, "elsewhere", "other"),
        ({"which_place": "café één"}, "elsewhere", CAFE),
        ({"regular": "varies"}, "regular", "varies"),
        ({"different": "over_20"}, "different", "over_20"),
    ],
)
def test_each_answer_is_kept_as_it_is_meant(client: Client, secret: str, sent: dict[str, str], column: str, value: Any) -> None:
    assert client.post(f"/kaartje/{secret}", fresh(**sent)).status_code == 302
    assert getattr(Card.objects.get(), column) == value


def test_a_place_that_we_do_not_know_is_another_one_and_its_name_is_kept_apart(client: Client, secret: str) -> None:
    client.post(f"/kaartje/{secret}", fresh(which_place="De kroeg van mijn neef"))
    assert Card.objects.get().elsewhere == "other"
    assert list(FreeText.objects.values_list("question", "text")) == [("elsewhere", "De kroeg van mijn neef")]


def test_nowhere_and_a_place_are_not_both_true(client: Client, secret: str) -> None:
    answer = client.post(f"/kaartje/{secret}", fresh(elsewhere="nowhere", which_place="Café Één"))
    assert answer.status_code == 422
    assert "Kies een van de twee" in read(answer).text


def test_nobody_is_asked_for_origin_until_a_manager_switches_that_on(client: Client, manager: Client, secret: str) -> None:
    q = load_questionnaire("nl").questions
    assert q["self_origin"] not in read(client.get(f"/kaartje/{secret}")).text
    client.post(f"/kaartje/{secret}", fresh(frequency="1", self_origin="origin_europe"))
    assert not SelfTally.objects.exists()
    manager.post(f"/{SLUG}/beheer/bewoners/vragen", {"dimensions": ["origin", "household"]})
    text = read(client.get(f"/kaartje/{secret}")).text
    assert q["self_origin"] in text
    assert q["household"] in text
    assert q["education"] not in text
    client.post(f"/kaartje/{secret}", fresh(frequency="1", self_origin="origin_europe"))
    assert SelfTally.objects.get().people == 1


@pytest.mark.parametrize("path", ["/kaartje/{}", "/kaartje/{}/papier", "/bewoners/{}"])
def test_a_link_that_does_not_work_says_so_kindly(client: Client, study: Study, path: str) -> None:
    answer = client.get(path.format("niet-van-ons") + "?taal=tr")
    assert answer.status_code == 404
    assert load_questionnaire("tr").texts["closed_title"] in read(answer).text


def test_no_secret_of_a_link_stands_in_the_log(client: Client, secret: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.post(f"/kaartje/{secret}", {"frequency": "x"})
        client.get(f"/kaartje/{secret}/niets")
    lines = [Lines("{levelname} {name} {message}", style="{").format(record) for record in caplog.records]
    assert any("/kaartje/..." in line for line in lines)
    assert not [line for line in lines if secret in line]


def test_the_card_tells_search_engines_and_other_sites_nothing(client: Client, secret: str) -> None:
    answer = client.get(f"/kaartje/{secret}")
    assert {"noindex", "no-referrer"} <= {element["content"] for element in read(answer).all("meta")}
    assert "no-store" in answer["Cache-Control"]


@languages
def test_the_card_can_be_printed_with_its_code(client: Client, secret: str, language: str) -> None:
    answer = client.get(f"/kaartje/{secret}/papier?taal={language}")
    page, q = read(answer), load_questionnaire(language)
    for name in ("frequency", "regular", "origin", "age", "recognise", "greet", "different", "elsewhere", "avoid"):
        assert q.questions[name] in page.text, name
    assert q.texts["skip"] not in page.text
    assert len(page.all("svg")) == 1
    assert "style=" not in answer.content.decode()


def test_who_runs_a_place_makes_a_link_and_sees_it_once(stranger: Client, charlie: User, study: Study, client: Client) -> None:
    assert stranger.get(MANAGE).status_code == 403
    Ownership.objects.create(user=charlie, study_slug=SLUG, place_id=LIBRARY)
    answer = stranger.post(MANAGE, {"name": "balie", "first_day": today().isoformat(), "last_day": today().isoformat()})
    (address,) = {element["href"] for element in read(answer).all("a") if re.search(r"/kaartje/[^/]+$", element["href"])}
    assert answer.status_code == 200
    assert len(read(answer).all("svg", role="img")) == 1
    secret = address.rpartition("/")[2]
    assert client.get(f"/kaartje/{secret}").status_code == 200
    later = stranger.get(MANAGE)
    assert secret not in later.content.decode()
    assert "balie" in read(later).text
    (close,) = [form["action"] for form in read(later).all("form") if "/sluit/" in form["action"]]
    stranger.post(close)
    assert client.get(f"/kaartje/{secret}").status_code == 404
    assert stranger.post(close).status_code == 404


def test_a_link_that_cannot_be_is_not_made_and_the_form_stays(editor: Client, study: Study) -> None:
    past = (today() - timedelta(days=1)).isoformat()
    answer = editor.post(MANAGE, {"name": "balie", "first_day": past, "last_day": past})
    assert answer.status_code == 422
    assert "hooguit twee jaar" in read(answer).text
    assert [element["value"] for element in read(answer).all("input", name="name")] == ["balie"]


def test_progress_is_told_against_the_aim_and_never_below_ten(editor: Client, secret: str) -> None:
    Client().post(f"/kaartje/{secret}", fresh(frequency="1"))
    text = read(editor.get(MANAGE)).text
    assert "In het afgelopen jaar: minder dan 10. Streef naar 60 tot 100 kaartjes per jaar" in text


def test_a_text_is_read_and_removed_by_who_runs_the_place(editor: Client, secret: str) -> None:
    client = Client()
    client.post(f"/kaartje/{secret}", fresh(frequency="1", avoid="Jan <b>van acht</b>"))
    assert "van acht" not in client.get(f"/{SLUG}/plek/{LIBRARY}").content.decode()
    page = read(editor.get(MANAGE))
    assert "Jan <b>van acht</b>" in page.text
    (remove,) = [form["action"] for form in page.all("form") if "/tekst/" in form["action"]]
    assert client.post(remove).status_code == 302
    assert FreeText.objects.exists(), "a visitor removes nothing"
    editor.post(remove)
    assert not FreeText.objects.exists()


def test_paper_cards_are_typed_over_one_after_the_other(editor: Client, study: Study) -> None:
    at, day = f"{MANAGE}/papier", today() - timedelta(days=2)
    answer = editor.post(at, fresh(day=day.isoformat(), frequency="28", recognise="0"))
    assert (answer.status_code, answer["Location"]) == (302, at)
    card = Card.objects.get()
    assert (card.date, card.how, card.frequency, card.recognise) == (day, "paper", 28, "0")
    refused = editor.post(at, fresh(day=(today() + timedelta(days=1)).isoformat(), frequency="28"))
    assert refused.status_code == 422
    assert "afgelopen jaar" in read(refused).text
    assert editor.post(at, fresh(frequency="28")).status_code == 422
    assert Card.objects.count() == 1


@languages
def test_residents_are_asked_in_every_language(client: Client, home: str, language: str) -> None:
    q = load_questionnaire(language)
    legends = [re.sub(r"^\d+\. ", "", element.text) for element in read(client.get(f"/bewoners/{home}?taal={language}")).all("legend")]
    assert legends == [q.questions[name] for name in ("goes", "goes_not", "missing", "neighbours", "origin", "age")]


def test_a_resident_answers_and_own_words_are_kept_apart(client: Client, home: str) -> None:
    sent = fresh(
        goes_1="Bibliotheek Noord", often_1="4", goes_2="Bij mijn tante", not_1="Café Één", reason_1="too_expensive", why_1="En te luid"
    )
    sent |= {"missing": "Een bankje", "neighbours": "6_10", "postcode": "9001", "age": "age_65_plus"}
    answer = client.post(f"/bewoners/{home}?taal=pl", sent)
    assert answer["Location"] == f"/bewoners/{home}/bedankt?taal=pl"
    row = ResidentAnswer.objects.get()
    assert (row.wijk_code, row.neighbours, row.origin, row.age) == (NOORD, "6_10", "9001", "age_65_plus")
    places = {(str(item.place_id), item.goes, item.frequency, item.reason) for item in ResidentPlace.objects.all()}
    assert places == {(LIBRARY, True, 4, ""), (CAFE, False, None, "too_expensive")}
    texts = set(FreeText.objects.values_list("question", "text", "place__name"))
    assert texts == {("goes", "Bij mijn tante", None), ("goes_not", "En te luid", "Café Één"), ("missing", "Een bankje", None)}


@pytest.mark.parametrize(
    ("sent", "told"),
    [({"often_1": "4"}, "place"), ({"reason_2": "health"}, "place"), ({"goes_1": "Café Één", "not_1": "café één"}, "twice")],
)
def test_a_resident_names_each_place_and_once(client: Client, home: str, sent: dict[str, str], told: str) -> None:
    answer = client.post(f"/bewoners/{home}", fresh(**sent))
    assert answer.status_code == 422
    assert load_questionnaire("nl").errors[told] in read(answer).text
    assert not ResidentAnswer.objects.exists()


def test_the_open_page_for_residents_opens_when_a_manager_says_so(manager: Client, editor: Client, study: Study) -> None:
    client = Client()
    assert client.get(f"/{SLUG}/bewoners").status_code == 404
    assert editor.post(f"/{SLUG}/beheer/bewoners/vragen", {"open_survey": "on"}).status_code == 403
    manager.post(f"/{SLUG}/beheer/bewoners/vragen", {"open_survey": "on"})
    answer = client.post(f"/{SLUG}/bewoners", fresh(goes_1="Café Één"))
    assert answer["Location"] == f"/{SLUG}/bewoners/bedankt?taal=nl"
    assert ResidentAnswer.objects.count() == 1
    assert "Pagina" not in read(client.get(answer["Location"])).text


def test_an_editor_makes_links_for_residents_and_reads_what_they_miss(editor: Client, study: Study) -> None:
    client = Client()
    at = f"/{SLUG}/beheer/bewoners"
    values = {"wijk_code": NOORD, "name": "brief", "first_day": today().isoformat(), "last_day": today().isoformat()}
    page = read(editor.post(at, values))
    (address,) = {
        element["href"] for element in page.all("a") if re.search(r"/bewoners/[^/]+$", element["href"]) and "http" in element["href"]
    }
    client.post("/bewoners/" + address.rpartition("/")[2], fresh(missing="Een bankje"))
    page = read(editor.get(at))
    assert "Een bankje" in page.text
    assert "voor het laatst zijn opgeteld: minder dan 10" in page.text
    (remove,) = [form["action"] for form in page.all("form") if "/tekst/" in form["action"]]
    (close,) = [form["action"] for form in page.all("form") if "/sluit/" in form["action"]]
    editor.post(remove)
    editor.post(close)
    assert not FreeText.objects.exists()
    assert client.get("/bewoners/" + address.rpartition("/")[2]).status_code == 404


@pytest.mark.parametrize("path", ["/kaartje/{}?taal=ar", "/kaartje/{}/papier?taal=uk", "/kaartje/{}/bedankt"])
def test_the_pages_of_a_card_are_whole(client: Client, secret: str, path: str) -> None:
    page = read(client.get(path.format(secret)))
    assert page.unclosed == []
    assert len(page.all("h1")) == 1
