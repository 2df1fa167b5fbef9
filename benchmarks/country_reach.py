# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The whole country in simulation: who can walk where, for 8 million homes and 60,000 places on a generated network, on arrays.

    python benchmarks/country_reach.py [--junctions 8000000] [--places 60000] [--cycle] [--without-tables]

Everything is INVENTED, from a seed: one home (of 1 to 3 dwellings) on a street at each junction, places in clusters, some 3,400 leaves (as
many as there are wijken) in squares, eleven groups. It calls what knopenkaart.reach calls. Kernel time is travel times, tally, histograms,
catchments, overlap and opening: everything that goes over pairs or homes. Making the input (in another process), the graph, and tables with
a row for each home (reach_homes, reach_counts) are not part of it; the tables per area are timed apart. Nor are isochrones.
A real country is less even: in a town a place has more homes near it. The time follows the number of pairs, which is printed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

from generated_network import Network, load, network, save  # noqa: E402

from knopenkaart.access.areas import gaps, histograms, reach_areas, reach_open  # noqa: E402
from knopenkaart.access.competition import floating_catchments, supply  # noqa: E402
from knopenkaart.access.complete import Grounds  # noqa: E402
from knopenkaart.access.overlap import overlaps, shared  # noqa: E402
from knopenkaart.access.setting import People, Places  # noqa: E402
from knopenkaart.access.slots import Week  # noqa: E402
from knopenkaart.access.tally import Tally, tally  # noqa: E402
from knopenkaart.network import _kernels as network_kernels  # noqa: E402
from knopenkaart.network.distances import Homes, travel_times  # noqa: E402
from knopenkaart.network.graph import Graph, of_arrays  # noqa: E402
from knopenkaart.policy import Policy  # noqa: E402
from knopenkaart.rng import stream  # noqa: E402
from knopenkaart.vocabulary import load_vocabulary  # noqa: E402

LEAVES_A_SIDE, LEAVES_A_MUNICIPALITY = 58, 10
GROUPS = ("all", *(f"group_{number}" for number in range(10)))
FUNCTIONS = tuple(f"function_{number}" for number in range(10))
SLOTS = tuple(load_vocabulary().week())
POLICY = Policy()
WALK_MPS, CYCLE_MPS = POLICY.walk_kmh / 3.6, POLICY.cycle_kmh / 3.6
WANTED_S, WANTED_MB = 30.0, 4096.0


# --- the input ----------------------------------------------------------------------------------------------------------


def invent(of: Network, places: int, *, seed: int) -> dict[str, Any]:
    """Homes, people, places and their doors on a network, as arrays by name."""
    spots = _Spots(of)
    return _homes(of, spots, seed) | _places(of, spots, places, seed)


class _Spots:
    """Picks a street at a junction, and a spot on the half of it that lies there."""

    def __init__(self, of: Network) -> None:
        tail = np.concatenate([of.start, of.end])
        self.start = of.start
        self.first = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=of.junctions))])
        self.edge = np.tile(np.arange(len(of.start), dtype=np.int32), 2)[np.argsort(tail, kind="stable")]

    def __call__(self, junction: Any, random: np.random.Generator) -> tuple[Any, Any]:
        chosen = (random.random(len(junction)) * (self.first[junction + 1] - self.first[junction])).astype(np.int64)
        edge = self.edge[self.first[junction] + chosen]
        share = random.random(len(junction)) / 2
        return edge, np.where(self.start[edge] == junction, share, 1.0 - share)


def _homes(of: Network, spots: _Spots, seed: int) -> dict[str, Any]:
    random = stream(seed, "country.homes")
    edge, at = spots(np.arange(of.junctions), random)
    side = max(2, min(LEAVES_A_SIDE, int(np.sqrt(of.junctions / 50))))
    column, row = ((side * (part - part.min()) / (np.ptp(part) + 1.0)).astype(np.int32) for part in (of.x, of.y))
    leaf = (row * side + column).astype(np.int32)
    # Homes stand in the order of their area, from west to east.
    standing = np.lexsort((of.y, of.x, leaf))
    edge, at, leaf = edge[standing], at[standing], leaf[standing]
    order = np.argsort(edge, kind="stable")
    people = stream(seed, "country.people")
    everybody = people.uniform(1.8, 2.6, (side * side, 1))
    # Round some towns nothing is covered: one home in ten has such ground within a kilometre.
    sure_m = np.where(random.random(of.junctions) < 0.1, random.uniform(0.0, 1000.0, of.junctions), np.inf)
    return {
        "home_first": np.concatenate([[0], np.cumsum(np.bincount(edge, minlength=len(of.start)))]).astype(np.int32),
        "home_at": at[order],
        "home_cost": random.uniform(0.0, 15.0, of.junctions) / WALK_MPS,
        "home_number": order.astype(np.int32),
        "leaf": leaf,
        "dwellings": random.integers(1, 4, of.junctions).astype(float),
        "sure_m": sure_m,
        "rate": np.hstack([everybody, everybody * people.uniform(0.05, 0.5, (side * side, len(GROUPS) - 1))]),
    }


