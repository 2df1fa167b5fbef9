# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who meets whom today: tables per place, area, group and daypart, from the exact engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from knopenkaart.encounters.expected import FACES, FACES_ACROSS, Expected, enough, expected
from knopenkaart.encounters.measures import sided
from knopenkaart.encounters.town import Convention, Town
from knopenkaart.meeting import areas, reached
from knopenkaart.meeting.areas import areas_of, visits_per_square
from knopenkaart.meeting.closing import DRAWS as CLOSING_DRAWS
from knopenkaart.meeting.closing import Contribution, contributions
from knopenkaart.meeting.ground import Ground
from knopenkaart.meeting.residents import SEED, town_of, where_of
from knopenkaart.meeting.rivals import rivals
from knopenkaart.meeting.towns import Believed, May, may_be
from knopenkaart.progress import Progress, silent
from knopenkaart.tables.meeting import MEETING_AREAS, MEETING_CONTRIBUTION, MEETING_MATRIX, MEETING_PLACES, MEETING_SLOTS
from knopenkaart.visits.calibrate import Visits
from knopenkaart.visits.choice import Choice, choose

Floats = npt.NDArray[np.float64]
ALL = "all"
SIDES = ("low", "high")


def meet(
    ground: Ground,
    of: Believed,
    *,
    coarse: Ground | None = None,
    draws: int = areas.DRAWS,
    closings: int = CLOSING_DRAWS,
    seed: int = SEED,
    progress: Progress = silent,
) -> dict[str, pd.DataFrame]:
    """The tables of meeting by name (knopenkaart.tables.meeting), of the places that are open today.

    Parameters: ground; what is believed; `coarse`: the same study in larger squares, for what each place adds and for areas in the towns
    that may be; how many of these at most, and in how many of them each place is closed; seed; progress.
    Returns MEETING_PLACES, MEETING_CONTRIBUTION, MEETING_SLOTS, MEETING_AREAS, MEETING_MATRIX and those of `rivals`, people not yet
    protected.
    Source: docs/method/curve.md.
    """
    progress("meeting", 0.0)
    choice = choose(ground.setting, of.parameters)
    where, habits = where_of(ground, of.habits), of.habits
    town = town_of(ground, of.parameters, habits, choice=choice, where=where, seed=seed)
    found = expected(town, Convention(habits.times, habits.weeks), seed=seed)
    progress("meeting", 0.5)
    towns, likely = may_be(of, min(draws, areas.DRAWS), seed=seed), May(of.parameters, habits, ())
    added = contributions(coarse or ground, of, towns=towns[:closings], progress=progress)
    told = _in_towns(ground, coarse or ground, of, found, town, towns, likely, seed, progress)
    return {
        MEETING_PLACES.name: MEETING_PLACES.frame(_places(ground, of, found)),
        MEETING_CONTRIBUTION.name: MEETING_CONTRIBUTION.frame(_contribution(ground, choice, found, added, town, told.parts, seed)),
        MEETING_SLOTS.name: MEETING_SLOTS.frame(_slots(ground, found)),
        MEETING_AREAS.name: MEETING_AREAS.frame(_areas(ground, of, found, town, told)),
        MEETING_MATRIX.name: MEETING_MATRIX.frame(_matrices(ground, found)),
        **rivals(ground, of, towns[:CLOSING_DRAWS], progress=progress),
    }


@dataclass(frozen=True)
class _Told:
    """What the towns that may be tell: of areas, of the parts of their residents, and of the parts of places (V, 2 parts, low and high)."""

    spreads: Mapping[areas.Key, areas.Spread]
    reached: Mapping[areas.Key, reached.Between]
    parts: Floats | None


def _in_towns(
    ground: Ground,
    coarse: Ground,
    of: Believed,
    found: Expected,
    town: Town,
    towns: Sequence[May],
    likely: May,
    seed: int,
    progress: Progress,
) -> _Told:
    if not towns:
        return _Told({}, {}, None)
    usual, told = areas.in_towns(coarse, towns, likely, progress=progress)
    parts = areas.parts_between(usual, told, _parts(found))
    shares = reached.between(coarse, towns, likely, _shares(ground, found, town), seed=seed, progress=progress)
    return _Told(areas.spreads(coarse, usual, told, _whole(ground, of, found, town)), shares, parts)


def _parts(found: Expected) -> Floats:
    """Of all faces the part that goes by way of each place, and of these the part between groups (V, 2)."""
    due, whole = found.familiarity.due_by_group, float(found.familiarity.faces.sum())
    own = due.sum(axis=(1, 2))
    across = np.divide(own - np.trace(due, axis1=1, axis2=2), own, out=np.zeros(len(own)), where=own > 0)
    return np.column_stack([own / whole if whole > 0 else np.zeros(len(own)), across])


