# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is hidden of own tables cannot be told from what is shown, by an attacker that shares no code with what hides."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import own_attack
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knopenkaart.errors import InputError
from knopenkaart.hiding import Before, Hidden, People, hide_own, people_behind
from knopenkaart.tables import MONITOR_FIGURES

DIMENSIONS = {"young": "age", "old": "age", "alone": "household", "together": "household"}
BUURTEN = {"BU1": "WK1", "BU2": "WK1", "BU3": "WK2", "BU4": "WK2"}
Cell = tuple[str, str]


@dataclass(frozen=True)
class Somewhere:
    """An area, and where it lies."""

    code: str
    level: str
    wijk_code: str = ""
    municipality_code: str = "GM1"


AREAS = [
    Somewhere("GM1", "municipality"),
    *(Somewhere(code, "wijk") for code in ("WK1", "WK2")),
    *(Somewhere(code, "buurt", wijk) for code, wijk in BUURTEN.items()),
]


def table(
    cells: Mapping[Cell, tuple[int, int | None]], *, indicator: str = "own_debt", year: int = 2025, unit: str = "percent"
) -> pd.DataFrame:
    """Figures of (people who have it, people it is about)."""
    rows = []
    for (area, group), (count, of) in cells.items():
        value = 100 * count / of if unit == "percent" and of else float(count)
        rows.append({"area_code": area, "area_year": year, "indicator": indicator, "group": group, "year": year, "value": value,
                     "unit": unit, "n": of, "nature": "own", "reason": None, "source": "own"})  # fmt: skip
    return MONITOR_FIGURES.frame(rows)


def hide(figures: pd.DataFrame, *, secret: str = "a", before: Sequence[Before] = ()) -> Hidden:
    return hide_own(figures, areas=AREAS, dimensions=DIMENSIONS, secret=secret, before=before)


def shown(hidden: Hidden, *, indicator: str = "own_debt") -> set[Cell]:
    rows = hidden.figures[(hidden.figures["indicator"] == indicator) & hidden.figures["value"].notna()]
    return set(zip(rows["area_code"], rows["group"], strict=True))


# --- rules ----------------------------------------------------------------------------------------------------------------


def test_the_people_behind_a_share_are_reckoned_from_it() -> None:
    assert people_behind(12.5, 80, "percent") == People(10, 80)
    assert people_behind(40, None, "count") == People(40)
    assert people_behind(7.1, 33, "score") == People(33)


@pytest.mark.parametrize(("count", "of", "small"), [(9, 100, True), (10, 100, False), (90, 100, False), (91, 100, True), (0, 100, True)])
def test_a_share_is_small_where_fewer_than_ten_have_it_or_lack_it(count: int, of: int, small: bool) -> None:
    assert People(count, of).small is small


def test_a_small_figure_is_hidden_with_its_people_and_its_reason() -> None:
    found = hide(table({("WK1", "all"): (3, 100)}))
    row = found.figures.iloc[0]
    assert (row["value"] is pd.NA, row["n"] is pd.NA, row["reason"]) == (True, True, "hidden")
    assert (found.small, found.beside) == (1, 0)


def test_a_mean_of_fewer_than_ten_people_is_hidden() -> None:
    found = hide(table({("WK1", "all"): (0, 9), ("WK2", "all"): (0, 10)}, unit="score"))
    assert shown(found) == {("WK2", "all")}


def test_what_would_tell_a_small_figure_is_hidden_beside_it() -> None:
    found = hide(table({("GM1", "all"): (103, 1000), ("WK1", "all"): (100, 600), ("WK2", "all"): (3, 400)}))
    assert (found.small, found.beside) == (1, 1)


def test_groups_of_another_dimension_do_not_tell_it_either() -> None:
    cells = {("WK1", "young"): (3, 300), ("WK1", "old"): (97, 300), ("WK1", "alone"): (50, 200), ("WK1", "together"): (50, 400)}
    found = hide(table(cells))
    assert len(shown(found)) < 3, "100 = 50 + 50 would tell 3 = 100 - 97"


def test_where_nothing_is_small_nothing_is_hidden() -> None:
    found = hide(table({("GM1", "all"): (300, 1000), ("WK1", "all"): (200, 600), ("WK2", "all"): (100, 400)}))
    assert (found.small, found.beside, len(shown(found))) == (0, 0, 3)


