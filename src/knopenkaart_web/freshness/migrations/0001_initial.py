# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The first tables."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Knock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.CharField(blank=True, db_index=True, max_length=254)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("language", models.CharField(default="nl", max_length=2)),
                (
                    "state",
                    models.CharField(
                        choices=[("invited", "invited"), ("active", "active"), ("ended", "ended")], default="invited", max_length=7
                    ),
                ),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("no_mail_at", models.DateTimeField(null=True)),
                ("mail_failed_at", models.DateTimeField(null=True)),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="operators", to="places.place")),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="operators", to="places.study")),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MailLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("purpose", models.CharField(choices=[("invitation", "invitation"), ("log_in", "log_in")], max_length=10)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires", models.DateTimeField()),
                ("used", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="links", to="freshness.operator"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("topic", models.CharField(max_length=10)),
                ("text", models.TextField(blank=True)),
                ("proposed", models.JSONField(default=dict)),
                ("email", models.CharField(blank=True, max_length=254)),
                ("language", models.CharField(default="nl", max_length=2)),
                ("by_operator", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("accepted", "accepted"), ("rejected", "rejected")], default="open", max_length=8
                    ),
                ),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="reactions", to="places.place")),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="reactions", to="places.study")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("sent", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires", models.DateTimeField()),
                ("right_at", models.DateTimeField(null=True)),
                ("edited_at", models.DateTimeField(null=True)),
                ("gone_at", models.DateTimeField(null=True)),
                (
                    "operator",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="freshness.operator"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("visible", models.BooleanField(default=True)),
                ("hidden_at", models.DateTimeField(null=True)),
                ("hidden_reason", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("place", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="reply", to="places.place")),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="places.study")),
            ],
        ),
        migrations.AddIndex(
            model_name="operator",
            index=models.Index(fields=["study", "place", "state"], name="operator_of_place"),
        ),
        migrations.AddConstraint(
            model_name="operator",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "ended"), _negated=True), fields=("place", "email"), name="operator_once_per_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="operator",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["invited", "active", "ended"])), name="known_operator_state"
            ),
        ),
        migrations.AddIndex(
            model_name="reaction",
            index=models.Index(fields=["study", "state"], name="reaction_in_queue"),
        ),
        migrations.AddConstraint(
            model_name="reaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "accepted", "rejected"])), name="known_reaction_state"
            ),
        ),
    ]
