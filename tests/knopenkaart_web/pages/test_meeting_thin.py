# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of meeting say where little is known: nothing hidden follows, nothing missing is nought, and no badge claims too much."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from knopenkaart_web.places.models import Place, Study

from .reading import factories, met, read

SLUG, LIBRARY, CENTRE, CAFE = factories.SLUG, factories.LIBRARY, factories.CENTRE, factories.CAFE
Tables = dict[str, list[dict[str, Any]]]


@pytest.fixture
def changed(study: Study) -> Callable[..., None]:
    """Kleindorp reckoned, with the file changed by a function of its tables, and other words about it."""

    def make(change: Callable[[Tables], None], **about: Any) -> None:
        run, rows = met.attach(study), met.tables()
        change(rows)
        target = met.path_of(run)
        target.unlink()
        met.write(target, met.ABOUT | about, rows)

    return make


def text(client: Client, name: str, *args: object, lang: str = "nl", **query: str) -> str:
    response = client.get(reverse(name, args=[SLUG, *args]), query, headers={"accept-language": lang})
    assert response.status_code == 200
    return read(response).text


def each(table: str, **values: Any) -> Callable[[Tables], None]:
    """A change of all rows of a table."""

    def change(rows: Tables) -> None:
        rows[table] = [row | values for row in rows[table]]

    return change


def test_a_place_of_which_too_little_may_be_told_keeps_its_line_without_numbers(client: Client, changed: Callable[..., None]) -> None:
    """The engine leaves out what the café adds, and hides its visits."""

    def few(rows: Tables) -> None:
        rows["meeting_contribution"] = [row for row in rows["meeting_contribution"] if row["place_id"] != CAFE]
        numbers = ("visits", "visits_low", "visits_high", "encounters", "faces", "faces_across")
        hidden = dict.fromkeys(numbers)
        rows["meeting_places"] = [row | hidden if row["place_id"] == CAFE else row for row in rows["meeting_places"]]

    changed(few)
    page = read(client.get(reverse("meeting", args=[SLUG])))
    name = Place.objects.get(pk=CAFE).name
    line = page.text[page.text.rindex(name) :][:80]
    assert re.search(r"– – – –|– –", line), line
    assert "0 %" not in line
    found = text(client, "place_meeting", CAFE)
    assert "minder dan 10 bezoeken per week verwacht" in found
    assert "van alle herkenning (model)" not in found
    assert "Als deze plek sluit" not in found


def test_how_one_sided_a_place_is_is_not_told_where_it_cannot_be(client: Client, changed: Callable[..., None]) -> None:
    changed(each("meeting_contribution", segregation=None, null_low=None, null_high=None))
    found = text(client, "place_meeting", LIBRARY)
    assert "hoe eenzijdig de bezoekers zijn" in found
    assert "eenzijdiger dan" not in found


def test_what_was_not_counted_is_not_called_measured(client: Client, changed: Callable[..., None]) -> None:
    """Of the library the total was counted, and not its groups, nor when they come: what the model makes of it was not."""

    def counted(rows: Tables) -> None:
        rows["meeting_places"] = [row | {"badge": "measured"} if row["place_id"] == LIBRARY else row for row in rows["meeting_places"]]

    changed(counted, badge="estimated", counted=[LIBRARY])
    found = text(client, "place_meeting", LIBRARY)
    before_help = found[: found.index("Gemeten: hier geteld")]
    assert "200 bezoeken per week (marge: 180 tot 220). geschat uit telling" in before_help
    assert "gemeten" not in before_help
    after = found[found.index("Wanneer?") :]
    assert not re.search(r"\bgemeten\b", after)
    assert "is niet volledig geteld" in after
    assert "geschat uit telling" not in after


def test_shares_of_residents_that_are_hidden_are_left_out(client: Client, changed: Callable[..., None]) -> None:
    changed(each("meeting_areas", reached=None, reached_across=None))
    assert "ten minste 5 anderen" not in text(client, "meeting")


def test_a_chance_that_follows_from_assumptions_only_says_so(client: Client, changed: Callable[..., None]) -> None:
    changed(each("thesis", counted=0, probability=0.96))
    assert "Niemand heeft hier geteld, dus het blijft onbeslist. Alleen op grond van de aannames zou de kans 96 % zijn." in text(
        client, "curve"
    )


def test_one_place_has_nothing_to_be_compared_with(client: Client, changed: Callable[..., None]) -> None:
    changed(each("curve_findings", candidates=1, plateau_low=1, plateau_high=1, places=1))
    assert "Met één plek valt er niets te vergelijken." in text(client, "curve")


def test_of_numbers_that_were_not_reckoned_nothing_is_claimed(client: Client, changed: Callable[..., None]) -> None:
    changed(each("curve_findings", candidates=112, plateau_low=33, plateau_high=33))
    found = text(client, "curve")
    assert "Van de aantallen die zijn doorgerekend komt alleen 33 met zekerheid dicht bij het hoogste." in found


def test_a_measure_of_which_all_is_hidden_is_left_out(client: Client, changed: Callable[..., None]) -> None:
    changed(each("curve_points", within_500=None, visits=None))
    found = text(client, "curve")
    assert "Een plek binnen 500 meter" not in found
    assert "Een plek binnen 800 meter" in found


def one_group(rows: Tables) -> None:
    """As the engine writes it where nobody published which groups live where."""
    for table in ("meeting_areas", "meeting_places"):
        rows[table] = [row for row in rows[table] if row["group"] == "all"]
    rows["meeting_matrix"] = []
    for table, found in rows.items():
        rows[table] = [{name: None if "across" in name.split("_") else value for name, value in row.items()} for row in found]


def test_where_groups_are_not_told_apart_nothing_is_told_of_meeting_another(client: Client, changed: Callable[..., None]) -> None:
    changed(one_group, groups=["all"])
    found = text(client, "meeting")
    assert "niet bekend welke groepen waar wonen" in found
    assert "uit een andere groep" not in found
    assert "Van de bewoners herkent 42 % ten minste 5 anderen (marge: 0 tot 87 %). aangenomen" in found
    place = text(client, "place_meeting", LIBRARY)
    assert "andere groep" not in place
    assert "Met dezelfde bezoekers +400 bekende gezichten per 1.000 bewoners" in place
    curve = text(client, "curve")
    assert "Herkenning (model)" in curve
    assert "Herkenning tussen groepen" not in curve


def test_assumptions_stand_beside_a_number_that_was_reckoned_as_theirs_were(client: Client, changed: Callable[..., None]) -> None:
    """The whole study has 9.9 resident by resident; by cohorts, as the ends of the bars, it is 5.3."""

    def both(rows: Tables) -> None:
        each("meeting_areas", faces=9.9)(rows)
        each("meeting_drivers", faces=5.3)(rows)

    changed(both)
    found = text(client, "sceptic")
    table = found[found.index("Kan liggen tussen") :]
    assert "5,3" in table
    assert "9,9" not in found


def test_without_settings_no_number_is_put_beside_the_assumptions(client: Client, changed: Callable[..., None]) -> None:
    def without(rows: Tables) -> None:
        rows["curve_grid"] = []

    changed(without)
    assert text(client, "sceptic")
