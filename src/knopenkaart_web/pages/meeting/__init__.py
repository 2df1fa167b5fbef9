# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages on who meets whom tell and draw, from the meeting file of a study."""
