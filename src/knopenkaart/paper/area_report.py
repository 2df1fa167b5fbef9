# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The report of one area as PDF. As a program it reads its content as JSON: what serves pages need not load Typst."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from knopenkaart.errors import Fault, InputError
from knopenkaart.paper.apart import run_apart
from knopenkaart.paper.rendering import check_picture

MOST_SECONDS = 30.0
MOST_ROWS, MOST_FINDINGS, MOST_PICTURES = 3000, 200, 40
TEXTS = ("title", "area", "date", "comparison", "intro", "footer")
HEADINGS = ("findings", "profile", "pictures", "tables", "sources", "limits")
LISTS = ("findings", "pictures", "tables", "sources", "limits")


def make_area_report(content: Mapping[str, Any]) -> bytes:
    """An A4 document as PDF/UA-1, drawn in a process of its own.

    `content` holds, all in one language and nothing but text where not said otherwise:

    - `language` (nl or en), `title`, `area` (its name and level), `date`, `comparison` (what it is compared with), `intro`, `footer`;
    - `headings`: one for each of findings, profile, pictures, tables, sources and limits;
    - `findings`: a list of `{"theme", "text"}`, in order; those of one theme stand together;
    - `wheel`: `{"svg", "alt", "caption"}`, or None; `pictures`: a list of the same;
    - `tables`: a list of `{"caption", "head", "rows", "notes"}`, every row as long as the head; with `numbers`, the columns (from 0) that
      align to the right;
    - `sources` and `limits`: lists of sentences. A report without limits is refused: figures signal, they do not explain.

    Raises InputError: `report.invalid` with every fault of the content, `picture.foreign` or `picture.size` for a picture, `run.broken`.
    """
    check_content(content)
    return run_apart("knopenkaart.paper.area_report", content, seconds=MOST_SECONDS)


def check_content(content: Mapping[str, Any]) -> None:
    """Raises InputError `report.invalid` with all faults of the content together."""
    faults = [
        *([] if content.get("language") in ("nl", "en") else [_fault("language", "must be nl or en")]),
        *(_fault(name, "must be a text") for name in TEXTS if not isinstance(content.get(name), str)),
        *(_fault(f"headings.{name}", "must be a text") for name in HEADINGS if not _is_text(content.get("headings"), name)),
        *(_fault(name, "must be a list") for name in LISTS if not isinstance(content.get(name), list)),
    ]
    if not faults:
        faults = [
            *_finding_faults(content["findings"]),
            *_picture_faults(content),
            *_table_faults(content["tables"]),
            *_line_faults(content),
        ]
    if not faults and not content["title"].strip():
        faults = [_fault("title", "must not be empty")]
    if faults:
        raise InputError("The content of this report cannot be drawn:", code="report.invalid", remedy="Correct the content.", faults=faults)
    for picture in [*content["pictures"], *([content["wheel"]] if content.get("wheel") else [])]:
        check_picture(picture["svg"])


def _fault(where: str, what: str) -> Fault:
    return Fault(code="report.invalid", message=f"{where} {what}")


def _is_text(item: Any, name: str) -> bool:
    return isinstance(item, Mapping) and isinstance(item.get(name), str)


def _finding_faults(findings: Sequence[Any]) -> list[Fault]:
    if len(findings) > MOST_FINDINGS:
        return [_fault("findings", f"must be {MOST_FINDINGS} at most")]
    return [
        _fault(f"findings[{index}]", f"has no text for {name}")
        for index, item in enumerate(findings)
        for name in ("theme", "text")
        if not _is_text(item, name)
    ]


def _picture_faults(content: Mapping[str, Any]) -> list[Fault]:
    wheel, pictures = content.get("wheel"), content["pictures"]
    if len(pictures) > MOST_PICTURES:
        return [_fault("pictures", f"must be {MOST_PICTURES} at most")]
    named = [(f"pictures[{index}]", item) for index, item in enumerate(pictures)] + ([("wheel", wheel)] if wheel is not None else [])
    faults = [
        _fault(where, f"has no text for {name}") for where, item in named for name in ("svg", "alt", "caption") if not _is_text(item, name)
    ]
    return faults or [_fault(where, "needs words for who cannot see it (alt)") for where, item in named if not item["alt"].strip()]


def _table_faults(tables: Sequence[Any]) -> list[Fault]:
    faults, rows = [], 0
    for index, table in enumerate(tables):
        where = f"tables[{index}]"
        if not _is_text(table, "caption") or not all(isinstance(table.get(name), list) for name in ("head", "rows", "notes")):
            faults.append(_fault(where, "needs a caption and lists head, rows and notes"))
            continue
        rows += len(table["rows"])
        if not table["head"]:
            faults.append(_fault(where, "has no columns"))
        if not all(isinstance(cell, str) for line in (table["head"], *table["rows"], table["notes"]) for cell in line):
            faults.append(_fault(where, "holds a cell that is not a text"))
        faults += [
            _fault(f"{where} row {number}", f"has {len(row)} cells under {len(table['head'])} columns")
            for number, row in enumerate(table["rows"], start=1)
            if len(row) != len(table["head"])
        ]
    return [*faults, *([_fault("tables", f"must have {MOST_ROWS} rows at most")] if rows > MOST_ROWS else [])]


def _line_faults(content: Mapping[str, Any]) -> list[Fault]:
    faults = [_fault(name, "holds a line that is not a text") for name in ("sources", "limits") if not _all_texts(content[name])]
    return faults or (
        [] if any(line.strip() for line in content["limits"]) else [_fault("limits", "must say what the figures do not tell")]
    )


def _all_texts(lines: Sequence[Any]) -> bool:
    return all(isinstance(line, str) for line in lines)


def _draw(content: Mapping[str, Any]) -> bytes:
    import typst

    with tempfile.TemporaryDirectory(prefix="knopenkaart-") as scratch:
        folder = Path(scratch)
        (folder / "data.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        shutil.copyfile(str(resources.files("knopenkaart.paper").joinpath("area_report.typ")), folder / "area_report.typ")
        pdf = typst.compile(folder / "area_report.typ", root=folder, format="pdf", pdf_standards=["ua-1"], ignore_system_fonts=True)
    return bytes(pdf)


if __name__ == "__main__":
    sys.stdout.buffer.write(_draw(json.loads(sys.stdin.buffer.read())))
