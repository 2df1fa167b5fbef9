# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables to paper: maps as SVG, posters and reports as PDF through Typst."""
