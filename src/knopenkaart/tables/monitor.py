# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of the Wijkmonitor: areas of several years, figures about them, and which area of one year is which of another."""

from __future__ import annotations

from knopenkaart.tables.core import table

MONITOR_AREAS = table(
    "monitor_areas",
    ("code", "year"),
    code=("text", True, "code of the area; it means nothing without its year"),
    year=("int", True, "year of the division"),
    level=("text", True, "country, municipality, wijk or buurt"),
    name=("text", True, "official name in that year"),
    municipality_code=("text", False, "municipality; empty for a country"),
    wijk_code=("text", False, "wijk of a buurt"),
    changed=("text", False, "change of division against the year before, as CBS codes it (1 = unchanged); empty where not told"),
    source=("text", True, "source"),
    geometry=("geometry", False, "outline, where the source has one"),
)

MONITOR_FIGURES = table(
    "monitor_figures",
    ("area_code", "area_year", "indicator", "group", "year", "source"),
    area_code=("text", True, "area"),
    area_year=("int", True, "year of the division that the code belongs to"),
    indicator=("text", True, "indicator of the catalogue"),
    group=("text", True, "group of the catalogue that it is about; all for everybody"),
    year=("int", True, "year that the figure is about"),
    value=("float", False, "the figure as published; empty where there is none"),
    unit=("text", True, "unit of the figure"),
    n=("float", False, "people, households or answers that it rests on"),
    low=("float", False, "lower end of the margin that the source gives"),
    high=("float", False, "upper end"),
    nature=("text", True, "register, survey, model or own"),
    reason=("text", False, "why there is no figure: missing, suppressed (by the source) or hidden (fewer than ten, by us)"),
    source=("text", True, "source"),
)

MONITOR_LINKS = table(
    "monitor_links",
    ("code", "from_year", "to_year"),
    code=("text", True, "code in to_year"),
    from_year=("int", True, "earlier year"),
    to_year=("int", True, "later year"),
    level=("text", True, "municipality, wijk or buurt"),
    verdict=("text", True, "same, bridged, doubtful (same code, but name or size jumps) or broken"),
    reason=("text", False, "why it is not the same"),
    parts=("json", False, "bridged: {code in from_year: share of the dwellings of that area that lies in this one}"),
    name_from=("text", False, "name in from_year"),
    name_to=("text", False, "name in to_year"),
    people_from=("float", False, "inhabitants in from_year"),
    people_to=("float", False, "inhabitants in to_year"),
)
