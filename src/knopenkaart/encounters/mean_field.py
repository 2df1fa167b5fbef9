# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Encounters and familiarity from expected numbers of people alone: fast, whatever the number of residents, for searching among plans."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from knopenkaart.encounters import _cohorts as kernels
from knopenkaart.encounters._noticing import Sessions, all_noticed, met_casually
from knopenkaart.encounters.expected import products, rule
from knopenkaart.encounters.town import Convention, Floats, Places, Town

# So many places are reckoned at a time: more would take much memory.
AT_ONCE = 4096
# Of a place its visits, and per pair of groups its encounters and faces.
Reckoned = tuple[float, Floats, Floats]


@dataclass(frozen=True)
class Cohorts:
    """Who has which own place, in expectation: per place, group and class of going out (V, G, R).

    `members`: residents with that own place. `regular`: their chance to come there in a week; `casual`: their chance of a casual visit
    anywhere in the nest, and `own`: the chance that it is to the own place. `visitors` (V, G): casual visits per week, of everybody.
    """

    members: Floats
    regular: Floats
    casual: Floats
    own: Floats
    visitors: Floats


Part = TypeVar("Part", Places, Cohorts)


@dataclass(frozen=True)
class MeanField:
    """What is expected per week and in the window.

    `visits` (V): per week. `encounters` (V): noticed ones per week, each from both sides; `encounters_by_group` (G, G). `due` (V): faces
    recognised by way of a place, from both sides; `by_group` (G, G) and `due_by_group` (V, G, G), from the side of the first. `mean`,
    `mean_across`: faces per resident, of all and of another group; `per_resident`: encounters per resident per week.
    """

    visits: Floats
    encounters: Floats
    encounters_by_group: Floats
    due: Floats
    by_group: Floats
    due_by_group: Floats
    per_resident: float
    mean: float
    mean_across: float


def cohorts(
    people: Floats,
    probability: npt.NDArray[np.float32],
    nest: npt.NDArray[np.int32],
    going: Floats,
    *,
    shares: Floats,
    rates: Floats,
    loyal: float,
) -> Cohorts:
    """Cohorts of a choice of places.

    `people` (H, G): residents per home cell and group. `probability` (H * G, V): the choice within each nest; `nest` (V).
    `going` (H * G, C): mean visits per week of a resident in each nest. `shares` (R): the part of people in each class; `rates` (R): how
    much a class goes out, times the mean of all. `loyal`: the part of visits that are to the own place in the own slot.
    """
    groups, classes = people.shape[1], len(shares)
    shape = (probability.shape[1], groups, classes)
    members, regular, casual, own = (np.zeros(shape) for _ in range(4))
    visitors = np.zeros(shape[:2])
    for c in np.unique(nest):
        at = np.flatnonzero(nest == c)
        chosen = probability[:, at].astype(float) * people.reshape(-1, 1)
        each = chosen.reshape(-1, groups, len(at))
        squared = (chosen * probability[:, at]).reshape(each.shape).sum(axis=0).T
        whole = each.sum(axis=0).T
        safe = np.where(whole > 0, whole, 1.0)
        for r in range(classes):
            rate = going[:, c].reshape(-1, groups, 1) * rates[r]
            often, seldom = np.minimum(1, rate * loyal), np.minimum(1, rate * (1 - loyal))
            members[at, :, r] = whole * shares[r]
            regular[at, :, r] = (each * often).sum(axis=0).T / safe
            casual[at, :, r] = (each * seldom).sum(axis=0).T / safe
            own[at, :, r] = squared / safe
            visitors[at] += shares[r] * (each * seldom).sum(axis=0).T
    return Cohorts(members, regular, casual, own, visitors)


def cohorts_of_town(town: Town, classes: int = 8) -> Cohorts:
    """The cohorts of a town as it is, in at most so many classes of how often people come (beyond that: with as many visits in each)."""
    who, where = town.residents, town.places
    shape, cells = (where.count, who.groups, classes), len(who.choice) // who.groups
    sums = np.zeros((4, *shape))
    visitors = np.zeros(shape[:2])
    for nest in range(who.nests):
        level = _levels(who.regular[:, nest], classes)
        at = np.flatnonzero(who.home[:, nest] >= 0)
        place, group = who.home[at, nest], who.group[at]
        chosen = who.choice[who.row[at], place].astype(float)
        for n, values in enumerate((np.ones(len(at)), who.regular[at, nest], who.casual[at, nest], chosen)):
            np.add.at(sums[n], (place, group, level[at]), values)
        columns = np.flatnonzero(where.nest == nest)
        rows = np.bincount(who.row, who.casual[:, nest], len(who.choice))
        visitors[columns] = (who.choice[:, columns] * rows[:, None]).reshape(cells, who.groups, len(columns)).sum(axis=0).T
    safe = np.where(sums[0] > 0, sums[0], 1.0)
    return Cohorts(sums[0], sums[1] / safe, sums[2] / safe, sums[3] / safe, visitors)


