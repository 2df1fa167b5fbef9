# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of the inventory."""

from knopenkaart_web.places.models.figures import FigureFile
from knopenkaart_web.places.models.place import Place, PlaceAttribute, PlaceSource
from knopenkaart_web.places.models.review import ImportDraft, KindSelection, ReviewItem, SavedMapping
from knopenkaart_web.places.models.study import AREA_COLUMNS, COVERAGE_COLUMNS, Area, Figure, Notice, Source, Study

__all__ = [
    "AREA_COLUMNS",
    "COVERAGE_COLUMNS",
    "Area",
    "Figure",
    "FigureFile",
    "ImportDraft",
    "KindSelection",
    "Notice",
    "Place",
    "PlaceAttribute",
    "PlaceSource",
    "ReviewItem",
    "SavedMapping",
    "Source",
    "Study",
]
