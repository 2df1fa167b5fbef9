# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""From references to shapes, in arrays: where nodes lie, lines and outlines of ways, areas of multipolygon relations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import shapely

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Shapes = npt.NDArray[Any]

# Rows per batch of the stream of nodes: large enough that Python does not count, small enough that memory does not.
_BATCH_ROWS = 500_000
# OpenStreetMap keeps seven decimals; what the reader gives beyond is noise of its own multiplication.
_DECIMALS = 7


def locate(connection: duckdb.DuckDBPyConnection, pbf: Path, refs: Ints) -> tuple[Floats, Floats]:
    """Longitude and latitude of every reference, NaN where the extract lacks the node.

    The nodes stream past; only those referred to are kept, so memory follows what is asked for, not the extract.
    """
    wanted = _distinct(refs)
    lon = np.full(len(wanted), np.nan)
    lat = np.full(len(wanted), np.nan)
    query = "SELECT id, lon, lat FROM ST_ReadOSM(?) WHERE kind = 'node'"
    for batch in connection.execute(query, [str(pbf)]).to_arrow_reader(_BATCH_ROWS):
        _fill(wanted, lon, lat, [column.to_numpy(zero_copy_only=False) for column in batch.columns])
    position = np.searchsorted(wanted, refs)
    return lon.round(_DECIMALS)[position], lat.round(_DECIMALS)[position]


