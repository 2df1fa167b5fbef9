# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The whole of it: from a study to the tables of meeting, curve and verdict, and to the file in which pages look them up."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from knopenkaart import store
from knopenkaart.meeting.assumed import assumptions, data
from knopenkaart.meeting.closing import DRAWS as CLOSING_DRAWS
from knopenkaart.meeting.closing import evaluations
from knopenkaart.meeting.curve import DRAWS, Band, Curve, beside_now, cost, curve, nearly, plateau, sentence
from knopenkaart.meeting.drivers import Drivers, drivers
from knopenkaart.meeting.grid import settings
from knopenkaart.meeting.ground import CELLS, Ground, ground_of
from knopenkaart.meeting.meet import ALL, meet
from knopenkaart.meeting.observed import NOTHING, Told, observed_of, with_times
from knopenkaart.meeting.protect import protected
from knopenkaart.meeting.residents import SEED
from knopenkaart.meeting.towns import Believed, believed
from knopenkaart.meeting.verdict import Verdict, verdict
from knopenkaart.meeting.wijken import curves_of_wijken
from knopenkaart.privacy import THRESHOLD
from knopenkaart.progress import Progress, altogether, silent
from knopenkaart.publish.meeting_file import INDEXES
from knopenkaart.study import Study
from knopenkaart.tables.meeting import (
    CURVE_FINDINGS,
    CURVE_GRID,
    CURVE_OPEN,
    CURVE_ORDER,
    CURVE_POINTS,
    MEETING_AREAS,
    MEETING_DRIVERS,
    THESIS,
)
from knopenkaart.visits.priors import assumptions as of_choice

# The curve is reckoned over and over: for that squares may be larger.
COARSE = 400
# With a limit of time places are closed in the towns that may be only where no more than so many are reckoned for it: some ten minutes.
CLOSINGS = 3_000_000
# About what each step takes, for the progress: processor seconds per place, and per place reckoned for a closing.
WEIGHTS = {
    "meeting": 0.06,
    "closing": 0.0,
    "areas": 0.1,
    "residents": 0.1,
    "competition": 0.02,
    "curve": 0.5,
    "exact": 0.1,
    "verdict": 0.1,
    "drivers": 0.05,
    "settings": 0.3,
    "wijken": 1.3,
}
CLOSING = 0.00015
# A wijk has a curve of its own where it has enough places to choose from.
FEWEST_PLACES = 4
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class LeftOut:
    """What there was no time for: wijken without a curve of their own, and closing places in the towns that may be."""

    wijken: tuple[str, ...] = ()
    closings: bool = False


@dataclass(frozen=True)
class Results:
    """All tables by name, the ground, what was believed, and what was left out."""

    tables: Mapping[str, pd.DataFrame]
    ground: Ground
    of: Believed
    draws: int
    seed: int
    left_out: LeftOut


