# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The forms of a file with counts, a series, bookings or indicators: the file itself, and what its columns and words mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from knopenkaart_web.pages.forms.freshness import RefusableForm
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.written import capital
from knopenkaart_web.places import words
from knopenkaart_web.places.queries.figures import FigureFileView

KINDS = (
    ("counts", _("Counts by hand: how many people per day and part of the day")),
    ("series", _("A turnstile, a door counter, or visits per month")),
    ("bookings", _("Bookings of rooms")),
)
STUDY_KINDS = (
    ("series", _("Visits per month of several places")),
    ("indicators", _("Figures about wijken and buurten, by group, for the Wijkmonitor")),
)
HOW = (("entering", _("Who comes in")), ("present", _("Who is there at one moment")))
MEANINGS: Mapping[str, tuple[tuple[str, Any], ...]] = {
    "counts": (
        ("date", _("Date")), ("weekday", _("Day of the week")), ("slot", _("Part of the day")), ("time", _("Time")), ("group", _("Group")),
        ("door", _("Door")), ("minutes", _("Minutes counted")), ("people", _("Number of people")), ("group:all", _("Total")),
    ),
    "series": (
        ("place", _("Place")), ("moment", _("Day, month or moment")), ("hour", _("Hour")), ("in", _("Came in")), ("out", _("Went out")),
        ("both", _("In and out together")), ("reading", _("Reading of a counter that goes on counting")), ("people", _("Visits")),
    ),
    "bookings": (
        ("room", _("Room")), ("start", _("Begin")), ("end", _("End")), ("date", _("Date")), ("start_time", _("Time of the begin")),
        ("end_time", _("Time of the end")), ("activity", _("Activity")), ("attendees", _("Number of people")), ("status", _("Status")),
    ),
}  # fmt: skip
LEFT_OUT = "-"
_UNKNOWN_WORDS = frozenset({"counts.group"})


class FigureFileForm(RefusableForm):
    """A file to read."""

    kind = forms.ChoiceField(label=_("What the file holds"), choices=KINDS, widget=forms.RadioSelect)
    file = forms.FileField(label=_("The file"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.gz"}))
    week = forms.DateField(
        label=_("A day of the week that was counted"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Only for counts by hand without dates in the file."),
    )
    how = forms.ChoiceField(label=_("What was counted"), choices=HOW, required=False, initial="entering")

    def __init__(self, *args: Any, several: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = settings.UPLOAD_MAX_BYTES // 1024**2
        self.fields["file"].help_text = _("Excel (.xlsx) or CSV, at most %(most)s MB.") % {"most": most}
        if several:
            for name in ("week", "how"):
                del self.fields[name]
            self.fields["kind"] = forms.ChoiceField(label=_("What the file holds"), choices=STUDY_KINDS, widget=forms.RadioSelect)

    def values(self) -> dict[str, Any]:
        """What was filled in, besides the file."""
        data = self.cleaned_data
        return {"kind": data["kind"], "week": data.get("week"), "how": data.get("how") or "entering"}


class ColumnsForm(RefusableForm):
    """What each column of a file means, and which place, room or group its own words stand for."""

    def __init__(self, *args: Any, file: FigureFileView, known: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.file = file
        for column in file.columns.get("columns", []):
            self.fields[f"column_{column['number']}"] = self._meaning(column)
        self.unknown = _unknown_words(file)
        choices = [("", "---"), (LEFT_OUT, _("leave these rows out")), *(known.items() if file.kind != "counts" else _groups())]
        for number, word in enumerate(self.unknown):
            self.fields[f"word_{number}"] = forms.ChoiceField(label=word, required=False, choices=choices)

    def _meaning(self, column: Mapping[str, Any]) -> forms.ChoiceField:
        choices = [("", _("leave out")), *MEANINGS[self.file.kind]]
        field = str(column.get("field") or "")
        if self.file.kind == "counts":
            choices += [(f"group:{key}", label) for key, label in _groups() if key != "all"]
        if field not in dict(choices):
            # The header is a day or a part of the day: that is what it means, or nothing.
            choices.append((field, column["header"]))
        return forms.ChoiceField(label=column["header"], required=False, choices=choices, initial=field)

    def columns(self) -> list[forms.BoundField]:
        """The fields of the columns."""
        return [self[f"column_{column['number']}"] for column in self.file.columns.get("columns", [])]

    def words(self) -> list[forms.BoundField]:
        """The fields of the words that nobody knows."""
        return [self[f"word_{number}"] for number in range(len(self.unknown))]

    def corrected(self) -> dict[str, Any]:
        """The columns as they are now, in the plain values that the engine reads."""
        data = self.cleaned_data
        columns = [{**column, "field": data[f"column_{column['number']}"]} for column in self.file.columns.get("columns", [])]
        said = {word: data[f"word_{number}"] for number, word in enumerate(self.unknown) if data[f"word_{number}"]}
        own = {word: "" if means == LEFT_OUT else means for word, means in said.items()}
        return {**self.file.columns, "columns": columns, "words": {**self.file.columns.get("words", {}), **own}}


def _unknown_words(file: FigureFileView) -> list[str]:
    """Names and words that nobody knows, each once."""
    doubtful = [str(item["name"]) for item in file.found.get("doubts", [])]
    return list(dict.fromkeys([*doubtful, *(str(fault["value"]) for fault in file.faults if fault.get("code") in _UNKNOWN_WORDS)]))


def _groups() -> list[tuple[str, Any]]:
    named = [(group.id, capital(group.name(language()))) for group in words.vocabulary().groups.values()]
    return [*named, ("unknown", _("Unknown")), ("all", _("Total"))]
