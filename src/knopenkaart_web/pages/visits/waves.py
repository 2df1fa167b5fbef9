# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Released answers of residents as a page tells them: where they go and where not, and why; nothing is reckoned here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from knopenkaart.vocabulary.questionnaire import Questionnaire, load_questionnaire
from knopenkaart_web.cards.views_data import WaveRow
from knopenkaart_web.pages.drawn import bar_width
from knopenkaart_web.places import queries, words
from knopenkaart_web.places.views_data import PlaceFilter
from knopenkaart_web.reach.words import group_label

NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer with the number of residents who gave it; None where it is not shown. Of ages also beside those who live there."""

    label: str
    people: int | None
    width: str
    residents: float | None = None
    quotient: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place that residents named, with how many go there and how many do not; `often` in words where it is shown."""

    id: str
    label: str
    goes: int | None
    avoids: int | None
    often: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Wave:
    """What a page tells of one wave."""

    row: WaveRow
    residents: int
    places: list[PlaceRow]
    reasons: list[AnswerRow]
    neighbours: list[AnswerRow]
    neighbours_label: str
    ages: list[AnswerRow]
    held: bool


def chosen_wave(slug: str, rows: Sequence[WaveRow], last: str, lang: str) -> Wave | None:
    """The wave that ends on a day (as text), else the newest; None where there is none."""
    row = next((found for found in rows if found.last.isoformat() == last), rows[0] if rows else None)
    return _wave(slug, row, lang) if row else None


def _wave(slug: str, row: WaveRow, lang: str) -> Wave:
    document, texts = row.figures, load_questionnaire("en" if lang == "en" else "nl")
    held = document["representation"] if document["representation"]["enough"] else {}
    beside = {item["group"]: item for item in held.get("groups", [])}
    how_many = {**texts.answers["how_many"], NO_ANSWER: _("no answer")}
    groups = {group: group_label(group, lang) for group in words.vocabulary().groups} | {NO_ANSWER: _("no answer")}
    return Wave(
        row=row,
        residents=document["residents"],
        places=_places(slug, document["places"]),
        reasons=_reasons(document["reasons"], texts),
        neighbours=_answers(document["questions"]["neighbours"], how_many, {}),
        neighbours_label=texts.questions["neighbours"],
        ages=_answers(document["questions"]["age"], groups, beside),
        held=bool(held),
    )


def _reasons(rows: Sequence[Mapping[str, Any]], texts: Questionnaire) -> list[AnswerRow]:
    """Those that most residents gave first; of the hidden ones the order of the question tells nothing."""
    found = _answers([{"answer": row["reason"], "people": row["people"]} for row in rows], texts.answers["reasons"], {})
    return sorted(found, key=lambda row: -(row.people or 0))


def _answers(rows: Sequence[Mapping[str, Any]], labels: Mapping[str, str], beside: Mapping[str, Mapping[str, Any]]) -> list[AnswerRow]:
    """Answers in the order of their question; nothing where none is shown."""
    if not any(row["people"] for row in rows):
        return []
    largest = max(row["people"] or 0 for row in rows)
    order = list(labels)
    return [
        AnswerRow(
            label=labels[row["answer"]],
            people=row["people"],
            width=bar_width(row["people"], largest),
            **{name: beside.get(row["answer"], {}).get(name) for name in ("residents", "quotient", "low", "high")},
        )
        for row in sorted(rows, key=lambda row: order.index(row["answer"]))
    ]


def _places(slug: str, rows: Sequence[Mapping[str, Any]]) -> list[PlaceRow]:
    """The places that are still on the map for everybody, in the order of the wave."""
    places = {place.id: place for place in queries.export_places(slug, PlaceFilter())} if rows else {}
    names = _frequencies()
    return [
        PlaceRow(
            id=row["place"],
            label=places[row["place"]].name or places[row["place"]].kind,
            goes=row["goes"],
            avoids=row["avoids"],
            often=[(names[name], number) for name, number in (row["often"] or {}).items()],
        )
        for row in rows
        if row["place"] in places
    ]


def _frequencies() -> dict[str, str]:
    return {
        "at_most_once": _("once at most"),
        "2_3": _("2 or 3 times"),
        "4_7": _("4 to 7 times"),
        "8_or_more": _("8 times or more"),
    }
