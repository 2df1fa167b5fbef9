# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who can walk there: from streets, homes and places to the tables of reach, in reading order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from knopenkaart.access.areas import gaps, histograms, reach_areas, reach_open
from knopenkaart.access.competition import competition, floating_catchments, supply
from knopenkaart.access.complete import within
from knopenkaart.access.overlap import overlaps, shared
from knopenkaart.access.reach import reach_homes, reach_places
from knopenkaart.access.setting import People, Places, people, places
from knopenkaart.access.slots import Week, place_slots, week
from knopenkaart.access.tally import Tally, Times, tally
from knopenkaart.inventory.entrances import entrances
from knopenkaart.network.distances import doors_on, homes_on, travel_times
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
    doors: Any
    isochrones: pd.DataFrame
    within: pd.DataFrame

    graph: Any
    homes: Any
    limit_s: float
    progress: Progress

    def times(self) -> Times:
        """Travel times, block by block; they are cheaper to reckon once more than to keep."""
        return travel_times(self.graph, self.homes, self.doors, limit_s=self.limit_s, progress=self.progress)


def ground(
    tables: Tables,
    *,
    streets: pd.DataFrame,
    points: pd.DataFrame,
    features: pd.DataFrame,
    cells: pd.DataFrame,
    vocabulary: Vocabulary,
    policy: Policy,
    source: str,
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """What reach stands on, whatever places come and go (`GROUND`): the streets, the ways into places, homes and residents; and NOTICES.

    `tables`: places, areas, figures, coverage, addresses. STREETS, POINTS and FEATURES are those of the extract, which is called `source`.
    """
    network, told_of_streets = edges(streets, points, policy=policy)
    assumed, told_of_settlements = assumed_people(tables["areas"], tables["figures"], points=points, source=source)
    spots = homes(
        tables["areas"],
        tables["figures"],
        coverage=tables["coverage"],
        addresses=tables["addresses"],
        streets=streets,
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
        "homes": snapped,
        "residents": everybody,
    }
    return made, _together(NOTICES, [told_of_streets, told_of_settlements, told_of_people])


def reach(
    tables: Tables,
    *,
    vocabulary: Vocabulary,
    counting: Collection[str],
    day: date,
    policy: Policy,
    drawn: pd.DataFrame | None = None,
    progress: Progress = silent,
) -> dict[str, pd.DataFrame]:
    """The tables of reach (`TABLES`) by name.

    `tables`: places, areas, coverage, edges, entrances, homes, residents. `counting`: the kinds that count as nodes. `day`: opening
    hours are those of an ordinary week around it. `drawn`: ISOCHRONES that are known and need not be drawn again. Methods:
    docs/method/network.md, docs/method/residents.md and docs/method/reach.md.
    """
    who = people(tables["homes"], tables["residents"], tables["coverage"], policy=policy)
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


def _walk(tables: Tables, where: Places, mode: Mode, policy: Policy, drawn: pd.DataFrame, progress: Progress) -> _Walk:
    chosen = tables["places"].set_index("id", drop=False).loc[where.ids]
    of = graph(tables["edges"], mode, policy=policy)
    found = doors(chosen, tables["entrances"], tables["edges"], mode=mode, policy=policy)
    at = doors_on(of, found, places=len(where.ids), policy=policy)
    grounds = _isochrones(of, tables["edges"], found, where, mode, policy, drawn, progress)
    return _Walk(
        mode=mode,
        doors=at,
        isochrones=grounds,
        within=within(grounds, tables["areas"], tables["coverage"]),
        graph=of,
        homes=homes_on(of, tables["homes"], mode=mode, policy=policy),
        limit_s=policy.limit_s,
        progress=progress,
    )


def _isochrones(
    of: Graph,
    network: pd.DataFrame,
    found: pd.DataFrame,
    where: Places,
    mode: Mode,
    policy: Policy,
    drawn: pd.DataFrame,
    progress: Progress,
) -> pd.DataFrame:
    """The isochrones that are drawn already, and those of the other places."""
    known = drawn[(drawn["mode"] == mode) & drawn["place_id"].isin(where.ids)]
    rest = np.flatnonzero(~pd.Series(where.ids).isin(known["place_id"]))
    own = found[found["place"].isin(rest)]
    at = doors_on(of, own.assign(place=np.searchsorted(rest, own["place"])), places=len(rest), policy=policy)
    shapes = [shape for row in isochrones(of, sampled(network), at, minutes=policy.minutes, progress=progress) for shape in row]
    frame = pd.DataFrame(
        {
            "place_id": np.repeat(where.ids[rest], len(policy.minutes)),
            "mode": mode,
            "minutes": np.tile(np.array(policy.minutes), len(rest)),
            "geometry": gpd.GeoSeries(shapes, crs="EPSG:4326"),
        }
    )
    return _together(ISOCHRONES, [known, ISOCHRONES.check(frame)])


def _by_mode(walk: _Walk, found: Tally, who: People, where: Places, policy: Policy) -> list[tuple[str, pd.DataFrame]]:
    """What is told of walking and of cycling alike."""
    hist = histograms(found, who, where, policy=policy)
    nearest, counts = reach_homes(found, who, where, mode=walk.mode, policy=policy)
    return [
        (REACH_PLACES.name, reach_places(found, who, where, mode=walk.mode, policy=policy, within=walk.within)),
        (REACH_HOMES.name, nearest),
        (REACH_COUNTS.name, counts),
        (REACH_AREAS.name, reach_areas(hist, who, mode=walk.mode)),
        (GAPS.name, gaps(hist, who, mode=walk.mode, policy=policy)),
        (ISOCHRONES.name, walk.isochrones),
    ]


def _on_foot(walk: _Walk, found: Tally, who: People, where: Places, when: Week, policy: Policy) -> list[tuple[str, pd.DataFrame]]:
    """What is told of walking only: which places serve the same people, and what is open."""
    both = shared(walk.times(), who, where, policy=policy)
    catchments = floating_catchments(walk.times, found, who, where, when, policy=policy)
    basis = "assumed" if who.assumed.any() else "estimated"
    return [
        (OVERLAPS.name, overlaps(both, where, policy=policy)),
        (COMPETITION.name, competition(catchments, both.rivals, where, within=walk.within, basis=basis, policy=policy)),
        (SUPPLY.name, supply(catchments, who, where)),
        (PLACE_SLOTS.name, place_slots(where, when)),
        (REACH_OPEN.name, reach_open(found, who, where, when)),
    ]


def _together(table: Table, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return table.check(pd.concat(filled, ignore_index=True)) if filled else table.empty()
