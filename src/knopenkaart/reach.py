# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who can walk there: from streets, homes and places to the tables of reach, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array, vstack

from knopenkaart.access.areas import gaps, histograms, reach_areas, reach_open
from knopenkaart.access.competition import competition, floating_catchments, supply
from knopenkaart.access.complete import Grounds, border_m, on_foot, sure_m, within
from knopenkaart.access.overlap import overlaps, shared
from knopenkaart.access.reach import reach_homes, reach_places
from knopenkaart.access.setting import People, Places, people, places
from knopenkaart.access.slots import Week, place_slots, week
from knopenkaart.access.tally import Tally, Times, tally
from knopenkaart.geo import CRS84
from knopenkaart.inventory.entrances import entrances
from knopenkaart.network.distances import Doors, doors_on, homes_on, travel_times
from knopenkaart.network.doors import doors
from knopenkaart.network.graph import Graph, edges, graph
from knopenkaart.network.isochrones import isochrones, sampled
from knopenkaart.network.snap import snap_homes
from knopenkaart.policy import MODES, Mode, Policy
from knopenkaart.population.assumed import assumed_people
from knopenkaart.population.homes import homes
from knopenkaart.population.residents import residents
from knopenkaart.progress import Progress, silent
from knopenkaart.tables import (
    COMPETITION,
    GAPS,
    HOMES,
    ISOCHRONES,
    NOTICES,
    OVERLAPS,
    PLACE_SLOTS,
    REACH_AREAS,
    REACH_COUNTS,
    REACH_HOMES,
    REACH_OPEN,
    REACH_PLACES,
    SUPPLY,
    Table,
)
from knopenkaart.vocabulary import Vocabulary

# What reach is made of, and what it makes; all of them stand in a study.
GROUND = ("edges", "entrances", "homes", "residents")
TABLES: tuple[Table, ...] = (
    REACH_PLACES,
    REACH_HOMES,
    REACH_COUNTS,
    REACH_AREAS,
    GAPS,
    OVERLAPS,
    COMPETITION,
    SUPPLY,
    PLACE_SLOTS,
    REACH_OPEN,
    ISOCHRONES,
)
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class _Walk:
    """One way of going over one ground: how long everybody takes to every place, and the ground within reach of each."""

    mode: Mode
    isochrones: pd.DataFrame
    within: pd.DataFrame
    times: Callable[[], Times]


