# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The early warning: the rules of the vocabulary on one place, with the reasons in words: what to talk about, and no grade."""

from __future__ import annotations

from dataclasses import dataclass

from knopenkaart.operation.conventions import DEFAULT, Conventions
from knopenkaart.operation.measures import DoesNotApply, Figure, Look, Measured, NotKnown, look_at, measure
from knopenkaart.operation.records import PlaceFacts
from knopenkaart.operation.wording import Language, said
from knopenkaart.vocabulary import LEVELS, MEASURES, Signal, Vocabulary

# Numbers that differ by less are the same: parts of sums.
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Raised:
    """A signal that holds: its number, its reason in both languages, and the figures behind it."""

    signal: Signal
    value: float
    reason_nl: str
    reason_en: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A rule that could not be tried, and what would have to be filled in."""

    signal: Signal
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """Every rule for the archetype of a place, in one of four: it holds, it does not, not enough is known, or the question does not arise.

    `raised` begins with what should be talked about soonest. Rules for other archetypes are not here at all.
    """

    place_id: str
    archetype: str
    raised: tuple[Raised, ...]
    quiet: tuple[Signal, ...]
    unknown: tuple[Unknown, ...]
    not_applicable: tuple[Signal, ...]


def early_warning(facts: PlaceFacts, vocabulary: Vocabulary, *, conventions: Conventions = DEFAULT) -> EarlyWarning:
    """Try the rules for the archetype of a place. Raises InputError on hours or amounts that cannot be."""
    return warn(look_at(facts, vocabulary, conventions))


def warn(look: Look) -> EarlyWarning:
    """The same of a place that was looked at already."""
    rules = [signal for signal in look.vocabulary.signals.values() if look.facts.archetype in signal.archetypes]
    outcomes = [(signal, measure(signal.measure, look)) for signal in rules]
    raised = [_raised(signal, found) for signal, found in outcomes if isinstance(found, Measured) and _holds(signal, found.value)]
    return EarlyWarning(
        look.facts.place_id,
        look.facts.archetype,
        tuple(sorted(raised, key=lambda item: -LEVELS.index(item.signal.level))),
        tuple(signal for signal, found in outcomes if isinstance(found, Measured) and not _holds(signal, found.value)),
        tuple(Unknown(signal, found.missing) for signal, found in outcomes if isinstance(found, NotKnown)),
        tuple(signal for signal, found in outcomes if isinstance(found, DoesNotApply)),
    )


def _holds(signal: Signal, value: float) -> bool:
    if signal.compare == "at_most":
        return value <= signal.threshold + _SAME
    return value >= signal.threshold - _SAME


def _raised(signal: Signal, found: Measured) -> Raised:
    return Raised(signal, found.value, _reason(signal, found, "nl"), _reason(signal, found, "en"), found.figures)


def _reason(signal: Signal, found: Measured, language: Language) -> str:
    unit = MEASURES[signal.measure]
    text, subject = (signal.reason_nl, found.subject_nl) if language == "nl" else (signal.reason_en, found.subject_en)
    filled = {"value": said(found.value, unit, language), "threshold": said(signal.threshold, unit, language), "subject": subject}
    for name, words in filled.items():
        text = text.replace(f"{{{name}}}", words)
    return text
