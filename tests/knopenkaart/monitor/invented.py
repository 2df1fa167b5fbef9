# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Areas, figures and indicators made up for tests, with as few words as possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from knopenkaart.monitor.estimates import Difference, Estimate, estimate
from knopenkaart.monitor.records import ALL, AreaValues, Value
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator, Publication, Theme

CHECKED = Publication("CBS", "1", "2", ("wijk",), checked="by hand")
ROUNDED = {"count": {"wijk": 5, "municipality": 5}, "percent": {"wijk": 1, "municipality": 1}}


def figure(
    indicator: str, value: float | None, unit: str = "count", *, year: int = 2024, group: str = ALL, nature: str = "register"
) -> Value:
    return Value(indicator, year, value, unit, "cbs", nature, group=group)


def survey(indicator: str, value: float, n: float | None, *, year: int = 2024, group: str = ALL) -> Value:
    return replace(figure(indicator, value, "percent", year=year, group=group, nature="survey"), n=n)


def wijk(*values: Value, code: str = "WK000101", home: str = "GM0001") -> AreaValues:
    return AreaValues(code, 2024, "wijk", "Noord", home, "", values)


def municipality(*values: Value, code: str = "GM0001") -> AreaValues:
    return AreaValues(code, 2024, "municipality", "Dorp", "", "", values)


def indicator(
    name: str,
    *,
    unit: str = "count",
    aggregate: str = "count",
    of: str = "",
    theme: str = "population",
    direction: str = "neutral",
    nature: str = "register",
    wheel: bool = True,
    alike: bool = False,
    rounding: Mapping[str, Mapping[str, float]] | None = None,
) -> Indicator:
    """An indicator that may be shown. Its names are its identifier, in capitals in English."""
    made = Indicator(name, name, name.upper(), name, name, theme, unit, aggregate, nature, direction, of, wheel=wheel, alike=alike)
    return replace(made, rounding=rounding or {}, published=(CHECKED,))


def catalogue(*indicators: Indicator) -> Catalogue:
    themes = {name: Theme(name, name.title(), name.upper(), "", "") for name in dict.fromkeys(item.theme for item in indicators)}
    return Catalogue(themes, {item.id: item for item in indicators}, {}, {})


def share(value: float, n: float) -> Estimate:
    """A share in percent of n people, without rounding."""
    old = indicator("old", of="population")
    return estimate(wijk(figure("old", value / 100 * n), figure("population", n)), old)


def bounds(found: Estimate | Difference) -> tuple[float, float]:
    """The interval, which must be there."""
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


def plain(value: float | None, low: float | None, high: float | None, *, unit: str = "percent", basis: str = "published") -> Estimate:
    return Estimate(value, low, high, unit, basis if low is not None else "none", "survey", 2024, "ggd", None)
