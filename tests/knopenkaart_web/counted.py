# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A round of counting in Kleindorp: who came in four weeks, as phones would have sent it, and the cards that were filled in meanwhile."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta

from knopenkaart_web.cards.models import Card
from knopenkaart_web.places.models import Place
from knopenkaart_web.visits.models import Round, SeriesPoint, Session, SessionCount

MONDAY = date(2026, 3, 2)
WEEKS = 4
SLOTS = ("mo_morning", "mo_afternoon", "we_morning", "fr_evening")
DAY = {"mo_morning": 0, "mo_afternoon": 0, "we_morning": 2, "fr_evening": 4}
GROUPS = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")
# People per daypart and group, the same every week: three seniors on Friday evening are too few to be shown.
PEOPLE: Mapping[str, tuple[int, ...]] = {
    "mo_morning": (20, 12, 30, 40, 60),
    "mo_afternoon": (40, 15, 20, 25, 30),
    "we_morning": (10, 11, 25, 35, 50),
    "fr_evening": (5, 40, 45, 20, 3),
}
VISITS_PER_WEEK = sum(sum(row) for row in PEOPLE.values())


def counted_round(place_id: str, *, state: str = "closed", name: str = "Voorjaar", starts: date = MONDAY) -> Round:
    """A round of four weeks in which every daypart was counted each week."""
    place = Place.objects.get(pk=place_id)
    row = Round.objects.create(
        # Its number decides what is hidden beside a small figure: the same in every test.
        id=uuid.uuid5(place.pk, name),
        place=place,
        name=name,
        starts=starts,
        ends=starts + timedelta(days=7 * WEEKS - 1),
        slots=list(SLOTS),
        dimension="age",
        groups=list(GROUPS),
        state=state,
    )
    for week in range(WEEKS):
        for slot, people in PEOPLE.items():
            day = starts + timedelta(days=7 * week + DAY[slot])
            session = Session.objects.create(id=uuid.uuid4(), round=row, date=day, slot=slot, state="closed", seq=1)
            SessionCount.objects.bulk_create(
                SessionCount(session=session, group=group, people=number) for group, number in zip(GROUPS, people, strict=True)
            )
    return row


def filled_in_cards(place_id: str, number: int = 60, *, day: date = MONDAY) -> None:
    """Cards of one period: one in four comes for the first time, two or three times, once a week, or more often."""
    Card.objects.bulk_create(
        Card(
            place_id=place_id,
            nonce=uuid.uuid4(),
            date=day + timedelta(days=index % 20),
            frequency=(1, 2, 4, 12)[index % 4],
            regular="yes" if index % 2 else "no",
            origin="8901" if index % 3 else "8902",
            age="age_65_plus" if index % 2 else "age_25_44",
            recognise=("0", "1_2", "3_5", "6_10")[index % 4],
            greet="1_2",
            elsewhere="nowhere" if index % 5 else "other",
        )
        for index in range(number)
    )


def months(place_id: str, number: int) -> None:
    """Visits per month from January 2023 on, a fifth more in winter; in the fourth month only seven came."""
    for index in range(number):
        start = date(2023 + index // 12, index % 12 + 1, 1)
        visits = 7 if index == 3 else 1000 + 100 * (start.month in (1, 2, 11, 12)) + 7 * (index % 5)
        SeriesPoint.objects.get_or_create(
            place_id=place_id, start=start, defaults={"grain": "month", "visits": visits, "source": "jaarverslag"}
        )
