# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which link a secret opens, and where it leads; nothing for a secret that opens nothing now."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from knopenkaart_web.cards.models import CardLink, CardSettings, ResidentLink, digest, today
from knopenkaart_web.places.models import Place, Study

# Places that were merged into one another; more steps is a circle.
_MOST_MERGES = 10
_MERGED = ("", "merged_into__", "merged_into__merged_into__")


def card_link(secret: str) -> CardLink | None:
    """The link to a card that a secret opens today."""
    return CardLink.objects.select_related("place__study").filter(**_in_force(secret)).first()


def resident_link(secret: str) -> ResidentLink | None:
    """The link to the questions for residents that a secret opens today."""
    return ResidentLink.objects.select_related("study").filter(**_in_force(secret)).first()


def open_study(slug: str) -> Study | None:
    """A study of which every resident may answer without a link."""
    row = CardSettings.objects.select_related("study").filter(study__slug=slug, open_survey=True).first()
    return row.study if row else None


def place_of(link: CardLink) -> Place | None:
    """The place of a link; the one that it was merged into; None where it is no place any more."""
    place = link.place
    for _step in range(_MOST_MERGES):
        if place.merged_into is None:
            break
        place = place.merged_into
    return None if place.removed or place.merged_into_id else place


def at(place_id: UUID | str) -> Q:
    """Rows of a place, and of places that were merged into it."""
    found = Q()
    for step in _MERGED:
        found |= Q(**{f"place__{step}id": place_id})
    return found


def _in_force(secret: str) -> dict[str, object]:
    day = today()
    return {"digest": digest(secret), "revoked": None, "first_day__lte": day, "last_day__gte": day}
