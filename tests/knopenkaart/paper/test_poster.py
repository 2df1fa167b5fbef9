# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The poster as a PDF: sheets, size, language, and that a screen reader can read it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from knopenkaart.export import export_poster, public_places
from knopenkaart.paper.poster import LIST_BESIDE_MAP, SIZES, Language, Paper
from knopenkaart.records import Place
from knopenkaart.study import Study

POINTS_PER_MM = 72 / 25.4


def poster(study: Study, folder: Path, *, paper: Paper = "a3", language: Language = "nl", places: list[Place] | None = None) -> bytes:
    target = folder / f"{paper}-{language}.pdf"
    export_poster(study, target, paper=paper, language=language, places=places)
    return target.read_bytes()


def sheets(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height in millimetres of every page."""
    boxes = re.findall(rb"/Type\s*/Page\b(?!s).*?/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf, re.DOTALL)
    return [(float(width) / POINTS_PER_MM, float(height) / POINTS_PER_MM) for width, height in boxes]


@pytest.mark.parametrize("paper", ["a1", "a3"])
def test_every_sheet_has_the_size_of_its_paper(paper: Paper, example_study: Study, tmp_path: Path) -> None:
    expected = (SIZES[paper]["width"], SIZES[paper]["height"])
    for sheet in sheets(poster(example_study, tmp_path, paper=paper)):
        assert sheet == pytest.approx(expected, abs=0.5)


def test_the_example_is_one_sheet_of_a1_and_a3_has_its_list_on_the_next(example_study: Study, tmp_path: Path) -> None:
    assert len(sheets(poster(example_study, tmp_path, paper="a1"))) == 1
    assert len(sheets(poster(example_study, tmp_path, paper="a3"))) == 2


def test_more_places_than_fit_beside_the_map_go_on_sheets_of_their_own(example_study: Study, tmp_path: Path) -> None:
    shown = [place for place in public_places(example_study) if not place.small_spot]
    many = [replace(place, id=f"{place.id}-{number}") for number in range(2) for place in shown]
    assert len(many) > LIST_BESIDE_MAP
    assert len(sheets(poster(example_study, tmp_path, paper="a1", places=many))) == 2


def test_no_place_at_all_is_still_a_poster(example_study: Study, tmp_path: Path) -> None:
    assert sheets(poster(example_study, tmp_path, places=[]))


@pytest.mark.parametrize(("language", "title"), [("nl", "Sociale knopenkaart van Waterlinde"), ("en", "Social node map of Waterlinde")])
def test_it_is_in_its_language_and_says_so(language: Language, title: str, example_study: Study, tmp_path: Path) -> None:
    pdf = poster(example_study, tmp_path, language=language)
    assert title.encode() in pdf
    assert f"/Lang({language})".encode() in pdf


def test_it_is_tagged_for_a_screen_reader(example_study: Study, tmp_path: Path) -> None:
    pdf = poster(example_study, tmp_path)
    assert b"pdfuaid:part>1<" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"/MarkInfo" in pdf
    assert b"/Alt" in pdf


@pytest.mark.parametrize("fixture", ["delft_study", "liechtenstein_study"])
def test_real_municipalities_fit_their_paper(fixture: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    study = request.getfixturevalue(fixture)
    for paper in ("a1", "a3"):
        assert 1 <= len(sheets(poster(study, tmp_path, paper=paper))) <= 6
