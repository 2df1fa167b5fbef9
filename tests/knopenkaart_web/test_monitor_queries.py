# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What pages are told of the Wijkmonitor: areas, figures through the years, outlines."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from knopenkaart_web.monitor import queries, stamping
from knopenkaart_web.monitor.models import Edition
from knopenkaart_web.monitor.views_data import AreaRef
from knopenkaart_web.places.models import Area, Study

from . import factories as f
from . import monitored as m


def ref(code: str, year: int | None = None) -> AreaRef:
    found = queries.area(code, year=year)
    assert found is not None
    return found


def number(code: str, indicator: str, year: int, **more: Any) -> float | None:
    found = queries.values([ref(code)])[code].value(indicator, year=year, **more)
    return found.value if found else None


def test_without_a_monitor_there_is_none(db: Any) -> None:
    assert queries.edition() is None
    assert queries.area(f.NOORD) is None
    assert queries.find("noord") == []
    assert queries.values([]) == {}
    assert queries.level("wijk", indicators=["population"]) == {}


def test_the_edition_tells_years_and_areas_of_the_latest(monitor: Study) -> None:
    found = queries.edition()
    assert found is not None
    assert (found.years, found.latest, found.invented) == ((2022, 2024), 2024, True)
    assert found.areas == {"country": 1, "municipality": 2, "wijk": 5, "buurt": 3}
    assert [source.id for source in found.sources] == [m.CBS_BEFORE, m.CBS]


def test_sources_of_a_study_are_those_published_and_its_own(monitor: Study) -> None:
    other = Study.objects.create(slug="grootdorp", name="Grootdorp")
    m.own_table(other)
    assert list(queries.sources("kleindorp")) == [m.CBS_BEFORE, m.CBS, m.OWN]
    assert set(queries.sources()) == {m.CBS_BEFORE, m.CBS, m.OWN, "grootdorp/own-2024"}
    own = queries.sources()[m.OWN]
    assert (own.own, own.title, own.attribution) == ("kleindorp", "Eigen cijfers van Kleindorp", "Gemeente Kleindorp")


def test_an_area_is_the_latest_of_its_code_unless_a_year_is_asked(monitor: Study) -> None:
    assert ref(f.ZUID).name == "Zuid"
    assert ref(f.ZUID, 2022).name == "Zuidrand"
    assert ref(m.OUDE_HAVEN).year == 2022
    assert queries.area(m.OUDE_HAVEN, year=2024) is None


def test_parents_and_children(monitor: Study) -> None:
    assert [area.name for area in queries.parents(ref(f.MOLENKWARTIER))] == ["Nederland", "Kleindorp", "Noord"]
    assert [area.name for area in queries.parents(ref(f.NOORD))] == ["Nederland", "Kleindorp"]
    assert queries.parents(ref(m.COUNTRY)) == []
    assert [area.name for area in queries.children(ref(m.COUNTRY))] == ["Grootdorp", "Kleindorp"]
    assert [area.name for area in queries.children(ref(f.MUNICIPALITY))] == ["Noord", "Polder", "Zuid"]
    assert [area.name for area in queries.children(ref(f.MUNICIPALITY), level="buurt")] == ["Dorpskern", "Molenkwartier"]
    assert [area.name for area in queries.children(ref(m.GROOTDORP, 2022))] == ["Haven", "Oude Haven", "Veld"]
    assert queries.children(ref(f.MOLENKWARTIER)) == []
    assert queries.children(ref(f.NOORD), level="municipality") == []


def test_areas_are_found_by_the_begin_of_their_name_then_by_any_part(monitor: Study) -> None:
    assert [area.name for area in queries.find("DORP")] == ["Dorpskern", "Grootdorp", "Kleindorp"]
    assert [area.name for area in queries.find("nóórd")] == ["Noord"]
    assert [area.code for area in queries.find(" wk900201 ")] == [m.HAVEN]
    assert queries.find("  ") == []
    assert queries.find("oude haven") == []
    assert len(queries.find("e", limit=2)) == 2


