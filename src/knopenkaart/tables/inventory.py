# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of what there is: places, areas, sources, streets, and what was decided about them."""

from __future__ import annotations

from knopenkaart.tables.core import table

PLACES = table(
    "places",
    ("id",),
    id=("text", True, "stable identifier (UUID)"),
    name=("text", False, "name as the source gives it"),
    kind=("text", True, "kind, from the vocabulary"),
    functions=("json", True, "list of functions"),
    archetype=("text", True, "living_room, village_square or hotspot"),
    archetype_assumed=("bool", True, "the archetype is the default of the kind"),
    status=("text", True, "planned, open, vacant or closed"),
    small_spot=("bool", True, "a bench or the like: never in the count of nodes"),
    digital=("bool", True, "has no location"),
    neighbour=("bool", True, "just across the border: reachable, not counted"),
    lon=("float", False, "degrees, CRS84; empty for a digital place"),
    lat=("float", False, "degrees, CRS84"),
    street=("text", False, "street"),
    housenumber=("text", False, "house number with letter and addition"),
    postcode=("text", False, "postcode"),
    city=("text", False, "town"),
    phone=("text", False, "telephone, as the source gives it"),
    email=("text", False, "general address of the place"),
    website=("text", False, "URL"),
    opening_hours=("text", False, "opening hours, OpenStreetMap syntax; a broken value is kept as text"),
    wheelchair=("text", False, "yes, limited, no"),
    operator=("text", False, "who runs it"),
    description=("text", False, "one or two sentences"),
    part_of=("text", False, "id of the place it belongs to (a canteen of its club)"),
    municipality_code=("text", False, "municipality"),
    wijk_code=("text", False, "wijk"),
    buurt_code=("text", False, "buurt"),
    area_year=("int", False, "year of the three codes"),
    source=("text", True, "source whose location and kind stand here"),
    source_id=("text", True, "identifier at that source (node/1, way/2, row/3)"),
    last_verified=("date", False, "date on which the source last confirmed the place"),
)

ATTRIBUTES = table(
    "attributes",
    (),
    place_id=("text", True, "place"),
    name=("text", True, "attribute: a column of places"),
    value=("text", True, "the value as text"),
    source=("text", True, "source"),
    source_id=("text", True, "identifier at the source"),
    date=("date", False, "date of the value at the source"),
    origin=("text", True, "harvest, list, human or assumed"),
    confidential=("bool", True, "may not leave the municipality"),
)

DECISIONS = table(
    "decisions",
    ("source", "source_id"),
    source=("text", True, "source"),
    source_id=("text", True, "element or row that matches the table of kinds"),
    tag=("text", True, "the tag or the kind that matched (amenity=library)"),
    name=("text", False, "its name"),
    kind=("text", False, "kind that was given"),
    outcome=("text", True, "present, merged, neighbour or excluded"),
    reason=("text", True, "stable code of the reason"),
    place_id=("text", False, "place in which it ended up"),
)

DUPLICATES = table(
    "duplicates",
    ("place_a", "place_b"),
    place_a=("text", True, "place (kept, where merged)"),
    place_b=("text", True, "place (gone into place_a, where merged)"),
    score=("float", True, "0-1"),
    reasons=("json", True, "list of reasons"),
    merged=("bool", True, "sure enough to merge without a human"),
)

AREAS = table(
    "areas",
    ("code", "year"),
    code=("text", True, "code (GM0503, WK050328, BU05032800; relation/n outside CBS)"),
    year=("int", True, "year of the division in areas"),
    level=("text", True, "municipality, wijk or buurt"),
    name=("text", True, "name"),
    municipality_code=("text", False, "municipality it lies in"),
    wijk_code=("text", False, "wijk it lies in"),
    source=("text", True, "source of the polygon"),
    geometry=("geometry", True, "multipolygon"),
)

FIGURES = table(
    "figures",
    ("area_code", "area_year", "indicator", "year", "source"),
    area_code=("text", True, "area of the study"),
    area_year=("int", True, "year of that area"),
    indicator=("text", True, "population, dwellings, pop_0_14 ... as named in docs/reference"),
    value=("float", False, "the published value; empty where the source suppresses it"),
    unit=("text", True, "count, percent, km2, eur_1000 ..."),
    year=("int", True, "year of the figure"),
    source=("text", True, "source"),
    joined=("bool", True, "the area is known to be the same in both years"),
    reason=("text", False, "why it was not joined"),
)

