# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two figures laid side by side over all areas of a level: do they go together?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from knopenkaart.errors import InputError
from knopenkaart.monitor.correlate import LEAST_AREAS, Correlation, Pair, correlate
from knopenkaart.monitor.estimates import Estimate, estimate, needed
from knopenkaart.monitor.records import ALL, AreaValues
from knopenkaart.monitoring.contents import to_plain
from knopenkaart.monitoring.totals import area_values
from knopenkaart.store import Stored
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator, load_catalogue

if TYPE_CHECKING:
    # Compiled kernels come with it, which most commands of the monitor do without.
    from knopenkaart.study import Study

Item = TypeVar("Item")
# The number of social nodes in an area, which a study knows and no publisher.
NODES, NODES_PER_1000 = "nodes", "nodes_per_1000"
_CODE_OF = {"municipality": "municipality_code", "wijk": "wijk_code", "buurt": "buurt_code"}


@dataclass(frozen=True, slots=True)
class Together:
    """How two figures go together. `years`, `natures`: of the first, the second, and the third where there is one; `areas`: of the level,
    with or without both figures."""

    correlation: Correlation
    level: str
    areas: int
    years: tuple[int | None, ...]
    natures: tuple[str, ...]


def together(
    stored: Stored,
    x: str,
    y: str,
    *,
    level: str = "buurt",
    within: str = "",
    beside: str = "",
    study: Study | None = None,
    catalogue: Catalogue | None = None,
) -> Together:
    """Lay two indicators of a monitor side by side, over the areas of a level in its last division with both; `within` a municipality.

    Counts with a whole are taken as a share of it. `x` may be `nodes` or `nodes_per_1000`, of the covered areas of a `study`. `beside` is a
    third indicator that may be behind both. Raises InputError for an unknown indicator, for a level without figures, where fewer than ten
    areas have both, and where one is the same everywhere. Method: docs/method/correlation.md.
    """
    known = catalogue or load_catalogue()
    wanted = [_indicator(name, known) for name in (x, y, beside) if name and name not in (NODES, NODES_PER_1000)]
    areas = _areas(stored, wanted, level, within)
    nodes = _nodes(study, level) if x in (NODES, NODES_PER_1000) else {}
    told = {area.code: [_value(name, area, known, nodes) for name in (x, y, *([beside] if beside else []))] for area in areas}
    full = [area for area in areas if all(item.value is not None for item in told[area.code][:2])]
    pairs = [_pair(area, told[area.code]) for area in full]
    both = [told[area.code][:2] for area in full]
    found = correlate(pairs, same_model=_same_model(both), one_model=any(item.nature == "model" for pair in both for item in pair))
    if found is None:
        raise InputError(
            f"{len(full)} areas ({level}) have both {x} and {y}, and they must differ: at least {LEAST_AREAS} are needed.",
            code="monitor.too_few_areas",
            remedy="Choose another level, or other indicators; `knopenkaart monitor check` tells of how many areas there are figures.",
        )
    columns = list(zip(*(told[area.code] for area in full), strict=True))
    return Together(
        correlation=found,
        level=level,
        areas=len(areas),
        years=tuple(_most([item.year for item in column]) for column in columns),
        natures=tuple(_most([item.nature for item in column]) for column in columns),
    )


def _indicator(name: str, catalogue: Catalogue) -> Indicator:
    if name not in catalogue.indicators:
        raise InputError(f"There is no indicator {name}.", code="monitor.no_indicator", remedy="docs/reference/indicators.md lists them.")
    return catalogue.indicators[name]


def _areas(stored: Stored, wanted: Sequence[Indicator], level: str, within: str) -> list[AreaValues]:
    table = pd.DataFrame(stored.table("monitor_areas").drop(columns="geometry"))
    rows = table[table["level"] == level]
    if within:
        rows = rows[rows["municipality_code"] == within]
    figures = stored.table("monitor_figures")
    asked = {"population"} | {name for item in wanted for name in needed(item)}
    figures = figures[figures["indicator"].isin(asked) & (figures["group"] == ALL) & figures["area_code"].isin(rows["code"])]
    names = [item.id for item in wanted]
    # Each division has its own figures; the last one that has them all is taken, for a code means nothing without its year.
    years = [year for year in figures["area_year"].unique() if set(names) <= set(figures.loc[figures["area_year"] == year, "indicator"])]
    if not years:
        raise InputError(
            f"No division of the monitor has {' and '.join(names)} per {level}{f' in {within}' if within else ''}.",
            code="monitor.too_few_areas",
            remedy="`knopenkaart monitor check` tells which figures there are.",
        )
    year = int(max(years))
    return area_values(to_plain(rows[rows["year"] == year]), figures[figures["area_year"] == year])


def _nodes(study: Study | None, level: str) -> Mapping[str, int]:
    """Open places of a kind that counts, per area that the extract covers."""
    if study is None:
        raise InputError("The number of nodes stands in a study.", code="monitor.no_study", remedy="Give it with --study STUDY.")
    places = study.table("places")
    counted = places[places["kind"].isin(study.counting) & (places["status"] == "open") & ~places["neighbour"] & ~places["digital"]]
    covered = study.table("coverage")
    codes = covered.loc[covered["status"] == "covered", "area_code"]
    number = Counter(counted[_CODE_OF[level]].dropna())
    return {str(code): number[code] for code in codes}


def _value(name: str, area: AreaValues, catalogue: Catalogue, nodes: Mapping[str, int]) -> Estimate:
    if name not in (NODES, NODES_PER_1000):
        return estimate(area, catalogue.indicators[name])
    count, people = nodes.get(area.code), area.value("population")
    if name == NODES_PER_1000:
        value = 1000 * count / people.value if count is not None and people is not None and people.value else None
    else:
        value = None if count is None else float(count)
    return Estimate(value, None, None, "count" if name == NODES else "per_1000", "none", "own", area.year, "", None, "")


def _pair(area: AreaValues, told: Sequence[Estimate]) -> Pair:
    people = area.value("population")
    return Pair(
        code=area.code,
        x=float(told[0].value or 0.0),
        y=float(told[1].value or 0.0),
        cluster=area.municipality_code,
        # The code of a buurt begins with that of its wijk, also where the file does not hold wijken.
        coarse=area.wijk_code or (f"WK{area.code[2:8]}" if area.code.startswith("BU") else ""),
        people=people.value if people else None,
        third=told[2].value if len(told) > 2 else None,
    )


def _same_model(told: Sequence[Sequence[Estimate]]) -> bool:
    """Whether one source reckoned both figures."""
    return any(one.nature == other.nature == "model" and one.source == other.source for one, other in told)


def _most(values: Sequence[Item]) -> Item:
    return Counter(values).most_common(1)[0][0]
