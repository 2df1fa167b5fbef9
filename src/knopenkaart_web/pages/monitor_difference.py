# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How two figures differ, in words: by how much at least and at most, or that they cannot be told apart."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from knopenkaart.monitor.estimates import Difference
from knopenkaart_web.pages.monitor_words import value_text
from knopenkaart_web.pages.templatetags.formats import number

# The signs of the wheel, for who does not see its colours.
SIGNS: Mapping[str, str] = {"better": "+", "worse": "−", "more": "↑", "less": "↓", "same": "=", "unknown": "?"}


def difference_text(found: Difference | None, unit: str) -> str:
    """By how much a figure is higher or lower: "4 to 7 percentage points higher"; nothing where there is no other figure."""
    if found is None:
        return ""
    if found.verdict == "same":
        return _("no difference that is sure")
    if found.verdict not in ("higher", "lower") or found.low is None or found.high is None:
        return _("cannot be compared")
    low, high = sorted((abs(found.low), abs(found.high)))
    how_much = _between(low, high, unit)
    return (_("%(difference)s higher") if found.verdict == "higher" else _("%(difference)s lower")) % {"difference": how_much}


def _between(low: float, high: float, unit: str) -> str:
    if unit == "percent":
        decimals = 0 if low >= 1 else 1
        ends = number(low, decimals), number(high, decimals)
        if ends[0] == ends[1]:
            return _("%(number)s percentage points") % {"number": ends[0]}
        return _("%(low)s to %(high)s percentage points") % {"low": ends[0], "high": ends[1]}
    texts = value_text(_short(low), unit), value_text(_short(high), unit)
    return texts[0] if texts[0] == texts[1] else _("%(low)s to %(high)s") % {"low": texts[0], "high": texts[1]}


def _short(value: float) -> float:
    """No more digits than a difference deserves."""
    return float(f"{value:.2g}")
