# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of who meets whom and of how many places: what a model makes of a study, and never a count."""

from __future__ import annotations

from collections.abc import Mapping

from knopenkaart.tables.core import Table, table

MEETING_PLACES = table(
    "meeting_places",
    ("place_id", "group"),
    place_id=("text", True, "place"),
    group=("text", True, "all, or a group of the vocabulary"),
    function=("text", True, "function in which the place competes: the first of its kind"),
    visits=("people", True, "visits per week that the model expects"),
    visits_low=("people", True, "lower bound of the 95 % interval"),
    visits_high=("people", True, "upper bound"),
    badge=("text", True, "measured (own counts), estimated (counts elsewhere bear on it) or assumed"),
    encounters=("people", True, "noticed encounters per week in which one of the group takes part, in the model"),
    faces=("people", True, "recognition (model) by way of this place: of how many faces, added over the residents of the group"),
    faces_across=("people", True, "the same, faces of another group; empty where groups are not told apart"),
    present=(
        "float",
        False,
        "how many of the others who are there during a visit one recognises (model), on average over visits; empty: nobody comes",
    ),
)

MEETING_CONTRIBUTION = table(
    "meeting_contribution",
    ("place_id",),
    place_id=("text", True, "place of the study"),
    attributed=("float", True, "recognition per resident of the municipality that goes by way of it"),
    part_low=(
        "share",
        False,
        "lower bound of the middle 90 % of the towns of the part of all recognition that goes by way of it; empty: none",
    ),
    part_high=("share", False, "upper bound"),
    part_across_low=("share", False, "the same of the part of that recognition which is between groups"),
    part_across_high=("share", False, "upper bound"),
    closed_elastic=("float", True, "by how much recognition per resident would change if it closed and people chose again, elastic demand"),
    closed_fixed=("float", True, "the same with fixed demand"),
    across_elastic=("float", True, "as closed_elastic, faces of another group"),
    across_fixed=("float", True, "as closed_fixed, faces of another group"),
    encounters_elastic=("float", True, "by how much noticed encounters per resident and week would change, elastic demand"),
    encounters_fixed=("float", True, "the same with fixed demand"),
    draws=("int", True, "towns that may be in which it was closed as well"),
    falls_elastic=("float", False, "part of these towns in which recognition per resident falls, elastic demand; empty without towns"),
    falls_fixed=("float", False, "the same with fixed demand"),
    closed_elastic_low=("float", False, "lower bound of the middle 90 % of these towns of closed_elastic, with the most likely one in it"),
    closed_elastic_high=("float", False, "upper bound"),
    closed_fixed_low=("float", False, "as above, of closed_fixed"),
    closed_fixed_high=("float", False, "upper bound"),
    across_elastic_low=("float", False, "as above, of across_elastic"),
    across_elastic_high=("float", False, "upper bound"),
    across_fixed_low=("float", False, "as above, of across_fixed"),
    across_fixed_high=("float", False, "upper bound"),
    encounters_elastic_low=("float", False, "as above, of encounters_elastic"),
    encounters_elastic_high=("float", False, "upper bound"),
    encounters_fixed_low=("float", False, "as above, of encounters_fixed"),
    encounters_fixed_high=("float", False, "upper bound"),
    potential=("float", True, "by how much recognition per resident would grow with the best of three changes in its programme"),
    potential_across=("float", True, "the same change, faces of another group"),
    change=(
        "text",
        True,
        "that change: foyer (sessions meet in it), joined (dayparts side by side) or seating (one takes in half as many more)",
    ),
    segregation=(
        "float",
        False,
        "how far its visitors differ by group from those of all places of its function: 0 alike, 1 one group only; empty where groups are "
        "not told apart, too few come of one, or there is no other place",
    ),
    null_low=("float", False, "what segregation would be by chance alone, lower bound of 95 %"),
    null_high=("float", False, "upper bound; not beyond it the place does not differ from chance"),
)

