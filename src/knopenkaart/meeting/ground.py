# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""From a study to residents in squares, the places that they choose among, and the dayparts in which these are open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from knopenkaart.access.setting import People, people, places
from knopenkaart.access.slots import place_slots, week
from knopenkaart.errors import InputError
from knopenkaart.geo import metric_crs_of
from knopenkaart.meeting.assumed import data
from knopenkaart.population.postcodes import postcodes_of
from knopenkaart.progress import Progress, silent
from knopenkaart.reach import walking_times
from knopenkaart.study import Study
from knopenkaart.visits.choice import Setting
from knopenkaart.vocabulary import Slot, Vocabulary

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
# Squares grow by half until there are no more than so many with people.
SQUARE_M, CELLS = 100.0, 2000
# Nobody chooses a place farther away on foot than this; at the fading that is assumed hardly anybody would.
FARTHEST_M = 6000.0
# A place without any hours that are known is taken to be open then first: weekdays before weekends.
_PARTS = ("afternoon", "evening", "morning")


@dataclass(frozen=True)
class Ground:
    """A town to choose in.

    `setting`: residents, places and ways (knopenkaart.visits.choice). `ids`, `kinds`, `archetypes`, `wijk`, `buurt` (V): of the places;
    `study` (V): it lies in the study and may be kept or closed. `groups` (G), `nests` (C): their ids. `cell_municipality`,
    `cell_wijk`, `cell_buurt`, `cell_postcode` (H): codes of areas and the digits of a postcode, empty where there is none. `slots` (T):
    dayparts; `follows` (T): that right after it on the same day, -1 if none; `open_in` (V, T); `hours_known` (V); `came` (V, G, T): of
    places where visits were counted by daypart when they come, up to a factor per place; elsewhere nan. `assumed`: nobody published how
    many people live here.
    """

    setting: Setting
    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    archetypes: tuple[str, ...]
    study: Bools
    wijk: npt.NDArray[np.str_]
    buurt: npt.NDArray[np.str_]
    groups: tuple[str, ...]
    nests: tuple[str, ...]
    cell_municipality: npt.NDArray[np.str_]
    cell_wijk: npt.NDArray[np.str_]
    cell_buurt: npt.NDArray[np.str_]
    cell_postcode: npt.NDArray[np.str_]
    slots: tuple[Slot, ...]
    follows: npt.NDArray[np.int32]
    open_in: Bools
    hours_known: Bools
    came: Floats
    assumed: bool

    @property
    def when_counted(self) -> Bools:
        """At which places visits were counted by daypart (V)."""
        return np.asarray(~np.isnan(self.came).any(axis=(1, 2)))

    @property
    def levels(self) -> dict[str, npt.NDArray[np.str_]]:
        """Per level of areas the code of each square (H); municipalities where there are several."""
        several = len(set(self.cell_municipality.tolist()) - {""}) > 1
        return ({"municipality": self.cell_municipality} if several else {}) | {"wijk": self.cell_wijk, "buurt": self.cell_buurt}

    def places_of(self, code: str) -> npt.NDArray[np.int64]:
        """The numbers of the places of a wijk."""
        return np.flatnonzero((self.wijk == code) & self.study)

    def of_wijk(self, code: str) -> Ground:
        """A wijk by itself: its residents and its places, as if nobody went elsewhere."""
        cells, kept = self.cell_wijk == code, self.places_of(code)
        metres = sp.csr_array(self.setting.metres[cells][:, kept])
        metres.sum_duplicates()
        setting = Setting(self.setting.people[cells], metres, self.setting.nest[kept], self.setting.nests, self.setting.open[kept])
        names: dict[str, Any] = {name: tuple(getattr(self, name)[at] for at in kept) for name in ("ids", "kinds", "archetypes")}
        arrays: dict[str, Any] = {name: getattr(self, name)[kept] for name in ("study", "wijk", "buurt", "open_in", "hours_known", "came")}
        arrays |= {name: getattr(self, name)[cells] for name in ("cell_municipality", "cell_wijk", "cell_buurt", "cell_postcode")}
        return replace(self, setting=setting, **names, **arrays)


