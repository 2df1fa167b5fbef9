# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Groups and places: which group in which wijk is large, badly off, cannot reach a node, or is not seen in one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import erfc, sqrt

from knopenkaart.monitor.estimates import Difference, Estimate, difference, exceeds
from knopenkaart.monitor.findings import unlikely
from knopenkaart.monitor.records import ALL

# Fewer people than this are never spoken of as a group.
LEAST_PEOPLE = 10
# Large: at least so many people, and a share of the wijk of at least so many times that of the municipality: a handful is no group to build
# for, and a quarter more is the least that a visitor of both would notice.
LARGE_PEOPLE = 100
LARGE_TIMES = 1.25
# Cannot reach: at least one in five of the group has no node within reach.
UNREACHED_PERCENT = 20.0
# Does not come: among the visitors that were counted fewer than four fifths of what its share among the residents would give.
SELDOM_TIMES = 0.8

FLAGS = ("large", "badly_off", "cannot_reach", "does_not_come")
# sure: the whole interval is beyond the threshold; maybe: the figure is, the interval is not; no: neither; unknown: nothing is known.
STATES = ("sure", "maybe", "no", "unknown")


@dataclass(frozen=True, slots=True)
class Condition:
    """A living condition of the group beside that of everybody in the municipality: the indicator, both figures, their difference, and its
    tone as in the profile; also of figures of another kind, of which it is never sure."""

    indicator: str
    mine: Estimate
    theirs: Estimate
    difference: Difference
    tone: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """What is known of one group in one wijk. Everything may be absent, and its reason says why.

    `people` is their number, `share` their share of the wijk (percent), `elsewhere` that of the municipality, `inside` the share of the
    municipality's people that live in the wijk. `unreached` is the share of the group (percent) without a node within reach;
    `representation` their share among counted visitors divided by their share among residents (1 is as expected).
    """

    code: str
    name: str
    group: str
    people: Estimate
    share: Estimate
    elsewhere: Estimate
    inside: float | None = None
    unreached: Estimate | None = None
    unreached_reason: str = ""
    conditions: tuple[Condition, ...] = ()
    conditions_reason: str = ""
    representation: Estimate | None = None
    representation_reason: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing that may be so of a group in a wijk: `state` (see STATES), the `evidence` with its margin, and why nothing is known."""

    flag: str
    state: str
    evidence: Estimate | None = None
    reason: str = ""
    difference: Difference | None = None
    conditions: tuple[Condition, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Joint:
    """A group in a wijk with its four flags, in the order of FLAGS."""

    code: str
    name: str
    group: str
    people: Estimate
    flags: tuple[Flag, ...]

    def flag(self, name: str) -> Flag:
        """One of the four. Raises KeyError where there is no such flag."""
        return {item.flag: item for item in self.flags}[name]

    @property
    def sure(self) -> int:
        """How many flags are sure."""
        return sum(item.state == "sure" for item in self.flags)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The flags of which nothing is known."""
        return tuple(item.flag for item in self.flags if item.state == "unknown")


def joints(rows: Iterable[GroupRow]) -> list[Joint]:
    """The joints of group and wijk: those with most flags that are sure first, then those of most people; never one score.

    A group of which fewer than ten people live in a wijk, or of which the number is not known, is left out. Of all conditions that are
    surely worse, in all rows together, at most 5 % are expected to be chance.

    Source: docs/method/groups-and-places.md.
    """
    told = [row for row in rows if row.group != ALL and row.people.value is not None and row.people.value >= LEAST_PEOPLE]
    sure = _sure(told)
    found = [
        Joint(row.code, row.name, row.group, row.people, (_large(row), _badly_off(row, sure), _cannot_reach(row), _does_not_come(row)))
        for row in told
    ]
    return sorted(found, key=lambda item: (-item.sure, -(item.people.value or 0.0), item.code, item.group))


def _large(row: GroupRow) -> Flag:
    """Both the number and the share count; for it to be sure the whole margin of either must lie beyond its threshold."""
    people, share, elsewhere = row.people.value or 0.0, row.share.value, row.elsewhere.value
    if share is None or elsewhere is None:
        return Flag("large", "unknown", row.share, row.share.reason or row.elsewhere.reason)
    apart = difference(row.share, row.elsewhere, inside=row.inside)
    beyond = people >= LARGE_PEOPLE and share >= LARGE_TIMES * elsewhere
    sure = (row.people.low or 0.0) >= LARGE_PEOPLE and exceeds(row.share, row.elsewhere, times=LARGE_TIMES, inside=row.inside)
    return Flag("large", "no" if not beyond else "sure" if sure else "maybe", row.share, difference=apart)


# A condition in a row: the code of the wijk, the group, the indicator.
_Key = tuple[str, str, str]


def _sure(rows: Sequence[GroupRow]) -> frozenset[_Key]:
    """The conditions, by figures of one kind, that differ also when it is reckoned with how many are looked at in all rows together.

    With twenty conditions at 95 % each four in ten groups would be badly off by chance alone.
    """
    counted: set[_Key] = set()
    chances: dict[_Key, float] = {}
    for row in rows:
        for item in row.conditions:
            if item.difference.verdict == "unknown" or item.difference.other_kind:
                continue
            key = (row.code, row.group, item.indicator)
            if item.difference.z is None:
                counted.add(key)
            else:
                chances[key] = erfc(item.difference.z / sqrt(2))
    return unlikely(chances) | counted


def _badly_off(row: GroupRow, told: frozenset[_Key]) -> Flag:
    """Sure when at least one living condition is worse and stays so among all (`_sure`); which ones is shown, they are not added up."""
    worse = tuple(item for item in row.conditions if item.tone == "worse")
    sure = tuple(item for item in worse if not item.difference.other_kind and (row.code, row.group, item.indicator) in told)
    if worse:
        state, shown = ("sure", sure) if sure else ("maybe", worse)
        return Flag("badly_off", state, shown[0].mine, difference=shown[0].difference, conditions=shown)
    if not any(item.tone in ("better", "same") for item in row.conditions):
        return Flag("badly_off", "unknown", reason=row.conditions_reason or "missing")
    return Flag("badly_off", "no", conditions=row.conditions)


def _cannot_reach(row: GroupRow) -> Flag:
    found = row.unreached
    if found is None or found.value is None:
        return Flag("cannot_reach", "unknown", found, row.unreached_reason or (found.reason if found else "") or "missing")
    sure = found.low is not None and found.low >= UNREACHED_PERCENT
    return Flag("cannot_reach", "sure" if sure else "maybe" if found.value >= UNREACHED_PERCENT else "no", found)


def _does_not_come(row: GroupRow) -> Flag:
    found = row.representation
    if found is None or found.value is None:
        return Flag("does_not_come", "unknown", found, row.representation_reason or (found.reason if found else "") or "missing")
    sure = found.high is not None and found.high < SELDOM_TIMES
    return Flag("does_not_come", "sure" if sure else "maybe" if found.value < SELDOM_TIMES else "no", found)
