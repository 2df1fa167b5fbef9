# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The command line: what it prints where, how it ends, and that help is there at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from knopenkaart import __version__
from knopenkaart.cli import main, parser
from knopenkaart.errors import SourceError
from knopenkaart.example import ExampleFiles
from knopenkaart.study import Study


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def document(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    """Exit code and the one JSON document on standard output; anything else on it is an error here."""
    code, out, _ = run(capsys, *arguments, "--json")
    return code, json.loads(out)


def example_arguments(files: ExampleFiles) -> list[object]:
    return ["--osm", files.osm, "--areas", *files.areas, "--figures", *files.figures, "--list", files.list, "--municipality", "Waterlinde"]


def test_a_build_tells_the_sentence_on_standard_output_and_progress_on_standard_error(
    example_files: ExampleFiles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "build", tmp_path / "study", *example_arguments(example_files))
    assert code == 0
    assert out.startswith("In this municipality of 25,000 inhabitants we count 112 places with a social function.")
    for step in ("places", "duplicates", "coverage", "writing"):
        assert f"{step} ..." in err
        assert f"{step} ..." not in out


def test_a_build_in_json_is_one_document_and_the_sentences_go_elsewhere(
    example_files: ExampleFiles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = document(capsys, "build", tmp_path / "study", *example_arguments(example_files))
    assert code == 0
    assert found["nodes"] == 112
    assert found["study"]["area_year"] == 2025


def test_a_check_prints_tags_coverage_and_notices(example_study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", example_study.stored.folder)
    assert code == 0
    assert "amenity=library" in out
    assert "WK999901" in out
    assert "notice list.postcode (1)" in out


def test_a_check_in_json_is_one_document(example_study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, "check", example_study.stored.folder)
    assert (code, found["nodes"]) == (0, 112)


def test_an_export_says_how_many_rows(example_study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "areas.csv"
    arguments = ("export", example_study.stored.folder, "--table", "areas", "--to", "csv", target)
    assert run(capsys, *arguments)[1] == "20 rows of areas written to areas.csv.\n"
    assert document(capsys, *arguments) == (0, {"table": "areas", "rows": 20, "file": "areas.csv"})


def test_a_mapping_is_printed_and_saved(example_files: ExampleFiles, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "mapping", example_files.list, "--save", tmp_path / "m.toml")
    assert code == 0
    assert (tmp_path / "m.toml").read_text(encoding="utf-8").strip() in out
    fields = {column["field"] for column in document(capsys, "mapping", example_files.list)[1]["columns"]}
    assert {"name", "kind", "street", "housenumber"} <= fields


def test_a_saved_mapping_builds_the_same_as_the_guess(
    example_files: ExampleFiles, example_study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "mapping", example_files.list, "--save", tmp_path / "m.toml")
    run(capsys, "build", tmp_path / "study", *example_arguments(example_files), "--mapping", tmp_path / "m.toml")
    built = Study.open(tmp_path / "study").table("places")
    assert list(built["id"]) == list(example_study.table("places")["id"])


def test_an_example_without_build_only_writes_its_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, "example", tmp_path / "example", "--seed", 5)
    assert (code, found) == (0, {"folder": "example", "seed": 5})
    made = {path.name for path in (tmp_path / "example").iterdir()}
    # To build from, what was observed, and what a Wijkmonitor and its own table come from.
    wanted = ("waterlinde.osm", "waterlinde_telweken.xlsx", "waterlinde_kerncijfers_2025.csv", "waterlinde_werk_en_inkomen_per_groep.xlsx")
    assert made >= set(wanted)
    assert {name for name in made if not name.startswith("waterlinde")} == {"csv-metadata.json"}, "what the files are"


def test_a_poster_is_written(example_study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, "poster", example_study.stored.folder, tmp_path / "p.pdf", "--format", "a3", "--language", "en")
    assert (code, found) == (0, {"file": "p.pdf", "format": "a3", "language": "en"})
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (["build", "{tmp}/study", "--osm", "{tmp}/none.osm.pbf"], 2, "osm.not_found"),
        (["build", "{tmp}/study"], 2, "cli.online"),
        (["build", "{tmp}/study", "--osm", "x", "--mapping", "{tmp}/m.toml"], 2, "cli.mapping"),
        (["build", "{tmp}/study", "--osm", "x", "--kinds", "{tmp}/none.toml"], 2, "vocabulary.unreadable"),
        (["mapping", "{tmp}/none.xlsx"], 2, "file.absent"),
        (["check", "{tmp}"], 4, "store.absent"),
        (["export", "{tmp}", "--table", "areas", "--to", "csv", "{tmp}/a.csv"], 4, "store.absent"),
        (["poster", "{tmp}", "{tmp}/p.pdf"], 4, "store.absent"),
    ],
)
def test_a_refusal_has_its_exit_code_its_code_and_a_remedy_and_writes_nothing(
    arguments: list[str], exit_code: int, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, found = document(capsys, *(argument.format(tmp=tmp_path) for argument in arguments))
    assert ended == exit_code
    assert found["error"]["code"] == code
    assert found["error"]["message"]
    assert found["error"]["remedy"]
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_fails_ends_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from knopenkaart.sources import online

    def gone(*arguments: object, **named: object) -> None:
        raise SourceError("The source is gone.", code="http.gone", remedy="Look at the publisher's site.")

    monkeypatch.setattr(online, "fetch_municipality", gone)
    code, out, err = run(capsys, "build", tmp_path / "study", "--municipality", "Delft")
    assert (code, out) == (3, "")
    assert "error: The source is gone.\nLook at the publisher's site." in err


def test_a_damaged_study_is_found_by_check(example_study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import shutil

    folder = tmp_path / "study"
    shutil.copytree(example_study.stored.folder, folder)
    with next(folder.glob("places-*.parquet")).open("ab") as stream:
        stream.write(b"x")
    code, found = document(capsys, "check", folder)
    assert (code, found["error"]["code"]) == (4, "store.damaged")
    assert "places" in found["error"]["message"]


def test_all_faults_of_a_file_are_told_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[kinds.library]\ncounts = "yes"\nsymbool = "x"\n[nonsense]\n', encoding="utf-8")
    code, found = document(capsys, "build", tmp_path / "study", "--osm", "x", "--kinds", own)
    assert code == 2
    assert {fault["code"] for fault in found["error"]["faults"]} == {"vocabulary.field", "vocabulary.section"}
    assert len(found["error"]["faults"]) == 3


def test_an_interrupted_command_ends_with_130(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from knopenkaart.sources import mapping

    def stop(*arguments: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(mapping, "guess_mapping", stop)
    assert run(capsys, "mapping", tmp_path / "a.csv")[0] == 130


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["export", "x", "y"], ["build", "x", "--year", "last"], ["serve", "--port", "0"]])
def test_a_command_line_that_makes_no_sense_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(arguments)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"knopenkaart {__version__}\n"


def test_help_loads_neither_pandas_nor_django() -> None:
    heavy = "{'pandas', 'numpy', 'django', 'duckdb', 'shapely'}"
    program = f"import sys; from knopenkaart.cli import parser; parser().format_help(); print(*{heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_reader_that_goes_away_is_no_error(example_study: Study) -> None:
    program = "import sys; from knopenkaart.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "check", str(example_study.stored.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.read(10)
        child.stdout.close()
        assert child.stderr is not None
        errors = child.stderr.read().decode()
        assert child.wait() == 0, errors
        assert "Traceback" not in errors