def ground_of(
    study: Study,
    *,
    dimension: str = "age",
    cells: int = CELLS,
    places_now: pd.DataFrame | None = None,
    counting: Collection[str] | None = None,
    progress: Progress = silent,
) -> Ground:
    """The ground of a study: homes merged into squares, groups of one dimension, and the social nodes as places.

    Parameters: study; `dimension` of the groups (where nobody published them, everybody is one group); most squares; PLACES as people
    corrected them and the kinds that count, by default those of the study; progress. A place competes in the first function of its kind.
    Raises InputError (`meeting.no_places`, `meeting.no_people`) where there is nothing to choose or nobody to choose it.
    """
    table = study.table("places") if places_now is None else places_now
    vocabulary = study.vocabulary
    where = places(table, functions=list(vocabulary.functions), counting=study.counting if counting is None else counting)
    ids = where.ids[where.node].tolist()
    known = table.set_index("id", drop=False).loc[ids]
    nests = [name for name in vocabulary.functions if name in {_nest(vocabulary, kind) for kind in known["kind"]}]
    if not ids:
        raise InputError("No place of this study counts as a node.", code="meeting.no_places", remedy="Choose which kinds count.")
    who = people(study.table("homes"), study.table("residents"), study.table("coverage"), policy=study.policy)
    squares = _squares(study.table("homes"), who, cells)
    groups, residents = _residents(who, squares, vocabulary, dimension)
    tables = {name: study.table(name) for name in ("edges", "entrances")} | {"places": table}
    limit_s = FARTHEST_M / (study.policy.walk_kmh / 3.6)
    seconds = walking_times(tables, ids=ids, homes=squares, limit_s=limit_s, policy=study.policy, progress=progress)
    metres = sp.csr_array(seconds.T)
    metres.data = metres.data.astype(float) * study.policy.walk_kmh / 3.6
    metres.sort_indices()
    nest = np.array([nests.index(_nest(vocabulary, kind)) for kind in known["kind"]], dtype=np.int32)
    slots = tuple(vocabulary.week())
    when = week(where, table, slots=slots, day=study.day, policy=study.policy)
    open_in, hours = _opened(place_slots(where, when), ids, slots)
    return Ground(
        setting=Setting(residents, metres, nest, len(nests), np.ones(len(ids), dtype=bool)),
        ids=tuple(ids),
        kinds=tuple(known["kind"]),
        archetypes=tuple(vocabulary.kinds[kind].archetype for kind in known["kind"]),
        study=~known["neighbour"].to_numpy(bool),
        wijk=known["wijk_code"].fillna("").to_numpy(str),
        buurt=known["buurt_code"].fillna("").to_numpy(str),
        groups=groups,
        nests=tuple(nests),
        cell_municipality=squares["municipality_code"].fillna("").to_numpy(str),
        cell_wijk=squares["wijk_code"].fillna("").to_numpy(str),
        cell_buurt=squares["buurt_code"].fillna("").to_numpy(str),
        cell_postcode=postcodes_of(squares, study.table("addresses")).fillna("").to_numpy(str),
        slots=slots,
        follows=followers(slots),
        open_in=open_in,
        hours_known=hours,
        came=np.full((len(ids), len(groups), len(slots)), np.nan),
        assumed=bool(who.assumed.any()),
    )


def _nest(vocabulary: Vocabulary, kind: str) -> str:
    return vocabulary.kinds[kind].functions[0]


def _squares(homes: pd.DataFrame, who: People, most: int) -> pd.DataFrame:
    """One home per square, that nearest to the middle of its people, with `members`: the rows of the homes of the square.

    Squares are those of one buurt, wijk or municipality, so that what is said of an area is of its own residents.
    """
    lived = np.flatnonzero(who.per_home > 0)
    if not len(lived):
        raise InputError("Nobody lives along a street of this study.", code="meeting.no_people", remedy="Give figures or addresses.")
    own = homes.iloc[lived]
    spots = gpd.GeoSeries(gpd.points_from_xy(own["lon"].astype(float), own["lat"].astype(float)), crs="EPSG:4326")
    metric = spots.to_crs(metric_crs_of(spots))
    x, y, weight = metric.x.to_numpy(), metric.y.to_numpy(), who.per_home[lived]
    areas = own[["municipality_code", "wijk_code", "buurt_code"]].fillna("").agg("|".join, axis=1).to_numpy(str)
    size = SQUARE_M
    while True:
        keys = pd.MultiIndex.from_arrays([np.floor(x / size), np.floor(y / size), areas])
        number = pd.factorize(keys)[0]
        if number.max() + 1 <= most or size > FARTHEST_M:
            break
        size *= 1.5
    total = np.bincount(number, weights=weight)
    middle = [np.bincount(number, weights=weight * axis) / total for axis in (x, y)]
    away = (x - middle[0][number]) ** 2 + (y - middle[1][number]) ** 2
    order = np.lexsort((away, number))
    first = order[np.searchsorted(number[order], np.arange(len(total)))]
    grouped = np.split(lived[np.argsort(number, kind="stable")], np.cumsum(np.bincount(number))[:-1])
    return own.iloc[first].assign(members=pd.Series(list(grouped), index=own.index[first]))


