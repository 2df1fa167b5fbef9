# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How likely two records are one place: weights of evidence after Fellegi & Sunter (1969), each with its reason."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knopenkaart.inventory.names import (
    COMMON_HOSTS,
    NameLikeness,
    Wording,
    housenumber_key,
    likeness,
    phone_key,
    street_key,
    website_key,
    words,
)
from knopenkaart.records import Place
from knopenkaart.vocabulary.reader import Vocabulary

# All weights are natural logarithms of how many times likelier the finding is for one place than for two. They are explained in
# docs/method/duplicates.md and measured by benchmarks/duplicates.py.
PRIOR = -5.0
NAME_WEIGHTS = ((0.0, -7.0), (0.5, -4.0), (0.7, -0.5), (0.85, 3.5), (0.95, 5.0), (1.0, 6.0))
DISTANCE_WEIGHTS = ((0.0, 2.5), (25.0, 2.0), (50.0, 1.5), (100.0, 0.5), (150.0, -0.5), (250.0, -2.0), (500.0, -4.0), (1000.0, -7.0))
SAME_KIND, RELATED_KIND, OTHER_KIND = 1.0, 0.0, -3.0
SAME_ADDRESS, OTHER_NUMBER, OTHER_ADDRESS = 3.0, -2.0, -1.0
SAME_PHONE, SHARED_PHONE, OTHER_PHONE = 3.0, 0.5, -0.7
SAME_PAGE, SAME_DOMAIN, SHARED_DOMAIN, OTHER_DOMAIN = 2.5, 1.5, 0.2, -0.5
NAME_MISSING = 1.5
CONTRADICTION = -5.0
# More records than this with one number or domain make it that of an organisation (two sources x one place = 2).
SHARED_FROM = 3

# Merged without a human: measured to have no false merge among the hard negatives of the benchmark.
SURE_SCORE = 0.92
SURE_METRES = 75.0
SURE_METRES_WEAK = 40.0
CLOSE_METRES = 20.0


