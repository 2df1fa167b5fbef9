# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files of the project that promise something: changelog, lock files, and that nothing names somebody's machine."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from documented.pages import ROOT, sections, tracked

from knopenkaart import __version__

LOCKS = [path for path in tracked() if path.suffix == ".lock" or path.name == "package-lock.json"]
CATEGORIES = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Results changed"}
# Built from parts, so that this file does not name what it looks for.
FOLDERS = ("wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers")
MACHINE = re.compile("|".join([*(rf"(?<![\w.])/{name}/" for name in FOLDERS), r"[A-Z]:\\+Us" + "ers"]))
TEXT = {".py", ".md", ".toml", ".yml", ".json", ".ts", ".css", ".html", ".txt", ".in", ".lock", ".typ", ".po", ".svg", ".npmrc", ""}


def test_the_changelog_has_this_version_and_the_category_results_changed() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(__version__)}\] - (\d{{4}}-\d\d-\d\d|unreleased)$", text, re.MULTILINE)
    assert "Results changed" in sections(text)


def test_the_changelog_has_no_other_categories() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^### (.*)$", text, re.MULTILINE)) <= CATEGORIES


def test_the_version_is_semantic() -> None:
    assert re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?", __version__)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_lock_file_names_no_host_to_fetch_from(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        assert [place for place, value in _strings(json.loads(text)) if "://" in value and "funding" not in place] == []
        assert '"resolved"' not in text
    else:
        assert "://" not in text
        assert "index-url" not in text


def test_there_are_lock_files() -> None:
    assert {"requirements.lock", "requirements-dev.lock", "package-lock.json"} <= {path.name for path in LOCKS}


def test_every_locked_python_package_has_a_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        packages = re.findall(r"^([a-z0-9][\w.\[\]-]*)==\S+(.*?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
        assert len(packages) > 20
        assert [package for package, rest in packages if "--hash=sha256:" not in rest] == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    found = []
    for path in tracked():
        if path.suffix in TEXT:
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in MACHINE.finditer(text)]
    assert found == []


def _strings(value: Any, place: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [item for key, child in value.items() for item in _strings(child, f"{place}/{key}")]
    if isinstance(value, list):
        return [item for child in value for item in _strings(child, place)]
    return [(place, value)] if isinstance(value, str) else []
