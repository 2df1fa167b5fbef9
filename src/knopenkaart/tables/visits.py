# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of who comes: what was counted and answered, and what is reckoned from it. They hold own observations."""

from __future__ import annotations

from knopenkaart.tables.core import table

COUNTS = table(
    "counts",
    ("session", "group"),
    place_id=("text", True, "place"),
    session=("text", True, "one count of one daypart at one door by one counter or one sheet"),
    date=("date", True, "day of the count"),
    slot=("text", True, "daypart"),
    group=("text", True, "group of the vocabulary, `unknown` where the counter could not tell, or `all` where nobody was told apart"),
    people=("int", True, "people counted; 0 is a count too"),
    exposure=("float", True, "part of the daypart that was counted, above 0 to 1"),
    how=("text", True, "entering (who comes in) or present (who is there at one moment)"),
)

CARDS = table(
    "cards",
    ("card",),
    place_id=("text", True, "place where the card was filled in"),
    card=("text", True, "number of the card, of no person"),
    date=("date", True, "day on which it came in"),
    frequency=("int", False, "how often here in the last 4 weeks, this time included (0-28)"),
    regular=("text", False, "yes, no or varies: usually on the same day and time"),
    origin=("text", False, "four digits of the postcode, or the code of a buurt"),
    age=("text", False, "age group of the vocabulary"),
    recognise=("text", False, "how many people here now one recognises by face: 0, 1_2, 3_5, 6_10, 11_20, over_20"),
    greet=("text", False, "with how many of them one greets or talks, in the same classes"),
    different=("text", False, "how many of them are different from oneself, in the same classes"),
    elsewhere=("text", False, "if this place were closed: the id of another place, other, or nowhere"),
)

SERIES = table(
    "series",
    ("place_id", "start"),
    place_id=("text", True, "place"),
    start=("date", True, "first day of the period"),
    grain=("text", True, "day, week, month or quarter"),
    visits=("float", False, "visits in the period; empty where the source has none"),
)
