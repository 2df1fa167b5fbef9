# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The files that a municipality gathers about use: counted weeks, visitor cards, a series, bookings, rooms, money and boards."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import Workbook
from shapely import Point

from knopenkaart.example.plan import Home
from knopenkaart.example.truth import AGE_GROUPS, DAYS, PARTS, PlaceTruth, named, observations, truth_of
from knopenkaart.rng import stream
from knopenkaart.vocabulary import load_vocabulary

COUNTS_HEADER = ("Locatie", "Datum", "Dagdeel", "Groep", "Aantal")
CARDS_HEADER = (
    "place",
    "card",
    "date",
    "frequency",
    "regular",
    "origin",
    "age",
    "recognise",
    "greet",
    "different",
    "elsewhere",
)
SERIES_HEADER = ("Locatie", "Maand", "Bezoeken")
BOOKINGS_HEADER = ("Gebouw", "Zaal", "Datum", "Begintijd", "Eindtijd", "Activiteit")
ROOMS_HEADER = ("Locatie", "Zaal", "Oppervlakte m2", "Dagdeel", "Beschikbare uren", "Gebruikte uren")
MONEY_HEADER = ("Locatie", "Jaar", "Post", "Bedrag")
# Header of the file -> name in the recipe.
BOARD_COLUMNS = {
    "Bestuursplekken": "seats",
    "Vacatures": "vacant",
    "Leeftijd meeste bestuursleden": "ages",
    "Opvolging in beeld": "successors",
    "Vrijwilligersuren per week": "volunteer_hours",
    "Weken open per jaar": "weeks_open",
    "Uren per bezoek": "dwell_hours",
    "Oppervlakte m2": "m2",
    "Conditie gebouw": "condition",
    "Achterstallig onderhoud": "postponed",
    "Geplande investering": "investment",
    "Jaar investering": "investment_year",
    "Gedekt": "covered",
    "Subsidie tot": "subsidy_until",
    "Nagekeken op": "checked",
}
CLASSES = ("0", "1_2", "3_5", "6_10", "11_20", "over_20")
# The highest number of people of each class but the last.
_CLASS_ENDS = (0, 2, 5, 10, 20)
_FIRST_YEAR, _LAST_YEAR = 2021, 2025
# Visits of a month against the mean of the year, January first.
_MONTHS = (1.02, 1.04, 1.06, 1.02, 0.98, 0.94, 0.80, 0.84, 1.02, 1.08, 1.12, 1.08)
_MONTH_VARIATION = 0.06
_MOST_DAYS = 28
# Of a sheet in a workbook, in characters.
_LONGEST_TITLE = 31
# Children fill in few cards.
_CHILDREN_ANSWER = 0.3


@dataclass(frozen=True, slots=True)
class ObservationFiles:
    """Where the observations of the invented municipality stand."""

    counts: Path
    cards: Path
    series: Path
    bookings: Path
    rooms: Path
    money: Path
    boards: Path


@dataclass(frozen=True, slots=True)
class Observed:
    """One observed place: its truth, the recipe's entry, and where it lies (metres)."""

    truth: PlaceTruth
    entry: Mapping[str, Any]
    point: Point


def observation_paths(folder: Path) -> ObservationFiles:
    """The names of the files in a folder."""
    names = ("telweken.xlsx", "kaartjes.csv", "bezoekreeks.csv", "boekingen.csv", "zalen.csv", "exploitatie.csv", "bestuur.csv")
    return ObservationFiles(*(folder / f"waterlinde_{name}" for name in names))


def observed_places(spots: Mapping[str, Point]) -> list[Observed]:
    """The places of the recipe among all places by name."""
    entries = [(named(list(spots), entry), entry) for entry in observations()["place"]]
    return [Observed(truth_of(name, entry), entry, spots[name]) for name, entry in entries]


