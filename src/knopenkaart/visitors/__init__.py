# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who comes at a place, put together from counting, cards and reach, as it may be shown."""

from __future__ import annotations

from knopenkaart.visitors.made import Asked, Made, reckon
from knopenkaart.visitors.origins import study_origins

__all__ = ["Asked", "Made", "reckon", "study_origins"]
