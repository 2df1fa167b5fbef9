# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""All junctions within 1,200 metres of every place over the streets, side by side with the libraries that can, in one run.

    python benchmarks/network_distances.py [--nodes 200000 2000000] [--places 500 5000] [--repeat 3] [--skip pandana ...]

The peers stand in requirements-bench.lock; one that is not installed is left out, with a word. Each library runs in a process of its own,
in turns; its lowest times and memory count. All get the same network (whole millimetres) and the same places, and must give the same
junctions, at distances that differ by less than a centimetre. Importing, compiling and reading the input are not timed.
A library that does one place at a time stops after --budget seconds, and its time is scaled to all places: marked "~".
One whose turn took more than --patience seconds gets no further turns.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

from generated_network import Network, load, network, save, some_junctions, whole_millimetres  # noqa: E402

DATA = Path(os.environ.get("KNOPENKAART_TEST_DATA", ROOT.parent / "shared" / "data"))
# Between two millimetres: no way is exactly as long as the limit, so that nobody has to agree on what happens there.
LIMIT_M = 1200.0005
TOLERANCE_M = 0.01
# Pandana multiplies by a thousand and cuts off what is behind the point: 0.057 m would be 56 mm. A quarter of one keeps each as it is.
NUDGE_M = 0.00025
WANTED = {"after": 10.0, "all": 100.0, "scipy": 5.0, "memory": 10.0}
Ints = npt.NDArray[Any]


@dataclass(frozen=True)
class Pairs:
    """Place by place (`first` points into the others) the junctions within the limit, and the metres to each."""

    first: Ints
    junction: Ints
    metres: npt.NDArray[Any]

    @classmethod
    def of(cls, found: Iterable[tuple[Any, Any]]) -> Pairs:
        """From the junctions and metres of each place."""
        parts = [(np.asarray(junction, dtype=np.int64), np.asarray(metres, dtype=float)) for junction, metres in found]
        first = np.concatenate([[0], np.cumsum([len(junction) for junction, _ in parts])])
        return cls(first, *(np.concatenate([part[side] for part in parts]) for side in (0, 1)))

    @property
    def places(self) -> int:
        """Of how many places these are."""
        return len(self.first) - 1

    def in_order(self) -> Pairs:
        """The junctions of each place by number."""
        order = np.lexsort((self.junction, np.repeat(np.arange(self.places), np.diff(self.first))))
        return Pairs(self.first, self.junction[order], self.metres[order])


@dataclass
class Clock:
    """Seconds of each lap, on the clock and (of all threads) of the processor, by name."""

    budget_s: float
    laps: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    since: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.since = time.perf_counter(), time.process_time()

    def lap(self, name: str) -> None:
        self.laps[name], self.cpu[name] = time.perf_counter() - self.since[0], time.process_time() - self.since[1]
        self.start()

    @property
    def spent(self) -> bool:
        """Whether the present lap has taken as long as it may."""
        return time.perf_counter() - self.since[0] > self.budget_s


Answer = Callable[[Ints, Clock], Pairs]


def knopenkaart(of: Network, clock: Clock, *, threads: int | None = None) -> Answer:
    from knopenkaart.network._kernels import Edges
    from knopenkaart.network.distances import junction_times
    from knopenkaart.network.graph import of_arrays

    graph = of_arrays(Edges(of.start, of.end, of.length_m, of.length_m), of.length_m)
    clock.lap("build")

    def answer(places: Ints, clock: Clock) -> Pairs:
        blocks = [matrix for _, matrix in junction_times(graph, places, limit=LIMIT_M, threads=threads)]
        clock.lap("answer")
        counts = np.concatenate([np.diff(block.indptr) for block in blocks])
        first = np.concatenate([[0], np.cumsum(counts)])
        return Pairs(first, *(np.concatenate([getattr(block, name) for block in blocks]) for name in ("indices", "data")))

    return answer


