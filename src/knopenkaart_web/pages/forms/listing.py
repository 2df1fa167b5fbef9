# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The forms of an import: the file, what its columns mean, and the confirmation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from knopenkaart_web.pages.forms.place import ReasonForm
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.written import capital
from knopenkaart_web.places import words

MEANINGS = (
    ("", _("leave out")), ("name", _("Name")), ("kind", _("Kind")), ("street", _("Street")), ("housenumber", _("House number")),
    ("address", _("Street and number together")), ("postcode", _("Postcode")), ("city", _("Town")), ("phone", _("Telephone")),
    ("email", _("E-mail")), ("website", _("Website")), ("opening_hours", _("Opening hours")), ("wheelchair", _("Wheelchair access")),
    ("operator", _("Run by")), ("description", _("Description")), ("status", _("Status")), ("functions", _("Functions")),
    ("last_verified", _("Last verified")), ("lon", _("Longitude")), ("lat", _("Latitude")), ("x_rd", _("X in Dutch coordinates (RD)")),
    ("y_rd", _("Y in Dutch coordinates (RD)")), ("id", _("Own number of the place")),
)  # fmt: skip
LEFT_OUT = "-"


class UploadForm(forms.Form):
    """A list to read."""

    file = forms.FileField(
        label=_("The list"), help_text=_("Excel (.xlsx) or CSV."), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"})
    )
    mapping = forms.ChoiceField(
        label=_("Columns"), required=False, help_text=_("Choose columns that were kept for an earlier list, or let the computer guess.")
    )
    confidential = forms.BooleanField(
        label=_("This list is confidential"), required=False, help_text=_("Visitors then do not see the places that only this list knows.")
    )

    def __init__(self, *args: Any, saved: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mapping"].choices = [("", _("guess")), *((name, name) for name in saved)]  # type: ignore[attr-defined]


class MappingForm(forms.Form):
    """What each column means, and what the list's own words for kinds mean. Filled with what was used the last time."""

    default_kind = forms.ChoiceField(label=_("Kind of rows without a kind"), required=False)

    def __init__(self, *args: Any, mapping: Mapping[str, Any], unknown_words: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mapping, self.unknown_words = mapping, list(unknown_words)
        kinds = sorted(((kind, capital(words.kind_label(kind, language()))) for kind in words.vocabulary().kinds), key=lambda pair: pair[1])
        self.fields["default_kind"].choices = [("", _("none")), *kinds]  # type: ignore[attr-defined]
        self.fields["default_kind"].initial = mapping.get("default_kind", "")
        for column in mapping.get("columns", []):
            self._add_column(column)
        for place, word in enumerate(self.unknown_words):
            choices = [("", "---"), (LEFT_OUT, _("leave these rows out")), *kinds]
            self.fields[f"word_{place}"] = forms.ChoiceField(label=word, required=False, choices=choices)

    def _add_column(self, column: Mapping[str, Any]) -> None:
        number, header = column["number"], column["header"] or "–"
        self.fields[f"column_{number}"] = forms.ChoiceField(
            label=header, required=False, choices=MEANINGS, initial=column.get("field") or ""
        )
        secret = forms.BooleanField(label=_("confidential"), required=False, initial=bool(column.get("confidential")))
        self.fields[f"secret_{number}"] = secret

    def columns(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """For each column the field of its meaning and that of its secrecy."""
        numbers = [column["number"] for column in self.mapping.get("columns", [])]
        return [(self[f"column_{number}"], self[f"secret_{number}"]) for number in numbers]

    def words(self) -> list[forms.BoundField]:
        """The fields of the words that nobody knows."""
        return [self[f"word_{place}"] for place in range(len(self.unknown_words))]

    def clean(self) -> dict[str, Any]:
        """A meaning belongs to one column: every second one is a fault, shown at its column."""
        data, seen = super().clean() or {}, set()
        for column in self.mapping.get("columns", []):
            name = f"column_{column['number']}"
            if data.get(name) and data[name] in seen:
                self.add_error(name, _("Another column has this meaning already."))
            seen.add(data.get(name))
        return data

    def corrected(self) -> dict[str, Any]:
        """The mapping as it is now, in the plain values that the engine reads."""
        data = self.cleaned_data
        columns = [
            {**column, "field": data[f"column_{column['number']}"], "confidential": data[f"secret_{column['number']}"], "why": "given"}
            for column in self.mapping.get("columns", [])
        ]
        answers = {word: data[f"word_{place}"] for place, word in enumerate(self.unknown_words)}
        kinds = {word: "" if kind == LEFT_OUT else kind for word, kind in answers.items() if kind}
        return {
            **self.mapping,
            "columns": columns,
            "default_kind": data["default_kind"],
            "kinds": {**self.mapping.get("kinds", {}), **kinds},
        }


class ConfirmForm(ReasonForm):
    """Yes, bring it in; and keep the columns for the next time under a name."""

    keep_as = forms.CharField(
        label=_("Keep these columns as"), required=False, max_length=200, help_text=_("A name, if you will read a list of this form again.")
    )
    field_order = ("keep_as", "reason")
