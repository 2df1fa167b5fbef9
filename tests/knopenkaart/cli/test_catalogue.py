# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The commands of the catalogue: what they print, and with which code they end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from knopenkaart.cli import main
from knopenkaart.errors import SourceError
from knopenkaart.sources import catalogue_online
from knopenkaart.sources.catalogue_online import Change, FetchedTable, Verification, live_tables
from knopenkaart.vocabulary.catalogue import THEMES, load_catalogue


def document(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    code = main(["catalogue", *(str(argument) for argument in arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main(["catalogue", *(str(argument) for argument in arguments)]) == 0
    return capsys.readouterr().out


# --- list -------------------------------------------------------------------------------------------------------------


def test_every_indicator_is_listed_with_whether_it_may_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "list")
    lines = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    for item in load_catalogue().indicators.values():
        assert ("active" if item.active else "unverified") in lines[item.id]
    assert "CBS 85318NED 85618NED 85984NED 86165NED" in lines["population"]
    assert "unverified" in lines["feels_unsafe"]


@pytest.mark.parametrize("theme", THEMES)
def test_one_theme_can_be_listed(capsys: pytest.CaptureFixture[str], theme: str) -> None:
    code, told = document(capsys, "list", "--theme", theme)
    assert code == 0
    assert [item["id"] for item in told["indicators"]] == [item.id for item in load_catalogue().indicators.values() if item.theme == theme]


def test_a_program_gets_explanations_columns_and_identifiers(capsys: pytest.CaptureFixture[str]) -> None:
    _, told = document(capsys, "list", "--theme", "income")
    low = next(item for item in told["indicators"] if item["id"] == "income_low")
    assert (low["direction"], low["aggregate"], low["of"]) == ("more_is_worse", "share", "income_recipients")
    assert low["explanation_nl"].startswith("Mensen met een eigen inkomen")
    assert "p_ink_li" in low["columns"]
    assert {(one["table"], one["measure"], one["active"]) for one in low["published"]} >= {("85984NED", "D000187", True)}


# --- verify -----------------------------------------------------------------------------------------------------------


def test_what_changed_is_told_in_words_and_for_programs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    changes = (
        Change("unit", "85984NED", 2024, "dwelling_value", "M001642", expected="x 1 000 euro", found="euro"),
        Change("newer_year", "87000NED", 2026, expected="2025", found="Kerncijfers wijken en buurten 2026"),
    )
    monkeypatch.setattr(catalogue_online, "verify", lambda **_: Verification(live_tables(), changes))
    out = printed(capsys, "verify")
    assert "the unit changed" in out
    assert "there is a newer year" in out
    assert "Nothing changed" not in out
    code, told = document(capsys, "verify")
    assert code == 0
    assert [change["kind"] for change in told["changes"]] == ["unit", "newer_year"]
    assert {table["table"] for table in told["tables"]} >= {"85984NED", "86165NED"}


def test_nothing_changed_is_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_online, "verify", lambda **_: Verification(live_tables(), ()))
    assert "Nothing changed." in printed(capsys, "verify")


def test_a_source_that_fails_ends_a_comparison_with_exit_code_3(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(**_: object) -> Verification:
        raise SourceError("datasets.cbs.nl cannot serve now (503).", code="http.server")

    monkeypatch.setattr(catalogue_online, "verify", down)
    code, told = document(capsys, "verify")
    assert (code, told["error"]["code"]) == (3, "http.server")


def test_endpoints_that_cannot_be_read_end_it_with_exit_code_2(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, told = document(capsys, "verify", "--endpoints", tmp_path / "absent.toml")
    assert (code, told["error"]["code"]) == (2, "online.endpoints")


def test_only_hosts_of_the_endpoints_are_asked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from importlib.resources import files

    text = files("knopenkaart.sources").joinpath("endpoints.toml").read_text(encoding="utf-8")
    mirror = tmp_path / "mirror.toml"
    mirror.write_text(text.replace('"datasets.cbs.nl", ', ""), encoding="utf-8")
    code, told = document(capsys, "verify", "--endpoints", mirror)
    assert (code, told["error"]["code"]) == (3, "http.host")


# --- fetch ------------------------------------------------------------------------------------------------------------


def test_what_was_fetched_and_left_out_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    table = next(one for one in live_tables() if one.table == "85984NED")
    left_out = (Change("measure_gone", table.table, 2024, "dwellings", "M000297", expected="Woningvoorraad"),)
    asked: dict[str, object] = {}

    def fake(folder: Path, **options: Any) -> list[FetchedTable]:
        asked.update(options, folder=folder)
        return [FetchedTable(folder / "cbs_kwb_2024.csv", table, 18310, 80, left_out, offline="the copy of 2026-01-01")]

    monkeypatch.setattr(catalogue_online, "fetch", fake)
    out = printed(capsys, "fetch", tmp_path, "--year", 2024, "--table", "85984NED")
    assert "80 indicators of 18310 areas" in out
    assert "Left out: dwellings (M000297), because the measure is gone." in out
    assert "An older copy was used" in out
    assert (asked["folder"], asked["year"], asked["table"]) == (tmp_path, 2024, "85984NED")
    _, told = document(capsys, "fetch", tmp_path, "--year", 2024)
    assert told["files"][0]["left_out"][0]["indicator"] == "dwellings"


def test_a_year_without_a_table_names_the_years_that_have_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, told = document(capsys, "fetch", tmp_path, "--year", 1999)
    assert (code, told["error"]["code"]) == (2, "catalogue.no_year")
    assert "2024" in told["error"]["remedy"]
