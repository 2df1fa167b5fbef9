# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Areas and studies: every count of Kleindorp by hand, and what is unknown stays unknown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from knopenkaart_web.places import queries
from knopenkaart_web.places.geometry import contains, distance_m
from knopenkaart_web.places.models import Area, Figure, KindSelection, Place, Study
from knopenkaart_web.places.views_data import AreaView, MunicipalityView

from . import factories
from .factories import MOLENKWARTIER, MUNICIPALITY, NOORD, POLDER, SLUG, ZUID


def area(code: str) -> AreaView:
    view = queries.area(SLUG, code, lang="nl")
    assert view is not None
    return view


def municipality() -> MunicipalityView:
    view = queries.municipality(SLUG, None, lang="nl")
    assert view is not None
    return view


def test_a_wijk_counts_its_nodes_and_nothing_else(study: Study) -> None:
    view = area(NOORD)
    assert (view.nodes, view.nodes_found, view.population) == (3, 3, 1600)
    assert view.per_1000 == pytest.approx(1.875)
    assert {row.kind: row.count for row in view.kinds} == {"library": 1, "community_centre": 1, "cafe": 1}


def test_a_wijk_that_is_not_covered_has_no_count_but_says_what_was_found(study: Study) -> None:
    view = area(POLDER)
    assert (view.nodes, view.nodes_found, view.per_1000) == (None, 1, None)
    assert view.coverage.status == "marginal"
    assert {row.count for row in view.counts} == {None}
    assert [notice.code for notice in view.notices] == ["figures.not_joined"]


@pytest.mark.parametrize("status", ["partial", "marginal", "unknown", "unusable"])
def test_only_a_covered_area_has_a_count(study: Study, status: str) -> None:
    Area.objects.filter(code=NOORD).update(coverage_status=status)
    factories.touch(study)
    assert area(NOORD).nodes is None


def test_under_a_hundred_inhabitants_there_is_no_rate(study: Study) -> None:
    view = area(ZUID)
    assert (view.nodes, view.population, view.per_1000) == (1, 80, None)


def test_without_a_population_there_is_no_rate(study: Study) -> None:
    Figure.objects.filter(area__code=NOORD, indicator="population").update(joined=False)
    factories.touch(study)
    assert (area(NOORD).population, area(NOORD).per_1000, area(NOORD).nodes) == (None, None, 3)


def test_functions_are_held_against_the_municipality(study: Study) -> None:
    meet = next(row for row in area(NOORD).counts if row.function == "meet")
    assert (meet.count, meet.municipality_count) == (3, 4)
    assert meet.per_1000 == pytest.approx(1000 * 3 / 1600)
    assert meet.municipality_per_1000 == pytest.approx(1000 * 4 / 2400)


def test_a_municipality_has_the_parts_of_its_sentence(study: Study) -> None:
    view = municipality()
    assert (view.nodes, view.digital, view.population, view.population_rounded) == (5, 1, 2400, 2400)
    assert view.population_year == 2024
    assert view.osm_date is not None
    assert [row.name for row in view.wijken] == ["Noord", "Polder", "Zuid"]


@pytest.mark.parametrize(("population", "rounded"), [(24_987, 25_000), (9_949, 9_900), (104_572, 105_000), (80, 100)])
def test_inhabitants_are_said_in_round_numbers(study: Study, population: int, rounded: int) -> None:
    Figure.objects.filter(area__code=MUNICIPALITY, indicator="population").update(value=population)
    factories.touch(study)
    assert municipality().population_rounded == rounded
    assert municipality().population == population


def test_what_counts_is_the_choice_of_the_municipality(study: Study) -> None:
    KindSelection.objects.create(study=study, kind="cafe", counts=False, reason="Horeca telt hier niet.")
    KindSelection.objects.create(study=study, kind="hairdresser", counts=True, reason="Daar hoort men alles.")
    factories.touch(study)
    assert area(NOORD).nodes == 3
    rows = {row.kind: row for row in municipality().selection}
    assert (rows["cafe"].counts, rows["cafe"].why, rows["cafe"].chosen_here) == (False, "Horeca telt hier niet.", True)
    assert (rows["hairdresser"].counts, rows["hairdresser"].count) == (True, 1)
    assert "bench" not in rows, "a small spot is never a node"


@pytest.mark.parametrize(
    "column", [{"status": "vacant"}, {"status": "planned"}, {"small_spot": True}, {"neighbour": True}, {"removed": True}]
)
def test_a_place_stops_counting_when_it_is_no_open_place_of_here(study: Study, column: dict[str, object]) -> None:
    Place.objects.filter(pk=factories.LIBRARY).update(**column)
    factories.touch(study)
    assert area(NOORD).nodes == 2


def test_a_buurt_knows_its_wijk_and_municipality(study: Study) -> None:
    view = area(MOLENKWARTIER)
    assert view.wijk is not None
    assert view.municipality is not None
    assert (view.wijk.code, view.municipality.code, view.nodes) == (NOORD, MUNICIPALITY, 2)
    assert [child.code for child in area(NOORD).children] == [MOLENKWARTIER]
    assert [child.code for child in area(MUNICIPALITY).children] == [NOORD, POLDER, ZUID]


