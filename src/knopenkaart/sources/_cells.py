# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Checks of the separate cells of a list: each gives a clean value, or a code and a sentence that says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from knopenkaart.sources.addresses import normal_postcode
from knopenkaart.sources.mapping import plain, words_of_lists
from knopenkaart.vocabulary.reader import Vocabulary

MAX_TEXT = 5_000
# What a register can hold of the fields that are no free text: a whole page pasted into the cell of a name is a mistake.
MAX_LENGTHS = {
    "id": 100,
    "name": 200,
    "address": 200,
    "street": 150,
    "housenumber": 30,
    "postcode": 20,
    "city": 150,
    "phone": 200,
    "email": 300,
    "website": 1_000,
    "operator": 300,
}
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[A-Za-z]{2,}")
_WEBSITE = re.compile(r"(?i)https?://[^\s/@:]+\.[a-z]{2,}(:\d+)?([/?#]\S*)?")
# No Dutch postcode starts with 0 or ends on SA, SD or SS (PostNL).
_DUTCH_POSTCODE = re.compile(r"[1-9]\d{3}(?!SA|SD|SS)[A-Z]{2}")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a cell: a stable code, and the sentence for people."""

    code: str
    message: str


def email(text: str) -> str | Wrong:
    """A general address of a place."""
    address = re.sub(r"(?i)^mailto:", "", text)
    return address if _EMAIL.fullmatch(address) else Wrong("list.email", "this is not an e-mail address")


def website(text: str) -> str | Wrong:
    """A web address; without a scheme it gets https. Other schemes than http and https are refused: the address becomes a link."""
    address = text if re.match(r"(?i)[a-z][a-z0-9+.-]*:(?!\d)", text) else f"https://{text}"
    return address if _WEBSITE.fullmatch(address) else Wrong("list.website", "this is not a web address")


def phone(text: str) -> str | Wrong:
    """A telephone number, as the list gives it."""
    if not 3 <= sum(c.isdigit() for c in text) <= 20:
        return Wrong("list.phone", "this is not a telephone number")
    return text


def dutch_postcode(text: str) -> str | Wrong:
    """A Dutch postcode without the space."""
    postcode = normal_postcode(text) or ""
    return (
        postcode if _DUTCH_POSTCODE.fullmatch(postcode) else Wrong("list.postcode", "a postcode has four digits and two letters (1234 AB)")
    )


def foreign_postcode(text: str) -> str | Wrong:
    """A postcode of another country: letters and digits, as the list gives it."""
    return text if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 -]{1,9}", text) else Wrong("list.postcode", "this is not a postcode")


def wheelchair(text: str) -> str | Wrong:
    """yes, limited or no."""
    return _worded(text, words_of_lists()["wheelchair"]) or Wrong("list.wheelchair", "say ja, beperkt or nee (yes, limited, no)")


def status_of(vocabulary: Vocabulary) -> Callable[[str], str | Wrong]:
    """The check of a step in the life of a place, by the vocabulary's names and the words of daily speech."""
    daily = words_of_lists()["status"]
    words = {id_: [id_, item.nl, item.en, *daily.get(id_, [])] for id_, item in vocabulary.statuses.items()}

    def check(text: str) -> str | Wrong:
        known = ", ".join(item.nl for item in vocabulary.statuses.values())
        return _worded(text, words) or Wrong("list.status", f"this status is unknown; the statuses are: {known}")

    return check


def functions_of(text: str, vocabulary: Vocabulary) -> tuple[list[str], list[str]]:
    """The functions that a cell names (separated by comma, semicolon or slash), and the words that are no function."""
    words = {id_: [id_, item.nl, item.en] for id_, item in vocabulary.functions.items()}
    parts = [part.strip() for part in re.split(r"[,;/|]", text) if part.strip()]
    known = {part: _worded(part, words) for part in parts}
    return list(dict.fromkeys(found for found in known.values() if found)), [part for part, found in known.items() if not found]


def day(text: str) -> date | Wrong:
    """A date: 2024-05-31 or 31-5-2024."""
    match = _DAY_FIRST.fullmatch(text)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text[:10])
    except ValueError:
        return Wrong("list.date", "this is not a date (2024-05-31 or 31-05-2024)")


def _worded(text: str, words: Mapping[str, list[str]]) -> str | None:
    wanted = plain(text)
    return next((value for value, names in words.items() if wanted in {plain(name) for name in names}), None)