def scipy(of: Network, clock: Clock) -> Answer:
    """`dijkstra` from four places at once: with 1, 4, 16 and 64 four was the quickest. It answers with a full row of all junctions."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    ends = np.concatenate([of.start, of.end]), np.concatenate([of.end, of.start])
    matrix = csr_array((np.concatenate([of.length_m, of.length_m]), ends), shape=(of.junctions, of.junctions))
    clock.lap("build")

    def rows(places: Ints, clock: Clock) -> Iterator[tuple[Any, Any]]:
        for begin in range(0, len(places), 4):
            for row in dijkstra(matrix, indices=places[begin : begin + 4], limit=LIMIT_M):
                near = np.flatnonzero(np.isfinite(row))
                yield near, row[near]
            if clock.spent:
                return

    return partial(_place_by_place, rows)


def igraph(of: Network, clock: Clock) -> Answer:
    """`distances` has no limit: it is asked within the part of the graph that lies in a circle around each place, which no way can leave.

    Asking the whole graph for the junctions of that circle took ten times as long.
    """
    from igraph import Graph
    from scipy.spatial import cKDTree

    graph = Graph(n=of.junctions, edges=np.column_stack([of.start, of.end]), edge_attrs={"length": of.length_m})
    tree = cKDTree(np.column_stack([of.x, of.y]))
    clock.lap("build")

    def rows(places: Ints, clock: Clock) -> Iterator[tuple[Any, Any]]:
        for place in places.tolist():
            # The coordinates of a real network are those of a map, whose metres differ a little from those on the ground.
            near = tree.query_ball_point((of.x[place], of.y[place]), LIMIT_M * 1.01, return_sorted=True)
            part = graph.induced_subgraph(near, implementation="create_from_scratch")
            metres = np.array(part.distances(source=[near.index(place)], weights="length")[0])
            kept = metres <= LIMIT_M
            yield np.array(near)[kept], metres[kept]
            if clock.spent:
                return

    return partial(_place_by_place, rows)


def networkx(of: Network, clock: Clock) -> Answer:
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(of.junctions))
    graph.add_weighted_edges_from(zip(of.start.tolist(), of.end.tolist(), of.length_m.tolist(), strict=True), weight="length")
    clock.lap("build")

    def rows(places: Ints, clock: Clock) -> Iterator[tuple[Any, Any]]:
        for place in places.tolist():
            found = nx.single_source_dijkstra_path_length(graph, place, cutoff=LIMIT_M, weight="length")
            yield np.fromiter(found.keys(), dtype=np.int64), np.fromiter(found.values(), dtype=float)
            if clock.spent:
                return

    return partial(_place_by_place, rows)


def pandana(of: Network, clock: Clock) -> Answer:
    """`precompute` keeps every junction's neighbours, of all junctions; where that does not fit in memory it is left out."""
    import pandas as pd
    from pandana import Network as Pandana

    every = pd.RangeIndex(of.junctions)
    lengths = pd.DataFrame({"metres": of.length_m + NUDGE_M})
    made = Pandana(pd.Series(of.x, index=every), pd.Series(of.y, index=every), pd.Series(of.start), pd.Series(of.end), lengths)
    clock.lap("build")
    if _precomputed_mb(of) < _available_mb():
        made.precompute(LIMIT_M)
        clock.lap("precompute")

    def answer(places: Ints, clock: Clock) -> Pairs:
        found = made.nodes_in_range(places, LIMIT_M)
        clock.lap("answer")
        by_place = found.set_index("source")[["destination", "metres"]].groupby(level=0, sort=False)
        rows = {int(place): part for place, part in by_place}
        return Pairs.of((rows[place]["destination"], rows[place]["metres"]) for place in places.tolist())

    return answer


