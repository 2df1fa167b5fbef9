# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""From an address or a spot on the map to what is near."""

from __future__ import annotations

import re
from typing import Any

from knopenkaart.publish.reach_file import ReachFile
from knopenkaart_web.places.geometry import distance_m
from knopenkaart_web.places.queries.index import Index, index
from knopenkaart_web.reach.queries import opened, place_link
from knopenkaart_web.reach.views_data import About, HomeChoice, HomeReach, NearRow
from knopenkaart_web.reach.words import ANY, THIRD, what_label

# A click this far (metres) from the nearest home is no click on a home.
CLICK_M = 120.0
MOST_CHOICES = 20
_POSTCODE = re.compile(r"\b(\d{4})\s?([A-Za-z]{2})\b")
_NUMBER = re.compile(r"\b(\d{1,5})\s?[A-Za-z]?(?:[-/]\w+)?\s*$")


def find(slug: str, text: str) -> list[HomeChoice]:
    """The homes that an address may mean: "Dorpsstraat 12", "1234 AB 12"; an empty list where there is none."""
    found = opened(slug)
    if found is None or not text.strip():
        return []
    postcode = _POSTCODE.search(text)
    rest = (text[: postcode.start()] + text[postcode.end() :] if postcode else text).split(",")[0].strip()
    number = _NUMBER.search(rest)
    street = (rest[: number.start()] if number else rest).strip()
    if not postcode and len(street) < 2:
        return []
    rows = found[0].addresses(
        street="" if postcode else street,
        postcode="".join(postcode.groups()) if postcode else "",
        number=int(number.group(1)) if number else None,
        limit=MOST_CHOICES,
    )
    return [HomeChoice(home=row["home"], label=row["label"]) for row in rows]


def at(slug: str, lon: float, lat: float, *, lang: str) -> HomeReach | None:
    """What is near the home nearest to a spot (degrees); None where there is no home near the spot."""
    found, held = opened(slug), index(slug)
    if found is None or held is None:
        return None
    file, told = found
    around = [(distance_m(lon, lat, row["lon"], row["lat"]), row["home"], row) for row in file.homes_around(lon, lat)]
    metres, _, row = min(around, key=lambda item: item[:2], default=(CLICK_M + 1, 0, {}))
    return _home(file, told, held, row, lang) if metres <= CLICK_M else None


def home(slug: str, number: int, *, lang: str) -> HomeReach | None:
    """What is near a home by its number; None where there is none."""
    found, held = opened(slug), index(slug)
    if found is None or held is None:
        return None
    row = next(iter(found[0].rows("homes", home=number)), None)
    return _home(*found, held, row, lang) if row else None


def _home(file: ReachFile, told: About, held: Index, row: dict[str, Any], lang: str) -> HomeReach:
    walk, cycle = (file.near(row["home"], mode) for mode in ("walk", "cycle"))
    covered = held.areas.get(row["buurt_code"] or row["wijk_code"] or row["municipality_code"] or "")
    label = next((item["label"] for item in file.rows("addresses", home=row["home"])), "")
    within = (walk or {"within": {}})["within"]
    return HomeReach(
        about=told,
        home=row["home"],
        label=label,
        lon=row["lon"],
        lat=row["lat"],
        basis=row["basis"],
        on_street=bool(row["on_street"]),
        complete=covered is not None and covered.coverage_status == "covered",
        near=[_near(what, walk, cycle, held, lang) for what in [ANY, *file.about()["functions"], THIRD]],
        nodes=tuple((int(minutes), nodes, functions) for minutes, (nodes, functions) in within.items()),
    )


def _near(what: str, walk: dict[str, Any] | None, cycle: dict[str, Any] | None, held: Index, lang: str) -> NearRow:
    on_foot, by_bicycle = ((found or {"near": {}})["near"].get(what) for found in (walk, cycle))
    nearest = on_foot or by_bicycle
    return NearRow(
        what=what,
        label=what_label(what, lang),
        place=place_link(held, nearest[0], lang) if nearest else None,
        walk_min=on_foot[1] if on_foot else None,
        # By bicycle the nearest may be another place; only the same one is told of.
        cycle_min=by_bicycle[1] if by_bicycle and nearest and by_bicycle[0] == nearest[0] else None,
    )
