# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The first tables."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("actor", models.CharField(max_length=150)),
                ("role", models.CharField(max_length=20)),
                ("action", models.CharField(max_length=40)),
                ("study", models.CharField(blank=True, max_length=80)),
                ("object_type", models.CharField(max_length=30)),
                ("object_id", models.CharField(max_length=80)),
                ("reason", models.TextField(blank=True)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["study", "object_type", "object_id"], name="event_object"),
                    models.Index(fields=["study", "action"], name="event_action"),
                ],
            },
        ),
    ]