def results(
    study: Study,
    *,
    known: Told = NOTHING,
    places: pd.DataFrame | None = None,
    counting: Collection[str] | None = None,
    draws: int = DRAWS,
    wijken: bool = True,
    seed: int = SEED,
    seconds: float | None = None,
    progress: Progress = silent,
) -> Results:
    """Who meets whom, the curve and the verdict.

    Parameters: study; what was counted and answered (nothing: all is assumed); PLACES and kinds that count, as people corrected them;
    towns that may be; whether each wijk has a curve of its own; seed; `seconds` after which wijken that are not ready are left out, and
    closings where they are many (None: all is reckoned); progress of all of it together, which may raise to stop. Returns the tables,
    people not yet protected: what is there is the same with and without a limit. Source: docs/method/curve.md.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    begin = altogether(progress, WEIGHTS)
    fine, coarse = (
        with_times(ground_of(study, cells=most, places_now=places, counting=counting, progress=begin), known) for most in (CELLS, COARSE)
    )
    too_many = deadline is not None and min(draws, CLOSING_DRAWS) * evaluations(coarse) > CLOSINGS
    closings = 0 if too_many else CLOSING_DRAWS
    tell = altogether(progress, _weights(coarse, closings=closings, wijken=wijken))
    of = believed(fine, observed_of(fine, known))
    rough = believed(coarse, observed_of(coarse, known))
    tables = meet(fine, of, coarse=coarse, draws=draws, closings=closings, seed=seed, progress=tell)
    parts = tables[MEETING_AREAS.name] if wijken else None
    more = curves(coarse, rough, near=fine, parts=parts, draws=draws, seed=seed, deadline=deadline, progress=tell)
    left = set(_today(coarse, rough, parts)) - {ALL} - set(more[CURVE_FINDINGS.name]["area_code"])
    return Results(tables | more, fine, of, draws, seed, LeftOut(tuple(sorted(left)), too_many))


def _weights(ground: Ground, *, closings: int, wijken: bool) -> dict[str, float]:
    """What each step takes, about."""
    each = {name: weight * len(ground.ids) for name, weight in WEIGHTS.items() if wijken or name != "wijken"}
    return each | {"closing": CLOSING * (1 + closings) * evaluations(ground)}


def curves(
    ground: Ground,
    of: Believed,
    *,
    near: Ground | None = None,
    parts: pd.DataFrame | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    deadline: float | None = None,
    progress: Progress = silent,
) -> Tables:
    """CURVE_POINTS, CURVE_ORDER, CURVE_FINDINGS, THESIS and MEETING_DRIVERS of the whole; and of each wijk by itself all but the last two.

    `near`: the ground in smaller squares, for nearness; `parts`: MEETING_AREAS of today, to the level of which the whole and wijken are
    brought (None: no wijken); `deadline` (time.monotonic): wijken that are not ready then are left out.
    """
    today = _today(ground, of, parts)
    made = [(ground, curve(ground, of, now=today.pop(ALL, None), near=near, draws=draws, seed=seed, progress=progress))]
    told = verdict(ground, of, seed=seed, progress=progress)
    plans = list(made[0][1].plans)
    every = drivers(ground, of, plans, progress=progress)
    grid = CURVE_GRID.frame(settings(ground, of, plans, progress=progress))
    made += curves_of_wijken(ground, of, today, near=near, draws=draws, seed=seed, deadline=deadline, progress=progress)
    return {
        CURVE_POINTS.name: CURVE_POINTS.frame(row for own, found in made for row in _points(own, found)),
        CURVE_ORDER.name: CURVE_ORDER.frame(row for own, found in made for row in _order(own, found)),
        CURVE_OPEN.name: CURVE_OPEN.frame(row for own, found in made for row in _open(own, found)),
        CURVE_FINDINGS.name: CURVE_FINDINGS.frame(row for own, found in made for row in _findings(own, found)),
        THESIS.name: THESIS.frame([_thesis(ALL, told)]),
        MEETING_DRIVERS.name: MEETING_DRIVERS.frame(_drivers(every)),
        CURVE_GRID.name: grid,
    }


def _today(ground: Ground, of: Believed, parts: pd.DataFrame | None) -> dict[str, list[float]]:
    """Of the whole and each wijk with enough places: visits per place, encounters, faces and faces of another group per resident."""
    if parts is None:
        return {}
    rows = parts[parts["level"].isin(["all", "wijk"]) & (parts["group"] == ALL)].set_index("area_code")
    found = {}
    for code in rows.index:
        own = np.flatnonzero(ground.study) if code == ALL else ground.places_of(str(code))
        if len(own) >= FEWEST_PLACES and float(rows.loc[code, "people"]) >= THRESHOLD:
            told = (float(rows.loc[code, name]) for name in ("encounters", "faces", "faces_across"))
            found[str(code)] = [float(of.fitted.visits.value[own].mean()), *told]
    return found


def _points(ground: Ground, found: Curve) -> Iterator[dict[str, Any]]:
    people = float(ground.setting.people.sum())
    for band in found.bands:
        told = {"visits": band.visits_of, "encounters": band.encounters_of, "faces": band.faces_of, "faces_across": band.across_of}
        beside = beside_now(band, found.plans, candidates=int(ground.study.sum()))
        ends = {name: np.quantile(values, [0.05, 0.95], axis=0) for name, values in told.items()}
        for at, plan in enumerate(found.plans):
            costs = cost(ground, plan)
            yield {
                "area_code": found.area,
                "demand": band.demand,
                "programme": band.programme,
                "places": plan.places,
                "people": people,
                "visits": float(band.visits[at]),
                "encounters": float(band.encounters[at]),
                "faces": float(band.faces[at]),
                "faces_across": float(band.faces_across[at]),
                "share": float(band.share[at]),
                "share_low": float(band.share_sure[at]),
                "within": float(band.within[at]),
                "beside_now": None if beside is None else float(beside[0][at]),
                "above_now": None if beside is None else float(beside[1][at]),
                "within_500": float(found.within[500][at]),
                "within_800": float(found.within[800][at]),
                "paid": costs.paid,
                "cost": costs.value,
                "cost_low": costs.low,
                "cost_high": costs.high,
                "exact": bool(band.exact[at]),
                **{f"{name}_{end}": float(values[n, at]) for name, values in ends.items() for n, end in enumerate(("low", "high"))},
            }


def _order(ground: Ground, found: Curve) -> Iterator[dict[str, Any]]:
    for position, place in enumerate(found.order, start=1):
        least = min(plan.places for plan in found.plans if plan.opened[place])
        yield {"area_code": found.area, "place_id": ground.ids[place], "position": position, "least": least}


def _open(ground: Ground, found: Curve) -> Iterator[dict[str, Any]]:
    for plan in found.plans:
        for place in np.flatnonzero(plan.opened & ground.study):
            yield {"area_code": found.area, "places": plan.places, "place_id": ground.ids[place]}


def _drivers(found: Drivers) -> Iterator[dict[str, Any]]:
    same = {"area_code": "all", "faces": found.faces, "kept": found.kept, "places": found.places}
    for item in found.items:
        ends = {name: getattr(item, name) for name in ("faces", "kept", "best")}
        told = {f"{name}_{end}": pair[at] for name, pair in ends.items() for at, end in enumerate(("low", "high"))}
        about = {name: getattr(item, name) for name in ("name", "kind", "low", "high", "value", "badge")}
        yield same | about | told


def _findings(ground: Ground, found: Curve) -> Iterator[dict[str, Any]]:
    candidates = int(ground.study.sum())
    for band in found.bands:
        on, at = plateau(band, found.plans), nearly(band)
        texts = {language: sentence(band, found.plans, candidates=candidates, language=language) for language in ("nl", "en")}
        yield {
            "area_code": found.area,
            "demand": band.demand,
            "programme": band.programme,
            "candidates": candidates,
            "plateau_low": on[0] if on else None,
            "plateau_high": on[1] if on else None,
            "places": found.plans[at].places,
            "share": float(band.share[at]),
            "share_sure": float(band.share_sure[at]),
            "draws": _draws(band),
        } | texts


def _draws(band: Band) -> int:
    return len(band.faces_of)


def _thesis(area: str, found: Verdict) -> dict[str, Any]:
    measures = [*found.measure[:2], (None, None), (None, None)]
    bounds = {
        name: dict(zip((name, f"{name}_low", f"{name}_high"), getattr(found, name), strict=True)) for name in ("elasticity", "threshold")
    }
    return {
        "area_code": area,
        "verdict": found.verdict,
        "probability": found.probability,
        **bounds["elasticity"],
        **bounds["threshold"],
        "counted": found.counted,
        "draws": found.draws,
        "measure_first": measures[0][0],
        "measure_first_sure": measures[0][1],
        "measure_second": measures[1][0],
        "measure_second_sure": measures[1][1],
    }


def write_file(target: Path, found: Results, study: Study) -> None:
    """Write the file in which pages look up (publish.meeting_file), replaced in one step."""
    about = pd.DataFrame([{"document": json.dumps(_about(found, study), ensure_ascii=False)}])
    tables = protected(found.tables, grouped=len(found.ground.groups) > 1)
    with store.replacing(target) as draft, closing(sqlite3.connect(draft)) as connection:
        about.to_sql("about", connection, index=False)
        for name, indexes in INDEXES.items():
            _flat(tables[name]).to_sql(name, connection, index=False)
            for columns in indexes:
                quoted = ", ".join(f'"{column}"' for column in columns)
                connection.execute(f'CREATE INDEX "{name}_by_{"_".join(columns)}" ON "{name}" ({quoted})')
        connection.commit()


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(object).where(frame.notna(), None)


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame], names: Sequence[str]) -> list[str]:
    """Write tables (as they may be shown: `protected`) as CSV; gives the names of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name in names:
        files.append(f"{name}.csv")
        store.write_text(folder / files[-1], tables[name].to_csv(index=False))
    return files


