# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many places: the lines as they were reckoned, and the grid of settings between whose points a page may choose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from knopenkaart_web.meeting.opening import Opened, Row
from knopenkaart_web.meeting.views_data import Axis, Band, Line, Plateau, Settings, Spot

MEASURES = ("familiar", "across", "encounters", "visits", "near_500", "near_800", "cost")
DEMANDS, PROGRAMMES = ("elastic", "fixed"), ("own", "fixed")
# What a municipality can influence lies between the values that were reckoned; of a convention one of them is chosen.
SLIDING, CONVENTIONS = ("frequency", "notices", "foyer"), ("times", "weeks")
AXES = (*SLIDING, *CONVENTIONS)


def scopes(found: Opened) -> list[str]:
    """The areas of which there is a curve."""
    return list(dict.fromkeys(row["area_code"] for row in found.file.rows("curve_plateaus")))


def programmes(found: Opened, code: str) -> list[str]:
    """The programmes of which there is a curve."""
    known = {row["programme"] for row in found.file.rows("curve_plateaus", area_code=code)}
    return [item for item in PROGRAMMES if item in known]


def lines(found: Opened, code: str, *, programme: str) -> list[Line]:
    """Every measure under every demand, in the order of a page."""
    plateaus = {(row["demand"], row["programme"], row["measure"]): row for row in found.file.rows("curve_plateaus", area_code=code)}
    result = []
    for demand in DEMANDS:
        rows = found.file.rows("curve_points", area_code=code, demand=demand, programme=programme)
        for measure in MEASURES:
            spots = sorted((_spot(row) for row in rows if row["measure"] == measure), key=lambda spot: spot.open)
            row = plateaus.get((demand, programme, measure))
            if spots:
                result.append(Line(demand=demand, measure=measure, spots=tuple(spots), plateau=_plateau(row) if row else None))
    return result


def _spot(row: Row) -> Spot:
    return Spot(open=row["open"], band=Band(row["value"], row["low"], row["high"]))


def _plateau(row: Row) -> Plateau:
    return Plateau(**{name: row[name] for name in ("measure", "now", "first", "last", "enough", "share", "sure")})


def plateau(found: Opened, code: str, *, demand: str, programme: str, measure: str) -> Plateau | None:
    """The plateau of one measure; None where it was not reckoned."""
    rows = found.file.rows("curve_plateaus", area_code=code)
    wanted = (demand, programme, measure)
    return next((_plateau(row) for row in rows if (row["demand"], row["programme"], row["measure"]) == wanted), None)


class Grid:
    """The results of all settings of one area, demand and programme; between the points of what slides it is linear."""

    def __init__(self, rows: Iterable[Row], taken: Settings) -> None:
        rows = list(rows)
        self.taken = taken
        self.opens: tuple[int, ...] = tuple(sorted({row["open"] for row in rows}))
        self.axes = {name: _axis(name, rows, getattr(taken, name)) for name in AXES} if rows else {}
        self._at = {(*(row[name] for name in AXES), row["open"]): row for row in rows}

    def __bool__(self) -> bool:
        return bool(self._at)

    def settings(self, wanted: dict[str, float | None]) -> Settings:
        """Settings within what was reckoned: what is not wanted is as taken, and of a convention the nearest that there is."""
        chosen = {name: self._within(axis, wanted.get(name)) for name, axis in self.axes.items()}
        return Settings(**{name: int(value) if name in CONVENTIONS else value for name, value in chosen.items()})  # type: ignore[arg-type]

    def _within(self, axis: Axis, wanted: float | None) -> float:
        value = axis.taken if wanted is None else wanted
        if axis.name in CONVENTIONS:
            return min(axis.values, key=lambda known: (abs(known - value), known))
        return min(max(value, axis.values[0]), axis.values[-1])

    def line(self, settings: Settings, measure: str) -> list[tuple[int, float]]:
        """A measure (familiar, across or encounters) over the number of open places; a number that was not reckoned is left out."""
        corners = list(self._corners(settings))
        result = []
        for places in self.opens:
            rows = [(weight, self._at.get((*point, places))) for weight, point in corners]
            if all(row is not None for _, row in rows):
                result.append((places, sum(weight * row[measure] for weight, row in rows if row is not None)))
        return result

    def _corners(self, settings: Settings) -> Iterable[tuple[float, tuple[float, ...]]]:
        """The points around the settings, with what each weighs."""
        around = [_between(self.axes[name].values, getattr(settings, name)) for name in AXES]
        for corner in product(*around):
            weight = 1.0
            for part, _ in corner:
                weight *= part
            yield weight, tuple(value for _, value in corner)


def grid(found: Opened, code: str, *, demand: str, programme: str) -> Grid:
    """The grid of one area, demand and programme; empty where it was not reckoned."""
    about = found.document
    known = {item["name"]: item["value"] for item in about["assumptions"]}
    taken = Settings(times=about["times"], weeks=about["weeks"], notices=1.0, frequency=1.0, foyer=known.get("foyer", 0.0))
    return Grid(found.file.rows("curve_grid", area_code=code, demand=demand, programme=programme), taken)


def _axis(name: str, rows: Sequence[Row], taken: float) -> Axis:
    values = tuple(sorted({row[name] for row in rows}))
    return Axis(name=name, values=values, taken=min(values, key=lambda value: (abs(value - taken), value)))


def _between(values: Sequence[float], value: float) -> list[tuple[float, float]]:
    """The one or two values around one, with what each weighs."""
    if value in values:
        return [(1.0, value)]
    low = max((known for known in values if known < value), default=values[0])
    high = min((known for known in values if known > value), default=values[-1])
    if low == high:
        return [(1.0, low)]
    part = (value - low) / (high - low)
    return [(1 - part, low), (part, high)]
