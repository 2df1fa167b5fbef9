# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the room takes for granted, in one place: printed with the results, explained in docs/method/operation.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conventions:
    """What a municipality may choose otherwise; all of it is assumed.

    Use: from `busy_share` of its hours on a daypart is a peak, up to `quiet_share` it is quiet; a share of use counts for the early warning
    when the use of `known_share` of the hours is known. Costs: `weeks_open` per year and `dwell_hours` per visit where nobody says, each as
    (number, least, most). Comparison: `fewest_others` places run by others; the sizes that divide them into classes, by `m2_bounds` or,
    without floor area, by `visits_bounds` (visits per week); quantiles are means of `together` places, of `digits` digits, and are not told
    where the highest is less than `spread` times the lowest. Series: a year is compared over at least `fewest_months` of the same months.
    """

    busy_share: float = 0.70
    quiet_share: float = 0.25
    known_share: float = 0.50
    weeks_open: tuple[float, float, float] = (46.0, 40.0, 52.0)
    dwell_hours: tuple[float, float, float] = (1.5, 1.0, 2.5)
    fewest_others: int = 5
    m2_bounds: tuple[float, ...] = (150.0, 400.0, 1000.0)
    visits_bounds: tuple[float, ...] = (100.0, 300.0, 1000.0)
    together: int = 3
    digits: int = 2
    spread: float = 1.1
    fewest_months: int = 6


DEFAULT = Conventions()
