# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading with which places a place competes, where its visits come from, and what visitors say of where they would go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from knopenkaart_web.places.models import Place, Study
from knopenkaart_web.visits.models import Release, Round

from .reading import factories, met, read

SLUG, LIBRARY, CENTRE, CAFE = factories.SLUG, factories.LIBRARY, factories.CENTRE, factories.CAFE
AUTUMN = date(2023, 10, 31)


@pytest.fixture
def changed(study: Study) -> Callable[..., None]:
    """Kleindorp reckoned, with values in all rows of a table of the library."""

    def make(table: str, **values: Any) -> None:
        run, rows = met.attach(study), met.tables()
        rows[table] = [row | values if row["place_id"] == LIBRARY else row for row in rows[table]]
        target = met.path_of(run)
        target.unlink()
        met.write(target, met.ABOUT, rows)

    return make


def page(client: Client, place: str = LIBRARY, lang: str = "nl") -> str:
    with override(lang):
        response = client.get(reverse("place_meeting", args=[SLUG, place]))
    assert response.status_code == 200
    return read(response).text


def competing(client: Client, place: str = LIBRARY, lang: str = "nl") -> str:
    """What stands under the two heads."""
    found = page(client, place, lang)
    return found[found.index("Waar komen bezoekers vandaan?" if lang == "nl" else "Where do visitors come from?") :]


def answered(answers: Mapping[str, int | None], cards: int | None, question: str = "elsewhere") -> None:
    """A round of the library of which the answers were released."""
    held = Round.objects.create(place_id=LIBRARY, name="Ronde", starts=date(2023, 10, 4), ends=AUTUMN, state="closed")
    questions = {question: [{"answer": key, "cards": number} for key, number in answers.items()]}
    figures = {"cards": {"cards": cards, "questions": questions}}
    Release.objects.create(place_id=LIBRARY, round=held, made=datetime(2023, 11, 4, tzinfo=UTC), figures=figures, state="public")


def test_distances_have_a_margin_and_a_badge(client: Client, study: Study) -> None:
    met.attach(study)
    found = competing(client)
    assert "de helft van de bezoeken van binnen 450 meter (400 meter tot 500 meter) langs de straten komt." in found
    assert "Vier van de vijf komen van binnen 1,2 kilometer" in found
    assert "geschat" in found[: found.index("Uit welke wijken")]


def test_areas_stand_by_name_with_their_part_of_the_visits(client: Client, study: Study) -> None:
    met.attach(study)
    found = competing(client)
    table = found[found.index("Uit welke wijken (model)") : found.index("Gebieden staan op naam")]
    assert table.index("Noord 50 % (40 tot 60 %)") < table.index("Zuid 25 % (15 tot 35 %)")


@pytest.mark.parametrize(("level", "said"), [("buurt", "Uit welke buurten"), ("municipality", "Uit welke gemeenten")])
def test_areas_are_called_what_they_are(client: Client, changed: Callable[..., None], level: str, said: str) -> None:
    changed("meeting_origins", level=level)
    assert said in competing(client)


def test_what_stays_at_home_and_what_is_drawn_from_others_is_told_under_both_answers(client: Client, study: Study) -> None:
    met.attach(study)
    found = competing(client)
    assert "verwacht het model dat 30 % (20 tot 40 %) van de bezoeken thuisblijft: die zijn er alleen omdat de plek er is." in found
    assert "Dat zou 0 % (0 tot 10 %) van de bezoeken zijn." in found
    assert "De waarheid ligt tussen beide antwoorden in." in found


def test_rivals_stand_with_the_most_first_only_where_that_is_sure(client: Client, changed: Callable[..., None]) -> None:
    """The café would get most; by name the centre is first."""
    changed("meeting_rivals")
    found = competing(client)
    centre, cafe = (Place.objects.get(pk=key).name for key in (CENTRE, CAFE))
    table = found[found.index("Wie de bezoeken zou krijgen") :]
    assert f"{cafe} 50 % (40 tot 60 %) 75 % (65 tot 85 %) 80 % (70 tot 90 %) 120 % (110 tot 130 %)" in table
    assert table.index(cafe) < table.index(centre)
    assert "die met het meest staat bovenaan" in table
    assert "waar negen van de tien van 20 denkbare gemeenten liggen" in table


@pytest.mark.parametrize("values", [{"ahead": 0.79}, {"ahead": None}])
def test_rivals_that_are_not_surely_apart_stand_by_name(client: Client, changed: Callable[..., None], values: dict[str, Any]) -> None:
    changed("meeting_rivals", **values)
    found = competing(client)
    centre, cafe = (Place.objects.get(pk=key).name for key in (CENTRE, CAFE))
    table = found[found.index("Wie de bezoeken zou krijgen") :]
    assert table.index(centre) < table.index(cafe)
    assert "is niet zeker: ze staan op naam" in table
    assert "staat bovenaan" not in table


