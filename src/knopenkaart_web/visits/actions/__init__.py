# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write about counting: one function is one permission check, one transaction, one event. No event holds a count of people."""

from knopenkaart_web.visits.actions.rounds import close_round, make_link, make_round, reopen_round, revoke_link, set_dimensions
from knopenkaart_web.visits.actions.sending import LinkError, Receipt, TooOftenError, take_snapshot
from knopenkaart_web.visits.actions.sessions import end_session, enter_sheet, leave_out, take_back

__all__ = [
    "LinkError",
    "Receipt",
    "TooOftenError",
    "close_round",
    "end_session",
    "enter_sheet",
    "leave_out",
    "make_link",
    "make_round",
    "reopen_round",
    "revoke_link",
    "set_dimensions",
    "take_back",
    "take_snapshot",
]
