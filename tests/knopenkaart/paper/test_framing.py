# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A picture of a page made to stand alone."""

from __future__ import annotations

import pytest

from knopenkaart.errors import InputError
from knopenkaart.paper.drawing import document, text
from knopenkaart.paper.framing import framed, title_of
from knopenkaart.paper.rendering import check_picture

from .pictures import NASTY, ids, size, texts, titles

TITLE = 'Profiel & "groei" van \'s-Gravenland <buurt>'
BARE = document(text("Zorg", 10, 30), width=300, height=100, title=TITLE, description="x", prefix="one")


def test_it_looks_as_if_it_was_drawn_with_its_source() -> None:
    assert framed(BARE, source="Bron: CBS").count("<rect") == 2
    alone = document(text("Zorg", 10, 30), width=300, height=100, title=TITLE, description="x", prefix="one", source="Bron: CBS")
    for look in (size, texts, titles, ids):
        found, expected = look(framed(BARE, source="Bron: CBS")), look(alone)  # type: ignore[operator]
        assert sorted(found) == sorted(expected)


def test_its_title_is_read_back_as_it_was_given() -> None:
    assert title_of(BARE) == TITLE


def test_a_source_cannot_break_out() -> None:
    assert check_picture(framed(BARE, source=NASTY))


@pytest.mark.parametrize("svg", ["", "<svg/>", "<html>", f"x{BARE}", BARE.replace("<desc", "<script")])
def test_another_picture_is_refused(svg: str) -> None:
    with pytest.raises(InputError) as error:
        framed(svg, source="Bron: CBS")
    assert error.value.code == "picture.foreign"
