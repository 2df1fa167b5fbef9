# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which of our own counts may be shown: none of fewer than ten, nor anything from which one follows."""

from __future__ import annotations

from knopenkaart.suppress.deciding import Past, release, replacement

__all__ = ["Past", "release", "replacement"]
