# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which area of one year is which of another: a verdict on every code, with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import geopandas as gpd
import pandas as pd

from knopenkaart.geo import CRS84
from knopenkaart.monitor.bridge import Bridge, Dwellings, bridges
from knopenkaart.monitor.records import ALL
from knopenkaart.sources.area_identity import AreaYear, Division, Verdict, verdicts
from knopenkaart.sources.published import level_of_code
from knopenkaart.tables import MONITOR_LINKS

LINKED = ("municipality", "wijk", "buurt")
# What the years between can take away.
BY_STEPS = ("population_jump", "not_verifiable", "division_redrawn")


def link_years(areas: pd.DataFrame, figures: pd.DataFrame, *, homes: gpd.GeoSeries | None = None) -> pd.DataFrame:
    """MONITOR_LINKS of every code of two years, per level: same, bridged, doubtful or broken, and why.

    `homes` are points of dwellings (CRS84), by which redrawn areas are bridged; without them the dwellings per buurt in `figures` count.
    Method: docs/method/areas-through-time.md.
    """
    spoken = _area_years(areas, figures)
    changed = {year: item.changed for year, item in spoken.items()}
    found: dict[tuple[int, int], dict[str, Verdict]] = {}
    made: dict[tuple[int, int], dict[str, Bridge]] = {}
    rows: list[dict[str, Any]] = []
    for first, last in sorted(combinations(sorted(spoken), 2), key=lambda pair: pair[1] - pair[0]):
        before, after = spoken[first], spoken[last]
        direct = verdicts(Division(after.year, after.names, after.shapes, after.population, changed), before)
        steps = [((first, year), (year, last)) for year, item in spoken.items() if first < year < last and _tells_of_areas(item)]
        drawn = _outlined(before) & _outlined(after)
        between = [(found[one], found[two]) for one, two in steps]
        found[first, last] = {code: item if code in drawn else _by_steps(code, item, between) for code, item in direct.items()}
        bridged = _bridged(direct, before, after, _dwellings(areas, figures, (last, first), homes)) if _drawn(before, after) else {}
        open_ = {code for code, item in found[first, last].items() if item.verdict != "same" and code not in drawn}
        for one, two in steps:
            bridged = _over(open_, found[one], made[one], found[two], made[two]) | bridged
        made[first, last] = bridged
        rows += [_link(code, verdict, before, after, bridged.get(code)) for code, verdict in found[first, last].items()]
    return MONITOR_LINKS.frame(rows)


def _over(
    wanted: Iterable[str],
    earlier: Mapping[str, Verdict],
    earlier_made: Mapping[str, Bridge],
    later: Mapping[str, Verdict],
    later_made: Mapping[str, Bridge],
) -> dict[str, Bridge]:
    """Bridges over a year between: one step is a bridge, and the other the same area (each of its parts, where it is the earlier step)."""
    found: dict[str, Bridge] = {}
    for code in wanted:
        if code in earlier_made and _same(later, code):
            found[code] = earlier_made[code]
        elif code in later_made and all(_same(earlier, part) for part in later_made[code].parts):
            found[code] = later_made[code]
    return found


def _same(verdicts: Mapping[str, Verdict], code: str) -> bool:
    return code in verdicts and verdicts[code].verdict == "same"


def _by_steps(code: str, direct: Verdict, between: Sequence[tuple[Mapping[str, Verdict], Mapping[str, Verdict]]]) -> Verdict:
    """What the years between say: growth in steps is no jump, and a code that was another area meanwhile is not sure to be the same."""
    steps = [(one[code], two[code]) for one, two in between if code in one and code in two]
    if direct.verdict == "doubtful" and direct.reason in BY_STEPS and any(one.verdict == two.verdict == "same" for one, two in steps):
        return Verdict("same")
    broken = next((step for pair in steps for step in pair if step.verdict == "broken"), None)
    return Verdict("doubtful", broken.reason) if direct.verdict == "same" and broken else direct


