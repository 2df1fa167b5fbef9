# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The questions of cards: the same in every language, word for word those of the method in Dutch, and every fault told together."""

from __future__ import annotations

from typing import Any

import pytest

from knopenkaart.errors import InputError
from knopenkaart.vocabulary import load_vocabulary, questionnaire
from knopenkaart.vocabulary.questionnaire import LANGUAGES, load_questionnaire

# design: questions (2 minutes, Dutch; 8 items).
METHOD = {
    "frequency": "Hoe vaak was u hier de afgelopen 4 weken?",
    "regular": "Komt u meestal op dezelfde dag/tijd?",
    "origin": "Uw 4-cijferige postcode (of buurt)",
    "age": "Leeftijdsklasse",
    "recognise": "Hoeveel mensen die u hier nu ziet, herkent u van gezicht?",
    "greet": "Met hoeveel van hen groet of praat u?",
    "different": "En hoeveel van hen zijn volgens u anders dan uzelf (leeftijd, achtergrond)?",
    "elsewhere": "Waar zou u heen gaan als deze plek dicht was?",
}


def test_the_dutch_questions_are_those_of_the_method_word_for_word() -> None:
    assert {name: load_questionnaire("nl").questions[name] for name in METHOD} == METHOD


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_whole_and_says_whether_it_was_checked(language: str) -> None:
    q = load_questionnaire(language)
    assert q.checked is (language in {"nl", "en"})
    assert q.checked or q.unchecked
    assert q.direction == ("rtl" if language == "ar" else "ltr")
    assert set(q.answers["how_many"]) == {"0", "1_2", "3_5", "6_10", "11_20", "over_20"}


@pytest.mark.parametrize("language", LANGUAGES[2:])
def test_each_group_of_the_vocabulary_has_a_name_in_every_language(language: str) -> None:
    assert set(load_vocabulary().groups) <= set(load_questionnaire(language).groups)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_translation_was_left_in_dutch(language: str) -> None:
    first, other = load_questionnaire("nl"), load_questionnaire(language)
    assert not [name for name, text in first.questions.items() if other.questions[name] == text]
    assert not [name for name, text in first.texts.items() if other.texts[name] == text]


def test_there_are_no_questions_in_another_language() -> None:
    with pytest.raises(InputError) as caught:
        load_questionnaire("fy")
    assert caught.value.code == "questions.language"


def test_all_faults_of_a_file_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    first: dict[str, Any] = {
        "name": "Nederlands",
        "direction": "ltr",
        "checked": True,
        "texts": {"a": "{number}", "b": "b"},
        "questions": {"q": "?"},
    }
    broken = {"direction": "schuin", "checked": False, "texts": {"a": "geen nummer", "c": "c"}, "questions": {"q": " "}}
    files = {"nl": first, "en": broken}
    load_questionnaire.cache_clear()
    monkeypatch.setattr(questionnaire, "_read", files.__getitem__)
    with pytest.raises(InputError) as caught:
        load_questionnaire("en")
    load_questionnaire.cache_clear()
    assert caught.value.code == "questions.invalid"
    found = {(fault.code, fault.column) for fault in caught.value.faults}
    assert found == {
        ("questions.head", None),
        ("questions.head", "unchecked"),
        ("questions.absent", "texts.b"),
        ("questions.unknown", "texts.c"),
        ("questions.text", "questions.q"),
        ("questions.number", "texts.a"),
    }
