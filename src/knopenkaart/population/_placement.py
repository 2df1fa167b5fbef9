# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What part of an area's people the extract covers, and how many of its homes can be reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from knopenkaart.records import COVERED


@dataclass(frozen=True, slots=True)
class Ground:
    """The coverage of one area, with what is not known left out (None)."""

    status: str
    area_share: float | None
    street_share: float | None
    believed_share: float | None

    @property
    def covered(self) -> bool:
        """Whether the ground lies in the extract as good as whole."""
        return self.area_share is not None and self.area_share >= COVERED

    def share(self, basis: str) -> float:
        """The part (0-1) of the people whose homes the extract can hold, where homes come from `basis` (address, cell or street).

        Squares are told by another source and cover the whole area. Along streets homes are there as far as ground and streets are. So
        they are by address where the ground is covered: that few houses carry one there tells of volunteers, and not of who lives there.
        """
        if basis == "cell" or self.status == "covered":
            return 1.0
        if self.status == "unknown":
            return 0.0
        if basis == "street" or self.covered:
            known = [share for share in (self.area_share, self.street_share) if share is not None]
            lowest = min(known, default=0.0)
            return 1.0 if lowest >= COVERED else lowest
        return self.believed_share or 0.0


@dataclass(frozen=True, slots=True)
class Homes:
    """The homes of one area: how many, the dwellings that they stand for, and those of them that have a street near enough.

    Where addresses are filled up along streets, `basis` is either of the two: on such ground they have the same share.
    """

    basis: str = "none"
    homes: int = 0
    dwellings: float = 0.0
    reached: float = 0.0


def grounds(coverage: pd.DataFrame) -> Mapping[str, Ground]:
    """COVERAGE per area."""
    shares = ["area_share", "street_share", "believed_share"]
    plain = coverage[shares].astype(object).where(coverage[shares].notna(), None)
    columns = (coverage["area_code"], coverage["status"], *(plain[name] for name in shares))
    return {str(code): Ground(str(status), *found) for code, status, *found in zip(*columns, strict=True)}


def of_homes(homes: pd.DataFrame) -> Mapping[str, Homes]:
    """HOMES per area that they were spread over."""
    if len(homes) == 0:
        return {}
    columns = zip(*(homes[name] for name in ("area_code", "basis", "dwellings")), homes["walk_edge"].notna(), strict=True)
    rows = pd.DataFrame(columns, columns=["area_code", "basis", "dwellings", "reached"])
    rows["reached"] = rows["dwellings"].where(rows["reached"].astype(bool), 0.0)
    by_area = rows.groupby("area_code")
    found = zip(by_area["basis"].first(), by_area.size(), by_area["dwellings"].sum(), by_area["reached"].sum(), strict=True)
    return {str(code): Homes(*row) for code, row in zip(by_area.groups, found, strict=True)}
