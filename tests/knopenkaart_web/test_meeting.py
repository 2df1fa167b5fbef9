# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading who meets whom from the file that a run made: areas, places, curves, and settings between those that were reckoned."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart_web.meeting import curve, queries
from knopenkaart_web.meeting.curve import Grid
from knopenkaart_web.meeting.opening import Opened, opened
from knopenkaart_web.meeting.views_data import Badge, Settings
from knopenkaart_web.places.models import Place, Study

from . import met
from .factories import CAFE, CENTRE, LIBRARY, NOORD, SLUG, ZUID, touch
from .met import FAMILIAR, OLD, YOUNG

TAKEN = Settings(times=3, weeks=26, notices=1.0, frequency=1.0, foyer=0.2)


@pytest.fixture
def found(study: Study) -> Opened:
    """Kleindorp of which it was reckoned."""
    met.attach(study)
    result = opened(SLUG)
    assert result is not None
    return result


def grid_of(demand: str = "elastic") -> Grid:
    """The grid of the file, without a database."""
    return Grid([row for row in met.tables()["curve_grid"] if row["demand"] == demand], TAKEN)


def test_nothing_is_known_before_it_was_reckoned(study: Study) -> None:
    assert opened(SLUG) is None
    assert not queries.reckoned(SLUG, LIBRARY)


def test_a_study_that_changed_since_keeps_its_numbers_and_says_so(study: Study) -> None:
    met.attach(study)
    Study.objects.filter(pk=study.pk).update(revision=study.revision + 1)
    found = opened(SLUG)
    assert found is not None
    assert found.about("nl").stale


def test_what_it_rests_on_is_told_with_it(found: Opened) -> None:
    about = found.about("en")
    assert (about.times, about.weeks, about.seed, about.draws, about.badge) == (3, 26, 7, 100, Badge.ASSUMED)
    assert {item.source for item in about.assumptions} == {"not measured"}


def test_an_area_has_its_band_and_the_chance_that_it_lies_above_the_whole(found: Opened) -> None:
    area = queries.area(found, NOORD)
    assert area is not None
    assert (area.familiar.value, area.familiar.low, area.familiar.high, area.above) == (6.0, pytest.approx(4.8), pytest.approx(7.2), 0.95)
    hidden = queries.area(found, ZUID, group=YOUNG)
    assert hidden is not None
    assert hidden.people is None


def test_the_part_of_a_place_is_of_all_recognition(found: Opened) -> None:
    places = {place.place_id: place for place in queries.places(found)}
    assert {key: place.share for key, place in places.items()} == {LIBRARY: 0.5, CENTRE: 0.3, CAFE: 0.2}
    assert places[LIBRARY].across_share == pytest.approx(0.4)
    assert places[CAFE].encounters is None


def test_a_place_that_closed_or_is_hidden_since_is_not_told_of(found: Opened, study: Study) -> None:
    Place.objects.filter(pk=CAFE).update(status="closed")
    Place.objects.filter(pk=CENTRE).update(confidential=True)
    touch(study)
    now = opened(SLUG)
    assert now is not None
    assert [place.place_id for place in queries.places(now)] == [LIBRARY]
    assert queries.place(now, CAFE) is None
    assert not queries.reckoned(SLUG, CENTRE)


def test_the_answers_of_visitors_go_beside_whom_one_recognises_during_a_visit(found: Opened) -> None:
    assert queries.recognised(found) == {LIBRARY: 3.0, CENTRE: 6.0}


def test_pairs_of_a_place_and_of_all_together_are_apart(found: Opened) -> None:
    whole = {(pair.group, pair.other): pair.familiar for pair in queries.pairs(found)}
    here = {(pair.group, pair.other): pair.familiar for pair in queries.pairs(found, place_id=LIBRARY)}
    assert whole[YOUNG, OLD] == 300
    assert here[YOUNG, OLD] == 30
    assert queries.pairs(found, place_id=CAFE) == []


def test_what_would_settle_the_verdict_comes_with_how_sure_it_would_be(found: Opened) -> None:
    verdict = queries.verdict(found)
    assert verdict is not None
    assert (verdict.verdict, verdict.chance) == ("undecided", 0.55)
    assert [(item.what, item.sure) for item in verdict.settle] == [("counts", 0.8), ("frequency", 0.7)]
    assert queries.verdict(found, NOORD) is None


def test_that_which_moves_the_answer_most_comes_first_and_conventions_last(found: Opened) -> None:
    assert [driver.assumption for driver in queries.drivers(found)] == ["notices", "foyer", "times"]


def test_a_curve_has_a_line_per_measure_and_demand_with_its_plateau(found: Opened) -> None:
    lines = {(line.demand, line.measure): line for line in curve.lines(found, "all", programme="own")}
    assert [spot.band.value for spot in lines["elastic", "familiar"].spots] == list(FAMILIAR["elastic"])
    plateau = lines["elastic", "familiar"].plateau
    assert plateau is not None
    assert (plateau.first, plateau.last, plateau.now) == (2, 3, 3)
    assert lines["fixed", "familiar"].plateau is not None
    assert lines["fixed", "familiar"].plateau.first is None
    assert lines["elastic", "cost"].spots[1].band.low == 20_000


