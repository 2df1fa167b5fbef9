# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Places on a map by their part of all recognition, in broad classes: no order is told that the model cannot tell."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from knopenkaart.paper.spots import Spot, spots
from knopenkaart.records import Place
from knopenkaart_web.meeting.opening import Opened
from knopenkaart_web.meeting.views_data import Badge, PlaceMeeting
from knopenkaart_web.pages.drawn import drawn
from knopenkaart_web.pages.meeting.words import BADGES
from knopenkaart_web.pages.written import capital, number
from knopenkaart_web.places import queries as places

# In whole per cents, as the table has them: from here on a spot is of the next size.
STEPS = (1, 3, 10)
FORMS = {Badge.MEASURED: 0, Badge.ESTIMATED: 1, Badge.ASSUMED: 2}
# The coarsest level with several areas tells most where one is.
GROUND = ("wijk", "municipality", "buurt")


def places_map(found: Opened, slug: str, shown: Sequence[tuple[str, PlaceMeeting]], *, width: float) -> SafeString:
    """The places with a name and a location; nothing where there is none."""
    at = {item.place_id: _spot(found.held.places[item.place_id], item, label) for label, item in shown}
    marks = [spot for spot in at.values() if spot is not None]
    if not marks:
        return drawn("")
    used = sorted({item.badge for _label, item in shown if item.share is not None}, key=FORMS.__getitem__)
    svg = spots(
        marks,
        _ground(slug, [found.held.places[item.place_id] for _label, item in shown]),
        sizes=_sizes(),
        forms=[(FORMS[badge], capital(_("visits %(badge)s") % {"badge": BADGES[badge][0]})) for badge in used],
        untold=capital(_("not told: too few visits")),
        title=_("Part of all recognition (model) by way of each place"),
        description=_("A larger spot: a larger part. The shape tells what the visits of the place rest on. The same is in the table."),
        width=width,
        prefix=f"places-{width:.0f}",
    )
    return drawn(svg)


def _spot(place: Place, item: PlaceMeeting, label: str) -> Spot | None:
    if place.lon is None or place.lat is None:
        return None
    told = _("not told: too few visits") if item.share is None else f"{number(item.share * 100)} %"
    text = f"{label}: {told}" if item.share is None else f"{label}: {told} ({BADGES[item.badge][0]})"
    return Spot(place.lon, place.lat, text, size_of(item.share), FORMS[item.badge])


def size_of(share: float | None) -> int | None:
    """The number of the size of a spot, from the smallest (0); None for a part that is not told."""
    return None if share is None else sum(round(share * 100) >= step for step in STEPS)


def _sizes() -> list[str]:
    low, middle, high = (number(step) for step in STEPS)
    words = [
        _("less than %(number)s %%") % {"number": low},
        _("from %(low)s to below %(high)s %%") % {"low": low, "high": middle},
        _("from %(low)s to below %(high)s %%") % {"low": middle, "high": high},
        _("%(number)s %% or more") % {"number": high},
    ]
    return [capital(word) for word in words]


def _ground(slug: str, held: Sequence[Place]) -> Sequence[str]:
    """The outlines of areas in which there is a place: of the others an extract holds an edge, or nothing."""
    for level in GROUND:
        known = places.outlines(slug, level)
        used = {getattr(place, f"{level}_code") for place in held}
        if found := [outline for code, outline in known.items() if code in used]:
            return found
    return []
