# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The four signals of a group in a wijk in words: what each is called, what it rests on, when it is one, and why nothing is known."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knopenkaart.monitor import gap
from knopenkaart.monitor.gap import Condition, Flag
from knopenkaart.vocabulary.catalogue import Catalogue
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor.difference import difference_text
from knopenkaart_web.pages.monitor.words import estimate_text, margin_text, value_text, why_text
from knopenkaart_web.pages.written import capital, number

MOST_CONDITIONS = 4


def flag_label(name: str) -> str:
    """What a flag is called above its column."""
    return {
        "large": _("Large group"),
        "badly_off": _("Badly off"),
        "cannot_reach": _("No place within walking distance"),
        "does_not_come": _("Comes less than expected"),
    }[name]


def state_label(state: str) -> str:
    """Whether it is so, in a word or two for who does not see colours."""
    return {"sure": _("yes"), "maybe": _("perhaps"), "no": _("no sign of it"), "unknown": _("unknown")}[state]


def evidence(flag: Flag, told: Catalogue, *, most: int = MOST_CONDITIONS) -> str:
    """The figures that a flag rests on, or why nothing is known; of living conditions the first so many."""
    if flag.state == "unknown":
        return why(flag.reason)
    if flag.flag == "badly_off":
        return _badly_off(flag, told, most)
    return {"large": _large, "cannot_reach": _cannot_reach, "does_not_come": _does_not_come}[flag.flag](flag)


def _large(flag: Flag) -> str:
    if flag.evidence is None:
        return ""
    said = _("%(share)s of the wijk") % {"share": estimate_text(flag.evidence)}
    apart = difference_text(flag.difference, "percent")
    return f"{said}; {_('beside the municipality: %(difference)s') % {'difference': apart}}" if apart else said


def _badly_off(flag: Flag, told: Catalogue, most: int) -> str:
    rows = [item for item in flag.conditions if item.tone == "worse"]
    if flag.state == "no":
        many = len(flag.conditions)
        return ngettext("the only figure is not surely less favourable", "none of %(number)s figures is surely less favourable", many) % {
            "number": number(many)
        }
    rest = len(rows) - most
    more = [ngettext("and %(number)s more", "and %(number)s more", rest) % {"number": rest}] if rest > 0 else []
    return "; ".join([*(_condition(item, told) for item in rows[:most]), *more])


def _condition(item: Condition, told: Catalogue) -> str:
    found = told.indicators.get(item.indicator)
    name = capital(found.name(language())) if found else item.indicator
    said = _("%(name)s: %(mine)s, everybody in the municipality %(theirs)s") % {
        "name": name,
        "mine": estimate_text(item.mine),
        "theirs": estimate_text(item.theirs),
    }
    return f"{said} ({_('another kind of figure')})" if item.difference.other_kind else said


def _cannot_reach(flag: Flag) -> str:
    if flag.evidence is None:
        return ""
    said = _("%(share)s without") % {"share": value_text(round(flag.evidence.value or 0), "percent")}
    margin = margin_text(flag.evidence) if flag.evidence.bounded else _("of everybody here: not known per group")
    return f"{said} ({margin})"


def _does_not_come(flag: Flag) -> str:
    found = flag.evidence
    if found is None:
        return ""
    # In hundredths: the threshold itself is in tenths.
    ends = {"value": number(found.value, 2), "low": number(found.low, 2), "high": number(found.high, 2)}
    return _("%(value)s times what one would expect (%(low)s to %(high)s)") % ends


def why(reason: str) -> str:
    """Why nothing is known, in words."""
    said = {
        "not_by_group": _("no figure of this group here"),
        "not_counted": _("not counted, or too few visitors"),
        "off_the_map": _("this wijk is not on the map of places"),
        "reach_not_by_group": _("not reckoned for this group"),
    }
    return said.get(reason) or why_text(reason)


def why_unknown(flags: Iterable[Flag]) -> str:
    """Every reason for which nothing is known of several, once."""
    return "; ".join(dict.fromkeys(why(flag.reason) for flag in flags))


def thresholds(minutes: int) -> list[str]:
    """When something is a signal, in sentences; `minutes` is how far on foot is within reach."""
    return [
        _("Large group: at least %(people)s people, and a share at least %(times)s times that of the municipality.")
        % {"people": number(gap.LARGE_PEOPLE), "times": number(gap.LARGE_TIMES, 2)},
        _(
            "Badly off: at least one living condition that is demonstrably less favourable than that of everybody in the municipality, "
            "also when we reckon with how many figures are compared."
        ),
        _(
            "No place within walking distance: at least %(share)s %% of the group has no place with a social function within "
            "%(minutes)s minutes on foot."
        )
        % {"share": number(gap.UNREACHED_PERCENT), "minutes": minutes},
        _(
            "Comes less than expected: fewer than %(times)s times the visitors that one would expect of who lives within reach of the "
            "counted places."
        )
        % {"times": number(gap.SELDOM_TIMES, 1)},
        _(
            "Yes means: the whole margin lies beyond the threshold. "
            "Perhaps means: the figure does, its margin does not, or it may be chance."
        ),
        _("Figures of another kind (a register beside a count of the municipality itself) never give more than perhaps."),
    ]
