# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The catalogue of indicators: what each is called, what it means, how it may be added up, and where it was published."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cache
from importlib.resources import files
from typing import Any

from knopenkaart.errors import Fault, InputError
from knopenkaart.vocabulary.named import Explained
from knopenkaart.vocabulary.reader import Dimension, Group, load_vocabulary

# The own theme stands last; the others are those of the Wijkmonitor of KIS.
THEMES = ("population", "housing", "education", "income", "safety", "care", "meeting")
DIRECTIONS = ("neutral", "more_is_better", "more_is_worse")
# count: adds up; share: a part of `of`; mean: weighted by `of`; none: cannot be added up.
AGGREGATES = ("count", "share", "mean", "none")
# How a figure came about. Register: counted by law; survey: asked; model: reckoned by its publisher; own: by this installation.
NATURES = ("register", "survey", "model", "own")
LEVELS = ("country", "municipality", "wijk", "buurt")
# Thousands of euros, per 1,000 inhabitants, mean number of people per household, and a mean number of other things are units of their own.
UNITS = (
    "count",
    "percent",
    "per_1000",
    "persons",
    "per_household",
    "number",
    "eur_1000",
    "km",
    "km2",
    "per_km2",
    "kwh",
    "m3",
    "score",
    "class",
)
# Of five age columns a file shows itself whether they are counts or percents.
OPEN_UNIT = "share_or_count"
# The files of each theme; the largest has two.
_FILES = {"housing": ("housing", "surroundings")}


@dataclass(frozen=True, slots=True)
class Theme(Explained):
    """A ring of the profile wheel."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file that holds an indicator: the unit it is in, the factor to that unit, and the names it goes by.

    `absent` are numbers that stand for nothing in such a column: some files write 0 where their source had an empty cell. `year` is the
    only year that a column is about, where its name says so (KL16).
    """

    unit: str
    names: tuple[str, ...]
    factor: float = 1.0
    absent: tuple[float, ...] = ()
    year: int = 0


@dataclass(frozen=True, slots=True)
class Series:
    """Tables of one publication, year by year. `interface` names the part of the endpoints; `areas` the dimension with codes of areas."""

    id: str
    publisher: str
    nl: str
    en: str
    levels: tuple[str, ...]
    tables: Mapping[int, str]
    interface: str = ""
    areas: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """Where an indicator is published. `checked` names what the identifiers were compared with; without it they are not used.

    `table` and `measure` are the publisher's own identifiers, `levels` what areas it has figures of, `years` of which years. `title`
    and `unit` are the publisher's own words for the measure, empty where they were not checked; `column` is the name of a recognised
    column under which a fetched table holds it; `series` names the series of tables that it belongs to.
    """

    publisher: str
    table: str
    measure: str
    levels: tuple[str, ...]
    years: tuple[int, ...] = ()
    unit: str = ""
    checked: str = ""
    title: str = ""
    column: str = ""
    series: str = ""

    @property
    def active(self) -> bool:
        return bool(self.checked)


