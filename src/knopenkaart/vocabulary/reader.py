# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one reader of the vocabulary files: checks them whole, and adds a municipality's own file without code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from knopenkaart.errors import Fault, InputError
from knopenkaart.vocabulary.named import Explained, Named
from knopenkaart.vocabulary.operation import Condition, MoneyCategory, Signal, SocialLine, broken_entries
from knopenkaart.vocabulary.rules import TagRule, parse_rule

# The group of all residents; the others are those of the vocabulary.
EVERYBODY = "all"
# Stages of life that OpenStreetMap writes before a key, and the status that each stands for.
LIFECYCLE: Mapping[str, str] = {
    "disused": "vacant",
    "abandoned": "closed",
    "construction": "planned",
    "proposed": "planned",
    "planned": "planned",
}
_SECTIONS = (
    "functions",
    "archetypes",
    "statuses",
    "kinds",
    "not_nodes",
    "dimensions",
    "groups",
    "slots",
    "money",
    "conditions",
    "signals",
    "social",
)
_ID = re.compile(r"^[a-z][a-z0-9_]*$")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
# A week of dayparts is kept as the bits of one whole number.
MOST_SLOTS = 64
# What a place offers is kept so too, in half as many bits.
MOST_FUNCTIONS = 32


@dataclass(frozen=True, slots=True)
class Function(Named):
    """What one can do in a place."""

    schema_org: str = ""


@dataclass(frozen=True, slots=True)
class Archetype(Explained):
    """How a place is to be judged: living_room, village_square, hotspot."""


@dataclass(frozen=True, slots=True)
class Status(Named):
    """A step in the life of a place, and the steps that may follow it."""

    next: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind(Named):
    """One kind of place. Rules are tried in file order: the first kind that matches an element is its kind.

    `counts`: whether it counts as a social node; `why` (Dutch) and `why_en` explain it where that is not plain. `campus`: several buildings
    are one place. `belongs_to`: the kinds to which it stays tied within their outline, or within `belongs_within_m` metres of it.
    `absorbed_by`: the kinds within whose outline it is no place of its own. `named_only`: without a name it is no place.
    """

    nl_plural: str
    en_plural: str
    functions: tuple[str, ...]
    archetype: str
    schema_org: str
    symbol: str
    rules: tuple[TagRule, ...] = ()
    words: tuple[str, ...] = ()
    small_spot: bool = False
    counts: bool = True
    digital: bool = False
    named_only: bool = False
    campus: bool = False
    belongs_to: tuple[str, ...] = ()
    belongs_within_m: float = 0.0
    absorbed_by: tuple[str, ...] = ()
    why: str = ""
    why_en: str = ""


@dataclass(frozen=True, slots=True)
class NotNode(Named):
    """Tags that were considered and are no place, with the stable code of the reason and the reason in words."""

    reason: str
    rules: tuple[TagRule, ...]


@dataclass(frozen=True, slots=True)
class Dimension(Named):
    """By what residents are told apart: age, origin, household."""


@dataclass(frozen=True, slots=True)
class Group(Named):
    """A group of residents. `indicator` is the published figure of its people; without one it is what the rest of its dimension leaves."""

    dimension: str
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Slot(Named):
    """A daypart: from `start` to `end` (hh:mm) on `weekday` (1 = Monday)."""

    weekday: int
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The checked vocabularies; mappings keep file order, a municipality's own kinds first."""

    kinds: Mapping[str, Kind]
    functions: Mapping[str, Function]
    archetypes: Mapping[str, Archetype]
    statuses: Mapping[str, Status]
    not_nodes: Mapping[str, NotNode] = field(default_factory=dict)
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    slots: Mapping[str, Slot] = field(default_factory=dict)
    money: Mapping[str, MoneyCategory] = field(default_factory=dict)
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    signals: Mapping[str, Signal] = field(default_factory=dict)
    social: Mapping[str, SocialLine] = field(default_factory=dict)

    def week(self) -> tuple[Slot, ...]:
        """The dayparts in the order of the week."""
        return tuple(sorted(self.slots.values(), key=lambda slot: (slot.weekday, slot.start, slot.end)))

    def rules(self) -> tuple[TagRule, ...]:
        """Every rule by which an element is worth reading: of the kinds, of what is no place, and of kinds in another stage of life.

        The last are one rule per stage and key, without the further conditions: they find a little too much, and stay few.
        """
        own = [rule for kind in self.kinds.values() for rule in kind.rules]
        rejected = [rule for item in self.not_nodes.values() for rule in item.rules]
        values: dict[str, list[str]] = {}
        for rule in own:
            key, accepted = rule.conditions[0]
            values.setdefault(key, []).extend(accepted)
        stages = [(f"{stage}:{key}", tuple(dict.fromkeys(accepted))) for stage in LIFECYCLE for key, accepted in values.items() if accepted]
        staged = [TagRule((condition,)) for condition in stages]
        return tuple(dict.fromkeys([*own, *rejected, *staged]))

    def words(self) -> Mapping[str, str]:
        """Every word by which a list may name a kind (lower case: id, names, plurals, words) -> id of the kind."""
        return {word: kind.id for kind in self.kinds.values() for word in _names(kind)}

    def reasons(self) -> Mapping[str, NotNode]:
        """Code of the reason -> what was considered and is no place."""
        return {item.reason: item for item in self.not_nodes.values()}


