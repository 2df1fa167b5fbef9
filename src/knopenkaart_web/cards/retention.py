# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long what people answered stays, and why; actions.forget_old carries it out."""

from __future__ import annotations

from knopenkaart_web.places.keeping import Keep

RETENTION: tuple[Keep, ...] = (
    Keep(field="cards_card.origin", months=24, why="The catchment of a place is reckoned from two years of cards."),
    Keep(field="cards_card.age", months=24, why="With the origin it could tell of whom a card is."),
    Keep(field="cards_card", months=60, why="Regulars and recognition are compared over five years."),
    Keep(field="cards_residentanswer.origin", months=24, why="Reach and reasons are compared with the survey before."),
    Keep(field="cards_residentanswer.age", months=24, why="With the origin it could tell of whom an answer is."),
    Keep(field="cards_residentanswer", months=36, why="Where residents go is compared with the survey before."),
    Keep(field="cards_residentplace", months=36, why="It is a part of the answer of a resident, and goes with it."),
    Keep(field="cards_residentwave", months=120, why="Figures that were shown can be looked up for ten years."),
    Keep(field="cards_freetext", months=12, why="Somebody may be named in it; within a year it was read."),
    Keep(field="cards_selftally", months=60, why="A sum of a quarter, of nobody; as long as the cards it belongs to."),
    Keep(field="cards_cardlink", months=12, why="After its last day a link is only of use to see where cards came from."),
    Keep(field="cards_residentlink", months=12, why="After its last day a link is only of use to see where answers came from."),
    Keep(field="cards_sending", months=0, why="Gone with the hour: only to see from where too much comes."),
)
