# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Names, addresses, telephone numbers and websites of places, brought to a form in which they can be compared."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

# What Dutch lists write short. Initials keep no dots ("o.b.s." is read as "obs").
ABBREVIATIONS: Mapping[str, str] = {
    "obs": "openbare basisschool", "bs": "basisschool", "cbs": "christelijke basisschool", "rkbs": "katholieke basisschool",
    "pcb": "christelijke basisschool", "pcbs": "christelijke basisschool", "kbs": "katholieke basisschool", "ods": "openbare basisschool",
    "st": "sint", "stg": "stichting", "sticht": "stichting", "ver": "vereniging", "gem": "gemeente", "kon": "koningin", "prins": "prins",
    "kdv": "kinderdagverblijf", "kdc": "kinderdagcentrum", "bso": "buitenschoolse opvang", "psz": "peuterspeelzaal", "ikc": "kindcentrum",
    "mfc": "multifunctioneel centrum", "mfa": "multifunctionele accommodatie", "wzc": "woonzorgcentrum", "vzh": "verzorgingshuis",
    "vv": "voetbalvereniging", "sv": "sportvereniging", "rkvv": "voetbalvereniging", "tv": "tennisvereniging", "ltc": "tennisclub",
    "tc": "tennisclub", "hv": "handbalvereniging", "wbv": "buurtvereniging", "bieb": "bibliotheek", "bibl": "bibliotheek",
    "bib": "bibliotheek", "openb": "openbare", "chr": "christelijke", "geref": "gereformeerde", "herv": "hervormde", "rk": "katholieke",
    "pkn": "protestantse", "centr": "centrum", "ctr": "centrum", "cntr": "centrum", "wijkc": "wijkcentrum", "buurth": "buurthuis",
    "gymn": "gymnasium", "rest": "restaurant", "dr": "dokter", "prof": "professor", "burg": "burgemeester",
    "mr": "meester", "ds": "dominee", "str": "straat", "pl": "plein", "ln": "laan", "nw": "nieuwe", "zwb": "zwembad",
    "sth": "sporthal", "gymz": "gymzaal", "&": "en", "+": "en",
}  # fmt: skip
# Words of which two names may not have different ones and still be the same place.
CONTRASTS: tuple[frozenset[str], ...] = (
    frozenset({"noord", "oost", "zuid", "west", "noordoost", "noordwest", "zuidoost", "zuidwest"}),
    frozenset({"onderbouw", "bovenbouw", "middenbouw"}),
    frozenset({"junior", "senior", "jeugd", "senioren"}),
    frozenset({"boven", "beneden", "binnen", "buiten"}),
    frozenset(
        {"basisschool", "college", "lyceum", "gymnasium", "mavo", "havo", "vmbo", "mbo", "hogeschool", "universiteit", "praktijkschool"}
    ),
    frozenset({"basisschool", "kinderdagverblijf", "peuterspeelzaal", "opvang", "kinderopvang"}),
    frozenset({"voetbalvereniging", "tennisvereniging", "tennisclub", "hockeyclub", "handbalvereniging", "korfbalvereniging"}),
    frozenset({"basisonderwijs", "voortgezet"}),
)
STOP_WORDS = frozenset(
    {"de", "het", "een", "van", "der", "den", "en", "t", "te", "ter", "in", "op", "aan", "bij", "voor", "the", "of", "and", "s"}
)
# Hosts on which anybody has a page: the host alone says nothing.
# Legal forms and the like: lists add them, maps leave them out.
NOISE_WORDS = frozenset(["stichting", "vereniging", "gemeente", "eo", "bv", "nv", "locatie", "vestiging"])
COMMON_HOSTS = frozenset(
    {"facebook.com", "instagram.com", "twitter.com", "x.com", "linkedin.com", "youtube.com", "wikipedia.org", "google.com"}
)
STOP_WEIGHT, GENERIC_WEIGHT, CONTRAST_WEIGHT = 0.05, 0.2, 0.5
# Below this likeness two words are different words; measured in benchmarks/duplicates.py. Shorter words must be equal.
SAME_WORD, SHORTEST_MISSPELT = 0.8, 5
ABBREVIATED_WORD = 0.9
# Whole names without spaces that are this alike are (likely, surely) one name with slips of the pen ("Sann Pedro").
LIKELY_LETTERS, SAME_LETTERS, SHORTEST_LETTERS = 0.75, 0.85, 4
_DIRECTIONS = frozenset(word for group in CONTRASTS[:4] for word in group)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_WRITTEN = {"eerste": "1", "1e": "1", "tweede": "2", "2e": "2", "derde": "3", "3e": "3", "vierde": "4", "4e": "4", "vijfde": "5", "5e": "5"}


