# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of the catalogue at their publisher: what changed about them, and whole tables fetched for the Wijkmonitor."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from shutil import rmtree
from typing import Any

from knopenkaart.errors import InputError, SourceError
from knopenkaart.progress import Progress, silent
from knopenkaart.sources import _odata
from knopenkaart.sources._http import Edge, EdgeRules, Fetched, Terms
from knopenkaart.sources.figure_columns import simplify
from knopenkaart.sources.online import Endpoints, read_endpoints
from knopenkaart.vocabulary.catalogue import Catalogue, Publication, Series, load_catalogue

# What can have changed. The first two mean that figures cannot be fetched any more.
TABLE_GONE, MEASURE_GONE, TITLE, UNIT, NEWER = "table_gone", "measure_gone", "title", "unit", "newer_year"
# Of a table that is fetched: the publisher has the measure, and no figure of it yet.
NO_FIGURES = "no_figures"
# What an observation without a value says where there cannot be one: empty cells are not sent, unless they say something such as this.
_IMPOSSIBLE = "impossible"
# Answers about tables are asked again after a day, parts of a table that was broken off after a week.
_METADATA_DAYS, _PART_DAYS = 1.0, 7.0
_PARTS = "parts"
_ORDER = ("NL", "GM", "WK", "BU")
_CHANGE_OF_DIVISION = "Indelingswijziging"
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)\s*$")


