# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""An area through the years, wijken like it, what people say of it, and its figures and pictures to take along, as a browser sees them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from knopenkaart.errors import InputError
from knopenkaart.monitor.estimates import Estimate
from knopenkaart_web.monitor import actions, stamping
from knopenkaart_web.monitor.bundle import FigureRow, LinkRow
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.models import FigureSource, MonitorArea, MonitorFigure
from knopenkaart_web.monitor.views_data import LinkView
from knopenkaart_web.pages import turns
from knopenkaart_web.pages.monitor.trend import breaks_between, why_broken
from knopenkaart_web.pages.monitor.words import margin_text, value_text
from knopenkaart_web.places.models import Study

from .reading import Page, factories, monitored, read

NOORD, ZUID, POLDER, MUNICIPALITY, SLUG = factories.NOORD, factories.ZUID, factories.POLDER, factories.MUNICIPALITY, factories.SLUG
ADDED: list[FigureRow] = []
HAVEN, VELD, KADE, COUNTRY = monitored.HAVEN, monitored.VELD, monitored.KADE, monitored.COUNTRY


@pytest.fixture
def loaded(study: Study) -> Study:
    """Kleindorp with the small monitor, its own table included."""
    ADDED.clear()
    monitored.wijkmonitor(study)
    return study


def told(code: str, indicator: str, value: float | None, *, nature: str, unit: str = "percent", reason: str = "") -> None:
    """The monitor loaded once more, with one more figure of 2024 of each area that was told already."""
    ADDED.append(
        FigureRow(code, monitored.NOW, indicator, "all", monitored.NOW, value, unit, None, None, None, nature, reason, monitored.CBS)
    )
    bundle = monitored.bundle()
    actions.load(None, replace(bundle, figures=[*bundle.figures, *ADDED]))


def figures(client: Client, code: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"/wijkmonitor/{code}/cijfers.csv").content.decode())))


def rows_of(page: Page, head: str) -> list[str]:
    """The table rows that begin with a head, as text."""
    return [row.text for row in page.all("tr") if row.text.startswith(head)]


