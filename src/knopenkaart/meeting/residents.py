# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Residents drawn one by one: how often they go out, which places are their own, and when they go there."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from knopenkaart import rng
from knopenkaart.encounters.town import Places, Residents, Town
from knopenkaart.meeting.assumed import Habits, data
from knopenkaart.meeting.ground import Ground, profiles
from knopenkaart.visits.choice import Choice, Parameters, choose

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
# In one week somebody goes to a function at most so often in the model: once to the own place and once to any.
MOST_VISITS = 2.0
# So many times as often everybody may have to come.
STEPS = np.geomspace(1.0, 100.0, 400)
SEED = 2012


def where_of(ground: Ground, habits: Habits, *, profile: Floats | None = None) -> Places:
    """The places as encounters need them; with another `profile` (V, G, T) than that of the dayparts in which they are open."""
    hours = np.array([_hours(slot.start, slot.end) for slot in ground.slots]).mean()
    stay = habits.stay * _factor(ground, "stay")
    overlap = 1 - (1 - np.minimum(1.0, stay / hours)) ** 2
    return Places(
        nest=ground.setting.nest,
        profile=profiles(ground) if profile is None else profile,
        notices=habits.notices * _factor(ground, "notices"),
        overlap=overlap,
        foyer=np.full(len(ground.ids), habits.foyer),
        follows=ground.follows,
    )


def _factor(ground: Ground, name: str) -> Floats:
    factors = data()[name]["archetypes"]
    return np.array([factors[archetype] for archetype in ground.archetypes])


def _hours(start: str, end: str) -> float:
    (a, b), (c, d) = (text.split(":") for text in (start, end))
    return int(c) + int(d) / 60 - int(a) - int(b) / 60


def frequencies(parameters: Parameters, nest: int, mean: Floats) -> tuple[Floats, Floats]:
    """Of residents who come `mean` times a week (rows): the share of each activity class, and its visits per week; the last never comes.

    Who comes often makes many visits: of the visits the part of each class is that of `parameters.onsite`. Where more residents would be
    needed than there are, everybody comes more often, up to `MOST_VISITS`.
    """
    often = np.minimum(parameters.frequency, MOST_VISITS)
    share = parameters.onsite[nest] / often
    busy = np.outer(np.minimum(mean, 1 / share.sum()), share)
    faster = _faster(share / share.sum(), often, mean)
    never = 1 - busy.sum(axis=1, keepdims=True)
    return np.hstack([busy, np.maximum(never, 0.0)]), np.hstack(
        [np.minimum(often * faster[:, None], MOST_VISITS), np.zeros((len(mean), 1))]
    )


def _faster(share: Floats, often: Floats, mean: Floats) -> Floats:
    """How many times as often everybody has to come, so that the mean is reached though nobody comes more than `MOST_VISITS`."""
    means, steps = _speeds(share.tobytes(), often.tobytes())
    return np.asarray(np.interp(mean, means, steps))


@lru_cache(maxsize=128)
def _speeds(share: bytes, often: bytes) -> tuple[Floats, Floats]:
    """Means that rise, and how many times as often everybody comes there: the same for all plans of a town, and asked for each of them."""
    means = np.minimum(np.frombuffer(often)[None, :] * STEPS[:, None], MOST_VISITS) @ np.frombuffer(share)
    rises = np.concatenate([[True], np.diff(means) > 1e-12])
    return means[rises], STEPS[rises]


