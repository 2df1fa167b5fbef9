# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long until the map page can be used, with 3,000 places: cold cache, Chromium that draws without a graphics card."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from browser import chromium
from browser.map_harness.server import serve_town

CEILING_S = 2.5
MEASURE = "() => performance.now() / 1000"


def visit(browser: Browser, address: str) -> dict[str, float]:
    """Seconds from the start of the navigation until the places are on the map and it answers, and until all is drawn."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{address}/kaart", wait_until="commit")
    page.wait_for_selector(".kk-map-count:not(:empty)", timeout=30_000)
    interactive = page.evaluate(MEASURE)
    page.wait_for_selector("knoop-map[data-ready]", timeout=30_000)
    drawn = page.evaluate(MEASURE)
    context.close()
    return {"interactive_s": interactive, "drawn_s": drawn}


def measure(*, places: int, runs: int) -> dict[str, Any]:
    """The median of some cold visits."""
    found = chromium.find()
    if found is None:
        raise SystemExit("No Chromium: set KNOPENKAART_CHROMIUM.")
    with serve_town(places=places) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(chromium.ARGUMENTS), headless=True)
        visit(browser, address)
        visits = [visit(browser, address) for _ in range(runs)]
        browser.close()
    medians = {key: round(statistics.median(seen[key] for seen in visits), 2) for key in visits[0]}
    return {
        "places": places,
        "runs": runs,
        "cores": os.cpu_count(),
        "load_1m": round(os.getloadavg()[0], 1),
        **medians,
        "ceiling_s": CEILING_S,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=3000)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    result = measure(places=chosen.places, runs=chosen.runs)
    print(json.dumps(result))
    sys.exit(result["drawn_s"] > CEILING_S)
