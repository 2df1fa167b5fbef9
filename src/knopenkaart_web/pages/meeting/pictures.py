# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who meets whom as pictures: groups against groups, areas on a map, lines over a number of places, and what drives the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.dates import WEEKDAYS
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from knopenkaart.paper.dots import DotRow, dots
from knopenkaart.paper.heat import HeatRow, heat
from knopenkaart.paper.plateau import PlateauLine, plateau
from knopenkaart.paper.shaded import ShadedShape, shaded
from knopenkaart.privacy import THRESHOLD
from knopenkaart_web.meeting.views_data import SURE, AreaMeeting
from knopenkaart_web.pages.drawn import drawn
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.meeting.words import DAYS, MEASURES, PARTS, faces, sure_text
from knopenkaart_web.pages.written import capital, number


def matrix_of(
    heads: Sequence[str], values: Sequence[Sequence[float | None]], *, title: str, across: str, width: float = 640, prefix: str = ""
) -> SafeString:
    """Groups against groups, a number in every cell; `across` says what the columns are."""
    rows = [HeatRow(head, row, [matrix_text(value) for value in row]) for head, row in zip(heads, values, strict=True)]
    described = _("Each row is a group, each column the group that it meets. The same numbers are in the table.")
    return drawn(heat(rows, heads, title=title, description=described, across=across, width=width, prefix=prefix))


def week_of(visits: Mapping[str, float | None], *, title: str, width: float = 640, prefix: str = "") -> SafeString:
    """Days against dayparts, visits in every cell; `visits` by the id of a daypart (None: fewer than ten), absent where it is closed.

    Nothing where no daypart is known by day and part.
    """
    parts = [part for part in PARTS if any(f"{day}_{part}" in visits for day in DAYS)]
    days = [day for day in DAYS if any(f"{day}_{part}" in visits for part in parts)]
    if not parts:
        return drawn("")
    rows = []
    for day in days:
        slots = [f"{day}_{part}" for part in parts]
        texts = ["–" if slot not in visits else f"< {THRESHOLD}" if visits[slot] is None else faces(visits[slot]) for slot in slots]
        rows.append(HeatRow(capital(str(WEEKDAYS[DAYS.index(day)])), [visits.get(slot) for slot in slots], texts))
    heads = [str(PARTS[part]) for part in parts]
    described = _("Each row is a day, each column a daypart. A dash: nobody comes, or it is closed. The same numbers are in the table.")
    return drawn(heat(rows, heads, title=title, description=described, across=_("visits in the"), same=False, width=width, prefix=prefix))


def matrix_text(value: float | None) -> str:
    """A cell: two decimals below one, where a decimal would hide nearly everything."""
    return number(value, 2) if value is not None and 0 < value < 1 else faces(value)


SIDES = ("below", "same", "above", "edge", "unknown")


def side_of(area: AreaMeeting) -> str:
    """Whether the model is sure enough that an area lies above or below the whole; of an edge of an area that says nothing."""
    if area.edge:
        return "edge"
    if area.above is None:
        return "unknown"
    return "above" if area.above >= SURE else "below" if area.above <= 1 - SURE else "same"


def side_label(side: str) -> str:
    """The same in words."""
    return {
        "below": _("less than the average"),
        "same": _("cannot be told apart from the average"),
        "above": _("more than the average"),
        "edge": _("only an edge of it: not compared"),
        "unknown": _("not reckoned"),
    }[side]


def side_text(area: AreaMeeting) -> str:
    """The side of the average, with the chance that it is so."""
    side = side_of(area)
    if area.above is None or side in ("same", "edge"):
        return side_label(side)
    chance = sure_text(area.above if side == "above" else 1 - area.above)
    return _("%(side)s (chance %(chance)s)") % {"side": side_label(side), "chance": chance}


def map_of(
    areas: Sequence[AreaMeeting], outlines: Mapping[str, str], names: Mapping[str, str], *, title: str, width: float = 640
) -> SafeString:
    """Areas by the side of the average on which they surely lie."""
    shades = {"below": 0, "same": 1, "above": 2}
    shapes = [
        ShadedShape(outlines[area.code], f"{names.get(area.code, area.code)}: {side_text(area)}", shades.get(side_of(area)))
        for area in areas
        if area.code in outlines
    ]
    used = {side_of(area) for area in areas}
    legend = [(shades.get(side), capital(side_label(side))) for side in SIDES if side in used]
    described = _("A shade tells on which side of the average an area surely lies. The same is in the table.")
    prefix = f"areas-{width:.0f}"
    return drawn(shaded(shapes, shades=3, title=title, description=described, legend=legend, width=width, prefix=prefix))


def curve_of(lines: Sequence[PlateauLine], measure: str, *, now: int | None, prefix: str = "") -> SafeString:
    """Lines of one measure over the number of places."""
    told = MEASURES[measure]
    return drawn(
        plateau(
            lines,
            title=str(told.name),
            description=_("The number of open places from left to right. The same numbers are in the table below."),
            unit=str(told.unit),
            along=_("places that are open"),
            now=(now, _("now")) if now is not None else None,
            language=language(),
            prefix=prefix,
        )
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """What an answer becomes with an assumption at its ends."""

    label: str
    ends: tuple[float, float]


def tornado_of(
    bars: Sequence[Bar], base: float, told: Callable[[float], str], *, title: str, unit: str, width: float, prefix: str
) -> SafeString:
    """A bar per assumption from the lowest to the highest answer, beside the answer as assumed."""
    rows = [
        DotRow(
            label=bar.label,
            value=base,
            low=min(bar.ends),
            high=max(bar.ends),
            text=f"{told(min(bar.ends))} – {told(max(bar.ends))}",
        )
        for bar in bars
    ]
    described = _("A bar per assumption: what the answer becomes when it is lowest and highest. The same numbers are in the table.")
    return drawn(
        dots(
            rows,
            title=title,
            description=described,
            unit=unit,
            reference=(base, _("as assumed")),
            language=language(),
            width=width,
            prefix=prefix,
        )
    )


def beside_of(rows: Sequence[DotRow], *, width: float, prefix: str) -> SafeString:
    """Per place what visitors say, with its interval, and what the model gives as an open triangle."""
    described = _("A dot with a line: what visitors say. An open triangle: the model. The same numbers are in the table.")
    return _said(rows, _("What visitors say beside the model, per place"), described, width=width, prefix=prefix)


def rounds_of(rows: Sequence[DotRow], *, width: float, prefix: str) -> SafeString:
    """Per place and round what visitors say, with its interval."""
    described = _("A dot with a line: what visitors say in a round, the oldest first. The same numbers are in the table.")
    return _said(rows, _("What visitors say, per round"), described, width=width, prefix=prefix)


def _said(rows: Sequence[DotRow], title: str, described: str, *, width: float, prefix: str) -> SafeString:
    unit = _("people present whom a visitor recognises")
    return drawn(dots(rows, title=title, description=described, unit=unit, language=language(), width=width, prefix=prefix))
