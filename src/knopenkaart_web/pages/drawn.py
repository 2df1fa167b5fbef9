# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Drawings of the paper room in a page: the one place that vouches for them, and how wide a bar is."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

_FULL = 100.0


def drawn(svg: str) -> SafeString:
    """What the paper room draws escapes every text and holds nothing but shapes, so that it may stand in a page."""
    return mark_safe(svg)  # noqa: S308


def bar_width(value: float | None, largest: float) -> str:
    """The length of a bar in per cent of the largest, as text: a template would write a decimal comma in Dutch, which is no number in SVG.

    >>> bar_width(1, 3), bar_width(None, 3), bar_width(0, 0)
    ('33.3', '0.0', '0.0')
    """
    return f"{_FULL * (value or 0) / largest if largest else 0.0:.1f}"
