# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the page of the counter must know to work without a network: its round, its addresses, and its words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from knopenkaart.vocabulary import Slot
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.written import capital
from knopenkaart_web.visits import groups, weeks
from knopenkaart_web.visits.views_data import Entrance

REFUSALS = ("round.closed", "link.full", "snapshot.invalid", "snapshot.elsewhere")


def addresses(name: str, *arguments: object) -> list[str]:
    """The address of a page in every language."""
    result = []
    for lang, _label in settings.LANGUAGES:
        with override(lang):
            result.append(reverse(name, args=arguments))
    return result


def counter_config(entrance: Entrance, secret: str) -> dict[str, Any]:
    """For the script: plain values only."""
    lang, counted = language(), entrance.round
    workers = addresses("count_worker")
    return {
        "round": counted.id,
        "mode": entrance.purpose,
        "send": reverse("count_send", args=[secret]),
        "starts": counted.starts.isoformat(),
        "ends": counted.ends.isoformat(),
        "slots": [
            {
                "id": slot.id,
                "label": capital(weeks.slot_label(slot.id, lang)),
                "weekday": slot.weekday,
                "start": slot.start,
                "end": slot.end,
            }
            for slot in weeks.slots()
            if slot.id in counted.slots
        ],
        "pages": addresses("count_phone", secret),
        "workers": [{"file": file, "scope": file.rpartition("/")[0] + "/"} for file in workers],
        "texts": texts(),
        "refusals": refusals(),
    }


def _slot(slot: Slot, lang: str) -> dict[str, Any]:
    label = capital(weeks.slot_label(slot.id, lang))
    return {"id": slot.id, "label": label, "weekday": slot.weekday, "start": slot.start, "end": slot.end}


def refusals() -> dict[str, str]:
    """Why a count was not taken, by code."""
    return {code: error_text(code) for code in REFUSALS} | {
        "link.unknown": _("This link does not work any more. Ask the coordinator for a new one; what was counted stays on this phone."),
        "*": _("The computer did not take this count. Tell the coordinator; it stays on this phone."),
    }


def texts() -> dict[str, str]:
    """The words of the script; {gaps} are filled on the phone."""
    return {
        "nothing": _("Nothing has been counted on this phone yet."),
        "sent": _("Sent: all that was counted on this phone has arrived."),
        "waits": _("Waits: {number} count(s) on this phone are still to be sent. They are safe here."),
        "waits_offline": _("No connection. Waits: {number} count(s). They are safe on this phone and are sent later."),
        "kept_sent": _("{what}: {number}, sent"),
        "kept_waits": _("{what}: {number}, waits to be sent"),
        "interrupted": _("This count stood still since {time}. Did you go on counting? Press on. If not, end it there and begin anew."),
        "no_slot": _("Nothing is counted on this day. Choose another day."),
        "wrong_times": _("The end comes before the beginning. Correct the times."),
        "not_kept": _("The phone could not keep this. Look whether it is full, or count on paper."),
        "no_storage": _("This phone keeps nothing, perhaps because the page is open in a private window. Open it in a usual window."),
        "no_room": _("This phone is almost full. Make room before you begin."),
    }


def group_buttons(entrance: Entrance) -> list[tuple[str, str]]:
    """The buttons of the counter: group and label. Of age bands the numbers say enough on a button."""
    return [(group, capital(groups.group_label(group, language()))) for group in entrance.round.groups]
