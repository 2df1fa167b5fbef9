# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""publiccode.yml 0.2: what the standard requires, and that it tells the truth about this version."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knopenkaart import __version__

ROOT = Path(__file__).resolve().parent.parent.parent
LANGUAGES = ("nl", "en")
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}
SOFTWARE_TYPES = {f"standalone/{where}" for where in ("mobile", "iot", "desktop", "web", "backend", "other")} | {"addon", "library"}


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    found = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_every_required_key_is_there(content: dict[str, Any]) -> None:
    required = {"publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus", "softwareType"}
    required |= {"description", "legal", "maintenance", "localisation"}
    assert required <= content.keys()
    assert content["publiccodeYmlVersion"] in ("0.2", "0.2.0", "0.2.1", "0.2.2")


def test_the_version_is_that_of_the_package(content: dict[str, Any]) -> None:
    assert content["softwareVersion"] == __version__
    assert date.fromisoformat(str(content["releaseDate"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_describes_the_software_in_dutch_and_english(content: dict[str, Any], language: str) -> None:
    description = content["description"][language]
    assert 0 < len(description["shortDescription"]) <= 150
    assert 150 <= len(description["longDescription"]) <= 10_000
    assert description["features"]
    assert all(0 < len(feature) <= 100 for feature in description["features"])


def test_words_of_a_closed_list_are_in_the_list(content: dict[str, Any]) -> None:
    assert content["developmentStatus"] in STATUSES
    assert content["softwareType"] in SOFTWARE_TYPES
    assert all(re.fullmatch(r"[a-z0-9-]+", category) for category in content["categories"])
    assert content["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert content["url"].startswith("https://")


def test_the_licence_is_that_of_the_repository(content: dict[str, Any]) -> None:
    assert content["legal"]["license"] == "EUPL-1.2"
    assert (ROOT / "LICENSES" / "EUPL-1.2.txt").is_file()


def test_a_community_is_maintained_by_somebody_and_no_address_is_invented(content: dict[str, Any]) -> None:
    contacts = content["maintenance"]["contacts"]
    assert all(contact["name"] for contact in contacts)
    assert all(not {"email", "phone"} & contact.keys() for contact in contacts)


def test_the_languages_are_those_of_the_application(content: dict[str, Any]) -> None:
    localisation = content["localisation"]
    assert localisation["localisationReady"] is True
    assert set(localisation["availableLanguages"]) == set(LANGUAGES)
