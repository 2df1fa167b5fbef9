# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writing the file in which pages look up reach (publish.reach_file): people protected, rows indexed, homes findable."""

from __future__ import annotations

import json
import math
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from knopenkaart import store
from knopenkaart.geo import metric_crs_of
from knopenkaart.policy import MODES, Policy
from knopenkaart.protect import protected
from knopenkaart.publish.exported import REACH_FILES
from knopenkaart.publish.reach_file import CELL_DEGREES, INDEXES
from knopenkaart.study import Study
from knopenkaart.tables import ALL, encode_json
from knopenkaart.text import fold

# Homes on the map stand together in squares of this size.
SQUARE_M = 50.0
_ADDRESS = ("street", "housenumber", "postcode", "city")
# An address belongs to the home at its own spot; where homes are squares or points along a street, to the nearest within this distance.
ADDRESS_M = 150.0
Tables = Mapping[str, pd.DataFrame]


def write_lookup(target: Path, study: Study) -> None:
    """Write the file for a study, replaced in one step."""
    told: tuple[str, ...] = (*REACH_FILES, "isochrones")
    tables = {name: study.table(name) for name in (*told, "reach_homes", "reach_counts")}
    homes = study.table("homes")
    number = {place: row for row, place in enumerate(dict.fromkeys(tables["reach_places"]["place_id"]))}
    frames = {name: _flat(protected(tables[name], ALL[name]), name) for name in told}
    frames |= {
        "homes": _homes(homes),
        "near": _near(tables, number),
        "places": pd.DataFrame({"place_id": list(number), "number": list(number.values())}),
        "addresses": _addresses(study.table("addresses"), homes),
        "layers": pd.DataFrame([{"name": "homes", "document": json.dumps(_squares(homes, tables, study.policy), separators=(",", ":"))}]),
        "about": pd.DataFrame([{"document": json.dumps(_about(study), ensure_ascii=False)}]),
    }
    with store.replacing(target) as draft, closing(sqlite3.connect(draft)) as connection:
        for name, frame in frames.items():
            frame.to_sql(name, connection, index=False)
        for name, indexes in INDEXES.items():
            for columns in indexes:
                quoted = ", ".join(f'"{column}"' for column in columns)
                connection.execute(f'CREATE INDEX "{name}_by_{"_".join(columns)}" ON "{name}" ({quoted})')
        connection.commit()
        connection.execute("VACUUM")


def _about(study: Study) -> dict[str, Any]:
    vocabulary, policy = study.vocabulary, study.policy
    known = set(study.table("residents")["group"])
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine_version": study.manifest["engine_version"],
        "policy": asdict(policy),
        "day": study.day.isoformat(),
        "osm_date": study.manifest["osm_date"],
        "minutes": list(policy.minutes),
        "near_min": policy.near_min,
        "modes": list(MODES),
        "groups": [{"id": group.id, "dimension": group.dimension} for group in vocabulary.groups.values() if group.id in known],
        "functions": list(vocabulary.functions),
        "slots": [asdict(slot) for slot in vocabulary.week()],
        "basis": sorted(set(study.table("homes")["basis"])),
        "leaves": sorted(set(study.table("homes")["area_code"])),
        "sources": _sources(study),
    }


def _sources(study: Study) -> list[dict[str, Any]]:
    """Everything that may be named of what a study was made from."""
    sources = study.table("sources")
    openly = sources[~sources["confidential"]]
    days = [None if pd.isna(day) else pd.Timestamp(day).date().isoformat() for day in openly["date"]]
    return [{"title": title, "date": day} for title, day in zip(openly["title"].tolist(), days, strict=True)]


