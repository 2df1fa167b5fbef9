# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Public sources see the contact of the installation, unless the command names another."""

from __future__ import annotations

import argparse

import pytest

from knopenkaart.cli import engine


def contact(*arguments: str) -> str:
    parser = argparse.ArgumentParser()
    engine.register(parser.add_subparsers())
    return str(parser.parse_args(["build", "studie", *arguments]).contact)


def test_the_contact_of_the_installation_is_told_unless_another_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOPENKAART_CONTACT", "kaart@gemeente.example")
    assert contact() == "kaart@gemeente.example"
    assert contact("--contact", "https://gemeente.example") == "https://gemeente.example"


def test_without_a_contact_none_is_invented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KNOPENKAART_CONTACT", raising=False)
    assert contact() == ""
