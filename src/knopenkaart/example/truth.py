# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What really goes on at the observed places of the invented municipality: the numbers that counts and cards are drawn from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from scipy.stats import nbinom

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
PARTS = ("morning", "afternoon", "evening")
AGE_GROUPS = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")
# Whoever came so often in four weeks is a regular.
REGULAR = 4


@dataclass(frozen=True, slots=True)
class PlaceTruth:
    """The truth about one observed place; visits per week, as the mean over the weeks that are counted.

    `slot_groups`: (daypart, age group) -> visits per week. `regular_share`: of those who come in four weeks, who come four times or more.
    `visitors`: different people in four weeks. `nowhere_share`: of the visits, those of somebody who would go nowhere else.
    """

    name: str
    visits: float
    slots: Mapping[str, float]
    groups: Mapping[str, float]
    slot_groups: Mapping[tuple[str, str], float]
    regular_share: float
    visitors: float
    nowhere_share: float


@lru_cache(maxsize=1)
def observations() -> Mapping[str, Any]:
    """The recipe of what is observed."""
    return tomllib.loads(resources.files("knopenkaart.example").joinpath("observations.toml").read_text(encoding="utf-8"))


def named(names: list[str], entry: Mapping[str, Any]) -> str:
    """The name of the place that an entry of the recipe means."""
    return [name for name in names if name.startswith(entry["like"])][int(entry["nth"])]


def truth_of(name: str, entry: Mapping[str, Any]) -> PlaceTruth:
    """The truth that an entry of the recipe describes."""
    slots = {f"{day}_{part}": entry[f"{part}s"][number] for number, day in enumerate(DAYS) for part in PARTS}
    slots = {slot: float(visits) for slot, visits in slots.items() if visits > 0}
    slot_groups = {(slot, group): part for slot, visits in slots.items() for group, part in _by_age(slot, visits, entry).items()}
    visits = sum(slots.values())
    mean, shape = entry["often"], entry["shape"]
    counts = nbinom(shape, shape / (shape + mean))
    comes = float(counts.sf(0))
    return PlaceTruth(
        name=name,
        visits=visits,
        slots=slots,
        groups={group: sum(part for (_, other), part in slot_groups.items() if other == group) for group in AGE_GROUPS},
        slot_groups=slot_groups,
        regular_share=float(counts.sf(REGULAR - 1)) / comes,
        visitors=4 * visits / mean * comes,
        nowhere_share=entry["nowhere"],
    )


def _by_age(slot: str, visits: float, entry: Mapping[str, Any]) -> dict[str, float]:
    """Visits of a daypart by age: those of the place, tilted by the time of day."""
    tilt = observations()["tilt"][PARTS.index(slot.split("_")[1])]
    weights = [share * factor for share, factor in zip(entry["ages"], tilt, strict=True)]
    return {group: visits * weight / sum(weights) for group, weight in zip(AGE_GROUPS, weights, strict=True)}
