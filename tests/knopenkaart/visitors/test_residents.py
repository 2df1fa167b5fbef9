# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What residents answered: what a wave tells, and that whoever lays all of it together finds no small number."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from knopenkaart.privacy import THRESHOLD, Figures, Release
from knopenkaart.visitors import Wave, wave_document
from knopenkaart.visitors.residents import CLASSES, NO_ANSWER, Shown, count, shown

AGES = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")
REASONS = ("too_far", "too_expensive", "not_welcome")
PLACES = ("cafe", "hall", "library", "park", "pool", "school", "square", "tower")
MOST_PLACES, MOST_AVOIDED = 5, 3


@dataclass(frozen=True)
class Said:
    place_id: str
    goes: bool
    frequency: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Home:
    age: str | None = None
    neighbours: str | None = None
    places: tuple[Said, ...] = ()


def goes(*places: str, often: int | None = None) -> tuple[Said, ...]:
    return tuple(Said(place, goes=True, frequency=often) for place in places)


def avoids(*places: str, reason: str = "") -> tuple[Said, ...]:
    return tuple(Said(place, goes=False, reason=reason) for place in places)


def wave(residents: Sequence[Home], **changed: Any) -> Wave:
    usual: dict[str, Any] = {"places": PLACES, "ages": AGES, "reasons": REASONS, "population": {}, "secret": "s"}
    return Wave(residents, **(usual | {"most_places": MOST_PLACES, "most_avoided": MOST_AVOIDED} | changed))


class Attacker:
    """Somebody who knows all that is shown, and the rules of the questions: unknown are goes, avoids and reasons."""

    def __init__(self, of: Wave, found: Shown) -> None:
        self.names = [("goes", p) for p in of.places] + [("avoids", p) for p in of.places] + [("reasons", r) for r in of.reasons]
        told = {"goes": found.goes, "avoids": found.avoids, "reasons": found.reasons}
        self.many = found.residents
        self.bounds = [(told[kind][name],) * 2 if name in told[kind] else (0, self.many) for kind, name in self.names]
        rules = [self._sum(goes=1), self._sum(avoids=1), self._sum(reasons=1, avoids=-1)]
        limits = [of.most_places * self.many, of.most_avoided * self.many, 0]
        for place in of.places:
            rules.append([float(name == place) for _kind, name in self.names])
            limits.append(self.many)
        self.rules, self.limits = np.array(rules), limits

    def _sum(self, **kinds: int) -> list[float]:
        return [float(kinds.get(kind, 0)) for kind, _name in self.names]

    def most(self, kind: str, name: str, *, of_others: bool = False) -> float:
        """The most that a number can be; with `of_others` that of those who did not say so."""
        sign = 1 if of_others else -1
        goal = np.array([float(sign) if found == (kind, name) else 0.0 for found in self.names])
        best = float(linprog(goal, A_ub=self.rules, b_ub=self.limits, bounds=self.bounds).fun)
        return self.many - best if of_others else -best


def derivable(of: Wave, found: Shown) -> Iterator[tuple[str, str]]:
    """The small numbers about places and reasons of which somebody can tell that they are below ten."""
    attacker, exact = Attacker(of, found), count(of)
    true = {("goes", place): sum(row.values()) for place, row in exact.often.items()}
    true |= {("avoids", place): number for place, number in exact.avoids.items()}
    true |= {("reasons", reason): number for reason, number in exact.reasons.items()}
    for kind, name in attacker.names:
        number = true.get((kind, name), 0)
        if number < THRESHOLD and attacker.most(kind, name) < THRESHOLD - 1e-6:
            yield kind, name
        if found.residents - number < THRESHOLD and attacker.most(kind, name, of_others=True) < THRESHOLD - 1e-6:
            yield kind, f"others than {name}"


def most_of_answer(figures: Figures, release: Release, cell: tuple[str, ...]) -> float:
    leaves, made = sorted(figures.counts), figures.made_of
    target = np.array([-(leaf in made[cell]) for leaf in leaves], dtype=float)
    rows = np.array([[leaf in made[out] for leaf in leaves] for out in release.shown], dtype=float).reshape(-1, len(leaves))
    return float(-linprog(target, A_eq=rows, b_eq=list(release.shown.values()), bounds=(0, 10_000)).fun)


homes = st.builds(
    lambda age, neighbours, named, split: Home(
        age, neighbours, (*goes(*named[:split][:MOST_PLACES], often=2), *avoids(*named[split:][:MOST_AVOIDED], reason="too_far"))
    ),
    st.sampled_from([None, *AGES]),
    st.sampled_from([None, "0", "1_2", "over_20"]),
    st.lists(st.sampled_from(PLACES[:4]), unique=True),
    st.integers(0, 4),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(homes, st.integers(1, 25)), min_size=2, max_size=8), st.sampled_from([PLACES, PLACES[:4], PLACES[:2]]))
def test_no_number_below_ten_follows_from_a_whole_wave(drawn: list[tuple[Home, int]], places: tuple[str, ...]) -> None:
    of = wave([home for home, times in drawn for _ in range(times)], places=places)
    found = shown(of)
    if found is None:
        assert len(of.residents) < 30
        return
    assert not list(derivable(of, found))
    for figures, release in found.questions.values():
        small = [cell for cell in figures.made_of if figures.value(cell) < THRESHOLD]
        assert all(most_of_answer(figures, release, cell) >= THRESHOLD - 1e-6 for cell in small)


