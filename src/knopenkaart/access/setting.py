# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Homes, the people in them and the places that they may go to, as the arrays that every count is made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from knopenkaart.access.complete import SEAM_SHARE
from knopenkaart.policy import Mode, Policy
from knopenkaart.vocabulary import EVERYBODY

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
ANY = "any"
THIRD = "third_living_room"
LIVING_ROOM = "living_room"
_UPPER = ("municipality_code", "wijk_code", "buurt_code")


@dataclass(frozen=True)
class People:
    """Who lives where. A leaf is a smallest area with figures: its people are spread evenly over its homes.

    Per home its `leaf` (-1: in no leaf, or without a street), `dwellings`, whether it is on a `street`, and `sure_m`: the metres in a
    straight line within which all ground of the study is covered (infinite where it is all over). Per leaf and group: `rate` (people per
    dwelling), `spread` (its variance per dwelling), `rounding` (standard deviation per dwelling that the rounding of the figures leaves),
    and whether it is `known`: without figures a rate is 0. Per leaf `size`, its dwellings, and whether its people are `assumed`.
    `member` (areas x leaves) tells which leaves an area holds, `told` (areas x groups) of which groups its people are known.
    """

    groups: tuple[str, ...]
    leaf: Ints
    dwellings: Floats
    street: Bools
    sure_m: Floats
    rate: Floats
    spread: Floats
    rounding: Floats
    known: Bools
    size: Floats
    assumed: Bools
    areas: tuple[str, ...]
    member: Bools
    told: Bools
    complete: Bools

    @property
    def per_home(self) -> Floats:
        """Residents of each home (group all); 0 where nobody was placed."""
        return np.where(self.leaf >= 0, self.dwellings * self.rate[self.leaf, 0], 0.0) if len(self.rate) else np.zeros(len(self.leaf))

    @property
    def placed(self) -> Floats:
        """Dwellings of each leaf that are on a street."""
        inside = self.leaf >= 0
        held: Floats = np.bincount(self.leaf[inside], weights=self.dwellings[inside], minlength=len(self.size)).astype(float)
        return held

    def inhabited(self) -> Iterator[tuple[int, str, str]]:
        """Areas where anybody was placed: number, code, and whether their people are estimated or assumed."""
        for area, code in enumerate(self.areas):
            if self.member[area].any():
                yield area, code, self.basis(area)

    def sure_of(self, doubt: Floats) -> Bools:
        """Per area (row) whether it is covered, and for all but a seam of its dwellings free of `doubt` (dwellings per leaf, columns)."""
        member = csr_array(self.member)
        doubtful, dwellings = np.asarray(member @ doubt), np.asarray(member @ self.placed)[:, None]
        sure: Bools = self.complete[:, None] & ((doubtful < SEAM_SHARE * dwellings) | (doubtful == 0))
        return sure

    def sure_s(self, mode: Mode, policy: Policy) -> npt.NDArray[np.float32]:
        """Per home the seconds within which one cannot have left the ground that is covered."""
        return (self.sure_m * 3.6 / policy.kmh(mode)).astype(np.float32)

    def leaves_of(self, area: int) -> npt.NDArray[np.intp]:
        """The leaves (rows) that an area holds."""
        return np.flatnonzero(self.member[area])

    def basis(self, area: int) -> str:
        """Whether the people of an area are estimated from published figures, or assumed in any part of it."""
        return "assumed" if (self.assumed & self.member[area]).any() else "estimated"


def people(homes: pd.DataFrame, residents: pd.DataFrame, coverage: pd.DataFrame, *, policy: Policy) -> People:
    """The people of HOMES and RESIDENTS; an area of COVERAGE is complete where the extract covers it.

    The variance of one dwelling: its household has `policy.household_sd` around the mean, and each member is of the group with the group's
    share, so that share (1 - share) mean + share^2 sd^2; neighbours live alike, which multiplies it (`policy.alike`).
    """
    leaves = residents[residents["per_dwelling"].notna()]
    codes = list(dict.fromkeys(leaves["area_code"]))
    groups = tuple(dict.fromkeys([EVERYBODY, *residents["group"]]))
    rate, rounding = (_matrix(leaves, codes, groups, values) for values in (leaves["per_dwelling"], _rounding(leaves)))
    known = ~np.isnan(rate)
    rate, rounding = np.where(known, rate, 0.0), np.where(known, rounding, 0.0)
    size = leaves.drop_duplicates("area_code").set_index("area_code")["dwellings"].reindex(codes).to_numpy(float)
    index = {code: row for row, code in enumerate(codes)}
    placed = homes["walk_edge"].notna().to_numpy()
    leaf = np.where(placed, homes["area_code"].map(index).fillna(-1).to_numpy(float), -1).astype(np.int32)
    areas, member = _member(homes, codes, residents)
    covered = dict(zip(coverage["area_code"], coverage["status"] == "covered", strict=True))
    basis = dict(zip(leaves["area_code"], leaves["basis"], strict=True))
    return People(
        groups=groups,
        leaf=leaf,
        dwellings=homes["dwellings"].to_numpy(float),
        street=placed,
        sure_m=homes["sure_m"].fillna(np.inf).to_numpy(float),
        rate=rate,
        spread=policy.alike * _spread(rate, policy),
        rounding=rounding,
        known=known,
        size=size,
        assumed=np.array([basis[code] == "assumed" for code in codes], dtype=bool),
        areas=areas,
        member=member,
        told=_told(residents, areas, groups),
        complete=np.array([bool(covered.get(code, False)) for code in areas], dtype=bool),
    )


