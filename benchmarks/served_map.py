# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the benchmarks of the map share: a site served as in production, and Chromium that draws without a graphics card."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser import chromium  # noqa: E402
from browser.serving import serve  # noqa: E402

READY = "knoop-map[data-ready]"
TIMEOUT_MS = 60_000


@contextmanager
def served(load: Callable[[Path, dict[str, str]], str]) -> Iterator[str]:
    """The address of a study on a served site; `load` puts it there, given an empty folder and the environment, and returns its slug."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {
            "DJANGO_SETTINGS_MODULE": "knopenkaart_web.conf.settings",
            "PYTHONPATH": str(ROOT / "src"),
            "KNOPENKAART_DATA_DIR": str(folder / "data"),
            "KNOPENKAART_SECRET_KEY": "only-for-a-benchmark-" + "0123456789" * 5,
            "KNOPENKAART_ALLOWED_HOSTS": "127.0.0.1",
        }
        (folder / "data").mkdir()
        slug = load(folder, environment)
        with serve(environment) as address:
            yield f"{address}/{slug}"


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, without anything in its cache."""
    found = chromium.find()
    if found is None:
        raise SystemExit("No Chromium: set KNOPENKAART_CHROMIUM.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(chromium.ARGUMENTS), headless=True)
        yield started
        started.close()


@contextmanager
def desktop(of: Browser) -> Iterator[Page]:
    """A new page of a visitor who was never here before."""
    context = of.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {"cores": os.cpu_count(), "load_1m": round(os.getloadavg()[0], 1)}


def median(values: Sequence[float]) -> float:
    """The median, to hundredths."""
    return round(statistics.median(values), 2)
