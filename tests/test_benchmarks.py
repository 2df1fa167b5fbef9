# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The benchmarks measure what they say: the networks and countries that they invent, and how they compare. Nothing is timed here."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from reckoning import dense
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import country_reach  # noqa: E402
import detour_factor  # noqa: E402
import generated_network  # noqa: E402
import network_distances  # noqa: E402
from generated_network import Network, network, some_junctions  # noqa: E402
from network_distances import Clock, Pairs, Row, difference, verdicts  # noqa: E402


@pytest.fixture(scope="module")
def small() -> Network:
    return network(400, seed=1)


@pytest.mark.parametrize("path", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_uses_what_the_product_has(path: Path) -> None:
    """Some measure a whole country, which no test does: what they take from the product must be there, wherever they take it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    taken: dict[str, Any] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("knopenkaart", "knopenkaart_web"):
            taken |= {item.asname or item.name: _taken(str(node.module), item.name) for item in node.names}
    modules = {name: found for name, found in taken.items() if isinstance(found, ModuleType)}
    used = [(node.value.id, node.attr) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    assert [f"{name}.{attribute}" for name, attribute in used if name in modules and not hasattr(modules[name], attribute)] == []


def _taken(module: str, name: str) -> Any:
    found = importlib.import_module(module)
    return getattr(found, name) if hasattr(found, name) else importlib.import_module(f"{module}.{name}")


# --- the generated network ----------------------------------------------------------------------------------------------


def test_a_generated_network_has_about_as_many_junctions_as_asked_for(small: Network) -> None:
    assert 350 <= small.junctions <= 450
    assert network(20_000, seed=1).junctions >= 20_000


def test_all_of_it_hangs_together(small: Network) -> None:
    links = coo_array((np.ones(len(small.start)), (small.start, small.end)), shape=(small.junctions, small.junctions))
    assert connected_components(links, directed=False)[0] == 1


def test_the_same_seed_gives_the_same_network_and_another_seed_another(small: Network) -> None:
    again, other = network(400, seed=1), network(400, seed=2)
    assert all(np.array_equal(getattr(small, name), getattr(again, name)) for name in ("x", "y", "start", "end", "length_m"))
    assert not np.array_equal(small.x, other.x)


def test_it_is_planar_and_no_street_is_shorter_than_a_straight_line(small: Network) -> None:
    ends = np.stack([np.column_stack([small.x, small.y])[small.start], np.column_stack([small.x, small.y])[small.end]], axis=1)
    lines = shapely.linestrings(ends)
    one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
    assert len(one) == len(other) == 0
    assert np.allclose(shapely.length(lines), small.length_m, atol=0.001)
    assert np.array_equal(np.rint(small.length_m * 1000) / 1000, small.length_m)
    assert small.length_m.min() >= 60 - 2 * 18 - 0.001


def test_streets_are_listed_once_and_junctions_that_are_near_have_numbers_that_are_near(small: Network) -> None:
    assert (small.start < small.end).all()
    assert len(set(zip(small.start.tolist(), small.end.tolist(), strict=True))) == len(small.start)
    shuffled = np.random.default_rng(1).permutation(small.junctions)
    assert np.median(small.end - small.start) < np.median(np.abs(shuffled[small.end] - shuffled[small.start])) / 10


def test_a_network_is_read_as_it_was_written(small: Network, tmp_path: Path) -> None:
    generated_network.save(small, tmp_path / "network.npz", more=np.arange(3))
    again = generated_network.load(tmp_path / "network.npz")
    assert np.array_equal(again.length_m, small.length_m)
    assert again.junctions == small.junctions


# --- distances beside those of others -----------------------------------------------------------------------------------


def test_knopenkaart_and_scipy_give_the_same_pairs(small: Network) -> None:
    places = some_junctions(small, 50, seed=1)
    ours, one_thread, scipy = (
        make(small, Clock(60.0))(places, Clock(60.0))
        for make in (network_distances.knopenkaart, network_distances.LIBRARIES["knopenkaart, 1 thread"][0], network_distances.scipy)
    )
    assert ours.places == scipy.places == 50
    assert len(ours.junction) > 5_000
    assert difference(ours, scipy) < 0.001
    assert difference(ours, one_thread) == 0.0
    assert ours.metres.max() <= network_distances.LIMIT_M


def test_a_difference_is_found_whatever_the_order_of_the_junctions() -> None:
    one = Pairs.of([([3, 1, 2], [30.0, 10.0, 20.0]), ([5], [0.0])])
    assert difference(one, Pairs.of([([1, 2, 3], [10.0, 20.0, 30.25]), ([5], [0.0])])) == 0.25
    # A library that stopped early is compared for the places that it did.
    assert difference(one, Pairs.of([([1, 2, 3], [10.0, 20.0, 30.0])])) == 0.0


@pytest.mark.parametrize(
    "other",
    [[([1, 2], [10.0, 20.0]), ([5], [0.0])], [([1, 2, 4], [10.0, 20.0, 30.0]), ([5], [0.0])], [([1, 2], [10, 20]), ([3, 5], [30, 0])]],
)
def test_other_junctions_are_refused(other: list[tuple[list[int], list[float]]]) -> None:
    with pytest.raises(ValueError, match="other junctions"):
        difference(Pairs.of([([3, 1, 2], [30.0, 10.0, 20.0]), ([5], [0.0])]), Pairs.of(other))


def test_a_library_that_goes_place_by_place_stops_when_its_time_is_up(small: Network) -> None:
    places = some_junctions(small, 50, seed=1)
    found = network_distances.scipy(small, Clock(0.0))(places, Clock(0.0))
    assert found.places == 4
    assert difference(network_distances.knopenkaart(small, Clock(0.0))(places, Clock(0.0)), found) < 0.001


def test_verdicts_say_what_is_met_and_what_is_missed() -> None:
    ours = Row(build=0.5, precompute=None, answer=0.5, cpu=1.0, peak_mb=200, held_mb=150, start=1.0, scaled=False)
    pandana = Row(build=60.0, precompute=30.0, answer=4.0, cpu=8.0, peak_mb=1900, held_mb=150, start=1.0, scaled=False)
    scipy = Row(build=0.0, precompute=None, answer=5.0, cpu=5.0, peak_mb=200, held_mb=150, start=1.0, scaled=True)
    lines = "\n".join(verdicts({"knopenkaart": ours, "pandana": pandana, "scipy": scipy}))
    assert "pandana after its precomputation at least 10 times as long; it is 8.0: MISSED" in lines
    assert "pandana with all that it does before at least 100 times as long; it is 94.0: MISSED" in lines
    assert "pandana's memory at least 10 times as much; it is 9.5: MISSED" in lines
    assert "beyond the libraries and the input: 35.0 times as much" in lines
    assert "scipy at least 5 times as long; it is 10.0: met" in lines


# --- the country --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def country() -> country_reach.Country:
    streets = network(600, seed=1)
    return country_reach.Country.of(streets, country_reach.invent(streets, 60, seed=1))


def test_an_invented_country_has_a_home_at_every_junction_and_people_in_every_leaf(country: country_reach.Country) -> None:
    assert country.homes.count == len(country.who.leaf) == len(country.who.dwellings)
    assert sorted(country.homes.number.tolist()) == list(range(country.homes.count))
    assert country.homes.arrays.first[-1] == country.homes.count
    assert (country.who.size > 0).all()
    assert country.who.size.sum() == country.who.dwellings.sum()
    assert (np.diff(country.who.leaf) >= 0).all()
    assert len(country.who.groups) == 11


def test_every_place_has_a_door_on_a_street_and_one_in_ten_has_four(country: country_reach.Country) -> None:
    doors = np.diff(country.doors.first)
    assert set(doors.tolist()) == {1, 4}
    assert len(doors) == len(country.where.ids) == 60
    assert ((country.doors.at >= 0) & (country.doors.at <= 1)).all()
    assert country.doors.edge.max() < len(country.start)


def test_what_is_reckoned_over_a_country_is_what_the_travel_times_say(country: country_reach.Country) -> None:
    lines: list[str] = []
    steps = country_reach.Steps(say=lines.append)
    found = country_reach.reckon(country, steps, cycle=True, tables=True)
    times = dense(country.times(country.graph(country_reach.WALK_MPS)), (len(country.where.ids), country.homes.count))
    node = country.where.node
    assert np.array_equal(found.near.best[:, 0], times[node].min(axis=0).astype(np.float32))
    assert np.array_equal(found.near.nodes[:, -1], np.isfinite(times[node]).sum(axis=0))
    assert np.allclose(found.dwellings[:, -1], np.isfinite(times) @ country.who.dwellings)
    assert steps.kernel_s > 0
    assert steps.kernel_mb > 0
    for name in ("travel times", "tally", "floating catchments", "people shared", "by bicycle: histograms", "table reach_areas"):
        assert any(name in line for line in lines)


# --- the detour factor --------------------------------------------------------------------------------------------------


def test_the_factor_is_metres_walked_over_metres_in_a_straight_line() -> None:
    found = pd.DataFrame({"straight_m": [100.0], "walked_m": [150.0], "straight_m_on_street": [80.0], "walked_m_on_street": [100.0]})
    assert detour_factor.factors(found).iloc[0].tolist() == [0.1, 1.5, 0.15]
    assert detour_factor.factors(found, on_street=True).iloc[0].tolist() == [0.08, 1.25, 0.1]


def test_factors_stand_side_by_side_per_distance(capsys: pytest.CaptureFixture[str]) -> None:
    rows = pd.DataFrame({"km": [0.3, 0.3, 0.3, 4.0], "factor": [1.2, 1.4, 1.6, 1.1], "walked_km": [0.4, 0.4, 0.5, 4.4]})
    detour_factor.side_by_side({"one": rows, "other": rows.assign(minutes=[10, 20, 20, 70])})
    out = {line[:22].strip(): line[22:].split() for line in capsys.readouterr().out.splitlines()}
    assert out["0.2 - 0.4 km"] == 2 * ["3", "1.24", "1.40", "1.56"]
    assert out["3 - 5 km"] == 2 * ["1", "1.10", "1.10", "1.10"]
    assert out["0.4 - 0.6 km"] == ["0", "0"]
    # By its own minutes where a planner tells them, else by the metres.
    assert out["within 15 minutes"] == ["3", "1.24", "1.40", "1.56", "1", "1.20", "1.20", "1.20"]
    assert out["all"][0] == "4"
    assert out["median km"] == ["0.30", "0.30"]
