# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page for whoever doubts it: what this is not, what was assumed, and which assumptions drive the answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knopenkaart_web.meeting import queries
from knopenkaart_web.meeting.curve import grid
from knopenkaart_web.meeting.opening import ALL, Opened
from knopenkaart_web.meeting.views_data import About, Assumption, Driver
from knopenkaart_web.pages.meeting_pictures import tornado_of
from knopenkaart_web.pages.meeting_words import ASSUMPTIONS, Text, assumed_label, word
from knopenkaart_web.pages.templatetags.formats import capital
from knopenkaart_web.pages.written import number

# What somebody may say against it, and what is true of that. Method: docs/method/curve.md.
OBJECTIONS: tuple[tuple[Text, Text], ...] = (
    (
        gettext_lazy("Being in the same place is not having contact."),
        gettext_lazy(
            "True. The model counts recognising one another's face, not talking, friendship or help. So it says recognition (model)."
            " It says nothing about loneliness."
        ),
    ),
    (
        gettext_lazy("Recognising somebody can be unpleasant."),
        gettext_lazy(
            "True. One also learns whom to avoid. The model knows no difference between pleasant and unpleasant. The page of what was"
            " measured tells how many visitors recognise or greet nobody; whether it is pleasant was not asked."
        ),
    ),
    (
        gettext_lazy("Nobody proved that places make people meet."),
        gettext_lazy(
            "True. There is hardly any research that shows cause and effect. Each number is what follows from the assumptions. Who wants to"
            " know for sure counts before and after a change, at several places, one after another."
        ),
    ),
    (
        gettext_lazy("How often one must meet to recognise somebody was made up."),
        gettext_lazy(
            "It is a convention, and so is the period. So one can choose them on the page of how many places, and the answer is a"
            " stretch of numbers and not one number."
        ),
    ),
    (
        gettext_lazy("Good places attract sociable people."),
        gettext_lazy(
            "True. Part of what a place seems to do comes from who goes there. When a place closes its regulars do not all go elsewhere:"
            " that is why there are always two answers, one in which people stay at home and one in which they do not."
        ),
    ),
    (
        gettext_lazy("People meet elsewhere: in the street, at school, in shops."),
        gettext_lazy("True. The model knows only the places on this map. All its numbers are by way of these places."),
    ),
    (
        gettext_lazy("Other borders and other groups give another outcome."),
        gettext_lazy("True. Look at wijken and at buurten: what changes its side between them is not certain."),
    ),
    (
        gettext_lazy("Figures of buurten are models themselves."),
        gettext_lazy("Some are, such as those about loneliness. They are not used here: only how many people live where, and their ages."),
    ),
    (
        gettext_lazy("A computer finds the plan that fools its own model."),
        gettext_lazy("That can happen. So the situation of now always stands beside it, and no plan is called best when that is not sure."),
    ),
    (
        gettext_lazy("An average hides who is left out."),
        gettext_lazy(
            "True. So there are also parts of the residents: who recognises at least 5 others, and at least 3 of another group. And one can"
            " look at each group."
        ),
    ),
    (
        gettext_lazy("Costs move elsewhere, and whoever is paid per visitor will count more visitors."),
        gettext_lazy("Both happen. The costs here are one amount per place. Do not let money depend on these numbers alone."),
    ),
    (
        gettext_lazy("After a change it takes time."),
        gettext_lazy(
            "True. The model shows how it is in the end. Recognition is lost at once when a place closes, and takes as many weeks to grow"
            " again as the period has."
        ),
    ),
    (
        gettext_lazy("No week is like another, and people move."),
        gettext_lazy("True. Seasons, weather, events and moving house are not in it. Moving makes recognition lower than shown."),
    ),
)


@dataclass(frozen=True, slots=True)
class AssumedLine:
    """An assumption in the table."""

    name: str
    value: str
    between: str
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class DriverLine:
    """What the answer becomes with an assumption at its ends."""

    name: str
    between: str
    driver: Driver


@dataclass(frozen=True, slots=True)
class Doubts:
    """All that the page tells; `about` is None where nothing was reckoned."""

    objections: tuple[tuple[Text, Text], ...]
    about: About | None
    assumed: tuple[AssumedLine, ...]
    drivers: tuple[DriverLine, ...]
    svg: str
    narrow: str
    base: float | None


def compose(found: Opened | None, *, lang: str) -> Doubts:
    """What this is not is true whether or not anything was reckoned."""
    if found is None:
        return Doubts(OBJECTIONS, None, (), (), "", "", None)
    about, drivers = found.about(lang), queries.drivers(found)
    base = _base(found)
    title, unit = _("What the assumptions make of recognition"), _("familiar faces per resident")
    return Doubts(
        objections=OBJECTIONS,
        about=about,
        assumed=tuple(_assumed(item, lang) for item in about.assumptions),
        drivers=tuple(DriverLine(capital(word(ASSUMPTIONS, item.assumption)), between(item.low, item.high), item) for item in drivers),
        svg=tornado_of(drivers, base, title=title, unit=unit) if drivers else "",
        narrow=tornado_of(drivers, base, title=title, unit=unit, width=320, prefix="drivers-narrow") if drivers else "",
        base=base,
    )


def _base(found: Opened) -> float | None:
    """Recognition as assumed, reckoned in the same way as at the ends of each assumption: elsewhere it is resident by resident."""
    known = grid(found, ALL, demand="elastic")
    line = known.line(known.settings({}), "familiar") if known else []
    return line[-1][1] if line else None


def _assumed(item: Assumption, lang: str) -> AssumedLine:
    name = capital(assumed_label(item.name, lang))
    return AssumedLine(name, short(item.value), between(item.low, item.high), _basis(item.tag), capital(item.source))


def short(value: float) -> str:
    """A number of any size with no more decimals than it deserves."""
    return number(value, 0 if float(value).is_integer() else 2 if abs(value) < 1 else 1)


def between(low: float, high: float) -> str:
    """From one number to another."""
    return _("%(low)s to %(high)s") % {"low": short(low), "high": short(high)}


def _basis(tag: str) -> str:
    return {"S": _("read in a source"), "D": _("derived from a source"), "A": _("assumption of ours")}.get(tag, tag)
