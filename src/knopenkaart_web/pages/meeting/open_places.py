# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which places are open with a number of them that one chooses, as a list and on a map: an order of the model, no advice to close any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from knopenkaart.paper.spots import Spot, spots
from knopenkaart_web.meeting import curve
from knopenkaart_web.meeting.opening import ALL, Opened
from knopenkaart_web.meeting.views_data import Kept, Plateau
from knopenkaart_web.pages.drawn import drawn
from knopenkaart_web.pages.meeting.overview import Choice, place_label
from knopenkaart_web.pages.written import capital
from knopenkaart_web.places import queries as places
from knopenkaart_web.places import words

# All spots are of one size.
SIZE = 1


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place in the list."""

    label: str
    kind: str
    area: str
    place: Kept


@dataclass(frozen=True, slots=True)
class OpenPlaces:
    """The places with a number of them. `hidden`: places of the reckoning that are not public any more, or closed since."""

    number: int
    now: int
    choices: tuple[Choice, ...]
    opened: int
    closed: int
    hidden: int
    lines: tuple[PlaceLine, ...]
    wide: str
    narrow: str


def compose(found: Opened, code: str, wanted: int | None, plateau: Plateau | None, *, lang: str) -> OpenPlaces | None:
    """The list for the number that is asked for, else for the fewest on the plateau; None where it was not reckoned which are open."""
    known = curve.numbers(found, code)
    if not known:
        return None
    usual = (plateau.first or plateau.enough) if plateau else known[-1]
    chosen = wanted if wanted in known else usual if usual in known else known[-1]
    shown = curve.kept(found, code, places=chosen)
    lines = sorted((_line(found, item, lang) for item in shown), key=lambda line: (line.label, line.place.place_id))
    return OpenPlaces(
        number=chosen,
        now=known[-1],
        choices=tuple(Choice(str(item), str(item), item == chosen) for item in known),
        opened=sum(item.open for item in shown),
        closed=sum(not item.open for item in shown),
        hidden=known[-1] - len(shown),
        lines=tuple(lines),
        wide=_map(found, code, lines, chosen, width=640),
        narrow=_map(found, code, lines, chosen, width=320),
    )


def _line(found: Opened, item: Kept, lang: str) -> PlaceLine:
    held = found.held.places[item.place_id]
    area = found.held.areas.get(held.wijk_code or "")
    return PlaceLine(place_label(found, item.place_id, lang), capital(words.kind_label(held.kind, lang)), area.name if area else "", item)


def _map(found: Opened, code: str, lines: Sequence[PlaceLine], chosen: int, *, width: float) -> SafeString:
    """What is open as a full disc, what is closed as a cross; nothing where no place has a location."""
    marks = [mark for line in lines if (mark := _mark(found, line)) is not None]
    if not marks:
        return drawn("")
    svg = spots(
        marks,
        _ground(found, code),
        sizes=(),
        forms=[(0, _("stays open"))],
        untold=_("closes"),
        title=_("Which places are open with %(number)s of them") % {"number": chosen},
        description=_("A disc: the place stays open. A cross: it closes. The same is in the list."),
        width=width,
        prefix=f"open-{width:.0f}",
    )
    return drawn(svg)


def _mark(found: Opened, line: PlaceLine) -> Spot | None:
    held = found.held.places[line.place.place_id]
    if held.lon is None or held.lat is None:
        return None
    told = _("stays open") if line.place.open else _("closes")
    return Spot(held.lon, held.lat, f"{line.label}: {told}", SIZE if line.place.open else None, 0)


def _ground(found: Opened, code: str) -> Sequence[str]:
    """The outlines of wijken, or of the one that the curve is of; of the municipality where there are none."""
    slug = found.held.study.slug
    wijken = places.outlines(slug, "wijk")
    if code != ALL:
        return [outline for area, outline in wijken.items() if area == code]
    return list(wijken.values()) or list(places.outlines(slug, "municipality").values())
