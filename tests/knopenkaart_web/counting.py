# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A round of counting at the community centre of Kleindorp: a week in March 2026, two doors, by age; and what a phone sends."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from knopenkaart_web.visits import actions, groups, weeks
from knopenkaart_web.visits.planning import RoundValues

from . import factories

SLUG, CENTRE = factories.SLUG, factories.CENTRE
MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)
AGES = tuple(groups.groups_of("age"))
FRONT, BACK = "voordeur", "achterdeur"


def values(**more: Any) -> RoundValues:
    """What a coordinator asks for."""
    usual: dict[str, Any] = {
        "name": "Telweek maart",
        "starts": MONDAY,
        "ends": SUNDAY,
        "slots": tuple(slot.id for slot in weeks.slots()),
        "dimension": "age",
        "groups": AGES,
        "doors": (FRONT, BACK),
    }
    return RoundValues(**(usual | more))


def round_and_secret(actor: Any, *, purpose: str = "count", **more: Any) -> tuple[str, str]:
    """A round with a link: its identifier and the secret."""
    number = actions.make_round(actor, SLUG, CENTRE, values(**more))
    return number, actions.make_link(actor, SLUG, CENTRE, number, purpose=purpose)[1]


def sent(seq: int = 1, **more: Any) -> dict[str, Any]:
    """A snapshot of Monday morning at the front door, as a phone sends it."""
    usual: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "seq": seq,
        "date": "2026-03-02",
        "slot": "mo_morning",
        "door": FRONT,
        "started": "2026-03-02T08:00:00+01:00",
        "ended": None,
        "seen": "2026-03-02T09:00:00+01:00",
        "state": "open",
        "weather": "rain",
        "remark": "",
        "counts": {"age_0_14": 3, "age_65_plus": 12, "unknown": 1},
    }
    return usual | more


def ended(**more: Any) -> dict[str, Any]:
    """The same count, ended after two of the four hours."""
    return sent(**({"state": "closed", "ended": "2026-03-02T10:00:00+01:00"} | more))
