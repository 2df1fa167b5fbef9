# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables to and from files: a study folder that is complete or absent, and GeoPackage."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from knopenkaart.checksum import checksum
from knopenkaart.errors import InputError, StoreError
from knopenkaart.geo import metric_crs_of
from knopenkaart.tables import ALL, MONITORED, Table, encode_json

MANIFEST = "study.json"
FORMAT = 1
TABLES = {**ALL, **MONITORED}
# Parts of a study that are no table.
PARTS = ("tiles", "kinds")
# What a folder holds, by the word `what` of its manifest; and how it is made.
FOLDERS = {"study": "knopenkaart build STUDY --osm FILE", "monitor": "knopenkaart monitor build FOLDER --figures FILE"}


@dataclass(frozen=True, slots=True)
class Stored:
    """What stands in a study folder: its manifest (without the file list) and where each table and file is."""

    folder: Path
    manifest: Mapping[str, Any]
    files: Mapping[str, Mapping[str, Any]]

    def table(self, name: str) -> pd.DataFrame:
        """One table, checked. Raises StoreError if the study has no such table or its file is damaged."""
        return _read_table(self.path(name), TABLES[name])

    def path(self, name: str) -> Path:
        """The file of a table or of another part (`tiles`, `kinds`). Raises StoreError where the study has none."""
        if name not in self.files:
            raise StoreError(f"The study {self.folder.name} has no {name}.", code="store.no_table", remedy="Build it again.")
        return self.folder / str(self.files[name]["file"])

    def verify(self) -> list[str]:
        """The names of the parts whose file is absent or has another checksum than when it was written."""
        return [name for name, part in self.files.items() if not self.path(name).is_file() or checksum(self.path(name)) != part["sha256"]]


def read(folder: Path, *, what: str = "study") -> Stored:
    """Open a study folder, or that of a monitor. Raises StoreError where there is none, where it holds the other, where a build never
    ended, or for a format of another version."""
    stored = _read(folder, what)
    found = _what(stored.manifest)
    if found != what:
        raise StoreError(f"{folder.name} holds a {found}, no {what}.", code="store.other", remedy=f"Make one with: {FOLDERS[what]}")
    return stored


def _what(manifest: Mapping[str, Any]) -> str:
    return str(manifest.get("what", "study"))


def _read(folder: Path, what: str) -> Stored:
    path = folder / MANIFEST
    if not path.is_file():
        raise StoreError(f"There is no {what} in {folder.name}.", code="store.absent", remedy=f"Make one with: {FOLDERS[what]}")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise StoreError(
                f"{folder.name} was built in format {content['format']}; this version reads {FORMAT}.",
                code="store.format",
                remedy="Build it again.",
            )
        return Stored(folder, content["manifest"], content["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder.name}/{MANIFEST} is damaged: {error}", code="store.damaged", remedy="Build it again.") from error


def write(folder: Path, tables: Mapping[str, pd.DataFrame], files: Mapping[str, Path], manifest: Mapping[str, Any]) -> Stored:
    """Write a whole study. The manifest names every file by its checksum and is replaced in one step, last: whoever is killed
    before that step leaves the previous study as it was, and whoever reads sees the old study or the new one. The parts of the study that
    was replaced stay in the folder until the next one is written: who had opened it can go on reading."""
    with _writable(folder, is_folder=True), _alone(folder):
        _refuse_other(folder, _what(manifest))
        return _write(folder, tables, files, manifest, kept={})


def _refuse_other(folder: Path, what: str) -> None:
    """A monitor is not written over a study, nor a study over a monitor; what cannot be read may be replaced."""
    try:
        found = _what(_read(folder, what).manifest)
    except StoreError:
        return
    if found != what:
        raise StoreError(f"{folder.name} holds a {found}.", code="store.other", remedy=f"Choose another folder for the {what}.")


def rewrite(stored: Stored, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> Stored:
    """Put other tables and another manifest in a study folder, in one step; its other tables and files stay as they are, and are not
    written again.

    Raises StoreError where one of those is damaged, or where somebody wrote another study in the folder since this one was opened.
    """
    with _writable(stored.folder, is_folder=True), _alone(stored.folder):
        if _read(stored.folder, _what(stored.manifest)) != stored:
            raise StoreError(f"{stored.folder.name} was written anew meanwhile.", code="store.changed", remedy="Do it again.")
        damaged = [name for name in stored.verify() if name not in tables]
        if damaged:
            raise StoreError(f"{stored.folder.name} is damaged: {', '.join(damaged)}.", code="store.damaged", remedy="Build it again.")
        return _write(stored.folder, tables, {}, manifest, kept={name: part for name, part in stored.files.items() if name not in tables})


def _write(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    files: Mapping[str, Path],
    manifest: Mapping[str, Any],
    *,
    kept: Mapping[str, Mapping[str, Any]],
) -> Stored:
    """Write tables and files beside the parts that are kept as they lie there."""
    parts: dict[str, Mapping[str, Any]] = dict(kept)
    before = _files(folder)
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=folder) as unfinished:
        for name, frame in tables.items():
            path = Path(unfinished) / f"{name}.parquet"
            _write_table(frame, TABLES[name], path)
            parts[name] = _place(path, folder) | {"rows": len(frame)}
        for name, source in files.items():
            copy = Path(unfinished) / (name + source.suffix)
            shutil.copyfile(source, copy)
            parts[name] = _place(copy, folder)
        content = {"format": FORMAT, "manifest": dict(manifest), "files": parts}
        draft = Path(unfinished) / MANIFEST
        draft.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=str), encoding="utf-8")
        _sync(draft)
        draft.replace(folder / MANIFEST)
        _sweep(folder, before | {str(part["file"]) for part in parts.values()})
    return _read(folder, _what(manifest))


