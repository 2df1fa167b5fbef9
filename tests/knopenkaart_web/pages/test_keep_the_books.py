# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who runs a place writes down rooms, a rough week and money; reads what follows from it; and nobody else sees money before its release."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from knopenkaart.operation import Estimate
from knopenkaart_web.accounts.models import Ownership, User
from knopenkaart_web.operation import actions, queries
from knopenkaart_web.operation.models import MoneyLine, MoneyYear, Room, today
from knopenkaart_web.operation.views_data import BuildingRow, Hours, PracticeRow, RoomValues
from knopenkaart_web.pages import operation as told
from knopenkaart_web.pages import operation_study
from knopenkaart_web.pages.visits.figures import VisitFigures
from knopenkaart_web.places.models import Place, Study

from .reading import Page, factories, read

CAFE, CENTRE, LIBRARY, SLUG = factories.CAFE, factories.CENTRE, factories.LIBRARY, factories.SLUG
AT = f"/{SLUG}/plek/{CENTRE}"
PAGES = ("exploitatie", "sociale-waarde", "zalen", "zalen/nieuw", "geld", "geld/2024", "bestuur", "gebouw")
# An amount that is found nowhere else.
SECRET = Decimal("98765.43")
SAID = ("98765", "98.765", "98,765")
LAST = today().year - 1
AMOUNTS: dict[str, Decimal | None] = {
    "rent": Decimal(12000),
    "energy": Decimal(8000),
    "maintenance": Decimal(3000),
    "staff": Decimal(0),
    "cleaning": Decimal(2000),
    "insurance": Decimal(1000),
    "programme": Decimal(4000),
    "room_hire": Decimal(9000),
    "bar": Decimal(6000),
    "contributions": Decimal(0),
    "subsidy": Decimal(15000),
}


def runs(name: str, place: str = CENTRE) -> User:
    user: User = User.objects.create_user(name)
    Ownership.objects.create(user=user, study_slug=SLUG, place_id=place)
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def dora(study: Study) -> User:
    """Who runs the community centre."""
    return runs("dora")


@pytest.fixture
def operator(dora: User) -> Client:
    """A browser in which she is logged in."""
    return browser(dora)


@pytest.fixture
def rival(study: Study) -> Client:
    """A browser of who runs the library."""
    return browser(runs("evert", LIBRARY))


@pytest.fixture
def room(dora: User) -> int:
    """The hall of the community centre."""
    return actions.add_room(dora, SLUG, CENTRE, RoomValues("Grote zaal", 120.0, 80))


def write(amounts: dict[str, Decimal | None], *, place: str = CENTRE, year: int = LAST, practice: PracticeRow | None = None) -> None:
    actions.write_money(None, SLUG, place, year, amounts, version=0, practice=practice)


def form_of(page: Page) -> dict[str, str]:
    """What a browser would send of the forms of a page as they stand."""
    return {item["name"]: item["value"] for item in page.all("input") if item["name"] and item["type"] not in {"radio", "checkbox"}}


def chosen(page: Page) -> list[str]:
    """The options that are chosen, in order."""
    return [item["value"] for item in page.all("option") if "selected" in item.attributes]


# Rooms and their weeks


def test_a_room_and_its_rough_week_are_filled_in_and_told(operator: Client, study: Study) -> None:
    room = {"name": "Grote zaal", "m2": "120,5", "capacity": "80", "accessible": "yes", "version": "0"}
    answer = operator.post(f"{AT}/zalen/nieuw", room)
    row = Room.objects.get()
    assert (row.m2, row.capacity, row.accessible) == (120.5, 80, "yes")
    week = f"{AT}/zalen/{row.pk}/week"
    assert answer["Location"] == week
    sent = {"version": "1", "action": "save", "available_mo_morning": "4", "used_mo_morning": "0.5", "available_tu_evening": "2,5"}
    assert operator.post(week, sent | {"used_tu_evening": ""})["Location"] == f"{AT}/zalen"
    hours = queries.of_place(SLUG, CENTRE).rooms[0].hours
    assert {slot: (item.available, item.used) for slot, item in hours.items()} == {"mo_morning": (4.0, 2.0), "tu_evening": (2.5, None)}
    text = read(operator.get(f"{AT}/zalen")).text
    assert "50 %" in text
    assert "Van 4 van de 6,5 uur" in text
    shown = read(operator.get(week))
    assert chosen(shown)[0] == "0.5"
    assert set(chosen(shown)[1:]) == {""}


