# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who can walk where in Kleindorp (reached.py), as pages read it; and what is never told."""

from __future__ import annotations

import math
from typing import Any

import pytest
from django.utils import translation

from knopenkaart_web.pages.templatetags.people import walk_minutes
from knopenkaart_web.places.models import Study
from knopenkaart_web.reach import areas, homes, queries
from knopenkaart_web.reach.views_data import EVERYBODY, HIDDEN, NOBODY
from knopenkaart_web.runs.queries import reach_state

from .factories import BARN, BENCH, CAFE, CENTRE, CHURCH, HALL, LIBRARY, MUNICIPALITY, NOORD, PLATFORM, POLDER, SLUG, ZUID
from .reached import reached


@pytest.fixture
def kleindorp(study: Study) -> Study:
    return reached(study)


def place(place_id: str) -> Any:
    found = queries.place(SLUG, place_id, lang="nl")
    assert found is not None
    return found


def area(code: str, group_of: str = "any") -> Any:
    found = areas.area(SLUG, code, lang="nl", what=group_of)
    assert found is not None
    return found


# --- a place ----------------------------------------------------------------------------------------------------------


def test_people_in_reach_are_those_of_the_homes_along_the_street(kleindorp: Study) -> None:
    """Five minutes are 400 metres, less the 11 from the street to the library's door and the 22 from each home: 21 homes of 40 people."""
    bands = place(LIBRARY).bands
    assert [(band.minutes, band.walk.people) for band in bands] == [(5, 840), (10, 1280), (15, 1620)]
    assert all(band.walk.low <= band.walk.people <= band.walk.high for band in bands)
    assert bands[0].walk.low < bands[0].walk.high, "which homes hold how many is not known"


def test_by_bicycle_one_comes_from_farther(kleindorp: Study) -> None:
    bands = place(LIBRARY).bands
    assert all(band.cycle.people >= band.walk.people for band in bands)
    assert bands[0].cycle.people > bands[0].walk.people


def test_groups_are_those_that_figures_give(kleindorp: Study) -> None:
    groups = {row.label: row for row in place(LIBRARY).groups}
    assert list(groups) == ["0 tot 15 jaar", "15 tot 25 jaar", "25 tot 45 jaar", "45 tot 65 jaar", "65 jaar en ouder"]
    assert [cell.people for cell in groups["25 tot 45 jaar"].bands] == [260, 400, 500]


def test_what_is_not_covered_and_what_lies_across_the_border_is_told(kleindorp: Study) -> None:
    assert place(LIBRARY).border, "its reach crosses the western border"
    assert (place(LIBRARY).complete, place(BARN).complete) == (True, False)


def test_a_planned_place_has_people_and_no_rivals(kleindorp: Study) -> None:
    assert place(HALL).bands[-1].walk.people > 0
    assert place(HALL).rivals == []


def test_who_divides_has_less_and_together_they_have_all(kleindorp: Study) -> None:
    rivals = {row.label: row for row in place(CENTRE).rivals}
    assert rivals["ontmoeten"].rivals >= 1
    assert rivals["ontmoeten"].people_divided < rivals["ontmoeten"].people
    alone = {row.label: row for row in place(CHURCH).rivals}["geloven en bezinnen"]
    assert (alone.rivals, alone.people_divided) == (0, alone.people)


def test_two_places_side_by_side_share_their_people(kleindorp: Study) -> None:
    shared = {row.place.id: row for row in place(LIBRARY).shared}
    assert shared[CENTRE].share_here is not None
    assert shared[CENTRE].share_here >= 0.9
    assert CAFE not in shared


@pytest.mark.parametrize("place_id", [BENCH, PLATFORM, "00000000-0000-0000-0000-000000000000"])
def test_a_place_that_was_not_reckoned_has_no_reach(kleindorp: Study, place_id: str) -> None:
    assert queries.place(SLUG, place_id, lang="nl") is None
    ground = queries.isochrones(SLUG, place_id)
    assert ground is not None
    assert ground["features"] == []


