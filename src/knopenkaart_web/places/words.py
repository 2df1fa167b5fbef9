# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The words of the vocabulary in one language, with a municipality's own additions; unknown identifiers stand for themselves."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from knopenkaart.vocabulary import Kind, Vocabulary, load_vocabulary
from knopenkaart.vocabulary.named import Named


def vocabulary() -> Vocabulary:
    """The vocabulary of this installation."""
    return _loaded(settings.VOCABULARY)


@lru_cache(maxsize=2)
def _loaded(extra: Path | None) -> Vocabulary:
    return load_vocabulary(extra)


def kind(kind_id: str) -> Kind | None:
    """A kind, or None where a study holds a kind that the vocabulary no longer has."""
    return vocabulary().kinds.get(kind_id)


def kind_label(kind_id: str, lang: str) -> str:
    """The name of a kind."""
    return _word(vocabulary().kinds.get(kind_id), kind_id, lang)


def kind_plural(kind_id: str, lang: str) -> str:
    """The name of several places of a kind."""
    found = vocabulary().kinds.get(kind_id)
    return kind_id if found is None else (found.en_plural if lang == "en" else found.nl_plural)


def function_label(function_id: str, lang: str) -> str:
    """The name of a function."""
    return _word(vocabulary().functions.get(function_id), function_id, lang)


def archetype_label(archetype_id: str, lang: str) -> str:
    """The name of an archetype."""
    return _word(vocabulary().archetypes.get(archetype_id), archetype_id, lang)


def status_label(status_id: str, lang: str) -> str:
    """The name of a step in the life of a place."""
    return _word(vocabulary().statuses.get(status_id), status_id, lang)


def symbol(kind_id: str) -> str:
    """The symbol of a kind."""
    found = vocabulary().kinds.get(kind_id)
    return found.symbol if found else "marker"


def _word(found: Named | None, fallback: str, lang: str) -> str:
    return fallback if found is None else found.name(lang)