def write_observations(files: ObservationFiles, places: Sequence[Observed], homes: Sequence[Home], *, seed: int) -> None:
    """Write the seven files; the same seed gives the same rows."""
    _write_counts(files.counts, places, seed=seed)
    _write(files.cards, CARDS_HEADER, _cards(places, homes, seed=seed))
    _write(files.series, SERIES_HEADER, (row for place in places for row in _series(place, seed=seed)))
    _write(files.bookings, BOOKINGS_HEADER, (row for place in places for row in _bookings(place, seed=seed)))
    _write(files.rooms, ROOMS_HEADER, (row for place in places for row in _rooms(place)))
    _write(files.money, MONEY_HEADER, (row for place in places for row in _money(place)))
    _write(files.boards, ("Locatie", *BOARD_COLUMNS), (_board(place) for place in places if "board" in place.entry))


def _write_counts(path: Path, places: Sequence[Observed], *, seed: int) -> None:
    """A sheet for each place that was counted, as those who enter the counts keep them apart."""
    book = Workbook()
    book.remove(book.active)
    for place in places:
        rows = list(_counted(place, seed=seed))
        if rows:
            sheet = book.create_sheet(place.truth.name[:_LONGEST_TITLE])
            for row in (COUNTS_HEADER, *rows):
                sheet.append(row)
    book.save(path)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(rows)


def _counted(place: Observed, *, seed: int) -> Iterator[tuple[str, date, str, str, int]]:
    """The counted weeks of one place: every daypart in which people come, save those at which nobody could count."""
    recipe, truth = observations(), place.truth
    rng = stream(seed, f"counts {truth.name}")
    words = {"morning": "ochtend", "afternoon": "middag", "evening": "avond"}
    groups = load_vocabulary().groups
    for number, start in enumerate(recipe["weeks"]):
        week = recipe["seasons"][number] * _around_one(rng, recipe["week_variation"])
        for slot in truth.slots:
            day, part = slot.split("_")
            factor = week * _around_one(rng, recipe["slot_variation"])
            people = rng.poisson([factor * truth.slot_groups[slot, group] for group in AGE_GROUPS])
            told = rng.binomial(people, 1 - recipe["unknown_age"])
            present = rng.random() >= recipe["missed"]
            if not present or number not in place.entry.get("weeks", range(len(recipe["weeks"]))):
                continue
            when = date.fromisoformat(start) + timedelta(days=DAYS.index(day))
            for group, count in zip(AGE_GROUPS, told, strict=True):
                yield truth.name, when, words[part], groups[group].nl, int(count)
            if people.sum() > told.sum():
                yield truth.name, when, words[part], "onbekend", int(people.sum() - told.sum())


def _around_one(rng: np.random.Generator, variation: float) -> float:
    """A factor with mean 1 and this coefficient of variation."""
    shape = 1 / variation**2
    return float(rng.gamma(shape, 1 / shape))


def _cards(places: Sequence[Observed], homes: Sequence[Home], *, seed: int) -> Iterator[list[object]]:
    names = [place.truth.name for place in places]
    number = 0
    for place in places:
        rng = stream(seed, f"cards {place.truth.name}")
        near = _nearness(place.point, homes)
        for _ in range(place.entry["cards"]):
            number += 1
            yield [place.truth.name, f"K{number:04}", *_answers(place, homes, near, [n for n in names if n != place.truth.name], rng)]


def _nearness(point: Point, homes: Sequence[Home]) -> np.ndarray[Any, Any]:
    metres = np.hypot([home.point.x - point.x for home in homes], [home.point.y - point.y for home in homes])
    weights = np.exp(-metres / observations()["nearness_m"])
    return np.asarray(weights / weights.sum())


