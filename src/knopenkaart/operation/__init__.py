# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Use and money: occupancy, costs, comparison, early warning, social value. All of it standard library: a page view may reckon it."""

from knopenkaart.operation.comparison import Compared, Comparison, SizeClass, compare
from knopenkaart.operation.conventions import Conventions
from knopenkaart.operation.costs import CostFigure, Costs, YearMoney, costs, money_years
from knopenkaart.operation.measures import Figure
from knopenkaart.operation.occupancy import BookedHours, Finding, Occupancy, Use, hours_from_bookings, hours_of, occupancy
from knopenkaart.operation.place import PlaceOperation, operation_of
from knopenkaart.operation.records import Board, Booking, Building, Estimate, Money, PlaceFacts, RoomHours, VisitMonth, exactly
from knopenkaart.operation.social_value import SheetLine, Sourced, social_value
from knopenkaart.operation.viability import EarlyWarning, Raised, Unknown, early_warning

__all__ = [
    "Board",
    "BookedHours",
    "Booking",
    "Building",
    "Compared",
    "Comparison",
    "Conventions",
    "CostFigure",
    "Costs",
    "EarlyWarning",
    "Estimate",
    "Figure",
    "Finding",
    "Money",
    "Occupancy",
    "PlaceFacts",
    "PlaceOperation",
    "Raised",
    "RoomHours",
    "SheetLine",
    "SizeClass",
    "Sourced",
    "Unknown",
    "Use",
    "VisitMonth",
    "YearMoney",
    "compare",
    "costs",
    "early_warning",
    "exactly",
    "hours_from_bookings",
    "hours_of",
    "money_years",
    "occupancy",
    "operation_of",
    "social_value",
]
