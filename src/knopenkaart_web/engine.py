# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""THE DOOR: the only file of the web that imports the engine's tables, study and store. Only the command line and runs go through it."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import pandas as pd
import shapely

from knopenkaart import export, lookup, store, visitors
from knopenkaart.checksum import checksum
from knopenkaart.errors import Fault, InputError, StoreError
from knopenkaart.geo import metric_crs_of
from knopenkaart.inventory.match import candidates
from knopenkaart.meeting.observed import released
from knopenkaart.meeting.results import results, write_file
from knopenkaart.monitoring.own_preview import preview_own
from knopenkaart.progress import Progress, silent
from knopenkaart.publish import meeting_file, reach_file
from knopenkaart.records import Area, Attribute, DuplicatePair, Notice, Place, Source
from knopenkaart.sources import bookings, counters, sheets
from knopenkaart.sources.counters import Columns, NameMatch
from knopenkaart.sources.mapping import Mapping, guess_mapping
from knopenkaart.sources.own_figures import KnownArea, OwnMapping, guess_own
from knopenkaart.study import Study, link_places, recount
from knopenkaart.tables import ADDRESSES, ATTRIBUTES, CARDS, COUNTS, PLACES, SERIES, from_records, to_records
from knopenkaart.vocabulary import Vocabulary
from knopenkaart.vocabulary.catalogue import Catalogue
from knopenkaart_web.monitor.bundle import AreaRow, FigureRow, LinkRow, MonitorBundle
from knopenkaart_web.places.bundle import AreaCoverage, AreaFigure, AreaShape, Bounds, LoadBundle, PlaceLink

# Outlines are drawn on a screen: metres by which a line may move.
OUTLINE_TOLERANCE_M = {"municipality": 12.0, "wijk": 8.0, "buurt": 5.0}
Row = TypeVar("Row", AreaRow, FigureRow, LinkRow)


@contextlib.contextmanager
def one_at_a_time(shelf: Path) -> Iterator[None]:
    """Let no other process load the same study meanwhile: it would match with places, and throw away copies, that we are busy with."""
    shelf.parent.mkdir(parents=True, exist_ok=True)
    with shelf.with_name(f".{shelf.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def keep_study(folder: Path, shelf: Path) -> Path:
    """Copy a built study to a shelf of the installation, once per build; gives where it lies there.

    Map, poster and addresses come from the copy: the folder may be built anew, moved or removed, and the site shows what was loaded.
    Raises StoreError where the folder holds no study or a damaged one.
    """
    stored = store.read(folder)
    damaged = stored.verify()
    if damaged:
        raise StoreError(f"{folder.name} is damaged: {', '.join(damaged)}.", code="store.damaged", remedy="Build it again.")
    kept = shelf / checksum(folder / store.MANIFEST)[:12]
    if kept.is_dir():
        return kept
    shelf.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=shelf) as unfinished:
        draft = Path(unfinished) / "study"
        draft.mkdir()
        for path in (folder / store.MANIFEST, *(stored.path(name) for name in stored.files)):
            shutil.copyfile(path, draft / path.name)
        try:
            draft.replace(kept)
        except OSError:
            # Another load put the same build there meanwhile; the name is a checksum, so it is the same.
            if not kept.is_dir():
                raise
    return kept


def forget_others(kept: Path) -> None:
    """Remove the earlier builds beside the one that is loaded now."""
    for other in kept.parent.iterdir():
        if other != kept:
            shutil.rmtree(other, ignore_errors=True)