def _answers(
    place: Observed, homes: Sequence[Home], near: np.ndarray[Any, Any], others: Sequence[str], rng: np.random.Generator
) -> list[object]:
    """One card. Whoever comes often is met more often: the count of visits on a card is one more than a draw of a larger shape."""
    recipe, entry = observations(), place.entry
    start = date.fromisoformat(recipe["weeks"][int(rng.integers(len(recipe["weeks"])))])
    weekdays = [DAYS.index(slot.split("_")[0]) for slot in place.truth.slots]
    when = start + timedelta(days=int(rng.choice(weekdays, p=_shares(place.truth.slots.values()))))
    mean, shape = entry["often"], entry["shape"]
    often = min(_MOST_DAYS, 1 + int(rng.negative_binomial(shape + 1, shape / (shape + mean))))
    regular = rng.choice(["yes", "no", "varies"], p=[0.6, 0.2, 0.2] if often >= 4 else [0.25, 0.45, 0.3])
    ages = [share * (_CHILDREN_ANSWER if group == "age_0_14" else 1) for group, share in place.truth.groups.items()]
    known = int(rng.poisson(min(25.0, 0.8 * often)))
    greeted = int(rng.binomial(known, 0.7))
    different = int(rng.binomial(greeted, 0.35))
    choices = ["nowhere", "other", str(rng.choice(others))]
    rest = 1 - entry["nowhere"]
    elsewhere = rng.choice(choices, p=[entry["nowhere"], 0.4 * rest, 0.6 * rest])
    answers: list[object] = [
        often,
        regular,
        homes[int(rng.choice(len(homes), p=near))].postcode[:4],
        rng.choice(AGE_GROUPS, p=_shares(ages)),
        *(CLASSES[int(np.searchsorted(_CLASS_ENDS, people))] for people in (known, greeted, different)),
        elsewhere,
    ]
    return [when.isoformat(), *("" if rng.random() < recipe["left_open"] else answer for answer in answers)]


def _shares(weights: Iterable[float]) -> np.ndarray[Any, Any]:
    numbers = np.array(list(weights), dtype=float)
    return np.asarray(numbers / numbers.sum())


def _series(place: Observed, *, seed: int) -> Iterator[tuple[str, str, object]]:
    """Monthly visits of the places that have a door counter; empty in months of which there is none."""
    levels = place.entry.get("series")
    if levels is None:
        return
    rng = stream(seed, f"series {place.truth.name}")
    for year in range(_FIRST_YEAR, _LAST_YEAR + 1):
        for month in range(1, 13):
            name = f"{year}-{month:02}"
            days = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
            mean = place.truth.visits * days / 7 * levels[year - _FIRST_YEAR] * _MONTHS[month - 1]
            drawn = int(rng.poisson(mean * _around_one(rng, _MONTH_VARIATION)))
            yield place.truth.name, name, "" if name in place.entry.get("closed", ()) else drawn


def _bookings(place: Observed, *, seed: int) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Weekly activities in the weeks of the export, save those that were called off."""
    recipe = observations()
    first, last = date.fromisoformat(recipe["bookings_from"]), date.fromisoformat(recipe["bookings_to"])
    rng = stream(seed, f"bookings {place.truth.name}")
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    for day in days:
        for room in place.entry.get("room", ()):
            for weekday, begin, end, activity in room.get("booked", ()):
                if int(weekday) == day.isoweekday() and rng.random() >= recipe["called_off"]:
                    yield place.truth.name, room["name"], day.isoformat(), begin, end, activity


def _rooms(place: Observed) -> Iterator[tuple[object, ...]]:
    """The hours of every room by daypart; the use where no bookings tell it."""
    slots = load_vocabulary().slots
    for room in place.entry.get("room", ()):
        for number, day in enumerate(DAYS):
            for part in PARTS:
                available = room[f"{part}s"][number]
                used = "" if "booked" in room else room[f"used_{part}s"][number]
                if available > 0:
                    yield place.truth.name, room["name"], room["m2"], slots[f"{day}_{part}"].nl, available, used


def _money(place: Observed) -> Iterator[tuple[str, int, str, int]]:
    words = load_vocabulary().money
    for year, lines in place.entry.get("money", {}).items():
        for category, amount in lines.items():
            yield place.truth.name, int(year), words[category].nl, amount


def _board(place: Observed) -> list[object]:
    board, groups = place.entry["board"], load_vocabulary().groups
    found = {name: board.get(name, "") for name in BOARD_COLUMNS.values()}
    if found["ages"]:
        found["ages"] = groups[found["ages"]].nl
    return [place.truth.name, *found.values()]
