# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of how many places: a small picture per measure, the sentence it comes to, the verdict, and what settings make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from knopenkaart.paper.plateau import PlateauLine
from knopenkaart_web.meeting import curve, queries
from knopenkaart_web.meeting.curve import AXES, CONVENTIONS, DEMANDS, Grid
from knopenkaart_web.meeting.opening import ALL, Opened
from knopenkaart_web.meeting.views_data import SURE, About, Axis, Badge, Band, Beside, Line, Plateau, Settings, Verdict
from knopenkaart_web.pages.asked import whole_number
from knopenkaart_web.pages.meeting import open_places
from knopenkaart_web.pages.meeting.open_places import OpenPlaces
from knopenkaart_web.pages.meeting.overview import Choice
from knopenkaart_web.pages.meeting.pictures import curve_of
from knopenkaart_web.pages.meeting.words import DEMANDS as DEMAND_WORDS
from knopenkaart_web.pages.meeting.words import MEASURES, PROGRAMMES, SETTLE, axis_value, band_text, faces, measure_text, sure_text, word
from knopenkaart_web.pages.written import capital, number

ASKED = {"frequency": "frequentie", "notices": "opmerken", "foyer": "foyer", "times": "keer", "weeks": "weken"}
# Everything that one may ask for.
SCOPE, NUMBER, SETTINGS = ("gebied", "programma"), ("aantal",), ("vraag", *ASKED.values())
NAMES = (*SCOPE, *NUMBER, *SETTINGS)
# Within so much of the most is on the plateau.
LITTLE = 0.1
GRID_MEASURES = ("familiar", "across", "encounters")


@dataclass(frozen=True, slots=True)
class Picture:
    """One measure over the number of places, with a plain explanation beside its axis. `badge`: what it rests on (None: it follows from
    the streets, and is no estimate)."""

    measure: str
    name: str
    unit: str
    explanation: str
    svg: str
    badge: Badge | None


@dataclass(frozen=True, slots=True)
class Row:
    """A number of places in the table, with what each measure is under each demand."""

    open: int
    now: bool
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slider:
    """Something that one may set; `step` and ends as text, for a number in HTML has a point."""

    name: str
    id: str
    low: str
    high: str
    step: str
    value: str
    told: str
    factor: bool


@dataclass(frozen=True, slots=True)
class Convention:
    """A convention to choose, from what was reckoned."""

    name: str
    id: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What settings make of the curve, beside what is assumed. `changed`: something is set otherwise."""

    sliders: tuple[Slider, ...]
    conventions: tuple[Convention, ...]
    pictures: tuple[Picture, ...]
    changed: bool
    rows: tuple[tuple[int, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the curve comes to under one demand. `only_now`: no smaller number comes near enough; `beside`: that number beside now, and on
    which side of it it surely lies (more, less, or unsure)."""

    demand: str
    plateau: Plateau
    only_now: bool
    beside: Beside | None
    side: str
    by: str
    chance: str


@dataclass(frozen=True, slots=True)
class Point:
    """What the curve comes to with one programme."""

    programme: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """A measurement that would make the verdict surer, and how sure it is expected to be then."""

    what: str
    sure: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """All that the page tells."""

    about: About
    name: str
    code: str
    alone: bool
    scopes: tuple[Choice, ...]
    programmes: tuple[Choice, ...]
    demands: tuple[Choice, ...]
    now: int | None
    points: tuple[Point, ...]
    programme: str
    programme_name: str
    open_places: OpenPlaces | None
    kept: Mapping[str, tuple[tuple[str, str], ...]]
    pictures: tuple[Picture, ...]
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    verdict: Verdict | None
    elasticity: str
    threshold: str
    settle: tuple[Settled, ...]
    what_if: WhatIf | None


def compose(found: Opened, asked: Mapping[str, str], *, lang: str) -> Curve | None:
    """The curve of an area and programme that were asked for; None where there is none at all."""
    known = curve.scopes(found)
    if not known:
        return None
    code = asked.get("gebied", "") if asked.get("gebied", "") in known else known[0]
    offered = curve.programmes(found, code)
    programme = asked.get("programma", "") if asked.get("programma", "") in offered else offered[0]
    demand = asked.get("vraag", "") if asked.get("vraag", "") in DEMANDS else DEMANDS[0]
    lines = curve.lines(found, code, programme=programme)
    plateaus = curve.plateaus(found, code, programme=programme)
    now = next((item.now for item in plateaus.values()), None)
    verdict = queries.verdict(found, code)
    return Curve(
        about=found.about(lang),
        name=scope_name(found, code),
        code=code,
        alone=code != ALL,
        scopes=tuple(Choice(item, scope_name(found, item), item == code) for item in known),
        programmes=tuple(Choice(item, capital(word(PROGRAMMES, item)), item == programme) for item in offered),
        demands=tuple(Choice(item, capital(_does(item)), item == demand) for item in DEMANDS),
        now=now,
        points=tuple(_point(found, code, item) for item in offered),
        programme=programme,
        programme_name=word(PROGRAMMES, programme),
        open_places=open_places.compose(found, code, whole_number(asked.get("aantal", "")), plateaus.get(DEMANDS[0]), lang=lang),
        kept=_kept(asked),
        pictures=tuple(_pictures(found, lines, now)),
        heads=tuple(_heads(lines)),
        rows=tuple(_rows(lines, now)),
        verdict=verdict,
        elasticity=_precise(verdict.elasticity) if verdict else "",
        threshold=_precise(verdict.threshold) if verdict else "",
        settle=tuple(Settled(word(SETTLE, item.what), item.sure) for item in verdict.settle) if verdict else (),
        what_if=what_if(curve.grid(found, code, demand=demand), asked, now=now, badge=found.level),
    )