@dataclass(frozen=True, slots=True)
class Indicator(Explained):
    """A figure about areas.

    `unit` is the one it is kept in. `of` is the indicator that it is a part of (count, share) or weighted by (mean). `group` is the
    group of residents whose size it tells. `rounding` is to what the source rounds, as {unit: {level: step}}; `hidden` names the rule by
    which the source leaves figures out, which `left_out` says in words. `wheel`: it has a segment in the profile wheel; `alike`: similar
    wijken are sought with it.
    """

    theme: str
    unit: str
    aggregate: str
    nature: str
    direction: str = "neutral"
    of: str = ""
    group: str = ""
    wheel: bool = False
    alike: bool = False
    hidden: str = ""
    rounding: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    words: Mapping[str, float] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    published: tuple[Publication, ...] = ()
    hidden_nl: str = ""
    hidden_en: str = ""

    def left_out(self, language: str) -> str:
        """What its source leaves out or rounds, in a sentence; empty where that is not known."""
        return self.hidden_en if language == "en" else self.hidden_nl

    def step(self, unit: str, level: str) -> float:
        """To what the source rounds a figure in this unit at this level; 0 where it does not."""
        return float(self.rounding.get(unit, {}).get(level, 0.0))

    @property
    def active(self) -> bool:
        """Whether it may be shown: its own figures always, others where their identifiers were checked."""
        return self.nature == "own" or bool(self.columns) or any(item.active for item in self.published)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All indicators, with their themes and the groups by which figures may be told apart."""

    themes: Mapping[str, Theme]
    indicators: Mapping[str, Indicator]
    dimensions: Mapping[str, Dimension]
    groups: Mapping[str, Group]
    series: Mapping[str, Series] = field(default_factory=dict)

    def of_theme(self, theme: str) -> tuple[Indicator, ...]:
        """The indicators of a theme that may be shown, in the order of the files."""
        return tuple(item for item in self.indicators.values() if item.theme == theme and item.active)

    def groups_of(self, dimension: str) -> tuple[Group, ...]:
        """The groups of a dimension, in the order of the files."""
        return tuple(group for group in self.groups.values() if group.dimension == dimension)

    def dimension_of_groups(self) -> dict[str, str]:
        """By what each group is told apart: {group: dimension}."""
        return {name: group.dimension for name, group in self.groups.items()}

    def size_of(self, group: str) -> Indicator | None:
        """The indicator that tells how many people a group has."""
        return next((item for item in self.indicators.values() if item.group == group), None)


@cache
def load_catalogue() -> Catalogue:
    """The catalogue of the package. Raises InputError with every fault of the files together."""
    faults: list[Fault] = []
    vocabulary = load_vocabulary()
    themes, own, rules = _parse("themes.toml")["themes"], _parse("groups.toml"), _parse("hidden.toml")
    series = {name: _series(name, item) for name, item in _parse("series.toml").items()}
    indicators = _indicators(series, rules, faults)
    catalogue = Catalogue(
        themes={name: Theme(name, **themes[name]) for name in THEMES},
        indicators=indicators,
        dimensions={**vocabulary.dimensions, **{name: Dimension(name, **item) for name, item in own["dimensions"].items()}},
        groups={**vocabulary.groups, **{name: Group(name, **item) for name, item in own["groups"].items()}},
        series=series,
    )
    faults += _broken(catalogue)
    if faults:
        raise InputError(f"The catalogue cannot be used: {len(faults)} fault(s).", code="catalogue.invalid", faults=faults)
    return catalogue


def _parse(name: str) -> Mapping[str, Any]:
    return tomllib.loads(files("knopenkaart.vocabulary").joinpath("indicators", name).read_text(encoding="utf-8"))


def _indicators(series: Mapping[str, Series], rules: Mapping[str, Any], faults: list[Fault]) -> dict[str, Indicator]:
    """The indicators of all files, in the order of the themes and of each file."""
    found: dict[str, Indicator] = {}
    for theme, file in [(of, name) for of in THEMES for name in _FILES.get(of, (of,))]:
        where = f"indicators/{file}.toml"
        for entry in _parse(f"{file}.toml").get("indicator", ()):
            item = _indicator({"theme": theme, **entry}, series, where, faults)
            if item is not None and item.id in found:
                faults.append(Fault("catalogue.twice", "stands there twice", where, column=item.id))
            elif item is not None:
                found[item.id] = _worded(item, rules, where, faults)
    return found


def _series(name: str, entry: Mapping[str, Any]) -> Series:
    tables = {int(year): str(table) for year, table in entry["tables"].items()}
    made: Series = _record(Series, {**entry, "id": name, "tables": tables})
    return made


def _publications(entry: Mapping[str, Any], series: Mapping[str, Series]) -> Iterator[Publication]:
    """What an entry stands for: itself, or one publication per table of its series in the years that it names (or all)."""
    if "series" not in entry:
        yield _record(Publication, entry)
        return
    if entry["series"] not in series:
        raise ValueError(f"the series {entry['series']} does not exist")
    of = series[entry["series"]]
    years = [int(year) for year in entry.get("years", of.tables)]
    if unknown := [year for year in years if year not in of.tables]:
        raise ValueError(f"the series {of.id} has no table of {unknown}")
    given = {"publisher": of.publisher, "levels": of.levels, "checked": of.checked, **entry}
    for table in dict.fromkeys(of.tables[year] for year in years):
        yield _record(Publication, {**given, "table": table, "years": [year for year in years if of.tables[year] == table]})


def _worded(item: Indicator, rules: Mapping[str, Any], where: str, faults: list[Fault]) -> Indicator:
    if not item.hidden:
        return item
    if item.hidden not in rules:
        faults.append(Fault("catalogue.reference", "hidden names a rule that does not exist", where, column=item.id, value=item.hidden))
        return item
    return replace(item, hidden_nl=rules[item.hidden]["nl"], hidden_en=rules[item.hidden]["en"])


def _indicator(entry: Mapping[str, Any], series: Mapping[str, Series], where: str, faults: list[Fault]) -> Indicator | None:
    name = str(entry.get("id", "?"))
    try:
        columns = tuple(_record(Column, item) for item in entry.get("columns", ()))
        published = tuple(made for item in entry.get("published", ()) for made in _publications(item, series))
        made: Indicator = _record(Indicator, {**entry, "columns": columns, "published": published})
    except ValueError as error:
        faults.append(Fault("catalogue.field", str(error), where, column=name))
        return None
    return made


def _record(record: type[Any], entry: Mapping[str, Any]) -> Any:
    """An entry as a record; lists become tuples. Raises ValueError naming the fields that are absent or unknown."""
    known = {item.name: item for item in fields(record)}
    unknown = [name for name in entry if name not in known]
    absent = [name for name, item in known.items() if name not in entry and item.default is MISSING and item.default_factory is MISSING]
    if unknown or absent:
        raise ValueError(f"{record.__name__.lower()}: unknown {unknown or 'none'}, absent {absent or 'none'}")
    return record(**{name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()})


def _broken(catalogue: Catalogue) -> Iterator[Fault]:
    """Values that are not of their list, and references to what does not exist."""
    for item in catalogue.indicators.values():
        closed = {"direction": DIRECTIONS, "aggregate": AGGREGATES, "nature": NATURES}
        for name, allowed in closed.items():
            if getattr(item, name) not in allowed:
                yield Fault("catalogue.value", f"{name} is one of {', '.join(allowed)}", column=item.id, value=str(getattr(item, name)))
        if item.of and item.of not in catalogue.indicators:
            yield Fault("catalogue.reference", "of names an indicator that does not exist", column=item.id, value=item.of)
        if item.group and item.group not in catalogue.groups:
            yield Fault("catalogue.reference", "group does not exist", column=item.id, value=item.group)
        if item.aggregate in ("share", "mean") and not item.of:
            yield Fault("catalogue.value", f"a {item.aggregate} says of what", column=item.id)
        yield from _wrong_units(item)


def _wrong_units(item: Indicator) -> Iterator[Fault]:
    """Units that are not of the list, and publications whose column is none of the indicator's."""
    for unit in (item.unit, *(column.unit for column in item.columns if column.unit != OPEN_UNIT), *item.rounding):
        if unit not in UNITS:
            yield Fault("catalogue.value", "the unit does not exist", column=item.id, value=unit)
    names = {name for column in item.columns for name in column.names}
    for publication in item.published:
        if publication.column and publication.column not in names:
            yield Fault("catalogue.reference", "column names none of its columns", column=item.id, value=publication.column)