MEETING_PULL = table(
    "meeting_pull",
    ("place_id",),
    place_id=("text", True, "place of the study"),
    visits=("people", True, "visits per week that the model expects of residents"),
    draws=("int", True, "towns that may be that the bounds are of, here and in meeting_rivals and meeting_origins"),
    badge_origins=("text", True, "what origins and distances rest on: estimated or assumed"),
    badge_moved=("text", True, "what is told of who would go where rests on, here and in meeting_rivals: estimated or assumed"),
    half_m=("float", False, "metres along the streets within which half of these visits are made; empty where half is of fewer than ten"),
    half_m_low=("float", False, "lower bound of the middle 90 % of the towns, with the most likely one in it"),
    half_m_high=("float", False, "upper bound"),
    most_m=("float", False, "the same of 80 % of the visits; empty where the rest is of fewer than ten"),
    most_m_low=("float", False, "lower bound, as above"),
    most_m_high=("float", False, "upper bound"),
    home_elastic=("share", False, "part of its visits that would stay at home if it closed, elastic demand"),
    home_elastic_low=("float", False, "lower bound, as above"),
    home_elastic_high=("float", False, "upper bound"),
    home_fixed=("share", False, "the same with fixed demand: of who can reach no other place"),
    home_fixed_low=("float", False, "lower bound, as above"),
    home_fixed_high=("float", False, "upper bound"),
)

MEETING_RIVALS = table(
    "meeting_rivals",
    ("place_id", "rival_id"),
    place_id=("text", True, "place of the study, as if it closed"),
    rival_id=("text", True, "one of the five places that would get most of its visits"),
    position=("int", True, "the so-manieth of these, in the most likely town with elastic demand"),
    visits_elastic=("people", True, "visits per week that it would get more, elastic demand"),
    visits_fixed=("people", True, "the same with fixed demand"),
    goes_elastic=("share", False, "that as a part of the visits of the place that closes, elastic demand"),
    goes_elastic_low=("float", False, "lower bound of the middle 90 % of the towns, with the most likely one in it"),
    goes_elastic_high=("float", False, "upper bound"),
    goes_fixed=("share", False, "the same with fixed demand"),
    goes_fixed_low=("float", False, "lower bound, as above"),
    goes_fixed_high=("float", False, "upper bound"),
    more_elastic=("float", False, "the same visits as a part of those of the rival now: what the place draws from it; elastic demand"),
    more_elastic_low=("float", False, "lower bound, as above"),
    more_elastic_high=("float", False, "upper bound"),
    more_fixed=("float", False, "the same with fixed demand"),
    more_fixed_low=("float", False, "lower bound, as above"),
    more_fixed_high=("float", False, "upper bound"),
    ahead=("float", False, "part of the towns in which it gets more than the next one, under both demands; empty: no towns or no next one"),
)

MEETING_ORIGINS = table(
    "meeting_origins",
    ("place_id", "area_code"),
    place_id=("text", True, "place of the study"),
    area_code=("text", True, "area in which visitors live"),
    level=("text", True, "buurt, or where there are none wijk, or municipality"),
    visits=("people", True, "visits per week that the model expects of its residents"),
    share=("share", False, "that as a part of the visits of the place"),
    share_low=("float", False, "lower bound of the middle 90 % of the towns, with the most likely one in it"),
    share_high=("float", False, "upper bound"),
)

MEETING_SLOTS = table(
    "meeting_slots",
    ("place_id", "slot"),
    place_id=("text", True, "place"),
    slot=("text", True, "daypart"),
    visits=("people", True, "visits per week that the model expects in it"),
    encounters=("people", True, "noticed encounters per week, in the model"),
    hours_known=("bool", True, "its opening hours are known; if not, its dayparts are assumed"),
    counted=("bool", True, "how visits are spread over its dayparts was counted"),
)

MEETING_AREAS = table(
    "meeting_areas",
    ("area_code", "group"),
    area_code=("text", True, "area of the study; all: the whole of it"),
    level=("text", True, "all, municipality (where there are several), wijk or buurt"),
    group=("text", True, "all, or a group of the vocabulary"),
    people=("people", True, "residents in the model"),
    visits=("float", False, "visits per resident and week"),
    encounters=("float", False, "noticed encounters per resident and week; within an area shared out in proportion to visits"),
    faces=("float", False, "recognition (model): faces per resident"),
    faces_across=("float", False, "faces of another group"),
    faces_low=("float", False, "lower bound of the middle 90 % of the towns that may be; empty where it was not reckoned"),
    faces_high=("float", False, "upper bound"),
    faces_across_low=("float", False, "lower bound, as above"),
    faces_across_high=("float", False, "upper bound"),
    visits_low=("float", False, "lower bound, as above"),
    visits_high=("float", False, "upper bound"),
    encounters_low=("float", False, "lower bound, as above"),
    encounters_high=("float", False, "upper bound"),
    above=(
        "float",
        False,
        "part of the towns in which it has more faces per resident than the whole, of the same group; empty as above, and of the whole",
    ),
    draws=("int", False, "towns that may be that these bounds and the part above are of, and those of the parts of places; empty as above"),
    reached=("share", False, "share of residents with at least 5 faces"),
    reached_low=("share", False, "lower bound of the middle 90 % of the towns of which every resident was drawn; empty as above"),
    reached_high=("share", False, "upper bound"),
    reached_across=("share", False, "share of residents with at least 3 faces of another group"),
    reached_across_low=("share", False, "lower bound, as of reached"),
    reached_across_high=("share", False, "upper bound"),
    reached_draws=("int", False, "towns of which every resident was drawn; empty as above"),
)

