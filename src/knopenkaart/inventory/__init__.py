# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Raw elements and rows become one trusted inventory of places: classified, located, matched, merged, with their coverage."""
