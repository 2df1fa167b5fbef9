# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Other tables of whole numbers that look the same: what a reader of released figures cannot exclude."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

# So many unknowns are solved for at once, in blocks that do not touch.
_AT_ONCE = 4000
_TARGETS = 12
# An integer programme that takes longer counts as one without a solution: then more is hidden.
_SECONDS = 5.0
_NEAR = 1e-6

Table = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Row:
    """Known: a sum of unknowns lies between two values. `tag` is the cell that tells it, None where it cannot be hidden."""

    parts: Mapping[int, float]
    low: float
    high: float
    tag: tuple[str, ...] | None = None


class Wanted(Protocol):
    """What must stay possible: a sum of unknowns of `need` or more."""

    @property
    def name(self) -> tuple[Any, ...]: ...
    @property
    def parts(self) -> Mapping[int, float]: ...
    @property
    def need(self) -> float: ...


class System:
    """Everything that a reader knows: unknowns are whole numbers from zero on, and the rows hold."""

    def __init__(self, truth: Sequence[int], rows: Sequence[Row]) -> None:
        self.size = len(truth)
        self.most = float(sum(truth) + 1000)
        self.told = [row for row in rows if row.low == row.high]
        self.between = [row for row in rows if row.low != row.high]
        self.equal = self._matrix(self.told)
        self.equal_to = np.array([row.low for row in self.told])
        ups = [row for row in self.between if math.isfinite(row.high)]
        downs = [row for row in self.between if math.isfinite(row.low)]
        self.below = sparse.vstack([self._matrix(ups), -self._matrix(downs)], format="csr")
        self.below_of = np.array([row.high for row in ups] + [-row.low for row in downs])

    def _matrix(self, rows: Sequence[Row]) -> Any:
        at = [(number, unknown, part) for number, row in enumerate(rows) for unknown, part in row.parts.items()]
        where = ([number for number, _, _ in at], [unknown for _, unknown, _ in at])
        return sparse.csr_array(([part for _, _, part in at], where), shape=(len(rows), self.size), dtype=float)

    def without_witness(self, targets: Sequence[Wanted]) -> dict[tuple[Any, ...], frozenset[tuple[str, ...]] | None]:
        """The targets that a reader can exclude, by name, each with the cells that tell it; None where any of the shown cells may."""
        each = min(_TARGETS, max(1, _AT_ONCE // max(1, self.size)))
        blamed: dict[tuple[Any, ...], frozenset[tuple[str, ...]] | None] = {}
        left = list(targets)
        while left:
            now, left = left[:each], left[each:]
            witnesses: list[Table] = []
            blamed |= self._solve(now, witnesses)
            # A table that was found for one count often serves for others.
            left = [target for target in left if not any(_meets(table, target) for table in witnesses)]
        return blamed

    def _solve(self, targets: Sequence[Wanted], witnesses: list[Table]) -> dict[tuple[Any, ...], frozenset[tuple[str, ...]] | None]:
        many = len(targets)
        goals = np.zeros((many, self.size))
        for number, target in enumerate(targets):
            for unknown, part in target.parts.items():
                goals[number, unknown] = part
        found = linprog(-goals.ravel(), **self._repeated(many), bounds=(0, self.most), method="highs-ds")
        if found.x is None:
            return dict.fromkeys((target.name for target in targets), None)
        tables = found.x.reshape(many, self.size)
        prices = found.eqlin.marginals.reshape(many, len(self.told)) if self.told else np.zeros((many, 0))
        blamed: dict[tuple[Any, ...], frozenset[tuple[str, ...]] | None] = {}
        for number, target in enumerate(targets):
            if float(goals[number] @ tables[number]) < target.need - _NEAR:
                blamed[target.name] = self._cells(np.flatnonzero(np.abs(prices[number]) > _NEAR))
                continue
            table = np.rint(tables[number])
            witness = table if self.proves(table, target) else self._by_integers(target, goals[number])
            if witness is None:
                blamed[target.name] = None
            else:
                witnesses.append(witness)
        return blamed

    def _repeated(self, many: int) -> dict[str, Any]:
        """The rows once per target, each time about unknowns of its own. An empty matrix must be absent."""
        rules: dict[str, Any] = {}
        if self.told:
            rules |= {"A_eq": sparse.block_diag([self.equal] * many, format="csr"), "b_eq": np.tile(self.equal_to, many)}
        if self.below.shape[0]:
            rules |= {"A_ub": sparse.block_diag([self.below] * many, format="csr"), "b_ub": np.tile(self.below_of, many)}
        return rules

    def _cells(self, rows: Iterable[int]) -> frozenset[tuple[str, ...]]:
        return frozenset(tag for row in rows if (tag := self.told[row].tag) is not None)

    def _by_integers(self, target: Wanted, goal: Table) -> Table | None:
        """A witness by integer programming, or None."""
        rules = [LinearConstraint(sparse.csr_array(goal[None, :]), target.need, np.inf)]
        if self.told:
            rules.append(LinearConstraint(self.equal, self.equal_to, self.equal_to))
        if self.below.shape[0]:
            rules.append(LinearConstraint(self.below, -np.inf, self.below_of))
        whole, box = np.ones(self.size, dtype=np.int64), Bounds(0, self.most)
        found = milp(np.zeros(self.size), constraints=rules, integrality=whole, bounds=box, options={"time_limit": _SECONDS})
        table = None if found.x is None else np.rint(found.x)
        return table if table is not None and self.proves(table, target) else None

    def proves(self, table: Table, target: Wanted) -> bool:
        """Whether a table of whole numbers is a witness: nobody who sees the rows can tell it from the truth, and the target is met.

        Sums of whole numbers are exact here; only estimates that were rounded have a tolerance, that of the rounding.
        """
        if table.min(initial=0.0) < 0 or not _meets(table, target):
            return False
        return bool((self.equal @ table == self.equal_to).all() and (self.below @ table <= self.below_of + 1e-9).all())


def _meets(table: Table, target: Wanted) -> bool:
    return bool(sum(part * table[unknown] for unknown, part in target.parts.items()) >= target.need - 1e-9)
