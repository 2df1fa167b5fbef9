# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses and published figures become homes and residents: who lives where, as far as the figures go."""
