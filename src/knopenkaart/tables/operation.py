# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of use and money: rooms and their hours, costs and income, board and building."""

from __future__ import annotations

from knopenkaart.tables.core import table

ROOM_HOURS = table(
    "room_hours",
    ("room", "slot"),
    place_id=("text", True, "place"),
    room=("text", True, "room"),
    slot=("text", True, "daypart"),
    available=("float", True, "hours per week in which it can be used"),
    used=("float", False, "hours per week in which it is used; empty where nobody says"),
    basis=("text", True, "bookings or grid (a rough week, filled in by the operator)"),
)

MONEY = table(
    "money",
    ("place_id", "year", "category"),
    place_id=("text", True, "place"),
    year=("int", True, "calendar year"),
    category=("text", True, "cost or income of the vocabulary"),
    amount=("float", True, "euro in that year, zero or more"),
)

PLACE_FACTS = table(
    "place_facts",
    ("place_id",),
    place_id=("text", True, "place"),
    name=("text", False, "its name, for messages"),
    archetype=("text", True, "living_room, village_square or hotspot"),
    m2=("float", False, "floor area"),
    visits=("float", False, "visits per week, as they may be shown"),
    visits_low=("float", False, "lower end of their interval; without it they are taken as exact"),
    visits_high=("float", False, "upper end"),
    regular_share=("float", False, "part of the visitors in four weeks who come four times or more, 0 to 1"),
    weeks_open=("float", False, "weeks per year"),
    dwell_hours=("float", False, "hours per visit"),
    seats=("int", False, "seats on the board"),
    vacant=("int", False, "vacant seats"),
    ages=("text", False, "age group of most members of the board"),
    successors=("bool", False, "somebody is in sight to follow them up"),
    volunteer_hours=("float", False, "hours of volunteers per week"),
    condition=("int", False, "condition of the building, NEN 2767: 1 excellent to 6 very bad"),
    postponed_eur=("float", False, "postponed maintenance in euro; 0 is none"),
    investment_eur=("float", False, "planned investment in euro; 0 is none"),
    investment_year=("int", False, "year of that investment"),
    covered_eur=("float", False, "part of it for which there is money, in euro"),
    subsidy_until=("date", False, "last day of the subsidy promised"),
    checked=("date", False, "when the figures were last checked"),
    operator=("text", False, "who runs it; places of one operator are not compared with one another"),
    released=("bool", False, "everybody may see its money"),
)

OCCUPANCY = table(
    "occupancy",
    ("place_id", "room", "slot"),
    place_id=("text", True, "place"),
    room=("text", True, "room, or all"),
    slot=("text", True, "daypart, or all"),
    available=("float", True, "hours per week in which it can be used"),
    known=("float", True, "those of which the use is known"),
    used=("float", True, "those in which it is used"),
    beyond=("float", True, "hours used on top of what is available: a finding"),
    share=("float", False, "used / known, 0 to 1; empty where no use is known"),
)

COST_FIGURES = table(
    "cost_figures",
    ("place_id", "figure"),
    place_id=("text", True, "place"),
    figure=(
        "text",
        True,
        "cost_per_visit, full_cost_per_visit (with free rent), net_per_visit, subsidy_per_visit, cost_per_visit_hour, "
        "net_per_visit_hour or cost_per_m2",
    ),
    year=("int", True, "year of the money"),
    value=("float", False, "euro; empty where it cannot be told"),
    low=("float", False, "lower end of its interval; empty where there is none"),
    high=("float", False, "upper end; empty where there is none"),
    missing=("json", True, "list of what was not filled in: categories, visits, m2, no_visits"),
    assumed=("json", True, "list of what was assumed: weeks_open, dwell_hours"),
)

SIGNALS = table(
    "signals",
    ("place_id", "signal"),
    place_id=("text", True, "place"),
    signal=("text", True, "rule of the vocabulary"),
    outcome=("text", True, "raised, quiet, unknown or not_applicable"),
    level=("text", True, "how soon to talk about it where it is raised: watch, talk or soon"),
    value=("float", False, "what was measured; of a raised rule only"),
    threshold=("float", True, "from which number on it is raised"),
    reason_nl=("text", False, "the reason in Dutch"),
    reason_en=("text", False, "the reason in English"),
    figures=("json", True, "list of the figures behind it: name, value, source"),
    missing=("json", True, "list of what would have to be filled in"),
)

SOCIAL_VALUE = table(
    "social_value",
    ("place_id", "line"),
    place_id=("text", True, "place"),
    line=("text", True, "line of the vocabulary"),
    value=("float", False, "the figure; empty where nobody knows"),
    low=("float", False, "lower end of its interval"),
    high=("float", False, "upper end"),
    unit=("text", True, "percent (as a part of one), number or hours"),
    source=("text", False, "where it comes from"),
)

COMPARISONS = table(
    "comparisons",
    ("place_id", "figure"),
    place_id=("text", True, "place"),
    figure=("text", True, "cost figure that is compared"),
    others=("int", True, "comparable places that somebody else runs"),
    reason=("text", False, "why nothing is told: no_size, too_few or too_alike"),
    by=("text", False, "size in m2 or in visits"),
    size_low=("float", False, "least size of the class"),
    size_high=("float", False, "size from which on another class begins; empty for the highest"),
    own=("float", True, "figure of this place, euro"),
    p25=("float", False, "rounded mean of places around the lowest quarter, euro"),
    p50=("float", False, "around the middle"),
    p75=("float", False, "around the highest quarter"),
    position=("text", False, "lower (below p25), middle or higher (above p75)"),
)
