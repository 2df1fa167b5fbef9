# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading who can reach what, as the background work left it; nothing is reckoned here, and nothing is written."""
