# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What visitors say of whom they recognise, over time and beside the model; and whether both go together, once there are enough places."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Any

from knopenkaart_web.meeting import queries
from knopenkaart_web.meeting.opening import Opened
from knopenkaart_web.pages.resident_waves import chosen_wave
from knopenkaart_web.places import queries as places
from knopenkaart_web.places import words
from knopenkaart_web.places.views_data import PlaceFilter
from knopenkaart_web.visits import released
from knopenkaart_web.visits.released import ReleaseRow

# Fewer places say nothing of whether the model is right.
LEAST_PLACES = 10
NOBODY, NO_ANSWER = "0", "no_answer"
# What stands for an answer, between its least and most; the last has no most, and is taken to end here.
MIDDLES: Mapping[str, tuple[float, float, float]] = {
    "0": (0, 0, 0),
    "1_2": (1, 1.5, 2),
    "3_5": (3, 4, 5),
    "6_10": (6, 8, 10),
    "11_20": (11, 15.5, 20),
    "over_20": (21, 25, 30),
}
Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Mean:
    """How many of those present a visitor recognises, on average; what is hidden widens it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One round of one place: cards that answered, how many they recognise, and how many recognise and greet nobody (None: hidden)."""

    name: str
    ends: date | None
    cards: int | None
    mean: Mean | None
    nobody: int | None
    greets_nobody: int | None


@dataclass(frozen=True, slots=True)
class MeasuredPlace:
    """A place with its rounds, newest first, what the model gives, and how many residents said that they do not go there."""

    id: str
    label: str
    rounds: tuple[Asked, ...]
    model: float | None
    avoids: int | None

    @property
    def newest(self) -> Asked | None:
        """The newest round of which a mean is known."""
        return next((item for item in self.rounds if item.mean is not None), None)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether places with more recognition in the model have more of it in the answers: rank correlation, and how much the answers grow
    with one more face in the model, both with a 95 % interval."""

    places: int
    rank: float
    rank_low: float
    rank_high: float
    slope: float
    slope_low: float
    slope_high: float


@dataclass(frozen=True, slots=True)
class Measured:
    """All that the page tells. `needed`: how many more places must be asked before the model can be held against them."""

    places: tuple[MeasuredPlace, ...]
    needed: int
    agreement: Agreement | None
    wave: tuple[date, date] | None
    modelled: bool


def compose(slug: str, found: Opened | None, waves: Sequence[Any], *, lang: str) -> Measured:
    """Every public place of which visitors said whom they recognise, by name."""
    known = queries.recognised(found) if found else {}
    wave = chosen_wave(slug, waves, "", lang)
    avoids = {row.id: row.avoids for row in wave.places} if wave else {}
    public = {place.id: place for place in places.export_places(slug, PlaceFilter())}
    rows = []
    for place_id, releases in released.rounds_per_place(slug).items():
        rounds = tuple(asked(row) for row in releases if _told(row))
        if place_id in public and rounds:
            held = public[place_id]
            label = held.name or words.kind_label(held.kind, lang)
            rows.append(MeasuredPlace(place_id, label, rounds, known.get(place_id), avoids.get(place_id)))
    pairs = [(row.model, row.newest.mean.value) for row in rows if row.model is not None and row.newest and row.newest.mean]
    return Measured(
        places=tuple(sorted(rows, key=lambda row: (row.label, row.id))),
        needed=max(0, LEAST_PLACES - len(pairs)),
        agreement=agreement(pairs),
        wave=(wave.row.first, wave.row.last) if wave else None,
        modelled=bool(known),
    )


def _told(row: ReleaseRow) -> bool:
    return bool(_answers(row, "recognise"))


def _answers(row: ReleaseRow, question: str) -> dict[str, int | None]:
    rows = ((row.figures.get("cards") or {}).get("questions") or {}).get(question) or []
    found = {item["answer"]: item["cards"] for item in rows}
    return found if any(cards is not None for cards in found.values()) else {}


def asked(row: ReleaseRow) -> Asked:
    """A round as the page tells it."""
    cards = (row.figures.get("cards") or {}).get("cards")
    found, greets = _answers(row, "recognise"), _answers(row, "greet")
    return Asked(row.round_name, row.ends, cards, mean_of(found, cards), found.get(NOBODY), greets.get(NOBODY))


def mean_of(answers: Mapping[str, int | None], cards: int | None) -> Mean | None:
    """The average of the answers that are shown; hidden ones may be any of those that are. None where half or more is hidden."""
    shown = {name: number for name, number in answers.items() if name in MIDDLES and number is not None}
    hidden = [name for name in MIDDLES if answers.get(name) is None]
    total = sum(shown.values())
    unseen = max(0, (cards or total) - total - (answers.get(NO_ANSWER) or 0))
    if not total or unseen >= total:
        return None
    lows, middles, highs = (sum(number * MIDDLES[name][at] for name, number in shown.items()) for at in range(3))
    least = min((MIDDLES[name][0] for name in hidden), default=0.0)
    most = max((MIDDLES[name][2] for name in hidden), default=0.0)
    every = total + unseen
    return Mean(middles / total, (lows + unseen * least) / every, (highs + unseen * most) / every)


def agreement(pairs: Sequence[tuple[float, float]]) -> Agreement | None:
    """Model against answers; None for fewer than ten places, or where one of both is the same everywhere.

    Intervals: of the rank correlation by Fisher's transformation with variance 1.06 / (n - 3) (Fieller, Hartley and Pearson 1957), of the
    slope of least squares by its standard error.
    """
    n = len(pairs)
    if n < LEAST_PLACES:
        return None
    model, answers = ([pair[at] for pair in pairs] for at in (0, 1))
    rank = _correlation(_ranks(model), _ranks(answers))
    if rank is None:
        return None
    spread = sum((value - fmean(model)) ** 2 for value in model)
    slope = sum((x - fmean(model)) * (y - fmean(answers)) for x, y in pairs) / spread
    rest = sum((y - fmean(answers) - slope * (x - fmean(model))) ** 2 for x, y in pairs)
    error = Z * math.sqrt(rest / (n - 2) / spread)
    width, bent = Z * math.sqrt(1.06 / (n - 3)), math.atanh(max(-0.9999, min(0.9999, rank)))
    return Agreement(n, rank, math.tanh(bent - width), math.tanh(bent + width), slope, slope - error, slope + error)


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1; equal values share the middle of theirs."""
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) + 1) / 2 for value in values]


def _correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    a, b = fmean(one), fmean(other)
    spread = math.sqrt(sum((x - a) ** 2 for x in one) * sum((y - b) ** 2 for y in other))
    return sum((x - a) * (y - b) for x, y in zip(one, other, strict=True)) / spread if spread else None
