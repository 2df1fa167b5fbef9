# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What it costs to reckon who meets whom and how many places, part by part, of a study or of a generated city.

    python benchmarks/meeting.py STUDY
    python benchmarks/meeting.py --city --people 650000 --wijken 90 --places 1500 --draws 10

Processor seconds count, as they do not depend on what else the machine does; the clock only on an idle one.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from knopenkaart.meeting.curve import curve
from knopenkaart.meeting.drivers import drivers
from knopenkaart.meeting.grid import settings
from knopenkaart.meeting.ground import FARTHEST_M, Ground, followers, ground_of
from knopenkaart.meeting.meet import meet
from knopenkaart.meeting.results import COARSE
from knopenkaart.meeting.towns import believed
from knopenkaart.meeting.verdict import DRAWS as VERDICT_DRAWS
from knopenkaart.meeting.verdict import verdict
from knopenkaart.study import Study
from knopenkaart.visits.choice import Setting, reached
from knopenkaart.vocabulary import load_vocabulary

# Kinds with the part of the places of each, as in the example.
KINDS = {
    "community_centre": 0.22,
    "restaurant": 0.19,
    "library": 0.10,
    "sports_club": 0.08,
    "playground": 0.10,
    "museum": 0.03,
    "church": 0.05,
    "care_home": 0.10,
    "supermarket": 0.09,
    "coworking": 0.04,
}
GROUPS = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")
# A wijk is a square with sides of so many metres.
WIJK_M = 1200.0


def city(people: int, wijken: int, places: int, *, cells: int, seed: int = 1) -> Ground:
    """A city of square wijken in rows, with so many squares of residents, and places of ten functions anywhere in them."""
    vocabulary, draw = load_vocabulary(), np.random.default_rng(seed)
    side, each = int(np.ceil(np.sqrt(wijken))), max(1, cells // wijken)
    of_cell, of_place = np.repeat(np.arange(wijken), each), np.arange(places) % wijken
    homes, spots = ((np.column_stack(divmod(of, side)) + draw.random((len(of), 2))) * WIJK_M for of in (of_cell, of_place))
    metres = 1.25 * np.hypot(*(homes[:, None] - spots[None]).transpose(2, 0, 1))
    metres[metres > FARTHEST_M] = np.inf
    shares = draw.dirichlet([15, 12, 28, 25, 20], len(of_cell)) * draw.gamma(4, 0.25, len(of_cell))[:, None]
    own = draw.choice(list(KINDS), places, p=list(KINDS.values())).tolist()
    first = [vocabulary.kinds[kind].functions[0] for kind in own]
    nests = sorted(set(first))
    week = tuple(vocabulary.week())
    opened = np.zeros((places, len(week)), dtype=bool)
    for row in opened:
        row[draw.choice(len(week), 10, replace=False)] = True
    return Ground(
        setting=Setting(
            people * shares / shares.sum(),
            reached(metres),
            np.array([nests.index(name) for name in first], dtype=np.int32),
            len(nests),
            np.ones(places, dtype=bool),
        ),
        ids=tuple(f"p{at}" for at in range(places)),
        kinds=tuple(own),
        archetypes=tuple(vocabulary.kinds[kind].archetype for kind in own),
        study=np.ones(places, dtype=bool),
        wijk=np.array([f"W{at:03d}" for at in of_place]),
        buurt=np.full(places, ""),
        groups=GROUPS,
        nests=tuple(nests),
        cell_municipality=np.full(len(of_cell), "GM1"),
        cell_wijk=np.array([f"W{at:03d}" for at in of_cell]),
        cell_buurt=np.full(len(of_cell), ""),
        cell_postcode=np.full(len(of_cell), ""),
        slots=week,
        follows=followers(week),
        open_in=opened,
        hours_known=np.ones(places, dtype=bool),
        came=np.full((places, len(GROUPS), len(week)), np.nan),
        assumed=False,
    )


@contextmanager
def timed(name: str, scale: float = 1.0) -> Iterator[None]:
    """Tell what a part costs, and what it would at full length."""
    processor, clock = time.process_time(), time.monotonic()
    yield
    used, took = time.process_time() - processor, time.monotonic() - clock
    whole = f" (whole: {used * scale:.0f} s)" if scale != 1.0 else ""
    print(f"{name:<34}{used:8.1f} s of processor{whole}, {took:.1f} s on the clock", flush=True)


def parts(fine: Ground, coarse: Ground, *, draws: int, wijken: int) -> None:
    """Every part by itself; of what is done in many towns so many, and of wijken so many."""
    more = 100 / draws
    of, rough = believed(fine), believed(coarse)
    with timed("who meets whom, most likely"):
        meet(fine, of, coarse=coarse, draws=0)
    with timed("curve of the whole", more):
        found = curve(coarse, rough, draws=draws)
    with timed("thesis of the whole", VERDICT_DRAWS / draws):
        verdict(coarse, rough, draws=draws)
    plans = list(found.plans)
    with timed("assumptions one by one"):
        drivers(coarse, rough, plans)
    with timed("settings"):
        list(settings(coarse, rough, plans))
    codes = sorted(set(coarse.cell_wijk.tolist()) - {""})
    for code in codes[:wijken]:
        own = coarse.of_wijk(code)
        alone = believed(own)
        with timed(f"curve of wijk {code}, {len(own.ids)} places", more):
            curve(own, alone, area=code, draws=draws)
        with timed(f"thesis of wijk {code}", VERDICT_DRAWS / draws):
            verdict(own, alone, draws=draws)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", type=Path, nargs="?")
    parser.add_argument("--city", action="store_true")
    parser.add_argument("--people", type=int, default=650_000)
    parser.add_argument("--wijken", type=int, default=90)
    parser.add_argument("--places", type=int, default=1500)
    parser.add_argument("--draws", type=int, default=4)
    parser.add_argument("--some", type=int, default=2, help="of so many wijken")
    asked = parser.parse_args()
    if asked.study:
        study = Study.open(asked.study)
        fine, coarse = ground_of(study), ground_of(study, cells=COARSE)
    else:
        made = {"people": asked.people, "wijken": asked.wijken, "places": asked.places}
        fine, coarse = city(**made, cells=2000), city(**made, cells=COARSE)
    parts(fine, coarse, draws=asked.draws, wijken=asked.some)


if __name__ == "__main__":
    main()
