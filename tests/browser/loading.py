# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the served application holds: the example municipality, through the same commands as everybody's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from turns import once

SEED = 1
COMMAND = ("-c", "import sys; from knopenkaart.cli import main; sys.exit(main(sys.argv[1:]))")
EDITOR, PASSWORD = "redacteur", "een-lang-wachtwoord-1"
MAKE_EDITOR = """
import django, sys
django.setup()
from knopenkaart_web.accounts.models import Membership, User
name, password = sys.argv[1:]
Membership.objects.create(user=User.objects.create_user(username=name, password=password), study_slug="*", role="manager")
"""
SLUG = """
import django
django.setup()
from knopenkaart_web.places.models import Study
print(Study.objects.values_list("slug", flat=True).get())
"""


@dataclass(frozen=True)
class Loaded:
    """What a test must know of the loaded study."""

    slug: str
    editor: str
    password: str


def load_example(folder: Path, environment: Mapping[str, str]) -> Loaded:
    """Build and load the example municipality with what was observed there, and make one editor, where the environment says.

    Parameters:
        folder: an empty folder for the example's files and its study.
        environment: variables for every command: DJANGO_SETTINGS_MODULE, KNOPENKAART_DATA_DIR and the like.

    Returns:
        slug of the study, and the editor's name and password.

    Raises:
        RuntimeError: a command failed; its output is in the message.
    """
    study = folder / "voorbeeld"
    made = ("example", str(folder / "files"), "--seed", str(SEED), "--build", str(study), "--monitor", str(folder / "monitor"))
    run(environment, *COMMAND, *made)
    run(environment, *COMMAND, "migrate")
    run(environment, *COMMAND, "load", str(study))
    slug = run(environment, "-c", SLUG).strip()
    run(environment, *COMMAND, "observations", str(folder / "files"), "--study", slug)
    load_monitor(folder, environment, slug)
    run(environment, "-c", MAKE_EDITOR, EDITOR, PASSWORD)
    return Loaded(slug, EDITOR, PASSWORD)


def load_once(folder: Path, environment: Mapping[str, str]) -> Loaded:
    """As `load_example`, by whichever process comes first; the others wait for it and find it made."""

    def make(path: Path) -> None:
        path.write_text(json.dumps(asdict(load_example(folder, environment))), encoding="utf-8")

    made = once(folder / "loaded.json", make)
    return Loaded(**json.loads(made.read_text(encoding="utf-8")))


def run(environment: Mapping[str, str], *arguments: str) -> str:
    """The output of a Python command. Raises RuntimeError with all that it said."""
    done = subprocess.run(
        [sys.executable, *arguments], env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments[2:])} failed (exit {done.returncode}):\n{done.stdout}\n{done.stderr}")
    return done.stdout


def load_monitor(folder: Path, environment: Mapping[str, str], slug: str) -> None:
    """Load the Wijkmonitor of the example, and bring in its own tables by group."""
    run(environment, *COMMAND, "monitor-load", str(folder / "monitor"))
    for mapping in sorted((folder / "files").glob("*.toml")):
        table = next(path for path in sorted(mapping.parent.glob(f"{mapping.stem}.*")) if path != mapping)
        run(environment, *COMMAND, "own-table", str(table), "--mapping", str(mapping), "--study", slug)
