# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Why a write was refused; the page shows the translated text of the code and the faults beside their fields."""

from __future__ import annotations

from knopenkaart.errors import InputError


class UnknownError(InputError):
    """The study, place, item, event or draft is not there."""


class ConflictError(InputError):
    """Somebody else was earlier: what was shown is no longer what stands there."""


def unknown(what: str) -> UnknownError:
    """What a write was about is not there."""
    return UnknownError(f"There is no such {what}.", code=f"{what}.unknown")
