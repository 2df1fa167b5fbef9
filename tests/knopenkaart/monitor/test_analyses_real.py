# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""All wijken of the Netherlands of 2024: margins, ranks, classes and likes at the size of the country."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from knopenkaart.monitor.classes import classes
from knopenkaart.monitor.estimates import Estimate, difference, estimate, share_inside
from knopenkaart.monitor.profile import profile
from knopenkaart.monitor.ranks import ranks
from knopenkaart.monitor.records import AreaValues, Value
from knopenkaart.monitor.similar import features, similar
from knopenkaart.vocabulary.catalogue import load_catalogue

COLUMNS = {
    "inwoners": "population",
    "l00_15": "pop_0_14",
    "l15_25": "pop_15_24",
    "l25_45": "pop_25_44",
    "l45_65": "pop_45_64",
    "l65_plus": "pop_65plus",
    "herkomst_nl": "origin_netherlands",
    "herkomst_europa": "origin_europe",
    "herkomst_buiten_europa": "origin_outside_europe",
}
LEVELS = {"Land": "country", "Gemeente": "municipality", "Wijk": "wijk"}
VOORHOF, DELFT = "WK050324", "GM0503"


@pytest.fixture(scope="module")
def areas(real_data: Callable[[str], Path]) -> dict[str, AreaValues]:
    """Country, municipalities and wijken by code."""
    with gzip.open(real_data("cbs/kwb2024_schoon.csv.gz"), "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["soort"] in LEVELS]
    return {row["code"].strip(): _area(row) for row in rows}


def _area(row: dict[str, str]) -> AreaValues:
    code = row["code"].strip()
    values = tuple(
        Value(name, 2024, float(row[column]) if row[column] not in ("", ".") else None, "count", "cbs", "register")
        for column, name in COLUMNS.items()
    )
    return AreaValues(code, 2024, LEVELS[row["soort"]], row["naam"], "" if code == "NL00" else f"GM{code[2:6]}", "", values)


@pytest.fixture(scope="module")
def wijken(areas: dict[str, AreaValues]) -> dict[str, AreaValues]:
    return {code: area for code, area in areas.items() if area.level == "wijk"}


@pytest.fixture(scope="module")
def older(wijken: dict[str, AreaValues]) -> dict[str, Estimate]:
    """The share of 65 years and older in every wijk."""
    chosen = load_catalogue().indicators["pop_65plus"]
    return {code: estimate(area, chosen) for code, area in wijken.items()}


def test_wijken_without_inhabitants_have_no_share_and_no_rank(older: dict[str, Estimate]) -> None:
    found = ranks(older)
    assert (len(found), sum(item.rank is None for item in found)) == (3393, 26)


def test_a_wijk_may_be_higher_lower_or_not_to_be_told_from_its_municipality(
    areas: dict[str, AreaValues], older: dict[str, Estimate]
) -> None:
    """A third of all: without margins all but the 26 would have been higher or lower."""
    chosen = load_catalogue().indicators["pop_65plus"]
    found = Counter()
    for code, mine in older.items():
        home = areas[areas[code].municipality_code]
        found[difference(mine, estimate(home, chosen), inside=share_inside(areas[code], home)).verdict] += 1
    assert found == {"same": 1187, "lower": 1168, "higher": 1012, "unknown": 26}


def test_the_oldest_wijk_of_the_country_shares_its_rank_with_thirty(older: dict[str, Estimate]) -> None:
    found = ranks(older)
    assert found[0].code == "WK085550"
    assert (found[0].rank, found[0].last) == (1, 31)


def test_within_delft_some_wijken_share_ranks_and_some_do_not(older: dict[str, Estimate]) -> None:
    found = {item.code: (item.rank, item.last) for item in ranks({code: item for code, item in older.items() if code.startswith("WK0503")})}
    assert len(found) == 13
    assert found["WK050323"] == (1, 5), "Tanthof-Oost, 24 %"
    assert found["WK050328"] == (10, 13), "Wippolder, 11 %"
    assert found["WK050326"] == (1, 13), "Abtswoude: nobody of 65 among so few says nothing"


def test_a_map_of_the_country_has_as_many_shades_as_can_be_told_apart(older: dict[str, Estimate]) -> None:
    found = classes(older)
    assert found.edges == (18, 22, 25)
    assert (found.bounded, found.apart, len(found.missing)) == (3367, 1426, 26)


def test_the_likes_of_voorhof_are_wijken_of_cities_where_few_were_born_to_dutch_parents(wijken: dict[str, AreaValues]) -> None:
    made = features(wijken.values(), load_catalogue())
    found = similar(made, VOORHOF)
    assert (len(made.raw), Counter(made.left_out.values())) == (3123, {"few": 270})
    assert found[0].code == "WK059908"
    assert found[0].nearest(1)[0].indicator == "origin_outside_europe"
    assert found[0].farthest(1)[0].indicator == "population"
    assert DELFT not in {made.homes[item.code] for item in found}


def test_the_profile_of_voorhof_shows_what_is_known_and_says_what_is_not(areas: dict[str, AreaValues]) -> None:
    tones = {item.indicator: item.tone for ring in profile(areas[VOORHOF], areas[DELFT], load_catalogue()) for item in ring.segments}
    assert (tones["origin_netherlands"], tones["origin_outside_europe"], tones["pop_65plus"]) == ("less", "more", "less")
    assert tones["households_single"] == tones["income_low"] == "absent"
