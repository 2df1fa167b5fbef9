# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many places: visits, encounters, recognition, nearness and cost for every number of places, as a plateau with a band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from knopenkaart.encounters.expected import expected_of_some
from knopenkaart.encounters.mean_field import MeanField
from knopenkaart.encounters.town import Convention, Places
from knopenkaart.meeting.assumed import data
from knopenkaart.meeting.cohorts import Case, each_by_cohorts
from knopenkaart.meeting.ground import FARTHEST_M, Ground, profiles
from knopenkaart.meeting.residents import SEED, town_of, where_of
from knopenkaart.meeting.towns import Believed, May, may_be
from knopenkaart.progress import Progress, silent
from knopenkaart.siting.order import Demand, choose_places, greedy
from knopenkaart.visits.choice import Choice, Parameters, choose

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]
DEMANDS, PROGRAMMES = ("elastic", "fixed"), ("own", "fixed")
POINTS, DRAWS = 14, 100
# Within so much of the most, in so many of the towns, is on the plateau.
NEAR, SURE = 0.9, 0.8
# What "the achievable recognition" of the sentence is reached by.
NEARLY = 0.95
# To find the level of a plan the faces of so many residents are reckoned exactly: of all plans of a town of so many residents, of at least
# so many plans of a larger one.
EGOS, ALL_PLANS, LEAST_PLANS = 240, 100_000, 4


@dataclass(frozen=True)
class Plan:
    """A number of places, and which: `opened` (V), with those outside the study."""

    places: int
    opened: Bools


@dataclass(frozen=True)
class Band:
    """One demand and programme. Per plan: `visits` per open place, `encounters` and `faces` per resident as most likely, and of the towns
    (rows) `visits_of`, `encounters_of`, `faces_of` and `across_of`; `exact`: whether it was reckoned resident by resident (of some)."""

    demand: str
    programme: str
    visits: Floats
    encounters: Floats
    faces: Floats
    faces_across: Floats
    visits_of: Floats
    encounters_of: Floats
    faces_of: Floats
    across_of: Floats
    exact: Bools

    @property
    def share_of(self) -> Floats:
        """Recognition of each town and plan as a part of the most in that town."""
        most = self.faces_of.max(axis=1, keepdims=True)
        return np.asarray(np.divide(self.faces_of, most, out=np.ones_like(self.faces_of), where=most > 0))

    @property
    def share(self) -> Floats:
        return np.asarray(np.median(self.share_of, axis=0))

    @property
    def share_sure(self) -> Floats:
        """In 95 % of the towns at least so much."""
        return np.asarray(np.quantile(self.share_of, 0.05, axis=0))

    @property
    def within(self) -> Floats:
        """In which part of the towns it is near the most."""
        return np.asarray((self.share_of >= NEAR).mean(axis=0))


@dataclass(frozen=True)
class Curve:
    """The curve of one area: its plans, the order in which places are kept, nearness per plan, and a band per demand and programme."""

    area: str
    plans: tuple[Plan, ...]
    order: Longs
    within: Mapping[int, Floats]
    bands: tuple[Band, ...]
    draws: int

    def band(self, demand: str, programme: str) -> Band:
        """The band of a demand and a programme."""
        return next(band for band in self.bands if (band.demand, band.programme) == (demand, programme))


def grid(candidates: int, points: int = POINTS) -> list[int]:
    """The numbers of places that are looked at: every one where they are few, else closer together where there are few places."""
    if candidates <= points:
        return list(range(1, candidates + 1))
    steps = np.linspace(0.0, 1.0, points)
    return sorted({max(1, round(candidates * (0.03 + 0.97 * step**1.3))) for step in steps})


def demand_of(ground: Ground, choice: Choice, parameters: Parameters) -> Demand:
    """Who wants to be near which places: residents of a square for each function, by the visits that they make to it today."""
    setting = ground.setting
    metres = np.full((setting.cells, setting.places), np.inf)
    pairs = choice.pairs
    metres[pairs.cell, pairs.place] = pairs.km * 1000.0
    part = choice.part.reshape(setting.cells, setting.groups, setting.nests)
    wanted = np.einsum("hg,hgc,cg->hc", setting.people, part, parameters.rate)
    rows = [np.where(setting.nest[None, :] == nest, metres, np.inf) for nest in range(setting.nests)]
    none = np.full(setting.cells * setting.nests, 1.5 * FARTHEST_M)
    return Demand(wanted.T.ravel(), np.concatenate(rows), none)


