# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures of an area through the years: a line only where the area is the same, and where it is not, why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from knopenkaart.monitor.estimates import Difference, Estimate, estimate
from knopenkaart.monitor.findings import of_many
from knopenkaart.monitor.profile import comparable
from knopenkaart.monitor.records import ALL, AreaValues
from knopenkaart.monitor.trend import Trend, trend
from knopenkaart.vocabulary.catalogue import Indicator
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.views_data import AreaRef, LinkView, SourceView
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor import areas
from knopenkaart_web.pages.monitor.around import Around
from knopenkaart_web.pages.monitor.by_group import ordered
from knopenkaart_web.pages.monitor.difference import difference_text
from knopenkaart_web.pages.monitor.pictures import lines_of
from knopenkaart_web.pages.monitor.words import estimate_text, group_label, level_label, margin_text, nature_label, source_line
from knopenkaart_web.pages.written import capital, number
from knopenkaart_web.reach.views_data import Choice

JOINED = ("same", "bridged")
SURE = ("higher", "lower")
MOST_GROUPS = 6


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure in the table beside the picture."""

    text: str
    margin: str


@dataclass(frozen=True, slots=True)
class YearRow:
    """One year, a figure for each series; `why` where nothing of that year is about this area."""

    year: int
    cells: list[Cell]
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """What an indicator was and is, in words and as figures, and whether that is a change beyond the margins: as one of many (see
    `sure_of_many`), or by itself."""

    indicator: str
    label: str
    before: str
    after: str
    first: int
    last: int
    verdict: str
    text: str
    was: Estimate
    now: Estimate
    apart: Difference


@dataclass(frozen=True, slots=True)
class Break:
    """Two divisions between which nothing is joined, and why; `other` is the one that is not the area's, 0 where it has no such code."""

    from_year: int
    to_year: int
    name_from: str
    people: str
    why: str
    other: int


@dataclass(frozen=True, slots=True)
class TrendPage:
    """The choices, the picture with its table, what breaks, and what changed."""

    indicators: list[areas.Choice]
    groups: list[Choice]
    chosen: Indicator | None
    title: str
    picture: str
    heads: list[str]
    rows: list[YearRow]
    breaks: list[Break]
    bridged: list[LinkView]
    said: list[str]
    changes: list[Change]
    natures: list[str]
    sources: list[SourceView]
    source: str
    query: str
    linked: bool

    @property
    def sure_changes(self) -> list[Change]:
        """What is more or less than it was, beyond the margins."""
        return [item for item in self.changes if item.verdict in SURE]

    @property
    def other_changes(self) -> list[Change]:
        """What may or may not have changed."""
        return [item for item in self.changes if item.verdict not in SURE]


def compose(about: Around, *, wanted: str = "", groups: Sequence[str] = ()) -> TrendPage:
    """The page of an area; an indicator or group that it has no figures of falls back on the usual."""
    own = about.own
    known = about.indicators()
    chosen = next((item for item in known if item.id == wanted), None) or _usual(own, known)
    there = ordered(about.catalogue, set(own.groups(chosen.id))) if chosen else []
    shown = [group for group in dict.fromkeys(groups) if group in there][:MOST_GROUPS] or ([ALL] if ALL in there else there[:1])
    links = queries.links(about.ref.code)
    series = _series(about, chosen, shown, links) if chosen else []
    used = [value for value in own.values if chosen and value.indicator == chosen.id and value.group in shown]
    changed = changes(about)
    return TrendPage(
        indicators=[
            areas.Choice(item.id, capital(item.name(language())), item is chosen, about.catalogue.themes[item.theme].name(language()))
            for item in known
        ],
        groups=[Choice(id=group, label=capital(group_label(group)), chosen=group in shown) for group in there],
        chosen=chosen,
        title=_title(about.ref, chosen),
        picture=picture(about, chosen, series) if chosen else "",
        heads=[label for label, _points, _trend in series],
        rows=_rows(series, about.ref.year, links),
        breaks=breaks(about.ref),
        bridged=[link for link in links if link.verdict == "bridged"],
        said=_said(about, chosen, shown, changed) if chosen else [],
        changes=changed,
        natures=list(dict.fromkeys(nature_label(value.nature, value.indicator) for value in used)),
        sources=about.used(used),
        source=source_line(about.used(used)),
        query="?" + urlencode({"wat": chosen.id, "groep": shown} | division_of(about.ref), doseq=True) if chosen else "",
        linked=bool(links),
    )


def division_of(ref: AreaRef) -> dict[str, int]:
    """What an address must say for an area of an older division; nothing for one of the newest that has its code."""
    newest = queries.area(ref.code)
    return {"indeling": ref.year} if newest is not None and newest.year != ref.year else {}


