# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A figure of an area with what is known of its margin, and whether two of them can be told apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot, sqrt

from knopenkaart.monitor._margins import Z, events, wilson
from knopenkaart.monitor.records import ALL, AreaValues, Value
from knopenkaart.vocabulary.catalogue import Indicator

# The reason of a value that is there, of which nobody knows how sure it is: only a part was counted, say. Chance is not all then.
NO_MARGIN = "no_margin"
# A register counts everybody, yet a mean of few hangs on a few: below this number its margin is said to be unknown.
MEAN_LEAST = 100
# Figures of so many in each of these units are shares of people or numbers of events among them.
PER = {"percent": 100.0, "per_1000": 1000.0}
# Means over homes or the people in them: where their own number is not known, that of homes tells whether they are few.
OVER_HOMES = frozenset({"eur_1000", "persons", "per_household", "kwh", "m3"})
# What a percentage of a register rests on where its own number is not known: the smallest of the numbers that such figures are parts of.
STAND_IN = ("households", "dwellings")
# Shares of people who may be fewer than the households: nothing stands in for their number, and the margin is unknown.
OF_FEWER = frozenset({"youth_care"})
# Of these kinds of figures n is a number of people.
COUNTED = ("register", "own")
# So many decimals of a margin are more than any figure has, and fewer than a float errs in.
FLOAT_DIGITS = 9
# From here an area is taken to be the whole of what it is compared with.
WHOLE = 0.999


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its margin.

    `value`, `low` and `high` are in `unit`; empty where not known, and `reason` says why. `basis` tells where the margin comes from:
    "chance" (95 % interval of a share of people, widened by rounding), "rounding" (only what the source's rounding allows), "published"
    (the source gives it) or "none" (not known: low and high are empty). `n` is the number of people, households or answers behind it, or
    what stands in for that (`assumed`); `rounding` how far rounding alone may have moved the value.
    """

    value: float | None
    low: float | None
    high: float | None
    unit: str
    basis: str
    nature: str
    year: int | None
    source: str
    n: float | None
    reason: str = ""
    rounding: float = 0.0
    assumed: bool = False

    @property
    def told_n(self) -> float | None:
        """What the figure rests on, as far as that is known and may be told."""
        return None if self.assumed or self.value is None else self.n

    @property
    def bounded(self) -> bool:
        """Whether a margin is known: without one it is compared with nothing."""
        return self.value is not None and self.low is not None and self.high is not None

    def at(self, z: float) -> tuple[float, float]:
        """The interval at so many standard deviations. Raises ValueError where no margin is known."""
        if self.value is None or self.low is None or self.high is None:
            raise ValueError("an estimate without a margin has no interval")
        if self.basis == "chance" and self.n:
            return _chance(self.value, self.n, self.unit, self.rounding, z)
        low = self.value - self.rounding - (self.value - self.low - self.rounding) * z / Z
        high = self.value + self.rounding + (self.high - self.value - self.rounding) * z / Z
        return round(low, FLOAT_DIGITS), round(high, FLOAT_DIGITS)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much higher the one is than the other, with a 95 % interval.

    `verdict`: "higher", "lower", "same" (they cannot be told apart) or "unknown" (a margin is not known). `other_kind`: the two came about
    in different ways (a register, a survey, the municipality itself), so that they may differ by that alone. `z`: how many standard
    deviations of chance lie between the two beyond what rounding allows; None where no chance is in it. `rounding` is the part of the
    interval below and above that is no chance.
    """

    value: float | None
    low: float | None
    high: float | None
    verdict: str
    other_kind: bool = False
    z: float | None = None
    rounding: tuple[float, float] = (0.0, 0.0)

    def at(self, z: float) -> tuple[float, float]:
        """The interval at so many standard deviations. Raises ValueError where there is none."""
        if self.value is None or self.low is None or self.high is None:
            raise ValueError("a difference without a margin has no interval")
        low, high = self.value - self.rounding[0], self.value + self.rounding[1]
        ends = low - (low - self.low) * z / Z, high + (self.high - high) * z / Z
        return round(ends[0], FLOAT_DIGITS), round(ends[1], FLOAT_DIGITS)


UNKNOWN = Difference(None, None, None, "unknown")


def estimate(
    area: AreaValues, indicator: Indicator, *, group: str = ALL, year: int | None = None, beside: Estimate | None = None
) -> Estimate:
    """The figure of an area with its margin.

    A count with `of` becomes a share of it in percent; other figures stay as they were published. Without a year it is the latest that has
    a value. Where sources tell the same, that of the figure that it stands `beside` goes first.

    Source: docs/method/comparing-areas.md.
    """
    value = area.value(indicator.id, group=group, year=year, source=beside.source if beside else "")
    if value is None:
        return Estimate(None, None, None, shown_unit(indicator), "none", indicator.nature, year, "", None, "absent")
    if value.value is None:
        reason = value.reason or "missing"
        return Estimate(None, None, None, shown_unit(indicator), "none", value.nature, value.year, value.source, value.n, reason)
    if indicator.aggregate == "count" and indicator.of and value.unit == "count":
        return _part(area, indicator, value)
    return _published(area, indicator, value)


def needed(indicator: Indicator) -> tuple[str, ...]:
    """The indicators of which `estimate` and `share_inside` read figures: with fewer at hand an indicator may lose its margin."""
    return tuple(dict.fromkeys(name for name in (indicator.id, indicator.of, "population", *STAND_IN) if name))


def shown_unit(indicator: Indicator) -> str:
    """The unit in which an indicator is shown and compared."""
    return "percent" if indicator.aggregate == "count" and indicator.of and indicator.unit == "count" else indicator.unit


def difference(mine: Estimate, theirs: Estimate, *, inside: float | None = None) -> Difference:
    """How much higher `mine` is than `theirs`, in their unit, with the 95 % interval.

    `inside` is the share (0 to 1) of the people behind `theirs` that live in mine: mine is then compared with the rest, and the difference
    scaled back to the whole. Of figures of another nature it is marked as `other_kind`.

    Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; docs/method/comparing-areas.md.
    """
    if mine.value is None or theirs.value is None or mine.unit != theirs.unit:
        return UNKNOWN
    if mine.nature != theirs.nature:
        # The same people, counted in two ways, are not a part of one another.
        return replace(difference(mine, replace(theirs, nature=mine.nature)), other_kind=True)
    gap = mine.value - theirs.value
    if not (mine.bounded and theirs.bounded):
        return Difference(gap, None, None, "unknown")
    if not inside or (mine.basis == "rounding" and theirs.basis == "rounding"):
        return _difference(mine, theirs, scale=1.0, gap=gap)
    part = _part_inside(mine, theirs, inside)
    if part >= WHOLE:
        return Difference(gap, gap, gap, "same")
    return _difference(mine, _rest(mine, theirs, part), scale=1 - part, gap=gap)


def exceeds(mine: Estimate, theirs: Estimate, *, times: float, inside: float | None = None) -> bool:
    """Whether `mine` is demonstrably more than so many times `theirs`: the whole 95 % interval of mine - times x theirs lies above nothing.

    `inside` as in `difference`. False where a margin is not known, or the two are of another unit or nature. Source: Newcombe (1998), as
    `difference`; docs/method/groups-and-places.md.
    """
    if not (mine.bounded and theirs.bounded) or (mine.unit, mine.nature) != (theirs.unit, theirs.nature):
        return False
    part = _part_inside(mine, theirs, inside) if inside else 0.0
    # With w the part inside, mine - t x theirs is (1 - t w) x mine - t (1 - w) x the rest.
    own, other = 1 - times * part, times * (1 - part)
    if own <= 0:
        return False
    rest = _rest(mine, theirs, part) if part else theirs
    chance = hypot(own * _apart(mine, below=True), other * _apart(rest, below=False))
    gap = (mine.value or 0.0) - times * (theirs.value or 0.0)
    return gap - chance - own * _rounded(mine, below=True) - other * _rounded(rest, below=False) > 0


def share_inside(area: AreaValues, other: AreaValues, size: Indicator | None = None) -> float | None:
    """The share of the inhabitants of `other` that live in `area`; None where it does not lie in it, or that is not known.

    With `size`, the indicator that counts a group, it is the share of that group where its number is known on both sides: a group may live
    together.
    """
    if area.code == other.code and area.year == other.year:
        return 1.0
    if other.level != "country" and other.code not in (area.municipality_code, area.wijk_code):
        return None
    for name in (size.id if size else "", "population"):
        mine, theirs = area.value(name), other.value(name)
        if mine and theirs and mine.value is not None and theirs.value and mine.unit == theirs.unit == "count":
            return min(1.0, mine.value / theirs.value)
    return None


def _part(area: AreaValues, indicator: Indicator, value: Value) -> Estimate:
    """A count as a share of what it is a part of."""
    count = value.value or 0.0
    whole = _whole(area, indicator.of, value)
    if whole is None or not whole.value:
        return Estimate(None, None, None, "percent", "none", value.nature, value.year, value.source, None, "no_denominator")
    per = 100 / whole.value
    share = 100 * count / whole.value
    if value.low is not None and value.high is not None:
        return _made(value, share, value.low * per, value.high * per, "published", value.n, unit="percent")
    n = value.n if value.nature == "survey" else whole.value
    if value.nature == "model" or not n:
        return _made(value, share, None, None, "none", n, unit="percent")
    # What it is a part of stands in the same table, rounded in the same way.
    half = 0.0 if value.nature == "own" else indicator.step("count", area.level) / 2
    top = 100 * (count + half) / (whole.value - half) if whole.value > half else 100.0
    bottom = 100 * max(0.0, count - half) / (whole.value + half)
    return _with_chance(value, share, n, "percent", max(top - share, share - bottom))


def _whole(area: AreaValues, of: str, value: Value) -> Value | None:
    """What a count is a part of: of the same group and year, if possible of the same source."""
    found = [
        item
        for item in area.values
        if item.indicator == of
        and item.group == value.group
        and item.year == value.year
        and item.unit == "count"
        and item.value is not None
    ]
    return next((item for item in found if item.source == value.source), found[0] if found else None)


def _published(area: AreaValues, indicator: Indicator, value: Value) -> Estimate:
    """A figure as it was published, and whether another number stands in for how many people or homes it rests on."""
    n = _behind(area, indicator, value)
    stands_in = n is not None and value.n is None and (not indicator.of or _whole(area, indicator.of, value) is None)
    return replace(_with_margin(area, indicator, value, n), assumed=stands_in)


def _with_margin(area: AreaValues, indicator: Indicator, value: Value, n: float | None) -> Estimate:
    """A figure with the margin that it came with, or that can be reckoned."""
    number = value.value or 0.0
    rounding = _rounding(area, indicator, value)
    if value.reason == NO_MARGIN:
        return _made(value, number, None, None, "none", n, reason=NO_MARGIN)
    if value.low is not None and value.high is not None:
        half = (value.high - value.low) / 2 if value.only_rounding else 0.0
        return _made(value, number, value.low, value.high, "rounding" if half else "published", n, rounding=half)
    if value.nature == "model" or value.unit == "class":
        return _made(value, number, None, None, "none", n)
    if value.unit in PER and n and not _of_surface(area, indicator, value):
        return _with_chance(value, number, n, value.unit, rounding)
    if value.nature != "register" or (value.unit in PER and not _of_surface(area, indicator, value)):
        return _made(value, number, None, None, "none", n)
    if n is not None and n < MEAN_LEAST:
        return _made(value, number, None, None, "none", n, reason="few")
    # Margins that just touch overlap, whatever the last bits of a float say.
    low, high = round(number - rounding, FLOAT_DIGITS), round(number + rounding, FLOAT_DIGITS)
    return _made(value, number, low, high, "rounding", n, rounding=rounding)


def _behind(area: AreaValues, indicator: Indicator, value: Value) -> float | None:
    """How many people or homes a figure rests on: as given, else what it is a part of, else (of everybody) the households or dwellings.

    These are the smallest of the numbers that such a figure is usually a part of, so the margin is rather too wide than too narrow.
    """
    if value.n is not None or value.nature not in COUNTED:
        return value.n
    whole = _whole(area, indicator.of, value) if indicator.of else None
    if whole is not None:
        return whole.value
    if value.nature != "register" or value.group != ALL or value.unit not in (*PER, *OVER_HOMES) or indicator.id in OF_FEWER:
        return None
    near = (area.value(name, year=value.year) or area.value(name) for name in STAND_IN)
    return next((item.value for item in near if item is not None and item.unit == "count" and item.value), None)


def _of_surface(area: AreaValues, indicator: Indicator, value: Value) -> bool:
    """Whether a percentage is one of square kilometres, which are no draws."""
    return bool(indicator.of) and any(
        item.indicator == indicator.of and item.unit == "km2" for item in area.values if item.year == value.year
    )


def _rounding(area: AreaValues, indicator: Indicator, value: Value) -> float:
    """Half of the step to which the source rounds; where the catalogue does not tell it, the last decimal that was published."""
    step = 0.0 if value.nature == "own" else indicator.step(value.unit, area.level)
    if step or value.unit == "count" or value.value is None:
        return step / 2
    about = (value.indicator, value.source, value.area_year, value.unit)
    # 5 beside 5.1 in one table is 5.0.
    beside = [item.value for item in area.values if (item.indicator, item.source, item.area_year, item.unit) == about]
    return min(10.0 ** -_decimals(number) / 2 for number in (value.value, *beside) if number is not None)


def _decimals(number: float) -> int:
    return len(f"{number:.6f}".rstrip("0").partition(".")[2])


def _with_chance(value: Value, number: float, n: float, unit: str, rounding: float) -> Estimate:
    low, high = _chance(number, n, unit, rounding, Z)
    return Estimate(number, low, high, unit, "chance", value.nature, value.year, value.source, n, rounding=rounding)


def _made(
    value: Value,
    number: float,
    low: float | None,
    high: float | None,
    basis: str,
    n: float | None,
    *,
    unit: str = "",
    reason: str = "",
    rounding: float = 0.0,
) -> Estimate:
    return Estimate(number, low, high, unit or value.unit, basis, value.nature, value.year, value.source, n, reason, rounding)


def _chance(number: float, n: float, unit: str, rounding: float, z: float) -> tuple[float, float]:
    """The interval of chance in the unit itself, widened on both sides by what rounding allows."""
    per = PER[unit]
    # A part that is rounded up may seem to be more than the whole.
    if unit == "percent" and 0 <= number <= per + rounding:
        low, high = wilson(min(1.0, number / per), n, z)
        return max(0.0, per * low - rounding), min(per, per * high + rounding)
    low, high = events(number / per * n, z)
    return max(0.0, per * low / n - rounding), per * high / n + rounding


def _difference(mine: Estimate, theirs: Estimate, *, scale: float, gap: float) -> Difference:
    """Newcombe's interval: margins of chance add up in squares, those of rounding plainly. `gap` is the difference as shown."""
    below = _apart(mine, below=True), _apart(theirs, below=False)
    above = _apart(mine, below=False), _apart(theirs, below=True)
    rounding = (
        scale * (_rounded(mine, below=True) + _rounded(theirs, below=False)),
        scale * (_rounded(mine, below=False) + _rounded(theirs, below=True)),
    )
    # What differs from nothing in the last bits of a float only is nothing.
    low = round(gap - scale * hypot(*below) - rounding[0], FLOAT_DIGITS)
    high = round(gap + scale * hypot(*above) + rounding[1], FLOAT_DIGITS)
    verdict = "higher" if low > 0 else "lower" if high < 0 else "same"
    spread = scale * hypot(*(below if gap > 0 else above))
    z = max(0.0, abs(gap) - rounding[0 if gap > 0 else 1]) / spread * Z if spread else None
    return Difference(gap, low, high, verdict, z=z, rounding=rounding)


def _apart(item: Estimate, *, below: bool) -> float:
    """How far chance reaches from the value to one side, rounding left out."""
    end = item.low if below else item.high
    return max(0.0, abs((item.value or 0.0) - (end or 0.0)) - item.rounding)


def _rounded(item: Estimate, *, below: bool) -> float:
    """How far rounding may have moved the value to one side: nobody rounds below nothing, or above all."""
    end = item.low if below else item.high
    return min(item.rounding, abs((item.value or 0.0) - (end or 0.0)))


def _part_inside(mine: Estimate, theirs: Estimate, inside: float) -> float:
    """The share of the people behind the one that are behind the other: by their own numbers where both are counted, else as told.

    Answers of a survey are no people, and what stands in for a number is none to divide by one that is known.
    """
    counted = mine.basis == theirs.basis == "chance" and mine.nature == theirs.nature and mine.nature in COUNTED
    if counted and mine.assumed == theirs.assumed and mine.n and theirs.n and inside < WHOLE and mine.n < WHOLE * theirs.n:
        return mine.n / theirs.n
    return inside


def _rest(mine: Estimate, theirs: Estimate, part: float) -> Estimate:
    """What `theirs` is without the part that is mine."""
    left = 1 - part
    whole, own = theirs.value or 0.0, mine.value or 0.0
    value = (whole - part * own) / left
    rounding = (theirs.rounding + part * mine.rounding) / left
    if theirs.basis == "chance" and theirs.n and theirs.unit in PER:
        top = PER[theirs.unit] if theirs.unit == "percent" else float("inf")
        value = min(max(value, 0.0), max(top, whole))
        low, high = _chance(value, theirs.n * left, theirs.unit, rounding, Z)
    else:
        wider = 1 / sqrt(left)
        low = value - wider * _apart(theirs, below=True) - rounding
        high = value + wider * _apart(theirs, below=False) + rounding
    return Estimate(value, low, high, theirs.unit, theirs.basis, theirs.nature, theirs.year, theirs.source, theirs.n, rounding=rounding)
