# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What residents answered at home in one wave: where they go and where not, and why, as it may be shown.

Every question has a release of its own; the number of residents is known to all. Questions about places are bound together all the same: a
resident names few places, goes to a place or does not, and gives one reason for each place. Where that would tell that a hidden number is
below ten, more is hidden. Method: docs/method/suppression.md.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from knopenkaart import __version__
from knopenkaart.privacy import THRESHOLD, Figures, Release, tree
from knopenkaart.suppress import Past, release
from knopenkaart.visitors.answered import ALL, ANSWERS, FREQUENCIES, GIVEN, NO_ANSWER, question_figures, question_release
from knopenkaart.visitors.derived import SEED, Population, rounded
from knopenkaart.visits.representation import representation

FORMAT = 1
# Fewer answers say nothing of where residents go.
LEAST_ANSWERS = 30
YES, NO = "yes", "no"
# How often in four weeks: residents may also say that they were not there in these weeks.
SELDOM = "at_most_once"
CLASSES = (SELDOM, *list(FREQUENCIES.values())[1:])
_TOP = 2**64


class Named(Protocol):
    """A place that a resident goes to, with how often in four weeks; or does not go to, with the reason."""

    @property
    def place_id(self) -> str: ...
    @property
    def goes(self) -> bool: ...
    @property
    def frequency(self) -> int | None: ...
    @property
    def reason(self) -> str: ...


class Resident(Protocol):
    """What one resident answered."""

    @property
    def age(self) -> str | None: ...
    @property
    def neighbours(self) -> str | None: ...
    @property
    def places(self) -> Sequence[Named]: ...


@dataclass(frozen=True)
class Wave:
    """What is known of one wave.

    `places` are all that could be named (others are left out); `ages` and `reasons` all that could be chosen; `most_places` and
    `most_avoided` how many places one resident could name; `population` the residents per age group (people, least, most), empty where it
    is not known. `secret` decides what is hidden beside small numbers: it differs per wave.
    """

    residents: Sequence[Resident]
    places: Collection[str]
    ages: Sequence[str]
    reasons: Sequence[str]
    most_places: int
    most_avoided: int
    population: Population
    secret: str


@dataclass(frozen=True)
class Shown:
    """The numbers of residents that may be shown; what is not in it is hidden."""

    residents: int
    questions: Mapping[str, tuple[Figures, Release]]
    goes: Mapping[str, int]
    often: Mapping[str, Mapping[str, int]]
    avoids: Mapping[str, int]
    reasons: Mapping[str, int]


def wave_document(wave: Wave) -> dict[str, Any] | None:
    """The answers of a wave as plain values; a number that is not shown is None, a place of which nothing is shown is not named.

    None where there are too few answers.
    """
    found = shown(wave)
    if found is None:
        return None
    ages = {row["answer"]: float(row["people"]) for row in _rows(found, "age") if row["people"] and row["answer"] != NO_ANSWER}
    held = asdict(representation(ages, wave.population, n=sum(ages.values()), seed=SEED))
    named = sorted({*found.goes, *found.avoids}, key=lambda place: (-found.goes.get(place, 0), -found.avoids.get(place, 0), place))
    return {
        "format": FORMAT,
        "engine_version": __version__,
        "residents": found.residents,
        "questions": {name: _rows(found, name) for name in found.questions},
        "places": [
            {"place": place, "goes": found.goes.get(place), "avoids": found.avoids.get(place), "often": found.often.get(place)}
            for place in named
        ],
        "reasons": [{"reason": reason, "people": found.reasons.get(reason)} for reason in wave.reasons],
        # How many there were would tell how many did not say their age.
        "representation": rounded({name: value for name, value in held.items() if name != "n"}),
    }


def shown(wave: Wave) -> Shown | None:
    """Which numbers of a wave may be shown; None where there are too few answers."""
    many = len(wave.residents)
    if many < LEAST_ANSWERS:
        return None
    counted = count(wave)
    questions = {name: _question(wave, name, wave.ages if name == "age" else ANSWERS["recognise"]) for name in ("age", "neighbours")}
    goes = {place: _goes(counted.often[place], many, f"{wave.secret} goes {place}") for place in sorted(counted.often)}
    told = {place: sum(counted.often[place].values()) for place, found in goes.items() if _both(found)}
    told = _with_room(told, wave.most_places * many, f"{wave.secret} goes")
    avoids = _with_room(_told(counted.avoids, many, f"{wave.secret} avoids"), wave.most_avoided * many, f"{wave.secret} avoids")
    reasons = _told(counted.reasons, many, f"{wave.secret} reasons")
    often = {place: {name: people for name in CLASSES if (people := goes[place].shown.get((name,))) is not None} for place in told}
    return Shown(
        residents=many,
        questions=questions,
        goes=told,
        often={place: row for place, row in often.items() if len(row) == len(CLASSES)},
        avoids=avoids,
        reasons=_reasons_with_room(wave, reasons, told, avoids),
    )


@dataclass
class Counted:
    """The exact numbers, never to be shown: per place how often those go who go there and how many do not go; per reason how many."""

    often: dict[str, Counter[str]] = field(default_factory=dict)
    avoids: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


