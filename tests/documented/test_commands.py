# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every command and option is documented, and every command in the documentation works on the parser."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from documented.pages import ROOT, blocks, pages, reference, sections

from knopenkaart.cli import parser

Commands = dict[str, argparse.ArgumentParser]


def commands() -> Commands:
    return dict(_commands(parser(), ()))


def _commands(command: argparse.ArgumentParser, names: tuple[str, ...]) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    deeper = [action for action in command._actions if isinstance(action, argparse._SubParsersAction)]
    for action in deeper:
        for name, child in action.choices.items():
            yield from _commands(child, (*names, name))
    if not deeper:
        yield " ".join(names), command


def section_of(name: str) -> tuple[str, str]:
    found = [
        (title, text)
        for title, text in sections(reference("commands.md")).items()
        if f"{title.strip('`')} ".startswith(f"knopenkaart {name} ")
    ]
    assert len(found) == 1, f"docs/reference/commands.md has {len(found)} sections `knopenkaart {name}`"
    return found[0]


@pytest.mark.parametrize("name", commands())
def test_each_command_with_each_option_and_argument_is_in_the_reference(name: str) -> None:
    title, text = section_of(name)
    for action in commands()[name]._actions:
        if action.dest in ("help", "json"):
            continue
        for written in action.option_strings or [action.metavar or action.dest.upper()]:
            assert str(written) in title + text, f"{name}: {written}"
        for choice in action.choices or ():
            assert f"`{choice}`" in text, f"{name}: {choice}"


def test_json_and_version_are_explained_once_for_all() -> None:
    assert "`--json`" in reference("commands.md")
    assert "--version" in reference("commands.md")


def test_no_command_is_documented_that_does_not_exist() -> None:
    titles = [title.strip("`") for title in sections(reference("commands.md")) if title.startswith("`knopenkaart ")]
    known = commands()
    for title in titles:
        words = title.removeprefix("knopenkaart ").split()
        assert " ".join(words[:1]) in known or " ".join(words[:2]) in known, title


def shown() -> list[tuple[Path, str]]:
    found = []
    for page in pages():
        for block in blocks(page.read_text(encoding="utf-8"), "console"):
            lines = block.replace("\\\n", " ").splitlines()
            found += [(page.relative_to(ROOT), line.strip()) for line in lines if line.strip()]
    return found


@pytest.mark.parametrize(("page", "line"), shown(), ids=[f"{page}: {line[:60]}" for page, line in shown()])
def test_each_command_that_a_page_shows_is_understood(page: Path, line: str) -> None:
    words = shlex.split(line, comments=True)
    assert words[0] == "knopenkaart", f"{page}: only commands of Knopenkaart stand in a console block: {line}"
    try:
        parser().parse_args(words[1:])
    except SystemExit:
        pytest.fail(f"{page}: {line}")


def test_the_pages_show_commands_at_all() -> None:
    assert len(shown()) > 20