def ground(
    tables: Tables,
    *,
    streets: pd.DataFrame,
    lived_along: pd.DataFrame,
    points: pd.DataFrame,
    features: pd.DataFrame,
    cells: pd.DataFrame,
    vocabulary: Vocabulary,
    policy: Policy,
    source: str,
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """What reach stands on, whatever places come and go (`GROUND`): the streets, the ways into places, homes and residents; and NOTICES.

    `tables`: places, areas, figures, coverage, addresses. One goes along STREETS; where nothing else tells where people live, they live
    along the streets `lived_along`. POINTS and FEATURES are those of the extract, which is called `source`.
    """
    network, told_of_streets = edges(streets, points, policy=policy)
    assumed, told_of_settlements = assumed_people(tables["areas"], tables["figures"], points=points, source=source)
    spots = homes(
        tables["areas"],
        tables["figures"],
        coverage=tables["coverage"],
        addresses=tables["addresses"],
        streets=lived_along,
        cells=cells,
        assumed=assumed,
        policy=policy,
    )
    snapped = snap_homes(spots, network, policy=policy)
    everybody, told_of_people = residents(
        tables["areas"], tables["figures"], coverage=tables["coverage"], homes=snapped, groups=vocabulary.groups, assumed=assumed
    )
    made = {
        "edges": network,
        "entrances": entrances(tables["places"], features, streets=streets, points=points),
        "homes": HOMES.check(snapped.assign(sure_m=sure_m(snapped, tables["areas"], tables["coverage"]))),
        "residents": everybody,
    }
    return made, _together(NOTICES, [told_of_streets, told_of_settlements, told_of_people])


def reach(
    tables: Tables,
    *,
    vocabulary: Vocabulary,
    counting: Collection[str],
    day: date,
    around_m: float,
    policy: Policy,
    drawn: pd.DataFrame | None = None,
    progress: Progress = silent,
) -> dict[str, pd.DataFrame]:
    """The tables of reach (`TABLES`) by name.

    `tables`: places, areas, coverage, edges, entrances, homes, residents. `counting`: the kinds that count as nodes. `day`: opening
    hours are those of an ordinary week around it. `around_m`: how far outside the border (m) places are known. `drawn`: ISOCHRONES that
    are known and need not be drawn again. Methods: docs/method/network.md, docs/method/residents.md and docs/method/reach.md.
    """
    who = people(_homes(tables, around_m, policy), tables["residents"], tables["coverage"], policy=policy)
    where = places(tables["places"], functions=list(vocabulary.functions), counting=counting)
    when = week(where, tables["places"], slots=vocabulary.week(), day=day, policy=policy)
    made: dict[str, list[pd.DataFrame]] = {table.name: [] for table in TABLES}
    for mode in MODES:
        walk = _walk(tables, where, mode, policy, ISOCHRONES.empty() if drawn is None else drawn, progress)
        found = tally(walk.times(), who, where, when, policy=policy)
        more = _on_foot(walk, found, who, where, when, policy) if mode == "walk" else []
        for name, frame in [*_by_mode(walk, found, who, where, policy), *more]:
            made[name].append(frame)
    return {table.name: _together(table, made[table.name]) for table in TABLES}


def walking_times(
    tables: Tables, *, ids: Sequence[str], homes: pd.DataFrame, limit_s: float, policy: Policy, progress: Progress = silent
) -> csr_array:
    """Seconds on foot from HOMES (any rows of them) to the places `ids`, no more than `limit_s`: places x homes.

    `tables`: places, edges, entrances. What is not stored is farther away; a home at the door of a place is stored with 0 seconds.
    """
    of = graph(tables["edges"], "walk", policy=policy)
    at = _doors_of(tables, np.array(ids, dtype=object), of, "walk", policy)[1]
    on_it = homes_on(of, homes.reset_index(drop=True), mode="walk", policy=policy)
    found = [block for _, block in travel_times(of, on_it, at, limit_s=limit_s, progress=progress)]
    return csr_array(vstack(found)) if found else csr_array((0, len(homes)))


def _homes(tables: Tables, around_m: float, policy: Policy) -> pd.DataFrame:
    """HOMES; where one gets farther than places are known, what lies beyond is not covered either."""
    if max(policy.farthest_m(mode) for mode in MODES) <= around_m:
        return tables["homes"]
    beyond = pd.Series(border_m(tables["homes"], tables["areas"]) + around_m)
    return tables["homes"].assign(sure_m=tables["homes"]["sure_m"].fillna(np.inf).clip(upper=beyond))


def _walk(tables: Tables, where: Places, mode: Mode, policy: Policy, drawn: pd.DataFrame, progress: Progress) -> _Walk:
    of = graph(tables["edges"], mode, policy=policy)
    found, at = _doors_of(tables, where.ids, of, mode, policy)
    grounds = _isochrones(of, tables["edges"], found, where, mode, policy, drawn, progress)
    held = within(grounds, tables["areas"], tables["coverage"])
    on_it = homes_on(of, tables["homes"], mode=mode, policy=policy)
    return _Walk(
        mode=mode,
        isochrones=ISOCHRONES.check(grounds.assign(complete=held["complete"], border=held["border"])),
        within=held,
        times=_times(lambda: travel_times(of, on_it, at, limit_s=policy.limit_s, progress=progress), mode),
    )


def _doors_of(tables: Tables, ids: npt.NDArray[Any], of: Graph, mode: Mode, policy: Policy) -> tuple[pd.DataFrame, Doors]:
    """The doors of places, as rows and on a graph."""
    chosen = tables["places"].set_index("id", drop=False).loc[ids]
    found = doors(chosen, tables["entrances"], tables["edges"], mode=mode, policy=policy)
    return found, doors_on(of, found, places=len(ids), policy=policy)


def _times(reckoned: Callable[[], Times], mode: Mode) -> Callable[[], Times]:
    """Travel times, block by block, as often as they are asked for. On foot they are kept: four things are counted over them. By bicycle
    one comes from ten times as many homes, and one thing is counted."""
    if mode != "walk":
        return reckoned
    kept = list(reckoned())
    return lambda: iter(kept)


def _isochrones(
    of: Graph,
    network: pd.DataFrame,
    found: pd.DataFrame,
    where: Places,
    mode: Mode,
    policy: Policy,
    drawn: pd.DataFrame,
    progress: Progress,
) -> gpd.GeoDataFrame:
    """The isochrones (place_id, mode, minutes, geometry) that are drawn already, and those of the other places."""
    known = drawn[(drawn["mode"] == mode) & drawn["place_id"].isin(where.ids)]
    rest = np.flatnonzero(~pd.Series(where.ids).isin(known["place_id"]))
    own = found[found["place"].isin(rest)]
    at = doors_on(of, own.assign(place=np.searchsorted(rest, own["place"])), places=len(rest), policy=policy)
    shapes = [shape for row in isochrones(of, sampled(network), at, minutes=policy.minutes, progress=progress) for shape in row]
    new = {
        "place_id": np.repeat(where.ids[rest], len(policy.minutes)),
        "mode": mode,
        "minutes": np.tile(np.array(policy.minutes), len(rest)),
    }
    frame = gpd.GeoDataFrame(new, geometry=gpd.GeoSeries(shapes, crs=CRS84), crs=CRS84)
    both: gpd.GeoDataFrame = pd.concat([known[frame.columns], frame], ignore_index=True) if len(known) else frame
    return both


def _by_mode(walk: _Walk, found: Tally, who: People, where: Places, policy: Policy) -> list[tuple[str, pd.DataFrame]]:
    """What is told of walking and of cycling alike."""
    hist = histograms(found, who, where, mode=walk.mode, policy=policy)
    nearest, counts = reach_homes(found, who, where, mode=walk.mode, policy=policy)
    return [
        (REACH_PLACES.name, reach_places(found, who, where, mode=walk.mode, policy=policy, within=walk.within)),
        (REACH_HOMES.name, nearest),
        (REACH_COUNTS.name, counts),
        (REACH_AREAS.name, reach_areas(hist, who, mode=walk.mode, policy=policy)),
        (GAPS.name, gaps(hist, who, mode=walk.mode, policy=policy)),
        (ISOCHRONES.name, walk.isochrones),
    ]


def _on_foot(walk: _Walk, found: Tally, who: People, where: Places, when: Week, policy: Policy) -> list[tuple[str, pd.DataFrame]]:
    """What is told of walking only: which places serve the same people, and what is open."""
    near, far = (_grounds(walk, found, where, minutes, policy) for minutes in (policy.near_min, policy.minutes[-1]))
    both = shared(walk.times(), who, where, policy=policy)
    catchments = floating_catchments(walk.times, found, who, where, when, grounds=far, policy=policy)
    basis = "assumed" if who.assumed.any() else "estimated"
    return [
        (OVERLAPS.name, overlaps(both, where, grounds=near, policy=policy)),
        (COMPETITION.name, competition(catchments, where, basis=basis)),
        (SUPPLY.name, supply(catchments, who, where, policy=policy)),
        (PLACE_SLOTS.name, place_slots(where, when)),
        (REACH_OPEN.name, reach_open(found, who, where, when, policy=policy)),
    ]


def _grounds(walk: _Walk, found: Tally, where: Places, minutes: int, policy: Policy) -> Grounds:
    """The ground within so many minutes on foot; it is not complete either where homes are of which nobody knows how many live there."""
    of = on_foot(walk.within, where.ids, minutes=minutes)
    return replace(of, complete=of.complete & ~found.unknown[:, policy.minutes.index(minutes), 0])


def _together(table: Table, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return table.check(pd.concat(filled, ignore_index=True)) if filled else table.empty()