MEETING_MATRIX = table(
    "meeting_matrix",
    ("place_id", "group", "other"),
    place_id=("text", True, "place; all: the whole study"),
    group=("text", True, "group"),
    other=("text", True, "group"),
    encounters=("people", True, "noticed encounters per week between the two, from the side of the first"),
    faces=("people", True, "pairs who recognise one another (model), from the side of the first"),
    ratio=("float", False, "faces over what they would be if everybody recognised all groups in proportion; 1: in proportion"),
)

CURVE_POINTS = table(
    "curve_points",
    ("area_code", "demand", "programme", "places"),
    area_code=("text", True, "all, or a wijk by itself"),
    demand=("text", True, "elastic or fixed: whether fewer places make fewer visits"),
    programme=("text", True, "own (each place keeps its dayparts) or fixed (the dayparts of today over the places that are left)"),
    places=("int", True, "number of places open: those that are nearest to everybody together"),
    people=("people", True, "residents of the area in the model"),
    visits=("float", True, "visits per week per open place; empty where there are fewer than ten in all"),
    visits_low=("float", True, "lower bound of the middle 90 % of the towns that may be; empty as visits"),
    visits_high=("float", True, "upper bound"),
    encounters=("float", True, "noticed encounters per resident and week"),
    encounters_low=("float", True, "lower bound, as above"),
    encounters_high=("float", True, "upper bound"),
    faces=("float", True, "recognition (model): faces per resident"),
    faces_low=("float", True, "lower bound, as above"),
    faces_high=("float", True, "upper bound"),
    faces_across=("float", True, "faces of another group per resident"),
    faces_across_low=("float", True, "lower bound, as above"),
    faces_across_high=("float", True, "upper bound"),
    share=("float", True, "median over the towns of recognition as a part of the most there"),
    share_low=("float", True, "in 95 % of the towns at least so much"),
    within=("float", True, "part of the towns in which it is within 10 % of the most: on the plateau from 0.8 on"),
    above_now=("float", False, "part of the towns in which it is more than with all places of now; empty where that was not reckoned"),
    within_500=("share", True, "share of residents with an open place within 500 m along the streets"),
    within_800=("share", True, "the same within 800 m"),
    paid=("int", True, "open places of kinds that a municipality usually pays for"),
    cost=("float", True, "euro a year for these, at the amount per place that is assumed"),
    cost_low=("float", True, "lower bound of what is assumed"),
    cost_high=("float", True, "upper bound"),
    exact=("bool", True, "encounters and faces were reckoned resident by resident; if not, by cohorts"),
)

CURVE_ORDER = table(
    "curve_order",
    ("area_code", "place_id"),
    area_code=("text", True, "all, or a wijk by itself"),
    place_id=("text", True, "place"),
    position=("int", True, "kept as the so-manieth, where each next place is that which brings everybody nearest"),
    least=("int", True, "smallest number of places of the curve with which it is open"),
)

CURVE_OPEN = table(
    "curve_open",
    ("area_code", "places", "place_id"),
    area_code=("text", True, "all, or a wijk by itself"),
    places=("int", True, "number of places of the curve"),
    place_id=("text", True, "a place that is open with so many; the sets of two numbers need not be nested"),
)

