# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The social value sheet: what a place gives, line by line, each with the data that it comes from. Nothing is turned into euros."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knopenkaart.operation.conventions import DEFAULT, Conventions
from knopenkaart.operation.measures import Look, look_at
from knopenkaart.operation.records import Estimate, PlaceFacts, exactly
from knopenkaart.vocabulary import SocialLine, Vocabulary


@dataclass(frozen=True, slots=True)
class Sourced:
    """A figure and where it comes from."""

    estimate: Estimate
    source: str


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line of the sheet; `found` is None where nobody knows, which the sheet says too."""

    line: SocialLine
    found: Sourced | None


def social_value(
    facts: PlaceFacts, vocabulary: Vocabulary, more: Mapping[str, Sourced] | None = None, *, conventions: Conventions = DEFAULT
) -> tuple[SheetLine, ...]:
    """The sheet of a place in the order of the vocabulary. `more` has what other parts know: recognise, greet, nowhere_else, in_reach.

    Figures of people must be given as they may be shown. Raises InputError on hours or amounts that cannot be.
    """
    return sheet(look_at(facts, vocabulary, conventions), more)


def sheet(look: Look, more: Mapping[str, Sourced] | None = None) -> tuple[SheetLine, ...]:
    """The same of a place that was looked at already."""
    known = _own(look) | dict(more or {})
    return tuple(SheetLine(line, known.get(line.id)) for line in look.vocabulary.social.values())


def _own(look: Look) -> dict[str, Sourced]:
    facts, use = look.facts, look.use.whole
    groups = [value for name, value in facts.group_visits.items() if name in look.vocabulary.groups]
    told = {
        "visits": (facts.visits, "visits"),
        "regulars": (_exact(facts.regular_share), "cards"),
        "age_groups": (_exact(float(sum(bool(value) for value in groups)) if groups else None), "groups"),
        "used_hours": (_exact(use.used if use.known > 0 else None), "rooms"),
        "free_hours": (_exact(use.free if use.known > 0 else None), "rooms"),
        "volunteer_hours": (_exact(facts.board.volunteer_hours), "board"),
    }
    return {name: Sourced(estimate, look.source(part)) for name, (estimate, part) in told.items() if estimate is not None}


def _exact(value: float | None) -> Estimate | None:
    return None if value is None else exactly(value)
