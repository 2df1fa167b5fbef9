# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What each place adds: what would be lost if it closed and people chose again, and what it could add with another programme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from knopenkaart.encounters.mean_field import Cohorts, mean_field
from knopenkaart.encounters.town import Convention, Places
from knopenkaart.meeting.assumed import Habits
from knopenkaart.meeting.cohorts import cohorts
from knopenkaart.meeting.ground import Ground, profiles, usual_order
from knopenkaart.meeting.residents import where_of
from knopenkaart.meeting.towns import Believed, May
from knopenkaart.progress import Progress, silent
from knopenkaart.visits.choice import Choice, Parameters, Setting, choose

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
# Towns in which every place is closed by itself: each costs as much as a hundred towns of one plan.
DRAWS = 20
# A foyer in which half of a session meets the next; seats that let one take in half as many people more.
FOYER, SEATING = 0.5, 1.5


# Faces, faces of another group and encounters per week, per resident.
Change = tuple[float, float, float]


@dataclass(frozen=True)
class Contribution:
    """Changes per resident: faces, faces of another group, and encounters per week if a place closed, with elastic and fixed demand; the
    change of its programme that adds most, with what that adds; and the changes in the towns that may be (towns, 3)."""

    place: int
    elastic: tuple[float, float, float]
    fixed: tuple[float, float, float]
    change: str
    potential: float
    potential_across: float
    elastic_of: Floats
    fixed_of: Floats


@dataclass(frozen=True)
class _Nest:
    """One function by itself: people choose within it, whatever happens in others."""

    setting: Setting
    own: Longs
    nest: int
    profile: Floats

    def parameters(self, town: May) -> Parameters:
        """How residents of a town choose in it."""
        of, nest = town.parameters, [self.nest]
        return replace(of, attract=of.attract[self.own], outside=of.outside[nest], rate=of.rate[nest], onsite=of.onsite[nest])

    def where(self, ground: Ground, town: May) -> Places:
        """Its places in a town."""
        return _places(where_of(ground, town.habits, profile=self.profile), self.own, np.zeros(len(self.own), dtype=np.int32))


def contributions(ground: Ground, of: Believed, *, towns: Sequence[May] = (), progress: Progress = silent) -> list[Contribution]:
    """What each place of the study adds, by cohorts, as most likely and in the towns that may be.

    A place competes within its function only, so each function is looked at by itself.
    """
    likely, found = May(of.parameters, of.habits, ()), []
    for nest, name in enumerate(ground.nests):
        one = _nest(ground, nest)
        kept = np.flatnonzero(ground.study[one.own])
        if not len(kept):
            continue
        told = []
        for number, town in enumerate((likely, *towns)):
            progress(f"closing {name}", (nest + number / (1 + len(towns))) / len(ground.nests))
            told.append(_without_each(ground, one, kept, town))
        today = choose(one.setting, one.parameters(likely))
        changes = np.array(told[1:]).reshape(-1, len(kept), 2, 3)
        best = _reprogrammed(ground, one, kept, today, likely)
        for row, at in enumerate(kept):
            elastic, fixed = told[0][row]
            found.append(Contribution(int(one.own[at]), elastic, fixed, *best[row], changes[:, row, 0], changes[:, row, 1]))
    return sorted(found, key=lambda item: item.place)


def evaluations(ground: Ground) -> int:
    """How many places are reckoned in each town: all of a function, twice for each of them that closes."""
    return int((2 * np.bincount(ground.setting.nest, minlength=len(ground.nests)).astype(np.int64) ** 2).sum())


def _nest(ground: Ground, nest: int) -> _Nest:
    own = np.flatnonzero(ground.setting.nest == nest)
    metres = ground.setting.metres[:, own]
    metres.sort_indices()
    alone = Setting(ground.setting.people, metres, np.zeros(len(own), dtype=np.int32), 1, ground.setting.open[own])
    return _Nest(alone, own, nest, profiles(ground))


