# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who comes at a place, put together from counting, cards and reach, as it may be shown."""

from __future__ import annotations

from knopenkaart.visitors.made import Asked, Made, reckon
from knopenkaart.visitors.months import series_document
from knopenkaart.visitors.origins import study_origins
from knopenkaart.visitors.residents import Wave, wave_document

__all__ = ["Asked", "Made", "Wave", "reckon", "series_document", "study_origins", "wave_document"]