def plans_of(ground: Ground, parameters: Parameters, numbers: Sequence[int] | None = None) -> tuple[list[Plan], Longs]:
    """For each number of places which ones bring everybody nearest, and the order in which places are kept (numbers of places)."""
    whole = demand_of(ground, choose(ground.setting, parameters), parameters)
    own = np.flatnonzero(ground.study)
    demand = replace(whole, distance=whole.distance[:, own])
    order, _ = greedy(demand)
    plans = []
    for number in numbers or grid(len(own)):
        opened = ~ground.study
        opened[own[choose_places(demand, number, order=order)]] = True
        plans.append(Plan(number, opened))
    return plans, own[order]


def nearness(ground: Ground, plans: Sequence[Plan]) -> dict[int, Floats]:
    """The share of residents with an open place within 500 and 800 m along the streets, per plan."""
    people, pairs = ground.setting.people.sum(axis=1), ground.setting.pairs
    found = {}
    for metres in (500, 800):
        near = pairs.km * 1000 <= metres
        reached = [np.bincount(pairs.cell[near & plan.opened[pairs.place]], minlength=len(people)) > 0 for plan in plans]
        found[metres] = np.array([float(people[of].sum() / people.sum()) for of in reached])
    return found


def spread_of(plan: Plan, ground: Ground, programme: str) -> float:
    """So many times as many dayparts per place: with a fixed programme those of today are divided over the places that are left."""
    return float(ground.study.sum() / plan.places) if programme == "fixed" else 1.0


def programmes(ground: Ground, plans: Sequence[Plan]) -> dict[float, Floats]:
    """Profiles by spread: made once, as they are the same in every town."""
    spreads = {spread_of(plan, ground, programme) for plan in plans for programme in PROGRAMMES}
    return {spread: profiles(ground, spread=spread) for spread in spreads}


def case_of(ground: Ground, town: May, plan: Plan, demand: str, where: Places, today: Choice) -> Case:
    """A plan in a town, with what residents choose."""
    setting = ground.setting.with_open(plan.opened)
    return Case(setting, choose(setting, town.parameters, elastic=demand == "elastic", today=today), where)


def curve(
    ground: Ground,
    of: Believed,
    *,
    area: str = "all",
    draws: int = DRAWS,
    numbers: Sequence[int] | None = None,
    exact: int | None = None,
    now: Sequence[float] | None = None,
    near: Ground | None = None,
    seed: int = SEED,
    progress: Progress = silent,
) -> Curve:
    """Recognition and what comes with it for every number of places.

    Parameters: ground (coarse squares will do); what is believed; `area`: what the ground is called; `draws`: towns that may be, over
    which the band lies; `numbers` of places, by default a grid; `exact`: of how many of them the faces of some residents are reckoned
    exactly as well, by default of all in a small town (others are brought to the level of these); `now`: visits per place, encounters,
    faces and faces of another group per resident with all places open, in the whole that the ground is a part of: the level of a part is
    brought to these; `near`: the same ground in smaller squares, for nearness; seed; progress, which may raise to stop the work.

    Returns the curve. Which places are open follows from nearness (docs/method/curve.md). Source: docs/method/curve.md.
    """
    plans, order = plans_of(ground, of.parameters, numbers)
    shapes = programmes(ground, plans)
    likely = May(of.parameters, of.habits, ())
    towns = may_be(of, draws, seed=seed)
    middle = _values(ground, likely, plans, shapes)
    found: list[dict[tuple[str, str], Floats]] = []
    for number, town in enumerate(towns):
        progress("curve", number / max(1, draws))
        found.append(_values(ground, town, plans, shapes))
    most = _enough_plans(ground, len(plans)) if exact is None else exact
    level, reckoned = _levels(ground, of, plans, shapes, middle, most, seed, progress)
    if now is not None:
        level = {key: _as_now(factor, middle[key], plans, ground, now) for key, factor in level.items()}
    bands = [_band(key, middle, found, level[key], reckoned[key]) for key in middle]
    return Curve(area, tuple(plans), order, nearness(near or ground, plans), tuple(bands), draws)


