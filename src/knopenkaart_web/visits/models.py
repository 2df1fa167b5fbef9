# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rounds of counting, the links to count by, what was counted and seen, series from elsewhere, and what was released of it.

Of a person nothing is kept: a count is a number per group, an observation a number per posture, activity, size of company and age group.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from knopenkaart_web.places.models import Place, Study

_SALT = "knopenkaart.visits.links"
GRAINS = ("day", "week", "month", "quarter")
# What no counter can have seen in one daypart: a slip of the finger, or abuse.
MOST_PEOPLE = 20_000
# Of what people are told apart by, these are special in the law: off until a manager decides otherwise, with a reason.
SPECIAL = frozenset({"origin", "religion", "health"})


def digest(secret: str) -> str:
    """By what the secret of a link is known again: a digest with the key of this installation."""
    return salted_hmac(_SALT, secret, algorithm="sha256").hexdigest()


class Dimensions(models.Model):
    """By what visitors of a study may be told apart when they are counted: {dimension: [groups]}. Without a row: by age."""

    study = models.OneToOneField(Study, on_delete=models.CASCADE, related_name="counted_dimensions")
    groups = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.study_id} {', '.join(self.groups)}"


class Round(models.Model):
    """A period in which one place is counted: when, in which dayparts, at which doors, and which groups are told apart.

    `schedule` holds what is to be counted, as [day, daypart] pairs; empty where every daypart of the period is. `margin` is the wanted
    half width of the 95 % interval of the visits per week, as a part of them; `expected` the visits per week that the plan reckons with.
    """

    class How(models.TextChoices):
        ENTERING = "entering", "entering"
        PRESENT = "present", "present"

    class State(models.TextChoices):
        PLANNED = "planned", "planned"
        COUNTING = "counting", "counting"
        CLOSED = "closed", "closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="rounds")
    name = models.CharField(max_length=100)
    starts = models.DateField()
    ends = models.DateField()
    slots = models.JSONField(default=list)
    schedule = models.JSONField(default=list)
    # Empty where nobody is told apart.
    dimension = models.CharField(max_length=40, blank=True)
    groups = models.JSONField(default=list)
    how = models.CharField(max_length=8, choices=How.choices, default=How.ENTERING)
    doors = models.JSONField(default=list)
    margin = models.FloatField(null=True)
    expected = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.COUNTING)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    closed = models.DateTimeField(null=True)
    # What observers saw, as it may be told (see observing.py): [posture, activity, company, age, people] lists, made when it is closed.
    observed = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["place", "state"], name="round_of_place")]
        constraints = [
            models.CheckConstraint(condition=models.Q(starts__lte=models.F("ends")), name="round_period"),
            models.CheckConstraint(condition=models.Q(how__in=["entering", "present"]), name="known_round_how"),
            models.CheckConstraint(condition=models.Q(state__in=["planned", "counting", "closed"]), name="known_round_state"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.starts}"


class Link(models.Model):
    """A way in without an account: whoever has the secret may count in one round. The secret is kept as a digest only."""

    class Purpose(models.TextChoices):
        COUNT = "count", "count"
        OBSERVE = "observe", "observe"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=7, choices=Purpose.choices, default=Purpose.COUNT)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100, blank=True)
    expires = models.DateField()
    revoked = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(purpose__in=["count", "observe"]), name="known_link_purpose")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"


