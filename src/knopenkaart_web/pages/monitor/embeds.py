# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pictures to take elsewhere: the same as on the pages, with title and source inside, and the same figures as a table beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from knopenkaart.monitor.records import ALL
from knopenkaart.paper.framing import framed, title_of
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.views_data import AreaRef, SourceView
from knopenkaart_web.pages.asked import asked_text
from knopenkaart_web.pages.drawn import drawn
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor import compare, maps, profile, trend
from knopenkaart_web.pages.monitor.around import around
from knopenkaart_web.pages.monitor.pictures import wheel_of
from knopenkaart_web.pages.monitor.words import source_line
from knopenkaart_web.pages.written import number

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands alone: `svg` has title and source inside, `inner` is the same without, for a page that has them already."""

    title: str
    svg: SafeString
    inner: SafeString
    head: Cells
    rows: tuple[Cells, ...]
    source: str
    back: str


def picture(ref: AreaRef, name: str, asked: QueryDict) -> Picture | None:
    """One of `PICTURES` of an area, as the address of its page asks for it; None where there is no such picture, or nothing to draw."""
    made = PICTURES.get(name)
    return made(ref, asked) if made else None


def _wheel(ref: AreaRef, asked: QueryDict) -> Picture | None:
    told = {"met": asked_text(asked, "met"), "group": asked_text(asked, "groep") or ALL, "other_group": asked_text(asked, "andere")}
    found = profile.compose(ref, lang=language(), **told)
    head: Cells = (_("Figure"), _("Year"), found.mine_name, _("Margin"), found.other_name or "–", _("Difference"))
    rows = tuple(
        (f"{row.key}. {row.name}", str(row.year or "–"), row.mine, row.margin or "–", row.theirs or "–", row.difference or "–")
        for table in found.tables
        for row in table.rows
    )
    # Alone it has no table beside it: the names of its parts are inside.
    alone = wheel_of(found.rings, title=title_of(found.wheel), other_name=found.other_name, listed=True)
    return _made(found.wheel, head, rows, found.sources, reverse("monitor_area", args=[ref.code]), alone=alone)


def _map(ref: AreaRef, asked: QueryDict) -> Picture | None:
    level, group = asked_text(asked, "niveau"), asked_text(asked, "groep") or ALL
    found = maps.compose(ref, lang=language(), level=level, indicator=asked_text(asked, "wat"), group=group)
    if found is None or not found.svg:
        return None
    rows = tuple((row.ref.name, row.value, row.margin or "–") for row in found.rows)
    return _made(found.svg, _area_head(found.name), rows, found.sources, reverse("monitor_map", args=[ref.code]))


def _groups(ref: AreaRef, asked: QueryDict) -> Picture | None:
    """The small maps of all groups."""
    found = maps.compose(ref, lang=language(), level=asked_text(asked, "niveau"), indicator=asked_text(asked, "wat"), by_group=True)
    if found is None or not found.small:
        return None
    rows = tuple((row.ref.name, *(cell.value for cell in row.cells)) for row in found.small_rows)
    return _made(
        found.small,
        (_("Area"), *(item.label for item in found.small_maps)),
        rows,
        found.small_sources,
        reverse("monitor_map", args=[ref.code]),
    )


def _ranking(ref: AreaRef, asked: QueryDict) -> Picture | None:
    found = compare.compose(ref, compare.asked_of(asked), lang=language())
    if found is None or not found.svg:
        return None
    rows = tuple((f"{row.ref.name} {row.group}".strip(), row.value, row.margin or "–") for row in found.rows)
    how = _("Every dot is a figure, the line its margin. Areas that cannot be told apart share ranks")
    if len(found.rows) < found.total:
        how += ". " + _("Shown: %(shown)s of %(total)s") % {"shown": number(len(found.rows)), "total": number(found.total)}
    return _made(found.svg, _area_head(found.name), rows, found.sources, reverse("monitor_compare", args=[ref.code]), how=how)


def _trend(ref: AreaRef, asked: QueryDict) -> Picture | None:
    found = trend.compose(around(ref), wanted=asked_text(asked, "wat"), groups=asked.getlist("groep"))
    if not found.picture:
        return None
    rows = tuple((str(row.year), *(cell.text or row.why or "–" for cell in row.cells)) for row in found.rows)
    how = _("A band shows the margin. Where the series breaks, the years cannot be compared")
    division = trend.division_of(ref)
    back = reverse("monitor_trend", args=[ref.code]) + ("?" + urlencode(division) if division else "")
    return _made(found.picture, (_("Year"), *found.heads), rows, found.sources, back, how=how)


PICTURES: Mapping[str, Callable[[AreaRef, QueryDict], Picture | None]] = {
    "wiel": _wheel,
    "kaart": _map,
    "groepen": _groups,
    "rangorde": _ranking,
    "trend": _trend,
}


def _made(
    svg: str, head: Cells, rows: tuple[Cells, ...], sources: Iterable[SourceView], back: str, *, alone: str = "", how: str = ""
) -> Picture:
    """`alone` is the picture as it stands without its page, where that is another; `how` tells how to read it."""
    source = ". ".join(part for part in (how, source_line(sources)) if part)
    edition = queries.edition()
    made_up = _("Example: all of this is made up") if edition is not None and edition.invented else ""
    said = ". ".join(part for part in (made_up, source, _("Wijkmonitor of Knopenkaart")) if part)
    return Picture(title_of(svg), drawn(framed(alone or svg, source=said)), drawn(svg), head, rows, source, back)


def _area_head(name: str) -> Cells:
    return (_("Area"), name, _("Margin"))
