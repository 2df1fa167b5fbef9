# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A policy officer reads the Wijkmonitor: finds an area, sees its profile, a group, a map, and areas beside one another."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from knopenkaart_web.monitor import actions, stamping
from knopenkaart_web.monitor.models import FigureSource, MonitorArea, MonitorFigure
from knopenkaart_web.places.models import Study

from .reading import Page, factories, monitored, read

NOORD, ZUID, POLDER, MUNICIPALITY, COUNTRY = monitored.NOORD, monitored.ZUID, monitored.POLDER, monitored.MUNICIPALITY, monitored.COUNTRY
GROOTDORP, HAVEN, VELD, KADE, MOLENKWARTIER = (
    monitored.GROOTDORP,
    monitored.HAVEN,
    monitored.VELD,
    monitored.KADE,
    monitored.MOLENKWARTIER,
)
OUDE_HAVEN = monitored.OUDE_HAVEN
SLUG = factories.SLUG
REST = ["", "?met=country", "?met=niets", "?met=similar", "?groep=origin_outside_europe", "?groep=age_65_plus", "/kaart", "/vergelijk"]


@pytest.fixture
def monitor(study: Study) -> Study:
    monitored.wijkmonitor(study)
    return study


def profile(client: Client, code: str, query: str = "", prefix: str = "") -> Page:
    return read(client.get(f"{prefix}/wijkmonitor/{code}{query}"))


def row(page: Page, name: str) -> list[str]:
    """The cells of the row of a table that begins with a name, or with a number of the wheel and the name."""
    rows = [element for element in page.all("tr") if re.match(rf"(\d+ ?\. )?{re.escape(name)}", element.text)]
    assert rows, f"no row {name}"
    start = page.elements.index(rows[0])
    after = [number for number, element in enumerate(page.elements) if element.tag == "tr" and number > start]
    end = after[0] if after else len(page.elements)
    return [element.text for element in page.elements[start:end] if element.tag in ("th", "td")]


# --- where one begins ---------------------------------------------------------------------------------------------------


def test_without_figures_the_entry_says_so_and_no_menu_leads_there(client: Client, study: Study) -> None:
    page = read(client.get("/wijkmonitor/"))
    assert "Er zijn nog geen cijfers geladen" in page.text
    assert "/wijkmonitor/" not in page.links()
    assert client.get(f"/wijkmonitor/{NOORD}").status_code == 404


def test_the_entry_leads_to_municipalities_on_the_map_to_others_and_to_the_country(client: Client, monitor: Study) -> None:
    page = read(client.get("/wijkmonitor/"))
    assert {f"/wijkmonitor/{code}" for code in (MUNICIPALITY, GROOTDORP, COUNTRY)} <= set(page.links())
    assert "2 gemeenten, 5 wijken en 3 buurten, volgens de indeling van 2024" in page.text
    assert "CBS, Kerncijfers wijken en buurten 2024" in page.text


def test_an_area_is_found_by_its_name_or_its_code(client: Client, monitor: Study) -> None:
    for text in ("noord", NOORD, NOORD.lower()):
        answer = client.get("/wijkmonitor/", {"q": text})
        assert (answer.status_code, answer["Location"]) == (302, f"/wijkmonitor/{NOORD}")


def test_of_several_areas_the_municipality_stands_beside_the_name(client: Client, monitor: Study) -> None:
    page = read(client.get("/wijkmonitor/?q=dorp"))
    assert "Dorpskern buurt, Kleindorp" in page.text
    assert "Kleindorp gemeente ·" in page.text


def test_an_area_that_is_not_there_is_said_not_to_be_found(client: Client, monitor: Study) -> None:
    assert "Geen gebied heeft deze naam of code" in read(client.get("/wijkmonitor/?q=Atlantis")).text
    assert client.get("/wijkmonitor/WK000000").status_code == 404


