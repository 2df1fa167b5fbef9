# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The profile wheel: a ring per theme, a segment per indicator, and no meaning that hangs on colour alone."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.paper.drawing import INK
from knopenkaart.paper.rendering import check_picture
from knopenkaart.paper.wheel import ON_DARK, TONES, WheelRing, WheelSegment, sign, wheel

from .pictures import NASTY, contrast, every, ids, luminance, numbers, size, texts, titles

THEMES = ("Bevolking", "Wonen en leefomgeving", "Onderwijs", "Werk en inkomen", "Veiligheid", "Zorg en welzijn", "Ontmoeting")
COLOURED = {tone: colour for tone, colour in TONES.items() if colour}


def ring(label: str, *tones: str, key: str = "") -> WheelRing:
    return WheelRing(label, [WheelSegment(f"{label} {index}", tone, "12 %", key) for index, tone in enumerate(tones)])


def draw(*rings: WheelRing, listed: bool = False, **given: str) -> str:
    return wheel(rings, title="Profiel", description="Vergeleken met Nederland", listed=listed, **given)


def test_every_segment_says_its_indicator_and_figure() -> None:
    svg = draw(ring("Onderwijs", "better", "worse"), ring("Veiligheid", "same"))
    assert titles(svg) == ["Profiel", "Onderwijs 0: 12 %", "Onderwijs 1: 12 %", "Veiligheid 0: 12 %"]


def test_every_ring_has_its_name_to_the_left_of_where_it_begins() -> None:
    svg = draw(*(ring(name, "same") for name in THEMES))
    names = [element for element in every(svg, "text") if element.text in THEMES]
    assert [element.text for element in names] == list(THEMES)
    assert all(element.attrib["text-anchor"] == "end" and float(element.attrib["x"]) < 300 for element in names)


def test_names_of_rings_stand_apart() -> None:
    svg = draw(*(ring(name, "same") for name in THEMES))
    heights = [float(element.attrib["y"]) for element in every(svg, "text") if element.text in THEMES]
    assert min(below - above for above, below in itertools.pairwise(heights)) >= 21


def test_a_long_name_is_written_smaller_so_that_it_stays_inside() -> None:
    long = "Huisvesting, woonomgeving en voorzieningen"
    found = list(every(draw(ring(long, "same"), ring("Kort", "same")), "text"))
    sizes = {element.text: float(element.attrib["font-size"]) for element in found}
    assert sizes[long] < sizes["Kort"] == 21


def test_the_quarter_of_the_names_stays_free_of_segments() -> None:
    svg = draw(ring("Onderwijs", *["better"] * 12), ring("Zorg", "worse"))
    for path in every(svg, "path"):
        if path.attrib.get("fill") in COLOURED.values():
            start = numbers(path.attrib["d"])[:2]
            assert start[0] >= 300 or start[1] >= 300


@pytest.mark.parametrize("tone", list(TONES))
def test_each_tone_has_a_sign_of_its_own(tone: str) -> None:
    assert [other for other in TONES if sign(other, 0, 0, 10) == sign(tone, 0, 0, 10)] == [tone]


def test_what_is_not_known_and_what_is_absent_are_not_filled_with_a_colour() -> None:
    svg = draw(ring("Zorg", "unknown", "absent"))
    assert not [path for path in every(svg, "path") if path.attrib.get("fill") in COLOURED.values()]
    assert "?" in texts(svg)


def test_a_tone_that_is_not_there_is_not_known() -> None:
    assert draw(ring("Zorg", "splendid")) == draw(ring("Zorg", "unknown"))


