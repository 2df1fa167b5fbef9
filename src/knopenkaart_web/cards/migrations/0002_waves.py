# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Waves of answers of residents."""

import django.db.models.deletion
from django.db import migrations, models

import knopenkaart_web.cards.models


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0001_initial"),
        ("places", "0002_figure_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="ResidentWave",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("made", models.DateField(default=knopenkaart_web.cards.models.today)),
                ("figures", models.JSONField()),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="resident_waves", to="places.study")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("first__lte", models.F("last"))), name="wave_period"),
                    models.UniqueConstraint(fields=("study", "first"), name="one_wave_from_a_day"),
                ],
            },
        ),
    ]