def test_hours_can_be_filled_in_as_hours_and_are_not_lost_in_the_rough_week(operator: Client, room: int) -> None:
    week = f"{AT}/zalen/{room}/week"
    sent = {"version": "1", "action": "save", "available_mo_morning": "4", "used_mo_morning": "1,3"}
    operator.post(f"{week}?uren", sent)
    assert queries.of_place(SLUG, CENTRE).rooms[0].hours["mo_morning"].used == 1.3
    assert chosen(read(operator.get(week)))[0] == "h1.3"
    again = operator.post(week, {"version": "2", "action": "save", "available_mo_morning": "4", "used_mo_morning": "h1.3"})
    assert again.status_code == 302
    assert queries.of_place(SLUG, CENTRE).rooms[0].hours["mo_morning"].used == 1.3


def test_a_refused_week_is_shown_again_as_it_was_typed(operator: Client, room: int) -> None:
    sent = {"version": "1", "action": "save", "available_mo_morning": "vijf", "used_tu_morning": "1", "available_we_morning": "9"}
    answer = operator.post(f"{AT}/zalen/{room}/week", sent)
    page = read(answer)
    assert answer.status_code == 422
    assert page.one("input", name="available_mo_morning")["value"] == "vijf"
    assert page.one("input", name="available_we_morning")["value"] == "9"
    assert "Zeg hoeveel uur" in page.text
    assert not queries.of_place(SLUG, CENTRE).rooms[0].hours
    mended = sent | {"available_mo_morning": "4", "available_tu_morning": "4"}
    assert "Zoveel uren heeft dit dagdeel niet" in read(operator.post(f"{AT}/zalen/{room}/week", mended)).text


def test_two_who_fill_in_the_same_week_do_not_overwrite_each_other(operator: Client, room: int) -> None:
    sent = {"version": "1", "action": "save", "available_mo_morning": "4"}
    assert operator.post(f"{AT}/zalen/{room}/week", sent).status_code == 302
    late = operator.post(f"{AT}/zalen/{room}/week", sent | {"available_mo_morning": "2"})
    assert late.status_code == 422
    assert read(late).one("input", name="available_mo_morning")["value"] == "2"
    assert queries.of_place(SLUG, CENTRE).rooms[0].hours["mo_morning"].available == 4.0


def test_buttons_fill_in_more_and_save_nothing(operator: Client, dora: User, room: int) -> None:
    other = actions.add_room(dora, SLUG, CENTRE, RoomValues("Keuken"))
    actions.write_grid(dora, SLUG, CENTRE, other, {"mo_morning": Hours(3.0, 1.3)}, version=1)
    week = f"{AT}/zalen/{room}/week"
    filled = read(operator.post(week, {"version": "1", "action": "fill", "available_mo_morning": "2"}))
    assert filled.one("input", name="available_mo_morning")["value"] == "2"
    assert filled.one("input", name="available_mo_afternoon")["value"] == "6"
    copied = read(operator.post(week, {"version": "1", "action": "copy", "from": str(other)}))
    assert copied.one("input", name="available_mo_morning")["value"] == "3"
    assert not queries.of_place(SLUG, CENTRE).rooms[0].hours
    saved = operator.post(week, {"version": "1", "action": "save", "available_mo_morning": "3", "used_mo_morning": "h1.3"})
    assert saved.status_code == 302


def test_a_room_goes_with_its_week(operator: Client, room: int) -> None:
    operator.post(f"{AT}/zalen/{room}/weg", {"version": "7"})
    assert Room.objects.count() == 1
    operator.post(f"{AT}/zalen/{room}/weg", {"version": "1"})
    assert Room.objects.count() == 0


# Money


def test_money_is_typed_the_dutch_way_and_nothing_is_not_zero(operator: Client, study: Study) -> None:
    page = read(operator.get(f"{AT}/geld/{LAST}"))
    sent = form_of(page) | {"rent": "1.234,50", "energy": "€ 2.000", "staff": "0", "weeks_open": "48", "subsidy_until": "2027-06-30"}
    assert operator.post(f"{AT}/geld/{LAST}", sent).status_code == 302
    assert {line.category: line.amount for line in MoneyLine.objects.all()} == {
        "rent": Decimal("1234.50"),
        "energy": Decimal(2000),
        "staff": Decimal(0),
    }
    shown = read(operator.get(f"{AT}/geld/{LAST}"))
    assert shown.one("input", name="rent")["value"] == "1.234,50"
    assert shown.one("input", name="bar")["value"] == ""
    assert "Het jaar ervoor: € 1.234,50" in read(operator.get(f"{AT}/geld/{LAST + 1}")).text
    assert "niet ingevuld" in read(operator.get(f"{AT}/geld")).text


def test_a_refused_amount_is_shown_again_and_nothing_is_kept(operator: Client, study: Study) -> None:
    page = read(operator.get(f"{AT}/geld/{LAST}"))
    answer = operator.post(f"{AT}/geld/{LAST}", form_of(page) | {"rent": "duizend", "energy": "12"})
    assert answer.status_code == 422
    assert read(answer).one("input", name="rent")["value"] == "duizend"
    assert not MoneyYear.objects.exists()


