# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Visits per week of one round of counting, as they may be shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from knopenkaart.privacy import Cell, Figures, Release, shown_estimate, tree
from knopenkaart.suppress import Past, release, replacement
from knopenkaart.visits.counts import ALL_SLOTS as ALL
from knopenkaart.visits.counts import estimate

# What the dayparts or groups that are told do not hold of the whole.
REST = "rest"
# A count of less than this part of a daypart is a look inside: to make a whole daypart of it would make much of little.
LEAST_EXPOSURE = 0.1


@dataclass(frozen=True)
class Counted:
    """What a round of counting gives: the exact figures (never to be shown), what may be shown of them, and how it was estimated.

    `estimates` is VISIT_ESTIMATES of one place and one way of counting; `figures` and `release` are None where nothing could be estimated.
    `too_short` is how many counts were left out because they took too little of their daypart.
    """

    estimates: pd.DataFrame
    figures: Figures | None
    release: Release | None
    too_short: int = 0

    def document(self) -> dict[str, Any]:
        """What is shown, as plain values: the week, the dayparts, the groups and the groups per daypart."""
        rows = {(str(row["slot"]), str(row["group"])): row for row in self.estimates.to_dict("records")}
        if not rows:
            return {"how": None, "week": None, "slots": [], "groups": [], "cells": [], "too_short": self.too_short}
        top = rows[ALL, ALL]
        told = {key: self._told(key, row) for key, row in rows.items()}
        return {
            "how": str(top["what"]),
            "first": top["first"].isoformat(),
            "last": top["last"].isoformat(),
            "counted_share": _number(top["counted_share"]),
            "too_short": self.too_short,
            "week": told[ALL, ALL],
            "slots": [{"slot": slot, **cell} for (slot, group), cell in told.items() if slot != ALL and group == ALL],
            "groups": [{"group": group, **cell} for (slot, group), cell in told.items() if slot == ALL and group != ALL],
            "cells": [
                {"slot": slot, "group": group, **cell}
                for (slot, group), cell in told.items()
                if ALL not in (slot, group) and cell["state"] == "shown"
            ],
        }

    def _told(self, key: Cell, row: Mapping[Any, Any]) -> dict[str, Any]:
        found = self.release.shown.get(key) if self.release else None
        numbers = shown_estimate(float(found), float(row["low"]), float(row["high"])) if row["enough"] and found is not None else None
        state = "not_enough" if not row["enough"] else "hidden" if numbers is None else "shown"
        value, low, high = numbers or (None, None, None)
        about = {"counts": int(row["counts"]), "weeks": int(row["weeks"]), "method": str(row["method"]), "reason": _text(row["reason"])}
        return {"state": state, "value": value, "low": low, "high": high, **about}


def counted(counts: pd.DataFrame, *, slots: Collection[str] | None, secret: str, past: Sequence[Past] = ()) -> Counted | None:
    """Visits per week of one place in one round, as they may be shown.

    Parameters: COUNTS of one place, counted in one way; the dayparts in which it is open (None: nobody knows); the secret that decides
    what is hidden beside a small figure; what was released of this round before, oldest first.
    Returns None where a newer release may not take the place of the last one: the last one stays as it is.
    """
    short = counts["exposure"].astype(float) < LEAST_EXPOSURE
    left_out = int(counts.loc[short, "session"].nunique())
    used = counts[~short]
    estimates = estimate(used, slots={} if slots is None else {str(place): slots for place in used["place_id"].unique()})
    figures = _figures(estimates)
    if figures is None:
        return None if past else Counted(estimates, None, None, left_out)
    if past and figures == past[-1].figures:
        return Counted(estimates, figures, past[-1].release, left_out)
    found = replacement(past, figures, secret=secret) if past else release(figures, secret=secret)
    return None if found is None else Counted(estimates, figures, found, left_out)


def _figures(estimates: pd.DataFrame) -> Figures | None:
    """Visits per week of the smallest cells, rounded; what the cells do not tell of the week is a cell of its own."""
    rows = {(str(row["slot"]), str(row["group"])): row for row in estimates.to_dict("records") if row["enough"]}
    if (ALL, ALL) not in rows:
        return None
    slots = [slot for slot, group in rows if group == ALL and slot != ALL]
    groups = sorted({group for _, group in rows if group != ALL})
    cells: dict[Cell, tuple[float, float]] = {}
    for slot in slots:
        own = {(slot, group): rows[slot, group] for group in groups if (slot, group) in rows}
        cells |= {key: (float(row["value"]), float(row["people"])) for key, row in own.items()}
        if groups:
            cells[slot, REST] = _rest(rows[slot, ALL], own.values())
        else:
            cells[slot, ALL] = (float(rows[slot, ALL]["value"]), float(rows[slot, ALL]["people"]))
    cells[REST, REST if groups else ALL] = _rest(rows[ALL, ALL], [rows[slot, ALL] for slot in slots])
    kept = {key: (max(0, round(value)), people) for key, (value, people) in cells.items() if REST not in key or round(value) > 0}
    trees = (
        tree("slot", ALL, sorted({slot for slot, _ in kept})),
        tree("group", ALL, sorted({group for _, group in kept if group != ALL})),
    )
    weights = {key: value / people for key, (value, people) in kept.items() if people > 0 and value > 0}
    return Figures(trees, {key: value for key, (value, _) in kept.items()}, weights)


def _rest(whole: Mapping[Any, Any], parts: Iterable[Mapping[Any, Any]]) -> tuple[float, float]:
    found = list(parts)
    value, people = (float(whole[name]) - sum(float(part[name]) for part in found) for name in ("value", "people"))
    return max(0.0, value), max(1.0, people)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