@pytest.mark.parametrize("page", ["trend", "vergelijkbaar", "beleving", "rapport"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_page_about_an_area_is_whole(client: Client, loaded: Study, page: str, language: str) -> None:
    for code in (NOORD, ZUID, HAVEN) if page == "vergelijkbaar" else (NOORD, ZUID, MUNICIPALITY, COUNTRY, HAVEN, KADE):
        shown = read(client.get(f"{language}/wijkmonitor/{code}/{page}"))
        assert len(shown.all("h1")) == 1
        assert not shown.unclosed
        assert [link for link in shown.all("a", aria_current="page") if page in link["href"]], "its tab is marked"


@pytest.mark.parametrize("page", ["trend", "vergelijkbaar", "beleving", "rapport", "rapport.pdf", "cijfers.csv", "beeld/wiel.svg"])
def test_an_area_that_there_is_not_has_no_page(client: Client, loaded: Study, page: str) -> None:
    assert client.get(f"/wijkmonitor/WK999999/{page}").status_code == 404


@pytest.mark.parametrize("page", ["trend", "rapport", "cijfers.csv"])
def test_without_a_monitor_there_is_no_page(client: Client, study: Study, page: str) -> None:
    assert client.get(f"/wijkmonitor/{NOORD}/{page}").status_code == 404


# --- through the years -------------------------------------------------------------------------------------------------


def test_a_series_of_the_same_area_has_both_years_and_a_line(client: Client, loaded: Study) -> None:
    answer = client.get(f"/wijkmonitor/{NOORD}/trend?wat=employment_rate")
    page = read(answer)
    assert rows_of(page, "2024")[0].startswith("2024 60 %")
    assert rows_of(page, "2022")[0].startswith("2022 57 %")
    assert "Kleindorp" in page.text
    assert "Nederland" in page.text
    assert answer.content.decode().count("<path") >= 3, "a line for the wijk, the municipality and the country"


def test_a_change_within_the_margin_is_not_called_one(client: Client, loaded: Study) -> None:
    """Of 800 households 57 % and 60 %: the margin of each is some three percentage points."""
    page = read(client.get(f"/wijkmonitor/{NOORD}/trend"))
    assert "Noord: van 57 % in 2022 naar 60 % in 2024. Of er echt iets veranderd is, is niet zeker." in page.text
    row = rows_of(page, "Inwoners van 15 tot 75 jaar met werk")[0]
    assert "57 % (2022)" in row
    assert "60 % (2024)" in row
    assert row.endswith("Een verandering is niet zeker")


def test_a_doubtful_year_shows_no_figure_and_says_why(client: Client, loaded: Study) -> None:
    """Zuid was called Zuidrand, and had 66 % at work among 400 inhabitants: that is not a fact about Zuid."""
    page = read(client.get(f"/wijkmonitor/{ZUID}/trend?wat=population"))
    assert "geen cijfer van dit gebied" in rows_of(page, "2022")[0]
    assert "400" not in rows_of(page, "2022")[0]
    assert "Tussen 2022 en 2024 breekt de reeks: dezelfde code, maar een andere naam." in page.text
    assert "In 2022 heette deze code Zuidrand." in page.text
    assert "400 inwoners in 2022, 80 in 2024." in page.text


def link(before: int, after: int, verdict: str) -> LinkView:
    return LinkView(NOORD, before, after, verdict, "" if verdict == "same" else "changed", {}, "Noord", None, None)


def test_a_year_of_which_nothing_is_joined_parts_no_other_years() -> None:
    """The code was another area in 2020, and has been the same since 2022: 2022 and 2024 are one series."""
    links = [link(2020, 2022, "broken"), link(2020, 2024, "broken"), link(2022, 2024, "same")]
    assert breaks_between([(2022, 2022), (2024, 2024)], links) == {}
    assert breaks_between([(2020, 2020), (2022, 2022), (2024, 2024)], links) == {2022: "changed"}


def test_figures_of_several_years_about_the_areas_of_one_year_are_one_series() -> None:
    assert breaks_between([(2020, 2024), (2024, 2024)], [link(2020, 2024, "doubtful")]) == {}


def test_three_years_of_a_code_that_meant_another_area_at_first_show_the_change_since(client: Client, loaded: Study) -> None:
    """Figures and a link of 2020 come with it: what is known of 2022 and 2024 stays one series."""
    bundle = monitored.bundle()
    early = LinkRow(NOORD, 2020, 2022, "broken", "changed", {}, "Noord", 900.0, 1500.0)
    also = early._replace(to_year=2024, people_to=1600.0)
    assert rows_of(read(client.get(f"/wijkmonitor/{NOORD}/trend")), "Inwoners van 15 tot 75 jaar met werk")
    actions.load(None, replace(bundle, links=[*bundle.links, early, also]))
    page = read(client.get(f"/wijkmonitor/{NOORD}/trend"))
    assert rows_of(page, "Inwoners van 15 tot 75 jaar met werk"), "the change from 2022 to 2024 is still told"


def test_an_area_that_had_the_code_may_be_looked_at_by_itself(client: Client, loaded: Study) -> None:
    now = read(client.get(f"/wijkmonitor/{ZUID}/trend?wat=population"))
    assert "?indeling=2022" in now.links()
    assert "Dat hoeft niet het gebied te zijn dat die code nu heeft" not in now.text
    then = read(client.get(f"/wijkmonitor/{ZUID}/trend?wat=population&indeling=2022"))
    assert "volgens de indeling van 2022" in then.text
    assert "Dat hoeft niet het gebied te zijn dat die code nu heeft" in then.text
    assert rows_of(then, "2022")[0].startswith("2022 400")
    assert "geen cijfer van dit gebied" in rows_of(then, "2024")[0]
    assert [box["value"] for box in then.all("input", name="indeling")] == ["2022"]
    assert "Inwoners, Zuidrand, in de indeling van 2022" in then.text
    told = client.get(f"/wijkmonitor/{ZUID}/cijfers.csv?indeling=2022").content.decode()
    assert {row["area_year"] for row in csv.DictReader(io.StringIO(told))} == {"2022"}
    assert "volgens de indeling van 2022" in read(client.get(f"/wijkmonitor/{ZUID}/beleving?indeling=2022")).text


@pytest.mark.parametrize("asked", ["2016", "1999"])
def test_a_division_that_is_not_loaded_has_no_page(client: Client, loaded: Study, asked: str) -> None:
    assert client.get(f"/wijkmonitor/{ZUID}/trend?indeling={asked}").status_code == 404


@pytest.mark.parametrize("asked", ["", "nu", "20244", "2024'--", "²⁰²⁴"])
def test_what_is_no_year_asks_for_the_newest_division(client: Client, loaded: Study, asked: str) -> None:
    page = read(client.get(f"/wijkmonitor/{ZUID}/trend", {"indeling": asked}))
    assert "volgens de indeling van 2024" in page.text


def test_a_bridged_year_is_called_an_estimate(client: Client, loaded: Study) -> None:
    """Three quarters of the 4,000 of Haven and all 1,800 of Oude Haven."""
    page = read(client.get(f"/wijkmonitor/{HAVEN}/trend?wat=population"))
    assert "4.800" in rows_of(page, "2022")[0]
    assert "met de woningen die in beide liggen: het zijn schattingen" in page.text


def test_an_area_of_one_division_says_that_nothing_could_be_compared(client: Client, loaded: Study) -> None:
    page = read(client.get(f"/en/wijkmonitor/{KADE}/trend"))
    assert "Figures of one division are loaded only, so there was nothing to compare." in page.text


def test_groups_of_an_own_table_are_series_of_their_own(client: Client, loaded: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{NOORD}/trend?wat=employment_rate&groep=origin_netherlands&groep=origin_outside_europe"))
    row = rows_of(page, "2024")[0]
    assert "68 %" in row
    assert "40 %" in row
    checked = {box["value"] for box in page.all("input", name="groep") if "checked" in box.attributes}
    assert checked == {"origin_netherlands", "origin_outside_europe"}


def test_a_number_of_people_is_not_drawn_beside_that_of_the_country(client: Client, loaded: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{NOORD}/trend?wat=population"))
    assert [head.text for head in page.all("th", scope="col")][:2] == ["Jaar", "Noord"]
    assert "12.400" not in page.text


@pytest.mark.parametrize(
    "reason", ["absent", "other_name", "no_name", "changed", "population_jump", "other_polygon", "not_verifiable", "unit"]
)
def test_every_reason_for_a_break_has_words_of_its_own(reason: str) -> None:
    assert why_broken(reason) != why_broken("nobody knows this one")


# --- wijken like it ----------------------------------------------------------------------------------------------------


def test_only_what_was_sought_by_is_said_to_be(client: Client, loaded: Study) -> None:
    """Of wijken no incomes are loaded: nothing was sought by them."""
    text = read(client.get(f"/wijkmonitor/{NOORD}/vergelijkbaar")).text
    sought = text[text.index("Gezocht met") : text.index("Vergelijkbaar betekent")]
    assert "inwoners van 65 jaar en ouder" in sought
    assert "herkomst buiten Europa" in sought
    assert "laagste inkomen" not in sought
    assert "woningen in een gebouw" not in sought


def test_similar_wijken_are_of_other_municipalities_with_reasons(client: Client, loaded: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{NOORD}/vergelijkbaar"))
    assert f"/wijkmonitor/{HAVEN}?met={NOORD}" in page.links()
    assert f"/wijkmonitor/{POLDER}?met={NOORD}" not in page.links()
    assert re.search(r"daar [\d,.]+ %, hier [\d,.]+ %", page.text)


def test_nodes_are_told_where_a_study_holds_the_wijk_and_else_that_it_is_not_mapped(client: Client, loaded: Study) -> None:
    here = read(client.get(f"/wijkmonitor/{NOORD}/vergelijkbaar"))
    assert "Knopen in deze wijk zelf: 3 knopen" in here.text
    assert "Geen van deze wijken staat hier op een kaart" in here.text
    there = read(client.get(f"/wijkmonitor/{HAVEN}/vergelijkbaar"))
    assert "3 knopen" in rows_of(there, "Noord")[0]
    assert f"/{SLUG}/wijk/{NOORD}" in there.links()


def test_one_step_leads_from_similar_wijken_to_all_of_them_in_one_figure(client: Client, loaded: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{NOORD}/vergelijkbaar"))
    link = next(link for link in page.links() if link.startswith(f"/wijkmonitor/{NOORD}/vergelijk?gebied={NOORD}&gebied="))
    compared = read(client.get(link))
    assert rows_of(compared, "Noord")
    assert rows_of(compared, "Haven")
    assert not rows_of(compared, "Polder")


def test_the_figures_of_a_trend_are_offered_by_theme(client: Client, loaded: Study) -> None:
    themes = [group["label"] for group in read(client.get(f"/wijkmonitor/{NOORD}/trend")).all("optgroup")]
    assert themes[:2] == ["Bevolking", "Wonen en leefomgeving"]


def test_only_wijken_have_the_page(client: Client, loaded: Study) -> None:
    assert client.get(f"/wijkmonitor/{MUNICIPALITY}/vergelijkbaar").status_code == 404
    assert "vergelijkbaar" not in " ".join(read(client.get(f"/wijkmonitor/{KADE}/trend")).links())


def test_what_all_figures_rest_on_is_told_once(client: Client, loaded: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{NOORD}/vergelijkbaar"))
    assert "Alle cijfers: 2024, uit een register. “Hier” is Noord." in page.text
    assert page.text.count("uit een register") == 1


def test_where_one_municipality_is_loaded_there_is_nothing_elsewhere_to_be_like(client: Client, study: Study) -> None:
    published = monitored.bundle()
    own = [item for item in published.areas if item.code[2:6] == MUNICIPALITY[2:6]]
    figures = [item for item in published.figures if item.area_code in {area.code for area in own}]
    actions.load(None, replace(published, areas=own, figures=figures, links=[], outlines={}))
    assert "Er zijn cijfers van één gemeente geladen." in read(client.get(f"/wijkmonitor/{NOORD}/vergelijkbaar")).text


def test_a_series_of_one_year_is_a_row_and_no_picture_of_one_point(client: Client, loaded: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{ZUID}/trend?wat=population"))
    assert "Er is maar één jaar, dus er valt geen lijn te tekenen." in page.text
    assert page.all("svg", role="img") == []
    assert client.get(f"/wijkmonitor/{ZUID}/beeld/trend.svg?wat=population").status_code == 404


def test_what_surely_changed_stands_above_what_may_not_have(client: Client, loaded: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{NOORD}/trend"))
    captions = [element.text for element in page.all("caption")]
    assert [item for item in captions if item.endswith("(cijfers over iedereen)")] == [
        "Zeker veranderd (cijfers over iedereen)",
        "Niet zeker veranderd (cijfers over iedereen)",
    ]


def test_a_wijk_of_a_few_people_has_no_like(client: Client, loaded: Study) -> None:
    assert "te weinig bekend" in read(client.get(f"/wijkmonitor/{ZUID}/vergelijkbaar")).text


# --- what people say ---------------------------------------------------------------------------------------------------


def test_without_surveys_the_page_says_so(client: Client, loaded: Study) -> None:
    assert "geen cijfers geladen uit een enquête of een model" in read(client.get(f"/wijkmonitor/{NOORD}/beleving")).text


def test_what_was_said_stands_beside_what_was_counted_and_is_never_added_to_it(client: Client, loaded: Study) -> None:
    told(NOORD, "lonely", 48.5, nature="model")
    told(MUNICIPALITY, "lonely", 44.0, nature="model")
    page = read(client.get(f"/wijkmonitor/{NOORD}/beleving"))
    row = rows_of(page, "Eenzame mensen")[0]
    assert "48,5 %" in row
    assert "44 %" in row
    assert "Berekend met een model" in row
    assert "marge onbekend" in row
    assert "cijfers die met een model zijn berekend, bevatten hun eigen verklaring" in page.text
    assert "De monitor signaleert, hij verklaart niet." in page.text


def test_where_nobody_was_asked_the_page_says_so_first(client: Client, loaded: Study) -> None:
    """A model is no survey; and without a margin nothing surely differs."""
    told(NOORD, "lonely", 48.5, nature="model")
    told(MUNICIPALITY, "lonely", 44.0, nature="model")
    text = read(client.get(f"/wijkmonitor/{NOORD}/beleving")).text
    assert "Wat mensen in Noord zelf zeggen, is hier niet bekend: er is geen enquête geladen." in text
    assert "Er zijn wel cijfers die met een model zijn berekend." in text
    assert text.index("er is geen enquête geladen") < text.index("Eenzame mensen")
    assert "is niet te zeggen: marges of cijfers om mee te vergelijken zijn niet bekend" in text


def test_what_people_surely_say_otherwise_is_told_in_a_sentence(client: Client, loaded: Study) -> None:
    """60 % of 400 answers against 40 % of 2,000: 16 to 24 points outward, with the wijk a part of the municipality."""
    source = FigureSource.objects.get(source_id="own-2024")
    for code, value, n in ((NOORD, 60.0, 400.0), (factories.MUNICIPALITY, 40.0, 2000.0)):
        area = MonitorArea.objects.get(code=code, year=monitored.NOW)
        MonitorFigure.objects.create(
            area=area, source=source, indicator="lonely", group="all", year=2025, unit="percent", nature="survey", value=value, n=n
        )
    stamping.renew()
    page = read(client.get(f"/wijkmonitor/{NOORD}/beleving"))
    assert "Eenzame mensen (2025): 60 % in Noord, 40 % in Kleindorp. Dat is " in page.text
    assert "er is geen enquête geladen" not in page.text
    assert "n = 400" in rows_of(page, "Eenzame mensen")[0]


def test_an_answer_that_seems_to_differ_among_many_that_do_not_stands_out_no_more(client: Client, loaded: Study) -> None:
    """46 % of 400 against 42 % of 2,000 differs by itself; as one of nine of which eight are the same it is what chance gives."""
    source = FigureSource.objects.get(source_id="own-2024")

    def asked(indicator: str, here: float, there: float) -> None:
        for code, value, n in ((POLDER, here, 400.0), (factories.MUNICIPALITY, there, 2000.0)):
            area = MonitorArea.objects.get(code=code, year=monitored.NOW)
            MonitorFigure.objects.create(
                area=area, source=source, indicator=indicator, group="all", year=2025, unit="percent", nature="survey", value=value, n=n
            )
        stamping.renew()

    asked("lonely", 46.0, 42.0)
    assert "Eenzame mensen (2025): 46 % in Polder, 42 % in Kleindorp." in read(client.get(f"/wijkmonitor/{POLDER}/beleving")).text
    others = "seriously_lonely informal_care health_good education_high poverty income_low income_high employment_rate"
    for indicator in others.split():
        asked(indicator, 50.0, 50.0)
    text = read(client.get(f"/wijkmonitor/{POLDER}/beleving")).text
    assert "Eenzame mensen (2025): 46 %" not in text
    assert "Geen enkel cijfer verschilt zeker van dat van Kleindorp." in text


def test_groups_and_wijken_that_surely_say_otherwise_are_told_first(client: Client, loaded: Study) -> None:
    """Of 300 older people half is lonely, of 300 from 15 to 25 one in five; Kleindorp lies in a country that was not asked."""
    source = FigureSource.objects.get(source_id="own-2024")
    answers = [(MUNICIPALITY, "age_15_24", 20.0), (MUNICIPALITY, "age_65_plus", 50.0), (NOORD, "all", 45.0), (POLDER, "all", 15.0)]
    for code, group, value in answers:
        area = MonitorArea.objects.get(code=code, year=monitored.NOW)
        MonitorFigure.objects.create(
            area=area, source=source, indicator="lonely", group=group, year=2025, unit="percent", nature="survey", value=value, n=300.0
        )
    stamping.renew()
    text = read(client.get(f"/wijkmonitor/{MUNICIPALITY}/beleving")).text
    assert "Eenzame mensen (2025): 20 % bij de groep “15 tot 25 jaar” en 50 % bij de groep “65 jaar en ouder” (verschil " in text
    assert "Eenzame mensen (2025): van 15 % in Polder tot 45 % in Noord (verschil " in text
    assert "Er is niets om mee te vergelijken" not in text
    assert "Polder tot" not in read(client.get(f"/wijkmonitor/{NOORD}/beleving")).text


def test_groups_stand_in_one_order_wherever_they_are_chosen(client: Client, loaded: Study) -> None:
    trend = read(client.get(f"/wijkmonitor/{NOORD}/trend?wat=employment_rate"))
    assert [box["value"] for box in trend.all("input", name="groep")] == ["all", "origin_netherlands", "origin_outside_europe"]
    gap = read(client.get(f"/{SLUG}/wie-mist-een-plek"))
    offered = [option["value"] for option in gap.all("option") if option["value"] in catalogue().groups]
    assert offered == [group for group in catalogue().groups if group in offered]


def test_a_suppressed_figure_is_told_as_one(client: Client, loaded: Study) -> None:
    told(ZUID, "lonely", None, nature="survey", reason="suppressed")
    row = rows_of(read(client.get(f"/wijkmonitor/{ZUID}/beleving")), "Eenzame mensen")[0]
    assert "weggelaten door de bron: te weinig mensen" in row


def test_figures_of_different_years_are_not_compared(client: Client, loaded: Study) -> None:
    """In Noord people were asked in 2022, in Kleindorp in 2024: both are told of nobody as a difference."""
    row = FigureRow(NOORD, monitored.NOW, "lonely", "all", 2022, 40.0, "percent", 900.0, None, None, "survey", "", monitored.CBS)
    bundle = monitored.bundle()
    later = row._replace(area_code=MUNICIPALITY, year=2024, value=50.0, n=9000.0)
    actions.load(None, replace(bundle, figures=[*bundle.figures, row, later]))
    found = rows_of(read(client.get(f"/wijkmonitor/{NOORD}/beleving")), "Eenzame mensen")[0]
    assert "40 %" in found
    assert "2022" in found
    assert "50 %" not in found
    assert "procentpunt" not in found


# --- to take along -----------------------------------------------------------------------------------------------------


def test_the_file_has_every_figure_as_published_and_as_shown(client: Client, loaded: Study) -> None:
    rows = figures(client, NOORD)
    young = next(row for row in rows if row["indicator"] == "pop_0_14" and row["year"] == "2024")
    assert (young["value"], young["unit"], young["shown"], young["shown_unit"], young["margin"]) == (
        "400.0",
        "count",
        "25.0",
        "percent",
        "chance",
    )
    assert float(young["shown_low"]) < 25 < float(young["shown_high"])
    assert young["source_title"] == "Kerncijfers wijken en buurten 2024"
    assert (young["nature"], young["kind"]) == ("register", "uit een register")
    group = next(row for row in rows if row["group"] == "origin_outside_europe" and row["indicator"] == "employment_rate")
    assert (group["value"], group["n"], group["nature"]) == ("40.0", "330.0", "own")


def test_a_figure_of_an_own_table_beside_a_published_one_has_its_own_margin_in_the_file(client: Client, loaded: Study) -> None:
    """CBS says 60 % of Noord, the municipality 55 % of 700: each row tells of itself."""
    area, source = MonitorArea.objects.get(code=NOORD, year=monitored.NOW), FigureSource.objects.get(source_id="own-2024")
    about = {"indicator": "employment_rate", "group": "all", "year": 2024, "unit": "percent", "nature": "own"}
    MonitorFigure.objects.create(area=area, source=source, value=55.0, n=700.0, **about)
    stamping.renew()
    rows = [row for row in figures(client, NOORD) if (row["indicator"], row["group"], row["year"]) == ("employment_rate", "all", "2024")]
    assert {(row["nature"], row["value"], row["shown"]) for row in rows} == {("register", "60.0", "60.0"), ("own", "55.0", "55.0")}


def test_what_is_missing_hidden_or_suppressed_is_empty_in_the_file_with_its_reason(client: Client, loaded: Study) -> None:
    gone = {(row["indicator"], row["group"]): row for row in figures(client, ZUID) if row["reason"]}
    assert {key: row["reason"] for key, row in gone.items() if key[0] in ("origin_outside_europe", "employment_rate")} == {
        ("origin_outside_europe", "all"): "suppressed",
        ("employment_rate", "all"): "missing",
        ("employment_rate", "origin_outside_europe"): "hidden",
    }
    assert all(row["value"] == row["shown"] == row["shown_low"] == row["shown_high"] == "" for row in gone.values())


@pytest.mark.parametrize("name", ["=1+1", "+31", "-x", "@SUM"])
def test_no_cell_of_the_file_is_a_formula(client: Client, loaded: Study, name: str) -> None:
    MonitorArea.objects.filter(code=NOORD).update(name=name)
    stamping.renew()
    assert {row["area_name"] for row in figures(client, NOORD)} == {f"'{name}"}


@pytest.mark.parametrize("name", ["wiel", "kaart", "rangorde", "trend"])
def test_a_picture_carries_its_title_and_source_inside(client: Client, loaded: Study, name: str) -> None:
    answer = client.get(f"/wijkmonitor/{NOORD}/beeld/{name}.svg?wat=pop_0_14")
    svg = answer.content.decode()
    assert answer["Content-Type"] == "image/svg+xml"
    assert "Bron: Kerncijfers wijken en buurten 2024" in re.sub(r"</text><text[^>]*>", " ", svg)
    assert re.search(r"<title[^>]*>[^<]+</title>", svg)
    assert "<script" not in svg


def test_a_picture_is_had_as_pixels_too(client: Client, loaded: Study) -> None:
    answer = client.get(f"/wijkmonitor/{NOORD}/beeld/wiel.png")
    assert (answer["Content-Type"], answer.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("path", ["beeld/wiel.gif", "beeld/foto.svg", "inbed/foto"])
def test_what_is_no_picture_is_not_found(client: Client, loaded: Study, path: str) -> None:
    assert client.get(f"/wijkmonitor/{NOORD}/{path}").status_code == 404


def test_only_the_page_to_embed_may_stand_in_a_frame_elsewhere(client: Client, loaded: Study) -> None:
    framed, other = client.get(f"/wijkmonitor/{NOORD}/inbed/wiel"), client.get(f"/wijkmonitor/{NOORD}/rapport")
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "default-src 'self'" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
    assert other["X-Frame-Options"] == "DENY"


def test_the_page_to_embed_has_picture_table_source_and_the_way_back(client: Client, loaded: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{NOORD}/inbed/rangorde?wat=pop_0_14"))
    assert len(page.all("svg")) == 1
    assert rows_of(page, "Noord")[0].startswith("Noord 25")
    assert "Bron: Kerncijfers wijken en buurten 2024" in page.text
    assert f"/wijkmonitor/{NOORD}/vergelijk" in page.links()
    assert not page.all("header")


def test_a_margin_of_people_is_in_whole_people() -> None:
    found = Estimate(97430, 97427.5, 97432.5, "count", "rounding", "register", 2024, "cbs", None)
    assert margin_text(found) == "97.428 tot 97.432"
    assert margin_text(Estimate(12, None, None, "percent", "none", "model", 2024, "cbs", None)) == "marge onbekend"
    assert margin_text(Estimate(12, 12, 12, "percent", "rounding", "register", 2024, "cbs", None)) == ""


def test_values_have_their_unit_and_nothing_known_is_unknown() -> None:
    texts = [value_text(12.5, "percent"), value_text(31.2, "eur_1000"), value_text(1240, "count"), value_text(None, "percent")]
    assert texts == ["12,5 %", "€ 31.200", "1.240", "onbekend"]


def test_what_is_drawn_for_visitors_waits_for_its_turn_and_not_for_ever(
    client: Client, loaded: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.01)
    with turns.turn():
        answer = client.get(f"/wijkmonitor/{NOORD}/beeld/wiel.png")
        assert answer.status_code == 503
        assert "Probeer het over een minuut opnieuw" in answer.content.decode()
        assert client.get(f"/wijkmonitor/{NOORD}/beeld/wiel.svg").status_code == 200
    with turns.turn(), pytest.raises(InputError), turns.turn():
        pass


@pytest.mark.parametrize(("page", "name"), [("", "wiel"), ("/kaart", "kaart"), ("/vergelijk", "rangorde"), ("/trend", "trend")])
def test_every_picture_can_be_taken_along_as_it_was_asked_for(client: Client, loaded: Study, page: str, name: str) -> None:
    links = read(client.get(f"/wijkmonitor/{MUNICIPALITY}{page}", {"wat": "pop_0_14"})).links()
    for address in (f"beeld/{name}.svg", f"beeld/{name}.png", f"inbed/{name}"):
        assert [link for link in links if f"/{address}?" in link and "wat=pop_0_14" in link], address


@pytest.mark.parametrize("name", ["kaart", "rangorde"])
def test_a_picture_says_of_which_year_it_is(client: Client, loaded: Study, name: str) -> None:
    drawn = client.get(f"/wijkmonitor/{MUNICIPALITY}/beeld/{name}.svg", {"wat": "pop_0_14"}).content.decode()
    assert re.search(r"<title[^>]*>[^<]+, 2024( \(tussen haakjes: de plaats\))?</title>", drawn)


def test_an_address_with_many_codes_asks_few_questions(client: Client, loaded: Study, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(80):
        client.get(f"/wijkmonitor/{NOORD}/vergelijk", {"gebied": [f"X{number}" for number in range(390)]})
