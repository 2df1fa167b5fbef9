# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What visitors answered beside the model: per place and round with those who recognise nobody, and a verdict from ten places on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from knopenkaart.visits.recognised import Agreement, Fitted, Reported
from knopenkaart_web.pages.meeting.measured import part_of, verdict
from knopenkaart_web.places.models import Place, Study
from knopenkaart_web.visits.models import Release, Round

from .reading import factories, met, read

SLUG, LIBRARY, CENTRE, CAFE = factories.SLUG, factories.LIBRARY, factories.CENTRE, factories.CAFE
SPRING, AUTUMN = date(2023, 4, 30), date(2023, 10, 31)


def told(place_id: str, ends: date, answers: Mapping[str, int | None], **more: Mapping[str, int | None]) -> None:
    """A round of which the answers were released, with as many cards as there are answers and five hidden ones."""
    held = Round.objects.create(place_id=place_id, name=f"Ronde {ends.month}", starts=ends - timedelta(days=27), ends=ends, state="closed")
    cards = sum(number or 0 for number in answers.values()) + 5
    asked = {"recognise": answers, "greet": {}} | more
    questions = {name: [{"answer": key, "cards": n} for key, n in of.items()] for name, of in asked.items()}
    figures = {"cards": {"cards": cards, "questions": questions}}
    Release.objects.create(place_id=place_id, round=held, made=datetime(2023, 11, 4, tzinfo=UTC), figures=figures, state="public")


def around(mean: int) -> dict[str, int | None]:
    """Answers of which most are near a mean of 2, 4 or 8."""
    shown = {2: {"0": 12, "1_2": 30, "3_5": 14}, 4: {"1_2": 16, "3_5": 30, "6_10": 16}, 8: {"3_5": 15, "6_10": 30, "11_20": 16}}[mean]
    return dict.fromkeys(("0", "1_2", "3_5", "6_10", "11_20", "over_20"), None) | shown


def page(client: Client, lang: str = "nl") -> str:
    response = client.get(reverse("measured", args=[SLUG]), headers={"accept-language": lang})
    assert response.status_code == 200
    return read(response).text


def test_each_round_stands_there_the_newest_first_with_those_who_recognise_and_greet_nobody(client: Client, study: Study) -> None:
    met.attach(study)
    told(LIBRARY, SPRING, around(2), greet={"0": 20, "1_2": 36})
    told(LIBRARY, AUTUMN, around(4), greet={"0": None, "1_2": 30})
    found = page(client)
    table = found[found.index("Per plek, door de tijd") :]
    assert table.index("Ronde 10") < table.index("Ronde 4")
    assert "Ronde 4 (30 april 2023) 61" in table
    assert table[table.index("Ronde 4") :].split(") ")[2].startswith("12 20"), "twelve recognise nobody and twenty greet nobody"


def test_the_picture_has_the_model_as_a_triangle_beside_the_newest_answers(client: Client, study: Study) -> None:
    met.attach(study)
    told(LIBRARY, SPRING, around(8))
    told(LIBRARY, AUTUMN, around(4))
    response = client.get(reverse("measured", args=[SLUG]), headers={"accept-language": "nl"}).content.decode()
    assert response.count("; model 3,0</title>") == 2
    assert "Bibliotheek Noord: 3," in response, "the newest round, around 4, and not the one around 8"


def test_a_place_without_a_number_of_the_model_has_its_answers_all_the_same(client: Client, study: Study) -> None:
    met.attach(study)
    told(CAFE, AUTUMN, around(4))
    response = client.get(reverse("measured", args=[SLUG]), headers={"accept-language": "nl"}).content.decode()
    assert "<title>Café Één: " in response
    assert "; model" not in response


def test_the_page_of_a_place_has_both_in_one_sentence(client: Client, study: Study) -> None:
    met.attach(study)
    address = reverse("place_meeting", args=[SLUG, LIBRARY])
    assert "Bij een bezoek herkent men 3,0 van de andere aanwezigen. aangenomen Wat bezoekers zelf zeggen" in read(client.get(address)).text
    told(LIBRARY, AUTUMN, around(8))
    told(LIBRARY, SPRING, around(2))
    assert "aangenomen Bezoekers zeggen zelf 8," in read(client.get(address)).text


def test_too_few_answers_have_no_average_and_the_page_says_so(client: Client, study: Study) -> None:
    told(LIBRARY, AUTUMN, dict.fromkeys(("0", "1_2", "6_10", "11_20", "over_20"), None) | {"3_5": 12})
    assert "Van geen enkele plek mogen genoeg antwoorden worden getoond voor een gemiddelde." in page(client)


def test_answers_of_a_place_that_is_gone_or_confidential_are_not_told(client: Client, study: Study) -> None:
    told(LIBRARY, AUTUMN, around(4))
    told(CENTRE, AUTUMN, around(4))
    Place.objects.filter(pk=LIBRARY).update(confidential=True)
    Place.objects.filter(pk=CENTRE).update(removed=True)
    assert "Van geen enkele plek zijn er antwoorden die getoond mogen worden." in page(client)


