# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every text on screen has a Dutch translation that keeps its placeholders and its markup."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from .translatable import Message, all_messages, catalogue, dutch_of


def test_strings_are_found_in_templates_and_in_python() -> None:
    files = {message.file.rpartition(".")[2] for message in all_messages().values()}
    assert files == {"html", "py"}
    assert (None, "Skip to the content") in all_messages()
    assert (None, "Give both numbers, or none.") in all_messages()
    assert all_messages()[(None, "%(number)s place matches your choice.")].plural == "%(number)s places match your choice."
    assert len(all_messages()) > 400


def test_every_string_has_a_dutch_translation() -> None:
    missing = [f"{message.file}: {message.msgid}" for message in all_messages().values() if not dutch_of(message)]
    assert not missing


def test_no_translation_is_left_of_a_string_that_went() -> None:
    known = {(context, text) for context, text in all_messages()}
    assert [entry.msgid for entry in catalogue() if (entry.msgctxt, entry.msgid) not in known] == []


def test_a_plural_has_both_forms() -> None:
    for message in all_messages().values():
        entry = catalogue().find(message.msgid, msgctxt=message.context or False)
        assert entry is not None
        assert (entry.msgid_plural or None) == message.plural
        if message.plural:
            assert all(entry.msgstr_plural[form] for form in (0, 1))


@pytest.mark.parametrize("pattern", [r"%\(\w+\)s", r"\{\w+\}", r"</?\w+>"])
def test_placeholders_and_markup_survive(pattern: str) -> None:
    for message in all_messages().values():
        for english, dutch in forms(message):
            assert Counter(re.findall(pattern, dutch)) == Counter(re.findall(pattern, english)), message.msgid


def test_nothing_is_fuzzy_and_the_language_is_dutch() -> None:
    assert catalogue().metadata["Language"] == "nl"
    assert not catalogue().fuzzy_entries()


def test_dutch_speaks_to_people_as_u_everywhere() -> None:
    informal = [entry.msgid for entry in catalogue() if re.search(r"\b(je|jij|jouw)\b", entry.msgstr.lower())]
    assert informal == []


def forms(message: Message) -> list[tuple[str, str]]:
    entry = catalogue().find(message.msgid, msgctxt=message.context or False)
    assert entry is not None
    if message.plural is None:
        return [(message.msgid, entry.msgstr)]
    return [(message.msgid, entry.msgstr_plural[0]), (message.plural, entry.msgstr_plural[1])]
