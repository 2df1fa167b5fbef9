# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Kleindorp with streets and homes, so that it can be reckoned who walks where.

One street runs from west to east along 52.005, another from it to the café. Noord has forty addresses from 5.0005 to 5.0200 (40 people
each),
Zuid four (20 each), Polder, which is hardly covered, two. Heavy imports stand in functions: a light page is tested with what was made.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from knopenkaart.publish.reach_file import NAME
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.results import result_folder
from knopenkaart_web.runs.same import key

from . import factories
from .factories import MUNICIPALITY, NOORD, POLDER, ZUID

NORTH = [5.0005 + 0.0005 * number for number in range(40)]
SOUTH = [5.022, 5.025, 5.028, 5.031]
POLDER_HOMES = [5.042, 5.046]
AGES = {"pop_0_14": 300, "pop_15_24": 200, "pop_25_44": 500, "pop_45_64": 400, "pop_65plus": 200}


def tables() -> dict[str, Any]:
    """AREAS, FIGURES, COVERAGE and ADDRESSES of Kleindorp."""
    import shapely

    from knopenkaart.tables import ADDRESSES, AREAS, COVERAGE, FIGURES

    def area(code: str, level: str, name: str, west: float, size: float, above: str | None) -> dict[str, Any]:
        outline = shapely.MultiPolygon([shapely.box(west, 52.0, west + size, 52.02)])
        row = {"code": code, "year": 2024, "level": level, "name": name, "source": "areas", "geometry": outline}
        return row | {"municipality_code": above}

    def figure(code: str, indicator: str, value: float) -> dict[str, Any]:
        row = {"area_code": code, "area_year": 2024, "indicator": indicator, "value": value, "unit": "count", "year": 2024}
        return row | {"source": "figures", "joined": True}

    people = {MUNICIPALITY: 2400, NOORD: 1600, ZUID: 80, POLDER: 720}
    levels = {code: "municipality" if code == MUNICIPALITY else "wijk" for code in people}
    street = {"street": "Dorpsstraat", "city": "Kleindorp", "residential": True, "lat": 52.0052, "source": "osm"}
    homes = [*NORTH, *SOUTH, *POLDER_HOMES]
    return {
        "areas": AREAS.frame(
            [
                area(MUNICIPALITY, "municipality", "Kleindorp", 5.0, 0.06, None),
                area(NOORD, "wijk", "Noord", 5.0, 0.02, MUNICIPALITY),
                area(ZUID, "wijk", "Zuid", 5.02, 0.02, MUNICIPALITY),
                area(POLDER, "wijk", "Polder", 5.04, 0.02, MUNICIPALITY),
            ]
        ),
        "figures": FIGURES.frame(
            [figure(code, "population", value) for code, value in people.items()]
            + [figure(NOORD, indicator, value) for indicator, value in AGES.items()]
        ),
        "coverage": COVERAGE.frame(
            {"area_code": code, "level": level, "addresses": 10, "reason": "area_share"}
            | ({"status": "marginal", "believed_share": 0.1} if code == POLDER else {"status": "covered", "believed_share": 1.0})
            for code, level in levels.items()
        ),
        "addresses": ADDRESSES.frame(
            street | {"lon": lon, "housenumber": str(number), "postcode": "9001AA"} for number, lon in enumerate(homes, start=1)
        ),
    }


def ground(places: Any) -> dict[str, Any]:
    """The tables that reach stands on."""
    import shapely

    from knopenkaart.policy import Policy
    from knopenkaart.reach import ground as made
    from knopenkaart.tables import CELLS, FEATURES, POINTS, STREETS
    from knopenkaart.vocabulary import load_vocabulary

    lines = [[(5.0, 52.005), (5.015, 52.005)], [(5.015, 52.005), (5.064, 52.005)], [(5.015, 52.005), (5.015, 52.0149)]]
    streets = STREETS.frame(
        {
            "source_id": f"way/{number}",
            "highway": "residential",
            "walk": True,
            "cycle": "both",
            "tags": {},
            "geometry": shapely.LineString(line),
        }
        for number, line in enumerate(lines)
    )
    own = tables()
    found, _ = made(
        own | {"places": places},
        streets=streets,
        lived_along=streets,
        points=POINTS.empty(),
        features=FEATURES.empty(),
        cells=CELLS.empty(),
        vocabulary=load_vocabulary(),
        policy=Policy(),
        source="osm",
    )
    return own | found


@cache
def results() -> Path:
    """The folder that a run leaves for Kleindorp as factories.records has it; made once, by the engine itself."""
    from knopenkaart_web import engine

    from .folders import build

    folder = Path(tempfile.mkdtemp())
    study = build(folder / "study", factories.records(), reachable=True)
    (folder / "results").mkdir()
    # Everything counts but the hairdresser, as in the vocabulary of the package.
    counting = {record.kind for record in factories.records()} - {"hairdresser", "bench"}
    engine.write_reach(folder / "results", study, factories.records(), counting=counting)
    return folder / "results"


def attach(study: Study, made: Path) -> Run:
    """A run that has ended, with these results, as if the worker had done it."""
    run = Run.objects.create(study=study, kind="reach", key=key("reach", {}, study), revision=study.revision, state="done")
    target = result_folder(run)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(made, target)
    run.result_path = f"{study.slug}/{run.pk}/{NAME}"
    run.ended = datetime(2024, 5, 3, 12, 5, tzinfo=UTC)
    run.save()
    return run


def reached(study: Study) -> Study:
    """Kleindorp of which it was reckoned who walks where."""
    attach(study, results())
    return study
