# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of pages can be taken along whole, each figure with its year, number, margin, kind and source."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from knopenkaart_web.monitor.models import MonitorArea, MonitorFigure, OwnIndicator
from knopenkaart_web.pages.monitor.words import indicator_label
from knopenkaart_web.places.models import Study

from .reading import factories, monitored, read

NOORD, MUNICIPALITY, SLUG = factories.NOORD, factories.MUNICIPALITY, factories.SLUG
RESTS = {"year", "value", "low", "high", "margin", "n", "nature", "source", "source_title"}


@pytest.fixture
def loaded(study: Study) -> Study:
    """Kleindorp with the small monitor, its own table included."""
    monitored.wijkmonitor(study)
    return study


def lines(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer["Cache-Control"] == "no-cache"
    found = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert set(found[0]) >= RESTS
    for line in found:
        assert (line["year"] and line["nature"] and line["source"]) if line["value"] else line["why"], line
    return found


def test_a_comparison_is_had_whole(client: Client, loaded: Study) -> None:
    """Of two wijken and two years; the page links to it with what it was asked."""
    asked = f"?wat=employment_rate&gebied={NOORD}&gebied={monitored.HAVEN}&jaar=2022&jaar=2024"
    found = lines(client, f"/wijkmonitor/{NOORD}/vergelijk.csv{asked}")
    assert {(line["area_code"], line["year"]) for line in found} >= {(NOORD, "2022"), (NOORD, "2024"), (monitored.HAVEN, "2024")}
    noord = next(line for line in found if (line["area_code"], line["year"]) == (NOORD, "2024"))
    assert (noord["value"], noord["nature"], noord["kind"]) == ("60.0", "register", "uit een register")
    links = read(client.get(f"/wijkmonitor/{NOORD}/vergelijk{asked}")).links()
    assert [link for link in links if "/vergelijk.csv?" in link and "jaar=2022" in link]


def test_groups_of_an_own_table_stand_in_a_comparison_and_what_is_hidden_has_no_value(client: Client, loaded: Study) -> None:
    asked = "?wat=employment_rate&groep=origin_outside_europe&jaar=2024"
    found = {line["area_name"]: line for line in lines(client, f"/wijkmonitor/{NOORD}/vergelijk.csv{asked}")}
    assert (found["Noord"]["value"], found["Noord"]["n"], found["Noord"]["source"]) == ("40.0", "330.0", f"{SLUG}/own-2024")
    assert (found["Zuid"]["value"], found["Zuid"]["n"], found["Zuid"]["low"]) == ("", "", "")


def test_every_reason_of_similar_wijken_is_told_of_both(client: Client, loaded: Study) -> None:
    answer = client.get(f"/wijkmonitor/{NOORD}/vergelijkbaar")
    page = read(answer)
    assert f"/wijkmonitor/{NOORD}/vergelijkbaar.csv" in page.links()
    found = lines(client, f"/wijkmonitor/{NOORD}/vergelijkbaar.csv")
    assert {line["place"] for line in found} >= {"0", "1"}
    assert {line["area_code"] for line in found if line["place"] == "0"} == {NOORD}
    told = {source.title for source in answer.context["s"].sources}
    assert told
    assert told <= {line["source_title"] for line in found}, "only sources of figures that are shown are listed"
    assert "2024, uit een register" in page.text


def test_of_a_municipality_there_are_no_similar_wijken(client: Client, loaded: Study) -> None:
    assert client.get(f"/wijkmonitor/{MUNICIPALITY}/vergelijkbaar.csv").status_code == 404


def test_who_lacks_a_place_has_each_figure_of_each_signal(client: Client, loaded: Study) -> None:
    page = read(client.get(f"/{SLUG}/wie-mist-een-plek"))
    assert [link for link in page.links() if "wie-mist-een-plek.csv" in link]
    assert "n = 330" in page.text
    found = lines(client, f"/{SLUG}/wie-mist-een-plek.csv")
    assert {line["signal"] for line in found} == {"large", "badly_off", "cannot_reach", "does_not_come"}
    worse = [line for line in found if (line["area_code"], line["indicator"]) == (NOORD, "employment_rate")]
    outside = {line["about"]: line for line in worse if line["group"] == "origin_outside_europe"}
    assert (outside["group"]["value"], outside["group"]["n"], outside["group"]["source"]) == ("40.0", "330.0", f"{SLUG}/own-2024")
    assert outside["municipality"]["nature"] == "register"
    only = lines(client, f"/{SLUG}/wie-mist-een-plek.csv?groep=origin_outside_europe")
    assert {line["group"] for line in only} == {"origin_outside_europe"}


def test_small_maps_of_groups_can_be_taken_along(client: Client, loaded: Study) -> None:
    asked = "?wat=employment_rate&naast=groepen"
    links = read(client.get(f"/wijkmonitor/{MUNICIPALITY}/kaart{asked}")).links()
    (address,) = [link for link in links if "beeld/groepen.svg" in link]
    drawn = client.get(address)
    assert drawn.status_code == 200
    text = drawn.content.decode()
    assert "Eigen cijfers van Kleindorp" in text
    assert "Kerncijfers" in text, "everybody stands beside them"
    assert ", 2024</title>" in text


def test_what_people_say_is_had_with_what_it_is_beside(client: Client, loaded: Study) -> None:
    shown = client.get(f"/wijkmonitor/{NOORD}/beleving")
    answer = client.get(f"/wijkmonitor/{NOORD}/beleving.csv")
    found = list(csv.DictReader(io.StringIO(answer.content.decode())))
    themes = shown.context["p"].themes
    assert {(line["theme"], line["label"]) for line in found} == {(theme.theme.id, row.label) for theme in themes for row in theme.rows}
    assert bool(themes) is (f"/wijkmonitor/{NOORD}/beleving.csv" in read(shown).links())


# --- the figures of a picture ------------------------------------------------------------------------------------------


def test_the_wheel_is_had_with_what_it_is_compared_with_and_the_difference(client: Client, loaded: Study) -> None:
    """Of Noord 31.25 % come from outside Europe, of Kleindorp 23.75 %: 7.5 points apart."""
    address = f"/wijkmonitor/{NOORD}/tabel/wiel.csv"
    assert [link for link in read(client.get(f"/wijkmonitor/{NOORD}")).links() if link.startswith(address)]
    found = [line for line in lines(client, address) if line["indicator"] == "origin_outside_europe"]
    mine, theirs = (next(line for line in found if line["about"] == about) for about in ("area", "comparison"))
    assert (mine["area_code"], mine["value"], mine["difference"], mine["verdict"]) == (NOORD, "31.25", "7.5", "higher")
    assert (theirs["area_code"], theirs["value"], theirs["difference"]) == (MUNICIPALITY, "23.75", "")
    assert (mine["source_date"], mine["licence"]) != ("", "")


def test_a_map_is_had_with_the_class_of_each_area_and_why_there_is_none(client: Client, loaded: Study) -> None:
    page = client.get(f"/wijkmonitor/{MUNICIPALITY}/kaart?wat=origin_outside_europe")
    address, _excel = [link for link in read(page).links() if "/tabel/kaart.csv" in link]
    found = {line["area_name"]: line for line in lines(client, address)}
    assert set(found) == {row.ref.name for row in page.context["shown"].rows}
    assert found["Noord"]["value"] == "31.25"
    assert (found["Zuid"]["value"], found["Zuid"]["class"]) == ("", "")
    assert found["Zuid"]["why"]


def test_small_maps_are_had_by_group_and_what_is_hidden_has_no_value(client: Client, loaded: Study) -> None:
    found = lines(client, f"/wijkmonitor/{MUNICIPALITY}/tabel/groepen.csv?wat=employment_rate")
    told = {(line["area_name"], line["group"]): line["value"] for line in found}
    assert told["Noord", "origin_outside_europe"] == "40.0"
    assert told["Zuid", "origin_outside_europe"] == ""


@pytest.mark.parametrize("what", ["groepen", "kaart"])
def test_what_is_hidden_of_a_year_is_not_told_of_the_year_before_on_a_map(client: Client, loaded: Study, what: str) -> None:
    """Of 2024 it is hidden how many from outside Europe work in Zuid; of 2023 it is 55 %. Beside 2024 of Noord nothing is told of Zuid."""
    hidden = MonitorFigure.objects.get(area__code=factories.ZUID, group="origin_outside_europe", reason="hidden")
    hidden.pk, hidden.year, hidden.value, hidden.n, hidden.reason = None, 2023, 55.0, 300, ""
    hidden.save()
    found = lines(client, f"/wijkmonitor/{MUNICIPALITY}/tabel/{what}.csv?wat=employment_rate&groep=origin_outside_europe")
    told = {line["area_name"]: (line["value"], line["year"]) for line in found if line["group"] == "origin_outside_europe"}
    assert (told["Noord"], told["Zuid"]) == (("40.0", "2024"), ("", "2024"))


def test_a_trend_is_had_year_by_year(client: Client, loaded: Study) -> None:
    found = lines(client, f"/wijkmonitor/{NOORD}/tabel/trend.csv?wat=employment_rate")
    noord = {line["year"]: line["value"] for line in found if line["series"] == "Noord"}
    assert noord["2024"] == "60.0"
    assert len(noord) > 1
    assert {line["label"] for line in found} == {"inwoners van 15 tot 75 jaar met werk"}


def test_a_wijk_called_as_its_municipality_has_a_series_of_another_name(client: Client, loaded: Study) -> None:
    """The buurt Houten of 2024 and the municipality of 2022 and 2024 were three points of one line "Houten"."""
    name = MonitorArea.objects.filter(code=MUNICIPALITY).latest("year").name
    MonitorArea.objects.filter(code=NOORD).update(name=name)
    found = lines(client, f"/wijkmonitor/{NOORD}/tabel/trend.csv?wat=employment_rate")
    assert [line["series"] for line in found if line["year"] == "2024"] == [name, "Nederland", f"{name} (gemeente)"]


@pytest.mark.parametrize("what", ["rangorde", "niets"])
def test_there_are_no_other_tables_of_pictures(client: Client, loaded: Study, what: str) -> None:
    assert client.get(f"/wijkmonitor/{NOORD}/tabel/{what}.csv").status_code == 404


def test_an_own_indicator_has_its_name_in_files(client: Client, loaded: Study) -> None:
    """Not the identifier that the municipality's own table gave it."""
    OwnIndicator.objects.create(
        study=loaded,
        indicator="own_debt", nl="mensen met schulden", en="people in debt", explanation_nl="x", explanation_en="x", theme="income",
        unit="percent", aggregate="mean", nature="own", direction="more_is_worse",
    )  # fmt: skip
    assert indicator_label("own_debt") == "mensen met schulden"
