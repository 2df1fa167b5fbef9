# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules on tags: what a line means, and which lines are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.vocabulary import TagRule, parse_rule

words = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)


@pytest.mark.parametrize(
    ("line", "tags", "expected"),
    [
        ("amenity=library", {"amenity": "library"}, True),
        ("amenity=library", {"amenity": "cafe"}, False),
        ("amenity=library", {}, False),
        ("amenity=cafe|bar", {"amenity": "bar"}, True),
        ("amenity=cafe|bar", {"amenity": "library;bar"}, True),
        ("amenity=cafe|bar", {"amenity": "library; bar"}, True),
        ("amenity=cafe", {"amenity": "cafeteria"}, False),
        ("club=*", {"club": "whatever"}, True),
        ("leisure=sports_centre & sport=swimming", {"leisure": "sports_centre", "sport": "swimming"}, True),
        ("leisure=sports_centre & sport=swimming", {"leisure": "sports_centre"}, False),
        ("leisure=park & access!=private|no", {"leisure": "park"}, True),
        ("leisure=park & access!=private|no", {"leisure": "park", "access": "yes"}, True),
        ("leisure=park & access!=private|no", {"leisure": "park", "access": "no"}, False),
        ("shop=coffee & amenity!=*", {"shop": "coffee"}, True),
        ("shop=coffee & amenity!=*", {"shop": "coffee", "amenity": "cafe"}, False),
        ("amenity=bar & name~*kantine|clubhuis", {"amenity": "bar", "name": "Sportkantine De Bal"}, True),
        ("amenity=bar & name~*kantine|clubhuis", {"amenity": "bar", "name": "Het CLUBHUIS"}, True),
        ("amenity=bar & name~*kantine|clubhuis", {"amenity": "bar", "name": "Kantinetje"}, False),
        ("amenity=bar & name~*kantine|clubhuis", {"amenity": "bar"}, False),
        ("amenity=school & name~obs", {"amenity": "school", "name": "OBS De Regenboog"}, True),
        ("amenity=school & name~obs", {"amenity": "school", "name": "Jacobsschool"}, False),
        ("amenity=school & name~brede school", {"amenity": "school", "name": "De Brede School West"}, True),
    ],
)
def test_a_rule_means_what_its_line_says(line: str, tags: dict[str, str], expected: bool) -> None:
    assert parse_rule(line).matches(tags) is expected


@pytest.mark.parametrize(
    "line", ["", "amenity", "amenity=", "amenity=a|", "=library", "name~*", "name~kantine", "access!=private", "a=b & ", "a b=c"]
)
def test_a_line_that_says_nothing_definite_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="condition"):
        parse_rule(line)


def test_the_tag_of_an_element_is_the_first_key_of_the_rule_with_the_value_of_the_element() -> None:
    assert parse_rule("amenity=cafe|bar & name=*").tag({"name": "X", "amenity": "bar"}) == "amenity=bar"


def test_another_stage_of_life_stands_before_the_first_key_only() -> None:
    rule = parse_rule("amenity=place_of_worship & religion=christian").prefixed("disused")
    assert rule.matches({"disused:amenity": "place_of_worship", "religion": "christian"})
    assert not rule.matches({"amenity": "place_of_worship", "religion": "christian"})


@given(st.dictionaries(words, st.lists(words, min_size=1, max_size=3, unique=True), min_size=1, max_size=3))
def test_a_rule_is_written_as_it_is_read(conditions: dict[str, list[str]]) -> None:
    rule = TagRule(tuple((key, tuple(values)) for key, values in conditions.items()))
    assert parse_rule(str(rule)) == rule


@given(words, words, st.dictionaries(words, words, max_size=4))
def test_an_exclusion_never_makes_a_rule_match_more(key: str, value: str, tags: dict[str, str]) -> None:
    wide = parse_rule(f"{key}={value}")
    narrow = parse_rule(f"{key}={value} & access!=private")
    assert not narrow.matches(tags) or wide.matches(tags)


def test_a_rule_with_every_kind_of_condition_is_written_as_it_is_read() -> None:
    rule = parse_rule("amenity=bar|cafe & sport=* & name~*kantine|club house & access!=private|no & community_centre!=*")
    assert parse_rule(str(rule)) == rule
