# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files with counts, series and bookings."""

from __future__ import annotations

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FigureFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("counts", "counts"), ("series", "series"), ("bookings", "bookings")], max_length=8)),
                ("filename", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("week", models.DateField(null=True)),
                ("how", models.CharField(default="entering", max_length=8)),
                ("columns", models.JSONField(default=dict)),
                ("found", models.JSONField(default=dict)),
                ("faults", models.JSONField(default=list)),
                ("notices", models.JSONField(default=list)),
                ("refusal", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[("sent", "sent"), ("read", "read"), ("refused", "refused"), ("in", "in"), ("undone", "undone")],
                        default="sent",
                        max_length=7,
                    ),
                ),
                ("brought", models.JSONField(default=dict)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "place",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="figure_files", to="places.place"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="figure_files", to="places.study")),
            ],
            options={
                "indexes": [models.Index(fields=["study", "place", "state"], name="figure_file_of_place")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["counts", "series", "bookings"])), name="known_figure_file_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["sent", "read", "refused", "in", "undone"])), name="known_figure_file_state"
                    ),
                ],
            },
        ),
    ]
