# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The parts of an area added up beside what is published of it, in words."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from knopenkaart_web.monitor import queries, stamping
from knopenkaart_web.monitor.models import FigureSource, MonitorArea, MonitorFigure
from knopenkaart_web.pages.monitor.sums import sentences
from knopenkaart_web.places.models import Study

from .reading import factories, monitored, read

NOORD, ZUID, POLDER, MUNICIPALITY = factories.NOORD, factories.ZUID, factories.POLDER, factories.MUNICIPALITY


@pytest.fixture
def monitor(study: Study) -> Study:
    """Kleindorp of 2,400 people in wijken of 1,600, 80 and 720; Noord has buurten of 900 and 700."""
    monitored.wijkmonitor(study)
    return study


def said(code: str) -> list[str]:
    ref = queries.area(code)
    assert ref is not None
    with translation.override("nl"):
        return sentences(ref)


def test_parts_that_add_up_to_the_whole_are_the_same(monitor: Study) -> None:
    assert said(NOORD) == [
        "Voor Noord als geheel zijn 1.600 inwoners gepubliceerd (2024).",
        "De 2 buurten hebben samen 1.600 inwoners.",
        "Dat is hetzelfde.",
    ]


def test_a_difference_within_rounding_is_called_so_and_a_larger_one_too(monitor: Study) -> None:
    """Three wijken, each rounded to five: 7.5 either way. The two buurten are those of Noord only."""
    monitored.publish(MUNICIPALITY, monitored.NOW, "population", 2407)
    fits, differs = (
        "Dat klopt: aantallen van wijken en buurten zijn afgerond op vijf.",
        "Dat verschilt meer dan afronding verklaart: er kunnen mensen of gebieden in ontbreken.",
    )
    wijken, buurten = "De 3 wijken hebben samen 2.400 inwoners.", "De 2 buurten hebben samen 1.600 inwoners."
    assert said(MUNICIPALITY)[1:] == [wijken, fits, buurten, differs]
    monitored.publish(MUNICIPALITY, monitored.NOW, "population", 2408)
    assert said(MUNICIPALITY)[1:] == [wijken, differs, buurten, differs]


def test_what_is_kept_back_of_one_part_leaves_the_least_that_there_can_be(monitor: Study) -> None:
    monitored.publish(POLDER, monitored.NOW, "population", None)
    assert said(MUNICIPALITY)[1] == "2 van de 3 wijken hebben samen minstens 1.675 inwoners."
    assert said(MUNICIPALITY)[2].startswith("De 2 buurten"), "nothing is said of whether the wijken agree"


def test_an_own_table_is_not_in_the_sum(monitor: Study) -> None:
    """Else what it hides of one wijk would follow from the total."""
    area = MonitorArea.objects.get(code=POLDER, year=monitored.NOW)
    about = {"indicator": "population", "group": "all", "year": 2030, "unit": "count", "nature": "own"}
    MonitorFigure.objects.create(area=area, source=FigureSource.objects.get(study=monitor), value=900.0, **about)
    stamping.renew()
    assert said(MUNICIPALITY)[1] == "De 3 wijken hebben samen 2.400 inwoners."


def test_one_part_or_none_is_no_sum(monitor: Study) -> None:
    """Haven has one buurt, Kade."""
    assert said(monitored.HAVEN) == said(monitored.KADE) == []


@pytest.mark.parametrize(("prefix", "text"), [("", "Dat is hetzelfde."), ("/en", "That is the same.")])
def test_the_profile_of_an_area_says_it_below_the_list_of_its_parts(client: Client, monitor: Study, prefix: str, text: str) -> None:
    assert text in read(client.get(f"{prefix}/wijkmonitor/{NOORD}?met={MUNICIPALITY}")).text
