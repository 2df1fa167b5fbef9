# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The report of one area as PDF. As a program it reads its content as JSON: what serves pages need not load Typst."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from knopenkaart.errors import Fault, InputError
from knopenkaart.paper.apart import run_apart
from knopenkaart.paper.rendering import check_picture

MOST_SECONDS = 30.0
MOST_ROWS, MOST_FINDINGS, MOST_PICTURES = 3000, 200, 40
MOST_TRIES = 12
# Where Latin, Greek and Cyrillic end, and where the marks and symbols between end.
OTHER_SCRIPTS = ((0x0530, 0x1E00), (0x2E80, 0x110000))
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
    - `sources` and `limits`: lists of sentences. A report without limits is refused: figures signal, they do not explain;
    - `online` (may be absent): where the same can be read on the web; `invented` (may be absent): that it is an example, told at the top.

    Raises InputError: `report.invalid` with every fault of the content, `picture.foreign` or `picture.size` for a picture, `run.broken`.
    """
    check_content(content)
    return run_apart("knopenkaart.paper.area_report", printable(content), seconds=MOST_SECONDS)


def printable(part: Any) -> Any:
    """The content without characters that nobody can see or print."""
    if isinstance(part, str):
        return "".join(char for char in part if not unicodedata.category(char).startswith("C") or char == "\n")
    if isinstance(part, Mapping):
        return {name: printable(item) for name, item in part.items()}
    return [printable(item) for item in part] if isinstance(part, list) else part


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
    faults = [fault for index, table in enumerate(tables) for fault in _faults_of_table(f"tables[{index}]", table)]
    if not faults and sum(len(table["rows"]) for table in tables) > MOST_ROWS:
        return [_fault("tables", f"must have {MOST_ROWS} rows at most")]
    return faults


def _faults_of_table(where: str, table: Any) -> list[Fault]:
    if not _is_text(table, "caption") or not all(isinstance(table.get(name), list) for name in ("head", "rows", "notes")):
        return [_fault(where, "needs a caption and lists head, rows and notes")]
    head, rows, numbers = table["head"], table["rows"], table.get("numbers", [])
    lists = [row for row in rows if isinstance(row, list)]
    faults = [_fault(f"{where} row {at}", "is not a list") for at, row in enumerate(rows, start=1) if not isinstance(row, list)]
    faults += [
        _fault(f"{where} row {at}", f"has {len(row)} cells under {len(head)} columns")
        for at, row in enumerate(rows, start=1)
        if isinstance(row, list) and len(row) != len(head)
    ]
    if not head:
        faults.append(_fault(where, "has no columns"))
    if not all(_all_texts(line) for line in (head, *lists, table["notes"])):
        faults.append(_fault(where, "holds a cell that is not a text"))
    if not isinstance(numbers, list) or not all(isinstance(item, int) and 0 <= item < len(head) for item in numbers):
        faults.append(_fault(f"{where} numbers", "must be places of columns, counted from 0"))
    return faults


def _line_faults(content: Mapping[str, Any]) -> list[Fault]:
    faults = [_fault(name, "holds a line that is not a text") for name in ("sources", "limits") if not _all_texts(content[name])]
    return faults or (
        [] if any(line.strip() for line in content["limits"]) else [_fault("limits", "must say what the figures do not tell")]
    )


def _all_texts(lines: Sequence[Any]) -> bool:
    return all(isinstance(line, str) for line in lines)


def _draw(content: Mapping[str, Any]) -> bytes:
    """The PDF. A letter that the fonts lack becomes a question mark; PDF/UA forbids empty boxes, and no name may stop a report."""
    import typst

    data = json.dumps(content, ensure_ascii=False)
    with tempfile.TemporaryDirectory(prefix="knopenkaart-") as scratch:
        folder = Path(scratch)
        shutil.copyfile(str(resources.files("knopenkaart.paper").joinpath("area_report.typ")), folder / "area_report.typ")
        for _ in range(MOST_TRIES):
            (folder / "data.json").write_text(data, encoding="utf-8")
            try:
                pdf = typst.compile(folder / "area_report.typ", root=folder, format="pdf", pdf_standards=["ua-1"], ignore_system_fonts=True)
            except typst.TypstError as error:
                if not (absent := _absent(str(error))):
                    raise
                data = _without(data, absent)
            else:
                return bytes(pdf)
    raise RuntimeError("the fonts lack too many letters of this report")


def _absent(message: str) -> str:
    """The letters that a font lacks, as Typst names them."""
    found = re.search(r'the text `"(.+?)"` could not be displayed', message)
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), found[1]) if found else ""


def _without(data: str, absent: str) -> str:
    """All letters of a script go together: a text may hold many of one that the fonts lack."""
    codes = {ord(char) for char in absent if ord(char) > 127}
    scripts = [(low, high) for low, high in OTHER_SCRIPTS if any(low <= code < high for code in codes)]
    gone = {char for char in set(data) if ord(char) in codes or any(low <= ord(char) < high for low, high in scripts)}
    return data.translate({ord(char): "?" for char in gone}) if gone else data


if __name__ == "__main__":
    sys.stdout.buffer.write(_draw(json.loads(sys.stdin.buffer.read())))
