# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The documentation as tests read it: pages, sections, code blocks, rows of tables."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
REFERENCE = ROOT / "docs" / "reference"
_HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<body>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL)


def tracked() -> list[Path]:
    """Every file that belongs to the project: tracked by git, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def pages() -> list[Path]:
    """Every Markdown file of the project."""
    return sorted(path for path in tracked() if path.suffix == ".md")


def reference(name: str) -> str:
    """The text of a page of docs/reference."""
    return (REFERENCE / name).read_text(encoding="utf-8")


def sections(text: str) -> dict[str, str]:
    """Heading -> what stands under it, up to the next heading of whatever level."""
    heads = list(_HEADING.finditer(_without_code(text)))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return {head[2].strip(): text[head.end() : end] for head, end in zip(heads, ends, strict=True)}


def blocks(text: str, language: str) -> Iterator[str]:
    """The code blocks of one language."""
    for match in _FENCE.finditer(text):
        if match["language"] == language:
            yield match["body"]


def anchors(text: str) -> set[str]:
    """The anchors that a heading gives, as GitHub and GitLab make them."""
    titles = [match[2] for match in _HEADING.finditer(_without_code(text))]
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles}


def rows(text: str) -> list[tuple[str, ...]]:
    """The rows of the tables in a text, cell by cell, without their marks."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not set(line) <= set("|- :")]
    return [tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]) for line in lines]


def named(text: str) -> set[str]:
    """Everything that stands between backquotes."""
    return set(re.findall(r"`([^`\n]+)`", text))


def _without_code(text: str) -> str:
    """The text with code blanked out, at the same positions: a comment in a shell script is no heading."""
    return _FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