def test_places_that_use_up_all_that_could_be_named_are_not_all_shown() -> None:
    """Ninety residents who each name five of six places leave none for a seventh: that nobody goes there would follow."""
    of = wave([Home(places=goes(*(place for at, place in enumerate(PLACES[:6]) if at != i % 6))) for i in range(90)])
    found = shown(of)
    assert found is not None
    assert not list(derivable(of, found))
    assert 0 < len(found.goes) < 6
    every = {place: sum(row.values()) for place, row in count(of).often.items()}
    assert ("goes", "tower") in set(derivable(of, replace(found, goes=every)))


def test_the_attack_finds_places_and_reasons_that_are_hidden_badly() -> None:
    rows = [Home(places=avoids("cafe" if i % 2 else "hall", reason="too_far" if i % 3 else "not_welcome")) for i in range(40)]
    of = wave(rows, places=("cafe", "hall"), most_avoided=1)
    found = shown(of)
    assert found is not None
    assert not list(derivable(of, found))
    naive = replace(found, avoids=dict(count(of).avoids), reasons=dict(count(of).reasons))
    assert ("reasons", "too_expensive") in set(derivable(of, naive))


def test_reasons_do_not_tell_that_nearly_everybody_avoids_the_only_place() -> None:
    rows = [Home(places=avoids("cafe", reason="too_far" if i % 2 else "not_welcome")) for i in range(36)] + [Home()] * 4
    of = wave(rows, places=("cafe",))
    found = shown(of)
    assert found is not None
    assert "cafe" not in found.avoids
    assert len(found.reasons) < 2
    assert list(derivable(of, replace(found, reasons=dict(count(of).reasons))))


def test_a_place_is_named_with_who_goes_and_who_does_not() -> None:
    rows = [Home(places=(*goes("library"), *avoids("cafe", reason="too_far"))) for _ in range(25)] + [Home()] * 25
    found = wave_document(wave(rows))
    assert found is not None
    assert found["residents"] == 50
    assert {row["place"]: (row["goes"], row["avoids"]) for row in found["places"]} == {"library": (25, None), "cafe": (None, 25)}
    assert {row["reason"]: row["people"] for row in found["reasons"]} == {"too_far": 25, "too_expensive": None, "not_welcome": None}


@pytest.mark.parametrize("few", [0, 3, 9])
def test_a_place_that_few_name_or_few_do_not_is_not_told(few: int) -> None:
    rows = [Home(places=goes("library", "park"))] * few + [Home(places=goes("park"))] * (40 - 2 * few) + [Home()] * few
    found = wave_document(wave(rows))
    assert found is not None
    assert "library" not in json.dumps(found)
    assert "park" not in json.dumps(found)


def test_how_often_is_told_only_where_every_class_is() -> None:
    times: Sequence[int | None] = (0, 1, 2, 4, 8, None)
    every = wave_document(wave([Home(places=goes("library", often=times[i % 6])) for i in range(120)] + [Home()] * 30))
    assert every is not None
    assert every["places"][0]["often"] == {"at_most_once": 40, "2_3": 20, "4_7": 20, "8_or_more": 20}
    some = wave_document(wave([Home(places=goes("library", often=times[i % 3])) for i in range(60)] + [Home()] * 30))
    assert some is not None
    assert (some["places"][0]["goes"], some["places"][0]["often"]) == (60, None)


def test_classes_of_one_place_do_not_tell_who_said_no_frequency() -> None:
    rows = [Home(places=goes("library", often=(1, 2, 4, 8)[i % 4])) for i in range(80)] + [Home(places=goes("library"))] * 3
    found = shown(wave([*rows, *[Home()] * 30]))
    assert found is not None
    assert found.goes == {"library": 83}
    assert found.often == {}, f"with {CLASSES} and the sum {NO_ANSWER} would follow"


def test_each_resident_counts_once_for_a_reason() -> None:
    rows = [Home(places=avoids("cafe", "hall", "park", reason="too_far"))] * 15 + [Home()] * 20
    found = wave_document(wave(rows))
    assert found is not None
    assert found["reasons"][0] == {"reason": "too_far", "people": 15}


def test_places_that_cannot_be_named_any_more_are_left_out() -> None:
    rows = [Home(places=(*goes("gone"), *avoids("gone_too", reason="too_far")))] * 20 + [Home()] * 20
    found = wave_document(wave(rows))
    assert found is not None
    assert found["places"] == []
    assert found["reasons"][0]["people"] is None


def test_too_few_answers_are_no_wave() -> None:
    assert wave_document(wave([Home()] * 29)) is None
    assert wave_document(wave([Home()] * 30)) is not None


def test_who_answered_is_held_against_who_lives_there() -> None:
    people: Mapping[str, tuple[float, float, float]] = dict.fromkeys(AGES, (500.0, 490.0, 510.0))
    rows = [Home(age=AGES[0 if i % 4 else 4]) for i in range(80)] + [Home()] * 15
    found = wave_document(wave(rows, population=people))
    assert found is not None
    told = {row["answer"]: row["people"] for row in found["questions"]["age"]}
    assert all(number is None or number >= 10 for number in told.values())
    assert found["representation"]["enough"] == (sum(number is not None for age, number in told.items() if age in AGES) >= 2)
    assert "n" not in found["representation"]


def test_the_same_wave_is_told_the_same_and_is_plain() -> None:
    rows = [Home(age=AGES[i % 5], places=goes(*PLACES[i % 3 : i % 3 + 3])) for i in range(70)]
    one, other = wave_document(wave(rows)), wave_document(wave(rows))
    assert json.dumps(one) == json.dumps(other)