def test_a_figure_that_could_not_be_joined_has_no_value_and_a_reason(study: Study) -> None:
    figures = {row.indicator: row for row in area(NOORD).figures}
    assert (figures["population"].value, figures["population"].source_title) == (1600, "Kerncijfers")
    assert (figures["dwellings"].value, figures["dwellings"].reason) == (None, "other_area")


def test_the_map_gets_wijken_with_counts_and_no_number_for_the_unknown(study: Study) -> None:
    data = queries.map_areas(SLUG, lang="nl", url=lambda code, level: f"/{level}/{code}")
    assert data is not None
    rows = {feature["properties"]["code"]: feature["properties"] for feature in data["features"]}
    assert set(rows) == {MUNICIPALITY, NOORD, ZUID, POLDER}
    assert (rows[NOORD]["nodes"], rows[NOORD]["byFunction"]) == (3, {"eat": 2, "learn": 1, "meet": 3})
    assert (rows[POLDER]["nodes"], rows[POLDER]["coverage"]) == (None, "marginal")
    assert (rows[ZUID]["few"], rows[NOORD]["url"]) == (True, f"/wijk/{NOORD}")
    assert json.dumps(data)


def test_the_map_gets_what_was_found_where_the_sources_are_not_complete_and_never_a_zero(study: Study) -> None:
    def row(code: str) -> tuple[object, ...]:
        data = queries.map_areas(SLUG, lang="nl")
        assert data is not None
        found = next(feature["properties"] for feature in data["features"] if feature["id"] == code)
        return found["nodes"], found["found"], found["per1000"], found["byFunction"]

    assert row(POLDER) == (None, 1, None, {"meet": 1})
    assert row(NOORD)[:2] == (3, None), "a number that is known needs no lower bound"
    Place.objects.filter(wijk_code=POLDER).update(status="closed")
    factories.touch(study)
    assert row(POLDER) == (None, None, None, {}), "nothing found says nothing"
    Place.objects.filter(wijk_code=NOORD).update(status="closed")
    factories.touch(study)
    assert row(NOORD)[:2] == (0, None), "where the sources are complete, none is none"


def test_a_study_names_its_open_sources_only(study: Study) -> None:
    view = queries.study(SLUG)
    assert view is not None
    assert [source.id for source in view.sources] == ["osm", "figures"]
    assert (view.invented, view.has_tiles, [row.code for row in view.municipalities]) == (True, False, [MUNICIPALITY])
    assert [(row.slug, row.node_count) for row in queries.studies()] == [(SLUG, 5)]
    assert queries.node_count(SLUG) == 5


def test_a_study_without_a_covered_municipality_counts_nothing(study: Study) -> None:
    Area.objects.filter(code=MUNICIPALITY).update(coverage_status="partial")
    factories.touch(study)
    assert queries.studies()[0].node_count is None


def test_several_municipalities_need_a_code(study: Study) -> None:
    Area.objects.create(study=study, code="GM9002", year=2024, level="municipality", name="Grootdorp")
    factories.touch(study)
    assert queries.municipality(SLUG, None, lang="nl") is None
    found = queries.municipality(SLUG, "GM9002", lang="nl")
    assert found is not None
    assert (found.nodes, found.coverage_status) == (None, "unknown")


def test_what_is_not_there_is_none(study: Study) -> None:
    assert queries.area(SLUG, "WK999999", lang="nl") is None
    assert queries.area("nergens", NOORD, lang="nl") is None
    assert queries.municipality("nergens", None, lang="nl") is None
    assert queries.study("nergens") is None
    assert queries.map_areas("nergens", lang="nl") is None
    assert queries.area_outline(SLUG, "WK999999") is None
    assert queries.tiles_file(SLUG) is None


def test_a_polygon_holds_its_inside_without_its_hole() -> None:
    ring = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
    hole = [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]
    text = json.dumps({"type": "Polygon", "coordinates": [ring, hole]})
    assert contains(text, 1, 1)
    assert not contains(text, 5, 5)
    assert not contains(text, 11, 1)
    assert not contains("", 1, 1)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert distance_m(5, 52, 5, 53) == pytest.approx(111_195, abs=1)
    assert distance_m(5, 52, 5, 52) == 0


def test_the_list_of_studies_counts_each_study_once_per_write(study: Study, django_assert_num_queries: Any) -> None:
    for number in range(8):
        factories.Study.objects.create(slug=f"leeg-{number}", name=f"Leeg {number}")
    assert len(queries.studies()) == 9
    with django_assert_num_queries(1):
        assert queries.studies()[0].node_count == 5
    Place.objects.filter(pk=factories.LIBRARY).update(status="closed")
    factories.touch(study)
    assert queries.studies()[0].node_count == 4


def test_the_selection_of_a_study_counts_the_places_of_all_its_municipalities_together(study: Study) -> None:
    alone = {row.kind: row.count for row in municipality().selection}
    assert {row.kind: row.count for row in queries.selection(SLUG, lang="nl")} == alone
    second = Area.objects.get(study=study, code=MUNICIPALITY)
    second.pk, second.code = None, "GM9998"
    second.save()
    moved = Place.objects.filter(study=study, kind="library", neighbour=False).first()
    assert moved is not None
    Place.objects.filter(pk=moved.pk).update(municipality_code="GM9998")
    factories.touch(study)
    assert {row.kind: row.count for row in queries.selection(SLUG, lang="nl")} == alone