def _shares(ground: Ground, found: Expected, town: Town) -> Floats:
    """Of each group the part of residents with enough faces, and with enough of another group (G, 2); nan where nobody is of it."""
    faces, group = found.familiarity, town.residents.group
    has = np.column_stack([enough(faces.faces, FACES), enough(faces.faces_across, FACES_ACROSS)])
    rows = [has[group == g].mean(axis=0) if (group == g).any() else np.full(2, np.nan) for g in range(ground.setting.groups)]
    return np.array(rows)


def _places(ground: Ground, of: Believed, found: Expected) -> Iterator[dict[str, Any]]:
    by_group, whole = of.fitted.by_group, of.fitted.visits
    met, due, present = found.encounters.by_place_and_group, found.familiarity.due_by_group, found.familiarity.present
    came = found.crowd.visits.sum(axis=1)
    for v, place in enumerate(ground.ids):
        same = {"place_id": place, "function": ground.nests[ground.setting.nest[v]]}
        across = float(due[v].sum() - np.trace(due[v]))
        told: dict[str, float | None] = {"encounters": float(met[v].sum()), "faces": float(due[v].sum()), "faces_across": across}
        told["present"] = float(np.nansum(present[v] * came[v]) / came[v].sum()) if came[v].sum() > 0 else None
        yield same | {"group": ALL} | _visits(whole, v) | told
        for g, group in enumerate(ground.groups if ground.groups != (ALL,) else ()):
            across = float(due[v, g].sum() - due[v, g, g])
            told = {"encounters": float(met[v, g].sum()), "faces": float(due[v, g].sum()), "faces_across": across}
            told["present"] = float(present[v, g]) if came[v, g] > 0 else None
            yield same | {"group": group} | _visits(by_group, (v, g)) | told


def _visits(of: Visits, at: int | tuple[int, int]) -> dict[str, Any]:
    return {"visits": float(of.value[at]), "visits_low": float(of.low[at]), "visits_high": float(of.high[at]), "badge": str(of.badge[at])}


def _contribution(
    ground: Ground, choice: Choice, found: Expected, added: Sequence[Contribution], town: Town, parts: Floats | None, seed: int
) -> Iterator[dict[str, Any]]:
    people = max(1, town.residents.count)
    for item in added:
        v = item.place
        same = ground.setting.nest == ground.setting.nest[v]
        usual = choice.visits[same].sum(axis=0)
        # A place that is the only one of its function is all that is usual for it.
        alone, comes = ground.groups == (ALL,) or same.sum() < 2, choice.visits[v]
        side = None if alone else sided(comes, usual, counted=round(float(comes.sum())), seed=seed, name=ground.ids[v])
        yield {
            "place_id": ground.ids[v],
            "attributed": float(found.familiarity.due[v] / people),
            **_parts_between(parts, v),
            "closed_elastic": item.elastic[0],
            "closed_fixed": item.fixed[0],
            "across_elastic": item.elastic[1],
            "across_fixed": item.fixed[1],
            "encounters_elastic": item.elastic[2],
            "encounters_fixed": item.fixed[2],
            **_closing(item),
            "potential": item.potential,
            "potential_across": item.potential_across,
            "change": item.change,
            **({} if side is None or np.isnan(side.value) else {"segregation": side.value, "null_low": side.low, "null_high": side.high}),
        }


def _parts_between(parts: Floats | None, place: int) -> dict[str, float]:
    """Between what the parts of a place lie; empty without towns."""
    if parts is None:
        return {}
    return {f"{name}_{end}": float(parts[place, n, m]) for n, name in enumerate(("part", "part_across")) for m, end in enumerate(SIDES)}


def _closing(item: Contribution) -> dict[str, Any]:
    """In which part of the towns that may be recognition falls when the place closes, and between what changes lie; empty without towns.

    Of few towns the middle 90 % may leave out the most likely one: the bounds are as wide as to hold it.
    """
    found: dict[str, Any] = {"draws": len(item.elastic_of)}
    for demand, likely, values in (("elastic", item.elastic, item.elastic_of), ("fixed", item.fixed, item.fixed_of)):
        if len(values):
            found |= {f"falls_{demand}": float((values[:, 0] < 0).mean())}
            low, high = np.quantile(values, areas.ENDS, axis=0)
            ends = np.minimum(low, likely), np.maximum(high, likely)
            for n, name in enumerate(("closed", "across", "encounters")):
                found |= {f"{name}_{demand}_{end}": float(ends[m][n]) for m, end in enumerate(SIDES)}
    return found


def _slots(ground: Ground, found: Expected) -> Iterator[dict[str, Any]]:
    visits = found.crowd.visits.sum(axis=2)
    for v, place in enumerate(ground.ids):
        for t, slot in enumerate(ground.slots):
            if ground.open_in[v, t]:
                numbers = {"visits": float(visits[v, t]), "encounters": float(found.encounters.by_place[v, t])}
                how = {"hours_known": bool(ground.hours_known[v]), "counted": bool(ground.when_counted[v])}
                yield {"place_id": place, "slot": slot.id} | how | numbers


