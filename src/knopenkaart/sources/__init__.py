# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The outside world, read into raw tables: OpenStreetMap extracts, areas, figures, addresses, lists."""