COVERAGE = table(
    "coverage",
    ("area_code",),
    area_code=("text", True, "area"),
    level=("text", True, "municipality, wijk or buurt"),
    area_share=("float", False, "share of the surface inside the extract"),
    street_share=("float", False, "share of the surface's built-up cells with streets in the extract, or empty"),
    address_share=("float", False, "residential addresses in the extract / dwellings in the figures; over 1 is unusable"),
    addresses=("int", True, "residential addresses found"),
    dwellings=("int", False, "dwellings according to the figures"),
    believed_share=("float", False, "the lowest of the usable shares"),
    status=("text", True, "covered, partial, marginal, unknown or unusable"),
    reason=("text", True, "stable code of the reason"),
)

ADDRESSES = table(
    "addresses",
    (),
    street=("text", False, "street"),
    housenumber=("text", False, "house number with letter and addition"),
    postcode=("text", False, "postcode"),
    city=("text", False, "town"),
    residential=("bool", False, "known to be (or not to be) a dwelling; empty where unknown"),
    lon=("float", True, "degrees"),
    lat=("float", True, "degrees"),
    source=("text", True, "source"),
)

BASEMAP = table(
    "basemap",
    (),
    layer=("text", True, "water, green, building, road, rail, boundary or label"),
    cls=("text", True, "class within the layer (motorway, residential, park, town ...)"),
    name=("text", False, "name to write on the map"),
    rank=("int", True, "0 = most important; decides the zoom from which it is drawn"),
    geometry=("geometry", True, "point, line or polygon"),
)

FEATURES = table(
    "features",
    ("source_id",),
    source_id=("text", True, "node/1, way/2 or relation/3"),
    tags=("json", True, "mapping of all tags"),
    date=("date", False, "date of the last edit of the element, where the extract has it"),
    geometry=("geometry", True, "point, line or (multi)polygon"),
)

STREETS = table(
    "streets",
    ("source_id",),
    source_id=("text", True, "way/2"),
    highway=("text", True, "value of the highway tag; ferry, platform or pier for what is no street and yet a way to go"),
    walk=("bool", True, "one may go there on foot"),
    cycle=("text", True, "by bicycle: both, forward, backward (against the direction of the line) or no"),
    tags=("json", True, "mapping of all tags"),
    geometry=("geometry", True, "line"),
)

POINTS = table(
    "points",
    ("source_id", "role"),
    source_id=("text", True, "node/1"),
    role=("text", True, "entrance, barrier or settlement"),
    walk=("bool", False, "a barrier that lets walkers through; empty for what is no barrier"),
    cycle=("bool", False, "the same for bicycles"),
    tags=("json", True, "mapping of all tags"),
    geometry=("geometry", True, "point"),
)

BOUNDARIES = table(
    "boundaries",
    ("source_id",),
    source_id=("text", True, "relation/3 or way/2"),
    admin_level=("int", True, "admin_level"),
    name=("text", False, "name"),
    code=("text", False, "official code, where tagged (ref:gemeentecode and the like)"),
    complete=("bool", True, "every member is in the extract and the ring closes"),
    geometry=("geometry", False, "multipolygon, where it could be made"),
)

SOURCES = table(
    "sources",
    ("id",),
    id=("text", True, "short identifier (osm, cbs_areas_2022, list_buurthuizen)"),
    title=("text", True, "what it is"),
    date=("date", False, "date of the content"),
    licence=("text", True, "licence"),
    attribution=("text", True, "the line that must stand on map, paper and download"),
    url=("text", False, "address of the publisher"),
    file=("text", False, "file name"),
    sha256=("text", False, "checksum of the file"),
    confidential=("bool", True, "may not leave the municipality"),
)

NOTICES = table(
    "notices",
    (),
    code=("text", True, "stable code"),
    subject=("text", True, "area, place, file or element it is about"),
    message=("text", True, "English sentence"),
    details=("json", True, "mapping that fills the translated text"),
)
