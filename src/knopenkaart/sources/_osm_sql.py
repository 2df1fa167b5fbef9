# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which elements of an extract are wanted, as SQL over ST_ReadOSM: one scan that leaves the untagged nodes where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from knopenkaart.sources.osm_basemap import AREA_LAYERS, LINE_LAYERS, PLACE_RANKS, Style
from knopenkaart.sources.street_use import ABSENT, LOCKABLE, MOTOR_ROADS, NO_BICYCLE, NOT_ALLOWED, VEHICLES_ONLY
from knopenkaart.vocabulary.rules import TagRule

# A closed way is an outline when it says so, or when it has a key of things with a surface; else a closed street would become a square.
_AREA_KEYS = ("building", "landuse", "amenity", "shop", "tourism", "historic", "office", "craft", "club", "healthcare", "place", "boundary")
_LINE_KEYS = ("highway", "railway", "waterway", "barrier", "route", "aerialway", "power")
_LINE_VALUES: Mapping[str, tuple[str, ...]] = {
    "leisure": ("track", "slipway"),
    "natural": ("coastline", "cliff", "ridge", "arete", "tree_row"),
    "man_made": ("pipeline", "embankment", "breakwater", "groyne", "cutline"),
}

# Of a relation only the members that are ways matter: areas are made of them.
_WAY_REFS = "CASE WHEN kind = 'relation' THEN list_filter(refs, (ref, position) -> ref_types[position] = 'way') ELSE refs END"

Selection = Mapping[str, frozenset[str] | None]


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """Texts as the inside of an SQL list of literals."""
    return ", ".join(literal(text) for text in texts)


def tag(key: str) -> str:
    """The SQL that gives the value of a tag, NULL where the element has none."""
    return f"tags[{literal(key)}]"


def is_one_of(key: str, values: Iterable[str]) -> str:
    """The SQL condition, never NULL, that a tag has one of some values.

    Not IN: DuckDB makes a join of every longer IN, over all rows of the file, whatever CASE stands around it (measured: 2.4 s per 108 MB).
    """
    return f"coalesce(list_contains([{literals(sorted(values))}], {tag(key)}), false)"


def selection(rules: Sequence[TagRule]) -> Selection:
    """Per key the values (None: any) that an element must have to match any of the rules: necessary, not sufficient.

    Of every rule only its narrowest condition is taken; TagRule.matches decides about the survivors.
    """
    chosen: dict[str, frozenset[str] | None] = {}
    for rule in rules:
        if not rule.conditions:
            continue
        key, values = min(rule.conditions, key=lambda condition: len(condition[1]) or 1_000_000)
        known = chosen.get(key, frozenset())
        chosen[key] = None if not values or known is None else known | frozenset(values)
    return chosen


def has_any(keys: Iterable[str]) -> str:
    """The SQL condition that an element has at least one of some keys; one look at the keys, where a look-up per key costs as much each."""
    return f"coalesce(list_has_any(map_keys(tags), [{literals(sorted(keys))}]), false)"


def features_sql(chosen: Selection) -> str:
    """The SQL condition of a selection. A value with `;` holds several values, so it always survives."""
    if not chosen:
        return "false"
    loose = [key for key, values in chosen.items() if values is None]
    narrow = [
        f"WHEN {is_one_of(key, values)} OR coalesce(contains({tag(key)}, ';'), false) THEN true"
        for key, values in chosen.items()
        if values is not None
    ]
    if not narrow:
        return has_any(loose)
    # CASE looks at each next condition only for the rows that are left; OR looks at all of them for every row.
    known = f"WHEN {has_any(loose)} THEN true" if loose else ""
    return f"CASE WHEN NOT {has_any(chosen)} THEN false {known} {' '.join(narrow)} ELSE false END"


def streets_sql() -> str:
    """The SQL condition of a way that one may be able to walk or cycle on: necessary, not sufficient; street_use decides."""
    closed = f"{is_one_of('access', NOT_ALLOWED)} OR {is_one_of('highway', MOTOR_ROADS)}"
    unsaid = " AND ".join(f"{tag(key)} IS NULL" for key in ("foot", "vehicle", "bicycle"))
    return (
        "CASE WHEN kind <> 'way' THEN false "
        f"WHEN {tag('highway')} IS NULL THEN {is_one_of('route', ('ferry',))} OR {is_one_of('railway', ('platform',))} "
        f"OR {is_one_of('public_transport', ('platform',))} OR {is_one_of('man_made', ('pier',))} "
        f"WHEN {is_one_of('highway', ABSENT)} THEN false "
        f"ELSE NOT (({closed}) AND {unsaid}) END"
    )


def points_sql() -> str:
    """The SQL condition of a node that matters for getting somewhere: door, barrier, settlement with inhabitants."""
    said = [is_one_of(key, NOT_ALLOWED | VEHICLES_ONLY) for key in ("access", "vehicle", "foot", "bicycle")]
    locked = f"({is_one_of('locked', ('yes',))} AND {is_one_of('barrier', LOCKABLE)})"
    barrier = f"{tag('barrier')} IS NOT NULL AND ({' OR '.join([*said, locked, is_one_of('barrier', NO_BICYCLE)])})"
    settlement = f"{tag('place')} IS NOT NULL AND {tag('population')} IS NOT NULL"
    return f"kind = 'node' AND ({tag('entrance')} IS NOT NULL OR ({barrier}) OR ({settlement}))"


