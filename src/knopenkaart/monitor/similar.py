# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which areas elsewhere look most like an area, and in what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from math import log, sqrt
from statistics import fmean, pstdev, quantiles

from knopenkaart.monitor.estimates import shown_unit
from knopenkaart.monitor.records import ALL, AreaValues, Value
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator

# Shares of fewer inhabitants swing too much with chance and rounding to look for their like.
LEAST_PEOPLE = 200
# Two areas are compared when they share at least this part of the features.
LEAST_SHARED = 2 / 3
# The size of an area is a feature of its own: on a log scale, for twice as many is as far at any size.
SIZE = "population"
# The distance between the quartiles of a normal distribution, in standard deviations.
QUARTILES = 1.349

Row = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Features:
    """What areas are compared by: `names` of the features, `weights` (they add up to 1), `raw` values (shares in percent, inhabitants), the
    same on one `scale`, the `homes` (municipality of each area), and the areas `left_out` with the reason ("few" or "missing")."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    raw: Mapping[str, Row]
    scale: Mapping[str, Row]
    homes: Mapping[str, str]
    left_out: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature of two areas: shares in percent (inhabitants as a number), and how far apart on the common scale (1 is about a standard
    deviation between areas)."""

    indicator: str
    mine: float
    theirs: float
    distance: float


@dataclass(frozen=True, slots=True)
class Similar:
    """An area that looks like another. `distance` 0 is the same; `reasons` are all features that both have, the nearest first."""

    code: str
    distance: float
    reasons: tuple[Reason, ...]

    def nearest(self, count: int = 3) -> tuple[Reason, ...]:
        """In what they are most alike."""
        return self.reasons[:count]

    def farthest(self, count: int = 2) -> tuple[Reason, ...]:
        """In what they differ most, the largest difference first."""
        return tuple(reversed(self.reasons[-count:]))


def features(areas: Iterable[AreaValues], catalogue: Catalogue) -> Features:
    """The shares by which areas are told alike (`alike` in the catalogue), of the latest year, and their size.

    Each is set against the middle of all areas and divided by the distance between their quartiles, so that no outlier sets the scale.
    Every dimension (age, household, origin), theme beyond these, and size weighs the same. A feature that is the same everywhere tells
    nothing and is left out.

    Source: docs/method/similar-areas.md.
    """
    chosen = [item for item in catalogue.indicators.values() if item.alike and item.active]
    names = [*(item.id for item in chosen), SIZE]
    parts = [*(_part(item, catalogue) for item in chosen), SIZE]
    found = list(areas)
    rows = {area.code: _row(area, chosen) for area in found}
    left_out = {code: "missing" if row[-1] is None else "few" for code, row in rows.items() if row[-1] is None or row[-1] < LEAST_PEOPLE}
    raw = {code: row for code, row in rows.items() if code not in left_out}
    scales = [_centre_and_scale([value for value in column if value is not None]) for column in _columns(raw, names)]
    kept = [index for index, (_, width) in enumerate(scales) if width > 0]
    # What nobody has, or all have alike, is no lack of this area.
    least = LEAST_SHARED * len(kept)
    left_out |= {code: "missing" for code, row in raw.items() if sum(row[index] is not None for index in kept) < least}
    raw = {code: tuple(row[index] for index in kept) for code, row in raw.items() if code not in left_out}
    names = [names[index] for index in kept]
    columns = [_scaled(column, *scales[index]) for index, column in zip(kept, _columns(raw, names), strict=True)]
    return Features(
        tuple(names),
        _weights([parts[index] for index in kept]),
        raw,
        dict(zip(raw, zip(*columns, strict=True), strict=True)) if columns else {},
        {area.code: area.municipality_code or area.code for area in found},
        left_out,
    )


