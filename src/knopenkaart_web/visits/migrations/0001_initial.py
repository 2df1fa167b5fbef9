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
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Dimensions",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("groups", models.JSONField(default=dict)),
                (
                    "study",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="counted_dimensions", to="places.study"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("starts", models.DateField()),
                ("ends", models.DateField()),
                ("slots", models.JSONField(default=list)),
                ("schedule", models.JSONField(default=list)),
                ("dimension", models.CharField(blank=True, max_length=40)),
                ("groups", models.JSONField(default=list)),
                ("how", models.CharField(choices=[("entering", "entering"), ("present", "present")], default="entering", max_length=8)),
                ("doors", models.JSONField(default=list)),
                ("margin", models.FloatField(null=True)),
                ("expected", models.PositiveIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "planned"), ("counting", "counting"), ("closed", "closed")], default="counting", max_length=8
                    ),
                ),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed", models.DateTimeField(null=True)),
                ("observed", models.JSONField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="rounds", to="places.place")),
            ],
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("made", models.DateTimeField(default=django.utils.timezone.now)),
                ("counts", models.JSONField(default=dict)),
                ("figures", models.JSONField(default=dict)),
                ("visible_from", models.DateField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("preview", "preview"), ("public", "public"), ("withdrawn", "withdrawn")], default="preview", max_length=9
                    ),
                ),
                ("reply", models.TextField(blank=True)),
                ("replied_at", models.DateTimeField(null=True)),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="releases", to="places.place")),
                (
                    "round",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="releases", to="visits.round"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("purpose", models.CharField(choices=[("count", "count"), ("observe", "observe")], default="count", max_length=7)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(blank=True, max_length=100)),
                ("expires", models.DateField()),
                ("revoked", models.DateTimeField(null=True)),
                ("made", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("round", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="links", to="visits.round")),
            ],
        ),
        migrations.CreateModel(
            name="SeriesPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.DateField()),
                ("grain", models.CharField(max_length=7)),
                ("visits", models.FloatField(null=True)),
                ("source", models.CharField(max_length=200)),
                ("import_ref", models.CharField(blank=True, max_length=64)),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="series", to="places.place")),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("date", models.DateField()),
                ("slot", models.CharField(max_length=40)),
                ("door", models.CharField(blank=True, max_length=60)),
                ("started", models.DateTimeField(null=True)),
                ("ended", models.DateTimeField(null=True)),
                ("seen", models.DateTimeField(null=True)),
                ("exposure", models.FloatField(default=1.0)),
                ("weather", models.CharField(blank=True, max_length=10)),
                ("remark", models.CharField(blank=True, max_length=300)),
                (
                    "source",
                    models.CharField(choices=[("phone", "phone"), ("paper", "paper"), ("import", "import")], default="phone", max_length=6),
                ),
                ("mode", models.CharField(choices=[("count", "count"), ("observe", "observe")], default="count", max_length=7)),
                ("seq", models.PositiveIntegerField(default=0)),
                ("state", models.CharField(choices=[("open", "open"), ("closed", "closed")], default="open", max_length=6)),
                ("left_out", models.BooleanField(default=False)),
                (
                    "link",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="sessions", to="visits.link"),
                ),
                ("round", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to="visits.round")),
            ],
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("posture", models.CharField(max_length=20)),
                ("activity", models.CharField(blank=True, max_length=25)),
                ("group_size", models.CharField(blank=True, max_length=10)),
                ("age_group", models.CharField(blank=True, max_length=40)),
                ("number", models.PositiveIntegerField()),
                (
                    "session",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="observations", to="visits.session"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SessionCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group", models.CharField(max_length=40)),
                ("people", models.PositiveIntegerField()),
                ("session", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="counts", to="visits.session")),
            ],
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(fields=["place", "state"], name="round_of_place"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(condition=models.Q(("starts__lte", models.F("ends"))), name="round_period"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(condition=models.Q(("how__in", ["entering", "present"])), name="known_round_how"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "counting", "closed"])), name="known_round_state"
            ),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["place", "state", "made"], name="release_of_place"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["preview", "public", "withdrawn"])), name="known_release_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(condition=models.Q(("purpose__in", ["count", "observe"])), name="known_link_purpose"),
        ),
        migrations.AddConstraint(
            model_name="seriespoint",
            constraint=models.UniqueConstraint(fields=("place", "start"), name="one_figure_per_period"),
        ),
        migrations.AddConstraint(
            model_name="seriespoint",
            constraint=models.CheckConstraint(condition=models.Q(("grain__in", ("day", "week", "month", "quarter"))), name="known_grain"),
        ),
        migrations.AddConstraint(
            model_name="seriespoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("visits__isnull", True), ("visits__gte", 0), _connector="OR"), name="visits_not_negative"
            ),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["round", "date", "slot"], name="session_of_round"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(condition=models.Q(("exposure__gt", 0), ("exposure__lte", 1)), name="session_exposure"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["phone", "paper", "import"])), name="known_session_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(condition=models.Q(("mode__in", ["count", "observe"])), name="known_session_mode"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(condition=models.Q(("state__in", ["open", "closed"])), name="known_session_state"),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.UniqueConstraint(fields=("session", "posture", "activity", "group_size", "age_group"), name="seen_once"),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(condition=models.Q(("number__lte", 20000)), name="possible_number"),
        ),
        migrations.AddConstraint(
            model_name="sessioncount",
            constraint=models.UniqueConstraint(fields=("session", "group"), name="one_count_per_group"),
        ),
        migrations.AddConstraint(
            model_name="sessioncount",
            constraint=models.CheckConstraint(condition=models.Q(("people__lte", 20000)), name="possible_count"),
        ),
    ]