def test_a_total_that_is_published_elsewhere_is_known_to_the_reader() -> None:
    """Of 60 with an allowance, 57 are young: who reads at CBS that there are 60 knows of the 3 old ones. Of an own indicator nobody can."""
    cells = {("WK1", "young"): (57, None), ("WK1", "old"): (3, None)}
    assert shown(hide(table(cells, indicator="social_assistance", unit="count")), indicator="social_assistance") == set()
    assert shown(hide(table(cells, unit="count"))) == {("WK1", "young")}


def test_single_countries_make_up_everybody_only_with_everybody_else() -> None:
    """Of 103 with an allowance 3 come from Syria. With everybody else beside it, the published total tells."""
    counts = {"origin_country_turkey": 40, "origin_country_syria": 3, "origin_country_other": 60}
    of = dict.fromkeys(counts, "origin_country")

    def left(names: Sequence[str], dimensions: Mapping[str, str]) -> set[str]:
        figures = table({("WK1", name): (counts[name], None) for name in names}, indicator="social_assistance", unit="count")
        found = hide_own(figures, areas=AREAS, dimensions=dimensions, secret="a")
        return {group for _, group in shown(found, indicator="social_assistance")}

    assert left(list(of)[:2], of) == {"origin_country_turkey"}
    # A country that the table leaves out is among everybody else.
    more = {**of, "origin_country_poland": "origin_country"}
    assert left(list(of), more) < {"origin_country_turkey", "origin_country_other"}


def test_a_published_total_of_a_larger_area_is_known_as_well() -> None:
    """Of 65 in WK1 60 live in the one buurt: who reads the 65 at CBS knows of the five in the other. WK2 tells nothing of them."""
    cells = {("BU1", "all"): (5, None), ("BU2", "all"): (60, None), ("BU3", "all"): (30, None), ("WK2", "all"): (70, None)}
    found = shown(hide(table(cells, indicator="social_assistance", unit="count")), indicator="social_assistance")
    assert found >= {("BU3", "all")}
    assert not found & {("BU1", "all"), ("BU2", "all")}
    # Of an own indicator nobody publishes a total.
    assert ("BU2", "all") in shown(hide(table({cell: cells[cell] for cell in (("BU1", "all"), ("BU2", "all"))}, unit="count")))


def test_what_was_hidden_for_one_total_is_not_hidden_again_for_a_larger_one() -> None:
    """The buurt beside the small one keeps both the total of the wijk and that of the municipality from telling it."""
    cells = {("BU1", "all"): (5, None), ("BU2", "all"): (60, None), ("BU3", "all"): (30, None), ("BU4", "all"): (40, None)}
    for secret in "abcdef":
        found = hide(table(cells, indicator="social_assistance", unit="count"), secret=secret)
        assert shown(found, indicator="social_assistance") == {("BU3", "all"), ("BU4", "all")}


def test_a_number_per_1000_is_a_number_of_people() -> None:
    """6 per 1,000 of 500 people are three people."""
    cells = {("WK1", "all"): (6, 500), ("WK2", "all"): (30, 500)}
    found = hide(table(cells, unit="per_1000"))
    assert shown(found) == {("WK2", "all")}


def test_a_published_total_hides_no_more_than_it_tells() -> None:
    """Some people of the municipality are in neither wijk, and nothing is small: as with an own indicator."""
    cells = {(area, group): (many, None) for area, many in (("WK1", 100), ("WK2", 200), ("GM1", 330)) for group in ("young", "old")}
    assert shown(hide(table(cells, indicator="social_assistance", unit="count")), indicator="social_assistance") == set(cells)


def test_parts_of_a_whole_under_several_names_do_not_tell_of_one_another() -> None:
    """Low 5, middle 45 and high 50 of 100: two of them tell the third. With low and middle hidden, low may be any number up to 50."""
    names = {"own_low": 5, "own_middle": 45, "own_high": 50}
    found = hide(pd.concat([table({("WK1", "all"): (many, 100)}, indicator=name) for name, many in names.items()], ignore_index=True))
    assert shown(found, indicator="own_low") == set()
    assert sum(bool(shown(found, indicator=name)) for name in names) == 1
    assert (found.small, found.beside) == (1, 1)


