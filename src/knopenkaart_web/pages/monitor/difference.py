# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How two figures differ, in words: by how much at least and at most, or that they cannot be told apart."""

from __future__ import annotations

import math
from collections.abc import Mapping

from django.utils.translation import gettext as _

from knopenkaart.monitor.estimates import Difference
from knopenkaart.monitor.findings import decimals_of
from knopenkaart_web.pages.monitor.words import between_text, value_text
from knopenkaart_web.pages.written import number

# The signs of the wheel, for who does not see its colours.
SIGNS: Mapping[str, str] = {"better": "+", "worse": "−", "more": "▲", "less": "▼", "same": "=", "unknown": "?"}
MOST_DECIMALS = 2


def difference_text(found: Difference | None, unit: str) -> str:
    """By how much a figure is higher or lower: "4 to 7 percentage points higher"; nothing where there is no other figure."""
    if found is None:
        return ""
    if found.verdict == "same" and not found.other_kind:
        return _("no difference that is sure")
    if found.other_kind and found.verdict == "same":
        return _("no difference that is sure, and another kind of figure")
    if found.verdict not in ("higher", "lower") or found.low is None or found.high is None:
        return _("cannot be compared")
    said = _directions(unit)[found.verdict] % {"difference": size_text(found, unit)}
    return f"{said} ({_('another kind of figure')})" if found.other_kind else said


def _directions(unit: str) -> Mapping[str, str]:
    """Of people and things there are more or fewer; all else is higher or lower."""
    if unit == "count":
        return {"higher": _("%(difference)s more"), "lower": _("%(difference)s fewer")}
    return {"higher": _("%(difference)s higher"), "lower": _("%(difference)s lower")}


def size_text(found: Difference, unit: str) -> str:
    """How far two figures lie apart, at least and at most, whichever is the higher: "4 to 7 percentage points"."""
    (low, below), (high, above) = _outward(*sorted((abs(found.low or 0.0), abs(found.high or 0.0))))
    if unit == "percent":
        ends = number(low, below), number(high, above)
        if ends[0] == ends[1]:
            return _("%(number)s percentage points") % {"number": ends[0]}
        return _("%(low)s to %(high)s percentage points") % {"low": ends[0], "high": ends[1]}
    texts = value_text(low, unit, decimals=below), value_text(high, unit, decimals=above)
    return texts[0] if texts[0] == texts[1] else between_text(low, high, unit, decimals=(below, above))


def _outward(low: float, high: float) -> tuple[tuple[float, int], tuple[float, int]]:
    """Ends rounded away from each other, each with its decimals, as the sentences do: no more is said than is known."""
    places = next((digits for digits in range(MOST_DECIMALS) if math.floor(low * 10**digits) > 0), MOST_DECIMALS)
    upper = min(places, decimals_of(high))
    # Ends that are whole but for the last bit of a float stay what they are.
    return (math.floor(low * 10.0**places + 1e-9) / 10.0**places, places), (math.ceil(high * 10.0**upper - 1e-9) / 10.0**upper, upper)
