# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The words on paper, in both languages."""

from __future__ import annotations

import string
import tomllib
from datetime import date
from importlib import resources

import pytest

from knopenkaart.paper.texts import MONTHS, format_date, format_number, texts

CONTENT = tomllib.loads(resources.files("knopenkaart.paper").joinpath("texts.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("key", CONTENT)
def test_each_text_is_there_in_both_languages_with_the_same_gaps(key: str) -> None:
    assert set(CONTENT[key]) == {"nl", "en"}
    assert _gaps(CONTENT[key]["nl"]) == _gaps(CONTENT[key]["en"])
    assert CONTENT[key]["nl"].strip() != ""


def test_there_is_no_third_language() -> None:
    with pytest.raises(KeyError):
        texts("fr")


@pytest.mark.parametrize(("value", "dutch", "english"), [(0, "0", "0"), (999, "999", "999"), (25000, "25.000", "25,000")])
def test_numbers_are_written_as_each_language_does(value: int, dutch: str, english: str) -> None:
    assert (format_number(value, "nl"), format_number(value, "en")) == (dutch, english)


def test_dates_are_written_out() -> None:
    assert format_date(date(2026, 3, 1), "nl") == "1 maart 2026"
    assert format_date(date(2026, 3, 1), "en") == "1 March 2026"
    assert all(len(months) == 12 for months in MONTHS.values())


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
