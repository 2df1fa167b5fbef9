# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading how many places: what both programmes come to, which places these are, beside now, and what drives it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from knopenkaart_web.places.models import Place, Study

from .reading import factories, met, read

SLUG, LIBRARY, CENTRE, CAFE = factories.SLUG, factories.LIBRARY, factories.CENTRE, factories.CAFE


@pytest.fixture
def reckoned(study: Study) -> Study:
    """Kleindorp of which it was reckoned who meets whom."""
    met.attach(study)
    return study


def page(client: Client, name: str = "curve", **query: str) -> str:
    """What the site sends."""
    response = client.get(reverse(name, args=[SLUG]), query, headers={"accept-language": "nl"})
    assert response.status_code == 200
    return response.content.decode()


def text(client: Client, name: str = "curve", **query: str) -> str:
    """What a reader reads."""
    return read(client.get(reverse(name, args=[SLUG]), query, headers={"accept-language": "nl"})).text


def changed(client: Client, study: Study, table: str, told: dict[str, Any], **where: object) -> str:
    """What a reader reads where some rows of a table are other ones."""
    run = met.attach(study)
    rows = met.tables()
    rows[table] = [row | told if all(row[name] == value for name, value in where.items()) else row for row in rows[table]]
    met.path_of(run).unlink()
    met.write(met.path_of(run), met.ABOUT, rows)
    return text(client)


# --- what it comes to -------------------------------------------------------------------------------------------------


def test_both_programmes_are_in_the_main_points(client: Client, reckoned: Study) -> None:
    found = text(client)
    points = found[found.index("Waar het op neerkomt") : found.index("Wat verandert met het aantal plekken")]
    own, fixed = (points.index(f"Als geldt: {name}") for name in ("elke plek heeft", "het programma van nu, verdeeld"))
    assert own < fixed
    assert points.count("2 van de 3 plekken") == points.count("1 van de 3 plekken") == 2


def test_a_number_stands_beside_now_with_the_chance_that_it_is_more(client: Client, reckoned: Study) -> None:
    """6 faces for 5, and 5 for 3."""
    found = text(client)
    assert "Dat is 20 % meer dan nu (kans dat het meer is: 85 %)." in found
    assert "Dat is 67 % meer dan nu (kans dat het meer is: 90 %)." in found


@pytest.mark.parametrize(
    ("times", "chance", "said"),
    [
        (1.2, 0.79, "Of dat meer of minder is dan nu, valt niet te zeggen (kans dat het meer is: 79 %)."),
        (0.8, 0.21, "Of dat meer of minder is dan nu, valt niet te zeggen (kans dat het meer is: 21 %)."),
        (1.2, 0.1, "Of dat meer of minder is dan nu, valt niet te zeggen (kans dat het meer is: 10 %)."),
        (0.8, 0.2, "Dat is 20 % minder dan nu (kans dat het minder is: 80 %)."),
        (1.2, 1.0, "Dat is 20 % meer dan nu (kans dat het meer is: meer dan 95 %)."),
    ],
)
def test_more_or_less_than_now_is_said_only_where_that_is_sure(
    client: Client, study: Study, times: float, chance: float, said: str
) -> None:
    assert said in changed(client, study, "curve_points", {"beside_now": times, "above_now": chance}, places=2, demand="elastic")


def test_what_makes_no_difference_is_not_called_less(client: Client, study: Study) -> None:
    """Two and three places are the plateau, on which 3 per cent less in every town is no difference."""
    found = changed(client, study, "curve_points", {"beside_now": 0.97, "above_now": 0.0}, places=2, demand="elastic")
    points = found[found.index("Waar het op neerkomt") : found.index("Wat verandert met het aantal plekken")]
    assert "Tussen 2 en 3 plekken maakt het voor het model geen verschil." in points
    assert "minder dan nu" not in points


def test_where_only_all_places_give_nearly_all_no_share_of_it_is_told(client: Client, study: Study) -> None:
    found = changed(client, study, "curve_findings", {"places": 3, "share": 1.0}, demand="elastic")
    assert "van de aantallen die berekend zijn, geven alleen alle 3 plekken bijna alle herkenning die te halen is." in found
    assert "100 %" not in found[found.index("Waar het op neerkomt") : found.index("Wat verandert met het aantal plekken")]


def test_the_lines_end_at_the_places_of_now_and_that_is_said(client: Client, reckoned: Study) -> None:
    assert "Nu zijn het er 3. Daar houden de lijnen op" in text(client)


def test_the_chance_of_more_than_now_has_a_column_without_a_number_for_now(client: Client, reckoned: Study) -> None:
    found = text(client)
    table = found[found.index("Open plekken Herkenning naast") :]
    head = table[: table.index("1 67 %")]
    assert "Kans op meer herkenning dan nu" in head
    rows = {number: table[table.index(start) :][:220] for number, start in ((2, "2 100 %"), (3, "3 nu"))}
    assert re.search(r"85 % 60 %", rows[2])
    assert re.search(r"5,0 \(4,0 tot 6,0\) 3,0 \(2,4 tot 3,6\) – –", rows[3])


def test_a_file_of_before_there_was_a_list_of_places_can_still_be_read(client: Client, study: Study) -> None:
    run = met.attach(study)
    with closing(sqlite3.connect(met.path_of(run))) as connection:
        connection.execute("DROP TABLE curve_open")
        for table, columns in (
            ("curve_points", ("above_now", "beside_now", "cost", "paid")),
            ("meeting_drivers", ("kind", "kept", "value")),
        ):
            for column in columns:
                connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        connection.commit()
    found = text(client)
    assert "2 van de 3 plekken" in found
    assert "Welke plekken zijn dat?" not in found
    assert "Kans op meer herkenning dan nu" not in found
    assert "Welke aannames" not in text(client, "sceptic")


