# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may be answered, and all that is wrong with what was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from knopenkaart.errors import Fault, InputError
from knopenkaart.vocabulary.questionnaire import load_questionnaire
from knopenkaart_web.cards.models import HOW_MANY, MOST_TIMES, REGULAR, TEXT_LENGTH
from knopenkaart_web.cards.views_data import CardAnswers, NamedPlace, ResidentAnswers
from knopenkaart_web.places import words
from knopenkaart_web.places.queries.index import Index

AGE = "age"
# What people may be asked about themselves where a manager switched it on, and which of it the law calls a special category.
DIMENSIONS = ("household", "origin", "education")
SPECIAL = ("origin",)
NOWHERE, OTHER = "nowhere", "other"
# Of how many places residents are asked, where they go and where they do not.
MOST_PLACES, MOST_AVOIDED = 5, 3
CARD_TEXTS = ("avoid", "elsewhere")
RESIDENT_TEXTS = ("missing", "goes", "goes_not")
_POSTCODE = re.compile(r"[1-9]\d{3}")
_CHOICE = "values.choice"


def groups_of(dimension: str) -> tuple[str, ...]:
    """The groups of a dimension: those of the vocabulary; of education, which no published figure tells apart, those of the questions."""
    found = tuple(group.id for group in words.vocabulary().groups.values() if group.dimension == dimension)
    return found or tuple(load_questionnaire("nl").answers.get(dimension, ()))


def is_postcode(text: str) -> bool:
    """Whether a text is four digits of a postcode."""
    return _POSTCODE.fullmatch(text) is not None


def check_card(answers: CardAnswers, held: Index, asked: Sequence[str]) -> None:
    """Refuse a card that holds what cannot be answered. Raises InputError (`card.invalid`, `card.empty`)."""
    faults = [
        *_numbers({"frequency": answers.frequency}),
        *_choices({"regular": (answers.regular, REGULAR), "age": (answers.age, groups_of(AGE))}),
        *_choices({name: (getattr(answers, name), HOW_MANY) for name in ("recognise", "greet", "different")}),
        *_origin(answers.origin, held),
        *_choices({"elsewhere": (answers.elsewhere, (NOWHERE, OTHER, *held.places))}),
        *_choices({name: (group, groups_of(name) if name in asked else ()) for name, group in answers.said.items()}),
        *_texts(answers.texts.items(), CARD_TEXTS),
    ]
    _refuse(faults, empty=answers == CardAnswers())


def check_resident(answers: ResidentAnswers, held: Index) -> None:
    """Refuse answers of a resident that cannot be. Raises InputError (`card.invalid`, `card.empty`)."""
    faults = [
        *_choices({"age": (answers.age, groups_of(AGE)), "neighbours": (answers.neighbours, HOW_MANY)}),
        *_origin(answers.origin, held),
        *_places(answers.places, held),
        *_texts(((item.question, item.text) for item in answers.texts), RESIDENT_TEXTS),
        *_choices({item.question: (item.place_id or "", held.places) for item in answers.texts}),
    ]
    _refuse(faults, empty=answers == ResidentAnswers())


def _refuse(faults: Sequence[Fault], *, empty: bool) -> None:
    if faults:
        raise InputError("Some of these answers cannot be used.", code="card.invalid", faults=faults)
    if empty:
        raise InputError("Nothing was filled in.", code="card.empty", remedy="Answer at least one question.")


def _numbers(values: Mapping[str, int | None]) -> Iterator[Fault]:
    for name, number in values.items():
        if number is not None and not 0 <= number <= MOST_TIMES:
            yield Fault("card.number", f"must be 0 to {MOST_TIMES}", column=name, value=str(number))


def _choices(values: Mapping[str, tuple[str, Sequence[str] | Mapping[str, object]]]) -> Iterator[Fault]:
    for name, (chosen, options) in values.items():
        if chosen and chosen not in options:
            yield Fault(_CHOICE, "is not one of the options", column=name)


def _origin(origin: str, held: Index) -> Iterator[Fault]:
    area = held.areas.get(origin)
    if origin and not is_postcode(origin) and (area is None or area.level != "buurt"):
        yield Fault("card.origin", "must be four digits, or a buurt of this study", column="origin")


def _texts(texts: Iterable[tuple[str, str]], questions: Sequence[str]) -> Iterator[Fault]:
    for question, text in texts:
        if question not in questions:
            yield Fault(_CHOICE, "is no question", column=question)
        if not text.strip() or len(text) > TEXT_LENGTH:
            yield Fault("values.long", f"must be a text of {TEXT_LENGTH} characters at most", column=question)


def _places(places: Sequence[NamedPlace], held: Index) -> Iterator[Fault]:
    reasons = load_questionnaire("nl").answers["reasons"]
    for question, most in ((True, MOST_PLACES), (False, MOST_AVOIDED)):
        name = "goes" if question else "goes_not"
        chosen = [place for place in places if place.goes == question]
        if len(chosen) > most:
            yield Fault("card.number", f"at most {most} places", column=name)
        for place in chosen:
            yield from _numbers({name: place.frequency})
            yield from _choices({name: (place.place_id, held.places)})
            yield from _choices({name: (place.reason, reasons)})
    if len({place.place_id for place in places}) < len(places):
        yield Fault("card.twice", "a place is named once", column="goes")
