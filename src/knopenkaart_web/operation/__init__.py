# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Use and money of a place: rooms, hours, bookings, costs and income, board, volunteers, building."""
