# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""With which places a place competes, what it draws from them, and from where its visits come: the model, and what visitors say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knopenkaart.visits.nowhere import Nowhere, nowhere
from knopenkaart_web.meeting import competing
from knopenkaart_web.meeting.competing import Pull, Rival
from knopenkaart_web.meeting.opening import Opened
from knopenkaart_web.meeting.views_data import Band
from knopenkaart_web.pages.drawn import bar_width
from knopenkaart_web.pages.meeting.overview import place_label
from knopenkaart_web.pages.meeting.words import percents_text
from knopenkaart_web.pages.written import distance
from knopenkaart_web.visits import released
from knopenkaart_web.visits.released import ReleaseRow

# What the model leaves out of a function, beside what it leaves out of all of them.
LEFT_OUT: Mapping[str, str | Promise] = {
    "learn": gettext_lazy("The school days of pupils are not in it: of a school only what residents do there beside their lessons."),
    "work": gettext_lazy("The working days of those who are employed there are not in it."),
    "care": gettext_lazy("The days of children and others who are looked after there are not in it."),
}


@dataclass(frozen=True, slots=True)
class RivalLine:
    """Another place by name, with what the model tells of it."""

    id: str
    label: str
    rival: Rival


@dataclass(frozen=True, slots=True)
class OriginLine:
    """An area by name; `width` is that of its bar, in hundredths of the area with the largest part."""

    label: str
    share: Band
    width: str


@dataclass(frozen=True, slots=True)
class Said:
    """What visitors answered on where they would go, until when they were asked, between what the part lies that would go nowhere (in
    words), and how that stands beside the model: fits, more, fewer or unsure (empty: the model tells nothing)."""

    answers: Nowhere
    ends: date | None
    between: str
    beside: str


@dataclass(frozen=True, slots=True)
class Competing:
    """All that is told. `half` and `most`: distances in words; `ordered`: rivals stand with that with most first, else by name; `told`:
    visitors said where they live, and that was released; `level`: of the areas; `left_out`: what of its function is not in the model."""

    pull: Pull
    half: str
    most: str
    rivals: tuple[RivalLine, ...]
    ordered: bool
    origins: tuple[OriginLine, ...]
    level: str
    said: Said | None
    told: bool
    left_out: str

    @property
    def alone(self) -> bool:
        """Whether all visits stay at home without it: there is no other place to go to."""
        return not self.rivals and self.pull.home_fixed.value == 1.0


def compose(found: Opened, place_id: str, *, function: str, lang: str) -> Competing | None:
    """What is told of a place that competes in a function; None where its visits are hidden, or nothing was reckoned."""
    pull = competing.pull(found, place_id)
    if pull is None:
        return None
    rows = released.of_place(found.held.study.slug, place_id, first_look=False)
    rivals, origins = competing.rivals(found, place_id), competing.origins(found, place_id)
    ordered = competing.in_order(rivals)
    lines = [RivalLine(item.place_id, place_label(found, item.place_id, lang), item) for item in rivals]
    most = max((item.share.value or 0.0 for item in origins), default=0.0)
    areas = [OriginLine(_area(found, item.code), item.share, bar_width(item.share.value, most)) for item in origins]
    return Competing(
        pull=pull,
        half=distances(pull.half),
        most=distances(pull.most),
        rivals=tuple(lines if ordered else sorted(lines, key=lambda line: (line.label, line.id))),
        ordered=ordered,
        origins=tuple(sorted(areas, key=lambda line: line.label)),
        level=origins[0].level if origins else "",
        said=_said(rows, pull),
        told=any(_cards(row, "origin") for row in rows),
        left_out=str(LEFT_OUT.get(function, "")),
    )


def distances(band: Band) -> str:
    """A distance with between what it lies; empty where it is not told."""
    if band.value is None:
        return ""
    if band.low is None or band.high is None:
        return distance(band.value)
    return _("%(value)s (%(low)s to %(high)s)") % {"value": distance(band.value), "low": distance(band.low), "high": distance(band.high)}


def _area(found: Opened, code: str) -> str:
    held = found.held.areas.get(code)
    return held.name if held else code


def _cards(row: ReleaseRow, question: str) -> dict[str, int | None]:
    """Cards per answer; empty where every one of them is hidden."""
    rows = ((row.figures.get("cards") or {}).get("questions") or {}).get(question) or []
    answers = {item["answer"]: item["cards"] for item in rows}
    return answers if any(number is not None for number in answers.values()) else {}


def _said(rows: list[ReleaseRow], pull: Pull) -> Said | None:
    """The newest answers of which it is told how many would go nowhere."""
    for row in rows:
        answers = nowhere(_cards(row, "elsewhere"), (row.figures.get("cards") or {}).get("cards"))
        if answers is not None:
            return Said(answers, row.ends, percents_text(Band(None, answers.low, answers.high)), _beside(answers, pull.home_elastic))
    return None


def _beside(answers: Nowhere, home: Band) -> str:
    """More or fewer only where both say so with their bounds."""
    if home.value is None:
        return ""
    if answers.low <= home.value <= answers.high:
        return "fits"
    least, most = (home.value if end is None else end for end in (home.low, home.high))
    return "more" if answers.low > most else "fewer" if answers.high < least else "unsure"
