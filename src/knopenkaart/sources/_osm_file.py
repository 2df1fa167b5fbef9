# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""An OpenStreetMap extract as a file: what it really is, the one PBF that is read, and the database connection that reads it."""

from __future__ import annotations

import bz2
import gzip
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import duckdb
import duckdb_extension_spatial
import osmium
import pyarrow as pa

from knopenkaart.errors import InputError

# Enough to see past a byte-order mark, an XML declaration and a comment.
_HEAD_BYTES = 4096
_REMEDY = "Give an OpenStreetMap extract: .osm.pbf, .osm, .osm.gz or .osm.bz2 (for instance from download.geofabrik.de)."
_FOREIGN = {
    b"SQLite format 3": "a GeoPackage or another SQLite database",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"%PDF": "a PDF document",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"fgb": "a FlatGeobuf file",
    b"PMTiles": "a PMTiles file",
    b"{": "a JSON or GeoJSON file",
    b"[": "a JSON file",
}
# What the two readers raise on damage; the wording is theirs and is shown as the detail. Out of memory is not among them.
_READ_ERRORS = (
    duckdb.ParserException,
    duckdb.IOException,
    duckdb.InternalException,
    duckdb.FatalException,
    duckdb.InvalidInputException,
    RuntimeError,
)
_PACKED = {b"\x1f\x8b": "osm.gz", b"BZh": "osm.bz2"}


def sniff(path: Path) -> str:
    """The format of an extract by its content: pbf, osm, osm.gz or osm.bz2.

    Raises InputError: osm.not_found, osm.empty, osm.zipped, osm.foreign, osm.truncated.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.", code="osm.not_found", remedy=_REMEDY)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip():
        raise InputError(f"{path.name} is empty.", code="osm.empty", remedy="Download the extract again: this download did not succeed.")
    if head.startswith(b"PK"):
        raise InputError(f"{path.name} is a ZIP archive.", code="osm.zipped", remedy="Unpack it and give the .osm or .osm.pbf file in it.")
    if b"OSMHeader" in head[:32]:
        return "pbf"
    for magic, name in _PACKED.items():
        if head.startswith(magic):
            _require_osm_xml(path, _unpacked_head(path, name))
            return name
    _require_osm_xml(path, head)
    return "osm"


def _unpacked_head(path: Path, name: str) -> bytes:
    opener = gzip.open if name == "osm.gz" else bz2.open
    try:
        with opener(path, "rb") as file:
            return file.read(_HEAD_BYTES)
    except (OSError, EOFError, ValueError) as error:
        raise _damaged(path, str(error)) from error


def _require_osm_xml(path: Path, head: bytes) -> None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"<osm " in text or b"<osm>" in text:
        return
    raise InputError(f"{path.name} looks like {_likeness(text)}, not like an OpenStreetMap extract.", code="osm.foreign", remedy=_REMEDY)


def _likeness(text: bytes) -> str:
    for magic, name in _FOREIGN.items():
        if text.startswith(magic):
            return name
    lower = text[:512].lower()
    if b"<!doctype html" in lower or b"<html" in lower:
        return "a web page (HTML)"
    if b"<osmchange" in lower:
        return "an OpenStreetMap change file (.osc)"
    if text.startswith(b"<"):
        return "another kind of XML"
    return "a file of an unknown kind"


def _damaged(path: Path, detail: str) -> InputError:
    first_line = detail.strip().splitlines()[0] if detail.strip() else "no reason given"
    return InputError(
        f"{path.name} is an OpenStreetMap extract that cannot be read to its end: it is truncated or damaged ({first_line}).",
        code="osm.truncated",
        remedy="Download the extract again and compare its size or checksum with the publisher's.",
    )


@contextmanager
def opened(path: Path) -> Iterator[tuple[Path, duckdb.DuckDBPyConnection]]:
    """A PBF with the extract's content and a connection that can read it; temporary files and the connection are gone afterwards.

    XML goes through libosmium to a temporary PBF first, so that there is one reader.
    Raises InputError (osm.*) when the file is not a readable extract.
    """
    form = sniff(path)
    with tempfile.TemporaryDirectory(prefix="knopenkaart-osm-") as folder:
        try:
            pbf = path if form == "pbf" else _to_pbf(path, form, Path(folder) / "extract.osm.pbf")
            connection = _connect(Path(folder))
            try:
                yield pbf, connection
            finally:
                connection.close()
        except _READ_ERRORS as error:
            raise _damaged(path, str(error)) from error


def _to_pbf(path: Path, form: str, target: Path) -> Path:
    with osmium.SimpleWriter(str(target)) as writer:
        osmium.apply(osmium.io.File(str(path), form), writer)
    if not any(True for _ in osmium.FileProcessor(as_pbf(target))):
        raise InputError(f"{path.name} holds no nodes, ways or relations.", code="osm.empty", remedy=_REMEDY)
    return target


def as_pbf(path: Path) -> osmium.io.File:
    """A file that libosmium reads as PBF whatever its name."""
    return osmium.io.File(str(path), "pbf")


def _connect(folder: Path) -> duckdb.DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        # The installer compared the wheel with the lock; a checksum of its 80 MB at every start cost more than reading a town (0.25 s).
        "allow_unsigned_extensions": True,
        "threads": os.cpu_count() or 1,
    }
    connection = duckdb.connect(config=config)
    root = Path(duckdb_extension_spatial.__file__).parent
    # The wheel carries the extension for exactly one DuckDB; loading it by path never reaches for the network.
    connection.load_extension(str(root / "extensions" / f"v{duckdb.__version__}" / "spatial.duckdb_extension"))
    # A buffer of a megabyte (the default) makes the threads wait for each other when rows are streamed.
    connection.execute("SET streaming_buffer_size = '16MB'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET temp_directory = ?", [str(folder / "spill")])
    return connection


def ahead(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The batches of a stream; the next one is read while the last one is worked on."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(next, reader, None)
        while (batch := coming.result()) is not None:
            coming = thread.submit(next, reader, None)
            yield batch


def header_date(pbf: Path) -> date | None:
    """The date of the data according to the header (osmosis_replication_timestamp), or None."""
    with osmium.io.Reader(as_pbf(pbf), osmium.osm.osm_entity_bits.NOTHING) as reader:
        stamp = reader.header().get("osmosis_replication_timestamp")
    try:
        return datetime.fromisoformat(stamp).date() if stamp else None
    except ValueError:
        return None