def _about(found: Results, study: Study) -> dict[str, Any]:
    ground, known = found.ground, data()["convention"]
    listed = [*assumptions(), *of_choice(ground.nests)]
    sources = study.table("sources")
    openly = sources[~sources["confidential"]]
    days = [None if pd.isna(day) else pd.Timestamp(day).date().isoformat() for day in openly["date"]]
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine_version": study.manifest["engine_version"],
        "seed": found.seed,
        "draws": found.draws,
        "left_out": asdict(found.left_out),
        "groups": list(ground.groups),
        "functions": list(ground.nests),
        "slots": [{"id": slot.id, "nl": slot.nl, "en": slot.en} for slot in ground.slots],
        "places": int(ground.study.sum()),
        "day": study.manifest["osm_date"],
        "assumed": ground.assumed,
        "badge": "estimated" if found.of.told else "assumed",
        "times": found.of.habits.times,
        "weeks": found.of.habits.weeks,
        "counted": [place for place, own in zip(ground.ids, found.of.counted, strict=True) if own],
        "hours_known": int(ground.hours_known.sum()),
        "convention": {name: known[name] for name in known},
        "habits": asdict(found.of.habits),
        "assumptions": [asdict(item) for item in listed],
        "sources": [{"title": title, "date": day} for title, day in zip(openly["title"].tolist(), days, strict=True)],
    }
