# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people look for and who they are, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from knopenkaart_web.places import words

ANY, THIRD, ALL = "any", "third_living_room", "all"


def what_label(what: str, lang: str) -> str:
    """A thing that one may look for: any place, one with a function, or a choice of living rooms."""
    if what == ANY:
        return _("any place with a social function")
    return _("a third living room") if what == THIRD else words.function_label(what, lang)


def lookups(lang: str) -> list[tuple[str, str]]:
    """Everything that one may look for, with its label."""
    return [(what, what_label(what, lang)) for what in (ANY, *words.vocabulary().functions, THIRD)]


def group_label(group: str, lang: str) -> str:
    """A group of residents."""
    found = words.vocabulary().groups.get(group)
    if group == ALL:
        return _("everybody")
    return group if found is None else found.name(lang)


def mode_label(mode: str) -> str:
    """A way of going."""
    return _("on foot") if mode == "walk" else _("by bicycle")
