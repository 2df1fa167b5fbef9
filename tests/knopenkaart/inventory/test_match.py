# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two records of one place are found, two neighbours are left apart, and a place keeps its identifier in the next build."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knopenkaart.inventory.evidence import Corpus, compare
from knopenkaart.inventory.match import candidates, link
from knopenkaart.inventory.names import Wording, housenumber_key, likeness, numbers, phone_key, street_key, website_key, words
from knopenkaart.records import Place
from knopenkaart.tables import PLACES, from_records
from knopenkaart.vocabulary import load_vocabulary

LON, LAT = 4.3600, 52.0000
METRE = 1 / 111_200  # of latitude, in degrees
VOCABULARY = load_vocabulary()


def place(key: str, name: str | None, *, north_m: float = 0.0, source: str = "osm", kind: str = "community_centre", **more: Any) -> Place:
    digital = bool(more.get("digital", False))
    base = Place(
        id=f"{source}:{key}",
        name=name,
        kind=kind,
        status="open",
        lon=None if digital else LON,
        lat=None if digital else LAT + north_m * METRE,
        source=source,
        source_id=key,
        archetype="living_room",
    )
    return replace(base, **more)


def pairs(*places: Place) -> pd.DataFrame:
    return candidates(from_records(places, PLACES), vocabulary=VOCABULARY)


def found(*places: Place) -> dict[tuple[str, str], bool]:
    frame = pairs(*places)
    return {(a, b): bool(merged) for a, b, merged in zip(frame["place_a"], frame["place_b"], frame["merged"], strict=True)}


# Others, so that words have a frequency; far from the places under test.
CROWD = tuple(place(f"crowd/{i}", name, north_m=5000 + 400 * i) for i, name in enumerate(("De Linde", "Het Anker", "De Spil", "Ons Huis")))


# ---------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("O.B.S. De Regenboog", "Openbare Basisschool De Regenboog"),
        ("St. Jozefkerk", "Sint Jozefkerk"),
        ("Café 't Gasthuys", "CAFE 'T GASTHUYS"),
        ("KDV Pippeloentje", "Kinderdagverblijf Pippeloentje"),
        ("Brood & Spelen", "Brood en Spelen"),
    ],
)
def test_ways_to_write_a_name_are_one_name(short: str, long: str) -> None:
    assert words(short) == words(long)


@pytest.mark.parametrize(
    ("name", "expected"), [("School 2", {"2"}), ("Tweede school", {"2"}), ("School II", {"2"}), ("De I van IJ", set())]
)
def test_numbers_in_a_name_are_seen_however_written(name: str, expected: set[str]) -> None:
    assert numbers(words(name)) == expected


@pytest.mark.parametrize("text", ["015 - 212 34 56", "+31 15 2123456", "0031152123456", "+31 (0)15-2123456", "015-2123456; 06-12345678"])
def test_a_telephone_number_is_one_however_written(text: str) -> None:
    assert phone_key(text) == "31152123456"


@pytest.mark.parametrize("text", ["http://www.debron.nl/", "https://debron.nl", "debron.nl", "www.DeBron.nl"])
def test_a_website_is_one_however_written(text: str) -> None:
    assert website_key(text) == ("debron.nl", "")


@pytest.mark.parametrize("text", [None, "", "geen", "http://[", "   "])
def test_what_is_no_website_or_number_has_no_key(text: str | None) -> None:
    assert website_key(text) is None
    assert phone_key(text) is None


def test_streets_and_house_numbers_are_one_however_written() -> None:
    assert street_key("Burg. v.d. Veldestr.") == street_key("Burgemeester van de Veldestraat")
    assert housenumber_key("12 A-2") == ("12", "a2")
    assert housenumber_key("geen") is None


def test_a_generic_word_weighs_less_than_a_name() -> None:
    wording = Wording.of([f"Buurthuis {name}" for name in ("Bron", "Linde", "Anker", "Spil")], generic=["buurthuis"])
    other = likeness(words("Buurthuis Bron"), words("Buurthuis Linde"), wording)
    same = likeness(words("Buurthuis Bron"), words("De Bron"), wording)
    assert same.score > 0.8 > 0.4 > other.score
    assert other.left_over_a > 0 < other.left_over_b
    assert same.left_over_a == same.left_over_b == 0


def test_an_abbreviated_word_is_the_word() -> None:
    wording = Wording.of(["Biologische Woensdagmarkt"])
    assert likeness(words("Biol. Woensdagmarkt"), words("Biologische Woensdagmarkt"), wording).score > 0.9


