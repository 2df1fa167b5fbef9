# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything that the room says of one place, reckoned together: use, costs, early warning and social value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knopenkaart.operation.conventions import DEFAULT, Conventions
from knopenkaart.operation.costs import Costs, YearMoney, costs
from knopenkaart.operation.measures import look_at
from knopenkaart.operation.occupancy import Occupancy
from knopenkaart.operation.records import PlaceFacts
from knopenkaart.operation.social_value import SheetLine, Sourced, sheet
from knopenkaart.operation.viability import EarlyWarning, warn
from knopenkaart.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class PlaceOperation:
    """One place: its use, its years that are over (the latest first), its costs, what to talk about, and what it gives."""

    facts: PlaceFacts
    use: Occupancy
    years: tuple[YearMoney, ...]
    costs: Costs
    warning: EarlyWarning
    sheet: tuple[SheetLine, ...]


def operation_of(
    facts: PlaceFacts, vocabulary: Vocabulary, more: Mapping[str, Sourced] | None = None, *, conventions: Conventions = DEFAULT
) -> PlaceOperation:
    """All results of one place. `more`: see `social_value`. Raises InputError on hours, amounts or numbers that cannot be."""
    look = look_at(facts, vocabulary, conventions)
    found = costs(facts, vocabulary.money, conventions=conventions)
    return PlaceOperation(facts, look.use, look.years, found, warn(look), sheet(look, more))
