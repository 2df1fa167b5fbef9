# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The vocabulary of the package is whole; a municipality's own file adds and changes; every fault is told at once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import knopenkaart
from knopenkaart.access.setting import places
from knopenkaart.errors import InputError
from knopenkaart.vocabulary import Kind, load_vocabulary
from knopenkaart.vocabulary.reader import MOST_FUNCTIONS

KINDS = load_vocabulary().kinds
ICONS = (Path(__file__).parent / "maki_icons.txt").read_text(encoding="utf-8").splitlines()
MAKI = {line for line in ICONS if line and not line.startswith("#")}
NAMED_BY_VAN_LEENT = [
    "broad_school",
    "library",
    "care_home",
    "community_centre",
    "supermarket",
    "sports_canteen",
    "sports_club",
    "digital_platform",
]
STUDIED_BY_KIS = ["library", "park", "market", "story_house", "multi_use_centre"]
SMALL_SPOTS = ["bench", "picnic_table", "dog_area", "public_bookcase"]
NEW_KIND = """
[kinds.tea_garden]
nl = "theetuin van de buurt"
en = "neighbourhood tea garden"
nl_plural = "theetuinen van de buurt"
en_plural = "neighbourhood tea gardens"
functions = ["eat", "meet"]
archetype = "living_room"
schema_org = "Place"
symbol = "teahouse"
osm = ["amenity=cafe & cuisine=tea"]
"""


def own(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_there_are_at_least_sixty_kinds_of_node_besides_small_spots() -> None:
    assert sum(not kind.small_spot for kind in KINDS.values()) >= 60


@pytest.mark.parametrize("kind", [*NAMED_BY_VAN_LEENT, *STUDIED_BY_KIS])
def test_what_van_leent_names_and_kis_studied_counts(kind: str) -> None:
    assert KINDS[kind].counts


@pytest.mark.parametrize("kind", SMALL_SPOTS)
def test_a_bench_and_the_like_never_count(kind: str) -> None:
    assert KINDS[kind].small_spot
    assert not KINDS[kind].counts


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
def test_a_kind_has_its_texts_in_both_languages_and_an_icon_that_exists(kind: Kind) -> None:
    assert all(text.strip() for text in (kind.nl, kind.en, kind.nl_plural, kind.en_plural))
    assert kind.nl == kind.nl.strip()
    assert kind.nl[0].islower()
    assert kind.symbol in MAKI
    assert re.fullmatch(r"[A-Z][A-Za-z]+", kind.schema_org)
    assert kind.functions
    assert bool(kind.why) == bool(kind.why_en)


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if not kind.counts and not kind.small_spot], ids=lambda kind: kind.id)
def test_a_kind_that_does_not_count_says_why(kind: Kind) -> None:
    assert kind.why.endswith(".")
    assert kind.why_en.endswith(".")


def test_only_a_digital_kind_may_do_without_a_rule() -> None:
    assert {kind.id for kind in KINDS.values() if not kind.rules} == {kind.id for kind in KINDS.values() if kind.digital}


def test_every_function_and_archetype_is_used() -> None:
    vocabulary = load_vocabulary()
    assert {function for kind in KINDS.values() for function in kind.functions} == set(vocabulary.functions)
    assert {kind.archetype for kind in KINDS.values()} == set(vocabulary.archetypes)
    assert set(vocabulary.statuses) == {"planned", "open", "vacant", "closed"}


def test_every_kind_can_be_reached_by_tags_of_its_own() -> None:
    """A kind whose every rule is swallowed by an earlier, wider rule would never be given."""
    earlier: set[str] = set()
    for kind in KINDS.values():
        plain = {str(rule) for rule in kind.rules}
        assert not plain or plain - earlier, kind.id
        earlier |= plain


def test_the_rules_hold_kinds_rejected_tags_and_other_stages_of_life() -> None:
    rules = load_vocabulary().rules()
    for tags in (
        {"amenity": "library"},
        {"amenity": "parking", "name": "P1"},
        {"disused:amenity": "pub"},
        {"construction:amenity": "school"},
    ):
        assert any(rule.matches(tags) for rule in rules), tags
    for tags in ({"amenity": "parking"}, {"building": "house"}, {"highway": "residential", "name": "Dorpsstraat"}):
        assert not any(rule.matches(tags) for rule in rules), tags


def test_a_word_of_a_list_names_one_kind_whatever_the_language() -> None:
    words = load_vocabulary().words()
    assert words["bieb"] == words["library"] == words["bibliotheken"] == "library"
    assert words["kantine"] == "sports_canteen"
    assert all(word == word.casefold() for word in words)


def test_a_reason_belongs_to_one_rejected_group() -> None:
    vocabulary = load_vocabulary()
    assert len(vocabulary.reasons()) == len(vocabulary.not_nodes)
    assert all(item.nl and item.en for item in vocabulary.not_nodes.values())


