# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The forms of use and money: rooms, the rough week of a room, the money of a year, board and volunteers, the building."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from knopenkaart_web.operation.checking import slot_hours
from knopenkaart_web.operation.models import CONDITIONS, NAME_LENGTH, NOTE_LENGTH
from knopenkaart_web.operation.views_data import BuildingRow, Hours, PeopleRow, PracticeRow, RoomRow, RoomValues, YearRow
from knopenkaart_web.pages.forms.freshness import RefusableForm
from knopenkaart_web.pages.forms.numbers import EuroField, NumberField, WholeField, euro_text, number_text
from knopenkaart_web.pages.language import language
from knopenkaart_web.places import words

YES_NO = (("unknown", _("unknown")), ("yes", _("yes")), ("no", _("no")))
OWNERS = (
    ("", _("unknown")),
    ("municipality", _("the municipality")),
    ("foundation", _("a foundation or association")),
    ("housing", _("a housing corporation")),
    ("church", _("a church or mosque")),
    ("private", _("a company or private owner")),
    ("other", _("somebody else")),
)
NUMBERS = (
    ("", _("unknown")),
    ("1_9", _("fewer than 10")),
    ("10_24", _("10 to 24")),
    ("25_49", _("25 to 49")),
    ("50_99", _("50 to 99")),
    ("100_more", _("100 or more")),
)
# How much of a daypart is used, as somebody can tell without looking it up.
PARTS = (("0", _("empty")), ("0.25", _("a quarter")), ("0.5", _("half")), ("0.75", _("three quarters")), ("1", _("full")))
_HOURS_FIELDS = ("available", "used")


