# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A model reckons a group in a wijk only when somebody asks, and says what it is."""

from __future__ import annotations

import numpy as np
import pytest
from django.test import Client

from knopenkaart.monitor.raking import Raked, rake
from knopenkaart_web.monitor import stamping
from knopenkaart_web.monitor.models import FigureSource, MonitorArea, MonitorFigure
from knopenkaart_web.pages.monitor import reckoned
from knopenkaart_web.places.models import Study

from .reading import Page, monitored, read

GROUP = "?groep=origin_outside_europe"
# In Grootdorp work 69 %: 61 % of 5,000 in Haven, 77 % of 5,000 in Veld.
RATES = {"origin_netherlands": 78.0, "origin_europe": 60.0, "origin_outside_europe": 47.7}
LIVING = {"origin_netherlands": 6500, "origin_europe": 1300, "origin_outside_europe": 2200}
PEOPLE = np.array([[2000.0, 1000.0, 2000.0], [4500.0, 300.0, 200.0]])


@pytest.fixture
def monitor(study: Study) -> FigureSource:
    monitored.wijkmonitor()
    source = FigureSource.objects.create(study=study, source_id="own-grootdorp", title="Eigen cijfers")
    tell(source, monitored.GROOTDORP, RATES)
    return source


def tell(source: FigureSource, code: str, rates: dict[str, float | None] | dict[str, float], reason: str = "") -> None:
    area = MonitorArea.objects.get(code=code, year=2024)
    MonitorFigure.objects.bulk_create(
        MonitorFigure(
            area=area, source=source, indicator="employment_rate", group=group, year=2024, value=value, unit="percent", nature="own",
            reason=reason, n=LIVING[group],
        )
        for group, value in rates.items()
    )  # fmt: skip
    stamping.renew()


def profile(client: Client, query: str, code: str = monitored.HAVEN, prefix: str = "") -> Page:
    return read(client.get(f"{prefix}/wijkmonitor/{code}{query}"))


def test_it_is_off_until_asked_for(client: Client, monitor: FigureSource) -> None:
    page = profile(client, GROUP)
    assert "Berekend met een model: geen cijfer dat iemand heeft geteld" in page.text
    assert "Het model zegt" not in page.text
    assert f"{GROUP}&schatting=aan#schatting" in page.links()


def test_it_is_the_table_that_fits_both_totals(client: Client, monitor: FigureSource) -> None:
    """Against plain fitting of rows and columns in numpy."""
    rates = np.array(list(RATES.values())) / 100
    cells = PEOPLE * rates
    rows, columns = np.array([3050.0, 3850.0]), PEOPLE.sum(axis=0) * rates
    columns *= rows.sum() / columns.sum()
    for _ in range(500):
        cells *= (rows / cells.sum(axis=1))[:, None]
        cells *= columns / cells.sum(axis=0)
    wanted = round(100 * cells[0, 2] / 2000)
    page = profile(client, f"{GROUP}&schatting=aan")
    assert f"ongeveer {wanted} %" in page.text
    # 3,050 of 5,000 work and 3,000 are of other groups: at least 50 of these 2,000, at most all; less what rounding to 61 % may hide.
    assert "0 en 100 %" in page.text
    assert "Model, 2024." in page.text


def test_no_end_lies_beyond_all_of_a_group_by_the_last_bit_of_a_float() -> None:
    for people in (number * 0.77 for number in range(100, 700)):
        assert reckoned.ends_of(0.0, people, people) == (0, 100)
        assert reckoned.ends_of(people, people, people) == (100, 100)


def test_ends_are_rounded_outward() -> None:
    assert reckoned.ends_of(10.1, 20.1, 100.0) == (10, 21)


def test_the_switch_keeps_what_else_was_chosen(client: Client, monitor: FigureSource) -> None:
    asked = f"{GROUP}&met=country"
    assert f"{asked}&schatting=aan#schatting" in profile(client, asked).links()
    assert f"{asked}#schatting" in profile(client, f"{asked}&schatting=aan").links()


def test_it_speaks_english_too(client: Client, monitor: FigureSource) -> None:
    page = profile(client, f"{GROUP}&schatting=aan", prefix="/en")
    assert "Reckoned with a model: no figure that anybody counted" in page.text
    assert "0 and 100 %" in page.text


def test_what_is_certain_is_so_however_the_figures_were_rounded(client: Client, monitor: FigureSource) -> None:
    """90 % of 5,000 is 4,500, and 3,000 are of other groups: at least 1,500 of 2,000. Of 90 % that was 89.5 it is 25 fewer, of numbers
    that were rounded to 5 another 7.5: 73.4 %, told as 73."""
    monitored.publish(monitored.HAVEN, 2024, "employment_rate", 90.0)
    monitored.publish(monitored.VELD, 2024, "employment_rate", 92.0)
    for group, value in (("origin_netherlands", 95.0), ("origin_europe", 85.0), ("origin_outside_europe", 82.0)):
        MonitorFigure.objects.filter(source=monitor, group=group).update(value=value)
    stamping.renew()
    page = profile(client, f"{GROUP}&schatting=aan")
    assert "73 en 100 %" in page.text
    assert "Gaat over een deel van de mensen" not in page.text


def test_what_is_about_a_part_of_the_people_says_what_is_taken_to_be_so(client: Client, monitor: FigureSource) -> None:
    for group, number in LIVING.items():
        MonitorFigure.objects.filter(source=monitor, group=group).update(n=number * 0.8)
    stamping.renew()
    assert "Gaat over een deel van de mensen." in profile(client, f"{GROUP}&schatting=aan").text


