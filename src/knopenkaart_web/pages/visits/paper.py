# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The form to count on paper, with the fields of the counter; drawn in a process of its own, so that pages stay light."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from django.utils.translation import gettext as _

from knopenkaart.errors import InputError
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.written import capital
from knopenkaart_web.places import words
from knopenkaart_web.visits import groups, weeks
from knopenkaart_web.visits.views_data import RoundView

MOST_SECONDS = 30


def count_form(view: RoundView, place: str, study: str) -> bytes:
    """The form of a round as PDF, in the language of the page."""
    content = json.dumps(_content(view, place, study)).encode("utf-8")
    command = [sys.executable, "-m", "knopenkaart.paper.count_form"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=MOST_SECONDS, check=True)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise InputError("The form could not be drawn.", code="run.broken") from error
    return done.stdout


def _content(view: RoundView, place: str, study: str) -> dict[str, Any]:
    lang, slots = language(), words.vocabulary().slots
    entering = _("Put a stroke for every person who comes in, also who was in before. Do not count who goes out.")
    present = _("Walk once through the whole place. Write how many people are there, and at what time.")
    rest = _("Leave a line empty where you did not count. Write a 0 where nobody came. Write no names.")
    return {
        "language": lang,
        "title": _("Counting form: %(place)s") % {"place": place},
        "instruction": f"{entering if view.how == 'entering' else present} {rest}",
        "blanks": [_("Week of (date)"), *([_("Door")] if view.doors else [])],
        "columns": {"slot": _("Part of the day"), "start": _("From"), "end": _("Until"), "weather": _("Weather")},
        "groups": [capital(groups.group_label(group, lang)) for group in view.groups],
        "slots": [
            {"label": capital(weeks.slot_label(slot, lang)), "times": f"{slots[slot].start} - {slots[slot].end}"}
            for slot in view.slots
            if slot in slots
        ],
        "remarks": _("Was there something special? For example: a party, or the door was shut."),
        "footer": f"{view.name}, {study}",
    }
