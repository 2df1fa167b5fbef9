# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who meets whom in Kleindorp, made up so that every number can be checked by hand, in the file that pages look it up in.

Three places count: library, community centre and café. With n of them open, recognition is 4, 6 and 5 under elastic demand and 5, 4 and 3
under fixed demand; across groups half of it; a band is a fifth around. The grid multiplies it by frequency and by notices, adds the foyer,
divides by times and grows with weeks / 26.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from knopenkaart.publish.meeting_file import NAME, write
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.results import result_folder
from knopenkaart_web.runs.same import key

from .factories import CAFE, CENTRE, LIBRARY, MOLENKWARTIER, NOORD, POLDER, ZUID

YOUNG, OLD = "age_15_24", "age_65_plus"
GROUPS = (YOUNG, OLD)
SETTINGS = ("times", "weeks", "notices", "frequency", "foyer")
FAMILIAR = {"elastic": (4.0, 6.0, 5.0), "fixed": (5.0, 4.0, 3.0)}
ABOUT: dict[str, Any] = {
    "made_at": "2024-05-03T12:05:00+00:00",
    "engine_version": "0.1",
    "day": "2024-05-02",
    "seed": 7,
    "draws": 100,
    "times": 3,
    "weeks": 26,
    "badge": "assumed",
    "dimension": "age",
    "groups": list(GROUPS),
    "nests": ["meet", "eat"],
    "slots": [
        {"id": "monday_morning", "nl": "maandagochtend", "en": "Monday morning"},
        {"id": "monday_evening", "nl": "maandagavond", "en": "Monday evening"},
    ],
    "assumed": False,
    "assumptions": [
        {"name": "notices", "value": 12.0, "low": 6.0, "high": 24.0, "tag": "A", "source": "niet gemeten", "source_en": "not measured"},
        {"name": "loyalty", "value": 0.65, "low": 0.35, "high": 0.9, "tag": "A", "source": "niet gemeten", "source_en": "not measured"},
        {"name": "foyer", "value": 0.2, "low": 0.05, "high": 0.5, "tag": "A", "source": "niet gemeten", "source_en": "not measured"},
    ],
    "sources": [{"title": "Kerncijfers", "date": "2024-01-01"}],
}
AREAS = (
    *("area_code", "level", "group", "people", "visits", "encounters", "familiar", "familiar_low", "familiar_high"),
    *("across", "across_low", "across_high", "above", "covered", "covered_across", "badge"),
)
PLACES = (
    *("place_id", "nest", "visits", "visits_low", "visits_high", "encounters", "familiar", "familiar_share", "across_share"),
    *("closed_elastic", "closed_fixed", "closed_across", "closed_sure", "potential", "potential_how", "present"),
    *("segregation", "segregation_null", "badge"),
)


def _areas() -> Iterator[tuple[Any, ...]]:
    told = {
        "all": ("all", 2400, 5.0, None),
        NOORD: ("wijk", 1600, 6.0, 0.95),
        ZUID: ("wijk", 80, 4.0, 0.1),
        POLDER: ("wijk", 720, 4.8, 0.5),
        MOLENKWARTIER: ("buurt", 900, 6.2, 0.97),
    }
    for code, (level, people, familiar, above) in told.items():
        for group, part in (("all", 1.0), (YOUNG, 0.5), (OLD, 1.5)):
            count = people if group == "all" else None if code == ZUID else people // 4
            known, other = familiar * part, familiar * part / 2
            bands = (known, known * 0.8, known * 1.2, other, other * 0.8, other * 1.2)
            yield (code, level, group, count, 0.9, 3.5, *bands, above, 0.42, 0.31, "assumed")


def _places() -> Iterator[tuple[Any, ...]]:
    yield (LIBRARY, "meet", 200.0, 180.0, 220.0, 400.0, 900.0, 0.5, 0.4, 0.8, 0.2, 0.3, 0.9, 0.4, "foyer", 6.0, 0.12, 0.2, "measured")
    yield (CENTRE, "meet", 120.0, 60.0, 240.0, 250.0, 600.0, 0.3, 0.6, 0.3, -0.1, 0.1, 0.6, 0.7, "next", 4.0, 0.3, 0.1, "estimated")
    yield (CAFE, "eat", 80.0, 20.0, 300.0, 90.0, 300.0, 0.2, None, 0.1, -0.2, 0.0, 0.4, 0.0, "both", None, None, None, "assumed")


