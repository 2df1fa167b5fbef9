# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Releasing figures: who runs the place sees them first and may reply, then everybody does; what is out stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import Ownership
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.models import Place
from knopenkaart_web.places.noting import Note, noting
from knopenkaart_web.visits.models import Release, Round

# So many days whoever runs a place has the figures to themselves.
FIRST_LOOK_DAYS = 14
LONGEST_REPLY = 2000


def record_release(slug: str, place_id: str, round_id: str | None, *, counts: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    """Keep what was made of a round (None: of the series of a place); the system's own work. What it replaces is withdrawn.

    Whoever runs the place sees it first; a place that nobody runs shows it at once. Gives the number of the release.
    """
    with noting(None, slug, place_id, "system") as note:
        assert note.place is not None  # noqa: S101 -- figures are of a place
        found = None if round_id is None else Round.objects.filter(place=note.place, pk=UUID(str(round_id))).first()
        if round_id is not None and found is None:
            raise unknown("round")
        Place.objects.select_for_update().get(pk=note.place.pk)
        earlier = Release.objects.filter(place=note.place, round=found).exclude(state="withdrawn")
        seen_before = earlier.filter(Q(state="public") | Q(visible_from__lte=timezone.localdate())).exists()
        runs = Ownership.objects.filter(study_slug=slug, place_id=place_id, user__is_active=True).exists()
        today = timezone.localdate()
        first_look = runs and not seen_before
        earlier.update(state="withdrawn")
        release = Release.objects.create(
            place=note.place,
            round=found,
            counts=dict(counts),
            figures=dict(figures),
            visible_from=today + timedelta(days=FIRST_LOOK_DAYS) if first_look else today,
            state="preview" if first_look else "public",
        )
        note.log("release_figures", object_type="release", object_id=release.pk, after={"place": str(place_id), "state": release.state})
        return str(release.pk)


def show_release(actor: Actor, slug: str, place_id: str, release_id: str) -> None:
    """Let everybody see figures before the days of the first look are over. For whoever runs the place, and editors."""
    with noting(actor, slug, place_id) as note:
        release = _release(note, release_id)
        if release.state != "preview":
            raise InputError("These figures are out already, or were withdrawn.", code="release.state")
        release.state, release.visible_from = "public", timezone.localdate()
        release.save(update_fields=["state", "visible_from"])
        note.log("show_release", object_type="release", object_id=release.pk)


def withdraw_release(actor: Actor, slug: str, place_id: str, release_id: str, reason: str) -> None:
    """Take figures back, for example because the count went wrong. Needs the role of editor, and a reason."""
    with noting(actor, slug, place_id, "editor") as note:
        if not reason.strip():
            raise InputError("Say why.", code="reason.absent")
        release = _release(note, release_id)
        release.state = "withdrawn"
        release.save(update_fields=["state"])
        note.log("withdraw_release", object_type="release", object_id=release.pk, reason=reason)


def reply_to_release(actor: Actor, slug: str, place_id: str, release_id: str, text: str) -> None:
    """What whoever runs the place says of the figures; it stands beside them. Empty text takes a reply back.

    Raises InputError (`reply.long`), UnknownError.
    """
    with noting(actor, slug, place_id) as note:
        if len(text) > LONGEST_REPLY:
            raise InputError(f"At most {LONGEST_REPLY} characters.", code="reply.long")
        release = _release(note, release_id)
        release.reply, release.replied_at = text.strip(), timezone.now() if text.strip() else None
        release.save(update_fields=["reply", "replied_at"])
        note.log("reply_to_release", object_type="release", object_id=release.pk, after={"reply": bool(release.reply)})


def _release(note: Note, release_id: str) -> Release:
    try:
        rows = Release.objects.select_for_update().filter(place=note.place, pk=UUID(str(release_id)))
        found = rows.exclude(state="withdrawn").first()
    except ValueError:
        found = None
    if found is None:
        raise unknown("release")
    return found