@pytest.mark.parametrize("colour", list(COLOURED.values()))
def test_colours_stand_out_from_the_white_around_them_and_the_sign_in_them(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 3


@pytest.mark.parametrize("tone", list(COLOURED))
def test_numbers_in_segments_can_be_read(tone: str) -> None:
    assert contrast(COLOURED[tone], "#ffffff" if tone in ON_DARK else INK) >= 4.5


def test_better_and_worse_differ_in_grey_print_too() -> None:
    assert luminance(TONES["worse"]) > 2 * luminance(TONES["better"])


def test_a_number_is_written_where_it_fits_and_always_said() -> None:
    wide, narrow = draw(ring("Zorg", "better", key="7")), draw(ring("Zorg", *["better"] * 60, key="7"))
    assert "7" in texts(wide)
    assert "7" not in texts(narrow)
    assert titles(narrow)[1] == "7. Zorg 0: 12 %"
    assert [part.attrib["data-key"] for part in every(wide, "g") if "data-key" in part.attrib] == ["7"]


def test_a_wheel_without_its_table_says_what_its_numbers_stand_for() -> None:
    rings = [
        WheelRing(
            "Zorg", [WheelSegment("Mantelzorgers", "more", "15 % (meer)", "1", "15 % tegen 12 %"), WheelSegment("Huisarts", "absent")]
        ),
        WheelRing("Leeg", [WheelSegment("Niets", "absent", "niet gepubliceerd")]),
    ]
    bare, full = draw(*rings), draw(*rings, listed=True)
    assert [item for item in texts(full) if item not in texts(bare)] == ["Mantelzorgers: 15 % tegen 12 %"]
    assert texts(full).count("Zorg") == 2
    assert texts(full).count("Leeg") == 1
    # A heading and one line: the second column may not begin with what goes on in the first.
    assert size(full)[1] == 600 + 16 + 2 * 17


@given(st.lists(st.integers(0, 9), max_size=7), st.text("abc ", min_size=1, max_size=90))
def test_a_list_holds_every_number_once_and_stays_inside(counts: list[int], label: str) -> None:
    numbers_given, rings = 0, []
    for count in counts:
        keys = range(numbers_given + 1, numbers_given + count + 1)
        rings.append(WheelRing("thema", [WheelSegment(label, "same", "", str(key)) for key in keys]))
        numbers_given += count
    svg = draw(*rings, listed=True)
    listed = [item for item in every(svg, "text") if item.attrib.get("font-size") == "13" and (item.text or "").isdigit()]
    assert sorted(int(item.text or "") for item in listed) == list(range(1, numbers_given + 1))
    assert all(float(item.attrib["y"]) < size(svg)[1] for item in every(svg, "text"))


def test_a_ring_without_figures_is_still_there() -> None:
    svg = draw(ring("Ontmoeting"), ring("Zorg", "same"))
    assert "Ontmoeting" in texts(svg)
    assert len(titles(svg)) == 2


def test_few_figures_of_many_are_not_lost_among_those_that_are_not_there() -> None:
    svg = draw(ring("Wonen"), ring("Werk", *["absent"] * 11, "worse"), ring("Zorg", *["absent"] * 9))
    found = next(item.attrib["d"] for item in every(svg, "path") if item.attrib.get("fill") == TONES["worse"])
    outer = numbers(found)[2]
    (right, down), (left, up) = numbers(found)[:2], numbers(found)[7:9]
    # Half of the ring of three quarters: from the top, and over the side at the right on to the side below.
    assert right > 300 > down
    assert min(left, up) > 300
    assert math.hypot(left - 300, up - 300) == pytest.approx(outer, abs=0.2)
    # And thicker than all else: what has no figure is a line of its name.
    assert outer - numbers(found)[11] > 55
    assert [item for item in titles(svg) if "Werk 0" in item] == ["; ".join(f"Werk {index}: 12 %" for index in range(11))]


def test_where_every_ring_has_figures_all_are_equally_thick() -> None:
    svg = draw(*(ring(name, "same", "absent") for name in THEMES))
    found = [numbers(item.attrib["d"]) for item in every(svg, "path") if item.attrib.get("fill") == TONES["same"]]
    assert len(found) == len(THEMES)
    assert len({round(path[2] - path[11]) for path in found}) == 1


def test_a_single_segment_goes_round_three_quarters_on_the_long_way() -> None:
    svg = draw(ring("Zorg", "same"))
    path = next(item.attrib["d"] for item in every(svg, "path") if item.attrib.get("fill") == TONES["same"])
    assert path.count(" 0 1 1 ") == 1
    assert path.count(" 0 1 0 ") == 1


def test_a_legend_and_a_source_make_it_higher_and_are_written() -> None:
    bare = draw(ring("Zorg", "same"))
    full = wheel(
        [ring("Zorg", "same")],
        title="Profiel",
        description="x",
        legend=[("same", "gelijk"), ("unknown", "onbekend")],
        source="Bron: CBS, 2024.",
    )
    assert size(bare) == (600, 600)
    assert size(full)[1] > 640
    assert {"gelijk", "onbekend", "Profiel", "Bron: CBS, 2024."} <= set(texts(full))


def test_two_wheels_on_a_page_share_no_id_and_the_same_wheel_is_always_the_same() -> None:
    first, second = draw(ring("Zorg", "unknown")), draw(ring("Zorg", "unknown", "same"))
    assert not set(ids(first)) & set(ids(second))
    assert first == draw(ring("Zorg", "unknown"))
    assert all(name.startswith("mine-") for name in ids(draw(ring("Zorg", "unknown"), prefix="mine")))


def test_no_wheel_at_all_is_a_picture_that_says_its_name() -> None:
    assert titles(draw()) == ["Profiel"]


def test_words_cannot_break_out() -> None:
    svg = wheel([ring(NASTY, "same")], title=NASTY, description=NASTY, source=NASTY, legend=[("same", NASTY)], prefix=NASTY)
    assert check_picture(svg)
    assert not every(svg, "script")


@given(st.lists(st.lists(st.sampled_from([*TONES, "?"]), max_size=30), max_size=9))
def test_any_profile_is_a_picture_with_one_part_per_figure_and_one_for_all_that_are_not_there_of_a_ring(profile: list[list[str]]) -> None:
    svg = draw(*(ring(f"thema {index}", *tones, key="1") for index, tones in enumerate(profile)))
    assert check_picture(svg) == (600, 600)
    lacking = [tones.count("absent") for tones in profile]
    assert len(titles(svg)) == 1 + sum(map(len, profile)) - sum(lacking) + sum(map(bool, lacking))
    assert "nan" not in svg
    for path in every(svg, "path"):
        assert all(math.isfinite(value) and -40 <= value <= 640 for value in numbers(path.attrib["d"]))
