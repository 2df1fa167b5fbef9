# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two ways of writing one name are one name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.text import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [("  Café  De Hoek ", "cafe de hoek"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("Nieuwpoort™", "nieuwpoorttm"), ("", "")],
)
def test_capitals_accents_and_spaces_make_no_difference(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)
