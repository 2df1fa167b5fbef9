# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write there is: refused to a visitor and to the editor of another municipality, one event for who may."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from knopenkaart.errors import InputError
from knopenkaart_web.accounts import actions as account_actions
from knopenkaart_web.accounts.models import ALL_STUDIES, Membership, User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.places import actions as place_actions
from knopenkaart_web.places import queries
from knopenkaart_web.places.actions import imports, loading, place, review, undoing, verify
from knopenkaart_web.places.actions import study as study_actions
from knopenkaart_web.places.models import ImportDraft, Study
from knopenkaart_web.runs import actions as run_actions
from knopenkaart_web.runs.models import Run

from . import factories
from .bundles import bundle
from .factories import CAFE, CENTRE, CHURCH, LIBRARY, SLUG

Case = Callable[[Any, Study], object]
SOURCE = {"id": "list_a", "title": "Lijst A", "licence": "CC0", "attribution": "Gemeente"}


def _event_to_undo(study: Study) -> int:
    place_actions.correct_place(None, SLUG, CAFE, {"name": "Café Twee"}, "naam", version=1)
    return queries.history(SLUG, CAFE)[0].id


def _draft(study: Study, *, ready: bool = True) -> int:
    return ImportDraft.objects.create(
        study=study, filename="a.csv", content=b"naam", mapping={"columns": {}, "source": SOURCE}, ready=ready
    ).pk


def _run(study: Study) -> str:
    return str(Run.objects.create(study=study, kind="poster", key="k", revision=study.revision).pk)


def _merged(study: Study) -> tuple[str, str]:
    place_actions.merge_places(None, SLUG, LIBRARY, CENTRE, "een gebouw")
    return "osm", "node/2"


# For every write: what must be there first, and the write with valid values.
CASES: dict[Callable[..., Any], tuple[Callable[[Study], Any], Callable[[Any, Any], object]]] = {
    place.add_place: (lambda s: None, lambda a, x: place_actions.add_place(a, SLUG, {"kind": "park", "lon": 5.01, "lat": 52.01}, "nieuw")),
    place.correct_place: (lambda s: None, lambda a, x: place_actions.correct_place(a, SLUG, CAFE, {"name": "B"}, "naam", version=1)),
    place.change_status: (lambda s: None, lambda a, x: place_actions.change_status(a, SLUG, CAFE, "vacant", "leeg")),
    place.merge_places: (lambda s: None, lambda a, x: place_actions.merge_places(a, SLUG, LIBRARY, CENTRE, "een gebouw")),
    place.split_place: (_merged, lambda a, x: place_actions.split_place(a, SLUG, LIBRARY, *x, "toch twee")),
    verify.confirm_place: (lambda s: None, lambda a, x: place_actions.confirm_place(a, SLUG, CAFE)),
    verify.report_gone: (lambda s: None, lambda a, x: place_actions.report_gone(a, SLUG, CAFE)),
    review.accept: (factories.review_items, lambda a, x: place_actions.accept(a, SLUG, x["gone"])),
    review.reject: (factories.review_items, lambda a, x: place_actions.reject(a, SLUG, x["duplicate"])),
    undoing.undo: (_event_to_undo, lambda a, x: place_actions.undo(a, SLUG, x, "vergissing")),
    study_actions.select_kinds: (lambda s: None, lambda a, x: place_actions.select_kinds(a, SLUG, {"cafe": False}, "keuze")),
    loading.load: (lambda s: None, lambda a, x: place_actions.load(a, bundle())),
    imports.import_upload: (lambda s: None, lambda a, x: place_actions.import_upload(a, SLUG, "a.csv", b"naam;soort")),
    imports.import_preview: (
        lambda s: _draft(s, ready=False),
        lambda a, x: place_actions.import_preview(a, SLUG, x, mapping={}, columns=[], rows=[], faults=[], source=SOURCE),
    ),
    imports.import_confirm: (_draft, lambda a, x: place_actions.import_confirm(a, SLUG, x, "lijst van 2024")),
    imports.import_discard: (_draft, lambda a, x: place_actions.import_discard(a, SLUG, x)),
    imports.save_mapping: (lambda s: None, lambda a, x: place_actions.save_mapping(a, SLUG, "lijst", {"a": "name"})),
    run_actions.start: (_draft, lambda a, x: run_actions.start(a, SLUG, "read_list", {"draft": x})),
    run_actions.cancel: (_run, lambda a, x: run_actions.cancel(a, SLUG, x)),
    account_actions.add_user: (lambda s: None, lambda a, x: account_actions.add_user(a, "dora", "editor", SLUG)),
    account_actions.set_role: (lambda s: factories.user("dora"), lambda a, x: account_actions.set_role(a, "dora", "editor", SLUG)),
    account_actions.renew_password: (lambda s: factories.user("dora"), lambda a, x: account_actions.renew_password(a, "dora")),
    account_actions.close_account: (lambda s: factories.user("dora"), lambda a, x: account_actions.close_account(a, "dora")),
}
MODULES = (place, review, undoing, verify, study_actions, loading, imports, run_actions, account_actions)
NAMES = [function.__name__ for function in CASES]


