# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Released answers of visitor cards as a page tells them: a question, its answers and how many gave each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from knopenkaart.vocabulary.questionnaire import Questionnaire, load_questionnaire
from knopenkaart_web.pages.drawn import bar_width
from knopenkaart_web.places import queries, words
from knopenkaart_web.places.views_data import PlaceFilter
from knopenkaart_web.reach.words import group_label

# Questions in the order of a page.
_ORDER = ("frequency", "regular", "recognise", "greet", "different", "elsewhere", "age", "origin")
_HOW_MANY = frozenset({"recognise", "greet", "different"})


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer with the number of cards that gave it; None where it is not shown."""

    label: str
    cards: int | None
    width: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with its answers; the order of the options where they have one, else the most frequent first."""

    name: str
    label: str
    answers: list[AnswerRow]


@dataclass(frozen=True, slots=True)
class CardAnswers:
    """All that is shown of the cards of one place and period; `cards` is None where there were too few to tell."""

    cards: int | None
    questions: list[QuestionRow]


def card_answers(slug: str, document: Mapping[str, Any], lang: str) -> CardAnswers:
    """The cards of a release in the language of the page; questions of which nothing is shown are left out."""
    found = document.get("cards") or {}
    texts = load_questionnaire("en" if lang == "en" else "nl")
    names = _names(slug, found.get("questions", {}), lang)
    rows = [_question(name, found["questions"][name], texts, names, lang) for name in _ORDER if name in found.get("questions", {})]
    return CardAnswers(found.get("cards"), [row for row in rows if any(answer.cards is not None for answer in row.answers)])


def _question(name: str, rows: list[dict[str, Any]], texts: Questionnaire, names: Mapping[str, str], lang: str) -> QuestionRow:
    largest = max((row["cards"] or 0 for row in rows), default=0)
    order = _order(name, texts)
    ordered = sorted(rows, key=lambda row: order.index(row["answer"])) if all(row["answer"] in order for row in rows) else rows
    answers = [
        AnswerRow(_label(name, row["answer"], texts, names, lang), row["cards"], bar_width(row["cards"], largest)) for row in ordered
    ]
    return QuestionRow(name, texts.questions[name], answers)


def _order(name: str, texts: Questionnaire) -> list[str]:
    if name in _HOW_MANY:
        return [*texts.answers["how_many"], "no_answer"]
    if name == "age":
        return [*words.vocabulary().groups, "no_answer"]
    return [*_frequencies(), "no_answer"] if name == "frequency" else []


def _label(name: str, answer: str, texts: Questionnaire, names: Mapping[str, str], lang: str) -> str:
    if answer == "no_answer":
        return _("no answer")
    if name == "frequency":
        return _frequencies()[answer]
    if name == "age":
        return group_label(answer, lang)
    if name == "elsewhere" and answer in names:
        return names[answer]
    if name == "origin":
        return names.get(answer, answer)
    key = "how_many" if name in _HOW_MANY else name
    return texts.answers.get(key, {}).get(answer, answer)


def _frequencies() -> dict[str, str]:
    return {"first": _("for the first time"), "2_3": _("2 or 3 times"), "4_7": _("4 to 7 times"), "8_or_more": _("8 times or more")}


def _names(slug: str, questions: Mapping[str, list[dict[str, Any]]], lang: str) -> dict[str, str]:
    """The names of the places and areas among the answers."""
    other = {row["answer"] for row in questions.get("elsewhere", [])}
    places = (
        {place.id: place.name or place.kind for place in queries.export_places(slug, PlaceFilter()) if place.id in other} if other else {}
    )
    areas = {row["answer"]: queries.area(slug, row["answer"], lang=lang) for row in questions.get("origin", [])}
    return places | {code: found.name for code, found in areas.items() if found}
