# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who can walk where in Kleindorp (reached.py), as pages read it; when it is reckoned anew; and what is never told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from knopenkaart_web.accounts.models import User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.places import actions as places
from knopenkaart_web.places.models import Place, Study
from knopenkaart_web.reach import homes, queries
from knopenkaart_web.runs import actions, tasks
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.queries import reach_folder_file, reach_state

from .factories import BARN, BENCH, CAFE, CENTRE, CHURCH, HALL, LIBRARY, MUNICIPALITY, NOORD, PLATFORM, POLDER, SLUG, ZUID, touch
from .folders import build
from .reached import attach, reached, results


@pytest.fixture
def kleindorp(study: Study) -> Study:
    return reached(study)


def place(place_id: str) -> Any:
    found = queries.place(SLUG, place_id, lang="nl")
    assert found is not None
    return found


def area(code: str, group_of: str = "any") -> Any:
    found = queries.area(SLUG, code, lang="nl", what=group_of)
    assert found is not None
    return found


# --- a place ----------------------------------------------------------------------------------------------------------


def test_people_in_reach_are_those_of_the_homes_along_the_street(kleindorp: Study) -> None:
    """Five minutes are 400 metres, less the 11 from the street to the library's door and the 22 from each home: 21 homes of 40 people."""
    walk = place(LIBRARY).walk
    assert [(band.minutes, band.people) for band in walk] == [(5, 840), (10, 1280), (15, 1620)]
    assert all(band.low <= band.people <= band.high for band in walk)
    assert walk[0].low < walk[0].high, "which homes hold how many is not known"


def test_by_bicycle_one_comes_from_farther(kleindorp: Study) -> None:
    found = place(LIBRARY)
    assert all(by_bike.people >= on_foot.people for on_foot, by_bike in zip(found.walk, found.cycle, strict=True))
    assert found.cycle[0].people > found.walk[0].people


def test_groups_are_those_that_figures_give(kleindorp: Study) -> None:
    groups = {row.group: row for row in place(LIBRARY).groups}
    assert list(groups) == ["age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus"]
    assert groups["age_25_44"].people == (260, 400, 500)
    assert (groups["age_65_plus"].label, groups["age_65_plus"].dimension) == ("65 jaar en ouder", "leeftijd")


def test_what_is_not_covered_and_what_lies_across_the_border_is_told(kleindorp: Study) -> None:
    assert place(LIBRARY).border, "its reach crosses the western border"
    assert (place(LIBRARY).complete, place(BARN).complete) == (True, False)


def test_a_planned_place_has_people_and_no_rivals(kleindorp: Study) -> None:
    assert place(HALL).walk[-1].people > 0
    assert place(HALL).rivals == []


def test_who_divides_has_less_and_together_they_have_all(kleindorp: Study) -> None:
    rivals = {row.function: row for row in place(CENTRE).rivals}
    assert rivals["meet"].rivals >= 1
    assert rivals["meet"].people_divided < rivals["meet"].people
    alone = {row.function: row for row in place(CHURCH).rivals}["worship"]
    assert (alone.rivals, alone.people_divided) == (0, alone.people)


def test_two_places_side_by_side_share_their_people(kleindorp: Study) -> None:
    shared = {row.place_id: row for row in place(LIBRARY).shared}
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
    assert (rows["any"].without, rows["any"].share_without) == (0, 0.0)
    assert (rows["sport"].without, rows["sport"].share_without) == (1600, 1.0)
    assert rows["sport"].median is None, "more than the longest time"
    assert rows["meet"].shares == tuple(sorted(rows["meet"].shares))
    assert rows["meet"].median < rows["meet"].p90


def test_groups_of_the_smallest_area_with_figures_do_not_differ(kleindorp: Study) -> None:
    found = area(NOORD, "meet")
    assert found.groups_differ is False
    assert {row.group for row in found.groups} >= {"all", "age_0_14"}


def test_the_week_tells_what_is_open_and_what_may_be(kleindorp: Study) -> None:
    """The library is open on weekdays from 10 to 17; of the community centre and the café no hours are known."""
    week = {row.hours: row.cells for row in area(NOORD).week}
    monday, sunday = week["12:00–18:00"][0], week["12:00–18:00"][6]
    assert (monday.share, sunday.share) == (0.8, 0.0)
    assert sunday.share_most == 1.0


def test_an_area_that_nobody_lives_in_has_no_reach_but_an_answer(kleindorp: Study) -> None:
    found = queries.area(SLUG, "WK999999", lang="nl", what="any")
    assert found is None or (found.placed, found.what) == (None, [])


def test_the_map_shades_by_what_the_tables_say(kleindorp: Study) -> None:
    shades = queries.shading(SLUG)
    assert shades is not None
    assert (shades.near_min, shades.longest) == (10, 15)
    assert shades.areas[NOORD]["minutes"]["sport"] == 16
    assert shades.areas[NOORD]["without"]["sport"] == 1.0
    assert shades.areas[POLDER]["complete"] is False


# --- the overview -----------------------------------------------------------------------------------------------------


def overview(**chosen: Any) -> Any:
    found = queries.overview(SLUG, **({"what": "", "group": "", "minutes": 0, "mode": "", "lang": "nl"} | chosen))
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
    assert [row.people for row in rows] == sorted((row.people or 0 for row in rows), reverse=True)
    assert rows[0].place.id == CENTRE


