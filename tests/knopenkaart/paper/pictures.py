# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Look into a picture: its elements, texts and colours."""

from __future__ import annotations

import re
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
# Texts that would break out of a picture.
NASTY = "\"><script>alert('x')</script> & 'Café' \x00\x0b]]>"


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def every(svg: str, name: str) -> list[ElementTree.Element]:
    return list(tree(svg).iter(f"{SVG}{name}"))


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in every(svg, "text")]


def titles(svg: str) -> list[str]:
    """What the parts of a picture say; the first is the name of the whole."""
    return [element.text or "" for element in every(svg, "title")]


def ids(svg: str) -> list[str]:
    return [element.attrib["id"] for element in tree(svg).iter() if "id" in element.attrib]


def size(svg: str) -> tuple[float, float]:
    box = tree(svg).attrib["viewBox"].split()
    return float(box[2]), float(box[3])


def numbers(path: str) -> list[float]:
    return [float(item) for item in re.findall(r"-?\d+(?:\.\d+)?", path)]


def contrast(first: str, second: str) -> float:
    """The ratio of WCAG 2.2 between two colours as #rrggbb."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