def written(module: Any) -> set[Callable[..., Any]]:
    """The public functions of a module of actions that take an actor."""
    functions = [item for name, item in inspect.getmembers(module, inspect.isfunction) if not name.startswith("_")]
    return {item for item in functions if item.__module__ == module.__name__ and "actor" in list(inspect.signature(item).parameters)[:1]}


def test_every_write_is_held_to_this() -> None:
    everything = set().union(*(written(module) for module in MODULES)) - {place.user_of}
    assert everything == set(CASES)
    assert {function.__name__ for function in everything if "places" in function.__module__} == set(place_actions.__all__)


@pytest.mark.parametrize("function", CASES, ids=NAMES)
def test_a_visitor_is_refused_and_nothing_is_written(study: Study, function: Any) -> None:
    prepare, call = CASES[function]
    given = prepare(study)
    before, revision = Event.objects.count(), Study.objects.get().revision
    with pytest.raises(PermissionDenied):
        call(AnonymousUser(), given)
    assert (Event.objects.count(), Study.objects.get().revision) == (before, revision)


@pytest.mark.parametrize("function", CASES, ids=NAMES)
def test_the_editor_of_another_municipality_is_refused(study: Study, charlie: User, function: Any) -> None:
    prepare, call = CASES[function]
    given = prepare(study)
    before = Event.objects.count()
    with pytest.raises(PermissionDenied):
        call(charlie, given)
    assert Event.objects.count() == before


@pytest.mark.parametrize("function", CASES, ids=NAMES)
def test_who_may_write_leaves_one_event_with_name_and_role(study: Study, alice: User, function: Any) -> None:
    Membership.objects.create(user=alice, study_slug=ALL_STUDIES, role="manager")
    prepare, call = CASES[function]
    given = prepare(study)
    before = Event.objects.count()
    call(alice, given)
    assert Event.objects.count() == before + 1
    event = Event.objects.latest("id")
    assert (event.action if event.action not in {"start_run", "cancel_run"} else event.action.removesuffix("_run")) == function.__name__
    assert (event.actor, event.role) == ("alice", "manager")


@pytest.mark.parametrize("name", ["select_kinds", "load", "add_user", "set_role"])
def test_an_editor_may_not_do_what_is_the_managers(study: Study, bob: User, name: str) -> None:
    function = next(item for item in CASES if item.__name__ == name)
    prepare, call = CASES[function]
    given = prepare(study)
    with pytest.raises(PermissionDenied):
        call(bob, given)


def test_an_account_that_was_closed_is_a_visitor(study: Study, bob: User) -> None:
    account_actions.close_account(None, "bob")
    bob.refresh_from_db()
    with pytest.raises(PermissionDenied):
        place_actions.change_status(bob, SLUG, CAFE, "vacant", "leeg")


def test_a_write_that_fails_leaves_nothing(study: Study, bob: User) -> None:
    revision = Study.objects.get().revision
    with pytest.raises(InputError):
        place_actions.merge_places(bob, SLUG, CHURCH, CHURCH, "een")
    assert Study.objects.get().revision == revision
    assert not Event.objects.exists()


def test_every_write_gives_the_study_a_new_revision_and_stamp(study: Study, bob: User) -> None:
    before = Study.objects.get()
    place_actions.change_status(bob, SLUG, CAFE, "vacant", "leeg")
    after = Study.objects.get()
    assert after.revision == before.revision + 1
    assert after.stamp != before.stamp


@pytest.mark.parametrize("function", [place_actions.add_place, place_actions.change_status, place_actions.select_kinds])
def test_a_write_in_a_study_that_is_not_there_says_so(db: None, function: Any) -> None:
    arguments = {"add_place": ({}, "r"), "change_status": (CAFE, "open", "r"), "select_kinds": ({}, "r")}[function.__name__]
    with pytest.raises(InputError) as caught:
        function(None, "nergens", *arguments)
    assert caught.value.code == "study.unknown"
