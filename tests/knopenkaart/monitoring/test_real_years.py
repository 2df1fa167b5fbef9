# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The measured traps of real divisions: codes that were used again, a municipality that was redrawn, and one with other codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from knopenkaart.monitoring import Monitor, MonitorRequest, make_monitor
from knopenkaart.vocabulary.catalogue import load_catalogue

RealData = Callable[[str], Path]


@pytest.fixture(scope="module")
def country(real_data: RealData) -> Monitor:
    """Everything of 2022 and 2024, the buurten of Ermelo in 2021, and Amsterdam in 2019."""
    figures = ("cbs/kwb2024_statline_leeftijd_geslacht.csv.gz", "cbs/wijken_2022.gpkg", "leefbaarheid/ses_woa_amsterdam_2019.csv")
    request = MonitorRequest([real_data(name) for name in figures], [real_data("ermelo/ermelo_buurten2021.gpkg")])
    return make_monitor(request)


def links(country: Monitor, first: int, last: int) -> pd.DataFrame:
    rows = country.links[(country.links["from_year"] == first) & (country.links["to_year"] == last)]
    return rows.set_index("code")


def test_every_wijk_of_2022_and_of_2024_is_joined_doubtful_or_broken_and_none_is_bridged(country: Monitor) -> None:
    found = links(country, 2022, 2024)
    areas = country.areas[country.areas["level"] == "wijk"]
    then, now = (set(areas.loc[areas["year"] == year, "code"]) for year in (2022, 2024))
    assert set(found.index) == then | now
    assert set(found.loc[found["level"] == "wijk", "verdict"]) == {"same", "doubtful", "broken"}
    counted = Counter(found["verdict"])
    assert counted["same"] == 2851
    assert len(then & now) == 3208
    assert counted["same"] + counted["doubtful"] + counted["broken"] == len(then | now)
    assert found.loc[found["verdict"] != "same", "reason"].notna().all()
    assert found["parts"].isna().all()


def test_druten_did_not_lose_its_people(country: Monitor) -> None:
    druten = links(country, 2022, 2024).loc["WK022500"]
    assert (druten["verdict"], druten["reason"]) == ("broken", "other_name_and_size")
    assert (druten["people_from"], druten["people_to"]) == (12_740, 165)
    assert (druten["name_from"], druten["name_to"]) == ("Druten", "Druten Buitengebied")


def test_no_wijk_with_another_name_or_that_jumps_is_joined(country: Monitor) -> None:
    same = links(country, 2022, 2024).query("verdict == 'same'")
    larger, smaller = same[["people_from", "people_to"]].max(axis=1), same[["people_from", "people_to"]].min(axis=1)
    assert not ((larger > 1.2 * smaller) & (larger - smaller > 25)).any()


def test_the_codes_of_ermelo_that_still_exist_mean_other_areas(country: Monitor) -> None:
    found = links(country, 2021, 2024)
    both = found[found["name_from"].notna() & found["name_to"].notna()]
    assert len(both) == 5
    assert "same" not in set(both["verdict"])
    assert found.loc["BU02330001", "reason"] == "other_name"
    assert (found.loc["BU02330001", "name_from"], found.loc["BU02330001", "name_to"]) == ("Ermelo-Oost", "Ermelo - Noord")


def test_of_the_old_codes_of_amsterdam_one_is_left_and_nothing_is_joined(country: Monitor) -> None:
    found = links(country, 2019, 2024)
    old = country.areas[country.areas["year"] == 2019]
    now = set(country.areas.loc[country.areas["year"] == 2024, "code"])
    assert len(old) == 579
    assert len(set(old["code"]) & now) == 1
    assert "same" not in set(found["verdict"])


def test_rotterdam_with_its_harbours_drawn_is_the_rotterdam_without(real_data: RealData) -> None:
    names = (
        "cbs/gemeenten_2022.gpkg",
        "cbs/wijken_2022.gpkg",
        "cbs/kwb2024_statline_leeftijd_geslacht.csv.gz",
        "cbs/kwb2024_schoon.csv.gz",
    )
    monitor = make_monitor(MonitorRequest([*map(real_data, names), real_data("rotterdam/rotterdam_buurten_kwb2024.gpkg")]))
    found = links(monitor, 2022, 2024)["verdict"]
    assert found["GM0599"] == "same"
    # Hoek van Holland and the Maasvlakte lie at sea; Rivium (0.1 km2, nobody lives there) is drawn some metres aside.
    rotterdam = found[found.index.str.startswith("WK0599")]
    assert (len(rotterdam), set(rotterdam)) == (21, {"same"})


def test_what_the_catalogue_says_of_rounding_is_to_be_seen_in_what_was_published(country: Monitor) -> None:
    levels = country.areas.set_index(["code", "year"])["level"].to_dict()
    told = country.figures[country.figures["value"].notna()]
    level = pd.Series([levels[key] for key in zip(told["area_code"], told["area_year"], strict=True)], index=told.index, name="level")
    for (indicator, unit, of_level), rows in told.groupby(["indicator", "unit", level]):
        step = load_catalogue().indicators[str(indicator)].step(str(unit), str(of_level))
        steps = rows["value"].astype(float) / (step or 1)
        assert (step == 0) or ((steps - steps.round()).abs() < 1e-6).all(), (indicator, unit, of_level, step)


def test_dwellings_of_wijken_are_published_exactly(country: Monitor, real_data: RealData) -> None:
    cities = make_monitor(MonitorRequest([real_data("cbs/gemeenten_2022.gpkg")])).figures.query("indicator == 'dwellings'")
    wijken = country.figures.query("indicator == 'dwellings' and area_year == 2022")
    summed = wijken.groupby("GM" + wijken["area_code"].str[2:6])["value"].sum()
    assert (summed == cities.set_index("area_code")["value"].reindex(summed.index)).mean() > 0.99
    assert load_catalogue().indicators["dwellings"].step("count", "wijk") == 0
