# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Making, closing and reopening rounds, the links to count by, and what a study lets counters tell apart."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.noting import Note, noting
from knopenkaart_web.visits import groups, observing, planning, queries
from knopenkaart_web.visits.models import Dimensions, Link, Round, digest

SECRET_BYTES = 18
# A phone that comes back after the round may still send what it kept.
GRACE = timedelta(days=14)


def make_round(actor: Actor, slug: str, place_id: object, values: planning.RoundValues) -> str:
    """Make a round of counting at a place; gives its identifier. Raises InputError (`round.invalid`) with all faults."""
    with noting(actor, slug, place_id) as note:
        planning.check(values, groups.allowed(note.study.pk))
        row = Round.objects.create(
            place_id=str(place_id),
            name=values.name.strip(),
            starts=values.starts,
            ends=values.ends,
            slots=list(values.slots),
            schedule=[[day.isoformat(), slot] for day, slot in values.schedule],
            dimension=values.dimension if values.groups else "",
            groups=list(values.groups),
            how=values.how,
            doors=[door.strip() for door in values.doors],
            margin=values.margin,
            expected=values.expected,
            state="planned",
            created_by=actor if getattr(actor, "is_authenticated", False) else None,
        )
        after = {"name": row.name, "starts": row.starts.isoformat(), "ends": row.ends.isoformat(), "dimension": row.dimension}
        note.log("make_round", object_type="round", object_id=row.pk, after=after)
    return str(row.pk)


def close_round(actor: Actor, slug: str, place_id: object, round_id: object) -> None:
    """No more is counted in this round. Raises InputError (`round.open_sessions`) where a count was not ended yet."""
    with noting(actor, slug, place_id) as note:
        row = locked_round(note, round_id)
        if row.state == "closed":
            raise InputError("This round is closed already.", code="round.closed")
        # Locked, so that a phone that is sending now is either in time or finds the round closed.
        sessions = list(row.sessions.select_for_update().values_list("state", "left_out"))
        if ("open", False) in sessions:
            raise InputError("Some counts have not ended.", code="round.open_sessions", remedy="End them, or leave them out.")
        before, row.state, row.closed = row.state, "closed", timezone.now()
        _fix_observed(slug, row)
        row.save(update_fields=["state", "closed", "observed"])
        note.log("close_round", object_type="round", object_id=row.pk, before={"state": before}, after={"state": "closed"})


def _fix_observed(slug: str, row: Round) -> None:
    """Make what observers saw as it may be told, once: whoever adds people of their own would learn the others from the difference."""
    if queries.observed(slug, row.pk) is None:
        row.observed = [[*kind, number] for kind, number in sorted(observing.merged(queries.observations_of(slug, row.pk)).items())]


def reopen_round(actor: Actor, slug: str, place_id: object, round_id: object) -> None:
    """Let phones send again, for what came too late. Not once figures were released: then they would change."""
    with noting(actor, slug, place_id) as note:
        row = locked_round(note, round_id)
        if row.state != "closed":
            raise InputError("This round is not closed.", code="round.not_closed")
        refuse_released(row)
        row.state, row.closed = "counting", None
        row.save(update_fields=["state", "closed"])
        note.log("reopen_round", object_type="round", object_id=row.pk, before={"state": "closed"}, after={"state": "counting"})


def make_link(actor: Actor, slug: str, place_id: object, round_id: object, *, purpose: str = "count", name: str = "") -> tuple[str, str]:
    """Make a link to count by; gives its identifier and its secret, which is nowhere else and cannot be had again."""
    with noting(actor, slug, place_id) as note:
        row = locked_round(note, round_id)
        if row.state == "closed":
            raise InputError("This round is closed.", code="round.closed")
        secret = secrets.token_urlsafe(SECRET_BYTES)
        link = Link.objects.create(
            round=row,
            purpose=purpose if purpose == "observe" else "count",
            digest=digest(secret),
            name=name.strip()[:100],
            expires=max(row.ends, timezone.localdate()) + GRACE,
            made_by=actor if getattr(actor, "is_authenticated", False) else None,
        )
        after = {"round": str(row.pk), "purpose": link.purpose, "name": link.name, "expires": link.expires.isoformat()}
        note.log("make_link", object_type="count_link", object_id=link.pk, after=after)
    return str(link.pk), secret


def revoke_link(actor: Actor, slug: str, place_id: object, link_id: object) -> None:
    """A link opens nothing any more. What was counted by it stays."""
    with noting(actor, slug, place_id) as note:
        link = Link.objects.select_for_update().filter(pk=str(link_id), round__place=note.place, revoked=None).first()
        if link is None:
            raise unknown("link")
        link.revoked = timezone.now()
        link.save(update_fields=["revoked"])
        note.log("revoke_link", object_type="count_link", object_id=link.pk, after={"round": str(link.round_id)})


def set_dimensions(actor: Actor, slug: str, chosen: Mapping[str, Sequence[str]], reason: str) -> None:
    """Decide by what visitors of a study may be told apart when counted; for managers. Rounds that exist stay as they are."""
    with noting(actor, slug, None, wanted="manager") as note:
        if not reason.strip():
            raise InputError("Say why.", code="reason.absent")
        wrong = [name for name, members in chosen.items() if not members or not set(members) <= set(groups.groups_of(name))]
        if wrong:
            raise InputError("There are no such groups.", code="round.groups")
        before = {name: list(members) for name, members in groups.allowed(note.study.pk).items()}
        after = {name: list(members) for name, members in chosen.items()}
        row, _ = Dimensions.objects.update_or_create(study=note.study, defaults={"groups": after})
        note.log("set_dimensions", object_type="dimensions", object_id=row.pk, reason=reason, before=before, after=after)


def locked_round(note: Note, round_id: object) -> Round:
    """The round of the place that is written about, kept from others until the write is done. Raises UnknownError."""
    row = Round.objects.select_for_update().filter(pk=str(round_id), place=note.place).first()
    if row is None:
        raise unknown("round")
    return row


def refuse_released(row: Round) -> None:
    """Raises InputError (`round.released`) where figures of a round were released: counts no longer change."""
    if row.releases.exclude(state="withdrawn").exists():
        raise InputError("Figures of this round were released.", code="round.released", remedy="Withdraw them first.")
