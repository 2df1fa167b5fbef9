# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is assumed of who meets whom, with its ranges and sources, from vocabulary/meeting.toml."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from knopenkaart.visits.priors import Assumption

# What is drawn anew for every town that may be. Each is a number above 0; shares lie below 1.
DRAWN = ("loyalty", "notices", "stay", "foyer", "elastic")
SHARES = ("loyalty", "foyer", "elastic")
# From the width of a 90 % interval of a normal distribution to its standard deviation.
WIDTH = 2 * 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Habits:
    """How people meet.

    `loyalty`: part of the visits to the own place and daypart; `notices`: people taken in per visit; `stay`: hours; `foyer`: part of a
    session that meets the next; `elastic`: where between fixed (0) and elastic demand (1) the truth lies; `times`, `weeks`: recognising.
    """

    loyalty: float
    notices: float
    stay: float
    foyer: float
    elastic: float
    times: int
    weeks: int


@lru_cache(maxsize=1)
def data() -> Mapping[str, Any]:
    """The file as it stands."""
    return tomllib.loads(files("knopenkaart.vocabulary").joinpath("meeting.toml").read_text(encoding="utf-8"))


def assumptions() -> list[Assumption]:
    """What a page shows beside an answer, each with range, tag and source."""
    return [_assumption(name, data()[name]) for name in (*DRAWN, "dayparts", "cost")]


def _assumption(name: str, entry: Mapping[str, Any]) -> Assumption:
    return Assumption(name, entry["value"], entry["low"], entry["high"], entry["tag"], entry["source"], entry["source_en"])


def habits() -> Habits:
    """What is taken as long as nobody knows better."""
    known = data()
    return Habits(**{name: known[name]["value"] for name in DRAWN}, times=known["convention"]["times"], weeks=known["convention"]["weeks"])


def spread(name: str, normal: float) -> float:
    """The value of an assumption that lies `normal` standard deviations above the middle of its range.

    Shares are normal by their log odds, other numbers by their logarithm.
    """
    low, high = data()[name]["low"], data()[name]["high"]
    if name in SHARES:
        below, above = (math.log(value / (1 - value)) for value in (low, high))
        return 1 / (1 + math.exp(-((below + above) / 2 + normal * (above - below) / WIDTH)))
    return math.exp((math.log(low) + math.log(high)) / 2 + normal * (math.log(high) - math.log(low)) / WIDTH)
