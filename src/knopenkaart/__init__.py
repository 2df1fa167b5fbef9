# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The engine of Knopenkaart: from sources to a municipality's social node map. Knows no web."""

__version__ = "0.1.0"
