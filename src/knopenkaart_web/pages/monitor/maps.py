# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Areas of one level shaded by a figure: how the classes were made, the same as a table, and a small map for each group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from knopenkaart.monitor.classes import Classes, classes
from knopenkaart.monitor.estimates import Estimate, estimate
from knopenkaart.monitor.records import ALL, AreaValues
from knopenkaart.monitor.spread import usual_year
from knopenkaart.paper.shaded import ShadedMap, ShadedShape, colour_of, small_multiples
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.views_data import AreaRef, SourceView
from knopenkaart_web.pages.drawn import drawn
from knopenkaart_web.pages.monitor.areas import Choice, parent_of
from knopenkaart_web.pages.monitor.groups import as_choices, group_choices, group_name
from knopenkaart_web.pages.monitor.indicators import grouped_choices, indicator_choices, needed, wanted_indicator
from knopenkaart_web.pages.monitor.outlines import outlines_of
from knopenkaart_web.pages.monitor.pictures import MOST_NAMED, legend_of, shaded_of
from knopenkaart_web.pages.monitor.profile import natures_of, used_sources
from knopenkaart_web.pages.monitor.words import estimate_text, margin_text, short_text, unbroken_text
from knopenkaart_web.pages.written import capital

_BELOW: Mapping[str, tuple[str, ...]] = {
    "country": ("municipality",),
    "municipality": ("wijk", "buurt", "municipality"),
    "wijk": ("buurt", "wijk"),
    "buurt": ("buurt",),
}


@dataclass(frozen=True, slots=True)
class MapRow:
    """An area in the table beside the map; `shade` counts from 1, and is None where there is no figure."""

    ref: AreaRef
    value: str
    margin: str
    n: float | None
    shade: int | None
    sure: bool
    year: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Key:
    """One class in the legend: its number from 1 (None: no figure), its colour, its limits, and how many areas it has (0: not told)."""

    shade: int | None
    colour: str
    text: str
    areas: int = 0


@dataclass(frozen=True, slots=True)
class GroupMap:
    """One of the small maps: its group, and of how many areas there is a figure."""

    group: str
    label: str
    known: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a group in an area."""

    value: str
    margin: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """An area with a figure for each of the small maps."""

    ref: AreaRef
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class AreaMap:
    """Everything that the page of a map tells; `grouped`: what is known by group here, where this figure is not."""

    ref: AreaRef
    within: AreaRef | None
    level: str
    indicator: Indicator
    name: str
    explanation: str
    group: str
    group_name: str
    svg: str
    classes: Classes
    legend: tuple[Key, ...]
    rows: tuple[MapRow, ...]
    known: int
    drawn: int
    outline_years: tuple[int, ...]
    year: int | None
    small_year: int | None
    natures: tuple[str, ...]
    small: str
    small_legend: tuple[Key, ...]
    small_maps: tuple[GroupMap, ...]
    small_rows: tuple[GroupRow, ...]
    small_hidden: bool
    has_groups: bool
    levels: tuple[Choice, ...]
    indicators: tuple[Choice, ...]
    groups: tuple[Choice, ...]
    grouped: tuple[Choice, ...]
    sources: tuple[SourceView, ...]
    small_sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What the maps of one page are made of."""

    areas: Mapping[str, AreaValues]
    outlines: Mapping[str, str]
    refs: Mapping[str, AreaRef]
    indicator: Indicator

    @property
    def names(self) -> dict[str, str]:
        """The names of the areas by code."""
        return {code: ref.name for code, ref in self.refs.items()}

    def told_areas(self) -> list[AreaValues]:
        """The areas with the figures of the indicator only."""
        return [
            replace(item, values=tuple(one for one in item.values if one.indicator == self.indicator.id)) for item in self.areas.values()
        ]