def _as_now(level: Floats, values: Floats, plans: Sequence[Plan], ground: Ground, now: Sequence[float]) -> Floats:
    """The level (plans, 4) by which the plan of all places comes to what there is now; as it was where nobody comes, or none is of all."""
    at = next((number for number, plan in enumerate(plans) if plan.places == int(ground.study.sum())), None)
    if at is None:
        return level
    today, wanted = values[at] * level[at], np.array(now, dtype=float)
    factor = np.divide(wanted, today, out=np.ones(len(today)), where=(today > 0) & (wanted > 0))
    return np.asarray(level * factor)


# Columns of the values of a plan.
_VISITS, _ENCOUNTERS, _FACES, _ACROSS = range(4)


def _values(ground: Ground, town: May, plans: Sequence[Plan], shapes: Mapping[float, Floats]) -> dict[tuple[str, str], Floats]:
    """Per demand and programme the values of each plan (plans, 4)."""
    where, today = where_of(ground, town.habits, profile=shapes[1.0]), choose(ground.setting, town.parameters)
    keys = [(demand, programme) for demand in DEMANDS for programme in PROGRAMMES]
    cases = []
    for plan in plans:
        chosen = {demand: case_of(ground, town, plan, demand, where, today) for demand in DEMANDS}
        shaped = {programme: replace(where, profile=shapes[spread_of(plan, ground, programme)]) for programme in PROGRAMMES}
        cases += [replace(chosen[demand], where=shaped[programme]) for demand, programme in keys]
    results = each_by_cohorts(cases, town.parameters, town.habits)
    rows = np.array([_row(ground, case, result) for case, result in zip(cases, results, strict=True)])
    return {key: rows[number :: len(keys)] for number, key in enumerate(keys)}


def _row(ground: Ground, case: Case, result: MeanField) -> list[float]:
    visits, kept = case.choice.visits, ground.study & case.setting.open
    return [float(visits[kept].sum() / max(1, kept.sum())), result.per_resident, result.mean, result.mean_across]


def _enough_plans(ground: Ground, plans: int) -> int:
    """Of how many plans the level is found by residents: of all in a small town, of a few in a large one."""
    return max(min(plans, LEAST_PLANS), min(plans, int(plans * ALL_PLANS / max(1.0, float(ground.setting.people.sum())))))


def _levels(
    ground: Ground,
    of: Believed,
    plans: Sequence[Plan],
    shapes: Mapping[float, Floats],
    middle: Mapping[tuple[str, str], Floats],
    most: int,
    seed: int,
    progress: Progress,
) -> tuple[dict[tuple[str, str], Floats], dict[tuple[str, str], Bools]]:
    """Per demand and programme what residents come to over what cohorts do (plans, 4: as `_values`), and of which plans.

    Between two plans that were reckoned it is interpolated by the logarithm of the number of places.
    """
    levels, reckoned = {}, {}
    numbers = np.log([plan.places for plan in plans])
    for turn, (key, values) in enumerate(middle.items()):
        able = np.flatnonzero((values[:, [_ENCOUNTERS, _FACES]] > 0).all(axis=1))
        at = able[np.unique(np.linspace(0, len(able) - 1, min(most, len(able))).round().astype(int))] if len(able) and most else able[:0]
        found = np.ones((len(plans), 4))
        if len(at):
            told = []
            for number, plan in enumerate(at):
                progress("exact", (turn + number / len(at)) / len(middle))
                shape = shapes[spread_of(plans[plan], ground, key[1])]
                told.append(_by_residents(ground, of, plans[plan], key[0], shape, seed) / np.maximum(values[plan, 1:4], 1e-12))
            found[:, 1:] = np.column_stack([np.interp(numbers, numbers[at], np.array(told)[:, column]) for column in range(3)])
        levels[key], reckoned[key] = found, np.isin(np.arange(len(plans)), at)
    return levels, reckoned


