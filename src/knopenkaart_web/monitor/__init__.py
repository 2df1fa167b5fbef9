# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The figures of the Wijkmonitor: areas of several years, what was published about them, and a municipality's own tables."""
