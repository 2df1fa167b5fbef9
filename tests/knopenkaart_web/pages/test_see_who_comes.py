# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A visitor, an operator and an editor look at who comes: what each sees, and that nobody sees what is not shown."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from knopenkaart_web.accounts.models import Ownership, User
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs import actions as runs
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.work import work
from knopenkaart_web.visits.models import Release, Round

from .reading import counted, factories, reached

pytestmark = pytest.mark.django_db
LIBRARY, SLUG = factories.LIBRARY, factories.SLUG
PAGE = f"/{SLUG}/plek/{LIBRARY}/wie-komt-er"


@pytest.fixture(autouse=True)
def _same_lots(settings: Any) -> None:
    settings.SECRET_KEY = "the lots of these tests"


@pytest.fixture
def bob(study: Study) -> User:
    user = factories.user("bob")
    Ownership.objects.create(user=user, study_slug=SLUG, place_id=LIBRARY)
    return user


def release(study: Study, of: Round | None = None) -> Release:
    found = of or counted.counted_round(LIBRARY)
    run = Run.objects.create(
        study=study, kind="visitors", key="", revision=study.revision, params={"round": str(found.pk)}, state="running"
    )
    work(run.pk)
    return Release.objects.get(round=found)


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_page_tells_the_visits_per_week_with_their_margin(client: Client, study: Study) -> None:
    release(study)
    told = text(client, PAGE)
    assert "Ongeveer 536 bezoeken per week" in told
    assert "16 dagdelen, in 4 weken" in told
    assert "About 536 visits a week" in text(client, f"/en{PAGE}")


def test_the_place_itself_tells_it_too_and_leads_there(client: Client, study: Study) -> None:
    release(study)
    page = client.get(f"/{SLUG}/plek/{LIBRARY}").content.decode()
    assert "536" in page
    assert PAGE in page


def test_without_figures_the_page_says_so(client: Client, study: Study) -> None:
    assert "Niemand heeft nog geteld" in text(client, PAGE)


def test_small_numbers_are_words_and_stand_nowhere_in_the_page(client: Client, study: Study) -> None:
    release(study)
    page = client.get(PAGE).content.decode()
    assert "niet getoond" not in re.sub(r"<table.*?</table>", "", page, flags=re.S).lower().replace("niet getoond:", "")
    cells = re.findall(r"<strong>(\d+)</strong>", page)
    assert cells
    assert all(int(cell) >= 10 for cell in cells)


def test_visitors_stand_beside_the_residents_in_reach(client: Client, study: Study) -> None:
    reached(study)
    release(study)
    told = text(client, PAGE)
    assert "Aandeel van de inwoners in de buurt" in told
    assert "65 jaar en ouder" in told


def test_answers_of_cards_are_told_without_small_numbers(client: Client, study: Study) -> None:
    counted.filled_in_cards(LIBRARY)
    release(study)
    told = text(client, PAGE)
    assert "60 bezoekerskaartjes" in told
    assert "Hoeveel mensen die u hier nu ziet, herkent u van gezicht?" in told


def test_until_the_first_look_is_over_a_visitor_sees_nothing(client: Client, study: Study, bob: User) -> None:
    release(study)
    for path in (PAGE, f"/{SLUG}/plek/{LIBRARY}", f"/{SLUG}/bezoek", f"/{SLUG}/bezoek.csv"):
        assert "536" not in client.get(path).content.decode(), path
    client.force_login(bob)
    told = text(client, PAGE)
    assert "Ongeveer 536 bezoeken" in told
    assert "U ziet deze cijfers als eerste" in told


def test_who_runs_the_place_shows_them_and_replies(client: Client, study: Study, bob: User) -> None:
    row = release(study)
    client.force_login(bob)
    assert client.post(f"{PAGE}/{row.pk}/antwoord", {"reply": "In maart was de lift stuk."}).status_code == 302
    assert client.post(f"{PAGE}/{row.pk}/toon").status_code == 302
    client.logout()
    assert "In maart was de lift stuk." in text(client, PAGE)


def test_a_refused_step_is_told_in_words(client: Client, study: Study, bob: User) -> None:
    row = release(study)
    client.force_login(bob)
    client.post(f"{PAGE}/{row.pk}/toon")
    assert "staan al online" in re.sub(r"\s+", " ", client.post(f"{PAGE}/{row.pk}/toon", follow=True).content.decode())
    assert client.post(f"{PAGE}/{row.pk}/iets").status_code == 404


def test_an_operator_cannot_take_figures_back_and_an_editor_can(client: Client, study: Study, bob: User) -> None:
    row = release(study)
    client.force_login(bob)
    assert client.post(f"{PAGE}/{row.pk}/trek-in", {"reason": "nee"}).status_code == 403
    client.force_login(factories.user("alice", "editor"))
    assert client.post(f"{PAGE}/{row.pk}/trek-in", {"reason": "De teller telde dubbel."}).status_code == 302
    assert "Niemand heeft nog geteld" in text(client, PAGE)


def test_another_period_can_be_chosen(client: Client, study: Study) -> None:
    release(study)
    later = release(study, counted.counted_round(LIBRARY, name="Najaar", starts=counted.MONDAY + timedelta(days=210)))
    assert "Najaar" in text(client, PAGE)
    earlier = Release.objects.exclude(pk=later.pk).get()
    assert "Voorjaar: 2 maart 2026" in text(client, f"{PAGE}?ronde={earlier.pk}")


def test_all_counted_places_stand_in_a_list_and_in_a_file(client: Client, study: Study) -> None:
    release(study)
    told = text(client, f"/{SLUG}/bezoek")
    assert "Eén plek is geteld." in told
    rows = list(csv.DictReader(io.StringIO(client.get(f"/{SLUG}/bezoek.csv").content.decode())))
    week = next(row for row in rows if (row["slot"], row["group"]) == ("all", "all"))
    assert (week["place_id"], week["value"], week["state"]) == (LIBRARY, "536", "shown")
    assert all(row["value"] == "" or int(row["value"]) >= 10 for row in rows)


def test_closing_a_round_has_its_figures_made(
    study: Study, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    from knopenkaart_web.visits import actions

    asked: list[str] = []
    monkeypatch.setattr("knopenkaart_web.runs.actions.execute", asked.append)
    of = counted.counted_round(LIBRARY, state="counting")
    assert runs.release_rounds() == []
    actions.close_round(factories.user("alice", "editor"), SLUG, LIBRARY, of.pk)
    with django_capture_on_commit_callbacks(execute=True):
        assert runs.release_rounds() == [str(of.pk)]
    assert runs.release_rounds() == [], "it is under way"
    work(asked[0])  # type: ignore[arg-type]
    assert Release.objects.get().figures["counting"]["week"]["value"] == counted.VISITS_PER_WEEK
    assert runs.release_rounds() == [], "it was done"


def test_months_are_a_line_a_table_and_words(client: Client, study: Study) -> None:
    counted.months(LIBRARY, 30)
    run = Run.objects.create(study=study, kind="series", key="", revision=study.revision, params={"place": LIBRARY}, state="running")
    work(run.pk)
    told = text(client, PAGE)
    assert "Bezoeken per maand" in told
    assert "april 2023" not in told, "the month of seven visits is no news either"
    assert " 7 " not in re.search(r"2023.*?2024", told, flags=re.S).group(0)  # type: ignore[union-attr]
    page = client.get(PAGE).content.decode()
    assert page.count("<polyline") == 2, "the hidden month breaks the line"
