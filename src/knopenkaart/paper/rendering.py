# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A picture of ours as PNG. As a program it reads the picture as JSON and writes the pixels: what serves pages need not load Typst."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from knopenkaart.errors import InputError
from knopenkaart.paper.apart import run_apart

MOST_BYTES, MOST_SECONDS, MOST_PIXELS = 4_000_000, 20.0, 40_000_000
LEAST_WIDTH, MOST_WIDTH = 100, 4000
SVG = "{http://www.w3.org/2000/svg}"
# All that the pictures of this room consist of; a thing that loads, runs or styles is not among them.
ELEMENTS = frozenset(
    f"{SVG}{name}" for name in ("svg", "title", "desc", "g", "defs", "pattern", "path", "rect", "circle", "text", "tspan", "use")
)
_OWN_PAINT = re.compile(r"url\(#[\w-]+\)")


def png(svg: str, width_px: int = 1280) -> bytes:
    """The picture `width_px` pixels wide, drawn in a process of its own.

    Raises InputError: `picture.size` (larger than 4 MB, or not 100 to 4000 wide, or too high), `picture.foreign` (not drawn here, or not
    well-formed), `run.broken` (failed, or took longer than 20 s).
    """
    width, height = check_picture(svg)
    if not LEAST_WIDTH <= width_px <= MOST_WIDTH or width_px * width_px * height / width > MOST_PIXELS:
        raise _too_large(f"A picture can be {LEAST_WIDTH} to {MOST_WIDTH} pixels wide and hold {MOST_PIXELS:,} pixels.")
    content = {"svg": svg, "width": width, "height": height, "width_px": width_px}
    return run_apart("knopenkaart.paper.rendering", content, seconds=MOST_SECONDS)


def check_picture(svg: str) -> tuple[float, float]:
    """Width and height of a picture that only holds what this room draws. Raises InputError `picture.size`, `picture.foreign`."""
    if len(svg.encode("utf-8", "replace")) > MOST_BYTES:
        raise _too_large(f"This picture is larger than {MOST_BYTES:,} bytes.")
    # A declaration can name files and grow without end; ours have none.
    if "<!" in svg or "<?" in svg:
        raise _foreign("it holds a declaration")
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314
    except ElementTree.ParseError as error:
        raise _foreign("it is not well-formed") from error
    for element in root.iter():
        _check_element(element)
    box = root.get("viewBox", "").split()
    if root.tag != f"{SVG}svg" or len(box) != 4:
        raise _foreign("it has no frame")
    try:
        width, height = float(box[2]), float(box[3])
    except ValueError as error:
        raise _foreign("its frame is not a number") from error
    if not (1 <= width <= 10_000 and 1 <= height <= 100_000):
        raise _foreign("its frame has no size")
    return width, height


def _check_element(element: ElementTree.Element) -> None:
    if element.tag not in ELEMENTS:
        raise _foreign(f"it holds {element.tag}")
    for name, value in element.attrib.items():
        if name == "style" or name.startswith(("on", "{")) or (name == "href" and not value.startswith("#")):
            raise _foreign(f"{element.tag} has {name}")
        if "url(" in value and not _OWN_PAINT.fullmatch(value):
            raise _foreign(f"{element.tag} points outside")


def _foreign(why: str) -> InputError:
    return InputError(
        f"This is not a picture of Knopenkaart: {why}.", code="picture.foreign", remedy="Give a picture as knopenkaart.paper draws it."
    )


def _too_large(message: str) -> InputError:
    return InputError(message, code="picture.size", remedy="Ask for a smaller picture.")


def _render(svg: str, *, width: float, height: float, width_px: int) -> bytes:
    import typst

    page = f'#set page(width: {width}pt, height: {height}pt, margin: 0pt)\n#image("picture.svg", width: {width}pt)'
    with tempfile.TemporaryDirectory(prefix="knopenkaart-") as scratch:
        folder = Path(scratch)
        (folder / "picture.svg").write_text(svg, encoding="utf-8")
        (folder / "page.typ").write_text(page, encoding="utf-8")
        # The fonts that come with Typst only, so that a picture is the same on every machine.
        drawn = typst.compile(folder / "page.typ", root=folder, format="png", ppi=72 * width_px / width, ignore_system_fonts=True)
    return bytes(drawn)


if __name__ == "__main__":
    asked = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(_render(asked["svg"], width=asked["width"], height=asked["height"], width_px=asked["width_px"]))
