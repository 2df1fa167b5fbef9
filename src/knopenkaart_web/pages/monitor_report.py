# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The report of one area: composed once, shown as a page and printed as a PDF with the same words, tables and pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from knopenkaart.monitor.findings import Finding
from knopenkaart.paper.area_report import make_area_report
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.views_data import AreaRef, SourceView
from knopenkaart_web.pages import monitor_compare, monitor_map, monitor_profile, monitor_similar, monitor_trend
from knopenkaart_web.pages.monitor_areas import Choice
from knopenkaart_web.pages.monitor_around import Around, around
from knopenkaart_web.pages.monitor_profile import Profile, Row, ThemeTable
from knopenkaart_web.pages.monitor_words import level_label, licence_text
from knopenkaart_web.pages.templatetags.formats import capital, day, number

MOST_SIMILAR = 5
MEETING = "meeting"
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


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of the report, with what it shows in words."""

    id: str
    caption: str
    alt: str
    svg: str


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
    wheel: Figure
    tables: tuple[Table, ...]
    absent: Table | None
    changes: Table | None
    pictures: tuple[Figure, ...]
    similar: Table | None
    limits: tuple[str, ...]
    sources: tuple[SourceView, ...]
    comparisons: tuple[Choice, ...]
    themes: Mapping[str, str]
    invented: bool


def compose(code: str, other: str, language: str) -> Report | None:
    """The report of an area against `other` (as in the address of the profile) in Dutch or English; None where there is no such area."""
    ref = queries.area(code)
    edition = queries.edition()
    if ref is None or edition is None:
        return None
    with translation.override(language):
        about = around(ref)
        profile = monitor_profile.compose(ref, lang=language, met=other)
        return Report(
            language=language,
            ref=ref,
            title=_("%(name)s: report of the Wijkmonitor") % {"name": ref.name},
            subtitle=_subtitle(about, profile),
            place=_place(about),
            other=profile.other_name,
            made=timezone.localdate(),
            intro=tuple(_intro(about, profile)),
            findings=(*_ordered(profile.findings), *_meeting(ref)),
            wheel=Figure(
                "wheel", _wheel_caption(profile), _("The profile wheel. Every figure in it is in the tables below."), profile.wheel
            ),
            tables=tuple(_table(item, profile) for item in profile.tables if item.rows),
            absent=_absent(profile),
            changes=_changes(about),
            pictures=tuple(_pictures(ref, profile, language)),
            similar=_similar(ref),
            limits=tuple(_limits(profile)),
            sources=profile.sources,
            comparisons=profile.comparisons,
            themes={item.id: item.name for item in profile.tables},
            invented=edition.invented,
        )


def _place(about: Around) -> str:
    """What kind of area it is, and of which municipality."""
    level, within = capital(level_label(about.ref.level)), about.parent("municipality")
    return _("%(level)s of %(within)s") % {"level": level, "within": within.name} if within else level


def _subtitle(about: Around, profile: Profile) -> str:
    place = _place(about)
    return _("%(name)s beside %(other)s") % {"name": place, "other": profile.other_name} if profile.other_name else place


def _wheel_caption(profile: Profile) -> str:
    if not profile.other_name:
        return profile.mine_name
    return _("%(name)s beside %(other)s") % {"name": profile.mine_name, "other": profile.other_name}


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
        cells = [row.name, row.mine, row.margin or "–"]
        cells += [row.theirs or "–", f"{row.sign} {row.difference}".strip() or "–"] if beside else []
        rows.append((*cells, _rests_on(row)))
    head.append(_("Kind, year, number and source"))
    return Table(item.id, item.name, tuple(head), tuple(rows), numbers=(1, 2, 3) if beside else (1, 2))


def _rests_on(row: Row) -> str:
    """What a figure rests on: how it came about, its year, how many it is about where that is known, and its source by number."""
    parts = [capital(row.nature), str(row.year or ""), f"n = {number(row.n)}" if row.n else ""]
    parts.append(_("source %(number)s") % {"number": row.source} if row.source else "")
    theirs = [
        row.their_nature,
        str(row.their_year or ""),
        _("source %(number)s") % {"number": row.their_source} if row.their_source else "",
    ]
    beside = ", ".join(part for part in theirs if part)
    said = ", ".join(part for part in parts if part)
    return f"{said}; {_('compared with: %(figure)s') % {'figure': beside}}" if beside else said


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


def _changes(about: Around) -> Table | None:
    found = monitor_trend.changes(about)
    if not found:
        return None
    head = (_("Figure"), _("First year"), _("Last year"), _("Change"))
    rows = tuple((row.label, f"{row.before} ({row.first})", f"{row.after} ({row.last})", capital(row.text)) for row in found)
    return Table("changes", _("What changed?"), head, rows, tuple(_broken(about)), numbers=(1, 2))


def _broken(about: Around) -> Iterable[str]:
    for item in monitor_trend.breaks(about.ref.code):
        told = {"before": item.from_year, "after": item.to_year, "why": item.why}
        yield _("Between %(before)s and %(after)s the series breaks: %(why)s.") % told


def _pictures(ref: AreaRef, profile: Profile, language: str) -> Iterable[Figure]:
    """The strongest finding as a ranking beside its neighbours, or as a map where there are many."""
    first = next((item.indicator for item in profile.findings if item.indicator), "")
    if not first:
        return
    found = monitor_compare.compose(ref, monitor_compare.Asked(indicator=first), lang=language)
    if found is not None and 1 < found.total <= MOST_IN_RANKING and found.svg:
        text = _("Areas that cannot be told apart share a rank.")
        yield Figure("ranking", _("%(figure)s: areas beside each other") % {"figure": found.name}, text, found.svg)
    drawn = monitor_map.compose(ref, lang=language, level=ref.level if ref.level in ("wijk", "buurt") else "", indicator=first)
    if drawn is not None and drawn.svg and drawn.classes.count > 1:
        text = _("A map: the darker, the higher the figure. A hatched area has no figure.")
        yield Figure("map", _("%(figure)s on the map") % {"figure": drawn.name}, text, drawn.svg)


def _ordered(found: Sequence[Finding]) -> list[Finding]:
    """What is about one theme first, theme by theme; what is about all of them last."""
    themes = list(dict.fromkeys(item.theme for item in found if item.theme))
    return sorted(found, key=lambda item: themes.index(item.theme) if item.theme else len(themes))


def _meeting(ref: AreaRef) -> list[Finding]:
    """What is known of places to meet, or that nobody mapped them."""
    nodes = monitor_similar.nodes_of(ref) if ref.level in ("wijk", "buurt") else None
    if nodes is None:
        return [Finding(_("On this installation no map of places is loaded for this area."), MEETING, "", "")]
    said = [_("Places with a social function found here: %(number)s.") % {"number": number(nodes.found)}]
    if nodes.per_1000 is not None:
        said.append(_("That is %(rate)s per 1,000 inhabitants.") % {"rate": number(nodes.per_1000, 1)})
    if nodes.main:
        names = ", ".join(f"{label} ({number(count)})" for label, count in nodes.main)
        said.append(_("Most of them are for: %(names)s.") % {"names": names})
    if not nodes.complete:
        said.append(_("The sources hold a part of the area only: there are probably more."))
    return [Finding(" ".join(said), MEETING, "", "")]


def _similar(ref: AreaRef) -> Table | None:
    found = monitor_similar.compose(ref, count=MOST_SIMILAR) if ref.level == "wijk" else None
    if found is None or not found.rows:
        return None
    head = (_("Wijk"), _("Most alike in"), _("Differs most in"))
    rows = tuple((f"{row.ref.name} ({row.municipality})", _reasons(row.alike[:2]), _reasons(row.apart[:1])) for row in found.rows)
    return Table("similar", _("Similar wijken elsewhere"), head, rows, (_("In every figure: there, and between brackets here."),))


def _reasons(reasons: Sequence[monitor_similar.Said]) -> str:
    return "; ".join(f"{item.label} {item.theirs} ({item.mine})" for item in reasons)


def _limits(profile: Profile) -> Iterable[str]:
    yield _("The monitor signals; it does not explain. A difference between areas or groups tells where to look, not why it is so.")
    yield _("A margin tells how far a figure may be off by chance and by rounding (95 %). Where it is unknown nothing is compared.")
    yield _("An average hides: within the area people differ. Where figures per group are missing, nobody guessed them.")
    if profile.incomplete:
        yield _("Of meeting not all places were counted, so these figures are not complete.")


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
            "intro": " ".join(report.intro),
            "footer": _("Wijkmonitor of Knopenkaart"),
            "headings": headings(),
            "findings": [{"text": item.text, "theme": report.themes.get(item.theme, _("In general"))} for item in report.findings],
            "wheel": _picture(report.wheel),
            "tables": [_paper_table(item) for item in (*report.tables, report.changes, report.similar, report.absent) if item is not None],
            "pictures": [_picture(item) for item in report.pictures],
            "sources": [f"{place}. {source_text(item)}" for place, item in enumerate(report.sources, start=1)],
            "limits": list(report.limits),
        }


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
    return {"svg": str(item.svg), "alt": item.alt, "caption": item.caption}


def _paper_table(item: Table) -> dict[str, Any]:
    rows = [list(row) for row in item.rows]
    return {"caption": item.caption, "head": list(item.head), "rows": rows, "notes": list(item.notes), "numbers": list(item.numbers)}


def source_text(source: SourceView) -> str:
    """A source with its date, licence and address."""
    parts = [source.title, source.attribution, day(source.date), licence_text(source.licence), source.url]
    return ". ".join(dict.fromkeys(part for part in parts if part))