def test_figures_of_the_own_division(monitor: Study) -> None:
    assert number(f.NOORD, "population", 2024) == 1600
    found = queries.values([ref(f.ZUID)])[f.ZUID].value("origin_outside_europe")
    assert found is not None
    assert (found.value, found.reason, found.source, found.area_year, found.nature) == (None, "suppressed", m.CBS, 2024, "register")


def test_figures_of_a_year_in_which_the_area_was_the_same_are_joined(monitor: Study) -> None:
    assert number(f.NOORD, "population", 2022) == 1560
    assert number(f.NOORD, "employment_rate", 2022) == 57
    found = queries.values([ref(f.NOORD)])[f.NOORD].value("population", year=2022)
    assert found is not None
    assert (found.area_year, found.bridged) == (2022, False)
    assert number(m.COUNTRY, "population", 2022) == 12000


@pytest.mark.parametrize("code", [f.ZUID, f.POLDER])
def test_a_doubtful_or_broken_link_gives_no_figures(monitor: Study, code: str) -> None:
    assert queries.values([ref(code)])[code].years("population") == (2024,)


def test_only_counts_are_bridged_by_the_share_of_dwellings(monitor: Study) -> None:
    found = queries.values([ref(m.HAVEN)])[m.HAVEN]
    # Three quarters of 4,000 and all of 1,800.
    people = found.value("population", year=2022)
    assert people is not None
    assert (people.value, people.bridged, people.low, people.high) == (4800, True, None, None)
    assert found.years("employment_rate") == (2024,)


def test_a_bridge_with_a_part_that_is_suppressed_has_no_sum(monitor: Study) -> None:
    m.publish(m.OUDE_HAVEN, m.BEFORE, "pop_0_14", None)
    found = queries.values([ref(m.HAVEN)])[m.HAVEN].value("pop_0_14", year=2022)
    assert found is not None
    assert (found.value, found.reason, found.bridged) == (None, "suppressed", True)


def test_an_area_of_an_earlier_year_is_joined_to_later_figures_only_where_it_is_the_same(monitor: Study) -> None:
    assert queries.values([ref(f.NOORD, 2022)])[f.NOORD].years("population") == (2022, 2024)
    assert queries.values([ref(m.HAVEN, 2022)])[m.HAVEN].years("population") == (2022,)
    assert queries.values([ref(f.ZUID, 2022)])[f.ZUID].years("population") == (2022,)


def test_own_tables_stand_beside_what_was_published_and_hidden_stays_hidden(monitor: Study) -> None:
    found = queries.values([ref(f.NOORD), ref(f.ZUID)])
    theirs = found[f.NOORD].value("employment_rate", group="origin_outside_europe")
    assert theirs is not None
    assert (theirs.value, theirs.n, theirs.nature, theirs.source) == (40, 330, "own", m.OWN)
    hidden = found[f.ZUID].value("employment_rate", group="origin_outside_europe")
    assert hidden is not None
    assert (hidden.value, hidden.n, hidden.reason) == (None, None, "hidden")


def test_only_some_indicators(monitor: Study) -> None:
    refs = [ref(f.NOORD), ref(f.ZUID)]
    for _ in range(2):
        found = queries.values(refs, indicators=["population"])
        assert {value.indicator for area in found.values() for value in area.values} == {"population"}
        # Now all of them are in memory.
        queries.values(refs)


def test_links_tell_why_a_series_breaks(monitor: Study) -> None:
    (link,) = queries.links(f.ZUID)
    assert (link.verdict, link.reason, link.name_from, link.people_from, link.people_to) == ("doubtful", "other_name", "Zuidrand", 400, 80)
    (bridge,) = queries.links(m.HAVEN)
    assert bridge.parts == {m.HAVEN: 0.75, m.OUDE_HAVEN: 1.0}


