# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long what is kept of people stays, and why; actions.forget_old carries it out."""

from __future__ import annotations

from knopenkaart_web.places.keeping import Keep

UNANSWERED, ENDED, LINKS, REMINDERS, UNDECIDED, DECIDED, HIDDEN = 6, 12, 1, 24, 6, 24, 24

RETENTION: tuple[Keep, ...] = (
    Keep(field="freshness_operator.email, name: invited", months=UNANSWERED, why="Who does not accept within half a year will not."),
    Keep(field="freshness_operator.email, name: ended", months=ENDED, why="To answer questions of whoever ran the place."),
    Keep(field="accounts_user.email: of who runs no place any more", months=ENDED, why="The account is closed and keeps no address."),
    Keep(field="freshness_maillink", months=LINKS, why="A link that is over is only of use to say that it is over."),
    Keep(field="freshness_reminder", months=REMINDERS, why="To see whether reminders are answered, over two years."),
    Keep(field="freshness_reaction.email: decided on", months=0, why="The answer was mailed; nothing is left to mail."),
    Keep(field="freshness_reaction.email: not decided on", months=UNDECIDED, why="Nobody waits longer for an answer."),
    Keep(field="freshness_reaction.text, answer", months=DECIDED, why="To see that the same is said again."),
    Keep(field="freshness_reply.text: hidden", months=HIDDEN, why="To answer whoever asks why it was hidden."),
    Keep(field="freshness_knock", months=0, why="Gone after an hour: only to see who knocks too often."),
)
