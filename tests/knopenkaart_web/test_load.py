# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Loading a build: the same place keeps its identifier, what a human said stands, and nobody is asked twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from knopenkaart.records import Attribute, DuplicatePair, Place
from knopenkaart_web.accounts.models import User
from knopenkaart_web.places import actions, models, queries
from knopenkaart_web.places.bundle import LoadReport, PlaceLink
from knopenkaart_web.places.views_data import PlaceFilter, PlaceView, ReviewRow

from . import factories
from .bundles import OSM, SECRET, bundle, said
from .factories import CAFE, CENTRE, CHURCH, LIBRARY, SLUG, record, records

NOW = datetime(2024, 5, 6, 10, tzinfo=UTC)
# Twice what SQLite needs for three thousand places; one place at a time would be thousands.
BLOCKS = 600


def load(places: list[Place] | None = None, **changes: Any) -> LoadReport:
    return actions.load(None, bundle(places, **changes))


def look(place_id: str) -> PlaceView:
    view = queries.place_for_editor(SLUG, place_id, lang="nl", now=NOW)
    assert view is not None
    return view


def queue(topic: str) -> list[ReviewRow]:
    page = queries.review(SLUG, topic=topic, lang="nl")
    assert page is not None
    return page.items


def with_library(**values: Any) -> list[Place]:
    first, *rest = records()
    return [replace(first, **values), *rest]


def without_church() -> list[Place]:
    return [item for item in records() if item.id != CHURCH]


@pytest.fixture
def loaded(db: None) -> LoadReport:
    return load()


def test_a_first_load_puts_everything_there_and_asks_nothing(loaded: LoadReport) -> None:
    assert (loaded.first, loaded.places, loaded.added, loaded.new) == (True, 11, 11, 0)
    assert models.ReviewItem.objects.count() == 0
    assert look(LIBRARY).name == "Bibliotheek Noord"
    assert queries.study(SLUG) is not None
    area = queries.municipality(SLUG, None, lang="nl")
    assert area is not None
    assert (area.nodes, area.population) == (5, 2400)


def test_loading_the_same_build_again_changes_nothing(loaded: LoadReport) -> None:
    before = sorted(models.Place.objects.values_list("pk", "version"))
    attributes = models.PlaceAttribute.objects.count()
    again = load()
    assert (again.first, again.unchanged, again.added, again.updated) == (False, 11, 0, 0)
    assert (again.new, again.changed, again.gone, again.duplicates) == (0, 0, 0, 0)
    assert sorted(models.Place.objects.values_list("pk", "version")) == before
    assert models.PlaceAttribute.objects.count() == attributes


def test_a_node_that_became_a_way_keeps_its_identifier(loaded: LoadReport) -> None:
    way = replace(records()[0], id=factories.identifier("way/77"), source_id="way/77")
    report = load([way, *records()[1:]], links=[PlaceLink(LIBRARY, way.id)])
    assert (report.added, report.gone, report.new) == (0, 0, 0)
    assert look(LIBRARY).name == "Bibliotheek Noord"
    assert queries.place(SLUG, way.id, lang="nl", now=NOW) is None
    assert load([way, *records()[1:]]).added == 0, "the next time it is known without a link"
    assert ("osm", "way/77") in queries.place_sources(SLUG, LIBRARY)


def test_a_new_place_is_there_and_stands_in_the_queue(loaded: LoadReport) -> None:
    new = record(50, "park", "Molenpark", 5.01, 52.01)
    report = load([*records(), new])
    assert (report.added, report.new) == (1, 1)
    assert look(new.id).label == "Molenpark"
    assert [(row.place.id, row.reasons) for row in queue("new")] == [(new.id, ["new_in_source"])]


def test_what_vanished_stays_until_a_human_decides(loaded: LoadReport) -> None:
    report = load(without_church())
    assert report.gone == 1
    assert look(CHURCH).status == "open"
    assert [row.place.id for row in queue("gone")] == [CHURCH]
    assert look(CHURCH).attributes, "what was known of it is kept"


def test_what_vanished_is_asked_once(loaded: LoadReport, bob: User) -> None:
    load(without_church())
    assert load(without_church()).gone == 0
    actions.reject(bob, SLUG, queue("gone")[0].id)
    assert load(without_church()).gone == 0
    assert look(CHURCH).status == "open"


