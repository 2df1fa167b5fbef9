# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the invented municipality knows of living conditions: earlier years, an older division, and tables of its own by group."""

from __future__ import annotations

import csv
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from itertools import product
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from openpyxl import Workbook

from knopenkaart.example.plan import Buurt, Plan
from knopenkaart.rng import stream

Numbers = np.ndarray[Any, Any]
COUNTS = (
    "inwoners", "l00_15", "l15_25", "l25_45", "l45_65", "l65_plus", "herkomst_nl", "herkomst_europa", "herkomst_buiten_europa",
    "woningvoorraad", "eenpersoonshuishoudens",
)  # fmt: skip
BY_GROUP_HEADER = ("Gebied", "Soort gebied", "Jaar", "Groep", "Onderwerp", "Percentage", "Aantal personen")
EVERYBODY = "Totaal"
# Change of division, as Statistics Netherlands codes it.
UNCHANGED, RECODED, REDRAWN = 1, 2, 3
# What changes in a year: people of 65 and older and people from elsewhere become more.
_AGEING, _ARRIVING = 0.012, 0.025


@dataclass(frozen=True, slots=True)
class MonitorFiles:
    """What a monitor of the municipality is made of: figures, outlines and dwellings per year, and its own tables with how to read them."""

    figures: tuple[Path, ...]
    areas: tuple[Path, ...]
    dwellings: Path
    own: tuple[tuple[Path, Path], ...]


def monitor_paths(folder: Path, recipe: Mapping[str, Any]) -> MonitorFiles:
    """Where these files stand in a folder."""
    town, years = recipe["town"].lower(), monitor_recipe()["years"]
    own = ("werk_en_inkomen_per_groep.xlsx", "bewonersenquete.csv")
    return MonitorFiles(
        figures=(
            *(folder / f"{town}_kerncijfers_{year}.csv" for year in years),
            *(folder / f"{town}_leefsituatie_{year}.csv" for year in (*years, recipe["year"])),
        ),
        areas=tuple(folder / f"{town}_gebieden_{year}.gpkg" for year in years),
        dwellings=folder / f"{town}_woningen.csv",
        own=tuple((folder / f"{town}_{name}", folder / f"{town}_{Path(name).stem}.toml") for name in own),
    )


def monitor_recipe() -> dict[str, Any]:
    """How living conditions are invented."""
    return tomllib.loads(_text("monitor.toml"))


def write_monitor_files(files: MonitorFiles, plan: Plan, recipe: Mapping[str, Any], counts: Numbers, *, seed: int) -> None:
    """Write them. `counts` has the numbers of `COUNTS` of each buurt of the plan in the year of the recipe."""
    own = monitor_recipe()
    last = int(recipe["year"])
    for number, year in enumerate(own["years"]):
        division = _Division.of(plan, own, year)
        _write_outlines(files.areas[number], division.buurten, recipe, year)
        of_year = division.counts(_earlier(counts, last - year, seed=seed))
        _write_rows(files.figures[number], division, recipe, COUNTS, of_year, changed=year == own["division"]["until"] + 1)
    for path, year in zip(files.figures[len(own["years"]) :], (*own["years"], last), strict=True):
        _write_conditions(path, plan, recipe, own, counts, year, seed=seed)
    _write_dwellings(files.dwellings, plan, recipe)
    for (table, mapping), name in zip(files.own, ("own_by_group.toml", "own_survey.toml"), strict=True):
        mapping.write_text(_text(name), encoding="utf-8")
        table.unlink(missing_ok=True)
    _write_by_group(files.own[0][0], plan, recipe, own, counts, seed=seed)
    _write_survey(files.own[1][0], plan, recipe, own, counts, seed=seed)


def _text(name: str) -> str:
    return resources.files("knopenkaart.example").joinpath(name).read_text(encoding="utf-8")


