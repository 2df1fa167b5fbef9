# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The report of one area on paper: sheets, language, that a screen reader can read it, and what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from knopenkaart.errors import InputError
from knopenkaart.paper.area_report import MOST_FINDINGS, MOST_ROWS, make_area_report, printable
from knopenkaart.paper.lines import LineSeries, lines
from knopenkaart.paper.wheel import TONES, WheelRing, WheelSegment, wheel

from .pictures import NASTY

POINTS_PER_MM = 72 / 25.4
HEADINGS = {
    "findings": "Wat opvalt",
    "profile": "Profiel",
    "pictures": "In beeld",
    "tables": "Cijfers",
    "sources": "Bronnen",
    "limits": "Grenzen",
}


def a_wheel(segments: int = 4) -> dict[str, str]:
    rings = [WheelRing(f"Thema {number}", [WheelSegment("x", tone) for tone in [*TONES][:segments]]) for number in range(7)]
    return {"svg": wheel(rings, title="Profiel", description="x"), "alt": "Wiel met zeven ringen", "caption": "Vergeleken met Rotterdam"}


def a_picture() -> dict[str, str]:
    svg = lines([LineSeries("Wijk", [[(2020, 1, 0, 2), (2021, 2, 1, 3)]])], title="x", description="x", unit="procent")
    return {"svg": svg, "alt": "Lijn van 1 naar 2 procent", "caption": "Jongeren"}


def a_table(rows: int = 3) -> dict[str, Any]:
    cells = [["65 jaar of ouder", "12 % (10 tot 14)", "18 %"] for _ in range(rows)]
    return {"caption": "Bevolking", "head": ["Onderwerp", "Wijk", "Rotterdam"], "rows": cells, "notes": ["2024"], "numbers": [1, 2]}


def content(**changed: Any) -> dict[str, Any]:
    """A whole report; `changed` replaces parts of it."""
    whole: dict[str, Any] = {
        "language": "nl",
        "title": "Hoe gaat het in Blijdorp",
        "area": "Buurt in Rotterdam",
        "date": "26 november 2026",
        "comparison": "vergeleken met Rotterdam",
        "intro": "Cijfers over deze buurt.",
        "footer": "Wijkmonitor",
        "headings": HEADINGS,
        "findings": [{"theme": "Bevolking", "text": "Het aandeel ouderen is lager (verschil 4 tot 7 procentpunt)."}],
        "wheel": a_wheel(),
        "pictures": [a_picture()],
        "tables": [a_table()],
        "sources": ["CBS, Kerncijfers wijken en buurten 2024."],
        "limits": ["Cijfers geven een signaal; ze verklaren niet."],
    }
    return whole | changed


