# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The mark of a place on paper: the symbol of its kind on the outline of its main function."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from xml.etree import ElementTree

BOX = 32.0
ICON_BOX = 15.0
ICON_SCALE = 1.2
FALLBACK = "meet"


@lru_cache(maxsize=1)
def families() -> dict[str, dict[str, str]]:
    """Function -> its outline (`shape`, SVG path in a box of 32) and `colour`."""
    return tomllib.loads(resources.files("knopenkaart.paper").joinpath("families.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=512)
def icon_paths(symbol: str) -> tuple[str, ...]:
    """The SVG paths of a symbol in a box of 15; none where the symbol was not built in (the outline then stands alone)."""
    file = resources.files("knopenkaart.vocabulary").joinpath("symbols", f"{symbol}.svg")
    if not file.is_file():
        return ()
    tree = ElementTree.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314
    return tuple(path.attrib["d"] for path in tree.iter() if path.tag.endswith("path") and "d" in path.attrib)


def mark(symbol: str, function: str, x: float, y: float, size: float) -> str:
    """The mark as an SVG group with its middle at (x, y), `size` wide, in the units of the drawing."""
    family = families().get(function) or families()[FALLBACK]
    scale = size / BOX
    offset = (BOX - ICON_BOX * ICON_SCALE) / 2
    icon = "".join(f'<path d="{path}" fill="#fff"/>' for path in icon_paths(symbol))
    return (
        f'<g transform="translate({x - size / 2:.2f} {y - size / 2:.2f}) scale({scale:.4f})">'
        f'<path d="{family["shape"]}" fill="{family["colour"]}" stroke="#fff" stroke-width="1.6"/>'
        f'<g transform="translate({offset:.2f} {offset:.2f}) scale({ICON_SCALE})">{icon}</g></g>'
    )


def mark_drawing(symbol: str, function: str) -> str:
    """The mark as an SVG document of its own, for a legend."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{mark(symbol, function, 16, 16, 32)}</svg>'