# --- divisions ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Division:
    """The buurten of a year, and which share of the homes of each buurt of today lies in each of them (rows: of the year)."""

    buurten: tuple[Buurt, ...]
    shares: Numbers
    redrawn: frozenset[str]
    recoded: frozenset[str]

    @classmethod
    def of(cls, plan: Plan, own: Mapping[str, Any], year: int) -> _Division:
        told = own["division"]
        names = frozenset({told["from_buurt"], told["to_buurt"]})
        recoded = frozenset(buurt.name for buurt in plan.buurten if buurt.wijk_name == told["wijk"])
        if year > told["until"]:
            return cls(plan.buurten, np.eye(len(plan.buurten)), names, recoded)
        by_name = {buurt.name: buurt for buurt in plan.buurten}
        giver, taker = by_name[told["from_buurt"]], by_name[told["to_buurt"]]
        strip = giver.shape.intersection(taker.shape.buffer(told["strip_m"]))
        shapes = {giver.name: giver.shape.difference(strip), taker.name: shapely.union_all([taker.shape, strip], grid_size=0.01)}
        old = [_recoded(buurt, told) if buurt.name in recoded else buurt for buurt in plan.buurten]
        old = [replace(buurt, shape=shapes.get(buurt.name, buurt.shape)) for buurt in old]
        homes = [home.point for home in plan.homes if home.buurt == giver.code]
        moved = float(np.mean(shapely.contains_xy(strip, [point.x for point in homes], [point.y for point in homes])))
        shares = np.eye(len(old))
        at = {buurt.name: index for index, buurt in enumerate(plan.buurten)}
        shares[at[giver.name], at[giver.name]], shares[at[taker.name], at[giver.name]] = 1 - moved, moved
        return cls(tuple(old), shares, names, recoded)

    def counts(self, today: Numbers) -> Numbers:
        """Numbers of the buurten of today as numbers of these; parts add up to their whole."""
        parts = [today[:, columns] for columns in (slice(1, 6), slice(6, 9), slice(9, 11))]
        ages, origins, homes = (_whole(self.shares @ part, part.sum(axis=0)) for part in parts)
        people = ages.sum(axis=1)
        origins = np.array([_apportion(int(total), row) for total, row in zip(people, origins, strict=True)])
        return np.column_stack([people, ages, origins, homes])

    def change(self, buurten: Sequence[Buurt]) -> int:
        """The change code of an area that is made of these buurten, in the first year of the new division."""
        names = {buurt.name for buurt in buurten}
        if names <= self.recoded:
            return RECODED
        return REDRAWN if len(names) == 1 and names <= self.redrawn else UNCHANGED


def _recoded(buurt: Buurt, told: Mapping[str, Any]) -> Buurt:
    """The buurt with the number that its wijk had before."""
    number = told["old_number"]
    return replace(buurt, code=f"{buurt.code[:6]}{number}{buurt.code[8:]}", wijk_code=f"{buurt.wijk_code[:6]}{number}")


def _whole(exact: Numbers, totals: Numbers) -> Numbers:
    """Whole numbers per column that sum to the totals exactly."""
    return np.column_stack([_apportion(int(total), column) for column, total in zip(exact.T, totals, strict=True)])


def _apportion(total: int, weights: Numbers) -> Numbers:
    """Whole numbers after the weights that sum to the total exactly (largest remainders)."""
    if total == 0:
        return np.zeros(len(weights), dtype=int)
    exact = total * weights / weights.sum()
    whole: Numbers = np.floor(exact).astype(int)
    whole[np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]] += 1
    return whole


def _earlier(counts: Numbers, years: int, *, seed: int) -> Numbers:
    """The numbers of some years ago, in buurten of today."""
    growth = stream(seed, "growth of buurten").uniform(-0.002, 0.011, len(counts))
    people = np.round(counts[:, 0] * (1 - growth * years)).astype(int)
    ages, origins = counts[:, 1:6].astype(float), counts[:, 6:9].astype(float)
    ages[:, 4] *= 1 - _AGEING * years
    origins[:, 1:] *= 1 - _ARRIVING * years
    split = [np.array([_apportion(int(total), row) for total, row in zip(people, part, strict=True)]) for part in (ages, origins)]
    homes = np.round(counts[:, 9:11] * (1 - 0.8 * growth[:, None] * years)).astype(int)
    return np.column_stack([people, *split, homes])


def _write_outlines(path: Path, buurten: Sequence[Buurt], recipe: Mapping[str, Any], year: int) -> None:
    """Three layers with the column names that CBS uses."""
    path.unlink(missing_ok=True)
    town = {"gemeentecode": recipe["municipality_code"], "gemeentenaam": recipe["town"], "jaar": year}
    rows = [
        {**town, "wijkcode": one.wijk_code, "wijknaam": one.wijk_name, "buurtcode": one.code, "buurtnaam": one.name, "geometry": one.shape}
        for one in buurten
    ]
    whole = gpd.GeoDataFrame(rows, crs="EPSG:28992")
    whole["geometry"] = whole.translate(*recipe["origin_rd"])
    wijken = whole.dissolve("wijkcode", as_index=False, grid_size=0.01).drop(columns=["buurtcode", "buurtnaam"])
    gemeenten = whole.dissolve("gemeentecode", as_index=False, grid_size=0.01)
    gemeenten = gemeenten.drop(columns=["wijkcode", "wijknaam", "buurtcode", "buurtnaam"])
    for name, layer in (("gemeenten", gemeenten), ("wijken", wijken), ("buurten", whole)):
        layer.to_file(path, layer=name, driver="GPKG", engine="pyogrio")