@lru_cache(maxsize=8)
def load_vocabulary(extra: Path | None = None) -> Vocabulary:
    """The vocabulary of the package, with the kinds of a municipality's own TOML file added or changed.

    `extra` has tables [kinds.<id>] (and functions, archetypes, not_nodes) as the package's files have; of a kind that exists only
    the fields that change are named, as in `[kinds.hairdresser]` `counts = true`. New kinds are tried before those of the package.
    Raises InputError with every fault of the files together.
    """
    faults: list[Fault] = []
    package = files("knopenkaart.vocabulary")
    entries: dict[str, dict[str, dict[str, Any]]] = {}
    for section in _SECTIONS:
        name = f"{section}.toml"
        found = _sections(_parse(package.joinpath(name).read_text(encoding="utf-8"), name, faults), name, faults)
        entries[section] = found.get(section, {})
    if extra is not None:
        own = _sections(_parse(_read(extra), extra.name, faults), extra.name, faults)
        for section, added in own.items():
            entries[section] = _overlay(entries[section], added)
    origin = extra.name if extra is not None else None
    built = {section: _built(section, entries[section], origin or f"{section}.toml", faults) for section in _SECTIONS}
    vocabulary = Vocabulary(**built)
    faults += _broken_references(vocabulary, entries, origin or "kinds.toml")
    if faults:
        raise InputError(
            f"The vocabulary cannot be used: {len(faults)} fault(s).",
            code="vocabulary.invalid",
            remedy="Correct every line named above; docs/reference describes the fields of a kind.",
            faults=faults,
        )
    return vocabulary


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The vocabulary file {path.name} cannot be read: {error}", code="vocabulary.unreadable", remedy="Give a TOML file in UTF-8."
        ) from error


def _parse(text: str, file: str, faults: list[Fault]) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault("vocabulary.toml", f"not valid TOML: {error}", file))
        return {}


def _sections(data: Mapping[str, Any], file: str, faults: list[Fault]) -> dict[str, dict[str, dict[str, Any]]]:
    result: dict[str, dict[str, dict[str, Any]]] = {}
    for section, entries in data.items():
        if section not in _SECTIONS or not isinstance(entries, dict):
            faults.append(Fault("vocabulary.section", f"[{section}] is not one of {', '.join(_SECTIONS)}", file, column=section))
            continue
        wrong = [name for name, entry in entries.items() if not isinstance(entry, dict) or not _ID.match(name)]
        faults += [
            Fault("vocabulary.id", "an entry is a table with an id of small letters, digits and _", file, column=f"{section}.{name}")
            for name in wrong
        ]
        result[section] = {name: entry for name, entry in entries.items() if name not in wrong}
    return result


