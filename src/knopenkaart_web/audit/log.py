# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one way to add an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knopenkaart_web.audit.models import Event

SYSTEM = "system"


def write(
    action: str,
    *,
    actor: str,
    role: str,
    study: str,
    object_type: str,
    object_id: object,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Event:
    """Add an event inside the transaction of the action it tells of. `before` and `after` hold what differs (JSON values)."""
    return Event.objects.create(
        action=action,
        actor=actor,
        role=role,
        study=study,
        object_type=object_type,
        object_id=str(object_id),
        reason=reason.strip(),
        before=dict(before or {}),
        after=dict(after or {}),
    )