def area_sql() -> str:
    """The SQL condition that a closed way is an outline rather than a line that ends where it began."""
    surface = " OR ".join(f"({tag(key)} IS NOT NULL AND NOT {is_one_of(key, values)})" for key, values in _LINE_VALUES.items())
    return (
        f"CASE WHEN kind <> 'way' OR len(refs) < 4 OR refs[1] <> refs[-1] OR coalesce({tag('area')} = 'no', false) THEN false "
        f"WHEN {has_any(_AREA_KEYS)} THEN true WHEN coalesce({tag('area')} = 'yes', false) THEN true "
        f"WHEN {surface} THEN true ELSE NOT {has_any((*_LINE_KEYS, *_LINE_VALUES))} END"
    )


def _style_case(styles: Sequence[Style], field: str) -> str:
    whens = [
        f"WHEN {is_one_of(style.key, style.values) if style.values else tag(style.key) + ' IS NOT NULL'} THEN {_value(style, field)}"
        for style in styles
    ]
    return f"CASE {' '.join(whens)} END"


def _value(style: Style, field: str) -> str:
    return str(style.rank) if field == "rank" else literal(style.layer if field == "layer" else style.cls)


def basemap_sql(field: str) -> str:
    """The SQL that gives the layer, class or rank that an element has on the basemap, NULL where it has none."""
    places = " ".join(
        f"WHEN {literal(value)} THEN {rank if field == 'rank' else literal('label' if field == 'layer' else value)}"
        for value, rank in PLACE_RANKS.items()
    )
    surface = f"(kind = 'relation' AND {is_one_of('type', ('multipolygon', 'boundary'))}) OR is_area"
    return (
        f"CASE WHEN kind = 'node' THEN CASE {tag('place')} {places} END "
        f"WHEN {surface} THEN {_style_case(AREA_LAYERS, field)} "
        f"WHEN kind = 'way' THEN {_style_case(LINE_LAYERS, field)} END"
    )


def boundaries_sql() -> str:
    """The SQL condition of an administrative boundary that is an area: a relation, or a closed way."""
    closed = "kind = 'way' AND len(refs) >= 4 AND refs[1] = refs[-1]"
    return (
        f"CASE WHEN kind = 'relation' OR ({closed}) "
        f"THEN {is_one_of('boundary', ('administrative',))} AND try_cast({tag('admin_level')} AS INTEGER) IS NOT NULL ELSE false END"
    )


def keys(*, parts: frozenset[str], chosen: Selection) -> frozenset[str]:
    """The keys of which an element must have one to be wanted for its own sake. Necessary, not sufficient."""
    wanted = set(chosen if "features" in parts else ())
    if "addresses" in parts:
        wanted.add("addr:housenumber")
    if "boundaries" in parts:
        wanted.add("boundary")
    if "points" in parts:
        wanted.update(("entrance", "barrier", "place"))
    if "basemap" in parts:
        wanted.update(("place", *(style.key for style in AREA_LAYERS)))
    return frozenset(wanted)


def _way_keys(parts: frozenset[str]) -> Iterator[str]:
    """What only ways are wanted for."""
    if "streets" in parts:
        yield from ("highway", "route", "railway", "public_transport", "man_made")
    if "basemap" in parts:
        yield from (style.key for style in LINE_LAYERS)


def elements_sql(*, parts: frozenset[str], chosen: Selection) -> str:
    """The scan: elements that may be wanted, whether they are and why, and the ways that the table `member` (id) names."""
    conditions = {
        "is_feature": features_sql(chosen) if "features" in parts else "false",
        "is_street": streets_sql() if "streets" in parts else "false",
        "is_address": f"{tag('addr:housenumber')} IS NOT NULL" if "addresses" in parts else "false",
        "is_boundary": boundaries_sql() if "boundaries" in parts else "false",
        "is_point": points_sql() if "points" in parts else "false",
    }
    flags = ", ".join(f"CASE WHEN tags IS NULL THEN false ELSE {sql} END AS {name}" for name, sql in conditions.items())
    tagged = " OR ".join(conditions)
    drawn = "basemap" in parts
    styled = {field: basemap_sql(field) if drawn else "NULL" for field in ("layer", "cls", "rank")}
    styles = ", ".join(f"CASE WHEN tags IS NOT NULL THEN {sql} END AS {field}" for field, sql in styled.items())
    shaped = "tags IS NOT NULL" if drawn else "tagged"
    own = keys(parts=parts, chosen=chosen)
    keyed = f"tags IS NOT NULL AND {has_any({*own, *_way_keys(parts)})}"
    # Every level speaks of what the one inside it decided; DuckDB folds them into one pass over the file.
    levels = (
        # The millions of nodes without tags go before the members are looked up.
        f"* FROM ST_ReadOSM(?) WHERE kind = 'way' OR ({keyed})",
        "*, kind = 'way' AND id IN (SELECT id FROM member) AS is_member FROM ",
        f"* FROM ({{}}) WHERE is_member OR ({keyed})",
        f"*, {flags} FROM ",
        f"*, ({tagged}) AS tagged FROM ",
        f"*, CASE WHEN {shaped} THEN {area_sql()} ELSE false END AS is_area FROM ",
        f"*, {styles} FROM ",
        "*, tagged OR layer IS NOT NULL AS wanted FROM ",
        f"kind, id, CASE WHEN wanted OR is_member THEN {_WAY_REFS} END AS refs, lon, lat, {', '.join(conditions)}, "
        f"is_area, layer, cls, rank, wanted, "
        f"CASE WHEN layer IS NOT NULL THEN {tag('name')} END AS name, CASE WHEN tagged THEN tags END AS tags FROM ",
    )
    query = "SELECT " + levels[0]
    for level in levels[1:]:
        query = f"SELECT {level.format(query)}" if "{}" in level else f"SELECT {level} ({query})"
    # No further condition out here: DuckDB would push it in and decide everything twice.
    return query
