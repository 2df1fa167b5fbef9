# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The built front end in a page: style sheets and scripts of an entry, by the manifest that Vite wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()

MANIFEST = Path(__file__).resolve().parents[2] / "static" / "build" / "manifest.json"


@register.simple_tag
def vite_asset(entry: str) -> SafeString:
    """Tags that load an entry file, for example `src/map.ts`.

    Returns:
        `<link rel=stylesheet>` for each of its style sheets, `<link rel=modulepreload>` for the modules it imports, and its
        `<script type=module>`.

    Raises:
        ImproperlyConfigured: the front end is not built, or has no such entry.
    """
    manifest = _manifest(MANIFEST, _modified(MANIFEST))
    if entry not in manifest:
        raise ImproperlyConfigured(
            f"The front end has no entry {entry!r}; it has {', '.join(name for name in manifest if name.startswith('src/'))}."
        )
    chunks = [manifest[name] for name in dict.fromkeys(_with_imports(manifest, entry))]
    styles = dict.fromkeys(file for chunk in chunks for file in chunk.get("css", []))
    return (
        format_html_join("", '<link rel="stylesheet" href="{}">', ((_url(file),) for file in styles))
        + format_html_join("", '<link rel="modulepreload" href="{}">', ((_url(chunk["file"]),) for chunk in chunks[1:]))
        + format_html_join("", '<script type="module" src="{}"></script>', [(_url(chunks[0]["file"]),)])
    )


def built_file(entry: str) -> Path:
    """The file that was built of an entry, for who must serve it at an address of its own. Raises ImproperlyConfigured as above."""
    manifest = _manifest(MANIFEST, _modified(MANIFEST))
    if entry not in manifest:
        raise ImproperlyConfigured(f"The front end has no entry {entry!r}.")
    return MANIFEST.parent / str(manifest[entry]["file"])


def _url(file: str) -> str:
    return static(f"build/{file}")


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError as error:
        raise ImproperlyConfigured("The front end is not built: run `python hatch_build.py`, or install the package again.") from error


@lru_cache(maxsize=1)
def _manifest(path: Path, modified_ns: int) -> Mapping[str, Any]:
    """The manifest as it was at that moment: a new build is seen without a restart."""
    del modified_ns
    manifest: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def _with_imports(manifest: Mapping[str, Any], name: str) -> Iterator[str]:
    yield name
    for imported in manifest[name].get("imports", []):
        yield from _with_imports(manifest, imported)
