# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("places", "0002_figure_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("loaded_at", models.DateTimeField(null=True)),
                ("built_at", models.DateTimeField(null=True)),
                ("engine_version", models.CharField(blank=True, max_length=40)),
                ("folder_sha256", models.CharField(blank=True, max_length=64)),
                ("invented", models.BooleanField(default=False)),
                ("years", models.JSONField(default=list)),
                ("stamp", models.UUIDField(default=uuid.uuid4)),
            ],
        ),
        migrations.CreateModel(
            name="LevelFeatures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=12)),
                ("year", models.IntegerField()),
                ("features", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("level", "year"), name="one_level_features")],
            },
        ),
        migrations.CreateModel(
            name="MonitorArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("year", models.IntegerField()),
                (
                    "level",
                    models.CharField(
                        choices=[("country", "country"), ("municipality", "municipality"), ("wijk", "wijk"), ("buurt", "buurt")],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("search", models.CharField(max_length=200)),
                ("municipality_code", models.CharField(blank=True, max_length=40)),
                ("wijk_code", models.CharField(blank=True, max_length=40)),
                ("changed", models.CharField(blank=True, max_length=4)),
            ],
        ),
        migrations.CreateModel(
            name="MonitorFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.CharField(max_length=80)),
                ("group", models.CharField(default="all", max_length=40)),
                ("year", models.IntegerField()),
                ("value", models.FloatField(null=True)),
                ("unit", models.CharField(max_length=30)),
                ("n", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("nature", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="AreaLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("from_year", models.IntegerField()),
                ("to_year", models.IntegerField()),
                ("verdict", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("parts", models.JSONField(default=dict)),
                ("name_from", models.CharField(blank=True, max_length=200)),
                ("people_from", models.FloatField(null=True)),
                ("people_to", models.FloatField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code", "from_year", "to_year"), name="one_area_link"),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["same", "bridged", "doubtful", "broken"])), name="known_link_verdict"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FigureSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source_id", models.CharField(max_length=100)),
                ("title", models.CharField(max_length=300)),
                ("date", models.DateField(null=True)),
                ("licence", models.CharField(blank=True, max_length=200)),
                ("attribution", models.CharField(blank=True, max_length=500)),
                ("url", models.CharField(blank=True, max_length=1000)),
                ("file_id", models.UUIDField(null=True)),
                ("heads", models.JSONField(default=list)),
                (
                    "study",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="figure_sources", to="places.study"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Outline",
            fields=[
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="outline",
                        serialize=False,
                        to="monitor.monitorarea",
                    ),
                ),
                ("geojson", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="PublishedFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("figures", models.JSONField(default=list)),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="published", to="monitor.monitorarea"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="published", to="monitor.figuresource"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("area", "source"), name="one_published_row")],
            },
        ),
        migrations.AddIndex(
            model_name="monitorarea",
            index=models.Index(fields=["year", "level"], name="monitor_area_level"),
        ),
        migrations.AddIndex(
            model_name="monitorarea",
            index=models.Index(fields=["municipality_code", "year", "level"], name="monitor_area_municipality"),
        ),
        migrations.AddIndex(
            model_name="monitorarea",
            index=models.Index(fields=["wijk_code", "year"], name="monitor_area_wijk"),
        ),
        migrations.AddConstraint(
            model_name="monitorarea",
            constraint=models.UniqueConstraint(fields=("code", "year"), name="one_monitor_area"),
        ),
        migrations.AddField(
            model_name="monitorfigure",
            name="area",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="figures", to="monitor.monitorarea"
            ),
        ),
        migrations.AddField(
            model_name="monitorfigure",
            name="source",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="figures", to="monitor.figuresource"),
        ),
        migrations.AddConstraint(
            model_name="figuresource",
            constraint=models.UniqueConstraint(fields=("study", "source_id"), name="one_figure_source", nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name="monitorfigure",
            index=models.Index(fields=["indicator", "group", "year"], name="monitor_figure_indicator"),
        ),
        migrations.AddConstraint(
            model_name="monitorfigure",
            constraint=models.UniqueConstraint(fields=("area", "indicator", "group", "year", "source"), name="one_monitor_figure"),
        ),
    ]
