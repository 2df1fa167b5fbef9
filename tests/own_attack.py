# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who solves for what an own table hides: shares no code with what hides it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from scipy.optimize import LinearConstraint, milp

# An area and a group.
Cell = tuple[str, str]
# A cell, and the cells that add up to it.
Sum = tuple[Cell, Sequence[Cell]]


def sums(cells: Iterable[Cell], *, inside: Mapping[str, Sequence[str]], groups: Mapping[str, Sequence[str]]) -> list[Sum]:
    """Which cells add up to which: areas lie `inside` areas, and the `groups` of each dimension make up everybody."""
    known = set(cells)
    found: list[Sum] = []
    for area, group in sorted(known):
        found.append(((area, group), [(code, group) for code in inside.get(area, ())]))
        if group == "all":
            found += [((area, group), [(area, name) for name in names]) for names in groups.values()]
    return [(whole, parts) for whole, parts in found if parts and all(part in known for part in parts)]


def most(
    cell: Cell,
    cells: Mapping[Cell, tuple[int, int]],
    told: Collection[Cell],
    *,
    adding_up: Iterable[Sum],
    lacking: bool,
    absent: Collection[Cell] = (),
) -> int:
    """The most people that a cell can have (or lack) for who knows what is told, what adds up, and all sizes but of what is absent.

    `cells` are the people who have it, and the people that it is about.
    """
    order = sorted(cells)
    at = {name: number for number, name in enumerate(order)}
    equal, value = [], []
    for name in sorted(told):
        equal.append(np.eye(len(order))[at[name]])
        value.append(cells[name][0])
    for whole, parts in adding_up:
        row = np.zeros(len(order))
        row[at[whole]] = 1
        row[[at[part] for part in parts]] = -1
        equal.append(row)
        value.append(0)
    goal = np.eye(len(order))[at[cell]] * (1 if lacking else -1)
    bounds = ([0] * len(order), [100_000 if name in absent else cells[name][1] for name in order])
    rules = [LinearConstraint(np.array(equal), value, value)] if equal else []
    answer = milp(goal, constraints=rules, integrality=np.ones(len(order)), bounds=tuple(map(np.array, bounds)))  # type: ignore[arg-type]
    assert answer.x is not None, "the truth itself is an answer"
    found: int = round(answer.x[at[cell]])
    return cells[cell][1] - found if lacking else found
