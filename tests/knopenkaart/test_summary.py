# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What counts as a node, and the sentence: a village of a dozen places that one can count by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from knopenkaart.records import Place
from knopenkaart.study import Study
from knopenkaart.summary import counted_places, study_population, summarise
from knopenkaart.tables import FIGURES, PLACES, from_records
from knopenkaart.vocabulary import load_vocabulary

LIBRARY = Place("p0", "Bieb", "library", "open", 5.0, 52.0, "osm", "node/0", "village_square", municipality_code="GM1")
BENCH_KIND = next(kind.id for kind in load_vocabulary().kinds.values() if kind.small_spot)
UNCOUNTED_KIND = next(kind.id for kind in load_vocabulary().kinds.values() if not kind.counts and not kind.small_spot)


class Town:
    """A study with just the tables and the manifest that a test needs."""

    def __init__(self, figures: pd.DataFrame, municipalities: list[str]) -> None:
        self.manifest = {"municipalities": municipalities}
        self._figures = figures

    def table(self, name: str) -> pd.DataFrame:
        assert name == "figures"
        return self._figures


def figure(area: str, value: float | None, year: int, *, joined: bool = True, indicator: str = "population") -> dict[str, Any]:
    return {
        "area_code": area,
        "area_year": 2025,
        "indicator": indicator,
        "value": value,
        "unit": "count",
        "year": year,
        "source": "cbs",
        "joined": joined,
    }


def counted(*places: Place) -> list[str]:
    return list(counted_places(from_records(places, PLACES), load_vocabulary())["id"])


def test_an_open_place_in_the_municipality_of_a_kind_that_counts_counts() -> None:
    assert counted(LIBRARY) == ["p0"]


@pytest.mark.parametrize(
    "other",
    [
        {"status": "planned"},
        {"status": "vacant"},
        {"status": "closed"},
        {"neighbour": True},
        {"digital": True, "lon": None, "lat": None},
        {"small_spot": True, "kind": BENCH_KIND},
        {"kind": UNCOUNTED_KIND},
        {"kind": "kind_that_nobody_knows"},
    ],
    ids=str,
)
def test_each_rule_alone_keeps_a_place_out_of_the_count(other: dict[str, Any]) -> None:
    assert counted(LIBRARY, replace(LIBRARY, id="p1", **other)) == ["p0"]


def test_the_population_is_that_of_the_newest_joined_year() -> None:
    rows = [figure("GM1", 900, 2021), figure("GM1", 1000, 2022), figure("GM1", 1100, 2023, joined=False), figure("WK1", 500, 2022)]
    assert study_population(Town(FIGURES.frame(rows), ["GM1"])) == 1000  # type: ignore[arg-type]


def test_several_municipalities_are_added_up_only_where_each_has_a_figure() -> None:
    rows = [figure("GM1", 1000, 2022), figure("GM2", 250, 2022), figure("GM3", None, 2022), figure("GM1", 400, 2022, indicator="dwellings")]
    assert study_population(Town(FIGURES.frame(rows), ["GM1", "GM2"])) == 1250  # type: ignore[arg-type]
    assert study_population(Town(FIGURES.frame(rows), ["GM1", "GM2", "GM3"])) is None  # type: ignore[arg-type]


def test_without_inhabitants_the_sentence_leaves_them_out(liechtenstein_study: Study) -> None:
    assert "inhabitants" not in summarise(liechtenstein_study).sentence


def test_where_the_extract_holds_a_part_the_sentence_is_no_count(delft_study: Study) -> None:
    summary = summarise(delft_study)
    assert summary.sentence.startswith(f"We found {summary.nodes:,} places")
    assert "only part of the municipality" in summary.sentence
    assert "we count" not in summary.sentence


def test_another_selection_gives_another_number(example_study: Study) -> None:
    vocabulary = load_vocabulary()
    without = replace(vocabulary, kinds={**vocabulary.kinds, "library": replace(vocabulary.kinds["library"], counts=False)})
    libraries = summarise(example_study).per_kind["library"]
    assert libraries > 0
    assert summarise(example_study, vocabulary=without).nodes == summarise(example_study).nodes - libraries


def test_kinds_add_up_to_the_nodes(example_study: Study) -> None:
    summary = summarise(example_study)
    assert sum(summary.per_kind.values()) == summary.nodes == 112


def test_every_place_is_a_node_a_small_spot_a_neighbour_digital_or_of_a_kind_that_does_not_count(example_study: Study) -> None:
    places, summary = example_study.table("places"), summarise(example_study)
    others = places[~places["neighbour"] & ~places["small_spot"] & ~places["digital"]]
    assert summary.nodes <= len(others)
    assert summary.neighbours + summary.small_spots + summary.digital + len(others) == len(places)


def test_outcomes_of_a_tag_add_up_to_what_matched(example_study: Study) -> None:
    for tag, matched, *outcomes, reasons in summarise(example_study).tags:
        assert matched == sum(outcomes), tag
        assert bool(reasons) == bool(outcomes[-1]), tag


def test_the_summary_is_one_json_document_with_nothing_but_plain_values(example_study: Study) -> None:
    document = json.loads(json.dumps(summarise(example_study).as_json(), allow_nan=False, default=str))
    assert document["sentence"] == "In this municipality of 25,000 inhabitants we count 112 places with a social function."
    assert document["nodes"] == 112
    assert {area["status"] for area in document["coverage"]} == {"covered"}
    assert len(document["coverage"]) == 20


def test_a_partly_covered_municipality_is_found_in_and_not_counted(delft_study: Study) -> None:
    assert summarise(delft_study).sentence.startswith("We found 100 places")
    assert "only part of the municipality" in summarise(delft_study).sentence