def _residents(who: People, squares: pd.DataFrame, vocabulary: Vocabulary, dimension: str) -> tuple[tuple[str, ...], Floats]:
    """The groups of a dimension, and residents per square and group; where an area has no figures of them, as in the whole."""
    columns = [at for at, name in enumerate(who.groups) if at and vocabulary.groups[name].dimension == dimension]
    names = tuple(who.groups[at] for at in columns)
    everybody = np.array([who.per_home[rows].sum() for rows in squares["members"]])
    if not names:
        return ("all",), everybody[:, None]
    rate, known = who.rate[:, columns], who.known[:, columns].all(axis=1) & (who.rate[:, columns].sum(axis=1) > 0)
    if not known.any():
        return ("all",), everybody[:, None]
    usual = (rate[known] * who.size[known, None]).sum(axis=0)
    share = np.where(known[:, None], rate, usual)
    share = share / share.sum(axis=1, keepdims=True)
    found = [(who.per_home[rows][:, None] * share[who.leaf[rows]]).sum(axis=0) for rows in squares["members"]]
    return names, np.array(found)


def followers(slots: Sequence[Slot]) -> npt.NDArray[np.int32]:
    """Per daypart the number of the one right after it on the same day; -1 where there is none."""
    begins = {(slot.weekday, slot.start): at for at, slot in enumerate(slots)}
    return np.array([begins.get((slot.weekday, slot.end), -1) for slot in slots], dtype=np.int32)


def part_of_day(slot: Slot) -> str:
    """Morning, afternoon or evening."""
    return "morning" if slot.start < "12:00" else "afternoon" if slot.start < "18:00" else "evening"


def usual_order(slots: Sequence[Slot]) -> npt.NDArray[np.int64]:
    """Dayparts in the order in which a place is taken to open: weekday afternoons, evenings and mornings, then the weekend."""
    keys = [(slot.weekday > 5, _PARTS.index(part_of_day(slot)), slot.weekday) for slot in slots]
    return np.array(sorted(range(len(slots)), key=lambda at: keys[at]), dtype=np.int64)


def _opened(told_of: pd.DataFrame, ids: Sequence[str], slots: Sequence[Slot]) -> tuple[Bools, Bools]:
    """In which dayparts places are open (V, T), and of which that is known; others are open in as many as is usual."""
    told = told_of.pivot(index="place_id", columns="slot", values="open").reindex(index=list(ids), columns=[slot.id for slot in slots])
    surely = told.fillna(False).to_numpy(bool)
    known = told.notna().all(axis=1).to_numpy(bool) & surely.any(axis=1)
    usual = np.zeros(len(slots), dtype=bool)
    usual[usual_order(slots)[: int(data()["dayparts"]["value"])]] = True
    return np.where(known[:, None], surely, usual[None, :]), known


def usual_times(ground: Ground) -> Floats:
    """How likely groups are taken to come in a daypart beside another, where all of these are open (G, T)."""
    when = data()["when"]
    return np.array([[when.get(group, when["all"])[part_of_day(slot)] for slot in ground.slots] for group in ground.groups], dtype=float)


def profiles(ground: Ground, *, spread: float = 1.0) -> Floats:
    """When visitors come, per place and group (V, G, T): as they were counted, else by the part of the day in the dayparts that it is open.

    `spread`: so many times as many dayparts, where sessions are spread over fewer places; more are added in the usual order. Of a place
    that was counted as many come then in what is added as, on average, in the dayparts that it has.
    """
    opened = ground.open_in if spread == 1.0 else _with_more(ground, spread)
    found: Floats = opened[:, None, :] * usual_times(ground)[None]
    for place in np.flatnonzero(ground.when_counted):
        usual = ground.came[place][:, ground.open_in[place]].mean(axis=1, keepdims=True)
        found[place] = np.where(ground.open_in[place], ground.came[place], usual) * opened[place]
    found /= found.sum(axis=2, keepdims=True)
    return found


def _with_more(ground: Ground, spread: float) -> Bools:
    opened, order = ground.open_in.copy(), usual_order(ground.slots)
    for place in range(len(opened)):
        wanted = min(len(order), round(spread * opened[place].sum()))
        closed = [at for at in order if not opened[place, at]]
        opened[place, closed[: max(0, wanted - int(opened[place].sum()))]] = True
    return opened
