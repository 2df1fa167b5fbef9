# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may be shown of counts of people: modelled people in tens (`rounding`), own counts as released, small ones hidden (`release`)."""

from __future__ import annotations

from knopenkaart.privacy.release import Cell, Dimension, Figures, Release, answer, cells_of, joined, lifted, shown_estimate, total, tree
from knopenkaart.privacy.rounding import BASE, QUANTILES, THRESHOLD, shown, shown_rate, shown_share

__all__ = [
    "BASE",
    "QUANTILES",
    "THRESHOLD",
    "Cell",
    "Dimension",
    "Figures",
    "Release",
    "answer",
    "cells_of",
    "joined",
    "lifted",
    "shown",
    "shown_estimate",
    "shown_rate",
    "shown_share",
    "total",
    "tree",
]
