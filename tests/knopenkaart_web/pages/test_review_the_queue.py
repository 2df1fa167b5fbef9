# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""An editor works through the queue: one key decides, the next item is there, one key undoes."""

from __future__ import annotations

import pytest
from django.test import Client

from knopenkaart_web.audit.models import Event
from knopenkaart_web.places.models import Place, ReviewItem, Study

from .reading import factories, read

QUEUE = "/kleindorp/beheer/"


@pytest.fixture
def items(study: Study) -> dict[str, int]:
    return factories.review_items(study)


def decide(editor: Client, item: int, action: str, **data: str) -> str:
    return editor.post(f"{QUEUE}besluit/{item}", {"action": action, **data}).headers["Location"]


def test_every_item_can_be_decided_by_one_key(editor: Client, items: dict[str, int]) -> None:
    page = read(editor.get(QUEUE))
    articles = page.all("article")
    assert len(articles) == 4
    keys = [button["data-key"] for button in page.all("button") if "article" in button.parents]
    assert keys == ["a", "r"] * 4
    assert page.one("div", class_="kk-queue").attributes.keys() >= {"data-review"}
    assert all("data-review-item" in article.attributes and article["tabindex"] == "-1" for article in articles)


def test_the_queue_works_without_javascript(editor: Client, items: dict[str, int]) -> None:
    page = read(editor.get(QUEUE))
    forms = [form for form in page.all("form") if "besluit" in form["action"]]
    assert [form["method"] for form in forms] == ["post"] * 4
    assert {button["name"] for button in page.all("button") if button["data-key"] in ("a", "r")} == {"action"}


def test_topics_have_their_counts_and_can_be_chosen(editor: Client, items: dict[str, int]) -> None:
    page = read(editor.get(QUEUE))
    assert "Nieuw (1) Veranderd (1) Weg? (1) Misschien dubbel (1)" in page.text
    chosen = read(editor.get(f"{QUEUE}?onderwerp=gone"))
    assert len(chosen.all("article")) == 1
    assert "Sint-Jan" in chosen.text


def test_deciding_goes_on_to_the_next_item(editor: Client, items: dict[str, int]) -> None:
    numbers = sorted(items.values())
    location = decide(editor, numbers[1], "accept")
    assert f"item={numbers[2]}" in location
    assert location.endswith(f"#item-{numbers[2]}")
    page = read(editor.get(location))
    assert [article["id"] for article in page.all("article") if "data-current" in article.attributes] == [f"item-{numbers[2]}"]


def test_after_the_last_item_comes_the_one_before_it(editor: Client, items: dict[str, int]) -> None:
    numbers = sorted(items.values())
    assert decide(editor, numbers[-1], "reject").endswith(f"#item-{numbers[-2]}")


def test_the_chosen_topic_stays_chosen(editor: Client, items: dict[str, int]) -> None:
    location = decide(editor, items["new"], "accept", topic="new")
    assert "onderwerp=new" in location
    assert "Hier wacht niets." in read(editor.get(location)).text


def test_gone_closes_the_place_and_still_there_leaves_it(editor: Client, items: dict[str, int]) -> None:
    decide(editor, items["gone"], "accept", reason="gesloopt")
    assert Place.objects.get(pk=factories.CHURCH).status == "closed"
    assert Event.objects.get(action="accept").reason == "gesloopt"


def test_two_places_are_never_proposed_again(editor: Client, items: dict[str, int]) -> None:
    decide(editor, items["duplicate"], "reject")
    assert ReviewItem.objects.get(pk=items["duplicate"]).state == "rejected"
    assert Place.objects.get(pk=factories.CENTRE).merged_into_id is None


def test_the_same_place_is_merged(editor: Client, items: dict[str, int]) -> None:
    decide(editor, items["duplicate"], "accept")
    assert str(Place.objects.get(pk=factories.CENTRE).merged_into_id) == factories.LIBRARY


def test_duplicates_stand_side_by_side_with_what_differs(editor: Client, items: dict[str, int]) -> None:
    page = read(editor.get(f"{QUEUE}?onderwerp=duplicate"))
    assert len(page.all("section")) == 2
    assert "Naam Bibliotheek Noord" in [fact.text for fact in page.all("div", class_="kk-fact--differs")]
    assert "Dicht bij elkaar (71 % gelijk)" in page.text


def test_one_key_undoes_the_last_decision(editor: Client, items: dict[str, int]) -> None:
    location = decide(editor, items["gone"], "accept", topic="gone")
    page = read(editor.get(location))
    undo = next(form["action"] for form in page.all("form") if "terugdraaien" in form["action"])
    assert page.one("button", data_key="u").text == "Draai de laatste beslissing terug"
    back = read(editor.post(undo, {"topic": "gone"}, follow=True))
    assert "De stap is teruggedraaid." in back.text
    assert Place.objects.get(pk=factories.CHURCH).status == "open"
    assert len(back.all("article")) == 1


def test_what_somebody_else_decided_is_told_and_harms_nothing(editor: Client, items: dict[str, int]) -> None:
    decide(editor, items["new"], "accept")
    response = editor.post(f"{QUEUE}besluit/{items['new']}", {"action": "reject"}, follow=True)
    assert "Dit staat niet meer in de rij." in read(response).text
    assert not Place.objects.get(pk=factories.CAFE).removed


def test_nonsense_decides_nothing(editor: Client, items: dict[str, int]) -> None:
    editor.post(f"{QUEUE}besluit/{items['new']}", {"action": "delete"})
    assert ReviewItem.objects.filter(state="open").count() == 4


def test_a_link_decides_nothing(editor: Client, items: dict[str, int]) -> None:
    assert editor.get(f"{QUEUE}besluit/{items['new']}?action=accept").status_code == 405
    assert editor.get(f"{QUEUE}terugdraaien/1").status_code == 405


def test_a_visitor_decides_nothing(client: Client, items: dict[str, int]) -> None:
    assert client.post(f"{QUEUE}besluit/{items['new']}", {"action": "reject"}).status_code == 302
    assert ReviewItem.objects.filter(state="open").count() == 4


def test_another_site_cannot_decide(study: Study, items: dict[str, int], bob: object) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(bob)  # type: ignore[arg-type]
    response = browser.post(f"{QUEUE}besluit/{items['new']}", {"action": "reject"})
    assert response.status_code == 403
    assert "Het formulier is te oud" in read(response).text
