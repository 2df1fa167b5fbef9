# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one reader of the vocabulary files: checks them whole, and adds a municipality's own file without code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TagRule:
    """OpenStreetMap tags that must all hold: key -> the accepted values (empty tuple: any value)."""

    conditions: tuple[tuple[str, tuple[str, ...]], ...]

    def matches(self, tags: Mapping[str, str]) -> bool:
        return all(key in tags and (not values or not set(values).isdisjoint(tags[key].split(";"))) for key, values in self.conditions)

    def __str__(self) -> str:
        return " & ".join(f"{key}={'|'.join(values) or '*'}" for key, values in self.conditions)


@dataclass(frozen=True, slots=True)
class Function:
    """What one can do in a place."""

    id: str
    nl: str
    en: str
    schema_org: str = ""


@dataclass(frozen=True, slots=True)
class Archetype:
    """How a place is to be judged: living_room, village_square, hotspot."""

    id: str
    nl: str
    en: str
    explanation_nl: str
    explanation_en: str


@dataclass(frozen=True, slots=True)
class Status:
    """A step in the life of a place, and the steps that may follow it."""

    id: str
    nl: str
    en: str
    next: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of place. Rules are tried in file order: the first kind that matches an element is its kind."""

    id: str
    nl: str
    en: str
    nl_plural: str
    en_plural: str
    functions: tuple[str, ...]
    archetype: str
    schema_org: str
    symbol: str
    rules: tuple[TagRule, ...] = ()
    words: tuple[str, ...] = ()
    small_spot: bool = False
    counts: bool = True
    digital: bool = False
    named_only: bool = False
    campus: bool = False
    belongs_to: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The checked vocabularies; mappings keep file order."""

    kinds: Mapping[str, Kind]
    functions: Mapping[str, Function]
    archetypes: Mapping[str, Archetype]
    statuses: Mapping[str, Status]