def _levels(regular: Floats, classes: int) -> npt.NDArray[np.int64]:
    values, level = np.unique(regular, return_inverse=True)
    if len(values) <= classes:
        return level.astype(np.int64)
    order = np.argsort(regular, kind="stable")
    upto = np.cumsum(regular[order])
    level = np.empty(len(regular), np.int64)
    level[order] = np.minimum(classes - 1, (upto / upto[-1] * classes).astype(np.int64))
    return level


def mean_field(places: Places, who: Cohorts, convention: Convention, *, residents: float) -> MeanField:
    """Expected encounters and faces of a plan, for `residents` people in all.

    Cost: places x slots x (groups x classes)^2. Left out: faces among those who share no place (some percent), and what people who share a
    place in one nest add in another. Within a cohort all are alike. How near it comes: docs/method/encounters.md.
    """
    return mean_fields([(places, who)], convention, residents=residents)[0]


def mean_fields(cases: Sequence[tuple[Places, Cohorts]], convention: Convention, *, residents: float) -> list[MeanField]:
    """`mean_field` of several plans at one go: what is alike in two of them is reckoned once, and both processors have enough to do.

    A place where nobody comes is not reckoned at all.
    """
    keys = [_keys(places, who, convention) for places, who in cases]
    first: dict[bytes, tuple[int, int]] = {}
    for number, of in enumerate(keys):
        for v, key in enumerate(of):
            if key is not None:
                first.setdefault(key, (number, v))
    known = _known(cases, first, convention)
    groups = cases[0][1].members.shape[1] if cases else 0
    nobody = 0.0, np.zeros((groups, groups)), np.zeros((groups, groups))
    return [_gathered([nobody if key is None else known[key] for key in of], groups, residents) for of in keys]


def _known(cases: Sequence[tuple[Places, Cohorts]], first: dict[bytes, tuple[int, int]], convention: Convention) -> dict[bytes, Reckoned]:
    """What is reckoned of each place that is unlike any before it, so many at a time."""
    known: dict[bytes, Reckoned] = {}
    wanted = list(first.items())
    for begin in range(0, len(wanted), AT_ONCE):
        part = wanted[begin : begin + AT_ONCE]
        rows: dict[int, list[int]] = {}
        for _, (number, v) in part:
            rows.setdefault(number, []).append(v)
        chosen = [(_some(cases[number][0], np.array(vs)), _some(cases[number][1], np.array(vs))) for number, vs in rows.items()]
        places, who = joined([places for places, _ in chosen]), joined([who for _, who in chosen])
        known.update(zip((key for key, _ in part), _reckoned(places, who, convention), strict=True))
    return known


def _gathered(parts: list[Reckoned], groups: int, residents: float) -> MeanField:
    whole = max(residents, 1.0)
    met, due = (np.array([part[n] for part in parts]).reshape(-1, groups, groups) for n in (1, 2))
    by_group = due.sum(axis=0)
    return MeanField(
        visits=np.array([part[0] for part in parts]),
        encounters=met.sum(axis=(1, 2)),
        encounters_by_group=met.sum(axis=0),
        due=due.sum(axis=(1, 2)),
        by_group=by_group,
        due_by_group=due,
        per_resident=float(met.sum() / whole),
        mean=float(by_group.sum() / whole),
        mean_across=float((by_group.sum() - np.trace(by_group)) / whole),
    )


def _keys(places: Places, who: Cohorts, convention: Convention) -> list[bytes | None]:
    """Per place all that its encounters depend on, as a digest; None where nobody comes."""
    rest = repr(convention).encode() + places.follows.tobytes()
    parts = [who.members, who.regular, who.casual, who.own, who.visitors, places.profile, places.notices, places.overlap, places.foyer]
    rows = [np.ascontiguousarray(part) for part in parts]
    comes = np.asarray(who.members.any(axis=(1, 2)) | who.visitors.any(axis=1))
    keys: list[bytes | None] = []
    for v in range(places.count):
        digest = hashlib.blake2b(rest, digest_size=16)
        for row in rows if comes[v] else ():
            digest.update(row[v].tobytes())
        keys.append(digest.digest() if comes[v] else None)
    return keys


