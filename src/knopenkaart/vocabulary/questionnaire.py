# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The questions of the visitor card and of residents in six languages, as data files, and their one checked reader."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from knopenkaart.errors import Fault, InputError

# In the order in which a reader may choose; the first is what the others are held against.
LANGUAGES = ("nl", "en", "tr", "ar", "pl", "uk")
DIRECTIONS = ("ltr", "rtl")
_TABLES = ("texts", "questions", "help", "errors", "answers")


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """All that stands on a card, in one language. `unchecked` says, in that language, that no native speaker has read it yet.

    `answers` holds the options of each question by their codes; `groups` the names of groups of residents, absent where the vocabulary has
    them in this language itself.
    """

    language: str
    name: str
    direction: str
    checked: bool
    unchecked: str
    texts: Mapping[str, str]
    questions: Mapping[str, str]
    help: Mapping[str, str]
    errors: Mapping[str, str]
    answers: Mapping[str, Mapping[str, str]]
    groups: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=len(LANGUAGES))
def load_questionnaire(language: str) -> Questionnaire:
    """The questions in one language. Raises InputError for a language that there is not, and with every fault of its file together."""
    if language not in LANGUAGES:
        raise InputError(
            f"There are no questions in {language}.", code="questions.language", remedy=f"Choose one of {', '.join(LANGUAGES)}."
        )
    own = _read(language)
    faults = list(_faults(language, own, _read(LANGUAGES[0])))
    if faults:
        raise InputError(
            f"The questions in {language} cannot be used: {len(faults)} fault(s).",
            code="questions.invalid",
            remedy="Correct every line named above: each language has the same lines as the Dutch file.",
            faults=faults,
        )
    tables = {name: own[name] for name in (*_TABLES, "groups") if name in own}
    heads = {name: own[name] for name in ("name", "direction", "checked")}
    return Questionnaire(language=language, unchecked=own.get("unchecked", ""), **heads, **tables)


def _read(language: str) -> dict[str, Any]:
    return tomllib.loads(files("knopenkaart.vocabulary").joinpath("questions", f"{language}.toml").read_text(encoding="utf-8"))


def _faults(language: str, own: Mapping[str, Any], first: Mapping[str, Any]) -> Iterator[Fault]:
    file = f"{language}.toml"
    if not isinstance(own.get("name"), str) or own.get("direction") not in DIRECTIONS or not isinstance(own.get("checked"), bool):
        yield Fault("questions.head", "a file begins with a name, a direction (ltr or rtl) and checked (true or false)", file)
    if own.get("checked") is False and not own.get("unchecked"):
        yield Fault("questions.head", "a file that nobody checked says so in its own language: unchecked", file, column="unchecked")
    mine, theirs = dict(_leaves(own)), dict(_leaves(first))
    for name in sorted(theirs.keys() - mine.keys()):
        yield Fault("questions.absent", "this line is absent", file, column=name)
    for name in sorted(mine.keys() - theirs.keys()):
        if not name.startswith("groups."):
            yield Fault("questions.unknown", "no other language has this line", file, column=name)
    for name, text in mine.items():
        if not isinstance(text, str) or not text.strip():
            yield Fault("questions.text", "must be a text", file, column=name)
        elif ("{number}" in text) != ("{number}" in str(theirs.get(name, text))):
            yield Fault("questions.number", "must hold {number} where the Dutch line does, and only there", file, column=name)


def _leaves(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The lines of the tables of a file, by their full names; its head is left out."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{name}.")
        elif prefix:
            yield f"{prefix}{name}", value
