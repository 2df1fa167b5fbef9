# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A file that is not a whole OpenStreetMap extract is refused once, with what it looks like, and leaves nothing behind."""

from __future__ import annotations

import bz2
import gzip
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import osmium
import pytest

from knopenkaart.errors import InputError
from knopenkaart.sources.osm import read_extract
from knopenkaart.vocabulary.rules import TagRule

RULES = (TagRule((("amenity", ()),)),)
XML = '<?xml version="1.0"?><osm version="0.6">{}</osm>'
NODES = "".join(f'<node id="{i}" lon="5.{i}" lat="52.1" version="1"><tag k="amenity" v="cafe"/></node>' for i in range(1, 400))


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that must be empty again after every test."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def refused(path: Path, scratch: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read_extract(path, rules=RULES)
    assert list(scratch.iterdir()) == []
    assert path.name in caught.value.message
    assert caught.value.remedy
    assert caught.value.exit_code == 2
    assert "\n" not in caught.value.message
    return caught.value


def pbf(tmp_path: Path) -> Path:
    source, target = tmp_path / "whole.osm", tmp_path / "whole.osm.pbf"
    source.write_text(XML.format(NODES))
    with osmium.SimpleWriter(str(target)) as writer:
        osmium.apply(str(source), writer)
    return target


@pytest.mark.parametrize(
    ("content", "likeness"),
    [
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "web page"),
        (b"\n  <html lang='nl'>", "web page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
        (b"%PDF-1.7", "PDF"),
        (b'{"type": "FeatureCollection"}', "JSON"),
        (b"<?xml version='1.0'?><gpx></gpx>", "another kind of XML"),
        (b"<?xml version='1.0'?><osmChange version='0.6'></osmChange>", "change file"),
        (b"id,name\n1,Bieb\n", "unknown kind"),
    ],
)
def test_a_foreign_file_is_told_what_it_looks_like(tmp_path: Path, scratch: Path, content: bytes, likeness: str) -> None:
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(content)
    error = refused(path, scratch)
    assert error.code == "osm.foreign"
    assert likeness in error.message


def test_a_geopackage_is_told_what_it_looks_like(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "town.gpkg"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE t (a)")
    error = refused(path, scratch)
    assert (error.code, "GeoPackage" in error.message) == ("osm.foreign", True)


@pytest.mark.parametrize("packed", [gzip.compress, bz2.compress])
def test_a_packed_web_page_is_seen_through(tmp_path: Path, scratch: Path, packed: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "town.osm.gz"
    path.write_bytes(packed(b"<html></html>"))
    assert refused(path, scratch).code == "osm.foreign"


def test_a_zip_must_be_unpacked_first(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "town.osm.pbf"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("town.osm", XML.format(NODES))
    error = refused(path, scratch)
    assert error.code == "osm.zipped"
    assert "Unpack" in error.remedy


@pytest.mark.parametrize("content", [b"", b"  \n"])
def test_an_empty_file_is_called_empty(tmp_path: Path, scratch: Path, content: bytes) -> None:
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(content)
    assert refused(path, scratch).code == "osm.empty"


def test_an_extract_without_elements_is_called_empty(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "town.osm"
    path.write_text(XML.format(""))
    assert refused(path, scratch).code == "osm.empty"


@pytest.mark.parametrize("path", [Path("gone.osm.pbf")])
def test_a_file_that_is_not_there_is_named(path: Path, scratch: Path) -> None:
    assert refused(path, scratch).code == "osm.not_found"


def test_a_folder_is_not_a_file(tmp_path: Path, scratch: Path) -> None:
    assert refused(tmp_path, scratch).code == "osm.not_found"


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.999])
def test_a_truncated_pbf_is_called_truncated(tmp_path: Path, scratch: Path, share: float) -> None:
    content = pbf(tmp_path).read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(content[: int(len(content) * share)])
    error = refused(path, scratch)
    assert error.code == ("osm.truncated" if share > 0.05 else error.code)
    assert error.code.startswith("osm.")


def test_a_pbf_with_a_damaged_block_is_called_damaged(tmp_path: Path, scratch: Path) -> None:
    content = bytearray(pbf(tmp_path).read_bytes())
    middle = len(content) * 2 // 3
    content[middle : middle + 40] = bytes(40)
    path = tmp_path / "bad.osm.pbf"
    path.write_bytes(content)
    assert refused(path, scratch).code == "osm.truncated"


@pytest.mark.parametrize("suffix", ["osm", "osm.gz", "osm.bz2"])
def test_truncated_xml_is_called_truncated(tmp_path: Path, scratch: Path, suffix: str) -> None:
    text = XML.format(NODES).encode()
    whole = {"osm": text, "osm.gz": gzip.compress(text), "osm.bz2": bz2.compress(text)}[suffix]
    path = tmp_path / f"cut.{suffix}"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    assert refused(path, scratch).code == "osm.truncated"


def test_entities_in_xml_are_refused(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "bomb.osm"
    path.write_text('<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaaa">]>' + XML.format(NODES)[21:])
    assert refused(path, scratch).code == "osm.truncated"


def test_a_good_file_leaves_no_temporary_files_either(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "town.osm"
    path.write_text(XML.format(NODES))
    assert len(read_extract(path, rules=RULES).features) == 399
    assert list(scratch.iterdir()) == []


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    path = pbf(tmp_path).rename(tmp_path / "town.download")
    assert len(read_extract(path, rules=RULES).features) == 399


def test_a_fault_of_the_program_is_not_blamed_on_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("a mistake")

    monkeypatch.setattr("knopenkaart.sources._osm_scan.scan", broken)
    with pytest.raises(KeyError):
        read_extract(pbf(tmp_path), rules=RULES)
