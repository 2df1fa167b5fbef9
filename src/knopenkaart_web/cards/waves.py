# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write about waves of answers of residents: an editor asks for one, and it is kept once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.cards import queries
from knopenkaart_web.cards.models import ResidentAnswer, ResidentWave
from knopenkaart_web.places.models import Study
from knopenkaart_web.places.noting import noting

LEAST_ANSWERS = 30


def ask_wave(actor: Actor, slug: str) -> tuple[date, date]:
    """Ask for a wave of all answers since the last one, until yesterday; gives its first and last day. Needs an editor.

    Raises InputError (`wave.few`).
    """
    with noting(actor, slug, None, "editor") as note:
        first, last = queries.next_period(slug)
        if ResidentAnswer.objects.filter(study=note.study, date__gte=first, date__lte=last).count() < LEAST_ANSWERS:
            raise too_few()
        note.log("ask_wave", object_type="resident_wave", object_id=last, after=_period(first, last))
    return first, last


def record_wave(slug: str, first: date, last: date, figures: Mapping[str, Any]) -> None:
    """Keep what was made of a wave, for good; the system's own work. Raises InputError (`wave.overlap`)."""
    with noting(None, slug, None, "system") as note:
        Study.objects.select_for_update().get(pk=note.study.pk)
        if ResidentWave.objects.filter(study=note.study, last__gte=first, first__lte=last).exists():
            raise InputError("There is a wave with some of these days already.", code="wave.overlap")
        wave = ResidentWave.objects.create(study=note.study, first=first, last=last, figures=dict(figures))
        note.log("record_wave", object_type="resident_wave", object_id=wave.pk, after=_period(first, last))


def too_few() -> InputError:
    """Why there is no wave: of fewer answers nothing would be shown."""
    return InputError("Too few residents answered.", code="wave.few", remedy="Wait until 30 residents answered since the last time.")


def _period(first: date, last: date) -> dict[str, str]:
    return {"first": first.isoformat(), "last": last.isoformat()}