def test_the_ground_comes_largest_first(kleindorp: Study) -> None:
    ground = queries.isochrones(SLUG, LIBRARY)
    assert ground is not None
    told = [(item["properties"]["mode"], item["properties"]["minutes"]) for item in ground["features"]]
    assert told == [(mode, minutes) for mode in ("cycle", "walk") for minutes in (15, 10, 5)]
    assert {item["geometry"]["type"] for item in ground["features"]} == {"MultiPolygon"}


# --- an area ----------------------------------------------------------------------------------------------------------


def test_residents_of_an_area_are_placed_or_not(kleindorp: Study) -> None:
    placed = area(MUNICIPALITY).placed
    assert (placed.people, placed.placed, placed.not_covered, placed.no_street) == (2400, 1750, 650, 0)
    assert area(POLDER).complete is False


def test_who_goes_without_follows_from_the_street(kleindorp: Study) -> None:
    rows = {row.what: row for row in area(NOORD).what}
    assert (rows["any"].without, rows["any"].shares[-1]) == (0, 1.0)
    assert (rows["sport"].without, rows["sport"].shares) == (1600, (0.0, 0.0, 0.0))
    assert rows["sport"].median is None, "more than the longest time"
    assert rows["meet"].shares == tuple(sorted(rows["meet"].shares))
    assert rows["meet"].median <= 15


def test_groups_of_the_smallest_area_with_figures_do_not_differ(kleindorp: Study) -> None:
    found = area(NOORD, "meet")
    assert found.groups_differ is False
    assert {row.label for row in found.groups} >= {"iedereen", "0 tot 15 jaar"}


def test_the_week_tells_what_is_open_and_what_may_be(kleindorp: Study) -> None:
    """The library is open on weekdays from 10 to 17; of the community centre and the café no hours are known."""
    week = {row.hours: row.cells for row in area(NOORD).week}
    monday, sunday = week["12:00–18:00"][0], week["12:00–18:00"][6]
    assert (monday.share, sunday.share) == (0.8, 0.0)
    assert sunday.share_most == 1.0


def test_an_area_that_nobody_lives_in_has_no_reach_but_an_answer(kleindorp: Study) -> None:
    found = areas.area(SLUG, "WK999999", lang="nl", what="any")
    assert found is None or (found.placed, found.what) == (None, [])


def measured(measure: str, **chosen: Any) -> Any:
    found = areas.measure(SLUG, **({"measure": measure, "what": "", "group": "", "minutes": 0, "mode": "", "slot": ""} | chosen))
    assert found is not None
    return found


def test_the_map_shades_by_what_the_tables_say(kleindorp: Study) -> None:
    noord = {row.what: row for row in area(NOORD).what}
    meet = measured("minuten", what="meet").areas
    assert meet[NOORD]["value"] == math.ceil(noord["meet"].median)
    assert measured("minuten", what="sport").areas[NOORD] == {"value": None, "why": "far", "complete": noord["sport"].complete}
    assert measured("zonder", what="sport").areas[NOORD]["value"] == 100
    near = measured("zonder", what="meet", minutes=5)
    assert (near.minutes, near.areas[NOORD]["value"]) == (5, 100 - round(100 * noord["meet"].shares[0]))
    assert measured("perplek", what="meet").areas[NOORD]["value"] == round(1000 / noord["meet"].per_1000)
    assert measured("keuze").areas[NOORD]["value"] == area(NOORD).nodes[1]
    week = {row.hours: row.cells for row in area(NOORD).week}
    monday = next(slot for slot, label in queries.choices(SLUG, lang="nl").slots if label.startswith("maandagmiddag"))  # type: ignore[union-attr]
    assert measured("open", slot=monday).areas[NOORD]["value"] == round(100 * week["12:00–18:00"][0].share)


def test_an_area_that_is_not_covered_is_never_complete_on_the_map(kleindorp: Study) -> None:
    for measure in ("minuten", "zonder", "keuze", "perplek", "open"):
        assert measured(measure).areas[POLDER]["complete"] is False, measure


