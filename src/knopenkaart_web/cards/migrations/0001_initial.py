# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The first tables."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import knopenkaart_web.cards.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Sending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("hour", models.PositiveIntegerField(db_index=True)),
                ("number", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="CardLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(blank=True, max_length=100)),
                ("first_day", models.DateField(default=knopenkaart_web.cards.models.today)),
                ("last_day", models.DateField()),
                ("revoked", models.DateField(null=True)),
                ("made_on", models.DateField(default=knopenkaart_web.cards.models.today)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="card_links", to="places.place")),
            ],
        ),
        migrations.CreateModel(
            name="Card",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("nonce", models.UUIDField(unique=True)),
                ("date", models.DateField(default=knopenkaart_web.cards.models.today)),
                ("how", models.CharField(choices=[("screen", "screen"), ("paper", "paper")], default="screen", max_length=6)),
                ("frequency", models.PositiveSmallIntegerField(null=True)),
                ("regular", models.CharField(blank=True, max_length=6)),
                ("origin", models.CharField(blank=True, max_length=40)),
                ("age", models.CharField(blank=True, max_length=40)),
                ("recognise", models.CharField(blank=True, max_length=8)),
                ("greet", models.CharField(blank=True, max_length=8)),
                ("different", models.CharField(blank=True, max_length=8)),
                ("elsewhere", models.CharField(blank=True, max_length=40)),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="cards", to="places.place")),
                (
                    "link",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="cards", to="cards.cardlink"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CardSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dimensions", models.JSONField(default=list)),
                ("open_survey", models.BooleanField(default=False)),
                (
                    "study",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="card_settings", to="places.study"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FreeText",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("question", models.CharField(max_length=30)),
                ("text", models.CharField(max_length=1000)),
                ("month", models.DateField()),
                (
                    "place",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="free_texts", to="places.place"),
                ),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="free_texts", to="places.study")),
            ],
        ),
        migrations.CreateModel(
            name="ResidentAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("nonce", models.UUIDField(unique=True)),
                ("date", models.DateField(default=knopenkaart_web.cards.models.today)),
                ("wijk_code", models.CharField(blank=True, max_length=40)),
                ("origin", models.CharField(blank=True, max_length=40)),
                ("age", models.CharField(blank=True, max_length=40)),
                ("neighbours", models.CharField(blank=True, max_length=8)),
                (
                    "study",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="resident_answers", to="places.study"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ResidentLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(blank=True, max_length=100)),
                ("first_day", models.DateField(default=knopenkaart_web.cards.models.today)),
                ("last_day", models.DateField()),
                ("revoked", models.DateField(null=True)),
                ("made_on", models.DateField(default=knopenkaart_web.cards.models.today)),
                ("wijk_code", models.CharField(blank=True, max_length=40)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("study", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="resident_links", to="places.study")),
            ],
        ),
        migrations.CreateModel(
            name="ResidentPlace",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("place_id", models.UUIDField(db_index=True)),
                ("goes", models.BooleanField()),
                ("frequency", models.PositiveSmallIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=30)),
                (
                    "answer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="places", to="cards.residentanswer"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SelfTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quarter", models.DateField()),
                ("dimension", models.CharField(max_length=40)),
                ("group", models.CharField(max_length=40)),
                ("people", models.PositiveIntegerField(default=0)),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="self_tallies", to="places.place")),
            ],
        ),
        migrations.AddConstraint(
            model_name="cardlink",
            constraint=models.CheckConstraint(condition=models.Q(("first_day__lte", models.F("last_day"))), name="card_link_period"),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(fields=["place", "date"], name="card_day"),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.CheckConstraint(
                condition=models.Q(("frequency__isnull", True), ("frequency__lte", 28), _connector="OR"), name="card_frequency"
            ),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.CheckConstraint(condition=models.Q(("regular__in", ["", "yes", "no", "varies"])), name="card_regular"),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("different__in", ["", "0", "1_2", "3_5", "6_10", "11_20", "over_20"]),
                    ("greet__in", ["", "0", "1_2", "3_5", "6_10", "11_20", "over_20"]),
                    ("recognise__in", ["", "0", "1_2", "3_5", "6_10", "11_20", "over_20"]),
                ),
                name="card_how_many",
            ),
        ),
        migrations.AddIndex(
            model_name="freetext",
            index=models.Index(fields=["study", "place"], name="text_of_place"),
        ),
        migrations.AddIndex(
            model_name="residentanswer",
            index=models.Index(fields=["study", "date"], name="resident_day"),
        ),
        migrations.AddConstraint(
            model_name="residentanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("neighbours__in", ["", "0", "1_2", "3_5", "6_10", "11_20", "over_20"])), name="resident_how_many"
            ),
        ),
        migrations.AddConstraint(
            model_name="residentlink",
            constraint=models.CheckConstraint(condition=models.Q(("first_day__lte", models.F("last_day"))), name="resident_link_period"),
        ),
        migrations.AddConstraint(
            model_name="residentplace",
            constraint=models.UniqueConstraint(fields=("answer", "place_id"), name="named_once"),
        ),
        migrations.AddConstraint(
            model_name="residentplace",
            constraint=models.CheckConstraint(
                condition=models.Q(("frequency__isnull", True), ("frequency__lte", 28), _connector="OR"), name="resident_frequency"
            ),
        ),
        migrations.AddConstraint(
            model_name="selftally",
            constraint=models.UniqueConstraint(fields=("place", "quarter", "dimension", "group"), name="one_tally_per_quarter"),
        ),
    ]
