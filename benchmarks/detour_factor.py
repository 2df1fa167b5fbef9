# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The detour factor (metres walked over metres in a straight line) of two real networks beside that of another route planner.

    python benchmarks/detour_factor.py

Delft and Liechtenstein: from every address of the extract to every place, by the shortest way in metres, the legs from the address to the
street and from the street to the place included; places are entered from their own point. The other planner is OpenTripPlanner between
the middles of postcodes in south-west The Hague. Where they differ the reasons are looked for in the same data, and printed below.
Reads the folder of KNOPENKAART_TEST_DATA.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from knopenkaart.geo import metric_crs_of  # noqa: E402
from knopenkaart.network.distances import doors_on, homes_on, travel_times  # noqa: E402
from knopenkaart.network.graph import graph  # noqa: E402
from knopenkaart.network.snap import snap  # noqa: E402
from knopenkaart.policy import Policy  # noqa: E402
from knopenkaart.sources.osm import read_extract  # noqa: E402
from knopenkaart.study import Request, build  # noqa: E402
from knopenkaart.vocabulary.rules import TagRule  # noqa: E402

DATA = Path(os.environ.get("KNOPENKAART_TEST_DATA", ROOT.parent / "shared" / "data"))
OTP = "lopen/dhzw_looptijden_otp_helft_a.csv"
BORDERS_KM = (0.05, 0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0, 20.0)
# Under 50 metres the few steps to a door say more than the streets.
LEAST_M = BORDERS_KM[0] * 1000
# One speed for everything, so that seconds times speed are metres; then the shortest way is the quickest.
METRES = Policy(steps_kmh=Policy().walk_kmh, ferry_kmh=Policy().walk_kmh, ferry_wait_min=0.0)
MPS = METRES.walk_kmh / 3.6
FARTHEST_M = 60_000.0
# Villages on the slope; the others lie in the valley of the Rhine.
MOUNTAIN = ("Triesenberg", "Planken")
FOOTWAYS = ("footway", "path", "steps", "pedestrian")
Metres = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Town:
    """A network with spots on it, in metres: where the addresses and places are, and where each of them meets the street."""

    edges: pd.DataFrame
    addresses: pd.DataFrame
    places: pd.DataFrame
    crs: Any

    @classmethod
    def of(cls, tables: Callable[[str], pd.DataFrame]) -> Town:
        """From the tables of a study; addresses at the same spot are one."""
        edges, places = tables("edges"), tables("places")
        kept = places[~places["small_spot"] & places["lon"].notna()].reset_index(drop=True)
        addresses = tables("addresses").drop_duplicates(["lon", "lat"], ignore_index=True)
        return cls(edges, addresses, kept, metric_crs_of(edges.geometry))

    def spots(self, rows: pd.DataFrame) -> Metres:
        """Coordinates in metres."""
        points = gpd.GeoSeries.from_xy(rows["lon"].astype(float), rows["lat"].astype(float), crs=4326)
        return shapely.get_coordinates(points.to_crs(self.crs).to_numpy())

    def shapes(self, rows: pd.DataFrame) -> npt.NDArray[Any]:
        """Shapes in metres."""
        return gpd.GeoSeries(rows["geometry"], crs=4326).to_crs(self.crs).to_numpy()

    def snapped(self, rows: pd.DataFrame) -> tuple[pd.DataFrame, Metres]:
        """The nearest street of each spot, and the spot on it in metres (nan where there is none)."""
        lon, lat = (rows[name].to_numpy(float) for name in ("lon", "lat"))
        found = snap(self.edges, lon, lat, mode="walk", max_m=METRES.snap_m)
        at = np.full((len(rows), 2), np.nan)
        there = found["edge"].notna().to_numpy()
        lines = self.shapes(self.edges)[found.loc[there, "edge"].to_numpy(int)]
        at[there] = shapely.get_coordinates(shapely.line_interpolate_point(lines, found.loc[there, "at_m"].to_numpy(float)))
        return found, at


