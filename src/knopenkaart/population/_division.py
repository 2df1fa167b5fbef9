# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How areas lie within one another, and which of them are the smallest with figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LEVELS = ("municipality", "wijk", "buurt")
_ABOVE: Mapping[str, tuple[str, ...]] = {"municipality": (), "wijk": ("municipality_code",), "buurt": ("wijk_code", "municipality_code")}


@dataclass(frozen=True, slots=True)
class Division:
    """The areas of one year as trees, a municipality at the root of each; every list is in the order of level and code."""

    codes: tuple[str, ...]
    levels: Mapping[str, str]
    names: Mapping[str, str]
    parents: Mapping[str, str]
    children: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, areas: pd.DataFrame) -> Division:
        """The division that AREAS make; an area whose parent is not among them is a root."""
        rows = {str(row["code"]): row for row in areas[["code", "level", "name", "municipality_code", "wijk_code"]].to_dict("records")}
        codes = tuple(sorted(rows, key=lambda code: (LEVELS.index(rows[code]["level"]), code)))
        parents: dict[str, str] = {}
        children: dict[str, list[str]] = defaultdict(list)
        for code in codes:
            above = [str(rows[code][column]) for column in _ABOVE[rows[code]["level"]] if not pd.isna(rows[code][column])]
            parent = next((found for found in above if found in rows and found != code), None)
            if parent is not None:
                parents[code] = parent
                children[parent].append(code)
        return cls(
            codes,
            {code: str(rows[code]["level"]) for code in codes},
            {code: str(rows[code]["name"]) for code in codes},
            parents,
            {code: tuple(found) for code, found in children.items()},
        )

    @property
    def roots(self) -> tuple[str, ...]:
        """The areas that lie in no other."""
        return tuple(code for code in self.codes if code not in self.parents)

    def within(self, code: str) -> tuple[str, ...]:
        """The areas directly below."""
        return self.children.get(code, ())

    def chain(self, code: str) -> tuple[str, ...]:
        """The area, and those around it from small to large."""
        found = [code]
        while found[-1] in self.parents:
            found.append(self.parents[found[-1]])
        return tuple(found)

    def leaves(self, known: Collection[str]) -> tuple[str, ...]:
        """The smallest areas whose figures are spread: an area is divided where something of what lies in it is known."""
        alive = {upper for code in known for upper in self.chain(code)}

        def below(code: str) -> list[str]:
            if not any(child in alive for child in self.within(code)):
                return [code]
            return [leaf for child in self.within(code) for leaf in below(child)]

        return tuple(leaf for root in self.roots for leaf in below(root))

    def layers(self, codes: Collection[str]) -> list[list[str]]:
        """The areas level by level: those of one level have nothing in common."""
        found = [[code for code in codes if self.levels[code] == level] for level in LEVELS]
        return [layer for layer in found if layer]

    def members(self, codes: Sequence[str], leaves: Sequence[str]) -> NDArray[np.float64]:
        """1 where a leaf (column) lies in an area (row), else 0."""
        return np.array([[float(code in self.chain(leaf)) for leaf in leaves] for code in codes])
