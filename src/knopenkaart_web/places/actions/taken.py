# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A place while a load takes a build over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from knopenkaart_web.places.models import Place


@dataclass
class Taken:
    """A place after a build was taken over, and what a human should look at: property -> (old, new)."""

    place: Place
    is_new: bool
    is_different: bool = False
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    contradicted: dict[str, tuple[Any, Any]] = field(default_factory=dict)
