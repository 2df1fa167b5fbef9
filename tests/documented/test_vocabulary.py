# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every field of the vocabulary is in the reference, and so is every way to write a rule."""

from __future__ import annotations

from dataclasses import fields

import pytest
from documented.pages import named, reference

from knopenkaart.vocabulary import (
    LIFECYCLE,
    MEASURES,
    Archetype,
    Condition,
    Dimension,
    Function,
    Group,
    Kind,
    MoneyCategory,
    NotNode,
    Signal,
    Slot,
    SocialLine,
    Status,
    load_vocabulary,
)

RECORDS = [Kind, Function, Archetype, Status, NotNode, Dimension, Group, Slot, MoneyCategory, Condition, Signal, SocialLine]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_each_field_is_explained(record: type) -> None:
    names = {"osm" if item.name == "rules" else item.name for item in fields(record)} - {"id"}
    assert names <= named(reference("vocabulary.md"))


def test_each_measure_of_the_early_warning_is_named() -> None:
    assert set(MEASURES) <= named(reference("vocabulary.md"))


def test_each_stage_of_life_is_explained() -> None:
    assert {f"{stage}:" for stage in LIFECYCLE} <= named(reference("vocabulary.md"))


def test_the_example_of_an_own_file_is_a_vocabulary(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from documented.pages import ROOT, blocks

    page = (ROOT / "docs/how-to/choose-what-counts.md").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(next(blocks(page, "toml")), encoding="utf-8")
    vocabulary = load_vocabulary(own)
    assert vocabulary.kinds["hairdresser"].counts
    assert not load_vocabulary().kinds["hairdresser"].counts
    assert vocabulary.kinds["weaving_shed"].nl == "weefhuis"
