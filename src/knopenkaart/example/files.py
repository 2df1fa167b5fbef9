# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The files that a real municipality would bring: extract, areas, figures, and its own list with the usual faults."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from openpyxl import Workbook

from knopenkaart.example.monitor import MonitorFiles, monitor_paths, write_monitor_files
from knopenkaart.example.nodes import Namer, Node, listed_sites, place_nodes, small_spots
from knopenkaart.example.observations import ObservationFiles, Observed, observation_paths, observed_places, write_observations
from knopenkaart.example.osm_file import write_osm
from knopenkaart.example.plan import Buurt, Home, Plan, lay_out
from knopenkaart.example.truth import PlaceTruth
from knopenkaart.rng import stream

Numbers = np.ndarray[Any, Any]
AGES = {"l00_15": 0.16, "l15_25": 0.12, "l25_45": 0.25, "l45_65": 0.27, "l65_plus": 0.20}
ORIGINS = ("herkomst_nl", "herkomst_europa", "herkomst_buiten_europa")
# Of the inhabitants with origin elsewhere in Europe and outside it, and of the homes with one person: least and most of an ordinary buurt,
# and the share in the inner city, where these groups are large enough to tell the buurten apart on the map.
_EUROPE, _EUROPE_CENTRE = (0.04, 0.09), 0.14
_OUTSIDE, _OUTSIDE_CENTRE = (0.05, 0.17), 0.31
_ALONE, _ALONE_CENTRE = (0.24, 0.36), 0.46
HEADER = (
    "Naam locatie",
    "Soort",
    "Straat",
    "Huisnummer",
    "Postcode",
    "Plaats",
    "Telefoon",
    "E-mail",
    "Website",
    "Openingstijden",
    "Status",
)
# A second record of a place stands this far away: near enough to wonder, too far to be sure.
DOUBT_M = 90.0


@dataclass(frozen=True, slots=True)
class ExampleFiles:
    """Where the invented sources stand, what to build from them, what was observed of their use, and what is known of living conditions."""

    osm: Path
    areas: tuple[Path, ...]
    figures: tuple[Path, ...]
    list: Path
    observations: ObservationFiles
    monitor: MonitorFiles
    municipality_code: str
    year: int


def write_example(folder: Path, *, seed: int) -> ExampleFiles:
    """Write the sources of an invented municipality of 25,000 inhabitants with 112 places into a folder, and observations of 13 of them.

    The same seed gives the same municipality. What stands in the folder under the same names is replaced.
    """
    recipe = _recipe()
    folder.mkdir(parents=True, exist_ok=True)
    files = ExampleFiles(
        osm=folder / "waterlinde.osm",
        areas=(folder / "waterlinde_gebieden_2025.gpkg",),
        figures=(folder / "waterlinde_kerncijfers_2025.csv",),
        list=folder / "waterlinde_locaties.xlsx",
        observations=observation_paths(folder),
        monitor=monitor_paths(folder, recipe),
        municipality_code=recipe["municipality_code"],
        year=recipe["year"],
    )
    for path in (files.osm, *files.areas, *files.figures, files.list, *astuple(files.observations)):
        path.unlink(missing_ok=True)
    plan = lay_out(recipe, seed=seed)
    nodes = place_nodes(plan, recipe, seed=seed)
    write_osm(files.osm, plan, nodes, small_spots(plan, recipe["small_spots"], seed=seed), recipe)
    _write_areas(files.areas[0], plan, recipe)
    numbers = _key_figures(plan, recipe, seed=seed)
    _write_figures(files.figures[0], plan, recipe, numbers)
    _write_list(files.list, plan, nodes, recipe, seed=seed)
    write_observations(files.observations, _observed(plan, nodes, recipe, seed=seed), plan.homes, seed=seed)
    write_monitor_files(files.monitor, plan, recipe, numbers, seed=seed)
    _write_description(folder / "csv-metadata.json", files, recipe)
    return files


