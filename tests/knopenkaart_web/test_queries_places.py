# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The list of places: what a filter finds, what it counts, and how many questions it asks the database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart_web.places import queries
from knopenkaart_web.places.models import Place, PlaceAttribute, Study
from knopenkaart_web.places.views_data import PlaceFilter, PlacePage, PlaceView

from . import factories
from .factories import BARN, BENCH, CAFE, CENTRE, HAIRDRESSER, LIBRARY, NEIGHBOUR, NOORD, PLATFORM, PUB, SLUG, ZUID

MONDAY_NOON = datetime(2024, 5, 6, 10, tzinfo=UTC)  # 12:00 in Amsterdam
MONDAY_NIGHT = datetime(2024, 5, 6, 21, tzinfo=UTC)


def find(query: str = "", *, lang: str = "nl", now: datetime = MONDAY_NOON) -> PlacePage:
    page = queries.places(SLUG, PlaceFilter.from_query(QueryDict(query)), lang=lang, now=now)
    assert page is not None
    return page


def ids(page: PlacePage) -> set[str]:
    return {row.id for row in page.items}


def look(place_id: str, now: datetime = MONDAY_NOON) -> PlaceView:
    view = queries.place(SLUG, place_id, lang="nl", now=now)
    assert view is not None
    return view


def test_without_a_filter_everything_but_closed_places_and_small_spots_is_listed(study: Study) -> None:
    page = find()
    assert page.total == 9
    assert {BENCH, PUB}.isdisjoint(ids(page))
    assert page.items[0].label == "Bibliotheek Buren"
    assert page.items[-1].name is None, "a place without a name comes last"
    assert page.items[-1].label == "Buurthuis", "and is called by its kind"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("soort=library", {LIBRARY, NEIGHBOUR}),
        ("soort=library&soort=cafe", {LIBRARY, NEIGHBOUR, CAFE}),
        ("soort=library&functie=eat", set()),
        ("functie=eat", {CENTRE, CAFE}),
        (f"wijk={NOORD}", {LIBRARY, CENTRE, CAFE, HAIRDRESSER}),
        ("wijk=BU90010101&plekjes=ja", {LIBRARY, CENTRE, HAIRDRESSER, BENCH}),
        ("status=closed", {PUB}),
        ("archetype=village_square", {LIBRARY}),
        ("rolstoel=ja", {LIBRARY}),
        ("open=nu", {LIBRARY}),
        ("soort=library&buren=nee", {LIBRARY}),
        ("q=een", {CAFE}),
        ("q=BIBLIOTHEEK+dorpsstraat", {LIBRARY}),
        ("q=buurthuis", {CENTRE, BARN}),
        ("q=bestaat-niet", set()),
        ("soort=onzin", set()),
    ],
)
def test_a_filter_finds_what_matches_any_value_of_a_name_and_all_names(study: Study, query: str, expected: set[str]) -> None:
    assert ids(find(query)) == expected


def test_open_now_is_unknown_where_the_hours_cannot_be_read(study: Study) -> None:
    rows = {row.id: row.open_now for row in find().items}
    assert rows[LIBRARY] is True
    assert rows[CAFE] is None
    assert find("open=nu", now=MONDAY_NIGHT).total == 0
    assert look(CAFE).opening_hours == "op afspraak"
    assert not look(CAFE).hours_valid


def test_a_facet_counts_what_the_other_filters_leave(study: Study) -> None:
    facets = find(f"functie=eat&wijk={ZUID}").facets
    functions = {facet.value: facet.count for facet in facets.functions}
    areas = {facet.value: (facet.count, facet.selected) for facet in facets.areas}
    assert functions["worship"] == 1, "the church is what the wijk leaves"
    assert functions["eat"] == 0
    assert areas == {NOORD: (2, False), ZUID: (0, True), factories.POLDER: (0, False)}


def test_labels_come_in_the_language_asked_for(study: Study) -> None:
    assert {row.kind_label for row in find("soort=library", lang="nl").items} == {"bibliotheek"}
    assert {row.kind_label for row in find("soort=library", lang="en").items} == {"library"}