def _write_dwellings(path: Path, plan: Plan, recipe: Mapping[str, Any]) -> None:
    """Every dwelling as a point, in metres: by these, figures of an older division are put with areas of today."""
    east, north = recipe["origin_rd"]
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["straat", "huisnummer", "postcode", "x_rd", "y_rd"])
        for home in plan.homes:
            writer.writerow([home.street, home.number, home.postcode, f"{home.point.x + east:.1f}", f"{home.point.y + north:.1f}"])


# --- figures ---------------------------------------------------------------------------------------------------------------


def _areas(buurten: Sequence[Buurt], recipe: Mapping[str, Any]) -> Iterator[tuple[str, str, str, list[int]]]:
    """Code, name, level and members of the municipality, its wijken and its buurten."""
    yield recipe["municipality_code"], recipe["town"], "Gemeente", list(range(len(buurten)))
    for code in dict.fromkeys(buurt.wijk_code for buurt in buurten):
        members = [index for index, buurt in enumerate(buurten) if buurt.wijk_code == code]
        yield code, buurten[members[0]].wijk_name, "Wijk", members
    for index, buurt in enumerate(buurten):
        yield buurt.code, buurt.name, "Buurt", [index]


def _write_rows(
    path: Path, division: _Division, recipe: Mapping[str, Any], columns: Sequence[str], numbers: Numbers, *, changed: bool
) -> None:
    """Counts per municipality, wijk and buurt that add up exactly."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["code", "naam", "gemeente", "soort", *columns, "indelingswijziging"])
        for code, name, level, members in _areas(division.buurten, recipe):
            change = division.change([division.buurten[index] for index in members]) if changed else UNCHANGED
            writer.writerow([code, name, recipe["town"], level, *numbers[members].sum(axis=0), change])


def _write_conditions(
    path: Path, plan: Plan, recipe: Mapping[str, Any], own: Mapping[str, Any], counts: Numbers, year: int, *, seed: int
) -> None:
    """Living conditions per municipality, wijk and buurt: what is larger is the mean of its buurten, weighted by their people."""
    division, passed = _Division.of(plan, own, year), int(recipe["year"]) - year
    numbers = division.counts(_earlier(counts, passed, seed=seed))
    counted = [np.round(entry["share"] * numbers[:, COUNTS.index(entry["of"])]).astype(int) for entry in own["number"]]
    values = np.column_stack([_condition(entry, _hardship(plan, own), year, passed, seed=seed) for entry in own["condition"]])
    weights = division.shares * counts[:, 0].astype(float)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["code", "naam", "gemeente", "soort", *(entry["column"] for entry in (*own["number"], *own["condition"]))])
        for code, name, level, members in _areas(division.buurten, recipe):
            weight = weights[members].sum(axis=0)
            means = zip(weight @ values / weight.sum(), own["condition"], strict=True)
            told = [f"{value:.{entry['decimals']}f}" for value, entry in means]
            writer.writerow([code, name, recipe["town"], level, *(int(column[members].sum()) for column in counted), *told])


def _condition(entry: Mapping[str, Any], hardship: Numbers, year: int, passed: int, *, seed: int) -> Numbers:
    """A living condition of each buurt of today: what is always so there, and a little of the year."""
    always = stream(seed, entry["column"]).standard_normal(len(hardship))
    now = stream(seed, f"{entry['column']} {year}").standard_normal(len(hardship))
    found: Numbers = entry["mean"] + entry["hardship"] * hardship - entry["year"] * passed + entry["chance"] * (always + 0.25 * now)
    return found if entry["mean"] < 1 and entry["decimals"] == 2 else np.maximum(found, 0.1)


def _hardship(plan: Plan, own: Mapping[str, Any]) -> Numbers:
    told = {(entry["wijk"], number): value for entry in own["hardship"] for number, value in enumerate(entry["buurten"])}
    seen: dict[str, int] = {}
    found = []
    for buurt in plan.buurten:
        number = seen.get(buurt.wijk_name, 0)
        seen[buurt.wijk_name] = number + 1
        found.append(float(told[buurt.wijk_name, number]))
    return np.array(found)


# --- own tables ------------------------------------------------------------------------------------------------------------


def _wijken(plan: Plan, own: Mapping[str, Any], counts: Numbers) -> Iterator[tuple[str, int, float, float]]:
    """Name, people, mean hardship, and how much larger than in the municipality the share from outside Europe is."""
    hardship, people = _hardship(plan, own), counts[:, 0]
    outside = counts[:, 8].sum() / people.sum()
    for name in dict.fromkeys(buurt.wijk_name for buurt in plan.buurten):
        members = [index for index, buurt in enumerate(plan.buurten) if buurt.wijk_name == name]
        total = int(people[members].sum())
        yield name, total, float(hardship[members] @ people[members] / total), float(counts[members, 8].sum() / total / outside)


def _write_by_group(path: Path, plan: Plan, recipe: Mapping[str, Any], own: Mapping[str, Any], counts: Numbers, *, seed: int) -> None:
    """Per wijk, year and group the share without work or on benefit, and of how many people: in long form, as a workbook."""
    book = Workbook()
    assert book.active is not None  # noqa: S101 -- a new workbook has a sheet
    book.active.title = "Cijfers"
    book.active.append(BY_GROUP_HEADER)
    told = own["own"]
    for topic, year in product(told["topic"], told["years"]):
        cells: dict[tuple[str, str], list[int]] = {}
        for wijk, people, hardship, outside in _wijken(plan, own, counts):
            rng = stream(seed, f"{topic['name']} {wijk} {year}")
            for groups, number in _peopled(told, round(people * told["working_age"]), outside):
                odds = topic["odds"] + topic["hardship"] * hardship + topic["year"] * (year - int(recipe["year"]))
                odds += sum(topic["groups"].get(group, 0.0) for group in groups)
                hidden = topic["hidden"]
                odds += hidden["odds"] if wijk == hidden["wijk"] and hidden["group"] in groups else 0.0
                having = int(rng.binomial(number, 1 / (1 + math.exp(-odds))))
                for area, group in product((recipe["town"], wijk), (EVERYBODY, *groups)):
                    cell = cells.setdefault((area, group), [0, 0])
                    cell[0], cell[1] = cell[0] + having, cell[1] + number
        for (area, group), (having, number) in cells.items():
            level = "Gemeente" if area == recipe["town"] else "Wijk"
            book.active.append([area, level, year, group, topic["name"], round(100 * having / number, 1), number])
    book.save(path)


def _peopled(told: Mapping[str, Any], people: int, outside: float) -> Iterator[tuple[tuple[str, str, str], int]]:
    """Every combination of an age, an origin and a household with its number of people."""
    origins = {name: share * (outside if "buiten Europa" in name else 1.0) for name, share in told["origins"].items()}
    combinations = list(product(told["ages"].items(), origins.items(), told["households"].items()))
    weights = np.array([age * origin * household for (_, age), (_, origin), (_, household) in combinations])
    for ((age, _), (origin, _), (household, _)), number in zip(combinations, _apportion(people, weights), strict=True):
        yield (age, origin, household), int(number)


def _write_survey(path: Path, plan: Plan, recipe: Mapping[str, Any], own: Mapping[str, Any], counts: Numbers, *, seed: int) -> None:
    """What residents answered, per wijk and age: in wide form with decimal commas, as survey offices send it."""
    told = own["survey"]
    questions = [*(question["name"] for question in told["question"]), told["mark"]["name"]]
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target, delimiter=";")
        writer.writerow(["Wijk of gemeente", "Soort gebied", "Jaar", "Leeftijd", *questions, "Respondenten"])
        for year in told["years"]:
            cells: dict[tuple[str, str], Numbers] = {}
            for wijk, people, hardship, _ in _wijken(plan, own, counts):
                rng = stream(seed, f"survey {wijk} {year}")
                number = round(people * told["answers_per_1000"] / 1000)
                shares = _apportion(number, np.array(list(told["ages"].values())))
                for age, answers in zip(told["ages"], shares, strict=True):
                    found = _answers(told, age, int(answers), hardship, rng)
                    for key in product((recipe["town"], wijk), (EVERYBODY, age)):
                        cells[key] = cells.get(key, 0) + found
            for (area, age), sums in cells.items():
                level = "Gemeente" if area == recipe["town"] else "Wijk"
                shares_ = [f"{100 * value / sums[-1]:.1f}" for value in sums[:-2]]
                row = [*shares_, f"{sums[-2] / sums[-1]:.2f}", f"{sums[-1]:.0f}"]
                writer.writerow([area, level, year, age, *(text.replace(".", ",") for text in row)])


def _answers(told: Mapping[str, Any], age: str, number: int, hardship: float, rng: np.random.Generator) -> Numbers:
    """How many said yes to each question, the sum of their marks, and how many answered."""
    yes = []
    for question in told["question"]:
        odds = question["odds"] + question["hardship"] * hardship + question["groups"].get(age, 0.0)
        yes.append(rng.binomial(number, 1 / (1 + math.exp(-odds))))
    mark = told["mark"]
    marks = np.clip(np.round(rng.normal(mark["mean"] + mark["hardship"] * hardship, mark["spread"], number)), 1, 10)
    return np.array([*yes, marks.sum(), number], dtype=float)
