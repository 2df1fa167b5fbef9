# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who meets whom today: tables per place, area, group and daypart, from the exact engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from knopenkaart import rng
from knopenkaart.encounters.expected import FACES, FACES_ACROSS, Expected, expected
from knopenkaart.encounters.town import Convention, Town
from knopenkaart.meeting import areas
from knopenkaart.meeting.areas import areas_of, visits_per_square
from knopenkaart.meeting.closing import DRAWS as CLOSING_DRAWS
from knopenkaart.meeting.closing import Contribution, contributions
from knopenkaart.meeting.ground import Ground
from knopenkaart.meeting.residents import SEED, town_of, where_of
from knopenkaart.meeting.towns import Believed, May, may_be
from knopenkaart.progress import Progress, silent
from knopenkaart.tables.meeting import MEETING_AREAS, MEETING_CONTRIBUTION, MEETING_MATRIX, MEETING_PLACES, MEETING_SLOTS
from knopenkaart.visits.choice import Choice, choose

Floats = npt.NDArray[np.float64]
ALL = "all"
# By chance alone so many visitors are drawn so often.
NULL_DRAWS = 400


def meet(
    ground: Ground,
    of: Believed,
    *,
    coarse: Ground | None = None,
    draws: int = areas.DRAWS,
    seed: int = SEED,
    progress: Progress = silent,
) -> dict[str, pd.DataFrame]:
    """The tables of meeting by name (knopenkaart.tables.meeting), of the places that are open today.

    Parameters: ground; what is believed; `coarse`: the same study in larger squares, for what each place adds and for areas in the towns
    that may be; how many of these at most; seed; progress.
    Returns MEETING_PLACES, MEETING_CONTRIBUTION, MEETING_SLOTS, MEETING_AREAS and MEETING_MATRIX, people not yet protected.
    Source: docs/method/curve.md.
    """
    progress("meeting", 0.0)
    choice = choose(ground.setting, of.parameters)
    where, habits = where_of(ground, of.habits), of.habits
    town = town_of(ground, of.parameters, habits, choice=choice, where=where, seed=seed)
    found = expected(town, Convention(habits.times, habits.weeks), seed=seed)
    progress("meeting", 0.5)
    towns, likely = may_be(of, min(draws, areas.DRAWS), seed=seed), May(of.parameters, habits, ())
    added = contributions(coarse or ground, of, towns=towns[:CLOSING_DRAWS], progress=progress)
    told = areas.spreads(coarse or ground, towns, likely, _whole(ground, found, town), progress=progress)
    return {
        MEETING_PLACES.name: MEETING_PLACES.frame(_places(ground, of, found)),
        MEETING_CONTRIBUTION.name: MEETING_CONTRIBUTION.frame(_contribution(ground, choice, found, added, town, seed)),
        MEETING_SLOTS.name: MEETING_SLOTS.frame(_slots(ground, found)),
        MEETING_AREAS.name: MEETING_AREAS.frame(_areas(ground, of, found, town, told)),
        MEETING_MATRIX.name: MEETING_MATRIX.frame(_matrices(ground, found)),
    }


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


def _visits(of: Any, at: Any) -> dict[str, Any]:
    return {"visits": float(of.value[at]), "visits_low": float(of.low[at]), "visits_high": float(of.high[at]), "badge": str(of.badge[at])}


def _contribution(
    ground: Ground, choice: Choice, found: Expected, added: Sequence[Contribution], town: Town, seed: int
) -> Iterator[dict[str, Any]]:
    people = max(1, town.residents.count)
    random = rng.stream(seed, "meeting null")
    for item in added:
        v = item.place
        same = ground.setting.nest == ground.setting.nest[v]
        usual = choice.visits[same].sum(axis=0)
        # A place that is the only one of its function is all that is usual for it.
        alone = ground.groups == (ALL,) or same.sum() < 2
        value, low, high = (None, None, None) if alone else segregation(choice.visits[v], usual, random)
        yield {
            "place_id": ground.ids[v],
            "attributed": float(found.familiarity.due[v] / people),
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
            "segregation": value,
            "null_low": low,
            "null_high": high,
        }


def _closing(item: Contribution) -> dict[str, Any]:
    """In which part of the towns that may be recognition falls when the place closes, and by how much; empty without any towns."""
    found: dict[str, Any] = {"draws": len(item.elastic_of)}
    for demand, values in (("elastic", item.elastic_of), ("fixed", item.fixed_of)):
        if len(values):
            low, high = np.quantile(values, [0.05, 0.95])
            found |= {f"falls_{demand}": float((values < 0).mean())}
            found |= {f"closed_{demand}_low": float(low), f"closed_{demand}_high": float(high)}
    return found


def segregation(visits: Floats, usual: Floats, random: np.random.Generator) -> tuple[float, float, float]:
    """How far the visitors of a place differ by group from those usual, and between what that lies (90 %) by chance alone.

    sum |t - p| / (2 (1 - min p)) for groups of unequal size (after Moro et al. 2021): 0 alike, 1 only the smallest group. Chance: as many
    visitors as come in a week, drawn from the usual.

    >>> segregation(np.array([10.0, 10.0]), np.array([50.0, 50.0]), np.random.default_rng(0))[0]
    0.0
    >>> segregation(np.array([20.0, 0.0]), np.array([50.0, 50.0]), np.random.default_rng(0))[0]
    1.0
    """
    if visits.sum() <= 0 or usual.sum() <= 0 or (usual > 0).sum() < 2:
        return 0.0, 0.0, 0.0
    shares, expected_shares = visits / visits.sum(), usual / usual.sum()
    scale = 2 * (1 - expected_shares.min())
    number = max(1, round(float(visits.sum())))
    drawn = random.multinomial(number, expected_shares, size=NULL_DRAWS) / number
    low, high = np.quantile(np.abs(drawn - expected_shares).sum(axis=1) / scale, [0.05, 0.95])
    return float(np.abs(shares - expected_shares).sum() / scale), float(low), float(high)


def _slots(ground: Ground, found: Expected) -> Iterator[dict[str, Any]]:
    visits = found.crowd.visits.sum(axis=2)
    for v, place in enumerate(ground.ids):
        for t, slot in enumerate(ground.slots):
            if ground.open_in[v, t]:
                numbers = {"visits": float(visits[v, t]), "encounters": float(found.encounters.by_place[v, t])}
                yield {"place_id": place, "slot": slot.id, "hours_known": bool(ground.hours_known[v])} | numbers


def _whole(ground: Ground, found: Expected, town: Town) -> dict[int, float]:
    """Faces per resident of everybody (-1) and of each group."""
    faces, group = found.familiarity.faces, town.residents.group
    of_group = {g: float(faces[group == g].mean()) for g in range(ground.setting.groups) if (group == g).any()}
    return {-1: found.familiarity.mean} | of_group


def _areas(
    ground: Ground, of: Believed, found: Expected, town: Town, told: Mapping[tuple[str, str, int], areas.Spread]
) -> Iterator[dict[str, Any]]:
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
                    "reached": float((faces.faces[mine] >= FACES).mean()),
                    "reached_across": float((faces.faces_across[mine] >= FACES_ACROSS).mean()),
                }
                row |= _spread(told.get((level, code, group)))
            yield row


def _spread(told: areas.Spread | None) -> dict[str, Any]:
    return {"faces_low": told.low, "faces_high": told.high, "above": told.above, "draws": told.draws} if told else {}


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
