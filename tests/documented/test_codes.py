# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every stable code of an error, fault, notice or decision is documented with its meaning; no page speaks of a code that does not exist."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

from documented.pages import ROOT, named, pages, reference

CODE = re.compile(r"^[a-z_]+\.[a-z_]+[a-z]$")
# Steps of progress, names of files and the like: they look like a code and are none.
NO_CODES = {"osm.read", "osm.gz", "osm.bz", "online.areas", "online.figures", "online.osm", "catalogue.verify", "catalogue.fetch"}
# A code of which the code has only the beginning: the rest follows from the other codes named here.
BUILT = {
    "list.address_": {f"list.address_{how}" for how in ("fuzzy", "number_only", "not_found", "ambiguous", "incomplete", "conflict")},
    "years_contradict": {"areas.years_contradict", "figures.years_contradict", "areas.no_year", "figures.no_year"},
}
WORDS = {"duplicate"}
FILES = {".json", ".toml", ".csv", ".gpkg", ".pdf", ".geojson", ".pmtiles", ".html", ".svg", ".typ", ".osm", ".txt", ".css"}


def families(found: set[str]) -> set[str]:
    return {code.split(".")[0] for code in found}


def in_the_source() -> set[str]:
    """Strings that look like a code."""
    found: set[str] = set()
    for path in (*(ROOT / "src" / "knopenkaart").rglob("*.py"), *(ROOT / "src" / "knopenkaart_web").rglob("*.py")):
        if "migrations" in path.parts:
            # A table that is referred to looks like a code.
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in found if CODE.match(text)}


def of_the_vocabulary() -> set[str]:
    content = tomllib.loads((ROOT / "src/knopenkaart/vocabulary/not_nodes.toml").read_text(encoding="utf-8"))
    return {entry["reason"] for entry in content["not_nodes"].values()}


def documented() -> set[str]:
    return {name for name in named(reference("error-codes.md")) if CODE.match(name)}


def raised() -> set[str]:
    """Codes by their families: those that the reference knows, so that a new code in a known family cannot be forgotten."""
    known = families(documented())
    found = {code for code in in_the_source() if code.split(".")[0] in known} | of_the_vocabulary()
    for codes in BUILT.values():
        found |= codes
    found |= {f"{what}.unknown" for what in _unknown_things()}
    return {code for code in found if code not in NO_CODES and not _is_file(code)}


def _unknown_things() -> set[str]:
    """What `places.errors.unknown` is asked to say."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "src" / "knopenkaart_web").rglob("*.py")]
    return {thing for text in texts for thing in re.findall(r'\bunknown\("([a-z]+)"\)', text)}


def _is_file(text: str) -> bool:
    return Path(text).suffix in FILES and text not in explicit()


@cache
def explicit() -> frozenset[str]:
    """What stands behind `code=`, or first in a Fault, in the source, whatever its family."""
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg in ("code", "error_code") and isinstance(node.value, ast.Constant):
                found.add(str(node.value.value))
            if isinstance(node, ast.Dict):
                found |= {str(value.value) for key, value in zip(node.keys, node.values, strict=True) if _is_code(key, value)}
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Fault" and node.args and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
    return frozenset(code for code in found if CODE.match(code))


def _is_code(key: ast.expr | None, value: ast.expr) -> bool:
    return isinstance(key, ast.Constant) and key.value == "code" and isinstance(value, ast.Constant)


def test_each_code_is_in_the_reference() -> None:
    assert sorted((raised() | explicit()) - documented()) == []


def test_no_code_is_in_the_reference_that_nobody_uses() -> None:
    assert sorted(documented() - raised() - explicit()) == []


def test_no_page_speaks_of_a_code_that_does_not_exist() -> None:
    known = families(documented())
    for page in pages():
        codes = {name for name in named(page.read_text(encoding="utf-8")) if CODE.match(name) and name.split(".")[0] in known}
        wrong = {code for code in codes - documented() if not _is_file(code) and not code.endswith((".py", ".md")) and code not in NO_CODES}
        assert wrong - MODULES == set(), page.name


# Functions and methods that pages name in the same way.
MODULES = {"study.build", "store.write", "summary.counted_places"}


def test_words_that_are_reasons_without_a_family_are_there_too() -> None:
    assert named(reference("error-codes.md")) >= WORDS