def wanted(catalogue: Catalogue) -> tuple[str, ...]:
    """The indicators whose figures `features` looks at: those by which areas are told alike, and what these are a part of."""
    chosen = [item for item in catalogue.indicators.values() if item.alike and item.active]
    return tuple(dict.fromkeys(name for name in (*(item.id for item in chosen), *(item.of for item in chosen), SIZE) if name))


def similar(features: Features, code: str, *, count: int = 10, elsewhere: bool = True) -> list[Similar]:
    """The areas that look most like one, the nearest first; `elsewhere`: in other municipalities only.

    The distance is the root of the weighted mean of squared differences over the features that both have. There are none for an area that
    was left out: `features.left_out` says why.

    Source: docs/method/similar-areas.md.
    """
    mine = features.scale.get(code)
    if mine is None:
        return []
    home = features.homes[code]
    least = LEAST_SHARED * len(mine)
    found = []
    for other, theirs in features.scale.items():
        if other == code or (elsewhere and features.homes[other] == home):
            continue
        total = weight = 0.0
        shared = 0
        for one, two, heavy in zip(mine, theirs, features.weights, strict=True):
            if one is not None and two is not None:
                total += heavy * (one - two) * (one - two)
                weight += heavy
                shared += 1
        if shared >= least:
            found.append((sqrt(total / weight), other))
    return [Similar(other, distance, _reasons(features, code, other)) for distance, other in nsmallest(count, found)]


def _row(area: AreaValues, chosen: Sequence[Indicator]) -> Row:
    """The features of an area: its latest shares in percent, and its inhabitants last."""
    latest: dict[str, Value] = {}
    by_year: dict[tuple[str, int], float] = {}
    for item in area.values:
        if item.group == ALL and item.value is not None:
            if item.unit == "count":
                by_year[item.indicator, item.year] = item.value
            before = latest.get(item.indicator)
            if before is None or before.year < item.year:
                latest[item.indicator] = item
    people = latest.get(SIZE)
    return (*(_share(latest.get(item.id), item, by_year) for item in chosen), people.value if people else None)


def _share(value: Value | None, indicator: Indicator, by_year: Mapping[tuple[str, int], float]) -> float | None:
    if value is None or value.value is None:
        return None
    if value.unit == "count" and shown_unit(indicator) == "percent":
        whole = by_year.get((indicator.of, value.year))
        return 100 * value.value / whole if whole else None
    return value.value


def _columns(rows: Mapping[str, Row], names: Sequence[str]) -> list[list[float | None]]:
    """The values per feature, size on its log scale."""
    return [
        [None if (value := row[index]) is None else log(value) if name == SIZE else value for row in rows.values()]
        for index, name in enumerate(names)
    ]


def _centre_and_scale(values: Sequence[float]) -> tuple[float, float]:
    """Middle and robust spread; where half of the areas are equal, the plain spread."""
    if len(values) < 2:
        return 0.0, 0.0
    low, middle, high = quantiles(values, n=4)
    return (middle, (high - low) / QUARTILES) if high > low else (fmean(values), pstdev(values))


def _scaled(column: Sequence[float | None], centre: float, width: float) -> list[float | None]:
    return [None if value is None else (value - centre) / width for value in column]


def _part(indicator: Indicator, catalogue: Catalogue) -> str:
    """What a feature tells of: the dimension of its group, else its theme."""
    return catalogue.groups[indicator.group].dimension if indicator.group else indicator.theme


def _weights(parts: Sequence[str]) -> tuple[float, ...]:
    different = len(set(parts))
    return tuple(1 / different / parts.count(part) for part in parts)


def _reasons(features: Features, code: str, other: str) -> tuple[Reason, ...]:
    found = [
        Reason(name, mine, theirs, abs(one - two))
        for name, mine, theirs, one, two in zip(
            features.names, features.raw[code], features.raw[other], features.scale[code], features.scale[other], strict=True
        )
        if mine is not None and theirs is not None and one is not None and two is not None
    ]
    return tuple(sorted(found, key=lambda item: item.distance))