def test_parts_of_a_whole_stay_shown_where_none_of_them_is_small() -> None:
    names = {"own_low": 15, "own_middle": 40, "own_high": 45}
    found = hide(pd.concat([table({("WK1", "all"): (many, 100)}, indicator=name) for name, many in names.items()], ignore_index=True))
    assert (found.small, found.beside) == (0, 0)


def test_parts_that_came_in_with_another_table_still_hide_one_another() -> None:
    """What was shown stays shown, so what comes after it is hidden."""
    first = hide(table({("WK1", "all"): (50, 100)}, indicator="own_high"))
    rest = [table({("WK1", "all"): (many, 100)}, indicator=name) for name, many in (("own_low", 5), ("own_middle", 45), ("own_high", 50))]
    found = hide(pd.concat(rest, ignore_index=True), before=first.released)
    assert shown(found, indicator="own_high") == {("WK1", "all")}
    assert shown(found, indicator="own_low") | shown(found, indicator="own_middle") == set()


def test_who_is_in_no_group_of_the_table_is_not_told_either() -> None:
    found = hide(table({("WK1", "all"): (60, 500), ("WK1", "young"): (56, 480)}))
    assert len(shown(found)) < 2, "four of the twenty others have it"


def test_a_count_and_its_share_hide_the_same() -> None:
    cells = {("GM1", "all"): (103, 1000), ("WK1", "all"): (100, 600), ("WK2", "all"): (3, 400)}
    counts = {cell: (count, None) for cell, (count, _) in cells.items()}
    together = pd.concat([table(cells), table(counts, indicator="own_debtors", unit="count")], ignore_index=True)
    for secret in "abcdef":
        found = hide(MONITOR_FIGURES.check(together), secret=secret)
        assert shown(found) == shown(found, indicator="own_debtors")


def test_missing_stays_missing() -> None:
    figures = table({("WK1", "all"): (30, 100), ("WK2", "all"): (30, 100)})
    figures.loc[1, ["value", "n"]] = pd.NA
    figures.loc[1, "reason"] = "missing"
    found = hide(figures)
    assert list(found.figures["reason"].fillna("")) == ["", "missing"]


# --- again ---------------------------------------------------------------------------------------------------------------

THREE = {("GM1", "all"): (103, 1000), ("WK1", "all"): (100, 600), ("WK2", "all"): (3, 400)}


def test_the_same_table_again_shows_the_same_whatever_the_lot() -> None:
    first = hide(table(THREE))
    kept = [Before.from_dict(item.to_dict()) for item in first.released]
    for secret in "bcdefgh":
        assert shown(hide(table(THREE), secret=secret, before=kept)) == shown(first)


def test_more_of_the_same_is_decided_with_what_was_shown() -> None:
    """The municipality was shown; later its wijken come: one of them small, so neither may be told."""
    first = hide(table({("GM1", "all"): (103, 1000)}))
    later = hide(table(THREE), before=first.released)
    assert shown(later) == {("GM1", "all")}


def test_another_name_for_the_same_people_tells_no_more() -> None:
    first = hide(table(THREE))
    for secret in "bcdefgh":
        later = hide(table(THREE, indicator="own_again"), secret=secret, before=first.released)
        assert shown(later, indicator="own_again") == shown(first)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({("GM1", "all"): (103, 1000)}, {("WK1", "all"): (100, 600), ("WK2", "all"): (3, 400)}),
        ({("GM1", "all"): (103, 1000)}, {("WK1", "all"): (100, 600)}),
        ({("WK1", "all"): (100, 600)}, {("GM1", "all"): (103, 1000)}),
        ({("GM1", "all"): (103, 1000)}, {("BU1", "all"): (60, 300), ("BU2", "all"): (40, 300), ("WK2", "all"): (3, 400)}),
        ({("WK1", "all"): (63, 500)}, {("WK1", "young"): (60, 300), ("WK1", "old"): (3, 200)}),
    ],
)
def test_another_name_for_the_parts_of_what_was_shown_tells_no_more(before: dict[Cell, Any], after: dict[Cell, Any]) -> None:
    """No cell is in both; what is shown of both together would leave three people over."""
    first = hide(table(before))
    assert shown(first) == set(before)
    later = hide(table(after, indicator="own_again"), before=first.released)
    gone = set(after) - shown(later, indicator="own_again")
    assert {cell for cell, (count, _) in after.items() if count >= 10} & gone, "one of the others is hidden too"