def count(wave: Wave) -> Counted:
    """Count how many residents named each place and reason, each resident once."""
    found = Counted()
    known = set(wave.places)
    for resident in wave.residents:
        named = [item for item in resident.places if item.place_id in known]
        goes = {item.place_id: item for item in named if item.goes}
        not_there = {item.place_id: item for item in named if not item.goes and item.place_id not in goes}
        for place, item in goes.items():
            found.often.setdefault(place, Counter())[_often(item.frequency)] += 1
        found.avoids.update(not_there.keys())
        found.reasons.update({item.reason for item in not_there.values() if item.reason})
    return found


def _often(times: int | None) -> str:
    if times is None:
        return NO_ANSWER
    return next((name for least, name in reversed(FREQUENCIES.items()) if times >= least > 1), SELDOM)


def _question(wave: Wave, name: str, answers: Sequence[str]) -> tuple[Figures, Release]:
    figures = question_figures(name, [getattr(resident, name) or NO_ANSWER for resident in wave.residents], answers)
    return figures, question_release(figures, secret=f"{wave.secret} {name}")


def _rows(found: Shown, name: str) -> list[dict[str, Any]]:
    """The answers in an order that tells nothing; that some did not answer is named only where it is shown how many."""
    figures, out = found.questions[name]
    rows = [{"answer": answer, "people": out.shown.get((answer,))} for (answer,) in sorted(figures.counts) if answer != GIVEN]
    return [row for row in rows if row["people"] is not None or row["answer"] != NO_ANSWER]


def _goes(often: Counter[str], many: int, secret: str) -> Release:
    """Who goes to a place and who does not; after that how often, as far as it tells nothing of either."""
    names = (*CLASSES, NO_ANSWER)
    dimension = tree("answer", ALL, {YES: list(names), NO: []})
    figures = Figures((dimension,), {**{(name,): often[name] for name in names}, (NO,): many - sum(often.values())})
    if figures.small((YES,)) or figures.small((NO,)):
        return Release((dimension,), {})
    total = Release((dimension,), {(ALL,): many})
    first = release(figures, secret=secret, offered=[(YES,), (NO,)], before=[Past(figures, total)])
    out = Release((dimension,), {**total.shown, **first.shown})
    if not _both(out):
        return out
    more = release(figures, secret=f"{secret} often", offered=[(name,) for name in names], before=[Past(figures, out)])
    return Release((dimension,), {**out.shown, **more.shown})


def _told(counts: Mapping[str, int], many: int, secret: str) -> dict[str, int]:
    """Per name how many residents gave it, where neither those who did nor those who did not are few."""
    dimension = tree("answer", ALL, [YES, NO])
    found = {}
    for name, number in sorted(counts.items()):
        figures = Figures((dimension,), {(YES,): number, (NO,): many - number})
        if figures.small((YES,)) or figures.small((NO,)):
            continue
        total = Release((dimension,), {(ALL,): many})
        if _both(release(figures, secret=f"{secret} {name}", before=[Past(figures, total)])):
            found[name] = number
    return found


def _both(found: Release) -> bool:
    return {(YES,), (NO,)} <= found.shown.keys()


def _with_room(told: Mapping[str, int], most: int, secret: str) -> dict[str, int]:
    """As many of the numbers as leave ten of all that could be named to each of the hidden ones; who goes first is drawn by lot."""
    left, names = dict(told), iter(_drawn(told, secret))
    while left and most - sum(left.values()) < THRESHOLD:
        del left[next(names)]
    return left


def _reasons_with_room(wave: Wave, told: Mapping[str, int], goes: Mapping[str, int], avoids: Mapping[str, int]) -> dict[str, int]:
    """As many of the reasons as leave ten of all that could be given to each hidden one, and to those who gave none for a hidden place.

    One reason belongs to one place that somebody does not go to: at a place that is shown so many, at another at most all who do not go
    there as far as is shown.
    """
    many = len(wave.residents)
    room = {place: many - goes.get(place, 0) for place in wave.places if place not in avoids}
    named = sum(avoids.values())
    most = min(wave.most_avoided * many, named + sum(room.values()))
    # Of one hidden place at a time it must stay possible that ten residents have no reason for it.
    tightest = named + sum(room.values()) - max((max(0, each - (many - THRESHOLD)) for each in room.values()), default=0)
    left, names = dict(told), iter(_drawn(told, f"{wave.secret} reasons"))
    while left and sum(left.values()) > min(most - THRESHOLD, tightest):
        del left[next(names)]
    return left


def _drawn(told: Mapping[str, int], secret: str) -> Iterable[str]:
    """The names in the order in which they go: any order may come out, small numbers first is most likely."""
    return sorted(told, key=lambda name: -math.log(_uniform(secret, name)) * told[name] ** 2)


def _uniform(secret: str, name: str) -> float:
    drawn = hmac.new(secret.encode(), name.encode(), hashlib.sha256).digest()[:8]
    return (int.from_bytes(drawn, "big") + 1) / (_TOP + 1)
