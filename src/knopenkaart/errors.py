# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every error that the engine raises on purpose.

KnopenkaartError            code, message, where, remedy
├── InputError              your file is wrong                      exit 2
├── SourceError             their server is wrong, or gone          exit 3
└── StoreError              a study folder is absent or damaged     exit 4
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, with its place: file, row (1 = first line of the file), column, value, and what may have been meant."""

    code: str
    message: str
    file: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    near: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = [self.file, f"row {self.row}" if self.row is not None else None, f"column {self.column}" if self.column else None]
        prefix = ", ".join(part for part in where if part)
        return f"{prefix}: {self.message}" if prefix else self.message


class KnopenkaartError(Exception):
    """Base of all errors of the engine.

    `code` is a stable string (`osm.truncated`) that the web maps to a translated text; `remedy` says what to do;
    `faults` lists everything that is wrong with a file together, so that nobody mends one fault per attempt.
    """

    exit_code = 1

    def __init__(self, message: str, *, code: str, remedy: str = "", faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.remedy = remedy
        self.faults = tuple(faults)

    def __str__(self) -> str:
        lines = [self.message, *(f"  {fault}" for fault in self.faults)]
        if self.remedy:
            lines.append(self.remedy)
        return "\n".join(lines)


class InputError(KnopenkaartError):
    """A file or an argument of the user cannot be used."""

    exit_code = 2


class SourceError(KnopenkaartError):
    """A public source did not give what it should: gone, slow, truncated, of another type."""

    exit_code = 3


class StoreError(KnopenkaartError):
    """A study folder is absent, unfinished or damaged."""

    exit_code = 4
