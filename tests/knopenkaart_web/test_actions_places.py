# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an editor can do to a place, and undo again."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import User
from knopenkaart_web.places import actions, models, queries
from knopenkaart_web.places.errors import ConflictError, UnknownError
from knopenkaart_web.places.views_data import PlaceView

from . import factories
from .factories import CAFE, CENTRE, CHURCH, HALL, LIBRARY, NOORD, PUB, SLUG, ZUID


def look(place_id: str) -> PlaceView:
    view = queries.place_for_editor(SLUG, place_id, lang="nl", now=timezone.now())
    assert view is not None
    return view


def code(function: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(InputError) as caught:
        function(*arguments, **named)
    return caught.value.code


def undo_last(bob: User, place_id: str) -> None:
    actions.undo(bob, SLUG, queries.history(SLUG, place_id)[0].id, "vergissing")


def test_a_correction_outranks_the_source_and_keeps_it(study: models.Study, bob: User) -> None:
    actions.correct_place(bob, SLUG, LIBRARY, {"website": "https://nieuw.example", "phone": ""}, "gebeld", version=1)
    view = look(LIBRARY)
    assert (view.website, view.phone, view.version) == ("https://nieuw.example", None, 2)
    assert view.last_verified == timezone.localdate()
    values = [(row.value, row.origin, row.current) for row in view.attributes if row.name == "website"]
    assert values == [("https://nieuw.example", "human", True), ("https://bieb.example", "harvest", False)]


def test_two_editors_at_once_the_second_looks_again(study: models.Study, bob: User, alice: User) -> None:
    actions.correct_place(bob, SLUG, LIBRARY, {"phone": "1"}, "gebeld", version=1)
    with pytest.raises(ConflictError):
        actions.correct_place(alice, SLUG, LIBRARY, {"phone": "2"}, "gebeld", version=1)
    assert look(LIBRARY).phone == "1"


def test_a_new_point_brings_its_wijk_along(study: models.Study, bob: User) -> None:
    actions.correct_place(bob, SLUG, CAFE, {"lon": "5,03", "lat": 52.01}, "staat verkeerd", version=1)
    assert (look(CAFE).wijk_code, look(CAFE).neighbour) == (ZUID, False)
    actions.correct_place(bob, SLUG, CAFE, {"lon": 6, "lat": 52.01}, "ver weg", version=2)
    assert (look(CAFE).wijk_code, look(CAFE).neighbour) == (None, True)


def test_another_kind_brings_its_functions_along_unless_they_are_given(study: models.Study, bob: User) -> None:
    actions.correct_place(bob, SLUG, CAFE, {"kind": "library"}, "nu een bieb", version=1)
    assert look(CAFE).functions == ("learn", "culture", "meet", "work")
    actions.correct_place(bob, SLUG, CAFE, {"kind": "cafe", "functions": ["play"]}, "toch een café", version=2)
    assert look(CAFE).functions == ("play",)


def test_all_faults_of_a_form_come_together_each_with_its_field(study: models.Study, bob: User) -> None:
    wrong = {
        "website": "javascript:alert(1)",
        "email": "geen",
        "kind": "onzin",
        "lon": 200,
        "name": "x" * 301,
        "version": 3,
        "wheelchair": "?",
    }
    with pytest.raises(InputError) as caught:
        actions.correct_place(bob, SLUG, CAFE, wrong, "fout", version=1)
    assert {fault.column for fault in caught.value.faults} == set(wrong)
    assert look(CAFE).version == 1


@pytest.mark.parametrize(
    ("values", "reason", "expected"),
    [
        ({"lon": 5.0}, "half", "values.invalid"),
        ({"name": "Café Één"}, "niets anders", "values.unchanged"),
        ({"name": "A"}, "   ", "reason.absent"),
        ({"functions": ["vliegen"]}, "r", "values.invalid"),
        ({"lat": "nan", "lon": "5"}, "r", "values.invalid"),
        ({"part_of": "geen"}, "r", "values.invalid"),
    ],
)
def test_what_cannot_be_filled_in_is_refused(study: models.Study, bob: User, values: dict[str, Any], reason: str, expected: str) -> None:
    assert code(actions.correct_place, bob, SLUG, CAFE, values, reason, version=1) == expected


def test_an_added_place_counts_at_once(study: models.Study, bob: User) -> None:
    before = queries.area(SLUG, NOORD, lang="nl")
    key = actions.add_place(bob, SLUG, {"kind": "repair_cafe", "name": "Repaircafé", "lon": 5.01, "lat": 52.01}, "elke zaterdag")
    after = queries.area(SLUG, NOORD, lang="nl")
    assert before is not None
    assert after is not None
    assert (before.nodes, after.nodes) == (3, 4)
    view = look(key)
    assert (view.kind, view.wijk_code, view.archetype_assumed, view.digital) == ("repair_cafe", NOORD, True, False)
    assert next(row for row in view.attributes if row.name == "name").by == "bob"


def test_a_place_without_a_point_is_digital(study: models.Study, bob: User) -> None:
    key = actions.add_place(bob, SLUG, {"kind": "digital_platform", "name": "Buurtapp"}, "bestaat al jaren")
    assert look(key).digital


def test_a_place_needs_a_kind(study: models.Study, bob: User) -> None:
    assert code(actions.add_place, bob, SLUG, {"name": "Iets"}, "r") == "values.invalid"


@pytest.mark.parametrize(
    ("place_id", "status", "allowed"),
    [
        (CAFE, "vacant", True),
        (CAFE, "closed", True),
        (CAFE, "planned", False),
        (PUB, "open", True),
        (HALL, "open", True),
        (CAFE, "x", False),
    ],
)
def test_a_place_goes_from_step_to_step_as_the_vocabulary_lets_it(
    study: models.Study, bob: User, place_id: str, status: str, allowed: bool
) -> None:
    if allowed:
        actions.change_status(bob, SLUG, place_id, status, "besluit")
        assert look(place_id).status == status
    else:
        assert code(actions.change_status, bob, SLUG, place_id, status, "besluit") == "status.transition"


def test_a_merged_place_fills_what_its_keeper_did_not_know(study: models.Study, bob: User) -> None:
    actions.merge_places(bob, SLUG, CENTRE, LIBRARY, "zelfde gebouw")
    view = look(CENTRE)
    assert (view.name, view.phone, view.street) == ("Buurthuis De Molen", "0900-1234", "Dorpsstraat")
    assert look(LIBRARY).merged_into == CENTRE
    assert "Bibliotheek Noord" in {row.value for row in view.attributes}


def test_a_chain_of_mergers_ends_in_one_place(study: models.Study, bob: User) -> None:
    actions.merge_places(bob, SLUG, CAFE, CHURCH, "een")
    actions.merge_places(bob, SLUG, LIBRARY, CAFE, "een")
    assert look(CHURCH).merged_into == LIBRARY


def test_a_merged_place_cannot_be_corrected(study: models.Study, bob: User) -> None:
    actions.merge_places(bob, SLUG, LIBRARY, CENTRE, "een")
    assert code(actions.correct_place, bob, SLUG, CENTRE, {"name": "A"}, "r", version=2) == "place.absent"
    assert code(actions.merge_places, bob, SLUG, CENTRE, CAFE, "r") == "place.absent"


def test_a_split_takes_a_merged_place_out_again(study: models.Study, bob: User) -> None:
    actions.merge_places(bob, SLUG, LIBRARY, CENTRE, "een")
    assert ("osm", "node/2") in queries.place_sources(SLUG, LIBRARY)
    assert actions.split_place(bob, SLUG, LIBRARY, "osm", "node/2", "toch twee") == CENTRE
    assert look(CENTRE).merged_into is None
    assert code(actions.split_place, bob, SLUG, LIBRARY, "osm", "node/1", "r") == "split.single"


def _two_records(study: models.Study) -> None:
    models.PlaceSource.objects.create(study=study, place_id=LIBRARY, source="list_a", source_id="row/3")
    for name, value in (("name", "Leeszaal"), ("kind", "community_centre"), ("phone", "0800")):
        models.PlaceAttribute.objects.create(place_id=LIBRARY, name=name, value=value, source="list_a", source_id="row/3", origin="list")
    factories.touch(study)


def test_a_split_makes_a_place_of_a_record_that_never_was_one(study: models.Study, bob: User) -> None:
    _two_records(study)
    loose = look(actions.split_place(bob, SLUG, LIBRARY, "list_a", "row/3", "twee dingen"))
    assert (loose.name, loose.kind, loose.phone, loose.wijk_code) == ("Leeszaal", "community_centre", "0800", NOORD)
    assert "Leeszaal" not in {row.value for row in look(LIBRARY).attributes}
    assert queries.place_sources(SLUG, loose.id) == [("list_a", "row/3")]


def test_a_split_can_be_undone(study: models.Study, bob: User) -> None:
    _two_records(study)
    key = actions.split_place(bob, SLUG, LIBRARY, "list_a", "row/3", "twee dingen")
    undo_last(bob, LIBRARY)
    assert look(key).removed
    assert "Leeszaal" in {row.value for row in look(LIBRARY).attributes}
    assert ("list_a", "row/3") in queries.place_sources(SLUG, LIBRARY)


WRITES: dict[str, tuple[str, Any]] = {
    "correct": (LIBRARY, lambda bob: actions.correct_place(bob, SLUG, LIBRARY, {"name": "B", "lon": 5.03, "lat": 52.01}, "r", version=1)),
    "kind": (CAFE, lambda bob: actions.correct_place(bob, SLUG, CAFE, {"kind": "bench"}, "r", version=1)),
    "status": (CAFE, lambda bob: actions.change_status(bob, SLUG, CAFE, "closed", "r")),
    "merge": (LIBRARY, lambda bob: actions.merge_places(bob, SLUG, LIBRARY, CENTRE, "r")),
}


@pytest.mark.parametrize("name", WRITES)
def test_an_undone_write_leaves_the_place_as_it_was(study: models.Study, bob: User, name: str) -> None:
    def state() -> list[Any]:
        columns = [item.name for item in models.Place._meta.concrete_fields if item.name != "version"]
        return [models.Place.objects.order_by("pk").values(*columns)[index] for index in range(11)]

    place_id, write = WRITES[name]
    before = state()
    write(bob)
    assert state() != before
    undo_last(bob, place_id)
    assert state() == before
    events = queries.history(SLUG, place_id)
    assert events[0].action == "undo"
    assert [event.can_undo for event in events] == [False, False]


def test_what_was_undone_is_not_undone_twice(study: models.Study, bob: User) -> None:
    actions.change_status(bob, SLUG, CAFE, "closed", "r")
    event = queries.history(SLUG, CAFE)[0].id
    actions.undo(bob, SLUG, event, "r")
    assert code(actions.undo, bob, SLUG, event, "r") == "undo.done"
    assert code(actions.undo, bob, SLUG, queries.history(SLUG, CAFE)[0].id, "r") == "undo.never"
    assert code(actions.undo, bob, SLUG, 10**9, "r") == "event.unknown"


def test_what_changed_since_is_not_undone(study: models.Study, bob: User) -> None:
    actions.correct_place(bob, SLUG, CAFE, {"name": "A"}, "r", version=1)
    first = queries.history(SLUG, CAFE)[0].id
    actions.correct_place(bob, SLUG, CAFE, {"name": "B"}, "r", version=2)
    assert code(actions.undo, bob, SLUG, first, "r") == "undo.changed_since"
    assert look(CAFE).name == "B"


def test_a_plan_can_be_added_and_does_not_count_until_it_opens(study: models.Study, bob: User) -> None:
    before = queries.node_count(SLUG)
    values = {"kind": "library", "name": "Bieb Oost", "lon": 5.01, "lat": 52.01}
    key = actions.add_place(bob, SLUG, values, "raadsbesluit", status="planned")
    assert queries.node_count(SLUG) == before
    actions.change_status(bob, SLUG, key, "open", "opening")
    assert queries.node_count(SLUG) == (before or 0) + 1
    assert code(actions.add_place, bob, SLUG, values, "r", status="closed") == "status.transition"


def test_an_added_place_that_is_undone_is_gone(study: models.Study, bob: User) -> None:
    key = actions.add_place(bob, SLUG, {"kind": "park", "lon": 5.01, "lat": 52.01}, "r")
    undo_last(bob, key)
    assert look(key).removed


def test_history_tells_who_did_what_and_why(study: models.Study, bob: User) -> None:
    actions.correct_place(bob, SLUG, CAFE, {"name": "Café Twee"}, "nieuwe eigenaar", version=1)
    event = queries.history(SLUG, CAFE)[0]
    assert (event.actor, event.action_label, event.reason, event.can_undo) == ("bob", "Place corrected", "nieuwe eigenaar", True)
    name = next(row for row in event.changes if row.name == "name")
    assert (name.label, name.old, name.new) == ("Name", "Café Één", "Café Twee")


@pytest.mark.parametrize("place_id", ["geen-uuid", factories.identifier("node/404")])
def test_a_place_that_is_not_there_is_said_to_be_so(study: models.Study, bob: User, place_id: str) -> None:
    with pytest.raises(UnknownError):
        actions.change_status(bob, SLUG, place_id, "closed", "r")


def test_a_place_of_another_study_is_not_there(study: models.Study, db: None) -> None:
    factories.Study.objects.create(slug="grootdorp", name="Grootdorp")
    with pytest.raises(UnknownError):
        actions.change_status(None, "grootdorp", CAFE, "closed", "r")