def _without_each(ground: Ground, one: _Nest, kept: Longs, town: May) -> list[list[Change]]:
    """Per place the changes if it closed, with elastic and with fixed demand; all plans are reckoned at one go, which is sooner done."""
    parameters, where, setting = one.parameters(town), one.where(ground, town), one.setting
    today = choose(setting, parameters)
    plans = [cohorts(setting, parameters, today, town.habits)]
    for at in kept:
        left = setting.with_open(setting.open & (np.arange(len(one.own)) != at))
        for elastic in (True, False):
            choice = choose(left, parameters, elastic=elastic, today=today)
            plans.append(cohorts(left, parameters, choice, town.habits))
    values = _reckoned(where, plans, town.habits, float(setting.people.sum()))
    changes = (values[1:] - values[0]).reshape(len(kept), 2, 3)
    return [[(float(change[0]), float(change[1]), float(change[2])) for change in each] for each in changes]


def _reckoned(where: Places, plans: Sequence[Cohorts], habits: Habits, residents: float) -> Floats:
    """Faces, faces of another group and encounters per resident of plans for the same places (plans, 3)."""
    number = len(plans)
    every = Cohorts(**{item.name: np.concatenate([getattr(plan, item.name) for plan in plans]) for item in fields(Cohorts)})
    places = _places(where, np.tile(np.arange(where.count), number), np.tile(where.nest, number))
    found = mean_field(places, every, Convention(habits.times, habits.weeks), residents=residents)
    due = found.due_by_group.reshape(number, where.count, *found.by_group.shape).sum(axis=1)
    faces = due.sum(axis=(1, 2))
    met = found.encounters.reshape(number, where.count).sum(axis=1)
    return np.column_stack([faces, faces - np.trace(due, axis1=1, axis2=2), met]) / residents


def _places(where: Places, own: Longs, nest: npt.NDArray[np.int32]) -> Places:
    """Some of the places."""
    return replace(where, nest=nest, **{name: getattr(where, name)[own] for name in ("profile", "notices", "overlap", "foyer")})


def _reprogrammed(ground: Ground, one: _Nest, kept: Longs, today: Choice, town: May) -> list[tuple[str, float, float]]:
    """Per place the best of three changes, with the same visitors: what it adds to faces and to those of another group."""
    here = _places(one.where(ground, town), kept, np.zeros(len(kept), dtype=np.int32))
    who = cohorts(one.setting, one.parameters(town), today, town.habits)
    only = Cohorts(**{item.name: getattr(who, item.name)[kept] for item in fields(Cohorts)})
    changes = {
        "foyer": replace(here, foyer=np.maximum(here.foyer, FOYER)),
        "joined": replace(here, profile=_joined(ground, here.profile)),
        "seating": replace(here, notices=here.notices * SEATING),
    }
    faces = np.array([_faces(where, only, town.habits) for where in (here, *changes.values())]) / float(one.setting.people.sum())
    added, best = faces[1:] - faces[0], faces[1:, :, 0].argmax(axis=0)
    return [(list(changes)[number], float(added[number, at, 0]), float(added[number, at, 1])) for at, number in enumerate(best)]


def _faces(where: Places, who: Cohorts, habits: Habits) -> Floats:
    """Faces by way of each place, of all and of another group (V, 2)."""
    due = mean_field(where, who, Convention(habits.times, habits.weeks), residents=1.0).due_by_group
    faces = due.sum(axis=(1, 2))
    return np.column_stack([faces, faces - np.trace(due, axis1=1, axis2=2)])


def _joined(ground: Ground, profile: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The same number of dayparts, side by side: whole days from the first daypart that has another right after it."""
    places, _, _ = profile.shape
    made = profile.copy()
    for place in range(places):
        number = int((profile[place].sum(axis=0) > 0).sum())
        days = list(dict.fromkeys(ground.slots[at].weekday for at in usual_order(ground.slots)))
        order = [at for day in days for at in range(len(ground.slots)) if ground.slots[at].weekday == day]
        kept = np.zeros(profile.shape[2], dtype=bool)
        kept[order[:number]] = True
        usual = np.where(profile[place] > 0, profile[place], profile[place].mean(axis=1, keepdims=True))
        shaped = np.where(kept[None], usual, 0.0)
        total = shaped.sum(axis=1, keepdims=True)
        made[place] = np.divide(shaped, total, out=np.zeros_like(shaped), where=total > 0)
    return made
