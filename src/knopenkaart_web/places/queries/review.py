# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading what editors work with: the queue, the history of a place, and imports that wait."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import override

from knopenkaart.records import Place
from knopenkaart_web.audit import queries as audit
from knopenkaart_web.places import models, words
from knopenkaart_web.places.labels import ACTIONS, property_label, reason_label
from knopenkaart_web.places.queries.index import Index, index, record_columns, to_record
from knopenkaart_web.places.queries.rows import place_row
from knopenkaart_web.places.views_data import TOPICS, ChangeRow, DraftRow, EventRow, ReviewPage, ReviewRow

REVIEW_SIZE = 50
# Undone by their own opposite, or not about one place.
UNDOABLE = frozenset({"add_place", "correct_place", "merge_places", "split_place", "change_status", "accept", "reject"})


def review(slug: str, *, topic: str | None = None, lang: str, limit: int = REVIEW_SIZE) -> ReviewPage | None:
    """The open items of a topic (None: of all), oldest first, at most `limit`; None where there is no such study."""
    held = index(slug)
    if held is None:
        return None
    waiting = models.ReviewItem.objects.filter(study=held.study, state="open")
    counts = dict.fromkeys(TOPICS, 0)
    for name in waiting.order_by().values_list("topic", flat=True):
        counts[name] += 1
    wanted = waiting.filter(topic=topic) if topic in TOPICS else waiting
    items = list(wanted.order_by("pk")[:limit])
    places = _places(held, items)
    with override(lang):
        rows = [_item(held, item, places, lang) for item in items]
    total = counts[topic] if topic in TOPICS else sum(counts.values())
    return ReviewPage(items=rows, topic=topic if topic in TOPICS else None, total=total, counts=counts)


def review_item(slug: str, item_id: int, *, lang: str) -> ReviewRow | None:
    """One open item, or None."""
    held = index(slug)
    item = models.ReviewItem.objects.filter(study__slug=slug, pk=item_id, state="open").first()
    if held is None or item is None:
        return None
    with override(lang):
        return _item(held, item, _places(held, [item]), lang)


def history(slug: str, place_id: str) -> list[EventRow]:
    """All that was done to a place, newest first."""
    events = audit.events(study=slug, object_type="place", object_id=place_id)
    undone = {str(event.after.get("undone")) for event in events if event.action == "undo"}
    return [
        EventRow(
            id=event.id,
            at=event.at,
            actor=event.actor,
            action=event.action,
            action_label=ACTIONS.get(event.action, event.action),
            reason=event.reason,
            changes=changes_of(event.before, event.after, place_id),
            can_undo=event.action in UNDOABLE and str(event.id) not in undone,
        )
        for event in events
    ]


def import_draft(slug: str, draft_id: int) -> DraftRow | None:
    """A list that waits for confirmation, or None."""
    row = models.ImportDraft.objects.defer("content").filter(study__slug=slug, pk=draft_id).first()
    return _draft(row) if row else None


def import_drafts(slug: str) -> list[DraftRow]:
    """The lists that wait, newest first."""
    return [_draft(row) for row in models.ImportDraft.objects.defer("content").filter(study__slug=slug).order_by("-pk")]


def saved_mappings(slug: str) -> dict[str, dict[str, Any]]:
    """The mappings of columns that were kept, by name."""
    return dict(models.SavedMapping.objects.filter(study__slug=slug).order_by("name").values_list("name", "mapping"))


def changes_of(before: dict[str, Any], after: dict[str, Any], place_id: str) -> list[ChangeRow]:
    """What an event changed in the columns of one place, as rows to show."""
    old = before.get("places", {}).get(place_id, {}).get("columns", {})
    new = after.get("places", {}).get(place_id, {}).get("columns", {})
    names = [*old, *(name for name in new if name not in old)]
    return [change(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def change(name: str, old: object, new: object) -> ChangeRow:
    """One change as a row to show."""
    return ChangeRow(name=name, label=property_label(name), old=_shown(old), new=_shown(new))


def _shown(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _places(held: Index, items: list[models.ReviewItem]) -> dict[str, Place]:
    keys = {key for item in items for key in (item.place_id, item.other_id) if key}
    return {str(row["id"]): to_record(row) for row in models.Place.objects.filter(pk__in=keys).values(*record_columns())}


def _item(held: Index, item: models.ReviewItem, places: dict[str, Place], lang: str) -> ReviewRow:
    now = timezone.now()
    reasons = [str(code) for code in item.details.get("reasons", [])]
    changes = item.details.get("changes", {})
    return ReviewRow(
        id=item.pk,
        topic=item.topic,
        place=place_row(held, places[str(item.place_id)], lang, now),
        other=place_row(held, places[str(item.other_id)], lang, now) if item.other_id else None,
        changes=[change(name, *_worded(name, pair, lang)) for name, pair in changes.items()],
        reasons=reasons,
        reason_labels=[reason_label(code) for code in reasons],
        score=item.details.get("score"),
        created=item.created,
    )


def _worded(name: str, pair: list[Any], lang: str) -> list[Any]:
    if name == "kind":
        return [words.kind_label(str(value), lang) if value else value for value in pair]
    if name == "status":
        return [words.status_label(str(value), lang) if value else value for value in pair]
    return pair


def _draft(row: models.ImportDraft) -> DraftRow:
    return DraftRow(
        id=row.pk, filename=row.filename, mapping=row.mapping, columns=row.columns, faults=row.faults, rows=row.rows, created=row.created
    )
