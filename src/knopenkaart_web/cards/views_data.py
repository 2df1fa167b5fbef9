# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What goes into a card and what comes out of it, as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAnswers:
    """What a visitor answered; everything may be absent. `said` (dimension: group) and `texts` (question: text) are kept apart from it."""

    frequency: int | None = None
    regular: str = ""
    origin: str = ""
    age: str = ""
    recognise: str = ""
    greet: str = ""
    different: str = ""
    elsewhere: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlace:
    """A place that a resident named: where one goes, with how often in the last 4 weeks, or where one does not go, with the reason."""

    place_id: str
    goes: bool
    frequency: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """What a resident wrote, with the place that it is about, where it is about one."""

    question: str
    text: str
    place_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentAnswers:
    """What a resident answered; everything may be absent. `texts` are kept apart from it."""

    places: tuple[NamedPlace, ...] = ()
    origin: str = ""
    age: str = ""
    neighbours: str = ""
    texts: tuple[OwnWords, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """An option with its name."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where a link, or the open page, leads: to a place, or to the residents of a study or of one wijk; and what may be chosen there."""

    slug: str
    study_name: str
    invented: bool
    place_id: str | None = None
    place_label: str = ""
    wijk_code: str = ""
    dimensions: tuple[str, ...] = ()
    places: tuple[Choice, ...] = ()
    buurten: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """A card with exactly the columns of the table CARDS."""

    place_id: str
    card: str
    date: date
    frequency: int | None
    regular: str | None
    origin: str | None
    age: str | None
    recognise: str | None
    greet: str | None
    different: str | None
    elsewhere: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentRow:
    """What one resident answered, with the places named."""

    answer: str
    date: date
    wijk_code: str | None
    origin: str | None
    age: str | None
    neighbours: str | None
    places: tuple[NamedPlace, ...]


@dataclass(frozen=True, slots=True)
class WaveRow:
    """What residents answered in a period, as it was released: the document as it was made."""

    first: date
    last: date
    made: date
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TallyRow:
    """How many visitors of a place said in a quarter that they belong to a group of a dimension."""

    place_id: str
    quarter: date
    dimension: str
    group: str
    people: int


@dataclass(frozen=True, slots=True)
class TextRow:
    """Something that somebody wrote, in no order that tells of who it was."""

    id: str
    question: str
    text: str
    month: date
    place_id: str | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as who made it sees it: never with its secret."""

    id: str
    name: str
    wijk_name: str
    first_day: date
    last_day: date
    state: Literal["open", "later", "over", "revoked"]


@dataclass(frozen=True, slots=True)
class Switches:
    """What a manager has switched on for a study."""

    dimensions: tuple[str, ...] = ()
    open_survey: bool = False
