# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading places and streets from an extract, side by side with the libraries that can, in one run.

    python benchmarks/read_extract.py [--copies 100] [--repeat 3] [--large FILE] [EXTRACT]

Each reader runs in a process of its own, in turns; the best time of its turns counts, and the processor time is printed beside it
because other work on the machine spoils the clock. All readers must find
the same numbers of places and streets, each with a geometry (shapely) and its tags.
DuckDB stands there twice: as its documentation loads it, and without the checksum of its extension, as Knopenkaart does. The second is
the least that its SQL can cost; the first is what the verdict compares with, like every other library as documented.
The large extract is the small one copied with shifted numbers and coordinates, made in a temporary folder.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import osmium

if TYPE_CHECKING:
    import duckdb

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("KNOPENKAART_TEST_DATA", ROOT.parent / "shared" / "data"))
KEYS = ("amenity", "leisure", "shop", "tourism")
# GDAL leaves out outlines that cross themselves (2 of 805 in Liechtenstein); Knopenkaart mends them.
DROPS_SELF_CROSSING = ("GDAL (pyogrio)",)
LOWER_BOUND = "DuckDB, unchecked"
# Ways to go that are no streets; only Knopenkaart reads them.
NO_STREETS = ("ferry", "platform", "pier")
WANTED_RATIO, WANTED_MB = 1.5, 1000
Counts = tuple[int, int]


def is_street(tags: Mapping[str, str]) -> bool:
    """The same rule for every reader: a highway that one may walk or cycle on."""
    from knopenkaart.sources.street_use import street_use

    return "highway" in tags and street_use(tags) is not None


def knopenkaart(path: Path) -> Counts:
    from knopenkaart.sources.osm import read_extract
    from knopenkaart.vocabulary.rules import TagRule

    extract = read_extract(path, rules=[TagRule(((key, ()),)) for key in KEYS], parts={"features", "streets"})
    places = [source_id for source_id in extract.features["source_id"] if not source_id.startswith("relation")]
    return len(places), int((~extract.streets["highway"].isin(NO_STREETS)).sum())


def duckdb_documented(path: Path) -> Counts:
    import duckdb
    import duckdb_extension_spatial

    connection = duckdb.connect(config={"threads": os.cpu_count() or 1})
    extensions = Path(duckdb_extension_spatial.__file__).parent / "extensions"
    connection.load_extension(str(extensions / f"v{duckdb.__version__}" / "spatial.duckdb_extension"))
    return _by_sql(connection, path)


def duckdb_unchecked(path: Path) -> Counts:
    from knopenkaart.sources._osm_file import _connect

    with tempfile.TemporaryDirectory() as folder:
        return _by_sql(_connect(Path(folder)), path)


def _by_sql(connection: duckdb.DuckDBPyConnection, path: Path) -> Counts:
    """Wanted elements, then the nodes of the ways in order: the quickest of four ways. Tags become mappings, as with every reader."""
    import numpy as np
    import shapely

    from knopenkaart.sources._osm_sql import has_any, streets_sql

    street = f"({streets_sql()}) AND {has_any(('highway',))}"
    connection.execute(
        f"CREATE TEMP TABLE wanted AS SELECT kind, id, tags, refs, lon, lat, {has_any(KEYS)} AS place, {street} AS street "
        f"FROM ST_ReadOSM(?) WHERE kind <> 'relation' AND tags IS NOT NULL AND ({has_any(KEYS)} OR ({street}))",
        [str(path)],
    )
    steps = "SELECT id, unnest(refs) AS ref, generate_subscripts(refs, 1) AS n FROM wanted WHERE kind = 'way'"
    points = connection.execute(
        f"SELECT s.id, lon, lat FROM ST_ReadOSM(?) f JOIN ({steps}) s ON f.id = s.ref WHERE f.kind = 'node' ORDER BY s.id, n", [str(path)]
    ).fetchnumpy()
    ways = connection.execute("SELECT id, tags, place, street FROM wanted WHERE kind = 'way' ORDER BY id").to_arrow_table()
    nodes = connection.execute("SELECT id, tags, lon, lat FROM wanted WHERE kind = 'node'").to_arrow_table()
    index = np.searchsorted(ways.column("id").to_numpy(), points["id"])
    lines = shapely.linestrings(np.column_stack([points["lon"], points["lat"]]), indices=index)
    dots = shapely.points(nodes.column("lon").to_numpy(), nodes.column("lat").to_numpy())
    tags = [dict(pairs) for table in (nodes, ways) for pairs in table.column("tags").to_pylist()]
    assert len(lines) == len(ways)
    assert len(tags) == len(nodes) + len(ways)
    ways_tags = tags[: len(ways)]
    streets = sum(is_street(item) for item, street in zip(ways_tags, ways.column("street").to_pylist(), strict=True) if street)
    return len(dots) + ways.column("place").to_numpy().sum().item(), streets


