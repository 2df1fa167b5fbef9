# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The forms around a place that people other than editors use, and those by which editors answer them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from knopenkaart.errors import InputError
from knopenkaart_web.freshness.models import NAME_LENGTH, TEXT_LENGTH
from knopenkaart_web.freshness.views_data import PROPOSABLE
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.forms.place import WHEELCHAIR, CorrectPlaceForm, ReasonForm
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.templatetags.freshness import TOPICS
from knopenkaart_web.pages.templatetags.labels import wheelchair_label
from knopenkaart_web.places import words
from knopenkaart_web.places.values import OPERATED
from knopenkaart_web.places.views_data import PlaceView

LANGUAGES = (("nl", _("Dutch")), ("en", _("English")))


class RefusableForm(forms.Form):
    """What an action refuses stands beside the field that it is about."""

    def refuse(self, error: InputError) -> None:
        """Show all that an action refused; what was typed stays."""
        faults = [(fault.column, fault.code) for fault in error.faults] or [(None, error.code)]
        for column, code in faults:
            self.add_error(column if column in self.fields else None, error_text(code))


class ReactionForm(RefusableForm):
    """What is wrong with a place. `homepage` is for machines that fill in everything; people do not see it."""

    topic = forms.ChoiceField(label=_("What is wrong?"), choices=TOPICS, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What should it be?"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Not needed where the place no longer exists. Write no names. Only the editors of this map read it."),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Only if you want an answer. We throw it away as soon as you have it."),
    )
    homepage = forms.CharField(required=False, label=_("Leave this empty"), widget=forms.TextInput(attrs={"tabindex": "-1"}))

    def is_machine(self) -> bool:
        """Whether something filled in what people do not see."""
        return bool(self.data.get("homepage"))


class InviteForm(RefusableForm):
    """Whom to invite to look after a place."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(
        label=_("Name"), required=False, max_length=NAME_LENGTH, help_text=_("Stands above the mail. Only editors see it.")
    )
    language = forms.ChoiceField(label=_("Language of the mails"), choices=LANGUAGES)


class EndForm(ReasonForm):
    """Why somebody runs a place no more, or why a reply is hidden."""


class AnswerForm(RefusableForm):
    """What an editor answers to whoever told something."""

    answer = forms.CharField(
        label=_("Your answer"), required=False, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ReplyForm(RefusableForm):
    """What who runs a place writes beside it."""

    text = forms.CharField(
        label=_("Your text"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Everybody can read it, with the date. Write no names of people without asking them."),
    )


class MailLogInForm(forms.Form):
    """Where to mail a link to log in."""

    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class OwnPlaceForm(CorrectPlaceForm):
    """All that who runs a place may say of it: what changes at once, and what an editor looks at first."""

    status = forms.ChoiceField(label=_("Status"))
    remark = forms.CharField(
        label=_("Something else for the municipality"), required=False, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("archetype", "lat", "lon", "reason"):
            del self.fields[name]
        steps = [(item, words.status_label(item, language())) for item in words.vocabulary().statuses]
        self.fields["status"].choices = steps  # type: ignore[attr-defined]
        present = self.initial.get("wheelchair")
        if present and present not in dict(WHEELCHAIR):
            self.fields["wheelchair"].choices = [*WHEELCHAIR, (present, wheelchair_label(present))]  # type: ignore[attr-defined]
        self.fields["opening_hours"].help_text = _(
            "For example: Mo-Fr 09:00-17:00; Sa 10:00-13:00. The days are Mo Tu We Th Fr Sa Su. Write off for closed."
        )

    @classmethod
    def of(cls, place: PlaceView, data: Any = None, proposed: Mapping[str, Any] | None = None) -> OwnPlaceForm:
        """The form filled with what the place has now."""
        names = (*OPERATED, *PROPOSABLE)
        return cls(data, initial={name: getattr(place, name) for name in names} | {"version": place.version})

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings."""
        own = ("opening_hours", "phone", "email", "website", "wheelchair", "description", "functions", "operator")
        asked = ("name", "kind", "street", "housenumber", "postcode", "city", "status", "remark")
        return [
            (_("This changes at once"), [self[name] for name in own]),
            (_("An editor looks at this first"), [self[name] for name in asked]),
        ]

    def own_values(self) -> dict[str, Any]:
        """What was changed of what changes at once."""
        return self._changed(OPERATED)

    def proposed(self) -> dict[str, Any]:
        """What was changed of what an editor looks at first."""
        return self._changed(PROPOSABLE)

    def _changed(self, names: Any) -> dict[str, Any]:
        data = self.cleaned_data
        return {name: None if data[name] == "" else data[name] for name in names if name in self.changed_data}