def test_board_and_building_are_filled_in(operator: Client, study: Study) -> None:
    sent = {"date": "2026-01-05", "seats": "5", "vacancies": "2", "ages": "age_65_plus", "succession": "no", "year": "2026", "version": "0"}
    assert operator.post(f"{AT}/bestuur", sent | {"hours_per_week": "7,5", "number": "1_9"}).status_code == 302
    assert operator.post(f"{AT}/bestuur", sent | {"vacancies": "6", "version": "2"}).status_code == 422
    built = {"m2": "300", "condition": "5", "investment": "50.000", "covered": "10.000", "investment_year": "2028", "version": "0"}
    assert operator.post(f"{AT}/gebouw", built).status_code == 302
    text = read(operator.get(f"{AT}/exploitatie")).text
    assert "Lege plekken in het bestuur" in text
    assert "Slechte staat van het gebouw" in text
    known = queries.of_place(SLUG, CENTRE)
    assert (known.people.hours_per_week, known.building.investment) == (7.5, Decimal(50000))


# What follows


def test_occupancy_and_costs_per_visit_are_as_reckoned_by_hand(study: Study, dora: User, room: int) -> None:
    week = {"mo_morning": Hours(4.0, 1.0), "mo_afternoon": Hours(6.0, 6.0), "we_evening": Hours(5.0), "fr_evening": Hours(2.0, 0.0)}
    actions.write_grid(dora, SLUG, CENTRE, room, week, version=1)
    write(AMOUNTS, practice=PracticeRow(weeks_open=50.0, dwell_hours=2.0))
    known, place = queries.of_place(SLUG, CENTRE), Place.objects.get(pk=CENTRE)
    found = told.reckoned(known, place, VisitFigures(visits=Estimate(100.0, 80.0, 125.0)))
    # 1 + 6 + 0 of 4 + 6 + 2 hours; of Wednesday evening nobody says.
    assert found.use.whole.share == pytest.approx(7 / 12)
    assert found.use.whole.available == 17
    assert (found.use.peaks, found.use.quiet) == (("mo_afternoon",), ("mo_morning", "fr_evening"))
    rows = {row.name: row.estimate for row in told.cost_rows(SLUG, found, None)}
    # 30,000 euro over 100 x 50 visits; between 125 x 50 and 80 x 50.
    assert rows["cost_per_visit"] == Estimate(6.0, 4.8, 7.5)
    assert rows["cost_per_visit_hour"] == Estimate(3.0, 2.4, 3.75)
    # Less 15,000 of room hire and bar.
    assert rows["net_per_visit"] == Estimate(3.0, 2.4, 3.75)


def test_without_visits_there_is_not_enough_data(operator: Client, study: Study) -> None:
    write(AMOUNTS)
    text = read(operator.get(f"{AT}/exploitatie")).text
    assert "niet genoeg gegevens" in text.lower()
    assert "Kosten per bezoek" in text


def test_a_line_of_the_social_value_sheet_leads_to_its_data(operator: Client, dora: User, room: int) -> None:
    actions.write_grid(dora, SLUG, CENTRE, room, {"mo_morning": Hours(4.0, 1.0)}, version=1)
    page = read(operator.get(f"{AT}/sociale-waarde"))
    assert "Uren per week in gebruik 1 " in page.text
    assert f"{AT}/zalen" in page.links()
    assert len(page.all("tr")) - 1 == len(page.all("td", data_label="Waar het vandaan komt"))


# Who sees it


def test_others_get_in_nowhere(client: Client, rival: Client, stranger: Client, room: int) -> None:
    for path in (*PAGES, f"zalen/{room}", f"zalen/{room}/week"):
        assert client.get(f"{AT}/{path}").status_code == 302
        for other in (rival, stranger):
            assert other.get(f"{AT}/{path}").status_code == 403
            assert other.post(f"{AT}/{path}", {"version": "1"}).status_code in {403, 405}
    assert rival.get(f"/{SLUG}/exploitatie").status_code == 403


def test_a_room_of_another_place_is_not_reached_through_ones_own(rival: Client, room: int) -> None:
    assert rival.get(f"/{SLUG}/plek/{LIBRARY}/zalen/{room}/week").status_code == 404
    rival.post(f"/{SLUG}/plek/{LIBRARY}/zalen/{room}/weg", {"version": "1"})
    assert Room.objects.count() == 1


def everything(client: Client) -> str:
    """All that a browser can fetch of the place and the study."""
    paths = ["", "plekken", "kaart", f"plek/{CENTRE}", f"plek/{LIBRARY}", "geld.csv", "bezoek.csv", "bezoek"]
    paths += ["data/places.json", "download/places.csv", "download/places.geojson"]
    return "".join(client.get(f"/{SLUG}/{path}").content.decode() for path in paths)


