# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inventory as rows: studies, areas, places with their provenance, and the queue of what a human should decide."""
