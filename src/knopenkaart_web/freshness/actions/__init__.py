# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write of freshness: one function = one permission check (or one link) = one transaction = one audit event."""

from knopenkaart_web.freshness.actions.entering import accept_invitation, log_in_by_link, mail_log_in
from knopenkaart_web.freshness.actions.operators import change_reminders, end_operator, give_up_place, invite_again, invite_operator
from knopenkaart_web.freshness.actions.reactions import accept_reaction, change_own_place, propose, react, reject_reaction
from knopenkaart_web.freshness.actions.reminding import answer_edited, answer_gone, answer_right, remind, stop_reminders
from knopenkaart_web.freshness.actions.replies import hide_reply, show_reply, withdraw_reply, write_reply
from knopenkaart_web.freshness.actions.retention import forget_old

__all__ = [
    "accept_invitation",
    "accept_reaction",
    "answer_edited",
    "answer_gone",
    "answer_right",
    "change_own_place",
    "change_reminders",
    "end_operator",
    "forget_old",
    "give_up_place",
    "hide_reply",
    "invite_again",
    "invite_operator",
    "log_in_by_link",
    "mail_log_in",
    "propose",
    "react",
    "reject_reaction",
    "remind",
    "show_reply",
    "stop_reminders",
    "withdraw_reply",
    "write_reply",
]
