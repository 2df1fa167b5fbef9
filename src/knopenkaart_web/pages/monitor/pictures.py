# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""From figures to the content of a picture: profile to wheel, ranking to dots, series to lines, classes to a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from knopenkaart.monitor.classes import Classes
from knopenkaart.monitor.estimates import Estimate
from knopenkaart.monitor.profile import Ring, Segment
from knopenkaart.monitor.ranks import Ranked
from knopenkaart.monitor.trend import Trend
from knopenkaart.paper.dots import DotRow, dots
from knopenkaart.paper.lines import LineSeries, Point, lines
from knopenkaart.paper.shaded import ShadedShape, shaded
from knopenkaart.paper.wheel import WheelRing, WheelSegment, wheel
from knopenkaart.vocabulary.catalogue import Catalogue
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.pages.drawn import drawn
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor.words import estimate_text, margin_text, tone_label, unbroken_text, unit_label, value_text
from knopenkaart_web.pages.written import capital, number

# Drawn so wide the letters can be read on a phone, and are as large as those of the page beside a table.
WIDTH = 520
# Of more areas the names would hide the map.
MOST_NAMED = 40
TONES = ("better", "worse", "more", "less", "same", "unknown", "absent")


def wheel_of(
    rings: Sequence[Ring],
    *,
    title: str,
    description: str = "",
    other_name: str = "",
    listed: bool = False,
    source: str = "",
    prefix: str = "",
) -> SafeString:
    """The profile wheel as SVG, with a legend of the tones that occur; its parts are numbered as the rows of the tables (see `numbered`),
    and with `listed` the numbers are explained inside.

    In all pictures `source` puts title and source inside, for one that goes elsewhere; `prefix` keeps two pictures on a page apart.
    """
    told, keys = catalogue(), numbered(rings)
    shown = [
        WheelRing(_theme(told, ring.theme), [_segment(told, item, other_name, keys.get(item.indicator)) for item in ring.segments])
        for ring in rings
    ]
    used = {item.tone for ring in rings for item in ring.segments}
    legend = [(tone, capital(tone_label(tone))) for tone in TONES if tone in used]
    said = description or _described(other_name)
    return drawn(wheel(shown, title=title, description=said, legend=legend, listed=listed, source=source, prefix=prefix))


def numbered(rings: Sequence[Ring]) -> dict[str, int]:
    """A number for each indicator that has a figure, from the outer ring inwards: in the wheel, and in the tables that say the same."""
    there = [item.indicator for ring in rings for item in ring.segments if item.mine.value is not None]
    return {indicator: place for place, indicator in enumerate(there, start=1)}


def _theme(told: Catalogue, theme: str) -> str:
    return told.themes[theme].name(language())


def _described(other_name: str) -> str:
    told = _("A ring for each theme, a numbered part for each figure. The same figures are in the table, with the same numbers.")
    return f"{told} {_('Compared with %(name)s.') % {'name': other_name}}" if other_name else told


def _segment(catalogue: Catalogue, item: Segment, other_name: str, place: int | None) -> WheelSegment:
    label, mine = capital(catalogue.indicators[item.indicator].name(language())), estimate_text(item.mine)
    said, short = mine, mine
    if item.theirs is not None and item.theirs.value is not None and other_name:
        theirs = value_text(item.theirs.value, item.theirs.unit)
        said, short = f"{mine}; {other_name}: {theirs}", _("%(mine)s against %(theirs)s") % {"mine": mine, "theirs": theirs}
    if other_name or item.tone == "absent":
        # Of what is not compared the tone says nothing: the figure does.
        said = f"{said} ({tone_label(item.tone)})"
    return WheelSegment(label, item.tone, said, str(place or ""), unbroken_text(short))


