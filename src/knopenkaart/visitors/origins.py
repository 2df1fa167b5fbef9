# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where those live who can come, in the origins that a visitor may name."""

from __future__ import annotations

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from knopenkaart.population.postcodes import postcodes_of
from knopenkaart.study import Study


def modelled_origins(homes: pd.DataFrame, residents: pd.DataFrame, addresses: pd.DataFrame, *, ground: BaseGeometry) -> dict[str, float]:
    """Where the people live who can come: residents in the ground within reach, per origin that a visitor may name.

    Parameters: HOMES, RESIDENTS and ADDRESSES of a study, and the ground (CRS84) from which one is there in time.
    Returns people per code of a buurt and per four digits of a postcode, both in one mapping: a visitor names one of the two. Homes of
    which the buurt or the postcode is not known are left out of that half. Model: docs/method/residents.md.
    """
    rate = residents[(residents["group"] == "all") & residents["per_dwelling"].notna()].set_index("area_code")["per_dwelling"]
    inside = homes[shapely.contains_xy(ground, homes["lon"].to_numpy(float), homes["lat"].to_numpy(float))]
    people = inside["dwellings"].astype(float) * inside["area_code"].map(rate).astype(float).fillna(0.0)
    by_buurt = people.groupby(inside["buurt_code"]).sum()
    by_postcode = people.groupby(postcodes_of(inside, addresses)).sum()
    return {str(code): float(sum_) for totals in (by_buurt, by_postcode) for code, sum_ in totals.items() if sum_ > 0}


def study_origins(study: Study, ground: str) -> dict[str, float]:
    """The same for the homes of a study; `ground` is a GeoJSON geometry."""
    tables = (study.table(name) for name in ("homes", "residents", "addresses"))
    return modelled_origins(*tables, ground=shapely.from_geojson(ground))
