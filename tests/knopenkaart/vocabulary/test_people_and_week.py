# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Groups of residents and dayparts of a week: whole in the package, added to by an own file, and every fault of it named."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from knopenkaart.errors import Fault, InputError
from knopenkaart.vocabulary import load_vocabulary
from knopenkaart.vocabulary.reader import MOST_SLOTS

LUNCH = '[slots.lunch]\nnl = "lunch"\nen = "lunch"\nweekday = 1\nstart = "12:00"\nend = "13:30"\n'


def own(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> tuple[Fault, ...]:
    """What is wrong with an own file; the refusal itself says what to do."""
    with pytest.raises(InputError) as caught:
        load_vocabulary(own(folder, text))
    assert caught.value.code == "vocabulary.invalid"
    assert caught.value.remedy.startswith("Correct every line named above")
    assert {fault.file for fault in caught.value.faults} == {"own.toml"}
    return caught.value.faults


def test_every_group_has_its_texts_and_belongs_to_a_dimension_that_has_several() -> None:
    vocabulary = load_vocabulary()
    for name, dimension in vocabulary.dimensions.items():
        members = [group for group in vocabulary.groups.values() if group.dimension == name]
        assert len(members) > 1
        assert dimension.nl
        assert dimension.en
        assert all(group.nl and group.en for group in members)
    assert list(vocabulary.dimensions) == ["age", "origin", "household"]


def test_no_dimension_has_two_groups_without_a_figure_of_their_own() -> None:
    """The rest of a dimension can be one group only."""
    rests = [group.dimension for group in load_vocabulary().groups.values() if not group.indicator]
    assert rests == ["household"]


def test_a_week_is_seven_days_of_a_morning_an_afternoon_and_an_evening_in_order() -> None:
    week = load_vocabulary().week()
    assert [slot.weekday for slot in week] == [day for day in range(1, 8) for _ in range(3)]
    assert {(slot.start, slot.end) for slot in week} == {("08:00", "12:00"), ("12:00", "18:00"), ("18:00", "23:00")}
    assert all(one.end == other.start for one, other in pairwise(week) if one.weekday == other.weekday)


def test_an_own_file_adds_a_daypart_in_its_place_in_the_week(tmp_path: Path) -> None:
    week = load_vocabulary(own(tmp_path, LUNCH)).week()
    assert [slot.id for slot in week[:4]] == ["mo_morning", "lunch", "mo_afternoon", "mo_evening"]
    assert len(week) == 22


def test_an_own_file_adds_a_dimension_with_its_groups_and_renames_one(tmp_path: Path) -> None:
    text = """
    [dimensions.work]
    nl = "werk"
    en = "work"
    [groups.at_work]
    nl = "werkend"
    en = "at work"
    dimension = "work"
    indicator = "employed"
    [groups.age_0_14]
    nl = "kinderen"
    """
    changed = load_vocabulary(own(tmp_path, text))
    assert changed.groups["at_work"].dimension == "work"
    assert (changed.groups["age_0_14"].nl, changed.groups["age_0_14"].indicator) == ("kinderen", "pop_0_14")
    assert set(load_vocabulary().groups) < set(changed.groups)


@pytest.mark.parametrize(
    ("text", "code", "column", "message"),
    [
        ('[dimensions.work]\nnl = "werk"', "vocabulary.field", "dimensions.work.en", "is absent"),
        ('[dimensions.age]\nnl = " "', "vocabulary.field", "dimensions.age.nl", "must be a text"),
        ('[dimensions.age]\nunit = "year"', "vocabulary.field", "dimensions.age.unit", "is not a field of this table"),
        ('[dimensions.Age]\nnl = "x"', "vocabulary.id", "dimensions.Age", "an entry is a table with an id of small letters, digits and _"),
        ('[groups.age_0_14]\ndimension = "agee"', "vocabulary.reference", "groups.age_0_14.dimension", "'agee' does not exist"),
        ("[groups.age_0_14]\nindicator = 14", "vocabulary.field", "groups.age_0_14.indicator", "must be a text"),
        ('[groups.new]\nnl = "nieuw"\nen = "new"', "vocabulary.field", "groups.new.dimension", "is absent"),
        ("[groups]\nage_0_14 = 3", "vocabulary.id", "groups.age_0_14", "an entry is a table with an id of small letters, digits and _"),
        ("[slots.mo_morning]\nweekday = 0", "vocabulary.slot", "slots.mo_morning.weekday", "weekday is 1 (Monday) to 7 (Sunday)"),
        ("[slots.mo_morning]\nweekday = 8", "vocabulary.slot", "slots.mo_morning.weekday", "weekday is 1 (Monday) to 7 (Sunday)"),
        ("[slots.mo_morning]\nweekday = -1", "vocabulary.field", "slots.mo_morning.weekday", "must be a whole number of at least 0"),
        ("[slots.mo_morning]\nweekday = true", "vocabulary.field", "slots.mo_morning.weekday", "must be a whole number of at least 0"),
        ('[slots.mo_morning]\nweekday = "Monday"', "vocabulary.field", "slots.mo_morning.weekday", "must be a whole number of at least 0"),
        ('[slots.mo_morning]\nstart = "8:00"', "vocabulary.slot", "slots.mo_morning", "start and end are hh:mm, and start is before end"),
        ('[slots.mo_morning]\nstart = "12:00"', "vocabulary.slot", "slots.mo_morning", "start and end are hh:mm, and start is before end"),
        ('[slots.mo_evening]\nend = "01:00"', "vocabulary.slot", "slots.mo_evening", "start and end are hh:mm, and start is before end"),
        ('[slots.mo_evening]\nend = "24:30"', "vocabulary.slot", "slots.mo_evening", "start and end are hh:mm, and start is before end"),
        ('[slots.mo_evening]\nend = "25:00"', "vocabulary.slot", "slots.mo_evening", "start and end are hh:mm, and start is before end"),
        ("[slots.mo_evening]\nend = 23", "vocabulary.field", "slots.mo_evening.end", "must be a text"),
        ('[days.monday]\nnl = "x"', "vocabulary.section", "days", "[days] is not one of functions, archetypes"),
    ],
)
def test_one_fault_is_told_with_its_place(tmp_path: Path, text: str, code: str, column: str, message: str) -> None:
    [fault] = faults(tmp_path, text)
    assert (fault.code, fault.column) == (code, column)
    assert fault.message.startswith(message)
    assert str(fault).startswith(f"own.toml, column {column}: ")


def test_an_evening_may_end_at_midnight(tmp_path: Path) -> None:
    changed = load_vocabulary(own(tmp_path, '[slots.mo_evening]\nend = "24:00"'))
    assert changed.slots["mo_evening"].end == "24:00"


def test_faults_in_all_parts_are_told_together(tmp_path: Path) -> None:
    text = (
        '[dimensions.age]\nnl = 3\n[groups.age_0_14]\nindicator = ""\n[slots.mo_morning]\nweekday = 9\n[slots.tu_morning]\nstart = "noon"\n'
    )
    assert [fault.column for fault in faults(tmp_path, text)] == [
        "dimensions.age.nl",
        "groups.age_0_14.indicator",
        "slots.mo_morning.weekday",
        "slots.tu_morning",
    ]


def test_a_group_of_a_dimension_that_is_itself_at_fault_is_not_told_of_twice(tmp_path: Path) -> None:
    assert [fault.column for fault in faults(tmp_path, "[dimensions.age]\nen = 3\n")] == ["dimensions.age.en"]


def test_a_week_has_at_most_as_many_dayparts_as_a_whole_number_has_bits(tmp_path: Path) -> None:
    def more(count: int) -> str:
        return "".join(LUNCH.replace("lunch]", f"extra_{number}]") for number in range(count))

    room = MOST_SLOTS - len(load_vocabulary().slots)
    assert len(load_vocabulary(own(tmp_path, more(room))).week()) == 64
    (tmp_path / "full").mkdir()
    [fault] = faults(tmp_path / "full", more(room + 1))
    assert (fault.code, fault.column, fault.message) == ("vocabulary.slot", "slots", "at most 64 dayparts, not 65")
