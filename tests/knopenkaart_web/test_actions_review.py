# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Working through the queue, choosing what counts, and bringing in a list."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

import knopenkaart
from knopenkaart.errors import InputError
from knopenkaart.records import place_id
from knopenkaart_web.accounts.models import User
from knopenkaart_web.places import actions, models, queries
from knopenkaart_web.places.labels import REASONS, reason_label
from knopenkaart_web.places.views_data import PlaceView

from . import factories
from .factories import CAFE, CENTRE, CHURCH, LIBRARY, NOORD, SLUG


def look(key: str) -> PlaceView:
    view = queries.place_for_editor(SLUG, key, lang="nl", now=timezone.now())
    assert view is not None
    return view


def code(function: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(InputError) as caught:
        function(*arguments, **named)
    return caught.value.code


def test_the_queue_shows_each_topic_with_its_reasons(study: models.Study) -> None:
    factories.review_items(study)
    page = queries.review(SLUG, lang="en")
    assert page is not None
    assert (page.total, page.counts) == (4, {"new": 1, "changed": 1, "gone": 1, "duplicate": 1})
    rows = {row.topic: row for row in page.items}
    assert rows["gone"].reason_labels == ["No longer in the source"]
    assert [(row.old, row.new) for row in rows["changed"].changes] == [("Buurthuis Molen", "Buurthuis De Molen")]
    assert rows["duplicate"].other is not None
    assert (rows["duplicate"].other.id, rows["duplicate"].score) == (CENTRE, 0.71)


@pytest.mark.parametrize(
    ("reason", "label"),
    [
        ("distance_m=12", "Close together (12 m)"),
        ("name=0.93", "The names are alike (93%)"),
        ("same_phone", "The same telephone number"),
        ("x=1", "x=1"),
    ],
)
def test_a_reason_is_said_with_its_measure(reason: str, label: str) -> None:
    with override("en"):
        assert reason_label(reason) == label


def test_every_reason_that_the_engine_gives_has_words() -> None:
    source = (Path(knopenkaart.__file__).parent / "inventory" / "evidence.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'(?:return|yield|else) \(?"([a-z]+_[a-z_]+)",', source))
    assert len(codes) >= 8
    assert codes <= set(REASONS)


def test_the_queue_costs_the_same_for_one_item_and_for_fifty(study: models.Study, django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        factories.review_items(study)
    queries.studies()
    with django_assert_max_num_queries(4):
        page = queries.review(SLUG, lang="nl")
    assert page is not None
    assert len(page.items) == 48
    only = queries.review(SLUG, topic="gone", lang="nl")
    assert only is not None
    assert {row.topic for row in only.items} == {"gone"}


def test_accepting_each_topic_does_what_it_proposes(study: models.Study, bob: User) -> None:
    items = factories.review_items(study)
    for key in items.values():
        actions.accept(bob, SLUG, key)
    assert not look(CAFE).removed
    assert look(CHURCH).status == "closed"
    assert look(CENTRE).merged_into == LIBRARY
    assert models.ReviewItem.objects.filter(state="open").count() == 0


def test_rejecting_each_topic_keeps_what_was(study: models.Study, bob: User) -> None:
    items = factories.review_items(study)
    for key in items.values():
        actions.reject(bob, SLUG, key, reason="nee")
    assert look(CAFE).removed
    assert look(CHURCH).status == "open"
    assert look(CENTRE).name == "Buurthuis Molen"
    assert look(CENTRE).merged_into is None


def test_the_other_of_two_duplicates_can_stay(study: models.Study, bob: User) -> None:
    actions.accept(bob, SLUG, factories.review_items(study)["duplicate"], keep=CENTRE)
    assert look(LIBRARY).merged_into == CENTRE


def test_the_one_that_stays_is_one_of_the_two(study: models.Study, bob: User) -> None:
    assert code(actions.accept, bob, SLUG, factories.review_items(study)["duplicate"], keep=CAFE) == "merge.keep"


def test_what_was_decided_is_not_decided_again(study: models.Study, bob: User) -> None:
    items = factories.review_items(study)
    actions.reject(bob, SLUG, items["gone"])
    assert code(actions.accept, bob, SLUG, items["gone"]) == "item.decided"
    assert code(actions.accept, bob, SLUG, 10**9) == "item.unknown"


@pytest.mark.parametrize("topic", ["new", "changed", "gone", "duplicate"])
@pytest.mark.parametrize("decide", [actions.accept, actions.reject])
def test_a_decision_can_be_undone_and_the_item_waits_again(study: models.Study, bob: User, topic: str, decide: Any) -> None:
    def state() -> list[tuple[Any, ...]]:
        return list(models.Place.objects.order_by("pk").values_list("pk", "name", "status", "merged_into", "removed", "phone"))

    item = factories.review_items(study)[topic]
    before = state()
    decide(bob, SLUG, item)
    event = queries.history(SLUG, str(models.ReviewItem.objects.get(pk=item).place_id))[0]
    actions.undo(bob, SLUG, event.id, "vergissing")
    assert state() == before
    assert models.ReviewItem.objects.get(pk=item).state == "open"


def test_a_manager_chooses_what_counts(study: models.Study, alice: User) -> None:
    actions.select_kinds(alice, SLUG, {"cafe": False, "library": True}, "horeca telt niet")
    area = queries.area(SLUG, NOORD, lang="nl")
    assert area is not None
    assert area.nodes == 2
    assert list(models.KindSelection.objects.values_list("kind", flat=True)) == ["cafe"]
    assert code(actions.select_kinds, alice, SLUG, {"bench": True}, "r") == "kinds.unknown"
    assert code(actions.select_kinds, alice, SLUG, {}, "r") == "kinds.unknown"


def _rows(**values: Any) -> list[dict[str, Any]]:
    record = factories.record(70, "village_hall", "Dorpshuis", 5.01, 52.01, source="list_a", source_id="row/2", **values)
    columns = asdict(record) | {"id": place_id("list_a", "row/2"), "last_verified": "2024-05-01", "functions": ["meet"]}
    told = [{"name": "name", "value": "Dorpshuis", "source": "list_a", "source_id": "row/2", "date": "2024-05-01", "confidential": False}]
    told.append({"name": "phone", "value": "06-1", "source": "list_a", "source_id": "row/2", "date": None, "confidential": True})
    return [{"place": columns, "attributes": told, "duplicates": [{"place": CENTRE, "score": 0.6, "reasons": ["distance"]}]}]


def _bring(bob: User, rows: list[dict[str, Any]]) -> dict[str, int]:
    source = {"id": "list_a", "title": "Lijst A", "licence": "", "attribution": "Gemeente", "date": "2024-05-01"}
    draft = actions.import_upload(bob, SLUG, "../../etc/lijst.csv", b"naam;soort")
    actions.import_preview(
        bob, SLUG, draft, mapping={"a": 1}, columns=["naam"], rows=rows, faults=[{"row": 4, "column": "soort"}], source=source
    )
    seen = queries.import_draft(SLUG, draft)
    assert seen is not None
    assert (seen.filename, seen.faults, len(seen.rows)) == ("lijst.csv", [{"row": 4, "column": "soort"}], 1)
    return actions.import_confirm(bob, SLUG, draft, "lijst van de gemeente")


def test_a_list_comes_in_after_it_was_looked_at(study: models.Study, bob: User) -> None:
    assert _bring(bob, _rows()) == {"added": 1, "updated": 0, "duplicates": 1}
    view = look(place_id("list_a", "row/2"))
    assert (view.name, view.wijk_code, view.phone) == ("Dorpshuis", NOORD, None)
    public = queries.place(SLUG, view.id, lang="nl", now=timezone.now())
    assert "06-1" not in repr(public)
    assert "06-1" in repr(view)
    assert queries.import_drafts(SLUG) == [], "the content of the list is not kept"
    page = queries.review(SLUG, topic="duplicate", lang="nl")
    assert page is not None
    assert len(page.items) == 1


def test_a_newer_version_of_the_list_updates_and_leaves_corrections_alone(study: models.Study, bob: User) -> None:
    _bring(bob, _rows())
    key = place_id("list_a", "row/2")
    actions.correct_place(bob, SLUG, key, {"name": "Ons Dorpshuis"}, "zo heet het", version=1)
    assert _bring(bob, _rows(website="https://dorpshuis.example")) == {"added": 0, "updated": 1, "duplicates": 0}
    assert (look(key).name, look(key).website) == ("Ons Dorpshuis", "https://dorpshuis.example")


def test_a_list_that_was_not_read_cannot_come_in(study: models.Study, bob: User) -> None:
    draft = actions.import_upload(bob, SLUG, "a.xlsx", b"PK")
    assert code(actions.import_confirm, bob, SLUG, draft, "r") == "import.unread"
    actions.import_discard(bob, SLUG, draft)
    assert code(actions.import_confirm, bob, SLUG, draft, "r") == "draft.unknown"


@pytest.mark.parametrize(("name", "content", "expected"), [("a.exe", b"x", "import.type"), ("a.csv", b"", "import.size")])
def test_another_kind_of_file_is_refused(study: models.Study, bob: User, name: str, content: bytes, expected: str) -> None:
    assert code(actions.import_upload, bob, SLUG, name, content) == expected


def test_a_file_over_the_limit_is_refused(study: models.Study, bob: User, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 10
    assert code(actions.import_upload, bob, SLUG, "a.csv", b"x" * 11) == "import.size"


def test_a_mapping_is_kept_for_the_next_time(study: models.Study, bob: User) -> None:
    actions.save_mapping(bob, SLUG, "Buurthuizen", {"columns": []})
    actions.save_mapping(bob, SLUG, "Buurthuizen", {"columns": [1]})
    assert queries.saved_mappings(SLUG) == {"Buurthuizen": {"columns": [1]}}
    assert code(actions.save_mapping, bob, SLUG, "  ", {}) == "mapping.name"


def test_a_list_that_nobody_confirmed_does_not_stay(study: models.Study, bob: User) -> None:
    old = actions.import_upload(bob, SLUG, "oud.csv", b"naam")
    models.ImportDraft.objects.filter(pk=old).update(created=timezone.now() - timedelta(days=31))
    new = actions.import_upload(bob, SLUG, "nieuw.csv", b"naam")
    assert [draft.id for draft in queries.import_drafts(SLUG)] == [new]