def _write_description(path: Path, files: ExampleFiles, recipe: Mapping[str, Any]) -> None:
    """Say beside the files what they are, as a municipality would: no page is to take what is invented for a publication."""
    told = sorted({*files.areas, *files.figures, *files.monitor.areas, *files.monitor.figures, files.monitor.dwellings})
    document = {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:license": "CC0-1.0",
        "dc:publisher": f"Gemeente {recipe['town']} (verzonnen)",
        "tables": [{"url": file.name, "dc:title": _title(file)} for file in told],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _title(file: Path) -> str:
    """Kerncijfers 2025 (verzonnen), of waterlinde_kerncijfers_2025.csv."""
    _town, *words = file.stem.split("_")
    return f"{' '.join(words).capitalize()} (verzonnen)"


def known_truth(*, seed: int) -> dict[str, PlaceTruth]:
    """What really goes on at the observed places of the municipality of a seed, by name: what estimates can be compared with."""
    recipe = _recipe()
    plan = lay_out(recipe, seed=seed)
    places = _observed(plan, place_nodes(plan, recipe, seed=seed), recipe, seed=seed)
    return {place.truth.name: place.truth for place in places}


def _recipe() -> dict[str, Any]:
    return tomllib.loads(resources.files("knopenkaart.example").joinpath("recipe.toml").read_text(encoding="utf-8"))


def _observed(plan: Plan, nodes: Sequence[Node], recipe: Mapping[str, Any], *, seed: int) -> list[Observed]:
    """The places of which something is observed: of the extract, and of those that stand only on the list."""
    spots = {node.name: node.point for node in nodes}
    spots |= {name: home.point for _, name, home in _listed_places(plan, nodes, recipe, seed=seed)}
    return observed_places(spots)


def _write_areas(path: Path, plan: Plan, recipe: Mapping[str, Any]) -> None:
    """Three layers with the column names that CBS uses."""
    municipality = {"gemeentecode": recipe["municipality_code"], "gemeentenaam": recipe["town"], "jaar": recipe["year"]}
    rows = [
        municipality
        | {
            "wijkcode": buurt.wijk_code,
            "wijknaam": buurt.wijk_name,
            "buurtcode": buurt.code,
            "buurtnaam": buurt.name,
            "geometry": buurt.shape,
        }
        for buurt in plan.buurten
    ]
    buurten = gpd.GeoDataFrame(rows, crs="EPSG:28992")
    buurten["geometry"] = buurten.translate(*recipe["origin_rd"])
    wijken = buurten.dissolve("wijkcode", as_index=False, grid_size=0.01).drop(columns=["buurtcode", "buurtnaam"])
    gemeenten = buurten.dissolve("gemeentecode", as_index=False, grid_size=0.01).drop(
        columns=["wijkcode", "wijknaam", "buurtcode", "buurtnaam"]
    )
    for name, layer in (("gemeenten", gemeenten), ("wijken", wijken), ("buurten", buurten)):
        layer.to_file(path, layer=name, driver="GPKG", engine="pyogrio")


def _key_figures(plan: Plan, recipe: Mapping[str, Any], *, seed: int) -> Numbers:
    """Per buurt its people, their ages and origins, its dwellings and the one-person households."""
    rng = stream(seed, "figures")
    homes = np.array([buurt.homes for buurt in plan.buurten])
    people = _apportion(recipe["inhabitants"], homes)
    ages = np.array([_apportion(total, np.array(list(AGES.values())) * rng.uniform(0.7, 1.3, len(AGES))) for total in people])
    origins, alone = _origins_and_alone(people, homes, seed=seed)
    return np.column_stack([people, ages, origins, homes, alone])


def _write_figures(path: Path, plan: Plan, recipe: Mapping[str, Any], numbers: Numbers) -> None:
    """Key figures per municipality, wijk and buurt that add up exactly."""
    groups: list[tuple[str, str, str, list[int]]] = [
        (recipe["municipality_code"], recipe["town"], "Gemeente", list(range(len(plan.buurten)))),
        *((code, name, "Wijk", members) for code, name, members in _wijken(plan.buurten)),
        *((buurt.code, buurt.name, "Buurt", [index]) for index, buurt in enumerate(plan.buurten)),
    ]
    with path.open("w", encoding="utf-8", newline="") as stream_:
        writer = csv.writer(stream_)
        columns = [*AGES, *ORIGINS, "woningvoorraad", "eenpersoonshuishoudens"]
        writer.writerow(["code", "naam", "gemeente", "soort", "inwoners", *columns, "indelingswijziging"])
        for code, name, level, members in groups:
            writer.writerow([code, name, recipe["town"], level, *numbers[members].sum(axis=0), 1])


def _origins_and_alone(people: Numbers, homes: Numbers, *, seed: int) -> tuple[Numbers, Numbers]:
    """Inhabitants by origin and one-person households per buurt; the first buurt is the inner city."""
    rng = stream(seed, "origins and households")
    europe, outside, single = (rng.uniform(*ordinary, len(people)) for ordinary in (_EUROPE, _OUTSIDE, _ALONE))
    europe[0], outside[0], single[0] = _EUROPE_CENTRE, _OUTSIDE_CENTRE, _ALONE_CENTRE
    shares = np.column_stack([1 - europe - outside, europe, outside])
    origins = np.array([_apportion(total, row) for total, row in zip(people, shares, strict=True)])
    return origins, np.round(single * homes).astype(int)


def _wijken(buurten: Sequence[Buurt]) -> Iterator[tuple[str, str, list[int]]]:
    for code in dict.fromkeys(buurt.wijk_code for buurt in buurten):
        members = [index for index, buurt in enumerate(buurten) if buurt.wijk_code == code]
        yield code, buurten[members[0]].wijk_name, members


def _apportion(total: int, weights: Numbers) -> Numbers:
    """Whole numbers after the weights that sum to the total exactly (largest remainders)."""
    exact = total * weights / weights.sum()
    whole: Numbers = np.floor(exact).astype(int)
    whole[np.argsort(whole - exact)[: total - int(whole.sum())]] += 1
    return whole


def _write_list(path: Path, plan: Plan, nodes: Sequence[Node], recipe: Mapping[str, Any], *, seed: int) -> None:
    """The list as a colleague keeps it: known places written a little differently, a few that only stand here, and faults."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Locaties"
    sheet.append(HEADER)
    known, own = _known(nodes, recipe, seed=seed), _only_listed(plan, nodes, recipe, seed=seed)
    for row in [*known, *own, *_doubtful(plan, nodes, recipe), *_faulty(plan, recipe)]:
        sheet.append(row)
    book.save(path)


def _row(name: str, kind: str, home: Home | None, recipe: Mapping[str, Any], **other: str) -> list[str | int | None]:
    address = (home.street, home.number, f"{home.postcode[:4]} {home.postcode[4:]}", recipe["town"]) if home else (None,) * 4
    return [name, kind, *address, *(other.get(field) for field in ("phone", "email", "website", "hours", "status"))]


def _known(nodes: Sequence[Node], recipe: Mapping[str, Any], *, seed: int) -> Iterator[list[str | int | None]]:
    """Places that the extract has too; the list adds a telephone number and spells the name its own way."""
    rng = stream(seed, "known on the list")
    words = {"Bibliotheek": "Bibliotheek", "Buurthuis": "Buurthuis", "Basisschool": "Basisschool", "Woonzorgcentrum": "Woonzorgcentrum"}
    for number, node in enumerate(node for node in nodes if node.name.split()[0] in words):
        kind = words[node.name.split()[0]]
        name = node.name.replace("Basisschool", "Bs.") if rng.random() < 0.4 else node.name
        yield _row(name, kind, node.address, recipe, phone=f"0900-55501{number:02}", hours="Mo-Fr 09:00-17:00")


def _only_listed(plan: Plan, nodes: Sequence[Node], recipe: Mapping[str, Any], *, seed: int) -> Iterator[list[str | int | None]]:
    for kind, name, home in _listed_places(plan, nodes, recipe, seed=seed):
        yield _row(name, kind, home, recipe, hours="Tu-Th 10:00-16:00")
    for entry in recipe["digital"]:
        yield _row(entry["name"].format(town=recipe["town"]), entry["kind"], None, recipe, website=entry["website"])


def _listed_places(plan: Plan, nodes: Sequence[Node], recipe: Mapping[str, Any], *, seed: int) -> Iterator[tuple[str, str, Home]]:
    """Kind in words, name and address of the places that only the list knows."""
    sites = listed_sites(plan, seed=seed, skip=len(nodes))
    namer = Namer(recipe, stream(seed, "listed"))
    for entry in recipe["listed"]:
        home = next(sites)
        yield entry["kind"], namer.name(entry["name"], home), home


def _doubtful(plan: Plan, nodes: Sequence[Node], recipe: Mapping[str, Any]) -> Iterator[list[str | int | None]]:
    """Plans and empty buildings that carry the name of a place nearby: a human must say whether they are that place."""
    for entry in recipe["doubtful"]:
        node = next(node for node in nodes if node.name.startswith(entry["like"]))
        home = min(plan.homes, key=lambda home: (home.street != node.address.street, abs(home.point.distance(node.point) - DOUBT_M)))
        yield _row(node.name, entry["kind"], home, recipe, status=entry["status"])


def _faulty(plan: Plan, recipe: Mapping[str, Any]) -> Iterator[list[str | int | None]]:
    """One row for each fault that real lists have."""
    home = plan.homes[len(plan.homes) // 2]
    yield _row("Ontmoetingsplek Zonder Soort", "Iets met mensen", home, recipe)
    nowhere = _row("Zaal Nergens", "Buurthuis", home, recipe)
    nowhere[2], nowhere[3], nowhere[4] = "Niet-bestaandestraat", 999, None
    yield nowhere
    yield [None, "Buurthuis", home.street, home.number, home.postcode, recipe["town"], None, None, None, None, None]
    wrong = _row("Inloop De Punt", "Buurthuis", home, recipe)
    wrong[4] = "89 AB 1"
    yield wrong
