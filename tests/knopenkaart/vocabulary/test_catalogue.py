# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The catalogue: what it promises of every indicator, and the page that lists them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from knopenkaart.errors import InputError
from knopenkaart.vocabulary import catalogue as catalogue_module
from knopenkaart.vocabulary.catalogue import AGGREGATES, DIRECTIONS, NATURES, THEMES, Indicator, Series, load_catalogue

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "reference" / "indicators.md"
ALL = tuple(load_catalogue().indicators.values())
ACTIVE = tuple(item for item in ALL if item.active)
SERIES = load_catalogue().series


def rounding(item: Indicator) -> str:
    """Rounding in words: count 5 (wijk, buurt); percent 1 (municipality, wijk, buurt)."""
    said = [
        f"{unit} {step:g} ({', '.join(level for level in levels if levels[level] == step)})"
        for unit, levels in item.rounding.items()
        for step in sorted(set(levels.values()))
    ]
    return "; ".join(said) or "as published"


def sources(item: Indicator) -> str:
    """The series or publishers whose identifiers were checked."""
    named = (SERIES[one.series].en if one.series else one.publisher for one in item.published if one.active)
    return ", ".join(dict.fromkeys(named)) or "files only"


def row(item: Indicator) -> str:
    """The line of the reference page for an indicator."""
    aggregate = f"{item.aggregate} of `{item.of}`" if item.of else item.aggregate
    names = ", ".join(f"`{name}`" for column in item.columns for name in column.names) or "none"
    cells = (f"`{item.id}`", item.unit, item.en, item.nl, aggregate, item.nature, item.direction.replace("_", " "), rounding(item))
    return f"| {' | '.join((*cells, sources(item), names))} |"


def unverified(item: Indicator) -> str:
    """The line of the reference page for an indicator that is never shown."""
    named = "; ".join(f"{one.publisher}, {one.table}" for one in item.published)
    return f"| `{item.id}` | {item.en} | {item.nl} | {item.theme} | {named} |"


