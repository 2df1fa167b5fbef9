# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Answers of residents of Kleindorp, as they would have sent them."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from knopenkaart_web.cards.models import ResidentAnswer, ResidentPlace, today
from knopenkaart_web.places.models import Study

from .factories import CAFE, CENTRE, LIBRARY

AGES = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")


def residents(study: Study, number: int, *, day: date | None = None, goes: str = LIBRARY) -> None:
    """Two in three go to the library, one in three not to the café (too far), three to the centre; all ages answer alike."""
    when = day or today() - timedelta(days=1)
    for index in range(number):
        age, neighbours = AGES[index % 5], ("3_5", "11_20")[index % 2]
        row = ResidentAnswer.objects.create(study=study, nonce=uuid.uuid4(), date=when, age=age, neighbours=neighbours)
        named = [(goes, True, "")] if index % 3 else [(CAFE, False, "too_far")]
        if index < 3:
            named.append((CENTRE if goes != CENTRE else LIBRARY, True, ""))
        ResidentPlace.objects.bulk_create(
            ResidentPlace(answer=row, place_id=place, goes=there, frequency=4 if there else None, reason=reason)
            for place, there, reason in named
        )