def _files(folder: Path) -> set[str]:
    """The names of the files of the study that is in a folder now; none where none can be read."""
    try:
        return {str(part["file"]) for part in _read(folder, "study").files.values()}
    except StoreError:
        return set()


def write_geopackage(target: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    """Write layers (CRS84) as a GeoPackage in metres (RD New in the Netherlands), replacing the file in one step.

    Raises InputError for a file name that does not end in .gpkg: programs for maps would not open it.
    """
    if target.suffix != ".gpkg":
        raise InputError(f"{target.name} is no name for a GeoPackage.", code="export.suffix", remedy="Let the name end in .gpkg.")
    with replacing(target) as draft:
        for name, frame in layers.items():
            flat = frame.assign(**{column: frame[column].map(_as_text) for column in frame.columns if _is_nested(frame[column])})
            located = flat[~flat.geometry.isna()]
            crs = metric_crs_of(located.geometry) if len(located) else "EPSG:28992"
            flat.to_crs(crs).to_file(draft, layer=name, driver="GPKG", engine="pyogrio")


def write_text(target: Path, text: str) -> None:
    """Write a text file in one step (UTF-8, line ends as they are)."""
    with replacing(target) as draft:
        draft.write_text(text, encoding="utf-8", newline="")


def write_bytes(target: Path, content: bytes) -> None:
    """Write a binary file in one step."""
    with replacing(target) as draft:
        draft.write_bytes(content)


@contextlib.contextmanager
def _writable(target: Path, *, is_folder: bool = False) -> Iterator[None]:
    """Make the folder in which is written. Raises StoreError where the disk or its owner refuses (a file in the way, no right, no room)."""
    try:
        (target if is_folder else target.parent).mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise StoreError(
            f"{target} cannot be written: {error.strerror or error}.",
            code="store.unwritable",
            remedy="Choose another place, or see to the rights and the room on the disk.",
        ) from error


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A temporary path of the same suffix beside `target`, put in its place when all went well."""
    with _writable(target), tempfile.TemporaryDirectory(prefix=".unfinished-", dir=target.parent) as folder:
        draft = Path(folder) / target.name
        yield draft
        draft.replace(target)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one build at a time in a folder; what a killed build left behind is cleared first."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _lock(descriptor, folder)
        for leftover in folder.glob(".unfinished-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StoreError(f"Another build is writing {folder.name}.", code="store.busy", remedy="Wait until it is done.") from error


def _place(path: Path, folder: Path) -> dict[str, Any]:
    """Move a finished part into the folder under a name that its content decides."""
    digest = checksum(path)
    name = f"{path.stem}-{digest[:12]}{path.suffix}"
    _sync(path)
    path.replace(folder / name)
    return {"file": name, "sha256": digest}


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(folder: Path, wanted: set[str]) -> None:
    """Remove the parts of builds before the last one; nothing else in the folder is touched."""
    for path in folder.iterdir():
        name, _, digest = path.stem.rpartition("-")
        if path.is_file() and path.name not in wanted and (name in TABLES or name in PARTS) and len(digest) == 12:
            path.unlink()


def _write_table(frame: pd.DataFrame, table: Table, path: Path) -> None:
    checked = table.check(frame)
    for name, column in table.columns.items():
        if column.kind == "json":
            checked[name] = checked[name].map(encode_json, na_action="ignore").astype("string")
        elif column.kind == "date":
            checked[name] = checked[name].map(lambda day: day.isoformat(), na_action="ignore").astype("string")
    checked.to_parquet(path, index=False)


def _read_table(path: Path, table: Table) -> pd.DataFrame:
    try:
        frame = gpd.read_parquet(path) if table.geometry else pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise StoreError(f"{path.name} is absent or damaged: {error}", code="store.damaged", remedy="Build the study again.") from error
    for name, column in table.columns.items():
        if column.kind == "json":
            frame[name] = frame[name].astype(object).map(json.loads, na_action="ignore")
        elif column.kind == "date":
            frame[name] = pd.to_datetime(frame[name]).dt.date.astype(object)
    return table.check(frame)


def _is_nested(values: pd.Series[Any]) -> bool:
    return values.dtype == object and not isinstance(values.dtype, gpd.array.GeometryDtype)


def _as_text(value: Any) -> str | None:
    if value is None or (not isinstance(value, (list, tuple, dict)) and pd.isna(value)):
        return None
    return encode_json(value) if isinstance(value, (list, tuple, dict)) else str(value)
