# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which areas look like one another: what they are compared by is reckoned when a monitor is loaded, and read once by each worker."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace

from knopenkaart.monitor import similar as nearness
from knopenkaart.monitor.records import AreaValues, Value
from knopenkaart.monitor.similar import Features, Similar
from knopenkaart.vocabulary.catalogue import load_catalogue
from knopenkaart_web.monitor.bundle import MonitorBundle
from knopenkaart_web.monitor.figures import read_level
from knopenkaart_web.monitor.kept import Kept, remembered
from knopenkaart_web.monitor.models import LevelFeatures
from knopenkaart_web.monitor.stamping import stamp
from knopenkaart_web.monitor.views_data import AreaRef

LEVELS = ("municipality", "wijk", "buurt")
# Of wijken of the country some 5 MB, of buurten 20.
_features = Kept(4)


def similar(ref: AreaRef, *, count: int = 10) -> list[Similar]:
    """The areas of the same level and year in other municipalities that look most like one, the nearest first, with the reasons.

    By what was published only. None for a country, and for an area of which too little is known or that has few inhabitants.
    """
    if ref.level not in LEVELS:
        return []
    now = stamp()
    found = remembered(_features, now, (ref.level, ref.year), lambda: _read(ref.level, ref.year, now))
    return nearness.similar(found, ref.code, count=count)


def level_features(bundle: MonitorBundle) -> list[LevelFeatures]:
    """What areas of the latest year of a monitor are compared by, as rows to be kept; nothing is read or written."""
    year = max((area.year for area in bundle.areas), default=0)
    known = load_catalogue()
    wanted = set(nearness.wanted(known))
    found: dict[str, list[Value]] = defaultdict(list)
    for row in bundle.figures:
        if row.area_year == year and row.indicator in wanted:
            found[row.area_code].append(Value(row.indicator, row.year, row.value, row.unit, row.source, row.nature, row.group))
    areas = [area for area in bundle.areas if area.year == year]
    result = []
    for level in LEVELS:
        of_level = (AreaValues(*area[:6], tuple(found[area.code])) for area in areas if area.level == level)
        result.append(LevelFeatures(level=level, year=year, features=_packed(nearness.features(of_level, known))))
    return result


def _read(level: str, year: int, now: str) -> Features:
    text = LevelFeatures.objects.filter(level=level, year=year).values_list("features", flat=True).first()
    found = _unpacked(text) if text else None
    # What an earlier version kept may name what the catalogue no longer has.
    if found is None or not set(found.names) <= set(load_catalogue().indicators):
        return _reckoned(level, year, now)
    return found


def _reckoned(level: str, year: int, now: str) -> Features:
    known = load_catalogue()
    areas = read_level(level, "", year, nearness.wanted(known), now)
    return nearness.features((_published(area) for area in areas.values()), known)


def _published(area: AreaValues) -> AreaValues:
    return replace(area, values=tuple(value for value in area.values if value.nature != "own"))


def _packed(features: Features) -> str:
    parts = {name: getattr(features, name) for name in ("names", "weights", "raw", "scale", "homes", "left_out")}
    return json.dumps(parts, separators=(",", ":"))


def _unpacked(text: str) -> Features:
    parts = json.loads(text)
    return Features(
        names=tuple(parts["names"]),
        weights=tuple(parts["weights"]),
        raw={code: tuple(row) for code, row in parts["raw"].items()},
        scale={code: tuple(row) for code, row in parts["scale"].items()},
        homes=parts["homes"],
        left_out=parts["left_out"],
    )