def breaks(ref: AreaRef) -> list[Break]:
    """The divisions of which no figures are joined to an area, though they have its code or it had theirs."""
    return [_break(link, ref.year) for link in _unjoined(queries.links(ref.code), ref.year)]


def _unjoined(links: Sequence[LinkView], year: int) -> list[LinkView]:
    return [link for link in links if link.verdict not in JOINED and year in (link.from_year, link.to_year)]


def _other(link: LinkView, year: int) -> int:
    return link.from_year if link.to_year == year else link.to_year


def changes(about: Around) -> list[Change]:
    """Every indicator of which two years may be compared; changed is what stays sure with so many looked at (`sure_of_many`)."""
    links = queries.links(about.ref.code)
    return sure_of_many([change for item in about.indicators() if (change := _change(about.own, item, links)) is not None])


def sure_of_many(found: Sequence[Change]) -> list[Change]:
    """Changes that were looked at one by one, as they stand together: what is not sure then is "same", what is has a wider margin."""
    apart = of_many({item.indicator: (item.now, item.was, item.apart) for item in found})
    return [_as_one(item, apart[item.indicator]) if item.verdict in SURE else item for item in found]


def _as_one(item: Change, apart: Difference) -> Change:
    return replace(item, verdict=apart.verdict, text=difference_text(apart, item.now.unit) if apart.verdict in SURE else _not_certain())


def _not_certain() -> str:
    return _("a change is not certain")


def _usual(own: AreaValues, known: Sequence[Indicator]) -> Indicator | None:
    """The first indicator by which areas may be compared, of several years if there is one; how people live before who they are."""
    several = [item for item in known if len(own.years(item.id)) > 1]
    alike = [item for item in several if comparable(item)]
    ordered = [*(item for item in alike if item.wheel and item.direction != "neutral"), *alike, *several, *known]
    return ordered[0] if ordered else None


def _title(ref: AreaRef, chosen: Indicator | None) -> str:
    title = f"{capital(chosen.name(language()))}, {ref.name}" if chosen else ref.name
    return _("%(title)s, in the division of %(year)s") % {"title": title, "year": ref.year} if division_of(ref) else title


Points = list[tuple[int, Estimate]]
Series = tuple[str, Points, Trend]


def _series(about: Around, chosen: Indicator, groups: Sequence[str], links: Sequence[LinkView]) -> list[Series]:
    """A series for each group of the area, and for everybody in what it lies in, unless a number of people or things says nothing there."""
    alone = list(groups) == [ALL]
    found = [_one(about.own, chosen, group, links, about.ref.name if alone else capital(group_label(group))) for group in groups]
    for parent in about.parents if comparable(chosen) else ():
        values = about.values.get(parent.code)
        if values is not None and parent.level in ("municipality", "country"):
            # A buurt may be called as its municipality: two lines of one name are taken for one.
            name = parent.name if parent.name != about.ref.name else f"{parent.name} ({level_label(parent.level)})"
            label = name if alone else f"{name}: {group_label(ALL)}"
            found.append(_one(values, chosen, ALL, queries.links(parent.code), label))
    return [item for item in found if any(point.value is not None for _year, point in item[1])]


def _one(area: AreaValues, chosen: Indicator, group: str, links: Sequence[LinkView], label: str) -> Series:
    years = area.years(chosen.id, group=group)
    points = [(year, estimate(area, chosen, group=group, year=year)) for year in years]
    found = [(year, area.value(chosen.id, group=group, year=year)) for year in years]
    divisions = [(year, value.area_year or year) for year, value in found if value is not None]
    return label, points, trend(points, breaks_between(divisions, links))


def breaks_between(divisions: Sequence[tuple[int, int]], links: Sequence[LinkView]) -> dict[int, str]:
    """The years from which figures are of another area than those just before; `divisions`: each year, and the year of its areas.

    A division of which nothing is joined parts no others: of a code that meant another area in 2020, 2022 and 2024 may still be one series.
    """
    apart = {(link.from_year, link.to_year): link.reason for link in links if link.verdict not in JOINED}
    return {year: apart[before, after] for (_year, before), (year, after) in pairwise(divisions) if (before, after) in apart}


def picture(about: Around, chosen: Indicator, series: Sequence[Series]) -> str:
    """The series as lines, with the breaks in words; nothing where there is one year only: a point says less than its row in the table."""
    if len({year for _label, points, _found in series for year, point in points if point.value is not None}) < 2:
        return ""
    unit = next((point.unit for _label, points, _trend in series for _year, point in points), chosen.unit)
    reasons = {reason: why_broken(reason) for _label, _points, found in series for _year, reason in found.breaks}
    drawn = [(label, found) for label, _points, found in series]
    return lines_of(drawn, title=_title(about.ref, chosen), unit=unit, reasons=reasons)


