# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""security.txt, RFC 9116: read by a parser of our own, section by section."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

PATH = "/.well-known/security.txt"
FIELD = re.compile(r"^([A-Za-z][A-Za-z-]*):[ \t]*(\S.*)$")


def parse(text: str) -> dict[str, list[str]]:
    """Section 4: lines of `Name: value`, comments and empty lines; names in whatever case."""
    fields: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = FIELD.match(line)
        assert match, f"no field: {line!r}"
        fields.setdefault(match[1].lower(), []).append(match[2].strip())
    return fields


@pytest.fixture
def fields(settings: Any, client: Client) -> dict[str, list[str]]:
    settings.SECURITY_CONTACT = "security@example.org"
    settings.CONTACT = "info@example.org"
    return parse(client.get(PATH).content.decode("utf-8"))


def test_the_parser_refuses_what_is_no_field() -> None:
    with pytest.raises(AssertionError):
        parse("Contact security@example.org")
    assert parse("# a comment\r\n\r\nContact: mailto:a@example.org\r\ncontact: tel:+31-1\r\n") == {
        "contact": ["mailto:a@example.org", "tel:+31-1"]
    }


def test_a_contact_is_a_uri(fields: dict[str, list[str]]) -> None:
    assert fields["contact"] == ["mailto:security@example.org"]


@pytest.mark.parametrize("contact", ["https://example.org/security", "tel:+31-15-0000000", "mailto:a@example.org"])
def test_a_contact_that_is_a_uri_already_stays_as_it_is(settings: Any, client: Client, contact: str) -> None:
    settings.SECURITY_CONTACT = contact
    assert parse(client.get(PATH).content.decode())["contact"] == [contact]


def test_it_expires_once_within_a_year(fields: dict[str, list[str]]) -> None:
    (text,) = fields["expires"]
    left = datetime.fromisoformat(text) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=366)


def test_it_names_its_languages_and_its_own_address_once(fields: dict[str, list[str]]) -> None:
    assert fields["preferred-languages"] == ["nl, en"]
    (canonical,) = fields["canonical"]
    assert canonical.endswith(PATH)


def test_it_is_plain_text_in_utf_8(settings: Any, client: Client) -> None:
    settings.SECURITY_CONTACT = "security@example.org"
    assert client.get(PATH).headers["Content-Type"].replace(" ", "").lower() == "text/plain;charset=utf-8"


def test_without_a_security_contact_the_general_one_is_given(settings: Any, client: Client) -> None:
    settings.SECURITY_CONTACT, settings.CONTACT = "", "info@example.org"
    assert parse(client.get(PATH).content.decode())["contact"] == ["mailto:info@example.org"]


@pytest.mark.django_db
def test_without_any_contact_there_is_no_file_rather_than_an_invented_address(settings: Any, client: Client) -> None:
    settings.SECURITY_CONTACT, settings.CONTACT = "", ""
    assert client.get(PATH).status_code == 404
