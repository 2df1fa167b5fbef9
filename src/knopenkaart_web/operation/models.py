# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rooms with their hours and bookings, money per year, and who and what keeps a place going: board, volunteers, building.

Of people nothing is kept but numbers that whoever runs the place wrote down: no renter, no name, no age of one person.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone

from knopenkaart_web.places.models import Place, Study

NAME_LENGTH = 80
NOTE_LENGTH = 500
BASES = ("grid", "bookings")
# What somebody says or does not say.
ANSWERS = ("yes", "no", "unknown")
OWNERS = ("municipality", "foundation", "housing", "church", "private", "other")
# How many volunteers, roughly: the number itself is nobody's business.
VOLUNTEERS = ("1_9", "10_24", "25_49", "50_99", "100_more")
FIRST_YEAR, LAST_YEAR = 2000, 2100
CONDITIONS = (1, 6)


def today() -> date:
    """The day here, without a time."""
    return timezone.localdate()


class Room(models.Model):
    """A room that can be used by itself. `version` counts the changes to it and to its hours: nobody overwrites another unseen."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(max_length=NAME_LENGTH)
    m2 = models.FloatField(null=True)
    capacity = models.PositiveIntegerField(null=True)
    equipment = models.CharField(max_length=NOTE_LENGTH, blank=True)
    accessible = models.CharField(max_length=7, default="unknown")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="room_once_per_place"),
            models.CheckConstraint(condition=models.Q(accessible__in=ANSWERS), name="room_accessible"),
            models.CheckConstraint(condition=models.Q(m2__isnull=True) | models.Q(m2__gt=0), name="room_m2"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.name}"


class RoomHours(models.Model):
    """Hours per week of a room in one daypart; a row of the engine's table `room_hours`. `used` is NULL where nobody says."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="hours")
    slot = models.CharField(max_length=40)
    available = models.FloatField()
    used = models.FloatField(null=True)
    basis = models.CharField(max_length=8, default="grid")
    as_of = models.DateField(default=today)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "slot"], name="hours_once_per_slot"),
            models.CheckConstraint(condition=models.Q(available__gte=0, available__lte=24), name="hours_available"),
            models.CheckConstraint(condition=models.Q(used__isnull=True) | models.Q(used__gte=0), name="hours_used"),
            models.CheckConstraint(condition=models.Q(basis__in=BASES), name="hours_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.slot} {self.used}/{self.available}"


class Booking(models.Model):
    """One booking of a room. Never by whom: `kind` is what was done in it, `import_ref` by what a later import knows it again."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="bookings")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    kind = models.CharField(max_length=80, blank=True)
    attendees = models.PositiveIntegerField(null=True)
    import_ref = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [models.Index(fields=["room", "starts"], name="booking_of_room")]
        constraints = [
            models.CheckConstraint(condition=models.Q(starts__lte=models.F("ends")), name="booking_period"),
            models.UniqueConstraint(fields=["room", "import_ref"], condition=~models.Q(import_ref=""), name="booking_once"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.starts:%Y-%m-%d %H:%M}"


class MoneyYear(models.Model):
    """A year of which somebody wrote down money. Everybody may see it from `released_at` on; before that who runs the place and editors."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="money_years")
    year = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["place", "year"], name="money_year_once"),
            models.CheckConstraint(condition=models.Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="money_year_range"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.year}"


class MoneyLine(models.Model):
    """Euro of one category in one year of a place. A category without a line was not filled in, which is not zero."""

    money_year = models.ForeignKey(MoneyYear, on_delete=models.CASCADE, related_name="lines")
    category = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["money_year", "category"], name="money_category_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="money_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.money_year_id} {self.category}"


class Practice(models.Model):
    """What figures need beside money and visits: weeks open per year, hours per visit, and how long a subsidy is promised."""

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="practice")
    weeks_open = models.FloatField(null=True)
    dwell_hours = models.FloatField(null=True)
    subsidy_until = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weeks_open__isnull=True) | models.Q(weeks_open__gt=0, weeks_open__lte=53), name="practice_weeks"
            ),
            models.CheckConstraint(
                condition=models.Q(dwell_hours__isnull=True) | models.Q(dwell_hours__gt=0, dwell_hours__lte=24), name="practice_dwell"
            ),
        ]

    def __str__(self) -> str:
        return f"practice of {self.place_id}"


class Board(models.Model):
    """The board of a place as it was on a day. `ages`: the age group that most members are in; of one member nothing is kept."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="boards")
    date = models.DateField(default=today)
    seats = models.PositiveSmallIntegerField(null=True)
    vacancies = models.PositiveSmallIntegerField(null=True)
    ages = models.CharField(max_length=40, blank=True)
    succession = models.CharField(max_length=7, default="unknown")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-date"]
        constraints = [
            models.UniqueConstraint(fields=["place", "date"], name="board_once_per_day"),
            models.CheckConstraint(condition=models.Q(succession__in=ANSWERS), name="board_succession"),
            models.CheckConstraint(
                condition=models.Q(seats__isnull=True) | models.Q(vacancies__isnull=True) | models.Q(vacancies__lte=models.F("seats")),
                name="board_vacancies",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.date}"


class Volunteers(models.Model):
    """Hours of volunteers per week in a year, all of them together, and how many they are, as a class."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="volunteers")
    year = models.PositiveSmallIntegerField()
    hours_per_week = models.FloatField(null=True)
    number = models.CharField(max_length=8, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["place", "year"], name="volunteers_once_per_year"),
            models.CheckConstraint(condition=models.Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="volunteers_year"),
            models.CheckConstraint(condition=models.Q(number__in=["", *VOLUNTEERS]), name="volunteers_number"),
            models.CheckConstraint(
                condition=models.Q(hours_per_week__isnull=True) | models.Q(hours_per_week__gte=0), name="volunteers_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.year}"


class Building(models.Model):
    """The building: floor area, condition after NEN 2767, and what must still be paid for it in euro; NULL is not known, 0 is nothing."""

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="building")
    m2 = models.FloatField(null=True)
    condition = models.PositiveSmallIntegerField(null=True)
    inspected = models.DateField(null=True)
    postponed = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    investment = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    investment_year = models.PositiveSmallIntegerField(null=True)
    covered = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    owner = models.CharField(max_length=12, blank=True)
    note = models.TextField(blank=True, max_length=NOTE_LENGTH)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(condition__isnull=True) | models.Q(condition__gte=CONDITIONS[0], condition__lte=CONDITIONS[1]),
                name="building_condition",
            ),
            models.CheckConstraint(condition=models.Q(owner__in=["", *OWNERS]), name="building_owner"),
            models.CheckConstraint(condition=models.Q(m2__isnull=True) | models.Q(m2__gt=0), name="building_m2"),
        ]

    def __str__(self) -> str:
        return f"building of {self.place_id}"


class Comparison(models.Model):
    """How the money of places compares, reckoned for all of a study at once and at most once in a calendar year.

    `places` holds per place and figure the distribution of the others. Were it reckoned at every look, what changes when one place joins
    would tell of the money of that place.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="money_comparisons")
    year = models.PositiveSmallIntegerField()
    made = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    places = models.JSONField(default=dict)

    class Meta:
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["study", "year"], name="comparison_once_a_year")]

    def __str__(self) -> str:
        return f"{self.study_id} {self.year}"