@pytest.mark.parametrize("sort", ["naam", "soort", "wijk", "status", "gecontroleerd", "onzin"])
def test_every_order_lists_the_same_places(study: Study, sort: str) -> None:
    assert ids(find(f"sorteer={sort}")) == ids(find())


def test_pages_hold_every_place_once(study: Study) -> None:
    factories.add_places(study, [factories.record(100 + n, "park", f"Park {n}", 5.01, 52.01, wijk_code=NOORD) for n in range(120)])
    pages = [find(f"soort=park&pagina={number}") for number in (1, 2, 3)]
    assert [len(page.items) for page in pages] == [50, 50, 20]
    assert len(set().union(*map(ids, pages))) == 120
    assert find("soort=park&pagina=99").page == 3


def test_three_thousand_places_cost_one_question_once_they_are_known(study: Study, django_assert_max_num_queries: Any) -> None:
    rows = [
        Place(
            id=factories.identifier(f"many/{n}"),
            study=study,
            name=f"Plek {n}",
            kind="park",
            status="open",
            archetype="hotspot",
            functions=["meet"],
            source="osm",
            source_id=f"many/{n}",
            lon=5.0 + n / 1e6,
            lat=52.0,
        )
        for n in range(3000)
    ]
    Place.objects.bulk_create(rows)
    factories.touch(study)
    with django_assert_max_num_queries(6):
        assert find().total == 3009
    with django_assert_max_num_queries(1):
        find("q=plek&sorteer=wijk")
    with django_assert_max_num_queries(1):
        assert queries.map_places(SLUG, lang="nl", now=MONDAY_NOON)


def test_a_place_page_costs_a_handful_of_questions(study: Study, django_assert_max_num_queries: Any) -> None:
    find()
    with django_assert_max_num_queries(4):
        look(LIBRARY)


def test_the_map_has_every_place_with_a_point_and_says_what_does_not_count(study: Study) -> None:
    data = queries.map_places(SLUG, lang="nl", now=MONDAY_NOON)
    assert data is not None
    rows = {row[0]: dict(zip(data["fields"], row, strict=True)) for row in data["places"]}
    assert len(rows) == 10
    assert PLATFORM not in rows
    assert rows[BENCH]["flags"] == 1 + 4
    assert rows[NEIGHBOUR]["flags"] == 2
    assert rows[HAIRDRESSER]["flags"] == 4
    assert (rows[LIBRARY]["flags"], rows[LIBRARY]["open_now"], rows[CAFE]["open_now"]) == (0, 1, None)
    assert data["kinds"]["library"]["family"] == "learn"


def test_a_place_shows_where_every_value_comes_from(study: Study) -> None:
    view = look(LIBRARY)
    website = next(row for row in view.attributes if row.name == "website")
    assert (website.value, website.source_title, website.current) == ("https://bieb.example", "OpenStreetMap", True)
    assert website.source_url == "https://www.openstreetmap.org/node/1"
    assert view.schema_org["name"] == "Bibliotheek Noord"
    assert view.weekly[0].intervals == (("10:00", "17:00"),)
    assert view.weekly[6].intervals == ()


def test_what_is_near_is_ordered_by_the_straight_line(study: Study) -> None:
    nearby = look(LIBRARY).nearby
    metres = [row.distance_m for row in nearby]
    assert metres == sorted(metres)
    assert nearby[0].place.id == HAIRDRESSER
    assert {BENCH, PUB, LIBRARY}.isdisjoint(row.place.id for row in nearby)
    centre = next(row for row in nearby if row.place.id == CENTRE)
    assert 66 <= centre.distance_m <= 70, "0.001 degree of longitude at 52 degrees north is 68 m"


def test_a_digital_place_has_a_page_and_no_neighbours(study: Study) -> None:
    view = look(PLATFORM)
    assert view.digital
    assert (view.lon, view.nearby) == (None, [])