def test_another_name_for_those_who_have_it_not_tells_no_more() -> None:
    first = hide(table({("GM1", "all"): (103, 1000)}))
    lacking = {("WK1", "all"): (500, 600), ("WK2", "all"): (397, 400)}
    assert shown(hide(table(lacking, indicator="own_without"), before=first.released), indicator="own_without") == set()


def test_two_names_in_one_table_are_told_by_their_sums_too() -> None:
    parts = {("WK1", "all"): (100, 600), ("WK2", "all"): (3, 400)}
    both = pd.concat([table({("GM1", "all"): (103, 1000)}), table(parts, indicator="own_again")], ignore_index=True)
    found = hide(MONITOR_FIGURES.check(both))
    assert len(shown(found)) + len(shown(found, indicator="own_again")) < 2


def test_another_matter_of_another_size_is_decided_by_itself() -> None:
    first = hide(table({("GM1", "all"): (203, 1000)}))
    for parts in ({("WK1", "all"): (100, 600)}, {("WK1", "all"): (250, 600)}, {("WK1", "all"): (200, 2000)}):
        assert shown(hide(table(parts, indicator="own_other"), before=first.released), indicator="own_other") == set(parts)


def test_a_figure_that_changed_by_a_few_people_is_refused() -> None:
    first = hide(table({("WK1", "all"): (100, 600)}))
    with pytest.raises(InputError) as refused:
        hide(table({("WK1", "all"): (104, 600)}), before=first.released)
    assert (refused.value.code, refused.value.faults[0].value) == ("own.changed", "WK1")
    assert shown(hide(table({("WK1", "all"): (130, 600)}), before=first.released)) == {("WK1", "all")}


def test_a_figure_that_comes_back_almost_as_it_was_is_refused() -> None:
    """50, then 70, then 52: who saw the first and the third knows of two people."""
    before: tuple[Before, ...] = ()
    for many in (50, 70):
        before = tuple(Before.from_dict(item.to_dict()) for item in hide(table({("WK1", "all"): (many, 600)}), before=before).released)
    with pytest.raises(InputError, match="fewer than ten people"):
        hide(table({("WK1", "all"): (52, 600)}), before=before)
    assert shown(hide(table({("WK1", "all"): (50, 600)}), before=before)) == {("WK1", "all")}


def test_what_was_shown_is_kept_when_it_is_hidden_later() -> None:
    first = hide(table({("WK1", "all"): (50, 600)}))
    second = hide(table({("WK1", "all"): (5, 600)}), before=first.released)
    (kept,) = second.released
    assert (kept.cells, kept.older) == (
        {("WK1", "all"): (People(5, 600), False)},
        {("WK1", "all"): frozenset({People(50, 600)})},
    )


def test_two_studies_of_a_municipality_hide_the_same() -> None:
    """What the other study shows is known to the same readers: with another lot the small number would be told."""
    for secret in "bcdefgh":
        other = hide(table(THREE), secret="a")
        found = hide(table(THREE), secret=secret, before=other.released)
        assert shown(found) == shown(other)
        again = hide(table(THREE), secret="x", before=(*other.released, *found.released))
        assert shown(again) == shown(other)


def test_another_year_is_another_matter() -> None:
    first = hide(table({("WK1", "all"): (100, 600)}))
    assert shown(hide(table({("WK1", "all"): (104, 600)}, year=2026), before=first.released)) == {("WK1", "all")}


# --- an attacker -----------------------------------------------------------------------------------------------------------


INSIDE = {"GM1": ["WK1", "WK2"]} | {wijk: [code for code, home in BUURTEN.items() if home == wijk] for wijk in ("WK1", "WK2")}
GROUPS = {name: [group for group, of in DIMENSIONS.items() if of == name] for name in ("age", "household")}


def most(cell: Cell, cells: Mapping[Cell, tuple[int, int]], told: set[Cell], *, lacking: bool, absent: Collection[Cell] = ()) -> int:
    """The most people that a cell can have (or lack), see own_attack."""
    adding_up = own_attack.sums(cells, inside=INSIDE, groups=GROUPS)
    return own_attack.most(cell, cells, told, adding_up=adding_up, lacking=lacking, absent=absent)


