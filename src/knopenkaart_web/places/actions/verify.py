# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What who runs a place says of it as a whole: that all of it is right, or that the place is gone."""

from __future__ import annotations

from django.utils import timezone

from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.places.actions.place import present
from knopenkaart_web.places.changes import Ledger
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.models import ReviewItem
from knopenkaart_web.places.noting import noting
from knopenkaart_web.places.writing import writing

SAID_GONE = "operator_says_gone"


def confirm_place(actor: Actor, slug: str, place_id: str) -> None:
    """All that is known of a place is right today. Needs the role of operator at the place. Raises ConflictError (`place.absent`)."""
    with writing(actor, slug, "operator", at=place_id) as write:
        place = present(write, place_id)
        ledger = Ledger()
        ledger.watch(place)
        place.last_verified = timezone.localdate()
        before, after = ledger.save()
        write.log("confirm_place", object_type="place", object_id=place.pk, before=before, after=after)


def report_gone(actor: Actor, slug: str, place_id: str) -> None:
    """Put before an editor that a place is gone; the place stays as it is until the editor decides. Needs the role of operator at it."""
    with noting(actor, slug, place_id) as note:
        if note.place is None:
            raise unknown("place")
        waiting = ReviewItem.objects.filter(study=note.study, place=note.place, topic="gone", state="open").first()
        item = waiting or ReviewItem(study=note.study, place=note.place, topic="gone", details={"reasons": []})
        if SAID_GONE not in item.details.get("reasons", []):
            item.details = {**item.details, "reasons": [*item.details.get("reasons", []), SAID_GONE]}
            item.save()
        note.log("report_gone", object_type="place", object_id=note.place.pk, after={"item": {"id": item.pk, "topic": "gone"}})
