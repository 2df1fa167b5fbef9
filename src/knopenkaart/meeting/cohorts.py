# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cohorts of residents straight from what they choose: soon reckoned, for searching and for many towns that may be."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from knopenkaart.encounters.mean_field import Cohorts, MeanField, Remembered, mean_field
from knopenkaart.encounters.town import Convention, Places
from knopenkaart.meeting.assumed import Habits
from knopenkaart.meeting.residents import frequencies
from knopenkaart.visits.choice import Choice, Parameters, Setting

Floats = npt.NDArray[np.float64]


def cohorts(setting: Setting, parameters: Parameters, choice: Choice, habits: Habits) -> Cohorts:
    """The cohorts of a town. Residents of a group go out alike wherever they live: of each class there are so many as make their visits."""
    groups, nests = setting.groups, setting.nests
    classes = parameters.onsite.shape[1]
    shape = (setting.places, groups, classes)
    members, regular, casual = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    own_place = np.repeat(_own_share(setting, parameters, choice)[:, :, None], classes, axis=2)
    everybody = np.maximum(setting.people.sum(axis=0), 1e-12)
    for nest in range(nests):
        own = np.flatnonzero(setting.nest == nest)
        mean = choice.visits[own].sum(axis=0) / everybody
        part, often = frequencies(parameters, nest, mean)
        regular[own] = np.minimum(1.0, often[:, :-1] * habits.loyalty)
        casual[own] = np.minimum(1.0, often[:, :-1] - regular[own])
        per_visit = np.divide(part[:, :-1], mean[:, None], out=np.zeros_like(part[:, :-1]), where=mean[:, None] > 0)
        members[own] = choice.visits[own][:, :, None] * per_visit[None]
    visitors = np.maximum(choice.visits - (members * regular).sum(axis=2), 0.0)
    return Cohorts(members, regular, casual, own_place, visitors)


def _own_share(setting: Setting, parameters: Parameters, choice: Choice) -> Floats:
    """(V, G): with what chance a casual visit of those who have a place as their own is to that place."""
    pairs, groups = choice.pairs, setting.groups
    found = np.zeros((setting.places, groups))
    cell, nest = pairs.cell, setting.nest[pairs.place]
    for group in range(groups):
        goers = setting.people[cell, group] * parameters.rate[nest, group] * choice.part[cell * groups + group, nest]
        chance = choice.chance[group].astype(float)
        once = np.bincount(pairs.place, weights=goers * chance, minlength=setting.places)
        twice = np.bincount(pairs.place, weights=goers * chance**2, minlength=setting.places)
        np.divide(twice, once, out=found[:, group], where=once > 0)
    return found


class Memory(dict[bytes, Remembered]):
    """What was reckoned of places of one town, so that a place where nothing changes in another plan is not reckoned again.

    Of so many places at most: `trim` forgets the oldest, which belong to plans that are done.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def trim(self) -> None:
        for key in list(self)[: max(0, len(self) - self.most)]:
            del self[key]


def by_cohorts(
    setting: Setting, parameters: Parameters, choice: Choice, where: Places, habits: Habits, *, memory: Memory | None = None
) -> MeanField:
    """What a town comes to, by cohorts: without those who share no own place (some percent), everybody within a cohort alike."""
    of = cohorts(setting, parameters, choice, habits)
    found = mean_field(where, of, Convention(habits.times, habits.weeks), residents=float(setting.people.sum()), memory=memory)
    if memory is not None:
        memory.trim()
    return found
