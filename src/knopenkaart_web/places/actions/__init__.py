# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write to the inventory: one function = one permission check = one transaction = one audit event."""

from knopenkaart_web.places.actions.imports import import_confirm, import_discard, import_preview, import_upload, save_mapping
from knopenkaart_web.places.actions.loading import load
from knopenkaart_web.places.actions.place import add_place, change_status, correct_place, merge_places, split_place
from knopenkaart_web.places.actions.review import accept, reject
from knopenkaart_web.places.actions.study import select_kinds
from knopenkaart_web.places.actions.undoing import undo
from knopenkaart_web.places.actions.verify import confirm_place, report_gone

__all__ = [
    "accept",
    "add_place",
    "change_status",
    "confirm_place",
    "correct_place",
    "import_confirm",
    "import_discard",
    "import_preview",
    "import_upload",
    "load",
    "merge_places",
    "reject",
    "report_gone",
    "save_mapping",
    "select_kinds",
    "split_place",
    "undo",
]
