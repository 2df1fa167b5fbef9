# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The forms about a place: add, correct, change its status, merge, split."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from knopenkaart import opening_hours
from knopenkaart.errors import InputError
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.language import language
from knopenkaart_web.places import words
from knopenkaart_web.places.values import FIRST_STATUSES
from knopenkaart_web.places.views_data import PlaceRow, PlaceView

WHEELCHAIR = (("", _("unknown")), ("yes", _("yes")), ("limited", _("partly")), ("no", _("no")))
FIELDS = (
    "name", "kind", "functions", "archetype", "description", "street", "housenumber", "postcode", "city", "lon", "lat", "phone", "email",
    "website", "opening_hours", "wheelchair", "operator",
)  # fmt: skip
POINT = {"lon", "lat"}
GROUPS = (
    (_("What it is"), ("name", "kind", "functions", "archetype", "description", "operator")),
    (_("Where it is"), ("street", "housenumber", "postcode", "city", "lat", "lon")),
    (_("For who comes"), ("opening_hours", "wheelchair", "phone", "email", "website")),
)


class ReasonForm(forms.Form):
    """Every write has a reason. What an action refuses stands beside the field that it is about."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("Why do you change this? The reason stands in the history."), widget=forms.TextInput
    )

    def refuse(self, error: InputError) -> None:
        """Show all that an action refused; what was typed stays."""
        faults = [(fault.column, fault.code) for fault in error.faults] or [(None, error.code)]
        for column, code in faults:
            self.add_error(column if column in self.fields else None, error_text(code))


class DegreesField(forms.FloatField):
    """Degrees with a comma or a point: a map elsewhere gives points, also to who writes Dutch."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]
        """The number, or None for nothing."""
        return super().to_python(str(value).replace(",", ".") if value is not None else value)


