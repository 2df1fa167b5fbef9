# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The vocabularies of use and money: categories, conditions, signals, lines of social value, and how their entries are checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from knopenkaart.errors import Fault
from knopenkaart.vocabulary.named import Named

DIRECTIONS = ("cost", "income", "in_kind")
COMPARISONS = ("at_least", "at_most")
# How soon to talk about it; from weak to strong. No grade of a place.
LEVELS = ("watch", "talk", "soon")
# What a signal can be about -> the unit of the number. Each is reckoned in knopenkaart.operation.measures.
MEASURES: Mapping[str, str] = {
    "used_share": "percent",
    "used_daypart_share": "percent",
    "loss_years": "years",
    "recovery_share": "percent",
    "largest_income_share": "percent",
    "subsidy_months_left": "months",
    "vacant_seat_share": "percent",
    "ageing_board": "number",
    "condition_score": "number",
    "postponed_eur": "euro",
    "uncovered_eur": "euro",
    "visits_fall_share": "percent",
    "volunteer_hours_unpaid": "hours",
    "largest_group_share": "percent",
    "regular_share": "percent",
    "months_since_checked": "months",
}
UNITS = ("percent", "euro", "number", "months", "hours", "years")
_PLACEHOLDERS = frozenset({"value", "threshold", "subject"})
_BRACES = re.compile(r"{([^{}]*)}")


@dataclass(frozen=True, slots=True)
class MoneyCategory(Named):
    """A cost, an income, or something given in kind, in euro per year.

    `expected`: without it, or a zero written down, the figures of a year are not complete. `own`: income that a place earns itself.
    """

    direction: str
    explanation_nl: str
    explanation_en: str
    expected: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Condition(Named):
    """A score of the condition of a building, after NEN 2767: 1 is excellent, 6 very bad."""

    score: int
    explanation_nl: str
    explanation_en: str


@dataclass(frozen=True, slots=True)
class Signal(Named):
    """A rule of the early warning: for which archetypes, what is measured, from which threshold on, and the words.

    `reason_*` may hold {value}, {threshold} and {subject}; `talk_*` says what to talk about; `needs_*` what must be known for it;
    `source_*` where the threshold comes from. `level` is one of LEVELS, `measure` one of MEASURES, `compare` one of COMPARISONS.
    """

    archetypes: tuple[str, ...]
    measure: str
    compare: str
    threshold: float
    level: str
    reason_nl: str
    reason_en: str
    talk_nl: str
    talk_en: str
    needs_nl: str
    needs_en: str
    source_nl: str
    source_en: str


@dataclass(frozen=True, slots=True)
class SocialLine(Named):
    """A line of the social value sheet: what a place gives, in which unit it is told, and what the figure says and does not say."""

    unit: str
    explanation_nl: str
    explanation_en: str


def broken_entries(
    money: Mapping[str, MoneyCategory],
    conditions: Mapping[str, Condition],
    signals: Mapping[str, Signal],
    social: Mapping[str, SocialLine],
    archetypes: Mapping[str, Any],
    file: str,
) -> Iterator[Fault]:
    """What is wrong with entries that are whole in themselves: words that do not exist, scores given twice, braces that nobody fills."""
    for category in money.values():
        yield from _not_one_of(f"money.{category.id}.direction", category.direction, DIRECTIONS, file)
    for line in social.values():
        yield from _not_one_of(f"social.{line.id}.unit", line.unit, UNITS, file)
    scores: dict[int, str] = {}
    for condition in conditions.values():
        where = f"conditions.{condition.id}.score"
        if not 1 <= condition.score <= 6:
            yield Fault("vocabulary.condition", "score is 1 (excellent) to 6 (very bad)", file, column=where)
        elif scores.setdefault(condition.score, condition.id) != condition.id:
            yield Fault("vocabulary.condition", f"{scores[condition.score]} already has the score {condition.score}", file, column=where)
    for signal in signals.values():
        yield from _broken_signal(signal, archetypes, file)


def _broken_signal(signal: Signal, archetypes: Mapping[str, Any], file: str) -> Iterator[Fault]:
    where = f"signals.{signal.id}"
    for archetype in signal.archetypes:
        if archetype not in archetypes:
            yield Fault("vocabulary.reference", f"'{archetype}' does not exist", file, column=f"{where}.archetypes", value=archetype)
    yield from _not_one_of(f"{where}.measure", signal.measure, tuple(MEASURES), file)
    yield from _not_one_of(f"{where}.compare", signal.compare, COMPARISONS, file)
    yield from _not_one_of(f"{where}.level", signal.level, LEVELS, file)
    for name in ("reason_nl", "reason_en"):
        text = getattr(signal, name)
        unknown = sorted(set(_BRACES.findall(text)) - _PLACEHOLDERS)
        if unknown or re.search("[{}]", _BRACES.sub("", text)):
            message = "a reason may hold {value}, {threshold} and {subject}, and no other braces"
            yield Fault("vocabulary.placeholder", message, file, column=f"{where}.{name}", value=", ".join(unknown))


def _not_one_of(column: str, value: str, known: tuple[str, ...], file: str) -> Iterator[Fault]:
    if value not in known:
        yield Fault("vocabulary.word_unknown", f"'{value}' is not one of {', '.join(known)}", file, column=column, value=value)
