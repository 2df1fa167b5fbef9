# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The properties of a published place, the same in every format: name, meaning in two languages, type and unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Datatype = Literal["string", "boolean", "integer", "double", "date", "anyURI"]


@dataclass(frozen=True, slots=True)
class Column:
    """A published column: `field` is the field of the record; `unit` a UN/CEFACT code; `several` values are separated by a semicolon."""

    name: str
    field: str
    nl: str
    en: str
    datatype: Datatype = "string"
    required: bool = False
    several: bool = False
    unit: str = ""


PLACE_COLUMNS: tuple[Column, ...] = (
    Column("id", "id", "vaste sleutel van de plek", "lasting key of the place", required=True),
    Column("name", "name", "naam", "name"),
    Column("kind", "kind", "soort", "kind", required=True),
    Column("functions", "functions", "functies van de plek", "functions: what one can do there", several=True),
    Column("archetype", "archetype", "archetype: huiskamer, dorpsplein of hotspot", "archetype: living room, village square or hotspot"),
    Column("archetypeAssumed", "archetype_assumed", "archetype is dat van de soort", "archetype is the default of the kind", "boolean"),
    Column("status", "status", "gepland, open, leegstaand of gesloten", "planned, open, vacant or closed", required=True),
    Column(
        "lon",
        "lon",
        "lengtegraad (CRS84); ontbreekt bij digitaal",
        "longitude (CRS84); empty for a digital place",
        "double",
        unit="DD",
    ),
    Column("lat", "lat", "breedtegraad (CRS84)", "latitude (CRS84)", "double", unit="DD"),
    Column("smallSpot", "small_spot", "klein plekje (bankje): telt niet mee", "small spot (a bench): not counted", "boolean"),
    Column("digital", "digital", "digitale plek", "digital place", "boolean"),
    Column("neighbour", "neighbour", "net over de grens: telt niet mee", "just across the border: not counted", "boolean"),
    Column("municipalityCode", "municipality_code", "gemeentecode", "code of the municipality"),
    Column("wijkCode", "wijk_code", "wijkcode", "code of the wijk"),
    Column("buurtCode", "buurt_code", "buurtcode", "code of the buurt"),
    Column("areaYear", "area_year", "jaar van de drie codes", "year of the three codes", "integer"),
    Column("street", "street", "straat", "street"),
    Column("housenumber", "housenumber", "huisnummer", "house number"),
    Column("postcode", "postcode", "postcode", "postcode"),
    Column("city", "city", "woonplaats", "town"),
    Column("phone", "phone", "telefoon", "telephone"),
    Column("email", "email", "e-mailadres", "e-mail address"),
    Column("website", "website", "website", "website"),
    Column("openingHours", "opening_hours", "openingstijden (notatie van OpenStreetMap)", "opening hours (syntax of OpenStreetMap)"),
    Column("wheelchair", "wheelchair", "rolstoel: yes, limited of no", "wheelchair: yes, limited or no"),
    Column("operator", "operator", "beheerder", "operator"),
    Column("description", "description", "omschrijving", "description"),
    Column("partOf", "part_of", "sleutel van de plek waar deze bij hoort", "key of the place to which it belongs"),
    Column("source", "source", "bron", "source", required=True),
    Column("sourceId", "source_id", "sleutel bij de bron", "key at the source", required=True),
    Column("lastVerified", "last_verified", "laatst bevestigd door de bron", "last confirmed by the source", "date"),
)