@given(st.text(max_size=25), st.text(max_size=25))
def test_likeness_is_symmetric_and_between_nothing_and_one(a: str, b: str) -> None:
    wording = Wording.of([a, b, "Buurthuis De Bron"])
    one, other = likeness(words(a), words(b), wording), likeness(words(b), words(a), wording)
    assert (one.score, one.telling, one.contradicted) == (other.score, other.telling, other.contradicted)
    assert (one.left_over_a, one.left_over_b) == (other.left_over_b, other.left_over_a)
    assert 0 <= one.score <= 1 + 1e-9
    if words(a):
        assert likeness(words(a), words(a), wording).score == pytest.approx(1)


# ---------------------------------------------------------------------------------------------------- duplicates


def test_the_same_name_twelve_metres_apart_in_two_sources_is_surely_one_place() -> None:
    frame = pairs(*CROWD, place("node/1", "Buurthuis De Bron"), place("row/1", "Buurthuis De Bron", source="list", north_m=12))
    assert list(frame["place_a"]) == ["osm:node/1"]
    assert list(frame["place_b"]) == ["list:row/1"]
    assert bool(frame["merged"].iloc[0])
    assert frame["score"].iloc[0] > 0.95
    assert {"distance_m=12", "name=1.00", "kind_same"} <= set(frame["reasons"].iloc[0])


def test_address_telephone_and_website_are_reasons() -> None:
    more: dict[str, Any] = {"street": "Dorpsstraat", "housenumber": "1", "phone": "015-2123456", "website": "https://debron.nl"}
    frame = pairs(
        *CROWD,
        place("node/1", "De Bron", **more),
        place(
            "row/1", "Wijkcentrum De Bron", source="list", north_m=60, **{**more, "phone": "+31 15 212 34 56", "website": "www.debron.nl/"}
        ),
    )
    assert {"same_address", "same_phone", "same_website"} <= set(frame["reasons"].iloc[0])
    assert bool(frame["merged"].iloc[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("De Regenboog 1", "De Regenboog 2"),
        ("De Regenboog", "De Regenboog II"),
        ("Sporthal Noord", "Sporthal Zuid"),
        ("De Regenboog onderbouw", "De Regenboog bovenbouw"),
        ("Basisschool De Regenboog", "Kinderdagverblijf De Regenboog"),
        ("Jansen College", "Basisschool Jansen"),
        ("Tennisvereniging Berkel", "Hockeyclub Berkel"),
        ("Buurthuis De Bron", "Buurthuis De Linde"),
        ("Buurthuis De Bron", "Buurthuis De Bron Jongerenwerk"),
        ("Buurthuis", "Buurthuis"),
    ],
)
def test_neighbours_that_look_alike_are_never_merged_without_a_human(one: str, other: str) -> None:
    assert not any(found(*CROWD, place("node/1", one), place("row/1", other, source="list", north_m=20)).values())


def test_two_branches_of_a_chain_are_not_merged() -> None:
    branches = [place(f"node/{i}", "Albert Heijn", kind="supermarket", north_m=3000 * i) for i in range(4)]
    assert not any(found(*branches, place("row/1", "Albert Heijn", kind="supermarket", source="list", north_m=90)).values())


def test_places_far_apart_are_no_candidates_without_a_telling_key() -> None:
    assert found(*CROWD, place("node/1", "Speeltuin"), place("row/1", "Speeltuin", source="list", north_m=1500)) == {}


def test_a_shared_key_finds_a_list_that_was_located_wrongly_but_does_not_merge_it() -> None:
    one = place("node/1", "Buurthuis De Bron", phone="015-2123456")
    other = place("row/1", "Buurthuis De Bron", source="list", north_m=400, phone="0152123456")
    assert found(*CROWD, one, other) == {("osm:node/1", "list:row/1"): True} or found(*CROWD, one, other) == {
        ("osm:node/1", "list:row/1"): False
    }


def test_within_one_source_different_names_are_left_alone_and_the_same_name_on_one_spot_is_merged() -> None:
    assert found(*CROWD, place("node/1", "De Bron"), place("way/1", "De Linde Zuid", north_m=5)) == {}
    assert found(*CROWD, place("node/1", "De Bron"), place("way/1", "De Bron", north_m=5)) == {("osm:node/1", "osm:way/1"): True}
    assert not any(found(*CROWD, place("node/1", "De Bron"), place("way/1", "De Bron", north_m=60)).values())


