# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The answer of the page on groups and places in a few sentences: who has both a need and no node, and of whom nobody knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knopenkaart.monitor.gap import Joint
from knopenkaart_web.pages.monitor.words import group_label
from knopenkaart_web.pages.written import number

NEED, LACK = ("large", "badly_off"), ("cannot_reach", "does_not_come")
MOST = 12


@dataclass(frozen=True, slots=True)
class Both:
    """A group in a wijk of which both sides are sure, and in words which."""

    code: str
    name: str
    group: str
    people: str
    why: str


@dataclass(frozen=True, slots=True)
class InShort:
    """`both`: of whom both sides are sure; `more`: how many of these are not in the list; `notes`: what is to be said of the others."""

    both: list[Both]
    more: int
    notes: list[str]


def in_short(found: Sequence[Joint]) -> InShort:
    """What all joints of a study come to."""
    sides = [(item, _side(item, NEED), _side(item, LACK)) for item in found]
    both = [item for item, need, lack in sides if need == lack == "sure"]
    perhaps = sum(need in ("sure", "maybe") and lack in ("sure", "maybe") for _item, need, lack in sides) - len(both)
    unknown = sum(need == "sure" and lack == "unknown" for _item, need, lack in sides)
    fine = sum(need == "sure" and lack == "no" for _item, need, lack in sides)
    return InShort([_both(item) for item in both[:MOST]], max(0, len(both) - MOST), _notes(perhaps, unknown, fine))


def _side(item: Joint, names: Sequence[str]) -> str:
    """Both signals of a side together: one that is sure is enough; nothing is wrong only where both are known."""
    states = {item.flag(name).state for name in names}
    return next(state for state in ("sure", "maybe", "unknown", "no") if state in states)


def _both(item: Joint) -> Both:
    why = [_said(name) for name in (*NEED, *LACK) if item.flag(name).state == "sure"]
    return Both(item.code, item.name, group_label(item.group), number(round(item.people.value or 0)), ", ".join(why))


def _said(flag: str) -> str:
    return {
        "large": _("is large here"),
        "badly_off": _("is badly off"),
        "cannot_reach": _("has no place in reach"),
        "does_not_come": _("does not come"),
    }[flag]


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
            "%(number)s group is large or badly off, has a place in reach and does come.",
            "%(number)s groups are large or badly off, have a place in reach and do come.",
            fine,
        ): fine,
    }
    return [text % {"number": number(many)} for text, many in counts.items() if many]