def _by_residents(ground: Ground, of: Believed, plan: Plan, demand: str, shape: Floats, seed: int) -> Floats:
    """Encounters, exactly, and the faces and faces of another group per resident, of residents who are drawn."""
    today = choose(ground.setting, of.parameters)
    setting = ground.setting.with_open(plan.opened)
    choice = choose(setting, of.parameters, elastic=demand == "elastic", today=today)
    habits = of.habits
    where = where_of(ground, habits, profile=shape)
    town = town_of(ground, of.parameters, habits, choice=choice, everywhere=today, where=where, seed=seed)
    met, some = expected_of_some(town, Convention(habits.times, habits.weeks), seed=seed, egos=EGOS)
    return np.array([met.per_resident, float(some.faces.mean()), float(some.faces_across.mean())])


def _band(
    key: tuple[str, str],
    middle: Mapping[tuple[str, str], Floats],
    found: Sequence[Mapping[tuple[str, str], Floats]],
    level: Floats,
    exact: Bools,
) -> Band:
    values = middle[key]
    # Without any draws the most likely town is the only one.
    of = np.array([town[key] for town in found if key in town] or [values])
    return Band(
        demand=key[0],
        programme=key[1],
        visits=values[:, _VISITS] * level[:, _VISITS],
        encounters=values[:, _ENCOUNTERS] * level[:, _ENCOUNTERS],
        faces=values[:, _FACES] * level[:, _FACES],
        faces_across=values[:, _ACROSS] * level[:, _ACROSS],
        visits_of=of[:, :, _VISITS] * level[:, _VISITS],
        encounters_of=of[:, :, _ENCOUNTERS] * level[:, _ENCOUNTERS],
        faces_of=of[:, :, _FACES] * level[:, _FACES],
        across_of=of[:, :, _ACROSS] * level[:, _ACROSS],
        exact=exact,
    )


def plateau(band: Band, plans: Sequence[Plan]) -> tuple[int, int] | None:
    """Between which numbers of places each plan is near the most in enough of the towns: the longest stretch; None where no number is."""
    on = np.flatnonzero(band.within >= SURE)
    stretch = max(np.split(on, np.flatnonzero(np.diff(on) > 1) + 1), key=len)
    return (plans[stretch[0]].places, plans[stretch[-1]].places) if len(stretch) else None


def nearly(band: Band) -> int:
    """The number of the plan with the fewest places of which nearly all recognition is expected."""
    return int(np.flatnonzero(band.share >= min(NEARLY, band.share.max()))[0])


def sentence(band: Band, plans: Sequence[Plan], *, candidates: int, language: str) -> str:
    """What the curve says in one sentence, with how sure it is: never one healthy number."""
    at = nearly(band)
    places, share, sure = plans[at].places, round(100 * float(band.share[at])), round(100 * float(band.share_sure[at]))
    if language == "nl":
        return (
            f"Met {places} van de {candidates} plekken verwacht het model {share} % van de haalbare herkenning "
            f"(met 95 % zekerheid ten minste {sure} %)."
        )
    return (
        f"With {places} of the {candidates} places the model expects {share} % of the achievable recognition "
        f"(95 % sure of at least {sure} %)."
    )


def beside_now(band: Band, plans: Sequence[Plan], *, candidates: int) -> tuple[Floats, Floats] | None:
    """Each plan beside all places of now: the median over the towns of how many times the recognition of now it gives, and in which part of
    the towns it is more. None where now is none of the plans, or nobody recognises anybody then."""
    now = next((at for at, plan in enumerate(plans) if plan.places == candidates), None)
    if now is None or not (band.faces_of[:, now] > 0).all():
        return None
    times = band.faces_of / band.faces_of[:, [now]]
    return np.median(times, axis=0), (times > 1).mean(axis=0)


@dataclass(frozen=True)
class Cost:
    """What the places of a plan cost a municipality a year (euro): `paid` places, each at what is taken, and at least and most."""

    paid: int
    value: float
    low: float
    high: float


def cost(ground: Ground, plan: Plan) -> Cost:
    """Of the places of the study that are open those of a kind that a municipality pays for, at the amount of a community centre."""
    known = data()["cost"]
    paid = int((np.isin(ground.kinds, known["paid"]) & plan.opened & ground.study).sum())
    return Cost(paid, *(paid * float(known[name]) for name in ("value", "low", "high")))