def test_a_number_of_places_stands_beside_all_of_now_with_its_chance(found: Opened) -> None:
    """6 faces for 5: a fifth more."""
    beside = curve.beside_now(found, "all", demand="elastic", programme="own", places=2)
    assert beside is not None
    assert (beside.open, beside.more, beside.chance) == (2, pytest.approx(0.2), 0.85)
    assert curve.beside_now(found, "all", demand="elastic", programme="own", places=3) is None
    assert curve.beside_now(found, "all", demand="elastic", programme="own", places=9) is None


def test_which_places_are_open_with_a_number_need_not_be_nested(found: Opened) -> None:
    assert curve.numbers(found, "all") == [1, 2, 3]
    opened = {places: {item.place_id for item in curve.kept(found, "all", places=places) if item.open} for places in (1, 2, 3)}
    assert opened == {1: {CENTRE}, 2: {LIBRARY, CAFE}, 3: {LIBRARY, CENTRE, CAFE}}
    assert {item.place_id: item.least for item in curve.kept(found, "all", places=2)} == {CENTRE: 1, LIBRARY: 2, CAFE: 2}


def test_a_place_that_is_hidden_since_is_not_in_the_list(found: Opened, study: Study) -> None:
    Place.objects.filter(pk=CENTRE).update(confidential=True)
    touch(study)
    now = opened(SLUG)
    assert now is not None
    assert {item.place_id for item in curve.kept(now, "all", places=1)} == {LIBRARY, CAFE}


def test_costs_are_what_is_taken_between_their_bounds(found: Opened) -> None:
    lines = {line.measure: line for line in curve.lines(found, "all", programme="own") if line.demand == "elastic"}
    cost = lines["cost"].spots[2].band
    assert (cost.value, cost.low, cost.high) == (120_000, 20_000, 360_000)


def test_settings_as_taken_give_the_row_of_the_grid() -> None:
    assert grid_of().line(TAKEN, "familiar") == [(places, FAMILIAR["elastic"][places - 1] + 0.2) for places in (1, 2, 3)]
    assert grid_of().settings({}) == TAKEN


def test_in_every_convention_a_number_of_places_stands_beside_now() -> None:
    """With elastic demand 4 and 6 faces for 5, whatever is called recognising: the file multiplies all of them by the same."""
    assert grid_of("elastic").wins() == {1: (0, 27), 2: (27, 27)}
    assert grid_of("fixed").wins() == {1: (27, 27), 2: (27, 27)}
    rows = [row | {"faces": 0.0} if row["places"] == 2 and row["times"] == 5 else row for row in met.tables()["curve_grid"]]
    assert Grid([row for row in rows if row["demand"] == "elastic"], TAKEN).wins()[2] == (18, 27)


def test_between_two_settings_it_is_linear_in_each() -> None:
    """4 places' worth of faces * 1.25 * 1.5 + 0.1: the file is a product, which is linear in each of its factors."""
    settings = Settings(times=3, weeks=26, notices=1.5, frequency=1.25, foyer=0.1)
    assert grid_of().line(settings, "familiar")[0] == (1, pytest.approx(4 * 1.25 * 1.5 + 0.1))


def test_what_lies_outside_the_grid_is_brought_to_its_edge_and_a_convention_to_the_nearest() -> None:
    chosen = grid_of().settings({"frequency": 9.0, "notices": 0.0, "foyer": None, "times": 4.0, "weeks": 40.0})
    assert chosen == Settings(times=3, weeks=52, notices=0.5, frequency=1.5, foyer=0.2)


def test_a_number_of_places_that_was_not_reckoned_is_left_out() -> None:
    rows = [row for row in met.tables()["curve_grid"] if row["demand"] == "elastic" and not (row["places"] == 2 and row["foyer"] == 0.0)]
    grid = Grid(rows, TAKEN)
    assert [places for places, _ in grid.line(TAKEN, "familiar")] == [1, 2, 3]
    assert [places for places, _ in grid.line(Settings(times=3, weeks=26, notices=1, frequency=1, foyer=0.1), "familiar")] == [1, 3]


def test_no_grid_is_no_answer() -> None:
    assert not Grid([], TAKEN)
    assert Grid([], TAKEN).line(TAKEN, "familiar") == []


@given(st.floats(0.5, 2.0), st.floats(0.5, 1.5), st.floats(0.0, 0.5), st.sampled_from(["elastic", "fixed"]))
def test_an_answer_between_settings_lies_between_their_answers(notices: float, frequency: float, foyer: float, demand: str) -> None:
    grid = grid_of(demand)
    chosen = grid.settings({"notices": notices, "frequency": frequency, "foyer": foyer})
    ends = ({"notices": 0.5, "frequency": 0.5, "foyer": 0.0}, {"notices": 2.0, "frequency": 1.5, "foyer": 0.5})
    low, high = (dict(grid.line(grid.settings(end), "familiar")) for end in ends)
    for places, value in grid.line(chosen, "familiar"):
        assert low[places] - 1e-9 <= value <= high[places] + 1e-9
