# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The answer of the page on groups and places in a few sentences: who has both a need and no node, and of whom nobody knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from knopenkaart.monitor.gap import Joint
from knopenkaart.vocabulary.catalogue import Catalogue
from knopenkaart_web.pages.monitor.gap_words import evidence, flag_label
from knopenkaart_web.pages.monitor.words import group_label
from knopenkaart_web.pages.written import number

NEED, LACK = ("large", "badly_off"), ("cannot_reach", "does_not_come")
MOST, MOST_CONDITIONS = 12, 2


@dataclass(frozen=True, slots=True)
class Both:
    """A group in a wijk of which both sides are sure, and each of these with its figures."""

    code: str
    name: str
    group_id: str
    group: str
    people: str
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class InShort:
    """`both`: of whom both sides are sure; `more`: how many of these are not in the list; `notes`: what is to be said of the others."""

    both: list[Both]
    more: int
    notes: list[str]


def in_short(found: Sequence[Joint], told: Catalogue) -> InShort:
    """What all joints of a study come to."""
    sides = [(item, _side(item, NEED), _side(item, LACK)) for item in found]
    both = [item for item, need, lack in sides if need == lack == "sure"]
    perhaps = sum(need in ("sure", "maybe") and lack in ("sure", "maybe") for _item, need, lack in sides) - len(both)
    unknown = sum(need == "sure" and lack == "unknown" for _item, need, lack in sides)
    fine = sum(need == "sure" and lack == "no" for _item, need, lack in sides)
    return InShort([_both(item, told) for item in both[:MOST]], max(0, len(both) - MOST), _notes(perhaps, unknown, fine))


def _side(item: Joint, names: Sequence[str]) -> str:
    """Both signals of a side together: one that is sure is enough; nothing is wrong only where both are known."""
    states = {item.flag(name).state for name in names}
    return next(state for state in ("sure", "maybe", "unknown", "no") if state in states)


def _both(item: Joint, told: Catalogue) -> Both:
    flags = [item.flag(name) for name in (*NEED, *LACK)]
    reasons = [f"{flag_label(flag.flag)}: {evidence(flag, told, most=MOST_CONDITIONS)}" for flag in flags if flag.state == "sure"]
    return Both(item.code, item.name, item.group, group_label(item.group), number(round(item.people.value or 0)), reasons)


def _notes(perhaps: int, unknown: int, fine: int) -> list[str]:
    counts = {
        ngettext(
            "Of %(number)s group this may be so: the margin leaves it open.",
            "Of %(number)s groups this may be so: the margin leaves it open.",
            perhaps,
        ): perhaps,
        ngettext(
            "%(number)s group is large or badly off. Whether it reaches a place and comes there is not known, or only half.",
            "%(number)s groups are large or badly off. Whether they reach a place and come there is not known, or only half.",
            unknown,
        ): unknown,
        ngettext(
            "%(number)s group is large or badly off, has a place within walking distance and comes no less than expected.",
            "%(number)s groups are large or badly off, have a place within walking distance and come no less than expected.",
            fine,
        ): fine,
    }
    return [text % {"number": number(many)} for text, many in counts.items() if many]