# --- every page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("code", [NOORD, ZUID, MUNICIPALITY, COUNTRY, KADE, HAVEN])
def test_every_page_of_every_level_opens_with_one_title(client: Client, monitor: Study, prefix: str, code: str) -> None:
    for rest in REST:
        page = read(client.get(f"{prefix}/wijkmonitor/{code}{rest}"))
        assert len(page.all("h1")) == 1
        assert page.unclosed == []
        levels = [int(element.tag[1]) for element in page.elements if re.fullmatch("h[1-6]", element.tag)]
        assert all(after - before <= 1 for before, after in pairwise(levels)), rest


@pytest.mark.parametrize(
    "rest", ["?met=x&groep=y&andere=z", "/kaart?niveau=x&wat=y&groep=z", "/vergelijk?wat=x&gebied=y&groep=z&jaar=1&zoek=q"]
)
def test_what_nobody_knows_in_an_address_is_passed_over(client: Client, monitor: Study, rest: str) -> None:
    assert client.get(f"/wijkmonitor/{NOORD}{rest}").status_code == 200


def test_a_made_up_monitor_says_so(client: Client, monitor: Study) -> None:
    Study.objects.update(invented=False)
    assert "Deze gebieden en cijfers zijn verzonnen" in profile(client, HAVEN).text


@pytest.mark.parametrize("rest", ["", "/kaart", "/vergelijk"])
def test_pages_say_that_the_monitor_does_not_explain(client: Client, monitor: Study, rest: str) -> None:
    assert "De monitor signaleert, hij verklaart niet." in profile(client, NOORD, rest).text


# --- the profile --------------------------------------------------------------------------------------------------------


def test_a_figure_stands_with_margin_nature_year_number_and_source(client: Client, monitor: Study) -> None:
    page = profile(client, NOORD)
    what, mine, theirs, apart = row(page, "Inwoners van 0 tot 15 jaar")
    assert "2024, n = 1.600, bron 1" in what
    assert mine.startswith("25 %")
    assert " tot " in mine
    assert theirs.startswith("22,1 %")
    assert "hoger" in apart
    assert page.one("li", id="source-1").text.startswith("Kerncijfers wijken en buurten 2024, 1 januari 2024")


def test_what_cannot_be_told_apart_is_not_called_a_difference(client: Client, monitor: Study) -> None:
    """In Zuid live 80 people: 10 younger than 15 (12.5 %) beside 22.1 % of the municipality is well within chance."""
    assert row(profile(client, ZUID), "Inwoners van 0 tot 15 jaar")[3].endswith("Geen zeker verschil")


def test_a_figure_that_was_left_out_is_missing_and_never_nothing(client: Client, monitor: Study) -> None:
    page = profile(client, ZUID)
    assert "inwoners met herkomst buiten Europa (weggelaten door de bron: te weinig mensen)" in page.text
    assert not [element for element in page.all("tr") if element.text.startswith("Inwoners met herkomst buiten Europa")]


@pytest.mark.parametrize(("met", "name"), [("municipality", "De gemeente Kleindorp"), ("country", "Nederland"), (VELD, "Veld")])
def test_a_wijk_is_compared_with_what_one_chooses(client: Client, monitor: Study, met: str, name: str) -> None:
    page = profile(client, NOORD, f"?met={met}")
    assert name in [element.text for element in page.all("th", scope="col")]
    assert next(option.text for option in page.all("option") if "selected" in option.attributes) == name


def test_without_a_comparison_nothing_is_more_or_less(client: Client, monitor: Study) -> None:
    page = profile(client, NOORD, "?met=niets")
    assert "Kies waarmee u wilt vergelijken" in page.text
    assert page.all("td", class_="kk-apart") == []


def test_the_wheel_is_a_picture_with_a_name_beside_the_same_figures_as_a_table(client: Client, monitor: Study) -> None:
    page = profile(client, NOORD)
    assert [svg["role"] for svg in page.all("svg") if svg["role"]] == ["img"]
    titles = [element.text for element in page.all("caption")]
    assert "Bevolking: Noord naast de gemeente Kleindorp" in titles