@lru_cache(maxsize=65536)
def words(text: str | None) -> tuple[str, ...]:
    """The words of a name: lower case, without accents and punctuation, abbreviations written out."""
    plain = unicodedata.normalize("NFKD", text or "").casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"\b(?:[a-z]\.){2,}", lambda found: found.group().replace(".", "") + " ", plain)
    plain = re.sub(r"['’`]", " ", plain)
    found = re.findall(r"[^\W_]{3,}\.(?=\s+\w)|[^\W_]+|[&+]", plain)
    return tuple(word for token in found for word in ABBREVIATIONS.get(token.rstrip("."), token).split())


@lru_cache(maxsize=65536)
def numbers(name: tuple[str, ...]) -> frozenset[str]:
    """The numbers in a name: "School 2", "Tweede School" and "School II" all have a 2. A Roman numeral counts only at the end."""
    found = {token for token in name if token.isdigit()} | {_WRITTEN[token] for token in name if token in _WRITTEN}
    if len(name) > 1 and name[-1] in _ROMAN:
        found.add(_ROMAN[name[-1]])
    return frozenset(found)


def _words_of(phrases: Iterable[str | None]) -> frozenset[str]:
    return frozenset(word for phrase in phrases for word in words(phrase))


@dataclass(frozen=True, slots=True)
class Wording:
    """How much a word says: one that many places have ("basisschool"), or that names a kind, says little about which place it is."""

    counts: Mapping[str, int] = field(default_factory=dict)
    total: int = 1
    generic: frozenset[str] = frozenset()
    towns: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str | None], *, generic: Iterable[str] = (), towns: Iterable[str | None] = ()) -> Wording:
        """Count the words of names; `generic` are phrases that name a kind of place, `towns` the towns in which the places lie."""
        listed = [set(words(name)) for name in names if name]
        counts = Counter(word for name in listed for word in name)
        return cls(counts, max(len(listed), 1), _words_of(generic), _words_of(towns))

    def weight(self, word: str) -> float:
        """0-1: how much it says that two names share this word."""
        if word in STOP_WORDS or word in NOISE_WORDS or word in self.towns:
            return STOP_WEIGHT
        # A place in two sources has each of its words twice: that is not yet a common word.
        rarity = math.log((self.total + 1) / max(self.counts.get(word, 0) - 1, 1)) / math.log(self.total + 1)
        if word in _DIRECTIONS:
            return CONTRAST_WEIGHT
        return GENERIC_WEIGHT if word in self.generic else min(1.0, max(GENERIC_WEIGHT, rarity))


@dataclass(frozen=True, slots=True)
class NameLikeness:
    """How alike two names are (0-1), how telling the shared words are (0-1), and what speaks against them being one name."""

    score: float
    telling: float
    left_over_a: float
    left_over_b: float
    other_number: bool
    contrast: bool

    @property
    def contradicted(self) -> bool:
        return self.other_number or self.contrast


def likeness(a: tuple[str, ...], b: tuple[str, ...], wording: Wording) -> NameLikeness:
    """Compare two names word by word: a weighted Dice coefficient with soft equality of words (SoftTFIDF of Cohen et al. 2003)."""
    if (b, a) < (a, b):
        other = likeness(b, a, wording)
        return NameLikeness(other.score, other.telling, other.left_over_b, other.left_over_a, other.other_number, other.contrast)
    weights_a, weights_b = [wording.weight(word) for word in a], [wording.weight(word) for word in b]
    matched = _matched(a, b)
    shared = sum((weights_a[i] + weights_b[j]) * alike for alike, i, j in matched)
    total = sum(weights_a) + sum(weights_b)
    score = shared / total if total else 0.0
    telling = max((min(weights_a[i], weights_b[j]) for _, i, j in matched), default=0.0)
    left_a = _left_over(weights_a, {i for _, i, _ in matched})
    left_b = _left_over(weights_b, {j for _, _, j in matched})
    letters = _letters_likeness("".join(a), "".join(b))
    if a and b and letters >= LIKELY_LETTERS and letters >= score:
        score, telling = letters, max(telling, min(max(weights_a), max(weights_b)))
    if letters >= SAME_LETTERS:
        left_a = left_b = 0.0
    return NameLikeness(score, telling, left_a, left_b, numbers(a) != numbers(b), _contrast(a, b))


