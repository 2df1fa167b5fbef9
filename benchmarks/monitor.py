# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Wijkmonitor with the whole country: bringing it in, a page of a wijk, and wijken that are alike.

    python benchmarks/monitor.py [--pages 60] [--seed 1]

Reads the key figures of 2024 of Statistics Netherlands (two exports of StatLine) in the folder that KNOPENKAART_TEST_DATA names. Each part
runs in a process of its own, beside what one would write with pandas and scipy: the same files into a table of SQLite; the figures of the
same areas out of it; wijken that are near. Both must find as many areas and figures, and our like wijken are compared with those that a few
lines of numpy find. Processor seconds stand beside seconds on the clock, because other work on the machine spoils the clock. Making the
tables of the database is not timed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("KNOPENKAART_TEST_DATA", ROOT.parent / "shared" / "data"))
FILES = ("kwb2024_statline_leeftijd_geslacht.csv.gz", "kwb2024_statline_herkomst.csv.gz")
WANTED = {"import": 20.0, "page": 0.2, "similar": 0.3}
COUNT = 10
Clock = dict[str, float]


def timed(work: Callable[[], Any]) -> tuple[Any, Clock]:
    """What a piece of work gives, with its seconds on the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    found = work()
    return found, {"s": time.perf_counter() - clock, "cpu": time.process_time() - processor}


def added(*clocks: Clock) -> Clock:
    """Several pieces of work after one another."""
    return {name: sum(clock[name] for clock in clocks) for name in ("s", "cpu")}


def middle(clocks: list[Clock]) -> Clock:
    """The median of a piece of work that was done several times."""
    return {name: statistics.median(clock[name] for clock in clocks) for name in ("s", "cpu")}


# --- Knopenkaart --------------------------------------------------------------------------------------------------------


def _django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "knopenkaart_web.conf.settings"
    import django

    django.setup()


def our_import(folder: Path, _seed: int, _pages: int) -> dict[str, Any]:
    """Files to a folder, the folder to records, records to the database."""
    _django()
    from django.core.management import call_command

    from knopenkaart.monitoring import MonitorRequest, build_monitor
    from knopenkaart_web import engine
    from knopenkaart_web.monitor import actions

    call_command("migrate", verbosity=0)
    request = MonitorRequest(figures=[DATA / "cbs" / name for name in FILES])
    _, build = timed(lambda: build_monitor(folder / "monitor", request))
    bundle, read = timed(lambda: engine.read_monitor(folder / "monitor"))
    report, load = timed(lambda: actions.load(None, bundle))
    values = sum(figure.value is not None for figure in bundle.figures)
    parts = {"files to folder": build, "folder to records": read, "records to database": load}
    return {"clock": added(build, read, load), "parts": parts, "found": [report.areas, values]}


def our_page(_folder: Path, seed: int, pages: int) -> dict[str, Any]:
    """Pages of different wijken, in Dutch, through the whole application."""
    _django()
    from django.test import Client

    from knopenkaart_web.monitor import queries

    chosen = some_wijken(list(queries.level("wijk", indicators=["population"])), seed, pages)
    client = Client()

    def page(code: str) -> int:
        response = client.get(f"/wijkmonitor/{code}")
        assert response.status_code == 200, (code, response.status_code)
        return len(response.content)

    # The templates of a first page are read once in the life of a process.
    _, first = timed(lambda: page(chosen[0]))
    clocks = [timed(lambda code=code: page(code))[1] for code in chosen[1:]]  # type: ignore[misc]
    slow = {name: sorted(clock[name] for clock in clocks)[int(0.95 * len(clocks))] for name in ("s", "cpu")}
    return {"clock": middle(clocks), "parts": {"first of a process": first, "p95": slow}, "found": []}


def our_similar(_folder: Path, seed: int, pages: int) -> dict[str, Any]:
    """Like wijken: the first search of a process, and the next ones. The catalogue, which every page needs, is read before."""
    _django()
    from knopenkaart.vocabulary.catalogue import load_catalogue
    from knopenkaart_web.monitor import queries, similar, stamping

    codes = some_wijken([ref.code for ref in queries.children(_country(), level="wijk")], seed, pages)
    refs = [queries.area(code) for code in codes]
    load_catalogue()
    _, first = timed(lambda: queries.similar(refs[0], count=COUNT))  # type: ignore[arg-type]
    clocks, found = [], []
    for ref in refs:
        answer, clock = timed(lambda ref=ref: queries.similar(ref, count=COUNT))  # type: ignore[misc,arg-type]
        clocks.append(clock)
        found.append([item.code for item in answer])
    features = similar._read("wijk", refs[0].year, stamping.stamp())  # type: ignore[union-attr]
    plain = [nearest(features.scale, features.weights, features.homes, code) for code in codes]
    return {"clock": first, "parts": {"next ones": middle(clocks)}, "found": [plain == found, sum(map(len, found))]}


def _country() -> Any:
    from knopenkaart_web.monitor import queries

    return queries.area("NL00") or queries.find("Nederland")[0]


def some_wijken(codes: list[str], seed: int, number: int) -> list[str]:
    """Codes drawn without putting back; the same for the same seed."""
    return random.Random(seed).sample(sorted(codes), min(number, len(codes)))


def nearest(scale: Mapping[str, Any], weights: Any, homes: Mapping[str, str], code: str) -> list[str]:
    """The nearest elsewhere, written plainly with numpy: what ours must give."""
    if code not in scale:
        return []
    codes = [other for other in scale if other != code and homes[other] != homes[code]]
    heavy = np.array(weights)
    gaps = np.array([scale[other] for other in codes], dtype=float) - np.array(scale[code], dtype=float)
    known = ~np.isnan(gaps)
    weight = (known * heavy).sum(axis=1)
    distance = np.sqrt((np.where(known, gaps, 0) ** 2 * heavy).sum(axis=1) / weight)
    distance[known.sum(axis=1) < 2 / 3 * len(heavy)] = np.inf
    order = sorted(range(len(codes)), key=lambda index: (distance[index], codes[index]))
    return [codes[index] for index in order[:COUNT] if np.isfinite(distance[index])]


# --- what one would write -----------------------------------------------------------------------------------------------


def read_plain() -> pd.DataFrame:
    """The exports beside one another, row by row: no check, no catalogue, no reason why there is no figure. The second has no codes."""
    first, second = (pd.read_csv(DATA / "cbs" / name, sep=";", dtype=str, encoding="utf-8-sig") for name in FILES)
    frame = first.join(second[[name for name in second.columns if name not in first.columns]])
    frame.index = pd.Index(frame["Regioaanduiding/Codering (code)"].str.strip(), name="code")
    figures = frame[[name for name in frame.columns if name.endswith("(aantal)")]]
    return figures.apply(lambda column: pd.to_numeric(column, errors="coerce"))


def pandas_import(folder: Path, _seed: int, _pages: int) -> dict[str, Any]:
    """read_csv, melt, to_sql, an index."""

    def work() -> list[int]:
        frame = read_plain()
        figures = frame.melt(ignore_index=False, var_name="indicator").reset_index()
        with sqlite3.connect(folder / "pandas.sqlite3") as connection:
            figures.to_sql("figures", connection, index=False)
            connection.execute("CREATE INDEX figures_code ON figures (code)")
        return [len(frame), int(figures["value"].notna().sum())]

    found, clock = timed(work)
    return {"clock": clock, "parts": {}, "found": found}


def plain_page(connection: sqlite3.Connection, code: str) -> str:
    """A wijk, its municipality, the country and its neighbours as a table of HTML."""
    query = "SELECT * FROM figures WHERE code IN (?, 'NL00') OR code LIKE ?"
    rows = pd.read_sql(query, connection, params=(f"GM{code[2:6]}", f"WK{code[2:6]}%"))
    return str(rows.pivot_table(index="indicator", columns="code", values="value").to_html())


def pandas_page(folder: Path, seed: int, pages: int) -> dict[str, Any]:
    """read_sql, pivot_table, to_html: no profile, no margins, no page around it."""
    with sqlite3.connect(folder / "pandas.sqlite3") as connection:
        codes = [code for (code,) in connection.execute("SELECT DISTINCT code FROM figures WHERE code LIKE 'WK%'")]
        chosen = some_wijken(codes, seed, pages)
        clocks = [timed(lambda code=code: plain_page(connection, code))[1] for code in chosen]  # type: ignore[misc]
    return {"clock": middle(clocks), "parts": {}, "found": []}


def tree_similar(folder: Path, seed: int, pages: int) -> dict[str, Any]:
    """read_sql, shares of inhabitants in standard deviations, cKDTree: without wijken that miss a figure, and without reasons."""

    def make() -> tuple[pd.DataFrame, cKDTree]:
        with sqlite3.connect(folder / "pandas.sqlite3") as connection:
            long = pd.read_sql("SELECT * FROM figures WHERE code LIKE 'WK%'", connection)
        wide = long.pivot_table(index="code", columns="indicator", values="value").dropna()
        wide = wide[wide.max(axis=1) >= 200]
        people = wide.max(axis=1)
        shares = wide.div(people, axis=0)
        shares = ((shares - shares.mean()) / shares.std().replace(0, 1)).assign(size=np.log(people))
        return shares, cKDTree(shares.to_numpy())

    (shares, tree), built = timed(make)
    _, query = timed(lambda: tree.query(shares.to_numpy()[0], k=COUNT + 1))
    rows = some_wijken(list(shares.index), seed, pages)
    clocks = [timed(lambda code=code: tree.query(shares.loc[code].to_numpy(), k=COUNT + 1))[1] for code in rows]  # type: ignore[misc]
    return {"clock": added(built, query), "parts": {"next ones": middle(clocks)}, "found": []}


# --- side by side -------------------------------------------------------------------------------------------------------

PARTS: Mapping[str, Mapping[str, Callable[[Path, int, int], dict[str, Any]]]] = {
    "import": {"Knopenkaart": our_import, "pandas to_sql": pandas_import},
    "page": {"Knopenkaart": our_page, "pandas read_sql, to_html": pandas_page},
    "similar": {"Knopenkaart": our_similar, "pandas read_sql, scipy cKDTree": tree_similar},
}


def run(part: str, name: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """One part in a process of its own."""
    environment = os.environ | {
        "KNOPENKAART_DATA_DIR": str(folder / "data"),
        "KNOPENKAART_SECRET_KEY": "only-for-a-benchmark-" + "0123456789" * 5,
        "KNOPENKAART_ALLOWED_HOSTS": "testserver",
        "KNOPENKAART_LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(ROOT / "src"),
    }
    arguments = [part, name, str(folder), str(options.seed), str(options.pages)]
    done = subprocess.run([sys.executable, __file__, "--one", *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def table(part: str, results: Mapping[str, dict[str, Any]]) -> str:
    """The rows of a part as Markdown: milliseconds or seconds, and how many times ours."""
    ours = results["Knopenkaart"]["clock"]
    factor, unit = (1, "s") if WANTED[part] >= 1 else (1000, "ms")
    lines = [f"| {part} | {unit} | processor {unit} | x ours (processor) |", "|---|---|---|---|"]
    for name, result in results.items():
        clock = result["clock"]
        lines.append(f"| {name} | {clock['s'] * factor:.1f} | {clock['cpu'] * factor:.1f} | {clock['cpu'] / ours['cpu']:.2f} |")
        lines += [f"| &nbsp; {step} | {of['s'] * factor:.1f} | {of['cpu'] * factor:.1f} | |" for step, of in result["parts"].items()]
    return "\n".join(lines)


def verdict(part: str, clock: Clock) -> str:
    """Whether what was wanted is met, on the clock; else by the processor, or not at all."""
    wanted = WANTED[part]
    if clock["s"] < wanted:
        return f"{part}: met ({clock['s']:.3g} s of {wanted:g})"
    return f"{part}: {'only by processor time' if clock['cpu'] < wanted else 'MISSED'} ({clock['s']:.3g} s of {wanted:g})"


def equal(part: str, results: Mapping[str, dict[str, Any]]) -> None:
    """Stop where the parts did not do the same work."""
    found = [result["found"] for result in results.values()]
    if part == "import" and found[0] != found[1]:
        raise SystemExit(f"Not as many areas and figures: {found}")
    if part == "similar" and not found[0][0]:
        raise SystemExit("The like wijken are not those that numpy finds.")


def main() -> None:
    """Run all parts and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", nargs=5, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        part, name, folder, seed, pages = options.one
        print(json.dumps(PARTS[part][name](Path(folder), int(seed), int(pages))))
        return
    if not (DATA / "cbs" / FILES[0]).is_file():
        raise SystemExit("The key figures of 2024 are not in the folder that KNOPENKAART_TEST_DATA names.")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").mkdir()
        for part, makers in PARTS.items():
            results = {maker: run(part, maker, folder, options) for maker in makers}
            print(f"\n{table(part, results)}\n\n{verdict(part, results['Knopenkaart']['clock'])}")
            equal(part, results)


if __name__ == "__main__":
    main()
