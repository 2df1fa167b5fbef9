# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long until the map page can be used, with 3,000 places in the database: cold cache, Chromium that draws without a graphics card."""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

from browser.loading import load_example, run  # noqa: E402
from served_map import READY, TIMEOUT_MS, browser, desktop, machine, median, served  # noqa: E402

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


def load(folder: Path, environment: dict[str, str], *, places: int) -> str:
    """The example with so many places."""
    slug = load_example(folder, environment).slug
    run(environment, "-c", MULTIPLY, str(places))
    return slug


def visit(of: Browser, address: str) -> dict[str, float]:
    """Seconds from the start of the navigation until the places are on the map and it answers, and until all is drawn; and what it held."""
    with desktop(of) as page:
        page.goto(address, wait_until="commit")
        page.wait_for_selector(".kk-map-count:not(:empty)", timeout=TIMEOUT_MS)
        interactive = page.evaluate(MEASURE)
        page.wait_for_selector(READY, timeout=TIMEOUT_MS)
        drawn = page.evaluate(MEASURE)
        shown = int("".join(filter(str.isdigit, page.locator(".kk-map-count").inner_text())))
    return {"interactive_s": interactive, "drawn_s": drawn, "shown": shown}


def measure(*, places: int, runs: int) -> dict[str, Any]:
    """The median of some cold visits."""
    with served(partial(load, places=places)) as study, browser() as chromium:
        visit(chromium, f"{study}/kaart")
        visits = [visit(chromium, f"{study}/kaart") for _ in range(runs)]
    return {
        "places": places,
        "runs": runs,
        **machine(),
        **{key: median([seen[key] for seen in visits]) for key in visits[0]},
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