def test_other_kinds_that_share_nothing_are_for_a_human() -> None:
    result = found(*CROWD, place("node/1", "De Bron"), place("row/1", "De Bron", kind="supermarket", source="list", north_m=5))
    assert not any(result.values())


def test_a_part_is_not_a_duplicate_of_its_whole() -> None:
    club = place("way/1", "Voetbalvereniging Ons Doel", kind="sports_club")
    canteen = place("row/2", "Voetbalvereniging Ons Doel", kind="sports_club", source="list", part_of=club.id)
    assert found(*CROWD, club, canteen) == {}


def test_digital_places_are_matched_by_website_and_never_with_a_physical_one() -> None:
    site: dict[str, Any] = {"digital": True, "kind": "digital_platform", "website": "https://hoplr.example"}
    one, other = place("a", "Hoplr Delft", **site), place("b", "Hoplr Delft", source="list", **site)
    assert found(*CROWD, one, other, place("node/9", "Hoplr Delft")) == {("list:b", "osm:a"): True} or found(*CROWD, one, other) == {
        ("osm:a", "list:b"): True
    }


def test_two_sure_counterparts_in_one_source_are_left_to_a_human() -> None:
    rows = [
        place(f"row/{i}", "Buurthuis De Bron", source="list", north_m=north, housenumber=str(i), street="Dorpsstraat")
        for i, north in ((1, 30), (2, -30))
    ]
    result = found(*CROWD, place("node/1", "Buurthuis De Bron"), *rows)
    assert {pair for pair in result if "osm:node/1" in pair} == {("osm:node/1", "list:row/1"), ("osm:node/1", "list:row/2")}
    assert not any(result.values())


def test_a_nameless_place_is_a_candidate_of_another_source_on_the_same_spot_only() -> None:
    result = found(*CROWD, place("node/1", None, kind="playground"), place("row/1", "De Zon", kind="playground", source="list", north_m=8))
    assert result == {("osm:node/1", "list:row/1"): False}
    assert found(*CROWD, place("node/1", None, kind="playground"), place("node/2", None, kind="playground", north_m=3)) == {}


def test_nothing_gives_nothing() -> None:
    assert len(pairs()) == 0
    assert len(pairs(place("node/1", None, kind="bench", small_spot=True))) == 0


NAMES = st.sampled_from(["De Bron", "Buurthuis De Bron", "De Bron 2", "O.B.S. Bron", "Linde", None, "Sint Jan", "St. Jan", "De Brom"])
KINDS = st.sampled_from(["community_centre", "library", "supermarket", "playground"])
PHONES = st.sampled_from([None, "015-2123456", "015-7654321"])


@st.composite
def random_places(draw: st.DrawFn) -> list[Place]:
    rows = draw(st.lists(st.tuples(NAMES, KINDS, PHONES, st.floats(0, 300), st.sampled_from(["osm", "list"])), min_size=1, max_size=12))
    return [place(f"x/{i}", n, kind=k, north_m=m, source=s, phone=p) for i, (n, k, p, m, s) in enumerate(rows)]


