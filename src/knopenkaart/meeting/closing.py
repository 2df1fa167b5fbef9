# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What each place adds: what would be lost if it closed and people chose again, and what it could add with another programme."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from knopenkaart.encounters.mean_field import MeanField, mean_field
from knopenkaart.encounters.town import Convention, Places
from knopenkaart.meeting.assumed import Habits
from knopenkaart.meeting.cohorts import by_cohorts, cohorts
from knopenkaart.meeting.ground import Ground, usual_order
from knopenkaart.meeting.residents import where_of
from knopenkaart.meeting.towns import Believed
from knopenkaart.progress import Progress, silent
from knopenkaart.visits.choice import Choice, Parameters, Setting, choose

Longs = npt.NDArray[np.int64]
# A foyer in which half of a session meets the next; seats that let one take in half as many people more.
FOYER, SEATING = 0.5, 1.5


@dataclass(frozen=True)
class Contribution:
    """Changes per resident: faces, faces of another group, and encounters per week if a place closed, with elastic and fixed demand; and
    the change of its programme that adds most, with what that adds."""

    place: int
    elastic: tuple[float, float, float]
    fixed: tuple[float, float, float]
    change: str
    potential: float
    potential_across: float


@dataclass(frozen=True)
class _Nest:
    """One function by itself: people choose within it, whatever happens in others."""

    setting: Setting
    parameters: Parameters
    where: Places
    own: Longs


def contributions(ground: Ground, of: Believed, *, progress: Progress = silent) -> list[Contribution]:
    """What each place of the study adds, by cohorts. A place competes within its function only, so each function is looked at by itself."""
    where, found = where_of(ground, of.habits), []
    for nest, name in enumerate(ground.nests):
        progress(f"closing {name}", nest / len(ground.nests))
        one = _nest(ground, of.parameters, where, nest)
        today = choose(one.setting, one.parameters)
        whole = by_cohorts(one.setting, one.parameters, today, one.where, of.habits)
        for at, place in enumerate(one.own):
            if ground.study[place]:
                closed = [_closed(one, at, demand, today, whole, of.habits) for demand in (True, False)]
                best = _reprogrammed(ground, one, at, today, of.habits)
                found.append(Contribution(int(place), closed[0], closed[1], *best))
    return sorted(found, key=lambda item: item.place)


def _nest(ground: Ground, parameters: Parameters, where: Places, nest: int) -> _Nest:
    setting, own = ground.setting, np.flatnonzero(ground.setting.nest == nest)
    metres = setting.metres[:, own]
    metres.sort_indices()
    alone = Setting(setting.people, metres, np.zeros(len(own), dtype=np.int32), 1, setting.open[own])
    habits = replace(
        parameters,
        attract=parameters.attract[own],
        outside=parameters.outside[[nest]],
        rate=parameters.rate[[nest]],
        onsite=parameters.onsite[[nest]],
    )
    arrays = {name: getattr(where, name)[own] for name in ("profile", "notices", "overlap", "foyer")}
    return _Nest(alone, habits, replace(where, nest=np.zeros(len(own), dtype=np.int32), **arrays), own)


def _closed(one: _Nest, at: int, elastic: bool, today: Choice, whole: MeanField, habits: Habits) -> tuple[float, float, float]:
    opened = one.setting.open.copy()
    opened[at] = False
    setting = one.setting.with_open(opened)
    left = by_cohorts(setting, one.parameters, choose(setting, one.parameters, elastic=elastic, today=today), one.where, habits)
    return left.mean - whole.mean, left.mean_across - whole.mean_across, left.per_resident - whole.per_resident


def _reprogrammed(ground: Ground, one: _Nest, at: int, today: Choice, habits: Habits) -> tuple[str, float, float]:
    """The best of three changes of one place, with the same visitors: what it adds to faces and to those of another group."""
    who, residents = cohorts(one.setting, one.parameters, today, habits), float(one.setting.people.sum())
    only = replace(who, **{name: getattr(who, name)[[at]] for name in ("members", "regular", "casual", "own", "visitors")})
    names = ("nest", "profile", "notices", "overlap", "foyer")
    here = replace(one.where, **{name: getattr(one.where, name)[[at]] for name in names})
    rule = Convention(habits.times, habits.weeks)
    now = mean_field(here, only, rule, residents=residents)
    changes = {
        "foyer": replace(here, foyer=np.maximum(here.foyer, FOYER)),
        "joined": replace(here, profile=_joined(ground, here.profile)),
        "seating": replace(here, notices=here.notices * SEATING),
    }
    results = {name: mean_field(changed, only, rule, residents=residents) for name, changed in changes.items()}
    best = max(results, key=lambda name: results[name].mean)
    return best, results[best].mean - now.mean, results[best].mean_across - now.mean_across


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