# --- a home -----------------------------------------------------------------------------------------------------------


def test_an_address_is_found_by_street_and_by_postcode(kleindorp: Study) -> None:
    assert [choice.label for choice in homes.find(SLUG, "dorpsstraat 3")] == ["Dorpsstraat 3, 9001AA Kleindorp"]
    assert homes.find(SLUG, "9001 aa 3") == homes.find(SLUG, "Dorpsstraat 3")
    assert len(homes.find(SLUG, "Dorps")) == homes.MOST_CHOICES
    for nothing in ("", "x", "Nergensstraat 3", "Dorpsstraat 999", "3"):
        assert homes.find(SLUG, nothing) == []


def test_what_is_near_a_home_is_the_nearest_of_each_kind(kleindorp: Study) -> None:
    (choice,) = homes.find(SLUG, "Dorpsstraat 10")
    found = homes.home(SLUG, choice.home, lang="nl")
    assert found is not None
    near = {row.what: row for row in found.near}
    assert near["learn"].place is not None
    assert near["learn"].place.label == "Bibliotheek Noord"
    assert near["sport"].place is None
    assert near["any"].walk_min == min(row.walk_min for row in found.near if row.walk_min is not None)
    assert [minutes for minutes, _, _ in found.nodes] == [5, 10, 15]


def test_a_click_finds_the_nearest_home_and_a_click_in_the_field_none(kleindorp: Study) -> None:
    found = homes.at(SLUG, 5.0052, 52.0053, lang="nl")
    assert found is not None
    assert found.label.startswith("Dorpsstraat 10")
    assert homes.at(SLUG, 5.0052, 52.015, lang="nl") is None


# --- when it is reckoned ----------------------------------------------------------------------------------------------


def test_nothing_is_known_before_it_was_reckoned(study: Study) -> None:
    assert queries.place(SLUG, LIBRARY, lang="nl") is None
    assert queries.isochrones(SLUG, LIBRARY) is None
    assert queries.shading(SLUG) is None
    assert queries.homes_layer(SLUG) is None
    assert homes.find(SLUG, "Dorpsstraat 3") == []
    assert homes.home(SLUG, 0, lang="nl") is None
    assert reach_state(SLUG) is None


def test_after_a_correction_it_is_stale_until_it_was_reckoned_anew(kleindorp: Study, bob: User, tmp_path: Path) -> None:
    kleindorp.refresh_from_db()
    before = place(LIBRARY)
    assert not before.about.stale
    places.change_status(bob, SLUG, CENTRE, "closed", "verbouwing")
    assert place(LIBRARY).about.stale
    attach(Study.objects.get(), results())
    assert not place(LIBRARY).about.stale


def test_the_clock_has_every_study_reckoned_anew_that_changed(kleindorp: Study, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(actions, "execute", started.append)
    Study.objects.update(folder="somewhere")
    assert actions.renew_reach() == [], "it is as new as the places are"
    places.change_status(bob, SLUG, CENTRE, "closed", "verbouwing")
    assert actions.renew_reach() == [SLUG]
    assert actions.renew_reach() == [], "it is waiting already"
    Run.objects.filter(state="waiting").update(state="failed", error_code="run.broken")
    assert actions.renew_reach() == [], "what failed once is not tried every minute"
    assert Event.objects.filter(action="start_run", actor="system").exists()


def test_the_worker_looks_every_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(actions, "renew_reach", lambda: seen.append(True))
    tasks.renew_reach.call_local()
    assert seen == [True]


def test_an_editor_may_have_it_reckoned_and_a_visitor_not(kleindorp: Study, bob: User) -> None:
    with pytest.raises(PermissionDenied):
        actions.start(AnonymousUser(), SLUG, "reach", {})
    touch(kleindorp)
    assert actions.start(bob, SLUG, "reach", {})


def test_reach_follows_the_corrected_places(study: Study, bob: User, tmp_path: Path) -> None:
    """The whole way: a place is moved and one closed, and the engine reckons with the rows of the database."""
    from . import factories

    folder = build(tmp_path / "study", factories.records(), reachable=True)
    Study.objects.update(folder=str(folder))
    Place.objects.filter(pk=CENTRE).update(lon=5.0455, lat=52.0051)
    places.change_status(bob, SLUG, CAFE, "closed", "verbouwing")
    assert actions.do_reach_now(SLUG)
    assert place(CENTRE).walk[0].people < 200, "few live in the Polder"
    assert queries.place(SLUG, CAFE, lang="nl") is None
    assert reach_folder_file(SLUG, "gaps.csv") is not None
    assert actions.do_reach_now(SLUG), "it is there already"
    assert Run.objects.filter(kind="reach").count() == 1


def test_a_study_of_an_older_version_loads_and_has_no_reach(study: Study, tmp_path: Path) -> None:
    from . import factories

    folder = build(tmp_path / "study", factories.records())
    manifest = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    for name in ("edges", "homes", "residents", "isochrones"):
        del manifest["files"][name]
    (folder / "study.json").write_text(json.dumps(manifest), encoding="utf-8")
    Study.objects.update(folder=str(folder))
    assert not actions.do_reach_now(SLUG)
    assert Run.objects.get().error_code == "store.no_table"
    assert queries.place(SLUG, LIBRARY, lang="nl") is None


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
