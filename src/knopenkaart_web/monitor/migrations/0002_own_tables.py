# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Indicators that a municipality made itself, and what was shown of its own tables."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitor", "0001_initial"),
        ("places", "0003_own_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnIndicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.CharField(max_length=80)),
                ("nl", models.CharField(max_length=120)),
                ("en", models.CharField(max_length=120)),
                ("explanation_nl", models.CharField(blank=True, max_length=500)),
                ("explanation_en", models.CharField(blank=True, max_length=500)),
                ("unit", models.CharField(max_length=30)),
                ("theme", models.CharField(max_length=20)),
                ("direction", models.CharField(max_length=20)),
                ("aggregate", models.CharField(max_length=10)),
                ("nature", models.CharField(max_length=10)),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="own_indicators", to="places.study")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("indicator",), name="one_own_indicator")],
            },
        ),
        migrations.CreateModel(
            name="OwnRelease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.CharField(max_length=80)),
                ("year", models.IntegerField()),
                ("exact", models.JSONField(default=list)),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="own_releases", to="places.study")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("study", "indicator", "year"), name="one_own_release")],
            },
        ),
    ]