def ten(study: Study) -> None:
    """Ten more places with answers of which the mean goes up with the model, which gives 2, 4 or 8 too."""
    run = met.attach(study)
    records = [factories.record(100 + at, "library", f"Plek {at}", 5.005, 52.005 + at / 1000) for at in range(10)]
    factories.add_places(study, records)
    rows = met.tables()
    first = rows["meeting_places"][0]
    for at, record in enumerate(records):
        mean = (2, 4, 8)[at % 3]
        told(record.id, AUTUMN, around(mean))
        rows["meeting_places"].append(first | {"place_id": record.id, "present": mean + at / 10})
    path: Path = met.path_of(run)
    path.unlink()
    met.write(path, met.ABOUT, rows)


def test_from_ten_places_on_the_page_says_whether_the_model_is_right(client: Client, study: Study) -> None:
    ten(study)
    found = page(client)
    assert "Voor zover te zeggen is wel: plekken met meer herkenning in het model hebben er in de antwoorden ook meer van" in found
    assert "Plekken met antwoorden 10" in found
    assert "IJklijn (helling)" in found
    assert "keer het model" in found


def test_nine_places_say_how_many_are_needed(client: Client, study: Study) -> None:
    ten(study)
    Place.objects.filter(name="Plek 3").update(removed=True)
    assert "vanaf 10 plekken met antwoorden en een getal van het model: er is er nog 1 nodig." in page(client)


def test_rounds_of_one_place_are_a_picture_the_oldest_first(client: Client, study: Study) -> None:
    told(LIBRARY, AUTUMN, around(4))
    told(LIBRARY, SPRING, around(8))
    told(CENTRE, SPRING, around(8))
    response = client.get(reverse("measured", args=[SLUG]), headers={"accept-language": "nl"}).content.decode()
    picture = response[response.index("Wat bezoekers zeggen, per ronde") :]
    picture = picture[: picture.index("</svg>")]
    assert picture.index("<title>Bibliotheek Noord, 30 april 2023: ") < picture.index("<title>Bibliotheek Noord, 31 oktober 2023: ")
    assert picture.count("<title>") == 2, "the centre was asked once, and of once there is no change"


def test_without_two_rounds_of_one_place_nothing_is_told_of_change(client: Client, study: Study) -> None:
    told(LIBRARY, AUTUMN, around(4))
    found = page(client)
    assert "Over verandering is dus niets te zeggen." in found
    assert "per ronde" not in found


def test_how_many_are_different_stands_beside_the_part_between_groups_of_the_model(client: Client, study: Study) -> None:
    met.attach(study)
    told(LIBRARY, AUTUMN, around(8), different=around(4))
    told(CENTRE, AUTUMN, around(8))
    found = page(client)
    table = found[found.index("Als deel van iedereen die ze herkennen") :]
    row = table[table.index("Bibliotheek Noord") :]
    assert row.startswith("Bibliotheek Noord 31 oktober 2023 66 ")
    assert " 40 %" in row[: row.index("De antwoorden")], "of 6,000 faces at the library 2,400 are of another group"
    assert "Op geen van deze plekken spreken de antwoorden het deel tussen groepen van het model tegen." in found
    assert "Buurthuis" not in row[: row.index("De antwoorden")], "the centre was not asked that"


def test_answers_that_leave_no_room_for_the_part_of_the_model_are_told(client: Client, study: Study) -> None:
    """At the community centre 60 % is between groups in the model; hardly any of those whom visitors recognise are different."""
    met.attach(study)
    few = dict.fromkeys(("1_2", "3_5", "6_10", "11_20", "over_20"), None) | {"0": 60, "1_2": 12}
    told(CENTRE, AUTUMN, around(8), different=few)
    assert "Op 1 van de 1 plekken geeft het model een ander deel tussen groepen dan bezoekers zelf zeggen." in page(client)


def test_a_part_has_bounds_that_hold_however_its_two_numbers_go_together() -> None:
    """2 (1 to 3) of 8 (6 to 10): a quarter, a tenth at least, a half at most; never more than all."""
    found = part_of(Reported(2, 1, 3), Reported(8, 6, 10))
    assert (found.value, found.low, found.high) == (0.25, 0.1, 0.5)
    assert part_of(Reported(8, 6, 10), Reported(2, 1, 3)).high == 1.0


def test_without_any_answers_it_takes_ten(client: Client, study: Study) -> None:
    met.attach(study)
    assert "vanaf 10 plekken met antwoorden en een getal van het model: er zijn er nog 10 nodig." in page(client)


@pytest.mark.parametrize(
    ("rank", "slope", "wanted"),
    [
        ((-0.2, 0.8), (0.5, 1.5), "unsure"),
        ((-0.9, -0.1), (-1.5, -0.2), "other"),
        ((0.2, 0.9), (0.5, 1.5), "alike"),
        ((0.2, 0.9), (0.1, 0.9), "flat"),
        ((0.2, 0.9), (1.1, 2.5), "steep"),
    ],
)
def test_nothing_is_called_right_or_wrong_that_its_interval_leaves_open(
    rank: tuple[float, float], slope: tuple[float, float], wanted: str
) -> None:
    assert verdict(Agreement(12, Fitted(0, *rank), Fitted(0, *slope), Fitted(1, 0.5, 1.5))) == wanted
