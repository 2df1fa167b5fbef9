# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of who lives where and can reach what."""

from __future__ import annotations

from knopenkaart.tables.core import table

ENTRANCES = table(
    "entrances",
    (),
    source=("text", True, "source of the place that one enters"),
    source_id=("text", True, "its identifier there"),
    lon=("float", True, "degrees"),
    lat=("float", True, "degrees"),
    via=("text", True, "entrance (a mapped door), or grounds (where a street meets the outline)"),
    place_lon=("float", True, "degrees: where the source has the place; one that somebody moved has other doors"),
    place_lat=("float", True, "degrees"),
)

EDGES = table(
    "edges",
    ("edge",),
    edge=("int", True, "number, from 0"),
    start=("int", True, "junction where the line begins, from 0"),
    end=("int", True, "junction where it ends"),
    highway=("text", True, "as in streets; plain for a layer of lines without tags; barrier leads past a gate, without length"),
    length_m=("float", True, "metres along the line"),
    walk=("bool", True, "one may go there on foot"),
    cycle=("text", True, "by bicycle: both, forward (from start to end), backward or no"),
    walk_island=("bool", True, "cut off from the other streets on foot: nothing is snapped to it"),
    cycle_island=("bool", True, "the same by bicycle"),
    geometry=("geometry", True, "line"),
)

HOMES = table(
    "homes",
    ("home",),
    home=("int", True, "number, from 0"),
    lon=("float", True, "degrees"),
    lat=("float", True, "degrees"),
    basis=("text", True, "what tells that people live here: address, cell (100 m square) or street"),
    dwellings=("float", True, "how many dwellings it stands for; a weight where the basis is no address"),
    area_code=("text", True, "smallest area with figures: its people are spread over its homes"),
    municipality_code=("text", True, "municipality"),
    wijk_code=("text", False, "wijk"),
    buurt_code=("text", False, "buurt"),
    walk_edge=("int", False, "edge that is nearest on foot; empty where there is none near enough"),
    walk_at_m=("float", False, "metres from the start of that edge"),
    walk_snap_m=("float", False, "metres to it, in a straight line"),
    cycle_edge=("int", False, "edge that is nearest by bicycle"),
    cycle_at_m=("float", False, "metres from the start of that edge"),
    cycle_snap_m=("float", False, "metres to it"),
    sure_m=("float", False, "metres to the nearest ground of the study that the extract does not cover, 0 on it; empty: it covers all"),
)

CELLS = table(
    "cells",
    ("code",),
    code=("text", True, "square of 100 m, as CBS names it (E0955N4319)"),
    lon=("float", True, "degrees, middle of the square"),
    lat=("float", True, "degrees"),
    people=("float", False, "inhabitants; empty where the source suppresses it"),
    dwellings=("float", False, "dwellings; empty where the source suppresses it"),
    source=("text", True, "source"),
)

RESIDENTS = table(
    "residents",
    ("area_code", "group"),
    area_code=("text", True, "area"),
    level=("text", True, "municipality, wijk or buurt"),
    group=("text", True, "all, or a group of the vocabulary"),
    basis=("text", True, "published, inherited (the shares of the area around it) or assumed"),
    people=("people", True, "people of the group in the area: the published figure, fitted within its rounding"),
    low=("people", True, "least that the rounding of the figure allows"),
    high=("people", True, "most that it allows"),
    placed=("people", True, "people who got a home"),
    not_covered=("people", True, "unplaced: the extract does not hold their part of the area"),
    no_home=("people", True, "unplaced: nothing tells where in the area they live"),
    no_street=("people", True, "unplaced: their home has no street near enough"),
    homes=("int", True, "homes among which they were spread"),
    dwellings=("float", True, "dwellings of those homes"),
    per_dwelling=("float", False, "people of the group per dwelling, where this is the smallest area with figures"),
    year=("int", False, "year of the figure"),
    source=("text", False, "source of the figure"),
)

REACH_PLACES = table(
    "reach_places",
    ("place_id", "mode", "minutes", "group"),
    place_id=("text", True, "place"),
    mode=("text", True, "walk or cycle"),
    minutes=("int", True, "within so many minutes"),
    group=("text", True, "all, or a group of the vocabulary"),
    people=("people", True, "residents who can be there in time"),
    low=("people", True, "least, 95 % margin of the spread of people over homes"),
    high=("people", True, "most"),
    homes=("people", True, "dwellings in reach: what the figure rests on"),
    basis=("text", True, "estimated (spread from published figures) or assumed"),
    complete=("bool", True, "all ground within reach is covered, and people of the group are known there; if not, it is at least so many"),
    border=("bool", True, "its reach crosses the border of the study: people there are not counted"),
)

REACH_HOMES = table(
    "reach_homes",
    ("home", "mode", "what"),
    home=("int", True, "home"),
    mode=("text", True, "walk or cycle"),
    what=("text", True, "any (the nearest node), a function, or third_living_room"),
    place_id=("text", True, "the nearest place of that kind, or the third nearest living room"),
    minutes=("float", True, "minutes to it"),
    complete=("bool", True, "all ground that is nearer is covered: no place that nobody knows can be nearer"),
)

