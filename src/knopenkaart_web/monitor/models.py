# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Areas, figures and links between years: of the whole installation; only an own table belongs to a study."""

from __future__ import annotations

import uuid

from django.db import models

from knopenkaart_web.places.models import Study


class Edition(models.Model):
    """What is loaded. There is at most one; `stamp` is another after each write: what is kept in memory is kept under it."""

    loaded_at = models.DateTimeField(null=True)
    built_at = models.DateTimeField(null=True)
    engine_version = models.CharField(max_length=40, blank=True)
    folder_sha256 = models.CharField(max_length=64, blank=True)
    invented = models.BooleanField(default=False)
    years = models.JSONField(default=list)
    stamp = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return f"{self.loaded_at}"


class FigureSource(models.Model):
    """Where figures come from. Of a study: a municipality's own table, and by which file it was brought.

    `heads` tells what is in PublishedFigures: of each figure [indicator, group, year, unit, nature].
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, null=True, related_name="figure_sources")
    source_id = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    date = models.DateField(null=True)
    licence = models.CharField(max_length=200, blank=True)
    attribution = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    file_id = models.UUIDField(null=True)
    heads = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "source_id"], nulls_distinct=False, name="one_figure_source"),
        ]

    def __str__(self) -> str:
        return self.source_id


class MonitorArea(models.Model):
    """A country, municipality, wijk or buurt of one year."""

    class Level(models.TextChoices):
        COUNTRY = "country", "country"
        MUNICIPALITY = "municipality", "municipality"
        WIJK = "wijk", "wijk"
        BUURT = "buurt", "buurt"

    code = models.CharField(max_length=40)
    year = models.IntegerField()
    level = models.CharField(max_length=12, choices=Level.choices)
    name = models.CharField(max_length=200)
    # The name as people type it (knopenkaart.text.fold): databases differ in what they think of capitals and accents.
    search = models.CharField(max_length=200)
    municipality_code = models.CharField(max_length=40, blank=True)
    wijk_code = models.CharField(max_length=40, blank=True)
    changed = models.CharField(max_length=4, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="one_monitor_area")]
        indexes = [
            models.Index(fields=["year", "level"], name="monitor_area_level"),
            models.Index(fields=["municipality_code", "year", "level"], name="monitor_area_municipality"),
            models.Index(fields=["wijk_code", "year"], name="monitor_area_wijk"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.year} {self.name}"


class Outline(models.Model):
    """The outline of an area (GeoJSON geometry as text, CRS84), simplified for a screen."""

    area = models.OneToOneField(MonitorArea, on_delete=models.CASCADE, primary_key=True, related_name="outline")
    geojson = models.TextField()

    def __str__(self) -> str:
        return str(self.area_id)


class PublishedFigures(models.Model):
    """All figures of one source about one area: of each [its place in the heads of the source, value, n, low, high, reason], without what
    is empty at the end.

    They are read and replaced together, never changed: with a row per figure, a quarter of a million for the country, a load took more
    than four times as long.
    """

    area = models.ForeignKey(MonitorArea, on_delete=models.CASCADE, related_name="published", db_index=False)
    source = models.ForeignKey(FigureSource, on_delete=models.CASCADE, related_name="published")
    figures = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "source"], name="one_published_row")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.source_id}"


class MonitorFigure(models.Model):
    """One figure of a municipality's own table, about one area and group; without a value where there is none, and why."""

    # The constraint begins with the area: it needs no index of its own.
    area = models.ForeignKey(MonitorArea, on_delete=models.CASCADE, related_name="figures", db_index=False)
    source = models.ForeignKey(FigureSource, on_delete=models.CASCADE, related_name="figures")
    indicator = models.CharField(max_length=80)
    group = models.CharField(max_length=40, default="all")
    year = models.IntegerField()
    value = models.FloatField(null=True)
    unit = models.CharField(max_length=30)
    n = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    nature = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "indicator", "group", "year", "source"], name="one_monitor_figure")]
        indexes = [models.Index(fields=["indicator", "group", "year"], name="monitor_figure_indicator")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.group} {self.year}"


class LevelFeatures(models.Model):
    """By what areas of a level are compared with one another (knopenkaart.monitor.similar.Features as JSON), reckoned at a load."""

    level = models.CharField(max_length=12)
    year = models.IntegerField()
    features = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "year"], name="one_level_features")]

    def __str__(self) -> str:
        return f"{self.level} {self.year}"


class AreaLink(models.Model):
    """Whether the area of a code in `to_year` is the area of that code in `from_year`, or which parts of which areas."""

    code = models.CharField(max_length=40)
    from_year = models.IntegerField()
    to_year = models.IntegerField()
    verdict = models.CharField(max_length=10)
    reason = models.CharField(max_length=40, blank=True)
    parts = models.JSONField(default=dict)
    name_from = models.CharField(max_length=200, blank=True)
    people_from = models.FloatField(null=True)
    people_to = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "from_year", "to_year"], name="one_area_link"),
            models.CheckConstraint(condition=models.Q(verdict__in=["same", "bridged", "doubtful", "broken"]), name="known_link_verdict"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.from_year}-{self.to_year} {self.verdict}"


class OwnIndicator(models.Model):
    """An indicator that a municipality made for a table of its own; the others stand in the catalogue of the package."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="own_indicators")
    indicator = models.CharField(max_length=80)
    nl = models.CharField(max_length=120)
    en = models.CharField(max_length=120)
    explanation_nl = models.CharField(max_length=500, blank=True)
    explanation_en = models.CharField(max_length=500, blank=True)
    unit = models.CharField(max_length=30)
    theme = models.CharField(max_length=20)
    direction = models.CharField(max_length=20)
    aggregate = models.CharField(max_length=10)
    nature = models.CharField(max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator"], name="one_own_indicator")]

    def __str__(self) -> str:
        return self.indicator


class OwnRelease(models.Model):
    """What was ever shown of an own indicator about one year, and the exact numbers behind it (never shown).

    It stays when a table is taken back: who saw the figures still knows them, and what comes later must not tell the hidden ones.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="own_releases")
    indicator = models.CharField(max_length=80)
    year = models.IntegerField()
    exact = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "indicator", "year"], name="one_own_release")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"