def test_what_comes_back_leaves_the_queue(loaded: LoadReport) -> None:
    load(without_church())
    load()
    assert queue("gone") == []
    assert load(without_church()).gone == 1, "and when it vanishes again, it is asked again"


def test_what_a_human_closed_stays_closed_while_the_source_says_open(loaded: LoadReport, bob: User) -> None:
    load(without_church())
    actions.accept(bob, SLUG, queue("gone")[0].id)
    assert look(CHURCH).status == "closed"
    report = load()
    assert look(CHURCH).status == "closed"
    assert (report.changed, queue("changed")) == (0, [])


def test_what_a_human_corrected_survives(loaded: LoadReport, bob: User) -> None:
    actions.correct_place(bob, SLUG, LIBRARY, {"name": "Bieb", "lon": "5.021", "lat": "52.01"}, "ik woon ernaast", version=1)
    report = load(with_library(phone="0900-9999"))
    view = look(LIBRARY)
    assert (view.name, view.lon, view.wijk_code) == ("Bieb", 5.021, factories.ZUID)
    assert view.phone == "0900-9999", "what nobody corrected follows the source"
    assert report.contradicted == 0
    human = next(row for row in view.attributes if row.name == "name" and row.current)
    assert (human.origin, human.by, human.reason) == ("human", "bob", "ik woon ernaast")
    assert any(row.name == "name" and row.value == "Bibliotheek Noord" and not row.current for row in view.attributes)


def test_a_source_that_says_something_new_against_a_correction_is_put_to_a_human_once(loaded: LoadReport, bob: User) -> None:
    actions.correct_place(bob, SLUG, LIBRARY, {"name": "Bieb"}, "zo heet hij", version=1)
    report = load(with_library(name="Bibliotheek aan het Plein"))
    assert report.contradicted == 1
    assert look(LIBRARY).name == "Bieb"
    item = queue("changed")[0]
    assert [(row.old, row.new) for row in item.changes] == [("Bieb", "Bibliotheek aan het Plein")]
    assert load(with_library(name="Bibliotheek aan het Plein")).contradicted == 0
    actions.accept(bob, SLUG, item.id)
    assert look(LIBRARY).name == "Bibliotheek aan het Plein"
    load(with_library(name="Bibliotheek aan het Plein"))
    assert look(LIBRARY).name == "Bibliotheek aan het Plein"


def test_a_correction_that_is_kept_against_the_source_stands(loaded: LoadReport, bob: User) -> None:
    actions.correct_place(bob, SLUG, LIBRARY, {"name": "Bieb"}, "zo heet hij", version=1)
    load(with_library(name="Bibliotheek aan het Plein"))
    actions.reject(bob, SLUG, queue("changed")[0].id)
    load(with_library(name="Bibliotheek aan het Plein"))
    assert look(LIBRARY).name == "Bieb"


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ({"name": "Bibliotheek"}, ["name_changed"]),
        ({"kind": "community_centre"}, ["kind_changed"]),
        ({"status": "vacant"}, ["status_changed"]),
        ({"lat": 52.0055}, ["moved"]),
        ({"lat": 52.0053}, []),
        ({"phone": "1", "opening_hours": "24/7", "website": None}, []),
    ],
    ids=["name", "kind", "status", "56 metres", "33 metres", "details"],
)
def test_only_what_people_see_is_put_to_a_human(loaded: LoadReport, values: dict[str, Any], reasons: list[str]) -> None:
    report = load(with_library(**values))
    assert report.updated == 1
    assert [row.reasons for row in queue("changed")] == ([reasons] if reasons else [])
    for name, value in values.items():
        assert getattr(look(LIBRARY), name) == value


def test_a_change_that_is_rejected_becomes_a_correction(loaded: LoadReport, bob: User) -> None:
    load(with_library(name="Boekenhuis", lat=52.0055))
    actions.reject(bob, SLUG, queue("changed")[0].id, reason="klopt niet")
    view = look(LIBRARY)
    assert (view.name, view.lat) == ("Bibliotheek Noord", 52.005)
    load(with_library(name="Boekenhuis", lat=52.0055))
    assert look(LIBRARY).name == "Bibliotheek Noord"
    assert queue("changed") == []


