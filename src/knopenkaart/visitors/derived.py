# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What follows from a release: representation, catchment, regulars; reckoned from what is shown, as far as it can be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from knopenkaart.visitors.answered import Answered
from knopenkaart.visitors.counted import Counted


def derived(
    cards: pd.DataFrame, counts: Counted, answers: Answered, *, population: Mapping[str, tuple[float, float, float]], origins: Mapping[str, float]
) -> dict[str, Any]:
    """WORK IN PROGRESS."""
    return {}
