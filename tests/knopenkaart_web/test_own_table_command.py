# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""An own table comes in by a command, as an editor brings it in; the same file twice changes nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from knopenkaart.cli.main import main
from knopenkaart.errors import InputError
from knopenkaart.sources.own_figures import guess_own, own_indicator
from knopenkaart_web import observations
from knopenkaart_web.monitor.models import MonitorFigure
from knopenkaart_web.places.models import FigureFile, Study

from . import factories, monitored

TABLE = "Gebied;Jaar;Waarde;n\nKleindorp;2024;12;1000\nNoord;2024;12,5;600\nZuid;2024;6;50\n"


@pytest.fixture
def files(study: Study, tmp_path: Path) -> tuple[Path, Path]:
    """A table with its mapping; the monitor is loaded."""
    monitored.wijkmonitor()
    table, mapping = tmp_path / "schulden.csv", tmp_path / "schulden.toml"
    table.write_text(TABLE, encoding="utf-8")
    debts = own_indicator("schulden", theme="income")
    mapping.write_text(replace(guess_own(table), indicators=(debts,), indicator=debts.id).to_toml(), encoding="utf-8")
    return table, mapping


def test_a_table_comes_in_once(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    table, mapping = files
    for told in ("3 figures are new, of which 1 stay hidden; 0 were there; 0 faults.", "0 figures are new"):
        assert main(["own-table", str(table), "--mapping", str(mapping), "--study", factories.SLUG]) == 0
        assert told in capsys.readouterr().out
    assert MonitorFigure.objects.count() == 3


def test_without_a_mapping_it_is_guessed_and_what_is_not_said_is_refused(files: tuple[Path, Path]) -> None:
    with pytest.raises(InputError) as refused:
        observations.own_table(factories.SLUG, files[0], None)
    assert refused.value.code == "own.no_indicator"
    assert not FigureFile.objects.exists(), "what could not be read does not stay"


def test_a_command_tells_why_a_table_cannot_be_read(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["own-table", str(files[0]), "--study", factories.SLUG]) == 2
    assert "The file does not say what the figures are of." in capsys.readouterr().err


def test_a_command_names_the_faults_of_a_table(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    table, mapping = files
    table.write_text(
        TABLE + "Elders;2024;12;100\n" * 2 + "".join(f"Elders {number};2024;12;100\n" for number in range(30)), encoding="utf-8"
    )
    assert main(["own-table", str(table), "--mapping", str(mapping), "--study", factories.SLUG]) == 0
    told = capsys.readouterr().out
    assert "32 faults:" in told
    assert "schulden.csv, row 5, column Gebied: no area of the municipality is called so" in " ".join(told.split())
    assert told.count("column Gebied") == observations.NAMED


@pytest.mark.parametrize("absent", ["table", "mapping"])
def test_a_file_that_is_not_there_is_told(files: tuple[Path, Path], absent: str, capsys: pytest.CaptureFixture[str]) -> None:
    table, mapping = (path.with_name("nergens") if name == absent else path for name, path in zip(("table", "mapping"), files, strict=True))
    assert main(["own-table", str(table), "--mapping", str(mapping), "--study", factories.SLUG]) == 2
    assert "nergens cannot be read" in " ".join(capsys.readouterr().err.split())


def test_a_file_that_is_too_large_is_not_read_as_a_whole(files: tuple[Path, Path], settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 20
    with pytest.raises(InputError) as refused:
        observations.own_table(factories.SLUG, files[0], files[1])
    assert refused.value.code == "import.size"


def test_a_monitor_of_real_areas_is_left_alone_by_who_starts_the_example(files: tuple[Path, Path], tmp_path: Path) -> None:
    monitored.actions.load(None, monitored.bundle(invented=False))
    assert main(["monitor-load", str(tmp_path / "nowhere"), "--unless-real"]) == 1