def pyosmium(path: Path) -> Counts:
    import shapely

    places = streets = 0
    shapes = []
    keys = osmium.filter.KeyFilter(*KEYS, "highway")
    for element in osmium.FileProcessor(str(path)).with_locations().with_filter(keys):
        if element.is_relation():
            continue
        tags = dict(element.tags)
        place, street = any(key in tags for key in KEYS), element.is_way() and is_street(tags)
        if not place and not street:
            continue
        points = [(element.lon, element.lat)] if element.is_node() else [(node.lon, node.lat) for node in element.nodes]
        shapes.append(shapely.Point(points[0]) if element.is_node() else shapely.LineString(points))
        places, streets = places + place, streets + street
    return places, streets


def gdal(path: Path) -> Counts:
    import pyogrio

    from knopenkaart.sources.street_use import KEYS as STREET_KEYS

    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "osmconf.ini"
        attributes = ",".join(dict.fromkeys((*KEYS, *STREET_KEYS)))
        layers = ("points", "lines", "multipolygons")
        general = "closed_ways_are_polygons=amenity,leisure,shop,tourism\nattribute_name_laundering=no\n"
        sections = "".join(f"[{layer}]\nosm_id=yes\nattributes={attributes}\n" for layer in layers)
        config.write_text(general + sections)
        os.environ["OSM_CONFIG_FILE"] = str(config)
        os.environ["OGR_INTERLEAVED_READING"] = "YES"
        any_place = " OR ".join(f"{key} IS NOT NULL" for key in KEYS)
        places = streets = 0
        for layer in layers:
            frame = pyogrio.read_dataframe(path, layer=layer, where=f"{any_place} OR highway IS NOT NULL")
            if layer == "multipolygons":
                frame = frame[frame["osm_way_id"].notna()]
            columns = frame[list(STREET_KEYS)].astype(object)
            tags = [{key: value for key, value in row.items() if isinstance(value, str)} for row in columns.to_dict("records")]
            places += int(frame[list(KEYS)].notna().any(axis=1).sum())
            streets += sum(is_street(item) for item in tags) if layer != "points" else 0
        return places, streets


READERS: Mapping[str, Callable[[Path], Counts]] = {
    "knopenkaart": knopenkaart,
    "DuckDB ST_ReadOSM": duckdb_documented,
    LOWER_BOUND: duckdb_unchecked,
    "pyosmium": pyosmium,
    "GDAL (pyogrio)": gdal,
}


def enlarge(source: Path, target: Path, copies: int) -> None:
    """Write `copies` of an extract into one, each with its own numbers and place on earth; nodes, ways and relations in order."""
    text = target.with_suffix(".opl")
    with osmium.SimpleWriter(str(text), overwrite=True) as writer:
        osmium.apply(str(source), writer)
    elements: dict[str, list[tuple[int, dict[str, str]]]] = {kind: [] for kind in "nwr"}
    for line in text.read_text(encoding="utf-8").splitlines():
        head, *fields = line.split(" ")
        elements[head[0]].append((int(head[1:]), {field[0]: field[1:] for field in fields}))
    rank = {kind: {number: i for i, number in enumerate(sorted(numbers), 1)} for kind, numbers in _numbers(elements).items()}
    with text.open("w", encoding="utf-8") as out:
        for kind in "nwr":
            for copy in range(copies):
                out.writelines(_shifted(kind, elements[kind], rank, copy))
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        osmium.apply(str(text), writer)
    text.unlink()


def _members(fields: dict[str, str]) -> list[tuple[str, int, str]]:
    found = re.findall(r"(?:^|,)([nwr])(\d+)(@[^,]*)?", fields.get("N", "") or fields.get("M", ""))
    return [(kind, int(number), role) for kind, number, role in found]


