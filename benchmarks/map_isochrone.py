# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long after a click on a place the ground within reach is on the screen: Chromium that draws without a graphics card.

    python benchmarks/map_isochrone.py [--places 25]

Delft where its data are there (KNOPENKAART_TEST_DATA), the example otherwise. Each place is clicked on a map that is drawn and at rest; the
clock runs in the page, from the event of the mouse to the frame after the one that drew the ground. Each ground is asked for once.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

from browser.loading import COMMAND, load_example, run  # noqa: E402
from browser.site import read_json  # noqa: E402
from served_map import READY, TIMEOUT_MS, browser, desktop, machine, median, served  # noqa: E402

CEILING_MS = 300
DATA = Path(os.environ.get("KNOPENKAART_TEST_DATA", ROOT.parent / "shared" / "data"))
DELFT = {"--osm": "osm/delft_tudelft.osm.pbf", "--areas": "cbs/wijken_2022.gpkg"}
CLOSE_UP = 17
WATCH = """() => {
  const map = document.querySelector("knoop-map");
  window.taken = new Promise((resolve) => {
    let since = null;
    map.addEventListener("pointerdown", (event) => { since = event.timeStamp; }, { capture: true, once: true });
    new MutationObserver((_, observer) => {
      if (!map.dataset.reach) return;
      observer.disconnect();
      requestAnimationFrame((now) => resolve({ place: map.dataset.reach, ms: performance.now() - since }));
    }).observe(map, { attributes: true, attributeFilter: ["data-reach"] });
  });
}"""


def load(folder: Path, environment: dict[str, str]) -> str:
    """Delft, or the example where there are no data."""
    if not all((DATA / name).exists() for name in DELFT.values()):
        return load_example(folder, environment).slug
    study = folder / "delft"
    sources = [part for option, name in DELFT.items() for part in (option, str(DATA / name))]
    run(environment, *COMMAND, "build", str(study), *sources, "--year", "2022", "--municipality", "GM0503")
    run(environment, *COMMAND, "migrate")
    run(environment, *COMMAND, "load", str(study))
    return "delft"


def click(of: Browser, study: str, place: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds from the click on what is drawn at a place to its ground on the screen, and which place answered."""
    lon, lat = place["geometry"]["coordinates"]
    with desktop(of) as page:
        page.goto(f"{study}/kaart?z={CLOSE_UP}&lat={lat}&lon={lon}")
        page.wait_for_selector(READY, timeout=TIMEOUT_MS)
        page.evaluate(WATCH)
        box = page.locator(".maplibregl-canvas").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        taken: dict[str, Any] = page.evaluate("() => window.taken")
    return taken


def measure(*, places: int) -> dict[str, Any]:
    """The median and the slowest over places spread evenly over the list."""
    with served(load) as study, browser() as chromium:
        found = read_json(f"{study}/download/places.geojson")["features"]
        chosen = found[:: max(1, len(found) // places)][:places]
        click(chromium, study, chosen[0])
        taken = [click(chromium, study, place)["ms"] for place in chosen[1:]]
    return {
        "study": study.rsplit("/", 1)[1],
        "clicks": len(taken),
        **machine(),
        "median_ms": median(taken),
        "p90_ms": round(sorted(taken)[int(0.9 * len(taken))], 2),
        "slowest_ms": round(max(taken), 2),
        "ceiling_ms": CEILING_MS,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--places", type=int, default=25)
    result = measure(places=parser.parse_args().places)
    print(json.dumps(result))
    sys.exit(result["median_ms"] > CEILING_MS)
