# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counts beside the model: what was counted is measured, what the model makes of it is not, and where it came from is told."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from knopenkaart_web.meeting.opening import level_badge
from knopenkaart_web.meeting.views_data import Badge
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs.models import Run
from knopenkaart_web.visits.models import Release, Round

from .reading import factories, met, read

SLUG, LIBRARY, CENTRE = factories.SLUG, factories.LIBRARY, factories.CENTRE
WEEK = {"state": "shown", "value": 210, "low": 180, "high": 250, "counts": 48, "weeks": 4}


def text(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(name, args=[SLUG, *args]), headers={"accept-language": "nl"})
    assert response.status_code == 200
    return read(response).text


def released(place_id: str, *, cards: int | None = 60, **week: Any) -> Release:
    """A round of four weeks of which visits and cards were released."""
    first, last = date(2023, 10, 2), date(2023, 10, 29)
    held = Round.objects.create(place_id=place_id, name="Najaar", starts=first, ends=last, state="closed")
    counting = {"how": "visits", "first": first.isoformat(), "last": last.isoformat(), "week": WEEK | week}
    answers = [{"answer": key, "cards": number} for key, number in (("1_2", 30), ("3_5", 14), ("0", 12))]
    figures = {"counting": counting, "cards": {"cards": cards, "questions": {"recognise": answers}}}
    return Release.objects.create(place_id=place_id, round=held, made=datetime(2023, 11, 4, tzinfo=UTC), figures=figures, state="public")


def reckoned(study: Study, *releases: Release) -> Run:
    """Kleindorp of which it was reckoned who meets whom with these counts."""
    run = met.attach(study, about=met.ABOUT | {"counted": [str(row.place_id) for row in releases]})
    run.params = {"released": {str(row.place_id): str(row.pk) for row in releases}}
    run.save()
    return run


def test_a_count_stands_beside_the_number_of_the_model_and_only_the_count_is_measured(client: Client, study: Study) -> None:
    reckoned(study, released(LIBRARY))
    found = text(client, "place_meeting", LIBRARY)
    assert "Het model verwacht 200 bezoeken per week (marge: 180 tot 220). geschat uit telling" in found
    counted = "Geteld: 210 bezoeken per week (180 tot 250), in 4 weken tussen 2 oktober 2023 en 29 oktober 2023, met 48 tellingen. gemeten"
    assert counted in found
    assert "60 kaartjes, tot en met 29 oktober 2023. gemeten" in found


def test_a_bound_that_is_hidden_is_not_told(client: Client, study: Study) -> None:
    reckoned(study, released(LIBRARY, value=12, low=None, high=20))
    assert "Geteld: 12 bezoeken per week (minder dan 10 tot 20)" in text(client, "place_meeting", LIBRARY)


def test_a_count_that_is_not_shown_is_not_told(client: Client, study: Study) -> None:
    reckoned(study, released(LIBRARY, state="not_enough", value=None))
    assert "Geteld: " not in text(client, "place_meeting", LIBRARY)


def test_counts_and_cards_are_among_the_sources_with_weeks_and_dates(client: Client, study: Study) -> None:
    reckoned(study, released(LIBRARY), released(CENTRE, cards=44, weeks=3))
    told = (
        "Getelde bezoeken van 2 plekken (samen 7 weken). 104 kaartjes van bezoekers van 2 plekken. Van 2 oktober 2023 tot en met 29 oktober"
    )
    assert told in text(client, "meeting")


def test_what_was_taken_back_is_no_source_any_more(client: Client, study: Study) -> None:
    kept, gone = released(LIBRARY), released(CENTRE)
    reckoned(study, kept, gone)
    Release.objects.filter(pk=gone.pk).update(state="withdrawn")
    assert "Getelde bezoeken van één plek (4 weken). 60 kaartjes van bezoekers van één plek." in text(client, "meeting")


def test_without_counts_the_sources_say_so(client: Client, study: Study) -> None:
    met.attach(study)
    assert "Geen: er is niets geteld of gevraagd, of er is niets vrijgegeven." in text(client, "meeting")


