# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which place or room a name in a file means, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from knopenkaart.sources.mapping import plain

# A name that is as like as this, and clearly more like than the next, is taken; from DOUBTFUL on it is told as a guess.
SURE, DOUBTFUL, CLEAR = 92.0, 60.0, 8.0
# What many names of one kind have in common tells nothing.
_COMMON = frozenset(
    {"bibliotheek", "library", "libraries", "bieb", "filiaal", "vestiging", "branch", "de", "het", "the", "en", "and", "wijkcentrum"}
)


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name of a file: what it stands for (None: not known), how alike (0-100), whether that is taken without asking, what it may be."""

    name: str
    id: str | None
    score: float
    sure: bool
    near: tuple[str, ...] = ()


def match_names(names: Iterable[str], known: Mapping[str, str], own: Mapping[str, str]) -> dict[str, NameMatch]:
    """Every name with what it stands for. `known` maps ids to names; `own` maps names of the file to ids, "" for what is left out."""
    return {name: _match(name, known, {plain(key): value for key, value in own.items()}) for name in dict.fromkeys(names)}


def _match(name: str, known: Mapping[str, str], own: Mapping[str, str]) -> NameMatch:
    if plain(name) in own:
        wanted = own[plain(name)]
        return NameMatch(name, wanted if wanted in known else None, 100.0, wanted in known or not wanted)
    scores = sorted(((_score(name, other), key) for key, other in known.items()), reverse=True)
    if not scores or scores[0][0] < DOUBTFUL:
        return NameMatch(name, None, scores[0][0] if scores else 0.0, False)
    best, key = scores[0]
    second = scores[1][0] if len(scores) > 1 else 0.0
    near = tuple(other for score, other in scores[:3] if score >= DOUBTFUL)
    return NameMatch(name, key, min(100.0, best), best >= SURE and best - second >= CLEAR, near)


def _score(one: str, other: str) -> float:
    if plain(one) == plain(other):
        return 110.0
    a, b = (" ".join(word for word in plain(text).split() if word not in _COMMON) or plain(text) for text in (one, other))
    return 100.0 if a == b else min(99.0, max(fuzz.token_sort_ratio(a, b), 0.9 * fuzz.token_set_ratio(a, b)))
