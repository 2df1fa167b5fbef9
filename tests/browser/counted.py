# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rounds of counting on the served example, made and read in its own database; and a phone in the hands of who counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, expect

from .loading import run
from .site import Site

MAKE = """
import django, json, sys
django.setup()
from datetime import timedelta
from django.utils import timezone
from knopenkaart_web.accounts.models import User
from knopenkaart_web.visits import actions, groups, weeks
from knopenkaart_web.visits.planning import RoundValues
slug, place, editor, purpose = sys.argv[1:5]
user, today = User.objects.get(username=editor), timezone.localdate()
monday = today - timedelta(days=today.weekday())
values = RoundValues(name="Telweek", starts=monday, ends=monday + timedelta(days=6), slots=tuple(slot.id for slot in weeks.slots()),
                     dimension="age", groups=tuple(groups.groups_of("age")), doors=("voordeur", "achterdeur"))
number = actions.make_round(user, slug, place, values)
print(json.dumps([number, actions.make_link(user, slug, place, number, purpose=purpose)[1], monday.isoformat()]))
"""
READ = """
import django, json, sys
django.setup()
from dataclasses import asdict
from knopenkaart_web.visits import queries
print(json.dumps([asdict(row) for row in queries.counts_of(sys.argv[1], sys.argv[2])], default=str))
"""


def make_round(environment: Mapping[str, str], site: Site, purpose: str = "count") -> tuple[str, str, str]:
    """A round of this week at the library, with two doors: its identifier, the secret of a link, and its Monday."""
    said = run(environment, "-c", MAKE, site.slug, site.places["library"], site.editor, purpose)
    number, secret, monday = json.loads(said.strip().splitlines()[-1])
    return number, secret, monday


def stored(environment: Mapping[str, str], site: Site, number: str) -> list[dict[str, Any]]:
    """What was counted in a round, as it is handed on."""
    rows: list[dict[str, Any]] = json.loads(run(environment, "-c", READ, site.slug, number).strip().splitlines()[-1])
    return rows


def begin(phone: Page, day: str, slot: str, door: str) -> None:
    """Begin a count."""
    phone.locator("#date").fill(day)
    phone.locator("#slot").select_option(slot)
    phone.get_by_label(door).check()
    phone.get_by_role("button", name="Begin", exact=True).click()
    expect(phone.locator("#counting")).to_be_visible()


def tap(phone: Page, group: str, times: int) -> None:
    """Press a button; each time the number on it follows."""
    button = phone.locator(f"button[data-group={group}]")
    before = int(button.locator("[data-number]").inner_text())
    for _ in range(times):
        button.click()
    expect(button.locator("[data-number]")).to_have_text(str(before + times))


def end(phone: Page) -> None:
    """End a count."""
    phone.get_by_role("button", name="Stoppen").click()
    phone.get_by_role("button", name="Afsluiten en versturen").click()
    expect(phone.locator("#start")).to_be_visible()


def await_sent(phone: Page) -> None:
    """All that was counted on the phone has arrived."""
    expect(phone.locator("#status")).to_have_attribute("data-state", "sent", timeout=60_000)