def pairs(town: Town) -> pd.DataFrame:
    """Every address and place with a way between them: `home`, `place` (rows), `straight_m`, `walked_m`, and both `_on_street`.

    The latter leave out the legs from the address to the street and from the street to the place.
    """
    (homes, home_at), (doors, door_at) = (town.snapped(rows) for rows in (town.addresses, town.places))
    of = graph(town.edges, "walk", policy=METRES)
    at = homes_on(of, homes.add_prefix("walk_"), mode="walk", policy=METRES)
    to = doors_on(of, doors.assign(place=range(len(doors))), places=len(doors), policy=METRES)
    blocks = [(begin, matrix.tocoo()) for begin, matrix in travel_times(of, at, to, limit_s=FARTHEST_M / MPS)]
    place = np.concatenate([begin + matrix.coords[0] for begin, matrix in blocks])
    home = np.concatenate([matrix.coords[1] for _, matrix in blocks])
    walked = np.concatenate([matrix.data for _, matrix in blocks]).astype(float) * MPS
    legs = homes["snap_m"].to_numpy()[home] + doors["snap_m"].to_numpy()[place]
    straight, on_street = (
        np.hypot(*(a[home] - b[place]).T) for a, b in ((town.spots(town.addresses), town.spots(town.places)), (home_at, door_at))
    )
    found = pd.DataFrame({"home": home, "place": place, "straight_m": straight, "walked_m": walked})
    found = found.assign(straight_m_on_street=on_street, walked_m_on_street=walked - legs)
    return found[(straight >= LEAST_M) & (on_street >= LEAST_M)].reset_index(drop=True)


def factors(found: pd.DataFrame, *, on_street: bool = False) -> pd.DataFrame:
    """Kilometres in a straight line and the factor of each pair."""
    straight, walked = (found[f"{name}{'_on_street' if on_street else ''}"].to_numpy() for name in ("straight_m", "walked_m"))
    return pd.DataFrame({"km": straight / 1000, "factor": walked / straight, "walked_km": walked / 1000})


def planner(path: Path) -> pd.DataFrame:
    """The pairs of the other planner."""
    rows = pd.read_csv(path)
    made = {"km": rows["hemelsbreed_km"], "factor": rows["distance"] / rows["hemelsbreed_km"], "walked_km": rows["distance"]}
    return pd.DataFrame(made).assign(minutes=rows["travel_time"])


def summary(factor: pd.Series[float]) -> str:
    if factor.empty:
        return f"{0:>10}{'':24}"
    low, middle, high = factor.quantile([0.1, 0.5, 0.9])
    return f"{len(factor):10,}{low:8.2f}{middle:8.2f}{high:8.2f}"


def side_by_side(columns: Mapping[str, pd.DataFrame]) -> None:
    print(f"{'straight line':22}" + "".join(f"{name:>34}" for name in columns))
    print(" " * 22 + f"{'n':>10}{'p10':>8}{'median':>8}{'p90':>8}" * len(columns))
    for low, high in pairwise(BORDERS_KM):
        cells = [rows.loc[(rows["km"] > low) & (rows["km"] <= high), "factor"] for rows in columns.values()]
        print(f"{f'{low:g} - {high:g} km':22}" + "".join(summary(cell) for cell in cells))
    print(f"{'all':22}" + "".join(summary(rows["factor"]) for rows in columns.values()))
    print(f"{'median km':22}" + "".join(f"{rows['km'].median():26.2f}{'':8}" for rows in columns.values()))
    within = [rows["minutes"] <= 15 if "minutes" in rows else rows["walked_km"] <= 1.2 for rows in columns.values()]
    print(
        f"{'within 15 minutes':22}"
        + "".join(summary(rows.loc[near, "factor"]) for rows, near in zip(columns.values(), within, strict=True))
    )


# --- the reasons --------------------------------------------------------------------------------------------------------


def reason(title: str, parts: Mapping[str, pd.DataFrame], *, km: tuple[float, float] = (0.4, 1.0)) -> None:
    print(f"\n{title} ({km[0]:g} - {km[1]:g} km)")
    for name, rows in parts.items():
        print(f"  {name:52}{summary(rows.loc[rows['km'].between(*km), 'factor'])}")


