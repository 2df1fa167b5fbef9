# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every read of freshness: who runs a place, when it was looked at, what waits for an editor, what a mailed link is for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from knopenkaart_web.accounts.models import Ownership
from knopenkaart_web.audit import queries as audit
from knopenkaart_web.freshness import links
from knopenkaart_web.freshness.lookup import find, unanswered
from knopenkaart_web.freshness.models import MailLink, Operator, Reaction, Reminder, Reply
from knopenkaart_web.freshness.views_data import (
    CheckedBy,
    CheckedRow,
    InvitationView,
    LinkState,
    OperatorRow,
    OwnPlaceRow,
    ReactionRow,
    ReminderView,
    ReplyRow,
)  # fmt: skip
from knopenkaart_web.places import queries as places
from knopenkaart_web.places import words
from knopenkaart_web.places.keeping import months_before
from knopenkaart_web.places.models import Place
from knopenkaart_web.places.views_data import AttributeRow, PlaceView

QUEUE_SIZE = 50
# What a human does when looking at a place.
_LOOKED = frozenset({"add_place", "correct_place", "change_status", "confirm_place", "accept", "reject"})
_ORIGINS: dict[str, CheckedBy] = {"harvest": "open_data", "list": "list"}


def checked(slug: str, place: PlaceView) -> CheckedRow:
    """When a place was last looked at, by what kind of source, and whether that is too long ago."""
    day = place.last_verified
    return CheckedRow(on=day, by=_by(slug, place, day) if day else None, stale=is_stale(day))


def is_stale(day: date | None) -> bool:
    """Whether a place that was last looked at on a day wants looking at again."""
    return day is None or day < months_before(timezone.localdate(), settings.FRESH_MONTHS)


def operators(slug: str, place_id: object) -> list[OperatorRow]:
    """Who runs a place or was asked to, oldest first. Only for pages that have asked for the role of editor."""
    rows = Operator.objects.filter(study__slug=slug, place_id=_uuid(place_id)).exclude(state="ended").order_by("pk")
    return [
        OperatorRow(
            id=row.pk,
            email=row.email,
            name=row.name,
            state=row.state,
            invited_at=row.invited_at,
            accepted_at=row.accepted_at,
            reminded_at=row.reminded_at,
            wants_mail=row.no_mail_at is None,
            mail_failed=row.mail_failed_at is not None,
            unanswered=unanswered(row),
        )
        for row in rows
    ]


def has_places(user: Any) -> bool:
    """Whether somebody runs a place."""
    return bool(getattr(user, "is_authenticated", False)) and Ownership.objects.filter(user_id=user.pk).exists()


def own_places(user: Any, *, lang: str) -> list[OwnPlaceRow]:
    """The places that somebody runs, those that want looking at first."""
    rows = Operator.objects.select_related("study").filter(user_id=user.pk, state="active").order_by("pk")
    found = [_own(row, lang) for row in rows]
    return sorted((row for row in found if row), key=lambda row: (not row.checked.stale, row.label))


def invitation(secret: str) -> InvitationView:
    """What a link of an invitation is for, and whether it still works."""
    link = MailLink.objects.select_related("operator__study").filter(digest=links.digest_of(secret) or "", purpose="invitation").first()
    if link is None or link.operator is None or link.operator.state == "ended":
        return InvitationView(state="unknown")
    row = link.operator
    used = link.used if row.state == "invited" else row.accepted_at
    return InvitationView(
        state=_state(used, link.expires),
        slug=row.study.slug,
        place_id=str(row.place_id),
        name=row.name,
        email=row.email,
        until=link.expires,
    )


def log_in_link(secret: str) -> LinkState:
    """Whether a link to log in still works."""
    link = MailLink.objects.filter(digest=links.digest_of(secret) or "", purpose="log_in").first()
    return _state(link.used, link.expires) if link else "unknown"


def reminder(secret: str) -> ReminderView:
    """What the links of a reminder are for, and which answers can still be given."""
    row = find(secret)
    if row is None:
        return ReminderView()
    about = {"slug": row.operator.study.slug, "place_id": str(row.operator.place_id), "wants_mail": row.operator.no_mail_at is None}
    if row.operator.state != "active":
        return ReminderView(**about)  # type: ignore[arg-type]
    states = {name: _state(at, row.expires) for name, at in _answers(row).items()}
    return ReminderView(**about, **states, user_id=row.operator.user_id)  # type: ignore[arg-type]


def waiting(slug: str) -> int:
    """How many reactions wait for an editor."""
    return Reaction.objects.filter(study__slug=slug, state="open").count()


