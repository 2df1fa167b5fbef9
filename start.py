#!/usr/bin/env python3
# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Set everything up with nothing but Python: `python3 start.py` serves the example, `python3 start.py test` runs every check."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
VAR = ROOT / "var"
EXAMPLE = "voorbeeld"
#: Long files first, as tests/conftest.py puts them, and not those of most tests.
UNSORTED = ("--no-loadscope-reorder",)
Check = tuple[str, "list[str | Path]"]
#: A test that needs nearly all of the engine's kernels.
KERNELS = "tests/knopenkaart/meeting/test_results.py::test_the_file_has_every_table_with_the_columns_of_the_reference"


def main(arguments: list[str]) -> int:
    """Run one of: serve (the default), setup, test."""
    if sys.version_info < (3, 11):  # noqa: UP036  (whoever starts it with an older Python must be told)
        print(f"Knopenkaart needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    command = arguments[0] if arguments else "serve"
    if command not in ("serve", "setup", "test"):
        print(f"Unknown command {command!r}. Use: python3 start.py [serve|setup|test]", file=sys.stderr)
        return 2
    try:
        set_up(requirements="requirements-dev.lock" if command == "test" else "requirements.lock")
        if command == "test":
            return run_checks(arguments[1:])
        return serve(arguments[1:]) if command == "serve" else 0
    except subprocess.CalledProcessError as error:
        print(f"This step failed (exit {error.returncode}): {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return error.returncode or 1
    except KeyboardInterrupt:
        return 130


def set_up(*, requirements: str) -> None:
    """A virtual environment with the locked packages and the project itself; steps whose inputs did not change are skipped."""
    if not PYTHON.exists():
        say("Making a virtual environment in .venv")
        venv.create(VENV, with_pip=True)
    lock = ROOT / requirements
    once(f"packages-{requirements}", [lock], lambda: install(lock), what="Installing the locked packages")
    project = [ROOT / "pyproject.toml", ROOT / "hatch_build.py"]
    once("project", project, install_project, what="Installing the project")
    run(PYTHON, "hatch_build.py")


def install(lock: Path) -> None:
    """The pinned and hashed packages, by uv where it can be had and by pip where it cannot."""
    if subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"], check=False).returncode == 0:
        run(PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock)
    else:
        run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock)


def install_project() -> None:
    """The project itself, editable; its build hook makes the front end and the translations."""
    quiet = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"]
    run(PYTHON, "-m", "pip", "install", *quiet, "--editable", ".")


def serve(arguments: list[str]) -> int:
    """Build the example municipality once, load it, tell how to become its editor, and serve it until interrupted."""
    knopenkaart = BIN / "knopenkaart"
    study = VAR / "studies" / EXAMPLE
    sources = VAR / "example"
    monitor = VAR / "monitors" / EXAMPLE
    if not (study / "study.json").exists() or not (monitor / "study.json").exists() or not list(sources.glob("*telweken.xlsx")):
        say("Inventing the example municipality and building its study and its Wijkmonitor")
        run(knopenkaart, "example", sources, "--build", study, "--monitor", monitor)
    run(knopenkaart, "migrate")
    run(knopenkaart, "load", study, "--slug", EXAMPLE)
    run(knopenkaart, "observations", sources, "--study", EXAMPLE)
    load_monitor(knopenkaart, monitor, sources)
    run(knopenkaart, "reckon-meeting", EXAMPLE, "--background")
    run(knopenkaart, "user", "example-editor", "--study", EXAMPLE)
    return subprocess.run([knopenkaart, "serve", *arguments], check=False, cwd=ROOT).returncode


def load_monitor(knopenkaart: Path, monitor: Path, sources: Path) -> None:
    """Load the monitor of the example and bring in its own tables, unless one of real areas is loaded; what is in already stays so."""
    if subprocess.run([knopenkaart, "monitor-load", monitor, "--unless-real"], check=False, cwd=ROOT).returncode != 0:
        return
    for mapping in sorted(sources.glob("*.toml")):
        table = next(path for path in sorted(sources.glob(f"{mapping.stem}.*")) if path != mapping)
        run(knopenkaart, "own-table", table, "--mapping", mapping, "--study", EXAMPLE)


def run_checks(arguments: list[str]) -> int:
    """Every check in turn; all of them run, and the exit code is 0 only if all passed. Arguments are those of pytest."""
    pytest: list[str | Path] = [PYTHON, "-m", "pytest", "--hypothesis-profile", "ci"]
    checks: list[list[Check]] = [
        [("lint", [BIN / "ruff", "check", "."])],
        [("format", [BIN / "ruff", "format", "--check", "."])],
        [("spelling", [BIN / "codespell"])],
        [("licences", [BIN / "reuse", "lint", "--quiet"])],
        [("types", [BIN / "mypy"])],
        [("contracts", [BIN / "lint-imports"])],
        [("front end", [PYTHON, "hatch_build.py", "check"])],
        [("migrations", [PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run", "--settings=knopenkaart_web.conf.settings"])],
        [("tests", [*pytest, "-n", "2", "--dist", "loadfile", *UNSORTED, "-m", "not browser", *arguments])],
        # A browser is waited for half of the time: the other tests fill it.
        [
            ("browser", [*pytest, "tests/browser", "-n", "2", "--dist", "loadfile", *UNSORTED, "-m", "browser", *arguments]),
            ("PostgreSQL", [*pytest, "tests/knopenkaart_web", "-m", "not browser", *arguments]),
        ],
    ]
    failed: list[str] = []
    kernels = None
    for together in checks:
        name = together[0][0]
        # Not before the licences are looked at: files that come up meanwhile would have none.
        if name == "types" and not arguments:
            kernels = compile_kernels()
        if name == "tests" and kernels is not None:
            kernels.wait()
        failed += run_together(together)
    say("all checks passed" if not failed else "failed: " + ", ".join(failed))
    return 1 if failed else 0


def run_together(checks: list[Check]) -> list[str]:
    """Run checks side by side: the first tells what it does at once, the others when they are done. Returns which failed."""
    started = time.monotonic()
    running: list[tuple[str, IO[bytes] | None, subprocess.Popen[bytes]]] = []
    for name, command in checks:
        say(f"check: {name}")
        output: IO[bytes] | None = tempfile.TemporaryFile() if running else None  # noqa: SIM115  (read and closed below)
        environment = repeatable() | ({"KNOPENKAART_TEST_DATABASE": "postgres"} if name == "PostgreSQL" else {})
        running.append((name, output, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)))
    failed = []
    for name, output, process in running:
        if process.wait() != 0:
            failed.append(name)
        if output is not None:
            output.seek(0)
            sys.stdout.write(output.read().decode(errors="replace"))
            output.close()
        say(f"{'FAILED' if name in failed else 'ok'}: {name} ({time.monotonic() - started:.0f} s)")
    return failed


def compile_kernels() -> subprocess.Popen[bytes]:
    """Compile, beside checks that keep one processor busy, what takes a minute and both processes of the tests would otherwise compile."""
    nowhere = subprocess.DEVNULL
    return subprocess.Popen([PYTHON, "-m", "pytest", "-q", KERNELS], cwd=ROOT, env=repeatable(), stdout=nowhere, stderr=nowhere)


def repeatable() -> dict[str, str]:
    """The environment of a check: sets keep their order from run to run, and what one process compiled the next need not compile."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {"PYTHONHASHSEED": "0"}


def once(name: str, inputs: list[Path], work, *, what: str) -> None:  # type: ignore[no-untyped-def]
    """Do the work unless it was done for exactly these inputs."""
    stamp = VENV / f".knopenkaart-{name}"
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in inputs if path.exists()) + str(ROOT).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    say(what)
    work()
    stamp.write_text(digest)


def run(*command: str | Path) -> None:
    """Run a command in the project's folder; a failure ends the start."""
    subprocess.run(list(map(str, command)), check=True, cwd=ROOT)


def say(text: str) -> None:
    """One line to whoever waits."""
    print(f"[knopenkaart] {text}", flush=True)


if __name__ == "__main__":
    if shutil.which("git") is None:
        print("git was not found; Knopenkaart works without it, but cannot tell its version.", file=sys.stderr)
    sys.exit(main(sys.argv[1:]))
