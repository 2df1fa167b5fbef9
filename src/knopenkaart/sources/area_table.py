# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every table of areas needs: sound polygons, the wanted municipalities, one order."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd
import shapely
from rapidfuzz import fuzz, process
from shapely.geometry.base import BaseGeometry

from knopenkaart.errors import InputError
from knopenkaart.sources.area_codes import LEVELS, comparable
from knopenkaart.sources.figure_columns import plain

# As many municipalities as a message can name.
FEW = 5


def polygons(shape: BaseGeometry) -> BaseGeometry:
    """A valid multipolygon; what a repair leaves of lines and points is no area."""
    valid = shapely.force_2d(shape if shape.is_valid else shapely.make_valid(shape))
    parts = [part for part in shapely.get_parts(shapely.get_parts(valid)) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


@cache
def _official_names() -> dict[str, str]:
    """A municipality's name of daily speech (den haag) -> its official name."""
    text = resources.files("knopenkaart.sources").joinpath("endpoints.toml").read_text(encoding="utf-8")
    return {plain(name): str(official) for name, official in tomllib.loads(text).get("aliases", {}).items()}


def selection(rows: pd.DataFrame, wanted: Sequence[str]) -> set[str]:
    """Codes of the wanted municipalities; none wanted means all."""
    whole = rows[rows["level"] == "municipality"]
    if not wanted:
        return set(whole["code"])
    by_key: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    for code, name in zip(whole["code"], whole["name"], strict=True):
        for key in dict.fromkeys((plain(code), plain(code).removeprefix("gm"), plain(name), comparable(name))):
            by_key.setdefault(key, []).append(code)
        labels[name] = code
    chosen: set[str] = set()
    problems: list[str] = []
    for name in wanted:
        official = _official_names().get(plain(name), name)
        keys = (plain(official).zfill(4), plain(official), comparable(official))
        codes = list(dict.fromkeys(next((by_key[key] for key in keys if key in by_key), [])))
        if len(codes) == 1:
            chosen.add(codes[0])
        elif codes:
            problems.append(f"{name} is the name of several: {', '.join(codes)}")
        else:
            near = [
                f"{label} ({labels[label]})"
                for label, _, _ in process.extract(name, list(labels), scorer=fuzz.ratio, limit=3, score_cutoff=50, processor=plain)
            ]
            problems.append(f"{name} is not among them" + (f"; near: {', '.join(near)}" if near else ""))
    if problems:
        count = len(whole)
        held = f"{count} municipalities" if count > FEW else ", ".join(f"{code} ({name})" for name, code in labels.items())
        raise InputError(
            f"The areas hold {held}; {'. '.join(problems)}.",
            code="areas.unknown_municipality",
            remedy="Give the name or the code (GM0503) of a municipality as the areas write it.",
        )
    return chosen


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Municipalities first, then wijken, then buurten, each by code."""
    rank = rows["level"].map({level: index for index, level in enumerate(LEVELS)})
    return rows.assign(_rank=rank).sort_values(["_rank", "code"]).drop(columns="_rank").reset_index(drop=True)


def notice(code: str, subject: str, message: str, details: dict[str, Any]) -> dict[str, Any]:
    """A row of NOTICES."""
    return {"code": code, "subject": subject, "message": message, "details": details}
