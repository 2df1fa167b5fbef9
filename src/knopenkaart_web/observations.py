# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A folder with what was counted, answered and written down of many places, brought in at once and made into figures.

For who begins with files, and for the example: the same roads as for who sends a file on a page, and the same file twice changes nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from openpyxl import Workbook, load_workbook

from knopenkaart.errors import Fault, InputError
from knopenkaart.progress import Progress, silent
from knopenkaart.sources.own_mapping import OwnMapping
from knopenkaart_web.cards.loading import load_cards
from knopenkaart_web.monitor import importing as own_tables
from knopenkaart_web.operation import importing as bookings
from knopenkaart_web.operation import loading as use
from knopenkaart_web.places import queries
from knopenkaart_web.places.actions import figures
from knopenkaart_web.places.models import FigureFile
from knopenkaart_web.runs import actions as runs
from knopenkaart_web.visits import actions as visits
from knopenkaart_web.visits import importing as counts
from knopenkaart_web.visits import released

# How the names of the files end, whatever they begin with.
SHEETS, CARDS, SERIES, BOOKINGS = "telweken.xlsx", "kaartjes.csv", "bezoekreeks.csv", "boekingen.csv"
ROOMS, MONEY, BOARDS = "zalen.csv", "exploitatie.csv", "bestuur.csv"
# What is not new is no fault here.
# So many faults of a table are named; their number is always told.
NAMED = 20
THERE = frozenset({"figures.same", "figures.nothing"})


@dataclass
class Told:
    """What was brought in."""

    rounds: int = 0
    cards: int = 0
    series: int = 0
    bookings: int = 0
    use: dict[str, int] = field(default_factory=dict)
    released: int = 0


def load(slug: str, folder: Path, *, progress: Progress = silent) -> Told:
    """Bring in the files of a folder into a study; the system's own work.

    Of the files that are named in docs/reference/example-observations.md any may be absent. Raises InputError (`observations.none` where
    there is none of them, and what each road refuses).
    """
    files = {name: path for name in (SHEETS, CARDS, SERIES, BOOKINGS, ROOMS, MONEY, BOARDS) if (path := _find(folder, name))}
    if not files:
        remedy = "Name the files as docs/reference/example-observations.md does."
        raise InputError(f"There is nothing to bring in, in {folder.name}.", code="observations.none", remedy=remedy)
    ids = {place.name: place.id for place in queries.all_records(slug) if place.name}
    told = Told()
    progress("use", 0.1)
    parts = [read(_rows(files[name]), ids, file=files[name].name) for name, read in _USE.items() if name in files]
    told.use = use.load_use(None, slug, *parts) if parts else {}
    told.cards = load_cards(None, slug, _rows(files[CARDS]), ids, file=files[CARDS].name) if CARDS in files else 0
    progress("series", 0.3)
    told.series = _send(slug, None, "series", files[SERIES]) if SERIES in files else 0
    progress("bookings", 0.4)
    told.bookings = sum(_send(slug, key, "bookings", files[BOOKINGS]) for key in _booked(files, ids)) if BOOKINGS in files else 0
    progress("counts", 0.6)
    told.rounds = _rounds(slug, files[SHEETS], ids) if SHEETS in files else 0
    progress("release", 0.8)
    told.released = release(slug)
    return told


def own_table(slug: str, path: Path, mapping: Path | None) -> dict[str, Any]:
    """Bring in a municipality's own table of indicators, read as a mapping says (None: guessed); the system's own work.

    Gives how many figures were added, were there and are hidden, how many faults were found, and the first of them; nothing where the same
    file is in already. Raises InputError (what sending, reading and bringing in refuse).
    """
    columns = OwnMapping.from_text(_text(mapping)).to_dict() if mapping else None
    try:
        number = figures.send_file(None, slug, None, kind="indicators", filename=path.name, content=_content(path))
    except InputError as error:
        if error.code not in THERE:
            raise
        return {"added": 0, "there": 0, "hidden": 0, "faults": 0, "named": []}
    if columns is not None:
        figures.correct_columns(None, slug, None, number, columns)
    runs.do_now(slug, "read_figures", {"file": number})
    read = FigureFile.objects.defer("content").get(pk=number)
    if read.state != "read":
        figures.discard_file(None, slug, None, number)
        raise InputError(
            f"{path.name} cannot be read.", code=read.refusal or "figures.state", faults=[_fault(item) for item in read.faults]
        )
    told: dict[str, Any] = own_tables.bring_in_indicators(None, slug, None, number)
    return {**told, "faults": len(read.faults), "named": [str(_fault(item)) for item in read.faults[:NAMED]]}


