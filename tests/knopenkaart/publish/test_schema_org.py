# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A place as schema.org: the right type, hours that machines can read, and nothing that breaks out of a page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.publish.schema_org import dumps_for_html, place_document, web_address
from knopenkaart.records import Place

MONDAY = date(2026, 11, 23)
PAGE = "https://example.org/delft/plek/p1"
PLACE = Place(
    id="p1",
    name="De Bron",
    kind="library",
    status="open",
    lon=4.36,
    lat=52.01,
    source="osm",
    source_id="node/1",
    archetype="village_square",
    street="Dorpsstraat",
    housenumber="1a",
    postcode="2611 AA",
    city="Delft",
    phone="015-2123456",
    website="debron.nl",
    opening_hours="Mo-Fr 09:00-17:00; Sa 10:00-13:00; PH off",
    wheelchair="limited",
)


def hours(text: str) -> list[dict[str, object]]:
    found = place_document(replace(PLACE, opening_hours=text), week=MONDAY).get("openingHoursSpecification", [])
    assert isinstance(found, list)
    return found


def test_a_library_is_a_library_with_address_location_and_telephone() -> None:
    made = place_document(PLACE, url=PAGE, week=MONDAY)
    assert (made["@context"], made["@type"], made["name"]) == ("https://schema.org", "Library", "De Bron")
    assert (made["@id"], made["url"], made["mainEntityOfPage"]) == (PAGE, "https://debron.nl", PAGE)
    assert made["geo"] == {"@type": "GeoCoordinates", "latitude": 52.01, "longitude": 4.36}
    assert made["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "Dorpsstraat 1a",
        "postalCode": "2611 AA",
        "addressLocality": "Delft",
    }
    assert made["telephone"] == "015-2123456"
    assert made["amenityFeature"][0]["value"] == "limited"


def test_days_with_the_same_hours_stand_together() -> None:
    week, saturday = hours(str(PLACE.opening_hours))
    assert week["dayOfWeek"] == [f"https://schema.org/{day}" for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")]
    assert (week["opens"], week["closes"], saturday["opens"], saturday["closes"]) == ("09:00", "17:00", "10:00", "13:00")
    assert "validFrom" not in week


def test_a_standing_table_takes_no_notice_of_a_holiday_in_the_week() -> None:
    kings_day = place_document(PLACE, week=date(2026, 4, 27))["openingHoursSpecification"]
    assert kings_day == hours(str(PLACE.opening_hours))


def test_hours_of_a_season_say_for_which_week_they_hold() -> None:
    (only,) = hours("Nov: Mo 10:00-12:00")
    assert (only["validFrom"], only["validThrough"]) == ("2026-11-23", "2026-11-29")


def test_a_day_that_never_closes_ends_at_its_last_minute() -> None:
    (always,) = hours("24/7")
    assert (always["opens"], always["closes"], len(str(always["dayOfWeek"]).split(","))) == ("00:00", "23:59", 7)


@pytest.mark.parametrize("text", ["op afspraak", "", "Mo 10:00-12:00 unknown", "off"])
def test_hours_that_say_nothing_certain_are_left_out(text: str) -> None:
    assert hours(text) == []


def test_a_place_that_is_not_open_has_no_hours() -> None:
    assert "openingHoursSpecification" not in place_document(replace(PLACE, status="vacant"), week=MONDAY)


def test_a_digital_place_has_no_address_and_no_location() -> None:
    digital = replace(PLACE, kind="digital_platform", digital=True, lon=None, lat=None)
    made = place_document(digital, url=PAGE)
    assert made["@type"] == "VirtualLocation"
    assert not {"address", "geo", "telephone", "openingHoursSpecification"} & set(made)


def test_an_unknown_kind_is_a_place_and_a_nameless_one_has_the_name_of_its_kind() -> None:
    assert place_document(replace(PLACE, kind="own_kind"))["@type"] == "Place"
    assert place_document(replace(PLACE, name=None))["name"] == "bibliotheek"


def test_nothing_unknown_is_written() -> None:
    bare = Place("p2", "X", "library", "open", 4.0, 52.0, "osm", "node/2", "living_room")
    made = place_document(bare)
    assert None not in made.values()
    assert set(made) == {"@context", "@type", "@id", "identifier", "name", "geo"}
    assert made["@id"] == "urn:uuid:p2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("debron.nl", "https://debron.nl"),
        ("http://debron.nl/a", "http://debron.nl/a"),
        ("https://a.nl; https://b.nl", "https://a.nl"),
        ("javascript:alert(1)", None),
        ("javascript://debron.nl/%0aalert(1)", None),
        ("data:text/html,x.y", None),
        ("mailto:info@debron.nl", None),
        ("ftp://debron.nl", None),
        ("geen website", None),
        ("https://[", None),
        (None, None),
    ],
)
def test_only_what_is_safe_to_follow_is_a_link(text: str | None, expected: str | None) -> None:
    assert web_address(text) == expected


class Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)


@given(st.text() | st.sampled_from(["</script><script>alert(1)</script>", "<!--", "]]>", "&lt;", "\u2028"]))
def test_no_name_breaks_out_of_the_script_element(name: str) -> None:
    document = place_document(replace(PLACE, name=name or "x"), week=MONDAY)
    text = dumps_for_html(document)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == document
    page = Scripts()
    page.feed(f'<script type="application/ld+json">{text}</script><p>')
    assert page.seen == ["script", "p"]