def reactions(slug: str, *, lang: str, limit: int = QUEUE_SIZE) -> list[ReactionRow]:
    """The reactions that wait, oldest first. Only for pages that have asked for the role of editor."""
    return _reactions(Reaction.objects.filter(study__slug=slug, state="open")[:limit], lang)


def reaction(slug: str, reaction_id: int, *, lang: str) -> ReactionRow | None:
    """One reaction, decided on or not, or None. Only for pages that have asked for the role of editor."""
    return next(iter(_reactions(Reaction.objects.filter(study__slug=slug, pk=reaction_id), lang)), None)


def proposed(slug: str, place_id: str, number: str) -> dict[str, Any]:
    """What a reaction about a place wants changed, but its status; nothing where there is no such reaction."""
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return {}
    row = Reaction.objects.filter(study__slug=slug, place_id=_uuid(place_id), pk=int(number)).first()
    return {name: value for name, value in row.proposed.items() if name != "status"} if row else {}


def reply(place_id: object) -> ReplyRow | None:
    """The reply of who runs a place, hidden or not: pages for everybody show it only where it is visible."""
    row = Reply.objects.filter(place_id=_uuid(place_id)).first()
    return ReplyRow(text=row.text, at=row.at, visible=row.visible, hidden_reason=row.hidden_reason) if row else None


def _by(slug: str, place: PlaceView, day: date) -> CheckedBy | None:
    """A human who looked on that day, or else the source that gives that day."""
    for event in audit.events(study=slug, object_type="place", object_id=place.id):
        if event.action in _LOOKED and timezone.localdate(event.at) == day:
            if event.role == "operator":
                return "operator"
            return "visitor" if _after_a_visitor(place.id, day) else "editor"
    return _source(place.attributes, day)


def _after_a_visitor(place_id: str, day: date) -> bool:
    """Whether an editor accepted, that day, what a visitor had said."""
    found = Reaction.objects.filter(place_id=UUID(place_id), state="accepted", by_operator=False).exclude(decided_at=None)
    return any(timezone.localdate(at) == day for at in found.order_by("-decided_at").values_list("decided_at", flat=True)[:5] if at)


def _source(rows: Iterable[AttributeRow], day: date) -> CheckedBy | None:
    """A list before open data: the municipality's own word weighs more."""
    origins = {row.origin for row in rows if row.date == day}
    return next(
        (kind for origin, kind in sorted(_ORIGINS.items(), reverse=True) if origin in origins), "open_data" if not origins else None
    )


def _own(row: Operator, lang: str) -> OwnPlaceRow | None:
    view = places.place(row.study.slug, str(row.place_id), lang=lang, now=timezone.now())
    if view is None:
        return None
    written = reply(row.place_id)
    return OwnPlaceRow(
        slug=row.study.slug,
        study_name=row.study.name,
        place_id=view.id,
        label=view.label,
        kind_label=view.kind_label,
        address=view.address,
        checked=checked(row.study.slug, view),
        wants_mail=row.no_mail_at is None,
        asked=Reaction.objects.filter(place_id=row.place_id, state="open", by_operator=True).count(),
        reply_hidden=written is not None and not written.visible,
        is_shown=not view.removed and view.merged_into is None,
    )


def _reactions(rows: Any, lang: str) -> list[ReactionRow]:
    found = list(rows.select_related("place"))
    return [
        ReactionRow(
            id=row.pk,
            topic=row.topic,
            text=row.text,
            proposed=row.proposed,
            wants_answer=bool(row.email),
            by_operator=row.by_operator,
            created=row.created,
            place_id=str(row.place_id),
            label=row.place.name or words.kind_label(row.place.kind, lang),
            kind_label=words.kind_label(row.place.kind, lang),
            address=_address(row.place),
        )
        for row in found
    ]


def _address(place: Place) -> str:
    street = " ".join(part for part in (place.street, place.housenumber) if part)
    return ", ".join(part for part in (street, place.city) if part)


def _answers(row: Reminder) -> dict[str, datetime | None]:
    return {"right": row.right_at, "edit": row.edited_at, "gone": row.gone_at}


def _state(used: datetime | None, expires: datetime) -> LinkState:
    if used is not None:
        return "used"
    return "expired" if expires <= timezone.now() else "ok"


def _uuid(place_id: object) -> UUID:
    """The identifier; of what is none one that nothing has."""
    try:
        return UUID(str(place_id))
    except ValueError:
        return UUID(int=0)