def test_the_vocabulary_is_read_once() -> None:
    assert load_vocabulary() is load_vocabulary()


def test_an_own_file_changes_the_selection_and_leaves_the_rest(tmp_path: Path) -> None:
    changed = load_vocabulary(own(tmp_path, "[kinds.hairdresser]\ncounts = true\n[kinds.supermarket]\ncounts = false\n"))
    assert changed.kinds["hairdresser"].counts
    assert not changed.kinds["supermarket"].counts
    assert changed.kinds["hairdresser"].nl == "kapper"
    assert list(changed.kinds) == list(KINDS)


def test_an_own_kind_is_tried_before_those_of_the_package(tmp_path: Path) -> None:
    vocabulary = load_vocabulary(own(tmp_path, NEW_KIND))
    assert next(iter(vocabulary.kinds)) == "tea_garden"
    assert len(vocabulary.kinds) == len(KINDS) + 1


def test_all_faults_of_an_own_file_are_told_together_with_their_entry(tmp_path: Path) -> None:
    text = """
    [kinds.bench]
    counts = true
    [kinds.library]
    color = "red"
    functions = ["read"]
    [kinds.cafe]
    osm = ["amenity"]
    archetype = "cave"
    words = ["bieb"]
    [kinds.Wrong]
    nl = "x"
    [kinds.half]
    nl = "half"
    [shapes.round]
    nl = "rond"
    """
    with pytest.raises(InputError) as caught:
        load_vocabulary(own(tmp_path, text))
    told = {(fault.code, fault.column) for fault in caught.value.faults}
    assert not any(fault.code == "vocabulary.reference" and fault.value in KINDS for fault in caught.value.faults)
    assert caught.value.code == "vocabulary.invalid"
    assert {fault.file for fault in caught.value.faults} == {"own.toml"}
    assert {
        ("vocabulary.small_spot", "kinds.bench.counts"),
        ("vocabulary.field", "kinds.library.color"),
        ("vocabulary.field", "kinds.cafe.osm"),
        ("vocabulary.id", "kinds.Wrong"),
        ("vocabulary.field", "kinds.half.en"),
        ("vocabulary.section", "shapes"),
    } <= told


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ('functions = ["read"]', "kinds.library.functions"),
        ('archetype = "cave"', "kinds.library.archetype"),
        ('belongs_to = ["castle"]', "kinds.library.belongs_to"),
        ('absorbed_by = ["castle"]', "kinds.library.absorbed_by"),
        ('words = ["kapper"]', "kinds.hairdresser.words"),
        ('nl = " "', "kinds.library.nl"),
        ('counts = "yes"', "kinds.library.counts"),
        ("belongs_within_m = -1", "kinds.library.belongs_within_m"),
        ("words = [1]", "kinds.library.words"),
        ('osm = "amenity=library"', "kinds.library.osm"),
        ("rules = []", "kinds.library.rules"),
    ],
)
def test_one_wrong_field_is_named(tmp_path: Path, line: str, column: str) -> None:
    with pytest.raises(InputError) as caught:
        load_vocabulary(own(tmp_path, f"[kinds.library]\n{line}\n"))
    assert column in {fault.column for fault in caught.value.faults}


def test_more_functions_than_fit_are_one_fault_with_its_place_and_remedy(tmp_path: Path) -> None:
    free = MOST_FUNCTIONS - len(load_vocabulary().functions)
    texts = [f'[functions.own_{number}]\nnl = "x"\nen = "x"\n' for number in range(free + 1)]
    vocabulary = load_vocabulary(own(tmp_path, "".join(texts[:-1])))
    assert len(vocabulary.functions) == MOST_FUNCTIONS
    last = list(vocabulary.functions)[-1]
    row = {"id": "a", "name": "A", "kind": "library", "archetype": "living_room", "lon": 5.0, "lat": 52.0, "functions": [last]}
    table = pd.DataFrame([row | {"digital": False, "small_spot": False, "status": "open"}])
    assert places(table, functions=list(vocabulary.functions), counting=["library"]).functions.tolist() == [2**31]
    more = tmp_path / "more"
    more.mkdir()
    with pytest.raises(InputError) as caught:
        load_vocabulary(own(more, "".join(texts)))
    [fault] = caught.value.faults
    assert (fault.code, fault.column) == ("vocabulary.function", "functions")
    assert "at most 32 functions, not 33: leave some out" in str(fault)


def test_a_file_that_is_no_toml_or_absent_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not valid TOML"):
        load_vocabulary(own(tmp_path, "kinds = ["))
    with pytest.raises(InputError) as caught:
        load_vocabulary(tmp_path / "absent.toml")
    assert caught.value.code == "vocabulary.unreadable"
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        load_vocabulary(binary)


def test_the_vocabulary_stays_light() -> None:
    code = "import sys, knopenkaart.vocabulary as v; v.load_vocabulary(); print({'numpy', 'pandas', 'shapely'} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(Path(knopenkaart.__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "set()"
