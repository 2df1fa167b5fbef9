# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Links inside the documentation lead somewhere, and every page can be found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from documented.pages import ROOT, anchors, pages

_LINK = re.compile(r"\]\(([^)\s]+)\)")


def links(page: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [target for target in _LINK.findall(text) if "://" not in target and not target.startswith("mailto:")]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target in links(page):
        name, _, anchor = target.partition("#")
        found = (page.parent / name).resolve() if name else page
        assert found.exists(), target
        if anchor:
            assert anchor in anchors(found.read_text(encoding="utf-8")), target


def test_each_page_of_the_documentation_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        waiting += [path for target in links(page) if (path := (page.parent / target.partition("#")[0]).resolve()).is_file()]
    assert {page for page in pages() if page.is_relative_to(ROOT / "docs")} - seen == set()


def test_an_anchor_is_made_as_the_platforms_make_it() -> None:
    assert anchors("# Kaart & lijst: 2 wegen\n## `knopenkaart load`\n```sh\n# no heading\n```\n") == {
        "kaart--lijst-2-wegen",
        "knopenkaart-load",
    }