def read_study(
    folder: Path,
    *,
    slug: str,
    old: Sequence[Place],
    hidden: Sequence[Place] = (),
    name: str = "",
    vocabulary: Vocabulary | None = None,
) -> LoadBundle:
    """A built study as records, with the links from the places that the database has (`old`) to those of the build.

    `hidden` are places that were merged or rejected: only what no place of `old` is, can be one of them.
    Raises StoreError where the folder holds no study or a damaged one.
    """
    study = Study.open(folder)
    manifest = study.manifest
    places = to_records(study.table("places"), Place)
    return LoadBundle(
        slug=slug,
        name=name or str(manifest["name"]),
        area_year=manifest["area_year"],
        osm_date=date.fromisoformat(manifest["osm_date"]) if manifest["osm_date"] else None,
        built_at=datetime.fromisoformat(manifest["built_at"]),
        engine_version=str(manifest["engine_version"]),
        bounds=_bounds(manifest["bounds"]),
        places=places,
        attributes=to_records(study.table("attributes"), Attribute),
        areas=_shapes(study.table("areas")),
        figures=to_records(study.table("figures"), AreaFigure),
        coverage=to_records(study.table("coverage"), AreaCoverage),
        duplicates=to_records(study.table("duplicates"), DuplicatePair),
        sources=to_records(study.table("sources"), Source),
        notices=to_records(study.table("notices"), Notice),
        links=_links(old, hidden, places, vocabulary),
        tiles_path=str(study.tiles.resolve()),
        folder=str(folder.resolve()),
        invented=bool(manifest["invented"]),
    )


def link(old: Sequence[Place], new: Sequence[Place], *, vocabulary: Vocabulary | None = None) -> list[PlaceLink]:
    """Which place of the database is which place of a build."""
    return [PlaceLink(item.old_id, item.new_id) for item in link_places(old, new, vocabulary=vocabulary)] if old else []


def _links(old: Sequence[Place], hidden: Sequence[Place], places: Sequence[Place], vocabulary: Vocabulary | None) -> list[PlaceLink]:
    links = link(old, places, vocabulary=vocabulary)
    known = {item.new_id for item in links}
    return links + link(hidden, [place for place in places if place.id not in known], vocabulary=vocabulary)


def write_geopackage(target: Path, places: Sequence[Place]) -> None:
    """Places, as people have corrected them, as a GeoPackage in metres."""
    export.write_places_geopackage(target, places)


def write_poster(
    target: Path, folder: Path, places: Sequence[Place], *, counting: Collection[str], paper: str, language: str, title: str
) -> None:
    """The poster of a study with the places as people have corrected them. `paper` is a1 or a3, `language` nl or en."""
    export.export_poster(
        Study.open(folder),
        target,
        paper=paper,  # type: ignore[arg-type]
        language=language,  # type: ignore[arg-type]
        places=places,
        counting=counting,
        title=title,
    )


def write_reach(target: Path, folder: Path, places: Sequence[Place], *, counting: Collection[str], progress: Progress = silent) -> Path:
    """Reckon the reach of a study with places as people have corrected them; gives the file in which pages look it up.

    Beside it, in the folder `target`, stand the tables as CSV and the isochrones as GeoJSON. Raises StoreError for a study that was built
    before there was reach.
    """
    study = recount(Study.open(folder), places=from_records(places, PLACES), counting=counting, progress=progress)
    export.write_reach(study, target, progress=progress)
    result = target / reach_file.NAME
    lookup.write_lookup(result, study)
    return result


def write_meeting(
    target: Path,
    folder: Path,
    places: Sequence[Place],
    *,
    counting: Collection[str],
    observed: dict[str, dict[str, Any]],
    seconds: float | None = None,
    progress: Progress = silent,
) -> Path:
    """Reckon who meets whom in a study with places as people have corrected them; gives the file in which pages look it up.

    `observed`: per place what was released of who comes there; `seconds` after which the file is written without what is not ready
    (`left_out` in the document about it says what). Raises StoreError for a study that was built before there was reach.
    """
    study, table = Study.open(folder), from_records(places, PLACES)
    found = results(study, known=released(observed), places=table, counting=counting, seconds=seconds, progress=progress)
    result = target / meeting_file.NAME
    write_file(result, found, study)
    return result


@dataclass(frozen=True, slots=True)
class ListPreview:
    """A list as it was read, in plain values: the mapping used, the headers, rows to bring in, faults, and the list as a source."""

    mapping: dict[str, Any]
    columns: list[str]
    rows: list[dict[str, Any]]
    faults: list[dict[str, Any]]
    source: dict[str, Any]


