# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Drawing in a process of its own: what serves pages stays light, and a drawing that hangs does not hold it up."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from knopenkaart.errors import InputError


def run_apart(module: str, content: Mapping[str, Any], *, seconds: float) -> bytes:
    """What a module writes when it runs as a program and reads `content` as JSON.

    Raises InputError `run.broken` where it fails or takes longer than `seconds`.
    """
    command = [sys.executable, "-m", module]
    try:
        done = subprocess.run(command, input=json.dumps(content).encode("utf-8"), capture_output=True, timeout=seconds, check=True)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        told = error.stderr.decode("utf-8", "replace").strip().splitlines() if error.stderr else []
        raise InputError(f"{module} could not draw. {told[-1] if told else ''}".strip(), code="run.broken", remedy="Try again.") from error
    return done.stdout
