# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The profile of an area: a ring per theme, a segment per indicator, against a comparison."""

from __future__ import annotations

from dataclasses import dataclass

from knopenkaart.monitor.estimates import Difference, Estimate, difference, estimate, share_inside
from knopenkaart.monitor.records import ALL, AreaValues
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator

TONES = ("better", "worse", "more", "less", "same", "unknown", "absent")


@dataclass(frozen=True, slots=True)
class Segment:
    """One indicator of an area beside that of the comparison.

    `tone`: "better" or "worse" where the indicator has a direction, "more" or "less" where it has none, "same" where the two cannot be told
    apart, "unknown" where nothing can be compared or the two are of another kind (`difference.other_kind`), "absent" where the area has no
    figure (`mine.reason` says why).
    """

    indicator: str
    mine: Estimate
    theirs: Estimate | None
    difference: Difference | None
    tone: str


@dataclass(frozen=True, slots=True)
class Ring:
    """A theme with the indicators that stand in the wheel, in the order of the catalogue."""

    theme: str
    segments: tuple[Segment, ...]


def profile(
    area: AreaValues,
    other: AreaValues | None,
    catalogue: Catalogue,
    *,
    group: str = ALL,
    other_group: str = ALL,
    inside: float | None = None,
) -> list[Ring]:
    """The rings of an area, or of a group in it, against another area, or another group in the same.

    `inside` is the share of the people of the comparison that belong to the area (or group); without it that is told from the figures. Both
    are of the latest year that both have; figures of different years are not compared. A theme without indicators has an empty ring.

    Source: docs/method/comparing-areas.md.
    """
    part = inside if inside is not None or other is None else part_of(area, other, catalogue, groups=(group, other_group))
    return [
        Ring(
            theme,
            tuple(
                _segment(area, other, item, groups=(group, other_group), inside=part) for item in catalogue.of_theme(theme) if item.wheel
            ),
        )
        for theme in catalogue.themes
    ]


def tone(indicator: Indicator, mine: Estimate, apart: Difference | None) -> str:
    """How a figure stands to another: see Segment."""
    if mine.value is None:
        return "absent"
    if apart is None or apart.verdict == "unknown" or apart.other_kind:
        return "unknown"
    if apart.verdict == "same":
        return "same"
    higher = apart.verdict == "higher"
    if indicator.direction == "neutral":
        return "more" if higher else "less"
    return "better" if higher == (indicator.direction == "more_is_better") else "worse"


def comparable(indicator: Indicator) -> bool:
    """Whether areas of different size may be compared by it: not by numbers that are no part of anything."""
    return indicator.aggregate != "count" or bool(indicator.of)


def _segment(area: AreaValues, other: AreaValues | None, indicator: Indicator, *, groups: tuple[str, str], inside: float | None) -> Segment:
    year = common_year(area, other, indicator, groups) if other else None
    mine = estimate(area, indicator, group=groups[0], year=year)
    if other is None:
        return Segment(indicator.id, mine, None, None, tone(indicator, mine, None))
    theirs = estimate(other, indicator, group=groups[1], year=year, beside=mine)
    alike = year is not None and comparable(indicator)
    apart = difference(mine, theirs, inside=inside) if alike else None
    return Segment(indicator.id, mine, theirs, apart, tone(indicator, mine, apart))


def common_year(area: AreaValues, other: AreaValues, indicator: Indicator, groups: tuple[str, str]) -> int | None:
    """The latest year of which both have a value; None where there is none."""
    years = [
        {item.year for item in one.values if item.indicator == indicator.id and item.group == group and item.value is not None}
        for one, group in ((area, groups[0]), (other, groups[1]))
    ]
    return max(years[0] & years[1], default=None)


def part_of(area: AreaValues, other: AreaValues, catalogue: Catalogue, *, groups: tuple[str, str]) -> float | None:
    """The share (0 to 1) of the people of the comparison that are those of the area: of everybody by inhabitants, of a group by its size.

    `groups` are that of the area and that of the comparison. None where the one is no part of the other, or that is not known.
    """
    mine, theirs = groups
    size = catalogue.size_of(mine) if mine != ALL else None
    part = share_inside(area, other, size if mine == theirs else None)
    if part is None or mine == theirs:
        return part
    if theirs != ALL or size is None:
        return None
    share = estimate(area, size).value
    return None if share is None else part * share / 100
