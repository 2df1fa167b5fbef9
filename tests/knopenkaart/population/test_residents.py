# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who got a home and who could not be placed, always summing back to the figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knopenkaart.population.assumed import Assumed
from knopenkaart.population.residents import residents
from knopenkaart.tables import AREAS, COVERAGE, FIGURES, HOMES

PEOPLE = {"GM0001": 1001.0, "WK000101": 601.0, "WK000102": 400.0, "BU00010101": 401.0, "BU00010102": 200.0, "BU00010201": 400.0}
UNDER = {"GM0001": ["WK000101", "WK000102"], "WK000101": ["BU00010101", "BU00010102"], "WK000102": ["BU00010201"]}
QUARTER = {"status": "partial", "area_share": 0.25, "believed_share": 0.25}
PARTS = ["placed", "not_covered", "no_home", "no_street"]


def made(town: Any, **given: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    defaults: dict[str, Any] = {
        "areas": town.areas(),
        "figures": town.figures(population=PEOPLE),
        "coverage": town.coverage(),
        "homes": HOMES.empty(),
        "groups": {},
        "assumed": {},
    }
    chosen = defaults | given
    return residents(chosen.pop("areas"), chosen.pop("figures"), **chosen)


def rows(town: Any, **given: Any) -> pd.DataFrame:
    return made(town, **given)[0].set_index(["area_code", "group"])


def numbers(found: pd.DataFrame, code: str, group: str = "all", *names: str) -> list[float]:
    return [round(float(found.loc[(code, group), name]), 3) for name in names or ("people", *PARTS)]


# --- placing ------------------------------------------------------------------------------------------------------------


def test_all_people_of_a_covered_area_are_divided_over_its_dwellings(town: Any) -> None:
    found = rows(town, homes=town.homes((town.south, 3), (town.south, 1), (town.north, 5)))
    assert numbers(found, town.south) == [401, 401, 0, 0, 0]
    assert numbers(found, town.south, "all", "homes", "dwellings", "per_dwelling") == [2, 4, 100.25]
    assert numbers(found, town.north, "all", "placed", "per_dwelling") == [200, 40]


def test_of_a_partly_covered_area_only_the_covered_share_is_placed(town: Any) -> None:
    half = town.coverage(**{town.north: QUARTER})
    found = rows(town, homes=town.homes((town.north, 10)), coverage=half)
    assert numbers(found, town.north) == [200, 50, 150, 0, 0]
    assert numbers(found, town.north, "all", "per_dwelling") == [5]


def test_of_an_unknown_area_nobody_is_placed(town: Any) -> None:
    unknown = town.coverage(**{town.single: {"status": "unknown", "believed_share": None}})
    assert numbers(rows(town, homes=town.homes((town.single, 10)), coverage=unknown), town.single) == [400, 0, 400, 0, 0]


def test_an_area_that_coverage_does_not_know_is_unknown(town: Any) -> None:
    assert numbers(rows(town, homes=town.homes((town.south, 10)), coverage=COVERAGE.empty()), town.south) == [401, 0, 401, 0, 0]


def test_without_homes_nobody_knows_where_they_live(town: Any) -> None:
    half = town.coverage(**{town.north: QUARTER})
    found = rows(town, coverage=half)
    assert numbers(found, town.south) == [401, 0, 0, 401, 0]
    assert numbers(found, town.north) == [200, 0, 150, 50, 0]
    assert pd.isna(found.loc[(town.north, "all"), "per_dwelling"])


def test_a_home_without_a_street_keeps_its_people_and_they_are_not_placed(town: Any) -> None:
    found = rows(town, homes=town.homes((town.north, 1), (town.north, 3), unreached=1))
    assert numbers(found, town.north) == [200, 150, 0, 0, 50]
    assert numbers(found, town.north, "all", "per_dwelling", "homes", "dwellings") == [50, 2, 4]


def test_before_homes_are_on_streets_nobody_is(town: Any) -> None:
    homes = town.homes((town.north, 1)).assign(walk_edge=pd.NA)
    assert numbers(rows(town, homes=HOMES.check(homes)), town.north) == [200, 0, 0, 0, 200]


def test_along_streets_the_ground_counts_and_not_the_addresses(town: Any) -> None:
    few = {"status": "marginal", "believed_share": 0.02, "area_share": 0.95, "street_share": 0.92}
    covered = town.coverage(**{town.south: few, town.north: few | {"street_share": 0.6}, town.single: few | {"street_share": None}})
    found = rows(town, homes=town.homes((town.south, 1), (town.north, 1), (town.single, 1), basis="street"), coverage=covered)
    assert numbers(found, town.south, "all", "placed") == [401]
    assert numbers(found, town.north, "all", "placed") == [120]
    assert numbers(found, town.single, "all", "placed") == [400]


def test_on_covered_ground_houses_without_an_address_count_against_nobody(town: Any) -> None:
    few = {"status": "partial", "reason": "addresses", "believed_share": 0.51, "area_share": 0.95, "street_share": 0.92}
    covered = town.coverage(**{town.south: few, town.north: few | {"street_share": 0.6}, town.single: few | {"area_share": 0.89}})
    found = rows(town, homes=town.homes((town.south, 1), (town.north, 1), (town.single, 1)), coverage=covered)
    assert numbers(found, town.south) == [401, 401, 0, 0, 0]
    assert numbers(found, town.north) == [200, 120, 80, 0, 0], "streets say that a part of the ground is missing"
    assert numbers(found, town.single) == [400, 204, 196, 0, 0], "and here the surface does: only what is there is placed"


def test_squares_know_everybody_whatever_the_extract_covers(town: Any) -> None:
    found = rows(town, homes=town.homes((town.north, 1), basis="cell"), coverage=town.coverage("unknown"))
    assert numbers(found, town.north) == [200, 200, 0, 0, 0]


def test_larger_areas_are_the_sum_of_the_smallest(town: Any) -> None:
    half = town.coverage(**{town.north: QUARTER})
    found = rows(town, homes=town.homes((town.south, 4), (town.north, 10), (town.single, 2), unreached=1), coverage=half)
    assert numbers(found, town.west) == [601, 50, 150, 0, 401]
    assert numbers(found, town.gm) == [1001, 450, 150, 0, 401]
    assert numbers(found, town.gm, "all", "homes", "dwellings") == [3, 16]
    assert pd.isna(found.loc[(town.gm, "all"), "per_dwelling"])


# --- which numbers ------------------------------------------------------------------------------------------------------


def test_rounded_numbers_add_up_to_the_one_that_is_not(town: Any) -> None:
    people = {town.gm: 1003.0, town.west: 665.0, town.east: 335.0, town.south: 335.0, town.north: 330.0, town.single: 335.0}
    found = rows(town, figures=town.figures(population=people))
    # 1,000 in fives and 1,003 in all: one more each.
    assert [numbers(found, code, "all", "people")[0] for code in (town.south, town.north, town.single)] == [336, 331, 336]
    assert numbers(found, town.gm, "all", "people", "low", "high") == [1003, 1003, 1003]
    assert numbers(found, town.west, "all", "people", "low", "high") == [667, 662.5, 667.5]
    assert numbers(found, town.south, "all", "low", "high") == [332.5, 337.5]


def test_one_number_that_happens_to_be_a_multiple_of_five_was_not_rounded(town: Any) -> None:
    found = rows(town, figures=town.figures(population=PEOPLE | {town.gm: 1000.0, town.west: 600.0, town.south: 400.0}))
    assert numbers(found, town.gm, "all", "low", "high") == [1000, 1000]
    assert numbers(found, town.south, "all", "low", "high") == [397.5, 402.5], "of wijken and buurten one multiple of five is enough"


def test_a_zero_stays_a_zero(town: Any) -> None:
    people = {town.gm: 1002.0, town.west: 600.0, town.east: 400.0, town.south: 600.0, town.north: 0.0, town.single: 400.0}
    found = rows(town, figures=town.figures(population=people))
    assert numbers(found, town.north, "all", "people", "low", "high") == [0, 0, 2.5]
    assert numbers(found, town.south, "all", "people") == [601]
    assert numbers(found, town.single, "all", "people") == [401]


def test_a_suppressed_buurt_gets_what_its_wijk_leaves(town: Any) -> None:
    people = PEOPLE | {town.north: None}
    found = rows(town, figures=town.figures(population=people))
    assert numbers(found, town.north, "all", "people", "low", "high") == [200, 200, 200]
    assert found.loc[(town.north, "all"), "basis"] == "inherited"
    assert found.loc[(town.south, "all"), "basis"] == "published"


def test_several_suppressed_areas_share_by_their_dwellings(town: Any) -> None:
    # The municipality has 1,001, one buurt of the west 401; 600 are left for its other buurt (10 dwellings) and the wijk in the east (20).
    figures = town.figures(population={town.gm: 1001.0, town.south: 401.0}, dwellings={town.north: 10.0, town.east: 20.0})
    found = rows(town, figures=figures)
    assert numbers(found, town.north, "all", "people", "low", "high") == [200, 0, 600]
    assert numbers(found, town.east, "all", "people") == [400]
    assert (town.single, "all") not in found.index


def test_without_published_dwellings_they_share_by_their_homes_else_alike(town: Any) -> None:
    figures = town.figures(population={town.gm: 1001.0, town.south: 401.0})
    by_homes = rows(town, figures=figures, homes=town.homes((town.north, 30), (town.east, 10)))
    assert numbers(by_homes, town.north, "all", "people") == [450]
    assert numbers(rows(town, figures=figures), town.north, "all", "people") == [300]


def test_more_known_people_than_the_area_around_them_has_leave_nobody(town: Any) -> None:
    figures = town.figures(population={town.gm: 1001.0, town.west: 395.0, town.south: 401.0, town.single: 400.0})
    found, notices = made(town, figures=figures)
    people = found[found["group"] == "all"].set_index("area_code")["people"]
    assert people[town.north] == 0
    assert set(notices["code"]) == {"residents.do_not_add"}


def test_parts_that_do_not_add_up_are_kept_and_told_of(town: Any) -> None:
    found, notices = made(town, figures=town.figures(population=PEOPLE | {town.gm: 1100.0}))
    assert notices[["code", "subject"]].to_numpy().tolist() == [["residents.do_not_add", town.gm]]
    assert notices["details"][0] == {"name": f"Name {town.gm}", "sum": 1001, "figure": 1100}
    whole = found[(found["area_code"] == town.gm)].iloc[0]
    assert whole[["people", "low", "high"]].tolist() == [1001, 1001, 1001]


def test_a_figure_that_is_not_joined_is_no_figure(town: Any) -> None:
    figures = town.figures(population=PEOPLE)
    found, _ = made(town, figures=FIGURES.check(figures.assign(joined=figures["area_code"] == town.gm)))
    assert found["area_code"].tolist() == [town.gm]


def test_of_two_years_the_latest_counts(town: Any) -> None:
    both = town.figures(population=PEOPLE, population__2020={code: value / 2 for code, value in PEOPLE.items()})
    found = rows(town, figures=both)
    assert numbers(found, town.north, "all", "people") == [200]
    assert found.loc[(town.north, "all"), "year"] == 2024


def test_what_nobody_knows_has_no_rows(town: Any) -> None:
    found, notices = made(town, figures=FIGURES.empty())
    assert len(found) == 0
    assert len(notices) == 0, "of whole municipalities the settlements tell"
    found, notices = made(town, figures=town.figures(population={town.south: 401.0}))
    assert set(found["area_code"]) == {town.south, town.west, town.gm}
    assert sorted(notices["subject"]) == [town.north, town.east]
    assert set(notices["code"]) == {"residents.unknown"}


def test_assumed_people_are_marked(town: Any) -> None:
    told = {town.gm: Assumed(900.0, 2019, "osm", ("Name",))}
    figures = town.figures(pop_0_14__percent={town.gm: 20})
    found = rows(town, figures=figures, assumed=told, groups=town.ages, homes=town.homes((town.gm, 300)))
    assert found.index.tolist() == [(town.gm, "all")]
    row = found.loc[(town.gm, "all")]
    assert (row["basis"], row["people"], row["per_dwelling"], row["year"], row["source"]) == ("assumed", 900, 3, 2019, "osm")


# --- groups -------------------------------------------------------------------------------------------------------------


def test_counts_of_groups_stand_as_published(town: Any) -> None:
    young, old = {town.south: 101.0, town.north: 51.0, town.single: 99.0}, {town.south: 300.0, town.north: 149.0, town.single: 301.0}
    figures = town.figures(population=PEOPLE, pop_0_14=young, pop_65plus=old)
    found = rows(town, figures=figures, groups=town.ages, homes=town.homes((town.south, 10)))
    assert numbers(found, town.south, "young") == [101, 101, 0, 0, 0]
    assert numbers(found, town.south, "young", "per_dwelling", "low", "high") == [10.1, 101, 101]
    assert numbers(found, town.gm, "young", "people") == [251]
    assert set(found["basis"]) == {"published"}
    assert list(found.loc[town.south].index) == ["all", "young", "old"]


def test_whole_percents_that_sum_to_101_give_way_alike(town: Any) -> None:
    # 26 and 75 % of 200 are 52 and 150; half a percent is one person, and the counts behind it half a person each: both lose one.
    figures = town.figures(population=PEOPLE, pop_0_14__percent={town.north: 26}, pop_65plus__percent={town.north: 75})
    found = rows(town, figures=figures, groups=town.ages)
    assert numbers(found, town.north, "young", "people", "low", "high") == [51, 50.5, 53.5]
    assert numbers(found, town.north, "old", "people") == [149]


def test_percents_with_a_decimal_are_ten_times_as_sharp(town: Any) -> None:
    figures = town.figures(population=PEOPLE, pop_0_14__percent={town.north: 25.5}, pop_65plus__percent={town.north: 74.5})
    # A tenth of half a percent of 200 people, and half a person.
    assert numbers(rows(town, figures=figures, groups=town.ages), town.north, "young", "people", "low", "high") == [51, 50.4, 51.6]


def test_percents_of_a_few_people_follow_from_counts_that_were_rounded(town: Any) -> None:
    # 14 and 43 % of 35 are 5 and 15 in fives: the missing 15 lie within their rounding only because the counts were rounded too.
    few = {town.gm: 1001.0, town.west: 35.0, town.east: 965.0}
    figures = town.figures(
        population=few, pop_0_14__percent={town.west: 43, town.east: 50}, pop_65plus__percent={town.west: 43, town.east: 50}
    )
    found, notices = made(town, figures=figures, groups=town.ages)
    assert len(notices) == 0
    young = found[(found["area_code"] == town.west) & (found["group"] == "young")].iloc[0]
    assert young["low"] == pytest.approx(0.425 * found["people"].iloc[3] - 2.5, abs=0.1)


def test_an_area_without_groups_has_the_shares_of_the_area_around_it(town: Any) -> None:
    figures = town.figures(population=PEOPLE, pop_0_14__percent={town.gm: 25}, pop_65plus__percent={town.gm: 75})
    found = rows(town, figures=figures, groups=town.ages)
    assert numbers(found, town.north, "young", "people", "low", "high") == [50, 0, 200]
    assert found.loc[(town.north, "young"), "basis"] == "inherited"
    assert found.loc[(town.north, "young"), "source"] == "cbs_2024"
    assert found.loc[(town.gm, "young"), "basis"] == "published"


def test_the_last_buurt_without_groups_gets_what_its_wijk_leaves(town: Any) -> None:
    # The wijk has 201 young, its south 151: 50 are left for the north, not the 67 of the wijk's share.
    figures = town.figures(
        population=PEOPLE, pop_0_14={town.west: 201.0, town.south: 151.0}, pop_65plus={town.west: 400.0, town.south: 250.0}
    )
    found = rows(town, figures=figures, groups=town.ages)
    assert numbers(found, town.north, "young", "people") == [50]
    assert numbers(found, town.west, "young", "people") == [201]
    assert (town.east, "young") not in found.index
    assert (town.gm, "young") not in found.index, "of part of the municipality nothing is known"


def test_without_figures_of_a_dimension_nothing_is_said_of_it(town: Any) -> None:
    empty = town.figures(population=PEOPLE | {town.gm: 801.0, town.west: 401.0, town.north: 0.0})
    for figures in (town.figures(population=PEOPLE), empty):
        assert rows(town, figures=figures, groups=town.ages | town.households).index.get_level_values("group").unique().tolist() == ["all"]


def test_one_group_of_two_leaves_the_other(town: Any) -> None:
    found = rows(town, figures=town.figures(population=PEOPLE, pop_0_14={town.north: 51.0}), groups=town.ages)
    assert numbers(found, town.north, "old", "people") == [149]


def test_people_in_one_person_households_live_alone_and_the_others_together(town: Any) -> None:
    found = rows(town, figures=town.figures(population=PEOPLE, households_single={town.north: 61.0}), groups=town.households)
    assert numbers(found, town.north, "living_alone", "people") == [61]
    assert numbers(found, town.north, "living_together", "people") == [139]
    assert found.loc[(town.north, "living_together"), "basis"] == "published"


def test_a_percent_of_households_is_no_percent_of_people(town: Any) -> None:
    figures = town.figures(population=PEOPLE, households={town.north: 101.0}, households_single__percent={town.north: 40})
    found = rows(town, figures=figures, groups=town.households)
    assert numbers(found, town.north, "living_alone", "people") == [40.4]
    alone = town.figures(population=PEOPLE, households_single__percent={town.north: 40})
    assert (town.north, "living_alone") not in rows(town, figures=alone, groups=town.households).index


def test_counts_of_another_year_are_brought_to_the_people_of_this_year(town: Any) -> None:
    figures = town.figures(
        population=PEOPLE, population__2020={town.north: 100.0}, pop_0_14__2020={town.north: 20.0}, pop_65plus__2020={town.north: 80.0}
    )
    found = rows(town, figures=figures, groups=town.ages)
    assert numbers(found, town.north, "young", "people") == [40]
    assert found.loc[(town.north, "young"), "year"] == 2020
    lonely = town.figures(population=PEOPLE, pop_0_14__2020={town.north: 20.0}, pop_65plus__2020={town.north: 80.0})
    assert (town.north, "young") not in rows(town, figures=lonely, groups=town.ages).index


def test_groups_that_contradict_the_people_by_more_than_rounding_are_told_of(town: Any) -> None:
    figures = town.figures(
        population={town.gm: 1001.0, town.west: 600.0, town.east: 400.0},
        pop_0_14={town.west: 300.0, town.east: 200.0},
        pop_65plus={town.west: 320.0, town.east: 200.0},
    )
    found, notices = made(town, figures=figures, groups=town.ages)
    assert notices[["code", "subject"]].to_numpy().tolist() == [["residents.widened", town.gm]]
    details = notices["details"][0]
    assert (details["dimension"], details["areas"], details["count"]) == ("age", f"Name {town.west}", 1)
    # 620 of 600.5: 19.5 = 2 cells x 2.5 x f.
    assert details["factor"] == pytest.approx(3.9, abs=0.02)
    together = found[found["group"].isin(["young", "old"])].groupby("area_code")["people"].sum()
    assert together[town.west] == pytest.approx(600.5, abs=1e-3)


def test_two_groups_that_are_both_the_rest_cannot_be_told_apart(town: Any) -> None:
    groups = town.households | {"rest": town.households["living_together"]}
    found = rows(town, figures=town.figures(population=PEOPLE, households_single={town.north: 61.0}), groups=groups)
    assert found.index.get_level_values("group").unique().tolist() == ["all"]


# --- laws ---------------------------------------------------------------------------------------------------------------

AREA = st.fixed_dictionaries(
    {
        "people": st.integers(0, 900),
        "young": st.floats(0, 1),
        "share": st.floats(0, 1),
        "status": st.sampled_from(["covered", "partial", "unknown"]),
        "homes": st.lists(st.integers(1, 9), max_size=3),
        "known": st.booleans(),
        "told": st.booleans(),
    }
)


def drawn(town: Any, of: dict[str, Any], *, whole: int) -> dict[str, Any]:
    """Tables of the town: true people and ages per buurt, published in fives or not at all, and the municipality exactly."""
    leaves = [town.south, town.north, town.single]
    people = {code: float(5 * round(of[code]["people"] / 5)) if of[code]["known"] else None for code in leaves}
    true = {code: of[code]["people"] for code in leaves}
    young = {code: round(true[code] * of[code]["young"]) for code in leaves}
    told = {code for code in leaves if of[code]["told"]}
    in_fives = {code: float(5 * round(young[code] / 5)) for code in told}
    old_in_fives = {code: float(5 * round((true[code] - young[code]) / 5)) for code in told}
    figures = town.figures(
        population=people | {town.gm: float(sum(true.values()) + whole)},
        pop_0_14=in_fives | {town.gm: float(sum(young.values()))},
        pop_65plus=old_in_fives | {town.gm: float(sum(true.values()) - sum(young.values()))},
    )
    homes = [(code, float(dwellings)) for code in leaves for dwellings in of[code]["homes"]]
    return {
        "figures": figures,
        "coverage": town.coverage(**{code: {"status": of[code]["status"], "believed_share": of[code]["share"]} for code in leaves}),
        "homes": town.homes(*homes, unreached=1) if homes else HOMES.empty(),
        "groups": town.ages,
    }


@given(south=AREA, north=AREA, single=AREA, whole=st.integers(-20, 20), random=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_laws_of_residents_hold(town: Any, south: Any, north: Any, single: Any, whole: int, random: Any) -> None:
    given_ = drawn(town, {town.south: south, town.north: north, town.single: single}, whole=max(whole, -south["people"]))
    found, notices = made(town, **given_)
    assert found[PARTS].sum(axis=1).to_numpy(float) == pytest.approx(found["people"].to_numpy(float), abs=1e-6), "all are accounted for"
    assert (found[["people", *PARTS]].to_numpy(float) >= 0).all()
    assert (found["low"] <= found["people"] + 1e-6).all()
    assert (found["people"] <= found["high"] + 1e-4).all()
    wide = found.pivot_table(index="area_code", columns="group", values="people")
    if "young" in wide:
        grouped = wide.dropna()
        assert (grouped["young"] + grouped["old"]).to_numpy(float) == pytest.approx(grouped["all"].to_numpy(float), abs=1e-4)
    for (code, group), row in found.set_index(["area_code", "group"]).iterrows():
        below = [leaf for leaf in UNDER.get(code, ()) if ((found["area_code"] == leaf) & (found["group"] == group)).any()]
        if below:
            parts = found[found["area_code"].isin(below) & (found["group"] == group)]
            assert row[["people", *PARTS]].to_numpy(float) == pytest.approx(parts[["people", *PARTS]].sum().to_numpy(float), abs=1e-6)
    placed = found[found["per_dwelling"].notna()]
    covered = (placed["per_dwelling"] * placed["dwellings"]).to_numpy(float)
    assert covered == pytest.approx((placed["placed"] + placed["no_street"]).to_numpy(float), abs=1e-6)
    again, told = made(town, **shuffled(town, given_, random))
    pd.testing.assert_frame_equal(again, found)
    assert told.to_dict() == notices.to_dict()


def shuffled(town: Any, given_: dict[str, Any], random: Any) -> dict[str, Any]:
    tables = {"areas": (AREAS, town.areas()), "figures": (FIGURES, given_["figures"])}
    tables |= {"coverage": (COVERAGE, given_["coverage"]), "homes": (HOMES, given_["homes"])}
    order = {name: random.sample(range(len(frame)), len(frame)) for name, (_, frame) in tables.items()}
    return {name: table.check(frame.iloc[order[name]]) for name, (table, frame) in tables.items()} | {"groups": given_["groups"]}


def test_larger_areas_sum_to_their_parts_in_every_column(town: Any) -> None:
    rng = np.random.default_rng(3)
    for _ in range(5):
        of = {
            code: {
                "people": int(rng.integers(0, 900)),
                "young": float(rng.random()),
                "share": float(rng.random()),
                "status": "partial",
                "homes": [1, 2],
                "known": True,
                "told": True,
            }
            for code in (town.south, town.north, town.single)
        }
        found, _ = made(town, **drawn(town, of, whole=0))
        columns = ["people", *PARTS, "homes", "dwellings"]
        buurten = found[found["level"] == "buurt"].groupby("group")[columns].sum().astype(float)
        whole = found[found["area_code"] == town.gm].set_index("group")[columns].astype(float)
        pd.testing.assert_frame_equal(buurten.sort_index(), whole.sort_index(), check_names=False)