def _kept(asked: Mapping[str, str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Per form what was chosen in the others, so that choosing one thing keeps the rest."""
    others = {"scope": (*NUMBER, *SETTINGS), "number": (*SCOPE, *SETTINGS), "settings": (*SCOPE, *NUMBER)}
    return {form: tuple((name, asked[name]) for name in names if asked.get(name)) for form, names in others.items()}


def _point(found: Opened, code: str, programme: str) -> Point:
    plateaus = curve.plateaus(found, code, programme=programme)
    sentences = (_sentence(found, code, demand, programme, plateaus[demand]) for demand in DEMANDS if demand in plateaus)
    return Point(word(PROGRAMMES, programme), tuple(sentences))


def _sentence(found: Opened, code: str, demand: str, programme: str, plateau: Plateau) -> Sentence:
    beside = curve.beside_now(found, code, demand=demand, programme=programme, places=plateau.enough)
    side = _side(beside) if beside and not _alike(beside, plateau) else ""
    chance = "" if beside is None else sure_text(1 - beside.chance if side == "less" else beside.chance)
    by = "" if beside is None else number(abs(beside.more) * 100)
    return Sentence(word(DEMAND_WORDS, demand), plateau, plateau.enough == plateau.now > 1, beside, side, by, chance)


def _alike(beside: Beside, plateau: Plateau) -> bool:
    """Whether the plateau already says that it makes no difference: a per cent more or less, however sure, would say otherwise."""
    if plateau.first is None or plateau.last is None:
        return False
    return plateau.first <= beside.open <= plateau.last and plateau.now <= plateau.last and abs(beside.more) < LITTLE


def _side(beside: Beside) -> str:
    """Whether it is surely more or less than now: in enough of the towns, and in the middle of them too."""
    if beside.more > 0 and beside.chance >= SURE:
        return "more"
    return "less" if beside.more < 0 and 1 - beside.chance >= SURE else "unsure"


def _precise(band: Band) -> str:
    return _("%(low)s to %(high)s") % {"low": number(band.low, 2), "high": number(band.high, 2)}


def scope_name(found: Opened, code: str) -> str:
    """The name of an area, or of all of the study."""
    item = found.held.areas.get(code)
    return found.held.study.name if code == ALL else item.name if item else code


def _measures(lines: Sequence[Line]) -> list[str]:
    """The measures of which something may be told."""
    return [
        item for item in MEASURES if any(line.measure == item and any(spot.band.value is not None for spot in line.spots) for line in lines)
    ]


def _of(lines: Sequence[Line], measure: str) -> list[Line]:
    """The lines of a measure: one where both demands give the same."""
    found = [line for line in lines if line.measure == measure]
    return found[:1] if len(found) == 2 and found[0].spots == found[1].spots else found


def _pictures(found: Opened, lines: Sequence[Line], now: int | None) -> list[Picture]:
    result, level = [], found.level
    for measure in _measures(lines):
        own = _of(lines, measure)
        shown = [_plateau_line(line, label=_label(line, alone=len(own) == 1)) for line in own]
        result.append(_picture(measure, curve_of(shown, measure, now=now, prefix=f"curve-{measure}"), _badge(found, measure, level)))
    return result


def _picture(measure: str, svg: str, badge: Badge | None) -> Picture:
    told = MEASURES[measure]
    return Picture(measure, str(told.name), str(told.unit), str(told.explanation), svg, badge)


def _badge(found: Opened, measure: str, level: Badge) -> Badge | None:
    """What a measure rests on. What places cost is assumed always; who lives near one is reckoned."""
    if measure.startswith("near_"):
        return None
    return {"cost": Badge.ASSUMED, "visits": queries.visits_badge(found)}.get(measure, level)


def _label(line: Line, *, alone: bool) -> str:
    return _("whatever people do") if alone else _does(line.demand)


def _does(demand: str) -> str:
    """What people do, as short as fits beside a line and in a list."""
    return {"elastic": _("goes out more"), "fixed": _("goes out as often")}[demand]


def _plateau_line(line: Line, *, label: str) -> PlateauLine:
    spots = []
    for spot in line.spots:
        value, low, high = (axis_value(line.measure, part) for part in (spot.band.value, spot.band.low, spot.band.high))
        if value is not None:
            spots.append((spot.open, value, low, high))
    found = line.plateau
    flat = (found.first, found.last) if found and found.first is not None and found.last is not None else None
    return PlateauLine(label, spots, flat, [spot.open for spot in line.spots if spot.band.value is None])


def _heads(lines: Sequence[Line]) -> list[str]:
    heads = []
    for measure in _measures(lines):
        own = _of(lines, measure)
        heads += [str(MEASURES[measure].name) + ("" if len(own) == 1 else f", {_label(line, alone=False)}") for line in own]
    return heads


def _rows(lines: Sequence[Line], now: int | None) -> list[Row]:
    columns = [line for measure in _measures(lines) for line in _of(lines, measure)]
    numbers = sorted({spot.open for line in columns for spot in line.spots})
    at = [{spot.open: spot for spot in line.spots} for line in columns]
    rows = []
    for places in numbers:
        cells = []
        for line, spots in zip(columns, at, strict=True):
            spot = spots.get(places)
            value = _value(line.measure, spot.band.value) if spot else "–"
            band = _between(line.measure, spot.band) if spot else ""
            cells.append(f"{value} ({band})" if band else value)
        rows.append(Row(places, places == now, tuple(cells)))
    return rows


def _value(measure: str, value: float | None) -> str:
    return sure_text(value) if measure == "more" and value is not None else measure_text(measure, value)


def _between(measure: str, band: Band) -> str:
    if measure == "cost":
        return cost_text(band)
    if measure == "share":
        return _("at least %(number)s") % {"number": measure_text(measure, band.low)}
    return band_text(band)


def cost_text(band: Band) -> str:
    """Between what the costs lie."""
    return _("%(low)s to %(high)s") % {"low": measure_text("cost", band.low), "high": measure_text("cost", band.high)}


# --- settings ---------------------------------------------------------------------------------------------------------


def what_if(grid: Grid, asked: Mapping[str, str], *, now: int | None, badge: Badge) -> WhatIf | None:
    """What settings make of the curve; None where there is no grid."""
    if not grid:
        return None
    taken = grid.settings({})
    chosen = grid.settings({name: _number(asked.get(key, "")) for name, key in ASKED.items()})
    pictures = []
    for measure in GRID_MEASURES:
        if not grid.line(taken, measure):
            continue
        shown = [_settings_line(grid, taken, measure, _("as assumed"))]
        if chosen != taken:
            shown.append(_settings_line(grid, chosen, measure, _("with your settings")))
        pictures.append(_picture(measure, curve_of(shown, measure, now=now, prefix=f"if-{measure}"), badge))
    wins = grid.wins()
    before, after = (dict(grid.line(item, "familiar")) for item in (taken, chosen))
    return WhatIf(
        sliders=tuple(_slider(grid.axes[name], getattr(chosen, name)) for name in AXES if name not in CONVENTIONS),
        conventions=tuple(_convention(grid.axes[name], getattr(chosen, name)) for name in CONVENTIONS),
        pictures=tuple(pictures),
        changed=chosen != taken,
        rows=tuple((places, faces(value), faces(after.get(places)), _wins(wins.get(places))) for places, value in before.items()),
    )


def _wins(found: tuple[int, int] | None) -> str:
    if found is None or not found[1]:
        return "–"
    return _("%(number)s of %(of)s") % {"number": found[0], "of": found[1]}


def _settings_line(grid: Grid, settings: Settings, measure: str, label: str) -> PlateauLine:
    return PlateauLine(label, [(places, value, None, None) for places, value in grid.line(settings, measure)])


def times_text() -> str:
    """How a factor reads, for a script too."""
    return _("%(number)s times")


def _slider(axis: Axis, value: float) -> Slider:
    factor = axis.name != "foyer"
    told = times_text() % {"number": number(value, 2)} if factor else f"{number(value * 100)} %"
    low, high, at = (f"{part:g}" for part in (axis.values[0], axis.values[-1], value))
    return Slider(axis.name, ASKED[axis.name], low, high, "0.05", at, told, factor)


def _convention(axis: Axis, value: float) -> Convention:
    choices = tuple(Choice(f"{item:g}", f"{item:g}", item == value) for item in axis.values)
    return Convention(axis.name, ASKED[axis.name], choices)


def _number(text: str) -> float | None:
    """A number as a form sends it; None for anything else."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1000 else None
