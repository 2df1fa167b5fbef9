# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""From travel times and residents to who can reach what."""
