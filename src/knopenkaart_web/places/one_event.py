# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every frame of a write shares: it tells what it did in exactly one event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from knopenkaart_web.audit import log
from knopenkaart_web.audit.models import Event
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.models import Study


@dataclass
class OneEvent:
    """A write that is going on in a study: `by` is how who writes stands in the history."""

    by: str
    role: str
    study: Study
    event: Event | None = field(default=None, init=False)

    def log(
        self,
        action: str,
        *,
        object_type: str,
        object_id: object,
        reason: str = "",
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> Event:
        """Add the one event of this write. `before` and `after` must hold no count of people and no answer: the trail is for ever."""
        if self.event is not None:
            raise RuntimeError("A write has one event.")
        self.event = log.write(
            action,
            actor=self.by,
            role=self.role,
            study=self.study.slug,
            object_type=object_type,
            object_id=object_id,
            reason=reason,
            before=before,
            after=after,
        )
        return self.event


def place_key(place_id: object) -> UUID:
    """The identifier of a place. Raises UnknownError for what is none."""
    try:
        return place_id if isinstance(place_id, UUID) else UUID(str(place_id))
    except ValueError:
        raise unknown("place") from None
