# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What observers saw, as it may be told: kinds of people with how many, never fewer than ten.

Kinds of fewer than ten people are told together with others: first without their age, then without their company, then without what they
do. What is still fewer than ten is left out. No kind holds another and no total is given, so that nothing can be had by subtraction. It is
made once, when a round is closed; after that it is replaced only where every kind changed by nothing or by ten people or more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from knopenkaart.privacy import THRESHOLD
from knopenkaart_web.visits.views_data import ObservationRow

# Of ours -> of the Public Life Data Protocol, which has four ages. Gender is not observed.
AGES = {
    "age_0_14": "age_0-14",
    "age_15_24": "age_15-24",
    "age_25_44": "age_25-64",
    "age_45_64": "age_25-64",
    "age_65_plus": "age_65+",
}
# posture, activity, company, age
Kind = tuple[str, str, str, str]


def merged(rows: Sequence[ObservationRow]) -> dict[Kind, int]:
    """The people of a round by kind, each kind ten or more; what is empty in a kind was not told apart."""
    kinds: Counter[Kind] = Counter()
    for row in rows:
        kinds[row.posture, row.activity, row.group_size, AGES.get(row.age_group, "")] += row.number
    shown: Counter[Kind] = Counter()
    for kept in (4, 3, 2, 1):
        coarser: Counter[Kind] = Counter()
        for kind, number in kinds.items():
            coarser[_first(kind, kept)] += number
        # A kind may be shown already as seen without an age, and come again from those whose age is not told.
        large = Counter({kind: number for kind, number in coarser.items() if number >= THRESHOLD})
        shown += large
        kinds = Counter({kind: number for kind, number in coarser.items() if kind not in large})
    return dict(shown)


def _first(kind: Kind, kept: int) -> Kind:
    posture, activity, company, age = (part if place < kept else "" for place, part in enumerate(kind))
    return (posture, activity, company, age)
