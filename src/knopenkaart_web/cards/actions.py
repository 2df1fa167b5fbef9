# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write about cards: who may, in one transaction.

Links, switches, cards from paper and removed texts stand in the audit trail. What a visitor or a resident sends does not: an event has a
clock time and is never removed, and of a card nobody may ever know more than the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import ALL_STUDIES
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.audit import log
from knopenkaart_web.cards import doors, forgetting, throttle
from knopenkaart_web.cards.checking import DIMENSIONS, check_card, check_resident
from knopenkaart_web.cards.models import (
    Card,
    CardLink,
    CardSettings,
    FreeText,
    Link,
    ResidentAnswer,
    ResidentLink,
    ResidentPlace,
    SelfTally,
    digest,
    today,
)
from knopenkaart_web.cards.tokens import new_secret
from knopenkaart_web.cards.views_data import CardAnswers, OwnWords, ResidentAnswers
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.models import Area, Place, Study
from knopenkaart_web.places.noting import Note, noting
from knopenkaart_web.places.queries.index import index_of

_MONTHS_PER_QUARTER = 3
# Nobody keeps a paper card for longer before typing it over.
MOST_PAPER_DAYS = 366
# A link is printed and hangs somewhere: after two years nobody knows where.
MOST_LINK_DAYS = 731


def make_card_link(actor: Actor, slug: str, place_id: UUID | str, *, name: str, first_day: date, last_day: date) -> str:
    """Make a link to the card of a place; gives its secret, which is kept nowhere. Needs who runs the place.

    Raises InputError (`link.period`).
    """
    _check_period(first_day, last_day)
    secret = new_secret()
    with noting(actor, slug, place_id) as note:
        link = CardLink.objects.create(place=_place(note), **_link_values(actor, secret, name, first_day, last_day))
        note.log("make_card_link", object_type="card_link", object_id=link.pk, after=_period(link))
    return secret


def revoke_card_link(actor: Actor, slug: str, place_id: UUID | str, link_id: UUID | str) -> None:
    """Close a link to the card of a place for good. Needs who runs the place. Raises UnknownError (`link.unknown`)."""
    with noting(actor, slug, place_id) as note:
        link = CardLink.objects.filter(place=note.place, pk=link_id, revoked=None).first()
        if link is None:
            raise unknown("link")
        _revoke(link)
        note.log("revoke_card_link", object_type="card_link", object_id=link.pk)


def make_resident_link(actor: Actor, slug: str, *, wijk_code: str, name: str, first_day: date, last_day: date) -> str:
    """Make a link to the questions for residents, of the study or of one wijk; gives its secret. Needs an editor.

    Raises InputError (`link.period`), UnknownError (`area.unknown`).
    """
    _check_period(first_day, last_day)
    secret = new_secret()
    with noting(actor, slug, None, "editor") as note:
        if wijk_code and not Area.objects.filter(study=note.study, level=Area.Level.WIJK, code=wijk_code).exists():
            raise unknown("area")
        values = _link_values(actor, secret, name, first_day, last_day)
        link = ResidentLink.objects.create(study=note.study, wijk_code=wijk_code, **values)
        note.log("make_resident_link", object_type="resident_link", object_id=link.pk, after=_period(link) | {"wijk": wijk_code})
    return secret


def revoke_resident_link(actor: Actor, slug: str, link_id: UUID | str) -> None:
    """Close a link to the questions for residents for good. Needs an editor. Raises UnknownError (`link.unknown`)."""
    with noting(actor, slug, None, "editor") as note:
        link = ResidentLink.objects.filter(study=note.study, pk=link_id, revoked=None).first()
        if link is None:
            raise unknown("link")
        _revoke(link)
        note.log("revoke_resident_link", object_type="resident_link", object_id=link.pk)


def choose_switches(actor: Actor, slug: str, *, dimensions: Sequence[str], open_survey: bool) -> None:
    """Choose what visitors may be asked about themselves, and whether residents need a link. Needs a manager.

    Raises InputError (`values.choice`).
    """
    if not set(dimensions) <= set(DIMENSIONS):
        raise InputError("One of these cannot be asked.", code="values.choice")
    with noting(actor, slug, None, "manager") as note:
        row, _made = CardSettings.objects.get_or_create(study=note.study)
        before = {"dimensions": row.dimensions, "open_survey": row.open_survey}
        row.dimensions, row.open_survey = [name for name in DIMENSIONS if name in dimensions], open_survey
        row.save()
        after = {"dimensions": row.dimensions, "open_survey": open_survey}
        note.log("choose_questions", object_type="study", object_id=note.study.slug, before=before, after=after)


def fill_in_card(secret: str, nonce: UUID, answers: CardAnswers, *, address: str, now: datetime | None = None) -> None:
    """Store what a visitor answered, once for each form. The link is the permission.

    Raises UnknownError (`link.unknown`), InputError (`card.many`, `card.invalid`, `card.empty`).
    """
    link = doors.card_link(secret)
    place = doors.place_of(link) if link else None
    if link is None or place is None:
        raise unknown("link")
    throttle.count(link.pk, address, now or timezone.now())
    _check(answers, place)
    with transaction.atomic():
        _store_card(place, nonce, answers, {"link": link})


