# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of who comes: what was counted and answered, and what is reckoned from it. They hold own observations."""

from __future__ import annotations

from knopenkaart.tables.core import table

COUNTS = table(
    "counts",
    ("session", "group"),
    place_id=("text", True, "place"),
    session=("text", True, "one count of one daypart at one door by one counter or one sheet"),
    date=("date", True, "day of the count"),
    slot=("text", True, "daypart"),
    group=("text", True, "group of the vocabulary, `unknown` where the counter could not tell, or `all` where nobody was told apart"),
    people=("int", True, "people counted; 0 is a count too"),
    exposure=("float", True, "part of the daypart that was counted, above 0 to 1"),
    how=("text", True, "entering (who comes in) or present (who is there at one moment)"),
)

CARDS = table(
    "cards",
    ("card",),
    place_id=("text", True, "place where the card was filled in"),
    card=("text", True, "number of the card, of no person"),
    date=("date", True, "day on which it came in"),
    frequency=("int", False, "how often here in the last 4 weeks, this time included (0-28)"),
    regular=("text", False, "yes, no or varies: usually on the same day and time"),
    origin=("text", False, "four digits of the postcode, or the code of a buurt"),
    age=("text", False, "age group of the vocabulary"),
    recognise=("text", False, "how many people here now one recognises by face: 0, 1_2, 3_5, 6_10, 11_20, over_20"),
    greet=("text", False, "with how many of them one greets or talks, in the same classes"),
    different=("text", False, "how many of them are different from oneself, in the same classes"),
    elsewhere=("text", False, "if this place were closed: the id of another place, other, or nowhere"),
)

SERIES = table(
    "series",
    ("place_id", "start"),
    place_id=("text", True, "place"),
    start=("date", True, "first day of the period"),
    grain=("text", True, "day, week, month or quarter"),
    visits=("float", False, "visits in the period; empty where the source has none"),
)

VISIT_ESTIMATES = table(
    "visit_estimates",
    ("place_id", "what", "slot", "group"),
    place_id=("text", True, "place"),
    what=("text", True, "visits (people who came in, per week) or present (people there at one moment: these are no visits)"),
    slot=("text", True, "daypart, or all: the week (visits) or the mean over its dayparts (present)"),
    group=("text", True, "all, or a group of the vocabulary; people of unknown group are divided over the groups in proportion"),
    value=("float", False, "visits per week, or people present; empty where there is not enough"),
    low=("float", False, "lower bound of the 95 % interval"),
    high=("float", False, "upper bound"),
    people=("int", True, "people counted"),
    counts=("int", True, "dayparts counted, a daypart at several doors once"),
    weeks=("int", True, "different weeks in which was counted"),
    first=("date", True, "first day that was counted"),
    last=("date", True, "last day"),
    counted_share=("float", False, "part of the open dayparts that was counted at all; empty where it is not known which are open"),
    known_share=("float", False, "where groups were told apart, part of the people of whom the group is known; empty for all"),
    method=("text", True, "weeks, weeks_prior, poisson, negative_binomial, negative_binomial_prior or none"),
    enough=("bool", True, "there is enough to tell it"),
    reason=("text", False, "why not; or what to know of it: partial, hours_unknown"),
)

MONTHS = table(
    "months",
    ("place_id", "month"),
    place_id=("text", True, "place"),
    month=("date", True, "first day of the month"),
    visits=("float", False, "visits in the month; empty where too little of it is known"),
    covered=("float", True, "part of the days of the month for which the source has a value"),
    basis=("text", True, "month, sum (of days or weeks), quarter (a third of it), repeated (the same as the months beside it) or none"),
    enough=("bool", True, "there is enough to tell it"),
    reason=("text", False, "why not: gap (nothing), few_days, zero (nobody, between months with visits)"),
)

SERIES_FINDINGS = table(
    "series_findings",
    ("place_id", "what", "start"),
    place_id=("text", True, "place"),
    what=("text", True, "gap, zero, ended, repeat, jump or outlier"),
    start=("date", True, "first day of the first month; for a jump of the first month at the new level"),
    end=("date", True, "first day of the last month; for a jump of the last month at the new level"),
    months=("int", True, "how many months it is about"),
    value=("float", False, "visits per month: the value that repeats, the new level, or the outlier"),
    before=("float", False, "the level before, for a jump or an outlier"),
    change=("float", False, "value / before - 1"),
)

SEASON = table(
    "season",
    ("place_id", "month"),
    place_id=("text", True, "place"),
    month=("int", True, "calendar month, 1 to 12"),
    factor=("float", False, "visits in that month over those of a mean month"),
    low=("float", False, "lower bound of the 95 % interval"),
    high=("float", False, "upper bound"),
    years=("int", True, "values of that month"),
    method=("text", True, "ratio_to_level or none"),
    enough=("bool", True, "there is enough to tell it"),
    reason=("text", False, "why not: two_years, repeated (quarters spread over months tell no season of months)"),
)

FORECASTS = table(
    "forecasts",
    ("place_id", "origin", "month"),
    place_id=("text", True, "place"),
    origin=("date", True, "last month that was known"),
    month=("date", True, "month that is forecast"),
    ahead=("int", True, "months ahead"),
    visits=("float", False, "forecast"),
    low=("float", False, "lower bound of the prediction interval"),
    high=("float", False, "upper bound"),
    level=("float", True, "how often the interval is meant to hold"),
    n=("int", True, "months that it rests on"),
    method=("text", True, "seasonal_level or none"),
    enough=("bool", True, "there is enough to tell it"),
    reason=("text", False, "why not: two_years, ended (the series stopped before the others)"),
    actual=("float", False, "what it turned out to be, in a hold-out"),
)