@pytest.mark.parametrize("theme", THEMES)
def test_the_page_lists_every_indicator_of_a_theme_as_the_catalogue_has_it(theme: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    section = text.split(f"\n## {load_catalogue().themes[theme].en}\n", 1)[1].split("\n## ", 1)[0]
    listed = [line for line in section.splitlines() if re.match(r"\| `", line)]
    assert listed == [row(item) for item in ALL if item.theme == theme and item.active]


def test_every_value_is_of_its_list() -> None:
    assert {item.aggregate for item in ALL} <= set(AGGREGATES)
    assert {item.nature for item in ALL} <= set(NATURES)
    assert {item.direction for item in ALL} <= set(DIRECTIONS)
    assert {item.theme for item in ALL} <= set(THEMES)


def test_what_is_not_verified_stands_apart_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8").split("\n## Not verified\n", 1)[1]
    listed = [line for line in text.splitlines() if re.match(r"\| `", line)]
    assert listed == [unverified(item) for item in ALL if not item.active]


def publication(one: Series) -> str:
    """The line of the reference page for a series of tables."""
    tables = ", ".join(f"{year}: {table}" for year, table in one.tables.items())
    return f"| {one.en} | {one.publisher} | {tables} | {', '.join(one.levels)} | {'fetched' if one.interface else 'file'} | {one.checked} |"


def test_the_page_says_of_every_publication_what_its_identifiers_were_compared_with() -> None:
    section = PAGE.read_text(encoding="utf-8").split("\n## Publications\n", 1)[1].split("\n## ", 1)[0]
    listed = section.split("|---|---|---|---|---|---|\n", 1)[1].strip().splitlines()
    assert listed == [publication(one) for one in SERIES.values()]
    assert all(one.checked for one in SERIES.values())


@pytest.mark.parametrize("item", ACTIVE, ids=lambda item: item.id)
def test_an_active_indicator_can_be_explained_in_both_languages(item: Indicator) -> None:
    assert item.theme in THEMES
    assert item.nl != item.en
    assert item.explanation_nl != item.explanation_en
    for name, explanation in ((item.nl, item.explanation_nl), (item.en, item.explanation_en)):
        assert name == name.strip()
        assert explanation.endswith(".")
        # An explanation says more than the name does.
        assert len(explanation) > len(name) + 10
    # Both languages say as much, the reservation at the end too.
    assert len(re.findall(r"\.(?=\s|$)", item.explanation_nl)) == len(re.findall(r"\.(?=\s|$)", item.explanation_en))
    assert item.name("nl") == item.nl
    assert item.explanation("en") == item.explanation_en


@pytest.mark.parametrize("item", ACTIVE, ids=lambda item: item.id)
def test_an_active_indicator_says_where_it_comes_from(item: Indicator) -> None:
    checked = [one for one in item.published if one.active]
    assert checked
    assert all(one.publisher and one.levels for one in checked)


def test_two_indicators_never_have_the_same_name() -> None:
    for language in ("nl", "en"):
        names = [item.name(language) for item in ACTIVE]
        assert sorted(names) == sorted(set(names))


def test_published_ones_have_a_checked_identifier_or_are_not_used() -> None:
    for item in ALL:
        for one in item.published:
            if one.active and item.nature != "own":
                assert one.table, item.id
                assert one.measure, item.id
            if not one.active:
                assert not item.active, f"{item.id} mixes checked and unchecked"


def test_a_series_stands_for_one_publication_per_table() -> None:
    population = load_catalogue().indicators["population"]
    tables = {one.table: one.years for one in population.published}
    assert tables == {"85318NED": (2022,), "85618NED": (2023,), "85984NED": (2024,), "86165NED": (2025,)}
    lonely = load_catalogue().indicators["lonely"].published
    assert [(one.table, one.years) for one in lonely] == [("50120NED", (2012, 2016, 2020, 2022))]
    stress = load_catalogue().indicators["stress"].published
    assert [(one.table, one.years) for one in stress] == [("50120NED", (2020, 2022))]


def test_origin_is_published_by_the_terms_of_today_from_2023_on() -> None:
    for name in ("origin_netherlands", "origin_europe", "origin_outside_europe"):
        assert {year for one in load_catalogue().indicators[name].published for year in one.years} == {2023, 2024, 2025}


def test_models_say_that_they_are_models_and_are_never_added_up_as_counts() -> None:
    for item in ACTIVE:
        if item.nature == "model" and item.aggregate == "count":
            assert item.id.startswith("education_"), item.id
        if item.id.startswith("livability"):
            assert item.nature == "model"
            assert item.aggregate == "none"


def test_a_part_is_of_something_that_counts() -> None:
    catalogue = load_catalogue()
    for item in ACTIVE:
        if item.aggregate == "share" or (item.aggregate == "count" and item.of):
            assert catalogue.indicators[item.of].aggregate == "count", item.id
            assert catalogue.indicators[item.of].active
        if item.aggregate == "mean":
            assert catalogue.indicators[item.of].aggregate == "count", item.id


def test_counts_of_a_municipality_are_exact_and_those_of_a_buurt_are_rounded_to_five() -> None:
    population = load_catalogue().indicators["population"]
    assert population.step("count", "municipality") == 0
    assert population.step("count", "buurt") == 5
    assert population.step("percent", "municipality") == 1


def test_only_what_cannot_be_disputed_is_better_or_worse() -> None:
    directions = {item.id: item.direction for item in ALL}
    assert directions["income_low"] == directions["poverty"] == directions["seriously_lonely"] == "more_is_worse"
    assert directions["employment_rate"] == directions["livability"] == "more_is_better"
    # Owning, origin, age and getting help are not good or bad.
    neutral = ("dwelling_ownership", "origin_outside_europe", "pop_65plus", "households_single", "social_assistance", "informal_care")
    assert {directions[name] for name in neutral} == {"neutral"}
    assert all(item.direction == "neutral" for item in ALL if item.theme == "population")


def test_every_theme_has_segments_for_the_wheel_and_no_more_than_can_be_read() -> None:
    for theme in THEMES:
        assert 1 <= sum(item.wheel for item in load_catalogue().of_theme(theme)) <= 10


def test_what_a_source_leaves_out_is_said_in_both_languages() -> None:
    for item in ALL:
        if item.hidden:
            assert item.left_out("nl").endswith(".")
            assert item.left_out("en") not in ("", item.left_out("nl"))


def test_meeting_is_told_by_this_installation_itself() -> None:
    meeting = load_catalogue().of_theme("meeting")
    ids = [item.id for item in meeting]
    assert ids[:4] == ["meeting_nodes_per_1000", "meeting_within_reach", "meeting_visits_per_1000", "meeting_familiar"]
    assert {item.nature for item in meeting} == {"own"}
    assert not any(item.columns for item in meeting)


# --- faults of a catalogue ---------------------------------------------------------------------------------------------

GOOD: dict[str, Any] = {
    "id": "benches",
    "nl": "banken",
    "en": "benches",
    "explanation_nl": "Banken om op te zitten.",
    "explanation_en": "Benches to sit on.",
    "theme": "meeting",
    "unit": "count",
    "aggregate": "count",
    "nature": "register",
}


def faults_of(monkeypatch: pytest.MonkeyPatch, *entries: dict[str, Any]) -> list[tuple[str, str]]:
    """The code and the column of each fault that the catalogue has when these entries stand in the theme of meeting."""
    real = catalogue_module._parse
    monkeypatch.setattr(catalogue_module, "_parse", lambda name: {"indicator": entries} if name == "meeting.toml" else real(name))
    load_catalogue.cache_clear()
    try:
        load_catalogue()
    except InputError as error:
        return [(fault.code, fault.column or "") for fault in error.faults]
    finally:
        load_catalogue.cache_clear()
    return []


def test_a_catalogue_without_faults_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults_of(monkeypatch, GOOD) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": "furlong"}, "catalogue.value"),
        ({"direction": "up"}, "catalogue.value"),
        ({"aggregate": "share"}, "catalogue.value"),
        ({"of": "nothing"}, "catalogue.reference"),
        ({"group": "nobody"}, "catalogue.reference"),
        ({"hidden": "no_such_rule"}, "catalogue.reference"),
        ({"colour": "red"}, "catalogue.field"),
        ({"published": [{"series": "kwb", "measure": "X", "years": [1900]}]}, "catalogue.field"),
        ({"published": [{"series": "unheard_of", "measure": "X"}]}, "catalogue.field"),
        ({"published": [{"series": "kwb", "measure": "X", "column": "bank"}]}, "catalogue.reference"),
    ],
)
def test_every_fault_names_the_indicator(monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], code: str) -> None:
    found = faults_of(monkeypatch, GOOD | change)
    assert (code, "benches") in found
    assert {name for _, name in found} == {"benches"}


def test_all_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = faults_of(monkeypatch, GOOD | {"unit": "furlong", "direction": "up"}, GOOD | {"id": "tables", "of": "nothing"}, GOOD)
    assert sorted(found) == [
        ("catalogue.reference", "tables"),
        ("catalogue.twice", "benches"),
        ("catalogue.value", "benches"),
        ("catalogue.value", "benches"),
    ]