def test_each_figure_has_the_number_of_its_part_of_the_wheel(client: Client, monitor: Study) -> None:
    page = profile(client, NOORD)
    rows = [cell.text.split(".")[0].strip() for cell in page.all("th", scope="row") if cell["id"].startswith("cijfer-")]
    parts = re.findall(r"<title>(\d+)\. ", client.get(f"/wijkmonitor/{NOORD}").content.decode())
    assert rows == [str(number) for number in range(1, len(rows) + 1)]
    assert parts == rows


def test_the_profile_begins_with_how_many_people_live_there_and_where_that_was_read(client: Client, monitor: Study) -> None:
    told = profile(client, NOORD).one("dl", class_="kk-monitor-counts").text
    assert re.match(r"Inwoners 1\.600 2024, [^,]* tot [^,]*, bron \d", told)


def test_what_can_be_compared_with_nothing_leads_to_the_areas_within_it(client: Client, monitor: Study) -> None:
    page = profile(client, COUNTRY)
    assert "Kies een gebied erbinnen: dat wordt vergeleken met Nederland." in page.text
    assert page.all("figure", class_="kk-wheel") == []
    assert page.all("input", id="q")
    assert f"/wijkmonitor/{MUNICIPALITY}" in page.links()


def test_the_headlines_are_sentences_with_both_figures_and_the_margin(client: Client, monitor: Study) -> None:
    text = profile(client, HAVEN).text
    assert re.search(r"\(2024\): [^.]* in Haven\. Dat is (hoger|lager) dan [^.]* in de gemeente Grootdorp \(verschil [^.]*\)\.", text), text


def test_a_theme_without_figures_is_named_and_not_taken_for_fine(client: Client, monitor: Study) -> None:
    text = profile(client, HAVEN).text
    assert "Thema's zonder cijfers hier" in text
    assert "Dat er niets bekend is, betekent niet dat er niets aan de hand is." in text


def test_smaller_areas_are_one_click_away_and_larger_ones_too(client: Client, monitor: Study) -> None:
    links = profile(client, NOORD).links()
    assert {f"/wijkmonitor/{code}" for code in (MOLENKWARTIER, MUNICIPALITY, COUNTRY)} <= set(links)


def test_a_file_of_which_outlines_and_figures_were_taken_is_listed_once(client: Client, study: Study) -> None:
    published = monitored.bundle()
    actions.load(None, replace(published, sources=[*published.sources, replace(published.sources[0], id="outlines-2024")]))
    listed = [item.text for item in read(client.get("/wijkmonitor/")).all("li") if item["id"].startswith("source-")]
    assert len(listed) == len(set(listed)) == len(published.sources)


def test_an_area_that_is_no_more_says_so_and_leads_to_what_is_known_of_it(client: Client, monitor: Study) -> None:
    """Oude Haven became a part of Haven after 2022."""
    page = profile(client, OUDE_HAVEN)
    assert "Dit gebied komt in de indeling van 2024 niet voor." in page.text
    assert "komt in de indeling van" not in profile(client, HAVEN).text


def test_an_area_without_figures_for_a_profile_leads_to_the_pages_that_have_some(client: Client, study: Study) -> None:
    published = monitored.bundle()
    rest = [item for item in published.figures if item.area_code != OUDE_HAVEN]
    (one, *_others) = [item for item in published.figures if item.area_code == OUDE_HAVEN]
    told = one._replace(indicator="livability_class", group="all", unit="class", value=6.0, nature="model", low=None, high=None)
    actions.load(None, replace(published, figures=[*rest, told]))
    page = profile(client, OUDE_HAVEN)
    assert "Er zijn geen cijfers van Oude Haven die in een profiel staan." in page.text
    assert f"/wijkmonitor/{OUDE_HAVEN}/beleving" in page.links()


