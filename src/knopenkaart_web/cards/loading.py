# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cards from a file, for who asked visitors before there was this map; the same file twice adds nothing twice."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from knopenkaart.errors import Fault, InputError
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.cards.models import MOST_TIMES, Card
from knopenkaart_web.places.noting import noting

ANSWERS = ("regular", "origin", "age", "recognise", "greet", "different")


def load_cards(actor: Actor, slug: str, rows: Iterable[Mapping[str, Any]], places: Mapping[str, str], *, file: str = "cards") -> int:
    """Add the cards of a file; gives how many were new. Needs an editor.

    Each row has the columns of the table of cards, with the name of the place as `place`; `places` tells its identifier. Raises InputError
    (`cards.file`) with every row that cannot be.
    """
    faults: list[Fault] = []
    cards = [card for number, row in enumerate(rows, start=2) if (card := _card(row, number, places, file, faults)) is not None]
    if faults:
        raise InputError("These cards cannot be used.", code="cards.file", faults=faults, remedy="Correct the rows that are named.")
    with noting(actor, slug, None, "editor") as note:
        known = set(Card.objects.filter(nonce__in=[card.nonce for card in cards]).values_list("nonce", flat=True))
        new = [card for card in cards if card.nonce not in known]
        Card.objects.bulk_create(new)
        note.log("load_cards", object_type="study", object_id=note.study.slug, after={"added": len(new), "there": len(known)})
    return len(new)


def _card(row: Mapping[str, Any], number: int, places: Mapping[str, str], file: str, faults: list[Fault]) -> Card | None:
    place = places.get(str(row.get("place", "")))
    if place is None:
        faults.append(Fault("cards.place", "there is no such place", file, number, "place", str(row.get("place", ""))))
        return None
    often = str(row.get("frequency") or "").strip()
    try:
        card = Card(
            place_id=place,
            # The same card of the same place has the same number, whoever loads it again.
            nonce=uuid.uuid5(uuid.UUID(place), f"card/{row['card']}"),
            date=date.fromisoformat(str(row.get("date", ""))),
            how="paper",
            frequency=int(often) if often else None,
            elsewhere=_elsewhere(str(row.get("elsewhere") or ""), places),
            **{name: str(row.get(name) or "") for name in ANSWERS},
        )
        card.clean_fields(exclude=["place", "link", "id", *(() if often else ("frequency",))])
        if card.frequency is not None and card.frequency > MOST_TIMES:
            raise ValueError(f"at most {MOST_TIMES} times")
    except (KeyError, ValueError, ValidationError) as error:
        faults.append(Fault("cards.row", str(error), file, number))
        return None
    return card


def _elsewhere(said: str, places: Mapping[str, str]) -> str:
    """Where somebody would go: a place that is known, nowhere, or another place."""
    return places.get(said) or (said if said in ("", "other", "nowhere") else "other")
