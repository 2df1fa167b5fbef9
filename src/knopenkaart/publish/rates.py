# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""When a number per inhabitant may be shown, and what it is."""

from __future__ import annotations

from knopenkaart.records import CoverageStatus

# Under a hundred inhabitants one place more or less moves a rate by more than ten per thousand.
MIN_POPULATION = 100


def rate_per_1000(count: int, population: float | None, status: CoverageStatus) -> float | None:
    """Places per 1,000 inhabitants; None where that cannot be known: area not covered, population absent or under 100.

    `count` is a number of places (0 and up), `population` the published number of inhabitants. Example: 112 places for
    25,000 inhabitants in a covered municipality give 4.48. Raises ValueError for a negative count or population.
    """
    if count < 0 or (population is not None and population < 0):
        raise ValueError("A count and a population are never negative.")
    if status != "covered" or population is None or population < MIN_POPULATION:
        return None
    return 1000.0 * count / population


def count_known(count: int, status: CoverageStatus) -> int | None:
    """The number of places that may stand as the number of the area; None where the sources do not cover it.

    What is not covered is unknown, never zero: places that were found are shown one by one, but do not count for the area.
    """
    return count if status == "covered" else None
