# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Links to a card, what was answered on it, and what is kept apart from it: texts, and what somebody said of oneself.

Rows of answers have random keys and the day only: nothing tells in which order they came, from where, or from whom.
"""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from knopenkaart_web.places.models import Place, Study

_SALT = "knopenkaart.cards"
# How many people, where nobody is asked to count to one.
HOW_MANY = ("0", "1_2", "3_5", "6_10", "11_20", "over_20")
REGULAR = ("yes", "no", "varies")
MOST_TIMES = 28
TEXT_LENGTH = 1000


def digest(text: str) -> str:
    """By what a secret, or an address for as long as it counts, is known again: a digest with the key of this installation."""
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()


def today() -> date:
    """The day here, without a time."""
    return timezone.localdate()


class CardSettings(models.Model):
    """What a manager has switched on for a study: what people may be asked about themselves, and the page for residents."""

    study = models.OneToOneField(Study, on_delete=models.CASCADE, related_name="card_settings")
    dimensions = models.JSONField(default=list)
    open_survey = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.study_id} {self.dimensions}"


class Link(models.Model):
    """A way in without an account: whoever has the secret may fill in a card. The secret is kept as a digest only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100, blank=True)
    first_day = models.DateField(default=today)
    last_day = models.DateField()
    revoked = models.DateField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_on = models.DateField(default=today)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


class CardLink(Link):
    """A link to the card of one place."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="card_links")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(first_day__lte=models.F("last_day")), name="card_link_period")]


class ResidentLink(Link):
    """A link to the questions for residents, of the whole study or of one wijk."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="resident_links")
    wijk_code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(first_day__lte=models.F("last_day")), name="resident_link_period")]


class Card(models.Model):
    """What one visitor answered at a place; every answer may be absent. `nonce` is that of the form, so that it is stored once."""

    class How(models.TextChoices):
        SCREEN = "screen", "screen"
        PAPER = "paper", "paper"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="cards")
    link = models.ForeignKey(CardLink, on_delete=models.SET_NULL, null=True, related_name="cards")
    nonce = models.UUIDField(unique=True)
    date = models.DateField(default=today)
    how = models.CharField(max_length=6, choices=How.choices, default=How.SCREEN)
    frequency = models.PositiveSmallIntegerField(null=True)
    regular = models.CharField(max_length=6, blank=True)
    origin = models.CharField(max_length=40, blank=True)
    age = models.CharField(max_length=40, blank=True)
    recognise = models.CharField(max_length=8, blank=True)
    greet = models.CharField(max_length=8, blank=True)
    different = models.CharField(max_length=8, blank=True)
    elsewhere = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["place", "date"], name="card_day")]
        constraints = [
            models.CheckConstraint(condition=models.Q(frequency__isnull=True) | models.Q(frequency__lte=MOST_TIMES), name="card_frequency"),
            models.CheckConstraint(condition=models.Q(regular__in=["", *REGULAR]), name="card_regular"),
            models.CheckConstraint(
                condition=models.Q(recognise__in=["", *HOW_MANY], greet__in=["", *HOW_MANY], different__in=["", *HOW_MANY]),
                name="card_how_many",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.date}"


class ResidentAnswer(models.Model):
    """What one resident answered at home. `wijk_code` is that of the link, where it was for one wijk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="resident_answers")
    nonce = models.UUIDField(unique=True)
    date = models.DateField(default=today)
    wijk_code = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=40, blank=True)
    age = models.CharField(max_length=40, blank=True)
    neighbours = models.CharField(max_length=8, blank=True)

    class Meta:
        indexes = [models.Index(fields=["study", "date"], name="resident_day")]
        constraints = [models.CheckConstraint(condition=models.Q(neighbours__in=["", *HOW_MANY]), name="resident_how_many")]

    def __str__(self) -> str:
        return f"{self.study_id} {self.date}"


class ResidentPlace(models.Model):
    """A place that a resident goes to (with how often in the last 4 weeks, where that was said), or does not go to, with the reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    answer = models.ForeignKey(ResidentAnswer, on_delete=models.CASCADE, related_name="places")
    # By identifier, as people chose it: a place may be merged or go.
    place_id = models.UUIDField(db_index=True)
    goes = models.BooleanField()
    frequency = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "place_id"], name="named_once"),
            models.CheckConstraint(
                condition=models.Q(frequency__isnull=True) | models.Q(frequency__lte=MOST_TIMES), name="resident_frequency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.goes}"


class ResidentWave(models.Model):
    """What the residents answered from the first day to the last, as it may be shown: made once and never changed.

    No two waves of a study share a day, so nothing follows from their difference.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="resident_waves")
    first = models.DateField()
    last = models.DateField()
    made = models.DateField(default=today)
    figures = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(first__lte=models.F("last")), name="wave_period"),
            models.UniqueConstraint(fields=["study", "first"], name="one_wave_from_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} {self.first} {self.last}"


class FreeText(models.Model):
    """What somebody wrote in own words. It has no link to a card, and the month only: it cannot be laid beside an age or a postcode."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="free_texts")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="free_texts")
    question = models.CharField(max_length=30)
    text = models.CharField(max_length=TEXT_LENGTH)
    month = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["study", "place"], name="text_of_place")]

    def __str__(self) -> str:
        return f"{self.question} {self.month}"


class SelfTally(models.Model):
    """How many visitors of a place said in a quarter that they belong to a group: only this sum is kept, never what one person said."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="self_tallies")
    quarter = models.DateField()
    dimension = models.CharField(max_length=40)
    group = models.CharField(max_length=40)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "quarter", "dimension", "group"], name="one_tally_per_quarter")]

    def __str__(self) -> str:
        return f"{self.dimension} {self.group}"


class Sending(models.Model):
    """How much came from one address in this hour, against abuse: a digest of the address with the hour. The row goes with the hour."""

    digest = models.CharField(max_length=64, unique=True)
    hour = models.PositiveIntegerField(db_index=True)
    number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.hour} {self.number}"