@st.composite
def municipalities(draw: st.DrawFn) -> dict[Cell, tuple[int, int]]:
    """People in four buurten by age and household, with small numbers; and all sums."""
    cells: dict[Cell, list[int]] = {}
    for buurt, age, home in product(BUURTEN, ("young", "old"), ("alone", "together")):
        of = draw(st.integers(0, 60))
        count = draw(st.one_of(st.integers(0, min(of, 4)), st.integers(0, of)))
        for area, group in product((buurt, BUURTEN[buurt], "GM1"), ("all", age, home)):
            cell = cells.setdefault((area, group), [0, 0])
            cell[0] += count
            cell[1] += of
    return {cell: (count, of) for cell, (count, of) in cells.items() if of}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(municipalities(), st.sampled_from("abc"), st.data())
def test_whatever_the_table_no_small_number_can_be_told(cells: dict[Cell, tuple[int, int]], secret: str, data: st.DataObject) -> None:
    """Some cells may be absent from the table: the attacker knows that they exist."""
    absent = data.draw(st.one_of(st.just(set()), st.sets(st.sampled_from(sorted(cells)), max_size=8)) if cells else st.just(set()))
    there = {cell: people for cell, people in cells.items() if cell not in absent}
    told = shown(hide(table(there), secret=secret))
    for cell, (count, of) in there.items():
        if cell in told:
            assert count >= 10
            assert of - count >= 10
            continue
        if count < 10:
            assert most(cell, cells, told, lacking=False, absent=absent) >= min(10, of), f"{cell} is below ten for sure"
        if of - count < 10:
            assert most(cell, cells, told, lacking=True, absent=absent) >= min(10, of), f"of {cell} fewer than ten lack it for sure"


@pytest.mark.parametrize("groups", [("young", "old"), ("all",), ("young", "old", "all")])
@pytest.mark.parametrize("levels", [("BU",), ("BU", "WK"), ("WK",)])
@pytest.mark.parametrize("of_groups", [True, False])
def test_totals_that_are_published_elsewhere_tell_no_more(levels: tuple[str, ...], groups: tuple[str, ...], of_groups: bool) -> None:
    """Who reads the totals of larger areas and of everybody at CBS, all together, tells only what these tell without the table."""
    adding_up, hidden = own_attack.sums(drawn(0), inside=INSIDE, groups={"age": ("young", "old")}), 0
    for seed in range(24):
        cells = drawn(seed)
        there = {cell: people for cell, people in cells.items() if cell[0][:2] in levels and cell[1] in groups}
        figures = table(there, indicator="social_assistance")
        found = hide_own(figures, areas=AREAS, dimensions={"young": "age", "old": "age"}, secret="a")
        told = shown(found, indicator="social_assistance")
        # Only sums of what the table tells: what is published of parts of its own cells it does not know of.
        sums = {"BU": ("BU", "WK", "GM"), "WK": ("WK", "GM")}[levels[0]]
        above = {cell for cell in cells if cell not in there and cell[0][:2] in sums and cell[1] in (*groups, "all")}
        known = {cell for cell in above if cells[cell][0] >= 10 and (of_groups or cell[1] == "all")}
        for cell, (count, of) in there.items():
            if count >= 10 or cell in told:
                continue
            need = min(10, of)
            if own_attack.most(cell, cells, known, adding_up=adding_up, lacking=False) >= need:
                hidden += 1
                found_out = own_attack.most(cell, cells, told | known, adding_up=adding_up, lacking=False) < need
                assert not found_out, f"{cell} is below {need} for sure"
    assert hidden


