# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Own counts are released once: small ones hidden with enough beside them, added up from what is shown, replaced by a far step only."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from knopenkaart.privacy import Cell, Dimension, Figures, Release, answer, joined, lifted, shown_estimate, total, tree
from knopenkaart.suppress import Past, release, replacement

SLOT = tree("slot", "week", {"mo": ["mo_morning", "mo_evening"], "tu": ["tu_morning", "tu_evening"]})
GROUP = tree("group", "all", ["young", "old"])
FLAT = tree("group", "all", ["a", "b", "c", "d"])


def flat(a: int, b: int, c: int, d: int) -> Figures:
    return Figures((FLAT,), {("a",): a, ("b",): b, ("c",): c, ("d",): d})


def week(**people: tuple[int, int]) -> Figures:
    counts: dict[Cell, int] = {}
    for slot, (young, old) in people.items():
        counts |= {(slot, "young"): young, (slot, "old"): old}
    return Figures((SLOT, GROUP), counts)


BUSY = week(mo_morning=(30, 40), mo_evening=(25, 31), tu_morning=(50, 12), tu_evening=(14, 19))


def secrets(figures: Figures, many: int = 60) -> list[Release]:
    return [release(figures, secret=f"secret {number}") for number in range(many)]


# --- trees --------------------------------------------------------------------------------------------------------------


def test_a_tree_knows_what_lies_below() -> None:
    assert SLOT.top == "week"
    assert SLOT.children["mo"] == ("mo_morning", "mo_evening")
    assert SLOT.leaves["tu"] == {"tu_morning", "tu_evening"}


@pytest.mark.parametrize(
    "parents", [{"a": None, "b": None}, {"a": "b", "b": "a"}, {"a": None, "b": "c"}, {"top": None, "a": "b", "b": "a"}, {}]
)
def test_what_is_no_tree_is_refused(parents: Mapping[str, str | None]) -> None:
    with pytest.raises(ValueError, match="no tree"):
        Dimension("x", parents)


def test_a_node_stands_in_a_tree_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        tree("slot", "week", {"mo": ["early"], "tu": ["early"]})


@pytest.mark.parametrize("counts", [{("week", "young"): 3}, {("mo_morning",): 3}, {("mo_morning", "young"): -1}])
def test_figures_that_do_not_fit_are_refused(counts: dict[Cell, int]) -> None:
    with pytest.raises(ValueError, match=r"cells|numbers"):
        Figures((SLOT, GROUP), counts)


# --- what is shown ------------------------------------------------------------------------------------------------------


def test_figures_without_small_counts_are_shown_as_they_are() -> None:
    found = release(BUSY, secret="one")
    assert found.shown == {cell: BUSY.value(cell) for cell in BUSY.made_of}
    assert found.shown["week", "all"] == 221
    assert found.shown["mo", "young"] == 55


@pytest.mark.parametrize("small", [0, 1, 9])
def test_a_small_count_is_hidden_and_so_is_zero_and_never_alone(small: int) -> None:
    for found in secrets(flat(small, 40, 25, 60)):
        assert ("a",) not in found.shown
        assert len(found.shown) <= 3, "with all the others shown it would be their difference"


def test_among_many_secrets_each_other_cell_is_the_one_that_goes_too() -> None:
    """If it were always the smallest, or the first, its place would tell which of the hidden ones is small."""
    hidden = {cell for found in secrets(flat(3, 11, 12, 14), 200) for cell in flat(3, 11, 12, 14).made_of if cell not in found.shown}
    assert hidden == {("all",), ("a",), ("b",), ("c",), ("d",)}


def test_small_cells_are_rather_hidden_than_large_ones() -> None:
    figures = flat(3, 11, 500, 700)
    assert sum(("b",) not in found.shown for found in secrets(figures)) > 55
    assert sum(("all",) in found.shown for found in secrets(figures)) > 55


