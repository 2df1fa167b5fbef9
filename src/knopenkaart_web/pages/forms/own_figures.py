# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The form of a municipality's own table: what its columns and words mean, and which indicators are new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from knopenkaart.vocabulary.catalogue import THEMES, Catalogue
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.own_queries import known_areas
from knopenkaart_web.pages.forms.freshness import RefusableForm
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.written import capital
from knopenkaart_web.places.queries.figures import FigureFileView

FIELDS = (
    ("area", _("Area: its code or name")), ("level", _("Level: municipality, wijk or buurt")), ("period", _("Year")),
    ("group", _("Group")), ("indicator", _("What the figure is of")), ("value", _("The figure")),
    ("n", _("How many people it is about")), ("low", _("Lower end of the margin")), ("high", _("Upper end of the margin")),
)  # fmt: skip
UNITS = (("percent", _("Percent of people")), ("count", _("Number of people")), ("score", _("Mean mark or score")))
DIRECTIONS = (("neutral", _("Neither")), ("more_is_better", _("More is better")), ("more_is_worse", _("More is worse")))
NATURES = (("own", _("Counted by the municipality")), ("survey", _("Asked in a survey")))
NEW, LEFT_OUT = "new", "-"
# By which faults a word is known to be unknown, and what it may stand for.
_UNKNOWN = {"own.group": "group", "own.area": "area", "own.area_ambiguous": "area", "own.indicator_unknown": "indicator"}
_NAME, _EXPLANATION = 120, 500
# A header of nothing but what kind of number stands below it names no indicator.
_SAYS_NOTHING = frozenset(
    ("waarde", "percentage", "procent", "aandeel", "aantal", "cijfer", "gemiddelde", "score", "value", "percent", "share", "count", "mean")
)
_SIGNS = re.compile(r"\s*(\(\s*%\s*\)|%)\s*")
Choices = list[Any]