def read_list(
    content: bytes,
    filename: str,
    *,
    mapping: dict[str, Any] | None,
    vocabulary: Vocabulary,
    folder: Path | None,
    bounds: Bounds | None,
    existing: Sequence[Place],
    confidential: bool = False,
    progress: Progress = silent,
) -> ListPreview:
    """Read a sent list with a mapping (None: guessed), locate it with the addresses of the study, and find possible duplicates.

    Raises InputError where the file as a whole cannot be read, or the mapping does not fit it.
    """
    progress("reading", 0.1)
    used = Mapping.from_dict(mapping) if mapping else guess_mapping(content, vocabulary=vocabulary, file_name=filename)
    addresses = Study.open(folder).table("addresses") if folder else ADDRESSES.empty()
    found = sheets.read_list(
        content,
        mapping=used,
        vocabulary=vocabulary,
        addresses=addresses,
        file_name=filename,
        bounds=bounds,
        confidential=confidential,
    )
    places = to_records(PLACES.check(found.places), Place)
    progress("duplicates", 0.6)
    pairs = _pairs(places, existing, vocabulary)
    said: dict[str, list[dict[str, Any]]] = {}
    for item in to_records(ATTRIBUTES.check(found.attributes), Attribute):
        said.setdefault(item.place_id, []).append(_json(item))
    rows = [{"place": _json(place), "attributes": said.get(place.id, []), "duplicates": pairs.get(place.id, [])} for place in places]
    faults = [_json(fault) for fault in found.faults]
    return ListPreview(used.to_dict(), [column.header for column in used.columns], rows, faults, _json(found.source))


@dataclass(frozen=True, slots=True)
class FiguresPreview:
    """A file of counts, a series or bookings as it was read, in plain values, or why it could not be; `content` may be kept of it."""

    columns: dict[str, Any]
    found: dict[str, Any]
    faults: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    refusal: str = ""
    content: bytes | None = None


def read_counts(
    content: bytes, filename: str, *, columns: dict[str, Any], vocabulary: Vocabulary, place_id: str, week: date | None, how: str
) -> FiguresPreview:
    """Read a sheet of counts of one place, with columns that somebody corrected or else guessed ones. Raises InputError."""
    used = Columns.from_dict(columns) if columns else counters.guess_counts(content, vocabulary=vocabulary, file_name=filename, day=week)
    try:
        found = counters.read_counts(content, columns=used, vocabulary=vocabulary, place_id=place_id, how=how, file_name=filename)
    except InputError as error:
        return _refused(used, error)
    rows = [
        [row["date"].isoformat(), row["slot"], "/".join(row["session"].split("/")[3:]), row["group"], int(row["people"]), row["exposure"]]
        for row in found.counts.to_dict("records")
    ]
    return FiguresPreview(used.to_dict(), {"rows": rows}, _all_json(found.faults), _all_json(to_records(found.notices, Notice)))


def read_series(content: bytes, filename: str, *, columns: dict[str, Any], places: dict[str, str], place_id: str | None) -> FiguresPreview:
    """Read a series of one place or of several. Raises InputError."""
    used = Columns.from_dict(columns) if columns else counters.guess_series(content, file_name=filename)
    try:
        found = counters.read_series(content, columns=used, places=places, place_id=place_id, file_name=filename)
    except InputError as error:
        return _refused(used, error)
    rows = [
        [row["place_id"], row["start"].isoformat(), row["grain"], None if pd.isna(row["visits"]) else float(row["visits"])]
        for row in found.series.to_dict("records")
    ]
    told = {"rows": rows, "doubts": _doubts(found.matches)}
    return FiguresPreview(used.to_dict(), told, _all_json(found.faults), _all_json(to_records(found.notices, Notice)))


def read_bookings(
    content: bytes,
    filename: str,
    *,
    columns: dict[str, Any],
    vocabulary: Vocabulary,
    place_id: str,
    rooms: dict[str, str],
    available: dict[tuple[str, str], float],
) -> FiguresPreview:
    """Read an export of bookings of one place; what it says of persons is not in what may be kept. Raises InputError."""
    used = Columns.from_dict(columns) if columns else bookings.guess_bookings(content, file_name=filename)
    # What is kept is a plain table, no workbook any more.
    kept, columns = bookings.without_persons(content, columns=used, file_name=filename), used.to_dict() | {"sheet": ""}
    try:
        found = bookings.read_bookings(
            content, columns=used, vocabulary=vocabulary, place_id=place_id, rooms=rooms or None, available=available, file_name=filename
        )
    except InputError as error:
        return replace(_refused(used, error), columns=columns, content=kept)
    rows = [[item.room, item.start.isoformat(), item.end.isoformat(), item.activity, item.attendees] for item in found.bookings]
    hours = [[row["room"], row["slot"], float(row["available"]), float(row["used"])] for row in found.hours.to_dict("records")]
    last = found.last.isoformat() if found.last else None
    told = {"rows": rows, "hours": hours, "weeks": found.weeks, "last": last, "doubts": _doubts(found.matches)}
    return FiguresPreview(columns, told, _all_json(found.faults), _all_json(to_records(found.notices, Notice)), content=kept)