def _numbers(elements: dict[str, list[tuple[int, dict[str, str]]]]) -> dict[str, set[int]]:
    numbers = {kind: {number for number, _ in rows} for kind, rows in elements.items()}
    for rows in (elements["w"], elements["r"]):
        for _, fields in rows:
            for kind, number, _ in _members(fields):
                numbers[kind].add(number)
    return numbers


def _shifted(kind: str, rows: list[tuple[int, dict[str, str]]], rank: dict[str, dict[int, int]], copy: int) -> list[str]:
    offset = {name: copy * len(numbers) for name, numbers in rank.items()}
    lines = []
    for number, fields in rows:
        if kind == "n":
            rest = f" x{float(fields['x']) + 0.3 * (copy % 10):.7f} y{float(fields['y']) + 0.8 * (copy // 10) - 4:.7f}"
        else:
            members = ",".join(f"{name}{rank[name][ref] + offset[name]}{role}" for name, ref, role in _members(fields))
            rest = f" {'N' if kind == 'w' else 'M'}{members}"
        lines.append(f"{kind}{rank[kind][number] + offset[kind]} v{fields['v']} t{fields['t']} T{fields.get('T', '')}{rest}\n")
    return lines


def measure(reader: str, path: Path) -> dict[str, float]:
    """One reader in its own process: counts, seconds, processor seconds, peak memory in MB. Importing libraries is not timed."""
    command = [sys.executable, __file__, "--reader", reader, str(path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(run.stdout.splitlines()[-1])


def _child(reader: str, path: Path) -> None:
    modules = {"GDAL (pyogrio)": ("pyogrio", "geopandas", "pyarrow"), "pyosmium": ("shapely",)}
    for module in (*modules.get(reader, ("duckdb", "pyarrow", "pandas", "shapely")), "knopenkaart.sources.osm"):
        importlib.import_module(module)
    before, start = _cpu_s(), time.perf_counter()
    places, streets = READERS[reader](path)
    seconds = time.perf_counter() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"places": places, "streets": streets, "s": seconds, "cpu_s": _cpu_s() - before, "mb": peak_mb}))


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def compare(path: Path, repeat: int) -> None:
    turns: dict[str, list[dict[str, float]]] = {name: [] for name in READERS}
    for _ in range(repeat):
        for name, results in turns.items():
            results.append(measure(name, path))
    best = {name: {key: min(result[key] for result in results) for key in results[0]} for name, results in turns.items()}
    fastest = {key: min(best[name][key] for name in best if name not in ("knopenkaart", LOWER_BOUND)) for key in ("s", "cpu_s")}
    print(f"\n{path.name}: {path.stat().st_size / 1e6:.1f} MB, best of {repeat}")
    for name, row in best.items():
        ratios = [row[key] / fastest[key] for key in ("s", "cpu_s")]
        numbers = f"{row['s']:7.2f} s {ratios[0]:6.2f} x {row['cpu_s']:7.2f} cpu-s {ratios[1]:6.2f} x {row['mb']:6.0f} MB"
        print(f"  {name:20} {numbers}  {row['places']:.0f} places, {row['streets']:.0f} streets")
    ours = best["knopenkaart"]
    for name, row in best.items():
        least = 0.99 if name in DROPS_SELF_CROSSING else 1.0
        assert row["streets"] == ours["streets"], f"{name} finds other streets"
        assert least * ours["places"] <= row["places"] <= ours["places"], f"{name} finds other places"
    verdict = "met" if ours["s"] <= WANTED_RATIO * fastest["s"] and ours["mb"] < WANTED_MB else "NOT met"
    print(f"  wanted: within {WANTED_RATIO} x the fastest and under {WANTED_MB} MB: {verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extract", type=Path, nargs="?", default=DATA / "osm" / "liechtenstein_valhalla.osm.pbf")
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--large", type=Path, help="a copied extract of an earlier run, instead of making one")
    parser.add_argument("--reader", choices=list(READERS), help="(used by the benchmark itself)")
    options = parser.parse_args()
    if options.reader:
        _child(options.reader, options.extract)
        return
    compare(options.extract, options.repeat)
    if options.large:
        compare(options.large, options.repeat)
        return
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / f"copied_{options.copies}_times.osm.pbf"
        enlarge(options.extract, large, options.copies)
        compare(large, options.repeat)


if __name__ == "__main__":
    main()