def _flat(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Columns that SQLite can hold: lists and shapes become text, nothing known becomes NULL."""
    result = pd.DataFrame(frame).copy()
    for column, spec in ALL[name].columns.items():
        if spec.kind == "geometry":
            result[column] = shapely.to_geojson(frame[column].to_numpy())
        elif spec.kind == "json":
            result[column] = result[column].map(encode_json, na_action="ignore")
        elif spec.kind in ("float", "share"):
            result[column] = result[column].astype("Float64").round(4)
    return result.astype(object).where(result.notna(), None)


def _homes(homes: pd.DataFrame) -> pd.DataFrame:
    frame = homes[["home", "lon", "lat", "basis", "area_code", "municipality_code", "wijk_code", "buurt_code", "sure_m"]].copy()
    frame["on_street"] = homes["walk_edge"].notna()
    for axis, column in (("x", "lon"), ("y", "lat")):
        frame[f"cell_{axis}"] = (homes[column].astype(float) // CELL_DEGREES).astype(int)
    return frame.astype(object).where(frame.notna(), None)


def _near(tables: Tables, number: Mapping[str, int]) -> pd.DataFrame:
    """One row per home and mode: the nearest place (its number) of each kind looked for with its minutes, and how much is within reach.

    Minutes are whole, rounded up, here and everywhere that they are shown: what is within ten minutes says ten at most.
    """
    nearest, counts = tables["reach_homes"], tables["reach_counts"]
    found: dict[tuple[int, str], dict[str, Any]] = {}
    columns = ("home", "mode", "what", "place_id", "minutes")
    for home, mode, what, place, minutes in zip(*(nearest[name].tolist() for name in columns), strict=True):
        found.setdefault((home, mode), {"near": {}, "within": {}})["near"][what] = [number[place], math.ceil(minutes)]
    for home, mode, minutes, nodes, functions in zip(*(counts[name].tolist() for name in counts.columns), strict=True):
        found.setdefault((home, mode), {"near": {}, "within": {}})["within"][str(minutes)] = [nodes, functions]
    rows = [(home, mode, json.dumps(document, separators=(",", ":"))) for (home, mode), document in found.items()]
    return pd.DataFrame(rows, columns=["home", "mode", "document"])


def _addresses(addresses: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    """Addresses by street and number and by postcode and number, each with the home that it is."""
    columns = ["label", "street_key", "postcode_key", "number", "home"]
    known = addresses[addresses["housenumber"].notna() & (addresses["street"].notna() | addresses["postcode"].notna())]
    if known.empty or homes.empty:
        return pd.DataFrame(columns=columns)
    spots, points = _metres(homes, homes), _metres(known, homes)
    away, which = cKDTree(spots).query(points, distance_upper_bound=ADDRESS_M)
    near = np.isfinite(away)
    known, which = known[near], np.asarray(which)[near]
    frame = pd.DataFrame(
        {
            "label": [_label(*row) for row in zip(*(known[name] for name in _ADDRESS), strict=True)],
            "street_key": [fold(street) if isinstance(street, str) else "" for street in known["street"]],
            "postcode_key": [fold(code).replace(" ", "") if isinstance(code, str) else "" for code in known["postcode"]],
            "number": [_digits(number) for number in known["housenumber"]],
            "home": homes["home"].to_numpy(int)[which],
        }
    )
    return frame.drop_duplicates(["label", "home"])


def _metres(frame: pd.DataFrame, around: pd.DataFrame) -> Any:
    """Coordinates in the metric CRS for what lies around some points."""
    points, others = (
        gpd.GeoSeries(gpd.points_from_xy(of["lon"].astype(float), of["lat"].astype(float)), crs="EPSG:4326") for of in (frame, around)
    )
    metric = points.to_crs(metric_crs_of(others))
    return np.column_stack([metric.x, metric.y])


def _label(street: Any, number: Any, postcode: Any, city: Any) -> str:
    first, second = (" ".join(str(part) for part in parts if isinstance(part, str)) for parts in ((street, number), (postcode, city)))
    return ", ".join(part for part in (first, second) if part)


def _digits(number: Any) -> str:
    found = re.match(r"\s*(\d+)", str(number))
    return found.group(1) if found else str(number)


def _squares(homes: pd.DataFrame, tables: Tables, policy: Policy) -> dict[str, Any]:
    """Minutes on foot to each kind of place, for squares of homes (weighted by their dwellings); -1: more than the longest time.

    `sure`: the minutes (rounded down) that the ground around is known; within them no place is missing.
    """
    placed = homes[homes["walk_edge"].notna()].reset_index(drop=True)
    things = list(dict.fromkeys(tables["reach_homes"]["what"]))
    told = {"fields": ["lon", "lat", "sure", *things], "minutes": list(policy.minutes)}
    if placed.empty:
        return {**told, "rows": []}
    square = pd.DataFrame(np.floor(_metres(placed, placed) / SQUARE_M).astype(int))
    key = square.groupby(list(square.columns), sort=False).ngroup().to_numpy()
    weight = placed["dwellings"].to_numpy(float)
    total = np.bincount(key, weights=weight)
    middle = [np.bincount(key, weights=weight * placed[name].to_numpy(float)) / total for name in ("lon", "lat")]
    known_m = placed["sure_m"].astype(float).fillna(np.inf).to_numpy()
    nearest_m = np.full(len(total), np.inf)
    np.minimum.at(nearest_m, key, known_m)
    sure = np.minimum(np.floor(nearest_m / (policy.walk_kmh * 1000 / 60)), policy.minutes[-1])
    walk = tables["reach_homes"][tables["reach_homes"]["mode"] == "walk"]
    minutes = [_mean_minutes(walk[walk["what"] == thing], placed, key, weight, total) for thing in things]
    columns = zip(*middle, sure, *minutes, strict=True)
    rows = [[round(float(lon), 5), round(float(lat), 5), *map(int, values)] for lon, lat, *values in columns]
    return {**told, "rows": rows}


def _mean_minutes(nearest: pd.DataFrame, placed: pd.DataFrame, key: Any, weight: Any, total: Any) -> Any:
    """Whole minutes, rounded up; -1 where most of a square has none in reach."""
    found = placed["home"].map(nearest.set_index("home")["minutes"]).astype(float).to_numpy()
    reached = np.isfinite(found)
    inside = np.bincount(key[reached], weights=weight[reached], minlength=len(total))
    mean = np.bincount(key[reached], weights=weight[reached] * found[reached], minlength=len(total)) / np.where(inside > 0, inside, 1)
    return np.where(inside * 2 >= total, np.ceil(mean), -1)
