# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many places: the lines as they were reckoned, and the grid of settings between whose points a page may choose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

from knopenkaart_web.meeting.opening import Opened, Row
from knopenkaart_web.meeting.queries import public
from knopenkaart_web.meeting.views_data import Axis, Band, Beside, Kept, Line, Plateau, Settings, Spot

MEASURES = ("share", "familiar", "more", "across", "encounters", "visits", "near_500", "near_800", "cost")
DEMANDS, PROGRAMMES = ("elastic", "fixed"), ("own", "fixed")
# Of these it is told between which numbers of places it makes no difference.
FLAT = frozenset({"share", "familiar"})
# What a municipality can influence lies between the values that were reckoned; of a convention one of them is chosen.
SLIDING, CONVENTIONS = ("frequency", "notices", "foyer"), ("times", "weeks")
# What a measure is called in the file.
COLUMNS = {"familiar": "faces", "across": "faces_across", "encounters": "encounters"}
AXES = (*SLIDING, *CONVENTIONS)


def scopes(found: Opened) -> list[str]:
    """The areas of which there is a curve."""
    return list(dict.fromkeys(row["area_code"] for row in found.file.rows("curve_findings")))


def programmes(found: Opened, code: str) -> list[str]:
    """The programmes of which there is a curve."""
    known = {row["programme"] for row in found.file.rows("curve_findings", area_code=code)}
    return [item for item in PROGRAMMES if item in known]


def plateaus(found: Opened, code: str, *, programme: str) -> dict[str, Plateau]:
    """Per demand the plateau of recognition."""
    return {row["demand"]: _plateau(row) for row in found.file.rows("curve_findings", area_code=code) if row["programme"] == programme}


def lines(found: Opened, code: str, *, programme: str) -> list[Line]:
    """Every measure under every demand, in the order of a page."""
    flat = plateaus(found, code, programme=programme)
    result = []
    for demand in DEMANDS:
        rows = sorted(found.file.rows("curve_points", area_code=code, demand=demand, programme=programme), key=lambda row: row["places"])
        for measure in MEASURES if rows else ():
            spots = tuple(Spot(open=row["places"], band=_band(measure, row, flat.get(demand))) for row in rows)
            result.append(Line(demand=demand, measure=measure, spots=spots, plateau=flat.get(demand) if measure in FLAT else None))
    return result


def _band(measure: str, row: Row, flat: Plateau | None) -> Band:
    # Nothing is more than itself: with the places of now there is no chance to tell.
    itself = measure == "more" and flat is not None and row["places"] == flat.now
    return Band(None) if itself else _BANDS[measure](row)


def beside_now(found: Opened, code: str, *, demand: str, programme: str, places: int) -> Beside | None:
    """Recognition with so many places beside that with all of now; None where either was not told, or it is the number of now."""
    rows = {row["places"]: row for row in found.file.rows("curve_points", area_code=code, demand=demand, programme=programme)}
    then = rows.get(places)
    if then is None or places == max(rows) or then.get("above_now") is None or then.get("beside_now") is None:
        return None
    return Beside(open=places, more=then["beside_now"] - 1, chance=then["above_now"])


def numbers(found: Opened, code: str) -> list[int]:
    """The numbers of places of which it is told which are open."""
    return sorted({row["places"] for row in found.file.rows("curve_open", area_code=code)})


def kept(found: Opened, code: str, *, places: int) -> list[Kept]:
    """The places of the curve that are public still, with whether they are open with so many."""
    opened = {row["place_id"] for row in found.file.rows("curve_open", area_code=code, places=places)}
    rows = found.file.rows("curve_order", area_code=code)
    return [
        Kept(place_id=row["place_id"], open=row["place_id"] in opened, least=row["least"]) for row in rows if public(found, row["place_id"])
    ]


def _plateau(row: Row) -> Plateau:
    return Plateau(
        now=row["candidates"],
        first=row["plateau_low"],
        last=row["plateau_high"],
        enough=row["places"],
        share=row["share"],
        sure=row["share_sure"],
    )


_BANDS: Mapping[str, Callable[[Row], Band]] = {
    # From what is surely had up to what is expected.
    "share": lambda row: Band(row["share"], row["share_low"], row["share"]),
    "familiar": lambda row: Band.of(row, "faces"),
    "more": lambda row: Band(row.get("above_now")),
    "across": lambda row: Band.of(row, "faces_across"),
    "encounters": lambda row: Band.of(row, "encounters"),
    "visits": lambda row: Band.of(row, "visits"),
    "near_500": lambda row: Band(row["within_500"]),
    "near_800": lambda row: Band(row["within_800"]),
    "cost": lambda row: Band.of(row, "cost") if "cost" in row else Band(None),
}


class Grid:
    """The results of all settings of one area and demand; between the points of what slides it is linear."""

    def __init__(self, rows: Iterable[Row], taken: Settings) -> None:
        rows = list(rows)
        self.taken = taken
        self.opens: tuple[int, ...] = tuple(sorted({row["places"] for row in rows}))
        self.axes = {name: _axis(name, rows, getattr(taken, name)) for name in AXES} if rows else {}
        self._at = {(*(row[name] for name in AXES), row["places"]): row for row in rows}

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
        """A measure (familiar, across or encounters) over the number of open places; what was not reckoned is left out."""
        column = COLUMNS[measure]
        corners = list(self._corners(settings)) if self else []
        result = []
        for places in self.opens:
            rows = [(weight, self._at.get((*point, places))) for weight, point in corners]
            if all(row is not None and row[column] is not None for _, row in rows):
                result.append((places, sum(weight * row[column] for weight, row in rows if row is not None)))
        return result

    def wins(self) -> dict[int, tuple[int, int]]:
        """Per number of places but the most: with how many of the conventions, of all, it gives more recognition than the most places do.

        How many others one takes in is one of these too; what else can be set is as it is taken.
        """
        if not self:
            return {}
        names = ("notices", *CONVENTIONS)
        found = {}
        for places in self.opens[:-1]:
            pairs = []
            for values in product(*(self.axes[name].values for name in names)):
                point = tuple(dict(zip(names, values, strict=True)).get(name, self.axes[name].taken) for name in AXES)
                few, all_open = (self._at.get((*point, number)) for number in (places, self.opens[-1]))
                if few and all_open and few["faces"] is not None and all_open["faces"] is not None:
                    pairs.append(few["faces"] > all_open["faces"])
            found[places] = sum(pairs), len(pairs)
        return found

    def _corners(self, settings: Settings) -> Iterable[tuple[float, tuple[float, ...]]]:
        """The points around the settings, with what each weighs."""
        around = [_between(self.axes[name].values, getattr(settings, name)) for name in AXES]
        for corner in product(*around):
            weight = 1.0
            for part, _ in corner:
                weight *= part
            yield weight, tuple(value for _, value in corner)


def grid(found: Opened, code: str, *, demand: str) -> Grid:
    """The grid of one area and demand, each place with its own programme; empty where it was not reckoned."""
    about = found.document
    known = {item["name"]: item["value"] for item in about["assumptions"]}
    taken = Settings(times=about["times"], weeks=about["weeks"], notices=1.0, frequency=1.0, foyer=known.get("foyer", 0.0))
    return Grid(found.file.rows("curve_grid", area_code=code, demand=demand), taken)


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
