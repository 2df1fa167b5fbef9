# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The closed vocabularies (kinds, functions, statuses, groups of residents, dayparts ...) as data files, and their one checked reader."""

from knopenkaart.vocabulary.operation import LEVELS, MEASURES, Condition, MoneyCategory, Signal, SocialLine
from knopenkaart.vocabulary.reader import (
    EVERYBODY,
    LIFECYCLE,
    Archetype,
    Dimension,
    Function,
    Group,
    Kind,
    NotNode,
    Slot,
    Status,
    Vocabulary,
    load_vocabulary,
)
from knopenkaart.vocabulary.rules import TagRule, parse_rule

__all__ = [
    "EVERYBODY",
    "LEVELS",
    "LIFECYCLE",
    "MEASURES",
    "Archetype",
    "Condition",
    "Dimension",
    "Function",
    "Group",
    "Kind",
    "MoneyCategory",
    "NotNode",
    "Signal",
    "Slot",
    "SocialLine",
    "Status",
    "TagRule",
    "Vocabulary",
    "load_vocabulary",
    "parse_rule",
]
