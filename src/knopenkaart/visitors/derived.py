# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What follows from a release: representation, catchment, regulars; from shown numbers, so that nothing hidden follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from knopenkaart.visitors.answered import ALL, FREQUENCIES, GIVEN, NO_ANSWER, REGULAR, Answered
from knopenkaart.visitors.counted import Counted
from knopenkaart.visits.catchment import catchment
from knopenkaart.visits.regulars import Regulars, regulars
from knopenkaart.visits.representation import Representation, effective_people, representation

# The same figures give the same release, to the last digit.
SEED = 2012
# Digits that a bound which was drawn by lot deserves.
_DIGITS = 3
_POSTCODE_DIGITS = 4
Population = Mapping[str, tuple[float, float, float]]


def derived(
    counts: pd.DataFrame, cards: pd.DataFrame, *, counting: Counted, answers: Answered, population: Population, origins: Mapping[str, float]
) -> dict[str, Any]:
    """Representation, catchment and regulars as plain values.

    Visits of groups, cards per origin and the like are those that are shown; hidden ones are left out on both sides. Regulars rest on every
    card, so they are told only where every class of how often people come is shown, and in two digits.
    """
    found = {
        "representation": rounded(asdict(_representation(counts, counting, answers, population))),
        "catchment": rounded(asdict(catchment(*_origins(answers, origins), seed=SEED))),
        "regulars": rounded(asdict(_regulars(cards, answers)), digits=2),
    }
    # How many there were would tell how many did not answer.
    return {name: {key: value for key, value in document.items() if key != "n"} for name, document in found.items()}


def _representation(counts: pd.DataFrame, counting: Counted, answers: Answered, population: Population) -> Representation:
    """Of the groups that were counted; where nobody told groups apart, of the ages on cards."""
    shown = {row["group"]: float(row["value"]) for row in counting.document()["groups"] if row["state"] == "shown"}
    if shown:
        told = counts[counts["group"].isin(list(shown))]
        return representation(shown, population, n=effective_people(told), seed=SEED)
    ages = _shown(answers, "age")
    return representation(ages, population, n=sum(ages.values()), seed=SEED)


def _regulars(cards: pd.DataFrame, answers: Answered) -> Regulars:
    found = regulars([int(often) for often in cards["frequency"].dropna() if often >= 1], seed=SEED)
    told = found.enough and set(FREQUENCIES.values()) <= _shown(answers, "frequency").keys()
    return found if told or not found.enough else Regulars(n=found.n, enough=False, reason="hidden")


def _origins(answers: Answered, origins: Mapping[str, float]) -> tuple[dict[str, int], dict[str, float]]:
    """Cards per origin and people in reach, of the sort that more visitors named: postcodes or buurten."""
    found = _shown(answers, "origin")
    postcodes = {origin: cards for origin, cards in found.items() if _is_postcode(origin)}
    buurten = {origin: cards for origin, cards in found.items() if origin not in postcodes}
    chosen = postcodes if sum(postcodes.values()) >= sum(buurten.values()) else buurten
    return chosen, {origin: people for origin, people in origins.items() if _is_postcode(origin) == (chosen is postcodes)}


def _is_postcode(origin: str) -> bool:
    return len(origin) == _POSTCODE_DIGITS and origin.isdigit()


def _shown(answers: Answered, name: str) -> dict[str, int]:
    sums = (ALL, GIVEN, NO_ANSWER, REGULAR)
    return {answer: number for (answer,), number in answers.releases[name].shown.items() if answer not in sums}


def rounded(value: Any, *, digits: int = _DIGITS) -> Any:
    """Plain values with the numbers in them in so many digits."""
    if isinstance(value, float):
        return float(f"{value:.{digits}g}")
    if isinstance(value, Mapping):
        return {name: rounded(item, digits=digits) for name, item in value.items()}
    return [rounded(item, digits=digits) for item in value] if isinstance(value, list | tuple) else value
