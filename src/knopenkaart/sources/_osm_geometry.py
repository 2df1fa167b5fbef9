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

from knopenkaart.sources._osm_file import ahead

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Fixed = npt.NDArray[np.int32]
Shapes = npt.NDArray[Any]

# Rows per batch of the stream of nodes: large enough that Python does not count, small enough that memory does not.
_BATCH_ROWS = 500_000
# OpenStreetMap keeps seven decimals, here as whole numbers in half the room; what the reader gives beyond is noise of its own.
_PER_DEGREE = 10_000_000
ABSENT = np.iinfo(np.int32).min
# Ways that become shapes at a time: the copies of their coordinates stay small.
_CHUNK_WAYS = 100_000


def locate(connection: duckdb.DuckDBPyConnection, pbf: Path, refs: Ints) -> Fixed:
    """Longitude and latitude of every reference, as rows of ten-millionths of a degree; ABSENT where the extract lacks the node.

    The nodes stream past; only those referred to are kept, so memory follows what is asked for, not the extract.
    """
    wanted = _distinct(refs)
    fixed = np.full((len(wanted), 2), ABSENT, dtype=np.int32)
    query = "SELECT id, lon, lat FROM ST_ReadOSM(?) WHERE kind = 'node'"
    for batch in ahead(connection.execute(query, [str(pbf)]).to_arrow_reader(_BATCH_ROWS)):
        _fill(wanted, fixed, [column.to_numpy(zero_copy_only=False) for column in batch.columns])
    return fixed[np.searchsorted(wanted, refs)]


def _distinct(values: Ints) -> Ints:
    # numpy's own unique hashes since 2.3: measured 5.5 s on 6 million references, against 0.1 s for sorting them.
    ordered = np.sort(values)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def _fill(wanted: Ints, fixed: Fixed, batch: list[Any]) -> None:
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
    for column, degrees in enumerate((lons, lats)):
        fixed[low + hit, column] = np.rint(degrees[found[hit]] * _PER_DEGREE)


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways with the positions of their nodes: `offsets[i]:offsets[i + 1]` are the nodes of way i.

    `ends`: the first and last node of every way, -1 for a way without nodes.
    `lacking`: it refers to nodes that the extract does not have; `complete`: it does not, and has two nodes or more.
    """

    ids: Ints
    offsets: Ints
    ends: tuple[Ints, Ints]
    coordinates: Fixed
    lacking: Bools
    complete: Bools

    @classmethod
    def located(cls, connection: duckdb.DuckDBPyConnection, pbf: Path, ids: Ints, offsets: Ints, refs: Ints) -> Ways:
        """Ways whose nodes have been looked up in the extract."""
        if len(refs) == 0:
            none, nowhere = np.zeros(len(ids), dtype=bool), np.full(len(ids), -1, dtype=np.int64)
            return cls(ids, offsets, (nowhere, nowhere), np.empty((0, 2), dtype=np.int32), none, none)
        coordinates = locate(connection, pbf, refs)
        lacking = np.zeros(len(ids), dtype=bool)
        lacking[np.searchsorted(offsets, np.flatnonzero(coordinates[:, 0] == ABSENT), side="right") - 1] = True
        sizes = np.diff(offsets)
        first = np.where(sizes > 0, refs[np.minimum(offsets[:-1], len(refs) - 1)], -1)
        last = np.where(sizes > 0, refs[np.maximum(offsets[1:] - 1, 0)], -1)
        return cls(ids, offsets, (first, last), coordinates, lacking, ~lacking & (sizes >= 2))

    def lines(self, which: Bools) -> Shapes:
        """A line per chosen way, None for the others and for ways that are not complete."""
        return self._shapes(which & self.complete, closed=False)

    def outlines(self, which: Bools) -> Shapes:
        """A valid polygon per chosen closed way, None for the others and for ways that are not complete or enclose nothing."""
        first, last = self.ends
        return self._shapes(which & self.complete & (first == last) & (np.diff(self.offsets) >= 4), closed=True)

    def _shapes(self, use: Bools, *, closed: bool) -> Shapes:
        shapes: Shapes = np.full(len(self.ids), None, dtype=object)
        every = np.flatnonzero(use)
        for chosen in np.array_split(every, range(_CHUNK_WAYS, len(every), _CHUNK_WAYS)):
            if len(chosen) == 0:
                continue
            span = slice(chosen[0], chosen[-1] + 1)
            sizes = np.diff(self.offsets[chosen[0] : chosen[-1] + 2])
            fixed = self.coordinates[self.offsets[span.start] : self.offsets[span.stop]][np.repeat(use[span], sizes)]
            coordinates = fixed / _PER_DEGREE
            index = np.repeat(np.arange(len(chosen)), sizes[use[span]])
            if closed:
                shapes[chosen] = valid_areas(np.asarray(shapely.polygons(shapely.linearrings(coordinates, indices=index))))
            else:
                shapes[chosen] = shapely.linestrings(coordinates, indices=index)
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