def read_own_table(
    content: bytes,
    filename: str,
    *,
    columns: dict[str, Any],
    areas: Sequence[tuple[str, str, str, int, str, str]],
    catalogue: Catalogue,
    secret: str,
    before: Sequence[dict[str, Any]],
) -> FiguresPreview:
    """Read a municipality's own table of indicators, and hide what may not be shown; `before` is what was ever shown.

    `areas` are code, name, level, year, wijk and municipality. Of `columns` without any column these are guessed. Raises InputError where
    the file cannot be read.
    """
    used = OwnMapping.from_dict(columns) if columns else guess_own(content, catalogue=catalogue, file_name=filename)
    try:
        if not used.columns.columns:
            used = used.guessed_again(content, catalogue=catalogue, file_name=filename)
        known = [KnownArea(*area) for area in areas]
        read = preview_own(content, mapping=used, areas=known, catalogue=catalogue, secret=secret, before=before, file_name=filename)
    except InputError as error:
        return FiguresPreview(used.to_dict(), {}, _all_json(error.faults), [], refusal=error.code)
    return FiguresPreview(used.to_dict(), read.found, _all_json(read.faults), _all_json(read.notices))


def _refused(used: Columns, error: InputError) -> FiguresPreview:
    return FiguresPreview(used.to_dict(), {}, _all_json(error.faults), [], refusal=error.code)


def _doubts(matches: Sequence[NameMatch]) -> list[dict[str, Any]]:
    return [{"name": match.name, "near": list(match.near)} for match in matches if not match.sure]


def _all_json(records: Sequence[Any]) -> list[dict[str, Any]]:
    return [_json(record) for record in records]


@dataclass(frozen=True, slots=True)
class VisitorFigures:
    """Who comes, as it was released: what it was made of (exact, never shown), and the document that pages show."""

    exact: dict[str, Any]
    document: dict[str, Any]


def visitor_figures(
    *,
    place_id: str,
    counts: Sequence[Any],
    cards: Sequence[Any],
    slots: Collection[str],
    ages: Sequence[str],
    population: dict[str, tuple[float, float, float]],
    ground: str | None,
    folder: Path | None,
    secret: str,
    past: Sequence[dict[str, Any]],
) -> VisitorFigures | None:
    """Reckon who comes at a place in one round; None where nothing new may be shown.

    `counts` and `cards` are records with the columns of these tables; `slots` the dayparts in which it is open; `ages` the age groups;
    `population` the residents in reach per group (people, least, most); `ground` from which one can walk there, as GeoJSON; `folder` the
    study; `past` what earlier releases of the round were made of, oldest first.
    """
    origins = visitors.study_origins(Study.open(folder), ground) if folder and ground else {}
    asked = visitors.Asked(
        place_id=place_id,
        counts=from_records(counts, COUNTS),
        cards=from_records(cards, CARDS),
        slots=slots,
        ages=ages,
        population=population,
        origins=origins,
        secret=secret,
    )
    made = visitors.reckon(asked, past=[visitors.Made.from_dict(exact) for exact in past])
    return None if made is None else VisitorFigures(made.to_dict(), dict(made.document))


def series_figures(rows: Sequence[Any], *, before: Sequence[Any]) -> dict[str, Any]:
    """The series of a place (records with the columns of SERIES) as it may be shown; `before` is every document that was ever shown."""
    return visitors.series_document(from_records(rows, SERIES), before=before)


def resident_figures(
    *,
    residents: Sequence[Any],
    places: Collection[str],
    ages: Sequence[str],
    reasons: Sequence[str],
    most_places: int,
    most_avoided: int,
    population: dict[str, tuple[float, float, float]],
    secret: str,
) -> dict[str, Any] | None:
    """What residents answered in a wave as it may be shown; None where too few did (visitors.Wave tells what each is)."""
    return visitors.wave_document(visitors.Wave(residents, places, ages, reasons, most_places, most_avoided, population, secret))


