# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was ever shown of own tables of a monitor, and by which lot, kept beside its folder: a table that changed hides by the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from knopenkaart import store
from knopenkaart.errors import InputError
from knopenkaart.hiding import Before

_ONLY_ME = 0o600


@dataclass(frozen=True)
class OwnMemory:
    """The lot (empty: none was drawn yet) and what was shown, with the exact numbers: never to be sent or shown."""

    lot: str = ""
    released: tuple[Before, ...] = ()

    def after(self, lot: str, released: tuple[Before, ...]) -> OwnMemory:
        """The same with what another table shows; `released` holds what was known before of the same indicators and years."""
        now = {(item.indicator, item.year): item for item in (*self.released, *released)}
        return OwnMemory(self.lot or lot, tuple(now.values()))


def memory_path(folder: Path) -> Path:
    """Where it is kept: not in the folder, which may be sent to others."""
    return folder.resolve().with_name(f"{folder.resolve().name}.own.json")


def read_memory(folder: Path) -> OwnMemory:
    """What is kept beside a folder; nothing where it was never built with own tables.

    Raises InputError (`monitor.memory`) where it cannot be read: without it a table that changed might tell what was hidden.
    """
    path = memory_path(folder)
    if not path.exists():
        return OwnMemory()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return OwnMemory(str(found["lot"]), tuple(Before.from_dict(item) for item in found["released"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path.name}, with what was shown of own tables before, cannot be read: {error}.",
            code="monitor.memory",
            remedy="Put the file back from a backup; nobody who has the earlier figures may get others without it.",
        ) from error


def write_memory(folder: Path, memory: OwnMemory) -> None:
    """Keep it beside the folder, to be read by its owner only. Raises StoreError."""
    text = json.dumps({"lot": memory.lot, "released": [item.to_dict() for item in memory.released]})
    with store.replacing(memory_path(folder)) as draft:
        draft.touch(_ONLY_ME)
        draft.write_text(text, encoding="utf-8")