def test_small_ones_that_make_ten_together_need_no_other() -> None:
    shown = [set(found.shown) for found in secrets(flat(4, 7, 25, 60))]
    assert sum(cells == {("all",), ("c",), ("d",)} for cells in shown) > 50


def test_nine_in_all_show_nothing() -> None:
    assert release(flat(2, 3, 4, 0), secret="one").shown == {}


def test_the_same_secret_gives_the_same_release() -> None:
    assert release(BUSY, secret="one") == release(BUSY, secret="one")
    small = flat(3, 11, 12, 14)
    assert len({tuple(found.shown) for found in secrets(small)}) > 1


def test_what_is_not_offered_is_not_shown() -> None:
    assert set(release(BUSY, secret="one", offered=[("week", "all"), ("mo", "all")]).shown) == {("week", "all"), ("mo", "all")}


def test_a_daypart_that_does_not_exist_hides_nothing() -> None:
    closed = week(mo_morning=(30, 40), tu_morning=(50, 12))
    found = release(closed, secret="one")
    assert ("mo_evening", "all") not in found.shown
    assert found.shown["mo", "all"] == 70


def test_a_crossing_hides_along_both_sides() -> None:
    """3 young on Monday morning: with three corners of the square shown, the fourth would follow."""
    figures = week(mo_morning=(3, 40), mo_evening=(25, 31), tu_morning=(50, 12), tu_evening=(14, 19))
    for found in secrets(figures, 20):
        assert {("mo_morning", "old"), ("mo_morning", "all")} - set(found.shown), "all minus old"
        assert {("mo_evening", "young"), ("mo", "young")} - set(found.shown), "the day minus the evening"


def test_an_estimate_of_few_people_counted_is_hidden_whatever_it_is_itself() -> None:
    """12 visits per week that stand for 3 people counted."""
    counts = {("a",): 12, ("b",): 40, ("c",): 40, ("d",): 80}
    weights = dict.fromkeys(counts, 4.0)
    for found in secrets(Figures((FLAT,), counts, weights), 20):
        assert ("a",) not in found.shown
        assert len(found.shown) < 4


# --- questions ----------------------------------------------------------------------------------------------------------


SOME = Release((SLOT, GROUP), {("week", "all"): 200, ("mo", "all"): 90, ("mo_morning", "young"): 20, ("mo_evening", "young"): 15})


def test_a_question_is_answered_from_what_is_shown() -> None:
    assert answer(SOME) == 200
    assert answer(SOME, slot="mo") == 90
    assert answer(SOME, slot=["mo_morning", "mo_evening"]) == 90, "both dayparts are the day"
    assert answer(SOME, slot="mo", group="young") == 35, "added up from its dayparts"
    assert answer(SOME, slot=["mo", "mo_morning"], group="young") == 35, "nothing is counted twice"


@pytest.mark.parametrize("asked", [{"slot": "tu"}, {"slot": ["mo", "tu_morning"]}, {"group": "young"}, {"slot": "mo", "group": "old"}])
def test_what_is_hidden_is_not_reckoned(asked: dict[str, str]) -> None:
    """Tuesday would be the week minus Monday; pages do not subtract."""
    assert answer(SOME, **asked) is None


@pytest.mark.parametrize("asked", [{"day": "mo"}, {"slot": "sunday"}])
def test_a_question_about_what_is_not_there_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(KeyError):
        answer(SOME, **asked)


def test_a_total_with_a_hidden_part_is_hidden() -> None:
    assert total([20, 31]) == 51
    assert total([20, None]) is None
    assert total([]) == 0


def test_an_estimate_is_shown_with_bounds_in_tens_and_fewer_than_ten_in_words() -> None:
    assert shown_estimate(57.3, 41.2, 78.8) == (57, 40, 80)
    assert shown_estimate(14.0, 6.1, 31.0) == (14, None, 40)
    assert shown_estimate(9.9, 2.0, 40.0) is None
    assert shown_estimate(float("nan"), 0.0, 0.0) is None


