# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The visitor card and the questions for residents as forms, in any of their languages; and the forms of who makes their links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from knopenkaart.errors import InputError
from knopenkaart.vocabulary.questionnaire import Questionnaire
from knopenkaart_web.cards import checking, queries
from knopenkaart_web.cards.models import HOW_MANY, MOST_TIMES, REGULAR, TEXT_LENGTH, today
from knopenkaart_web.cards.tokens import new_nonce, read_nonce
from knopenkaart_web.cards.views_data import CardAnswers, Choice, Door, NamedPlace, OwnWords, ResidentAnswers, Switches
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.places import words

# What somebody chooses who will not say: an answer to the form, and none to the question.
SKIP = "skip"
NAME_LENGTH = 120
_POSTCODE = re.compile(r"(\d{4})\s*([^\W\d_]{2})?")
# The codes of an action, as the lines of the questions that tell them.
_TOLD = {
    "card.number": "frequency",
    "card.origin": "postcode",
    "values.long": "long",
    "card.twice": "twice",
    "card.many": "many",
    "card.empty": "empty",
}
# Columns that are more than one field.
_FIELDS = {"origin": "postcode", "goes": "goes_1", "goes_not": "not_1"}


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it stands on a card: its fields under one heading."""

    number: int
    name: str
    text: str
    help: str
    fields: list[forms.BoundField]

    @property
    def errors(self) -> list[str]:
        """All that is wrong with its answer."""
        return [str(error) for field in self.fields for error in field.errors]


class NumberField(forms.CharField):
    """A number of times, in the digits of any script; nothing is None."""

    def __init__(self, message: str, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=10, **kwargs)
        self.message = message

    def clean(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        if not text.isdecimal() or int(text) > MOST_TIMES:
            raise forms.ValidationError(self.message)
        return int(text)


class PostcodeField(forms.CharField):
    """The four digits of a postcode; letters that somebody adds are left out, for they would tell the street."""

    def __init__(self, message: str, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=20, **kwargs)
        self.message = message

    def clean(self, value: Any) -> str:
        text = str(value or "").strip()
        found = _POSTCODE.fullmatch(text)
        digits = str(int(found[1])) if found else ""
        if text and not checking.is_postcode(digits):
            raise forms.ValidationError(self.message)
        return digits


class OwnWordsField(forms.CharField):
    """Free text. A browser counts a new line as one character, and sends two."""

    def __init__(self, message: str, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": TEXT_LENGTH, "dir": "auto"}), **kwargs)
        self.message = message

    def clean(self, value: Any) -> str:
        text = str(value or "").replace("\r\n", "\n").strip()
        if len(text) > TEXT_LENGTH:
            raise forms.ValidationError(self.message)
        return text


class QuestionForm(forms.Form):
    """What card and survey share: one language, a number by which it is stored once, a trap for machines, and refusals in words."""

    asked: Mapping[str, tuple[str, ...]]

    def __init__(self, data: Any, *, door: Door, questions: Questionnaire) -> None:
        super().__init__(data)
        self.door, self.q = door, questions
        self.fields["nonce"] = forms.CharField(widget=forms.HiddenInput, initial=new_nonce, required=False, max_length=200)
        self.fields["website"] = forms.CharField(required=False, label=questions.texts["trap"], max_length=500)

    @property
    def nonce(self) -> UUID:
        """The number of this form; of one that is right there is one."""
        found = read_nonce(self.cleaned_data["nonce"])
        if found is None:
            raise RuntimeError("A form without a number is not right.")
        return found

    @property
    def is_trapped(self) -> bool:
        """Whether a machine filled in what people do not see."""
        return bool(str(self.data.get("website", "")).strip()) if self.is_bound else False

    def clean(self) -> dict[str, Any]:
        """A form that stood open for too long gets a new number; what was typed stays."""
        data = super().clean() or {}
        if read_nonce(str(data.get("nonce", ""))) is None:
            self.data = {**dict(self.data.items()), "nonce": new_nonce()}
            self.add_error(None, self.q.errors["expired"])
        return data

    def refuse(self, error: InputError) -> None:
        """Show all that an action refused; what was typed stays."""
        faults = [(fault.column or "", fault.code) for fault in error.faults] or [("", error.code)]
        for column, code in faults:
            name = _FIELDS.get(column, column)
            self.add_error(name if name in self.fields else None, self.q.errors[_TOLD.get(code, "choice")])

    def questions(self) -> list[Question]:
        """The questions in their order, each with its fields and a number."""
        found = [(name, fields) for name, fields in self.asked.items() if fields[0] in self.fields]
        return [
            Question(number, name, self.q.questions[name], self._help(name), [self[field] for field in fields if field in self.fields])
            for number, (name, fields) in enumerate(found, 1)
        ]

    def _help(self, name: str) -> str:
        own = {"avoid": "open", "missing": "open", "household": "apart", "self_origin": "apart", "education": "apart"}
        return self.q.help.get(own.get(name, name), "")

    def _choices(self, name: str, options: Iterable[tuple[str, str]]) -> None:
        choices = [*options, (SKIP, self.q.texts["skip"])]
        messages = {"invalid_choice": self.q.errors["choice"]}
        self.fields[name] = forms.ChoiceField(required=False, choices=choices, widget=forms.RadioSelect, error_messages=messages)

    def _select(self, name: str, label: str, options: Iterable[tuple[str, str]]) -> None:
        choices, messages = [("", self.q.texts["choose"]), *options], {"invalid_choice": self.q.errors["choice"]}
        self.fields[name] = forms.ChoiceField(required=False, label=label, choices=choices, error_messages=messages)

    def _how_many(self, *names: str) -> None:
        for name in names:
            self._choices(name, [(code, self.q.answers["how_many"][code]) for code in HOW_MANY])

    def _number(self, name: str, label: str) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "dir": "ltr", "class": "kk-card-number"}
        self.fields[name] = NumberField(self.q.errors["frequency"], label=label, widget=forms.TextInput(attrs=attrs))

    def _place(self, name: str, label: str, help_text: str = "") -> None:
        attrs = {"list": "places", "autocomplete": "off", "dir": "auto"}
        field = forms.CharField(
            required=False, label=label, help_text=help_text, max_length=NAME_LENGTH, widget=forms.TextInput(attrs=attrs)
        )
        field.error_messages["max_length"] = self.q.errors["long"]
        self.fields[name] = field

    def _group(self, name: str, dimension: str) -> None:
        self._choices(name, [(group, self._group_name(dimension, group)) for group in checking.groups_of(dimension)])

    def _group_name(self, dimension: str, group: str) -> str:
        named = self.q.groups.get(group) or self.q.answers.get(dimension, {}).get(group)
        known = words.vocabulary().groups.get(group)
        return named or (str(getattr(known, self.q.language, known.nl)) if known else group)

    def _home(self) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "dir": "ltr", "class": "kk-card-number"}
        label = self.q.texts["postcode"]
        self.fields["postcode"] = PostcodeField(self.q.errors["postcode"], label=label, widget=forms.TextInput(attrs=attrs))
        if self.door.buurten:
            self._select("buurt", self.q.texts["buurt"], [(item.id, item.label) for item in self.door.buurten])

    def _origin(self) -> str:
        return str(self.cleaned_data.get("buurt") or self.cleaned_data["postcode"])

    def _chosen(self, name: str) -> str:
        value = str(self.cleaned_data.get(name, ""))
        return "" if value == SKIP else value


class CardForm(QuestionForm):
    """The visitor card."""

    asked = {  # noqa: RUF012 - a constant
        "frequency": ("frequency",),
        "regular": ("regular",),
        "origin": ("postcode", "buurt"),
        "age": ("age",),
        "household": ("household",),
        "self_origin": ("self_origin",),
        "education": ("education",),
        "recognise": ("recognise",),
        "greet": ("greet",),
        "different": ("different",),
        "elsewhere": ("elsewhere", "which_place"),
        "avoid": ("avoid",),
    }
    SAID = {"household": "household", "origin": "self_origin", "education": "education"}  # noqa: RUF012 - a constant

    def __init__(self, data: Any, *, door: Door, questions: Questionnaire) -> None:
        super().__init__(data, door=door, questions=questions)
        q = questions
        self._number("frequency", q.texts["own_number"])
        self._choices("regular", [(code, q.answers["regular"][code]) for code in REGULAR])
        self._home()
        self._group("age", checking.AGE)
        for dimension in door.dimensions:
            self._group(self.SAID[dimension], dimension)
        self._how_many("recognise", "greet", "different")
        self._choices("elsewhere", [(code, q.answers["elsewhere"][code]) for code in (checking.OTHER, checking.NOWHERE)])
        self._place("which_place", q.texts["which_place"], q.texts["which_place_help"])
        self.fields["avoid"] = OwnWordsField(q.errors["long"])

    def clean(self) -> dict[str, Any]:
        """Nowhere is no place."""
        data = super().clean()
        if data.get("elsewhere") == checking.NOWHERE and data.get("which_place"):
            self.add_error("which_place", self.q.errors["both"])
        return data

    def answers(self) -> CardAnswers:
        """What was answered, with a place that was typed by its id; a name that we do not know is kept apart."""
        typed, elsewhere = str(self.cleaned_data["which_place"]), self._chosen("elsewhere")
        place = queries.place_named(self.door, typed) if typed else None
        texts = {"avoid": str(self.cleaned_data["avoid"]), "elsewhere": "" if place else typed}
        chosen = ("regular", "age", "recognise", "greet", "different")
        said = {dimension: self._chosen(self.SAID[dimension]) for dimension in self.door.dimensions}
        return CardAnswers(
            frequency=self.cleaned_data["frequency"],
            origin=self._origin(),
            elsewhere=place or (checking.OTHER if typed else elsewhere),
            said={name: group for name, group in said.items() if group},
            texts={name: text for name, text in texts.items() if text},
            **{name: self._chosen(name) for name in chosen},
        )


class PaperCardForm(CardForm):
    """A card from paper, typed over by who runs the place: with the day that stands on it."""

    def __init__(self, data: Any, *, door: Door, questions: Questionnaire) -> None:
        super().__init__(data, door=door, questions=questions)
        self.fields["day"] = forms.DateField(
            label=_("Day on which the card was filled in"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), initial=today
        )

    def refuse(self, error: InputError) -> None:
        if error.code == "card.day":
            self.add_error("day", error_text(error.code))
        else:
            super().refuse(error)


class ResidentForm(QuestionForm):
    """The questions for residents."""

    asked = {  # noqa: RUF012 - a constant
        "goes": tuple(f"{part}_{row}" for row in range(1, checking.MOST_PLACES + 1) for part in ("goes", "often")),
        "goes_not": tuple(f"{part}_{row}" for row in range(1, checking.MOST_AVOIDED + 1) for part in ("not", "reason", "why")),
        "missing": ("missing",),
        "neighbours": ("neighbours",),
        "origin": ("postcode", "buurt"),
        "age": ("age",),
    }

    def __init__(self, data: Any, *, door: Door, questions: Questionnaire) -> None:
        super().__init__(data, door=door, questions=questions)
        q = questions
        for row in range(1, checking.MOST_PLACES + 1):
            self._place(f"goes_{row}", q.texts["goes_place"].format(number=row))
            self._number(f"often_{row}", q.texts["goes_often"])
        for row in range(1, checking.MOST_AVOIDED + 1):
            self._place(f"not_{row}", q.texts["not_place"].format(number=row))
            self._select(f"reason_{row}", q.texts["not_reason"], q.answers["reasons"].items())
            attrs = {"dir": "auto", "autocomplete": "off"}
            self.fields[f"why_{row}"] = forms.CharField(
                required=False, label=q.texts["not_text"], max_length=TEXT_LENGTH, widget=forms.TextInput(attrs=attrs)
            )
        self.fields["missing"] = OwnWordsField(q.errors["long"])
        self._how_many("neighbours")
        self._home()
        self._group("age", checking.AGE)

    def clean(self) -> dict[str, Any]:
        """What is said of a place needs the place, and a place is named once."""
        data = super().clean()
        seen: set[str] = set()
        for name, also in self._rows():
            typed = str(data.get(name) or "").strip()
            place = queries.place_named(self.door, typed) if typed else None
            if not typed and any(data.get(field) not in {None, ""} for field in also):
                self.add_error(name, self.q.errors["place"])
            if place is not None and place in seen:
                self.add_error(name, self.q.errors["twice"])
            seen |= {place} if place else set()
        return data

    def answers(self) -> ResidentAnswers:
        """What was answered; names that we do not know, and reasons in own words, are kept apart."""
        places: list[NamedPlace] = []
        texts: list[OwnWords] = []
        for name, also in self._rows():
            typed = str(self.cleaned_data[name]).strip()
            place, goes = queries.place_named(self.door, typed) if typed else None, name.startswith("goes_")
            question = "goes" if goes else "goes_not"
            if place:
                said = {"frequency": self.cleaned_data[also[0]]} if goes else {"reason": self.cleaned_data[also[0]]}
                places.append(NamedPlace(place_id=place, goes=goes, **said))
            elif typed:
                texts.append(OwnWords(question=question, text=typed))
            if not goes and self.cleaned_data[also[1]].strip():
                texts.append(OwnWords(question=question, text=self.cleaned_data[also[1]].strip(), place_id=place))
        if self.cleaned_data["missing"]:
            texts.append(OwnWords(question="missing", text=self.cleaned_data["missing"]))
        chosen = {name: self._chosen(name) for name in ("age", "neighbours")}
        return ResidentAnswers(places=tuple(places), origin=self._origin(), texts=tuple(texts), **chosen)

    @staticmethod
    def _rows() -> list[tuple[str, tuple[str, ...]]]:
        """The field of each place with those that say more of it."""
        goes = [(f"goes_{row}", (f"often_{row}",)) for row in range(1, checking.MOST_PLACES + 1)]
        return [*goes, *((f"not_{row}", (f"reason_{row}", f"why_{row}")) for row in range(1, checking.MOST_AVOIDED + 1))]


class LinkForm(forms.Form):
    """A new link: for how long, and what it is for."""

    name = forms.CharField(
        label=_("Name of the link"), required=False, max_length=100, help_text=_("For yourself, for example: poster at the entrance.")
    )
    first_day = forms.DateField(label=_("First day"), initial=today, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={"last_day": today() + timedelta(days=90)})

    def refuse(self, error: InputError) -> None:
        """Show what the action refused; what was typed stays."""
        self.add_error("last_day" if error.code == "link.period" else None, error_text(error.code))


class ResidentLinkForm(LinkForm):
    """A new link for residents, of all or of one wijk."""

    wijk_code = forms.ChoiceField(label=_("For whom"), required=False)
    field_order = ("wijk_code", "name", "first_day", "last_day")

    def __init__(self, data: Any, *, wijken: Iterable[Choice]) -> None:
        super().__init__(data)
        self.fields["wijk_code"].choices = [("", _("everybody")), *((item.id, item.label) for item in wijken)]  # type: ignore[attr-defined]


class SwitchesForm(forms.Form):
    """What a manager lets people be asked about themselves, and whether the page for residents is open."""

    dimensions = forms.MultipleChoiceField(
        label=_("Visitors may say of themselves"),
        required=False,
        choices=(
            ("household", _("household")),
            ("origin", _("origin, as they see it themselves (a special category of personal data)")),
            ("education", _("education")),
        ),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only sums per place and quarter are kept, never what one person said. Ask only what you will use."),
    )
    open_survey = forms.BooleanField(label=_("Residents may answer without a link"), required=False)

    @classmethod
    def of(cls, data: Any, switches: Switches) -> SwitchesForm:
        """The form filled with what is switched on now."""
        return cls(data, initial={"dimensions": list(switches.dimensions), "open_survey": switches.open_survey})
