# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who meets whom in Kleindorp, made up so that every number can be checked by hand, in the file that pages look it up in.

Three places count: library, community centre and café. With n of them open, recognition is 4, 6 and 5 under elastic demand and 5, 4 and 3
under fixed demand; across groups half of it; a band is a fifth around. The grid multiplies it by frequency and by notices, adds the foyer,
divides by times and grows with weeks / 26.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from knopenkaart.publish.meeting_file import INDEXES, NAME
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.results import result_folder
from knopenkaart_web.runs.same import key

from .factories import CAFE, CENTRE, LIBRARY, MOLENKWARTIER, NOORD, POLDER, ZUID

YOUNG, OLD = "age_15_24", "age_65_plus"
GROUPS = (YOUNG, OLD)
FAMILIAR = {"elastic": (4.0, 6.0, 5.0), "fixed": (5.0, 4.0, 3.0)}
# The chance of more recognition than with all three.
ABOVE_NOW = {"elastic": (0.15, 0.85, 0.0), "fixed": (0.9, 0.6, 0.0)}
# Which are open with one, two and three: the first one is not among the two.
OPEN = ((CENTRE,), (LIBRARY, CAFE), (LIBRARY, CENTRE, CAFE))
ABOUT: dict[str, Any] = {
    "made_at": "2024-05-03T12:05:00+00:00",
    "engine_version": "0.1",
    "day": "2024-05-02",
    "seed": 7,
    "draws": 100,
    "left_out": {"wijken": [], "closings": False},
    "times": 3,
    "weeks": 26,
    "badge": "assumed",
    "dimension": "age",
    "groups": list(GROUPS),
    "nests": ["meet", "eat"],
    "slots": [
        {"id": "mo_morning", "nl": "maandagochtend", "en": "Monday morning"},
        {"id": "mo_evening", "nl": "maandagavond", "en": "Monday evening"},
    ],
    "assumed": False,
    "assumptions": [
        {"name": "notices", "value": 12.0, "low": 6.0, "high": 24.0, "tag": "A", "source": "niet gemeten", "source_en": "not measured"},
        {"name": "loyalty", "value": 0.65, "low": 0.35, "high": 0.9, "tag": "A", "source": "niet gemeten", "source_en": "not measured"},
        {"name": "foyer", "value": 0.2, "low": 0.05, "high": 0.5, "tag": "A", "source": "niet gemeten", "source_en": "not measured"},
        {"name": "rate.meet", "value": 2.0, "low": 0.5, "high": 12.0, "tag": "A", "source": "buurthuizen", "source_en": "not measured"},
        {
            "name": "weeks",
            "value": 0.25,
            "low": 0.12,
            "high": 0.45,
            "tag": "A",
            "source": "als bij het tellen",
            "source_en": "not measured",
        },
    ],
    "sources": [{"title": "Kerncijfers", "date": "2024-01-01"}],
}


def _areas() -> Iterator[dict[str, Any]]:
    told = {
        "all": ("all", 2400, 5.0, None),
        NOORD: ("wijk", 1600, 6.0, 0.95),
        ZUID: ("wijk", 80, 4.0, 0.1),
        POLDER: ("wijk", 720, 4.8, 0.5),
        MOLENKWARTIER: ("buurt", 900, 6.2, 0.97),
    }
    for code, (level, people, familiar, above) in told.items():
        for group, part in (("all", 1.0), (YOUNG, 0.5), (OLD, 1.5)):
            known = familiar * part
            yield {
                "area_code": code,
                "level": level,
                "group": group,
                "people": people if group == "all" else None if code == ZUID else people // 4,
                "visits": 0.9,
                "encounters": 3.5,
                "faces": known,
                "faces_across": known / 2,
                "faces_low": known * 0.8,
                "faces_high": known * 1.2,
                "faces_across_low": known * 0.4,
                "faces_across_high": known * 0.6,
                "visits_low": 0.7,
                "visits_high": 1.3,
                "encounters_low": 2.5,
                "encounters_high": 12.4,
                "draws": 60,
                "reached_low": 0.0,
                "reached_high": 0.87,
                "reached_across_low": 0.11,
                "reached_across_high": 0.93,
                "reached_draws": 40,
                "above": above,
                "reached": 0.42,
                "reached_across": 0.31,
            }


def _places() -> Iterator[dict[str, Any]]:
    told = {
        LIBRARY: ("meet", (200, 180, 220), "measured", 400, 6000, 2400, 3.0),
        CENTRE: ("meet", (120, 60, 240), "estimated", 250, 3600, 2160, 6.0),
        CAFE: ("eat", (80, 20, 300), "assumed", None, 2400, 0, None),
    }
    for place, (function, (visits, low, high), badge, encounters, faces, across, present) in told.items():
        row = {"place_id": place, "group": "all", "function": function, "visits": visits, "visits_low": low, "visits_high": high}
        yield row | {"badge": badge, "encounters": encounters, "faces": faces, "faces_across": across, "present": present}


