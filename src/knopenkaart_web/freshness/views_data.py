# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the reads of freshness return: frozen, plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

# What a visitor can say is wrong; an operator's own proposals have the topic `proposal`.
TOPICS = ("closed", "hours", "contact", "moved", "other")
# What who runs a place may ask an editor to change.
PROPOSABLE = ("name", "kind", "street", "housenumber", "postcode", "city", "status")
CheckedBy = Literal["open_data", "list", "operator", "editor", "visitor"]
LinkState = Literal["ok", "used", "expired", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRow:
    """When a place was last looked at and by what kind of source; `stale` where that is too long ago, or never."""

    on: date | None
    by: CheckedBy | None
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorRow:
    """Somebody who runs a place, or was asked to. For editors only: it holds an address."""

    id: int
    email: str
    name: str
    state: str
    invited_at: datetime
    accepted_at: datetime | None
    reminded_at: datetime | None
    wants_mail: bool
    mail_failed: bool
    unanswered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlaceRow:
    """A place that somebody runs."""

    slug: str
    study_name: str
    place_id: str
    label: str
    kind_label: str
    address: str
    checked: CheckedRow
    wants_mail: bool
    asked: int
    reply_hidden: bool
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationView:
    """An invitation as whoever holds its link sees it."""

    state: LinkState
    slug: str = ""
    place_id: str = ""
    name: str = ""
    email: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderView:
    """A reminder as whoever holds its link sees it: the state of each answer."""

    slug: str = ""
    place_id: str = ""
    right: LinkState = "unknown"
    edit: LinkState = "unknown"
    gone: LinkState = "unknown"
    wants_mail: bool = True
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRow:
    """A reminder that was sent, or would be."""

    operator: int
    study: str
    place_id: str
    place: str
    last_verified: date | None
    sent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionRow:
    """What somebody says is wrong with a place. For editors only."""

    id: int
    topic: str
    text: str
    proposed: dict[str, Any]
    wants_answer: bool
    by_operator: bool
    created: datetime
    place_id: str
    label: str
    kind_label: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRow:
    """What who runs a place writes beside it."""

    text: str
    at: datetime
    visible: bool
    hidden_reason: str
