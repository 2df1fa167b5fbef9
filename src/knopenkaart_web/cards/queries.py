# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every read about cards. Rows of answers are for reckoning; no page shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from knopenkaart.records import Place
from knopenkaart.text import fold
from knopenkaart_web.cards import doors
from knopenkaart_web.cards.models import (
    Card,
    CardLink,
    CardSettings,
    FreeText,
    Link,
    ResidentAnswer,
    ResidentLink,
    ResidentPlace,
    ResidentWave,
    SelfTally,
    today,
)
from knopenkaart_web.cards.views_data import CardRow, Choice, Door, LinkRow, NamedPlace, ResidentRow, Switches, TallyRow, TextRow, WaveRow
from knopenkaart_web.places.models import Place as PlaceModel
from knopenkaart_web.places.models import Study
from knopenkaart_web.places.queries.index import Index, address, index, index_of

# How many cards of a place per year make its figures worth something.
AIM = (60, 100)
_YEAR = timedelta(days=365)
_TEN = 10


def card_door(secret: str) -> Door | None:
    """The place whose card a secret opens, with what may be chosen there; None where it opens nothing."""
    link = doors.card_link(secret)
    place = doors.place_of(link) if link else None
    return _place_door(place) if place else None


def paper_door(slug: str, place_id: UUID | str) -> Door | None:
    """The same for whoever types over cards from paper; None where there is no such place."""
    place = PlaceModel.objects.select_related("study").filter(study__slug=slug, pk=place_id, merged_into=None, removed=False).first()
    return _place_door(place) if place else None


def resident_door(secret: str) -> Door | None:
    """The study, and the wijk, whose questions for residents a secret opens; None where it opens nothing."""
    link = doors.resident_link(secret)
    return _study_door(link.study, link.wijk_code) if link else None


def open_door(slug: str) -> Door | None:
    """The questions for residents of a study that are open to everybody; None where they are not."""
    study = doors.open_study(slug)
    return _study_door(study, "") if study else None


def switches(slug: str) -> Switches:
    """What is switched on for a study; of one where nobody chose, nothing."""
    row = CardSettings.objects.filter(study__slug=slug).first()
    return Switches(tuple(row.dimensions), row.open_survey) if row else Switches()


def card_links(slug: str, place_id: UUID | str) -> list[LinkRow]:
    """The links to the card of a place, the newest first."""
    rows = CardLink.objects.filter(place__study__slug=slug, place_id=place_id).order_by("-made_on", "-last_day", "name")
    return [_link_row(row) for row in rows]


def resident_links(slug: str) -> list[LinkRow]:
    """The links to the questions for residents, the newest first."""
    held = index(slug)
    rows = ResidentLink.objects.filter(study__slug=slug).order_by("-made_on", "-last_day", "name")
    names = {code: area.name for code, area in held.areas.items()} if held else {}
    return [_link_row(row, names.get(row.wijk_code, row.wijk_code)) for row in rows]


def cards_of(slug: str, place_id: UUID | str, start: date, end: date) -> list[CardRow]:
    """The cards of a place, and of those that were merged into it, from the first day to the last."""
    rows = _cards(slug, place_id).filter(date__gte=start, date__lte=end).order_by("date", "id")
    columns = ("regular", "origin", "age", "recognise", "greet", "different", "elsewhere")
    return [
        CardRow(
            place_id=str(place_id),
            card=str(row.pk),
            date=row.date,
            frequency=row.frequency,
            **{name: getattr(row, name) or None for name in columns},
        )
        for row in rows
    ]


def tallies_of(slug: str, place_id: UUID | str) -> list[TallyRow]:
    """What visitors of a place said of themselves, summed per quarter."""
    rows = SelfTally.objects.filter(doors.at(place_id), place__study__slug=slug).order_by("quarter", "dimension", "group")
    total: Counter[tuple[date, str, str]] = Counter()
    for row in rows:
        total[row.quarter, row.dimension, row.group] += row.people
    return [TallyRow(str(place_id), *key, people) for key, people in total.items()]


def resident_answers(slug: str, start: date | None = None, end: date | None = None) -> list[ResidentRow]:
    """What residents answered, from the first day to the last where those are given."""
    rows = ResidentAnswer.objects.filter(study__slug=slug).prefetch_related("places").order_by("date", "id")
    rows = rows.filter(date__gte=start) if start else rows
    rows = rows.filter(date__lte=end) if end else rows
    return [_resident_row(row) for row in rows]


def wave_answers(slug: str, start: date, end: date) -> list[ResidentRow]:
    """What residents answered in a period; of a place that was merged into another, as said of that other."""
    merged = dict(PlaceModel.objects.filter(study__slug=slug, merged_into__isnull=False).values_list("pk", "merged_into_id"))
    return [replace(row, places=tuple(_where_it_is_now(item, merged) for item in row.places)) for row in resident_answers(slug, start, end)]


def nameable(slug: str) -> tuple[str, ...]:
    """The identifiers of the places that a resident can name."""
    held = index(slug)
    return tuple(choice.id for choice in _choices(held)) if held else ()