def _contribution() -> Iterator[dict[str, Any]]:
    """The library gives a loss in both answers, the centre in one, and the café a gain in both; a band is a tenth around."""
    for place, attributed, elastic, fixed, potential, change, segregation, falls in (
        (LIBRARY, 2.5, -0.8, -0.2, 0.4, "foyer", 0.12, (1.0, 0.85)),
        (CENTRE, 1.5, -0.3, 0.1, 0.7, "joined", 0.3, (0.9, 0.3)),
        (CAFE, 1.0, 0.1, 0.2, 0.0, "seating", 0.2, (0.15, 0.0)),
    ):
        yield {
            "place_id": place,
            "attributed": attributed,
            "part_low": attributed / 10,
            "part_high": attributed * 0.24,
            "part_across_low": 0.33,
            "part_across_high": 0.77,
            "draws": 20,
            "falls_elastic": falls[0],
            "falls_fixed": falls[1],
            "closed_elastic_low": elastic - 0.1,
            "closed_elastic_high": elastic + 0.1,
            "closed_fixed_low": fixed - 0.1,
            "closed_fixed_high": fixed + 0.1,
            "closed_elastic": elastic,
            "closed_fixed": fixed,
            "across_elastic": elastic / 2,
            "across_fixed": fixed / 2,
            "across_elastic_low": elastic / 2 - 0.1,
            "across_elastic_high": elastic / 2 + 0.1,
            "across_fixed_low": fixed / 2 - 0.1,
            "across_fixed_high": fixed / 2 + 0.1,
            "encounters_elastic_low": elastic / 4 - 0.1,
            "encounters_elastic_high": elastic / 4 + 0.1,
            "encounters_fixed_low": fixed / 4 - 0.1,
            "encounters_fixed_high": fixed / 4 + 0.1,
            "encounters_elastic": elastic / 4,
            "encounters_fixed": fixed / 4,
            "potential": potential,
            "potential_across": potential / 2,
            "change": change,
            "segregation": segregation,
            "null_low": 0.05,
            "null_high": 0.2,
        }


def _around(name: str, value: float | None) -> dict[str, float | None]:
    """A number with a tenth either side."""
    ends = (None, None) if value is None else (round(max(0.0, value - 0.1), 2), round(value + 0.1, 2))
    return {name: value, f"{name}_low": ends[0], f"{name}_high": ends[1]}


def _pull() -> Iterator[dict[str, Any]]:
    """Of the library three in ten visits would stay at home with elastic demand; of the centre it is hidden, and the café has no rival."""
    for place, half, most, elastic, fixed in (
        (LIBRARY, 450.0, 1200.0, 0.3, 0.0),
        (CENTRE, 600.0, None, None, None),
        (CAFE, None, None, 1.0, 1.0),
    ):
        row = {"place_id": place, "visits": 100, "draws": 20, "badge_origins": "estimated", "badge_moved": "assumed"}
        for name, metres in (("half_m", half), ("most_m", most)):
            row |= {name: metres, f"{name}_low": metres and metres - 50, f"{name}_high": metres and metres + 50}
        yield row | _around("home_elastic", elastic) | _around("home_fixed", fixed)


def _rivals() -> Iterator[dict[str, Any]]:
    """Of the library half would go to the café and a fifth to the centre; fixed demand gives half as many again."""
    for place, rival, position, goes, more, ahead in (
        (LIBRARY, CAFE, 1, 0.5, 0.8, 0.9),
        (LIBRARY, CENTRE, 2, 0.2, 0.5, None),
        (CENTRE, LIBRARY, 1, 0.4, 0.24, None),
    ):
        row = {"place_id": place, "rival_id": rival, "position": position, "visits_elastic": 100, "visits_fixed": 150, "ahead": ahead}
        for name, value in (("goes", goes), ("more", more)):
            row |= _around(f"{name}_elastic", value) | _around(f"{name}_fixed", round(1.5 * value, 2))
        yield row


def _origins() -> Iterator[dict[str, Any]]:
    for area, share in ((ZUID, 0.25), (NOORD, 0.5)):
        yield {"place_id": LIBRARY, "area_code": area, "level": "wijk", "visits": 200 * share} | _around("share", share)


def _points() -> Iterator[dict[str, Any]]:
    for demand, programme, places in product(("elastic", "fixed"), ("own", "fixed"), (1, 2, 3)):
        faces = FAMILIAR[demand][places - 1]
        yield {
            "area_code": "all",
            "demand": demand,
            "programme": programme,
            "places": places,
            "visits": 600 / places if demand == "fixed" else 400.0,
            "encounters": faces - 1,
            "encounters_low": (faces - 1) * 0.8,
            "encounters_high": (faces - 1) * 1.2,
            "faces": faces,
            "faces_low": faces * 0.8,
            "faces_high": faces * 1.2,
            "faces_across": faces / 2,
            "share": faces / max(FAMILIAR[demand]),
            "share_low": faces / max(FAMILIAR[demand]) * 0.8,
            "within": 1.0,
            "beside_now": faces / FAMILIAR[demand][2],
            "above_now": ABOVE_NOW[demand][places - 1],
            "within_500": 0.2 * places,
            "within_800": 0.3 * places,
            "paid": min(places, 2),
            "cost": 60_000.0 * min(places, 2),
            "cost_low": 10_000.0 * min(places, 2),
            "cost_high": 180_000.0 * min(places, 2),
            "exact": True,
        }