def _left_over(weights: Sequence[float], matched: set[int]) -> float:
    """The weight of the most telling word that the other name lacks; a lacking generic word ("Buurthuis") is no difference."""
    return max((weight for index, weight in enumerate(weights) if index not in matched and weight > GENERIC_WEIGHT), default=0.0)


def _letters_likeness(a: str, b: str) -> float:
    if a == b:
        return 1.0
    return float(OSA.normalized_similarity(a, b)) if min(len(a), len(b)) >= SHORTEST_LETTERS else 0.0


def _matched(a: tuple[str, ...], b: tuple[str, ...]) -> list[tuple[float, int, int]]:
    pairs = sorted(
        ((_word_likeness(x, y), i, j) for i, x in enumerate(a) for j, y in enumerate(b)),
        key=lambda pair: (-pair[0], a[pair[1]], b[pair[2]]),
    )
    used_a: set[int] = set()
    used_b: set[int] = set()
    matched = []
    for alike, i, j in pairs:
        if alike >= SAME_WORD and i not in used_a and j not in used_b:
            matched.append((alike, i, j))
            used_a.add(i)
            used_b.add(j)
    return matched


@lru_cache(maxsize=262144)
def _word_likeness(a: str, b: str) -> float:
    if a == b:
        return 1.0
    if a.endswith(".") or b.endswith("."):
        short, long = sorted((a.rstrip("."), b.rstrip(".")), key=len)
        return ABBREVIATED_WORD if long.startswith(short) else 0.0
    if min(len(a), len(b)) < SHORTEST_MISSPELT or a.isdigit() or b.isdigit():
        return 0.0
    return float(OSA.normalized_similarity(a, b))


def _contrast(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    return any((in_a := group.intersection(a)) and (in_b := group.intersection(b)) and in_a.isdisjoint(in_b) for group in CONTRASTS)


@lru_cache(maxsize=65536)
def phone_key(text: str | None) -> str | None:
    """A telephone number as digits with its country (a single leading 0 is Dutch): "015 - 212 34 56" is "31152123456"."""
    first = re.split(r"[;/,]", text or "")[0].replace("(0)", "")
    digits = re.sub(r"\D", "", first)
    if first.strip().startswith("+"):
        number = digits
    elif digits.startswith("00"):
        number = digits[2:]
    else:
        number = f"31{digits[1:]}" if digits.startswith("0") else digits
    return number if len(number) >= 7 else None


@lru_cache(maxsize=65536)
def website_key(text: str | None) -> tuple[str, str] | None:
    """Host without www, and path without the last slash."""
    cleaned = (text or "").split(";")[0].strip()
    if not cleaned:
        return None
    try:
        parts = urlsplit(cleaned if "//" in cleaned else f"//{cleaned}")
        host = (parts.hostname or "").casefold()
    except ValueError:
        return None
    if "." not in host:
        return None
    return re.sub(r"^(www|m|nl)\.", "", host), parts.path.rstrip("/").casefold()


@lru_cache(maxsize=65536)
def housenumber_key(text: str | None) -> tuple[str, str] | None:
    """The number and what follows it (letter, addition): "12 A-2" is ("12", "a2")."""
    found = re.match(r"\s*(\d+)\s*(.*)", text or "")
    return (found.group(1), "".join(re.findall(r"[^\W_]", found.group(2).casefold()))) if found else None


@lru_cache(maxsize=65536)
def street_key(text: str | None) -> str | None:
    """A street without the ways to write it short: "Burg. v.d. Veldestr." and "Burgemeester van de Veldestraat" are one."""
    spelt = re.sub(r"\bv\.?\s?d\.?\s", "van de ", (text or "").casefold())
    spelt = re.sub(r"(\w)(str)\b\.?", r"\1straat", spelt)
    joined = "".join(words(re.sub(r"(\w)(ln)\b\.?", r"\1laan", re.sub(r"(\w)(pl)\b\.?", r"\1plein", spelt))))
    return joined.replace("vander", "vande").replace("vanden", "vande") or None


def quick_likeness(a: list[str], b: list[str]) -> list[float]:
    """A fast first impression (0-100) of pairs of names, for weeding out; much lower for other names than `likeness`."""
    return [float(value) for value in process.cpdist(a, b, scorer=fuzz.token_set_ratio)]
