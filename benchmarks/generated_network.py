# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A planar network of any size, the same for the same seed: streets as a grid that somebody shook, with a quarter of them taken away.

    python benchmarks/generated_network.py JUNCTIONS FILE.npz [--seed 1]

Junctions lie 60 metres apart, each moved by up to 18 metres; streets are straight. Of what then hangs together only the largest part is
kept. As in the product junctions are numbered along a Hilbert curve, and streets by their first junction.
"""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from knopenkaart.rng import stream  # noqa: E402

SPACING_M, MOVED_M, KEPT = 60.0, 18.0, 0.75
# The largest part holds more than 99.4 % of such a grid.
SPARE = 1.007
# Points for the curve are made in pieces: one of shapely takes ten times the memory of its two coordinates.
_PIECE = 1_000_000
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Network:
    """Junctions (`x`, `y` in metres) and streets between them, both ways open; `length_m` in whole millimetres."""

    x: Floats
    y: Floats
    start: Ints
    end: Ints
    length_m: Floats

    @property
    def junctions(self) -> int:
        """How many junctions there are."""
        return len(self.x)


def network(junctions: int, *, seed: int) -> Network:
    """A network of about `junctions` junctions, from about 10,000 on no fewer."""
    side = math.ceil(math.sqrt(SPARE * junctions))
    row, column = (part.ravel() for part in np.indices((side, side), dtype=np.int32))
    moved = stream(seed, "network.junctions").uniform(-MOVED_M, MOVED_M, (side * side, 2))
    x, y = column * SPACING_M + moved[:, 0], row * SPACING_M + moved[:, 1]
    every = np.arange(side * side, dtype=np.int32)
    start = np.concatenate([every[column < side - 1], every[row < side - 1]])
    end = np.concatenate([every[column < side - 1] + 1, every[row < side - 1] + np.int32(side)])
    kept = stream(seed, "network.streets").random(len(start)) < KEPT
    start, end = start[kept], end[kept]
    length_m = whole_millimetres(np.hypot(x[start] - x[end], y[start] - y[end]))
    return _largest_part(Network(x, y, start, end, length_m))


def whole_millimetres(length_m: Floats) -> Floats:
    """Lengths of whole millimetres, at least one: some libraries keep no more."""
    return np.maximum(np.rint(length_m * 1000.0), 1.0) / 1000.0


def _largest_part(of: Network) -> Network:
    links = coo_array((np.ones(len(of.start), dtype=np.int8), (of.start, of.end)), shape=(of.junctions, of.junctions))
    _, part = connected_components(links, directed=False)
    inside = part == np.bincount(part).argmax()
    along = np.flatnonzero(inside)[np.argsort(_curve(of.x[inside], of.y[inside]), kind="stable")]
    number = np.full(of.junctions, -1, dtype=np.int32)
    number[along] = np.arange(len(along), dtype=np.int32)
    kept = inside[of.start]
    ends = np.sort(np.stack([number[of.start[kept]], number[of.end[kept]]]), axis=0)
    order = np.lexsort((ends[1], ends[0]))
    return Network(of.x[along], of.y[along], ends[0][order], ends[1][order], of.length_m[kept][order])


def _curve(x: Floats, y: Floats) -> npt.NDArray[np.int64]:
    """How far along the Hilbert curve each point lies."""
    bounds = [x.min(), y.min(), x.max(), y.max()]
    pieces = [
        gpd.GeoSeries.from_xy(x[begin : begin + _PIECE], y[begin : begin + _PIECE]).hilbert_distance(total_bounds=bounds).to_numpy()
        for begin in range(0, len(x), _PIECE)
    ]
    return np.concatenate(pieces).astype(np.int64)


def some_junctions(of: Network, count: int, *, seed: int) -> Ints:
    """Different junctions in no order, to be places."""
    chosen: Ints = stream(seed, "network.places").choice(of.junctions, count, replace=False).astype(np.int32)
    return chosen


def save(of: Network, path: Path, **more: Any) -> None:
    """Write a network, and what else a benchmark wants beside it."""
    np.savez(path, x=of.x, y=of.y, start=of.start, end=of.end, length_m=of.length_m, **more)


def load(path: Path) -> Network:
    """Read a network."""
    with np.load(path) as file:
        return Network(*(file[name] for name in ("x", "y", "start", "end", "length_m")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("junctions", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    made = network(options.junctions, seed=options.seed)
    save(made, options.file)
    print(f"{made.junctions} junctions, {len(made.start)} streets")


if __name__ == "__main__":
    main()