def _points() -> Iterator[tuple[Any, ...]]:
    for demand, programme, places in product(("elastic", "fixed"), ("own", "fixed"), (1, 2, 3)):
        familiar = FAMILIAR[demand][places - 1]
        told = {
            "familiar": familiar,
            "across": familiar / 2,
            "encounters": familiar - 1,
            "visits": 600 / places if demand == "fixed" else 400.0,
            "cost": 60_000.0 * places,
        }
        yield from (("all", demand, programme, places, name, value, value * 0.8, value * 1.2) for name, value in told.items())
        for name, share in (("near_500", 0.2 * places), ("near_800", 0.3 * places)):
            yield ("all", demand, programme, places, name, share, None, None)


def _plateaus() -> Iterator[tuple[Any, ...]]:
    for demand, programme in product(("elastic", "fixed"), ("own", "fixed")):
        most = 2 if demand == "elastic" else 1
        for measure in ("familiar", "across", "encounters"):
            yield ("all", demand, programme, measure, 3, most, 3 if demand == "elastic" else 2, most, 0.95, 0.77)
        yield ("all", demand, programme, "visits", 3, None, None, None, None, None)


def _grid() -> Iterator[tuple[Any, ...]]:
    axes = (("elastic", "fixed"), ("own", "fixed"), (1, 2, 3), (2, 3, 5), (12, 26, 52), (0.5, 1.0, 2.0), (0.5, 1.0, 1.5), (0.0, 0.2, 0.5))
    for demand, programme, places, times, weeks, notices, frequency, foyer in product(*axes):
        familiar = FAMILIAR[demand][places - 1] * frequency * notices * (3 / times) * (weeks / 26) + foyer
        yield ("all", demand, programme, places, times, weeks, notices, frequency, foyer, familiar - 1, familiar, familiar / 2)


def tables() -> dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]:
    """The rows of every table of the file."""
    pairs = list(product(GROUPS, GROUPS))
    matrix = [("", "all", one, other, 1.5, 2.0 if one == other else 0.5, 1.6 if one == other else 0.4) for one, other in pairs]
    here = [(LIBRARY, "all", one, other, 0.8, 1.0 if one == other else 0.25, None) for one, other in pairs]
    slots = [
        (LIBRARY, slot, group, visits, visits / 2)
        for slot, told in (("monday_morning", (30.0, 5.0, 25.0)), ("monday_evening", (10.0, 9.0, 1.0)))
        for group, visits in zip(("all", *GROUPS), told, strict=True)
    ]
    settle = '[{"what": "counts", "gain": 0.4}, {"what": "frequency", "gain": 0.15}]'
    return {
        "meeting_areas": (AREAS, list(_areas())),
        "meeting_matrix": (("place_id", "area_code", "group", "other", "encounters", "familiar", "mixing"), matrix + here),
        "meeting_places": (PLACES, list(_places())),
        "meeting_slots": (("place_id", "slot", "group", "visits", "encounters"), slots),
        "curve_points": (("area_code", "demand", "programme", "open", "measure", "value", "low", "high"), list(_points())),
        "curve_plateaus": (
            ("area_code", "demand", "programme", "measure", "now", "first", "last", "enough", "share", "sure"),
            list(_plateaus()),
        ),
        "curve_grid": (
            (
                "area_code",
                "demand",
                "programme",
                "open",
                "times",
                "weeks",
                "notices",
                "frequency",
                "foyer",
                "encounters",
                "familiar",
                "across",
            ),
            list(_grid()),
        ),
        "verdicts": (
            (
                *("area_code", "verdict", "chance", "elasticity", "elasticity_low", "elasticity_high"),
                *("threshold", "threshold_low", "threshold_high", "counted", "settle"),
            ),
            [("all", "undecided", 0.55, 0.3, 0.05, 0.6, 0.35, 0.2, 0.45, 1, settle)],
        ),
        "tornado": (
            ("area_code", "measure", "assumption", "low", "high", "at_low", "base", "at_high"),
            [("all", "familiar", "foyer", 0.05, 0.5, 4.9, 5.0, 5.3), ("all", "familiar", "notices", 6.0, 24.0, 2.0, 5.0, 9.0)],
        ),
    }


def attach(study: Study, *, about: dict[str, Any] = ABOUT, without: tuple[str, ...] = ()) -> Run:
    """A run that has ended, with this file, as if the worker had done it; tables that are left out have no rows."""
    run = Run.objects.create(study=study, kind="meeting", key=key("meeting", {}, study), revision=study.revision, state="done")
    target = result_folder(run)
    target.mkdir(parents=True, exist_ok=True)
    write(target / NAME, about, {name: rows for name, rows in tables().items() if name not in without})
    run.result_path = f"{study.slug}/{run.pk}/{NAME}"
    run.ended = datetime(2024, 5, 3, 12, 5, tzinfo=UTC)
    run.save()
    return run


def path_of(run: Run) -> Path:
    """The file of a run."""
    return result_folder(run) / NAME