def people_of(ground: Ground, *, seed: int = SEED) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Of each resident the square and the group: whole people, so many as live there on average."""
    people = ground.setting.people
    random = rng.stream(seed, "meeting people")
    whole = np.floor(people + random.random(people.shape)).astype(np.int64)
    cell, group = np.unravel_index(np.repeat(np.arange(people.size), whole.ravel()), people.shape)
    return cell.astype(np.int32), group.astype(np.int32)


def town_of(
    ground: Ground,
    parameters: Parameters,
    habits: Habits,
    *,
    choice: Choice | None = None,
    everywhere: Choice | None = None,
    where: Places | None = None,
    seed: int = SEED,
) -> Town:
    """Residents with their own places and habits, who go where `choice` says.

    Parameters: ground; parameters; habits; `choice` (by default with elastic demand in the setting of the ground); `everywhere`: the choice
    with all places, with which somebody keeps the own place as long as it is open; the places; seed. Every draw has a stream of its own, so
    that the same resident has the same luck whatever is open. Source: docs/method/curve.md.
    """
    setting = ground.setting
    chosen = choice or choose(setting, parameters)
    first = everywhere or chosen
    at = where or where_of(ground, habits)
    cell, group = people_of(ground, seed=seed)
    row = cell.astype(np.int64) * setting.groups + group
    shape = (len(cell), setting.nests)
    regular, casual = np.zeros(shape), np.zeros(shape)
    home, slot = np.full(shape, -1, dtype=np.int32), np.zeros(shape, dtype=np.int32)
    late = np.cumsum(at.profile, axis=2)
    for nest, name in enumerate(ground.nests):
        mean = chosen.part[:, nest] * np.tile(parameters.rate[nest], setting.cells)
        often = _drawn_class(parameters, nest, mean, row, rng.stream(seed, f"meeting activity {name}").random(len(row)))
        regular[:, nest] = np.minimum(1.0, often * habits.loyalty)
        casual[:, nest] = np.minimum(1.0, often - regular[:, nest])
        columns = np.flatnonzero(setting.nest == nest)
        home[:, nest] = _own_place(first, chosen, row, columns, seed, name)
        regular[home[:, nest] < 0, nest] = 0.0
        # Who never comes regularly has no own place: pairs of them are not looked at.
        home[regular[:, nest] == 0, nest] = -1
        draw = rng.stream(seed, f"meeting slot {name}").random(len(row))
        own = np.maximum(home[:, nest], 0)
        slot[:, nest] = np.minimum((late[own, group] <= draw[:, None]).sum(axis=1), len(ground.slots) - 1)
    residents = Residents(group, cell, regular, casual, home, slot, chosen.probability, setting.groups)
    return Town(at, residents)


def _drawn_class(parameters: Parameters, nest: int, mean: Floats, row: Longs, draw: Floats) -> Floats:
    """Visits per week of each resident: those who never come first, so that more participation lets some begin and nobody stop."""
    share, often = frequencies(parameters, nest, mean)
    until = np.cumsum(np.roll(share, 1, axis=1), axis=1)
    number = np.minimum((until[row] <= draw[:, None]).sum(axis=1), share.shape[1] - 1)
    return np.asarray(np.roll(often, 1, axis=1)[row, number])


def _own_place(first: Choice, chosen: Choice, row: Longs, columns: Longs, seed: int, name: str) -> npt.NDArray[np.int32]:
    """The own place of each resident within a nest: drawn among all places, and where that is closed once more among those that are open.

    Both draws together have the chances of the choice, as in a logit those of the rest keep their proportion.
    """
    own = _picked(first, row, columns, rng.stream(seed, f"meeting own {name}").random(len(row)))
    if chosen is first or not len(columns):
        return own
    goes = chosen.probability[:, columns].any(axis=0)
    gone = (own >= 0) & ~np.isin(own, columns[goes])
    again = _picked(chosen, row[gone], columns, rng.stream(seed, f"meeting own {name} again").random(len(row))[gone])
    own[gone] = again
    return own


def _picked(choice: Choice, row: Longs, columns: Longs, draw: Floats) -> npt.NDArray[np.int32]:
    """Per draw a place of the nest by the chances of its row; -1 where there is none."""
    if not len(columns):
        return np.full(len(row), -1, dtype=np.int32)
    until = np.cumsum(choice.probability[:, columns], axis=1, dtype=np.float64)
    some = until[:, -1] > 0
    until[some] /= until[some, -1:]
    # One rising row of numbers, so that one search finds all.
    line = (until + 2.0 * np.arange(len(until))[:, None]).ravel()
    found = np.searchsorted(line, draw + 2.0 * row, side="right") - row * len(columns)
    found = np.minimum(found, len(columns) - 1)
    return np.where(some[row], columns[found], -1).astype(np.int32)
