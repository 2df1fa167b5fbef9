# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who meets whom in words: what a number is called, what it rests on, and what stands beside an axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knopenkaart_web.meeting.opening import ALL
from knopenkaart_web.meeting.views_data import Badge, Band
from knopenkaart_web.pages.written import number
from knopenkaart_web.places.words import function_label
from knopenkaart_web.reach.words import group_label as known_group

Text = str | Promise
# From here a number of faces is written without decimals.
WHOLE = 10
# A chance from some dozens of draws is not told beyond this.
SUREST = 0.95


@dataclass(frozen=True, slots=True)
class Measure:
    """What is drawn against the number of places: its name, what its axis is in, and what that means in plain words."""

    name: Text
    unit: Text
    explanation: Text


MEASURES: Mapping[str, Measure] = {
    "share": Measure(
        gettext_lazy("Recognition beside the most there can be (model)"),
        gettext_lazy("per cent of the recognition that can be had"),
        gettext_lazy(
            "What part of the most recognition is had with so many places. The band goes down to what one has for sure. This is surer than"
            " the number of faces: what is not known moves all numbers of places alike."
        ),
    ),
    "familiar": Measure(
        gettext_lazy("Recognition (model)"),
        gettext_lazy("familiar faces per resident"),
        gettext_lazy("How many others a resident knows by face from these places, on average. More recognition is not more friends."),
    ),
    "more": Measure(
        gettext_lazy("Chance of more recognition than now"),
        gettext_lazy("per cent of the towns that may be"),
        gettext_lazy(
            "In which part of the towns that may be so many places give more recognition than all places of now. From 80 % on it is surely"
            " more, up to 20 % surely less; between these it cannot be told."
        ),
    ),
    "across": Measure(
        gettext_lazy("Recognition across groups (model)"),
        gettext_lazy("familiar faces of another group, per resident"),
        gettext_lazy("The same, but only people of another group than one's own, such as another age."),
    ),
    "encounters": Measure(
        gettext_lazy("Encounters (model)"),
        gettext_lazy("noticed encounters per resident per week"),
        gettext_lazy("How often two people are in a place together and notice one another. That they speak is not in it."),
    ),
    "visits": Measure(
        gettext_lazy("Visits per place"),
        gettext_lazy("visits per place per week"),
        gettext_lazy("How busy a place is on average. Few visits per place: one waits there in vain."),
    ),
    "near_500": Measure(
        gettext_lazy("A place within 500 metres"),
        gettext_lazy("per cent of residents"),
        gettext_lazy("The part of the residents with an open place within 500 metres on foot: for many older people that is the limit."),
    ),
    "near_800": Measure(
        gettext_lazy("A place within 800 metres"),
        gettext_lazy("per cent of residents"),
        gettext_lazy("The same within 800 metres: some ten minutes on foot."),
    ),
    "cost": Measure(
        gettext_lazy("What the places cost"),
        gettext_lazy("thousands of euros a year"),
        gettext_lazy(
            "Of the open places those of a kind that a municipality usually pays for, such as a community centre or a library, at one"
            " amount each. Shops, cafés, churches, clubs and schools are not in it. It is an assumption, not the budget: costs that were"
            " written down of a place are not used."
        ),
    ),
}
SHARES = frozenset({"share", "more", "near_500", "near_800"})
THOUSANDS = frozenset({"cost"})

BADGES: Mapping[Badge, tuple[Text, Text]] = {
    # What was measured stands beside it: a number of the model is not what was counted.
    Badge.MEASURED: (gettext_lazy("estimated from its own count"), gettext_lazy("What the model makes of what was counted here.")),
    Badge.ESTIMATED: (gettext_lazy("estimated"), gettext_lazy("Reckoned from what was counted elsewhere in this municipality.")),
    Badge.ASSUMED: (gettext_lazy("assumed"), gettext_lazy("Nobody counted it here: it follows from what is assumed.")),
}

