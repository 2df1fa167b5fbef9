# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Inhabitants that stand at the settlements of OpenStreetMap, for municipalities without a published figure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import shapely

from knopenkaart.population._division import Division
from knopenkaart.population._published import Published
from knopenkaart.tables import NOTICES
from knopenkaart.text import fold

# What is counted as a settlement of its own; suburbs and neighbourhoods are parts of one, and their people stand at it too.
SETTLEMENTS = ("city", "town", "village", "hamlet")
# Together they make a municipality; the people of a hamlet are often counted with the village that it belongs to.
_SUMMED = ("city", "town", "village")
_NUMBER = re.compile(r"\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+|\d+")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Assumed:
    """Inhabitants of a municipality that nobody published for it: from the named settlements, of `year` where they say it."""

    people: float
    year: int | None
    source: str
    settlements: tuple[str, ...]
    # Settlements in it of which no number is known.
    without: tuple[str, ...] = ()


def assumed_people(
    areas: pd.DataFrame, figures: pd.DataFrame, *, points: pd.DataFrame, source: str
) -> tuple[Mapping[str, Assumed], pd.DataFrame]:
    """Inhabitants of the municipalities in AREAS for which FIGURES (joined ones) say nothing, from the settlements in POINTS.

    The settlement with the municipality's own name counts alone: its number mostly includes the hamlets and villages that belong to it.
    Only where there is none, cities, towns and villages are added up. `source` is the identifier of the extract. Returns code ->
    Assumed, and NOTICES: `residents.assumed` for each of them, `residents.unknown` for those that have neither.
    """
    division = Division.of(areas)
    published = Published(figures, levels=division.levels, indicators=())
    known = {upper for code in division.codes if published.people(code) is not None for upper in division.chain(code)}
    lacking = areas[(areas["level"] == "municipality") & ~areas["code"].isin(list(known))].sort_values("code")
    settlements = _settlements(points)
    inside = _inside(lacking, settlements)
    found: dict[str, Assumed] = {}
    notices: list[dict[str, Any]] = []
    for code, name, rows in zip(lacking["code"], lacking["name"], inside, strict=True):
        told = _of(str(name), settlements.iloc[rows], source)
        notices.append(_notice(str(code), str(name), told))
        if told is not None:
            found[str(code)] = told
    return found, NOTICES.frame(notices)


def unknown_notice(code: str, name: str, level: str) -> dict[str, Any]:
    """The row of NOTICES for an area of which nothing tells how many people live there."""
    return {
        "code": "residents.unknown",
        "subject": code,
        "message": f"Nothing tells how many people live in {name} ({code}): no joined figure, and no settlement with a number.",
        "details": {"name": name, "level": level},
    }


def whole_number(text: str | None) -> int | None:
    """ "4284", "4.284" or "4 284" -> 4284; None for what is no plain number ("about 4000")."""
    clean = (text or "").strip()
    if not _NUMBER.fullmatch(clean):
        return None
    return int(re.sub(r"\D", "", clean))


def _settlements(points: pd.DataFrame) -> pd.DataFrame:
    """Settlements with name, place, people and year, and their point; in one order whatever the order of the points."""
    chosen = points[points["role"] == "settlement"].sort_values("source_id")
    rows = [
        {
            "name": tags.get("name") or "",
            "place": tags.get("place") or "",
            "people": whole_number(tags.get("population")),
            "year": int(year[0]) if (year := _YEAR.search(tags.get("population:date") or "")) else None,
            "geometry": shape,
        }
        for tags, shape in zip(chosen["tags"], chosen["geometry"], strict=True)
        if tags.get("place") in SETTLEMENTS
    ]
    return pd.DataFrame(rows, columns=["name", "place", "people", "year", "geometry"], dtype=object)


def _inside(areas: pd.DataFrame, settlements: pd.DataFrame) -> list[list[int]]:
    """Per area the rows of the settlements that lie in it."""
    if len(settlements) == 0:
        return [[] for _ in range(len(areas))]
    tree = shapely.STRtree(settlements["geometry"].to_numpy())
    return [sorted(tree.query(shape, predicate="intersects").tolist()) for shape in areas["geometry"]]


def _of(name: str, settlements: pd.DataFrame, source: str) -> Assumed | None:
    own = settlements[[fold(str(found)) == fold(name) for found in settlements["name"]]]
    chosen = own if len(own) else settlements[settlements["place"].isin(_SUMMED)]
    told = chosen[[people is not None and people > 0 for people in chosen["people"]]]
    if len(told) == 0:
        return None
    if len(own):
        # One town may be drawn twice, as a point of the town and one of its centre.
        told = told.iloc[[int(told["people"].astype(int).to_numpy().argmax())]]
    years = {int(year) for year in told["year"] if year is not None}
    without = () if len(own) else _names(chosen.drop(told.index))
    return Assumed(float(told["people"].sum()), years.pop() if len(years) == 1 else None, source, _names(told), without)


def _names(settlements: pd.DataFrame) -> tuple[str, ...]:
    return tuple(str(name) for name in settlements["name"] if name)


def _notice(code: str, name: str, told: Assumed | None) -> dict[str, Any]:
    if told is None:
        return unknown_notice(code, name, "municipality")
    settlements = _listed(told.settlements)
    lacking = f" No number is known of {_listed(told.without)}." if told.without else ""
    return {
        "code": "residents.assumed",
        "subject": code,
        "message": f"No figure says how many people live in {name} ({code}). We assume {told.people:.0f}, the number at {settlements} on "
        f"OpenStreetMap{f' of {told.year}' if told.year else ''}.{lacking}",
        "details": {
            "name": name,
            "people": round(told.people),
            "settlements": settlements,
            "without": _listed(told.without) or None,
            "year": told.year,
            "source": told.source,
        },
    }


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
