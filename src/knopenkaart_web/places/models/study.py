# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A study with its sources, areas, figures and notices: all that a load replaces as a whole."""
# ruff: noqa: D106, RUF012 - Django reads these inner classes

from __future__ import annotations

import uuid

from django.db import models


class Study(models.Model):
    """One or more municipalities of one build.

    `revision` counts the writes, for people and for cached results. `stamp` is another value after each write and never comes back,
    not even when a transaction is rolled back: what is kept in memory is kept under it.
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    area_year = models.IntegerField(null=True)
    osm_date = models.DateField(null=True)
    built_at = models.DateTimeField(null=True)
    loaded_at = models.DateTimeField(null=True)
    engine_version = models.CharField(max_length=40, blank=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    tiles_path = models.CharField(max_length=1000, blank=True)
    folder = models.CharField(max_length=1000, blank=True)
    invented = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    stamp = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return self.slug


class Source(models.Model):
    """Where places, areas or figures come from."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="sources")
    source_id = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    date = models.DateField(null=True)
    licence = models.CharField(max_length=200, blank=True)
    attribution = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    confidential = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "source_id"], name="one_source_per_study")]

    def __str__(self) -> str:
        return self.source_id


# What an area is, and how far it is covered: the same names in a build, in this table, and in memory.
AREA_COLUMNS = ("code", "year", "level", "name", "municipality_code", "wijk_code")
COVERAGE_COLUMNS = ("area_share", "street_share", "address_share", "believed_share", "addresses", "dwellings")


class Area(models.Model):
    """A municipality, wijk or buurt of one year, with its outline (GeoJSON geometry as text) and how far it is covered."""

    class Level(models.TextChoices):
        MUNICIPALITY = "municipality", "municipality"
        WIJK = "wijk", "wijk"
        BUURT = "buurt", "buurt"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="areas")
    code = models.CharField(max_length=40)
    year = models.IntegerField()
    level = models.CharField(max_length=12, choices=Level.choices)
    name = models.CharField(max_length=200)
    municipality_code = models.CharField(max_length=40, null=True)  # noqa: DJ001 - absent is not the empty string: buurten may lack a wijk
    wijk_code = models.CharField(max_length=40, null=True)  # noqa: DJ001
    geojson = models.TextField(blank=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    coverage_status = models.CharField(max_length=10, default="unknown")
    coverage_reason = models.CharField(max_length=100, blank=True)
    area_share = models.FloatField(null=True)
    street_share = models.FloatField(null=True)
    address_share = models.FloatField(null=True)
    believed_share = models.FloatField(null=True)
    addresses = models.IntegerField(null=True)
    dwellings = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "code"], name="one_area_per_study")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Figure(models.Model):
    """A published figure of an area; without a value where the source suppresses it or it could not be joined."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="figures")
    indicator = models.CharField(max_length=80)
    value = models.FloatField(null=True)
    unit = models.CharField(max_length=30, blank=True)
    year = models.IntegerField()
    source = models.CharField(max_length=100)
    joined = models.BooleanField(default=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "indicator", "year", "source"], name="one_figure_per_area")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"


class Notice(models.Model):
    """Something a reader of the study should know."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="notices")
    code = models.CharField(max_length=100)
    subject = models.CharField(max_length=300, blank=True, db_index=True)
    message = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"
