# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A QR code as a drawing in the page, so that no file with a secret in it is made anywhere."""

from __future__ import annotations

import segno
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# White modules around the code, as the standard asks; scanners need them.
_QUIET = 4


def qr_svg(text: str, label: str = "QR") -> SafeString:
    """A text, such as a link, as a QR code: an SVG with a name, of the size that its surroundings give it, without styles."""
    drawn = segno.make(text, micro=False, error="m").svg_inline(
        border=_QUIET, omitsize=True, svgclass="kk-qr", lineclass=None, light="#fff"
    )
    named = drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)
    # segno writes numbers and names of its own only; the label is escaped.
    return mark_safe(named)  # noqa: S308