def crossing(town: Town, found: pd.DataFrame, shapes: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Whether the straight line of each pair crosses any of some shapes (metres)."""
    ends = np.stack([town.spots(town.addresses)[found["home"]], town.spots(town.places)[found["place"]]], axis=1)
    which, _ = shapely.STRtree(shapes).query(shapely.linestrings(ends), predicate="intersects")
    crossed = np.zeros(len(found), dtype=bool)
    crossed[which] = True
    return crossed


def barriers(town: Town, extract: Path) -> npt.NDArray[Any]:
    """The river Schie under all its names, and railways."""
    rules = [TagRule((("waterway", ("canal", "river")),)), TagRule((("railway", ("rail",)),))]
    rows = read_extract(extract, rules=rules, parts={"features"}).features
    kept = ["railway" in tags or "schie" in tags.get("name", "").casefold() for tags in rows["tags"]]
    return town.shapes(rows[kept])


def inside(town: Town, found: pd.DataFrame, metres: float) -> npt.NDArray[np.bool_]:
    """Whether both ends lie so far inside the hull of the addresses, where no street is cut off by the edge of the extract."""
    core = shapely.convex_hull(shapely.multipoints(town.spots(town.addresses))).buffer(-metres)
    home, place = (shapely.contains_xy(core, *town.spots(rows).T) for rows in (town.addresses, town.places))
    both: npt.NDArray[np.bool_] = home[found["home"]] & place[found["place"]]
    return both


def winding(town: Town, within: npt.NDArray[np.bool_] | None = None) -> float:
    """Metres of street for each metre between its ends, of the streets that one may walk on."""
    lines = town.shapes(town.edges)
    chord = shapely.distance(shapely.get_point(lines, 0), shapely.get_point(lines, -1))
    used = (town.edges["walk"] & ~town.edges["walk_island"]).to_numpy(bool) & (chord > 1.0)
    used &= True if within is None else within
    return float(town.edges.loc[used, "length_m"].sum() / chord[used].sum())


def without(town: Town, kinds: Sequence[str]) -> Town:
    """The same town where one may not walk along some kinds of street."""
    edges = town.edges.assign(walk=town.edges["walk"] & ~town.edges["highway"].isin(kinds))
    return Town(edges, town.addresses, town.places, town.crs)


def delft(town: Town, found: pd.DataFrame, extract: Path, other: pd.DataFrame) -> None:
    across = crossing(town, found, barriers(town, extract))
    whole, on_street = factors(found), factors(found, on_street=True)
    fewer = found.merge(pairs(without(town, FOOTWAYS)), on=["home", "place"], suffixes=("_all", ""))
    parts = {
        "The Hague, OpenTripPlanner": other,
        "Delft, door to door": whole,
        "Delft, street to street": on_street,
        "  no railway or Schie in between": on_street[~across],
        "  a railway or the Schie in between": on_street[across],
        "  both ends 150 m or more inside the extract": on_street[inside(town, found, 150.0)],
        "Delft without footways, paths and steps": factors(fewer, on_street=True),
    }
    reason("Delft", parts)
    print(f"  streets wind {winding(town):.3f} metres for each metre between their ends")


def liechtenstein(town: Town, found: pd.DataFrame, areas: pd.DataFrame, other: pd.DataFrame) -> None:
    mountain = shapely.union_all(town.shapes(areas[(areas["level"] == "municipality") & areas["name"].isin(MOUNTAIN)]))
    up_home, up_place = (shapely.contains_xy(mountain, *town.spots(rows).T) for rows in (town.addresses, town.places))
    up = up_home[found["home"]].astype(int) + up_place[found["place"]]
    on_street = factors(found, on_street=True)
    parts = {
        "The Hague, OpenTripPlanner": other,
        "Liechtenstein, door to door": factors(found),
        "Liechtenstein, street to street": on_street,
    }
    parts |= {f"  {name}": on_street[up == many] for many, name in ((0, "both in the valley"), (2, "both on the slope"))}
    reason("Liechtenstein", parts)
    reason("Liechtenstein, between valley and slope", {"street to street": on_street[up == 1]}, km=(1.0, 3.0))
    print(f"  {up_home.sum():,} of {len(up_home):,} addresses in the extract lie on the slope ({', '.join(MOUNTAIN)})")
    middle = shapely.line_interpolate_point(town.shapes(town.edges), 0.5, normalized=True)
    slope = shapely.contains(mountain, middle)
    print(f"  streets wind {winding(town, slope):.3f} on the slope, {winding(town, ~slope):.3f} elsewhere")


def main() -> None:
    if not DATA.exists():
        raise SystemExit("There is nothing to read: KNOPENKAART_TEST_DATA names no folder.")
    cbs = (DATA / "cbs/wijken_2022.gpkg", DATA / "cbs/gemeenten_2022.gpkg")
    requests = {
        "Delft": Request(osm=DATA / "osm/delft_tudelft.osm.pbf", areas=cbs, year=2022, municipalities=("GM0503",)),
        "Liechtenstein": Request(osm=DATA / "osm/liechtenstein_valhalla.osm.pbf"),
    }
    with tempfile.TemporaryDirectory() as folder:
        studies = {name: build(Path(folder) / name, request) for name, request in requests.items()}
        towns = {name: Town.of(study.table) for name, study in studies.items()}
        areas = studies["Liechtenstein"].table("areas")
    found = {name: pairs(town) for name, town in towns.items()}
    other = planner(DATA / OTP)
    side_by_side({"The Hague, OpenTripPlanner": other} | {name: factors(rows) for name, rows in found.items()})
    below = int((other["factor"] < 1).sum())
    print(f"{below} pairs of OpenTripPlanner are shorter than the straight line: the legs between point and street are not all in it.")
    delft(towns["Delft"], found["Delft"], requests["Delft"].osm, other)
    liechtenstein(towns["Liechtenstein"], found["Liechtenstein"], areas, other)


if __name__ == "__main__":
    main()
