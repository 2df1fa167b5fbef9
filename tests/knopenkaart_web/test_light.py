# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A page view stays light: in a fresh process, every public page is rendered and nothing of the engine's heavy part is loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .reached import results

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "numpy",
    "pandas",
    "geopandas",
    "shapely",
    "scipy",
    "duckdb",
    "pyarrow",
    "typst",
    "knopenkaart.tables",
    "knopenkaart.study",
    "knopenkaart.store",
)

# Runs in its own process: Kleindorp in a new database, then what a visitor and an editor open.
SCRIPT = """
import json, sys
from pathlib import Path
from knopenkaart_web.conf.wsgi import application
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.knopenkaart_web import factories as f, monitored, reached

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
call_command("migrate", verbosity=0)
study = f.kleindorp()
f.review_items(study)
reached.attach(study, Path(sys.argv[1]))
monitored.wijkmonitor(study)
f.user("bob", "editor")
MONITOR = ("monitor_area", "monitor_map", "monitor_compare", "monitor_trend", "monitor_perception", "monitor_report",
    "monitor_csv")
public = [("studies", []), ("login", []), ("accessibility", []), ("study", [f.SLUG]), ("map", [f.SLUG]), ("places", [f.SLUG]),
    ("place", [f.SLUG, f.LIBRARY]), ("place", [f.SLUG, f.PLATFORM]), ("area", [f.SLUG, f.NOORD]), ("area", [f.SLUG, f.POLDER]),
    ("reach", [f.SLUG]), ("near", [f.SLUG]), ("place_reach", [f.SLUG, f.LIBRARY]), ("isochrones_json", [f.SLUG, f.LIBRARY]),
    ("homes_json", [f.SLUG]), ("measures_json", [f.SLUG]), ("download", [f.SLUG, "gaps.csv"]),
    ("downloads", [f.SLUG]), ("about", [f.SLUG]), ("places_json", [f.SLUG]), ("areas_json", [f.SLUG]),
    ("monitor", []), *((name, [code]) for code in (f.NOORD, f.MUNICIPALITY) for name in MONITOR),
    ("monitor_similar", [f.NOORD]), ("monitor_gap", [f.SLUG]), ("monitor_picture", [f.NOORD, "wiel", "svg"]),
    ("download", [f.SLUG, "places.geojson"]), ("download", [f.SLUG, "places.csv"]), ("download", [f.SLUG, "places.csv-metadata.json"])]
editing = [("password", []), ("review", [f.SLUG]),
    ("place_new", [f.SLUG]), ("place_edit", [f.SLUG, f.LIBRARY]), ("place_history", [f.SLUG, f.LIBRARY])]

def opened(client, pages):
    answers = {}
    for language in ("nl", "en"):
        with translation.override(language):
            addresses = [reverse(name, args=arguments) for name, arguments in pages]
        for address in addresses:
            response = client.get(address, {'q': 'Dorpsstraat 3', 'wat': 'eat'}, follow=True)
            answers[address] = response.status_code
            b"".join(response.streaming_content) if response.streaming else response.content
    return answers

visitor, bob = Client(), Client()
bob.login(username="bob", password=f.PASSWORD)
answers = opened(visitor, public) | opened(bob, editing)
heavy = sorted(name for name in sys.modules if name.startswith(tuple(HEAVY)) and (name in HEAVY or name.split(".")[0] in HEAVY))
print(json.dumps({"answers": answers, "heavy": heavy}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KNOPENKAART_")}
    environ = kept | {
        "KNOPENKAART_DATA_DIR": str(tmp_path_factory.mktemp("light")),
        "KNOPENKAART_ALLOWED_HOSTS": "testserver",
        "KNOPENKAART_LOG_LEVEL": "ERROR",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    done = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {HEAVY!r}\n{SCRIPT}", str(results())],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def test_every_page_is_there(seen: dict[str, Any]) -> None:
    assert len(seen["answers"]) >= 40
    assert {address: status for address, status in seen["answers"].items() if status != 200} == {}


def test_no_page_loads_the_engine(seen: dict[str, Any]) -> None:
    assert seen["heavy"] == []


def test_the_test_knows_heavy_when_it_sees_it() -> None:
    code = "import sys, knopenkaart.tables; print('pandas' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"