def test_two_changes_before_anybody_looked_are_one_item(loaded: LoadReport) -> None:
    load(with_library(name="Een"))
    load(with_library(name="Twee"))
    items = queue("changed")
    assert [[(row.old, row.new) for row in item.changes] for item in items] == [[("Bibliotheek Noord", "Twee")]]


def test_a_possible_duplicate_is_asked_once_and_a_rejected_pair_never_comes_back(db: None, bob: User) -> None:
    pair = [DuplicatePair(LIBRARY, CENTRE, 0.7, ("distance",))]
    assert load(duplicates=pair).duplicates == 1
    assert load(duplicates=pair).duplicates == 0
    actions.reject(bob, SLUG, queue("duplicate")[0].id)
    turned = [DuplicatePair(CENTRE, LIBRARY, 0.9, ("name",))]
    assert load(duplicates=turned).duplicates == 0
    assert queue("duplicate") == []


def test_a_merged_pair_stays_merged(db: None, bob: User) -> None:
    pair = [DuplicatePair(LIBRARY, CENTRE, 0.7, ("distance",))]
    load(duplicates=pair)
    actions.accept(bob, SLUG, queue("duplicate")[0].id)
    report = load(duplicates=pair)
    assert look(CENTRE).merged_into == LIBRARY
    assert (report.added, report.gone, report.duplicates) == (0, 0, 0)


def test_what_the_engine_merges_later_is_merged_here_too(loaded: LoadReport) -> None:
    merged = [item for item in records() if item.id != CENTRE]
    told = [item for each in merged for item in said(each)]
    told += [replace(item, place_id=LIBRARY) for item in said(records()[1])]
    report = load(merged, attributes=told, duplicates=[DuplicatePair(LIBRARY, CENTRE, 0.99, ("name",), merged=True)])
    assert look(CENTRE).merged_into == LIBRARY
    assert report.gone == 0


def test_what_a_human_split_stays_split_when_the_engine_merges(db: None, bob: User) -> None:
    merged = [item for item in records() if item.id != CENTRE]
    told = [item for each in merged for item in said(each)]
    told += [replace(item, place_id=LIBRARY) for item in said(records()[1])]
    both: dict[str, Any] = {"attributes": told, "duplicates": [DuplicatePair(LIBRARY, CENTRE, 0.99, ("name",), merged=True)]}
    load(merged, **both)
    loose = actions.split_place(bob, SLUG, LIBRARY, "osm", "node/2", "twee gebouwen")
    assert (loose, look(loose).name) == (CENTRE, "Buurthuis De Molen")
    report = load(merged, **both)
    assert (report.gone, look(loose).merged_into) == (0, None)
    assert "Buurthuis De Molen" in {row.value for row in look(loose).attributes}
    assert "Buurthuis De Molen" not in {row.value for row in look(LIBRARY).attributes}


def test_a_place_that_a_human_removed_stays_removed(loaded: LoadReport, bob: User) -> None:
    new = record(50, "park", "Geen park", 5.01, 52.01)
    load([*records(), new])
    actions.reject(bob, SLUG, queue("new")[0].id, reason="dit is een berm")
    report = load([*records(), replace(new, name="Berm")])
    assert look(new.id).removed
    assert (report.added, queue("new"), queue("changed")) == (0, [], [])


def test_a_place_that_a_human_added_is_not_missed(loaded: LoadReport, bob: User) -> None:
    added = actions.add_place(bob, SLUG, {"kind": "park", "name": "Geheim park", "lon": 5.01, "lat": 52.01}, "mist in de kaart")
    assert load().gone == 0
    assert look(added).name == "Geheim park"


def test_a_value_that_only_a_confidential_list_gives_is_kept_apart(db: None) -> None:
    known = replace(records()[1], phone="06-99887766")
    told = [*said(records()[0]), *(item for item in said(known) if item.name != "phone")]
    told.append(Attribute(CENTRE, "phone", "06-99887766", "secret_list", "row/2", None, "list"))
    load([records()[0], known], attributes=told, sources=[OSM, SECRET])
    public = queries.place(SLUG, CENTRE, lang="nl", now=NOW)
    assert public is not None
    assert (public.phone, public.name) == (None, "Buurthuis De Molen")
    assert "06-99887766" not in repr(public)
    assert "06-99887766" in repr(look(CENTRE))


