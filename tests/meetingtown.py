# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Generated towns for the encounters engine, and every possible week of a tiny one, written out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import numpy.typing as npt

from knopenkaart.encounters.town import Convention, Floats, Places, Residents, Town

RATES, PARTS = np.array([0.08, 0.45, 1.2, 2.8]), np.array([0.45, 0.3, 0.18, 0.07])


def town(
    people: int = 3000,
    places: int = 12,
    *,
    slots: int = 21,
    groups: int = 4,
    cells: int = 40,
    nests: int = 1,
    loyal: float = 0.65,
    busy: float = 1.0,
    notices: float = 12.0,
    foyer: float = 0.3,
    sessions: int = 9,
    seed: int = 1,
) -> Town:
    """A square town: people of four activity classes choose by attractiveness and distance; each nest gives one own place and slot."""
    draw = np.random.default_rng(seed)
    side = 3.0 * np.sqrt(people / 25_000)
    far = np.hypot(*(draw.random((cells, 1, 2)) - draw.random((1, places, 2))).transpose(2, 0, 1)) * side * 1.25
    nest = np.arange(places) % nests
    pull = np.exp(draw.normal(0, 0.4, (places, groups)))
    weight = pull.T[None] * np.exp(-(0.7 + 0.3 * np.arange(groups))[None, :, None] * far[:, None, :])
    choice = weight.reshape(cells * groups, places)
    for c in range(nests):
        choice[:, nest == c] /= choice[:, nest == c].sum(axis=1, keepdims=True)
    profile = np.zeros((places, groups, slots))
    for v in range(places):
        at = draw.choice(slots, min(sessions, slots), replace=False)
        profile[v][:, at] = draw.dirichlet(np.full(len(at), 0.7), groups)
    follows = np.array([t + 1 if t % 3 < 2 and t + 1 < slots else -1 for t in range(slots)], np.int32)
    where = Places(nest.astype(np.int32), profile, np.full(places, notices), np.ones(places), np.full(places, foyer), follows)
    group, cell = draw.integers(0, groups, people).astype(np.int32), draw.integers(0, cells, people).astype(np.int32)
    rate = RATES[draw.choice(4, (people, nests), p=PARTS)] * busy / nests
    home, slot = _own(draw, choice, cell * groups + group, profile, nest, group)
    regular, casual = np.minimum(1, rate * loyal), np.minimum(1, rate * (1 - loyal))
    return Town(where, Residents(group, cell, regular, casual, home, slot, choice.astype(np.float32), groups))