def test_money_comes_out_nowhere_before_its_release(client: Client, rival: Client, stranger: Client, operator: Client) -> None:
    write(AMOUNTS | {"rent": SECRET})
    for other in (client, rival, stranger):
        text = everything(other)
        assert not [said for said in SAID if said in text]
        assert "rent" not in other.get(f"/{SLUG}/geld.csv").content.decode()
    assert "98765.43" in operator.get(f"/{SLUG}/geld.csv").content.decode()


def test_the_operator_releases_a_year_and_takes_it_back(client: Client, operator: Client, editor: Client, study: Study) -> None:
    write(AMOUNTS)
    write({"rent": SECRET}, year=LAST - 1)
    at = f"{AT}/geld/{LAST}/vrijgeven"
    assert browser(User.objects.get(username="bob")).post(at, {"action": "release"}).status_code == 403
    operator.post(at, {"action": "release"})
    visitor = Client()
    page = read(visitor.get(AT))
    assert "€ 30.000" in page.text
    assert "€ 15.000" in page.text
    assert not [said for said in SAID if said in everything(visitor)]
    assert "30000" not in visitor.get(f"/{SLUG}/geld.csv").content.decode()
    operator.post(at, {"action": "withdraw"})
    assert "€ 30.000" not in read(visitor.get(AT)).text


def test_nobody_sees_released_money_of_a_confidential_place(client: Client, operator: Client, study: Study) -> None:
    write({"rent": SECRET})
    operator.post(f"{AT}/geld/{LAST}/vrijgeven", {"action": "release"})
    Place.objects.filter(pk=CENTRE).update(confidential=True)
    assert "98765.43" not in Client().get(f"/{SLUG}/geld.csv").content.decode()


def test_no_cell_of_the_table_is_a_formula(editor: Client, study: Study) -> None:
    Place.objects.filter(pk=CENTRE).update(name="=cmd|'/c calc'!A1")
    factories.touch(study)
    write(AMOUNTS)
    rows = list(csv.reader(io.StringIO(editor.get(f"/{SLUG}/geld.csv").content.decode())))
    assert len(rows) == 1 + len(AMOUNTS)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


# All places together


def test_editors_see_the_places_to_talk_about_first(editor: Client, study: Study) -> None:
    actions.write_building(None, SLUG, LIBRARY, BuildingRow(condition=1))
    actions.write_building(None, SLUG, CENTRE, BuildingRow(condition=6))
    page = read(editor.get(f"/{SLUG}/exploitatie"))
    assert [element.text.split(" ")[0] for element in page.all("th", scope="row")] == ["Buurthuis", "Bibliotheek"]
    by_name = read(editor.get(f"/{SLUG}/exploitatie?sorteer=name"))
    assert [element.text.split(" ")[0] for element in by_name.all("th", scope="row")] == ["Bibliotheek", "Buurthuis"]
    living = read(editor.get(f"/{SLUG}/exploitatie?archetype=living_room"))
    assert [element.text.split(" ")[0] for element in living.all("th", scope="row")] == ["Buurthuis"]


def test_the_comparison_is_made_once_a_year_and_tells_no_single_amount(editor: Client, operator: Client, study: Study) -> None:
    for number in range(8):
        place = factories.record(30 + number, "community_centre", f"Huis {number}", 5.0, 52.0)
        factories.add_places(study, [place])
        write(AMOUNTS | {"rent": Decimal(10000 + 1500 * number)}, place=place.id)
        actions.write_building(None, SLUG, place.id, BuildingRow(m2=300.0))
    write(AMOUNTS)
    actions.write_building(None, SLUG, CENTRE, BuildingRow(m2=300.0))
    editor.post(f"/{SLUG}/exploitatie/vergelijk")
    first = queries.comparison(SLUG)
    assert first is not None
    assert first.places[CENTRE]["cost_per_m2"]["n"] == 8
    editor.post(f"/{SLUG}/exploitatie/vergelijk")
    again = queries.comparison(SLUG)
    assert again is not None
    assert again.made == first.made
    text = read(operator.get(f"{AT}/exploitatie")).text
    assert "8 andere" in text
    assert operation_study.compared_places(SLUG)[CENTRE]["cost_per_m2"]["p50"] == first.places[CENTRE]["cost_per_m2"]["p50"]


def test_every_page_is_there_in_both_languages(operator: Client, room: int) -> None:
    write(AMOUNTS)
    for path in (*PAGES, f"zalen/{room}", f"zalen/{room}/week", f"zalen/{room}/week?uren"):
        for prefix in ("", "/en"):
            answer: Any = operator.get(f"{prefix}{AT}/{path}")
            assert answer.status_code == 200, path
            assert not read(answer).unclosed
