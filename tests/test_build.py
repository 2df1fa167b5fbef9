# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The build hook: what it copies, compiles, skips and says."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def build(tmp_path: Path) -> ModuleType:
    """hatch_build with a project of its own in tmp_path."""
    spec = importlib.util.spec_from_file_location("hatch_build_tested", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.ROOT = tmp_path
    module.MAKI = tmp_path / "maki"
    module.KINDS = tmp_path / "kinds.toml"
    module.ENGINE_SYMBOLS = tmp_path / "symbols"
    module.LOCALE = tmp_path / "locale"
    module.MAKI.mkdir()
    for name in ("marker", "library", "cafe"):
        (module.MAKI / f"{name}.svg").write_text(f"<svg>{name}</svg>")
    return module


def test_named_symbols_and_the_fallback_are_copied_and_old_ones_go(build: ModuleType) -> None:
    build.KINDS.write_text('[kinds.a]\nsymbol = "library"\n')
    build.ENGINE_SYMBOLS.mkdir()
    (build.ENGINE_SYMBOLS / "old.svg").write_text("")
    build.copy_symbols()
    assert sorted(path.name for path in build.ENGINE_SYMBOLS.iterdir()) == ["library.svg", "marker.svg"]


def test_all_unknown_symbols_are_named_together(build: ModuleType) -> None:
    build.KINDS.write_text('[kinds.a]\nsymbol = "unicorn"\n[kinds.b]\nsymbol = "griffin"\n[kinds.c]\nsymbol = "cafe"\n')
    with pytest.raises(build.BuildError, match="griffin, unicorn"):
        build.copy_symbols()


def test_translations_are_compiled_when_newer_and_only_then(build: ModuleType) -> None:
    folder = build.LOCALE / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Map"\nmsgstr "Kaart"\n', encoding="utf-8")
    build.compile_translations()
    compiled = folder / "django.mo"
    assert [entry.msgstr for entry in polib.mofile(str(compiled))] == ["Kaart"]
    first = compiled.stat().st_mtime_ns
    build.compile_translations()
    assert compiled.stat().st_mtime_ns == first


def test_message_translated_twice_is_refused_with_its_file(build: ModuleType) -> None:
    folder = build.LOCALE / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid "Map"\nmsgstr "Kaart"\n\nmsgid "Map"\nmsgstr "Plan"\n')
    with pytest.raises(build.BuildError, match=r"locale/nl/LC_MESSAGES/django\.po"):
        build.compile_translations()


def test_failing_npm_says_what_failed_and_what_npm_said(build: ModuleType, tmp_path: Path) -> None:
    build.FRONTEND = tmp_path
    (tmp_path / "package.json").write_text("{not json")
    with pytest.raises(build.BuildError, match=r"npm ci failed in .*\(exit \d+\)"):
        build._npm("ci", "--offline")


def test_same_sources_are_built_once(build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frontend = tmp_path / "frontend"
    (frontend / "src").mkdir(parents=True)
    (frontend / "package.json").write_text("{}")
    (frontend / "src" / "app.ts").write_text("1")
    build.FRONTEND, build.WEB_BUILD, build.STAMP = frontend, tmp_path / "out", tmp_path / "out" / "stamp"
    build.__file__ = str(frontend / "package.json")
    build.WEB_BUILD.mkdir()
    calls: list[str] = []
    monkeypatch.setattr(build, "_npm", lambda *arguments: calls.append(arguments[0]))
    monkeypatch.setattr(build, "_node", lambda script, *arguments: calls.append(script.stem))
    build.build_frontend()
    assert calls == ["ci", "tsc", "vite"]
    build.build_frontend()
    assert calls == ["ci", "tsc", "vite"]
    (frontend / "src" / "app.test.ts").write_text("a test changes nothing in the build")
    build.build_frontend()
    assert len(calls) == 3
    (frontend / "src" / "app.ts").write_text("2")
    build.build_frontend()
    assert len(calls) == 6


@pytest.mark.parametrize("folder", ["frontend", "tests/browser/tools"])
def test_lock_file_names_no_host_and_pins_every_package(folder: str) -> None:
    lock = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    wanted = json.loads((ROOT / folder / "package.json").read_text())
    assert all("resolved" not in package for package in lock.values())
    assert all("integrity" in package for name, package in lock.items() if name)
    pins = {**wanted.get("dependencies", {}), **wanted.get("devDependencies", {})}
    assert {name: lock[f"node_modules/{name}"]["version"] for name in pins} == pins
