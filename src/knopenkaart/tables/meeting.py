# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of who meets whom, and of how many places: what the model gives, with its bands and badges."""

from __future__ import annotations

from knopenkaart.tables.core import table

MEETING_AREAS = table(
    "meeting_areas",
    ("area_code", "group"),
    area_code=("text", True, "area; all for the whole study"),
    level=("text", True, "all, municipality, wijk or buurt"),
    group=("text", True, "all, or a group of the vocabulary"),
    people=("people", True, "residents of the group in the area"),
    visits=("float", True, "visits per resident per week"),
    encounters=("float", True, "noticed encounters per resident per week"),
    familiar=("float", True, "recognition: expected familiar faces per resident"),
    familiar_low=("float", True, "of the towns that may be, 5 % lie below it"),
    familiar_high=("float", True, "95 % lie below it"),
    across=("float", True, "those of another group"),
    across_low=("float", True, "the same, 5 %"),
    across_high=("float", True, "the same, 95 %"),
    above=("float", False, "chance that its familiar faces per resident are more than in the whole study; empty where not reckoned"),
    covered=("share", True, "of the residents: those with at least 5 familiar faces"),
    covered_across=("share", True, "of the residents: those with at least 3 of another group"),
    badge=("text", True, "measured, estimated or assumed"),
)

MEETING_MATRIX = table(
    "meeting_matrix",
    ("place_id", "area_code", "group", "other"),
    place_id=("text", True, "place; empty for all places together"),
    area_code=("text", True, "area in which the first lives; all for the whole study"),
    group=("text", True, "group of the one"),
    other=("text", True, "group of the other"),
    encounters=("float", True, "noticed encounters per week of a resident of the one group with somebody of the other"),
    familiar=("float", True, "familiar faces of a resident of the one group in the other; at a place: those that are attributed to it"),
    mixing=("float", False, "familiar faces as a ratio to what would be proportional to the size of groups: 1 is proportional"),
)

MEETING_PLACES = table(
    "meeting_places",
    ("place_id",),
    place_id=("text", True, "place"),
    nest=("text", True, "function in which it competes"),
    visits=("float", True, "expected visits per week"),
    visits_low=("float", True, "5 %"),
    visits_high=("float", True, "95 %"),
    encounters=("float", True, "noticed encounters there per week"),
    familiar=("float", True, "pairs of residents who recognise one another, as far as they are attributed to this place"),
    familiar_share=("float", True, "the same as a part of all such pairs of the study"),
    across_share=("float", False, "the part of those pairs that are of two groups; empty where there are none"),
    closed_elastic=("float", True, "familiar faces per resident that its closing takes away (+) or adds (-), with people choosing again"),
    closed_fixed=("float", True, "the same where nobody stays at home for it"),
    closed_across=("float", True, "the same of another group, between both"),
    closed_sure=("float", True, "chance that closing it takes something away"),
    potential=("float", True, "familiar faces per resident that another programme could add"),
    potential_how=("text", True, "how: next (sessions right after one another), foyer (the foyer shared), or both"),
    present=("float", False, "how many of those present a visitor recognises by face, per visit; empty where not reckoned"),
    segregation=("float", False, "how one-sided its visitors are: 0 as all residents, 1 of one group"),
    segregation_null=("float", False, "what chance alone gives at most (95 %) with so many visitors"),
    badge=("text", True, "measured, estimated or assumed"),
)

MEETING_SLOTS = table(
    "meeting_slots",
    ("place_id", "slot", "group"),
    place_id=("text", True, "place"),
    slot=("text", True, "daypart"),
    group=("text", True, "all, or a group"),
    visits=("float", True, "expected visits per week in it"),
    encounters=("float", True, "noticed encounters per week in it"),
)

CURVE_POINTS = table(
    "curve_points",
    ("area_code", "demand", "programme", "open", "measure"),
    area_code=("text", True, "wijk; all for the whole study"),
    demand=("text", True, "elastic or fixed"),
    programme=("text", True, "own (each place its own sessions) or fixed (all sessions of now spread over the places that are open)"),
    open=("int", True, "number of places that are open"),
    measure=(
        "text",
        True,
        "visits (per place a week), encounters, familiar, across (per resident), near_500, near_800 (share), cost (euro)",
    ),
    value=("float", True, "middle"),
    low=("float", False, "5 %; empty where there is no spread"),
    high=("float", False, "95 %"),
)

CURVE_PLATEAUS = table(
    "curve_plateaus",
    ("area_code", "demand", "programme", "measure"),
    area_code=("text", True, "wijk; all for the whole study"),
    demand=("text", True, "elastic or fixed"),
    programme=("text", True, "own or fixed"),
    measure=("text", True, "as in curve_points"),
    now=("int", True, "number of places that are open now"),
    first=("int", False, "from so many places the model makes no difference; empty where nothing can be told"),
    last=("int", False, "to so many"),
    enough=("int", False, "fewest places that give most of what can be had"),
    share=("float", False, "the part of the most that can be had, that is expected with so many"),
    sure=("float", False, "the part that it is at least, with 95 % probability"),
)

CURVE_GRID = table(
    "curve_grid",
    ("area_code", "demand", "programme", "open", "times", "weeks", "notices", "frequency", "foyer"),
    area_code=("text", True, "wijk; all for the whole study"),
    demand=("text", True, "elastic or fixed"),
    programme=("text", True, "own or fixed"),
    open=("int", True, "number of places that are open"),
    times=("int", True, "convention: recognising is having met so many times"),
    weeks=("int", True, "convention: within so many weeks"),
    notices=("float", True, "people that one takes in per visit, relative to what is taken"),
    frequency=("float", True, "how often people come, relative to what is taken"),
    foyer=("float", True, "part of those who leave that meet those who come"),
    encounters=("float", True, "noticed encounters per resident per week"),
    familiar=("float", True, "familiar faces per resident"),
    across=("float", True, "those of another group"),
)

VERDICTS = table(
    "verdicts",
    ("area_code",),
    area_code=("text", True, "wijk; all for the whole study"),
    verdict=("text", True, "supported, contradicted or undecided: that more places give fewer encounters"),
    chance=("float", True, "the probability that they do"),
    elasticity=("float", True, "by how many per cent visits grow with one per cent more places"),
    elasticity_low=("float", True, "5 %"),
    elasticity_high=("float", True, "95 %"),
    threshold=("float", True, "below this elasticity more places give fewer encounters"),
    threshold_low=("float", True, "5 %"),
    threshold_high=("float", True, "95 %"),
    counted=("int", True, "places of which there are own counts"),
    settle=("json", True, "measurements that would settle it, best first: what (an id) and gain (of certainty, 0 to 1)"),
)

TORNADO = table(
    "tornado",
    ("area_code", "measure", "assumption"),
    area_code=("text", True, "wijk; all for the whole study"),
    measure=("text", True, "familiar (per resident), or enough (places with which most can be had)"),
    assumption=("text", True, "as in vocabulary/meeting.toml; times and weeks too"),
    low=("float", True, "lowest value of the assumption"),
    high=("float", True, "highest"),
    at_low=("float", True, "what the measure is there"),
    base=("float", True, "what it is as assumed"),
    at_high=("float", True, "what it is at the highest"),
)