@given(random_places(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_rows_does_not_matter(places: list[Place], rng: random.Random) -> None:
    shuffled = list(places)
    rng.shuffle(shuffled)
    pd.testing.assert_frame_equal(pairs(*places), pairs(*shuffled))


@given(random_places())
@settings(max_examples=40, deadline=None)
def test_the_score_of_a_pair_is_symmetric_and_between_0_and_1(places: list[Place]) -> None:
    corpus = Corpus.of(places, VOCABULARY)
    for one in places:
        for other in places:
            ahead = compare(corpus.subject(one), corpus.subject(other), corpus, distance_m=10.0)
            back = compare(corpus.subject(other), corpus.subject(one), corpus, distance_m=10.0)
            assert ahead == back
            assert 0 <= ahead.score <= 1


# ---------------------------------------------------------------------------------------------------- identity across builds


@pytest.mark.parametrize(("name", "north_m"), [("De Bron", 500), ("Het Nieuwe Huis", 20), (None, 0)])
def test_the_same_identifier_is_the_same_place_when_it_moved_or_was_renamed(name: str | None, north_m: float) -> None:
    old, new = place("node/1", "De Bron"), replace(place("node/1", name, north_m=north_m), id="new")
    (only,) = link([old], [new], vocabulary=VOCABULARY)
    assert (only.old_id, only.new_id, only.how) == ("osm:node/1", "new", "same_source_id")


def test_the_same_identifier_on_another_spot_with_another_name_is_another_place() -> None:
    old, new = place("node/1", "De Bron"), replace(place("node/1", "Het Nieuwe Huis", north_m=500), id="new")
    assert link([old], [new], vocabulary=VOCABULARY) == []


def test_a_row_put_into_a_list_does_not_shift_the_identifiers_of_the_rows_below() -> None:
    names = ["De Bron", "De Linde", "Het Anker"]
    old = [place(f"row/{i}", name, source="list") for i, name in enumerate(names)]
    new = [place(f"row/{i}", name, source="list", id=f"new {name}") for i, name in enumerate(["Nieuwkomer", *names])]
    links = link(old, new, vocabulary=VOCABULARY)
    assert [(item.old_id, item.new_id) for item in links] == [(f"list:row/{i}", f"new {name}") for i, name in enumerate(names)]


def test_a_node_that_became_an_outline_keeps_its_identifier() -> None:
    old = [*CROWD, place("node/1", "Buurthuis De Bron"), place("node/2", None, kind="playground", north_m=100)]
    new = [*CROWD, place("way/9", "Buurthuis de Bron", north_m=15), place("way/8", None, kind="playground", north_m=106)]
    links = {item.old_id: (item.new_id, item.how) for item in link(old, new, vocabulary=VOCABULARY)}
    assert links["osm:node/1"] == ("osm:way/9", "matched")
    assert links["osm:node/2"] == ("osm:way/8", "matched")
    assert len(links) == len(CROWD) + 2


def test_what_vanished_and_what_is_new_have_no_link() -> None:
    old, new = place("node/1", "Buurthuis De Bron"), place("way/9", "Café De Linde", kind="cafe", north_m=10)
    assert link([old], [new], vocabulary=VOCABULARY) == []
    assert link([], [new], vocabulary=VOCABULARY) == []
    assert link([old], [], vocabulary=VOCABULARY) == []


def test_one_place_does_not_become_two() -> None:
    new = [place("way/8", "De Bron", north_m=4), place("way/9", "De Bron", north_m=30)]
    assert [
        item.new_id for item in link([place("node/1", "De Bron"), *CROWD], [*new, *CROWD], vocabulary=VOCABULARY) if item.how == "matched"
    ] == ["osm:way/8"]


def test_a_numbered_neighbour_is_not_the_same_place() -> None:
    assert link([place("node/1", "School De Zon 1")], [place("way/2", "School De Zon 2", north_m=5)], vocabulary=VOCABULARY) == []


@given(random_places(), random_places(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_links_are_one_to_one_and_do_not_depend_on_order(old: list[Place], new: list[Place], rng: random.Random) -> None:
    new = [replace(item, id=f"new:{item.id}", source_id=f"way/{index}") for index, item in enumerate(new)]
    links = link(old, new, vocabulary=VOCABULARY)
    assert len({item.old_id for item in links}) == len({item.new_id for item in links}) == len(links)
    shuffled_old, shuffled_new = list(old), list(new)
    rng.shuffle(shuffled_old)
    rng.shuffle(shuffled_new)
    assert link(shuffled_old, shuffled_new, vocabulary=VOCABULARY) == links


@given(random_places())
@settings(max_examples=25, deadline=None)
def test_a_build_links_to_itself_completely(places: list[Place]) -> None:
    assert [(item.old_id, item.how) for item in link(places, places, vocabulary=VOCABULARY)] == [
        (item.id, "same_source_id") for item in sorted(places, key=lambda item: item.id)
    ]


def test_real_places_keep_their_identifier_when_every_number_changes(real_data: Callable[[str], Path]) -> None:
    frame = pd.read_csv(real_data("plekken/overture_utrecht_noordoost_2023.csv")).dropna().drop_duplicates("naam").head(800)
    old = [place(f"node/{row.Index}", str(row.naam), lon=row.lon, lat=row.lat) for row in frame.itertuples()]
    rng = random.Random(7)
    new = [
        replace(
            item,
            id=f"new:{item.id}",
            source_id=item.source_id.replace("node", "way"),
            lat=float(item.lat or 0) + rng.uniform(-20, 20) * METRE,
        )
        for item in old
    ]
    links = link(old, new, vocabulary=VOCABULARY)
    right = sum(item.new_id == f"new:{item.old_id}" for item in links)
    assert right == len(links)
    assert right >= 0.98 * len(old)