def _distinct(values: Ints) -> Ints:
    # numpy's own unique hashes since 2.3: measured 5.5 s on 6 million references, against 0.1 s for sorting them.
    ordered = np.sort(values)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def _fill(wanted: Ints, lon: Floats, lat: Floats, batch: list[Any]) -> None:
    ids, lons, lats = batch
    if len(ids) == 0:
        return
    if (ids[1:] < ids[:-1]).any():
        order = np.argsort(ids, kind="stable")
        ids, lons, lats = ids[order], lons[order], lats[order]
    low, high = np.searchsorted(wanted, [ids[0], ids[-1] + 1])
    part = wanted[low:high]
    found = np.minimum(np.searchsorted(ids, part), len(ids) - 1)
    hit = np.flatnonzero(ids[found] == part)
    lon[low + hit] = lons[found[hit]]
    lat[low + hit] = lats[found[hit]]


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways with the positions of their nodes: `offsets[i]:offsets[i + 1]` are the nodes of way i.

    `lacking`: it refers to nodes that the extract does not have; `complete`: it does not, and has two nodes or more.
    """

    ids: Ints
    offsets: Ints
    refs: Ints
    coordinates: Floats
    lacking: Bools
    complete: Bools

    @classmethod
    def located(cls, connection: duckdb.DuckDBPyConnection, pbf: Path, ids: Ints, offsets: Ints, refs: Ints) -> Ways:
        """Ways whose nodes have been looked up in the extract."""
        if len(refs) == 0:
            none = np.zeros(len(ids), dtype=bool)
            return cls(ids, offsets, refs, np.empty((0, 2)), none, none)
        coordinates = np.column_stack(locate(connection, pbf, refs))
        lacking = np.zeros(len(ids), dtype=bool)
        lacking[np.searchsorted(offsets, np.flatnonzero(np.isnan(coordinates[:, 0])), side="right") - 1] = True
        return cls(ids, offsets, refs, coordinates, lacking, ~lacking & (np.diff(offsets) >= 2))

    @property
    def ends(self) -> tuple[Ints, Ints]:
        """First and last node of every way; -1 for a way without nodes."""
        if len(self.refs) == 0:
            none = np.full(len(self.ids), -1, dtype=np.int64)
            return none, none
        some = np.diff(self.offsets) > 0
        last = len(self.refs) - 1
        first_ref = np.where(some, self.refs[np.minimum(self.offsets[:-1], last)], -1)
        return first_ref, np.where(some, self.refs[np.maximum(self.offsets[1:] - 1, 0)], -1)

    def lines(self, which: Bools) -> Shapes:
        """A line per chosen way, None for the others and for ways that are not complete."""
        return self._shapes(which & self.complete, closed=False)

    def outlines(self, which: Bools) -> Shapes:
        """A valid polygon per chosen closed way, None for the others and for ways that are not complete or enclose nothing."""
        first, last = self.ends
        return self._shapes(which & self.complete & (first == last) & (np.diff(self.offsets) >= 4), closed=True)

    def _shapes(self, use: Bools, *, closed: bool) -> Shapes:
        shapes: Shapes = np.full(len(self.ids), None, dtype=object)
        chosen = np.flatnonzero(use)
        if len(chosen) == 0:
            return shapes
        sizes = np.diff(self.offsets)[chosen]
        inside = np.repeat(use, np.diff(self.offsets))
        index = np.repeat(np.arange(len(chosen)), sizes)
        if closed:
            shapes[chosen] = valid_areas(np.asarray(shapely.polygons(shapely.linearrings(self.coordinates[inside], indices=index))))
        else:
            shapes[chosen] = shapely.linestrings(self.coordinates[inside], indices=index)
        return shapes


def valid_areas(areas: Shapes) -> Shapes:
    """Areas with self-crossings mended and slivers of lower dimension dropped; None where no surface is left."""
    result = areas.copy()
    broken = np.flatnonzero(~shapely.is_valid(areas))
    for i in broken:
        parts = [part for part in shapely.get_parts(shapely.make_valid(areas[i])) if shapely.get_dimensions(part) == 2]
        result[i] = None if not parts else parts[0] if len(parts) == 1 else shapely.union_all(parts)
    return result


def assemble(ways: Ways, relation: Ints, member: Ints, *, count: int) -> tuple[Shapes, Bools]:
    """The areas of `count` relations from their member ways.

    `relation[j]` is the relation (0 .. count-1) of membership j and `member[j]` the row in `ways`, -1 where the extract lacks the way.
    Rings are found from the lines themselves, as osmium does, because roles are often wrong; what lies inside an odd number of rings
    is surface. Returns the areas (None where not complete) and whether each relation has all its ways and closes.
    """
    areas: Shapes = np.full(count, None, dtype=object)
    usable = (member >= 0) & ways.complete[member] if len(ways.ids) else np.zeros(len(member), dtype=bool)
    complete = np.bincount(relation, minlength=count) > 0
    complete[relation[~usable]] = False
    complete &= ~_open(ways, relation[usable], member[usable], count)
    use = usable & complete[relation]
    if not use.any():
        return areas, complete
    order = np.argsort(relation[use], kind="stable")
    groups, members = relation[use][order], member[use][order]
    needed = np.zeros(len(ways.ids), dtype=bool)
    needed[members] = True
    rows, index = np.unique(groups, return_inverse=True)
    bundles = np.asarray(shapely.multilinestrings(ways.lines(needed)[members], indices=index))
    built = np.asarray(shapely.build_area(bundles))
    failed = shapely.is_empty(built)
    # Rings that share a piece of line are not noded; one more try for those few.
    built[failed] = shapely.build_area(shapely.unary_union(bundles[failed]))
    good = ~shapely.is_empty(built)
    areas[rows[good]] = valid_areas(built[good])
    complete[rows[~good]] = False
    return areas, complete


def _open(ways: Ways, relation: Ints, member: Ints, count: int) -> Bools:
    """Which relations have a loose end: a node where an odd number of their open ways stop."""
    first, last = ways.ends
    ends = np.concatenate([first[member], last[member]])
    owners = np.concatenate([relation, relation])
    pairs, times = np.unique(np.column_stack([owners, ends]), axis=0, return_counts=True)
    result = np.zeros(count, dtype=bool)
    result[pairs[times % 2 == 1, 0].astype(np.int64)] = True
    return result