def _some(of: Part, chosen: npt.NDArray[np.int64]) -> Part:
    """Some places, or the cohorts of some places."""
    return replace(of, **{item.name: getattr(of, item.name)[chosen] for item in fields(of) if item.name != "follows"})


def joined(parts: Sequence[Part]) -> Part:
    """Places of several plans, or their cohorts, one after another."""
    names = [item.name for item in fields(parts[0]) if item.name != "follows"]
    return replace(parts[0], **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def crowding(places: Places, who: Cohorts, *, grown: float = 0.01) -> tuple[Floats, Floats]:
    """Per place the noticed encounters per week, and the slope s of noticing: where so much larger a part of people more come, of the same
    habits, encounters grow by (1 + s) per cent for each per cent. 0 where there are none.

    Found by letting all crowds grow: of a Poisson crowd it is that of `elasticity.counted`; among a few regulars it is above 1, as nobody
    meets oneself.
    """
    larger = replace(who, members=who.members * (1 + grown), visitors=who.visitors * (1 + grown))
    now, then = (_encounters(places, *_noticed(places, of)).sum(axis=(1, 2)) for of in (who, larger))
    rise = np.divide(then, now, out=np.full(len(now), 1 + grown), where=now > 0)
    return now, np.log(rise) / np.log1p(grown) - 1


def _noticed(places: Places, who: Cohorts) -> tuple[list[Floats], Floats]:
    """The sums of powers of chances (V, T, G), and how likely two visits are noticed."""
    powers = [_moment(places, who, power) for power in range(1, 5)]
    sessions = Sessions(
        np.zeros(places.count * places.slots + 1, np.int64),
        np.zeros(0),
        np.zeros(places.count * places.slots, np.int64),
        np.zeros(0, np.int64),
        powers[0].sum(axis=2),
        powers[1].sum(axis=2),
    )
    return powers, all_noticed(sessions, places.follows, places.notices, places.overlap, places.foyer)


def _reckoned(places: Places, who: Cohorts, convention: Convention) -> list[Reckoned]:
    powers, notice = _noticed(places, who)
    meets = met_casually(places.profile, places.follows, notice)
    members, regular, casual, own = (np.ascontiguousarray(part) for part in (who.members, who.regular, who.casual, who.own))
    due = kernels.recognised(members, regular, casual, own, places.profile, places.follows, notice, meets, rule(convention))
    return list(zip(powers[0].sum(axis=(1, 2)).tolist(), _encounters(places, powers, notice), due, strict=True))


def _moment(places: Places, who: Cohorts, power: int) -> Floats:
    """Sums of powers of chances per place, slot and group (V, T, G); casual visits are many small chances: in the first power only."""
    numbers = (who.members * who.regular**power).sum(axis=2)
    if power == 1:
        numbers = numbers + who.visitors
    found: Floats = numbers[:, None, :] * places.profile.swapaxes(1, 2)
    return found


def _encounters(places: Places, powers: list[Floats], notice: Floats) -> Floats:
    """Noticed encounters per week per place and pair of groups (V, G, G). Nobody meets oneself."""
    has = np.flatnonzero(places.follows >= 0)
    same = products(powers, powers, notice[:, :, 0])
    diagonal = np.arange(same.shape[2])
    numbers = notice[:, :, 0, None]
    oneself = powers[1] * numbers[..., 0] + 2 * powers[2] * numbers[..., 1] + 3 * powers[3] * numbers[..., 2]
    # Of less than one member on average there is less to take out than this; and nobody notices more people than there are.
    present = powers[0][..., None] * powers[0][..., None, :]
    present[:, :, diagonal, diagonal] -= powers[1]
    same[:, :, diagonal, diagonal] -= oneself
    same = np.clip(same, 0.0, places.overlap[:, None, None, None] * np.maximum(present, 0.0))
    now, then = [power[:, has] for power in powers], [power[:, places.follows[has]] for power in powers]
    both = now[0][..., None] * then[0][..., None, :]
    following = np.minimum(products(now, then, notice[:, has, 1]), places.foyer[:, None, None, None] * both)
    found: Floats = same.sum(axis=1) + following.sum(axis=1) + following.swapaxes(2, 3).sum(axis=1)
    return found