def test_the_map_falls_back_on_what_there_is(kleindorp: Study) -> None:
    found = measured("dinges", what="niets", group="marsbewoners", minutes=7, mode="vliegen", slot="nooit")
    assert (found.measure, found.what, found.group, found.minutes, found.mode, found.slot) == ("minuten", "any", "all", 10, "walk", None)
    assert measured("perplek", what="any").what == "meet", "of any place at all nobody counts the persons"
    assert measured("open", group="age_65_plus", mode="cycle", minutes=15).document()["minutes"] == 10


def test_minutes_of_too_few_people_are_not_told_as_far() -> None:
    assert areas._minutes_of({"people": 20, "p50": None}, "p50") == HIDDEN
    assert areas._minutes_of({"people": None, "p50": None}, "p50") == HIDDEN
    assert areas._minutes_of({"people": 30, "p50": None}, "p50") is None
    assert areas._minutes_of({"people": 30, "p50": 3.2}, "p50") == 3.2
    with translation.override("nl"):
        assert (walk_minutes(HIDDEN, 15), walk_minutes(None, 15), walk_minutes(3.2, 15)) == ("–", "meer dan 15 min", "4 min")


@pytest.mark.parametrize(
    ("share", "without", "told"),
    [
        (0.0, 0, (0.0, 1.0)),
        (1.0, 25_000, (1.0, 0.0)),
        (0.25, 6250, (0.25, 0.75)),
        (None, None, (NOBODY, EVERYBODY)),
        (0.0, 20, (NOBODY, EVERYBODY)),
        (None, 25_000, (EVERYBODY, NOBODY)),
        (1.0, 24_980, (EVERYBODY, NOBODY)),
    ],
)
def test_a_few_are_not_nothing_and_all_but_a_few_are_not_all(share: float | None, without: int | None, told: tuple[Any, Any]) -> None:
    row = {"people": 25_000, "without": without, "share": share}
    assert (areas._share(row, "without"), areas._within(row)) == told


def test_why_there_is_no_figure_is_told() -> None:
    told = areas._or_why
    assert told({"people": 0}, None, "far") == {"value": None, "why": "nobody"}
    assert told({"people": None}, 3.0, "far") == {"value": None, "why": "few"}
    assert told({"people": 20}, None, "far") == {"value": None, "why": "far"}
    assert (told({"people": 20}, 4.0, "far"), told({"people": 20}, 4.01, "far")) == ({"value": 4}, {"value": 5})


# --- the overview -----------------------------------------------------------------------------------------------------


def overview(**chosen: Any) -> Any:
    found = areas.overview(SLUG, **({"what": "", "group": "", "minutes": 0, "mode": "", "lang": "nl"} | chosen))
    assert found is not None
    return found


def test_areas_where_most_go_without_come_first(kleindorp: Study) -> None:
    rows = overview(what="meet").areas
    assert [row.code for row in rows] == [MUNICIPALITY, ZUID, NOORD, POLDER]
    assert [row.share for row in rows[1:]] == sorted((row.share for row in rows[1:]), reverse=True)


def test_unknown_choices_fall_back_on_the_usual(kleindorp: Study) -> None:
    found = overview(what="dinges", group="marsbewoners", minutes=7, mode="vliegen")
    assert [choice.id for choices in (found.what, found.groups, found.minutes, found.modes) for choice in choices if choice.chosen] == [
        "any",
        "all",
        "10",
        "walk",
    ]


def test_places_with_most_people_come_first(kleindorp: Study) -> None:
    rows = overview().places
    assert [row.reached.people for row in rows] == sorted((row.reached.people or 0 for row in rows), reverse=True)
    assert rows[0].place.id == CENTRE
    assert HALL not in {row.place.id for row in rows}, "what is planned does not count"


def test_the_table_says_what_it_is_of(kleindorp: Study) -> None:
    found = overview(what="meet", group="age_65_plus", minutes=15, mode="cycle")
    assert found.title == "Wie heeft dit niet binnen 15 minuten met de fiets: ontmoeten (65 jaar en ouder)"
    assert found.query == "vlak=zonder%3Ameet&groep=age_65_plus&minuten=15&hoe=cycle"