def _pairs(new: Sequence[Place], existing: Sequence[Place], vocabulary: Vocabulary) -> dict[str, list[dict[str, Any]]]:
    mine = {place.id for place in new}
    theirs = [place for place in existing if place.id not in mine]
    table = candidates(from_records([*new, *theirs], PLACES), vocabulary=vocabulary)
    result: dict[str, list[dict[str, Any]]] = {}
    for pair in to_records(table, DuplicatePair):
        for one, other in ((pair.place_a, pair.place_b), (pair.place_b, pair.place_a)):
            if one in mine and other not in mine:
                result.setdefault(one, []).append({"place": other, "score": pair.score, "reasons": list(pair.reasons)})
    return result


def _json(record: Place | Attribute | Source | Fault | Notice) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in record.__dataclass_fields__}
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def _shapes(areas: gpd.GeoDataFrame) -> list[AreaShape]:
    """Outlines with the bounds of the area."""
    result: list[AreaShape] = []
    for level, outlines in _outlines(areas):
        layer = areas[areas["level"] == level]
        records = to_records(pd.DataFrame(layer.drop(columns="geometry")), Area)
        for area, outline, bounds in zip(records, outlines, layer.geometry.bounds.itertuples(index=False), strict=True):
            result.append(AreaShape(area, outline, _bounds(bounds)))
    return result


def _outlines(areas: gpd.GeoDataFrame) -> Iterator[tuple[str, list[str]]]:
    """Outlines per level as GeoJSON text, simplified together so that neighbours keep one border."""
    for level, tolerance in OUTLINE_TOLERANCE_M.items():
        layer = areas[areas["level"] == level]
        if layer.empty:
            continue
        metric = layer.geometry.to_crs(metric_crs_of(areas.geometry))
        simple = metric.simplify_coverage(tolerance).to_crs("EPSG:4326").set_precision(1e-6, mode="pointwise")
        yield level, list(shapely.to_geojson(simple.to_numpy()))


def read_monitor(folder: Path) -> MonitorBundle:
    """A built monitor as plain rows. Raises StoreError where the folder holds none, or a damaged one."""
    stored = store.read(folder, what="monitor")
    damaged = stored.verify()
    if damaged:
        raise StoreError(f"{folder.name} is damaged: {', '.join(damaged)}.", code="store.damaged", remedy="Build it again.")
    areas = stored.table("monitor_areas")
    manifest = stored.manifest
    return MonitorBundle(
        areas=list(_rows(areas, AreaRow)),
        figures=list(_rows(stored.table("monitor_figures"), FigureRow)),
        links=list(_rows(stored.table("monitor_links"), LinkRow)),
        sources=to_records(stored.table("sources"), Source),
        outlines=dict(_monitor_outlines(areas)),
        built_at=datetime.fromisoformat(str(manifest["built_at"])),
        engine_version=str(manifest["engine_version"]),
        folder_sha256=checksum(folder / store.MANIFEST),
        invented=bool(manifest["invented"]),
    )


def _rows(frame: pd.DataFrame, row: type[Row]) -> Iterator[Row]:
    """The rows of a frame as named tuples; absent text is an empty one, an absent number None."""
    return map(row._make, zip(*(_cells(frame[name]) for name in row._fields), strict=True))


def _cells(values: pd.Series[Any]) -> list[Any]:
    if values.dtype == object:
        return [value if isinstance(value, dict) else {} for value in values]
    cells = values.astype(object)
    return list(cells.where(values.notna(), "" if values.dtype == "string" else None))


def _monitor_outlines(areas: gpd.GeoDataFrame) -> Iterator[tuple[tuple[str, int], str]]:
    """Outlines by code and year, of areas that have one; each year is simplified for itself."""
    for year, drawn in areas[areas.geometry.notna()].groupby("year"):
        for level, outlines in _outlines(drawn):
            codes = drawn.loc[drawn["level"] == level, "code"]
            yield from (((code, int(str(year))), outline) for code, outline in zip(codes, outlines, strict=True))


def _bounds(values: Sequence[float]) -> Bounds:
    west, south, east, north = (float(value) for value in values)
    return (west, south, east, north)