def compose(
    ref: AreaRef, *, lang: str, level: str = "", indicator: str = "", group: str = ALL, by_group: bool = False, height: float = 560
) -> AreaMap | None:
    """The map around an area; None where it has no figures at all to be shaded by."""
    told = catalogue()
    levels = _BELOW[ref.level]
    level = level if level in levels else _first(ref, levels)
    within = ref if level != ref.level else parent_of(ref)
    refs = queries.children(within, level=level) if within else [ref]
    choices = indicator_choices(ref, refs, told, chosen=indicator, lang=lang)
    chosen = wanted_indicator(choices, told)
    if chosen is None:
        return None
    areas = _areas(refs, within, level, chosen)
    outlines = outlines_of(refs)
    shown = _Drawn(areas, outlines.shapes, {item.code: item for item in refs}, chosen)
    groups = [item for item in group_choices(shown.told_areas(), told, lang=lang, chosen=group) if item.figures]
    group = group if any(item.id == group for item in groups) else ALL
    # Of one year: what is hidden or missing in it is not last year's.
    year = usual_year(areas.values(), chosen, [group])
    estimates = {item.code: estimate(areas[item.code], chosen, group=group, year=year) for item in refs if item.code in areas}
    made = classes(estimates)
    what = f"{capital(chosen.name(lang))} {group_name(told, group, lang)}".strip()
    title = ", ".join([what, (within or ref).name, *([str(year)] if year else [])])
    unit = next((item.unit for item in estimates.values()), chosen.unit)
    svg = shaded_of(shown.outlines, made, estimates=estimates, names=shown.names, title=title, unit=unit, mine=ref.code, height=height)
    small = _small(shown, told, lang) if by_group else _Small()
    return AreaMap(
        ref=ref,
        within=within,
        level=level,
        indicator=chosen,
        name=capital(chosen.name(lang)),
        explanation=chosen.explanation(lang),
        group=group,
        group_name=group_name(told, group, lang),
        svg=svg if shown.outlines else "",
        classes=made,
        legend=tuple(_legend(made, unit)),
        rows=tuple(_row(item, estimates[item.code], made, ref) for item in refs if item.code in estimates),
        known=sum(item.value is not None for item in estimates.values()),
        drawn=len(shown.outlines),
        outline_years=outlines.years,
        year=year,
        small_year=small.year,
        natures=natures_of(estimates.values(), chosen.id),
        small=small.svg,
        small_legend=tuple(replace(key, areas=0) for key in small.legend),
        small_maps=tuple(small.maps),
        small_rows=tuple(small.rows),
        small_hidden=any(item.reason == "hidden" for item in small.figures if item.value is None),
        has_groups=bool(groups),
        levels=tuple(Choice(item, _by(item), item == level) for item in levels),
        indicators=tuple(choices),
        groups=tuple(as_choices(groups)),
        grouped=() if groups else tuple(grouped_choices(refs, told, lang=lang)),
        sources=used_sources([*estimates.values(), *small.figures], queries.sources()),
        small_sources=used_sources(small.figures, queries.sources()),
    )


def _by(level: str) -> str:
    """A level as one chooses it."""
    return {"municipality": _("by municipality"), "wijk": _("by wijk"), "buurt": _("by buurt")}[level]


def _first(ref: AreaRef, levels: Sequence[str]) -> str:
    """The level below, unless there is nothing there."""
    return levels[0] if levels[0] == ref.level or len(levels) == 1 or queries.children(ref, level=levels[0]) else levels[1]


def _areas(refs: Sequence[AreaRef], within: AreaRef | None, level: str, indicator: Indicator) -> dict[str, AreaValues]:
    if within is None:
        return queries.values(refs, indicators=needed(indicator))
    inside = "" if within.level == "country" else within.code
    found = queries.level(level, within=inside, year=within.year, indicators=needed(indicator))
    if any(value.indicator == indicator.id and value.value is not None for area in found.values() for value in area.values):
        return found
    # Published for another division only: of the areas that are the same still.
    return queries.values(refs, indicators=needed(indicator))


