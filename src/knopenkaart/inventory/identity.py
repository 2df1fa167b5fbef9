# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The identifier of a place: the same source and element give the same one, today and in a newer extract."""

from __future__ import annotations

from uuid import UUID, uuid5

from knopenkaart.records import Source

# Drawn once; another value would give every place of every municipality another identifier.
NAMESPACE = UUID("6f2d1c1e-3b0a-5e2e-9a51-0c8f6f1f7a40")


def place_id(source: Source | str, source_id: str) -> str:
    """The identifier (UUID, version 5) of the place that an element or row of a source stands for.

    `source` is the source or its id. What OpenStreetMap turned from a node into a way gets another identifier here; matching links it to
    the old place.
    """
    name = source if isinstance(source, str) else source.id
    return str(uuid5(NAMESPACE, f"{name}:{source_id}"))