def next_period(slug: str) -> tuple[date, date]:
    """The days that no wave has yet, until yesterday; from the month on in which the first answer came, for its day is that of one person.

    The first day lies after the last where there is nothing.
    """
    yesterday = today() - timedelta(days=1)
    last = ResidentWave.objects.filter(study__slug=slug).order_by("-last").values_list("last", flat=True).first()
    if last is not None:
        return last + timedelta(days=1), yesterday
    first = ResidentAnswer.objects.filter(study__slug=slug).order_by("date").values_list("date", flat=True).first()
    return (first.replace(day=1) if first else today()), yesterday


def waves(slug: str) -> list[WaveRow]:
    """The waves of a study, the newest first."""
    rows = ResidentWave.objects.filter(study__slug=slug).order_by("-last")
    return [WaveRow(row.first, row.last, row.made, row.figures) for row in rows]


def texts_of(slug: str, place_id: UUID | str | None) -> list[TextRow]:
    """What was written about a place, or, without one, about no place in particular; the newest month first."""
    about = doors.at(place_id) if place_id else Q(place=None)
    rows = FreeText.objects.filter(about, study__slug=slug).order_by("-month", "question", "id")
    return [TextRow(str(row.pk), row.question, row.text, row.month, str(row.place_id) if row.place_id else None) for row in rows]


def card_count_words(slug: str, place_id: UUID | str, day: date | None = None) -> str:
    """How many cards of a place came in during the past year, in words: in tens, so that no small number follows from two looks."""
    end = day or today()
    return count_words(_cards(slug, place_id).filter(date__gt=end - _YEAR, date__lte=end).count())


def resident_count_words(slug: str) -> str:
    """How many residents answered since the last wave, in the same words: of all of them a few would follow from the waves."""
    first, last = next_period(slug)
    return count_words(ResidentAnswer.objects.filter(study__slug=slug, date__gte=first, date__lte=last).count())


def count_words(number: int) -> str:
    """A number of cards in words that tell of no fewer than ten of them."""
    return _("fewer than 10") if number < _TEN else _("at least %(number)s") % {"number": number // _TEN * _TEN}


def place_named(door: Door, text: str) -> str | None:
    """The id of the place that somebody chose or typed; None where no place, or more than one, has that name."""
    found = [choice.id for choice in door.places if fold(choice.label) == fold(text)]
    if not found:
        found = [choice.id for choice in door.places if fold(choice.label.partition(" (")[0]) == fold(text)]
    return found[0] if len(found) == 1 else None


def _cards(slug: str, place_id: UUID | str) -> QuerySet[Card]:
    return Card.objects.filter(doors.at(place_id), place__study__slug=slug)


def _where_it_is_now(item: NamedPlace, merged: Mapping[UUID, UUID]) -> NamedPlace:
    place = UUID(item.place_id)
    for _step in range(len(merged)):
        if place not in merged:
            break
        place = merged[place]
    return replace(item, place_id=str(place))


def _place_door(place: PlaceModel) -> Door:
    held = index_of(place.study)
    row = CardSettings.objects.filter(study_id=place.study_id).first()
    return Door(
        slug=place.study.slug,
        study_name=place.study.name,
        invented=place.study.invented,
        place_id=str(place.pk),
        place_label=place.name or "",
        dimensions=tuple(row.dimensions) if row else (),
        places=_choices(held, without=str(place.pk)),
        buurten=_buurten(held),
    )


def _study_door(study: Study, wijk_code: str) -> Door:
    held = index_of(study)
    return Door(
        slug=study.slug,
        study_name=study.name,
        invented=study.invented,
        wijk_code=wijk_code,
        places=_choices(held),
        buurten=_buurten(held),
    )


def _choices(held: Index, without: str = "") -> tuple[Choice, ...]:
    """The open places that count and have a name, by name; those of one name with their address."""
    found = [place for place in held.places.values() if place.name and place.id != without and held.counts(place)]
    often = Counter(fold(place.name or "") for place in found)
    named = (Choice(place.id, _label(place, often[fold(place.name or "")])) for place in found)
    return tuple(sorted(named, key=lambda choice: (fold(choice.label), choice.id)))


def _label(place: Place, often: int) -> str:
    where = address(place)
    return f"{place.name} ({where})" if often > 1 and where else str(place.name)


def _buurten(held: Index) -> tuple[Choice, ...]:
    return tuple(Choice(area.code, area.name) for area in held.of_level("buurt"))


def _link_row(row: Link, wijk_name: str = "") -> LinkRow:
    day = today()
    state = "revoked" if row.revoked else "later" if row.first_day > day else "over" if row.last_day < day else "open"
    return LinkRow(str(row.pk), row.name, wijk_name, row.first_day, row.last_day, state)  # type: ignore[arg-type]


def _resident_row(row: ResidentAnswer) -> ResidentRow:
    return ResidentRow(
        answer=str(row.pk),
        date=row.date,
        wijk_code=row.wijk_code or None,
        origin=row.origin or None,
        age=row.age or None,
        neighbours=row.neighbours or None,
        places=tuple(_named(row.places.all())),
    )


def _named(places: Iterable[ResidentPlace]) -> Iterable[NamedPlace]:
    ordered = sorted(places, key=lambda item: (not item.goes, UUID(str(item.place_id))))
    return (NamedPlace(place_id=str(item.place_id), goes=item.goes, frequency=item.frequency, reason=item.reason) for item in ordered)
