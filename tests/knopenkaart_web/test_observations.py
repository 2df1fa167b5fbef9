# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A folder of observations is brought in whole, twice the same, and becomes figures; what is kept long enough goes."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import Workbook

from knopenkaart.errors import InputError
from knopenkaart_web import observations
from knopenkaart_web.cards.models import Card
from knopenkaart_web.places.models import FigureFile, Study
from knopenkaart_web.runs import forgetting
from knopenkaart_web.visits import released
from knopenkaart_web.visits.models import Release, Round, Session

from . import counted, factories

pytestmark = pytest.mark.django_db
SLUG, LIBRARY = factories.SLUG, factories.LIBRARY
MONDAY = date(2025, 3, 3)


@pytest.fixture
def folder(study: Study, tmp_path: Path) -> Path:
    """Four Monday mornings at the library, forty cards, and two years of months."""
    name = next(record.name for record in factories.records() if record.id == LIBRARY)
    book = Workbook()
    assert book.active is not None
    book.active.title = str(name)
    book.active.append(["Locatie", "Datum", "Dagdeel", "Groep", "Aantal"])
    for week in range(4):
        for group, people in (("0 tot 15 jaar", 20 + week), ("65 jaar en ouder", 60 - week)):
            book.active.append([name, MONDAY + timedelta(days=7 * week), "ochtend", group, people])
    book.save(tmp_path / "klein_telweken.xlsx")
    cards = [f"{name},K{i},2025-03-{3 + i % 20:02d},{1 + i % 9},yes,2611,age_65_plus,3_5,1_2,0,nowhere" for i in range(40)]
    head = "place,card,date,frequency,regular,origin,age,recognise,greet,different,elsewhere"
    (tmp_path / "klein_kaartjes.csv").write_text("\n".join([head, *cards]), encoding="utf-8")
    months = [f"{name},{2023 + i // 12}-{i % 12 + 1:02d},{1000 + 10 * i}" for i in range(24)]
    (tmp_path / "klein_bezoekreeks.csv").write_text("\n".join(["Locatie,Maand,Bezoeken", *months]), encoding="utf-8")
    return tmp_path


def test_a_folder_becomes_figures(folder: Path) -> None:
    told = observations.load(SLUG, folder)
    assert (told.rounds, told.cards, told.series, told.released) == (1, 40, 1, 2)
    row = released.of_place(SLUG, LIBRARY, first_look=True)[0]
    assert row.figures["counting"]["week"]["value"] == 80
    assert row.figures["cards"]["cards"] == 40
    assert released.series_of_place(SLUG, LIBRARY, first_look=True) is not None


def test_the_same_folder_twice_changes_nothing(folder: Path) -> None:
    observations.load(SLUG, folder)
    before = (Round.objects.count(), Session.objects.count(), Card.objects.count(), Release.objects.count())
    # A workbook per sheet is written anew, and tells the second in which that was: another file with the same counts.
    time.sleep(1.1)
    told = observations.load(SLUG, folder)
    assert (told.rounds, told.cards, told.series, told.released) == (0, 0, 0, 0)
    assert not FigureFile.objects.filter(state="read").exists(), "no file waits for somebody to decide"
    assert (Round.objects.count(), Session.objects.count(), Card.objects.count(), Release.objects.count()) == before


def test_a_folder_without_observations_is_refused(study: Study, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        observations.load(SLUG, tmp_path)
    assert refusal.value.code == "observations.none"


def test_cards_with_faults_are_refused_whole_with_every_row(folder: Path) -> None:
    path = folder / "klein_kaartjes.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\nNergens,K90,2025-03-03,1,,,,,,,\n", encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        observations.load(SLUG, folder)
    assert refusal.value.code == "cards.file"
    assert [(fault.code, fault.row) for fault in refusal.value.faults] == [("cards.place", 42)]
    assert Card.objects.count() == 0


def test_what_is_kept_long_enough_goes_and_a_dry_run_puts_it_back(study: Study) -> None:
    counted.counted_round(LIBRARY)
    Session.objects.update(started=timezone.now(), remark="Het regende")
    later = timezone.now() + timedelta(days=400)
    told = forgetting.forget_old(later, dry_run=True)
    assert (told["visits"]["times"], told["visits"]["remarks"]) == (16, 16)
    assert Session.objects.filter(started__isnull=False).count() == 16
    forgetting.forget_old(later)
    assert Session.objects.filter(started__isnull=True, remark="").count() == 16
    forgetting.forget_old(timezone.now() + timedelta(days=366 * 6))
    assert not Session.objects.exists()
