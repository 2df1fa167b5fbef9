# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How an installation is set up: settings, addresses, and the two ways in for a server."""