def _tells_of_areas(year: AreaYear) -> bool:
    """Whether a year says which areas there were: codes without names or outlines are those of a list of figures, which may lack some."""
    return year.shapes is not None or any(year.names.values())


def _outlined(year: AreaYear) -> set[str]:
    return set() if year.shapes is None else set(year.shapes.index)


def _drawn(before: AreaYear, after: AreaYear) -> bool:
    return before.shapes is not None and after.shapes is not None


def _bridged(found: Mapping[str, Verdict], before: AreaYear, after: AreaYear, dwellings: Sequence[Dwellings]) -> dict[str, Bridge]:
    """What areas that are not the same are made of, per level: only where outlines of both years are known."""
    made: dict[str, Bridge] = {}
    for level in LINKED:
        old, new = (_of_level(year.shapes, level) for year in (before, after))
        wanted = [code for code, verdict in found.items() if verdict.verdict != "same" and level_of_code(code) == level]
        made |= bridges(old, new, dwellings, wanted=wanted)
    return made


def _of_level(shapes: gpd.GeoSeries | None, level: str) -> gpd.GeoSeries:
    if shapes is None:
        return gpd.GeoSeries([], index=[], crs=CRS84)
    return shapes[[level_of_code(str(code)) == level for code in shapes.index]]


def _dwellings(areas: pd.DataFrame, figures: pd.DataFrame, years: Sequence[int], homes: gpd.GeoSeries | None) -> list[Dwellings]:
    """Where dwellings are: points, else the counts per buurt of the later year, else of the earlier."""
    known = [Dwellings(homes, [1.0] * len(homes))] if homes is not None and len(homes) else []
    counted = figures[(figures["indicator"] == "dwellings") & (figures["unit"] == "count") & (figures["group"] == ALL)]
    for year in years:
        rows = counted[(counted["area_year"] == year) & counted["value"].notna()]
        number = dict(zip(rows["area_code"].astype(str), rows["value"].astype(float), strict=True))
        zones = areas[(areas["year"] == year) & (areas["level"] == "buurt") & areas.geometry.notna() & areas["code"].isin(list(number))]
        if len(zones):
            known.append(
                Dwellings(gpd.GeoSeries(zones.geometry.to_list(), crs=CRS84), [number[code] for code in zones["code"].astype(str)])
            )
    return known


def _area_years(areas: pd.DataFrame, figures: pd.DataFrame) -> dict[int, AreaYear]:
    people = figures[(figures["indicator"] == "population") & (figures["group"] == ALL) & (figures["year"] == figures["area_year"])]
    people = people[people["value"].notna()]
    found: dict[int, AreaYear] = {}
    for year, rows in areas[areas["level"].isin(LINKED)].groupby("year"):
        of_year = people[people["area_year"] == year]
        codes = rows["code"].astype(str).to_list()
        drawn = rows[rows.geometry.notna()]
        told = rows[rows["changed"].notna()]
        found[int(str(year))] = AreaYear(
            year=int(str(year)),
            # A file without names: its codes say nothing about which area is meant.
            names={code: "" if name == code else name for code, name in zip(codes, rows["name"].astype(str), strict=True)},
            changed=dict(zip(told["code"].astype(str), told["changed"].astype(str), strict=True)),
            population=dict(zip(of_year["area_code"].astype(str), of_year["value"].astype(float), strict=True)),
            shapes=gpd.GeoSeries(drawn.geometry.to_list(), index=drawn["code"].astype(str).to_list(), crs=CRS84) if len(drawn) else None,
        )
    return found


def _link(code: str, verdict: Verdict, before: AreaYear, after: AreaYear, bridge: Bridge | None) -> dict[str, Any]:
    return {
        "code": code,
        "from_year": before.year,
        "to_year": after.year,
        "level": level_of_code(code),
        "verdict": "bridged" if bridge else verdict.verdict,
        "reason": bridge.way if bridge else verdict.reason or None,
        "parts": dict(bridge.parts) if bridge else None,
        "name_from": before.names.get(code) or None,
        "name_to": after.names.get(code) or None,
        "people_from": before.population.get(code),
        "people_to": after.population.get(code),
    }
