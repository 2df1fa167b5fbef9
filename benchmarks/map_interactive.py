# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long until the map page can be used, with 3,000 places in the database: cold cache, Chromium that draws without a graphics card."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser import chromium  # noqa: E402
from browser.loading import load_example, run  # noqa: E402
from browser.serving import serve  # noqa: E402

CEILING_S = 2.5
MEASURE = "() => performance.now() / 1000"
#: Copies of the example's own places, spread over its bounds, until there are so many.
MULTIPLY = """
import django, random, sys, uuid
django.setup()
from django.db.models import F
from knopenkaart_web.places.models import Place, Study
wanted, chance = int(sys.argv[1]), random.Random(1)
study = Study.objects.get()
places = list(Place.objects.filter(study=study, small_spot=False, lon__isnull=False).order_by("pk"))
rows = []
while len(rows) < wanted - len(places):
    model = places[len(rows) % len(places)]
    model.pk, model.name = uuid.UUID(int=len(rows) + 1), f"{model.name} {len(rows)}"
    model.lon, model.lat = chance.uniform(study.west, study.east), chance.uniform(study.south, study.north)
    rows.append(Place(**{field.attname: getattr(model, field.attname) for field in Place._meta.concrete_fields}))
Place.objects.bulk_create(rows, batch_size=500)
Study.objects.update(revision=F("revision") + 1)
"""


@contextmanager
def served(places: int) -> Iterator[str]:
    """The address of the real map page of a study with so many places, served as in production."""
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
        slug = load_example(folder, environment).slug
        run(environment, "-c", MULTIPLY, str(places))
        with serve(environment) as address:
            yield f"{address}/{slug}/kaart"


def visit(browser: Browser, address: str) -> dict[str, float]:
    """Seconds from the start of the navigation until the places are on the map and it answers, and until all is drawn; and what it held."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".kk-map-count:not(:empty)", timeout=60_000)
    interactive = page.evaluate(MEASURE)
    page.wait_for_selector("knoop-map[data-ready]", timeout=60_000)
    drawn = page.evaluate(MEASURE)
    shown = int("".join(filter(str.isdigit, page.locator(".kk-map-count").inner_text())))
    context.close()
    return {"interactive_s": interactive, "drawn_s": drawn, "shown": shown}


def measure(*, places: int, runs: int) -> dict[str, Any]:
    """The median of some cold visits."""
    found = chromium.find()
    if found is None:
        raise SystemExit("No Chromium: set KNOPENKAART_CHROMIUM.")
    with served(places) as address, sync_playwright() as playwright:
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
        "fastest_drawn_s": round(min(seen["drawn_s"] for seen in visits), 2),
        "ceiling_s": CEILING_S,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=3000)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    result = measure(places=chosen.places, runs=chosen.runs)
    print(json.dumps(result))
    sys.exit(result["interactive_s"] > CEILING_S)