def dots_of(
    ranked: Sequence[Ranked],
    *,
    names: Mapping[str, str],
    title: str,
    description: str = "",
    mine: str = "",
    reference: tuple[Estimate, str] | None = None,
    source: str = "",
    prefix: str = "",
) -> SafeString:
    """Areas in the order of a ranking as SVG, each with its margin and shared rank; `mine` is the code of the one that stands out."""
    said = _("%(title)s (between brackets: the rank)") % {"title": title} if any(item.rank is not None for item in ranked) else title
    rows = [
        DotRow(
            label=names.get(item.code, item.code),
            value=item.estimate.value,
            low=item.estimate.low,
            high=item.estimate.high,
            text=f"{estimate_text(item.estimate)}{_rank(item)}",
            emphasis=item.code == mine,
        )
        for item in ranked
    ]
    unit = next((item.estimate.unit for item in ranked), "")
    line = (reference[0].value, reference[1]) if reference is not None and reference[0].value is not None else None
    return drawn(
        dots(
            rows,
            title=said,
            description=description or _("Every dot is a figure, the line its margin."),
            unit=unit_label(unit),
            reference=line,
            language=language(),
            width=WIDTH,
            source=source,
            prefix=prefix,
        )
    )


def _rank(item: Ranked) -> str:
    """The shared ranks of an area between brackets, as short as they can be said: the title says what they are."""
    if item.rank is None:
        return ""
    if item.first is None or item.last is None or item.first == item.last:
        return f" ({number(item.rank)})"
    return f" ({number(item.first)}–{number(item.last)})"


def lines_of(
    series: Sequence[tuple[str, Trend]],
    *,
    title: str,
    unit: str,
    description: str = "",
    reasons: Mapping[str, str] | None = None,
    source: str = "",
    prefix: str = "",
) -> SafeString:
    """Series of figures over the years as SVG; `reasons` has the words for why a series breaks."""
    said = reasons or {}
    breaks = dict.fromkeys((year, said.get(reason, reason)) for _label, trend in series for year, reason in trend.breaks)
    shown = [LineSeries(label, [_points(part) for part in trend.parts]) for label, trend in series]
    told = description or _(
        "A line where the area is the same in all years; a band shows the margin. Where the series breaks there is no line."
    )
    return drawn(
        lines(
            shown,
            title=title,
            description=told,
            unit=unit_label(unit),
            breaks=list(breaks),
            language=language(),
            width=WIDTH,
            source=source,
            prefix=prefix,
        )
    )


def _points(part: Sequence[tuple[int, Estimate]]) -> list[Point]:
    return [(year, item.value, item.low, item.high) for year, item in part if item.value is not None]


def shaded_of(
    outlines: Mapping[str, str],
    classes: Classes,
    *,
    estimates: Mapping[str, Estimate],
    names: Mapping[str, str],
    title: str,
    unit: str,
    description: str = "",
    mine: str = "",
    height: float = 560,
    source: str = "",
    prefix: str = "",
) -> SafeString:
    """Areas in classes as a map in SVG; an area without a figure has a hatch of its own."""
    shapes = [
        ShadedShape(
            geojson=geojson,
            label=f"{names.get(code, code)}: {_told(estimates.get(code))}",
            shade=classes.of.get(code),
            emphasis=code == mine,
            name=names.get(code, "") if len(outlines) <= MOST_NAMED else "",
            code=code,
        )
        for code, geojson in outlines.items()
    ]
    return drawn(
        shaded(
            shapes,
            shades=max(1, classes.count),
            title=title,
            description=description or _("A darker area has a higher figure. The same figures are in the table."),
            legend=legend_of(classes, unit, missing=any(shape.shade is None for shape in shapes)),
            height=height,
            source=source,
            prefix=prefix,
        )
    )


def legend_of(classes: Classes, unit: str, *, missing: bool) -> list[tuple[int | None, str]]:
    """The classes of a map in words, lowest first; areas without a figure last. A value at an edge belongs to the class above it."""
    ends = [value_text(edge, unit) for edge in classes.edges]
    if not ends:
        known: list[tuple[int | None, str]] = [(0, capital(_("one class: areas cannot be told apart")))] if classes.of else []
    else:
        between = [_("%(low)s to %(high)s") % {"low": low, "high": high} for low, high in pairwise(ends)]
        texts = [_("less than %(number)s") % {"number": ends[0]}, *between, _("%(number)s or more") % {"number": ends[-1]}]
        known = [(place, capital(text)) for place, text in enumerate(texts)]
    return [*known, (None, capital(tone_label("absent")))] if missing else known


def _told(found: Estimate | None) -> str:
    if found is None:
        return tone_label("absent")
    margin = margin_text(found)
    return f"{estimate_text(found)} ({margin})" if margin else estimate_text(found)
