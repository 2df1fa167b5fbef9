# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every table and column, of the engine and of the database, is in the reference as the code has it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from documented.pages import reference, rows, sections

from knopenkaart.tables import ALL, MEETING, MONITORED, OBSERVED

OWN_APPS = ("places", "accounts", "audit", "runs", "visits", "cards", "operation", "freshness", "monitor")
TABLES = {**ALL, **OBSERVED, **MONITORED, **MEETING}
MODELS = [model for app in OWN_APPS for model in apps.get_app_config(app).get_models()]


@pytest.mark.parametrize("name", TABLES)
def test_each_table_of_the_engine_is_documented_column_by_column(name: str) -> None:
    table, text = TABLES[name], sections(reference("tables.md"))[name]
    columns = [(f"`{column}`", item.kind, "yes" if item.required else "no", item.meaning) for column, item in table.columns.items()]
    assert rows(text)[1:] == columns
    key = ", ".join(f"`{column}`" for column in table.key) or "none"
    assert f"Key: {key}." in text


def test_no_table_is_documented_that_does_not_exist() -> None:
    assert set(sections(reference("tables.md"))) - {"Tables"} == set(TABLES)
    titles = set(sections(reference("database.md"))) - {"The database of the web"}
    assert titles == {model._meta.db_table for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.db_table)
def test_each_table_of_the_database_is_documented_column_by_column(model: type[models.Model]) -> None:
    found = [row[0].strip("`") for row in rows(sections(reference("database.md"))[model._meta.db_table])[1:]]
    assert found == [field.column for field in model._meta.concrete_fields]
