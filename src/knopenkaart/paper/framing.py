# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A picture of a page made to stand alone: its title and source line drawn inside, around what was drawn already."""

from __future__ import annotations

import re
from xml.sax.saxutils import unescape

from knopenkaart.errors import InputError
from knopenkaart.paper.drawing import GROUND, num, stand_alone

# How pictures of this room begin (drawing.document); nothing else is framed.
_PICTURE = re.compile(
    r'<svg (?P<before>xmlns="[^"]*") viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)" width="[\d.]+" height="[\d.]+"(?P<after>[^>]*)>'
    r"(?P<names><title[^>]*>(?P<title>[^<]*)</title><desc[^>]*>[^<]*</desc>)(?P<body>.*)</svg>",
    re.DOTALL,
)


def title_of(svg: str) -> str:
    """The title of a picture that was drawn here. Raises InputError `picture.foreign` for another."""
    return unescape(_parts(svg)["title"], {"&quot;": '"'})


def framed(svg: str, *, source: str) -> str:
    """The picture with its title above and a source line below, as drawing.document makes it where it is given a source.

    Raises InputError `picture.foreign` where it was not drawn here.
    """
    parts = _parts(svg)
    width, height = float(parts["width"]), float(parts["height"])
    body, full = stand_alone(parts["body"], width=width, height=height, title=title_of(svg), source=source)
    size = f'viewBox="0 0 {num(width)} {num(full)}" width="{num(width)}" height="{num(full)}"'
    ground = f'<rect width="{num(width)}" height="{num(full)}" fill="{GROUND}"/>'
    return f"<svg {parts['before']} {size}{parts['after']}>{parts['names']}{ground}{body}</svg>"


def _parts(svg: str) -> re.Match[str]:
    found = _PICTURE.fullmatch(svg)
    if found is None:
        raise InputError("This is not a picture of Knopenkaart.", code="picture.foreign", remedy="Give a picture as this room draws it.")
    return found