class OwnTableForm(RefusableForm):
    """What each column means, what unknown words stand for, and the names of the new indicators."""

    indicator = forms.ChoiceField(
        label=_("What the figures are of"), required=False, help_text=_("Only where no column and no header says so.")
    )
    year = forms.IntegerField(
        label=_("Year of the figures"), required=False, min_value=1900, max_value=2099, help_text=_("Only where no column says so.")
    )
    sheet = forms.ChoiceField(label=_("Sheet of the workbook"), required=False)
    header_row = forms.IntegerField(label=_("Row with the headers"), required=False, min_value=1, max_value=200_000)
    title = forms.CharField(label=_("Name of the table, as a source"), max_length=300)
    licence = forms.CharField(label=_("Licence, or who may use it"), max_length=200, required=False)

    def __init__(self, *args: Any, file: FigureFileView, slug: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.file, self.slug, self.known = file, slug, catalogue()
        for name in ("year", "header_row", "title", "licence"):
            self.fields[name].initial = file.columns.get(name) or None
        self._choose_sheet(file.columns.get("sheets", []), file.columns.get("sheet", ""))
        self.declared = [dict(item) for item in file.columns.get("indicators", [])]
        indicators = [("", "---"), *self._indicators()]
        self.fields["indicator"] = forms.ChoiceField(
            label=self.fields["indicator"].label, help_text=self.fields["indicator"].help_text, required=False, choices=indicators,
            initial=file.columns.get("indicator", ""),
        )  # fmt: skip
        for column in file.columns.get("columns", []):
            self.fields[f"column_{column['number']}"] = self._meaning(column)
        self.unknown = _unknown(file)
        for number, (word, kind) in enumerate(self.unknown.items()):
            self.fields[f"word_{number}"] = forms.ChoiceField(label=word, required=False, choices=self._stands_for(kind))
        for number, item in enumerate(self.declared):
            self.fields |= {f"new_{number}_{name}": made for name, made in _declaring(item, self.known)}

    def _choose_sheet(self, names: Sequence[str], now: str) -> None:
        """Which sheet is read, where there is a choice."""
        if len(names) < 2:
            del self.fields["sheet"]
            return
        label = self.fields["sheet"].label
        self.fields["sheet"] = forms.ChoiceField(label=label, choices=[(name, name) for name in names], initial=now)

    def _meaning(self, column: Mapping[str, Any]) -> forms.ChoiceField:
        figures = [(f"indicator:{key}", label) for key, label in self._indicators()]
        groups = [("group:all", _("Total")), *((f"group:{key}", label) for key, label in _groups(self.known))]
        people = [(f"n:{key}", _("%(group)s: how many people") % {"group": label}) for key, label in groups]
        choices: Choices = [
            ("", _("leave out")), *FIELDS, (_("Figures of one indicator"), figures), (_("Figures of one group"), groups),
            (_("How many people a group is about"), people),
        ]  # fmt: skip
        now = str(column.get("field") or "")
        if now and now not in {key for key, _label in (*FIELDS, *figures, *groups, *people)}:
            choices.append((now, column["header"]))
        return forms.ChoiceField(label=column["header"], required=False, choices=choices, initial=now)

    def _indicators(self) -> list[tuple[str, Any]]:
        """A new one, those of this table, and those of the catalogue by name."""
        mine = [(item["id"], capital(item["en"] if language() == "en" else item["nl"])) for item in self.declared]
        known = [(item.id, capital(item.name(language()))) for item in self.known.indicators.values() if item.active]
        theirs = sorted((item for item in known if item[0] not in dict(mine)), key=lambda item: str(item[1]).casefold())
        return [(NEW, _("A new indicator")), *mine, *theirs]

    def _stands_for(self, kind: str) -> Choices:
        first: Choices = [("", "---"), (LEFT_OUT, _("leave these rows out"))]
        if kind == "area":
            rows = {code: f"{name} ({code})" for code, name, *_rest in known_areas(self.slug)}
            return [*first, *rows.items()]
        return [*first, *(self._indicators() if kind == "indicator" else [("all", _("Total")), *_groups(self.known)])]

    def columns(self) -> list[forms.BoundField]:
        """The fields of the columns."""
        return [self[f"column_{column['number']}"] for column in self.file.columns.get("columns", [])]

    def words(self) -> list[forms.BoundField]:
        """The fields of the words that nobody knows."""
        return [self[f"word_{number}"] for number in range(len(self.unknown))]

    def general(self) -> list[forms.BoundField]:
        """The fields of the table as a whole."""
        return [self[name] for name in ("sheet", "header_row", "indicator", "year", "title", "licence") if name in self.fields]

    def new(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each new indicator, under its name."""
        known = [name for name in self.fields if name.startswith("new_")]
        return [
            (str(item["nl"]), [self[name] for name in known if name.startswith(f"new_{number}_")])
            for number, item in enumerate(self.declared)
        ]

    def corrected(self) -> dict[str, Any]:
        """The mapping as it is now, in the plain values that the engine reads; of another sheet or row of headers without columns."""
        data = self.cleaned_data
        general = {"year": data["year"] or 0, "title": data["title"], "licence": data["licence"]}
        if again := self._elsewhere():
            return {**self.file.columns, **general, **again, "columns": []}
        made = {str(item["id"]): self._as_said(number) for number, item in enumerate(self.declared)}
        columns = [{**column, "field": self._field(column, made)} for column in self.file.columns.get("columns", [])]
        words = dict(self.file.columns.get("words", {}))
        for number, word in enumerate(self.unknown):
            if said := data[f"word_{number}"]:
                words[word] = "" if said == LEFT_OUT else _new(word, made) if said == NEW else said
        indicator = _new(self._called(), made) if data["indicator"] == NEW else data["indicator"]
        used = {str(column["field"]).partition(":")[2] for column in columns} | set(words.values()) | {indicator}
        indicators = [item for key, item in made.items() if key in used]
        return {**self.file.columns, **general, "indicator": indicator, "columns": columns, "words": words, "indicators": indicators}

    def _elsewhere(self) -> dict[str, Any]:
        """The sheet and the row of headers (0: to be guessed), where another one is said than was read."""
        data, now = self.cleaned_data, self.file.columns
        sheet, row = data.get("sheet") or now.get("sheet", ""), data["header_row"] or now.get("header_row", 1)
        if sheet != now.get("sheet", ""):
            # The name of the other sheet may be another year.
            year = 0 if data["year"] == now.get("year") else data["year"] or 0
            return {"sheet": sheet, "year": year, "header_row": 0 if row == now.get("header_row", 1) else row}
        return {"header_row": row} if row != now.get("header_row", 1) else {}

    def _called(self) -> str:
        """What a new indicator of the whole table is called: as the column of its figures, else as the table."""
        columns = self.file.columns.get("columns", [])
        header = next((str(item["header"]) for item in columns if self.cleaned_data[f"column_{item['number']}"] == "value"), "")
        name = _SIGNS.sub(" ", header).strip()
        return name if name and name.casefold() not in _SAYS_NOTHING else str(self.cleaned_data["title"])

    def _field(self, column: Mapping[str, Any], made: dict[str, dict[str, Any]]) -> str:
        said = str(self.cleaned_data[f"column_{column['number']}"])
        return f"indicator:{_new(column['header'], made)}" if said == f"indicator:{NEW}" else said

    def _as_said(self, number: int) -> dict[str, Any]:
        said = {
            name.removeprefix(f"new_{number}_"): value for name, value in self.cleaned_data.items() if name.startswith(f"new_{number}_")
        }
        return {**self.declared[number], **said}


def _new(name: str, made: dict[str, dict[str, Any]]) -> str:
    """The identifier of a new indicator, which is declared under the name that stands in the table."""
    key = "own_" + (slugify(name).replace("-", "_")[:60] or "indicator")
    made.setdefault(key, {"id": key, "nl": name[:_NAME], "en": name[:_NAME]})
    return key


def _declaring(item: Mapping[str, Any], known: Catalogue) -> Iterator[tuple[str, forms.Field]]:
    """The fields that name a new indicator."""
    yield "nl", forms.CharField(label=_("Name in Dutch"), max_length=_NAME, initial=item["nl"])
    yield "en", forms.CharField(label=_("Name in English"), max_length=_NAME, initial=item["en"])
    area = forms.Textarea(attrs={"rows": 2})
    for name, label in (("explanation_nl", _("What it means, in Dutch")), ("explanation_en", _("What it means, in English"))):
        yield name, forms.CharField(label=label, required=False, max_length=_EXPLANATION, widget=area, initial=item.get(name, ""))
    themes = [(name, capital(known.themes[name].name(language()))) for name in THEMES]
    yield "theme", forms.ChoiceField(label=_("Theme"), choices=themes, initial=item.get("theme"))
    yield "unit", forms.ChoiceField(label=_("Kind of figure"), choices=UNITS, initial=item.get("unit") or "percent")
    yield "direction", forms.ChoiceField(label=_("What is better"), choices=DIRECTIONS, initial=item.get("direction") or "neutral")
    yield "nature", forms.ChoiceField(label=_("How it came about"), choices=NATURES, initial=item.get("nature") or "own")


def _groups(known: Catalogue) -> list[tuple[str, Any]]:
    return [(group.id, capital(group.name(language()))) for group in known.groups.values()]


def _unknown(file: FigureFileView) -> dict[str, str]:
    """Words that nobody knows, each once, with what kind of thing they name."""
    found = {
        str(fault["value"]): _UNKNOWN[str(fault["code"])] for fault in file.faults if fault.get("code") in _UNKNOWN and fault.get("value")
    }
    # One per word, and no more than a person can look through.
    return dict(list(found.items())[:60])
