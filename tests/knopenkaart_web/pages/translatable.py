# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every translatable string of the web: from templates through Django's own templatize, from Python through its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from knopenkaart_web.conf.settings import PACKAGE_DIR

SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}


@dataclass(frozen=True, slots=True)
class Message:
    """One string to translate and the file that has it."""

    msgid: str
    plural: str | None
    context: str | None
    file: str


@cache
def all_messages() -> dict[tuple[str | None, str], Message]:
    """All strings by context and text."""
    found: dict[tuple[str | None, str], Message] = {}
    for path in sorted(PACKAGE_DIR.rglob("*.html")):
        for message in _in_source(_python_of(path), path):
            _keep(found, message)
    for path in sorted(PACKAGE_DIR.rglob("*.py")):
        for message in _in_source(path.read_text(encoding="utf-8"), path):
            _keep(found, message)
    return found


def _keep(found: dict[tuple[str | None, str], Message], message: Message) -> None:
    key = (message.context, message.msgid)
    if key not in found or (message.plural and not found[key].plural):
        found[key] = message


def _python_of(path: Path) -> str:
    """The calls of gettext in a template, one on a line; templatize writes filler between them that Python cannot parse."""
    text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return "\n".join(_calls(text))


def _calls(text: str) -> Iterator[str]:
    for name in ("gettext(", "ngettext(", "pgettext(", "npgettext(", "_("):
        start = text.find(name)
        while start >= 0:
            whole_word = start == 0 or not ((text[start - 1].isalnum() and text[start - 1] not in "XSPB") or text[start - 1] == "_")
            call = _balanced(text, start)
            if whole_word and call:
                yield call
            start = text.find(name, start + 1)


def _balanced(text: str, start: int) -> str | None:
    for end in range(start, len(text)):
        if text[end] == ")":
            try:
                ast.parse(text[start : end + 1])
            except SyntaxError:
                continue
            return text[start : end + 1]
    return None


def _in_source(source: str, path: Path) -> Iterator[Message]:
    name = path.relative_to(PACKAGE_DIR).as_posix()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
            if node.func.id in SINGULAR and texts:
                yield Message(texts[0], None, None, name)
            elif node.func.id in PLURAL and len(texts) > 1:
                yield Message(texts[0], texts[1], None, name)
            elif node.func.id in CONTEXT and len(texts) > 1:
                yield Message(texts[1], None, texts[0], name)


@cache
def catalogue() -> polib.POFile:
    """The Dutch translations."""
    return polib.pofile(str(PACKAGE_DIR / "locale" / "nl" / "LC_MESSAGES" / "django.po"))


def dutch_of(message: Message) -> str:
    """The Dutch of a string (the first form of a plural); empty where there is none."""
    entry = catalogue().find(message.msgid, msgctxt=message.context or False)
    return "" if entry is None else str(entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr)