@dataclass(frozen=True, slots=True)
class Subject:
    """A place with its keys for comparison worked out once."""

    place: Place
    name: tuple[str, ...]
    phone: str | None
    website: tuple[str, str] | None
    street: str | None
    housenumber: tuple[str, str] | None
    postcode: str | None
    named_kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The score of a pair (0-1), its reasons as stable codes, and whether it is sure enough to merge without a human."""

    score: float
    reasons: tuple[str, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Corpus:
    """What the whole set of places teaches: how common each word, telephone number and domain is, and which words name which kinds."""

    vocabulary: Vocabulary
    wording: Wording
    phones: Mapping[str, int]
    pages: Mapping[tuple[str, str], int]
    domains: Mapping[str, int]
    names: Mapping[tuple[str, tuple[str, ...]], int]
    kind_words: Mapping[tuple[str, ...], frozenset[str]]
    telling_functions: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, places: Sequence[Place], vocabulary: Vocabulary) -> Corpus:
        """Count over all places that are to be compared."""
        pages = Counter(page for place in places if (page := website_key(place.website)))
        kind_words = _kind_words(vocabulary)
        return cls(
            vocabulary=vocabulary,
            wording=Wording.of(
                (place.name for place in places),
                generic=(" ".join(phrase) for phrase in kind_words),
                towns=[place.city for place in places],
            ),
            phones=Counter(key for place in places if (key := phone_key(place.phone))),
            pages=pages,
            domains=Counter(host for host, _ in pages.elements()),
            names=Counter((place.source, words(place.name)) for place in places if place.name),
            kind_words=kind_words,
            telling_functions=_telling_functions(vocabulary),
        )

    def subject(self, place: Place) -> Subject:
        """The place with its keys."""
        name = words(place.name)
        return Subject(
            place=place,
            name=name,
            phone=phone_key(place.phone),
            website=website_key(place.website),
            street=street_key(place.street),
            housenumber=housenumber_key(place.housenumber),
            postcode="".join((place.postcode or "").upper().split()) or None,
            named_kinds=self._named_kinds(name),
        )

    def chain(self, subject: Subject) -> bool:
        """Whether its source has the same name more than once."""
        return self.names.get((subject.place.source, subject.name), 0) > 1

    def _named_kinds(self, name: tuple[str, ...]) -> frozenset[str]:
        found: set[str] = set()
        for length in (1, 2, 3):
            for start in range(len(name) - length + 1):
                found |= self.kind_words.get(name[start : start + length], frozenset())
        return frozenset(found)


def compare(a: Subject, b: Subject, corpus: Corpus, *, distance_m: float | None) -> Verdict:
    """Weigh all evidence that two records are one place; symmetric. `distance_m` is None where one of them has no location."""
    alike = likeness(a.name, b.name, corpus.wording) if a.name and b.name else None
    kinds, kind_weight = _kinds(a.place.kind, b.place.kind, corpus)
    findings = [
        _distance(distance_m),
        _name(alike),
        (f"kind_{kinds}", kind_weight),
        _address(a, b),
        _phone(a, b, corpus),
        _website(a, b, corpus),
        *_contradictions(a, b, alike),
    ]
    reasons = tuple(reason for reason, _ in findings if reason)
    score = 1 / (1 + math.exp(-(PRIOR + sum(weight for _, weight in findings))))
    sure = score >= SURE_SCORE and alike is not None and _is_sure(a, b, corpus, alike, reasons, distance_m)
    return Verdict(round(score, 4), reasons, sure)


def _kinds(a: str, b: str, corpus: Corpus) -> tuple[str, float]:
    if a == b:
        return "same", SAME_KIND
    known, functions = corpus.vocabulary.kinds, corpus.telling_functions
    if a in known and b in known and functions[a] & functions[b] and known[a].small_spot == known[b].small_spot:
        return "related", RELATED_KIND
    return "other", OTHER_KIND


def _telling_functions(vocabulary: Vocabulary) -> Mapping[str, frozenset[str]]:
    """Per kind its functions, without those that more than half of all kinds have: one meets nearly everywhere."""
    counts = Counter(function for kind in vocabulary.kinds.values() for function in kind.functions)
    common = {function for function, number in counts.items() if number > len(vocabulary.kinds) / 2}
    return {kind.id: frozenset(kind.functions) - common for kind in vocabulary.kinds.values()}


def _name(alike: NameLikeness | None) -> tuple[str, float]:
    if alike is None:
        # Blocking lets unnamed records through only where they are of one kind and almost on one another.
        return "name_missing", NAME_MISSING
    weight = _interpolate(NAME_WEIGHTS, alike.score)
    # "Speeltuin" = "Speeltuin" says less than "De Regenboog" = "De Regenboog".
    return f"name={alike.score:.2f}", weight * (0.4 + 0.6 * alike.telling) if weight > 0 else weight


def _distance(distance_m: float | None) -> tuple[str, float]:
    return ("", 0.0) if distance_m is None else (f"distance_m={distance_m:.0f}", _interpolate(DISTANCE_WEIGHTS, distance_m))


def _address(a: Subject, b: Subject) -> tuple[str, float]:
    if not a.housenumber or not b.housenumber:
        return "", 0.0
    known_post, known_street = a.postcode and b.postcode, a.street and b.street
    if not known_post and not known_street:
        return "", 0.0
    somewhere = (known_post and a.postcode == b.postcode) or (known_street and a.street == b.street)
    if not somewhere:
        return "other_address", OTHER_ADDRESS
    if a.housenumber == b.housenumber:
        return "same_address", SAME_ADDRESS
    return ("near_address", SAME_ADDRESS / 2) if a.housenumber[0] == b.housenumber[0] else ("other_housenumber", OTHER_NUMBER)


def _phone(a: Subject, b: Subject, corpus: Corpus) -> tuple[str, float]:
    if not a.phone or not b.phone:
        return "", 0.0
    if a.phone != b.phone:
        return "other_phone", OTHER_PHONE
    return ("same_phone", SAME_PHONE) if corpus.phones.get(a.phone, 0) <= SHARED_FROM else ("shared_phone", SHARED_PHONE)


def _website(a: Subject, b: Subject, corpus: Corpus) -> tuple[str, float]:
    if not a.website or not b.website:
        return "", 0.0
    if a.website[0] != b.website[0]:
        return "other_website", OTHER_DOMAIN
    common = a.website[0] in COMMON_HOSTS
    if a.website == b.website and corpus.pages.get(a.website, 0) <= SHARED_FROM and not (common and not a.website[1]):
        return "same_website", SAME_PAGE
    if common or corpus.domains.get(a.website[0], 0) > SHARED_FROM:
        return "shared_domain", SHARED_DOMAIN
    return "same_domain", SAME_DOMAIN


def _contradictions(a: Subject, b: Subject, alike: NameLikeness | None) -> Iterable[tuple[str, float]]:
    if alike is None:
        return
    if alike.other_number:
        yield "other_number", CONTRADICTION
    if alike.contrast or (a.named_kinds and b.named_kinds and a.named_kinds.isdisjoint(b.named_kinds)):
        yield "contrasting_words", CONTRADICTION


def _is_sure(a: Subject, b: Subject, corpus: Corpus, alike: NameLikeness, reasons: Sequence[str], distance_m: float | None) -> bool:
    """The rules that keep a high score from merging two places; each has a hard negative in the benchmark."""
    found = set(reasons)
    if found & {"other_number", "contrasting_words", "kind_other"} or (alike.left_over_a and alike.left_over_b):
        return False
    if a.place.source == b.place.source:
        elsewhere = found & {"other_housenumber", "other_address"} or distance_m is None or distance_m > CLOSE_METRES
        return a.name == b.name and "kind_same" in found and not elsewhere
    strong = found & {"same_address", "same_phone", "same_website"}
    if distance_m is None:
        return bool(strong) and alike.score >= 0.95
    if found & {"other_housenumber", "other_address"} and not found & {"same_phone", "same_website"}:
        return alike.score == 1 and "kind_same" in found and distance_m <= CLOSE_METRES
    if corpus.chain(a) or corpus.chain(b):
        return (alike.score == 1 or bool(strong)) and distance_m <= SURE_METRES_WEAK
    names_other_kinds = bool(a.named_kinds and b.named_kinds) and a.named_kinds != b.named_kinds
    if max(alike.left_over_a, alike.left_over_b) > 0 or "kind_related" in found or alike.telling < 0.3 or names_other_kinds:
        return (bool(strong) or (alike.score == 1 and alike.telling >= 0.3)) and distance_m <= SURE_METRES_WEAK
    return distance_m <= SURE_METRES or bool(strong)


def _interpolate(points: Sequence[tuple[float, float]], x: float) -> float:
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


def _kind_words(vocabulary: Vocabulary) -> Mapping[tuple[str, ...], frozenset[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for kind in vocabulary.kinds.values():
        for phrase in (*kind.words, kind.nl, kind.en):
            key = words(phrase)
            if key:
                found.setdefault(key, set()).add(kind.id)
    return {key: frozenset(kinds) for key, kinds in found.items()}
