# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many of those who are there during a visit are recognised: what a visitor card asks."""

from __future__ import annotations

import meetingtown
import numpy as np
import pytest

from knopenkaart import rng
from knopenkaart.encounters import simulate as lived
from knopenkaart.encounters.expected import expected
from knopenkaart.encounters.town import Convention, Floats, Town


def _by_hand(small: Town, known: Floats) -> tuple[Floats, Floats]:
    """Per place and group visits per week, and visits times the recognised others in the same slot, pair by pair and slot by slot."""
    who, where = small.residents, small.places
    visits, seen = np.zeros((where.count, who.groups)), np.zeros((where.count, who.groups))
    goes = who.casual[:, :1, None] * who.choice[who.row].astype(float)[:, :, None] * where.profile[:, who.group].swapaxes(0, 1)
    goes[np.arange(who.count), who.home[:, 0], who.slot[:, 0]] += who.regular[:, 0]
    for i in range(who.count):
        visits[:, who.group[i]] += goes[i].sum(axis=1)
        for j in range(who.count):
            seen[:, who.group[i]] += known[i, j] * (goes[i] * goes[j]).sum(axis=1) * where.overlap
    return visits, seen


@pytest.mark.parametrize("people", [3, 6])
def test_of_regulars_it_is_as_their_possible_weeks_say(people: int) -> None:
    small, convention = meetingtown.tiny(people, casual=0.0, notices=1.0), Convention(1, 2)
    visits, seen = _by_hand(small, meetingtown.enumerated(small, convention)[1])
    found = expected(small, convention, egos=99).familiarity.present
    assert np.isnan(found[visits == 0]).all()
    assert found[visits > 0] == pytest.approx((seen / np.maximum(visits, 1e-300))[visits > 0], rel=1e-9)


def test_of_casual_visitors_it_is_nearly_so() -> None:
    """Left out: two casual visits to a place that is neither's own."""
    small, convention = meetingtown.tiny(4, regular=0.9, casual=0.3, notices=30.0), Convention(1, 2)
    visits, seen = _by_hand(small, meetingtown.enumerated(small, convention)[1])
    found = expected(small, convention, egos=99).familiarity.present
    assert np.nansum(found * visits) == pytest.approx(seen.sum(), rel=0.05)


def test_who_lives_it_recognises_as_many() -> None:
    """In lived towns: those who were met often enough in so many weeks, and are in the same session in the week after."""
    town, convention = meetingtown.town(2000, 12), Convention(2, 12)
    shares = [_lived(town, convention, run) for run in range(12)]
    there = expected(town, convention, egos=2000)
    visits = there.crowd.visits.sum(axis=1)
    ours = float((there.familiarity.present * visits).sum() / visits.sum())
    error = np.std(shares, ddof=1) / len(shares) ** 0.5
    assert abs(ours - np.mean(shares)) < 0.01 * ours + 3 * error


def _lived(town: Town, convention: Convention, run: int) -> float:
    random = rng.stream(8, f"present {run}")
    met_in = (np.unique(lived._week(town, *lived._visits(town, random), int(random.integers(2**31)))) for _ in range(convention.weeks))
    known = set(lived._often(np.concatenate(list(met_in)), convention.times).tolist())
    person, place, slot = lived._visits(town, random)
    session = place * town.places.slots + slot
    met = 0
    for one in np.unique(session):
        people = np.sort(person[session == one])
        pairs = people[:, None] * town.residents.count + people[None]
        met += 2 * sum(pair in known for pair in pairs[np.triu_indices(len(people), 1)].tolist())
    return met / len(person)


def test_where_nobody_has_an_own_place_nothing_is_told_of_it() -> None:
    found = expected(meetingtown.town(300, 4, loyal=0.0), Convention(1, 4), egos=300).familiarity
    assert found.mean > 0
    assert np.nansum(found.present) == 0