@dataclass(frozen=True, slots=True)
class LiveTable:
    """A table of the catalogue that can be asked: its series and year, and the publications of indicators in it, by measure."""

    series: Series
    table: str
    year: int
    measures: Mapping[str, tuple[str, Publication]]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that the publisher says otherwise than the catalogue: about a table, and an indicator where it is about one."""

    kind: str
    table: str
    year: int
    indicator: str = ""
    measure: str = ""
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """The tables that were compared, and what changed about them."""

    tables: tuple[LiveTable, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class FetchedTable:
    """A whole table as a file for the Wijkmonitor.

    `left_out`: measures that the publisher has no more, in another unit, or without figures yet; told by the call that fetches, not by one
    that finds the file.
    """

    path: Path
    table: LiveTable
    areas: int
    measures: int
    left_out: tuple[Change, ...]
    offline: str = ""


@dataclass(frozen=True, slots=True)
class _Ask:
    """Where and how one table is asked."""

    edge: Edge
    table: LiveTable
    base: str
    part: Mapping[str, Any]
    progress: Progress

    @property
    def max_bytes(self) -> int:
        return int(self.part["max_bytes"])

    def rows(self, collection: str, *, where: str = "") -> Iterator[dict[str, Any]]:
        params = {"$filter": where} if where else None
        return _odata.rows(self.edge, f"{self.base}/{collection}", params=params, max_bytes=self.max_bytes)

    def terms(self, days: float) -> Terms:
        title = f"{self.table.series.publisher} {self.table.series.nl} {self.table.year}"
        return Terms(title, str(self.part["licence"]), f"Bron: {title}", days, self.max_bytes)


def live_tables(catalogue: Catalogue | None = None) -> tuple[LiveTable, ...]:
    """The tables that can be asked, oldest first within their series: those of a series with an interface, with checked measures only."""
    found: dict[tuple[str, str], dict[str, tuple[str, Publication]]] = {}
    known = catalogue or load_catalogue()
    for item in known.indicators.values():
        for one in item.published:
            if one.active and one.column and one.series and known.series[one.series].interface:
                found.setdefault((one.series, one.table), {})[one.measure] = (item.id, one)
    tables = [
        LiveTable(known.series[series], table, year, found[series, table])
        for series, table in found
        for year in [year for year, name in known.series[series].tables.items() if name == table]
    ]
    return tuple(sorted(tables, key=lambda item: (item.series.id, item.year)))


def verify(
    *,
    cache: Path | None = None,
    endpoints: Endpoints | None = None,
    edge: Edge | None = None,
    contact: str = "",
    progress: Progress = silent,
) -> Verification:
    """Compare every table of the catalogue that can be asked with what its publisher says of it now.

    Told are: a table or measure that is gone, a title or unit that changed (where the catalogue knows it), a newer year of a series.
    `cache` is a folder in which answers are kept for a day, so that a comparison that broke off goes on. Raises SourceError when a source
    gives nothing usable: then nothing is known to be unchanged.
    """
    places = endpoints or read_endpoints()
    tables = live_tables()
    with _Borrowed(edge, places, contact) as own:
        changes = [change for number, table in enumerate(tables) for change in _changes(_ask(own, places, table, progress), cache, number)]
        for series in dict.fromkeys(table.series.id for table in tables):
            newest = max((table for table in tables if table.series.id == series), key=lambda item: item.year)
            changes += _newer(_ask(own, places, newest, progress))
    return Verification(tables, tuple(changes))


def fetch(
    folder: Path,
    *,
    year: int,
    table: str = "",
    endpoints: Endpoints | None = None,
    edge: Edge | None = None,
    contact: str = "",
    progress: Progress = silent,
) -> list[FetchedTable]:
    """The tables of a year (or the one that is named) for the whole country, each as a CSV in `folder` that `read_figures` reads.

    A table comes measure by measure; each measure that is in stays in, so that a download that broke off goes on where it stopped. A file
    younger than the endpoints say is used as it is. `.` stands where the publisher keeps the figure back, nothing where there is none.

    Raises InputError: no table of that year or name, or none that can be asked. Raises SourceError: a source gave nothing usable.
    """
    places = endpoints or read_endpoints()
    wanted = _wanted(year, table)
    with _Borrowed(edge, places, contact) as own:
        return [_fetch(_ask(own, places, one, progress), folder) for one in wanted]


def _wanted(year: int, table: str) -> list[LiveTable]:
    known = live_tables()
    if table and table not in {one.table for one in known}:
        offline = {name: series for series in load_catalogue().series.values() for name in series.tables.values()}
        if table in offline:
            message = f"{table} of {offline[table].publisher} cannot be fetched: it is published over another interface."
            remedy = "Download it from the publisher and give the file to knopenkaart monitor build."
            raise InputError(message, code="catalogue.not_online", remedy=remedy)
        remedy = f"These can be fetched: {', '.join(f'{one.table} ({one.year})' for one in known)}."
        raise InputError(f"The catalogue has no table {table}.", code="catalogue.no_table", remedy=remedy)
    found = [one for one in known if one.year == year and table in ("", one.table)]
    if not found:
        years = sorted({one.year for one in known if table in ("", one.table)})
        remedy = f"The years are: {', '.join(map(str, years))}."
        raise InputError(f"There is no table{table and f' {table}'} of {year}.", code="catalogue.no_year", remedy=remedy)
    return found


class _Borrowed:
    """An edge that was given, left open; or one of one's own, closed at the end."""

    def __init__(self, edge: Edge | None, endpoints: Endpoints, contact: str) -> None:
        self._given = edge
        self._edge = edge or Edge(EdgeRules(endpoints.hosts, contact=contact))

    def __enter__(self) -> Edge:
        return self._edge

    def __exit__(self, *_: object) -> None:
        if self._given is None:
            self._edge.close()


def _ask(edge: Edge, endpoints: Endpoints, table: LiveTable, progress: Progress) -> _Ask:
    part: Mapping[str, Any] = getattr(endpoints, table.series.interface)
    return _Ask(edge, table, str(part["url"]).format(table=table.table), part, progress)


# --- what changed -----------------------------------------------------------------------------------------------------


def _changes(ask: _Ask, cache: Path | None, number: int) -> Iterator[Change]:
    ask.progress("catalogue.verify", number / max(1, len(live_tables())))
    try:
        live = _measures(ask, cache)
    except SourceError as error:
        if error.code != "http.gone":
            raise
        yield Change(TABLE_GONE, ask.table.table, ask.table.year)
        return
    yield from _differences(ask.table, live)