def test_where_there_is_a_figure_nothing_is_reckoned(client: Client, monitor: FigureSource) -> None:
    tell(monitor, monitored.HAVEN, {"origin_outside_europe": 40.0})
    assert "Berekend met een model" not in profile(client, f"{GROUP}&schatting=aan").text


def test_what_is_hidden_of_an_own_table_is_not_reckoned_either(client: Client, monitor: FigureSource) -> None:
    tell(monitor, monitored.HAVEN, {"origin_outside_europe": None}, reason="hidden")
    assert "Berekend met een model" not in profile(client, f"{GROUP}&schatting=aan").text


def test_without_every_group_of_the_municipality_nothing_is_reckoned(client: Client, study: Study) -> None:
    monitored.wijkmonitor()
    source = FigureSource.objects.create(study=study, source_id="own-grootdorp", title="Eigen cijfers")
    tell(source, monitored.GROOTDORP, {"origin_outside_europe": 47.7})
    assert "Berekend met een model" not in profile(client, f"{GROUP}&schatting=aan").text


def test_totals_that_are_about_other_people_are_refused_with_the_reason(client: Client, monitor: FigureSource) -> None:
    MonitorFigure.objects.filter(source=monitor, group="origin_netherlands").update(value=40.0)
    stamping.renew()
    page = profile(client, f"{GROUP}&schatting=aan")
    assert "De wijken en de groepen tellen niet op tot hetzelfde" in page.text
    assert "ongeveer" not in page.text


def test_a_suppressed_figure_of_a_wijk_is_not_filled_in(client: Client, monitor: FigureSource) -> None:
    monitored.publish(monitored.VELD, 2024, "employment_rate", None)
    page = profile(client, f"{GROUP}&schatting=aan")
    assert "niet van elke wijk en groep bekend" in page.text


def test_of_a_municipality_or_a_buurt_nothing_is_reckoned(client: Client, monitor: FigureSource) -> None:
    for code in (monitored.GROOTDORP, monitored.KADE):
        assert "Berekend met een model" not in profile(client, f"{GROUP}&schatting=aan", code=code).text


@pytest.mark.parametrize("nature", ["survey", "model"])
def test_what_nobody_counted_of_a_group_is_no_total(client: Client, monitor: FigureSource, nature: str) -> None:
    MonitorFigure.objects.filter(source=monitor, group="origin_europe").update(nature=nature)
    stamping.renew()
    assert "Berekend met een model" not in profile(client, GROUP).text


@pytest.mark.parametrize("nature", ["survey", "model"])
def test_what_nobody_counted_of_a_wijk_is_no_total(client: Client, monitor: FigureSource, nature: str) -> None:
    own = MonitorFigure.objects.filter(source=monitor)
    for code, value in ((monitored.HAVEN, 61.0), (monitored.VELD, 77.0)):
        area = MonitorArea.objects.get(code=code, year=2024)
        MonitorFigure.objects.create(
            area=area, source=monitor, indicator="poverty", year=2024, value=value, unit="percent",
            nature=nature if code == monitored.HAVEN else "own",
        )  # fmt: skip
    own.filter(area__code=monitored.GROOTDORP).update(indicator="poverty")
    stamping.renew()
    assert "Berekend met een model" not in profile(client, GROUP).text
    # Of another wijk it is no total either.
    own.filter(area__code=monitored.HAVEN).update(nature="own")
    own.filter(area__code=monitored.VELD).update(nature=nature)
    stamping.renew()
    page = profile(client, f"{GROUP}&schatting=aan")
    assert "niet van elke wijk en groep bekend" in page.text
    own.update(nature="own")
    stamping.renew()
    assert "Het model zegt" in profile(client, f"{GROUP}&schatting=aan").text


def test_without_the_number_of_persons_of_each_group_nothing_is_reckoned(client: Client, monitor: FigureSource) -> None:
    """61 % of those of 15 to 74 years: of how many that is cannot be read from how many live there."""
    MonitorFigure.objects.filter(source=monitor, group="origin_europe").update(n=None)
    stamping.renew()
    assert "Berekend met een model" not in profile(client, GROUP).text


@pytest.mark.parametrize("indicator", ["households_income_low", "rented", "solar", "ses_education_low"])
def test_of_households_and_dwellings_nothing_is_reckoned(client: Client, monitor: FigureSource, indicator: str) -> None:
    for code, value in ((monitored.HAVEN, 61.0), (monitored.VELD, 77.0)):
        area = MonitorArea.objects.get(code=code, year=2024)
        MonitorFigure.objects.create(
            area=area, source=monitor, indicator=indicator, year=2024, value=value, unit="percent", nature="own", n=5000
        )
    MonitorFigure.objects.filter(source=monitor, area__code=monitored.GROOTDORP).update(indicator=indicator)
    stamping.renew()
    assert "Berekend met een model" not in profile(client, GROUP).text


def test_it_is_reckoned_once_for_what_is_loaded(client: Client, monitor: FigureSource, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def counted(*asked: object) -> Raked:
        made.append(asked)
        return rake(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(reckoned, "rake", counted)
    first = profile(client, f"{GROUP}&schatting=aan").text
    assert profile(client, f"{GROUP}&schatting=aan").text == first
    assert len(made) == 1
    stamping.renew()
    profile(client, f"{GROUP}&schatting=aan")
    assert len(made) == 2, "other figures are reckoned anew"
