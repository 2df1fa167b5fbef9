# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pictures as PNG: of the size that was asked for, only ours, and in a process of its own."""

from __future__ import annotations

import struct
import subprocess
import sys

import pytest

from knopenkaart.errors import InputError
from knopenkaart.paper.apart import run_apart
from knopenkaart.paper.drawing import document, text
from knopenkaart.paper.rendering import check_picture, png
from knopenkaart.paper.wheel import WheelRing, WheelSegment, wheel

PICTURE = document(text("Café 'Zorg' & <welzijn>", 10, 30), width=200, height=100, title="Profiel", description="x", source="Bron: CBS")
NAMESPACE = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"'


def pixels(image: bytes) -> tuple[int, int]:
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", image[16:24])
    return width, height


@pytest.mark.parametrize("width", [300, 1280])
def test_it_is_as_wide_as_asked_and_keeps_its_proportions(width: int) -> None:
    across, high = check_picture(PICTURE)
    image = pixels(png(PICTURE, width))
    assert image == (pytest.approx(width, abs=1), pytest.approx(width * high / across, abs=1))


def test_the_same_picture_is_always_the_same_bytes() -> None:
    svg = wheel([WheelRing("Zorg", [WheelSegment("a", "unknown"), WheelSegment("b", "better")])], title="x", description="x")
    assert png(svg, 300) == png(svg, 300)


@pytest.mark.parametrize("width", [0, -5, 99, 4001])
def test_a_width_out_of_range_is_refused(width: int) -> None:
    with pytest.raises(InputError) as error:
        png(PICTURE, width)
    assert error.value.code == "picture.size"


def test_a_picture_with_too_many_pixels_or_bytes_is_refused() -> None:
    with pytest.raises(InputError) as error:
        png(document("", width=100, height=4000, title="x", description="x"), 2000)
    assert error.value.code == "picture.size"
    with pytest.raises(InputError) as error:
        png(document(text("x" * 4_000_001, 0, 0), width=100, height=40, title="x", description="x"))
    assert error.value.code == "picture.size"


@pytest.mark.parametrize(
    "svg",
    [
        "",
        "<svg",
        "not a picture",
        f"<html {NAMESPACE}/>",
        '<svg viewBox="0 0 10 10"/>',
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 a b"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 nan nan"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 10"/>',
        f"<svg {NAMESPACE}><script>x</script></svg>",
        f"<svg {NAMESPACE}><image href='file:///etc/passwd'/></svg>",
        f"<svg {NAMESPACE}><foreignObject/></svg>",
        f"<svg {NAMESPACE}><style>x</style></svg>",
        f"<svg {NAMESPACE}><use href='other.svg#x'/></svg>",
        f"<svg {NAMESPACE} xmlns:xlink='http://www.w3.org/1999/xlink'><use xlink:href='#x'/></svg>",
        f"<svg {NAMESPACE}><rect style='fill:url(x)'/></svg>",
        f"<svg {NAMESPACE}><rect fill='url(http://example.org/x)'/></svg>",
        f"<svg {NAMESPACE}><rect onclick='x()'/></svg>",
        f'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg {NAMESPACE}><text>&a;</text></svg>',
        f'<?xml-stylesheet href="x.css"?><svg {NAMESPACE}/>',
    ],
)
def test_what_this_room_did_not_draw_is_refused(svg: str) -> None:
    with pytest.raises(InputError) as error:
        png(svg)
    assert error.value.code == "picture.foreign"


def test_a_program_that_fails_is_an_error_with_what_it_said_last() -> None:
    with pytest.raises(InputError, match="KeyError") as error:
        run_apart("knopenkaart.paper.rendering", {}, seconds=20)
    assert error.value.code == "run.broken"


def test_a_program_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(command: list[str], **given: object) -> subprocess.CompletedProcess[bytes]:
        raise subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(InputError) as error:
        run_apart("knopenkaart.paper.rendering", {}, seconds=1)
    assert error.value.code == "run.broken"


def test_drawing_loads_neither_typst_nor_arrays() -> None:
    names = "wheel, dots, lines, shaded, rendering, area_report"
    heavy = "{'typst', 'numpy', 'pandas', 'shapely', 'geopandas'}"
    program = f"import sys; from knopenkaart.paper import {names}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
