# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What visitors say of whom they recognise, over time and beside the model; and whether both go together, once there are enough places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from knopenkaart.paper.dots import DotRow
from knopenkaart.visits.recognised import LEAST_PLACES, Agreement, Reported, agreement, reported
from knopenkaart_web.cards.views_data import WaveRow
from knopenkaart_web.meeting import queries
from knopenkaart_web.meeting.opening import Opened
from knopenkaart_web.meeting.views_data import NO_BAND, About, Band
from knopenkaart_web.pages.meeting.pictures import beside_of, rounds_of
from knopenkaart_web.pages.meeting.words import faces
from knopenkaart_web.pages.visits.waves import chosen_wave
from knopenkaart_web.pages.written import day
from knopenkaart_web.places import queries as places
from knopenkaart_web.places import words
from knopenkaart_web.places.views_data import PlaceFilter
from knopenkaart_web.visits import released
from knopenkaart_web.visits.released import ReleaseRow

NOBODY = "0"


@dataclass(frozen=True, slots=True)
class Asked:
    """One round of one place: cards, how many visitors recognise, how many of them recognise and greet nobody (None: hidden), and how many
    of those whom they recognise they call different from themselves."""

    name: str
    ends: date | None
    cards: int | None
    mean: Reported | None
    nobody: int | None
    greets_nobody: int | None
    different: Reported | None


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
class DifferentLine:
    """A place of which visitors said how many of those whom they recognise are different from themselves.

    `part`: that beside all whom they recognise; `model`: of all recognition at the place the part between groups.
    """

    id: str
    label: str
    round: Asked
    mean: Reported
    part: Band
    model: Band

    @property
    def apart(self) -> bool:
        """Whether the model gives a part that the answers leave no room for."""
        low, high = self.part.low, self.part.high
        return self.model.value is not None and low is not None and high is not None and not low <= self.model.value <= high


@dataclass(frozen=True, slots=True)
class Measured:
    """All that the page tells. `needed`: how many more places must be asked before the model can be held against them; `svg` and `narrow`
    the newest answers beside the model, `over_time` those of places with several rounds; `apart`: at how many places the model gives
    another part of people who are different than the answers leave room for."""

    places: tuple[MeasuredPlace, ...]
    needed: int
    different: tuple[DifferentLine, ...]
    apart: int
    over_time: str
    over_time_narrow: str
    agreement: Agreement | None
    verdict: str
    wave: tuple[date, date] | None
    about: About | None
    modelled: bool
    svg: str
    narrow: str


def compose(slug: str, found: Opened | None, waves: Sequence[WaveRow], *, lang: str) -> Measured:
    """Every public place of which visitors said whom they recognise, by name."""
    known = queries.recognised(found) if found else {}
    wave = chosen_wave(slug, waves, "", lang)
    rows = _places(slug, known, {row.id: row.avoids for row in wave.places} if wave else {}, lang)
    different = tuple(_different(rows, found))
    pairs = [(row.model, row.newest.mean) for row in rows if row.model is not None and row.newest and row.newest.mean]
    beside = agreement(pairs)
    return Measured(
        places=tuple(rows),
        needed=max(0, LEAST_PLACES - len(pairs)),
        different=different,
        apart=sum(line.apart for line in different),
        over_time=_over_time(rows, width=640, prefix="rounds"),
        over_time_narrow=_over_time(rows, width=320, prefix="rounds-narrow"),
        agreement=beside,
        verdict=verdict(beside) if beside else "",
        wave=(wave.row.first, wave.row.last) if wave else None,
        about=found.about(lang) if found else None,
        modelled=bool(known),
        svg=_picture(rows, width=640, prefix="beside"),
        narrow=_picture(rows, width=320, prefix="beside-narrow"),
    )


def _places(slug: str, known: dict[str, float], avoids: dict[str, int | None], lang: str) -> list[MeasuredPlace]:
    public = {place.id: place for place in places.export_places(slug, PlaceFilter())}
    rows = []
    for place_id, releases in released.rounds_per_place(slug).items():
        rounds = tuple(asked(row) for row in releases if _answers(row, "recognise"))
        if place_id in public and rounds:
            held = public[place_id]
            label = held.name or words.kind_label(held.kind, lang)
            rows.append(MeasuredPlace(place_id, label, rounds, known.get(place_id), avoids.get(place_id)))
    return sorted(rows, key=lambda row: (row.label, row.id))


def _answers(row: ReleaseRow, question: str) -> dict[str, int | None]:
    """Cards per answer; empty where every one of them is hidden."""
    rows = ((row.figures.get("cards") or {}).get("questions") or {}).get(question) or []
    found = {item["answer"]: item["cards"] for item in rows}
    return found if any(cards is not None for cards in found.values()) else {}


def asked(row: ReleaseRow) -> Asked:
    """A round as the page tells it."""
    cards = (row.figures.get("cards") or {}).get("cards")
    found, greets = _answers(row, "recognise"), _answers(row, "greet")
    different = reported(_answers(row, "different"), cards)
    return Asked(row.round_name, row.ends, cards, reported(found, cards), found.get(NOBODY), greets.get(NOBODY), different)


def _different(rows: Sequence[MeasuredPlace], found: Opened | None) -> Iterator[DifferentLine]:
    """The newest round of each place of which it is known."""
    model = {item.place_id: item.across_share_between for item in queries.places(found)} if found else {}
    for row in rows:
        told = next((item for item in row.rounds if item.different is not None and item.mean is not None), None)
        if told is not None and told.different is not None and told.mean is not None:
            yield DifferentLine(row.id, row.label, told, told.different, part_of(told.different, told.mean), model.get(row.id, NO_BAND))


def part_of(some: Reported, all_of_them: Reported) -> Band:
    """Some as a part of all. Both were asked on the same cards: with bounds that hold however they go together."""
    low, high = some.low / all_of_them.high, min(1.0, some.high / max(all_of_them.low, 1e-9))
    return Band(min(1.0, some.value / all_of_them.value), low, high)


def verdict(found: Agreement) -> str:
    """What it comes to: alike, other (another order of places), flat or steep (differences too large or too small), or unsure."""
    if found.rank.low <= 0:
        return "other" if found.rank.high < 0 else "unsure"
    if found.slope.low <= 1 <= found.slope.high:
        return "alike"
    return "flat" if found.slope.high < 1 else "steep"


def _picture(rows: Sequence[MeasuredPlace], *, width: float, prefix: str) -> str:
    told = [(row, row.newest.mean) for row in rows if row.newest and row.newest.mean]
    if not told:
        return ""
    drawn = [DotRow(row.label, mean.value, mean.low, mean.high, _beside(mean, row.model), other=row.model) for row, mean in told]
    return beside_of(drawn, width=width, prefix=prefix)


def _over_time(rows: Sequence[MeasuredPlace], *, width: float, prefix: str) -> str:
    """The rounds of each place that has several, the oldest first."""
    drawn = []
    for row in rows:
        rounds = [(item, item.mean) for item in reversed(row.rounds) if item.mean is not None]
        if len(rounds) > 1:
            drawn += [
                DotRow(f"{row.label}, {day(item.ends) if item.ends else item.name}", mean.value, mean.low, mean.high, _beside(mean, None))
                for item, mean in rounds
            ]
    return rounds_of(drawn, width=width, prefix=prefix) if drawn else ""


def _beside(mean: Reported, model: float | None) -> str:
    told = _("%(low)s to %(high)s") % {"low": faces(mean.low), "high": faces(mean.high)}
    return told if model is None else _("%(said)s; model %(model)s") % {"said": told, "model": faces(model)}
