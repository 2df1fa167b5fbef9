# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The report of one area: composed once, shown as a page and printed as a PDF with the same words, tables and pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knopenkaart.monitor.estimates import Estimate
from knopenkaart.monitor.findings import Finding
from knopenkaart.monitor.spread import Spread
from knopenkaart.paper.area_report import make_area_report
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.views_data import AreaRef, SourceView
from knopenkaart_web.pages.monitor import by_group, compare, maps
from knopenkaart_web.pages.monitor import profile as monitor_profile
from knopenkaart_web.pages.monitor import similar as monitor_similar
from knopenkaart_web.pages.monitor import told as monitor_told
from knopenkaart_web.pages.monitor import trend as monitor_trend
from knopenkaart_web.pages.monitor.areas import Choice
from knopenkaart_web.pages.monitor.around import Around, around
from knopenkaart_web.pages.monitor.profile import Profile, Row, ThemeTable, used_sources
from knopenkaart_web.pages.monitor.trend import Change
from knopenkaart_web.pages.monitor.words import (
    estimate_text,
    group_label,
    indicator_label,
    level_label,
    licence_text,
    margin_text,
    nature_label,
    short_text,
)
from knopenkaart_web.pages.written import capital, day, number

MOST_SIMILAR = 5
CHANGES = ("higher", "lower")
# A map as high as it is wide pushes all else off a sheet of paper.
MAP_HEIGHT = 330
# A ranking of more areas than this fills a page that nobody reads; a map says as much.
MOST_IN_RANKING = 25


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report; the first cell of a row names the row."""

    id: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    # Which columns hold numbers, for how they are set.
    numbers: tuple[int, ...] = ()

    @property
    def lines(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """For each row its name, and its other cells with their heads and whether they are numbers."""
        return [
            (row[0], [(self.head[place], cell, place in self.numbers) for place, cell in enumerate(row[1:], start=1)]) for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of the report, with what it shows in words; `note` tells how to read it and where its figures come from, `table` is the
    address of the page that has the same as a table."""

    id: str
    caption: str
    alt: str
    svg: str
    note: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report tells, in one language."""

    language: str
    ref: AreaRef
    title: str
    subtitle: str
    place: str
    other: str
    made: date
    intro: tuple[str, ...]
    findings: tuple[Finding, ...]
    wheel: Figure | None
    tables: tuple[Table, ...]
    absent: Table | None
    groups: Table | None
    changes: Table | None
    pictures: tuple[Figure, ...]
    similar: Table | None
    limits: tuple[str, ...]
    sources: tuple[SourceView, ...]
    comparisons: tuple[Choice, ...]
    themes: Mapping[str, str]
    invented: bool
    address: str

    @property
    def every_table(self) -> list[Table]:
        """The figures by theme and by group, what changed, similar wijken, and of what there is no figure."""
        return [item for item in (*self.tables, self.groups, self.changes, self.similar, self.absent) if item is not None]

    @property
    def parts(self) -> list[tuple[str, list[str]]]:
        """The sentences under the heading of what they are about, in order."""
        found: dict[str, list[str]] = {}
        for item in self.findings:
            found.setdefault(self.themes.get(item.theme, _("In general")), []).append(item.text)
        return list(found.items())


@dataclass(frozen=True, slots=True)
class _Known:
    """What a report is made of: the profile, the parts of the area and in what they differ, its groups likewise, what changed, and all
    sources in one order."""

    about: Around
    profile: Profile
    parts: tuple[AreaRef, ...]
    spread: tuple[Spread, ...]
    groups: tuple[by_group.GroupFigure, ...]
    apart: tuple[Spread, ...]
    changes: tuple[Change, ...]
    sources: tuple[SourceView, ...]

    def numbers(self, sources: Iterable[SourceView]) -> str:
        """Sources by their numbers in the list of the report."""
        order = {item.id: place for place, item in enumerate(self.sources, start=1)}
        places = sorted({order[item.id] for item in sources if item.id in order})
        return ", ".join(_source(place) for place in places)


def compose(code: str, other: str, language: str) -> Report | None:
    """The report of an area against `other` (as in the address of the profile) in Dutch or English; None where there is no such area."""
    ref = queries.area(code)
    edition = queries.edition()
    if ref is None or edition is None:
        return None
    with translation.override(language):
        told = _known(around(ref), monitor_profile.compose(ref, lang=language, met=other))
        about, profile = told.about, told.profile
        return Report(
            language=language,
            ref=ref,
            title=_("%(name)s: report of the Wijkmonitor") % {"name": ref.name},
            subtitle=_subtitle(about, profile),
            place=_place(about),
            other=profile.other_name,
            made=timezone.localdate(),
            intro=tuple(_intro(about, profile)),
            findings=tuple(_findings(told)),
            wheel=_wheel(profile),
            tables=tuple(_table(item, profile) for item in profile.tables if item.rows),
            absent=_absent(profile),
            groups=_groups(told),
            changes=_changes(told),
            pictures=tuple(_pictures(told, language)),
            similar=_similar(told),
            limits=tuple(_limits(told)),
            sources=told.sources,
            comparisons=profile.comparisons,
            themes=_themes(told),
            invented=edition.invented,
            address=_address("monitor_report", ref, **({"met": other} if other else {})),
        )


def _known(about: Around, profile: Profile) -> _Known:
    parts = tuple(monitor_told.parts_of(about.ref))
    spread = tuple(monitor_told.between(parts))
    groups, apart = tuple(by_group.figures_of(about)), tuple(by_group.apart(about))
    changes = tuple(monitor_trend.changes(about))
    more = [*monitor_told.used(spread), *_of_groups(groups), *(one for item in changes for one in (item.was, item.now))]
    every = {item.id: item for item in (*profile.sources, *used_sources(more, about.sources), *_similar_sources(about.ref))}
    return _Known(about, profile, parts, spread, groups, apart, changes, tuple(every.values()))


def _of_groups(groups: Iterable[by_group.GroupFigure]) -> list[Estimate]:
    return [one for item in groups for one in (item.mine, item.everybody)]


def _themes(told: _Known) -> dict[str, str]:
    """What stands above the sentences, by what they are about."""
    named = {item.id: item.name for item in told.profile.tables}
    return {
        **named,
        by_group.GROUPS: _("Differences between groups"),
        monitor_told.BETWEEN: monitor_told.between_heading(told.parts),
        monitor_told.CHANGED: _("What changed?"),
    }


def _findings(told: _Known) -> list[Finding]:
    """The differences that are sure, between groups and between parts of the area, what changed, its places; what is about all figures
    comes last."""
    ours = [item for item in told.profile.findings if item.tone != "absent"]
    missing = monitor_told.missing_finding(told.profile)
    last = [item for item in ours if item.tone == "caution"]
    return _ordered(
        [
            *(item for item in ours if item not in last),
            *by_group.group_findings(told.groups, told.apart),
            *monitor_told.between_findings(told.spread, told.parts),
            *monitor_told.change_findings(told.changes),
            *monitor_told.place_finding(told.about.ref),
            *missing,
            *last,
        ]
    )


def _place(about: Around) -> str:
    """What kind of area it is, and of which municipality."""
    level, within = capital(level_label(about.ref.level)), about.parent("municipality")
    return _("%(level)s of %(within)s") % {"level": level, "within": within.name} if within else level


def _subtitle(about: Around, profile: Profile) -> str:
    place = _place(about)
    return _("%(name)s beside %(other)s") % {"name": place, "other": profile.other_name} if profile.other_name else place


def _wheel(profile: Profile) -> Figure | None:
    """The wheel; none where nothing is compared or known, as all of it would be a question mark."""
    if not profile.other_name or not profile.figures:
        return None
    caption = _("%(name)s beside %(other)s") % {"name": profile.mine_name, "other": profile.other_name}
    said = _("The profile wheel. Every figure in it is in the tables below.")
    return Figure(
        "wheel",
        caption,
        f"{caption}. {said}",
        profile.wheel,
        _("The numbers are those of the tables, which tell the source of every figure."),
    )


def _intro(about: Around, profile: Profile) -> Iterable[str]:
    ref, within = about.ref, about.parent("municipality")
    told = {"name": ref.name, "level": level_label(ref.level), "year": ref.year, "code": ref.code}
    if within is not None:
        yield _("%(name)s is a %(level)s of %(within)s, in the division of %(year)s (code %(code)s).") % {**told, "within": within.name}
    else:
        yield _("%(name)s: a %(level)s in the division of %(year)s (code %(code)s).") % told
    people = about.own.value("population")
    if people is not None and people.value is not None:
        yield _("%(number)s people lived there in %(year)s.") % {"number": number(people.value), "year": people.year}
    if profile.other_name:
        yield _("All figures stand beside those of %(other)s.") % {"other": profile.other_name}
    yield _("A difference is only told where it is larger than chance and rounding can make it.")


def _table(item: ThemeTable, profile: Profile) -> Table:
    beside = bool(profile.other_name)
    head = [_("Figure"), profile.mine_name, _("Margin")]
    head += [capital(profile.other_name), _("Difference")] if beside else []
    rows = []
    for row in item.rows:
        cells = [f"{row.key}. {row.name}" if beside and row.key else row.name, row.mine, row.margin or _("hardly any")]
        cells += [row.theirs or "–", f"{row.sign} {row.difference or row.tone_text}".strip()] if beside else []
        rows.append((*cells, _rests_on(row)))
    head.append(_("Kind, year, number and source"))
    return Table(item.id, item.name, tuple(head), tuple(rows), numbers=(1, 2, 3) if beside else (1, 2))


def _source(place: int | None) -> str:
    """A source by its number in the list, on one line with it."""
    return (_("source %(number)s") % {"number": place}).replace(" ", "\u00a0") if place else ""


def _rests_on(row: Row) -> str:
    """What a figure rests on: how it came about, its year, how many it is about where that is known, and its source by number."""
    parts = [capital(row.nature), str(row.year or ""), f"n\u00a0=\u00a0{number(row.n)}" if row.n else ""]
    parts.append(_source(row.source))
    theirs = [
        row.their_nature,
        str(row.their_year or ""),
        _source(row.their_source),
    ]
    beside = ", ".join(part for part in theirs if part)
    said = ", ".join(part for part in parts if part)
    return f"{said}; {_('compared with: %(figure)s') % {'figure': beside}}" if beside else said


def _groups(told: _Known) -> Table | None:
    """Each figure of each group beside that of everybody here; None where nobody tells any."""
    if not told.groups:
        return None
    head = (_("Figure"), _("Group"), told.profile.mine_name, _("Margin"), _("Everybody"), _("Kind, year, number and source"))
    return Table("groups", _("By group"), head, tuple(_of_group(item, told) for item in told.groups), numbers=(2, 3, 4))


def _of_group(item: by_group.GroupFigure, told: _Known) -> tuple[str, ...]:
    mine, there = item.mine, item.mine.value is not None
    margin = margin_text(mine) or (_("hardly any") if there else "–")
    # By group only a municipality brings in figures of its own: shorter than what it is called elsewhere.
    nature = _("own figure of the municipality") if mine.nature == "own" else nature_label(mine.nature, item.indicator.id)
    count = f"n\u00a0=\u00a0{number(mine.told_n)}" if mine.told_n else ""
    rests = (
        [nature, str(mine.year or ""), count, told.numbers(used_sources([mine], told.about.sources))] if there else [estimate_text(mine)]
    )
    name = capital(indicator_label(item.indicator.id))
    cells = (short_text(mine), margin, estimate_text(item.everybody))
    return (name, group_label(item.group), *cells, capital(", ".join(part for part in rests if part)))


def _absent(profile: Profile) -> Table | None:
    """Of what there is no figure, by theme, so that nobody takes silence for a zero."""
    rows = tuple((item.name, _by_reason(item.absent)) for item in profile.tables if item.absent)
    return Table("absent", _("Of these there is no figure"), (_("Theme"), _("Figures")), rows) if rows else None


def _by_reason(names: Iterable[str]) -> str:
    """Names that end with a reason between brackets, each reason once."""
    found: dict[str, list[str]] = {}
    for text in names:
        name, _space, reason = text.rpartition(" (")
        found.setdefault(reason.removesuffix(")"), []).append(name)
    return "; ".join(f"{', '.join(items)} ({reason})" for reason, items in found.items())


def _changes(told: _Known) -> Table | None:
    """What surely changed, and of how many figures that cannot be said; None where nothing did."""
    found = [item for item in told.changes if item.verdict in CHANGES]
    if not found:
        return None
    head = (_("Figure"), _("First year"), _("Last year"), _("Change"))
    rows = tuple((row.label, f"{row.before} ({row.first})", f"{row.after} ({row.last})", capital(row.text)) for row in found)
    notes = (*_unchanged(told.changes), *_broken(told.about), _rests(told, [one for row in found for one in (row.was, row.now)]))
    return Table("changes", _("What changed?"), head, rows, tuple(note for note in notes if note), numbers=(1, 2))


def _unchanged(found: Sequence[Change]) -> Iterable[str]:
    same = sum(item.verdict == "same" for item in found)
    unknown = len(found) - same - sum(item.verdict in CHANGES for item in found)
    if same:
        yield ngettext(
            "Of %(number)s other figure a change is not certain.", "Of %(number)s other figures a change is not certain.", same
        ) % {"number": number(same)}
    if unknown:
        yield ngettext(
            "Of %(number)s other figure nobody can tell: its margin is not known.",
            "Of %(number)s other figures nobody can tell: their margins are not known.",
            unknown,
        ) % {"number": number(unknown)}


def _rests(told: _Known, figures: Iterable[Estimate]) -> str:
    """The sources of some figures, by number."""
    found = told.numbers(used_sources(figures, told.about.sources))
    return _("These figures come from: %(sources)s.") % {"sources": found} if found else ""


def _broken(about: Around) -> Iterable[str]:
    for item in monitor_trend.breaks(about.ref):
        told = {"before": item.from_year, "after": item.to_year, "why": item.why}
        yield _("Between %(before)s and %(after)s the series breaks: %(why)s.") % told


def _pictures(told: _Known, language: str) -> Iterable[Figure]:
    """The strongest finding as a ranking of the areas beside it, and as a map; of a municipality that in which its wijken differ most."""
    ref, inside = told.about.ref, bool(told.spread) and told.about.ref.level in ("country", "municipality")
    first = told.spread[0].indicator if inside else next((item.indicator for item in told.profile.findings if item.indicator), "")
    if not first:
        return
    areas = tuple(item.code for item in told.parts) if inside else ()
    few = len(areas) <= MOST_IN_RANKING
    found = compare.compose(ref, compare.Asked(indicator=first, areas=areas, only=inside), lang=language) if few else None
    if found is not None and 1 < found.total <= MOST_IN_RANKING and found.svg:
        yield _ranking(found, told, told.parts[0] if inside else ref)
    level = ref.level if ref.level in ("wijk", "buurt") else ""
    drawn = maps.compose(ref, lang=language, level=level, indicator=first, height=MAP_HEIGHT)
    if drawn is not None and drawn.svg and drawn.classes.count > 1:
        text = f"{_('A map: the darker, the higher the figure. A hatched area has no figure.')} {_classes(drawn.classes.method)}"
        caption = _("%(figure)s on the map") % {"figure": _with_years(drawn.name, [drawn.year] if drawn.year else [])}
        address = _address("monitor_map", ref, wat=first, niveau=drawn.level)
        yield Figure("map", caption, f"{caption}. {text}", drawn.svg, _note(text, told.numbers(drawn.sources)), address)


def _ranking(found: compare.Comparison, told: _Known, among: AreaRef) -> Figure:
    """Areas in order, with in words what who cannot see it would miss; the page of one of them (`among`) has all as a table."""
    text = _("Every dot is a figure, the line its margin, the number in brackets its rank. Areas that cannot be told apart share ranks.")
    if any(row.estimate.value is not None and not row.estimate.bounded for row in found.rows):
        text += " " + _("An open dot: the margin is not known, and so neither is the rank.")
    caption = _("%(figure)s: areas beside each other") % {"figure": _with_years(found.name, found.told_years)}
    listed = "; ".join(f"{row.ref.name} {row.value}{_rank(row)}" for row in found.rows if row.estimate.value is not None)
    address = _address("monitor_compare", among, wat=found.indicator.id)
    return Figure("ranking", caption, f"{caption}. {text} {listed}.", found.svg, _note(text, told.numbers(found.sources)), address)


def _rank(row: compare.Row) -> str:
    if row.rank is None:
        return ""
    return f" ({row.rank})" if row.first == row.last else f" ({row.first}–{row.last})"


def _address(page: str, ref: AreaRef, **asked: str) -> str:
    query = urlencode(asked)
    return reverse(page, args=[ref.code]) + (f"?{query}" if query else "")


def _classes(method: str) -> str:
    """How the shades of a map were made."""
    if method == "quantiles":
        return _("Each shade has about as many areas.")
    if method == "both":
        return _("Each shade has about as many areas, but for areas that lie far from all others.")
    return _("A shade changes only where all areas below and all above surely differ.")


def _with_years(name: str, years: Iterable[int]) -> str:
    told = ", ".join(map(str, years))
    return f"{name} ({told})" if told else name


def _note(text: str, sources: str) -> str:
    return f"{text} {capital(sources)}." if sources else text


def _ordered(found: Sequence[Finding]) -> list[Finding]:
    """What is about one theme first, theme by theme; what is about all of them last."""
    themes = list(dict.fromkeys(item.theme for item in found if item.theme))
    return sorted(found, key=lambda item: themes.index(item.theme) if item.theme else len(themes))


def _similar(told: _Known) -> Table | None:
    ref = told.about.ref
    found = monitor_similar.compose(ref, count=MOST_SIMILAR) if ref.level == "wijk" else None
    if found is None or not found.rows:
        return None
    head = (_("Wijk"), _("Most alike in"), _("Differs most in"))
    rows = tuple((f"{row.ref.name} ({row.municipality})", _reasons(row.alike[:2]), _reasons(row.apart[:1])) for row in found.rows)
    sources = told.numbers(found.sources)
    notes = [_("In every figure: there, and between brackets here.")]
    notes += [_("These figures come from: %(sources)s.") % {"sources": sources}] if sources else []
    return Table("similar", _("Similar wijken elsewhere"), head, rows, tuple(notes))


def _similar_sources(ref: AreaRef) -> tuple[SourceView, ...]:
    return monitor_similar.compose(ref, count=MOST_SIMILAR).sources if ref.level == "wijk" else ()


def _reasons(reasons: Sequence[monitor_similar.Said]) -> str:
    return "; ".join(f"{item.label} {item.theirs} ({item.mine})" for item in reasons)


def _limits(told: _Known) -> Iterable[str]:
    yield _("The monitor signals; it does not explain. A difference between areas or groups tells where to look, not why it is so.")
    yield _("A margin tells how far a figure may be off by chance and by rounding (95 %). Where it is unknown nothing is compared.")
    yield _("People of one household are alike in age and origin. The margin does not reckon with that: there it is really wider.")
    if told.profile.headlines:
        yield _(
            "The sentences at the top tell the largest of many differences. "
            "Their margins are therefore sometimes wider than those in the tables."
        )
    yield _("An average hides: within the area people differ. Where figures per group are missing, nobody guessed them.")
    if told.profile.incomplete:
        yield _("Of meeting not all places were counted, so these figures are not complete.")
    if told.about.study is None and told.about.ref.level != "country":
        yield _("On this installation no map of places is loaded for this area.")


# --- the same on paper -------------------------------------------------------------------------------------------------


def pdf(report: Report) -> bytes:
    """The report as PDF (A4, PDF/UA-1), made in a process of its own. Raises InputError `run.broken`."""
    return make_area_report(_content(report))


def _content(report: Report) -> dict[str, Any]:
    """What the paper room takes; its words are in the language of the report."""
    with translation.override(report.language):
        return {
            "language": report.language,
            "title": report.title,
            "area": report.place,
            "date": day(report.made),
            "comparison": _("beside %(other)s") % {"other": report.other} if report.other else "",
            "invented": " ".join(_made_up(report)),
            "intro": " ".join(report.intro),
            "footer": " · ".join((report.ref.name, _("Wijkmonitor of Knopenkaart"))),
            "headings": headings(),
            "findings": [{"text": text, "theme": name} for name, texts in report.parts for text in texts],
            "wheel": _picture(report.wheel) if report.wheel else None,
            "tables": [_paper_table(item) for item in report.every_table],
            "pictures": [_picture(item) for item in report.pictures],
            "sources": [source_text(item) for item in report.sources],
            "online": _("This report on the web, with all figures as a file: %(address)s")
            % {"address": settings.BASE_URL + report.address},
            "limits": list(report.limits),
        }


def _made_up(report: Report) -> Iterable[str]:
    """On paper too nobody may take an example for a place; pages say it above all that they show."""
    if report.invented:
        yield _("Example.")
        yield _("These areas and figures are made up to show how the Wijkmonitor works.")


def headings() -> dict[str, str]:
    """What stands above the parts of a report, on paper and on the page."""
    return {
        "findings": _("What stands out"),
        "profile": _("The profile wheel"),
        "pictures": _("Beside other areas"),
        "tables": _("All figures"),
        "sources": _("Sources"),
        "limits": _("What these figures do not tell"),
    }


def _picture(item: Figure) -> dict[str, str]:
    return {"svg": str(item.svg), "alt": item.alt, "caption": ". ".join(part for part in (item.caption, item.note) if part)}


def _paper_table(item: Table) -> dict[str, Any]:
    rows = [list(row) for row in item.rows]
    return {"caption": item.caption, "head": list(item.head), "rows": rows, "notes": list(item.notes), "numbers": list(item.numbers)}


def source_text(source: SourceView) -> str:
    """A source with its date, licence and address; of this installation itself with the name of its site, for who reads it on paper."""
    url = f"{settings.BASE_URL}{source.url}" if source.url.startswith("/") else source.url
    parts = [source.title, source.attribution, day(source.date), capital(licence_text(source.licence)), url]
    return ". ".join(dict.fromkeys(part for part in parts if part))
