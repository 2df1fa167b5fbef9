# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Serves the application as `knopenkaart serve` does: visitors and background work, on a free port."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

from .loading import COMMAND

START_TIMEOUT_S = 90
DATABASE = "knopenkaart.sqlite3"


@contextmanager
def serve(environment: Mapping[str, str], *, workers: int = 1) -> Iterator[str]:
    """The address of the served application; everything that was started is stopped afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, *COMMAND, "serve", "--port", str(port), "--workers", str(workers)]
    log = Path(environment["KNOPENKAART_DATA_DIR"]) / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(command, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT)
        try:
            _await(f"http://127.0.0.1:{port}/toegankelijkheid", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


def copy_site(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The settings of a copy of a site in an empty folder: what is done there touches nobody else's test."""
    source = Path(environment["KNOPENKAART_DATA_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source / DATABASE)) as old, closing(sqlite3.connect(folder / DATABASE)) as new:
        old.backup(new)
    for path in source.iterdir():
        if path.is_dir():
            shutil.copytree(path, folder / path.name)
    return {**environment, "KNOPENKAART_DATA_DIR": str(folder)}


def _await(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The application did not start:\n{log.read_text()[-3000:]}")
