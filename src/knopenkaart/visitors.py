# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who comes at a place, put together from counting, cards and reach, as it may be shown."""