def _row(item: AreaRef, found: Estimate, made: Classes, mine: AreaRef) -> MapRow:
    shade = made.of.get(item.code)
    return MapRow(
        ref=item,
        value=estimate_text(found),
        margin=margin_text(found),
        n=found.told_n,
        shade=None if shade is None else shade + 1,
        sure=found.value is not None,
        year=found.year if found.value is not None else None,
        chosen=item.code == mine.code,
    )


def _legend(made: Classes, unit: str) -> list[Key]:
    """The classes as the page lists them; what has no figure last."""
    counts = Counter(made.of.values())
    shades = max(1, made.count)
    return [
        Key(None, "", label, len(made.missing)) if shade is None else Key(shade + 1, colour_of(shade, shades), label, counts[shade])
        for shade, label in legend_of(made, unit, missing=bool(made.missing))
    ]


@dataclass(frozen=True, slots=True)
class _Small:
    """The small maps, and the same figures for a table."""

    svg: str = ""
    legend: Sequence[Key] = ()
    maps: Sequence[GroupMap] = ()
    rows: Sequence[GroupRow] = ()
    figures: Sequence[Estimate] = ()
    year: int | None = None


def _small(shown: _Drawn, told: Catalogue, lang: str) -> _Small:
    """A map for everybody and for each group with figures, all in the same classes: only then do their shades mean the same."""
    groups = [item.id for item in group_choices(shown.told_areas(), told, lang=lang) if item.figures]
    if not groups or not shown.outlines:
        return _Small()
    year = usual_year(shown.areas.values(), shown.indicator, (ALL, *groups))
    every = {
        (group, code): estimate(area, shown.indicator, group=group, year=year)
        for group in (ALL, *groups)
        for code, area in shown.areas.items()
    }
    groups = [group for group in (ALL, *groups) if any(every[group, code].value is not None for code in shown.areas)]
    made = classes({f"{group} {code}": every[group, code] for group in groups for code in shown.areas}, alone=True)
    names = {group: capital(group_name(told, group, lang) or _("everybody")) for group in groups}
    unit = next(iter(every.values())).unit
    svg = small_multiples(
        [_group_map(group, shown, every, made, names[group]) for group in groups],
        columns=2,
        shades=max(1, made.count),
        title=_small_title(shown, year, lang),
        description=_("A map for each group, all in the same classes. The same figures are in the table below it."),
        legend=legend_of(made, unit, missing=True),
        prefix="groups",
    )
    maps = [GroupMap(group, names[group], sum(every[group, code].value is not None for code in shown.areas)) for group in groups]
    rows = [GroupRow(ref, tuple(_cell(every[group, code]) for group in groups)) for code, ref in shown.refs.items() if code in shown.areas]
    figures = [every[group, code] for group in groups for code in shown.areas]
    return _Small(drawn(svg), _legend(made, unit), maps, rows, figures, year)


def _cell(found: Estimate) -> Cell:
    return Cell(short_text(found), margin_text(found))


def _small_title(shown: _Drawn, year: int | None, lang: str) -> str:
    what = _("%(what)s, by group") % {"what": capital(shown.indicator.name(lang))}
    return f"{what}, {year}" if year else what


def _group_map(group: str, shown: _Drawn, every: Mapping[tuple[str, str], Estimate], made: Classes, label: str) -> ShadedMap:
    """The map of one group, with its figures in the areas where they fit: few classes hide how far one group stands from the others."""
    shapes = []
    for code, geojson in shown.outlines.items():
        found = every.get((group, code))
        if found is not None:
            written = unbroken_text(estimate_text(found)) if found.value is not None and len(shown.outlines) <= MOST_NAMED else ""
            said = f"{shown.names[code]}: {estimate_text(found)}"
            shapes.append(ShadedShape(geojson, said, made.of.get(f"{group} {code}"), name=written))
    return ShadedMap(label, shapes)