def _findings() -> Iterator[dict[str, Any]]:
    for demand, programme in product(("elastic", "fixed"), ("own", "fixed")):
        low, high = (2, 3) if demand == "elastic" else (1, None)
        flat = {"candidates": 3, "plateau_low": low if high else None, "plateau_high": high, "places": low, "share": 0.95}
        told = {"share_sure": 0.77, "draws": 100 if programme == "own" else 25, "nl": "Met zoveel plekken.", "en": "With so many places."}
        yield {"area_code": "all", "demand": demand, "programme": programme} | flat | told


def _grid() -> Iterator[dict[str, Any]]:
    axes = (("elastic", "fixed"), (1, 2, 3), (2, 3, 5), (12, 26, 52), (0.5, 1.0, 2.0), (0.5, 1.0, 1.5), (0.0, 0.2, 0.5))
    for demand, places, times, weeks, notices, frequency, foyer in product(*axes):
        faces = FAMILIAR[demand][places - 1] * frequency * notices * (3 / times) * (weeks / 26) + foyer
        point = {"area_code": "all", "demand": demand, "places": places, "times": times, "weeks": weeks, "notices": notices}
        yield point | {"frequency": frequency, "foyer": foyer, "encounters": faces - 1, "faces": faces, "faces_across": faces / 2}


def tables() -> dict[str, list[dict[str, Any]]]:
    """The rows of every table of the file."""
    pairs = list(product(GROUPS, GROUPS))
    matrix = [
        {
            "place_id": place,
            "group": one,
            "other": other,
            "encounters": 900 * part,
            "faces": (1200 if one == other else 300) * part,
            "ratio": 1.6 if one == other else 0.4,
        }
        for place, part in (("all", 1.0), (LIBRARY, 0.1))
        for one, other in pairs
    ]
    slots = [
        {"place_id": LIBRARY, "slot": slot, "visits": visits, "encounters": encounters, "hours_known": True}
        for slot, visits, encounters in (("mo_morning", 30, 15), ("mo_evening", 10, None))
    ]
    thesis = {"verdict": "undecided", "probability": 0.55, "elasticity": 0.3, "elasticity_low": 0.05, "elasticity_high": 0.6}
    thesis |= {"threshold": 0.35, "threshold_low": 0.2, "threshold_high": 0.45, "counted": 1, "draws": 400}
    thesis |= {"measure_first": "counts", "measure_first_sure": 0.8, "measure_second": "frequency", "measure_second_sure": 0.7}
    drivers = [
        {"name": name, "kind": kind, "low": low, "high": high, "value": value, "faces": 5.0, "faces_low": less, "faces_high": more}
        | {"places": 2, "kept": 0.8, "kept_low": worst, "kept_high": best, "best_low": 2, "best_high": 3, "badge": "assumed"}
        for name, kind, low, high, value, less, more, worst, best in (
            ("times", "convention", 2.0, 5.0, 3.0, 12.0, 1.0, 0.9, 0.7),
            ("foyer", "measurable", 0.05, 0.5, 0.2, 4.9, 5.3, 0.5, 0.95),
            ("notices", "measurable", 6.0, 24.0, 12.0, 2.0, 9.0, 0.75, 0.85),
        )
    ]
    opened = [{"area_code": "all", "places": places, "place_id": place} for places, own in enumerate(OPEN, start=1) for place in own]
    order = [
        {"area_code": "all", "place_id": place, "position": position, "least": least}
        for position, (place, least) in enumerate(((CENTRE, 1), (LIBRARY, 2), (CAFE, 2)), start=1)
    ]
    return {
        "meeting_areas": list(_areas()),
        "meeting_matrix": matrix,
        "meeting_places": list(_places()),
        "meeting_contribution": list(_contribution()),
        "meeting_pull": list(_pull()),
        "meeting_rivals": list(_rivals()),
        "meeting_origins": list(_origins()),
        "meeting_slots": slots,
        "meeting_drivers": [{"area_code": "all"} | row for row in drivers],
        "curve_points": list(_points()),
        "curve_findings": list(_findings()),
        "curve_order": order,
        "curve_open": opened,
        "curve_grid": list(_grid()),
        "thesis": [{"area_code": "all"} | thesis],
    }


def write(target: Path, about: Mapping[str, Any], rows: Mapping[str, list[dict[str, Any]]]) -> None:
    """The file, with the tables that are given; the others are there without rows."""
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("CREATE TABLE about (document TEXT)")
        connection.execute("INSERT INTO about VALUES (?)", (json.dumps(about),))
        for name, indexes in INDEXES.items():
            found = rows.get(name, [])
            columns = list(found[0]) if found else list(dict.fromkeys(column for index in indexes for column in index))
            quoted = ", ".join(f'"{column}"' for column in columns)
            connection.execute(f'CREATE TABLE "{name}" ({quoted})')
            marks = ", ".join("?" * len(columns))
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', [tuple(row.values()) for row in found])
        connection.commit()


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
