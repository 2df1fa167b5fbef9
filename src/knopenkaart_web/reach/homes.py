# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""From an address or a spot on the map to what is near."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from knopenkaart_web.places.geometry import distance_m
from knopenkaart_web.reach.opening import Opened, opened
from knopenkaart_web.reach.views_data import HomeChoice, HomeReach, NearRow
from knopenkaart_web.reach.words import what_label

# A click this far (metres) from the nearest home is no click on a home.
CLICK_M = 120.0
MOST_CHOICES = 20
_POSTCODE = re.compile(r"\b(\d{4})\s?([A-Za-z]{2})\b")
_NUMBER = re.compile(r"(?<!\S)(\d{1,5})(?=[A-Za-z]?(?:[-/ ,]|$))")
Found = Mapping[str, Any]


def find(slug: str, text: str) -> list[HomeChoice]:
    """The homes that an address may mean: "Dorpsstraat 12", "Dorpsstraat 12 bis, Waterlinde", "1234 AB 12"; an empty list where there is
    none, and never more than MOST_CHOICES + 1: one more than are shown says that there are more."""
    found = opened(slug)
    if found is None:
        return []
    for asked in _readings(text):
        rows = found.file.addresses(**asked, limit=MOST_CHOICES + 1)
        if rows:
            return [HomeChoice(home=row["home"], label=row["label"]) for row in rows]
    return []


def _readings(text: str) -> Iterator[dict[str, Any]]:
    """What somebody may mean, the likeliest first: the last number is that of the house (streets have numbers too: Plein 1944), else there
    is none."""
    postcode = _POSTCODE.search(text)
    if postcode:
        number = _NUMBER.search(text[postcode.end() :]) or _NUMBER.search(text[: postcode.start()])
        code = "".join(postcode.groups())
        if number:
            yield {"postcode": code, "number": int(number.group(1))}
        yield {"postcode": code}
        return
    for number in reversed(list(_NUMBER.finditer(text))):
        street = text[: number.start()].strip(" ,")
        if len(street) > 1:
            yield {"street": street, "number": int(number.group(1))}
    street = text.split(",", maxsplit=1)[0].strip()
    if len(street) > 1:
        yield {"street": street}


def at(slug: str, lon: float, lat: float, *, lang: str) -> HomeReach | None:
    """What is near the home nearest to a spot (degrees); None where there is no home near the spot."""
    found = opened(slug)
    if found is None:
        return None
    around = [(distance_m(lon, lat, row["lon"], row["lat"]), row["home"], row) for row in found.file.homes_around(lon, lat)]
    metres, _, row = min(around, key=lambda item: item[:2], default=(CLICK_M + 1, 0, {}))
    return _home(found, row, lang) if metres <= CLICK_M else None


def home(slug: str, number: int, *, lang: str) -> HomeReach | None:
    """What is near a home by its number; None where there is none."""
    found = opened(slug)
    row = next(iter(found.file.rows("homes", home=number)), None) if found else None
    return _home(found, row, lang) if found and row else None


def _home(found: Opened, row: dict[str, Any], lang: str) -> HomeReach:
    walk, cycle = (found.file.near(row["home"], mode) or {"near": {}, "within": {}} for mode in ("walk", "cycle"))
    covered = found.held.areas.get(row["buurt_code"] or row["wijk_code"] or row["municipality_code"] or "")
    label = next((item["label"] for item in found.file.rows("addresses", home=row["home"])), "")
    told = found.about
    walk_sure, cycle_sure = (_sure_minutes(row, kmh) for kmh in (told.walk_kmh, told.cycle_kmh))
    return HomeReach(
        about=told,
        home=row["home"],
        label=label,
        lon=row["lon"],
        lat=row["lat"],
        basis=row["basis"],
        on_street=bool(row["on_street"]),
        complete=covered is not None and covered.coverage_status == "covered" and walk_sure >= told.longest,
        near=[_near(what, (walk["near"], walk_sure), (cycle["near"], cycle_sure), found, lang) for what in found.looked_for],
        nodes=tuple((int(minutes), nodes, functions, walk_sure >= int(minutes)) for minutes, (nodes, functions) in walk["within"].items()),
    )


def _sure_minutes(row: Mapping[str, Any], kmh: float) -> float:
    """Minutes in a straight line to ground that the sources do not hold: a place that nobody knows is no nearer."""
    metres = row["sure_m"]
    return math.inf if metres is None else float(metres) / (kmh * 1000 / 60)


def _near(what: str, walk: tuple[Found, float], cycle: tuple[Found, float], found: Opened, lang: str) -> NearRow:
    """The nearest place on foot, and how far the nearest by bicycle is; each is given with the minutes that the ground is known."""
    on_foot, by_bicycle = walk[0].get(what), cycle[0].get(what)
    nearest = on_foot or by_bicycle
    link = found.link(nearest[0], lang) if nearest else None
    # What is not public any more is not told of, and how far it is neither.
    hidden = nearest is not None and link is None
    longest = found.about.longest
    return NearRow(
        label=what_label(what, lang),
        place=link,
        walk_min=on_foot[1] if on_foot and not hidden else None,
        walk_sure=walk[1] >= (on_foot[1] if on_foot else longest),
        cycle_min=by_bicycle[1] if by_bicycle and not hidden else None,
        cycle_sure=cycle[1] >= (by_bicycle[1] if by_bicycle else longest),
        hidden=hidden,
    )
