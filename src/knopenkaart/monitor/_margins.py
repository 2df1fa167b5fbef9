# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Intervals of chance around a share of people and around a number of events."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

# By convention of public statistics; the method page says so.
COVERAGE = 0.95


def z_of(coverage: float) -> float:
    """The number of standard deviations within which a normal draw falls with this chance: 1.96 of 0.95."""
    return NormalDist().inv_cdf(0.5 + coverage / 2)


Z = z_of(COVERAGE)


def wilson(share: float, n: float, z: float = Z) -> tuple[float, float]:
    """Score interval of a share (0 to 1) of n people. Source: Wilson (1927), JASA 22, 209-212."""
    square = z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def events(count: float, z: float = Z) -> tuple[float, float]:
    """Score interval of a number of events that come one by one (Poisson)."""
    middle, half = count + z * z / 2, z * sqrt(count + z * z / 4)
    return max(0.0, middle - half), middle + half