def test_releases_and_figures_are_kept_as_plain_values() -> None:
    import json

    assert Release.from_dict(json.loads(json.dumps(SOME.to_dict()))) == SOME
    weighted = Figures((FLAT,), flat(1, 2, 3, 4).counts, {("a",): 2.5})
    assert Figures.from_dict(json.loads(json.dumps(weighted.to_dict()))) == weighted


# --- time ---------------------------------------------------------------------------------------------------------------


def out(figures: Figures, secret: str = "one") -> list[Past]:
    return [Past(figures, release(figures, secret=secret))]


def test_a_release_stays_where_a_shown_count_changed_by_a_few() -> None:
    past = out(flat(30, 40, 50, 60))
    assert replacement(past, flat(30, 40, 50, 63), secret="one") is None
    assert replacement(past, flat(30, 40, 50, 60), secret="one") is None, "nothing changed"


def test_a_release_is_replaced_where_counts_changed_by_ten_or_more() -> None:
    found = replacement(out(flat(30, 40, 50, 60)), flat(30, 40, 50, 75), secret="one")
    assert found is not None
    assert found.shown["d",] == 75
    assert found.shown["all",] == 195


def test_a_few_and_a_few_that_make_ten_do_not_replace_it() -> None:
    """The total changed by twelve, but two groups by a few each."""
    assert replacement(out(flat(30, 40, 50, 60)), flat(30, 45, 57, 60), secret="one") is None


def test_hidden_counts_may_change_by_a_few_as_long_as_nobody_can_tell_which() -> None:
    past = [Past(flat(30, 40, 5, 7), Release((FLAT,), {("all",): 82, ("a",): 30, ("b",): 40}))]
    found = replacement(past, flat(30, 40, 9, 14), secret="one")
    assert found is not None
    assert set(found.shown) == {("all",), ("a",), ("b",)}, "eleven came in, all of them in c for all that one can see, or all in d"


def test_a_count_that_grew_large_stays_hidden_where_it_would_tell_its_neighbour() -> None:
    past = [Past(flat(30, 40, 5, 7), Release((FLAT,), {("all",): 82, ("a",): 30, ("b",): 40}))]
    found = replacement(past, flat(30, 40, 5, 27), secret="one")
    assert found is None or not {("c",), ("d",)} & set(found.shown)


def test_a_change_below_ten_is_not_told_by_a_longer_way() -> None:
    """First b is hidden beside a; then it grew by twelve and would be shown: a would be what is left of the old total."""
    past = [Past(flat(3, 12, 25, 60), Release((FLAT,), {("all",): 100, ("c",): 25, ("d",): 60}))]
    found = replacement(past, flat(3, 24, 25, 60), secret="one")
    assert found is None or ("b",) not in found.shown


def test_every_earlier_release_counts_not_only_the_last() -> None:
    first, second = flat(30, 40, 50, 60), flat(30, 40, 50, 75)
    past = [*out(first), Past(second, release(second, secret="one"))]
    assert replacement(past, flat(30, 40, 50, 63), secret="one") is None, "three more than at first"


# --- places of an area --------------------------------------------------------------------------------------------------

AREA = tree("place", "wijk", ["library", "club"])


def test_an_area_is_told_where_its_places_stay_hidden() -> None:
    places = {"library": flat(3, 40, 25, 60), "club": flat(30, 40, 50, 60)}
    each = {place: release(figures, secret=place) for place, figures in places.items()}
    together = joined(AREA, places)
    of_area = [cell for cell in together.made_of if cell[0] == "wijk"]
    found = release(together, secret="area", offered=of_area, before=[Past(together, lifted(AREA, each))])
    assert ("wijk", "a") not in found.shown, "it is the club's 30 and the library's 3"
    assert found.shown["wijk", "d"] == 120


def test_places_that_tell_other_things_apart_are_not_joined() -> None:
    with pytest.raises(ValueError, match="different"):
        joined(AREA, {"library": flat(3, 40, 25, 60), "club": BUSY})