@pytest.mark.parametrize("levels", [("BU",), ("BU", "WK"), ("BU", "WK", "GM"), ("WK", "GM")])
def test_parts_of_a_whole_tell_no_more_with_their_sums_over_areas(levels: tuple[str, ...]) -> None:
    """Low, middle and high of everybody in each area: what is left of one area is told by another indicator in another area."""
    names, hidden = ("own_low", "own_middle", "own_high"), 0
    for seed in range(12):
        rng, cells = random.Random(seed), dict[Cell, tuple[int, int]]()
        for buurt, wijk in BUURTEN.items():
            of = rng.choice((40, 90, 300))
            low = rng.choice((rng.randint(0, 6), rng.randint(0, of // 2)))
            middle = rng.randint(0, of - low)
            for area, (name, count) in product(
                (buurt, wijk, "GM1"), zip((*names, "all"), (low, middle, of - low - middle, of), strict=True)
            ):
                have = cells.get((area, name), (0, 0))
                cells[area, name] = (have[0] + count, have[1] + of)
        there = {cell: people for cell, people in cells.items() if cell[0][:2] in levels}
        figures = [table({(area, "all"): there[area, of] for area, of in there if of == name}, indicator=name) for name in names]
        found = hide(MONITOR_FIGURES.check(pd.concat(figures, ignore_index=True)))
        told = {(area, name) for name in names for area, _ in shown(found, indicator=name)}
        known = told | {cell for cell in cells if cell[1] == "all"}
        adding_up = own_attack.sums(cells, inside=INSIDE, groups={"education": names})
        for cell in there.keys() - known:
            count, of = cells[cell]
            for number, lacking in ((count, False), (of - count, True)):
                if number < min(10, of):
                    hidden += 1
                    assert own_attack.most(cell, cells, known, adding_up=adding_up, lacking=lacking) >= min(10, of), cell
    assert hidden


def test_what_is_hidden_of_a_part_is_hidden_of_the_same_under_another_name() -> None:
    """The share is hidden beside low and high; as a number of people it would tell as much."""
    shares = {"own_low": 5, "own_middle": 45, "own_high": 50}
    figures = [table({("WK1", "all"): (many, 100)}, indicator=name) for name, many in shares.items()]
    figures += [table({("WK1", "all"): (many, None)}, indicator=f"{name}_count", unit="count") for name, many in shares.items()]
    found = hide(MONITOR_FIGURES.check(pd.concat(figures, ignore_index=True)))
    for name in shares:
        assert shown(found, indicator=name) == shown(found, indicator=f"{name}_count")
    assert sum(bool(shown(found, indicator=name)) for name in shares) == 1


def drawn(seed: int) -> dict[Cell, tuple[int, int]]:
    """People in four buurten by age, many of them few, with all sums."""
    rng, cells = random.Random(seed), dict[Cell, tuple[int, int]]()
    for buurt, group in product(BUURTEN, ("young", "old")):
        of = rng.choice((12, 40, 90, 300))
        count = rng.choice((rng.randint(0, 4), rng.randint(0, min(of, 40)), rng.randint(0, of)))
        for cell in product((buurt, BUURTEN[buurt], "GM1"), (group, "all")):
            have = cells.get(cell, (0, 0))
            cells[cell] = (have[0] + count, have[1] + of)
    return cells


def test_the_attacker_finds_what_is_not_protected() -> None:
    """Where only the small number itself is hidden, it is told: the test above can fail."""
    cells = {("GM1", "all"): (103, 1000), ("WK1", "all"): (100, 600), ("WK2", "all"): (3, 400)}
    assert most(("WK2", "all"), cells, {("GM1", "all"), ("WK1", "all")}, lacking=False) == 3


@pytest.mark.parametrize("at_once", [True, False])
def test_origin_and_country_of_origin_are_not_told_of_one_indicator(at_once: bool) -> None:
    """60 from outside Europe, 55 of them from Turkey: five are from elsewhere, whatever is hidden."""
    dimensions = {"origin_outside_europe": "origin", "country_turkey": "origin_country"}
    origin, country = table({("GM1", "origin_outside_europe"): (60, 200)}), table({("GM1", "country_turkey"): (55, 150)})
    first = hide_own(origin, areas=AREAS, dimensions=dimensions, secret="a")
    both = MONITOR_FIGURES.check(pd.concat([origin, country], ignore_index=True)) if at_once else country
    with pytest.raises(InputError) as refused:
        hide_own(both, areas=AREAS, dimensions=dimensions, secret="a", before=() if at_once else first.released)
    assert (refused.value.code, refused.value.faults[0].value) == ("own.inside", "own_debt")
    other_year = table({("GM1", "country_turkey"): (55, 150)}, year=2024)
    assert hide_own(other_year, areas=AREAS, dimensions=dimensions, secret="a", before=first.released).figures["value"].notna().all()