def _own(
    draw: np.random.Generator,
    choice: Floats,
    row: npt.NDArray[np.int64],
    profile: Floats,
    nest: npt.NDArray[np.int64],
    group: npt.NDArray[np.int32],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Per resident and nest an own place by choice, and an own slot there by profile."""
    nests = int(nest.max()) + 1
    home, slot = np.zeros((len(group), nests), np.int32), np.zeros((len(group), nests), np.int32)
    for c in range(nests):
        at = np.flatnonzero(nest == c)
        home[:, c] = at[_in_parts(draw, choice[:, at], row)]
        slot[:, c] = _drawn(draw, profile[home[:, c], group])
    return home, slot


def _drawn(draw: np.random.Generator, chances: Floats) -> npt.NDArray[np.int64]:
    up = chances.cumsum(axis=1)
    return (up < draw.random(len(chances))[:, None] * up[:, -1:]).sum(axis=1)


def _in_parts(draw: np.random.Generator, choice: Floats, row: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The same draws for many people, without a table of all of them at once."""
    return np.concatenate([_drawn(draw, choice[row[at : at + 4096]]) for at in range(0, len(row), 4096)])


def tiny(people: int = 4, *, regular: float = 0.9, casual: float = 0.8, notices: float = 2.0, foyer: float = 0.4, seed: int = 1) -> Town:
    """At most six people, two places of one nest, two slots of one day; chances up to `regular` and `casual`."""
    draw = np.random.default_rng(seed)
    profile = draw.dirichlet(np.ones(2), (2, 2))
    where = Places(
        np.zeros(2, np.int32), profile, np.full(2, notices), np.array([1.0, 0.7]), np.full(2, foyer), np.array([1, -1], np.int32)
    )
    numbers = [draw.integers(0, most, people).astype(np.int32) for most in (2, 3)]
    return Town(
        where,
        Residents(
            numbers[0],
            numbers[1],
            draw.uniform(0, regular, (people, 1)) if regular else np.zeros((people, 1)),
            draw.uniform(0, casual, (people, 1)) if casual else np.zeros((people, 1)),
            draw.integers(0, 2, (people, 1)).astype(np.int32),
            draw.integers(0, 2, (people, 1)).astype(np.int32),
            draw.dirichlet(np.ones(2), 6).astype(np.float32),
            2,
        ),
    )


def enumerated(small: Town, convention: Convention) -> tuple[float, Floats]:
    """Noticed encounters per resident per week and the chance that each pair recognises one another, from every week that can happen."""
    people = small.residents.count
    weeks = np.zeros((people, people, 5 + convention.times))
    for chance, visits in _all_weeks(small):
        for i in range(people):
            for j in range(i):
                numbers = np.zeros(weeks.shape[2])
                numbers[0] = chance
                for met in _meetings(small, visits, i, j):
                    numbers[1:] = numbers[1:] * (1 - met) + numbers[:-1] * met
                    numbers[0] *= 1 - met
                weeks[i, j] += numbers
    mean = 2 * float((weeks @ np.arange(weeks.shape[2])).sum()) / people
    if convention.counting == "weeks":
        weeks = np.stack([weeks[..., 0], weeks[..., 1:].sum(axis=-1)], axis=-1)
    known = np.zeros((people, people))
    for i in range(people):
        for j in range(i):
            whole = np.ones(1)
            for _ in range(convention.weeks):
                whole = np.convolve(whole, weeks[i, j])
            known[i, j] = known[j, i] = whole[convention.times :].sum()
    return mean, known


def _all_weeks(small: Town) -> Iterator[tuple[float, list[list[tuple[int, int]]]]]:
    """Every way in which the people of a town of one nest can go out in a week, with its chance; visits are (place, slot) per person."""
    who, where = small.residents, small.places
    ways: list[list[tuple[float, list[tuple[int, int]]]]] = []
    for i in range(who.count):
        own = (int(who.home[i, 0]), int(who.slot[i, 0]))
        chance = who.choice[who.row[i]].astype(float)[:, None] * where.profile[:, who.group[i]] * who.casual[i, 0]
        casual: list[tuple[float, list[tuple[int, int]]]] = [(1 - float(chance.sum()), [])]
        casual += [(float(chance[at]), [(int(at[0]), int(at[1]))]) for at in np.ndindex(*chance.shape)]
        regular = [(1 - float(who.regular[i, 0]), []), (float(who.regular[i, 0]), [own])]
        ways.append([(p * q, first + second) for p, first in regular for q, second in casual if p * q > 0])
    for combined in product(*ways):
        yield float(np.prod([p for p, _ in combined])), [visits for _, visits in combined]


def _meetings(small: Town, visits: list[list[tuple[int, int]]], i: int, j: int) -> Iterator[float]:
    """The chance of each meeting of visits of two people to be noticed by both."""
    where = small.places
    all_visits = [visit for of_one in visits for visit in of_one]
    for (v, t), (w, u) in product(visits[i], visits[j]):
        if v != w:
            continue
        if t == u:
            yield where.overlap[v] * min(1.0, where.notices[v] / max(1, all_visits.count((v, t)) - 1))
        elif where.follows[t] == u or where.follows[u] == t:
            yield where.foyer[v] * min(1.0, where.notices[v] / (all_visits.count((v, t)) + all_visits.count((v, u)) - 1))