def _overlay(entries: Mapping[str, dict[str, Any]], added: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    new = {name: entry for name, entry in added.items() if name not in entries}
    return {**new, **{name: {**entry, **added.get(name, {})} for name, entry in entries.items()}}


_TYPES: Mapping[str, type] = {
    "functions": Function,
    "archetypes": Archetype,
    "statuses": Status,
    "kinds": Kind,
    "not_nodes": NotNode,
    "dimensions": Dimension,
    "groups": Group,
    "slots": Slot,
    "money": MoneyCategory,
    "conditions": Condition,
    "signals": Signal,
    "social": SocialLine,
}


def _built(section: str, entries: Mapping[str, dict[str, Any]], file: str, faults: list[Fault]) -> dict[str, Any]:
    record = _TYPES[section]
    built: dict[str, Any] = {}
    for name, entry in entries.items():
        where = f"{section}.{name}"
        values, wrong = _values(record, entry)
        faults += [Fault("vocabulary.field", message, file, column=f"{where}.{key}") for key, message in wrong]
        if not wrong:
            built[name] = record(id=name, **values)
    return built


def _values(record: type, entry: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The checked values of one entry, and what is wrong with it as (field, message)."""
    known = {item.name: item for item in fields(record) if item.name != "id"}
    data = {("rules" if key == "osm" else key): value for key, value in entry.items()}
    wrong = [(key, "is not a field of this table") for key in entry if (key not in known and key != "osm") or key == "rules"]
    values: dict[str, Any] = {}
    for name, item in known.items():
        if name not in data:
            if item.default is MISSING and item.default_factory is MISSING:
                wrong.append(("osm" if name == "rules" else name, "is absent"))
            continue
        value, messages = _value(name, str(item.type), data[name])
        wrong += [("osm" if name == "rules" else name, message) for message in messages]
        values[name] = value
    return values, wrong


def _value(name: str, kind: str, value: Any) -> tuple[Any, list[str]]:
    """One value as the record wants it, and what is wrong with it. `kind` is the annotation of the field."""
    if name == "rules":
        return _rules(value)
    if kind.startswith("tuple"):
        if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
            return tuple(value), []
        return (), ["must be a list of texts"]
    if kind == "bool":
        return value, [] if isinstance(value, bool) else ["must be true or false"]
    if kind == "int":
        return value, [] if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else [
            "must be a whole number of at least 0"
        ]
    if kind == "float":
        good = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
        return value, [] if good else ["must be a number of at least 0"]
    return value, [] if isinstance(value, str) and value.strip() else ["must be a text"]


def _rules(value: Any) -> tuple[tuple[TagRule, ...], list[str]]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return (), ["must be a list of rules as texts"]
    rules: list[TagRule] = []
    wrong: list[str] = []
    for text in value:
        try:
            rules.append(parse_rule(text))
        except ValueError as error:
            wrong.append(str(error))
    return tuple(rules), wrong


def _broken_references(vocabulary: Vocabulary, entries: Mapping[str, Mapping[str, Any]], file: str) -> Iterator[Fault]:
    """References to entries that are not in the files; one that is there but faulty has been told already."""
    for kind in vocabulary.kinds.values():
        for field_name, values, known in (
            ("functions", kind.functions, entries["functions"]),
            ("archetype", (kind.archetype,), entries["archetypes"]),
            ("belongs_to", kind.belongs_to, entries["kinds"]),
            ("absorbed_by", kind.absorbed_by, entries["kinds"]),
        ):
            yield from _unknown(f"kinds.{kind.id}.{field_name}", values, known, file)
        if kind.small_spot and kind.counts:
            yield Fault("vocabulary.small_spot", "a small spot never counts: write counts = false", file, column=f"kinds.{kind.id}.counts")
    for status in vocabulary.statuses.values():
        yield from _unknown(f"statuses.{status.id}.next", status.next, entries["statuses"], file)
    for group in vocabulary.groups.values():
        yield from _unknown(f"groups.{group.id}.dimension", (group.dimension,), entries["dimensions"], file)
    if len(vocabulary.functions) > MOST_FUNCTIONS:
        message = f"at most {MOST_FUNCTIONS} functions, not {len(vocabulary.functions)}: leave some out, or take them together"
        yield Fault("vocabulary.function", message, file, column="functions")
    yield from _broken_slots(vocabulary, file)
    of_operation = vocabulary.money, vocabulary.conditions, vocabulary.signals, vocabulary.social
    yield from broken_entries(*of_operation, entries["archetypes"], file)
    yield from _ambiguous_words(vocabulary.kinds, file)


def _broken_slots(vocabulary: Vocabulary, file: str) -> Iterator[Fault]:
    for slot in vocabulary.slots.values():
        if not (_TIME.fullmatch(slot.start) and _TIME.fullmatch(slot.end) and slot.start < slot.end):
            yield Fault("vocabulary.slot", "start and end are hh:mm, and start is before end", file, column=f"slots.{slot.id}")
        if not 1 <= slot.weekday <= 7:
            yield Fault("vocabulary.slot", "weekday is 1 (Monday) to 7 (Sunday)", file, column=f"slots.{slot.id}.weekday")
    if len(vocabulary.slots) > MOST_SLOTS:
        yield Fault("vocabulary.slot", f"at most {MOST_SLOTS} dayparts, not {len(vocabulary.slots)}", file, column="slots")


def _unknown(column: str, values: Sequence[str], known: Mapping[str, Any], file: str) -> Iterator[Fault]:
    for value in values:
        if value not in known:
            yield Fault("vocabulary.reference", f"'{value}' does not exist", file, column=column, value=value)


def _ambiguous_words(kinds: Mapping[str, Kind], file: str) -> Iterator[Fault]:
    owner: dict[str, str] = {}
    for kind in kinds.values():
        for word in _names(kind):
            first = owner.setdefault(word, kind.id)
            if first != kind.id:
                message = f"'{word}' already names {first}; a list could not tell which is meant"
                yield Fault("vocabulary.word", message, file, column=f"kinds.{kind.id}.words", value=word)


def _names(kind: Kind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.casefold() for text in (kind.id, kind.nl, kind.nl_plural, kind.en, kind.en_plural, *kind.words)))
