# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The catalogue of indicators: what each is called, what it means, how it may be added up, and where it was published."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Any

from knopenkaart.errors import Fault, InputError
from knopenkaart.vocabulary.reader import Dimension, Group, load_vocabulary

# The own theme stands last; the others are those of the Wijkmonitor of KIS.
THEMES = ("population", "housing", "education", "income", "safety", "care", "meeting")
DIRECTIONS = ("neutral", "more_is_better", "more_is_worse")
# count: adds up; share: a part of `of`; mean: weighted by `of`; none: cannot be added up.
AGGREGATES = ("count", "share", "mean", "none")
# How a figure came about. Register: counted by law; survey: asked; model: reckoned by its publisher; own: by this installation.
NATURES = ("register", "survey", "model", "own")
LEVELS = ("country", "municipality", "wijk", "buurt")


@dataclass(frozen=True, slots=True)
class Theme:
    """A ring of the profile wheel."""

    id: str
    nl: str
    en: str
    explanation_nl: str
    explanation_en: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file that holds an indicator: the unit it is in, the factor to that unit, and the names it goes by."""

    unit: str
    names: tuple[str, ...]
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Publication:
    """Where an indicator is published. `checked` names what the identifiers were compared with; without it they are not used.

    `table` and `measure` are the publisher's own identifiers, `levels` what areas it has figures of, `years` of which years.
    """

    publisher: str
    table: str
    measure: str
    levels: tuple[str, ...]
    years: tuple[int, ...] = ()
    unit: str = ""
    checked: str = ""

    @property
    def active(self) -> bool:
        return bool(self.checked)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure about areas.

    `unit` is the one it is kept in. `of` is the indicator that it is a part of (count, share) or weighted by (mean). `group` is the group of
    residents whose size it tells. `rounding` is to what the source rounds, as {unit: {level: step}}; `hidden` says what the source leaves out.
    `wheel`: it has a segment in the profile wheel; `alike`: similar wijken are sought with it.
    """

    id: str
    nl: str
    en: str
    explanation_nl: str
    explanation_en: str
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

    def name(self, language: str) -> str:
        """Its name in Dutch (nl) or English (en)."""
        return self.nl if language == "nl" else self.en

    def explanation(self, language: str) -> str:
        """What it means, in plain words."""
        return self.explanation_nl if language == "nl" else self.explanation_en

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

    def of_theme(self, theme: str) -> tuple[Indicator, ...]:
        """The indicators of a theme that may be shown, in the order of the files."""
        return tuple(item for item in self.indicators.values() if item.theme == theme and item.active)

    def groups_of(self, dimension: str) -> tuple[Group, ...]:
        """The groups of a dimension, in the order of the files."""
        return tuple(group for group in self.groups.values() if group.dimension == dimension)

    def size_of(self, group: str) -> Indicator | None:
        """The indicator that tells how many people a group has."""
        return next((item for item in self.indicators.values() if item.group == group), None)


@cache
def load_catalogue() -> Catalogue:
    """The catalogue of the package. Raises InputError with every fault of the files together."""
    faults: list[Fault] = []
    vocabulary = load_vocabulary()
    themes = _parse("themes.toml")["themes"]
    own = _parse("groups.toml")
    indicators: dict[str, Indicator] = {}
    for theme in THEMES:
        for entry in _parse(f"{theme}.toml").get("indicator", ()):
            where = f"indicators/{theme}.toml"
            found = _indicator({"theme": theme, **entry}, where, faults)
            if found is not None and found.id in indicators:
                faults.append(Fault("catalogue.twice", "stands there twice", where, column=found.id))
            elif found is not None:
                indicators[found.id] = found
    catalogue = Catalogue(
        themes={name: Theme(name, **themes[name]) for name in THEMES},
        indicators=indicators,
        dimensions={**vocabulary.dimensions, **{name: Dimension(name, **item) for name, item in own["dimensions"].items()}},
        groups={**vocabulary.groups, **{name: Group(name, **item) for name, item in own["groups"].items()}},
    )
    faults += _broken(catalogue)
    if faults:
        raise InputError(f"The catalogue cannot be used: {len(faults)} fault(s).", code="catalogue.invalid", faults=faults)
    return catalogue


def _parse(name: str) -> Mapping[str, Any]:
    return tomllib.loads(files("knopenkaart.vocabulary").joinpath("indicators", name).read_text(encoding="utf-8"))


def _indicator(entry: Mapping[str, Any], where: str, faults: list[Fault]) -> Indicator | None:
    name = str(entry.get("id", "?"))
    try:
        columns = tuple(_record(Column, item) for item in entry.get("columns", ()))
        published = tuple(_record(Publication, item) for item in entry.get("published", ()))
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
