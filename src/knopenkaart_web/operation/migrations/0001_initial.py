# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The first tables."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import knopenkaart_web.operation.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MoneyYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("released_at", models.DateTimeField(null=True)),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="money_years", to="places.place")),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-year"],
            },
        ),
        migrations.CreateModel(
            name="MoneyLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("category", models.CharField(max_length=40)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "money_year",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="operation.moneyyear"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Practice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weeks_open", models.FloatField(null=True)),
                ("dwell_hours", models.FloatField(null=True)),
                ("subsidy_until", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("place", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="practice", to="places.place")),
            ],
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("m2", models.FloatField(null=True)),
                ("capacity", models.PositiveIntegerField(null=True)),
                ("equipment", models.CharField(blank=True, max_length=500)),
                ("accessible", models.CharField(default="unknown", max_length=7)),
                ("version", models.PositiveIntegerField(default=1)),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="rooms", to="places.place")),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("kind", models.CharField(blank=True, max_length=80)),
                ("attendees", models.PositiveIntegerField(null=True)),
                ("import_ref", models.CharField(blank=True, max_length=100)),
                ("room", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="bookings", to="operation.room")),
            ],
        ),
        migrations.CreateModel(
            name="RoomHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slot", models.CharField(max_length=40)),
                ("available", models.FloatField()),
                ("used", models.FloatField(null=True)),
                ("basis", models.CharField(default="grid", max_length=8)),
                ("as_of", models.DateField(default=knopenkaart_web.operation.models.today)),
                ("room", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="hours", to="operation.room")),
            ],
        ),
        migrations.CreateModel(
            name="Volunteers",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("hours_per_week", models.FloatField(null=True)),
                ("number", models.CharField(blank=True, max_length=8)),
                ("version", models.PositiveIntegerField(default=1)),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="volunteers", to="places.place")),
            ],
            options={
                "ordering": ["-year"],
            },
        ),
        migrations.CreateModel(
            name="Board",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField(default=knopenkaart_web.operation.models.today)),
                ("seats", models.PositiveSmallIntegerField(null=True)),
                ("vacancies", models.PositiveSmallIntegerField(null=True)),
                ("ages", models.CharField(blank=True, max_length=40)),
                ("succession", models.CharField(default="unknown", max_length=7)),
                ("version", models.PositiveIntegerField(default=1)),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="boards", to="places.place")),
            ],
            options={
                "ordering": ["-date"],
                "constraints": [
                    models.UniqueConstraint(fields=("place", "date"), name="board_once_per_day"),
                    models.CheckConstraint(condition=models.Q(("succession__in", ("yes", "no", "unknown"))), name="board_succession"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seats__isnull", True), ("vacancies__isnull", True), ("vacancies__lte", models.F("seats")), _connector="OR"
                        ),
                        name="board_vacancies",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Building",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("m2", models.FloatField(null=True)),
                ("condition", models.PositiveSmallIntegerField(null=True)),
                ("inspected", models.DateField(null=True)),
                ("postponed", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("investment", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("investment_year", models.PositiveSmallIntegerField(null=True)),
                ("covered", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("owner", models.CharField(blank=True, max_length=12)),
                ("note", models.TextField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
                ("place", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="building", to="places.place")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("condition__isnull", True), models.Q(("condition__gte", 1), ("condition__lte", 6)), _connector="OR"
                        ),
                        name="building_condition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("owner__in", ["", "municipality", "foundation", "housing", "church", "private", "other"])),
                        name="building_owner",
                    ),
                    models.CheckConstraint(condition=models.Q(("m2__isnull", True), ("m2__gt", 0), _connector="OR"), name="building_m2"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comparison",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("made", models.DateTimeField(default=django.utils.timezone.now)),
                ("places", models.JSONField(default=dict)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="money_comparisons", to="places.study"),
                ),
            ],
            options={
                "ordering": ["-year"],
                "constraints": [models.UniqueConstraint(fields=("study", "year"), name="comparison_once_a_year")],
            },
        ),
        migrations.AddConstraint(
            model_name="moneyyear",
            constraint=models.UniqueConstraint(fields=("place", "year"), name="money_year_once"),
        ),
        migrations.AddConstraint(
            model_name="moneyyear",
            constraint=models.CheckConstraint(condition=models.Q(("year__gte", 2000), ("year__lte", 2100)), name="money_year_range"),
        ),
        migrations.AddConstraint(
            model_name="moneyline",
            constraint=models.UniqueConstraint(fields=("money_year", "category"), name="money_category_once"),
        ),
        migrations.AddConstraint(
            model_name="moneyline",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="money_amount"),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(("weeks_open__isnull", True), models.Q(("weeks_open__gt", 0), ("weeks_open__lte", 53)), _connector="OR"),
                name="practice_weeks",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dwell_hours__isnull", True), models.Q(("dwell_hours__gt", 0), ("dwell_hours__lte", 24)), _connector="OR"
                ),
                name="practice_dwell",
            ),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(fields=("place", "name"), name="room_once_per_place"),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.CheckConstraint(condition=models.Q(("accessible__in", ("yes", "no", "unknown"))), name="room_accessible"),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.CheckConstraint(condition=models.Q(("m2__isnull", True), ("m2__gt", 0), _connector="OR"), name="room_m2"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["room", "starts"], name="booking_of_room"),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(condition=models.Q(("starts__lte", models.F("ends"))), name="booking_period"),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("import_ref", ""), _negated=True), fields=("room", "import_ref"), name="booking_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="roomhours",
            constraint=models.UniqueConstraint(fields=("room", "slot"), name="hours_once_per_slot"),
        ),
        migrations.AddConstraint(
            model_name="roomhours",
            constraint=models.CheckConstraint(condition=models.Q(("available__gte", 0), ("available__lte", 24)), name="hours_available"),
        ),
        migrations.AddConstraint(
            model_name="roomhours",
            constraint=models.CheckConstraint(
                condition=models.Q(("used__isnull", True), ("used__gte", 0), _connector="OR"), name="hours_used"
            ),
        ),
        migrations.AddConstraint(
            model_name="roomhours",
            constraint=models.CheckConstraint(condition=models.Q(("basis__in", ("grid", "bookings"))), name="hours_basis"),
        ),
        migrations.AddConstraint(
            model_name="volunteers",
            constraint=models.UniqueConstraint(fields=("place", "year"), name="volunteers_once_per_year"),
        ),
        migrations.AddConstraint(
            model_name="volunteers",
            constraint=models.CheckConstraint(condition=models.Q(("year__gte", 2000), ("year__lte", 2100)), name="volunteers_year"),
        ),
        migrations.AddConstraint(
            model_name="volunteers",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__in", ["", "1_9", "10_24", "25_49", "50_99", "100_more"])), name="volunteers_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="volunteers",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours_per_week__isnull", True), ("hours_per_week__gte", 0), _connector="OR"), name="volunteers_hours"
            ),
        ),
    ]