class Session(models.Model):
    """One count of one daypart at one door by one counter or one sheet, as the phone last told it; `id` is made on the phone.

    `seq` is the number of the snapshot that is stored: an older one changes nothing. Times are whole minutes. `seen`: when the counter last
    pressed a button, for who must say when a count ended that nobody ended. `exposure` is the part of the daypart that was counted.
    `left_out`: somebody decided that it does not count, for example because two people counted the same door.
    """

    class Source(models.TextChoices):
        PHONE = "phone", "phone"
        PAPER = "paper", "paper"
        IMPORT = "import", "import"

    class State(models.TextChoices):
        OPEN = "open", "open"
        CLOSED = "closed", "closed"

    class Mode(models.TextChoices):
        COUNT = "count", "count"
        OBSERVE = "observe", "observe"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="sessions")
    link = models.ForeignKey(Link, on_delete=models.SET_NULL, null=True, related_name="sessions")
    date = models.DateField()
    slot = models.CharField(max_length=40)
    door = models.CharField(max_length=60, blank=True)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)
    exposure = models.FloatField(default=1.0)
    weather = models.CharField(max_length=10, blank=True)
    remark = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=6, choices=Source.choices, default=Source.PHONE)
    mode = models.CharField(max_length=7, choices=Mode.choices, default=Mode.COUNT)
    seq = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    left_out = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["round", "date", "slot"], name="session_of_round")]
        constraints = [
            models.CheckConstraint(condition=models.Q(exposure__gt=0, exposure__lte=1), name="session_exposure"),
            models.CheckConstraint(condition=models.Q(source__in=["phone", "paper", "import"]), name="known_session_source"),
            models.CheckConstraint(condition=models.Q(mode__in=["count", "observe"]), name="known_session_mode"),
            models.CheckConstraint(condition=models.Q(state__in=["open", "closed"]), name="known_session_state"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.slot} {self.door}"


class SessionCount(models.Model):
    """How many people of one group a session counted; 0 is a count too."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="counts")
    group = models.CharField(max_length=40)
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "group"], name="one_count_per_group"),
            models.CheckConstraint(condition=models.Q(people__lte=MOST_PEOPLE), name="possible_count"),
        ]

    def __str__(self) -> str:
        return self.group


class Observation(models.Model):
    """How many people in one posture and activity, in company of one size and of one age group, a session saw; nothing of one person."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="observations")
    posture = models.CharField(max_length=20)
    activity = models.CharField(max_length=25, blank=True)
    group_size = models.CharField(max_length=10, blank=True)
    age_group = models.CharField(max_length=40, blank=True)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "posture", "activity", "group_size", "age_group"], name="seen_once"),
            models.CheckConstraint(condition=models.Q(number__lte=MOST_PEOPLE), name="possible_number"),
        ]

    def __str__(self) -> str:
        return f"{self.posture} {self.activity}"


class SeriesPoint(models.Model):
    """The visits of one period as a turnstile or a yearly report has them; without a number where the source has none."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="series")
    start = models.DateField()
    grain = models.CharField(max_length=7)
    visits = models.FloatField(null=True)
    source = models.CharField(max_length=200)
    import_ref = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "start"], name="one_figure_per_period"),
            models.CheckConstraint(condition=models.Q(grain__in=GRAINS), name="known_grain"),
            models.CheckConstraint(condition=models.Q(visits__isnull=True) | models.Q(visits__gte=0), name="visits_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.grain} {self.start}"


class Release(models.Model):
    """The figures of one place (and one round) as everybody sees them. Computed once; replaced only where that tells of no small group.

    `counts` is what they were made of, for deciding whether a newer release may replace this one: it is never shown. `figures` is what is
    shown, `visible_from` the day from which visitors see it: until then the operator looks at it first and may `reply`.
    """

    class State(models.TextChoices):
        PREVIEW = "preview", "preview"
        PUBLIC = "public", "public"
        WITHDRAWN = "withdrawn", "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="releases")
    round = models.ForeignKey(Round, on_delete=models.RESTRICT, null=True, related_name="releases")
    made = models.DateTimeField(default=timezone.now)
    counts = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    visible_from = models.DateField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PREVIEW)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["place", "state", "made"], name="release_of_place")]
        constraints = [models.CheckConstraint(condition=models.Q(state__in=["preview", "public", "withdrawn"]), name="known_release_state")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.made:%Y-%m-%d} {self.state}"