def _differences(table: LiveTable, live: Mapping[str, Mapping[str, str]]) -> Iterator[Change]:
    for measure, (indicator, said) in table.measures.items():
        about = Change(MEASURE_GONE, table.table, table.year, indicator, measure, expected=said.title)
        if measure not in live:
            yield about
            continue
        found = live[measure]
        if said.title and simplify(said.title) != simplify(found["title"]):
            yield replace(about, kind=TITLE, found=found["title"])
        if said.unit and _unit(said.unit) != _unit(found["unit"]):
            yield replace(about, kind=UNIT, expected=said.unit, found=found["unit"])


def _unit(text: str) -> str:
    return re.sub(r"[\s\xa0]+", "", text).casefold()


def _measures(ask: _Ask, cache: Path | None) -> dict[str, dict[str, str]]:
    """Title and unit of every measure of a table, as its publisher says now; of a day ago at most where there is a cache."""
    if cache is None:
        return _told(ask)

    def make(fresh: Path) -> date | None:
        fresh.write_text(json.dumps(_told(ask), ensure_ascii=False), encoding="utf-8")
        return None

    kept = _kept(ask, cache / f"measures_{ask.table.table}.json", f"{ask.base}/MeasureCodes", make, days=_METADATA_DAYS)
    found: dict[str, dict[str, str]] = json.loads(kept.path.read_text(encoding="utf-8"))
    return found


def _told(ask: _Ask) -> dict[str, dict[str, str]]:
    url = f"{ask.base}/MeasureCodes"
    with _odata.as_documented(url):
        found = {
            str(row["Identifier"]).strip(): {"title": str(row["Title"]).strip(), "unit": str(row.get("Unit") or "").strip()}
            for row in ask.rows("MeasureCodes")
        }
    if not found:
        raise _odata.wrong("online.empty", f"{url} lists no measures.")
    return found


