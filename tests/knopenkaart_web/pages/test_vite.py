# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tags of the built front end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from knopenkaart_web.pages.templatetags import vite

MANIFEST = {
    "src/app.ts": {"file": "assets/app-1.js", "css": ["assets/app-2.css"], "isEntry": True},
    "src/map.ts": {"file": "assets/map-3.js", "imports": ["_shared.js"], "css": ["assets/map-4.css"], "isEntry": True},
    "_shared.js": {"file": "assets/shared-5.js", "css": ["assets/map-4.css", "assets/shared-6.css"]},
}


@pytest.fixture
def manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(MANIFEST))
    monkeypatch.setattr(vite, "MANIFEST", path)
    return path


def test_entry_gives_its_style_sheet_and_its_script_without_anything_inline(manifest: Path) -> None:
    assert vite.vite_asset("src/app.ts") == (
        '<link rel="stylesheet" href="/static/build/assets/app-2.css"><script type="module" src="/static/build/assets/app-1.js"></script>'
    )


def test_shared_chunks_are_preloaded_and_no_style_sheet_comes_twice(manifest: Path) -> None:
    tags = vite.vite_asset("src/map.ts")
    assert tags.count("map-4.css") == 1
    assert '<link rel="modulepreload" href="/static/build/assets/shared-5.js">' in tags
    assert "shared-6.css" in tags
    assert tags.count("<script") == 1


def test_unknown_entry_is_named_with_what_there_is(manifest: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"no entry 'src/nothing.ts'; it has src/app.ts, src/map.ts"):
        vite.vite_asset("src/nothing.ts")


def test_missing_build_says_how_to_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vite, "MANIFEST", tmp_path / "absent.json")
    with pytest.raises(ImproperlyConfigured, match=r"python hatch_build\.py"):
        vite.vite_asset("src/app.ts")


def test_new_build_is_seen_without_a_restart(manifest: Path) -> None:
    import os

    vite.vite_asset("src/app.ts")
    manifest.write_text(json.dumps({"src/app.ts": {"file": "assets/app-9.js"}}))
    os.utime(manifest, ns=(1, 1))
    assert "app-9.js" in vite.vite_asset("src/app.ts")
