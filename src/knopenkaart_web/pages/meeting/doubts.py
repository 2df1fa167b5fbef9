# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page for whoever doubts it: what this is not, what was assumed, and which assumptions drive the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knopenkaart_web.meeting import queries
from knopenkaart_web.meeting.opening import Opened
from knopenkaart_web.meeting.views_data import About, Assumption, Driver
from knopenkaart_web.pages.meeting.pictures import Bar, tornado_of
from knopenkaart_web.pages.meeting.words import ASSUMPTIONS, Text, assumed_label, faces, word
from knopenkaart_web.pages.written import capital, number

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
    """What the answer becomes with an assumption at its ends: recognition with all places, and the part of it that is left with fewer."""

    name: str
    taken: str
    between: str
    kept_low: str
    kept_high: str
    driver: Driver


@dataclass(frozen=True, slots=True)
class Part:
    """Assumptions of one kind in the table."""

    name: str
    rows: tuple[DriverLine, ...]


@dataclass(frozen=True, slots=True)
class Tornado:
    """A picture of what drives one answer, for two widths."""

    title: str
    wide: str
    narrow: str


@dataclass(frozen=True, slots=True)
class Doubts:
    """All that the page tells; `about` is None where nothing was reckoned. `as_taken`, `kept`: both answers as assumed, the second with
    `places` places; `per_function`: what was assumed for each function by itself."""

    objections: tuple[tuple[Text, Text], ...]
    about: About | None
    assumed: tuple[AssumedLine, ...]
    per_function: tuple[AssumedLine, ...]
    parts: tuple[Part, ...]
    tornadoes: tuple[Tornado, ...]
    as_taken: float | None
    kept: str
    places: int


def compose(found: Opened | None, *, lang: str) -> Doubts:
    """What this is not is true whether or not anything was reckoned."""
    if found is None:
        return Doubts(OBJECTIONS, None, (), (), (), (), None, "", 0)
    about, drivers = found.about(lang), queries.drivers(found)
    lines = [_driver(item) for item in drivers]
    parts = [
        Part(_("What can be measured"), tuple(line for line in lines if not line.driver.convention)),
        Part(_("Conventions: somebody has to choose"), tuple(line for line in lines if line.driver.convention)),
    ]
    return Doubts(
        objections=OBJECTIONS,
        about=about,
        assumed=tuple(_assumed(item, lang) for item in about.assumptions if "." not in item.name),
        per_function=tuple(_assumed(item, lang) for item in about.assumptions if "." in item.name),
        parts=tuple(part for part in parts if part.rows),
        tornadoes=tuple(_tornadoes(lines)) if lines else (),
        as_taken=drivers[0].as_taken if drivers else None,
        kept=_percent(drivers[0].kept) if drivers else "",
        places=drivers[0].places if drivers else 0,
    )


def _driver(item: Driver) -> DriverLine:
    name = capital(word(ASSUMPTIONS, item.assumption))
    return DriverLine(name, short(item.taken), between(item.low, item.high), _percent(item.kept_low), _percent(item.kept_high), item)


def _percent(part: float) -> str:
    return f"{number(part * 100)} %"


def _tornadoes(lines: Sequence[DriverLine]) -> Iterator[Tornado]:
    """Of both answers: how much recognition there is with all places, and what is left of it with fewer."""
    first = lines[0].driver
    level = {line: (line.driver.at_low, line.driver.at_high) for line in lines}
    yield _tornado("level", level, first.as_taken, faces, title=_("How much recognition there is"), unit=_("familiar faces per resident"))
    title = _("What is left of it with %(places)s places") % {"places": first.places}
    kept = {line: (100 * line.driver.kept_low, 100 * line.driver.kept_high) for line in lines}
    yield _tornado("kept", kept, 100 * first.kept, number, title=title, unit=_("per cent of the recognition with all places"))


def _tornado(
    key: str,
    ends: Mapping[DriverLine, tuple[float, float]],
    base: float,
    told: Callable[[float], str],
    *,
    title: str,
    unit: str,
) -> Tornado:
    """What can be measured above the conventions, and of each that which moves the answer most on top."""
    order = sorted(ends, key=lambda line: (line.driver.convention, -abs(ends[line][1] - ends[line][0]), line.name))
    bars = [Bar(line.name, ends[line]) for line in order]
    wide, narrow = (
        tornado_of(bars, base, told, title=title, unit=unit, width=width, prefix=f"drivers-{key}-{width:.0f}") for width in (640.0, 320.0)
    )
    return Tornado(title, wide, narrow)


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