def test_a_last_one_that_may_get_no_more_than_what_is_left_out_is_not_called_sure(client: Client, study: Study) -> None:
    run, rows = met.attach(study), met.tables()
    rows["meeting_rivals"] = [row | {"ahead": 0.5} if row["rival_id"] == CENTRE else row for row in rows["meeting_rivals"]]
    met.path_of(run).unlink()
    met.write(met.path_of(run), met.ABOUT, rows)
    assert "ze staan op naam" in competing(client)


def test_a_rival_that_is_not_public_any_more_is_not_named(client: Client, study: Study) -> None:
    met.attach(study)
    name = Place.objects.get(pk=CAFE).name
    Place.objects.filter(pk=CAFE).update(confidential=True)
    found = competing(client)
    assert name not in found
    assert "ze staan op naam" in found, "one that was left out may have got more"


def test_of_a_place_with_hidden_visits_nothing_of_it_is_told(client: Client, study: Study) -> None:
    """The engine leaves its rows out."""
    run, rows = met.attach(study), met.tables()
    for table in ("meeting_pull", "meeting_rivals", "meeting_origins"):
        rows[table] = [row for row in rows[table] if row["place_id"] != LIBRARY]
    met.path_of(run).unlink()
    met.write(met.path_of(run), met.ABOUT, rows)
    answered({"nowhere": 24, "other": 32}, 110)
    found = page(client)
    assert "Waar komen bezoekers vandaan?" not in found
    assert "concurreert" not in found


def test_hidden_numbers_have_no_sentence(client: Client, study: Study) -> None:
    met.attach(study)
    found = competing(client, CENTRE)
    assert "binnen 600 meter" in found
    assert "Vier van de vijf" not in found
    assert "thuisblijft: die" not in found
    assert "None" not in found


def test_the_only_place_of_its_function_competes_with_none(client: Client, study: Study) -> None:
    met.attach(study)
    found = competing(client, CAFE)
    assert (
        "Er is geen andere plek voor eten en drinken die haar bezoekers kunnen bereiken: zonder deze plek blijft iedereen thuis." in found
    )
    assert "Zoveel meer bezoeken" not in found


@pytest.mark.parametrize(
    ("home", "said"),
    [
        (0.3, "Dat past bij wat het model verwacht als een deel van de bezoekers thuisblijft."),
        (0.04, "Dat is meer dan het model verwacht"),
        (0.1, "maar beide zijn te onzeker om te zeggen dat ze verschillen"),
        (0.6, "maar beide zijn te onzeker om te zeggen dat ze verschillen"),
        (0.7, "Dat is minder dan het model verwacht"),
        (None, "Van wie antwoordde, zou 15 tot 56 % nergens heen gaan. Wat mensen vooraf zeggen"),
    ],
)
def test_what_visitors_say_stands_beside_the_model(client: Client, changed: Callable[..., None], home: float | None, said: str) -> None:
    """24 of 110 cards say nowhere and 32 another place; the rest named a place of few, or nothing: 15 to 56 %."""
    ends = {f"home_elastic{end}": None if home is None else home + far for end, far in (("", 0.0), ("_low", -0.1), ("_high", 0.1))}
    changed("meeting_pull", **ends)
    answered({"other": 32, "nowhere": 24}, 110)
    found = competing(client)
    assert "Op 24 van de 110 kaartjes staat: nergens; op 32: een andere plek. Gevraagd tot en met 31 oktober 2023. gemeten" in found
    assert "Van wie antwoordde, zou 15 tot 56 % nergens heen gaan." in found
    assert said in found


@pytest.mark.parametrize("answers", [{"other": 32}, {"other": 32, "nowhere": None}])
def test_answers_of_which_nowhere_is_hidden_are_not_told(client: Client, study: Study, answers: dict[str, int | None]) -> None:
    met.attach(study)
    answered(answers, 60)
    assert "kaartjes staat: nergens" not in competing(client)


def test_where_visitors_said_where_they_live_there_is_a_link_to_it(client: Client, study: Study) -> None:
    met.attach(study)
    link = "Wat bezoekers zelf zeiden over waar ze wonen"
    assert link not in competing(client)
    answered({"8901": None}, 60, "origin")
    assert link not in competing(client)
    Release.objects.all().delete()
    Round.objects.all().delete()
    answered({"8901": 20}, 60, "origin")
    assert link in competing(client)


def test_what_is_not_in_the_model_of_a_function_is_said(client: Client, study: Study) -> None:
    run, rows = met.attach(study), met.tables()
    rows["meeting_places"] = [row | {"function": "learn"} if row["place_id"] == LIBRARY else row for row in rows["meeting_places"]]
    met.path_of(run).unlink()
    met.write(met.path_of(run), met.ABOUT, rows)
    assert "De schooldagen van leerlingen zitten er niet in" in competing(client)
    assert "schooldagen" not in competing(client, CENTRE)
    assert "niet van wie er werkt of van buiten komt" in competing(client, CENTRE)


def test_the_page_is_whole_in_english_too(client: Client, study: Study) -> None:
    met.attach(study)
    answered({"nowhere": 24, "other": 32}, 110)
    found = competing(client, lang="en")
    assert "half of the visits to come from within 450 metres (400 metres to 500 metres)" in found
    assert "On 24 of 110 cards stands: nowhere; on 32: another place." in found