class PlaceForm(ReasonForm):
    """All that an editor may say of a place."""

    name = forms.CharField(label=_("Name"), required=False, max_length=300)
    kind = forms.ChoiceField(label=_("Kind"))
    functions = forms.MultipleChoiceField(label=_("Functions"), required=False, widget=forms.CheckboxSelectMultiple)
    archetype = forms.ChoiceField(label=_("Character"), required=False, help_text=_("Leave it open if nobody has looked yet."))
    description = forms.CharField(label=_("Description"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    operator = forms.CharField(label=_("Run by"), required=False, max_length=300)
    street = forms.CharField(label=_("Street"), required=False, max_length=200)
    housenumber = forms.CharField(label=_("House number"), required=False, max_length=60)
    postcode = forms.CharField(label=_("Postcode"), required=False, max_length=20)
    city = forms.CharField(label=_("Town"), required=False, max_length=200)
    lat = DegreesField(
        label=_("Latitude"),
        required=False,
        min_value=-90,
        max_value=90,
        help_text=_("In degrees, for example 52.01. Leave it empty for a digital place."),
    )
    lon = DegreesField(label=_("Longitude"), required=False, min_value=-180, max_value=180, help_text=_("In degrees, for example 4.37."))
    opening_hours = forms.CharField(
        label=_("Opening hours"),
        required=False,
        max_length=1000,
        help_text=_("In the notation of OpenStreetMap, for example: Mo-Fr 09:00-17:00; Sa 10:00-13:00"),
    )
    wheelchair = forms.ChoiceField(label=_("Wheelchair access"), required=False, choices=WHEELCHAIR)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=300)
    website = forms.URLField(label=_("Website"), required=False, max_length=1000, assume_scheme="https")
    field_order = (*FIELDS, "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known, lang = words.vocabulary(), language()
        kinds = sorted(((kind, words.kind_label(kind, lang)) for kind in known.kinds), key=lambda pair: pair[1])
        self.fields["kind"].choices = [("", "---"), *kinds]  # type: ignore[attr-defined]
        self.fields["functions"].choices = [(item, words.function_label(item, lang)) for item in known.functions]  # type: ignore[attr-defined]
        archetypes = [(item, words.archetype_label(item, lang)) for item in known.archetypes]
        self.fields["archetype"].choices = [("", _("assumed from the kind of place")), *archetypes]  # type: ignore[attr-defined]

    def clean_opening_hours(self) -> str:
        """Hours that the computer can read: what comes from a source may be broken, what an editor types need not be."""
        text = str(self.cleaned_data["opening_hours"]).strip()
        if text and not opening_hours.is_valid(text):
            raise forms.ValidationError(_("We cannot read these opening hours. Write them like this: Mo-Fr 09:00-17:00"))
        return text

    def clean(self) -> dict[str, Any]:
        """A point has two numbers, or none."""
        data = super().clean() or {}
        if ("lat" in data and "lon" in data) and (data["lat"] is None) != (data["lon"] is None):
            self.add_error("lat" if data["lat"] is None else "lon", _("Give both numbers, or none."))
        return data

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings; the reason stands apart."""
        return [(title, [self[name] for name in names]) for title, names in GROUPS]

    def values(self) -> dict[str, Any]:
        """What was typed, as columns of a place; nothing typed is None."""
        values = {name: self.cleaned_data.get(name) for name in FIELDS}
        # No character chosen means: the one that belongs to the kind, still to be looked at.
        return {name: None if value == "" else value for name, value in values.items() if name != "archetype" or value}


class NewPlaceForm(PlaceForm):
    """A place that nobody knew: its life may begin as a plan."""

    status = forms.ChoiceField(label=_("Status"), initial="open")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [(item, words.status_label(item, language())) for item in FIRST_STATUSES]  # type: ignore[attr-defined]


class CorrectPlaceForm(PlaceForm):
    """A correction holds for the version that the editor saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, place: PlaceView, data: Any = None, proposed: Mapping[str, Any] | None = None) -> CorrectPlaceForm:
        """The form filled with what the place has now, or what somebody proposes; what is sent is compared with what it has."""
        initial = {name: getattr(place, name) for name in FIELDS} | {"version": place.version}
        # Seven decimals are a centimetre; a source gives more than it knows.
        initial |= {name: round(initial[name], 7) for name in POINT if initial[name] is not None}
        initial["archetype"] = "" if place.archetype_assumed else place.archetype
        return cls(data, initial=initial | dict(proposed or {}) if data is None else initial)

    def changed_values(self) -> dict[str, Any]:
        """Only what the editor changed; of a point always both numbers."""
        changed = {*self.changed_data}
        changed |= POINT if changed & POINT else set()
        return {name: value for name, value in self.values().items() if name in changed}


class StatusForm(ReasonForm):
    """A step in the life of a place: only the steps that may follow."""

    status = forms.ChoiceField(label=_("New status"))
    field_order = ("status", "reason")

    def __init__(self, *args: Any, current: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = words.vocabulary().statuses.get(current)
        steps = known.next if known else tuple(words.vocabulary().statuses)
        self.fields["status"].choices = [(item, words.status_label(item, language())) for item in steps]  # type: ignore[attr-defined]


class MergeForm(ReasonForm):
    """Which of the places nearby is the same place."""

    other = forms.ChoiceField(label=_("The same place as"), widget=forms.RadioSelect, help_text=_("That place goes; its facts come here."))
    field_order = ("other", "reason")

    def __init__(self, *args: Any, candidates: list[PlaceRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [(row.id, ", ".join(filter(None, (row.label, row.kind_label, row.address)))) for row in candidates]  # type: ignore[attr-defined]


class SplitForm(ReasonForm):
    """Which record of a source is really another place."""

    record = forms.ChoiceField(
        label=_("This belongs to another place"), widget=forms.RadioSelect, help_text=_("It becomes a place of its own.")
    )
    field_order = ("record", "reason")

    def __init__(self, *args: Any, records: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.records = records
        self.fields["record"].choices = [(str(number), f"{source}: {name}") for number, (source, name) in enumerate(records)]  # type: ignore[attr-defined]

    def chosen(self) -> tuple[str, str]:
        """The chosen record as (source, identifier there)."""
        return self.records[int(self.cleaned_data["record"])]
