# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files with indicators of the areas of a study."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0002_figure_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="figurefile",
            name="known_figure_file_kind",
        ),
        migrations.AlterField(
            model_name="figurefile",
            name="kind",
            field=models.CharField(
                choices=[("counts", "counts"), ("series", "series"), ("bookings", "bookings"), ("indicators", "indicators")], max_length=10
            ),
        ),
        migrations.AddConstraint(
            model_name="figurefile",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["counts", "series", "bookings", "indicators"])), name="known_figure_file_kind"
            ),
        ),
    ]
