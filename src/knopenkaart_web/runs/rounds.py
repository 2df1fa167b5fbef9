# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is known of one round of one place, or of a wave of residents, gathered for the engine: counts, cards, and who lives there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.crypto import salted_hmac

from knopenkaart.publish.reach_file import ReachFile
from knopenkaart.vocabulary.questionnaire import load_questionnaire
from knopenkaart_web.cards import queries as cards
from knopenkaart_web.cards.checking import MOST_AVOIDED, MOST_PLACES
from knopenkaart_web.cards.views_data import CardRow
from knopenkaart_web.places import words
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.models import Place, Study
from knopenkaart_web.runs.queries import reach_state
from knopenkaart_web.visits import queries as visits
from knopenkaart_web.visits import released
from knopenkaart_web.visits.views_data import RoundView

_SALT = "knopenkaart.runs.rounds"
AGE = "age"
MODE = "walk"


@dataclass(frozen=True, slots=True)
class RoundInput:
    """A round, and all that the engine wants to know of it (engine.visitor_figures)."""

    round_id: str
    place_id: str
    known: Mapping[str, Any]


def round_input(study: Study, round_id: str) -> RoundInput:
    """Gather what is known of a round. Raises UnknownError for one that is not in the study."""
    found = visits.round_of(study.slug, round_id)
    if found is None:
        raise unknown("round")
    population, ground = _reach(study, found.place_id)
    known = {
        "place_id": found.place_id,
        "counts": visits.counts_of(study.slug, found.id),
        "cards": _cards(study, found),
        "slots": found.slots,
        "ages": _ages(),
        "population": population,
        "ground": ground,
        "folder": Path(study.folder) if study.folder else None,
        "secret": salted_hmac(_SALT, f"{study.slug} {found.place_id} {found.id}", algorithm="sha256").hexdigest(),
        "past": [exact for exact, _ in released.exact_of_round(found.id)],
    }
    return RoundInput(found.id, found.place_id, known)


def wave_input(study: Study, first: date, last: date) -> dict[str, Any]:
    """Gather what residents answered from one day to another, and what could be answered (engine.resident_figures)."""
    return {
        "residents": cards.wave_answers(study.slug, first, last),
        "places": cards.nameable(study.slug),
        "ages": _ages(),
        "reasons": tuple(load_questionnaire("nl").answers["reasons"]),
        "most_places": MOST_PLACES,
        "most_avoided": MOST_AVOIDED,
        "population": _residents(study),
        "secret": salted_hmac(_SALT, f"{study.slug} residents {first} {last}", algorithm="sha256").hexdigest(),
    }


def _ages() -> list[str]:
    return [group.id for group in words.vocabulary().groups.values() if group.dimension == AGE]


def _residents(study: Study) -> dict[str, tuple[float, float, float]]:
    """Who lives in the study per group (people, least and most), of the groups that reach knows of every municipality."""
    state = reach_state(study.slug)
    rows = [row for row in ReachFile(state.path).rows("residents", level="municipality") if row["people"]] if state else []
    known = Counter(row["group"] for row in rows)
    found: dict[str, list[dict[str, Any]]] = {group: [] for group, number in known.items() if number == max(known.values())}
    for row in rows:
        if row["group"] in found:
            found[row["group"]].append(row)
    return {group: (_sum(parts, "people"), _sum(parts, "low"), _sum(parts, "high")) for group, parts in found.items()}


def _sum(rows: list[dict[str, Any]], name: str) -> float:
    return sum(float(row[name] or row["people"]) for row in rows)


def _cards(study: Study, of: RoundView) -> list[CardRow]:
    """The cards of the period of a round, each told once: not those in the period of a round of which figures were ever shown, here or at a
    place that was merged into this one, nor those of a round that began earlier."""
    earlier = [(row.starts, row.ends) for row in visits.rounds(study.slug, of.place_id) if (row.starts, row.id) < (of.starts, of.id)]
    merged = Place.objects.filter(study=study, merged_into__pk=of.place_id).values_list("pk", flat=True)
    taken = [*earlier, *released.periods_released([of.place_id, *map(str, merged)], but=of.id)]
    rows = cards.cards_of(study.slug, of.place_id, of.starts, of.ends)
    return [row for row in rows if not any(starts <= row.date <= ends for starts, ends in taken)]


def _reach(study: Study, place_id: str) -> tuple[dict[str, tuple[float, float, float]], str | None]:
    """Who can walk there within the longest of the minutes, per group, and the ground from which; nothing where it was not reckoned."""
    state = reach_state(study.slug)
    if state is None:
        return {}, None
    file = ReachFile(state.path)
    walk = [row for row in file.rows("reach_places", place_id=place_id) if row["mode"] == MODE]
    longest = max((row["minutes"] for row in walk), default=0)
    people = {str(row["group"]): row for row in walk if row["minutes"] == longest and row["people"]}
    ground = [row for row in file.rows("isochrones", place_id=place_id) if row["mode"] == MODE and row["minutes"] == longest]
    population = {group: (float(row["people"]), float(row["low"] or 0), float(row["high"])) for group, row in people.items()}
    geometry = ground[0]["geometry"] if ground else None
    return population, geometry if geometry is None or isinstance(geometry, str) else json.dumps(geometry)
