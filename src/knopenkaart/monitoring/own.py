# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A municipality's own table among the figures of a monitor: read by its mapping, and only what may be shown of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from knopenkaart.errors import Fault, InputError
from knopenkaart.hiding import hide_own
from knopenkaart.monitoring.contents import to_plain
from knopenkaart.monitoring.own_memory import OwnMemory
from knopenkaart.records import Source
from knopenkaart.sources.area_table import notice
from knopenkaart.sources.own_figures import KnownArea, OwnMapping, guess_own, read_own
from knopenkaart.vocabulary.catalogue import Catalogue

# So many faults are named; their number is always told.
NAMED = 20
_KNOWN = ("code", "name", "level", "year", "wijk_code", "municipality_code")


@dataclass(frozen=True)
class OwnTable:
    """What an own table adds to a monitor: MONITOR_FIGURES as they may be shown, its source, new indicators as plain values, notices."""

    figures: pd.DataFrame
    source: Source
    indicators: tuple[dict[str, Any], ...]
    notices: tuple[dict[str, Any], ...]
    memory: OwnMemory


def read_own_table(path: Path, mapping: Path | None, areas: pd.DataFrame, catalogue: Catalogue, *, memory: OwnMemory) -> OwnTable:
    """An own table as it may be shown beside what was shown before (`memory`); without a mapping its columns are guessed. `areas` are
    MONITOR_AREAS.

    Raises InputError where the table or its mapping cannot be read, or (`own.changed`) where what was shown of it changed by a few people.
    """
    if not path.exists():
        raise InputError(f"{path.name} does not exist.", code="figures.absent_file", remedy="Check the path of the own table.")
    chosen = guess_own(path, catalogue=catalogue) if mapping is None else OwnMapping.from_text(_text(mapping))
    known = _known(areas)
    found = read_own(path, mapping=chosen, areas=known, catalogue=catalogue)
    lot = memory.lot or _lot(path)
    hidden = hide_own(found.figures, areas=known, dimensions=catalogue.dimension_of_groups(), secret=lot, before=memory.released)
    return OwnTable(
        figures=hidden.figures,
        source=found.source,
        indicators=tuple(chosen.declared(found.indicators)),
        notices=(*to_plain(found.notices), *_told(found.source, path, found.faults, hidden.small + hidden.beside)),
        memory=memory.after(lot, hidden.released),
    )


def _text(mapping: Path) -> str:
    try:
        return mapping.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The mapping {mapping.name} cannot be read: {error}.", code="mapping.broken", remedy="Give a mapping in TOML or JSON."
        ) from error


def _lot(path: Path) -> str:
    """What decides by lot which figure is hidden: only who has the exact table can know it, and the same table gives the same lots."""
    return hashlib.sha256(b"lots/" + path.read_bytes()).hexdigest()


def _known(areas: pd.DataFrame) -> list[KnownArea]:
    rows = pd.DataFrame(areas.drop(columns="geometry")).astype(object).fillna("")
    return [
        KnownArea(code, name, level, int(year), wijk, home)
        for code, name, level, year, wijk, home in zip(*(rows[name] for name in _KNOWN), strict=True)
    ]


def _told(source: Source, path: Path, faults: Sequence[Fault], hidden: int) -> list[dict[str, Any]]:
    told = []
    if faults:
        named = "; ".join(str(fault) for fault in faults[:NAMED])
        message = f"{len(faults)} faults in {path.name}; what they are about was left out: {named}"
        told.append(notice("monitor.own_faults", source.id, message, {"count": len(faults), "faults": named, "file": path.name}))
    if hidden:
        # How many of them are small would tell of two that both are.
        message = f"{hidden} figures of {path.name} are not shown: they are about fewer than ten people, or one of those would follow."
        told.append(notice("monitor.own_hidden", source.id, message, {"hidden": hidden, "file": path.name}))
    return told