CURVE_FINDINGS = table(
    "curve_findings",
    ("area_code", "demand", "programme"),
    area_code=("text", True, "all, or a wijk by itself"),
    demand=("text", True, "elastic or fixed"),
    programme=("text", True, "own or fixed"),
    candidates=("int", True, "places there are"),
    plateau_low=("int", False, "fewest of the longest stretch of numbers within 10 % of the most in at least 80 % of towns; empty: none"),
    plateau_high=("int", False, "most of that stretch"),
    places=("int", True, "number of places that the sentence is about"),
    share=("float", True, "what is expected with them of the recognition that can be had"),
    share_sure=("float", True, "in 95 % of the towns at least so much"),
    draws=("int", True, "towns that were reckoned"),
    nl=("text", True, "the sentence in Dutch"),
    en=("text", True, "the sentence in English"),
)

CURVE_GRID = table(
    "curve_grid",
    ("area_code", "demand", "places", "times", "weeks", "notices", "frequency", "foyer"),
    area_code=("text", True, "all"),
    demand=("text", True, "elastic or fixed"),
    places=("int", True, "number of places open, each with its own programme"),
    times=("int", True, "convention: recognising is having met so many times"),
    weeks=("int", True, "convention: within so many weeks"),
    notices=("float", True, "people that one takes in per visit, relative to what is taken"),
    frequency=("float", True, "visits per resident, relative to what is taken"),
    foyer=("float", True, "part of those who leave that meet those who come"),
    encounters=("float", True, "noticed encounters per resident and week, by cohorts"),
    faces=("float", True, "recognition (model): faces per resident, by cohorts"),
    faces_across=("float", True, "faces of another group"),
)

THESIS = table(
    "thesis",
    ("area_code",),
    area_code=("text", True, "all, or a wijk by itself"),
    verdict=("text", True, "supported, contradicted or undecided: more places make fewer encounters"),
    probability=("float", True, "part of the towns that may be in which more places make fewer encounters"),
    elasticity=("float", True, "by how many percent visits grow with one percent more places, places weighed by encounters: median"),
    elasticity_low=("float", True, "lower bound of the middle 90 %"),
    elasticity_high=("float", True, "upper bound"),
    threshold=("float", True, "s / (1 + s), s the slope of noticing over all encounters: below it encounters fall; median"),
    threshold_low=("float", True, "lower bound"),
    threshold_high=("float", True, "upper bound"),
    counted=("int", True, "places with own counts; without any the thesis stays undecided"),
    draws=("int", True, "towns that were reckoned"),
    measure_first=("text", False, "measurement that would settle most: openings, counts, origins, residents or recognise"),
    measure_first_sure=("float", False, "how sure the verdict is expected to be after it (0.5 to 1)"),
    measure_second=("text", False, "the next best"),
    measure_second_sure=("float", False, "how sure after that one alone"),
)

MEETING_DRIVERS = table(
    "meeting_drivers",
    ("area_code", "name"),
    area_code=("text", True, "all"),
    name=("text", True, "assumption: loyalty, notices, stay, foyer, demand, dayparts, times, weeks, beta, theta, rate, activity"),
    kind=("text", True, "convention (somebody has to choose it) or measurable"),
    low=("float", True, "low value that was tried"),
    high=("float", True, "high value"),
    value=("float", True, "value that is taken"),
    faces=("float", True, "recognition per resident as it is taken, all places open; the same in every row"),
    faces_low=("float", True, "with the low value"),
    faces_high=("float", True, "with the high value"),
    places=("int", True, "number of places of the curve nearest to half of them; the same in every row"),
    kept=("float", True, "recognition with so many as a part of that with all, as it is taken; the same in every row"),
    kept_low=("float", True, "the same with the low value"),
    kept_high=("float", True, "with the high value"),
    best_low=("int", True, "number of places of the curve with the most recognition, with the low value"),
    best_high=("int", True, "with the high value"),
    badge=("text", True, "measured, estimated or assumed"),
)

# Of a file of results; none of it is in a study.
MEETING: Mapping[str, Table] = {
    table.name: table
    for table in (
        MEETING_PLACES,
        MEETING_CONTRIBUTION,
        MEETING_PULL,
        MEETING_RIVALS,
        MEETING_ORIGINS,
        MEETING_SLOTS,
        MEETING_AREAS,
        MEETING_MATRIX,
        CURVE_POINTS,
        CURVE_ORDER,
        CURVE_OPEN,
        CURVE_FINDINGS,
        CURVE_GRID,
        THESIS,
        MEETING_DRIVERS,
    )
}