def areas_now(ground: Ground, of: Believed, *, seed: int = SEED) -> pd.DataFrame:
    """MEETING_AREAS of today without any bounds, people not yet protected."""
    town = town_of(ground, of.parameters, of.habits, where=where_of(ground, of.habits), seed=seed)
    found = expected(town, Convention(of.habits.times, of.habits.weeks), seed=seed)
    return MEETING_AREAS.frame(_areas(ground, of, found, town, _Told({}, {}, None)))


def _whole(ground: Ground, of: Believed, found: Expected, town: Town) -> dict[int, list[float]]:
    """Each of MEASURES per resident, of everybody (-1) and of each group."""
    who, faces, people = town.residents, found.familiarity, ground.setting.people.sum(axis=0)
    going, met = (values.sum(axis=0) for values in _per_cell(ground, of, found))
    whole = {}
    for g in areas.groups_of(ground):
        mine, own = (np.ones(who.count, dtype=bool), slice(None)) if g < 0 else (who.group == g, slice(g, g + 1))
        if mine.any() and people[own].sum() > 0:
            numbers = (
                faces.faces[mine].mean(),
                faces.faces_across[mine].mean(),
                *(of_it[own].sum() / people[own].sum() for of_it in (going, met)),
            )
            whole[g] = [float(number) for number in numbers]
    return whole


def _areas(ground: Ground, of: Believed, found: Expected, town: Town, told: _Told) -> Iterator[dict[str, Any]]:
    who, faces = town.residents, found.familiarity
    going, met = _per_cell(ground, of, found)
    for level, code, cells in areas_of(ground):
        for group in range(-1, who.groups if ground.groups != (ALL,) else 0):
            of_group = np.ones(who.groups, dtype=bool) if group < 0 else np.arange(who.groups) == group
            mine = cells[who.cell] & of_group[who.group]
            people = float(ground.setting.people[cells][:, of_group].sum())
            row = {"area_code": code, "level": level, "group": ALL if group < 0 else ground.groups[group], "people": people}
            if mine.any() and people > 0:
                row |= {
                    "visits": float(going[cells][:, of_group].sum() / people),
                    "encounters": float(met[cells][:, of_group].sum() / people),
                    "faces": float(faces.faces[mine].mean()),
                    "faces_across": float(faces.faces_across[mine].mean()),
                    "reached": float(enough(faces.faces[mine], FACES).mean()),
                    "reached_across": float(enough(faces.faces_across[mine], FACES_ACROSS).mean()),
                }
                row |= _spread(told, (level, code, group))
            yield row


def _spread(told: _Told, key: areas.Key) -> dict[str, Any]:
    """Bounds of an area and group; none of what was not reckoned."""
    row: dict[str, Any] = {}
    if (spread := told.spreads.get(key)) is not None:
        row |= {f"{name}_{end}": value for name, ends in spread.ends.items() for end, value in zip(SIDES, ends, strict=True)}
        row |= {"above": spread.above, "draws": spread.draws}
    if (shares := told.reached.get(key)) is not None:
        of = {"reached": shares.reached, "reached_across": shares.across}
        row |= {f"{name}_{end}": value for name, ends in of.items() for end, value in zip(SIDES, ends, strict=True)}
        row |= {"reached_draws": shares.draws}
    return row


def _per_cell(ground: Ground, of: Believed, found: Expected) -> tuple[Floats, Floats]:
    """Visits and encounters per week of the residents of each square and group (H, G): encounters of a place by who makes its visits."""
    setting, choice = ground.setting, choose(ground.setting, of.parameters)
    going, met, pairs = np.zeros(setting.people.shape), np.zeros(setting.people.shape), choice.pairs
    by_group = found.encounters.by_place_and_group.sum(axis=2)
    each = np.divide(by_group, choice.visits, out=np.zeros_like(by_group), where=choice.visits > 0)
    for g in range(setting.groups):
        visits = visits_per_square(ground, May(of.parameters, of.habits, ()), choice, g)
        going[:, g] = np.bincount(pairs.cell, weights=visits, minlength=setting.cells)
        met[:, g] = np.bincount(pairs.cell, weights=visits * each[pairs.place, g], minlength=setting.cells)
    return going, met


def _matrices(ground: Ground, found: Expected) -> Iterator[dict[str, Any]]:
    yield from _matrix(ALL, ground, found.encounters.by_group, found.familiarity.by_group)
    for v, place in enumerate(ground.ids):
        yield from _matrix(place, ground, found.encounters.by_place_and_group[v], found.familiarity.due_by_group[v])


def _matrix(place: str, ground: Ground, met: Floats, faces: Floats) -> Iterator[dict[str, Any]]:
    share = ground.setting.people.sum(axis=0) / ground.setting.people.sum()
    for g, group in enumerate(ground.groups):
        whole = float(faces[g].sum())
        for h, other in enumerate(ground.groups):
            even = whole * float(share[h])
            ratio = float(faces[g, h] / even) if even > 0 else None
            yield {
                "place_id": place,
                "group": group,
                "other": other,
                "encounters": float(met[g, h]),
                "faces": float(faces[g, h]),
                "ratio": ratio,
            }
