# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every read of the inventory. All take plain values and return frozen ones (places/views_data.py); None or [] where there is nothing."""

from knopenkaart_web.places.queries.areas import area, area_bounds, area_outline, has_buurten, map_areas, municipality, outlines, selection
from knopenkaart_web.places.queries.place import place, place_for_editor, place_sources
from knopenkaart_web.places.queries.places import all_records, export_places, hidden_records, map_places, places
from knopenkaart_web.places.queries.review import history, import_draft, import_drafts, review, review_item, saved_mappings
from knopenkaart_web.places.queries.studies import counting_kinds, node_count, notices, sources, studies, study, tiles_file

__all__ = [
    "all_records",
    "area",
    "area_bounds",
    "area_outline",
    "counting_kinds",
    "export_places",
    "has_buurten",
    "hidden_records",
    "history",
    "import_draft",
    "import_drafts",
    "map_areas",
    "map_places",
    "municipality",
    "node_count",
    "notices",
    "outlines",
    "place",
    "place_for_editor",
    "place_sources",
    "places",
    "review",
    "review_item",
    "saved_mappings",
    "selection",
    "sources",
    "studies",
    "study",
    "tiles_file",
]
