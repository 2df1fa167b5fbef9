# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Wijkmonitor: who lives where, how that compares, and how sure that is."""