DEMANDS: Mapping[str, Text] = {
    "elastic": gettext_lazy("people go out more when more places are near"),
    "fixed": gettext_lazy("people go out as often, whatever there is"),
}
PROGRAMMES: Mapping[str, Text] = {
    "own": gettext_lazy("each place has its own programme"),
    "fixed": gettext_lazy("the programme of now, spread over the places that are open"),
}
HOW: Mapping[str, Text] = {
    "joined": gettext_lazy("by putting sessions right after one another"),
    "foyer": gettext_lazy("by letting those who leave and those who come share the foyer"),
    "seating": gettext_lazy("by a layout in which one takes in half as many people more"),
}
ASSUMPTIONS: Mapping[str, Text] = {
    "notices": gettext_lazy("how many people one takes in per visit (layout, host)"),
    "loyalty": gettext_lazy("how much people keep to their own place and daypart"),
    "stay": gettext_lazy("how many hours a visit takes"),
    "foyer": gettext_lazy("how many meet at the change between two sessions (foyer)"),
    "elastic": gettext_lazy("how much more people go out when more places are near"),
    "dayparts": gettext_lazy("in how many dayparts a place is open where that is not known"),
    "cost": gettext_lazy("what a place costs a year"),
    "times": gettext_lazy("how often one must have met to recognise somebody (convention)"),
    "weeks": gettext_lazy("over how many weeks that counts (convention)"),
    "frequency": gettext_lazy("how often people come"),
    "rate": gettext_lazy("how often a year people go out at most, per function"),
    "demand": gettext_lazy("whether people go out more when more places are near (0: not, 1: fully)"),
    "activity": gettext_lazy("how often a week those who are there come"),
    "beta": gettext_lazy("how fast the wish to go fades, per kilometre"),
    "theta": gettext_lazy("how much a nearer place makes people go out more"),
}
# In the list of what was assumed a name may stand for something else, or for something per function.
ASSUMED: Mapping[str, Text] = {
    **ASSUMPTIONS,
    "weeks": gettext_lazy("how much visits go up and down from week to week, as a part of the average"),
    "cost": gettext_lazy("what a place that a municipality pays for costs a year, in euros"),
}
# For what towns that may be were tried.
TOWNS: Mapping[str, Text] = {
    "curve": gettext_lazy("how many places"),
    "spread": gettext_lazy("how many places, with the programme spread out"),
    "areas": gettext_lazy("areas, and what part goes by way of a place"),
    "reached": gettext_lazy("which part of the residents recognises enough others"),
    "closing": gettext_lazy("a place that closes"),
    "verdict": gettext_lazy("whether more places give less meeting"),
}
PER_FUNCTION: Mapping[str, Text] = {
    "rate": gettext_lazy("visits per resident per year for: %(function)s"),
    "goes": gettext_lazy("part of the residents who go at all for: %(function)s"),
}
# The parts of the id of a daypart: mo_morning.
DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
PARTS: Mapping[str, Text] = {
    "morning": gettext_lazy("morning"),
    "afternoon": gettext_lazy("afternoon"),
    "evening": gettext_lazy("evening"),
}
SETTLE: Mapping[str, Text] = {
    "openings": gettext_lazy("follow what happens to visits when a place opens or closes"),
    "counts": gettext_lazy("count visitors for four weeks at places that were never counted"),
    "origins": gettext_lazy("ask one in ten visitors where they live"),
    "frequency": gettext_lazy("ask a hundred visitors how often they came in the last four weeks"),
    "recognise": gettext_lazy("ask visitors how many of those present they recognise by face"),
    "residents": gettext_lazy("ask residents, also those who do not come, where they go"),
    "stay": gettext_lazy("write down how long visitors stay"),
}


def word(words: Mapping[str, Text], name: str) -> str:
    """A word for an id; the id itself where there is none."""
    return str(words.get(name, name))


def assumed_label(name: str, lang: str) -> str:
    """What was assumed, in words; of a name per function (rate.meet) with the function."""
    kind, _dot, function = name.partition(".")
    if function and kind in PER_FUNCTION:
        return str(PER_FUNCTION[kind]) % {"function": function_label(function, lang)}
    return word(ASSUMED, name)


def group_label(group: str, lang: str) -> str:
    """A group of residents, or everybody."""
    return known_group(group, lang) if group != ALL else _("everybody")


def faces(value: float | None) -> str:
    """Familiar faces, encounters or visits: one decimal below ten, none above; a dash where it was not reckoned."""
    if value is None:
        return "–"
    return number(value, 0 if abs(value) >= WHOLE else 1)


def change(value: float | None) -> str:
    """A change with its sign; what is rounded to nothing has none."""
    if value is None:
        return "–"
    told = faces(abs(value))
    return told if told == faces(0.0) else f"{'+' if value > 0 else '−'}{told}"


def band_text(band: Band | None) -> str:
    """Between what a number lies; nothing where no spread was reckoned."""
    if band is None or band.low is None or band.high is None:
        return ""
    # A bound of nothing is no measurement to a decimal.
    low = faces(band.low) if band.low else number(0)
    return _("%(low)s to %(high)s") % {"low": low, "high": faces(band.high)}


def percents_text(band: Band | None) -> str:
    """Between what whole per cents a part lies; nothing where no spread was reckoned."""
    if band is None or band.low is None or band.high is None:
        return ""
    return _("%(low)s to %(high)s") % {"low": number(band.low * 100), "high": f"{number(band.high * 100)}\u00a0%"}


def margin_text(between: str) -> str:
    """What stands behind a number within a sentence; nothing where no spread was reckoned."""
    return _(" (margin: %(between)s)") % {"between": between} if between else ""


def measure_text(measure: str, value: float | None) -> str:
    """A value of a measure as a table has it."""
    if value is None:
        return "–"
    if measure in SHARES:
        return f"{number(value * 100)} %"
    return f"€ {number(round(value, -3))}" if measure in THOUSANDS else faces(value)


def axis_value(measure: str, value: float | None) -> float | None:
    """A value in the unit of its axis."""
    if value is None:
        return None
    return value * 100 if measure in SHARES else value / 1000 if measure in THOUSANDS else value


def sure_text(chance: float, *, surest: float = SUREST) -> str:
    """The part of some dozens of towns in which something holds: what holds in all of them need not be certain."""
    if chance > surest:
        return _("more than %(number)s %%") % {"number": number(100 * surest)}
    return _("less than %(number)s %%") % {"number": number(100 * (1 - surest))} if chance < 1 - surest else f"{number(chance * 100)} %"


def chance_text(chance: float) -> str:
    """A probability in whole per cents; certainty is never claimed."""
    return _("less than 1 %") if chance < 0.01 else _("more than 99 %") if chance > 0.99 else f"{number(chance * 100)} %"