def day_field(label: Any, *, required: bool = False, **more: Any) -> forms.DateField:
    """A day, with the calendar of the browser."""
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class RoomForm(RefusableForm):
    """A room of a place."""

    name = forms.CharField(label=_("Name of the room"), max_length=NAME_LENGTH)
    m2 = NumberField(label=_("Floor area in m²"))
    capacity = WholeField(label=_("For how many people"))
    equipment = forms.CharField(
        label=_("What is there"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: kitchen, screen, stage."),
    )
    accessible = forms.ChoiceField(
        label=_("Can one get in with a wheelchair?"), choices=YES_NO, widget=forms.RadioSelect, initial="unknown"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    @classmethod
    def of(cls, room: RoomRow | None, data: Any = None) -> RoomForm:
        """The form of a room, or of a new one."""
        if room is None:
            return cls(data)
        shown = {"m2": number_text(room.m2), "capacity": room.capacity}
        return cls(data, initial=asdict(room) | shown)

    def values(self) -> RoomValues:
        """What was filled in."""
        return RoomValues(**{item.name: self.cleaned_data[item.name] for item in fields(RoomValues)})


@dataclass(frozen=True, slots=True)
class GridCell:
    """The two fields of one daypart; None where the day has no such hours."""

    label: str
    most: float
    available: forms.BoundField
    used: forms.BoundField


@dataclass(frozen=True, slots=True)
class GridRow:
    """A day of the week with its dayparts, in the order of the columns."""

    weekday: int
    cells: list[GridCell | None]


class WeekForm(RefusableForm):
    """The rough week of a room: per daypart the hours available, and how much of it is used: in parts, or with `exact` in hours."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, data: Any = None, *, exact: bool = False, week: Mapping[str, Hours] | None = None, version: int = 0) -> None:
        super().__init__(data, initial={"version": version})
        self.exact = exact
        self.slots = words.vocabulary().week()
        for slot in self.slots:
            self._add(slot.id, slot.name(language()), (week or {}).get(slot.id))

    def _add(self, slot: str, label: str, hours: Hours | None) -> None:
        available = NumberField(label=gettext("%(when)s: hours it can be used") % {"when": label})
        available.initial = number_text(hours.available) if hours else ""
        self.fields[f"available_{slot}"] = available
        name = gettext("%(when)s: in use") % {"when": label}
        chosen = [_used_text(hours, False), str(self.data.get(f"used_{slot}", ""))]
        self.fields[f"used_{slot}"] = NumberField(label=name) if self.exact else _part_field(name, chosen)
        self.fields[f"used_{slot}"].initial = _used_text(hours, self.exact)

    def columns(self) -> list[tuple[str, str]]:
        """From and to of the columns."""
        return sorted({(slot.start, slot.end) for slot in self.slots})

    def rows(self) -> list[GridRow]:
        """The days with their fields."""
        at = {(slot.weekday, slot.start, slot.end): slot for slot in self.slots}
        days = sorted({slot.weekday for slot in self.slots})
        return [GridRow(day, [self._cell(at.get((day, *hours))) for hours in self.columns()]) for day in days]

    def _cell(self, slot: Any) -> GridCell | None:
        if slot is None:
            return None
        label = slot.name(language())
        return GridCell(label, slot_hours(slot.id), self[f"available_{slot.id}"], self[f"used_{slot.id}"])

    def clean(self) -> dict[str, Any]:
        """Use without hours to use it in makes no sense."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for slot in self.slots:
            available, used = (cleaned.get(f"{name}_{slot.id}") for name in _HOURS_FIELDS)
            if available is None and used not in (None, "") and f"available_{slot.id}" not in self.errors:
                self.add_error(f"available_{slot.id}", gettext("Say how many hours it can be used."))
        return cleaned

    def week(self) -> dict[str, Hours]:
        """What was filled in; dayparts in which the room cannot be used are left out."""
        found = {slot.id: self._hours(slot.id) for slot in self.slots}
        return {slot: hours for slot, hours in found.items() if hours is not None}

    def _hours(self, slot: str) -> Hours | None:
        available, used = (self.cleaned_data[f"{name}_{slot}"] for name in _HOURS_FIELDS)
        if not available:
            return Hours(0.0, float(used)) if self.exact and used else None
        if self.exact:
            return Hours(available, used)
        return Hours(available, _used_hours(used, available))


def _part_field(label: str, chosen: Iterable[str]) -> forms.ChoiceField:
    """A choice of parts; hours that are no such part are one more choice, so that nothing is lost by looking, or by copying a week."""
    hours = {text: _hours_text(text) for text in chosen}
    choices = [("", gettext("not known")), *PARTS, *((text, label) for text, label in hours.items() if label)]
    return forms.ChoiceField(label=label, required=False, choices=choices)


def _hours_text(chosen: str) -> str:
    """The words of a choice such as h1.5; nothing for any other."""
    number = chosen.removeprefix("h")
    if number == chosen or not number.replace(".", "", 1).isdecimal():
        return ""
    return gettext("%(hours)s hours") % {"hours": number_text(float(number))}


def _used_text(hours: Hours | None, exact: bool) -> str:
    if hours is None or hours.used is None:
        return ""
    if exact:
        return number_text(hours.used)
    part = hours.used / hours.available if hours.available else -1.0
    same = next((name for name, _label in PARTS if abs(float(name) - part) < 1e-6), None)
    return same if same is not None else f"h{hours.used!r}"


def _used_hours(chosen: str, available: float) -> float | None:
    if not chosen:
        return None
    return float(chosen[1:]) if chosen.startswith("h") else float(chosen) * available


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """A category with its field, and what it was the year before."""

    field: forms.BoundField
    explanation: str
    before: Decimal | None


@dataclass(frozen=True, slots=True)
class MoneyGroup:
    """Costs, income, or what was given; with the sums of what is stored."""

    direction: str
    label: str
    rows: list[MoneyRow]
    total: Decimal | None
    before: Decimal | None


class MoneyForm(RefusableForm):
    """The money of one year, and what the figures need besides. What is left empty was not filled in, which is not zero."""

    weeks_open = NumberField(label=_("Weeks open per year"), help_text=_("Without it we reckon with 46."))
    dwell_hours = NumberField(label=_("Hours that a visit takes"), help_text=_("On average. Without it we reckon with 1.5."))
    subsidy_until = day_field(_("Subsidy is promised until"))
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    practice_version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, data: Any = None, *, year: YearRow | None, before: YearRow | None, practice: PracticeRow) -> None:
        initial = {"version": year.version if year else 0, "practice_version": practice.version, "subsidy_until": practice.subsidy_until}
        super().__init__(data, initial=initial)
        self.stored, self.before = (dict(row.lines) if row else {} for row in (year, before))
        self.categories = words.vocabulary().money
        for name in ("weeks_open", "dwell_hours"):
            self.fields[name].initial = number_text(getattr(practice, name))
        for name, category in self.categories.items():
            field = EuroField(label=_capital(category.name(language())), help_text=getattr(category, f"explanation_{language()}"))
            field.initial = euro_text(self.stored.get(name))
            self.fields[name] = field

    def groups(self) -> Iterator[MoneyGroup]:
        """The fields in the order of the page."""
        labels = {"cost": gettext("Costs"), "income": gettext("Income"), "in_kind": gettext("Given, not paid")}
        for direction, label in labels.items():
            names = [name for name, category in self.categories.items() if category.direction == direction]
            rows = [MoneyRow(self[name], "", self.before.get(name)) for name in names]
            yield MoneyGroup(direction, label, rows, _sum(self.stored, names), _sum(self.before, names))

    def others(self) -> list[forms.BoundField]:
        """The fields that are no money."""
        return [self[name] for name in ("weeks_open", "dwell_hours", "subsidy_until")]

    def amounts(self) -> dict[str, Decimal | None]:
        """Euro per category."""
        return {name: self.cleaned_data[name] for name in self.categories}

    def practice(self) -> PracticeRow:
        """What the figures need besides."""
        data = self.cleaned_data
        return PracticeRow(data["weeks_open"], data["dwell_hours"], data["subsidy_until"], data["practice_version"])


def _sum(lines: Mapping[str, Decimal], names: Iterable[str]) -> Decimal | None:
    known = [lines[name] for name in names if name in lines]
    return sum(known, Decimal(0)) if known else None


class PeopleForm(RefusableForm):
    """Board and volunteers, as they are on a day."""

    date = day_field(_("On which day"), required=True)
    seats = WholeField(label=_("Seats on the board"))
    vacancies = WholeField(label=_("Of these vacant"))
    ages = forms.ChoiceField(label=_("How old are most members?"), required=False)
    succession = forms.ChoiceField(
        label=_("Is somebody in sight to follow them up?"), choices=YES_NO, widget=forms.RadioSelect, initial="unknown"
    )
    year = WholeField(label=_("Year of the volunteers"), help_text=_("A year such as 2026."))
    hours_per_week = NumberField(label=_("Hours of volunteers per week"), help_text=_("Of all volunteers together."))
    number = forms.ChoiceField(label=_("How many volunteers"), choices=NUMBERS, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        groups = words.vocabulary().groups.items()
        ages = [(name, group.name(language())) for name, group in groups if name.startswith("age_")]
        self.fields["ages"].choices = [("", _("unknown")), *ages]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Hours of volunteers belong to a year."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        told = cleaned.get("hours_per_week") is not None or cleaned.get("number")
        if told and cleaned.get("year") is None and "year" not in self.errors:
            self.add_error("year", gettext("Say of which year this is."))
        return cleaned

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [
            (gettext("Board"), [self[name] for name in ("date", "seats", "vacancies", "ages", "succession")]),
            (gettext("Volunteers"), [self[name] for name in ("year", "hours_per_week", "number")]),
        ]

    def row(self) -> PeopleRow:
        """What was filled in."""
        return PeopleRow(**{item.name: self.cleaned_data[item.name] for item in fields(PeopleRow)})


class BuildingForm(RefusableForm):
    """The building: its size, its condition, and what must still be paid for it."""

    m2 = NumberField(label=_("Floor area in m²"))
    owner = forms.ChoiceField(label=_("Who is the owner?"), choices=OWNERS, required=False)
    condition = forms.TypedChoiceField(
        label=_("Condition (NEN 2767)"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Only where somebody who was trained to look gave it a score."),
    )
    inspected = day_field(_("Inspected on"))
    postponed = EuroField(
        label=_("Postponed maintenance"), help_text=_("What should have been mended already, in euro. Write 0 where there is none.")
    )
    investment = EuroField(label=_("Planned investment"), help_text=_("In euro. Write 0 where there is none."))
    investment_year = WholeField(label=_("In which year"))
    covered = EuroField(label=_("For which there is money"), help_text=_("The part of the investment that is paid for already, in euro."))
    note = forms.CharField(label=_("Remark"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, data: Any = None, *, building: BuildingRow) -> None:
        shown = {name: euro_text(getattr(building, name)) for name in ("postponed", "investment", "covered")}
        super().__init__(data, initial=asdict(building) | shown | {"m2": number_text(building.m2)})
        known = sorted(words.vocabulary().conditions.values(), key=lambda item: item.score)
        scores = [(item.score, f"{item.score} – {item.name(language())}") for item in known if item.score <= CONDITIONS[1]]
        self.fields["condition"].choices = [("", _("unknown")), *scores]  # type: ignore[attr-defined]

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [
            (gettext("The building"), [self[name] for name in ("m2", "owner", "condition", "inspected")]),
            (
                gettext("What must still be paid"),
                [self[name] for name in ("postponed", "investment", "investment_year", "covered", "note")],
            ),
        ]

    def row(self) -> BuildingRow:
        """What was filled in."""
        return BuildingRow(**{item.name: self.cleaned_data[item.name] for item in fields(BuildingRow)})


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