REACH_COUNTS = table(
    "reach_counts",
    ("home", "mode", "minutes"),
    home=("int", True, "home"),
    mode=("text", True, "walk or cycle"),
    minutes=("int", True, "within so many minutes"),
    nodes=("int", True, "nodes in reach"),
    functions=("int", True, "different functions among them"),
)

REACH_AREAS = table(
    "reach_areas",
    ("area_code", "mode", "group", "what"),
    area_code=("text", True, "area"),
    mode=("text", True, "walk or cycle"),
    group=("text", True, "all, or a group of the vocabulary"),
    what=("text", True, "any, a function or third_living_room (minutes); nodes or functions (number within near_min minutes)"),
    people=("people", True, "placed residents that it is about"),
    p10=("float", False, "a tenth of them has less; empty: more than the longest time, or (in exports) too few people to tell"),
    p25=("float", False, "a quarter"),
    p50=("float", False, "half: the median"),
    p75=("float", False, "three quarters"),
    p90=("float", False, "nine tenths"),
    basis=("text", True, "estimated or assumed"),
    complete=("bool", True, "as in gaps: no place that we do not know can be nearer than what was found, or add to what is near"),
)

GAPS = table(
    "gaps",
    ("area_code", "mode", "group", "what", "minutes"),
    area_code=("text", True, "area"),
    mode=("text", True, "walk or cycle"),
    group=("text", True, "all, or a group of the vocabulary"),
    what=("text", True, "any, a function or third_living_room"),
    minutes=("int", True, "within so many minutes"),
    people=("people", True, "placed residents that it is about"),
    without=("people", True, "those who have none in reach"),
    share=("share", False, "without / people"),
    basis=("text", True, "estimated or assumed"),
    complete=("bool", True, "the area is covered, and so is what lies near enough to hold a place that we do not know"),
)

OVERLAPS = table(
    "overlaps",
    ("place_a", "place_b"),
    place_a=("text", True, "place"),
    place_b=("text", True, "place"),
    minutes=("int", True, "catchments on foot within so many minutes"),
    people_a=("people", True, "people in reach of place_a"),
    people_b=("people", True, "people in reach of place_b"),
    shared=("people", True, "people in reach of both"),
    share_a=("share", True, "shared / people_a"),
    share_b=("share", True, "shared / people_b"),
    functions=("json", True, "list of functions that both have"),
    cluster=("int", False, "places of one cluster share most of their people, each with each"),
    complete=("bool", True, "every area within reach of either is covered by the extract"),
    border=("bool", True, "the reach of either crosses the border of the study: people there are not counted"),
)

COMPETITION = table(
    "competition",
    ("place_id", "function"),
    place_id=("text", True, "place"),
    function=("text", True, "function that it competes in"),
    rivals=("int", True, "other nodes with that function that somebody in its catchment can reach as well"),
    people=("people", True, "people in its catchment: two-step floating catchment, first step"),
    people_weighted=("people", True, "the same, those farther away counting less (enhanced)"),
    people_divided=("people", True, "the same people, divided over the places with that function that they can reach"),
    basis=("text", True, "estimated or assumed"),
    complete=("bool", True, "all ground within reach is covered, and all who live there are known"),
    border=("bool", True, "its reach crosses the border of the study: people there are not counted"),
)

SUPPLY = table(
    "supply",
    ("area_code", "group", "function"),
    area_code=("text", True, "area"),
    group=("text", True, "all, or a group of the vocabulary"),
    function=("text", True, "function"),
    people=("people", True, "placed residents that it is about"),
    reached=("people", True, "those with any place of the function in reach, within the longest of the minutes"),
    per_1000=("float", False, "places per 1,000 persons in reach: two-step floating catchment, mean over the residents"),
    per_1000_weighted=("float", False, "the same, enhanced: nearer places count more"),
    basis=("text", True, "estimated or assumed"),
    complete=("bool", True, "as in gaps, and all who can be at the places in reach are known"),
    border=("bool", True, "the reach of a place in it crosses the border of the study: only a part of it is counted as supply"),
)

PLACE_SLOTS = table(
    "place_slots",
    ("place_id", "slot"),
    place_id=("text", True, "node"),
    slot=("text", True, "daypart of the vocabulary"),
    open=("bool", False, "open in it; empty where no hours are known"),
)

REACH_OPEN = table(
    "reach_open",
    ("area_code", "what", "slot"),
    area_code=("text", True, "area"),
    what=("text", True, "any, or a function"),
    slot=("text", True, "daypart"),
    people=("people", True, "placed residents that it is about"),
    reached=("people", True, "those with a node in reach that is known to be open then"),
    reached_most=("people", True, "the same, if every node without known hours were open"),
    share=("share", False, "reached / people"),
    share_most=("share", False, "reached_most / people"),
    basis=("text", True, "estimated or assumed"),
    complete=("bool", True, "the area is covered, and so is all that is near its residents"),
)

ISOCHRONES = table(
    "isochrones",
    ("place_id", "mode", "minutes"),
    place_id=("text", True, "place"),
    mode=("text", True, "walk or cycle"),
    minutes=("int", True, "within so many minutes"),
    complete=("bool", True, "the extract covers all ground of the study in it"),
    border=("bool", True, "it crosses the border of the study"),
    geometry=("geometry", True, "multipolygon around the streets from which one is there in time"),
)
