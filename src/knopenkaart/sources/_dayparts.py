# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Weekdays, dayparts and groups of visitors by the words that people write on a sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from knopenkaart.sources.mapping import plain
from knopenkaart.vocabulary.reader import Slot, Vocabulary

_WEEKDAYS = (
    ("maandag", "ma", "monday", "mon"), ("dinsdag", "di", "tuesday", "tue"), ("woensdag", "wo", "wednesday", "wed"),
    ("donderdag", "do", "thursday", "thu"), ("vrijdag", "vr", "friday", "fri"), ("zaterdag", "za", "saturday", "sat"),
    ("zondag", "zo", "sunday", "sun"),
)  # fmt: skip
WEEKDAYS: Mapping[str, int] = {word: number for number, words in enumerate(_WEEKDAYS, start=1) for word in words}
ALL = frozenset({"all", "totaal", "total", "alle", "allen", "iedereen", "aantal", "bezoekers", "bezoek", "visitors", "everybody", "som"})
UNKNOWN = frozenset({"unknown", "onbekend", "niet te zeggen", "weet niet", "overig onbekend"})
# The unknown oldest: "65 years and older" has no upper bound.
_OLD = 200


@dataclass(frozen=True)
class Words:
    """The words of one file: those of the vocabulary, and its own (`own`: word -> id, "" for what is left out)."""

    vocabulary: Vocabulary
    own: Mapping[str, str] = field(default_factory=dict)

    def weekday(self, text: str) -> int | None:
        """1 (Monday) to 7."""
        return WEEKDAYS.get(plain(text))

    def slot(self, text: str, weekday: int | None) -> Slot | None:
        """The daypart that is called so: by its full name, or by the name of its part of the day on a weekday that is known."""
        mine = self._mine(text)
        if mine is not None:
            return self.vocabulary.slots.get(mine)
        word = plain(text)
        for slot in self.vocabulary.week():
            if word in (plain(slot.id), plain(slot.nl), plain(slot.en)):
                return slot
        named, part = _weekday_and_part(word)
        day = named or weekday
        return next((slot for slot in self.vocabulary.week() if slot.weekday == day and part and part in _parts_of(slot)), None)

    def slot_at(self, day: date, clock: time) -> Slot | None:
        """The daypart of a moment; None in hours that are in no daypart."""
        at = clock.strftime("%H:%M")
        return next((slot for slot in self.vocabulary.week() if slot.weekday == day.isoweekday() and slot.start <= at < slot.end), None)

    def group(self, text: str) -> str | None:
        """The id of a group, `unknown`, or `all`; "" for a word that is left out; None for a word that is not known."""
        mine = self._mine(text)
        if mine is not None:
            return mine
        word = plain(text)
        if word in ALL or word in UNKNOWN:
            return "all" if word in ALL else "unknown"
        for group in self.vocabulary.groups.values():
            if word in (plain(group.id), plain(group.nl), plain(group.en)):
                return group.id
        ages = _ages(text)
        return next(
            (group.id for group in self.vocabulary.groups.values() if ages and group.dimension == "age" and _of(group.id) == ages), None
        )

    def _mine(self, text: str) -> str | None:
        word = plain(text)
        return next((value for key, value in self.own.items() if plain(key) == word), None)


def _parts_of(slot: Slot) -> set[str]:
    """What a daypart is called on a sheet that names the day elsewhere: morning, ochtend."""
    return {part for name in (slot.nl, slot.en, slot.id.replace("_", " ")) if (part := _weekday_and_part(plain(name))[1])}


def _weekday_and_part(word: str) -> tuple[int | None, str]:
    """(1, ochtend) of "maandagochtend", "ma ochtend"; (None, ochtend) of "ochtend"."""
    first, _, rest = word.partition(" ")
    if rest and first in WEEKDAYS:
        return WEEKDAYS[first], rest.strip()
    long = next((name for name in WEEKDAYS if len(name) > 4 and word.startswith(name) and word != name), None)
    if long:
        return WEEKDAYS[long], word.removeprefix(long).strip()
    # Identifiers of the vocabulary are of two English letters.
    english = {"mo": 1, "tu": 2, "we": 3, "th": 4, "fr": 5, "sa": 6, "su": 7}
    if rest and first in english:
        return english[first], rest.strip()
    return None, word


def _ages(text: str) -> tuple[int, int] | None:
    """(15, 24) of "15-24", "15 t/m 24 jaar", "15 tot 25"; (65, 200) of "65+", "65-plus", "65 jaar en ouder" and "65 jaar of ouder"."""
    word = text.casefold().replace("jaar", " ").replace("years", " ").replace("jr", " ").strip()
    if match := re.fullmatch(r"(\d{1,3})[\s-]*(?:\+|plus(?:sers?)?|(?:en|of) ouder|(?:and|or) older|e\.?o\.?)", word):
        return int(match[1]), _OLD
    if match := re.fullmatch(r"(\d{1,3})\s*(tot en met|t/m|tot|to|-|–)\s*(\d{1,3})", word):
        return int(match[1]), int(match[3]) - (match[2] == "tot" or (match[2] == "to"))
    return None


def _of(group: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"age_(\d+)_(\d+|plus)", group)
    return (int(match[1]), _OLD if match[2] == "plus" else int(match[2])) if match else None