def test_a_confidential_value_reaches_no_visitor(study: Study) -> None:
    factories.confidential_phone(study)
    secret = "06-99887766"
    assert secret not in repr(look(CENTRE))
    assert secret not in repr(find())
    assert secret not in repr(queries.export_places(SLUG, PlaceFilter()))
    assert "secret_list" not in repr(queries.study(SLUG))
    assert secret in repr(queries.place_for_editor(SLUG, CENTRE, lang="nl", now=MONDAY_NOON))


def test_an_open_value_of_a_confidential_source_is_confidential_too(study: Study) -> None:
    PlaceAttribute.objects.create(place_id=CENTRE, name="email", value="geheim@example.nl", source="secret_list", origin="list")
    assert "geheim@example.nl" not in repr(look(CENTRE))


def test_a_place_that_only_confidential_sources_know_is_invisible(study: Study) -> None:
    Place.objects.filter(pk=CENTRE).update(confidential=True)
    factories.touch(study)
    assert queries.place(SLUG, CENTRE, lang="nl", now=MONDAY_NOON) is None
    assert CENTRE not in ids(find())
    assert CENTRE not in {place.id for place in queries.export_places(SLUG, PlaceFilter())}
    assert CENTRE not in repr(queries.map_places(SLUG, lang="nl", now=MONDAY_NOON))
    assert queries.place_for_editor(SLUG, CENTRE, lang="nl", now=MONDAY_NOON) is not None


def test_a_merged_place_leads_on_and_a_removed_one_is_in_no_list(study: Study) -> None:
    Place.objects.filter(pk=CENTRE).update(merged_into_id=LIBRARY)
    Place.objects.filter(pk=CAFE).update(removed=True)
    factories.touch(study)
    assert look(CENTRE).merged_into == LIBRARY
    assert look(CAFE).removed
    assert {CENTRE, CAFE}.isdisjoint(ids(find()))


def test_what_is_not_there_is_none(study: Study) -> None:
    assert queries.places("nergens", PlaceFilter(), lang="nl", now=MONDAY_NOON) is None
    assert queries.place(SLUG, "geen-uuid", lang="nl", now=MONDAY_NOON) is None
    assert queries.place(SLUG, factories.identifier("node/404"), lang="nl", now=MONDAY_NOON) is None
    assert queries.map_places("nergens", lang="nl", now=MONDAY_NOON) is None


def test_an_export_has_the_records_of_the_filter(study: Study) -> None:
    records = queries.export_places(SLUG, PlaceFilter(kind=("library",), neighbours=False))
    assert [record.id for record in records] == [LIBRARY]
    assert records[0].functions == ("learn", "meet")


texts = st.text(max_size=20)
filters = st.builds(
    PlaceFilter,
    q=texts.map(lambda text: text.strip()),
    function=st.lists(texts.filter(bool), max_size=3, unique=True).map(tuple),
    area=st.lists(texts.filter(bool), max_size=3, unique=True).map(tuple),
    open_now=st.booleans(),
    wheelchair=st.booleans(),
    small_spots=st.booleans(),
    neighbours=st.booleans(),
    sort=st.sampled_from(["naam", "soort", "wijk"]),
    page=st.integers(1, 999),
)


@given(filters)
def test_a_filter_survives_the_address_bar(wanted: PlaceFilter) -> None:
    assert PlaceFilter.from_query(QueryDict(wanted.to_query())) == wanted


@given(st.text(max_size=60))
def test_any_address_bar_gives_a_filter(text: str) -> None:
    wanted = PlaceFilter.from_query(QueryDict(text))
    assert wanted.page >= 1


@pytest.mark.parametrize("page", ["0", "-1", "x", "٣", "9" * 30, ""])
def test_a_broken_page_number_is_page_one(page: str) -> None:
    assert PlaceFilter.from_query(QueryDict(f"pagina={page}")).page == 1


def test_an_empty_filter_knows_that_it_is_empty() -> None:
    assert PlaceFilter(sort="soort", page=3).is_empty
    assert not PlaceFilter(open_now=True).is_empty
    assert PlaceFilter(q="a").at_page(2).to_query() == "q=a&pagina=2"
