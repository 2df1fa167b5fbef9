# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The background of the map: vector tiles cut from the same extract as the places."""
