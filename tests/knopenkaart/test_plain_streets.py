# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A plain layer of streets takes the place of the extract's for going there; people live where they lived."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
import toytown

from knopenkaart.study import Study, build

from .hamlet import Hamlet

PLAIN = [[toytown.crossing(a), toytown.crossing(b)] for a, b in toytown.BLOCKS]


def placed(study: Study) -> tuple[float, float]:
    """The people of the hamlet, and those of them who got a home."""
    residents = study.table("residents")
    row = residents[(residents["area_code"] == Hamlet.town) & (residents["group"] == "all")].iloc[0]
    return float(row["people"]), float(row["placed"])


@pytest.mark.parametrize("kind", ["residential", "path"])
def test_without_addresses_people_live_along_streets_also_with_a_plain_layer(hamlet: Hamlet, tmp_path: Path, kind: str) -> None:
    request = hamlet.request(osm=hamlet.osm(streets=kind, homes=()), streets=hamlet.lines(*PLAIN))
    study = build(tmp_path / "study", request)
    homes = study.table("homes")
    assert set(homes["basis"]) == {"street"}
    assert homes["walk_edge"].notna().all()
    assert set(study.table("edges")["highway"]) == {"plain"}
    people, found = placed(study)
    assert found > 0
    assert placed(build(tmp_path / "own", hamlet.request(osm=hamlet.osm(homes=())))) == pytest.approx((people, found))


def test_people_live_along_the_residential_streets_of_the_extract_rather_than_along_every_line(hamlet: Hamlet, tmp_path: Path) -> None:
    # The plain layer has a long road through the fields that no residential street is beside.
    road = [(0.0, 0.0), (-90.0, 0.0), (-90.0, 850.0)]
    study = build(tmp_path / "study", hamlet.request(osm=hamlet.osm(homes=()), streets=hamlet.lines(*PLAIN, road)))
    homes = study.table("homes")
    spots = toytown.metres(shapely.points(homes["lon"].to_numpy(float), homes["lat"].to_numpy(float)))
    assert min(spot.x for spot in spots) > -1