# --- a home -----------------------------------------------------------------------------------------------------------


def test_an_address_is_found_by_street_and_by_postcode(kleindorp: Study) -> None:
    assert [choice.label for choice in homes.find(SLUG, "dorpsstraat 3")] == ["Dorpsstraat 3, 9001AA Kleindorp"]
    assert homes.find(SLUG, "9001 aa 3") == homes.find(SLUG, "Dorpsstraat 3")
    for more in ("Dorpsstraat 3 Kleindorp", "Dorpsstraat 3, Kleindorp", "Dorpsstraat 3 bis", "Dorpsstraat 3a"):
        assert homes.find(SLUG, more) == homes.find(SLUG, "Dorpsstraat 3"), more
    every = [choice.label.split(",")[0] for choice in homes.find(SLUG, "Dorps")]
    assert every == [f"Dorpsstraat {number}" for number in range(1, homes.MOST_CHOICES + 2)], "by number, and one more than is shown"
    for nothing in ("", "x", "Nergensstraat 3", "Dorpsstraat 999", "3"):
        assert homes.find(SLUG, nothing) == []


def test_what_is_near_a_home_is_the_nearest_of_each_kind(kleindorp: Study) -> None:
    (choice,) = homes.find(SLUG, "Dorpsstraat 10")
    found = homes.home(SLUG, choice.home, lang="nl")
    assert found is not None
    near = {row.label: row for row in found.near}
    assert near["leren"].place is not None
    assert near["leren"].place.label == "Bibliotheek Noord"
    assert near["sporten en bewegen"].place is None
    anything = near["een plek met een sociale functie"]
    assert anything.walk_min == min(row.walk_min for row in found.near if row.walk_min is not None)
    assert anything.cycle_min is not None
    assert anything.cycle_min <= anything.walk_min
    assert [minutes for minutes, _, _, _ in found.nodes] == [5, 10, 15]


def test_near_uncovered_ground_minutes_are_at_most_so_many(kleindorp: Study) -> None:
    """The last home of Zuid is 600 metres from the Polder: what is farther than eight minutes may have a nearer rival there."""
    (choice,) = homes.find(SLUG, "Dorpsstraat 44")
    found = homes.home(SLUG, choice.home, lang="nl")
    assert found is not None
    assert not found.complete
    for row in found.near:
        assert row.walk_sure == (row.walk_min is not None and row.walk_min <= 7), row.label
    far = homes.home(SLUG, homes.find(SLUG, "Dorpsstraat 1")[0].home, lang="nl")
    assert far is not None
    assert far.complete
    assert all(row.walk_sure for row in far.near)


def test_a_click_finds_the_nearest_home_and_a_click_in_the_field_none(kleindorp: Study) -> None:
    found = homes.at(SLUG, 5.0052, 52.0053, lang="nl")
    assert found is not None
    assert found.label.startswith("Dorpsstraat 10")
    assert homes.at(SLUG, 5.0052, 52.015, lang="nl") is None


# --- what is never told -----------------------------------------------------------------------------------------------


def test_no_count_of_people_is_exact_or_small(kleindorp: Study) -> None:
    """Everything in the file of pages and beside it: 0, nothing, or a multiple of ten."""
    state = reach_state(SLUG)
    assert state is not None
    import csv
    import sqlite3

    from knopenkaart.tables import ALL

    counted = {name: [c for c, column in table.columns.items() if column.kind == "people"] for name, table in ALL.items()}
    with sqlite3.connect(state.path) as connection:
        stored = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for name in stored & set(counted):
            for column in counted[name]:
                wrong = connection.execute(f'SELECT count(*) FROM "{name}" WHERE "{column}" % 10 <> 0').fetchone()
                assert wrong == (0,), (name, column)
    files = {path.stem: path for path in state.path.parent.glob("*.csv")}
    assert len(files) == 9
    for name, path in files.items():
        rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
        values = {row[column] for row in rows for column in counted[name] if row[column]}
        assert {value for value in values if float(value) % 10} == set(), name
