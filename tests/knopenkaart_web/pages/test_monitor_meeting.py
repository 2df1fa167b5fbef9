# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The theme of meeting is what this installation shows elsewhere already: on how much each figure rests, and never a hidden one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from knopenkaart.monitor.estimates import estimate
from knopenkaart.monitor.records import AreaValues
from knopenkaart.vocabulary.catalogue import load_catalogue
from knopenkaart_web.monitor.views_data import AreaRef
from knopenkaart_web.pages.monitor import meeting
from knopenkaart_web.pages.monitor.meeting import FAMILIAR, NODES, REACHED, VISITS, Meeting
from knopenkaart_web.pages.monitor.words import nature_label
from knopenkaart_web.places.models import Place, Study
from knopenkaart_web.visits.models import Release, Round

from .reading import factories, monitored, reached, read

NOORD, POLDER, MUNICIPALITY, SLUG = factories.NOORD, factories.POLDER, factories.MUNICIPALITY, factories.SLUG
LIBRARY, CENTRE, CAFE = factories.LIBRARY, factories.CENTRE, factories.CAFE
REF = AreaRef(NOORD, 2024, "wijk", "Noord", MUNICIPALITY, NOORD)


def released(
    place_id: str, week: tuple[int, int | None, int | None], *, cards: int = 0, nobody: int | None = 0, state: str = "public"
) -> None:
    """Figures of a round of 2023 as they are released: visits a week with their margin, and cards."""
    place = Place.objects.get(pk=place_id)
    row = Round.objects.create(
        place=place, name="Voorjaar", starts=date(2023, 3, 6), ends=date(2023, 4, 2), slots=[], groups=[], state="closed"
    )
    figures: dict[str, Any] = {
        "counting": {"how": "visits", "week": {"state": "shown", "value": week[0], "low": week[1], "high": week[2]}, "groups": []}
    }
    if cards:
        answers = [{"answer": "0", "cards": nobody}, {"answer": "1_2", "cards": cards - (nobody or 0)}]
        figures["cards"] = {"cards": cards, "questions": {"recognise": answers}}
    Release.objects.create(place=place, round=row, made=datetime(2023, 4, 3, tzinfo=UTC), figures=figures, state=state)


def told(ref: AreaRef = REF, slug: str | None = SLUG) -> Meeting:
    return meeting.meeting(slug, ref, lang="nl")


def value(meeting: Meeting, indicator: str) -> Any:
    return next(item for item in meeting.values if item.indicator == indicator)


def test_an_area_of_no_study_has_nothing(study: Study) -> None:
    assert told(slug=None).values == ()
    assert told(AreaRef("WK900201", 2024, "wijk", "Haven")).values == ()


def test_nodes_are_told_per_1000_inhabitants_with_who_they_are_of(study: Study) -> None:
    """Three nodes for 1,600 inhabitants."""
    found = value(told(), NODES)
    assert (found.value, found.unit, found.n, found.year, found.nature) == (pytest.approx(1.9, abs=0.05), "per_1000", 1600, 2024, "own")


def test_where_the_sources_do_not_cover_an_area_there_is_no_number_of_nodes(study: Study) -> None:
    """In Polder one was found, but the sources hold only its edge: nothing is not few."""
    found = value(told(AreaRef(POLDER, 2024, "wijk", "Polder", MUNICIPALITY, POLDER)), NODES)
    assert (found.value, found.reason) == (None, "not_covered")


def test_reach_is_there_once_it_was_reckoned(study: Study) -> None:
    assert value(told(), REACHED).reason == "not_reckoned"
    reached(study)
    found = value(told(), REACHED)
    assert found.value is None or 0 < found.value <= 100
    assert found.reason in ("", "hidden")
    assert told().sources[found.source].url == f"/{SLUG}/bereik"


def test_what_is_reckoned_is_never_called_counted(client: Client, study: Study) -> None:
    """Who can walk to a place follows from a street network: nobody counted it. Visits were counted."""
    counted = "geteld met Knopenkaart of door de gemeente zelf"
    assert nature_label("own", REACHED) == "berekend met Knopenkaart"
    assert nature_label("own", VISITS) == nature_label("own", FAMILIAR) == nature_label("own") == counted
    assert nature_label("register", REACHED) == nature_label("register")
    monitored.wijkmonitor(study)
    reached(study)
    for page in (f"/wijkmonitor/{MUNICIPALITY}", f"/wijkmonitor/{MUNICIPALITY}/rapport"):
        assert "berekend met Knopenkaart" in read(client.get(page)).text.casefold().replace("knopenkaart", "Knopenkaart"), page