def _precomputed_mb(of: Network) -> float:
    """Eight bytes for each pair of junctions; lists that grow by doubling take up to twice that."""
    answer = knopenkaart(of, Clock(0.0))
    step = max(1, of.junctions // 200)
    each = np.diff(answer(np.arange(0, of.junctions, step, dtype=np.int32), Clock(0.0)).first).mean()
    return float(of.junctions * 2 ** np.ceil(np.log2(each)) * 8 / 1e6)


def _available_mb() -> float:
    return _kb(Path("/proc/meminfo"), "MemAvailable") / 1024


def _kb(path: Path, name: str) -> int:
    lines = path.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def _place_by_place(rows: Callable[[Ints, Clock], Iterator[tuple[Any, Any]]], places: Ints, clock: Clock) -> Pairs:
    found = list(rows(places, clock))
    clock.lap("answer")
    return Pairs.of(found)


LIBRARIES: Mapping[str, tuple[Callable[[Network, Clock], Answer], Sequence[str]]] = {
    "knopenkaart": (knopenkaart, ("knopenkaart.network.distances",)),
    "knopenkaart, 1 thread": (partial(knopenkaart, threads=1), ("knopenkaart.network.distances",)),
    "pandana": (pandana, ("pandana",)),
    "scipy": (scipy, ("scipy.sparse.csgraph",)),
    "igraph": (igraph, ("igraph", "scipy.spatial")),
    "networkx": (networkx, ("networkx",)),
}
OURS = "knopenkaart"


def difference(one: Pairs, other: Pairs) -> float:
    """The greatest difference in metres over the places that both did; raises ValueError where they found other junctions."""
    places = min(one.places, other.places)
    a, b = (Pairs(of.first[: places + 1], of.junction[: of.first[places]], of.metres[: of.first[places]]).in_order() for of in (one, other))
    if not np.array_equal(a.first, b.first) or not np.array_equal(a.junction, b.junction):
        raise ValueError(f"other junctions: {len(a.junction)} and {len(b.junction)} of {places} places")
    return float(np.abs(a.metres.astype(float) - b.metres.astype(float)).max(initial=0.0))


# --- one library in a process of its own --------------------------------------------------------------------------------


def _child(library: str, folder: Path, counts: Sequence[int], budget_s: float) -> None:
    make, modules = LIBRARIES[library]
    clock = Clock(budget_s)
    try:
        for module in modules:
            importlib.import_module(module)
    except ImportError as error:
        _tell(folder, {"absent": str(error)})
        return
    clock.lap("import")
    if library.startswith(OURS):
        # The first call reads compiled code from the cache, or compiles.
        make(network(20, seed=1), Clock(0.0))(np.zeros(1, dtype=np.int32), Clock(0.0))
        clock.lap("compile")
    of, places = load(folder / "network.npz"), np.load(folder / "places.npy")
    held_mb = _memory_mb("VmRSS")
    clock.start()
    answer = make(of, clock)
    results = []
    for count in counts:
        clock.start()
        pairs = answer(places[:count], clock)
        peak_mb = _memory_mb("VmHWM")
        results.append({"peak_mb": peak_mb, "answer": clock.laps["answer"], "cpu": clock.cpu["answer"], "places": pairs.places})
        np.savez(folder / f"{library}.{count}.npz", first=pairs.first, junction=pairs.junction, metres=pairs.metres)
        del pairs
    _tell(folder, {"laps": clock.laps, "held_mb": held_mb, "results": results})


def _tell(folder: Path, result: Mapping[str, Any]) -> None:
    # A file, for pandana speaks on the way out.
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")


def _memory_mb(name: str) -> float:
    """VmRSS (now) or VmHWM (the most so far). The ru_maxrss of getrusage begins at what the process that starts another one has used."""
    return _kb(Path("/proc/self/status"), name) / 1024


def _read(folder: Path, library: str, count: int) -> Pairs:
    with np.load(folder / f"{library}.{count}.npz") as file:
        return Pairs(file["first"], file["junction"], file["metres"])


# --- all of them --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """What one library did for one number of places: seconds (scaled to all places), memory, and whether it was scaled."""

    build: float
    precompute: float | None
    answer: float
    cpu: float
    peak_mb: float
    held_mb: float
    start: float
    scaled: bool

    @property
    def all(self) -> float:
        """Everything that has to be done once the library is there."""
        return self.build + (self.precompute or 0.0) + self.answer


def compare(title: str, of: Network, counts: Sequence[int], options: argparse.Namespace) -> None:
    places = some_junctions(of, max(counts), seed=options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        save(of, folder / "network.npz")
        np.save(folder / "places.npy", places)
        turns: dict[str, list[dict[str, Any]]] = {library: [] for library in LIBRARIES if library not in options.skip}
        finished: set[str] = set()
        for _ in range(options.repeat):
            for library, results in turns.items():
                if library not in finished:
                    since = time.perf_counter()
                    results.append(_turn(library, folder, counts, options))
                    if "absent" in results[-1] or time.perf_counter() - since > options.patience:
                        finished.add(library)
        print(f"\n{title}: {of.junctions:,} junctions, {len(of.start):,} streets, best of {options.repeat}")
        for library, results in turns.items():
            if "absent" in results[0]:
                print(f"  {library} is not there: {results[0]['absent']}")
        there = {library: results for library, results in turns.items() if "absent" not in results[0]}
        for number, count in enumerate(counts):
            _report(folder, {library: _best(results, number, count) for library, results in there.items()}, count, there)


def _turn(library: str, folder: Path, counts: Sequence[int], options: argparse.Namespace) -> dict[str, Any]:
    more = [str(count) for count in counts]
    command = [sys.executable, __file__, "--library", library, "--folder", str(folder), "--budget", str(options.budget), "--places", *more]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{library} failed:\n{run.stderr[-2000:]}")
    result: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return result


def _best(turns: Sequence[dict[str, Any]], number: int, count: int) -> Row:
    results = [turn["results"][number] for turn in turns]
    laps = [turn["laps"] for turn in turns]
    return Row(
        build=min(lap["build"] for lap in laps),
        precompute=min((lap["precompute"] for lap in laps if "precompute" in lap), default=None),
        answer=min(result["answer"] * count / result["places"] for result in results),
        cpu=min(result["cpu"] * count / result["places"] for result in results),
        peak_mb=min(result["peak_mb"] for result in results),
        held_mb=min(turn["held_mb"] for turn in turns),
        start=min(lap["import"] + lap.get("compile", 0.0) for lap in laps),
        scaled=any(result["places"] < count for result in results),
    )


def _report(folder: Path, rows: Mapping[str, Row], count: int, turns: Mapping[str, Sequence[dict[str, Any]]]) -> None:
    ours = rows[OURS]
    found = _read(folder, OURS, count)
    print(f"\n  {count:,} places, {len(found.junction):,} pairs")
    times, sizes = ("import", "build", "precomp.", "answer", "x", "cpu-s", "all", "x"), ("peak MB", "of it own", "turns")
    print(f"  {'':22}{''.join(f'{name:>9}' for name in times)}{''.join(f'{name:>11}' for name in sizes)}")
    for library, row in rows.items():
        precompute = "" if row.precompute is None else f"{row.precompute:.2f}"
        answer = f"{'~' if row.scaled else ''}{row.answer:.3f}"
        ratios = row.answer / ours.answer, row.all / ours.all
        taken = f"{row.start:9.2f}{row.build:9.2f}{precompute:>9}{answer:>9}{ratios[0]:9.1f}{row.cpu:9.3f}{row.all:9.2f}{ratios[1]:9.1f}"
        print(f"  {library:22}{taken}{row.peak_mb:11.0f}{row.peak_mb - row.held_mb:11.0f}{len(turns[library]):11d}")
    for library in rows:
        away = difference(found, _read(folder, library, count))
        if away >= TOLERANCE_M:
            raise SystemExit(f"{library} gives other distances: {away:.4f} m")
        if library != OURS:
            print(f"  equal to {library}: the same junctions, distances within {1000 * away:.3f} mm")
    for line in verdicts(rows):
        print(f"  {line}")


def verdicts(rows: Mapping[str, Row]) -> list[str]:
    """What was wanted, and whether it is met."""
    ours, lines = rows[OURS], []
    peer = rows.get("pandana")
    if peer is not None:
        after = "after its precomputation" if peer.precompute is not None else "after building (no room to precompute)"
        lines.append(_verdict(f"pandana {after}", peer.answer / ours.answer, WANTED["after"], "times as long"))
        lines.append(_verdict("pandana with all that it does before", peer.all / ours.all, WANTED["all"], "times as long"))
        lines.append(_verdict("pandana's memory", peer.peak_mb / ours.peak_mb, WANTED["memory"], "times as much"))
        own = (peer.peak_mb - peer.held_mb) / max(ours.peak_mb - ours.held_mb, 1.0)
        lines.append(f"        (beyond the libraries and the input: {own:.1f} times as much)")
    if "scipy" in rows:
        # It needs next to no preparation, and neither do we.
        lines.append(_verdict("scipy", rows["scipy"].answer / ours.answer, WANTED["scipy"], "times as long"))
    return lines


def _verdict(what: str, ratio: float, wanted: float, unit: str) -> str:
    return f"wanted: {what} at least {wanted:.0f} {unit}; it is {ratio:.1f}: {'met' if ratio >= wanted else 'MISSED'}"


def liechtenstein(path: Path) -> Network:
    """The real streets that one may walk on; of two between the same junctions the shorter, and none from a junction to itself."""
    import geopandas as gpd
    import pandas as pd
    import shapely

    from knopenkaart.geo import metric_crs_of
    from knopenkaart.network.graph import edges
    from knopenkaart.policy import Policy
    from knopenkaart.sources.osm import read_extract

    extract = read_extract(path, rules=(), parts={"streets", "points"})
    table, _ = edges(extract.streets, extract.points, policy=Policy())
    count = int(max(table["start"].max(), table["end"].max())) + 1
    shapes = gpd.GeoSeries(table["geometry"]).to_crs(metric_crs_of(table["geometry"])).to_numpy()
    xy = np.zeros((count, 2))
    for name, position in (("start", 0), ("end", -1)):
        xy[table[name].to_numpy()] = shapely.get_coordinates(shapely.get_point(shapes, position))
    walked = table[table["walk"] & (table["start"] != table["end"])]
    ends = np.sort(walked[["start", "end"]].to_numpy(np.int32), axis=1)
    kept = pd.DataFrame({"start": ends[:, 0], "end": ends[:, 1], "length_m": walked["length_m"].to_numpy(float)})
    kept = kept.groupby(["start", "end"], as_index=False).min()
    own = (kept[name].to_numpy(np.int32) for name in ("start", "end"))
    return Network(xy[:, 0], xy[:, 1], *own, whole_millimetres(kept["length_m"].to_numpy(float)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, nargs="*", default=[200_000, 2_000_000], help="sizes of the generated network")
    parser.add_argument("--places", type=int, nargs="+", default=[500, 5000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--skip", nargs="*", default=[], choices=[*LIBRARIES, "liechtenstein"], help="leave these out")
    parser.add_argument("--budget", type=float, default=20.0, help="seconds after which a library that goes place by place may stop")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds of a turn after which a library gets no other")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--library", choices=list(LIBRARIES), help="(used by the benchmark itself)")
    parser.add_argument("--folder", type=Path, help="(used by the benchmark itself)")
    options = parser.parse_args()
    counts = sorted(options.places)
    if options.library:
        _child(options.library, options.folder, counts, options.budget)
        return
    extract = DATA / "osm" / "liechtenstein_valhalla.osm.pbf"
    if "liechtenstein" not in options.skip:
        if extract.exists():
            compare("Liechtenstein", liechtenstein(extract), counts[:1], options)
        else:
            print("Liechtenstein is left out: its extract is not in the folder that KNOPENKAART_TEST_DATA names")
    for nodes in options.nodes:
        compare("generated", network(nodes, seed=options.seed), counts, options)


if __name__ == "__main__":
    main()
