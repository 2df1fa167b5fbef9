# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of figures as programs save them, and numbers as people write them: read as meant, or refused and told."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from knopenkaart.errors import InputError
from knopenkaart.sources.published import Published, read_published

ROWS = (
    ("code", "naam", "Aantal inwoners", "Koopwoningen (%)"),
    ("GM0503", "Delft", "109577", "34"),
    ("WK016602", "Zoutkamp en Eén", "190", "58"),
)


def text(rows: tuple[tuple[str, ...], ...] = ROWS, delimiter: str = ";") -> str:
    return "\n".join(delimiter.join(row) for row in rows) + "\n"


def read(folder: Path, content: str | bytes, name: str = "kwb_2024.csv") -> Published:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_published(path, year=None)


def value(file: Published, indicator: str, code: str) -> float | None:
    rows = file.figures[(file.figures["indicator"] == indicator) & (file.figures["area_code"] == code)]
    return None if pd.isna(rows["value"].iloc[0]) else float(rows["value"].iloc[0])


# --- how it was saved -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_encoding_and_the_delimiter_follow_from_the_content(tmp_path: Path, encoding: str, delimiter: str) -> None:
    file = read(tmp_path, text(delimiter=delimiter).encode(encoding))
    assert (value(file, "population", "GM0503"), value(file, "dwelling_ownership", "WK016602")) == (109577, 58)
    assert list(file.areas["name"]) == ["Delft", "Zoutkamp en Eén"]


@pytest.mark.parametrize("above", ["sep=;\n", "Kerncijfers wijken en buurten\n\n", "Titel;;;\nBron: CBS;;;\n"])
def test_lines_above_the_headers_are_passed_over(tmp_path: Path, above: str) -> None:
    assert value(read(tmp_path, above + text()), "population", "GM0503") == 109577


def test_of_a_workbook_the_sheet_with_figures_is_read_from_its_headers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Toelichting", "Lees dit eerst"])
    sheet = book.create_sheet("Data")
    for row in (("Kerncijfers 2024",), (), *ROWS):
        sheet.append(row)
    book.save(tmp_path / "kwb_2024.xlsx")
    assert value(read_published(tmp_path / "kwb_2024.xlsx", year=None), "population", "WK016602") == 190


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("kwb_2024.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel workbook"),
        ("kwb_2024.csv", text()[:-6].encode(), "ends in the middle of a row"),
        ("kwb_2024.csv", b"", "is empty"),
        ("kwb_2024.csv", text(ROWS[:1]).encode(), "no rows below its headers"),
    ],
)
def test_what_is_no_whole_table_is_refused_with_what_to_do(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read(tmp_path, content, name)
    assert caught.value.code == "figures.unreadable"
    assert caught.value.remedy


def test_a_file_that_is_no_map_is_refused_without_words_of_a_library_or_its_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, b"%PDF-1.4", "kwb_2024.pdf")
    assert "DRIVER" not in caught.value.message
    assert str(tmp_path) not in caught.value.message


# --- what the cells say -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["670.610", "670,610", "670 610", "670\u00a0610", "670610"])
def test_a_sign_between_thousands_of_a_count_is_no_decimal(tmp_path: Path, written: str) -> None:
    rows = (ROWS[0], ("GM0599", "Rotterdam", written, "34"), ("GM0503", "Delft", ".", "."))
    file = read(tmp_path, text(rows))
    assert value(file, "population", "GM0599") == 670610
    assert list(file.figures.loc[file.figures["area_code"] == "GM0503", "gap"]) == ["suppressed", "suppressed"]


@pytest.mark.parametrize(
    ("written", "meant"), [("1.234,5", 1234.5), ("1,234.5", 1234.5), ("300,5", 300.5), ("1.234", 1.234), ("-2,3", -2.3)]
)
def test_elsewhere_three_digits_behind_a_sign_are_decimals(tmp_path: Path, written: str, meant: float) -> None:
    file = read(tmp_path, text((("code", "naam", "m_hh_ver", "inwoners"), ("GM0503", "Delft", written, "5"))))
    assert value(file, "median_wealth", "GM0503") == meant


def test_a_percent_may_have_its_sign(tmp_path: Path) -> None:
    assert value(read(tmp_path, text((ROWS[0], ("GM0503", "Delft", "5", "45,5 %")))), "dwelling_ownership", "GM0503") == 45.5


@pytest.mark.parametrize(("people", "owned"), [("-5", "34"), ("12,5", "34"), ("5", "134"), ("5", "-3")])
def test_a_figure_that_cannot_be_is_left_out_and_told(tmp_path: Path, people: str, owned: str) -> None:
    file = read(tmp_path, text((*ROWS, ("GM0599", "Rotterdam", people, owned))))
    (told,) = file.notices
    assert (told["code"], told["details"]["count"]) == ("monitor.impossible", 1)
    indicator = str(told["details"]["indicator"])
    assert value(file, indicator, "GM0599") is None
    assert value(file, indicator, "GM0503") is not None
    gaps = file.figures.loc[file.figures["value"].isna(), "gap"]
    assert list(gaps) == ["missing"]


def test_rows_with_a_code_of_no_area_are_told(tmp_path: Path) -> None:
    file = read(tmp_path, text((*ROWS, ("PV28", "Zuid-Holland", "3800000", "50"), ("GM503", "Delft", "1", "1"), ("", "Bron: CBS", "", ""))))
    (told,) = file.notices
    assert (told["code"], told["details"]["codes"]) == ("monitor.foreign_code", "PV28; GM503")


def test_a_column_of_codes_without_one_of_cbs_is_not_called_absent(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no code of CBS in its column of codes \(503, 0599\)"):
        read(tmp_path, text((ROWS[0], ("503", "Delft", "5", "5"), ("0599", "Rotterdam", "5", "5"))))