def _text(mapping: Path) -> str:
    try:
        return mapping.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{mapping} cannot be read: {error}.", code="mapping.broken", remedy="Give a mapping in TOML or JSON.") from error


def _content(path: Path) -> bytes:
    """What a file holds; of one that is too large no more than shows that it is."""
    try:
        with path.open("rb") as file:
            return file.read(settings.UPLOAD_MAX_BYTES + 1)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        raise InputError(message, code="file.absent", remedy="Check the name and the folder.") from error


def _fault(data: Mapping[str, Any]) -> Fault:
    return Fault(**{**data, "near": tuple(data.get("near", ()))})


def release(slug: str) -> int:
    """Make the figures of what was closed or came in, in this process; gives how many were made."""
    rounds = [number for study, number, _ in released.closed_without_figures() if study == slug]
    series = [(place, state) for study, place, state in released.series_without_figures() if study == slug]
    made = [runs.do_now(slug, "visitors", {"round": number}) for number in rounds]
    made += [runs.do_now(slug, "series", {"place": place, "state": state}) for place, state in series]
    return sum(made)


_USE = {ROOMS: use.rooms_of, MONEY: use.money_of, BOARDS: use.boards_of}


def _find(folder: Path, name: str) -> Path | None:
    return next(iter(sorted(folder.glob(f"*{name}"))), None)


def _rows(path: Path) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def _booked(files: Mapping[str, Path], ids: Mapping[str, str]) -> Iterator[str]:
    """The places of which the rooms are known: the whole file is read for each, and gives it the bookings of its own rooms."""
    rows = _rows(files[ROOMS]) if ROOMS in files else []
    yield from dict.fromkeys(ids[row["Locatie"]] for row in rows if row.get("Locatie") in ids)


def _rounds(slug: str, path: Path, ids: Mapping[str, str]) -> int:
    """A round per sheet of the workbook, closed at once."""
    brought = 0
    for title, content in _sheets(path):
        key = ids.get(title) or next((found for name, found in ids.items() if name[: len(title)] == title), None)
        if key is None:
            raise InputError(f"There is no place called {title}.", code="place.unknown")
        brought += _send(slug, key, "counts", path.with_name(f"Telling {title}.xlsx"), content=content)
    return brought


def _sheets(path: Path) -> Iterator[tuple[str, bytes]]:
    book = load_workbook(path, read_only=True)
    for sheet in book.worksheets:
        single = Workbook()
        assert single.active is not None  # noqa: S101 -- a new workbook has a sheet
        single.active.title = sheet.title
        for row in sheet.iter_rows(values_only=True):
            single.active.append(row)
        target = io.BytesIO()
        single.save(target)
        yield sheet.title, target.getvalue()


def _send(slug: str, place_id: str | None, kind: str, path: Path, *, content: bytes | None = None) -> int:
    """Send a file, have it read, and bring it in, as somebody does on a page; 1 where something was new."""
    number = None
    try:
        number = figures.send_file(None, slug, place_id, kind=kind, filename=path.name, content=content or path.read_bytes())
        runs.do_now(slug, "read_figures", {"file": number})
        if kind == "counts":
            counts.bring_in_counts(None, slug, place_id, number)
            visits.close_round(None, slug, place_id, FigureFile.objects.get(pk=number).brought["round"])
        elif kind == "series":
            counts.bring_in_series(None, slug, place_id, number)
        else:
            bookings.bring_in_bookings(None, slug, place_id, number)
    except InputError as error:
        if error.code not in THERE:
            raise
        # Nobody is to decide about a file of which all is there.
        if number is not None:
            figures.discard_file(None, slug, place_id, number)
        return 0
    return 1
