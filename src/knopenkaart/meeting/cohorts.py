# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cohorts of residents straight from what they choose: soon reckoned, for searching and for many towns that may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knopenkaart.encounters.mean_field import Cohorts, MeanField, mean_fields
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


def by_cohorts(setting: Setting, parameters: Parameters, choice: Choice, where: Places, habits: Habits) -> MeanField:
    """What a town comes to, by cohorts: without those who share no own place (some percent), everybody within a cohort alike."""
    return each_by_cohorts([Case(setting, choice, where)], parameters, habits)[0]


@dataclass(frozen=True)
class Case:
    """One plan in a town: which places are open in it, what residents choose, and the places."""

    setting: Setting
    choice: Choice
    where: Places


def each_by_cohorts(cases: Sequence[Case], parameters: Parameters, habits: Habits) -> list[MeanField]:
    """`by_cohorts` of several plans in one town at one go, which is much sooner done."""
    made = [(case.where, cohorts(case.setting, parameters, case.choice, habits)) for case in cases]
    residents = float(cases[0].setting.people.sum()) if cases else 0.0
    return mean_fields(made, Convention(habits.times, habits.weeks), residents=residents)