def test_a_place_of_a_confidential_list_alone_is_for_editors_only(db: None) -> None:
    hidden = replace(records()[1], source="secret_list", source_id="row/9")
    load([records()[0], hidden], attributes=[*said(records()[0]), *said(hidden)], sources=[OSM, SECRET])
    assert queries.place(SLUG, CENTRE, lang="nl", now=NOW) is None
    assert look(CENTRE).name == "Buurthuis De Molen"
    assert [place.id for place in queries.export_places(SLUG, PlaceFilter())] == [LIBRARY]


def test_a_part_stays_tied_to_the_place_it_belongs_to(db: None) -> None:
    club = record(60, "sports_club", "SV Kleindorp", 5.01, 52.01)
    canteen = record(61, "sports_canteen", "Kantine", 5.01, 52.01, part_of=club.id)
    load([canteen, club])
    part_of = look(canteen.id).part_of
    assert part_of is not None
    assert part_of.id == club.id
    assert [row.id for row in look(club.id).parts] == [canteen.id]


def test_areas_and_figures_follow_the_newest_build(loaded: LoadReport) -> None:
    load(areas=[], figures=[], coverage=[])
    study = queries.study(SLUG)
    assert study is not None
    assert study.municipalities == []
    assert models.Figure.objects.count() == 0


def test_one_event_tells_of_a_load(loaded: LoadReport) -> None:
    from knopenkaart_web.audit import queries as audit

    event = audit.events(study=SLUG)[0]
    assert (event.action, event.actor, event.role, event.after["added"]) == ("load", "system", "system", 11)


def test_three_thousand_places_are_loaded_in_blocks_and_not_one_by_one(db: None, django_assert_max_num_queries: Any) -> None:
    many = [record(n, "park", f"Park {n}", 5 + (n % 500) / 9000, 52 + n // 500 / 200, wijk_code=factories.NOORD) for n in range(3000)]
    with django_assert_max_num_queries(BLOCKS):
        assert load(many).added == 3000
    changed = [replace(item, phone=f"0{index}", name=f"P {index}") for index, item in enumerate(many)]
    with django_assert_max_num_queries(BLOCKS):
        assert load(changed).updated == 3000


def test_a_confidential_source_is_never_named(db: None) -> None:
    load(sources=[OSM, SECRET])
    assert [source.id for source in queries.sources(SLUG)] == ["osm"]


def test_one_record_that_matches_two_places_takes_its_own(loaded: LoadReport) -> None:
    told = [item for each in records() for item in said(each)]
    told.append(Attribute(CAFE, "phone", "1", "osm", "node/1", None, "harvest"))
    assert load(attributes=told).unchanged == 11
    assert (look(CAFE).name, look(LIBRARY).name) == ("Café Één", "Bibliotheek Noord")


def test_neighbouring_studies_that_see_the_same_places_keep_their_own(loaded: LoadReport) -> None:
    """Places just across the border are in the builds of both municipalities, under the same identifier."""
    before = look(LIBRARY)
    report = actions.load(None, replace(bundle(with_library(name="Bieb van de buren")), slug="buurdorp"))
    assert (report.first, report.added) == (True, 11)
    assert look(LIBRARY) == before
    theirs = models.Place.objects.filter(study__slug="buurdorp")
    assert theirs.count() == 11
    assert str(theirs.get(name="Bieb van de buren").pk) != LIBRARY
    again = actions.load(None, replace(bundle(with_library(name="Bieb van de buren")), slug="buurdorp"))
    assert (again.added, again.updated, again.unchanged, again.gone) == (0, 0, 11, 0)


def test_a_place_named_after_a_confidential_record_goes_by_its_open_one(db: None) -> None:
    listed = replace(records()[1], source="secret_list", source_id="row/9")
    told = [*said(listed), *said(records()[1])]
    load([listed], attributes=told, sources=[OSM, SECRET])
    public = queries.export_places(SLUG, PlaceFilter())
    assert [(place.name, place.source, place.source_id) for place in public] == [("Buurthuis De Molen", "osm", "node/2")]
    assert load([listed], attributes=told, sources=[OSM, SECRET]).unchanged == 1
