# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of visits tell: a module per page, and the figures that pages of use and money reckon with."""
