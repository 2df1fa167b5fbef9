# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Real figures, addresses and extracts: everybody is accounted for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import osmium
import pandas as pd
import pytest
from shapely.geometry import Point

from knopenkaart.inventory.coverage import coverage
from knopenkaart.policy import Policy
from knopenkaart.population.assumed import assumed_people
from knopenkaart.population.homes import homes
from knopenkaart.population.residents import residents
from knopenkaart.sources.addresses import read_addresses
from knopenkaart.sources.areas import areas_from_boundaries, read_areas
from knopenkaart.sources.figures import join_figures, read_figures
from knopenkaart.sources.osm import read_extract
from knopenkaart.tables import ADDRESSES, CELLS, COVERAGE, FIGURES, HOMES, POINTS, STREETS
from knopenkaart.vocabulary import load_vocabulary

RealData = Callable[[str], Path]
PARTS = ["placed", "not_covered", "no_home", "no_street"]
GROUPS = load_vocabulary().groups
AGES = [group.id for group in GROUPS.values() if group.dimension == "age"]
ORIGINS = [group.id for group in GROUPS.values() if group.dimension == "origin"]


def spread(areas: Any, figures: pd.DataFrame, cover: pd.DataFrame, **given: Any) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Homes (each on a street), residents and notices."""
    told = given.pop("assumed", {})
    defaults = {"addresses": ADDRESSES.empty(), "streets": STREETS.empty(), "cells": CELLS.empty()}
    spots = homes(areas, figures, coverage=cover, assumed=told, policy=Policy(), **(defaults | given))
    spots = HOMES.check(spots.assign(walk_edge=0))
    people, notices = residents(areas, figures, coverage=cover, homes=spots, groups=GROUPS, assumed=told)
    return spots, people, notices


def everything_covered(areas: Any) -> pd.DataFrame:
    return COVERAGE.frame(
        {"area_code": code, "level": level, "area_share": 1.0, "addresses": 0, "believed_share": 1.0, "status": "covered", "reason": "area"}
        for code, level in zip(areas["code"], areas["level"], strict=True)
    )


def values(figures: pd.DataFrame, indicator: str) -> pd.Series[Any]:
    return figures[figures["indicator"] == indicator].set_index("area_code")["value"].astype(float)


def all_accounted_for(people: pd.DataFrame) -> None:
    assert people[PARTS].sum(axis=1).to_numpy(float) == pytest.approx(people["people"].to_numpy(float), abs=1e-6)


def adds_up(people: pd.DataFrame, groups: list[str]) -> None:
    wide = people.pivot_table(index="area_code", columns="group", values="people").astype(float)
    assert wide[groups].sum(axis=1).to_numpy() == pytest.approx(wide["all"].to_numpy(), abs=1e-3)


def test_delft_of_which_the_extract_holds_a_part(real_data: RealData) -> None:
    layers = read_areas([real_data("cbs/wijken_2022.gpkg"), real_data("cbs/gemeenten_2022.gpkg")], year=2022, municipalities=["GM0503"])
    osm = read_extract(real_data("osm/delft_tudelft.osm.pbf"), rules=[])
    cover = coverage(layers.areas, layers.figures, streets=osm.streets, addresses=osm.addresses)
    spots, people, notices = spread(layers.areas, layers.figures, cover, addresses=osm.addresses, streets=osm.streets)
    all_accounted_for(people)
    adds_up(people, AGES)
    everybody = people[people["group"] == "all"].set_index("area_code")
    published = values(layers.figures, "population")
    assert everybody.loc["GM0503", "people"] == pytest.approx(104_572, abs=1e-4)
    wijken = everybody[everybody["level"] == "wijk"]
    assert (wijken["people"].astype(float) - published.reindex(wijken.index)).abs().max() <= 2.5, "within the rounding of each figure"
    assert len(wijken) == 13
    assert wijken.loc["WK050328", "placed"] / wijken.loc["WK050328", "people"] == pytest.approx(0.685, abs=0.005)
    assert int((wijken["placed"] == 0).sum()) == 8
    # Binnenstad's ages sum to 102 %: every one of them still lies within half a percent.
    ages = people[(people["area_code"] == "WK050311") & people["group"].isin(AGES)]
    assert ages["people"].sum() == pytest.approx(float(everybody.loc["WK050311", "people"]), abs=1e-3)
    assert (ages["people"] >= ages["low"] - 1e-4).all()
    assert set(spots["basis"]) == {"address"}
    assert len(notices) == 0


def test_amersfoort_with_the_dwellings_of_the_register(real_data: RealData) -> None:
    layers = read_areas([real_data("cbs/wijken_2022.gpkg"), real_data("cbs/gemeenten_2022.gpkg")], year=2022, municipalities=["GM0307"])
    dwellings = read_addresses(real_data("bag/amersfoort_woonlocaties_rd.csv.gz"))[0]
    spots, people, _ = spread(layers.areas, layers.figures, everything_covered(layers.areas), addresses=dwellings)
    all_accounted_for(people)
    everybody = people[people["group"] == "all"].set_index("area_code")
    assert everybody.loc["GM0307", "placed"] == everybody.loc["GM0307", "people"] == pytest.approx(158_590, abs=1e-4)
    assert spots["dwellings"].sum() == 67_819, "the points in Leusden, Nijkerk and Soest lie in no area of the study"
    figures = values(layers.figures, "dwellings")
    large = everybody[(everybody["level"] == "wijk") & (figures.reindex(everybody.index) >= 1000)]
    ratio = large["dwellings"].astype(float) / figures.reindex(large.index)
    assert ratio.between(0.8, 1.05).all(), ratio.to_string()


def test_rotterdam_whose_buurten_do_not_sum_to_the_municipality(real_data: RealData) -> None:
    layers = read_areas([real_data("rotterdam/rotterdam_buurten_kwb2024.gpkg")], year=2024, municipalities=[])
    figures, _ = join_figures(layers.areas, [read_figures(real_data("cbs/kwb2024_schoon.csv.gz"), year=None)], own=layers.figures)
    _, people, notices = spread(layers.areas, figures, everything_covered(layers.areas))
    all_accounted_for(people)
    adds_up(people, AGES)
    adds_up(people, ORIGINS)
    published = values(figures, "population")
    buurten = people[(people["level"] == "buurt") & (people["group"] == "all")].set_index("area_code")["people"].astype(float)
    assert (published[buurten.index].sum(), published["GM0599"]) == (670_585, 670_610)
    assert (buurten - published[buurten.index]).abs().max() <= 2.5
    assert buurten.sum() == pytest.approx(670_610, abs=1e-4)
    whole = people[people["area_code"] == "GM0599"].set_index("group")["people"].astype(float)
    for group in (*AGES, *ORIGINS):
        assert whole[group] == pytest.approx(values(figures, GROUPS[group].indicator)["GM0599"], abs=1e-3)
        # One business park has nobody, yet five men and five people from Europe: rounding explains no such thing.
        cells = people[(people["group"] == group) & (people["level"] == "buurt")].set_index("area_code")["people"].astype(float)
        off = (cells - values(figures, GROUPS[group].indicator).reindex(cells.index)).abs()
        assert off.drop("BU05992459").max() <= 2.5 + 1e-4
    assert notices["code"].tolist() == ["residents.widened"] * 2
    assert {details["areas"] for details in notices["details"]} == {"Bedrijvenpark Noord-West"}
    assert set(people["basis"]) == {"published"}


def test_liechtenstein_without_a_single_figure(real_data: RealData) -> None:
    path = real_data("osm/liechtenstein_valhalla.osm.pbf")
    osm = read_extract(path, rules=[])
    areas = areas_from_boundaries(osm.boundaries, municipalities=(), year=2020, source="osm")
    cover = coverage(areas, FIGURES.empty(), streets=osm.streets, addresses=osm.addresses)
    told, notices = assumed_people(areas, FIGURES.empty(), points=settlements(path), source="osm")
    assert notices["code"].tolist() == ["residents.assumed"] * 11
    names = dict(zip(areas["name"], areas["code"], strict=True))
    assert told[names["Eschen"]].people == 4284, "with its Nendeln"
    spots, people, _ = spread(areas, FIGURES.empty(), cover, addresses=osm.addresses, streets=osm.streets, assumed=told)
    all_accounted_for(people)
    assert set(people["basis"]) == {"assumed"}
    assert set(people["group"]) == {"all"}
    assert people["people"].sum() == people["placed"].sum() == 36_838
    assert spots.groupby("basis")["area_code"].nunique().to_dict() == {"address": 10, "street": 11}, "few houses carry an address"


def settlements(path: Path) -> pd.DataFrame:
    class Places(osmium.SimpleHandler):
        def __init__(self) -> None:
            super().__init__()
            self.rows: list[dict[str, Any]] = []

        def node(self, node: Any) -> None:
            if "place" in node.tags:
                tags = {tag.k: tag.v for tag in node.tags}
                point = Point(node.location.lon, node.location.lat)
                self.rows.append({"source_id": f"node/{node.id}", "role": "settlement", "tags": tags, "geometry": point})

    found = Places()
    found.apply_file(str(path))
    return POINTS.frame(found.rows)
