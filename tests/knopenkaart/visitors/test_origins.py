# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where those live who can come, and what is told of who comes: added up by heart."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely

from knopenkaart.tables import ADDRESSES, HOMES, RESIDENTS
from knopenkaart.visitors.origins import modelled_origins

GROUND = shapely.box(4.0, 52.0, 4.01, 52.01)


def home(number: int, lon: float, lat: float, buurt: str | None, dwellings: float) -> dict[str, object]:
    return {
        "home": number,
        "lon": lon,
        "lat": lat,
        "basis": "address",
        "dwellings": dwellings,
        "area_code": "WK01",
        "municipality_code": "GM01",
        "wijk_code": "WK01",
        "buurt_code": buurt,
    }


@pytest.fixture
def homes() -> pd.DataFrame:
    places = [(4.001, 52.001, "BU0101", 10), (4.002, 52.002, "BU0101", 5), (4.009, 52.009, "BU0102", 4), (4.05, 52.05, "BU0102", 100)]
    return HOMES.frame(home(number, *place) for number, place in enumerate(places))


@pytest.fixture
def residents() -> pd.DataFrame:
    row = {"level": "wijk", "basis": "published", "low": 0, "high": 0, "placed": 0, "not_covered": 0, "no_home": 0, "no_street": 0}
    rows = [("all", 2.0), ("age_0_14", 0.3)]
    return RESIDENTS.frame(
        {**row, "area_code": "WK01", "group": group, "people": 0, "homes": 4, "dwellings": 119, "per_dwelling": rate}
        for group, rate in rows
    )


def addresses(*rows: tuple[float, float, str | None]) -> pd.DataFrame:
    return ADDRESSES.frame({"lon": lon, "lat": lat, "postcode": code, "source": "x"} for lon, lat, code in rows)


def test_people_in_reach_are_told_per_buurt_and_per_postcode(homes: pd.DataFrame, residents: pd.DataFrame) -> None:
    near = addresses((4.001, 52.001, "2611 AB"), (4.0021, 52.002, "2612CD"), (4.009, 52.009, None))
    assert modelled_origins(homes, residents, near, ground=GROUND) == {"BU0101": 30.0, "BU0102": 8.0, "2611": 20.0, "2612": 10.0}


def test_an_address_too_far_away_tells_no_postcode(homes: pd.DataFrame, residents: pd.DataFrame) -> None:
    far = addresses((4.02, 52.02, "2699 ZZ"))
    assert modelled_origins(homes, residents, far, ground=GROUND) == {"BU0101": 30.0, "BU0102": 8.0}


def test_ground_without_homes_has_no_origins(homes: pd.DataFrame, residents: pd.DataFrame) -> None:
    assert modelled_origins(homes, residents, addresses(), ground=shapely.box(5, 53, 5.1, 53.1)) == {}