def _matrix(leaves: pd.DataFrame, codes: list[str], groups: Sequence[str], values: pd.Series[Any]) -> Floats:
    """Values per leaf (row) and group (column); nan for a group that a leaf has no figures of."""
    keyed = pd.Series(values.to_numpy(float), index=pd.MultiIndex.from_frame(leaves[["area_code", "group"]]))
    return keyed.unstack().reindex(index=codes, columns=list(groups)).to_numpy(float)


def _told(residents: pd.DataFrame, areas: Sequence[str], groups: Sequence[str]) -> Bools:
    """Of which groups (column) RESIDENTS knows the people of an area (row): not where a part of it has no figures of them."""
    row, column = (pd.Index(names).get_indexer(pd.Index(residents[name])) for names, name in ((areas, "area_code"), (groups, "group")))
    told = np.zeros((len(areas), len(groups)), dtype=bool)
    told[row, column] = True
    return told


def _rounding(leaves: pd.DataFrame) -> pd.Series[Any]:
    """What the rounding of the published figure leaves open, per dwelling: evenly spread between its least and its most."""
    share = leaves["per_dwelling"].astype(float) / leaves["people"].astype(float).where(leaves["people"] > 0)
    width: pd.Series[Any] = (leaves["high"].astype(float) - leaves["low"].astype(float)) * share.fillna(0.0) / np.sqrt(12.0)
    return width


def _spread(rate: Floats, policy: Policy) -> Floats:
    mean = rate[:, :1]
    share = np.divide(rate, mean, out=np.zeros_like(rate), where=mean > 0)
    spread: Floats = share * (1 - share) * mean + share**2 * policy.household_sd**2
    return spread


def _member(homes: pd.DataFrame, codes: Sequence[str], residents: pd.DataFrame) -> tuple[tuple[str, ...], Bools]:
    """The areas that have residents, and which leaves each of them holds: by the codes of the homes in the leaf."""
    areas = tuple(dict.fromkeys(residents["area_code"]))
    row, column = {code: i for i, code in enumerate(areas)}, {code: i for i, code in enumerate(codes)}
    member = np.zeros((len(areas), len(codes)), dtype=bool)
    for level in ("area_code", *_UPPER):
        pairs = homes[[level, "area_code"]].set_axis(["area", "leaf"], axis=1).dropna().drop_duplicates()
        # A leaf that is a wijk has homes in several buurten; only areas that hold a whole leaf are told apart by it.
        whole = pairs.groupby("leaf")["area"].transform("nunique") == 1
        for area, leaf in pairs[whole].itertuples(index=False):
            if area in row and leaf in column:
                member[row[area], column[leaf]] = True
    return areas, member


@dataclass(frozen=True)
class Places:
    """The places that are looked at, in the order of `ids`. `node`: it counts as one; `functions` has a bit for each of `names`."""

    ids: npt.NDArray[Any]
    node: Bools
    functions: npt.NDArray[np.uint32]
    living_room: Bools
    names: tuple[str, ...]

    @property
    def what(self) -> tuple[str, ...]:
        """What a resident may look for: any node, or one with a function."""
        return (ANY, *self.names)


def places(table: pd.DataFrame, *, functions: Sequence[str], counting: Collection[str]) -> Places:
    """The places of PLACES that one can go to: with a location, no small spot, not closed. Nodes are open and of a kind that counts.

    Neighbours across the border are nodes here: whoever walks does not see the border.
    """
    chosen = table[table["lon"].notna() & ~table["digital"] & ~table["small_spot"] & (table["status"] != "closed")]
    bit: Mapping[str, int] = {name: 1 << number for number, name in enumerate(functions)}
    return Places(
        ids=chosen["id"].to_numpy(dtype=object),
        node=(chosen["kind"].isin(counting) & (chosen["status"] == "open")).to_numpy(bool),
        functions=np.array([sum(bit.get(name, 0) for name in own) for own in chosen["functions"]], dtype=np.uint32),
        living_room=(chosen["archetype"] == LIVING_ROOM).to_numpy(bool),
        names=tuple(functions),
    )
