# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A child process that may take so long and so much memory, and no more."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from enum import Enum

POLL_SECONDS = 0.25


class Outcome(Enum):
    """How a child ended."""

    FINISHED = "finished"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    STOPPED = "stopped"


def run_bounded(command: Sequence[str], *, seconds: float, stopped: Callable[[], bool] = lambda: False) -> Outcome:
    """Run a command in a process group of its own until it ends, its time is up, or `stopped` says so; then nothing of it is left."""
    child = subprocess.Popen(list(command), stdin=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + seconds
    try:
        while True:
            try:
                code = child.wait(timeout=POLL_SECONDS)
            except subprocess.TimeoutExpired:
                if time.monotonic() >= deadline:
                    return Outcome.TIMED_OUT
                if stopped():
                    return Outcome.STOPPED
                continue
            return Outcome.FINISHED if code == 0 else Outcome.FAILED
    finally:
        _end(child)


def limit_memory(size_bytes: int) -> None:
    """Bound the memory of this process: beyond it an allocation fails, and the machine stays up for everybody else."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = size_bytes if hard == resource.RLIM_INFINITY else min(size_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