# --- groups -------------------------------------------------------------------------------------------------------------


def test_a_group_with_figures_is_one_click_away(client: Client, monitor: Study) -> None:
    """One click puts the group beside everybody here; the next beside the same group of the municipality."""
    assert "?groep=origin_outside_europe&andere=all" in profile(client, NOORD).links()
    beside = profile(client, NOORD, "?groep=origin_outside_europe&andere=all")
    assert "Herkomst buiten Europa naast iedereen" in beside.text
    assert row(beside, "Inwoners van 15 tot 75 jaar met werk")[2].startswith("60 %")
    assert "?groep=origin_outside_europe" in beside.links()
    told = row(profile(client, NOORD, "?groep=origin_outside_europe"), "Inwoners van 15 tot 75 jaar met werk")
    assert told[1].startswith("40 %")
    assert told[2].startswith("45 %")
    assert "n = 330" in told[0]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("?groep=origin_outside_europe&andere=all", "Profiel van Noord: Herkomst buiten Europa naast iedereen"),
        ("?groep=origin_outside_europe", "Profiel van Noord (herkomst buiten Europa) naast de gemeente Kleindorp"),
        ("", "Profiel van Noord naast de gemeente Kleindorp"),
    ],
)
def test_the_wheel_says_of_which_area_and_which_people_it_is_also_when_it_is_taken_along(
    client: Client, monitor: Study, query: str, title: str
) -> None:
    assert title in [element.text for element in profile(client, NOORD, query).all("title")]
    assert f">{title}</title>" in client.get(f"/wijkmonitor/{NOORD}/beeld/wiel.svg{query}").content.decode()


def test_a_page_of_a_group_says_so_above_its_sentences_and_its_tables(client: Client, monitor: Study) -> None:
    heads = [element.text for element in profile(client, NOORD, "?groep=origin_outside_europe").all("h2")]
    assert "Wat opvalt: herkomst buiten Europa, naast de gemeente Kleindorp" in heads
    assert "Herkomst buiten Europa: Noord naast de gemeente Kleindorp" in heads


def test_two_groups_of_one_area_stand_beside_each_other(client: Client, monitor: Study) -> None:
    page = profile(client, NOORD, "?groep=origin_outside_europe&andere=origin_netherlands")
    assert "Herkomst buiten Europa naast herkomst Nederland" in page.text
    told = row(page, "Inwoners van 15 tot 75 jaar met werk")
    assert (told[1][:4], told[2][:4]) == ("40 %", "68 %")
    assert "lager" in told[3]


def test_of_a_group_without_figures_the_page_tells_who_could_supply_them_and_guesses_nothing(client: Client, monitor: Study) -> None:
    page = profile(client, HAVEN, "?groep=age_65_plus")
    assert "Er is geen enkel cijfer over hoe mensen van deze groep (65 jaar en ouder) leven in Haven." in page.text
    assert "De monitor raadt niet" in page.text
    assert "het CBS, als maatwerk" in page.text
    assert "De GGD, uit de gezondheidsmonitor" in page.text
    assert page.all("td", class_="kk-apart") == []
    assert "14 % van alle mensen hier" in page.text


def test_a_hidden_figure_of_an_own_table_is_not_shown_and_the_page_says_why(client: Client, monitor: Study) -> None:
    text = profile(client, ZUID, "?groep=origin_outside_europe").text
    assert "Er is geen enkel cijfer" in text
    assert "Niet getoond, zodat niemand iets te weten komt over minder dan tien mensen: inwoners van 15 tot 75 jaar met werk." in text


def test_of_a_group_without_figures_that_is_the_first_that_the_page_says(client: Client, monitor: Study) -> None:
    page = profile(client, HAVEN, "?groep=age_65_plus")
    assert page.all("h2")[0].text == "65 jaar en ouder in Haven"
    assert "Er kan niets opvallen" not in page.text


