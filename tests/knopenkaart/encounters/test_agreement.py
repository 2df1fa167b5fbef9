# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is expected is what happens: every possible week of a tiny town, and lived towns, beside the engine."""

from __future__ import annotations

import meetingtown
import numpy as np
import pytest
from scipy import stats

from knopenkaart.encounters.expected import expected
from knopenkaart.encounters.simulate import simulate
from knopenkaart.encounters.town import Convention, Floats, Town


@pytest.mark.parametrize("counting", ["weeks", "encounters"])
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("notices", [1.0, 2.0, 9.0])
@pytest.mark.parametrize("people", [3, 6])
def test_a_tiny_town_of_regulars_is_as_its_possible_weeks_say(counting: str, times: int, notices: float, people: int) -> None:
    small, convention = meetingtown.tiny(people, casual=0.0, notices=notices), Convention(times, 2, counting)  # type: ignore[arg-type]
    mean, known = meetingtown.enumerated(small, convention)
    found = expected(small, convention, egos=99)
    assert found.encounters.per_resident == pytest.approx(mean, rel=1e-9)
    assert found.familiarity.faces == pytest.approx(known.sum(axis=1), rel=1e-9, abs=1e-12)


def test_a_tiny_town_of_casual_visitors_is_as_its_possible_weeks_say() -> None:
    small, convention = meetingtown.tiny(5, regular=0.0, notices=30.0), Convention(1, 2)
    mean, known = meetingtown.enumerated(small, convention)
    found = expected(small, convention, egos=99)
    assert found.encounters.per_resident == pytest.approx(mean, rel=1e-9)
    assert found.familiarity.mean == pytest.approx(known.sum() / 5, rel=1e-9)


@pytest.mark.parametrize(("notices", "encounters", "faces"), [(30.0, 1e-9, 0.04), (3.0, 0.03, 0.08)])
def test_meeting_twice_in_a_week_in_a_tiny_town_is_nearly_as_its_weeks_say(notices: float, encounters: float, faces: float) -> None:
    """Regular and casual visits of four people: meetings of one week are taken as independent, which in so small a town they are not."""
    for seed in (1, 2, 3):
        small, convention = meetingtown.tiny(4, regular=0.5, casual=0.3, notices=notices, seed=seed), Convention(2, 2)
        mean, known = meetingtown.enumerated(small, convention)
        found = expected(small, convention, egos=99)
        assert found.encounters.per_resident == pytest.approx(mean, rel=encounters)
        assert found.familiarity.mean == pytest.approx(known.sum() / 4, rel=faces)


def test_the_simulation_of_a_tiny_town_is_as_its_possible_weeks_say() -> None:
    small, convention = meetingtown.tiny(4, notices=2.0), Convention(2, 2, "encounters")
    mean, known = meetingtown.enumerated(small, convention)
    lived = [simulate(small, convention, seed=5, run=run) for run in range(3000)]
    for value, numbers in ((mean, [one.encounters for one in lived]), (known.sum() / 4, [one.mean for one in lived])):
        assert abs(np.mean(numbers) - value) < 4 * np.std(numbers) / 3000**0.5


def _lived(town: Town, convention: Convention, runs: int) -> tuple[Floats, Floats, Floats, Floats]:
    lived = [simulate(town, convention, seed=3, run=run) for run in range(runs)]
    parts = ([one.encounters for one in lived], [one.mean for one in lived], [one.encounters_by_group for one in lived])
    return *(np.array(part) for part in parts), np.array([one.by_group for one in lived])  # type: ignore[return-value]


def _near(value: float, numbers: Floats, rel: float) -> bool:
    """Within the bound, or within three standard errors of the simulation more."""
    mean, error = numbers.mean(), numbers.std(ddof=1) / len(numbers) ** 0.5
    return bool(abs(value - mean) < rel * mean + 3 * error)


@pytest.mark.parametrize(
    ("places", "nests", "loyal", "times"),
    [(48, 1, 0.65, 2), (6, 1, 0.65, 4), (24, 3, 0.65, 3), (12, 1, 1.0, 3), (12, 1, 0.0, 2)],
)
def test_a_lived_town_has_the_encounters_and_faces_that_are_expected(places: int, nests: int, loyal: float, times: int) -> None:
    town, convention = meetingtown.town(3000, places, nests=nests, loyal=loyal), Convention(times, 26)
    found = expected(town, convention, egos=3000)
    met, faces, _, _ = _lived(town, convention, 10)
    assert _near(found.encounters.per_resident, met, 0.002)
    assert _near(found.familiarity.mean, faces, 0.003 if loyal else 0.01)


