# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""An editor adds up what residents answered; everybody reads it, and nobody reads of a few."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from knopenkaart_web.accounts.models import User
from knopenkaart_web.cards import waves
from knopenkaart_web.cards.models import ResidentWave, today
from knopenkaart_web.places.models import Place, Study
from knopenkaart_web.runs import actions as runs
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.work import work

from .reading import answered, factories

pytestmark = pytest.mark.django_db
CAFE, CENTRE, LIBRARY, SLUG = factories.CAFE, factories.CENTRE, factories.LIBRARY, factories.SLUG
PAGE, MANAGE = f"/{SLUG}/bezoek", f"/{SLUG}/beheer/bewoners"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is these tests: work waits until they do it."""
    monkeypatch.setattr(runs, "execute", lambda run_id: None)
    monkeypatch.setattr("knopenkaart_web.pages.background.PATIENCE_SECONDS", 0)


def words(html: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.decode()))


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return words(answer.content)


def work_off() -> None:
    for run in Run.objects.filter(kind="residents", state="waiting"):
        work(run.pk)


@pytest.fixture
def told(client: Client, study: Study, bob: User) -> Client:
    """Sixty residents answered, and Bob added it up."""
    answered.residents(study, 60)
    client.force_login(bob)
    assert client.post(f"{MANAGE}/peiling").status_code == 302
    work_off()
    client.logout()
    return client


def test_everybody_reads_where_residents_go_and_why_not(told: Client) -> None:
    text = read(told, PAGE)
    assert "Wat zeggen bewoners?" in text
    assert "60 bewoners gaven thuis antwoord" in text
    assert "Bibliotheek Noord 40 niet getoond" in text
    assert "Te ver 20" in text
    assert "is geen steekproef van iedereen" in text
    english = read(told, f"/en{PAGE}")
    assert "60 residents answered at home" in english
    assert "Bibliotheek Noord 40 not shown" in english
    assert "Too far 20" in english


def test_a_place_that_few_named_stands_nowhere_on_the_page(told: Client) -> None:
    page = told.get(PAGE).content.decode()
    assert LIBRARY in page
    assert CENTRE not in page


def test_a_place_that_went_off_the_map_is_not_named(told: Client, study: Study) -> None:
    Place.objects.filter(pk=LIBRARY).update(confidential=True)
    Study.objects.update(stamp=uuid4())
    assert LIBRARY not in told.get(PAGE).content.decode()


def test_without_a_wave_the_page_says_so(client: Client, study: Study) -> None:
    answered.residents(study, 60)
    text = read(client, PAGE)
    assert "Er zijn nog geen antwoorden van bewoners opgeteld." in text
    assert "60" not in text


def test_an_earlier_wave_can_be_chosen(client: Client, study: Study) -> None:
    for many, ago in ((31, 40), (47, 1)):
        answered.residents(study, many, day=today() - ago * DAY)
        first, last = (today() - 60 * DAY, today() - 30 * DAY) if ago > 1 else (today() - 29 * DAY, today() - DAY)
        runs.start(None, SLUG, "residents", {"first": str(first), "last": str(last)})
        work_off()
    assert "47 bewoners gaven" in read(client, PAGE)
    assert "31 bewoners gaven" in read(client, f"{PAGE}?peiling={today() - 30 * DAY}")
    assert "47 bewoners gaven" in read(client, f"{PAGE}?peiling=ooit")


def test_too_few_answers_are_refused_in_words(client: Client, study: Study, bob: User) -> None:
    answered.residents(study, 29)
    client.force_login(bob)
    answer = client.post(f"{MANAGE}/peiling", follow=True)
    assert "minder dan 30 bewoners antwoord" in words(answer.content)
    assert not Run.objects.filter(kind="residents").exists()


def test_who_presses_twice_gets_one_wave(told: Client, bob: User) -> None:
    told.force_login(bob)
    assert "minder dan 30" in words(told.post(f"{MANAGE}/peiling", follow=True).content)
    work_off()
    assert ResidentWave.objects.count() == 1


def test_only_editors_have_the_button(client: Client, study: Study, charlie: User) -> None:
    answered.residents(study, 60)
    client.force_login(charlie)
    assert client.post(f"{MANAGE}/peiling").status_code == 403
    assert not Run.objects.filter(kind="residents").exists()


def test_the_manage_page_lists_the_waves_and_begins_to_count_anew(told: Client, bob: User) -> None:
    told.force_login(bob)
    page = told.get(MANAGE).content
    assert f"{PAGE}?peiling={today() - DAY}" in page.decode()
    assert "voor het laatst zijn opgeteld: minder dan 10" in words(page)


def test_how_often_stands_beside_the_place_where_it_is_shown(client: Client, study: Study) -> None:
    figures = {
        "residents": 80,
        "places": [{"place": CAFE, "goes": 50, "avoids": 20, "often": {"at_most_once": 12, "2_3": 13, "4_7": 11, "8_or_more": 14}}],
        "reasons": [],
        "questions": {"age": [], "neighbours": []},
        "representation": {"enough": False},
    }
    waves.record_wave(SLUG, today() - 9 * DAY, today() - DAY, figures)
    text = read(client, PAGE)
    assert "hooguit één keer : 12" in text.replace("keer:", "keer :")
    assert "Leeftijd van de bewoners" not in text


def test_ages_stand_beside_those_who_live_there(client: Client, study: Study) -> None:
    group = {"group": "age_65_plus", "share": 0.5, "residents": 0.25, "quotient": 2.0, "low": 1.6, "high": 2.4}
    figures = {
        "residents": 80,
        "places": [],
        "reasons": [],
        "questions": {"age": [{"answer": "age_65_plus", "people": 40}, {"answer": "age_0_14", "people": None}], "neighbours": []},
        "representation": {"enough": True, "groups": [group]},
    }
    waves.record_wave(SLUG, today() - 9 * DAY, today() - DAY, figures)
    text = read(client, PAGE)
    assert "65 jaar en ouder 40 25" in text
    assert "2,0 (1,6 – 2,4)" in text