def test_an_editor_is_led_to_the_own_table_and_a_visitor_is_told_who_does_that(editor: Client, monitor: Study) -> None:
    query = "?groep=age_65_plus"
    assert f"/{SLUG}/beheer/cijfers" in profile(editor, NOORD, query).links()
    page = profile(Client(), NOORD, query)
    assert f"/{SLUG}/beheer/cijfers" not in page.links()
    assert "Redacteuren doen dat onder Beheer" in page.text


# --- the map ------------------------------------------------------------------------------------------------------------


def test_the_map_has_the_same_figures_as_a_table_and_says_how_its_classes_were_made(client: Client, monitor: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{MUNICIPALITY}/kaart?wat=pop_65plus"))
    assert row(page, "Noord")[1].startswith("12,5 %")
    assert row(page, "Polder")[1].startswith("22,2 %")
    assert "n = 1.600" in row(page, "Noord")[1]
    assert "Waar geen cijfer is, is het gebied gearceerd. Dat is niet de laagste klasse." in page.text
    assert len([svg for svg in page.all("svg") if svg["role"] == "img"]) == 1


def test_without_a_choice_the_map_is_of_a_figure_that_the_areas_in_it_have(client: Client, monitor: Study) -> None:
    """Of no buurt it is known how many work, which the wijk itself has and would be shown first."""
    page = read(client.get(f"/wijkmonitor/{NOORD}/kaart?niveau=buurt"))
    assert "Inwoners van 15 tot 75 jaar met werk" not in [head.text for head in page.all("h2")]
    (row,) = (row.text for row in page.all("tr") if row.text.startswith("Molenkwartier"))
    assert re.search(r"\d", row)


def test_an_area_without_a_figure_has_no_class(client: Client, monitor: Study) -> None:
    cells = row(read(client.get(f"/wijkmonitor/{MUNICIPALITY}/kaart?wat=origin_outside_europe")), "Zuid")
    assert cells[1:] == ["weggelaten door de bron: te weinig mensen", "", "–"]


def test_one_zooms_in_and_out_with_the_same_figure(client: Client, monitor: Study) -> None:
    inward = read(client.get(f"/wijkmonitor/{COUNTRY}/kaart?wat=pop_65plus")).links()
    assert f"/wijkmonitor/{MUNICIPALITY}/kaart?wat=pop_65plus" in inward
    wijk = read(client.get(f"/wijkmonitor/{NOORD}/kaart?wat=pop_65plus"))
    assert row(wijk, "Molenkwartier")[1].startswith("11,1 %")
    assert f"/wijkmonitor/{MUNICIPALITY}" in wijk.links()


def test_a_figure_of_another_year_only_is_shown_of_areas_that_are_the_same(client: Client, study: Study) -> None:
    published = monitored.bundle()
    left = [item for item in published.figures if (item.indicator, item.year) != ("employment_rate", 2024)]
    actions.load(None, replace(published, figures=left))
    page = read(client.get(f"/wijkmonitor/{GROOTDORP}/kaart?wat=employment_rate"))
    assert row(page, "Veld")[1].startswith("76 %")
    assert "Jaar: 2022." in page.text


def test_small_maps_of_groups_have_the_same_classes_and_their_figures_are_in_a_table(client: Client, monitor: Study) -> None:
    address = f"/wijkmonitor/{MUNICIPALITY}/kaart?wat=employment_rate"
    assert "?wat=employment_rate&naast=groepen#groups" in read(client.get(address)).links()
    page = read(client.get(f"{address}&naast=groepen"))
    assert "Alle kaarten hebben dezelfde klassen." in page.text
    written = {element.text for element in page.all("text")}
    assert {"60 %", "68 %", "40 %"} <= written, "the figures stand in the areas of the small maps"
    (caption,) = [element for element in page.all("caption") if element.text.endswith(", per groep")]
    cells = [element.text for element in page.elements[page.elements.index(caption) :] if element.tag in ("th", "td")]
    assert cells[:4] == ["Gebied", "Iedereen", "Herkomst Nederland", "Herkomst buiten Europa"]
    noord = cells.index("Noord")
    assert [cell[:4] for cell in cells[noord + 1 : noord + 4]] == ["60 %", "68 %", "40 %"]
    assert " tot " in cells[noord + 2]


def test_the_legend_counts_the_areas_of_each_class_and_those_without_a_figure(client: Client, monitor: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{MUNICIPALITY}/kaart?wat=origin_outside_europe"))
    keys = [element.text for element in page.elements if element.tag == "li" and "(" in element.text and "gebied" in element.text]
    counts = [int(re.findall(r"\((\d+) gebied", key)[0]) for key in keys]
    assert keys[-1].startswith("Geen cijfer (1 gebied")
    assert sum(counts) == 3


def test_a_pointed_area_of_the_map_is_known_by_the_code_of_its_row(client: Client, monitor: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{MUNICIPALITY}/kaart?wat=pop_65plus"))
    rows = {link["data-code"] for link in page.all("a") if link["data-code"]}
    assert {path["data-code"] for path in page.all("path") if path["data-code"]} <= rows
    assert NOORD in rows


def test_a_figure_that_is_not_told_by_group_leads_to_those_that_are(client: Client, monitor: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{MUNICIPALITY}/kaart?wat=pop_65plus"))
    assert "Wel per groep: inwoners van 15 tot 75 jaar met werk." in page.text
    assert "?wat=employment_rate&naast=groepen#groups" in page.links()
    assert "Wel per groep" not in read(client.get(f"/wijkmonitor/{GROOTDORP}/kaart?wat=pop_65plus")).text


def test_a_code_that_is_not_there_leads_to_the_search(client: Client, monitor: Study) -> None:
    found = client.get("/wijkmonitor/GM7777/kaart")
    assert found.status_code == 404
    page = read(found)
    assert "geen pagina van een gebied met de code “GM7777”" in page.text
    assert page.one("form", role="search")["action"] == "/wijkmonitor/"
    assert read(client.get("/nergens/niets/nooit")).all("form", role="search") == []


def test_a_figure_that_is_not_told_by_group_says_so(client: Client, monitor: Study) -> None:
    text = read(client.get(f"/wijkmonitor/{GROOTDORP}/kaart?wat=employment_rate")).text
    assert "Dit cijfer is voor deze gebieden niet per groep gepubliceerd." in text


# --- beside one another -------------------------------------------------------------------------------------------------


def test_without_a_choice_an_area_stands_beside_those_of_its_municipality(client: Client, monitor: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{NOORD}/vergelijk?wat=pop_65plus"))
    assert [row(page, name)[1][:4] for name in ("Noord", "Zuid", "Polder")] == ["12,5", "25 %", "22,2"]
    assert "De lijn is Kleindorp: 15,8 %." in page.text


def test_what_lies_in_nothing_larger_has_what_lies_within_it_beside_one_another(client: Client, monitor: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{COUNTRY}/vergelijk?wat=pop_65plus"))
    assert [row(page, name)[1][:4] for name in ("Kleindorp", "Grootdorp")] == ["15,8", "17 %"]
    assert "De lijn is Nederland: 16,8 %." in page.text


def test_areas_that_cannot_be_told_apart_share_ranks(client: Client, monitor: Study) -> None:
    """Of 80 people in Zuid a quarter is older than 64, by chance 17 to 36 %: it may stand before Polder (22 %) or behind it."""
    page = read(client.get(f"/wijkmonitor/{NOORD}/vergelijk?wat=pop_65plus"))
    ranks = {name: row(page, name)[-1] for name in ("Noord", "Zuid", "Polder")}
    assert ranks["Zuid"].startswith("1 tot ")
    assert ranks["Polder"].startswith("1 tot 2")
    assert "delen plaatsen" in page.text


def test_the_ranking_says_in_sentences_where_the_area_stands(client: Client, monitor: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{NOORD}/vergelijk?wat=pop_65plus"))
    assert "Noord: 12,5 %, tegen 15,8 % in Kleindorp (2 tot 5 procentpunt lager)." in page.text
    assert "Van de 2 andere gebieden zeker hoger: 1, zeker lager: 0, niet te onderscheiden: 1." in page.text
    assert "Hoogste: Polder of Zuid (niet te onderscheiden). Laagste: Zuid of Noord (niet te onderscheiden)." in page.text
    assert "delen plaatsen. ‘2 tot 3’ betekent: Noord staat op een van die plaatsen" in page.text


def test_of_several_groups_or_years_no_sentence_says_where_the_area_stands(client: Client, monitor: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{NOORD}/vergelijk?wat=employment_rate&jaar=2022&jaar=2024"))
    assert "andere gebieden zeker" not in page.text


def test_of_several_groups_sentences_say_how_each_stands_to_everybody(client: Client, monitor: Study) -> None:
    """Of 500 from outside Europe 30 % is poor, of all 1,600 a tenth."""
    area = MonitorArea.objects.get(code=NOORD, year=monitored.NOW)
    source = FigureSource.objects.get(source_id="own-2024")
    about = {"indicator": "poverty", "year": 2024, "unit": "percent", "nature": "own", "area": area, "source": source}
    for group, value, n in (("all", 10.0, 1600.0), ("origin_netherlands", 9.0, 800.0), ("origin_outside_europe", 30.0, 500.0)):
        MonitorFigure.objects.create(group=group, value=value, n=n, **about)
    stamping.renew()
    asked = "wat=poverty&groep=all&groep=origin_netherlands&groep=origin_outside_europe"
    page = read(client.get(f"/wijkmonitor/{NOORD}/vergelijk?{asked}"))
    assert "Herkomst buiten Europa in Noord: 30 %, tegen 10 % van iedereen (" in page.text
    assert "Herkomst Nederland in Noord: 9 %, tegen 10 % van iedereen (geen zeker verschil)." in page.text


def test_a_hidden_figure_is_two_words_in_the_table_and_explained_below_it(client: Client, monitor: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{ZUID}/vergelijk?wat=employment_rate&groep=origin_outside_europe"))
    assert row(page, "Zuid")[2] == "niet getoond"
    assert "Niet getoond: zodat niemand iets te weten komt over minder dan tien mensen." in page.text


def test_areas_from_elsewhere_are_found_and_added(client: Client, monitor: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{NOORD}/vergelijk?wat=pop_65plus&zoek=dorp"))
    assert {GROOTDORP, MUNICIPALITY} <= {box["value"] for box in page.all("input", name="gebied")}
    added = read(client.get(f"/wijkmonitor/{NOORD}/vergelijk?wat=pop_65plus&gebied={NOORD}&gebied={VELD}"))
    assert row(added, "Veld")[1].startswith("20 %")
    assert not [element for element in added.all("tr") if element.text.startswith("Polder")]


def test_the_only_area_that_is_found_is_added_at_once_and_takes_no_other_away(client: Client, monitor: Study) -> None:
    response = client.get(f"/wijkmonitor/{NOORD}/vergelijk?wat=pop_65plus&zoek=veld")
    assert response["Location"] == f"/wijkmonitor/{NOORD}/vergelijk?wat=pop_65plus&gebied={VELD}"
    page = read(client.get(response["Location"]))
    assert [row(page, name)[1][:2] for name in ("Noord", "Zuid", "Polder", "Veld")] == ["12", "25", "22", "20"]
    ticked = [box["value"] for box in page.all("input", name="gebied") if "checked" in box.attributes]
    assert ticked == [VELD]


def test_who_ticks_one_area_sees_it_beside_this_one_only(client: Client, monitor: Study) -> None:
    """With all of 342 areas ticked, one would have to take 340 away."""
    assert "checked" not in client.get(f"/wijkmonitor/{NOORD}/vergelijk?wat=pop_65plus").content.decode()
    page = read(client.get(f"/wijkmonitor/{NOORD}/vergelijk?wat=pop_65plus&gebied={POLDER}"))
    assert row(page, "Noord")
    assert row(page, "Polder")
    assert not [element for element in page.all("tr") if element.text.startswith("Zuid")]
    assert "Kies de gebieden: nu 2 van 3" in page.text
    assert "?wat=pop_65plus" in page.links()


def test_groups_and_years_stand_beside_one_another_each_with_ranks_of_its_own(client: Client, monitor: Study) -> None:
    address = f"/wijkmonitor/{NOORD}/vergelijk?wat=employment_rate&gebied={NOORD}"
    by_group = read(client.get(f"{address}&groep=origin_netherlands&groep=origin_outside_europe"))
    assert len([element for element in by_group.all("tr") if element.text.startswith("Noord")]) == 2
    assert {"Herkomst Nederland", "Herkomst buiten Europa"} <= {cell.text for cell in by_group.all("td")}
    by_year = read(client.get(f"{address}&jaar=2022&jaar=2024"))
    assert {"2022", "2024"} <= {cell.text for cell in by_year.all("td")}


def test_one_area_through_the_years_is_not_told_to_be_the_first_of_one(client: Client, monitor: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{NOORD}/vergelijk?wat=employment_rate&gebied={NOORD}&jaar=2022&jaar=2024"))
    assert row(page, "Noord")[-1] == "–"
    assert "Dit is één gebied, dus er valt niets op volgorde te zetten." in page.text
    assert "van elkaar te onderscheiden" not in page.text


def test_a_doubtful_year_is_not_among_the_years(client: Client, monitor: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{ZUID}/vergelijk?wat=pop_0_14&gebied={ZUID}"))
    assert page.all("input", name="jaar") == []


def test_numbers_that_only_tell_how_large_an_area_is_are_not_compared(client: Client, monitor: Study) -> None:
    for rest in ("kaart", "vergelijk"):
        offered = [option["value"] for option in read(client.get(f"/wijkmonitor/{NOORD}/{rest}")).all("option")]
        assert "pop_65plus" in offered
        assert "population" not in offered
        assert "households" not in offered


# --- to and from the map of places --------------------------------------------------------------------------------------


def test_the_map_of_places_leads_to_the_profile_and_back(client: Client, monitor: Study) -> None:
    assert f"/wijkmonitor/{NOORD}" in read(client.get(f"/{SLUG}/wijk/{NOORD}")).links()
    assert f"/wijkmonitor/{MUNICIPALITY}" in read(client.get(f"/{SLUG}/")).links()
    assert f"/{SLUG}/wijk/{NOORD}" in profile(client, NOORD).links()
    assert f"/{SLUG}/" in profile(client, MUNICIPALITY).links()


def test_without_figures_the_map_of_places_leads_nowhere(client: Client, study: Study) -> None:
    for address in (f"/{SLUG}/", f"/{SLUG}/wijk/{NOORD}"):
        assert not [link for link in read(client.get(address)).links() if "wijkmonitor" in link]


def test_an_area_that_is_on_no_map_leads_to_none(client: Client, monitor: Study) -> None:
    assert not [link for link in profile(client, HAVEN).links() if link.startswith(f"/{SLUG}/wijk/")]


def test_a_page_asks_the_database_little(client: Client, monitor: Study, django_assert_max_num_queries: Any) -> None:
    """However many figures an area has; most of the questions are about the study that holds it."""
    profile(client, NOORD)
    with django_assert_max_num_queries(32):
        profile(client, NOORD)