def _places(of: Network, spots: _Spots, count: int, seed: int) -> dict[str, Any]:
    """Places around centres, some larger than others: what lies near along the curve lies near on the ground. One in ten has four doors."""
    random = stream(seed, "country.places")
    centres = random.integers(0, of.junctions, max(1, count // 10))
    weight = random.lognormal(0.0, 1.0, len(centres))
    middle = random.choice(centres, count, p=weight / weight.sum())
    junction = middle + np.rint(random.normal(0.0, 100.0, count)).astype(np.int64)
    doors = np.where(random.random(count) < 0.1, 4, 1)
    beside = np.repeat(junction, doors) + random.integers(0, 4, doors.sum())
    edge, at = spots(np.clip(beside, 0, of.junctions - 1), random)
    known = random.random(count) < 0.4
    hours = random.integers(0, 1 << len(SLOTS), count).astype(np.uint64)
    one, other = (random.integers(0, len(FUNCTIONS), count).astype(np.uint32) for _ in range(2))
    return {
        "door_first": np.concatenate([[0], np.cumsum(doors)]).astype(np.int32),
        "door_edge": edge.astype(np.int32),
        "door_at": at,
        "door_cost": random.uniform(0.0, 10.0, len(edge)) / WALK_MPS,
        "node": random.random(count) < 0.9,
        "functions": (np.uint32(1) << one) | (np.uint32(1) << other),
        "living_room": random.random(count) < 0.4,
        "open": np.where(known, hours, np.uint64(0)),
        "maybe": np.where(known, hours, np.uint64((1 << len(SLOTS)) - 1)),
        "inside": np.where(random.random(count) < 0.1, random.random(count), 1.0),
    }


@dataclass(frozen=True)
class Country:
    """What the product makes of its tables."""

    start: Any
    end: Any
    length_m: Any
    homes: Homes
    doors: network_kernels.Doors
    who: People
    where: Places
    when: Week
    grounds: Grounds

    @classmethod
    def of(cls, streets: Network, made: Mapping[str, Any]) -> Country:
        """From the arrays that were invented."""
        rate, leaf = made["rate"], made["leaf"]
        leaves = len(rate)
        municipality = np.arange(leaves) // LEAVES_A_MUNICIPALITY
        municipalities = np.arange(municipality[-1] + 1)
        who = People(
            groups=GROUPS,
            leaf=leaf,
            dwellings=made["dwellings"],
            street=np.ones(len(leaf), dtype=bool),
            sure_m=made["sure_m"],
            rate=rate,
            spread=POLICY.alike * rate,
            rounding=0.01 * rate,
            known=np.ones(rate.shape, dtype=bool),
            size=np.bincount(leaf, weights=made["dwellings"], minlength=leaves),
            assumed=np.zeros(leaves, dtype=bool),
            areas=(*(f"WK{number:06d}" for number in range(leaves)), *(f"GM{number:04d}" for number in municipalities)),
            member=np.vstack([np.eye(leaves, dtype=bool), municipality == municipalities[:, None]]),
            told=np.ones((leaves + len(municipalities), len(GROUPS)), dtype=bool),
            complete=np.ones(leaves + len(municipalities), dtype=bool),
        )
        ids = np.array([f"osm:node/{number}" for number in range(len(made["node"]))], dtype=object)
        return cls(
            start=streets.start,
            end=streets.end,
            length_m=streets.length_m,
            homes=Homes(
                network_kernels.Homes(made["home_first"], made["home_at"], made["home_cost"]), made["home_number"], streets.junctions
            ),
            doors=network_kernels.Doors(made["door_first"], made["door_edge"], made["door_at"], made["door_cost"]),
            who=who,
            where=Places(ids, made["node"], made["functions"], made["living_room"], FUNCTIONS),
            when=Week(SLOTS, made["open"], made["maybe"]),
            grounds=Grounds(complete=made["inside"] > 0.5, border=made["inside"] < 1.0, inside=made["inside"]),
        )

    def graph(self, mps: float) -> Graph:
        """The graph of its streets at a speed."""
        seconds = self.length_m / mps
        return of_arrays(network_kernels.Edges(self.start, self.end, seconds, seconds), self.length_m)

    def times(self, graph: Graph) -> Any:
        """Travel times, block by block."""
        return travel_times(graph, self.homes, self.doors, limit_s=POLICY.limit_s)


# --- the run ------------------------------------------------------------------------------------------------------------


@dataclass
class Steps:
    """Seconds on the clock and of the processor, and the peak of memory, of each step; those that count as kernel time are added up."""

    say: Callable[[str], None] = print
    kernel_s: float = 0.0
    kernel_mb: float = 0.0

    @contextmanager
    def step(self, name: str, *, counts: bool = True) -> Iterator[None]:
        # Begins a new peak of memory, so that each step shows its own.
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        clock, cpu = time.perf_counter(), time.process_time()
        yield
        seconds, processor = time.perf_counter() - clock, time.process_time() - cpu
        peak_mb = _memory_mb("VmHWM")
        if counts:
            self.kernel_s, self.kernel_mb = self.kernel_s + seconds, max(self.kernel_mb, peak_mb)
        taken = f"{seconds:9.2f} s{processor:9.2f} cpu-s{peak_mb:9.0f} MB at most{_memory_mb('VmRSS'):8.0f} MB after"
        self.say(f"  {' ' if counts else '-'} {name:44}{taken}")


def _memory_mb(name: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


def reckon(of: Country, steps: Steps, *, cycle: bool, tables: bool) -> Tally:
    """Everything that knopenkaart.reach does on arrays, in its order; returns what is near the homes on foot."""
    who, where, when = of.who, of.where, of.when
    if cycle:
        _by_bicycle(of, steps)
    with steps.step("graph", counts=False):
        graph = of.graph(WALK_MPS)
    with steps.step("travel times"):
        kept = list(of.times(graph))
    pairs = sum(matrix.nnz for _, matrix in kept)
    del graph
    steps.say(f"    {pairs:,} pairs of a place and a home within {POLICY.limit_s / 60:.0f} minutes, {pairs / len(where.ids):,.0f} a place")
    with steps.step("tally"):
        found = tally(iter(kept), who, where, when, policy=POLICY)
    with steps.step("histograms"):
        hist = histograms(found, who, where, mode="walk", policy=POLICY)
    with steps.step("people shared"):
        both = shared(iter(kept), who, where, policy=POLICY)
    with steps.step("floating catchments"):
        catchments = floating_catchments(lambda: iter(kept), found, who, where, when, grounds=of.grounds, policy=POLICY)
    if tables:
        makers: Mapping[str, Callable[[], Any]] = {
            "overlaps": lambda: overlaps(both, where, grounds=of.grounds, policy=POLICY),
            "supply": lambda: supply(catchments, who, where, policy=POLICY),
            "gaps": lambda: gaps(hist, who, mode="walk", policy=POLICY),
            "reach_areas": lambda: reach_areas(hist, who, mode="walk", policy=POLICY),
            "reach_open": lambda: reach_open(found, who, where, when, policy=POLICY),
        }
        for name, make in makers.items():
            with steps.step(f"table {name}", counts=False):
                rows = len(make())
            steps.say(f"    {rows:,} rows")
    return found


def _by_bicycle(of: Country, steps: Steps) -> None:
    """On the same streets, as fast as one cycles."""
    graph = of.graph(CYCLE_MPS)
    with steps.step("by bicycle: travel times alone, once", counts=False):
        pairs = sum(matrix.nnz for _, matrix in of.times(graph))
    steps.say(f"    {pairs:,} pairs, {pairs / len(of.where.ids):,.0f} a place")
    with steps.step("by bicycle: travel times and tally", counts=False):
        found = tally(of.times(graph), of.who, of.where, of.when, policy=POLICY)
    with steps.step("by bicycle: histograms", counts=False):
        histograms(found, of.who, of.where, mode="cycle", policy=POLICY)


def _child(file: Path, options: argparse.Namespace) -> None:
    # The first calls read compiled code from the cache, or compile.
    tiny = network(400, seed=1)
    reckon(Country.of(tiny, invent(tiny, 20, seed=1)), Steps(say=lambda _: None), cycle=False, tables=False)
    with np.load(file) as made:
        of = Country.of(load(file), made)
    size = f"{of.homes.count:,} junctions and homes, {len(of.start):,} streets, {len(of.where.ids):,} places"
    print(f"{size}, {len(of.who.size):,} leaves (a dash: not counted as kernel time)", flush=True)
    steps = Steps(say=lambda line: print(line, flush=True))
    reckon(of, steps, cycle=options.cycle, tables=not options.without_tables)
    for value, wanted, unit in ((steps.kernel_s, WANTED_S, "s of kernel time"), (steps.kernel_mb, WANTED_MB, "MB at most")):
        print(f"  wanted: under {wanted:,.0f} {unit}; it is {value:,.1f}: {'met' if value < wanted else 'MISSED'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--junctions", type=int, default=8_000_000)
    parser.add_argument("--places", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cycle", action="store_true", help="by bicycle as well; not counted")
    parser.add_argument("--without-tables", action="store_true", help="leave out the tables per area")
    parser.add_argument("--make", type=Path, help="only make the input, in this file")
    parser.add_argument("--take", type=Path, help="take the input from this file")
    options = parser.parse_args()
    if options.make:
        of = network(options.junctions, seed=options.seed)
        save(of, options.make, **invent(of, options.places, seed=options.seed))
    elif options.take:
        _child(options.take, options)
    else:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "country.npz"
            for step in ("--make", "--take"):
                subprocess.run([sys.executable, __file__, *sys.argv[1:], step, str(file)], check=True)


if __name__ == "__main__":
    main()