def series_of(about: Around, chosen: Indicator, groups: Sequence[str] = (ALL,)) -> list[Series]:
    """The series of one indicator, for a picture outside this page."""
    return _series(about, chosen, groups, queries.links(about.ref.code))


def _rows(series: Sequence[Series], division: int, links: Sequence[LinkView]) -> list[YearRow]:
    """A row for each year of the table, the newest first; also for divisions of which nothing is joined to that of the area."""
    apart = {_other(link, division): why_broken(link.reason) for link in _unjoined(links, division)}
    years = {year for _label, points, _trend in series for year, _point in points} | set(apart)
    rows = []
    for year in sorted(years, reverse=True):
        found = [dict(points).get(year) for _label, points, _trend in series]
        cells = [Cell(estimate_text(item), margin_text(item)) if item else Cell("", "") for item in found]
        rows.append(YearRow(year, cells, "" if found and found[0] is not None else apart.get(year, "")))
    return rows


def _break(link: LinkView, year: int) -> Break:
    people, other = "", _other(link, year)
    if link.people_from is not None and link.people_to is not None:
        people = _("%(before)s inhabitants in %(first)s, %(after)s in %(last)s") % {
            "before": number(link.people_from),
            "first": link.from_year,
            "after": number(link.people_to),
            "last": link.to_year,
        }
    there = queries.area(link.code, year=other) is not None
    return Break(link.from_year, link.to_year, link.name_from, people, why_broken(link.reason), other if there else 0)


def _said(about: Around, chosen: Indicator, groups: Sequence[str], found: Sequence[Change]) -> list[str]:
    """Whether the chosen figure changed, in a sentence for each group; of everybody as the table of all changes tells it."""
    everybody, links = next((item for item in found if item.indicator == chosen.id), None), queries.links(about.ref.code)
    told = [(group, everybody if group == ALL else _change(about.own, chosen, links, group=group)) for group in groups]
    names = {group: about.ref.name if group == ALL else capital(group_label(group)) for group in groups}
    return [_sentence(names[group], item) for group, item in told if item is not None]


def _sentence(name: str, item: Change) -> str:
    text = {
        "same": _("%(figure)s: from %(before)s in %(first)s to %(after)s in %(last)s. Whether that is a change is not certain."),
        "unknown": _("%(figure)s: from %(before)s in %(first)s to %(after)s in %(last)s. Whether that is a change cannot be said."),
    }.get(item.verdict, _("%(figure)s: from %(before)s in %(first)s to %(after)s in %(last)s. That is %(difference)s."))
    told = {"figure": name, "before": item.before, "first": item.first, "after": item.after, "last": item.last}
    return text % {**told, "difference": item.text}


def _change(own: AreaValues, item: Indicator, links: Sequence[LinkView], *, group: str = ALL) -> Change | None:
    """The first year against the last of those that may be compared; None where that is one year."""
    _label, _points, found = _one(own, item, group, links, "")
    run = found.parts[-1] if found.parts else ()
    if len(run) < 2:
        return None
    (first, before), (last, after) = run[0], run[-1]
    same = found.change.verdict == "same"
    return Change(
        indicator=item.id,
        label=capital(item.name(language())),
        before=estimate_text(before),
        after=estimate_text(after),
        first=first,
        last=last,
        verdict=found.change.verdict,
        text=_not_certain() if same else difference_text(found.change, after.unit),
        was=before,
        now=after,
        apart=found.change,
    )


def why_broken(reason: str) -> str:
    """Why figures of two years are not about the same area."""
    return {
        "absent": _("the code did not exist in both years"),
        "new_code": _("the code did not exist in both years"),
        "vanished": _("the code did not exist in both years"),
        "other_name_and_size": _("the same code, but another name and many more or fewer inhabitants"),
        "other_name": _("the same code, but another name"),
        "name_says_nothing": _("the name is only a number, which proves nothing"),
        "no_name": _("the figures of one year came without names, and a code alone proves nothing"),
        "changed": _("the boundary was changed"),
        "population_jump": _("the number of inhabitants jumps"),
        "other_polygon": _("the outline is another one"),
        "not_verifiable": _("nobody can tell whether it is the same area"),
        "division_redrawn": _("the division of the municipality was drawn anew"),
        "unit": _("the source changed the unit"),
        "nature": _("the source came by the figure in another way"),
    }.get(reason, _("not known to be the same area"))