@pytest.mark.parametrize(("busy", "times", "runs"), [(2.0, 2, 24), (6.0, 3, 36)])
def test_a_lived_town_where_nobody_has_an_own_place_has_the_faces_that_are_expected(busy: float, times: int, runs: int) -> None:
    """People go out more, so that there are faces enough for a standard error below 0.4 %."""
    town, convention = meetingtown.town(2000, 6, loyal=0.0, busy=busy), Convention(times, 26)
    found = expected(town, convention, egos=2000).familiarity
    faces = np.array([simulate(town, convention, seed=3, run=run).mean for run in range(runs)])
    assert found.mean == pytest.approx(found.strangers[0]) != 0
    assert faces.std(ddof=1) / runs**0.5 < 0.004 * faces.mean()
    assert found.mean == pytest.approx(faces.mean(), rel=0.01)


def test_where_every_encounter_counts_those_of_one_week_are_taken_as_independent() -> None:
    town, convention = meetingtown.town(3000, 12), Convention(3, 26, "encounters")
    found = expected(town, convention, egos=3000)
    _, faces, _, _ = _lived(town, convention, 10)
    assert -0.015 < found.familiarity.mean / faces.mean() - 1 < 0.002


def test_groups_meet_as_they_do_in_lived_towns() -> None:
    """One joint test of all pairs of groups: the sum of squared differences, each in its own standard error."""
    town, convention, runs = meetingtown.town(3000, 12), Convention(3, 26), 40
    found = expected(town, convention, egos=3000)
    _, _, met, faces = _lived(town, convention, runs)
    upper = np.triu_indices(4)
    for ours, lived in ((found.encounters.by_group, met), (found.familiarity.by_group, faces)):
        assert ours == pytest.approx(ours.T, rel=1e-9)
        cells = lived[:, upper[0], upper[1]]
        # Hotelling's test: cells of one run go up and down together.
        difference = cells.mean(axis=0) - ours[upper]
        size = len(difference)
        statistic = runs * difference @ np.linalg.solve(np.cov(cells.T), difference) * (runs - size) / (size * (runs - 1))
        assert statistic < stats.f.isf(0.001, size, runs - size)


def test_places_are_due_all_faces_among_those_who_share_one() -> None:
    found = expected(meetingtown.town(2000, 12), Convention(), egos=2000).familiarity
    assert found.due.sum() == pytest.approx((found.mean - found.strangers[0]) * 2000)
    assert found.due_by_group.sum(axis=(1, 2)) == pytest.approx(found.due)
    assert found.by_group.sum() == pytest.approx(found.mean * 2000)
    assert found.by_group.sum() - np.trace(found.by_group) == pytest.approx(found.mean_across * 2000)


def test_strangers_reckoned_for_some_are_as_for_all() -> None:
    town = meetingtown.town(5000, 24)
    some, everybody = (expected(town, Convention(2, 26), egos=egos).familiarity for egos in (400, 5000))
    assert everybody.strangers[1] == 0.0 < some.strangers[1]
    assert abs(some.strangers[0] - everybody.strangers[0]) < 4 * some.strangers[1]
    assert expected(town, Convention(2, 26), egos=0).familiarity.strangers == (0.0, 0.0)


def test_more_residents_are_drawn_where_few_tell_too_little() -> None:
    """Without own places all faces are of strangers: two hundred residents would leave an error of several per cent."""
    found = expected(meetingtown.town(6000, 24, loyal=0.0), Convention(1, 26), egos=100).familiarity
    assert found.strangers[0] == pytest.approx(found.mean)
    assert 0 < found.strangers[1] < 0.014 * found.mean


@pytest.mark.parametrize("convention", [Convention(3, 26), Convention(3, 12), Convention(2, 26)])
def test_about_as_many_residents_recognise_enough_others_as_in_lived_weeks(convention: Convention) -> None:
    """Somebody who is expected to recognise four may well recognise five. What is left out: all who seldom go out and meet many at once."""
    town = meetingtown.town(4000, 24, groups=3)
    found = expected(town, convention, egos=4000).familiarity
    lived = [simulate(town, convention, seed=9, run=run) for run in range(12)]
    for ours, least, faces in (
        (found.reached, 5, [one.faces for one in lived]),
        (found.reached_across, 3, [one.faces_across for one in lived]),
    ):
        theirs = np.array([(own >= least).mean() for own in faces])
        assert 0.05 < theirs.mean() < 0.95
        assert -0.06 < ours - theirs.mean() < 0.01
