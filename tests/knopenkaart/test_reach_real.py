# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reach on real studies: everybody is accounted for, parts make the whole, and no table contradicts another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from knopenkaart.study import Study
from knopenkaart.vocabulary import load_vocabulary

PARTS = ["placed", "not_covered", "no_home", "no_street"]
GROUPS = load_vocabulary().groups
# Figures of CBS are rounded to multiples of five, and percents to whole ones.
ROUNDING, PERCENT = 2.5, 0.005


@pytest.fixture(params=["delft_study", "liechtenstein_study"], ids=["delft", "liechtenstein"])
def study(request: pytest.FixtureRequest) -> Study:
    """A part of Delft with the figures of its wijken, and Liechtenstein with assumed people."""
    found: Study = request.getfixturevalue(request.param)
    return found


def numbers(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return pd.DataFrame({name: frame[name].astype(float).to_numpy() for name in names}, index=frame.index)


def by_area(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index(["area_code", "group"])


def homes_with_people(study: Study) -> pd.DataFrame:
    """Homes on a street with the people of each group in them: dwellings x people per dwelling, in long form."""
    homes, residents = study.table("homes"), study.table("residents")
    leaves = residents[residents["per_dwelling"].notna()][["area_code", "group", "per_dwelling"]]
    chosen = homes[homes["walk_edge"].notna()][["home", "area_code", "municipality_code", "dwellings"]].merge(leaves, on="area_code")
    return chosen.assign(people=chosen["dwellings"].astype(float) * chosen["per_dwelling"].astype(float))


def placed_in_all(study: Study) -> pd.Series[Any]:
    """Placed people per group, over all municipalities."""
    residents = study.table("residents")
    whole = residents[residents["level"] == "municipality"]
    placed: pd.Series[Any] = whole["placed"].astype(float).groupby(whole["group"]).sum()
    return placed


# --- residents ----------------------------------------------------------------------------------------------------------


def test_of_every_area_and_group_the_placed_and_the_unplaced_are_all_its_people(study: Study) -> None:
    residents = study.table("residents")
    assert len(residents) >= 11
    parts = numbers(residents, *PARTS)
    assert (parts >= 0).all(axis=None)
    assert parts.sum(axis=1).to_numpy() == pytest.approx(residents["people"].to_numpy(float), abs=1e-6)


def test_delft_has_the_people_of_its_figures_within_their_rounding(delft_study: Study) -> None:
    figures = delft_study.table("figures")
    residents = by_area(delft_study.table("residents"))
    values: Any = figures.set_index(["indicator", "area_code"])["value"].astype(float)
    population = values["population"]
    assert len(population) == 14
    told = residents.xs("all", level="group")["people"].astype(float)
    assert (told - population.reindex(told.index)).abs().max() <= ROUNDING
    known = set(residents.index.get_level_values("group"))
    percents = {group.id: values[group.indicator] for group in GROUPS.values() if group.id in known and group.dimension == "age"}
    assert len(percents) == 5
    for group, percent in percents.items():
        own = residents.xs(group, level="group")["people"].astype(float)
        expected = percent.reindex(own.index) / 100 * population.reindex(own.index)
        # Of a percent half of one is rounding, of a few people the counts that it was made of.
        room = PERCENT * population.reindex(own.index) + ROUNDING + 5.0
        assert ((own - expected).abs() <= room).all(), group


def test_the_ages_of_delft_are_all_its_people(delft_study: Study) -> None:
    wide: Any = delft_study.table("residents").pivot_table(index="area_code", columns="group", values=["people", "placed"], aggfunc="sum")
    ages = [group.id for group in GROUPS.values() if group.dimension == "age"]
    for what in ("people", "placed"):
        assert wide[what][ages].sum(axis=1).to_numpy(float) == pytest.approx(wide[what]["all"].to_numpy(float), abs=1e-3)


def test_the_wijken_of_delft_sum_to_the_municipality_in_every_column(delft_study: Study) -> None:
    residents = delft_study.table("residents")
    columns = ["people", *PARTS, "homes", "dwellings"]
    wijken, town = (residents[residents["level"] == level] for level in ("wijk", "municipality"))
    sums = numbers(wijken, *columns).groupby(wijken["group"]).sum()
    whole = numbers(town.set_index("group"), *columns)
    assert set(sums.index) == set(whole.index) > {"all"}
    for name in columns:
        assert sums.loc[whole.index, name].to_numpy() == pytest.approx(whole[name].to_numpy(), abs=1e-3), name


def test_the_people_in_the_homes_of_an_area_are_those_it_placed(study: Study) -> None:
    homes = homes_with_people(study)
    residents = by_area(study.table("residents"))["placed"].astype(float)
    assert len(homes) > 5_000
    for code in ("area_code", "municipality_code"):
        sums = homes.groupby([code, "group"])["people"].sum()
        assert sums.to_numpy() == pytest.approx(residents.reindex(sums.index).to_numpy(), abs=1e-3)


# --- places -------------------------------------------------------------------------------------------------------------


def test_no_catchment_holds_more_people_than_were_placed(study: Study) -> None:
    table = study.table("reach_places")
    most = table.groupby("group")["people"].max().astype(float)
    placed = placed_in_all(study)
    assert set(most.index) == set(placed.index)
    assert (most <= placed.reindex(most.index) + 1e-6).all()
    assert most["all"] > 1_000


def test_more_minutes_never_bring_fewer_people_to_a_place(study: Study) -> None:
    table = study.table("reach_places").sort_values(["place_id", "mode", "group", "minutes"])
    for name in ("people", "homes"):
        bands = table[name].to_numpy(float).reshape(-1, 3)
        assert (np.diff(bands, axis=1) >= -1e-9).all(), name
        assert (np.diff(bands, axis=1) > 0).any(), name
    assert table["minutes"].to_numpy(int).reshape(-1, 3).tolist() == [[5, 10, 15]] * (len(table) // 3)


def test_people_lie_within_their_margin_and_a_group_within_all(study: Study) -> None:
    table = study.table("reach_places")
    assert (table["low"] <= table["people"]).all()
    assert (table["people"] <= table["high"]).all()
    key = ["place_id", "mode", "minutes"]
    both = table.merge(table[table["group"] == "all"][[*key, "people"]], on=key, suffixes=("", "_all"))
    assert len(both) == len(table)
    assert (both["people"] <= both["people_all"] + 1e-6).all()


def test_the_people_in_reach_of_a_place_are_in_the_homes_that_it_is_nearest_to_and_more(study: Study) -> None:
    """Whoever has a place as the nearest node within the minutes is in its reach."""
    near = study.table("reach_homes")
    nearest = near[(near["mode"] == "walk") & (near["what"] == "any")].merge(homes_with_people(study), on="home")
    assert len(nearest) > 5_000
    table = study.table("reach_places").set_index(["place_id", "mode", "minutes", "group"])["people"].astype(float)
    for minutes in (5, 10, 15):
        own = nearest[nearest["minutes"] <= minutes].groupby(["place_id", "group"])["people"].sum()
        reached = np.array([table[place, "walk", minutes, group] for place, group in own.index])
        assert (own.to_numpy() <= reached + 1e-6).all(), minutes


# --- areas --------------------------------------------------------------------------------------------------------------


def test_gaps_and_reach_are_about_the_people_that_were_placed(study: Study) -> None:
    placed = by_area(study.table("residents"))["placed"].astype(float)
    for name in ("gaps", "reach_areas", "supply"):
        table = study.table(name)
        assert len(table) > 100
        assert table["people"].to_numpy(float) == pytest.approx(
            placed.reindex(pd.MultiIndex.from_frame(table[["area_code", "group"]])).to_numpy(), abs=1e-3
        ), name


@pytest.mark.parametrize("code", ["area_code", "municipality_code"])
def test_those_with_something_near_and_those_without_are_everybody(code: str, study: Study) -> None:
    """Counted once more, from what is near each home."""
    homes, near = homes_with_people(study), study.table("reach_homes")
    near = near[near["mode"] == "walk"][["home", "what", "minutes"]].merge(homes, on="home")
    gaps = study.table("gaps")
    gaps = gaps[(gaps["mode"] == "walk") & gaps["area_code"].isin(set(homes[code]))].set_index(["area_code", "group", "what", "minutes"])
    assert len(gaps) > 100
    for minutes in (5, 10, 15):
        rows = gaps.xs(minutes, level="minutes")
        within = near[near["minutes"] <= minutes].groupby([code, "group", "what"])["people"].sum()
        reached = within.reindex(rows.index.set_names([code, "group", "what"])).fillna(0.0).to_numpy()
        assert reached + rows["without"].to_numpy(float) == pytest.approx(rows["people"].to_numpy(float), abs=1e-3), minutes


def test_more_minutes_never_leave_more_people_without(study: Study) -> None:
    gaps = study.table("gaps").sort_values(["area_code", "mode", "group", "what", "minutes"])
    bands = gaps["without"].to_numpy(float).reshape(-1, 3)
    assert (np.diff(bands, axis=1) <= 1e-9).all()
    assert (np.diff(bands, axis=1) < 0).any()
    people = gaps["people"].to_numpy(float)
    assert (gaps["without"].to_numpy(float) >= -1e-6).all()
    assert (gaps["without"].to_numpy(float) <= people + 1e-6).all()


def test_who_lacks_any_node_lacks_one_of_every_kind(study: Study) -> None:
    gaps = study.table("gaps")
    key = ["area_code", "mode", "group", "minutes"]
    both = gaps.merge(gaps[gaps["what"] == "any"][[*key, "without"]], on=key, suffixes=("", "_any"))
    assert len(both) == len(gaps)
    assert (both["without"] >= both["without_any"] - 1e-6).all()


def test_the_gaps_of_the_wijken_of_delft_sum_to_those_of_the_municipality(delft_study: Study) -> None:
    gaps = delft_study.table("gaps")
    key = ["mode", "group", "what", "minutes"]
    wijken = gaps[gaps["area_code"].str.startswith("WK")].groupby(key)[["people", "without"]].sum().astype(float)
    town = gaps[gaps["area_code"] == "GM0503"].set_index(key)[["people", "without"]].astype(float).reindex(wijken.index)
    assert len(wijken) == len(gaps[gaps["area_code"] == "GM0503"]) > 100
    assert wijken.to_numpy() == pytest.approx(town.to_numpy(), abs=1e-3)


def test_a_quantile_is_where_the_share_of_people_says(study: Study) -> None:
    """Half of the residents have any node within the median: their gap there is at most half, and just below it at least half."""
    areas, gaps = study.table("reach_areas"), study.table("gaps")
    key = ["area_code", "mode", "group", "what"]
    both = gaps.merge(areas[[*key, "p50"]], on=key)
    both = both[both["people"] > 0]
    within = both[both["p50"].notna() & (both["p50"] <= both["minutes"])]
    beyond = both[both["p50"].isna() | (both["p50"] > both["minutes"])]
    assert len(within) > 50
    assert len(beyond) > 50
    assert (within["without"] <= within["people"] / 2 + 1e-3).all()
    assert (beyond["without"] >= beyond["people"] / 2 - 1e-3).all()


# --- homes and the week -------------------------------------------------------------------------------------------------


def test_homes_have_more_near_within_more_minutes_and_a_nearest_where_they_have_any(study: Study) -> None:
    counts = study.table("reach_counts").sort_values(["home", "mode", "minutes"])
    for name in ("nodes", "functions"):
        assert (np.diff(counts[name].to_numpy(int).reshape(-1, 3), axis=1) >= 0).all(), name
    last = counts[counts["minutes"] == 15]
    some = set(map(tuple, last[last["nodes"] > 0][["home", "mode"]].to_numpy()))
    near = study.table("reach_homes")
    assert set(map(tuple, near[near["what"] == "any"][["home", "mode"]].to_numpy())) == some
    assert len(some) > 5_000


def test_what_is_surely_open_is_never_more_than_what_may_be_open(study: Study) -> None:
    opened = study.table("reach_open")
    assert (opened["reached"] <= opened["reached_most"] + 1e-6).all()
    assert (opened["reached_most"] <= opened["people"] + 1e-6).all()
    assert (opened["reached"] < opened["reached_most"]).any()


def test_places_that_overlap_share_at_most_the_people_of_each_and_at_least_half(study: Study) -> None:
    overlaps = study.table("overlaps")
    assert len(overlaps) > 100
    assert (overlaps["shared"] <= overlaps[["people_a", "people_b"]].min(axis=1) + 1e-6).all()
    assert (overlaps[["share_a", "share_b"]].min(axis=1) >= 0.5 - 1e-9).all()
    table = study.table("reach_places")
    near = (
        table[(table["mode"] == "walk") & (table["minutes"] == 10) & (table["group"] == "all")]
        .set_index("place_id")["people"]
        .astype(float)
    )
    for side in ("a", "b"):
        assert overlaps[f"people_{side}"].to_numpy(float) == pytest.approx(near.reindex(overlaps[f"place_{side}"]).to_numpy(), abs=1e-3)
