# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The forms of a count: a new round, a link, a sheet of paper, what may be told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from knopenkaart.errors import InputError
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.forms.place import ReasonForm
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.written import capital
from knopenkaart_web.visits import groups, weeks
from knopenkaart_web.visits.models import MOST_PEOPLE
from knopenkaart_web.visits.planning import RoundValues
from knopenkaart_web.visits.views_data import RoundView

TWO_WEEKS = timedelta(days=13)
HOW = (("entering", _("count who comes in, during a whole part of the day")), ("present", _("count who is there, at one moment")))
PURPOSE = (("count", _("count visitors")), ("observe", _("observe what people do")))


class DayInput(forms.DateInput):
    """A date as browsers ask for it, in whatever language the page is."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Refusing(forms.Form):
    """What an action refuses stands beside the field that it is about; what was typed stays."""

    def refuse(self, error: InputError) -> None:
        """Show all that an action refused."""
        for column, code in [(fault.column, fault.code) for fault in error.faults] or [(None, error.code)]:
            self.add_error(column if column in self.fields else None, error_text(code))


class RoundForm(Refusing):
    """A new round of counting."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("For example: count in March"))
    starts = forms.DateField(label=_("First day"), widget=DayInput)
    ends = forms.DateField(label=_("Last day"), widget=DayInput)
    how = forms.ChoiceField(label=_("How"), choices=HOW, widget=forms.RadioSelect, initial="entering")
    slots = forms.MultipleChoiceField(
        label=_("Parts of the day that are counted"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave out when the place is shut."),
    )
    groups = forms.MultipleChoiceField(
        label=_("Whom the counter tells apart"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Groups of one kind only. The counter always has a button for who is not sure. Nothing ticked: everybody together."),
    )
    doors = forms.CharField(
        label=_("Doors"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where there is more than one: each on a line of its own. Every door has a counter of its own."),
    )
    expected = forms.IntegerField(label=_("Visits per week that you expect"), required=False, min_value=1, max_value=1_000_000)
    margin = forms.IntegerField(
        label=_("Margin that you want, in percent"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("20 means: the number of visits per week is known to 20 % more or less."),
    )

    def __init__(self, *args: Any, allowed: Mapping[str, Sequence[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang, today = language(), timezone.localdate()
        self.allowed = allowed
        self.fields["slots"].choices = [(slot.id, capital(weeks.slot_label(slot.id, lang))) for slot in weeks.slots()]  # type: ignore[attr-defined]
        self.fields["slots"].initial = [slot.id for slot in weeks.slots()]
        choices = [
            (f"{dimension}:{group}", f"{capital(groups.dimension_label(dimension, lang))}: {groups.group_label(group, lang)}")
            for dimension, members in allowed.items()
            for group in members
        ]
        self.fields["groups"].choices = choices  # type: ignore[attr-defined]
        self.fields["groups"].initial = [value for value, _label in choices if value.startswith(f"{groups.AGE}:")]
        monday = today + timedelta(days=7 - today.weekday())
        self.fields["starts"].initial, self.fields["ends"].initial = monday, monday + TWO_WEEKS

    def values(self, schedule: Sequence[tuple[date, str]] = ()) -> RoundValues:
        """What was typed, as the action takes it."""
        data = self.cleaned_data
        chosen = [value.partition(":") for value in data["groups"]]
        dimensions = {dimension for dimension, _colon, _group in chosen}
        return RoundValues(
            name=data["name"],
            starts=data["starts"],
            ends=data["ends"],
            slots=tuple(data["slots"]),
            schedule=tuple(schedule),
            dimension=min(dimensions, default=""),
            groups=tuple(group for _dimension, _colon, group in chosen),
            how=data["how"],
            doors=tuple(line.strip() for line in data["doors"].splitlines() if line.strip()),
            margin=data["margin"] / 100 if data["margin"] else None,
            expected=data["expected"],
        )


class CountLinkForm(Refusing):
    """A new link to count by."""

    purpose = forms.ChoiceField(label=_("What for"), choices=PURPOSE)
    name = forms.CharField(label=_("Name"), required=False, max_length=100, help_text=_("For example: the volunteers of Tuesday."))


class SheetForm(Refusing):
    """A week on paper of one door: a line per part of the day, a number per group. A line without numbers was not counted."""

    def __init__(
        self, *args: Any, round_view: RoundView, monday: date, entered: Mapping[tuple[date, str], Mapping[str, int]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        lang, last = language(), min(monday + timedelta(days=6), round_view.ends)
        first = max(monday, round_view.starts)
        self.groups = [(group, capital(groups.group_label(group, lang))) for group in round_view.groups]
        self.occasions = weeks.occasions(first, last, round_view.slots, ()) if first <= last else []
        for day, slot in self.occasions:
            for group, label in self.groups:
                number = forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_PEOPLE)
                number.label = f"{capital(weeks.slot_label(slot, lang))} {day.day}-{day.month}, {label}"
                number.initial = entered.get((day, slot), {}).get(group)
                self.fields[_field(day, slot, group)] = number

    def lines(self) -> list[tuple[date, str, list[forms.BoundField]]]:
        """The lines of the table: day, daypart, and a field for each group."""
        lang = language()
        return [
            (day, capital(weeks.slot_label(slot, lang)), [self[_field(day, slot, group)] for group, _label in self.groups])
            for day, slot in self.occasions
        ]

    def sheet(self) -> dict[tuple[date, str], dict[str, int]]:
        """What was typed; a line without any number is empty."""
        data = self.cleaned_data
        found = {
            (day, slot): [(group, data.get(_field(day, slot, group))) for group, _label in self.groups] for day, slot in self.occasions
        }
        return {line: {group: number for group, number in numbers if number is not None} for line, numbers in found.items()}


def _field(day: date, slot: str, group: str) -> str:
    return f"n_{day.isoformat()}_{slot}_{group}"


class DimensionsForm(ReasonForm):
    """By what visitors may be told apart when they are counted."""

    chosen = forms.MultipleChoiceField(label=_("Counters may tell apart"), required=False, widget=forms.CheckboxSelectMultiple)
    field_order = ("chosen", "reason")

    def __init__(self, *args: Any, allowed: Mapping[str, Sequence[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = language()
        known = groups.all_dimensions()
        self.fields["chosen"].choices = [  # type: ignore[attr-defined]
            (f"{dimension}:{group}", f"{capital(groups.dimension_label(dimension, lang))}: {groups.group_label(group, lang)}")
            for dimension, members in known.items()
            for group in members
        ]
        self.fields["chosen"].initial = [f"{dimension}:{group}" for dimension, members in allowed.items() for group in members]

    def by_dimension(self) -> dict[str, list[str]]:
        """What was ticked: dimension -> groups."""
        result: dict[str, list[str]] = {}
        for value in self.cleaned_data["chosen"]:
            dimension, _colon, group = value.partition(":")
            result.setdefault(dimension, []).append(group)
        return result
