# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A place, the records at sources that tell of it, and every value of its properties with where it came from."""
# ruff: noqa: D106, RUF012, DJ001 - Django reads the inner classes; NULL means that nobody says
# Absent is not the empty string here: NULL means that nobody says, and the records of the engine have None for it.

from __future__ import annotations

from django.conf import settings
from django.db import models

from knopenkaart_web.places.models.study import Study

STATUSES = ("planned", "open", "vacant", "closed")


class Place(models.Model):
    """Any spot with a social function: the columns of knopenkaart.records.Place with their current values.

    `merged_into` is the place it turned out to be; `removed` is a place that never was one; `missing` is a place that the last load
    did not find; `confidential` is a place that only confidential sources know: no visitor sees it.
    """

    id = models.UUIDField(primary_key=True)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="places")
    name = models.CharField(max_length=300, null=True)
    kind = models.CharField(max_length=60)
    status = models.CharField(max_length=10, default="open")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    source = models.CharField(max_length=100)
    source_id = models.CharField(max_length=200)
    archetype = models.CharField(max_length=40)
    archetype_assumed = models.BooleanField(default=True)
    functions = models.JSONField(default=list)
    small_spot = models.BooleanField(default=False)
    digital = models.BooleanField(default=False)
    neighbour = models.BooleanField(default=False)
    street = models.CharField(max_length=200, null=True)
    housenumber = models.CharField(max_length=60, null=True)
    postcode = models.CharField(max_length=20, null=True)
    city = models.CharField(max_length=200, null=True)
    phone = models.CharField(max_length=200, null=True)
    email = models.CharField(max_length=300, null=True)
    website = models.CharField(max_length=1000, null=True)
    opening_hours = models.TextField(null=True)
    wheelchair = models.CharField(max_length=60, null=True)
    operator = models.CharField(max_length=300, null=True)
    description = models.TextField(null=True)
    # The engine's own link, by identifier; no foreign key, for a load brings places in any order.
    part_of = models.UUIDField(null=True, db_index=True)
    municipality_code = models.CharField(max_length=40, null=True)
    wijk_code = models.CharField(max_length=40, null=True)
    buurt_code = models.CharField(max_length=40, null=True)
    area_year = models.IntegerField(null=True)
    last_verified = models.DateField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="absorbed")
    removed = models.BooleanField(default=False)
    missing = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["study", "merged_into", "removed"], name="place_listed"),
            models.Index(fields=["lon", "lat"], name="place_point"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=STATUSES), name="known_status"),
            models.CheckConstraint(
                condition=models.Q(lon__isnull=True, lat__isnull=True) | models.Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="point_on_earth",
            ),
            models.CheckConstraint(condition=~models.Q(merged_into=models.F("id")), name="not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return self.name or self.kind


class PlaceSource(models.Model):
    """A record at a source that tells of a place: by these a later load knows the place again."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="place_sources")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="place_sources")
    source = models.CharField(max_length=100)
    source_id = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "source", "source_id"], name="one_place_per_source_record")]

    def __str__(self) -> str:
        return f"{self.source}:{self.source_id}"


class PlaceAttribute(models.Model):
    """One value of one property. `current` is the value that stands in the place: human over list over harvest."""

    class Origin(models.TextChoices):
        HARVEST = "harvest", "harvest"
        LIST = "list", "list"
        HUMAN = "human", "human"
        ASSUMED = "assumed", "assumed"

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="attributes")
    name = models.CharField(max_length=60)
    value = models.TextField(blank=True)
    source = models.CharField(max_length=100)
    source_id = models.CharField(max_length=200, blank=True)
    date = models.DateField(null=True)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(blank=True)
    confidential = models.BooleanField(default=False)
    current = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["place", "name"], name="attribute_of_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name"],
                condition=models.Q(origin="human", current=True),
                name="one_current_human_value",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"