def test_a_level_of_the_country_of_a_municipality_and_of_a_wijk(monitor: Study) -> None:
    wijken = queries.level("wijk", indicators=["population", "pop_0_14"])
    assert sum(area.value("population").value for area in wijken.values()) == 12400  # type: ignore[union-attr,misc]
    assert set(queries.level("wijk", within=m.GROOTDORP, indicators=["population"])) == {m.HAVEN, m.VELD}
    assert set(queries.level("buurt", within=f.NOORD, indicators=["population"])) == {f.MOLENKWARTIER, m.DORPSKERN}
    assert set(queries.level("wijk", within=m.GROOTDORP, year=2022, indicators=["population"])) == {m.HAVEN, m.OUDE_HAVEN, m.VELD}


def test_a_level_has_figures_of_its_own_division_only(monitor: Study) -> None:
    found = queries.level("wijk", within=f.MUNICIPALITY, indicators=["population", "employment_rate"])
    assert {value.year for area in found.values() for value in area.values} == {2024}
    assert {value.indicator for value in found[f.NOORD].values} == {"population", "employment_rate"}


def test_outlines_are_those_of_the_monitor_else_of_a_study_of_the_same_year(monitor: Study) -> None:
    refs = [ref(code) for code in (f.NOORD, f.MOLENKWARTIER, m.COUNTRY)]
    Area.objects.filter(code=f.NOORD).update(geojson="{}")
    found = queries.outlines(refs)
    assert found[f.NOORD] == f.square(5.0, 52.0)
    assert found[f.MOLENKWARTIER] == Area.objects.get(code=f.MOLENKWARTIER).geojson
    assert m.COUNTRY not in found
    assert queries.outlines([ref(f.NOORD, 2022)]) == {}


def test_the_study_that_holds_an_area(monitor: Study) -> None:
    assert queries.study_of(ref(f.NOORD)) == "kleindorp"
    # In 2022 Noord was the same wijk and Zuid another.
    assert queries.study_of(ref(f.NOORD, 2022)) == "kleindorp"
    assert queries.study_of(ref(f.ZUID, 2022)) is None
    assert queries.study_of(ref(m.HAVEN)) is None
    assert queries.study_of(ref(m.COUNTRY)) is None


def test_a_page_of_a_wijk_asks_little(monitor: Study, django_assert_num_queries: Any) -> None:
    stamping.renew()
    # The stamp; the wijk, its country, its municipality, what is beside it; links, areas, sources, what was published, own figures.
    for queries_ in (10, 1):
        with django_assert_num_queries(queries_), stamping.held():
            wijk = ref(f.NOORD)
            above = queries.parents(wijk)
            beside = queries.children(above[1])
            assert len(queries.values([wijk, *above, *beside])) == 5


def test_all_of_a_request_is_of_one_edition_and_the_next_of_the_new_one(monitor: Study) -> None:
    with stamping.held():
        first = queries.stamp()
        Edition.objects.update(stamp="00000000-0000-4000-8000-000000000000")
        assert queries.stamp() == first
    with stamping.held():
        assert queries.stamp() == "00000000-0000-4000-8000-000000000000"


def test_who_writes_in_a_request_sees_what_it_wrote(monitor: Study) -> None:
    with stamping.held():
        first = queries.stamp()
        stamping.renew()
        assert queries.stamp() != first


def test_a_request_asks_once_what_is_loaded(monitor: Study, client: Client) -> None:
    address = f"/wijkmonitor/{f.NOORD}"
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert sum("monitor_edition" in query["sql"] for query in asked) == 1
    assert not any("monitor_publishedfigures" in query["sql"] for query in asked)


def test_what_is_kept_in_memory_goes_when_figures_change(monitor: Study) -> None:
    assert number(f.NOORD, "population", 2024) == 1600
    assert queries.level("wijk", indicators=["population"])[f.NOORD].value("population").value == 1600  # type: ignore[union-attr]
    m.publish(f.NOORD, m.NOW, "population", 1605.0, renew=False)
    assert number(f.NOORD, "population", 2024) == 1600
    stamping.renew()
    assert number(f.NOORD, "population", 2024) == 1605
    assert queries.level("wijk", indicators=["population"])[f.NOORD].value("population").value == 1605  # type: ignore[union-attr]


def test_there_is_one_edition(monitor: Study) -> None:
    m.wijkmonitor()
    assert Edition.objects.count() == 1
