# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the command line says: sentences and tables for people, one JSON document for programs, progress on standard error."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console as Terminal
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from knopenkaart.errors import KnopenkaartError
from knopenkaart.progress import Progress

# Columns of a table that goes to a file or another program.
WIDE = 180


class Screen(Terminal):
    """A terminal of rich that leaves it to the caller what a reader that went away (`| head`) means."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class Console:
    """Standard output carries the result, standard error everything else."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._out = Screen(file=sys.stdout, highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
        self._err = Screen(file=sys.stderr, highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """A sentence for people; programs do not see it."""
        (self._err if self.as_json else self._out).print(text, markup=False)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """A table for people."""
        if self.as_json:
            return
        drawn = Table(title=title, title_justify="left", box=None, pad_edge=False)
        for column in columns:
            drawn.add_column(column, overflow="fold")
        for row in rows:
            drawn.add_row(*("" if cell is None else str(cell) for cell in row))
        self._out.print(drawn)

    def result(self, value: Mapping[str, Any]) -> None:
        """The result as one JSON document, where the user asked for it."""
        if self.as_json:
            sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")

    def error(self, error: KnopenkaartError) -> None:
        """What was wrong, where, and what to do; as JSON on standard output where asked for."""
        faults = [dataclasses.asdict(fault) for fault in error.faults]
        self.result({"error": {"code": error.code, "message": error.message, "remedy": error.remedy, "faults": faults}})
        self._err.print(f"error: {error}", markup=False)

    @contextlib.contextmanager
    def progress(self) -> Iterator[Progress]:
        """A bar per step on standard error; plain lines where that is no terminal."""
        if not self._err.is_terminal:
            yield self._plain_progress()
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Bars(*columns, console=self._err, transient=True) as bars:
            tasks: dict[str, Any] = {}

            def show(step: str, share: float) -> None:
                if step not in tasks:
                    for task in tasks.values():
                        bars.update(task, completed=1.0)
                    tasks[step] = bars.add_task(step, total=1.0)
                bars.update(tasks[step], completed=share)

            yield show

    def _plain_progress(self) -> Progress:
        seen: set[str] = set()

        def show(step: str, share: float) -> None:
            if step not in seen:
                seen.add(step)
                self._err.print(f"{step} ...", markup=False)

        return show