def sheets(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height in millimetres of every page."""
    boxes = re.findall(rb"/Type\s*/Page\b(?!s).*?/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf, re.DOTALL)
    return [(float(width) / POINTS_PER_MM, float(height) / POINTS_PER_MM) for width, height in boxes]


def faults(**changed: Any) -> str:
    with pytest.raises(InputError) as error:
        make_area_report(content(**changed))
    assert error.value.code == "report.invalid"
    return " | ".join(fault.message for fault in error.value.faults)


def test_every_sheet_is_a4() -> None:
    found = sheets(make_area_report(content()))
    assert 1 <= len(found) <= 2
    assert all(sheet == pytest.approx((210, 297), abs=0.5) for sheet in found)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_says_its_language_and_title_and_is_tagged_for_a_screen_reader(language: str) -> None:
    pdf = make_area_report(content(language=language, title="Living in Blijdorp"))
    assert f"/Lang({language})".encode() in pdf
    assert b"Living in Blijdorp" in pdf
    assert b"pdfuaid:part>1<" in pdf
    assert b"/StructTreeRoot" in pdf


def test_pictures_have_words_and_tables_have_heads() -> None:
    pdf = make_area_report(content())
    assert pdf.count(b"/Alt") == 2
    assert b"/S/TH" in pdf.replace(b" ", b"")


def test_sentences_are_paragraphs_and_addresses_can_be_followed() -> None:
    """The line below the title, the introduction, a note, that it is an example, and where it is on the web."""
    told = {"invented": "Voorbeeld.", "online": "Op het web: https://knopen.example/rapport"}
    pdf = make_area_report(content(**told)).replace(b" ", b"")
    assert len(re.findall(rb"/S/P\b", pdf)) == 5
    assert b"/URI(https://knopen.example/rapport)" in pdf


def test_a_long_table_goes_on_over_sheets() -> None:
    short, long = (len(sheets(make_area_report(content(tables=[a_table(rows)])))) for rows in (3, 150))
    assert long >= short + 2


def test_wide_tables_and_long_words_still_fit() -> None:
    head = [f"Arbeidsongeschiktheidsverzekeringsuitkering {number}" for number in range(9)]
    wide = {"caption": "Breed", "head": head, "rows": [["lange naam van een onderwerp", *["34,1 % (32,0 tot 36,2)"] * 8]] * 4, "notes": []}
    assert sheets(make_area_report(content(tables=[wide])))


def test_no_wheel_no_findings_no_pictures_and_no_tables_is_still_a_report() -> None:
    pdf = make_area_report(content(wheel=None, findings=[], pictures=[], tables=[], sources=[], intro=""))
    assert len(sheets(pdf)) == 1
    assert b"pdfuaid:part>1<" in pdf


def test_a_whole_municipality_worth_of_figures_fits_on_some_sheets() -> None:
    findings = [
        {"theme": f"Thema {number % 7}", "text": "Het aandeel is hoger dan in Rotterdam (verschil 4 tot 7 procentpunt)."}
        for number in range(60)
    ]
    pdf = make_area_report(content(findings=findings, tables=[a_table(30)] * 7, pictures=[a_picture()] * 6, wheel=a_wheel(7)))
    assert 4 <= len(sheets(pdf)) <= 14


def test_words_are_words_and_never_commands() -> None:
    spoilt = f'{NASTY} #panic("x") = *vet* $x$ @noot'
    assert sheets(make_area_report(content(title=spoilt, intro=spoilt, findings=[{"theme": spoilt, "text": spoilt}], limits=[spoilt])))


def test_a_name_in_letters_that_the_fonts_lack_stops_no_report() -> None:
    picture = a_picture() | {"svg": a_picture()["svg"].replace("Wijk", "مرحبا")}
    pdf = make_area_report(content(intro="Café ▲ 中国社会 😀 нет مرحبا \u200f", pictures=[picture]))
    assert b"pdfuaid:part>1<" in pdf


def test_characters_that_nobody_sees_are_left_out_but_spaces_stay() -> None:
    assert printable({"a": ["12\u00a0%\u200f\x00", None, 3], "b": "twee\nregels"}) == {"a": ["12\u00a0%", None, 3], "b": "twee\nregels"}


def test_all_faults_are_told_together() -> None:
    told = faults(language="de", title=3, footer=None, headings={}, tables="none")
    assert all(name in told for name in ("language", "title", "footer", "headings.limits", "tables"))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"title": " "}, "title must not be empty"),
        ({"findings": [{"theme": "x"}]}, "findings[0] has no text for text"),
        ({"findings": ["x"]}, "findings[0]"),
        ({"findings": [{"theme": "x", "text": "y"}] * (MOST_FINDINGS + 1)}, "findings must be 200 at most"),
        ({"wheel": {"svg": "x"}}, "wheel has no text for alt"),
        ({"pictures": [{**a_picture(), "alt": " "}]}, "pictures[0] needs words"),
        ({"pictures": [a_picture()] * 41}, "pictures must be 40 at most"),
        ({"tables": [{"caption": "x"}]}, "tables[0] needs a caption and lists"),
        ({"tables": [{**a_table(), "head": [], "rows": []}]}, "tables[0] has no columns"),
        ({"tables": [{**a_table(), "rows": [["x", "y"]]}]}, "tables[0] row 1 has 2 cells under 3 columns"),
        ({"tables": [{**a_table(), "rows": [["x", 1, "y"]]}]}, "tables[0] holds a cell that is not a text"),
        ({"tables": [{**a_table(), "rows": ["xyz"]}]}, "tables[0] row 1 is not a list"),
        ({"tables": [{**a_table(), "numbers": ["1"]}]}, "tables[0] numbers"),
        ({"tables": [a_table(MOST_ROWS + 1)]}, "3000 rows at most"),
        ({"sources": [1]}, "sources holds a line"),
        ({"limits": []}, "limits must say what the figures do not tell"),
        ({"limits": [" "]}, "limits must say"),
    ],
)
def test_content_that_cannot_be_drawn_is_refused_with_its_place(changed: dict[str, Any], told: str) -> None:
    assert told in faults(**changed)


def test_a_picture_that_was_not_drawn_here_is_refused() -> None:
    with pytest.raises(InputError) as error:
        make_area_report(content(wheel={"svg": "<svg/>", "alt": "x", "caption": ""}))
    assert error.value.code == "picture.foreign"