def test_one_sidedness_is_told_with_what_it_is_compared_with_and_what_chance_gives(client: Client, study: Study) -> None:
    met.attach(study)
    found = text(client, "place_meeting", LIBRARY)
    assert "Vergeleken met alle plekken voor ontmoeten zijn de bezoekers niet eenzijdiger dan toeval geeft bij zoveel bezoekers." in found
    assert "Eenzijdigheid 0,12; door toeval 0,05 tot 0,20 (0: zoals op al die plekken, 1: maar één groep)." in found


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        # Swings of 3 and 4: of 25 the part that the data know is 9 or 16.
        (("assumed", "assumed"), Badge.ASSUMED),
        (("estimated", "assumed"), Badge.ASSUMED),
        (("assumed", "estimated"), Badge.ESTIMATED),
    ],
)
def test_a_level_is_assumed_as_long_as_conventions_carry_most_of_its_variance(known: tuple[str, str], wanted: Badge) -> None:
    rows = [{"badge": badge, "faces_low": 9.0, "faces_high": 9.0 + swing} for badge, swing in zip(known, (3.0, -4.0), strict=True)]
    assert level_badge(rows) == wanted


def test_a_level_without_drivers_is_assumed() -> None:
    assert level_badge([]) == Badge.ASSUMED


def test_one_counted_place_makes_no_level_of_recognition_estimated(client: Client, study: Study) -> None:
    run = reckoned(study, released(LIBRARY))
    met.path_of(run).unlink()
    met.write(met.path_of(run), met.ABOUT | {"badge": "estimated", "counted": [LIBRARY]}, met.tables())
    assert "5,0 anderen van deze plekken (marge: 4,0 tot 6,0). aangenomen" in text(client, "meeting")


def test_the_part_of_a_place_in_recognition_rests_on_its_visits(client: Client, study: Study) -> None:
    met.attach(study)
    assert re.search(r"Daarvan is 60 %[^.]*tussen mensen uit twee groepen[^.]*\. geschat ", text(client, "place_meeting", CENTRE))


@pytest.mark.parametrize(("counted", "said"), [(True, "zoals hier geteld is"), (False, "is niet volledig geteld: dat is aangenomen")])
def test_the_spread_over_dayparts_is_called_counted_only_where_it_was(client: Client, study: Study, counted: bool, said: str) -> None:
    run, rows = met.attach(study), met.tables()
    rows["meeting_slots"] = [row | {"counted": counted} for row in rows["meeting_slots"]]
    met.path_of(run).unlink()
    met.write(met.path_of(run), met.ABOUT, rows)
    assert said in text(client, "place_meeting", LIBRARY)


def captions(client: Client) -> dict[str, str]:
    """What stands beside each picture of the curve, by its name."""
    page = client.get(reverse("curve", args=[SLUG]), headers={"accept-language": "nl"}).content.decode()
    found = re.findall(r'<figcaption><h3 class="utrecht-heading-4">(.*?)</h3>(.*?)</figcaption>', page[: page.index('id="settings"')])
    return {name: re.sub(r"<[^>]+>", "", caption) for name, caption in found}


def test_on_the_curve_cost_is_assumed_and_nearness_no_estimate(client: Client, study: Study) -> None:
    met.attach(study)
    found = captions(client)
    assert found["Wat de plekken kosten"].startswith("aangenomen")
    near = found["Een plek binnen 500 meter"]
    assert near.endswith("Berekend langs de straten: geen schatting van het model.")
    assert "aangenomen" not in near
    assert found["Herkenning (model)"].startswith("aangenomen")


def test_visits_are_estimated_where_the_data_tell_of_at_least_half_of_them(client: Client, study: Study) -> None:
    """Of 400 visits 320 are at places that were counted or that the counts tell of; without the library and the centre none are."""
    run = met.attach(study)
    assert captions(client)["Bezoeken per plek"].startswith("geschat")
    rows = met.tables()
    rows["meeting_places"] = [row | {"badge": "assumed"} for row in rows["meeting_places"]]
    met.path_of(run).unlink()
    met.write(met.path_of(run), met.ABOUT, rows)
    assert captions(client)["Bezoeken per plek"].startswith("aangenomen")