def test_only_places_that_a_municipality_pays_for_cost_something(client: Client, reckoned: Study) -> None:
    found = text(client)
    assert "€ 60.000 (€ 10.000 tot € 180.000)" in found
    assert found.count("€ 120.000 (€ 20.000 tot € 360.000)") == 2
    assert "kosten die van een plek zijn opgeschreven, zijn niet gebruikt" in found


# --- which places -----------------------------------------------------------------------------------------------------


def listed(found: str) -> str:
    return found[found.index("Voor het eerst open bij") : found.index("Wat kan een gemeente eraan doen?")]


def test_the_list_is_of_the_fewest_on_the_plateau_until_one_chooses(client: Client, reckoned: Study) -> None:
    found = text(client)
    assert "Met 2 van de 3 plekken blijven er 2 uit de lijst open. Er gaat er 1 dicht." in found
    assert re.search(r"Bibliotheek \S*.*? blijft open 2", listed(found))
    assert listed(found).count("blijft open") == 2
    assert re.search(r"gaat dicht 1", listed(found))


def test_another_number_can_be_chosen(client: Client, reckoned: Study) -> None:
    found = text(client, aantal="1")
    assert "Plekken op naam, als er 1 open zijn" in found
    assert listed(found).count("gaat dicht") == 2
    for nonsense in ("9", "-1", "veel", "1" * 40, "²"):
        assert "Plekken op naam, als er 2 open zijn" in text(client, aantal=nonsense)


def test_the_map_says_the_same_as_the_list(client: Client, reckoned: Study) -> None:
    """Once per width."""
    found = page(client, aantal="1")
    part = found[found.index('id="which"') : found.index('id="settings"')]
    titles = re.findall(r"<title>([^<]*): (blijft open|gaat dicht)</title>", part)
    assert len(titles) == 2 * len({name for name, _ in titles})
    assert sum(told == "blijft open" for _, told in titles) == 2


def test_a_place_that_closed_since_is_not_told_of(client: Client, reckoned: Study) -> None:
    Place.objects.filter(pk=CAFE).update(status="closed")
    factories.touch(reckoned)
    assert "1 plek staat er niet bij: die is niet openbaar, of intussen gesloten." in text(client)


def test_it_is_no_advice_to_close(client: Client, reckoned: Study) -> None:
    assert "een volgorde van het model en geen advies om een plek te sluiten" in text(client)


def test_without_the_list_the_page_stands(client: Client, study: Study) -> None:
    met.attach(study, without=("curve_open",))
    assert "Welke plekken zijn dat?" not in text(client)


# --- choosing ---------------------------------------------------------------------------------------------------------


def forms(found: str) -> dict[str, dict[str, str]]:
    """Per form of the page what it carries along."""
    kept: dict[str, dict[str, str]] = {}
    for form in re.findall(r"<form[^>]*kromme.*?</form>", found, re.DOTALL):
        name = "settings" if "data-kk-settings" in form else "number" if 'id="aantal"' in form else "scope"
        kept[name] = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    return kept


def test_choosing_one_thing_keeps_the_others(client: Client, reckoned: Study) -> None:
    asked = {"programma": "fixed", "aantal": "1", "frequentie": "1.5", "keer": "5", "vraag": "fixed"}
    kept = forms(page(client, **asked))
    settings = {"frequentie": "1.5", "keer": "5", "vraag": "fixed"}
    assert kept == {
        "scope": {"aantal": "1"} | settings,
        "number": {"programma": "fixed"} | settings,
        "settings": {"programma": "fixed", "aantal": "1"},
    }


def test_settings_say_of_which_programme_they_are(client: Client, reckoned: Study) -> None:
    said = "Deze lijnen gelden als elke plek een eigen programma heeft."
    beware = "vergelijk die twee niet met elkaar"
    assert said in text(client)
    assert beware not in text(client)
    assert beware in text(client, programma="fixed")


def test_settings_tell_in_how_many_conventions_a_number_gives_more_than_now(client: Client, reckoned: Study) -> None:
    found = text(client, vraag="elastic")
    assert "1 4,2 4,2 0 van 27" in found
    assert "2 6,2 6,2 27 van 27" in found
    assert "3 5,2 5,2 –" in found


def test_a_slider_is_read_out_as_it_is_written(client: Client, reckoned: Study) -> None:
    assert re.search(r'id="foyer"[^>]*aria-valuetext="20 %"', page(client))
    assert re.search(r'id="frequentie"[^>]*aria-valuetext="1,50 keer"', page(client, frequentie="1.5"))


# --- what drives it ---------------------------------------------------------------------------------------------------


def test_conventions_stand_below_what_can_be_measured(client: Client, reckoned: Study) -> None:
    found = text(client, "sceptic")
    table = found[found.index("Wat elke aanname") :]
    order = [table.index(name) for name in ("Wat te meten is", "Hoeveel mensen men per", "Afspraken: die moet", "Hoe vaak men iemand")]
    assert order == sorted(order)
    assert "Daar helpt meten niet: die moet iemand kiezen." in found


def test_what_fewer_places_leave_is_an_answer_of_its_own(client: Client, reckoned: Study) -> None:
    """What is taken in moves how much there is most, and the foyer what is left of it."""
    found = page(client, "sceptic")
    pictures = re.findall(r"<h3[^>]*>(.*?)</h3>.*?</figure>", found[found.index('id="drivers"') :], re.DOTALL)
    assert pictures[:2] == ["Hoeveel herkenning er is", "Wat er met 2 plekken van overblijft"]
    assert re.search(r"12 6 tot 24 2,0 9,0 75 % 85 % 2 – 3", text(client, "sceptic"))
