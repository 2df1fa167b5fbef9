# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long things are kept is documented as the code carries it out, and nothing that holds answers of people is kept without an end."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from documented.pages import rows

from knopenkaart_web.runs.forgetting import ALL

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operations" / "retention.md"
# What a municipality decides stays as long as its inventory, and parts of a row go with it.
STAYS = {
    *("visits_dimensions", "visits_round", "visits_sessioncount", "visits_observation"),
    "cards_cardsettings",
    *("operation_room", "operation_roomhours", "operation_moneyline", "operation_practice", "operation_building"),
}


def test_the_page_says_what_is_carried_out() -> None:
    written = [(f"`{entry.field}`", "less than a month" if entry.months == 0 else f"{entry.months} months", entry.why) for entry in ALL]
    assert rows(PAGE.read_text(encoding="utf-8"))[1:] == written


@pytest.mark.parametrize("app", ["visits", "cards", "operation", "freshness"])
def test_every_table_has_an_end_or_a_reason_to_stay(app: str) -> None:
    ended = {entry.field.partition(".")[0] for entry in ALL}
    tables = {model._meta.db_table for model in apps.get_app_config(app).get_models()}
    assert tables - ended - STAYS == set()
