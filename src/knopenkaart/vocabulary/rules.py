# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""One rule on OpenStreetMap tags: how it is written, read and tried."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_CONDITION = re.compile(r"^(?P<key>[\w:.-]+)\s*(?P<sign>!=|=|~)\s*(?P<values>.+)$")

Conditions = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class TagRule:
    """OpenStreetMap tags that must all hold.

    `conditions`: key -> the accepted values (empty tuple: any value). `exclusions`: key -> the refused values (empty tuple: the key must
    be absent). `phrases`: key -> words or phrases of which the value must contain one, whatever its capitals; `*` is the rest of a word.
    Whoever only looks at `conditions` finds at least every element that matches.
    """

    conditions: Conditions
    exclusions: Conditions = ()
    phrases: Conditions = ()

    def matches(self, tags: Mapping[str, str]) -> bool:
        return (
            all(key in tags and (not values or _meets(tags[key], values)) for key, values in self.conditions)
            and not any(key in tags and (not values or _meets(tags[key], values)) for key, values in self.exclusions)
            and all(
                key in tags and any(_phrase(phrase).search(tags[key].casefold()) for phrase in phrases) for key, phrases in self.phrases
            )
        )

    def tag(self, tags: Mapping[str, str]) -> str:
        """The tag by which an element is accounted for: the rule's first key with the element's value."""
        key = self.conditions[0][0]
        return f"{key}={tags[key]}"

    def prefixed(self, prefix: str) -> TagRule:
        """The same rule for the first key in another stage of life (disused:amenity=pub)."""
        (key, values), *rest = self.conditions
        return TagRule(((f"{prefix}:{key}", values), *rest), self.exclusions, self.phrases)

    def __str__(self) -> str:
        parts = [f"{key}={'|'.join(values) or '*'}" for key, values in self.conditions]
        parts += [f"{key}~{'|'.join(values)}" for key, values in self.phrases]
        parts += [f"{key}!={'|'.join(values) or '*'}" for key, values in self.exclusions]
        return " & ".join(parts)


def parse_rule(text: str) -> TagRule:
    """A rule from its line: `leisure=sports_centre & sport=swimming & access!=private|no & name~*bad`.

    Raises ValueError that quotes the part that cannot be read. A rule needs at least one condition of the form key=value.
    """
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {"=": [], "!=": [], "~": []}
    for part in text.split("&"):
        match = _CONDITION.match(part.strip())
        values = tuple(value.strip() for value in match["values"].split("|")) if match else ()
        if match is None or not all(values) or (match["sign"] == "~" and "*" in values):
            raise ValueError(f"'{part.strip()}' is not a condition such as amenity=library, sport=a|b, access!=private or name~*kantine")
        found[match["sign"]].append((match["key"], () if values == ("*",) else values))
    if not found["="]:
        raise ValueError("a rule needs at least one condition of the form key=value or key=*")
    return TagRule(tuple(found["="]), tuple(found["!="]), tuple(found["~"]))


def _meets(value: str, accepted: tuple[str, ...]) -> bool:
    return value in accepted or (";" in value and any(part.strip() in accepted for part in value.split(";")))


def _contains(value: str, phrases: tuple[str, ...]) -> bool:
    return any(_phrase(phrase).search(value) for phrase in phrases)


@lru_cache(maxsize=4096)
def _phrase(phrase: str) -> re.Pattern[str]:
    pattern = re.escape(phrase.casefold()).replace(r"\*", r"\w*")
    return re.compile(rf"(?<!\w){pattern}(?!\w)")
