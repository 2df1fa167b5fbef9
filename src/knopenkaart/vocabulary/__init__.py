# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The closed vocabularies (kinds, functions, archetypes, statuses) as data files, with the one reader that checks them."""

from knopenkaart.vocabulary.reader import Archetype, Function, Kind, Status, TagRule, Vocabulary

__all__ = ["Archetype", "Function", "Kind", "Status", "TagRule", "Vocabulary"]