def _kept(ask: _Ask, path: Path, request: str, make: Callable[[Path], date | None], *, days: float) -> Fetched:
    """A part in the cache. An older copy does not do: half of a table would be of another day, and a comparison would prove nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = ask.edge.cached(path, url=ask.base, terms=ask.terms(days), make=_odata.shaped(make, request), request=request)
    if kept.offline:
        raise SourceError(kept.offline, code="catalogue.source_failed", remedy="Try again later: what is in already is kept.")
    return kept


def _newer(ask: _Ask) -> Iterator[Change]:
    """Tables of the same series for a year that the catalogue does not have."""
    title, known = ask.table.series.nl, ask.table.year
    base = str(ask.part["url"]).format(table="Datasets")
    query = {"$filter": f"contains(Title,'{title}')", "$select": "Identifier,Title,Status"}
    for row in _odata.rows(ask.edge, base, params=query, max_bytes=ask.max_bytes):
        named, status = str(row.get("Title") or "").strip(), str(row.get("Status") or "")
        year = _YEAR.search(named)
        if named.startswith(title) and year and int(year[1]) > known and status != "Gediscontinueerd":
            yield Change(NEWER, str(row["Identifier"]).strip(), int(year[1]), expected=str(known), found=named)


# --- whole tables -----------------------------------------------------------------------------------------------------


def _fetch(ask: _Ask, folder: Path) -> FetchedTable:
    table = ask.table
    target = folder / f"cbs_{table.series.id}_{table.year}.csv"
    left_out: list[Change] = []
    parts = folder / _PARTS / table.table

    def make(fresh: Path) -> date | None:
        live = _measures(ask, parts)
        left_out.extend(change for change in _differences(table, live) if change.kind in (MEASURE_GONE, UNIT))
        refused = {change.measure for change in left_out}
        columns = {one.column: measure for measure, (_, one) in table.measures.items() if measure not in refused}
        areas = json.loads(_areas(ask, parts).path.read_text(encoding="utf-8"))
        changed = next((code for code, item in live.items() if item["title"].startswith(_CHANGE_OF_DIVISION)), None)
        wanted = [*columns.values(), *([changed] if changed else [])]
        values: dict[str, dict[str, Any]] = {}
        for number, measure in enumerate(wanted):
            ask.progress("catalogue.fetch", number / len(wanted))
            values[measure] = json.loads(_observations(ask, measure, parts).path.read_text(encoding="utf-8"))
        empty = [measure for measure in columns.values() if not values[measure]]
        left_out.extend(Change(NO_FIGURES, table.table, table.year, table.measures[measure][0], measure) for measure in empty)
        columns = {column: measure for column, measure in columns.items() if measure not in empty}
        _write(fresh, areas, columns, values, changed)
        return date(table.year, 1, 1)

    request = f"{ask.base}?{','.join(sorted(table.measures))}"
    folder.mkdir(parents=True, exist_ok=True)
    terms = ask.terms(float(ask.part["max_age_days"]))
    kept = ask.edge.cached(target, url=ask.base, terms=terms, make=_odata.shaped(make, ask.base), request=request)
    # The parts made the whole: only a download that broke off needs them again.
    rmtree(parts, ignore_errors=True)
    areas, measures = _size(target)
    return FetchedTable(target, table, areas, measures, tuple(left_out), kept.offline)


def _areas(ask: _Ask, parts: Path) -> Fetched:
    """The codes and names of all areas of a table."""
    collection = f"{ask.table.series.areas}Codes"

    def make(fresh: Path) -> date | None:
        names = {str(row["Identifier"]).strip(): str(row["Title"]).strip() for row in ask.rows(collection)}
        names = {code: name for code, name in names.items() if code.startswith(_ORDER)}
        if not names:
            raise _odata.wrong("online.empty", f"{ask.base}/{collection} lists no areas.")
        fresh.write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
        return None

    return _kept(ask, parts / "areas.json", f"{ask.base}/{collection}", make, days=_PART_DAYS)


def _observations(ask: _Ask, measure: str, parts: Path) -> Fetched:
    """One measure for all areas: a number or text by code, None where the publisher keeps it back; without those that cannot have one."""
    areas = ask.table.series.areas

    def make(fresh: Path) -> date | None:
        found: dict[str, Any] = {}
        for row in ask.rows("Observations", where=f"Measure eq '{measure}'"):
            number, text = row.get("Value"), (row.get("StringValue") or "").strip()
            if number is None and not text and str(row.get("ValueAttribute")).casefold() == _IMPOSSIBLE:
                continue
            found[str(row[areas]).strip()] = number if number is not None else text or None
        fresh.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        return None

    name = re.sub(r"[^A-Za-z0-9_]", "_", measure)
    return _kept(ask, parts / f"measure_{name}.json", f"{ask.base}/Observations?{measure}", make, days=_PART_DAYS)


def _write(
    path: Path, names: Mapping[str, str], columns: Mapping[str, str], values: Mapping[str, Mapping[str, Any]], changed: str | None
) -> None:
    """The table as a StatLine download has it, with the columns under the names of the catalogue."""
    heading = ["Wijken en buurten", "Regioaanduiding/Codering (code)", "Regioaanduiding/Gemeentenaam (naam)"]
    told = {code for found in values.values() for code in found} & names.keys()
    if not told:
        raise _odata.wrong("online.empty", "The table has no figure of any area.")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow([*heading, *([f"{_CHANGE_OF_DIVISION} wijken en buurten (code)"] if changed else []), *columns])
        for code in sorted(told, key=lambda code: (_ORDER.index(code[:2]), code)):
            home = names.get(f"GM{code[2:6]}", names[code]) if code[:2] != "NL" else names[code]
            cells = [_cell(values[measure], code) for measure in [*([changed] if changed else []), *columns.values()]]
            writer.writerow([names[code], code, home, *cells])


def _cell(found: Mapping[str, Any], code: str) -> Any:
    if code not in found:
        return ""
    value = found[code]
    if value is None:
        return "."
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _size(path: Path) -> tuple[int, int]:
    """How many areas and how many columns of figures a written table has."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, *lines = csv.reader(file, delimiter=";")
    return len(lines), len([name for name in heading[3:] if not name.startswith(_CHANGE_OF_DIVISION)])
