# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The form to count on paper. As a program it reads its content as JSON and writes the PDF: what serves pages need not load Typst."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any


def make_count_form(content: Mapping[str, Any]) -> bytes:
    """A PDF/UA-1 document; `content` holds every text of count_form.typ in one language, and its lists of groups and dayparts."""
    import typst

    with tempfile.TemporaryDirectory(prefix="knopenkaart-") as scratch:
        folder = Path(scratch)
        (folder / "data.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        shutil.copyfile(str(resources.files("knopenkaart.paper").joinpath("count_form.typ")), folder / "count_form.typ")
        pdf = typst.compile(folder / "count_form.typ", root=folder, format="pdf", pdf_standards=["ua-1"], ignore_system_fonts=True)
    return bytes(pdf)


if __name__ == "__main__":
    sys.stdout.buffer.write(make_count_form(json.loads(sys.stdin.buffer.read())))