def test_without_counts_visits_are_not_nothing(study: Study) -> None:
    found = value(told(), VISITS)
    assert (found.value, found.reason) == (None, "not_counted")


def test_counted_visits_of_some_places_are_a_least_without_a_margin(study: Study) -> None:
    """400 visits a week for 1,600 inhabitants are 250 per 1,000, of one of three places."""
    released(LIBRARY, (400, 360, 440))
    found, seen = value(told(), VISITS), told().seen[VISITS]
    assert (found.value, found.low, found.high, found.year) == (250.0, None, None, 2023)
    assert (seen.places, seen.of, seen.complete) == (1, 3, False)
    sure = estimate(AreaValues(NOORD, 2024, "wijk", "Noord", values=told().values), load_catalogue().indicators[VISITS])
    assert (sure.value, sure.low, sure.high, sure.basis) == (250.0, None, None, "none")


def test_of_a_part_of_the_places_no_page_says_that_it_is_more_or_less(client: Client, study: Study) -> None:
    """In the municipality all that was counted lies in Noord: nothing is known of the other wijken."""
    monitored.wijkmonitor(study)
    released(LIBRARY, (400, 360, 440))
    page = read(client.get(f"/wijkmonitor/{NOORD}"))
    rows = [element.text for element in page.all("tr") if "Bezoeken per week" in element.text]
    assert len(rows) == 1
    assert "Niet te vergelijken" in rows[0]
    assert "marge onbekend" in rows[0]


def test_counted_visits_of_all_places_have_the_margin_of_their_sum(study: Study) -> None:
    """400 and 800 and 400 visits with margins of 30, 40 and 0: 1,600 with a margin of 50; per 1,000 inhabitants 1,000 and 31."""
    released(LIBRARY, (400, 370, 430))
    released(CENTRE, (800, 760, 840))
    released(CAFE, (400, 400, 400))
    found, seen = value(told(), VISITS), told().seen[VISITS]
    assert (found.value, found.low, found.high) == (1000.0, pytest.approx(968.8), pytest.approx(1031.2))
    assert seen.complete


def test_a_bound_that_is_hidden_leaves_no_margin(study: Study) -> None:
    released(LIBRARY, (400, 370, 430))
    released(CENTRE, (800, None, None))
    released(CAFE, (400, 400, 400))
    found = value(told(), VISITS)
    assert (found.high, found.reason) == (None, "no_margin")


def test_what_is_not_public_yet_or_was_taken_back_does_not_count(study: Study) -> None:
    released(LIBRARY, (400, 360, 440), state="withdrawn")
    released(CENTRE, (400, 360, 440), state="preview")
    assert value(told(), VISITS).value is None


def test_familiarity_is_weighed_by_the_cards_of_each_place(study: Study) -> None:
    """Of 60 cards 15 recognise nobody, of 20 cards 10: 55 of 80 recognise somebody."""
    released(LIBRARY, (400, 360, 440), cards=60, nobody=15)
    released(CENTRE, (400, 360, 440), cards=20, nobody=10)
    found = value(told(), FAMILIAR)
    assert (found.value, found.n) == (pytest.approx(68.8), 80)


def test_a_hidden_answer_hides_familiarity(study: Study) -> None:
    released(LIBRARY, (400, 360, 440), cards=60, nobody=None)
    found = value(told(), FAMILIAR)
    assert (found.value, found.reason) == (None, "hidden"), "somebody was asked"


def test_where_no_card_was_filled_in_nobody_was_asked(study: Study) -> None:
    released(LIBRARY, (400, 360, 440))
    assert value(told(), FAMILIAR).reason == "not_asked"


def test_the_profile_says_how_many_places_were_counted(client: Client, study: Study) -> None:
    monitored.wijkmonitor(study)
    released(LIBRARY, (400, 360, 440))
    page = read(client.get(f"/wijkmonitor/{NOORD}"))
    assert "1 van de 3 plekken geteld: niet compleet." in page.text
    assert "Daar wordt niets uit geconcludeerd." in page.text
    assert f"/{SLUG}/bezoek" in page.links()
