# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The first tables."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Study",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("area_year", models.IntegerField(null=True)),
                ("osm_date", models.DateField(null=True)),
                ("built_at", models.DateTimeField(null=True)),
                ("loaded_at", models.DateTimeField(null=True)),
                ("engine_version", models.CharField(blank=True, max_length=40)),
                ("west", models.FloatField(null=True)),
                ("south", models.FloatField(null=True)),
                ("east", models.FloatField(null=True)),
                ("north", models.FloatField(null=True)),
                ("tiles_path", models.CharField(blank=True, max_length=1000)),
                ("folder", models.CharField(blank=True, max_length=1000)),
                ("invented", models.BooleanField(default=False)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("stamp", models.UUIDField(default=uuid.uuid4)),
            ],
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=300, null=True)),
                ("kind", models.CharField(max_length=60)),
                ("status", models.CharField(default="open", max_length=10)),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("source", models.CharField(max_length=100)),
                ("source_id", models.CharField(max_length=200)),
                ("archetype", models.CharField(max_length=40)),
                ("archetype_assumed", models.BooleanField(default=True)),
                ("functions", models.JSONField(default=list)),
                ("small_spot", models.BooleanField(default=False)),
                ("digital", models.BooleanField(default=False)),
                ("neighbour", models.BooleanField(default=False)),
                ("street", models.CharField(max_length=200, null=True)),
                ("housenumber", models.CharField(max_length=60, null=True)),
                ("postcode", models.CharField(max_length=20, null=True)),
                ("city", models.CharField(max_length=200, null=True)),
                ("phone", models.CharField(max_length=200, null=True)),
                ("email", models.CharField(max_length=300, null=True)),
                ("website", models.CharField(max_length=1000, null=True)),
                ("opening_hours", models.TextField(null=True)),
                ("wheelchair", models.CharField(max_length=60, null=True)),
                ("operator", models.CharField(max_length=300, null=True)),
                ("description", models.TextField(null=True)),
                ("part_of", models.UUIDField(db_index=True, null=True)),
                ("municipality_code", models.CharField(max_length=40, null=True)),
                ("wijk_code", models.CharField(max_length=40, null=True)),
                ("buurt_code", models.CharField(max_length=40, null=True)),
                ("area_year", models.IntegerField(null=True)),
                ("last_verified", models.DateField(null=True)),
                ("removed", models.BooleanField(default=False)),
                ("missing", models.BooleanField(default=False)),
                ("confidential", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "merged_into",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="absorbed", to="places.place"),
                ),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="places", to="places.study")),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=100)),
                ("subject", models.CharField(blank=True, db_index=True, max_length=300)),
                ("message", models.TextField(blank=True)),
                ("details", models.JSONField(default=dict)),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="places.study")),
            ],
        ),
        migrations.CreateModel(
            name="KindSelection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("counts", models.BooleanField()),
                ("reason", models.TextField(blank=True)),
                (
                    "study",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="kind_selections", to="places.study"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ImportDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("filename", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                ("mapping", models.JSONField(default=dict)),
                ("columns", models.JSONField(default=list)),
                ("rows", models.JSONField(default=list)),
                ("faults", models.JSONField(default=list)),
                ("ready", models.BooleanField(default=False)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="import_drafts", to="places.study")),
            ],
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("year", models.IntegerField()),
                (
                    "level",
                    models.CharField(choices=[("municipality", "municipality"), ("wijk", "wijk"), ("buurt", "buurt")], max_length=12),
                ),
                ("name", models.CharField(max_length=200)),
                ("municipality_code", models.CharField(max_length=40, null=True)),
                ("wijk_code", models.CharField(max_length=40, null=True)),
                ("geojson", models.TextField(blank=True)),
                ("west", models.FloatField(null=True)),
                ("south", models.FloatField(null=True)),
                ("east", models.FloatField(null=True)),
                ("north", models.FloatField(null=True)),
                ("coverage_status", models.CharField(default="unknown", max_length=10)),
                ("coverage_reason", models.CharField(blank=True, max_length=100)),
                ("area_share", models.FloatField(null=True)),
                ("street_share", models.FloatField(null=True)),
                ("address_share", models.FloatField(null=True)),
                ("believed_share", models.FloatField(null=True)),
                ("addresses", models.IntegerField(null=True)),
                ("dwellings", models.IntegerField(null=True)),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="areas", to="places.study")),
            ],
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.CharField(max_length=80)),
                ("value", models.FloatField(null=True)),
                ("unit", models.CharField(blank=True, max_length=30)),
                ("year", models.IntegerField()),
                ("source", models.CharField(max_length=100)),
                ("joined", models.BooleanField(default=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("area", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="figures", to="places.area")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("area", "indicator", "year", "source"), name="one_figure_per_area")],
            },
        ),
        migrations.CreateModel(
            name="PlaceAttribute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("value", models.TextField(blank=True)),
                ("source", models.CharField(max_length=100)),
                ("source_id", models.CharField(blank=True, max_length=200)),
                ("date", models.DateField(null=True)),
                (
                    "origin",
                    models.CharField(
                        choices=[("harvest", "harvest"), ("list", "list"), ("human", "human"), ("assumed", "assumed")], max_length=8
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("confidential", models.BooleanField(default=False)),
                ("current", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="attributes", to="places.place")),
            ],
            options={
                "indexes": [models.Index(fields=["place", "name"], name="attribute_of_place")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("current", True), ("origin", "human")), fields=("place", "name"), name="one_current_human_value"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source_id", models.CharField(max_length=100)),
                ("title", models.CharField(max_length=300)),
                ("date", models.DateField(null=True)),
                ("licence", models.CharField(blank=True, max_length=200)),
                ("attribution", models.CharField(blank=True, max_length=500)),
                ("url", models.CharField(blank=True, max_length=1000)),
                ("confidential", models.BooleanField(default=False)),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="sources", to="places.study")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("study", "source_id"), name="one_source_per_study")],
            },
        ),
        migrations.CreateModel(
            name="SavedMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("mapping", models.JSONField(default=dict)),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="saved_mappings", to="places.study")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("study", "name"), name="one_mapping_per_name")],
            },
        ),
        migrations.CreateModel(
            name="ReviewItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "topic",
                    models.CharField(
                        choices=[("new", "new"), ("changed", "changed"), ("gone", "gone"), ("duplicate", "duplicate")], max_length=10
                    ),
                ),
                ("details", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("accepted", "accepted"), ("rejected", "rejected"), ("withdrawn", "withdrawn")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("other", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="places.place")),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="review_items", to="places.place")),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="review_items", to="places.study")),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["study", "state", "topic"], name="item_in_queue")],
            },
        ),
        migrations.CreateModel(
            name="PlaceSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=100)),
                ("source_id", models.CharField(max_length=200)),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="place_sources", to="places.place")),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="place_sources", to="places.study")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("study", "source", "source_id"), name="one_place_per_source_record")],
            },
        ),
        migrations.AddIndex(
            model_name="place",
            index=models.Index(fields=["study", "merged_into", "removed"], name="place_listed"),
        ),
        migrations.AddIndex(
            model_name="place",
            index=models.Index(fields=["lon", "lat"], name="place_point"),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ("planned", "open", "vacant", "closed"))), name="known_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lon__isnull", True)),
                    models.Q(("lat__gte", -90), ("lat__lte", 90), ("lon__gte", -180), ("lon__lte", 180)),
                    _connector="OR",
                ),
                name="point_on_earth",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True), name="not_merged_into_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="kindselection",
            constraint=models.UniqueConstraint(fields=("study", "kind"), name="one_choice_per_kind"),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.UniqueConstraint(fields=("study", "code"), name="one_area_per_study"),
        ),
    ]