def enter_paper_card(actor: Actor, slug: str, place_id: UUID | str, nonce: UUID, answers: CardAnswers, *, day: date) -> None:
    """Store a card that was filled in on paper. Needs who runs the place.

    Raises InputError (`card.day`, `card.invalid`, `card.empty`).
    """
    if not 0 <= (today() - day).days <= MOST_PAPER_DAYS:
        raise InputError("This is no day of the past year.", code="card.day", remedy="Write the day on which the card was filled in.")
    with noting(actor, slug, place_id) as note:
        place = _place(note)
        _check(answers, place)
        _store_card(place, nonce, answers, {"date": day, "how": Card.How.PAPER})
        note.log("enter_paper_card", object_type="cards", object_id=place.pk)


def answer_as_resident(slug: str, secret: str, nonce: UUID, answers: ResidentAnswers, *, address: str, now: datetime | None = None) -> None:
    """Store what a resident answered, once for each form. The link is the permission; without a secret the open page must be switched on.

    Raises UnknownError (`link.unknown`), InputError (`card.many`, `card.invalid`, `card.empty`).
    """
    link = doors.resident_link(secret) if secret else None
    study = link.study if link else doors.open_study(slug) if not secret else None
    if study is None:
        raise unknown("link")
    throttle.count(study.pk, address, now or timezone.now())
    held = index_of(study)
    check_resident(answers, held)
    with transaction.atomic():
        _store_resident(study, link.wijk_code if link else "", nonce, answers)


def remove_text(actor: Actor, slug: str, text_id: UUID | str, *, place_id: UUID | str | None) -> None:
    """Remove a text, for instance because it names somebody. Needs who runs the place that it is about, else an editor.

    Raises UnknownError (`text.unknown`).
    """
    with noting(actor, slug, place_id, "operator" if place_id else "editor") as note:
        found = FreeText.objects.filter(study=note.study, pk=text_id)
        row = (found.filter(doors.at(place_id)) if place_id else found).first()
        if row is None:
            raise unknown("text")
        note.log("remove_text", object_type="free_text", object_id=row.pk)
        row.delete()


def forget_old(now: datetime | None = None) -> dict[str, int]:
    """Remove what was kept long enough (retention.RETENTION); the system's own. Gives the number of rows of each entry."""
    with transaction.atomic():
        rows = forgetting.forget(now or timezone.now())
        if any(rows.values()):
            log.write(
                "forget_cards",
                actor=log.SYSTEM,
                role="system",
                study=ALL_STUDIES,
                object_type="cards",
                object_id="retention",
                after={"rows": rows},
            )
    return rows


def _place(note: Note) -> Place:
    if note.place is None:
        raise unknown("place")
    return note.place


def _check(answers: CardAnswers, place: Place) -> None:
    settings = CardSettings.objects.filter(study_id=place.study_id).first()
    check_card(answers, index_of(place.study), settings.dimensions if settings else ())


def _store_card(place: Place, nonce: UUID, answers: CardAnswers, values: dict[str, Any]) -> None:
    columns = ("frequency", "regular", "origin", "age", "recognise", "greet", "different", "elsewhere")
    row = Card(place=place, nonce=nonce, **values, **{name: getattr(answers, name) for name in columns})
    if not _once(row):
        return
    for dimension, group in answers.said.items():
        _add_up(place, row.date, dimension, group)
    for question, text in answers.texts.items():
        _write_down(place.study, OwnWords(question=question, text=text, place_id=str(place.pk)), row.date)


def _store_resident(study: Study, wijk_code: str, nonce: UUID, answers: ResidentAnswers) -> None:
    columns = {name: getattr(answers, name) for name in ("origin", "age", "neighbours")}
    row = ResidentAnswer(study=study, nonce=nonce, wijk_code=wijk_code, **columns)
    if not _once(row):
        return
    ResidentPlace.objects.bulk_create(
        ResidentPlace(answer=row, place_id=item.place_id, goes=item.goes, frequency=item.frequency, reason=item.reason)
        for item in answers.places
    )
    for item in answers.texts:
        _write_down(study, item, row.date)


def _once(row: Card | ResidentAnswer) -> bool:
    """Store a row whose form was not stored before; the second of two that came together finds the first."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if type(row).objects.filter(nonce=row.nonce).exists():
            return False
        raise
    return True


def _add_up(place: Place, day: date, dimension: str, group: str) -> None:
    quarter = day.replace(month=day.month - (day.month - 1) % _MONTHS_PER_QUARTER, day=1)
    row, _made = SelfTally.objects.get_or_create(place=place, quarter=quarter, dimension=dimension, group=group)
    SelfTally.objects.filter(pk=row.pk).update(people=F("people") + 1)


def _write_down(study: Study, item: OwnWords, day: date) -> None:
    FreeText.objects.create(study=study, place_id=item.place_id, question=item.question, text=item.text.strip(), month=day.replace(day=1))


def _check_period(first_day: date, last_day: date) -> None:
    if not today() <= last_day or not 0 <= (last_day - first_day).days <= MOST_LINK_DAYS:
        message = "A link works from its first day to its last, for two years at most."
        raise InputError(message, code="link.period", remedy="Choose a last day after the first, from today on.")


def _link_values(actor: Actor, secret: str, name: str, first_day: date, last_day: date) -> dict[str, Any]:
    made_by = actor if getattr(actor, "is_authenticated", False) else None
    return {"digest": digest(secret), "name": name.strip(), "first_day": first_day, "last_day": last_day, "made_by": made_by}


def _period(link: Link) -> dict[str, str]:
    return {"first_day": link.first_day.isoformat(), "last_day": link.last_day.isoformat()}


def _revoke(link: Link) -> None:
    link.revoked = today()
    link.save(update_fields=["revoked"])
